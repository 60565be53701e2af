package stat_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

// Every measure is kept under a number of its own, and found again by it.
func TestMeasuresAreKept(t *testing.T) {
	t.Parallel()
	had := map[int]bool{}
	for _, m := range stat.Measures() {
		if m.Code() == 0 || had[m.Code()] || stat.MeasureOf(m.Code()) != m {
			t.Errorf("%s: %d, %s", m, m.Code(), stat.MeasureOf(m.Code()))
		}
		had[m.Code()] = true
	}
	if stat.MeasureOf(0) != "" || stat.MeasureOf(-1) != "" || stat.MeasureOf(1<<20) != "" || stat.Measure("x").Code() != 0 {
		t.Error("a measure there is not")
	}
}

func anyFact(t *rapid.T) stat.Fact {
	day := func(name string) law.Day { return law.Day(rapid.IntRange(739_000, 739_400).Draw(t, name)) }
	return stat.Fact{
		Measure: rapid.SampledFrom(stat.Measures()).Draw(t, "measure"), Basis: day("basis"), Day: day("day"), Unit: org.UnitID(rapid.Int64Range(0, 3).Draw(t, "unit")),
		To: org.UnitID(rapid.Int64Range(0, 3).Draw(t, "to")), N: rapid.IntRange(-2, 2).Draw(t, "n"), Days: rapid.IntRange(0, 90).Draw(t, "days"),
		Facets: stat.Facets{
			Place: rapid.SampledFrom([]int64{0, 330112, 330112104}).Draw(t, "place"), Category: rapid.SampledFrom([]string{"", "N0502", "N01"}).Draw(t, "category"),
			Channel: rapid.SampledFrom([]matter.Channel{"", matter.ChannelVisit}).Draw(t, "channel"), Sealed: rapid.Bool().Draw(t, "sealed"),
		},
	}
}

// What was kept is read as it was, and what changed added to what was before gives what is now.
func TestFactsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.Custom(anyFact)
		before, now := rapid.SliceOfN(facts, 0, 12).Draw(t, "before"), rapid.SliceOfN(facts, 0, 12).Draw(t, "now")
		got, err := stat.Decode(stat.Encode(now))
		if err != nil || cmp.Diff(now, got) != "" && len(now) > 0 {
			t.Fatal(err, cmp.Diff(now, got))
		}
		changed := stat.Changed(before, now)
		if d := cmp.Diff(stat.Changed(nil, now), stat.Changed(nil, append(changed, before...))); d != "" {
			t.Fatal(d)
		}
		if !bytes.Equal(stat.Encode(stat.Changed(nil, now)), stat.Encode(stat.Changed(nil, append(now, stat.Changed(now, now)...)))) {
			t.Fatal("the same facts are kept in two ways")
		}
	})
}

// Sums are read as they were kept, and what comes to nought is gone.
func TestCountsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, plain := &stat.Counts{}, map[stat.Count]int{}
		for range rapid.IntRange(0, 20).Draw(t, "times") {
			f := anyFact(t)
			k := stat.Count{Measure: f.Measure, Days: f.Days}
			c.Add(k, f.N)
			if plain[k] += f.N; plain[k] == 0 {
				delete(plain, k)
			}
		}
		got := map[stat.Count]int{}
		if err := stat.EachCount(c.Encode(), func(k stat.Count, n int) {
			if n == 0 {
				t.Error("nought is kept")
			}
			got[k] += n
		}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(plain, got); d != "" {
			t.Fatal(d)
		}
	})
}

// Of the sections of a cell those of one dimension are read, each as it was kept; one that comes to nought is gone, and what is not touched stays.
func TestSectionsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := stat.Sections{}
		var kept []byte
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			more := stat.Sections{}
			for range rapid.IntRange(0, 12).Draw(t, "facts") {
				f := anyFact(t)
				s := stat.Section{By: rapid.SampledFrom(stat.SectionDims()).Draw(t, "by")}
				if s.By != "" {
					s.Code = rapid.SampledFrom([]string{"", "N05", "N0502", "visit"}).Draw(t, "code")
				}
				for _, to := range []stat.Sections{more, want} {
					if to[s] == nil {
						to[s] = &stat.Counts{}
					}
					to[s].Add(f.Count(), f.N)
				}
			}
			var err error
			if kept, err = more.Onto(kept); err != nil {
				t.Fatal(err)
			}
		}
		for s, c := range want {
			if c.Nought() {
				delete(want, s)
			}
		}
		got := stat.Sections{}
		for _, by := range stat.SectionDims() {
			if err := stat.EachSection(kept, by, func(code string, counts []byte) error {
				c := &stat.Counts{}
				got[stat.Section{By: by, Code: code}] = c
				return stat.EachCount(counts, func(k stat.Count, n int) { c.Add(k, n) })
			}); err != nil {
				t.Fatal(err)
			}
		}
		if len(want) != len(got) {
			t.Fatalf("%d sections, %d", len(got), len(want))
		}
		for s, c := range want {
			if got[s] == nil || !bytes.Equal(c.Encode(), got[s].Encode()) {
				t.Fatal(s)
			}
		}
	})
}

