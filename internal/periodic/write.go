package periodic

import (
	"cmp"
	"slices"

	"huiyin/internal/stat"
)

// The sections of a report.
const (
	SectionCame    = "came"
	SectionAccept  = "accept"
	SectionHandle  = "handle"
	SectionRate    = "rate"
	SectionStock   = "stock"
	SectionIssues  = "issues"
	SectionEarlier = "earlier"
)

// Write says what the facts say.
func Write(f Facts, rules Rules) Report {
	w := &writer{Facts: f, rules: rules}
	w.came()
	w.accept()
	w.handle()
	w.rate()
	w.stock()
	w.issues()
	w.earlier()
	return Report{Facts: f, Sections: w.sections}
}

type writer struct {
	Facts
	rules    Rules
	sections []Section
}

func (w *writer) begin(id string) { w.sections = append(w.sections, Section{ID: id}) }

func (w *writer) say(code string, link Link, args ...Arg) {
	s := &w.sections[len(w.sections)-1]
	s.Sentences = append(s.Sentences, Sentence{Code: code, Args: args, Link: link})
}

// add says something that explains the sentence before.
func (w *writer) add(code string, link Link, args ...Arg) {
	w.say(code, link, args...)
	s := w.sections[len(w.sections)-1].Sentences
	s[len(s)-1].Sub = true
}

// of is the figure of an indicator in the period of the report.
func (w *writer) of(id string) Link { return Link{Indicator: id, Period: w.Periods.Now} }

// past is one of the periods that is compared with.
type past struct {
	than   string // the code of what it is called
	period stat.Period
	pick   func(Entry) Figure
}

// pasts are the periods that are compared with: of a year there is one.
func (w *writer) pasts() []past {
	than := func(which string) string {
		code := which + "." + string(w.Kind)
		if w.Periods.Part(w.Kind) {
			code += ".part"
		}
		return code
	}
	out := []past{{than("before"), w.Periods.Before, func(e Entry) Figure { return e.Before }}}
	if w.Kind != Year {
		out = append(out, past{than("year"), w.Periods.Year, func(e Entry) Figure { return e.Year }})
	}
	return out
}

// came says how many came, and what drives the change against the period before.
func (w *writer) came() {
	w.begin(SectionCame)
	if w.Missed > 0 {
		w.say("report.say.missed", w.of("submissions"), number("n", w.Missed))
	}
	n := func(id string) int { return w.Entry(id).Now.Sum }
	w.say("report.say.came", w.of("submissions"), number("n", n("submissions")), number("items", n("items")), number("batches", n("batches")), number("persons", n("persons")))
	for _, p := range w.pasts() {
		w.compare("submissions", p)
	}
	for _, by := range Breakdowns() {
		w.drivers(w.Breakdown(by))
	}
}

// compare says how a count compares with an earlier one.
func (w *writer) compare(id string, p past) {
	e := w.Entry(id)
	now, was := e.Now.Sum, p.pick(e).Sum
	link := Link{Indicator: id, Period: p.period}
	change, _ := stat.Change(now, was)
	args := []Arg{word("than", p.than), number("before", was), number("n", max(now-was, was-now)), percent("percent", max(change, -change))}
	switch {
	case was == 0 && e.Now.Kind != stat.KindStock: // nothing came; a stock of none is one
		w.add("report.say.change.none", link, args[0])
	case now == was:
		w.add("report.say.change.same", link, args[:2]...)
	case !w.rules.counts(now, was):
		w.add("report.say.change.chance", link, args[:3]...)
	case was == 0:
		w.add("report.say.change.more", link, args[:3]...)
	case now > was:
		w.add("report.say.change.rise", link, args...)
	default:
		w.add("report.say.change.fall", link, args...)
	}
}

