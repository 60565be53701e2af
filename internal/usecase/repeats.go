package usecase

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"huiyin/internal/find"
	"huiyin/internal/gazetteer"
	"huiyin/internal/hot"
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
	// RepeatLikeness is from which likeness on a matter is put to a person as the same thing in other words. On the labelled pairs, of which half are near
	// misses, 92 in 100 of those from there on are of the same thing, and 68 in 100 of all that are the same (docs/repeats.md): at the desk a wrong
	// proposal costs more than one that is missed, which the search still finds.
	RepeatLikeness = 0.7
	// RepeatReach is the number of matters whose text is compared: those with the most keys in common, and as many with the weightiest terms.
	RepeatReach = 40

	repeatPeople   = 6 // of a group, whose earlier matters are looked for
	repeatOwn      = 8 // matters looked at for each of them, and for the title
	leastPassage   = 6 // characters
	mostPassages   = 20
	mostTelling    = 16 // pairs of characters that are marked where the words differ
	percentsOfStep = 10 // shares are ranked in steps, so that within one the other reasons count
)

// Repeat is an earlier matter that may be about the same facts, with the reasons. It proposes; a person decides.
type Repeat struct {
	RowView
	Text     string         // what was said then
	Percent  int            // how much of the text is the same: the Jaccard share of its three-character pieces
	Passages []find.Passage // that stand in both texts, as ranges of Repeats.Text and of Text
	Likeness float64        // how probably it is the same thing, in whatever words: 0 to 1
	Here     []find.Range   // of Repeats.Text: what makes it the same thing in other words, where it is put to the person for that
	There    []find.Range   // the same, of Text
	Title    bool           // the words of the title are in it
	Person   bool           // somebody with the same identity number has a submission on it
	Place    int64          // in which both lie, below the county; zero where they do not
	Apart    bool           // they lie in two townships
	Unit     org.Unit       // that has it, and that the catalogue names for what is being registered; the zero unit otherwise
	Days     int            // between the two days of receipt
}

// Repeats are the matters that may be about the same facts as a submission, the likeliest first.
type Repeats struct {
	Text string // of the submission, as it was compared
	List []Repeat
}

// Told reports whether the matter is put to a person as the same thing in other words. What happened in two townships is not: the same trouble is told in the same
// words everywhere.
func (r Repeat) Told() bool {
	return r.Percent < RepeatPercent && r.Likeness >= RepeatLikeness && !r.Apart
}

// Repeats looks, within the actor's scope, for matters that a submission about to be registered may repeat: those of which the text is alike, those about the
// same thing in other words, those that have the words of its title, and by keyed hash those of the same identity numbers. At most MaxRepeats are given: those
// with more of the text in common first, in steps of ten percent from RepeatPercent on; then what is told in other words, in steps of its likeness; the same person, the title, the same
// place, the same unit, the fewer days between; then the newer.
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
	l.shingles, l.account = l.text.Shingles(), o.weights.Account(in.Title, out.Text)
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		l.found = nil
		return l.run(ctx, t)
	})
	if err != nil {
		return Repeats{}, err
	}
	out.List = l.ranked()
	for i, r := range out.List {
		there := find.Read(r.Text)
		out.List[i].Passages = find.Passages(l.text, there, leastPassage, mostPassages)
		if r.Told() {
			out.List[i].Here, out.List[i].There = o.weights.Telling(l.text, there, mostTelling)
		}
	}
	return out, nil
}

