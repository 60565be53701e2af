package intake

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
)

// minimal is the smallest mapping there is; its fields end the file.
const minimal = `{"version": 1, "fields": {"sender_number": {"from": "n"}, "sender": {"const": "s"}, "channel": {"const": "web"},` +
	` "received": {"from": "d", "dates": ["2006-01-02"]}, "title": {"from": "t"}, "narrative": {"from": "x"}`

func TestParseMappingNamesEveryFault(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string // path and code
	}{
		{"no JSON", `{`, []string{" intake.mapping.json"}},
		{"a list", `[]`, []string{" intake.mapping.json"}},
		{"key twice", `{"version": 1, "version": 1}`, []string{" intake.mapping.twice"}},
		{"unknown key", minimal + `}, "colour": 1}`, []string{"colour intake.mapping.unknown"}},
		{"unknown field", minimal + `, "colour": {"from": "c"}}}`, []string{"fields.colour intake.mapping.target"}},
		{"unknown step", minimal + `, "purpose": {"from": "c", "upper": true}}}`, []string{"fields.purpose.upper intake.mapping.unknown"}},
		{"field twice", minimal + `, "title": {"from": "c"}}}`, []string{
			"fields intake.mapping.twice", "fields.sender_number intake.mapping.needed", "fields.sender intake.mapping.needed",
			"fields.channel intake.mapping.needed", "fields.received intake.mapping.needed", "fields.title intake.mapping.needed",
			"fields.narrative intake.mapping.needed",
		}},
		{"other version", strings.Replace(minimal, "1", "2", 1) + `}}`, []string{"version intake.mapping.version"}},
		{"no version", strings.Replace(minimal, `"version": 1, `, "", 1) + `}}`, []string{"version intake.mapping.version"}},
		{"encoding", minimal + `}, "encoding": "big5"}`, []string{"encoding intake.mapping.encoding"}},
		{"header row", minimal + `}, "header_row": 0}`, []string{"header_row intake.mapping.positive"}},
		{"wrong types", minimal + `, "reply_text": {"from": 1}, "unit_text": {"const": null}, "demands": {"from": "x", "split": ","}, "place_text": {"from": "x", "map": [], "max": "9", "cut": 1}}}`, []string{
			"fields.demands.split intake.mapping.type", "fields.place_text.map intake.mapping.type",
			"fields.place_text.max intake.mapping.type", "fields.place_text.max intake.mapping.max", "fields.place_text.cut intake.mapping.type",
			"fields.reply_text.from intake.mapping.type", "fields.reply_text intake.mapping.origin",
			"fields.unit_text.const intake.mapping.type", "fields.unit_text intake.mapping.origin",
		}},
		{"two origins", minimal + `, "unit_text": {"from": "u", "const": "v"}}}`, []string{"fields.unit_text intake.mapping.origin"}},
		{"nothing joined", minimal + `, "unit_text": {"join": []}}}`, []string{"fields.unit_text intake.mapping.origin"}},
		{"bad pattern", minimal + `, "unit_text": {"from": "u", "extract": "("}}}`, []string{"fields.unit_text.extract intake.mapping.extract"}},
		{"two groups", minimal + `, "unit_text": {"from": "u", "extract": "(a)(b)"}}}`, []string{"fields.unit_text.extract intake.mapping.extract"}},
		{"date without dates", minimal + `, "replied": {"from": "r"}}}`, []string{"fields.replied.dates intake.mapping.dates"}},
		{"dates without date", minimal + `, "unit_text": {"from": "u", "dates": ["2006-01-02"], "plus_days": "n"}}}`, []string{
			"fields.unit_text.dates intake.mapping.nodates", "fields.unit_text.plus_days intake.mapping.nodates",
		}},
		{"layout without a day", minimal + `, "replied": {"from": "r", "dates": ["2006-01-02", "15:04"]}}}`, []string{"fields.replied.dates.1 intake.mapping.layout"}},
		{"max beyond the field", minimal + `, "unit_text": {"from": "u", "max": 301}}}`, []string{"fields.unit_text.max intake.mapping.max"}},
		{"split of a text", minimal + `, "unit_text": {"from": "u", "split": [","]}}}`, []string{"fields.unit_text.split intake.mapping.split"}},
		{"empty separator", minimal + `, "demands": {"from": "u", "split": [""]}}}`, []string{"fields.demands.split intake.mapping.split"}},
		{"no such code", minimal + `, "purpose": {"from": "u", "map": {"投诉": "complaint", "其他": "*"}, "default": "none"}}}`, []string{
			"fields.purpose.default intake.mapping.code", "fields.purpose.map.投诉 intake.mapping.code",
		}},
		{"used and ignored", minimal + `}, "ignore": ["t"]}`, []string{"ignore intake.mapping.ignored"}},
		{"needed", `{"version": 1, "fields": {"sender_number": {"from": "n"}, "sender": {"const": "s"}, "channel": {"const": "web"}, "title": {"from": "t"}, "narrative": {"from": "x"}}}`, []string{"fields.received intake.mapping.needed"}},
		{"smallest", minimal + `}}`, nil},
		{"smallest with a mark", bomUTF8 + minimal + `}}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseMapping([]byte(tt.in))
			var got []string
			if e, ok := errors.AsType[*errs.Error](err); ok {
				for _, f := range e.Fields {
					got = append(got, f.Path+" "+f.Code)
				}
			}
			if diff := cmp.Diff(sorted(tt.want), sorted(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckNamesMissingColumns(t *testing.T) {
	m, err := ParseMapping([]byte(minimal + `, "replied": {"from": "d", "dates": ["2006-01-02"], "plus_days": "days"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Check(nil); err != nil {
		t.Errorf("JSON Lines has no header to check, yet: %v", err)
	}
	if err := m.Check([]string{"n", "d", "t", "x", "days", "more"}); err != nil {
		t.Errorf("all columns are there, yet: %v", err)
	}
	e, ok := errors.AsType[*errs.Error](m.Check([]string{"n", "d", "x"}))
	if !ok || e.Kind != errs.Invalid || len(e.Fields) != 2 || e.Fields[0].Path != "fields.title" || e.Fields[1].Path != "fields.replied" {
		t.Errorf("two columns are missing, got %v", e)
	}
}

func TestMappingOptions(t *testing.T) {
	m, err := ParseMapping([]byte(minimal + `}, "sheet": "来信", "header_row": 3, "encoding": "gb18030", "name": "登记表"}`))
	if err != nil {
		t.Fatal(err)
	}
	o := m.Options()
	if o.Sheet != "来信" || o.HeaderRow != 3 || o.Encoding != "gb18030" || m.Name != "登记表" {
		t.Errorf("got %+v of %q", o, m.Name)
	}
}