// drivers says which groups make most of a rise or a fall, or, where the whole is much as it was, which groups changed nevertheless.
func (w *writer) drivers(b Breakdown) {
	total := w.Entry("submissions")
	change := total.Now.Sum - total.Before.Sum
	whole := w.rules.counts(total.Now.Sum, total.Before.Sum)
	rows := slices.Clone(b.Rows)
	if len(rows) < 2 {
		return
	}
	size := func(r Row) int { return max(r.Now-r.Before, r.Before-r.Now) }
	slices.SortStableFunc(rows, func(x, y Row) int { return cmp.Or(cmp.Compare(size(y), size(x)), cmp.Compare(x.Group, y.Group)) })
	said := 0
	for _, r := range rows {
		d := r.Now - r.Before
		link := w.of("submissions")
		link.By, link.Group = b.By, r.Group
		args := []Arg{word("by", string(b.By)), group(b.By, r.Group), number("before", r.Before), number("now", r.Now), number("n", size(r))}
		switch {
		case said == w.rules.Driver.Most:
			return
		case whole && d*change > 0 && size(r)*100 >= w.rules.Driver.N*max(change, -change):
			share, _ := stat.Change(change+d, change) // d of the change
			args = append(args, percent("percent", share))
			w.add("report.say.driver."+direction(d), link, args...)
		case !whole && w.rules.counts(r.Now, r.Before):
			w.add("report.say.despite."+direction(d), link, args...)
		default:
			continue
		}
		said++
	}
}

// direction names a rise or a fall.
func direction(d int) string {
	if d > 0 {
		return "rise"
	}
	return "fall"
}

// share says a share and how it compares, with its denominators.
func (w *writer) share(id string) {
	e := w.Entry(id)
	if !e.Now.Known() {
		w.say("report.say.share.none", w.of(id), indicator(id))
		return
	}
	w.say("report.say.share", w.of(id), indicator(id), figure("figure", e.Now))
	for _, p := range w.pasts() {
		was := p.pick(e)
		link := Link{Indicator: id, Period: p.period}
		if !was.Known() {
			w.add("report.say.change.none", link, word("than", p.than))
			continue
		}
		apart := hundredths(e.Now) - hundredths(was)
		args := []Arg{word("than", p.than), figure("figure", was), points("points", max(apart, -apart))}
		switch {
		case e.Now.Sum*was.Of == was.Sum*e.Now.Of:
			w.add("report.say.share.same", link, args[:2]...)
		case !w.rules.shares(e.Now.Sum, e.Now.Of, was.Sum, was.Of):
			w.add("report.say.share.chance", link, args[:2]...)
		default:
			w.add("report.say.share."+direction(e.Now.Sum*was.Of-was.Sum*e.Now.Of), link, args...)
		}
	}
}

func hundredths(f Figure) int { return stat.Figure{Kind: f.Kind, Sum: f.Sum, Of: f.Of}.Hundredths() }

// late says of a share how many are not counted, and at which units: how many, and out of how many.
func (w *writer) late(id string, of func(Row) Figure) {
	e := w.Entry(id).Now
	if e.Of == e.Sum {
		return
	}
	link := w.of(id)
	link.Part = PartRest
	w.say("report.say.late", link, indicator(id), number("n", e.Of-e.Sum))
	w.units(link, func(r Row) int { return of(r).Of - of(r).Sum }, func(r Row) []Arg { return []Arg{number("of", of(r).Of)} }, "report.say.late.unit")
}

// units lists the units of which something is said, the most first, and the rest in total.
func (w *writer) units(link Link, count func(Row) int, more func(Row) []Arg, code string) {
	all := w.Breakdown(ByUnit).Rows
	if len(all) < 2 {
		return
	}
	rows := slices.DeleteFunc(slices.Clone(all), func(r Row) bool { return count(r) <= 0 })
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Or(cmp.Compare(count(b), count(a)), cmp.Compare(a.Group, b.Group)) })
	shown := min(len(rows), w.rules.Units.Most)
	for _, r := range rows[:shown] {
		one := link
		one.By, one.Group = ByUnit, r.Group
		w.add(code, one, append([]Arg{group(ByUnit, r.Group), number("n", count(r))}, more(r)...)...)
	}
	if rest := rows[shown:]; len(rest) > 0 {
		n := 0
		for _, r := range rest {
			n += count(r)
		}
		w.add("report.say.units.rest", link, number("units", len(rest)), number("n", n))
	}
}

// accept says how many were accepted in time.
func (w *writer) accept() {
	w.begin(SectionAccept)
	w.share("timely_acceptance")
	w.late("timely_acceptance", func(r Row) Figure { return r.Timely })
}

// handle says how many were answered in time, in both variants, and how long it took.
func (w *writer) handle() {
	w.begin(SectionHandle)
	w.share("on_time_a")
	w.share("on_time_b")
	w.late("on_time_b", func(r Row) Figure { return r.OnTime })
	w.days("days_to_answer")
}

