package usecase

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/hot"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

const (
	// MaxIssues is how many issues a list shows: those with the most matters.
	MaxIssues = 50
	// IssueRows is how many matters of an issue a page shows.
	IssueRows = 20
	// issuePast is how many windows before the one that is looked at make the usual.
	issuePast = 3
	// issueExamples is how many texts show what an issue is about.
	issueExamples = 3
	// maxIssueActs is how many decisions a page shows.
	maxIssueActs = 50
)

// IssueWindows are the windows in which issues are counted, in days up to today.
func IssueWindows() []int { return []int{7, 30, 90} }

// MayIssues reports whether a duty sees issues: those who lead or supervise, and the registrars of a petition department.
func (o *Office) MayIssues(who org.Actor) bool {
	if who.Has(org.RoleRegistrar) {
		unit, _ := o.Chart().Unit(who.Duty.Unit)
		return unit.Bureau()
	}
	return who.Has(org.RoleSupervisor, org.RoleLeader, org.RoleHead)
}

func (o *Office) needIssues(who org.Actor) error {
	switch {
	case who.Kind == org.ActorNobody || who.Kind == org.ActorPetitioner:
		return errs.E(errs.Unauthenticated, "auth.sign_in")
	case !o.MayIssues(who):
		return errs.E(errs.Forbidden, "auth.duty")
	}
	return granted(who, "read")
}

// issueHome is where an actor's issues are: the home of their unit.
func (o *Office) issueHome(who org.Actor) int64 {
	unit, _ := o.Chart().Unit(who.Duty.Unit)
	return HomeOf(unit.Place)
}

// IssueFilter narrows issues. What is zero narrows nothing.
type IssueFilter struct {
	Days      int // the window, one of IssueWindows; any other means 30
	Place     int64
	Category  string
	Dismissed bool // those that were dismissed, and no others
}

// IssueDay is what was received on a day.
type IssueDay struct {
	Day     law.Day
	Matters int
	Persons int
}

// IssueRow is an issue with what the actor may see of it: nothing here counts a matter outside their scope.
type IssueRow struct {
	ID        int64
	Name      string // by a person, or from the words of its matters; empty where they have none in common
	Given     bool   // a person named it
	Place     int64  // the narrowest in which most of its matters lie; zero for none
	Dismissed bool
	Matters   int        // in the window; what was joined to another counts once, there
	Repeats   int        // submissions on them beyond the first
	Persons   int        // as claimed by the submissions, each time they came
	Days      []IssueDay // each day of the window, the earliest first
	First     law.Day    // of the days in the window on which something came
	Last      law.Day
	Usual     int // matters in the three windows of the same length before, together
}

// Growth compares with the usual, in whole hundredths: 250 is two and a half times as many matters as in an average one of the three windows of the same length
// before. It is false where nothing came before.
func (r IssueRow) Growth() (percent int, known bool) {
	if r.Usual == 0 {
		return 0, false
	}
	return 100 * issuePast * r.Matters / r.Usual, true
}

// IssueList are issues of a window, those with the most matters first.
type IssueList struct {
	Days int
	From law.Day
	To   law.Day
	Rows []IssueRow
}

func (f IssueFilter) days() int {
	if slices.Contains(IssueWindows(), f.Days) {
		return f.Days
	}
	return IssueWindows()[1]
}

func (o *Office) issueFilter(who org.Actor, f IssueFilter) store.IssueFilter {
	to := o.Today()
	return store.IssueFilter{
		Home: o.issueHome(who), From: to.Add(1 - f.days()), To: to, Place: f.Place, Category: f.Category, Dismissed: f.Dismissed, Least: hot.Least, Limit: MaxIssues,
	}
}

// Issues returns what many say at once within the actor's scope. An issue of which they may see fewer than three matters in the window is none for them.
func (o *Office) Issues(ctx context.Context, who org.Actor, f IssueFilter) (IssueList, error) {
	if err := o.needIssues(who); err != nil {
		return IssueList{}, err
	}
	sf := o.issueFilter(who, f)
	list := IssueList{Days: f.days(), From: sf.From, To: sf.To}
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		found, err := t.Issues(ctx, who.Scope(), sf)
		if err != nil {
			return err
		}
		list.Rows, err = issueRows(ctx, t, who, sf, f.days(), found)
		return err
	})
	return list, err
}

