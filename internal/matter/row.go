package matter

import (
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/query"
)

// Row is the matter as lists show it: everything in it follows from the events and can be made again.
type Row struct {
	Ref         Ref
	Version     int
	State       State
	Open        bool
	Sealed      bool
	Merged      Ref
	Title       string // empty for a sealed matter: its words stay in its events, encrypted
	Kind        Kind
	Category    string
	Level       Level
	Channel     Channel
	Place       int64
	Receiver    org.UnitID
	Unit        org.UnitID // that has to do something now: the holder, or who reviews
	Handler     org.UserID
	Turn        string
	TurnUnit    org.UnitID
	Received    law.Day
	OpenedUS    int64
	ChangedUS   int64
	Due         law.Day // legal end of the duty that ends first; NoDay when none runs
	DueSafe     law.Day
	DueRule     law.RuleID
	Provisional bool
	Demands     int
	Answered    int
	Persons     int
	Repeats     int
	Resolved    bool
	FollowUp    bool
	Rated       bool
	Ended       law.Day
}

// Row projects the matter. Next is its duty that ends first, if one runs; changedUS is when the last event was recorded.
func (m *Matter) Row(next *Clock, changedUS int64) Row {
	turn := m.Turn()
	r := Row{
		Ref: m.Ref, Version: m.Version, State: m.Stage(), Open: m.Open(), Sealed: m.Sealed, Merged: m.Merged, Title: m.Title(), Kind: m.Kind,
		Category: m.Category, Level: m.Level, Place: m.Place(), Receiver: m.Receiver(), Unit: m.Desk(), Handler: m.inCharge(),
		Turn: turn.Code, TurnUnit: turn.Unit, Received: m.Received(), ChangedUS: changedUS,
		Demands: len(m.Demands), Answered: len(m.Demands) - len(m.Silent()), Persons: m.Counts().Persons, Repeats: m.Repeats(),
		Resolved: m.Resolved, FollowUp: m.FollowUp, Rated: len(m.Ratings) > 0, Ended: m.Ended,
	}
	if len(m.Submissions) > 0 {
		r.Channel, r.OpenedUS = m.Submissions[0].Channel, m.Submissions[0].ReceivedUS
	}
	if m.Sealed {
		r.Title = ""
	}
	if next != nil && r.Open {
		r.Due, r.DueSafe, r.DueRule, r.Provisional = next.Legal, next.Safe, next.Rule, next.Provision
	}
	return r
}

// Standing says how the duty that ends first stands on a day; false when no duty runs.
func (r Row) Standing(today law.Day) (Standing, bool) {
	if !r.Open || !r.Due.Known() {
		return Standing{}, false
	}
	return Stand(r.Due, r.DueSafe, today, SoonDays), true
}

// Light is the light of that standing; done where no duty runs.
func (r Row) Light(today law.Day) law.Light {
	s, running := r.Standing(today)
	if !running {
		return law.LightDone
	}
	return s.Light
}

// List names whose matters a list holds. The words are fixed: mine is what is assigned to me.
type List string

// The lists.
const (
	ListMine List = "mine"
	ListUnit List = "unit"
	ListAll  List = "all"
)

// View narrows a list by what is to be done.
type View string

// The views of a list.
const (
	ViewOpen     View = "open"     // everything an organ still owes
	ViewNew      View = "new"      // registered, not yet sent or taken
	ViewUnsigned View = "unsigned" // sent, not signed for
	ViewToday    View = "today"    // due today
	ViewThree    View = "three"    // due in three days
	ViewSoon     View = "soon"     // due in five days
	ViewLate     View = "late"     // past the legal day
	ViewWaiting  View = "waiting"  // the petitioner's turn
	ViewEnded    View = "ended"    // 办结 and withdrawn
	ViewAny      View = "any"      // whatever is to be done or not: for searches
)

// Views lists the views in the order pages show them.
func Views() []View {
	return []View{ViewOpen, ViewNew, ViewUnsigned, ViewToday, ViewThree, ViewSoon, ViewLate, ViewWaiting, ViewEnded}
}

// Ahead is how many days ahead a view of what is due looks; false for any other view. The day counted to is the safe one.
func (v View) Ahead() (days int, due bool) {
	const today, three = 0, 3
	switch v {
	case ViewToday:
		return today, true
	case ViewThree:
		return three, true
	case ViewSoon:
		return SoonDays, true
	case ViewOpen, ViewNew, ViewUnsigned, ViewLate, ViewWaiting, ViewEnded, ViewAny:
	}
	return 0, false
}

// Within is the next wider view that holds all that a view does; false where there is none.
func (v View) Within() (View, bool) {
	switch v {
	case ViewToday:
		return ViewThree, true
	case ViewThree:
		return ViewSoon, true
	case ViewSoon, ViewNew, ViewUnsigned, ViewLate, ViewWaiting:
		return ViewOpen, true
	case ViewOpen, ViewEnded, ViewAny:
	}
	return "", false
}

// OfOpen reports whether a view is of open matters alone.
func (v View) OfOpen() bool { return v != ViewEnded && v != ViewAny }

// SoonDays is how many days ahead "due soon" reaches on worklists.
const SoonDays = 5

// Filter says which matters a list wants. After is the keyset position of the row before the page.
type Filter struct {
	List     List
	View     View
	Unit     org.UnitID // narrows to one holder
	Place    int64      // narrows to a place's subtree, by division code
	Category string     // narrows to a category and those under it, by code
	Today    law.Day
	Latest   law.Day // of a view of what is due: the last legal end that it can hold, since what counts is the safe one; NoDay where it is not known
	After    Cursor
	Limit    int // at most MaxPage
}

// On is the filter on a day.
func (f Filter) On(today law.Day, cal *law.Calendar) Filter {
	f.Today, f.Latest = today, law.NoDay
	if ahead, due := f.View.Ahead(); due {
		f.Latest = law.LatestLegal(today.Add(ahead), cal)
	}
	return f
}

// Search says which matters a search wants, the newest first. Of the position in After only home and number count: it may be that of a matter that
// was looked at and did not fit.
type Search struct {
	Filter
	Words    query.Query
	State    State   // a single stage; empty for all
	Channel  Channel // by which the first submission came
	From, To law.Day // on which it was received, both included; law.NoDay for no bound
	Late     bool    // only what is past its legal day
	Best     bool    // the best matches first, of the newest BestReach that fit; only with words
}

// BestReach is among how many matters that fit the best matches are chosen: the newest, as far as a search looks before it says where to go on.
const BestReach = 1000

// MaxPage is the longest page of a list.
const MaxPage = 100

// Cursor is a position in the order of a worklist: legal day, then home and number. Its zero value is before the first row.
type Cursor struct {
	Due  string `json:"d"` // 2006-01-02, or "9" for none
	Home int64  `json:"h"`
	N    int64  `json:"n"`
}

// NoDue sorts matters without a running duty after all others.
const NoDue = "9"

// DueKey is the sort key of a due day.
func DueKey(d law.Day) string {
	if !d.Known() {
		return NoDue
	}
	return d.String()
}

// Cursor returns the row's position.
func (r Row) Cursor() Cursor { return Cursor{Due: DueKey(r.Due), Home: r.Ref.Home, N: r.Ref.N} }
