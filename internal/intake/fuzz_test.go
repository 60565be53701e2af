package intake

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// checkReading holds for any bytes: reading ends, every row is either values or errors, values are text within the
// limits under the names of the row, and an error of the file is one of ours.
func checkReading(t *testing.T, name string, data []byte) {
	t.Helper()
	rows, err := open(name, data, Options{})
	if err == nil {
		var all []outcome
		all, err = drain(rows)
		last := 0
		for _, o := range all {
			if (o.Values == nil) == (len(o.Codes) == 0) {
				t.Fatalf("row %d has values %v and errors %v", o.Number, o.Values, o.Codes)
			}
			if o.Number <= last && name != "f.xlsx" {
				t.Fatalf("row %d after row %d", o.Number, last)
			}
			last = o.Number
			for k, v := range o.Values {
				if !utf8.ValidString(v) || strings.ContainsRune(v, 0) || len(v) > MaxField {
					t.Fatalf("row %d, %q: %q", o.Number, k, v)
				}
			}
		}
	}
	if err != nil && !strings.HasPrefix(errs.CodeOf(err), "intake.") {
		t.Fatalf("error without a code: %v", err)
	}
}

func FuzzJSONLines(f *testing.F) {
	f.Add([]byte(`{"a":"1","b":[1,"x"],"c":{"d":null}}` + "\n{\n"))
	f.Add([]byte("{\"a\":\"\\ud800\"}\r\n\xff\xfe"))
	f.Add(messages(3))
	f.Fuzz(func(t *testing.T, data []byte) { checkReading(t, "f.jsonl", data) })
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b\n\"1\n\",\"x\"\"\"\n\"\n,\n"))
	f.Add([]byte("\xff\xfea\x00\t\x00b\x00"))
	f.Add([]byte("\xb1\xe0\xba\xc5;\xc4\xda\xc8\xdd\n1;\xff\n"))
	f.Fuzz(func(t *testing.T, data []byte) { checkReading(t, "f.csv", data) })
}

// The markup of the sheet is fuzzed, inside a workbook that is otherwise whole; bytes of the zip itself belong to
// archive/zip, and a few of them are tried as they are.
func FuzzWorkbook(f *testing.F) {
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row><c s="1"><v>43580.5</v></c><c t="e"><v>#N/A</v></c></row></sheetData></worksheet>`))
	f.Add([]byte(`<x><sheetData><row r="-1"><c r="ZZZZ1" t="inlineStr"><is><r><t>_x0041_</t></r></is></c>`))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkReading(t, "f.xlsx", data)
		checkReading(t, "f.xlsx", workbookOf(t, string(data)+" ", ""))
	})
}

func FuzzParseMapping(f *testing.F) {
	f.Add(example(f, "register.json"))
	f.Add(example(f, "hotline_river_fuzhou.json"))
	f.Add([]byte(minimal + `, "unit_text": {"from": "t", "extract": "(.)", "map": {"*": "*"}, "max": 1, "cut": true}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseMapping(data)
		if err != nil {
			if e, ok := errors.AsType[*errs.Error](err); !ok || e.Kind == errs.Internal || len(e.Fields) == 0 && e.Kind == errs.Invalid {
				t.Fatalf("an error that says nothing: %v", err)
			}
			return
		}
		// a mapping that was accepted works on any row
		values := []string{"", "x", "12", "2019-04-25", strings.Repeat("长", 300)}
		for i, v := range values {
			row := Row{File: "f.csv", Number: i + 1, Values: map[string]string{}}
			for c := range m.used {
				row.Columns = append(row.Columns, c)
				row.Values[c] = v
			}
			r, bad := Apply(m, row)
			if len(bad) == 0 && (r.SenderNumber == "" || r.ReceivedUS == 0 || len(r.Demands) == 0 || r.PersonCount < 1) {
				t.Fatalf("accepted a record with holes: %+v", r)
			}
		}
	})
}

func FuzzInstant(f *testing.F) {
	f.Add("2019/4/25 9:32:09", "2006/1/2 15:04:05")
	f.Add("43580.39", "excel")
	f.Add("4/8/19 08:37", "1/2/06 15:04")
	f.Fuzz(func(t *testing.T, s, layout string) {
		us, code := parseInstant(s, []string{layout})
		if (code == "") == (us == 0) {
			t.Fatalf("%q by %q: %d with code %q", s, layout, us, code)
		}
		if y := time.UnixMicro(us).In(law.Zone()).Year(); y < firstYear || y > lastYear {
			t.Fatalf("%q by %q: the year %d", s, layout, y)
		}
	})
}
