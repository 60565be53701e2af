package intake

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"huiyin/internal/law"
)

// identity maps each column to the field of its name.
func identity(tb testing.TB) Mapping {
	tb.Helper()
	rules := make(map[string]any)
	for _, name := range Targets() {
		rule := map[string]any{"from": name}
		switch targetOf(name).kind {
		case kindInstant:
			rule["dates"] = []string{"2006-01-02 15:04:05"}
		case kindList:
			rule["split"] = []string{"\n"}
		case kindText, kindCount, kindNone:
		}
		rules[name] = rule
	}
	data, err := json.Marshal(map[string]any{"version": 1, "fields": rules})
	if err != nil {
		tb.Fatal(err)
	}
	m, err := ParseMapping(data)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// column writes one field of a record as a file has it.
func column(r *Record, name string) string {
	instant := func(us int64) string {
		if us == 0 {
			return ""
		}
		return time.UnixMicro(us).In(law.Zone()).Format(time.DateTime)
	}
	switch name {
	case "received":
		return instant(r.ReceivedUS)
	case "replied":
		return instant(r.RepliedUS)
	case "demands":
		return strings.Join(r.Demands, "\n")
	case "person_count":
		return strconv.Itoa(r.PersonCount)
	}
	return *r.text(name)
}

func drawRecord(t *rapid.T) Record {
	word := rapid.StringMatching(`[a-zA-Z0-9一-龥,;"'|=_\-。，“”]{1,12}`)
	line := rapid.StringMatching(`[一-龥a-z"](["\n\t ,;一-龥a-z]{0,30}[一-龥a-z"])?`)
	maybe := func(g *rapid.Generator[string], label string) string {
		return rapid.OneOf(rapid.Just(""), g).Draw(t, label)
	}
	second := rapid.Int64Range(time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(2190, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
	r := Record{
		SenderNumber: word.Draw(t, "number"), Sender: word.Draw(t, "sender"),
		Channel:    rapid.SampledFrom(strings.Split(codes("channel"), ", ")).Draw(t, "channel"),
		ReceivedUS: second.Draw(t, "received") * 1e6, Title: line.Draw(t, "title"), Narrative: line.Draw(t, "narrative"),
		Demands:        rapid.SliceOfN(word, 1, 4).Draw(t, "demands"),
		PetitionerName: maybe(word, "name"), PetitionerID: maybe(word, "id"), PetitionerPhone: maybe(word, "phone"),
		PetitionerAddress: maybe(line, "address"), PetitionerAlias: maybe(word, "alias"),
		PersonCount: rapid.IntRange(1, maxPersons).Draw(t, "persons"),
		PlaceCode:   maybe(word, "place"), PlaceText: maybe(line, "place text"), CategoryCode: maybe(word, "category"),
		CategoryText: maybe(line, "category text"), UnitText: maybe(line, "unit"),
		Purpose: rapid.SampledFrom(append(strings.Split(codes("purpose"), ", "), "")).Draw(t, "purpose"), ReplyText: maybe(line, "reply"),
	}
	if rapid.Bool().Draw(t, "answered") {
		r.RepliedUS = r.ReceivedUS + rapid.Int64Range(0, 400*86400).Draw(t, "delay")*1e6
	}
	if extra := maybe(line, "extra"); extra != "" {
		r.Extra = map[string]string{"votes": extra}
	}
	return r
}

// Records that are written to a file in any format and read back are the same records.
func TestWriteAndReadBack(t *testing.T) {
	m := identity(t)
	names := append(Targets(), "votes")
	cell := func(r *Record, name string) string {
		if name == "votes" {
			return r.Extra[name]
		}
		return column(r, name)
	}
	formats := map[string]func([]Record) []byte{
		"comma.csv":     func(r []Record) []byte { return asTable(t, names, r, cell, ',') },
		"semicolon.csv": func(r []Record) []byte { return asTable(t, names, r, cell, ';') },
		"tab.tsv":       func(r []Record) []byte { return asTable(t, names, r, cell, '\t') },
		"gb.csv": func(r []Record) []byte {
			out, err := simplifiedchinese.GB18030.NewEncoder().Bytes(asTable(t, names, r, cell, ','))
			if err != nil {
				t.Fatal(err)
			}
			return out
		},
		"lines.jsonl": func(records []Record) []byte {
			var b bytes.Buffer
			w := json.NewEncoder(&b)
			for i := range records {
				row := make(map[string]string)
				for _, name := range names {
					row[name] = cell(&records[i], name)
				}
				if err := w.Encode(row); err != nil {
					t.Fatal(err)
				}
			}
			return b.Bytes()
		},
		"book.xlsx": func(records []Record) []byte { return asWorkbook(t, names, records, cell) },
	}
	for name, write := range formats {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				want := rapid.SliceOfN(rapid.Custom(drawRecord), 1, 4).Draw(rt, "records")
				got, refused := importAll(t, name, write(want), m)
				if len(refused) > 0 {
					rt.Fatalf("refused %+v", refused)
				}
				if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Record{}, "Row")); diff != "" {
					rt.Fatalf("(-written +read):\n%s", diff)
				}
			})
		})
	}
}

// asTable writes records as separated values.
func asTable(tb testing.TB, names []string, records []Record, cell func(*Record, string) string, comma rune) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	for i := -1; i < len(records); i++ {
		row := names
		if i >= 0 {
			row = make([]string, len(names))
			for j, name := range names {
				row[j] = cell(&records[i], name)
			}
		}
		if err := w.Write(row); err != nil {
			tb.Fatal(err)
		}
	}
	w.Flush()
	return b.Bytes()
}

// asWorkbook writes records with a library that knows nothing of this reader; dates are real dates.
func asWorkbook(tb testing.TB, names []string, records []Record, cell func(*Record, string) string) []byte {
	tb.Helper()
	f := excelize.NewFile()
	day, err := f.NewStyle(&excelize.Style{NumFmt: 22})
	if err != nil {
		tb.Fatal(err)
	}
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		tb.Fatal(err)
	}
	row := make([]any, len(names))
	for i := -1; i < len(records); i++ {
		for j, name := range names {
			switch {
			case i < 0:
				row[j] = name
			case name == "received":
				at := time.UnixMicro(records[i].ReceivedUS).In(law.Zone())
				row[j] = excelize.Cell{StyleID: day, Value: time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)}
			case name == "person_count":
				row[j] = records[i].PersonCount
			default:
				row[j] = cell(&records[i], name)
			}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), row); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}
