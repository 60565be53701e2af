package usecase

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"huiyin/internal/find"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

const (
	// MaxRepeats is how many matters are put to a person at most.
	MaxRepeats = 5
	// RepeatPercent is from which share of the text on a matter is put to a person for its text alone. In real messages nearly all pairs from there on
	// are of the same thing; below it the words of the subject are what they share.
	RepeatPercent = 30
	// RepeatReach is the number of matters whose text is compared: those with the most keys in common.
	RepeatReach = 40

	repeatPeople   = 6 // of a group, whose earlier matters are looked for
	repeatOwn      = 8 // matters looked at for each of them, and for the title
	leastPassage   = 6 // characters
	mostPassages   = 20
	percentsOfStep = 10 // shares are ranked in steps, so that within one the other reasons count
)

// Repeat is an earlier matter that may be about the same facts, with the reasons. It proposes; a person decides.
type Repeat struct {
	RowView
	Text     string         // what was said then
	Percent  int            // how much of the text is the same: the Jaccard share of its three-character pieces
	Passages []find.Passage // that stand in both texts, as ranges of Repeats.Text and of Text
	Title    bool           // the words of the title are in it
	Person   bool           // somebody with the same identity number has a submission on it
	Place    int64          // in which both lie, below the county; zero where they do not
	Unit     org.Unit       // that has it, and that the catalogue names for what is being registered; the zero unit otherwise
	Days     int            // between the two days of receipt
}

// Repeats are the matters that may be about the same facts as a submission, the likeliest first.
type Repeats struct {
	Text string // of the submission, as it was compared
	List []Repeat
}

// Repeats looks, within the actor's scope, for matters that a submission about to be registered may repeat: those of which the text is alike, those that have
// the words of its title, and by keyed hash those of the same identity numbers. At most MaxRepeats are given: those with more of the text in common first,
// in steps of ten percent from RepeatPercent on; then the same person, the title, the same place, the same unit, the fewer days between; then the newer.
// An accusation is compared with nothing, and nothing with one. Except is left out: the matter itself, where it is registered already.
func (o *Office) Repeats(ctx context.Context, who org.Actor, in matter.Intake, except matter.Ref) (Repeats, error) {
	if err := need(who, org.RoleRegistrar, org.RoleHandler, org.RoleSupervisor); err != nil {
		return Repeats{}, err
	}
	if err := granted(who, "read"); err != nil {
		return Repeats{}, err
	}
	if in.Kind == matter.KindAccusation {
		return Repeats{}, nil
	}
	out := Repeats{Text: Said(in.Title, in.Narrative, in.Demands)}
	var units []Suggestion
	if in.Category != "" && in.Place != 0 {
		var err error
		if units, err = o.Suggest(ctx, who, in.Category, in.Place); err != nil {
			return Repeats{}, err
		}
	}
	l := repeatSearch{Office: o, who: who, in: in, except: except, text: find.Read(out.Text), received: o.Today(), units: units}
	if in.ReceivedUS != 0 {
		l.received = law.DayOf(in.ReceivedUS)
	}
	unit, _ := o.Chart().Unit(who.Duty.Unit)
	l.home = HomeOf(unit.Place)
	l.shingles = l.text.Shingles()
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		l.found = nil
		return l.run(ctx, t)
	})
	if err != nil {
		return Repeats{}, err
	}
	out.List = l.ranked()
	for i, r := range out.List {
		out.List[i].Passages = find.Passages(l.text, find.Read(r.Text), leastPassage, mostPassages)
	}
	return out, nil
}

