package usecase

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// StatBy is by what a figure is broken down.
type StatBy string

// What figures are broken down by; nothing for one figure of all.
const (
	ByNothing  StatBy = ""
	ByUnit     StatBy = "unit"
	ByPlace    StatBy = "place"    // townships, or what a submission names above them
	ByCategory StatBy = "category" // of the first level
	ByChannel  StatBy = "channel"
	ByPurpose  StatBy = "purpose"
	ByLevel    StatBy = "level"
	ByMonth    StatBy = "month"
	ByDay      StatBy = "day"
)

// StatBys are what figures are broken down by.
func StatBys() []StatBy {
	return []StatBy{ByNothing, ByUnit, ByPlace, ByCategory, ByChannel, ByPurpose, ByLevel, ByMonth, ByDay}
}

// StatAsk asks for a figure.
type StatAsk struct {
	Indicator string
	Period    stat.Period
	By        StatBy
}

// StatRow is the figure of one group.
type StatRow struct {
	Group  string // code: of a unit, a place, a category …
	Figure stat.Figure
}

// StatAnswer is a figure with its definition.
type StatAnswer struct {
	Indicator stat.Indicator
	Period    stat.Period
	By        StatBy
	All       stat.Figure
	Rows      []StatRow
	Balance   stat.Balance // of the period, for the stock
	Matters   int          // whose events were read
}

// Stat counts an indicator from the events of every matter, for the operator: it is what any figure kept beside the events has to agree with. It takes
// as long as reading all matters does.
func (o *Office) Stat(ctx context.Context, who org.Actor, ask StatAsk, progress func(done int)) (StatAnswer, error) {
	if who.Kind != org.ActorSystem {
		return StatAnswer{}, errs.E(errs.Forbidden, "auth.duty")
	}
	indicator, err := stat.Find(ask.Indicator)
	if err != nil {
		return StatAnswer{}, err
	}
	if err := ask.check(); err != nil {
		return StatAnswer{}, err
	}
	out := StatAnswer{Indicator: indicator, Period: ask.Period, By: ask.By}
	all, groups := stat.NewTally(indicator, ask.Period), stat.NewTally(indicator, ask.Period)
	err = o.walk(ctx, func(refs []matter.Ref) error {
		for _, ref := range refs {
			facts, err := o.facts(ctx, ref)
			if err != nil {
				return fmt.Errorf("matter %s: %w", ref, err)
			}
			for _, f := range facts {
				all.Add(f, "")
				groups.Add(f, o.statGroup(ask.By, f))
			}
			out.Balance = out.Balance.Plus(stat.Balanced(facts, ask.Period))
		}
		out.Matters += len(refs)
		progress(out.Matters)
		return nil
	})
	if err != nil {
		return StatAnswer{}, err
	}
	out.All = all.Figure("")
	if ask.By != ByNothing {
		for _, g := range groups.Groups() {
			out.Rows = append(out.Rows, StatRow{Group: g, Figure: groups.Figure(g)})
		}
	}
	return out, nil
}

// check refuses a period that is none, and a breakdown there is not.
func (a StatAsk) check() error {
	var wrong []errs.Field
	if !slices.Contains(StatBys(), a.By) {
		wrong = append(wrong, errs.F("by", "stat.by"))
	}
	if a.Period.To < a.Period.From {
		wrong = append(wrong, errs.F("to", "find.days"))
	}
	return errs.Fields(wrong)
}

// facts are those of one matter.
func (o *Office) facts(ctx context.Context, ref matter.Ref) (facts []stat.Fact, err error) {
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		row, err := t.Matter(ctx, org.System().Scope(), ref)
		if err != nil {
			return err
		}
		h, err := o.load(ctx, t, ref, row.Sealed)
		if err != nil {
			return err
		}
		facts, err = stat.Of(h.events, h.rules)
		return err
	})
	return facts, err
}

// statGroup is the code of the group that a fact belongs to.
func (o *Office) statGroup(by StatBy, f stat.Fact) string {
	switch by {
	case ByUnit:
		return strconv.FormatInt(int64(f.Unit), 10)
	case ByPlace:
		p := f.Place
		for gazetteer.LevelOf(p) > gazetteer.Town {
			p = gazetteer.ParentCode(p)
		}
		return strconv.FormatInt(p, 10)
	case ByCategory:
		return o.firstLevel(f.Category)
	case ByChannel:
		return string(f.Channel)
	case ByPurpose:
		return string(f.Purpose)
	case ByLevel:
		return string(f.Level)
	case ByMonth:
		return f.Basis.String()[:len("2006-01")]
	case ByDay:
		return f.Basis.String()
	case ByNothing:
	}
	return ""
}

// firstLevel is the row of the first level over a category.
func (o *Office) firstLevel(category string) string {
	for above := o.CategoryAbove(category); above != ""; above = o.CategoryAbove(category) {
		category = above
	}
	return category
}

// GroupName is the name of a group in a language.
func (o *Office) GroupName(by StatBy, group string, english bool) string {
	say := o.Say(english)
	if group == "" || group == "0" {
		return say("stat.none", nil)
	}
	switch by {
	case ByUnit:
		u, _ := o.Chart().Unit(org.UnitID(number(group)))
		return u.NameIn(english)
	case ByPlace:
		if english {
			return o.Places.FullEnglish(number(group))
		}
		return o.Places.FullName(number(group))
	case ByCategory:
		row, _ := o.Places.Current().Row(group)
		if english {
			return row.English
		}
		return row.Name
	case ByChannel, ByPurpose, ByLevel:
		return say(string(by)+"."+group, nil)
	case ByNothing, ByMonth, ByDay:
	}
	return group
}

func number(code string) int64 {
	n, _ := strconv.ParseInt(code, 10, 64) // written by statGroup
	return n
}

// StatTable writes a figure as a table: a row for each group and one for all.
func (o *Office) StatTable(a StatAnswer, f TableFormat, english bool) ([]byte, error) {
	say := o.Say(english)
	name := a.Indicator.Name
	if english {
		name = a.Indicator.English
	}
	t, err := newTable(f, o.Files.dir, say("stat.sheet", nil))
	if err != nil {
		return nil, err
	}
	defer t.drop()
	if err := t.row([]string{say("stat.group", nil), name, say("stat.sum", nil), say("stat.of", nil)}); err != nil {
		return nil, err
	}
	for _, r := range append(slices.Clone(a.Rows), StatRow{Figure: a.All}) {
		group := say("stat.all", nil)
		if r.Group != "" {
			group = o.GroupName(a.By, r.Group, english)
		}
		if err := t.row([]string{group, FigureText(r.Figure), strconv.Itoa(r.Figure.Sum), strconv.Itoa(r.Figure.Of)}); err != nil {
			return nil, err
		}
	}
	return t.done()
}

// FigureText writes a figure as people read it: a share in percent with two decimals, the middle of times in days, "n/a" where there is none.
func FigureText(f stat.Figure) string {
	const middle, whole, hundred = 1, 2, 100
	switch {
	case !f.Known():
		return "n/a"
	case f.Kind == stat.KindShare:
		return fmt.Sprintf("%d.%02d%%", f.Hundredths()/hundred, f.Hundredths()%hundred)
	case f.Kind == stat.KindTime:
		return strconv.Itoa(f.Times.At(middle, whole))
	}
	return strconv.Itoa(f.Sum)
}

// StatPeriod is this year up to today, where nothing else is asked for.
func (o *Office) StatPeriod() stat.Period {
	today := o.Today()
	year, _, _ := today.Date()
	return stat.Period{From: law.NewDay(year, time.January, 1), To: today, AsOf: today}
}
