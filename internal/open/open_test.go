package open

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

func TestPeriods(t *testing.T) {
	for text, months := range map[string]int{"2026": 12, "2026-Q1": 3, "2026-Q4": 3, "2026-02": 1, "2024-12": 1} {
		p, err := Parse(text)
		if err != nil || p.String() != text || p.Months() != months {
			t.Errorf("%s: %s, %d months, %v", text, p, p.Months(), err)
		}
	}
	for _, text := range []string{"", "26", "2026-", "2026-13", "2026-0", "2026-1", "2026-Q0", "2026-Q5", "2026-Q", "2026-01-01", "0000", "2026-Q01", "+202", "2026-10.csv"} {
		if _, err := Parse(text); errs.CodeOf(err) != "open.period" {
			t.Errorf("%q: %v", text, err)
		}
	}
	p, _ := Parse("2024-Q1")
	if p.To != law.NewDay(2024, 3, 31) || len(p.Inside()) != 3 || p.Inside()[1].To != law.NewDay(2024, 2, 29) {
		t.Errorf("%v", p.Inside())
	}
	var said []string
	for _, p := range Closed(law.NewDay(2025, 11, 4), law.NewDay(2026, 4, 1)) {
		said = append(said, p.String())
	}
	if got := said[len(said)-6:]; !slices.Equal(got, []string{"2025-Q4", "2025", "2026-01", "2026-02", "2026-03", "2026-Q1"}) || len(said) != 21 {
		t.Errorf("%d: %v", len(said), said)
	}
}

func month(n int) Period { return spanning(2026, n, 1) }

// one is a count of one column.
func one(p Period, rows map[string]int) Count {
	c := Count{Period: p, Columns: 1, Rows: map[string][]int{}}
	for row, n := range rows {
		c.Rows[row] = []int{n}
	}
	return c
}

func decide(c Count, least int, inside ...Kept) Kept { return Decide(Whole(c, least, inside), inside) }

func TestDecide(t *testing.T) {
	for _, tt := range []struct {
		name   string
		rows   map[string]int
		total  bool
		split  bool
		merged []string
	}{
		{"nothing came", nil, true, true, nil},
		{"all are many", map[string]int{"a": 10, "b": 30}, true, true, nil},
		{"none is shown as none", map[string]int{"a": 10, "b": 0}, true, true, nil},
		{"too few in all", map[string]int{"a": 4, "b": 5}, false, false, nil},
		{"one alone is hidden behind another", map[string]int{"a": 3, "b": 12, "c": 40}, true, true, []string{"a", "b"}},
		{"two that come to few need a third", map[string]int{"a": 3, "b": 4, "c": 40, "d": 50}, true, true, []string{"a", "b", "c"}},
		{"two that come to many", map[string]int{"a": 5, "b": 6, "c": 40}, true, true, []string{"a", "b"}},
		{"nothing to hide behind", map[string]int{"a": 3, "b": 0, "c": 12}, true, true, []string{"a", "c"}},
		{"ten ones are known to be ones", map[string]int{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 1, "i": 1, "j": 1}, true, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := decide(one(month(10), tt.rows), 10)
			if got := slices.Sorted(maps.Keys(k.Merged)); k.Total != tt.total || k.Split != tt.split || !slices.Equal(got, tt.merged) {
				t.Errorf("total %v, split %v, merged %v", k.Total, k.Split, got)
			}
		})
	}
	two := Count{Period: month(10), Columns: 2, Rows: map[string][]int{"a": {40, 3}, "b": {30, 12}, "c": {20, 0}}}
	if k := decide(two, 10); !k.Merged["a"] || len(k.Merged) != 2 || k.Rest()[1] < 10 {
		t.Errorf("a share gives its other part away: %+v", k)
	}
}

// A quarter less two of its months is the third.
func TestQuarterLessMonths(t *testing.T) {
	months := []Kept{
		decide(one(month(7), map[string]int{"a": 20, "b": 30, "c": 40}), 10),
		decide(one(month(8), map[string]int{"a": 20, "b": 30, "c": 40}), 10),
		decide(one(month(9), map[string]int{"a": 3, "b": 30, "c": 40}), 10),
	}
	if !months[0].Shows("a") || months[2].Shows("a") || months[2].Shows("b") {
		t.Fatalf("%+v", months)
	}
	k := decide(one(spanning(2026, 7, 3), map[string]int{"a": 43, "b": 90, "c": 120}), 10, months...)
	if k.Shows("a") || k.Shows("b") || !k.Total {
		t.Errorf("%+v", k)
	}
	months[2] = decide(one(month(9), map[string]int{"a": 1, "b": 2, "c": 3}), 10)
	if q := Whole(one(spanning(2026, 7, 3), map[string]int{"a": 41, "b": 62, "c": 83}), 10, months); months[2].Total || q.Total {
		t.Error("a total that was held back can be had by subtraction")
	}
}

func TestAgain(t *testing.T) {
	was := decide(one(month(10), map[string]int{"a": 3, "b": 12, "c": 40}), 10)
	if k := Again(one(month(10), map[string]int{"a": 14, "b": 12, "c": 41}), was); !k.Split || k.Shows("a") || k.All()[0] != 67 {
		t.Errorf("what was merged is shown: %+v", k)
	}
	if k := Again(one(month(10), map[string]int{"a": 3, "b": 12, "c": 4}), was); k.Split || !k.Total {
		t.Errorf("what has become small is shown: %+v", k)
	}
	if k := Again(one(month(10), map[string]int{"a": 3, "b": 2, "c": 3}), was); k.Split || k.Total {
		t.Errorf("a total that has become small is shown: %+v", k)
	}
}