// issueRows gives issues their days and what was usual.
func issueRows(ctx context.Context, t *store.Tx, who org.Actor, f store.IssueFilter, days int, found []store.IssueCount) ([]IssueRow, error) {
	ids := make([]int64, len(found))
	for i, c := range found {
		ids[i] = c.ID
	}
	past := f
	past.From = f.From.Add(-issuePast * days)
	came, err := t.IssueDays(ctx, who.Scope(), past, ids)
	if err != nil {
		return nil, err
	}
	out := make([]IssueRow, len(found))
	for i, c := range found {
		r := IssueRow{ID: c.ID, Name: cmp.Or(c.Given, c.Name), Given: c.Given != "", Place: c.Place, Dismissed: c.Dismissed, Matters: c.Matters, Repeats: c.Repeats, Persons: c.Persons}
		for d := range days {
			r.Days = append(r.Days, IssueDay{Day: f.From.Add(d)})
		}
		for _, d := range came {
			switch {
			case d.Issue != c.ID:
			case d.Day < f.From:
				r.Usual += d.Matters
			default:
				r.Days[d.Day-f.From] = IssueDay{d.Day, d.Matters, d.Persons}
				r.Last = d.Day
				if !r.First.Known() {
					r.First = d.Day
				}
			}
		}
		out[i] = r
	}
	return out, nil
}

// IssueExample is a matter's text with the words that the issue's matters have in common marked.
type IssueExample struct {
	Ref     matter.Ref
	Title   []query.Part
	Excerpt []query.Part
}

// IssueActView is a decision with who took it.
type IssueActView struct {
	store.IssueAct
	Person string
	At     org.Unit
	Matter matter.Ref // that it was about, where the actor may see it
}

// IssueView is an issue as one actor may see it.
type IssueView struct {
	IssueRow
	Window   int // days
	Words    []string
	Found    string // the name from the words of its matters
	Examples []IssueExample
	Members  []RowView // within the scope, newest first, of any time
	Next     int64     // where to go on; zero at the end
	Out      []RowView // that a person took out
	Merged   []IssueRow
	Acts     []IssueActView // newest first
	Decides  bool           // the actor sees all of it, so may decide on it
	Today    law.Day
}

// Issue returns an issue of which the actor may see at least one matter, with its counts in a window and its matters of any time before a number (0: the newest). For one that
// was merged into another it returns that other, whose number it has.
func (o *Office) Issue(ctx context.Context, who org.Actor, id int64, f IssueFilter, before int64) (IssueView, error) {
	if err := o.needIssues(who); err != nil {
		return IssueView{}, err
	}
	var v IssueView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		v = IssueView{Window: f.days(), Today: o.Today()}
		home := o.issueHome(who)
		id, err := issueRoot(ctx, t, home, id)
		if err != nil {
			return err
		}
		i, members, err := o.seeIssue(ctx, t, who, id, before)
		if err != nil {
			return err
		}
		sf := o.issueFilter(who, f)
		sf.Dismissed = i.Dismissed
		rows, err := issueRows(ctx, t, who, sf, f.days(), []store.IssueCount{{Issue: i}})
		if err != nil {
			return err
		}
		v.IssueRow, v.Found, v.Words = rows[0], i.Name, strings.Fields(i.Name)
		for _, d := range v.Days {
			v.Matters, v.Persons = v.Matters+d.Matters, v.Persons+d.Persons
		}
		if len(members) > IssueRows {
			members = members[:IssueRows]
			v.Next = members[IssueRows-1].Ref.N
		}
		for _, m := range members {
			v.Members = append(v.Members, o.rowView(m, v.Today))
			v.Repeats += m.Repeats
		}
		out, err := t.IssuePage(ctx, who.Scope(), home, id, 0, true, IssueRows)
		if err != nil {
			return err
		}
		for _, m := range out {
			v.Out = append(v.Out, o.rowView(m, v.Today))
		}
		if v.Examples, err = issueTextsOf(ctx, t, home, v.Words, members); err != nil {
			return err
		}
		if v.Decides, err = o.seesAll(ctx, t, who, home, id); err != nil {
			return err
		}
		return o.issueDecisions(ctx, t, who, home, &v)
	})
	return v, err
}

