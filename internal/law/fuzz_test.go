package law_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

func FuzzLoadBook(f *testing.F) {
	names, err := filepath.Glob("rules/*-*.json")
	if err != nil || len(names) < 25 {
		f.Fatal(len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	cal := law.DefaultCalendar()
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := law.LoadBook(fstest.MapFS{"a.json": {Data: data}})
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Errorf("a bad file is a fault of ours: %v", err)
			}
			return
		}
		for _, d := range []law.Day{day(t, "2000-01-31"), day(t, "2026-09-28")} {
			for _, set := range book.Sets() {
				for _, r := range book.RulesOf(set.ID) {
					if r.Unit == law.WorkingDays && r.N > 1000 || r.Before && r.Unit != law.WorkingDays && r.N > 1000 {
						continue // slow, or before the first year there is
					}
					if got := law.Compute(r, d, cal); got.Known() != (r.Unit != law.NamedDay) {
						t.Errorf("%+v from %v ends %v", r, d, got.LegalEnd)
					}
				}
			}
			adopted := book.Adoptable("")
			if set, err := book.On("330112001201", d, adopted...); err == nil {
				if again, err := book.Set(set.ID()); err != nil || !cmp.Equal(again.Rules(), set.Rules()) {
					t.Errorf("%s is not found again: %v", set.ID(), err)
				}
			}
			for _, id := range book.IDs() {
				found, err := book.Resolve(law.RuleID(id), "330112001201", d, adopted...)
				if err == nil && (found.Claims[0].Standing != law.Governs || found.Claims[0].Rule != found.Rule) {
					t.Errorf("%s: %+v", id, found)
				}
			}
		}
	})
}
