// Package assess is the yearly assessment of units (考核): what a scheme may weigh, what a unit's figures come to under it, and the procedure from the draft to the settled sheet.
//
// A scheme weighs shares. Each of its lines gives nothing at one target and all its points at another, in proportion between them; a line with too little to divide by is left
// out, and its weight goes to the others as they weigh. Everything is counted in fractions; the total is rounded once, at the very end, half up to hundredths of a point.
//
// What may be weighed is data (indicators.json), with the reason for what may not: nothing about how many petition, whether, where or how; nothing that a lawful no, an
// extension or a right that people use would lower; nothing by which receiving much costs points. Silence is in no satisfaction.
//
// An assessment is the fold of its events. Nothing is overwritten: a draft, a count and a correction are followed by the next one and stay beside it.
package assess

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

//go:embed indicators.json
var rulesData []byte

// Rule says whether an indicator may be weighed, and why.
type Rule struct {
	Indicator string `json:"indicator"`
	Allowed   bool   `json:"allowed,omitempty"`
	Why       string `json:"why"`
	WhyEng    string `json:"why_en"`
}

// Rules are those of all indicators that were examined. What is not among them may not be weighed.
func Rules() ([]Rule, error) {
	var list []Rule
	if err := json.Unmarshal(rulesData, &list); err != nil {
		return nil, fmt.Errorf("assessment: %w", err)
	}
	return list, nil
}

// RuleOf is the rule of an indicator. One that nobody has examined is refused without a reason of its own.
func RuleOf(indicator string) Rule {
	list, err := Rules()
	if i := slices.IndexFunc(list, func(r Rule) bool { return r.Indicator == indicator }); err == nil && i >= 0 {
		return list[i]
	}
	return Rule{Indicator: indicator}
}

const (
	// Whole is what the weights of a scheme come to, in hundredths of a point.
	Whole = 10_000
	// MaxLines is how many lines a scheme has at most.
	MaxLines = 20
	// MaxName is the longest name of a scheme, in characters.
	MaxName = 60
	// MaxReason is the longest reason, in characters.
	MaxReason = 1000
	// MaxAppealDays is the longest time for appeals.
	MaxAppealDays = 60
	// MaxLeast is the greatest denominator that may be asked for.
	MaxLeast = 10_000
	minYear  = 2000
	maxYear  = 2200
)

// Line is what a scheme weighs.
type Line struct {
	Indicator string `json:"indicator"`
	Weight    int    `json:"weight"` // hundredths of a point
	Full      Ratio  `json:"full"`   // from here on all points
	Zero      Ratio  `json:"zero"`   // up to here none
	Least     int    `json:"least"`  // a denominator below it leaves the line out
}

// Scheme is by what units are assessed for a year. Once published it does not change.
type Scheme struct {
	Year       int            `json:"year"`
	Name       string         `json:"name"`
	Kinds      []org.UnitKind `json:"kinds"`       // of units that are assessed
	AppealDays int            `json:"appeal_days"` // calendar days, from the day after the sheets were given out
	Lines      []Line         `json:"lines"`
}

// Kinds are the kinds of units that can be assessed. Courts judge independently, and what a discipline organ handles is sealed.
func Kinds() []org.UnitKind {
	return []org.UnitKind{org.KindRoot, org.KindBureau, org.KindCentre, org.KindDepartment, org.KindTown, org.KindVillage}
}