// issueRoot is the number of the issue in which one is shown.
func issueRoot(ctx context.Context, t *store.Tx, home, id int64) (int64, error) {
	i, err := t.Issue(ctx, home, id)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.E(errs.NotFound, "issue.not_found")
	}
	return i.Root, err
}

// seeIssue returns an issue and a page of its matters, one more than is shown, if the actor may see any matter of it.
func (o *Office) seeIssue(ctx context.Context, t *store.Tx, who org.Actor, id, before int64) (store.Issue, []matter.Row, error) {
	home := o.issueHome(who)
	none := errs.E(errs.NotFound, "issue.not_found")
	i, err := t.Issue(ctx, home, id)
	if errs.KindOf(err) == errs.NotFound || err == nil && i.Root != i.ID {
		return i, nil, none
	}
	if err != nil {
		return i, nil, err
	}
	members, err := t.IssuePage(ctx, who.Scope(), home, id, before, false, IssueRows+1)
	if err != nil || len(members) > 0 || before != 0 {
		return i, members, err
	}
	out, err := t.IssuePage(ctx, who.Scope(), home, id, 0, true, 1) // everything was taken out: it can still be brought back
	if err == nil && len(out) == 0 {
		err = none
	}
	return i, nil, err
}

// seesAll reports whether the actor sees every matter of an issue: who sees a part must not decide on the whole.
func (o *Office) seesAll(ctx context.Context, t *store.Tx, who org.Actor, home, id int64) (bool, error) {
	f := store.IssueFilter{Home: home}
	all, err := t.IssueSize(ctx, org.System().Scope(), f, id)
	if err != nil {
		return false, err
	}
	seen, err := t.IssueSize(ctx, who.Scope(), f, id)
	return all == seen, err
}

// issueTextsOf marks the common words in what some of the matters say: those of which most words are found first.
func issueTextsOf(ctx context.Context, t *store.Tx, home int64, words []string, members []matter.Row) ([]IssueExample, error) {
	texts, err := firstSaid(ctx, t, home, numbersOf(members))
	if err != nil {
		return nil, err
	}
	q := query.Plain(strings.Join(words, " "))
	hits := func(m matter.Row) (n int) {
		said := strings.ToLower(texts[m.Ref.N].Title + " " + texts[m.Ref.N].Text)
		for _, w := range words {
			if strings.Contains(said, w) {
				n++
			}
		}
		return n
	}
	members = slices.Clone(members)
	slices.SortStableFunc(members, func(a, b matter.Row) int { return cmp.Compare(hits(b), hits(a)) })
	var out []IssueExample
	for _, m := range members[:min(len(members), issueExamples)] {
		said := texts[m.Ref.N]
		out = append(out, IssueExample{Ref: m.Ref, Title: q.Mark(said.Title), Excerpt: q.Excerpt(said.Text)})
	}
	return out, nil
}

// issueDecisions adds what people decided, and the issues that were merged.
func (o *Office) issueDecisions(ctx context.Context, t *store.Tx, who org.Actor, home int64, v *IssueView) error {
	parts, err := t.IssuesIn(ctx, home, v.ID)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if p.ID != v.ID {
			v.Merged = append(v.Merged, IssueRow{ID: p.ID, Name: cmp.Or(p.Given, p.Name)})
		}
	}
	acts, err := t.IssueActs(ctx, home, v.ID, maxIssueActs)
	if err != nil {
		return err
	}
	var people []org.UserID
	var matters []int64
	for _, a := range acts {
		people = append(people, a.User)
		if IssueActKind(a.Kind).ofMatter() {
			matters = append(matters, a.Other)
		}
	}
	names, err := t.PersonNames(ctx, people)
	if err != nil {
		return err
	}
	seen, err := t.Seen(ctx, who.Scope(), home, matters[:min(len(matters), store.MaxList)])
	if err != nil {
		return err
	}
	for _, a := range acts {
		view := IssueActView{IssueAct: a, Person: names[a.User]}
		view.At, _ = o.Chart().Unit(a.Unit)
		if IssueActKind(a.Kind).ofMatter() && slices.Contains(seen, a.Other) {
			view.Matter = matter.Ref{Home: home, N: a.Other}
		}
		v.Acts = append(v.Acts, view)
	}
	return nil
}

// joinWords writes the words of a name.
func joinWords(words []string) string { return strings.Join(words, " ") }
