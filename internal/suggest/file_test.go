package suggest_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/suggest"
)

func TestWriteRead(t *testing.T) {
	m := smallModel(t)
	file := written(t, m)
	again, err := suggest.Read(bytes.NewReader(file))
	must(t, err)
	if d := cmp.Diff(m.Header(), again.Header()); d != "" {
		t.Error(d)
	}
	if !bytes.Equal(file, written(t, again)) {
		t.Error("a model that was read is written otherwise")
	}
	for _, row := range messages(30, 8) {
		if d := cmp.Diff(m.Suggest(row.Text), again.Suggest(row.Text)); d != "" {
			t.Errorf("%s: %s", row.Text, d)
		}
	}
}

// sealed puts the right sum behind a file, so that what follows the sum is read.
func sealed(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:]...)
}

// TestReadRefuses files that are no whole model, sealed or not.
func TestReadRefuses(t *testing.T) {
	file := written(t, smallModel(t))
	body := file[:len(file)-sha256.Size]
	header := bytes.IndexByte(body[len("huiyin-suggest 1\n"):], '\n') + len("huiyin-suggest 1\n")
	change := func(old, with string) []byte { return sealed(bytes.Replace(body, []byte(old), []byte(with), 1)) }
	flipped := bytes.Clone(file)
	flipped[len(flipped)/2] ^= 1
	for name, c := range map[string]struct {
		file []byte
		code string
	}{
		"empty":               {nil, "suggest.model.form"},
		"another file":        {[]byte(`{"text":"路口"}`), "suggest.model.form"},
		"another version":     {change("huiyin-suggest 1", "huiyin-suggest 2"), "suggest.model.form"},
		"no more":             {[]byte("huiyin-suggest 1\n"), "suggest.model.damaged"},
		"cut":                 {file[:len(file)/2], "suggest.model.damaged"},
		"one bit":             {flipped, "suggest.model.damaged"},
		"cut and sealed":      {sealed(body[:len(body)-1]), "suggest.model.damaged"},
		"more and sealed":     {sealed(append(bytes.Clone(body), 0)), "suggest.model.damaged"},
		"no header":           {sealed(body[:header]), "suggest.model.damaged"},
		"header no JSON":      {change(`{"rows"`, `["rows"`), "suggest.model.damaged"},
		"threshold":           {change(`"threshold":0`, `"threshold":9`), "suggest.model.damaged"},
		"slope":               {change(`"slope":`, `"slope":-`), "suggest.model.damaged"},
		"labels out of order": {change(`学校教育`, `龘校教育`), "suggest.model.damaged"},
		"a great many words":  {sealed(append(bytes.Clone(body[:header+1]), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)), "suggest.model.damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := suggest.Read(bytes.NewReader(c.file)); errs.CodeOf(err) != c.code {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := suggest.Read(io.MultiReader(strings.NewReader("huiyin-suggest 1\n"), endless{})); errs.KindOf(err) != errs.TooLarge {
		t.Errorf("without end: %v", err)
	}
	broken := errors.New("broken")
	if _, err := suggest.Read(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// endless gives zeros for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// full takes so many bytes and no more.
type full struct{ left int }

var errFull = errors.New("full")

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteFails(t *testing.T) {
	m := smallModel(t)
	size := len(written(t, m))
	for _, left := range []int{0, size / 2, size - 1} {
		if err := m.Write(&full{left}); !errors.Is(err, errFull) {
			t.Errorf("after %d of %d bytes: %v", left, size, err)
		}
	}
}

// FuzzRead: a file is refused, or it is a model that can be asked and is written as it was read.
func FuzzRead(f *testing.F) {
	m, err := suggest.Train(messages(12, 1), suggest.Options{})
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		f.Fatal(err)
	}
	body := b.Bytes()[:b.Len()-sha256.Size]
	f.Add(body)
	f.Add(body[:len(body)/2])
	f.Add([]byte("huiyin-suggest 1\n{}\n\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := suggest.Read(bytes.NewReader(sealed(body)))
		if err != nil {
			return
		}
		for _, s := range m.Suggest("路口堵车，学校补课") {
			if s.Confidence < 0 || s.Confidence > 1 || math.IsNaN(s.Confidence) {
				t.Errorf("%+v", s)
			}
		}
		if _, err := suggest.Read(bytes.NewReader(written(t, m))); err != nil {
			t.Errorf("it cannot be read again: %v", err)
		}
	})
}

// FuzzParseRow: a row is refused with the column that is wrong, or it can be learnt from.
func FuzzParseRow(f *testing.F) {
	f.Add("路口堵车", "", false, "道路交通")
	f.Add("", "路口 堵车", true, "道路交通")
	f.Add("\xff", "A3 区", true, "\x00")
	f.Fuzz(func(t *testing.T, text, tokens string, cut bool, label string) {
		values := map[string]string{"text": text, "label": label}
		if cut {
			delete(values, "text")
			values["tokens"] = tokens
		}
		row, err := suggest.ParseRow(values)
		if err != nil {
			if errs.KindOf(err) != errs.Invalid || !strings.Contains(err.Error(), "=suggest.row.") {
				t.Errorf("%v", err)
			}
			return
		}
		if row.Cut != cut || row.Label == "" {
			t.Errorf("%+v", row)
		}
		m, err := suggest.Train([]suggest.Row{row, {Text: row.Text, Cut: row.Cut, Label: row.Label + "2"}}, suggest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		m.Suggest(row.Text)
		if _, err := suggest.Read(bytes.NewReader(written(t, m))); err != nil {
			t.Errorf("it cannot be read again: %v", err)
		}
	})
}