// drawn are counts of some months, of their quarter, and of the year where there are twelve.
func drawn(rt *rapid.T, months, rows, columns, most, least int) []Kept {
	var kept []Kept
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h"}[:rows]
	sum := func(p Period) Count {
		c := Count{Period: p, Columns: columns, Rows: map[string][]int{}}
		for _, row := range names {
			c.Rows[row] = make([]int, columns)
			for _, k := range kept {
				if k.Period.Months() == 1 && p.Holds(k.Period) {
					for i := range columns {
						c.Rows[row][i] += k.cell(row, i)
					}
				}
			}
		}
		return c
	}
	for m := 1; m <= months; m++ {
		c := Count{Period: month(m), Columns: columns, Rows: map[string][]int{}}
		for _, row := range names {
			for range columns {
				n := rapid.IntRange(0, most).Draw(rt, row)
				if rapid.IntRange(0, 3).Draw(rt, "few") == 0 {
					n = n % least
				}
				c.Rows[row] = append(c.Rows[row], n)
			}
		}
		keep := func(c Count) {
			var inside []Kept
			for _, k := range kept {
				if c.Period.Holds(k.Period) {
					inside = append(inside, k)
				}
			}
			kept = append(kept, decide(c, least, inside...))
		}
		keep(c)
		if m%3 == 0 {
			keep(sum(spanning(2026, m-2, 3)))
		}
		if m == 12 {
			keep(sum(spanning(2026, 1, 12)))
		}
	}
	return kept
}

// The attacker knows all that is shown, that no count is negative, and that a merged row is not empty. Bounds on each hidden count are tightened along every line: total = rows, rest =
// merged rows, longer period = its parts, until nothing moves. None may come out exactly but nought, which may be shown.
func TestBoundsTellNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		least := rapid.IntRange(LeastEver, 10).Draw(rt, "least")
		kept := drawn(rt, rapid.SampledFrom([]int{1, 3, 12}).Draw(rt, "months"), rapid.IntRange(2, 6).Draw(rt, "rows"), rapid.IntRange(1, 2).Draw(rt, "columns"), 3*least, least)
		Attack(kept, func(k Kept, row string, column, n int) {
			rt.Errorf("least %d: %s, row %q, column %d is %d, as anybody can find out\n%+v", least, k.Period, row, column, n, kept)
		})
	})
}

// The same attacker tries every world there can be: of each hidden count there is one in which it is another.
func TestNoWorldIsTheOnlyOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		const least = 3
		kept := drawn(rt, rapid.SampledFrom([]int{1, 3}).Draw(rt, "months"), rapid.IntRange(2, 3).Draw(rt, "rows"), 1, 5, least)
		for _, k := range kept {
			for row := range k.Rows {
				if n := k.cell(row, 0); !k.Shows(row) && n != 0 && k.Period.Months() == 1 && !another(kept, k, row) {
					rt.Errorf("%s, row %q is %d in every world\n%+v", k.Period, row, n, kept)
				}
			}
		}
	})
}

// another searches for a world in which a row of a month has another count.
func another(kept []Kept, at Kept, target string) bool {
	var months []Kept
	for _, k := range kept {
		if k.Period.Months() == 1 {
			months = append(months, k)
		}
	}
	rows := slices.Sorted(maps.Keys(at.Rows))
	tried := make([]map[string]int, len(months))
	fits := func(k Kept, of func(row string) int) bool {
		all, rest := 0, 0
		for _, row := range rows {
			n := of(row)
			all += n
			switch {
			case k.Shows(row) && n != k.cell(row, 0), k.Merged[row] && n == 0:
				return false
			case k.Merged[row]:
				rest += n
			}
		}
		return (!k.Total || all == k.All()[0]) && (!k.Split || rest == k.Rest()[0])
	}
	var try func(m, r int) bool
	try = func(m, r int) bool {
		if m == len(months) {
			for _, k := range kept {
				if k.Period.Months() > 1 && !fits(k, func(row string) int {
					n := 0
					for i := range months {
						n += tried[i][row]
					}
					return n
				}) {
					return false
				}
			}
			return true
		}
		if r == 0 {
			tried[m] = map[string]int{}
		}
		if r == len(rows) {
			return fits(months[m], func(row string) int { return tried[m][row] }) && try(m+1, 0)
		}
		low, high := 0, 8
		if months[m].Shows(rows[r]) {
			low, high = months[m].cell(rows[r], 0), months[m].cell(rows[r], 0)
		}
		for n := low; n <= high; n++ {
			if months[m].Period == at.Period && rows[r] == target && n == at.cell(target, 0) {
				continue
			}
			tried[m][rows[r]] = n
			if try(m, r+1) {
				return true
			}
		}
		return false
	}
	return try(0, 0)
}

// A correction shows nothing that was hidden.
func TestCorrectionsTellNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		was := drawn(rt, 1, 5, 2, 30, 10)[0]
		now := drawn(rt, 1, 5, 2, 30, 10)[0].Count
		k := Again(now, was)
		for row := range now.Rows {
			if k.Shows(row) && (was.Merged[row] || !safe(now.Rows[row], 10)) {
				rt.Errorf("row %q: %+v after %+v", row, k, was)
			}
		}
		if k.Split && !safe(k.Rest(), 10) || k.Total && (!was.Total || !safe(k.All(), 10)) {
			rt.Errorf("%+v after %+v", k, was)
		}
	})
}

func TestNames(t *testing.T) {
	for i, p := range spanning(2026, 1, 12).Inside() {
		if _, err := Parse(p.String()); err != nil {
			t.Error(strconv.Itoa(i), err)
		}
	}
}
