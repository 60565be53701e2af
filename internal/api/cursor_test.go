package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/law"
	"huiyin/internal/matter"
)

func TestCursorRoundTrip(t *testing.T) {
	for _, c := range []matter.Cursor{
		{Due: matter.NoDue, Home: 330112, N: 20260000001},
		{Due: law.NewDay(2026, 9, 28).String(), Home: 11, N: 1},
		{Due: "9999-12-31", Home: 330112104202, N: 1<<62 - 1},
	} {
		got, err := parseCursor(formatCursor(c))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got); diff != "" {
			t.Error(diff)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add("AAALQgAAAAAABQkwAAAABLe83AE")
	f.Add(formatCursor(matter.Cursor{Due: matter.NoDue, Home: 1, N: 1}))
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCursor(text)
		if err != nil || text == "" {
			return
		}
		if c.Home <= 0 || c.N <= 0 || (c.Due != matter.NoDue && len(c.Due) != len("2006-01-02")) {
			t.Errorf("%q gives %+v", text, c)
		}
		if back := formatCursor(c); back != text {
			t.Errorf("%q gives %+v, which is %q", text, c, back)
		}
	})
}
