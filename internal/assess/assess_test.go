package assess_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/assess"
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

func ratio(t testing.TB, text string) assess.Ratio {
	t.Helper()
	r, ok := assess.ParseRatio(text)
	if !ok {
		t.Fatalf("%q is no ratio", text)
	}
	return r
}

// scheme weighs three rates: 40 points from 80 to 100 %, 35 from 50 to 90 % of at least five, 25 from nothing to two thirds.
func scheme(t testing.TB) assess.Scheme {
	t.Helper()
	return assess.Scheme{
		Year: 2026, Name: "镇街信访工作考核", Kinds: []org.UnitKind{org.KindTown}, AppealDays: 7, Lines: []assess.Line{
			{Indicator: "on_time_b", Weight: 4000, Full: ratio(t, "100"), Zero: ratio(t, "80"), Least: 1},
			{Indicator: "satisfaction_handling", Weight: 3500, Full: ratio(t, "90"), Zero: ratio(t, "50"), Least: 5},
			{Indicator: "participation", Weight: 2500, Full: ratio(t, "2/3"), Zero: ratio(t, "0"), Least: 1},
		},
	}
}

// Counted by hand: between the targets in proportion, beyond them all or nothing; what is left out gives its weight to the others; rounded once.
func TestScoreByHand(t *testing.T) {
	for _, tt := range []struct {
		name   string
		counts []assess.Count
		exact  string
		total  string
		left   []bool
	}{
		{"all reached", []assess.Count{{10, 10}, {9, 10}, {2, 3}}, "100", "100.00", nil},
		{"nothing reached", []assess.Count{{8, 10}, {5, 10}, {0, 3}}, "0", "0.00", nil},
		{"below the zero target is no less than nothing", []assess.Count{{1, 10}, {0, 10}, {0, 3}}, "0", "0.00", nil},
		{"half way each", []assess.Count{{9, 10}, {7, 10}, {1, 3}}, "50", "50.00", nil},
		{"40 × 1/2 + 35 × 3/4 + 25", []assess.Count{{9, 10}, {8, 10}, {3, 3}}, "285/4", "71.25", nil},
		{"too few ratings: 40 and 25 share 100", []assess.Count{{9, 10}, {4, 4}, {1, 3}}, "50", "50.00", []bool{false, true, false}},
		{"40/65 of 100 are 61.538…, rounded once", []assess.Count{{10, 10}, {4, 4}, {0, 3}}, "800/13", "61.54", []bool{false, true, false}},
		{"nothing to divide by", []assess.Count{{0, 0}, {0, 0}, {1, 3}}, "50", "50.00", []bool{true, true, false}},
		{"nothing at all", []assess.Count{{}, {}, {}}, "", "n/a", []bool{true, true, true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := scheme(t).Score(tt.counts)
			if assess.Exact(got.Total) != tt.exact || assess.Points(got.Total) != tt.total {
				t.Errorf("%s = %s, want %s = %s", assess.Exact(got.Total), assess.Points(got.Total), tt.exact, tt.total)
			}
			for i, m := range got.Marks {
				if want := tt.left != nil && tt.left[i]; m.Left != want || (m.Points == nil) != want {
					t.Errorf("line %d left out: %v", i, m.Left)
				}
			}
		})
	}
}