// days says how long something took.
func (w *writer) days(id string) {
	e := w.Entry(id)
	if !e.Now.Known() {
		w.say("report.say.days.none", w.of(id), indicator(id))
		return
	}
	w.say("report.say.days", w.of(id), indicator(id), number("n", e.Now.N), number("middle", e.Now.Middle), number("most", e.Now.Most))
	for _, p := range w.pasts() {
		was := p.pick(e)
		link := Link{Indicator: id, Period: p.period}
		d := e.Now.Middle - was.Middle
		args := []Arg{word("than", p.than), number("middle", was.Middle), number("count", was.N), number("n", max(d, -d))}
		switch {
		case !was.Known():
			w.add("report.say.change.none", link, args[0])
		case min(e.Now.N, was.N) < w.rules.Times.Least:
			w.add("report.say.days.few", link, args[:3]...)
		case d == 0:
			w.add("report.say.days.same", link, args[:3]...)
		default:
			w.add("report.say.days."+direction(d), link, args...)
		}
	}
}

// rate says how those who rated rated, and how many did.
func (w *writer) rate() {
	w.begin(SectionRate)
	w.share("satisfaction_receiving")
	w.share("satisfaction_handling")
	w.share("participation")
}

// stock says how the stock came to be what it is, and what of it is overdue.
func (w *writer) stock() {
	w.begin(SectionStock)
	b := w.Balance()
	args := []Arg{
		number("opening", b.Opening), number("added", b.Added), number("reopened", b.Reopened), number("moved_in", b.MovedIn), number("ended", b.Ended),
		number("joined", b.Joined), number("moved_out", b.MovedOut), number("closing", b.Closing),
	}
	w.say("report.say.balance", w.of("stock"), args...)
	if !b.Closes() {
		w.add("report.say.balance.open", w.of("stock"), number("n", b.Closing-(b.Opening+b.Added+b.Reopened+b.MovedIn-b.Ended-b.Joined-b.MovedOut)))
	}
	w.say("report.say.overdue", w.of("overdue"), day("day", w.Periods.Now.To), number("n", w.Entry("overdue").Now.Sum))
	for _, p := range w.pasts() {
		w.compare("overdue", p)
	}
	w.units(w.of("overdue"), func(r Row) int { return r.Overdue }, func(Row) []Arg { return nil }, "report.say.overdue.unit")
}

// issues says what many said at once, and what of it is new.
func (w *writer) issues() {
	w.begin(SectionIssues)
	if len(w.Issues) == 0 {
		w.say("report.say.issues.none", w.of("submissions"))
	}
	for _, i := range w.Issues {
		args := []Arg{{Name: "name", As: AsText, Text: i.Name}, number("n", i.Matters), number("before", i.Before)}
		switch {
		case i.Before == 0 && i.Name == "":
			w.say("report.say.issue.unnamed.new", Link{Issue: i.ID, Period: w.Periods.Now}, args[1:2]...)
		case i.Before == 0:
			w.say("report.say.issue.new", Link{Issue: i.ID, Period: w.Periods.Now}, args[:2]...)
		case i.Name == "":
			w.say("report.say.issue.unnamed", Link{Issue: i.ID, Period: w.Periods.Now}, args[1:]...)
		default:
			w.say("report.say.issue", Link{Issue: i.ID, Period: w.Periods.Now}, args...)
		}
	}
}

// earlier says which figures of an earlier report of the same period no longer stand: those that were wrong then, as something was recorded late, apart from those
// that went on.
func (w *writer) earlier() {
	if w.Earlier == nil {
		return
	}
	w.begin(SectionEarlier)
	if len(w.Earlier.Changes) == 0 {
		w.say("report.say.earlier.none", w.of("submissions"), day("day", w.Earlier.AsOf))
	}
	for _, c := range w.Earlier.Changes {
		args := []Arg{indicator(c.Indicator), day("day", w.Earlier.AsOf), figure("then", c.Then), figure("again", c.Again), figure("now", c.Now)}
		if c.Then != c.Again {
			w.say("report.say.earlier.corrected", w.of(c.Indicator), args...)
			continue
		}
		w.say("report.say.earlier.moved", w.of(c.Indicator), args[0], args[1], args[2], args[4])
	}
}