// Said is what somebody says, as it is compared.
func Said(title, narrative string, demands []string) string {
	parts := slices.DeleteFunc(append([]string{title, narrative}, demands...), func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.Join(parts, "\n")
}

// sketchOf is the sketch of what a matter's first submission says.
func sketchOf(m *matter.Matter) []uint64 {
	s := m.Submissions[0]
	return find.Sketch(find.Read(Said(s.Title, s.Narrative, s.Demands)).Shingles())
}

// repeatSearch is one search for repeats.
type repeatSearch struct {
	*Office
	who      org.Actor
	in       matter.Intake
	except   matter.Ref
	home     int64
	text     find.Text
	shingles find.Shingles
	received law.Day
	units    []Suggestion
	found    []Repeat
}

// run collects the matters from all three sides and gives each its text.
func (l *repeatSearch) run(ctx context.Context, t *store.Tx) error {
	alike, err := t.MattersAlike(ctx, l.who.Scope(), l.home, find.Sketch(l.shingles), RepeatReach)
	if err != nil {
		return err
	}
	own, err := l.own(ctx, t)
	if err != nil {
		return err
	}
	titled, err := l.titled(ctx, t)
	if err != nil {
		return err
	}
	for _, row := range slices.Concat(own, titled) {
		if !slices.ContainsFunc(alike, func(a store.Alike) bool { return a.Row.Ref == row.Ref }) {
			alike = append(alike, store.Alike{Said: row.Ref, Row: row})
		}
	}
	texts, err := l.texts(ctx, t, alike)
	if err != nil {
		return err
	}
	has := func(rows []matter.Row, ref matter.Ref) bool {
		return slices.ContainsFunc(rows, func(r matter.Row) bool { return r.Ref == ref })
	}
	for _, a := range alike {
		l.add(a, texts[a.Said], has(own, a.Row.Ref), has(titled, a.Row.Ref))
	}
	return nil
}

// own are the matters of the people named, by keyed hash.
func (l *repeatSearch) own(ctx context.Context, t *store.Tx) ([]matter.Row, error) {
	var numbers []string
	for _, p := range l.in.Petitioners {
		n := gazetteer.NormalizeIDNumber(p.IDNumber)
		if n != "" && !slices.Contains(numbers, n) && len(numbers) < repeatPeople {
			numbers = append(numbers, n)
		}
	}
	var out []matter.Row
	for _, n := range numbers {
		hashes, err := l.Vault.Hashes(vault.Lookup, n)
		if err != nil {
			return nil, err
		}
		for _, hash := range hashes { // one for each version of the key
			found, err := t.MattersOfPerson(ctx, l.who.Scope(), l.home, hash, repeatOwn)
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	return out, nil
}

// titled are newer open matters at the place whose text has the words of the title.
func (l *repeatSearch) titled(ctx context.Context, t *store.Tx) ([]matter.Row, error) {
	if strings.TrimSpace(l.in.Title) == "" {
		return nil, nil
	}
	return t.MattersTitled(ctx, l.who.Scope(), l.home, l.in.Title, l.in.Place, repeatOwn)
}

// texts reads what the matters' first submissions said.
func (l *repeatSearch) texts(ctx context.Context, t *store.Tx, alike []store.Alike) (map[matter.Ref]string, error) {
	numbers := make([]int64, len(alike)) // all of one home, in which the search is made
	for i, a := range alike {
		numbers[i] = a.Said.N
	}
	events, err := t.FirstEvents(ctx, l.home, numbers)
	if err != nil {
		return nil, err
	}
	out := make(map[matter.Ref]string, len(alike))
	for n, e := range events {
		ref := matter.Ref{Home: l.home, N: n}
		body, _, err := matter.Decode(e.Kind, e.Body)
		if err != nil {
			return nil, fmt.Errorf("matter %s: %w", ref, err)
		}
		if b, ok := body.(matter.Registered); ok {
			out[ref] = Said(b.Submission.Title, b.Submission.Narrative, b.Submission.Demands)
		}
	}
	return out, nil
}

// add takes a matter up if something speaks for it. One that is found by two of its submissions counts for the one that is more alike.
func (l *repeatSearch) add(a store.Alike, text string, person, title bool) {
	r := Repeat{
		RowView: l.rowView(a.Row, l.Today()), Text: text, Percent: l.shingles.Of(find.Read(text).Shingles()).Percent(), Title: title, Person: person,
		Place: commonPlace(l.in.Place, a.Row.Place), Days: max(int(l.received-a.Row.Received), int(a.Row.Received-l.received)),
	}
	if a.Row.Ref == l.except || r.Percent < RepeatPercent && !title && !person {
		return
	}
	for _, u := range l.units {
		if u.Unit.ID == a.Row.Unit {
			r.Unit = u.Unit
		}
	}
	if i := slices.IndexFunc(l.found, func(x Repeat) bool { return x.Ref == r.Ref }); i < 0 {
		l.found = append(l.found, r)
	} else if l.found[i].Percent < r.Percent {
		l.found[i] = r
	}
}

// ranked gives the likeliest.
func (l *repeatSearch) ranked() []Repeat {
	yes := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	step := func(r Repeat) int {
		if r.Percent < RepeatPercent {
			return 0
		}
		return r.Percent / percentsOfStep
	}
	slices.SortFunc(l.found, func(a, b Repeat) int {
		return cmp.Or(cmp.Compare(step(b), step(a)), cmp.Compare(yes(b.Person), yes(a.Person)), cmp.Compare(yes(b.Title), yes(a.Title)),
			cmp.Compare(yes(b.Place != 0), yes(a.Place != 0)), cmp.Compare(yes(b.Unit.ID != 0), yes(a.Unit.ID != 0)),
			cmp.Compare(a.Days, b.Days), cmp.Compare(b.Ref.N, a.Ref.N))
	})
	return l.found[:min(len(l.found), MaxRepeats)]
}

// commonPlace is the wider of two places if it holds the other and is below a county; within a county everything is at the same place.
func commonPlace(a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	if gazetteer.LevelOf(a) > gazetteer.LevelOf(b) {
		a, b = b, a
	}
	if gazetteer.LevelOf(a) <= gazetteer.County {
		return 0
	}
	for ; b != 0; b = gazetteer.ParentCode(b) {
		if b == a {
			return a
		}
	}
	return 0
}