func TestRounding(t *testing.T) {
	for _, tt := range []struct {
		n, d int64
		want string
	}{{1, 8, "0.13"}, {1, 200, "0.01"}, {1, 201, "0.00"}, {2, 3, "0.67"}, {100, 1, "100.00"}, {0, 1, "0.00"}} {
		if got := assess.Points(big.NewRat(tt.n, tt.d)); got != tt.want {
			t.Errorf("%d/%d: %s, want %s", tt.n, tt.d, got, tt.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		typed, said string
	}{{"95", "95%"}, {"92.5%", "92.5%"}, {"19/20", "95%"}, {"2 / 3", "2/3"}, {"0", "0%"}, {"100％", "100%"}, {"0.05", "0.05%"}} {
		r, ok := assess.ParseRatio(tt.typed)
		if again, fits := assess.ParseRatio(r.String()); !ok || r.String() != tt.said || !fits || again != r {
			t.Errorf("%q is %v %q", tt.typed, r, r)
		}
	}
	for _, typed := range []string{"", "a", "-1", "1/0", "-1/2", "1/-2", "1.234", ".5", "5.", "1e3", "9999999", "2000000/3000000"} {
		if r, ok := assess.ParseRatio(typed); ok {
			t.Errorf("%q is read as %v", typed, r)
		}
	}
}

// drawn is any scheme that can be scored, with any figures.
func drawn(rt *rapid.T) (assess.Scheme, []assess.Count) {
	n := rapid.IntRange(1, 6).Draw(rt, "lines")
	s := assess.Scheme{Lines: make([]assess.Line, n)}
	counts := make([]assess.Count, n)
	for i := range n {
		den := rapid.IntRange(1, 100).Draw(rt, "den")
		full := rapid.IntRange(1, den).Draw(rt, "full")
		s.Lines[i] = assess.Line{
			Weight: rapid.IntRange(1, 5000).Draw(rt, "weight"), Full: assess.Ratio{Num: full, Den: den}, Zero: assess.Ratio{Num: rapid.IntRange(0, full-1).Draw(rt, "zero"), Den: den},
			Least: rapid.IntRange(1, 10).Draw(rt, "least"),
		}
		of := rapid.IntRange(0, 40).Draw(rt, "of")
		counts[i] = assess.Count{Sum: rapid.IntRange(0, of).Draw(rt, "sum"), Of: of}
	}
	return s, counts
}

// same reports whether two totals are the same, neither of them known included.
func same(a, b *big.Rat) bool { return assess.Exact(a) == assess.Exact(b) }

// Whatever the scheme and the figures: the total lies between 0 and 100, a better figure never lowers it, neither the order of the lines nor the scale of the weights matters,
// a line that is left out might as well not be there, and the weights that are carried are 100.
func TestScoreHolds(t *testing.T) {
	hundred := big.NewRat(100, 1)
	rapid.Check(t, func(rt *rapid.T) {
		s, counts := drawn(rt)
		score := s.Score(counts)
		if score.Total != nil && (score.Total.Sign() < 0 || score.Total.Cmp(hundred) > 0) {
			rt.Fatalf("%v is out of bounds", score.Total)
		}

		better := slices.Clone(counts)
		i := rapid.IntRange(0, len(counts)-1).Draw(rt, "better")
		better[i].Sum = rapid.IntRange(counts[i].Sum, counts[i].Of).Draw(rt, "to")
		if now := s.Score(better).Total; score.Total != nil && now.Cmp(score.Total) < 0 {
			rt.Fatalf("%v fell to %v", score.Total, now)
		}

		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 0)).Perm(len(counts))
		var turned, tenfold, without assess.Scheme
		var turnedCounts, withoutCounts []assess.Count
		carried := new(big.Rat)
		for _, at := range order {
			turned.Lines, turnedCounts = append(turned.Lines, s.Lines[at]), append(turnedCounts, counts[at])
		}
		for at, l := range s.Lines {
			if m := score.Marks[at]; !m.Left {
				without.Lines, withoutCounts = append(without.Lines, l), append(withoutCounts, counts[at])
				carried.Add(carried, m.Weight)
			}
			l.Weight *= 10
			tenfold.Lines = append(tenfold.Lines, l)
		}
		for name, total := range map[string]*big.Rat{
			"another order": turned.Score(turnedCounts).Total, "ten times the weight": tenfold.Score(counts).Total, "without what is left out": without.Score(withoutCounts).Total,
		} {
			if !same(total, score.Total) {
				rt.Errorf("%s: %v instead of %v", name, total, score.Total)
			}
		}
		if score.Total != nil && carried.Cmp(hundred) != 0 {
			rt.Errorf("the weights come to %v", carried)
		}
	})
}

