package bench

import (
	"slices"
	"testing"
	"time"

	"huiyin/internal/app"
)

// Everything is asked of each size, what is asked for is found, what is kept is not written again, and growth is against the first size.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	c := FindConfig{Matters: []int{300}, Data: []string{dir}, Rounds: 2, Now: time.Now, Progress: quiet}
	first, err := Find(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	c.Matters, c.Data = []int{300, 300}, []string{dir, t.TempDir()}
	r, err := Find(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if first.Sizes[0].Load.Loaded != 300 || r.Sizes[0].Load.Loaded != 0 || r.Sizes[1].Matters != 300 || r.Sizes[1].Load.Loaded != 300 || first.Sizes[0].Tables["matter_fts"] <= 0 {
		t.Errorf("%+v", r.Sizes)
	}
	for i, a := range r.Sizes[1].Asked {
		if a.Time.P50 <= 0 || a.Growth <= 0 || a.Stopped > 0 || a.Found != r.Sizes[0].Asked[i].Found {
			t.Errorf("%+v", a)
		}
	}
	for _, name := range []string{"rare", "common", "nearly_all", "newest", "town_scope", "page2", "best", "index"} {
		if i := slices.IndexFunc(r.Sizes[0].Asked, func(a FindAsked) bool { return a.Name == name }); i < 0 || r.Sizes[0].Asked[i].Found == 0 {
			t.Errorf("%s finds nothing", name)
		}
	}
}

// The post of three years: numbers count each year from one and lead back to their matters, eight in a hundred are open, and as many repeat an earlier one.
func TestStock(t *testing.T) {
	s, err := openStock(t.Context(), app.Config{Data: t.TempDir()}, 20_000, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.app.Close(); err != nil {
			t.Error(err)
		}
	}()
	repeats, lengths := 0, []int{}
	for n := range s.matters {
		if n%100 == 0 && s.at(s.ref(n)) != n {
			t.Fatalf("matter %d has number %s, which is that of %d", n, s.ref(n), s.at(s.ref(n)))
		}
		l, kind, of := s.letters.nth(stockSeed, uint64(n))
		if (kind == kindNew) != (of == uint64(n)) || of > uint64(n) {
			t.Fatalf("letter %d is %s of %d", n, kind, of)
		}
		if kind != kindNew {
			repeats++
		}
		lengths = append(lengths, len([]rune(l.Text)))
	}
	slices.Sort(lengths)
	middle, quarter := lengths[len(lengths)/2], lengths[len(lengths)*3/4]
	if repeats < s.matters*6/100 || repeats > s.matters*9/100 || middle < 180 || middle > 260 || quarter < 380 || quarter > 480 {
		t.Errorf("%d repeats; half of the letters have %d characters, a quarter %d", repeats, middle, quarter)
	}
}
