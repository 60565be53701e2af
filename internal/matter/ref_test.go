package matter

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRef(t *testing.T) {
	r := NewRef(330112, 2026, 123)
	if got := r.String(); got != "330112-2026-0000123" {
		t.Errorf("written %q", got)
	}
	if (Ref{}).String() != "" || !(Ref{}).IsZero() || r.IsZero() {
		t.Error("the zero reference")
	}
	for _, bad := range []string{
		"", "330112", "330112-2026", "330112-2026-123", "330112-26-0000123", "0-2026-0000123", "330112-2026-0000000", "330112-2026-00001234",
		"a-2026-0000123", "330112-2026-000012x", "-330112-2026-0000123", "+30112-2026-0000123", "1234567890123-2026-0000123", "330112-2026-0000123-1",
	} {
		if _, err := ParseRef(bad); reason(err) != "matter.number.bad" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if got, err := ParseRef(" 330112-2026-0000123\n"); err != nil || got != r {
		t.Errorf("with blanks around it: %v, %v", got, err)
	}
}

func FuzzParseRef(f *testing.F) {
	for _, s := range []string{"330112-2026-0000123", "1-0000-0000001", "999999999999-9999-9999999", "", "--", "330112-2026-000012３"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRef(s)
		if err != nil {
			if !r.IsZero() {
				t.Errorf("%q is refused and yet gives %v", s, r)
			}
			return
		}
		again, err := ParseRef(r.String())
		if err != nil || again != r {
			t.Errorf("%q gives %s, read back as %v, %v", s, r, again, err)
		}
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var read Ref
		if err := json.Unmarshal(data, &read); err != nil || read != r {
			t.Errorf("%s read back from JSON as %v, %v", data, read, err)
		}
	})
}

func TestDecodeKnowsEveryKind(t *testing.T) {
	for _, kind := range eventKinds(t) {
		body, _, err := Decode(kind, []byte("{}"))
		if err != nil || KindOf(body) != kind {
			t.Errorf("%s decodes as %T, %v", kind, body, err)
		}
	}
	for _, c := range [][2]string{{"vanished", "{}"}, {"", "{}"}, {"signed", "["}, {"extended", `{"days":"x"}`}, {"left", `{"submission":"1-2-3"}`}, {"pressed", `{"by":"soon"}`}, {"signed", `{"papers":1}`}} {
		if body, _, err := Decode(c[0], []byte(c[1])); err == nil || body != nil {
			t.Errorf("%s %s: %v, %v", c[0], c[1], body, err)
		}
	}
}

// What can be read can be written, and read again as the same; folding it onto anything never fails.
func FuzzDecode(f *testing.F) {
	f.Add("forwarded", []byte(`{"mode":"assign","unit":4,"why":"x","report_by":"2026-01-02"}`))
	f.Add("registered", []byte(`{"matter":"330112-2026-0000001","submission":{"ref":"330112-2026-0000001","demands":["a"],"parties":[{"n":1,"role":"agent"}]}}`))
	f.Add("opinion_drafted", []byte(`{"answers":[{"demand":1,"outcome":"support","promise_by":"2026-01-02"}]}`))
	f.Add("eased", []byte(`{"solved":"x"}`))
	f.Add("joined", []byte(`{"demands":[{"n":1,"answer":{"demand":1}}]}`))
	f.Add("withdrawn", []byte(`{}`))
	f.Add("nothing", []byte(`{}`))
	f.Add("accepted", []byte(`{"papers":[{"kind":"acceptance","number":"1","unit":4,"for":["330112-2026-0000001"],"facts":{"organ":"x"}}]}`))
	f.Add("notified", []byte(`{"text":"\"papers\":[","papers":[{"kind":"notice"}]}`))
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		body, papers, err := Decode(kind, data)
		if err != nil {
			return
		}
		written, err := Encode(body, papers)
		if err != nil {
			t.Fatal(err)
		}
		again, kept, err := Decode(kind, written)
		if err != nil {
			t.Fatalf("%s cannot be read back: %v", written, err)
		}
		if diff := cmp.Diff([]any{body, papers}, []any{again, kept}, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("read back differs:\n%s", diff)
		}
		m := Fold([]Event{{Seq: 1, Body: body, Papers: papers}})
		m.Apply(Event{Seq: 2, Body: body})
	})
}