// Said is what somebody says, as it is compared.
func Said(title, narrative string, demands []string) string {
	parts := slices.DeleteFunc(append([]string{title, narrative}, demands...), func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.Join(parts, "\n")
}

// SaidKeys are what a matter is found by from what its first submission says: the keys of a sketch, and those of the terms.
func (o *Office) SaidKeys(said string) []uint64 {
	text := find.Read(said)
	keys := find.Sketch(text.Shingles())
	for _, term := range o.weights.Vector(text).Terms() {
		keys = append(keys, term.Key)
	}
	return keys
}

func (o *Office) keysOf(m *matter.Matter) []uint64 {
	s := m.Submissions[0]
	return o.SaidKeys(Said(s.Title, s.Narrative, s.Demands))
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
	account  find.Account
	received law.Day
	units    []Suggestion
	found    []Repeat
}

// run collects the matters from all sides and gives each its text.
func (l *repeatSearch) run(ctx context.Context, t *store.Tx) error {
	alike, err := t.MattersAlike(ctx, l.who.Scope(), l.home, find.Sketch(l.shingles), RepeatReach)
	if err != nil {
		return err
	}
	like, err := t.MattersLike(ctx, l.who.Scope(), l.home, l.account.Vector().Terms(), func(matter.Row) bool { return true }, RepeatReach)
	if err != nil {
		return err
	}
	for _, x := range like {
		if !slices.ContainsFunc(alike, func(a store.Alike) bool { return a.Said == x.Said }) {
			alike = append(alike, store.Alike{Said: x.Said, Row: x.Row})
		}
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
	said := make([]int64, len(alike)) // all of one home, in which the search is made
	for i, a := range alike {
		said[i] = a.Said.N
	}
	texts, err := firstSaid(ctx, t, l.home, said)
	if err != nil {
		return err
	}
	has := func(rows []matter.Row, ref matter.Ref) bool {
		return slices.ContainsFunc(rows, func(r matter.Row) bool { return r.Ref == ref })
	}
	for _, a := range alike {
		l.add(a, texts[a.Said.N], has(own, a.Row.Ref), has(titled, a.Row.Ref))
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
	title := hiderOf(l.in.Petitioners).Hide(l.in.Title) // as it is indexed
	return t.MattersTitled(ctx, l.who.Scope(), l.home, title, l.in.Place, repeatOwn)
}

// firstSaid reads what the first submissions of some unsealed matters of one home said, by their numbers.
func firstSaid(ctx context.Context, t *store.Tx, home int64, matters []int64) (map[int64]hot.Said, error) {
	events, err := t.FirstEvents(ctx, home, matters)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]hot.Said, len(matters))
	for n, e := range events {
		body, _, err := matter.Decode(e.Kind, e.Body)
		if err != nil {
			return nil, fmt.Errorf("matter %s: %w", matter.Ref{Home: home, N: n}, err)
		}
		if b, ok := body.(matter.Registered); ok {
			out[n] = hot.Said{Title: b.Submission.Title, Text: Said("", b.Submission.Narrative, b.Submission.Demands)}
		}
	}
	return out, nil
}

// numbersOf are the numbers of some matters.
func numbersOf(rows []matter.Row) []int64 {
	out := make([]int64, len(rows))
	for i, r := range rows {
		out[i] = r.Ref.N
	}
	return out
}

// add takes a matter up if something speaks for it. One that is found by two of its submissions counts for the one that is more alike.
func (l *repeatSearch) add(a store.Alike, said hot.Said, person, title bool) {
	text := Said(said.Title, said.Text, nil)
	r := Repeat{
		RowView: l.rowView(a.Row, l.Today()), Text: text, Percent: l.shingles.Of(find.Read(text).Shingles()).Percent(), Title: title, Person: person,
		Likeness: find.Likeness().Of(l.account.Signs(l.weights.Account(said.Title, text))),
		Place:    commonPlace(l.in.Place, a.Row.Place), Apart: apart(l.in.Place, a.Row.Place), Days: max(int(l.received-a.Row.Received), int(a.Row.Received-l.received)),
	}
	if a.Row.Ref == l.except || r.Percent < RepeatPercent && !r.Told() && !title && !person {
		return
	}
	for _, u := range l.units {
		if u.Unit.ID == a.Row.Unit {
			r.Unit = u.Unit
		}
	}
	if i := slices.IndexFunc(l.found, func(x Repeat) bool { return x.Ref == r.Ref }); i < 0 {
		l.found = append(l.found, r)
	} else if l.found[i].Percent < r.Percent || l.found[i].Percent < RepeatPercent && l.found[i].Likeness < r.Likeness {
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
	told := func(r Repeat) int {
		if !r.Told() {
			return 0
		}
		return int(r.Likeness * percentsOfStep)
	}
	slices.SortFunc(l.found, func(a, b Repeat) int {
		return cmp.Or(cmp.Compare(step(b), step(a)), cmp.Compare(told(b), told(a)), cmp.Compare(yes(b.Person), yes(a.Person)), cmp.Compare(yes(b.Title), yes(a.Title)),
			cmp.Compare(yes(b.Place != 0), yes(a.Place != 0)), cmp.Compare(yes(b.Unit.ID != 0), yes(a.Unit.ID != 0)),
			cmp.Compare(a.Days, b.Days), cmp.Compare(b.Ref.N, a.Ref.N))
	})
	return l.found[:min(len(l.found), MaxRepeats)]
}

// apart reports whether two places lie in two townships, as far as they are known that closely.
func apart(a, b int64) bool {
	town := func(place int64) int64 {
		for gazetteer.LevelOf(place) > gazetteer.Town {
			place = gazetteer.ParentCode(place)
		}
		return place
	}
	a, b = town(a), town(b)
	return gazetteer.LevelOf(a) == gazetteer.Town && gazetteer.LevelOf(b) == gazetteer.Town && a != b
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