func TestSchemeIsChecked(t *testing.T) {
	if err := scheme(t).Check(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path, code string
		change           func(*assess.Scheme)
	}{
		{"weights", "lines", "assess.sum", func(s *assess.Scheme) { s.Lines[0].Weight++ }},
		{"no weight", "lines.1.weight", "assess.weight", func(s *assess.Scheme) { s.Lines[1].Weight = 0 }},
		{"a lawful no", "lines.0.indicator", "assess.refused", func(s *assess.Scheme) { s.Lines[0].Indicator = "support" }},
		{"how many come", "lines.0.indicator", "assess.refused", func(s *assess.Scheme) { s.Lines[0].Indicator = "submissions" }},
		{"who comes again", "lines.0.indicator", "assess.refused", func(s *assess.Scheme) { s.Lines[0].Indicator = "repeat" }},
		{"what nobody examined", "lines.0.indicator", "assess.refused", func(s *assess.Scheme) { s.Lines[0].Indicator = "invented" }},
		{"twice", "lines.1.indicator", "assess.twice", func(s *assess.Scheme) { s.Lines[1].Indicator = "on_time_b" }},
		{"upside down", "lines.0.zero", "assess.targets", func(s *assess.Scheme) { s.Lines[0].Full, s.Lines[0].Zero = s.Lines[0].Zero, s.Lines[0].Full }},
		{"more than all", "lines.0.full", "assess.share", func(s *assess.Scheme) { s.Lines[0].Full.Num = 2 }},
		{"of nothing", "lines.0.least", "assess.least", func(s *assess.Scheme) { s.Lines[0].Least = 0 }},
		{"no lines", "lines", "assess.no_lines", func(s *assess.Scheme) { s.Lines = nil }},
		{"no name", "name", "field.required", func(s *assess.Scheme) { s.Name = "" }},
		{"long name", "name", "field.long", func(s *assess.Scheme) { s.Name = strings.Repeat("长", assess.MaxName+1) }},
		{"nobody", "kinds", "assess.kinds", func(s *assess.Scheme) { s.Kinds = nil }},
		{"courts", "kinds", "field.choice", func(s *assess.Scheme) { s.Kinds = []org.UnitKind{org.KindCourt} }},
		{"no appeal", "appeal_days", "assess.appeal_days", func(s *assess.Scheme) { s.AppealDays = 0 }},
		{"no year", "year", "assess.year", func(s *assess.Scheme) { s.Year = 0 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := scheme(t)
			tt.change(&s)
			err := s.Check()
			if e, ours := errors.AsType[*errs.Error](err); !ours || !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Path == tt.path && f.Code == tt.code }) {
				t.Errorf("%v", err)
			}
		})
	}
}

// What may be weighed is a share that is there, made of nothing that depends on how many come, on a lawful no, on coming again or on silence being content.
func TestWhatMayBeWeighed(t *testing.T) {
	rules, err := assess.Rules()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	allowed := 0
	for _, r := range rules {
		i, err := stat.Find(r.Indicator)
		if err != nil || seen[r.Indicator] || r.Why == "" || r.WhyEng == "" {
			t.Errorf("%+v: %v", r, err)
		}
		seen[r.Indicator] = true
		if !r.Allowed {
			continue
		}
		allowed++
		if i.Kind != stat.KindShare {
			t.Errorf("%s is no share", r.Indicator)
		}
		for _, m := range slices.Concat(i.Sum, i.Divisor()) {
			prefix, state, _ := strings.Cut(string(m), ".")
			duty := slices.Contains([]string{"dispose", "notify", "answer", "review", "report", "transferred"}, prefix) && state != stat.Pending
			rated := prefix == "receiving" || prefix == "handling"
			if !duty && !rated {
				t.Errorf("%s counts %s", r.Indicator, m)
			}
			if rated && state == stat.Unrated && slices.Contains(i.Sum, m) {
				t.Errorf("%s counts silence as said", r.Indicator)
			}
		}
	}
	if allowed == 0 {
		t.Error("nothing may be weighed")
	}
}

