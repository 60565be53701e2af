package periodic

import (
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

// Figure is a figure as a report keeps it: of times what is said of them.
type Figure struct {
	Kind   stat.Kind `json:"kind"`
	Sum    int       `json:"sum"`
	Of     int       `json:"of,omitempty"`
	N      int       `json:"n,omitempty"`      // how many times were counted
	Middle int       `json:"middle,omitempty"` // half took at most so many days
	Most   int       `json:"most,omitempty"`   // nine in ten
}

// FigureOf takes from a figure what a report keeps.
func FigureOf(f stat.Figure) Figure {
	out := Figure{Kind: f.Kind, Sum: f.Sum, Of: f.Of}
	if f.Kind == stat.KindTime {
		out.N, out.Middle, out.Most = f.Times.Count(), f.Times.At(1, 2), f.Times.At(9, 10)
	}
	return out
}

// Known reports whether there is a figure at all.
func (f Figure) Known() bool {
	switch f.Kind {
	case stat.KindShare:
		return f.Of != 0
	case stat.KindTime:
		return f.N != 0
	case stat.KindCount, stat.KindStock:
	}
	return true
}

// Entry is an indicator in the three periods.
type Entry struct {
	Indicator string `json:"indicator"`
	Now       Figure `json:"now"`
	Before    Figure `json:"before"`
	Year      Figure `json:"year"`
}

// By is by what figures are broken down, as the figures name it.
type By string

// The breakdowns of a report.
const (
	ByAll      By = ""
	ByPlace    By = "place"
	ByCategory By = "category"
	ByChannel  By = "channel"
	ByUnit     By = "unit"
	ByDay      By = "day"
	ByMonth    By = "month"
)

// Breakdowns are those that are asked for what drives a change, in the order in which it is said.
func Breakdowns() []By { return []By{ByPlace, ByCategory, ByChannel, ByUnit} }

// Row is one group of a breakdown.
type Row struct {
	Group  string `json:"group"`
	Now    int    `json:"now"`    // submissions
	Before int    `json:"before"` // in the period before

	Timely  Figure `json:"timely,omitzero"` // of units alone
	OnTime  Figure `json:"on_time,omitzero"`
	Overdue int    `json:"overdue,omitempty"`
}

// Breakdown is the submissions of a period in groups, the largest first.
type Breakdown struct {
	By   By    `json:"by"`
	Rows []Row `json:"rows"`
}

// Course is what came in each part of a period, beside the one before.
type Course struct {
	By     By       `json:"by"`
	Labels []string `json:"labels"` // days, or months
	Now    []int    `json:"now"`
	Before []int    `json:"before"` // by the same place in its period; it may be longer or shorter
}

// Issue is what many said at once.
type Issue struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"` // as it was called; "" where its matters have no words in common
	Matters int    `json:"matters"`
	Before  int    `json:"before"` // in the period before
}

// Earlier is what an earlier report of the same period said.
type Earlier struct {
	ID      int64    `json:"id"`
	AsOf    law.Day  `json:"as_of"`
	Changes []Change `json:"changes"`
}

// Change is a figure that is no longer what an earlier report said. Again is what that report would say today of the same day: where it differs, something was
// recorded late; otherwise things went on.
type Change struct {
	Indicator string `json:"indicator"`
	Then      Figure `json:"then"`
	Again     Figure `json:"again"`
	Now       Figure `json:"now"`
}

// Facts are what a report is written from.
type Facts struct {
	Kind       Kind        `json:"kind"`
	Unit       org.UnitID  `json:"unit"`
	Periods    Periods     `json:"periods"`
	Entries    []Entry     `json:"entries"`
	Opening    int         `json:"opening"` // stock of the day before
	Breakdowns []Breakdown `json:"breakdowns"`
	Course     Course      `json:"course"`
	Issues     []Issue     `json:"issues"`
	Missed     int         `json:"missed,omitempty"` // reports that were due while the program did not run
	Earlier    *Earlier    `json:"earlier,omitempty"`
}

// Indicators are the figures of a report, in their order.
func Indicators() []string {
	return []string{
		"submissions", "items", "batches", "persons", "online", "repeat", "timely_acceptance", "timely_acceptance_bureau", "timely_acceptance_unit", "on_time_a",
		"on_time_b", "review_on_time", "reported_on_time", "days_to_notice", "days_to_answer", "satisfaction_receiving", "satisfaction_handling", "participation",
		"resolved", "stock", "added", "reopened", "moved_in", "ended", "joined", "moved_out", "overdue", "pending",
	}
}

// Entry is an indicator of the report; without one it is nothing.
func (f Facts) Entry(id string) Entry {
	if i := slices.IndexFunc(f.Entries, func(e Entry) bool { return e.Indicator == id }); i >= 0 {
		return f.Entries[i]
	}
	return Entry{Indicator: id}
}

// Breakdown is one breakdown of the report.
func (f Facts) Breakdown(by By) Breakdown {
	if i := slices.IndexFunc(f.Breakdowns, func(b Breakdown) bool { return b.By == by }); i >= 0 {
		return f.Breakdowns[i]
	}
	return Breakdown{By: by}
}

// Came are the groups of which something came in either period.
func (b Breakdown) Came() []Row {
	return slices.DeleteFunc(slices.Clone(b.Rows), func(r Row) bool { return r.Now == 0 && r.Before == 0 })
}

// Balance is how the stock came to be what it is.
func (f Facts) Balance() stat.Balance {
	n := func(id string) int { return f.Entry(id).Now.Sum }
	return stat.Balance{
		Opening: f.Opening, Added: n("added"), Reopened: n("reopened"), MovedIn: n("moved_in"), Ended: n("ended"), Joined: n("joined"), MovedOut: n("moved_out"), Closing: n("stock"),
	}
}

// Changes compares the figures with those that an earlier report said and with what it would say today.
func Changes(then, again, now []Entry) []Change {
	of := func(list []Entry, id string) (Figure, bool) {
		i := slices.IndexFunc(list, func(e Entry) bool { return e.Indicator == id })
		if i < 0 {
			return Figure{}, false
		}
		return list[i].Now, true
	}
	var out []Change
	for _, e := range then {
		a, known := of(again, e.Indicator)
		n, still := of(now, e.Indicator)
		if known && still && (e.Now != a || e.Now != n) {
			out = append(out, Change{Indicator: e.Indicator, Then: e.Now, Again: a, Now: n})
		}
	}
	return out
}