// Sums and bundles added to what is kept, some at a time, come to the same bytes as all of them at once, and are read as they are.
func TestAddedToWhatIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var kept, keptSums []byte
		all, allSums := stat.Bundle{}, &stat.Counts{}
		type what struct {
			stat.Spot
			stat.Moment
		}
		want, got := map[what]int{}, map[what]int{}
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			some, sums := stat.Bundle{}, &stat.Counts{}
			for range rapid.IntRange(0, 12).Draw(t, "facts") {
				f := anyFact(t)
				f.Sealed = false
				m := stat.Moment{Day: rapid.IntRange(0, 31).Draw(t, "of the month"), Count: f.Count()}
				for _, b := range []stat.Bundle{some, all} {
					m.AddTo(b.Spot(f), f.N)
				}
				sums.Add(f.Count(), f.N)
				allSums.Add(f.Count(), f.N)
				s := stat.Spot{Facets: f.Facets, To: f.To}
				if f.To != 0 {
					s.From = f.Unit
				}
				if want[what{s, m}] += f.N; want[what{s, m}] == 0 {
					delete(want, what{s, m})
				}
			}
			var err error
			if kept, err = some.Onto(kept); err != nil {
				t.Fatal(err)
			}
			if keptSums, err = sums.Onto(keptSums); err != nil {
				t.Fatal(err)
			}
		}
		once, err := all.Onto(nil)
		if err != nil || !bytes.Equal(once, kept) || !bytes.Equal(allSums.Encode(), keptSums) {
			t.Fatalf("%v\n%v\n%v", err, once, kept)
		}
		if err := stat.EachSpot(kept, func(s stat.Spot, counts func(func(stat.Moment, int)) error) error {
			return counts(func(m stat.Moment, n int) { got[what{s, m}] += n })
		}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

// Whatever bytes are read: facts that can be kept again, or an error.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{2})
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add(stat.Encode([]stat.Fact{{Measure: stat.Stock, Basis: 739_000, Day: 739_001, Unit: 3, N: -1}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		facts, err := stat.Decode(data)
		if err == nil {
			again, err := stat.Decode(stat.Encode(facts))
			if d := cmp.Diff(facts, again); err != nil || d != "" && len(facts) > 0 {
				t.Error(err, d)
			}
		}
		_ = stat.EachSpot(data, func(_ stat.Spot, counts func(func(stat.Moment, int)) error) error {
			return counts(func(stat.Moment, int) {})
		})
		for _, by := range stat.SectionDims() {
			_ = stat.EachSection(data, by, func(_ string, counts []byte) error { return stat.EachCount(counts, func(stat.Count, int) {}) })
		}
		n := 0
		_ = stat.EachCount(data, func(stat.Count, int) { n++ })
		if n > len(data) {
			t.Errorf("%d sums in %d bytes", n, len(data))
		}
	})
}

// A fact lies in its month, its year, and in one cell for each breakdown; of all units the year has the breakdowns, too.
func TestCells(t *testing.T) {
	t.Parallel()
	f := stat.Fact{Measure: stat.MovedOut, Basis: day(t, "2026-03-07"), Day: day(t, "2026-03-09"), Unit: 3, To: 4, N: 1, Facets: stat.Facets{Place: 330112104202, Category: "N0502", Channel: matter.ChannelVisit}}
	town := func(p int64) int64 { return p / 1000 }
	codes := func(cells []stat.Cell) map[stat.Dim]string { // of each the code, and behind it the sections that it is kept in
		out := map[stat.Dim]string{}
		for _, c := range cells {
			if c.Section.By == "" {
				out[c.Dim] = c.Code + out[c.Dim]
			} else {
				out[c.Dim] += " " + c.Section.Code
			}
		}
		return out
	}
	small := " visit  " // channel, purpose, level
	want := map[stat.Dim]string{
		stat.DimAll: small, stat.DimDay: "07", stat.DimTown: "330112104 N0502" + small, stat.DimTownDay: "330112104/07", stat.DimPlace: "330112104202 N0502" + small,
		stat.DimCategory: "N0502" + small, stat.DimMove: "3>4",
	}
	plain, bundles := stat.Cells(f, 3, town)
	if len(plain) != 2 || plain[0].Month != 2026*12+2 || plain[1].Month != -2026 || len(bundles) != 1 || bundles[0] != (stat.Cell{Dim: stat.DimBundle, Unit: 3, Month: 2026*12 + 2}) {
		t.Errorf("%v, %v", plain, bundles)
	}
	broken := append(stat.Broken(bundles[0], f.Facets, 3, 4, town), stat.BrokenDay(bundles[0], f.Facets, 7, town)...)
	if d := cmp.Diff(want, codes(broken)); d != "" || broken[0].Unit != 3 || broken[0].Month != 2026*12+2 {
		t.Error(d)
	}
	delete(want, stat.DimDay)
	delete(want, stat.DimTownDay)
	all, _ := stat.Cells(f, 0, town)
	if d := cmp.Diff(want, codes(all)); d != "" || all[0].Unit != 0 || all[2].Month != -2026 {
		t.Error(d)
	}
	f.Measure = stat.Stock
	if plain, bundles = stat.Cells(f, 3, town); plain[2].Month != stat.Always || bundles[1].Month != stat.Always {
		t.Errorf("%v, %v", plain, bundles)
	}
	for text, want := range map[string][2]string{"2026-02-11": {"2026-02-01", "2026-02-28"}, "2024-02-29": {"2024-02-01", "2024-02-29"}, "2025-12-31": {"2025-12-01", "2025-12-31"}} {
		first, last := stat.MonthDays(stat.MonthOf(day(t, text)))
		if first.String() != want[0] || last.String() != want[1] || stat.MonthCode(stat.MonthOf(day(t, text))) != text[:7] {
			t.Errorf("%s: %s to %s", text, first, last)
		}
	}
}