// course is an assessment that goes on by a day at a time.
type course struct {
	t   testing.TB
	a   *assess.Assessment
	day law.Day
}

func (c *course) try(kind assess.Kind, unit org.UnitID, body assess.Body) error {
	c.t.Helper()
	_, err := c.a.Decide(assess.Event{AtUS: c.day.StartUS(), User: 7, At: 2, Unit: unit, Kind: kind, Body: body})
	return err
}

func (c *course) do(kind assess.Kind, unit org.UnitID, body assess.Body) {
	c.t.Helper()
	if err := c.try(kind, unit, body); err != nil {
		c.t.Fatalf("%s: %v", kind, err)
	}
}

func (c *course) refused(code string, kind assess.Kind, unit org.UnitID, body assess.Body) {
	c.t.Helper()
	steps := len(c.a.Events)
	if err := c.try(kind, unit, body); errs.CodeOf(err) != code || len(c.a.Events) != steps {
		c.t.Errorf("%s: %v instead of %s", kind, err, code)
	}
}

// A whole course: drafted twice, published, counted twice, given out; one unit appeals and is heard, is refused, agrees and is settled; the other is silent until its time is over.
func TestCourse(t *testing.T) {
	const one, two org.UnitID = 11, 12
	c := &course{t: t, a: assess.Fold(nil), day: law.NewDay(2026, 12, 1)}
	s := scheme(t)
	counts := []assess.UnitCounts{{Unit: one, Counts: []assess.Count{{8, 10}, {9, 10}, {2, 3}}}, {Unit: two, Counts: []assess.Count{{10, 10}, {9, 10}, {2, 3}}}}
	figures := assess.Body{AsOf: c.day, Sheets: counts}
	c.refused("assess.not_now", assess.Published, 0, assess.Body{})
	c.do(assess.Drafted, 0, assess.Body{Scheme: &assess.Scheme{Year: 2026, Name: "初稿", Kinds: s.Kinds, AppealDays: 3, Lines: s.Lines}})
	c.refused("assess.not_now", assess.Counted, 0, figures)
	c.do(assess.Drafted, 0, assess.Body{Scheme: &s})
	c.do(assess.Published, 0, assess.Body{})
	c.refused("assess.not_now", assess.Drafted, 0, assess.Body{Scheme: &s})
	c.refused("form.invalid", assess.Counted, 0, assess.Body{AsOf: c.day + 1, Sheets: counts})
	c.refused("form.invalid", assess.Counted, 0, assess.Body{AsOf: c.day})
	c.do(assess.Counted, 0, assess.Body{AsOf: c.day - 30, Sheets: counts[1:]})
	c.refused("assess.not_now", assess.Appealed, two, assess.Body{Line: "on_time_b", Reason: "早了"})
	c.do(assess.Counted, 0, figures)
	c.refused("form.invalid", assess.Withdrawn, 0, assess.Body{})
	c.do(assess.Released, 0, assess.Body{})
	c.refused("assess.not_now", assess.Counted, 0, figures)
	c.refused("assess.not_now", assess.Withdrawn, 0, assess.Body{Reason: "晚了"})

	if got := assess.Points(s.Score(c.a.Sheet(one).Counts).Total); got != "60.00" {
		t.Fatalf("%s", got)
	}
	c.refused("assess.not_found", assess.Appealed, 99, assess.Body{Line: "on_time_b", Reason: "不在"})
	c.refused("form.invalid", assess.Appealed, one, assess.Body{Line: "on_time_b", Reason: " "})
	c.refused("form.invalid", assess.Appealed, one, assess.Body{Line: "repeat", Reason: "没有这一项"})
	c.do(assess.Appealed, one, assess.Body{Line: "on_time_b", Reason: " 两件是节假日顺延的 "})
	c.refused("form.invalid", assess.Appealed, one, assess.Body{Line: "on_time_b", Reason: "再说一次"})
	c.do(assess.Appealed, one, assess.Body{Line: "participation", Reason: "有一件是电话评价的"})
	c.refused("assess.open_appeals", assess.Settled, one, assess.Body{})
	c.refused("form.invalid", assess.Answered, one, assess.Body{Line: "on_time_b", Upheld: true, Count: assess.Count{Sum: 11, Of: 10}, Reason: "多了"})
	c.refused("form.invalid", assess.Answered, one, assess.Body{Line: "on_time_b", Upheld: true, Count: assess.Count{Sum: 8, Of: 10}, Reason: "一样"})
	c.refused("form.invalid", assess.Answered, one, assess.Body{Line: "satisfaction_handling", Reason: "没有申诉"})
	c.do(assess.Answered, one, assess.Body{Line: "on_time_b", Upheld: true, Count: assess.Count{Sum: 10, Of: 10}, Reason: "顺延属实"})
	c.do(assess.Answered, one, assess.Body{Line: "participation", Reason: "系统内无记录"})
	c.refused("form.invalid", assess.Answered, one, assess.Body{Line: "participation", Reason: "再答一次"})
	sheet := c.a.Sheet(one)
	if before, now := s.Score(sheet.Counts).Total, s.Score(sheet.Corrected()).Total; assess.Points(before) != "60.00" || assess.Points(now) != "100.00" || !sheet.Changed() || c.a.Sheet(two).Changed() {
		t.Errorf("%v before, %v now", before, now)
	}
	c.refused("assess.too_early", assess.Settled, one, assess.Body{})
	c.do(assess.Accepted, one, assess.Body{})
	c.refused("assess.accepted", assess.Appealed, one, assess.Body{Line: "satisfaction_handling", Reason: "又想起一件"})
	c.do(assess.Settled, one, assess.Body{})
	c.refused("assess.settled", assess.Accepted, one, assess.Body{})
	c.day += 7
	c.refused("assess.too_early", assess.Settled, two, assess.Body{})
	c.day++
	c.refused("assess.too_late", assess.Appealed, two, assess.Body{Line: "on_time_b", Reason: "过期"})
	c.do(assess.Settled, two, assess.Body{})
	if c.a.Stage != assess.StageSettled || c.a.Until() != law.NewDay(2026, 12, 8) {
		t.Errorf("%s, until %s", c.a.Stage, c.a.Until())
	}

	// what is kept makes the same again
	var kept []assess.Event
	for _, e := range c.a.Events {
		data, err := json.Marshal(e.Body)
		if err != nil {
			t.Fatal(err)
		}
		e.Body = assess.Body{}
		if err := json.Unmarshal(data, &e.Body); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, e)
	}
	again := assess.Fold(kept)
	if again.Stage != c.a.Stage || !slices.Equal(again.Sheet(one).Corrected(), sheet.Corrected()) || again.Sheet(one).Appeals[0].Reason != "两件是节假日顺延的" {
		t.Errorf("%+v", again)
	}
}

// A year that is over is counted to its end, one that is not to the day.
func TestPeriod(t *testing.T) {
	a := assess.Assessment{Scheme: assess.Scheme{Year: 2026}}
	first, last := law.NewDay(2026, 1, 1), law.NewDay(2026, 12, 31)
	for asOf, to := range map[law.Day]law.Day{last - 30: last - 30, last: last, last + 31: last} {
		if p := a.Period(asOf); p != (stat.Period{From: first, To: to, AsOf: asOf}) {
			t.Errorf("%+v", p)
		}
	}
}