// Check says what is wrong with a scheme, field by field.
func (s Scheme) Check() error {
	var wrong []errs.Field
	add := func(bad bool, path, code string, pairs ...any) {
		if bad {
			wrong = append(wrong, errs.F(path, code, pairs...))
		}
	}
	name := utf8.RuneCountInString(s.Name)
	add(s.Year < minYear || s.Year > maxYear, "year", "assess.year")
	add(name == 0, "name", "field.required")
	add(name > MaxName, "name", "field.long", "max", MaxName, "n", name)
	add(len(s.Kinds) == 0, "kinds", "assess.kinds")
	add(slices.ContainsFunc(s.Kinds, func(k org.UnitKind) bool { return !slices.Contains(Kinds(), k) }), "kinds", "field.choice")
	add(s.AppealDays < 1 || s.AppealDays > MaxAppealDays, "appeal_days", "assess.appeal_days", "max", MaxAppealDays)
	add(len(s.Lines) == 0, "lines", "assess.no_lines")
	add(len(s.Lines) > MaxLines, "lines", "assess.many_lines", "max", MaxLines)
	sum := 0
	seen := map[string]bool{}
	for i, l := range s.Lines {
		at := "lines." + strconv.Itoa(i) + "."
		sum += l.Weight
		add(!RuleOf(l.Indicator).Allowed, at+"indicator", "assess.refused")
		add(seen[l.Indicator], at+"indicator", "assess.twice")
		add(l.Weight < 1 || l.Weight > Whole, at+"weight", "assess.weight")
		add(!l.Full.valid(), at+"full", "assess.share")
		add(!l.Zero.valid(), at+"zero", "assess.share")
		add(l.Full.valid() && l.Zero.valid() && l.Full.rat().Cmp(l.Zero.rat()) <= 0, at+"zero", "assess.targets")
		add(l.Least < 1 || l.Least > MaxLeast, at+"least", "assess.least", "max", MaxLeast)
		seen[l.Indicator] = true
	}
	add(len(s.Lines) > 0 && sum != Whole, "lines", "assess.sum", "sum", Hundredths(sum))
	return errs.Fields(wrong)
}

// Line is the place of an indicator among the lines; -1 where it is not weighed.
func (s Scheme) Line(indicator string) int {
	return slices.IndexFunc(s.Lines, func(l Line) bool { return l.Indicator == indicator })
}

// Count is a figure of a unit: Sum of Of.
type Count struct {
	Sum int `json:"sum"`
	Of  int `json:"of"`
}

// Figure is the count as it is written elsewhere.
func (c Count) Figure() stat.Figure { return stat.Figure{Kind: stat.KindShare, Sum: c.Sum, Of: c.Of} }

// Mark is what a line comes to. Of a line that is left out there are no fractions.
type Mark struct {
	Count   Count
	Left    bool     // left out: too little to divide by
	Reached *big.Rat // how much of the way from the one target to the other, from 0 to 1
	Weight  *big.Rat // points that it can give, with its part of what was left out
	Points  *big.Rat // points that it gives
}

// Score is what a unit's figures come to.
type Score struct {
	Marks []Mark   // of each line
	Total *big.Rat // 0 to 100; nil where every line is left out
}

// Score weighs the figures of a unit, one for each line.
func (s Scheme) Score(counts []Count) Score {
	out := Score{Marks: make([]Mark, len(s.Lines))}
	carried := 0
	for i, l := range s.Lines {
		m := &out.Marks[i]
		m.Count = counts[i]
		if m.Left = m.Count.Of < max(l.Least, 1); !m.Left {
			carried += l.Weight
		}
	}
	if carried == 0 {
		return out
	}
	out.Total = new(big.Rat)
	for i, l := range s.Lines {
		m := &out.Marks[i]
		if m.Left {
			continue
		}
		m.Reached = l.reached(m.Count)
		m.Weight = big.NewRat(int64(l.Weight)*percent, int64(carried))
		m.Points = new(big.Rat).Mul(m.Weight, m.Reached)
		out.Total.Add(out.Total, m.Points)
	}
	return out
}

// reached is how far a figure is on the way from the zero to the full target.
func (l Line) reached(c Count) *big.Rat {
	zero := l.Zero.rat()
	way := new(big.Rat).Sub(l.Full.rat(), zero)
	r := big.NewRat(int64(c.Sum), int64(c.Of))
	r.Sub(r, zero).Quo(r, way)
	if one := big.NewRat(1, 1); r.Cmp(one) > 0 {
		return one
	}
	if r.Sign() < 0 {
		return new(big.Rat)
	}
	return r
}

// Points writes points with two decimals, rounded half up; "n/a" for none at all.
func Points(r *big.Rat) string {
	if r == nil {
		return "n/a"
	}
	n := new(big.Int).Mul(r.Num(), big.NewInt(2*percent)) // not negative
	n.Add(n, r.Denom()).Quo(n, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	return fmt.Sprintf("%d.%02d", new(big.Int).Quo(n, big.NewInt(percent)), new(big.Int).Rem(n, big.NewInt(percent)))
}

// Percent writes a share of the way as a percentage with two decimals, rounded half up.
func Percent(r *big.Rat) string { return Points(new(big.Rat).Mul(r, big.NewRat(percent, 1))) + "%" }

// Exact writes points as the fraction they are, "225/7"; empty for none at all.
func Exact(r *big.Rat) string {
	if r == nil {
		return ""
	}
	return r.RatString()
}
