package usecase

import (
	"cmp"
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/find"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

const (
	// KindLikeness is from which likeness on matters count as of one kind. On the labelled pairs four in five of those are of the very same thing, and most of the
	// others the same trouble elsewhere, which is a precedent, too. Below it nothing is said.
	KindLikeness = 0.5
	// MaxPrecedents is how many precedents are given at most.
	MaxPrecedents = 5
	// MaxKin is how many open matters of a kind are given at most.
	MaxKin = 30

	kindReach       = 60 // matters whose text is compared: those with the weightiest terms in common
	likenessOfStep  = 10 // steps in which a likeness is ranked: tenths
	mostBasesOfCase = 3
)

// Precedent is a settled matter of one kind with another: how it was answered, on which ground, and what came of it. It names nobody.
type Precedent struct {
	RowView
	Likeness  float64
	Answers   []PrecedentAnswer
	Bases     []string // the provisions that the answers cite, at most three, each once
	Current   bool     // it was handled by the rules that are in force now
	Days      int      // from receipt until the handling was finished; negative where that cannot be said
	Satisfied bool     // who rated the handling was satisfied, all of them; false for a handler of the unit itself, who does not see ratings
}

// PrecedentAnswer is what became of one demand.
type PrecedentAnswer struct {
	Demand  string
	Outcome matter.Outcome
}

// Kin is an open matter of one kind with a settled one.
type Kin struct {
	RowView
	Likeness float64
}

// Precedents returns settled matters of one kind with an open one, within the actor's scope: answered on every demand and ended. Those handled by the rules in force now
// come first, then the more alike, then the newer. It is empty where nothing is alike enough, and always for a sealed matter.
func (o *Office) Precedents(ctx context.Context, who org.Actor, ref matter.Ref) ([]Precedent, error) {
	var out []Precedent
	err := o.ofKind(ctx, who, ref, func(r matter.Row) bool {
		return !r.Open && r.Demands > 0 && r.Answered == r.Demands
	}, func(t *store.Tx, m *matter.Matter, found []Kin) error {
		out = nil
		if !m.Open() {
			return nil
		}
		numbers := make([]int64, len(found))
		for i, k := range found {
			numbers[i] = k.Ref.N
		}
		settled, err := o.foldAll(ctx, t, ref.Home, numbers)
		if err != nil {
			return err
		}
		for _, k := range found {
			if p, ok := o.precedent(who, k, settled[k.Ref.N]); ok {
				out = append(out, p)
			}
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Precedent) int {
		if a.Current != b.Current {
			if a.Current {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(int(b.Likeness*likenessOfStep), int(a.Likeness*likenessOfStep)), cmp.Compare(b.Ended, a.Ended), cmp.Compare(b.Ref.N, a.Ref.N))
	})
	return out[:min(len(out), MaxPrecedents)], err
}

// Kin returns the open matters of one kind with a settled one and of its category, within the actor's scope, the likeliest first: what was settled once may be settled
// for them. It is empty for a matter that neither is really resolved nor was answered with support, and for a sealed one.
func (o *Office) Kin(ctx context.Context, who org.Actor, ref matter.Ref) (out []Kin, err error) {
	category := ""
	err = o.ofKind(ctx, who, ref, func(r matter.Row) bool { return r.Open }, func(_ *store.Tx, m *matter.Matter, found []Kin) error {
		out = nil
		if !Settled(m) {
			return nil
		}
		category = m.Category
		out = slices.DeleteFunc(found, func(k Kin) bool { return category != "" && k.Category != "" && k.Category != category })
		out = out[:min(len(out), MaxKin)]
		return nil
	})
	return out, err
}

// Settled reports whether a matter was settled in a way that may serve others of its kind: really resolved, or ended and answered with support.
func Settled(m *matter.Matter) bool {
	return m.Resolved || !m.Open() && slices.ContainsFunc(m.Demands, func(d matter.Demand) bool {
		return d.Answer != nil && (d.Answer.Outcome == matter.OutcomeSupport || d.Answer.Outcome == matter.OutcomePartial)
	})
}

// staffReads refuses who is no member of the staff, and a key that may not read.
func staffReads(who org.Actor) error {
	if who.Kind == org.ActorPetitioner || who.Kind == org.ActorNobody {
		return errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	return granted(who, "read")
}

// ofKind looks for the matters of one kind with another that the actor sees, without those of which a person said that they are not, and hands them over, the likeliest first.
func (o *Office) ofKind(ctx context.Context, who org.Actor, ref matter.Ref, keep func(matter.Row) bool, use func(*store.Tx, *matter.Matter, []Kin) error) error {
	if err := staffReads(who); err != nil {
		return err
	}
	return o.Store.Read(ctx, func(t *store.Tx) error {
		h, err := o.see(ctx, t, who, ref)
		if err != nil || h.sealed {
			return err
		}
		said, err := t.NotKinOf(ctx, ref.Home, ref.N, store.MaxList)
		if err != nil {
			return err
		}
		apart := map[int64]bool{ref.N: true}
		for _, k := range said {
			apart[k.B] = true
		}
		first := h.matter.Submissions[0]
		account := o.weights.Account(first.Title, Said(first.Title, first.Narrative, first.Demands))
		like, err := t.MattersLike(ctx, who.Scope(), ref.Home, account.Vector().Terms(), func(r matter.Row) bool { return !apart[r.Ref.N] && keep(r) }, kindReach)
		if err != nil {
			return err
		}
		found, err := o.judge(ctx, t, ref.Home, account, like)
		if err != nil {
			return err
		}
		return use(t, h.matter, found)
	})
}

// judge gives those of some matters of one home that are of one kind with an account, the likeliest first. One that is found by several of its submissions
// counts for the likeliest.
func (o *Office) judge(ctx context.Context, t *store.Tx, home int64, account find.Account, like []store.Like) ([]Kin, error) {
	numbers := make([]int64, len(like))
	for i, x := range like {
		numbers[i] = x.Said.N
	}
	said, err := firstSaid(ctx, t, home, numbers)
	if err != nil {
		return nil, err
	}
	best := map[matter.Ref]Kin{}
	for _, x := range like {
		s := said[x.Said.N]
		p := find.Likeness().Of(account.Signs(o.weights.Account(s.Title, Said(s.Title, s.Text, nil))))
		if p >= KindLikeness && p > best[x.Row.Ref].Likeness {
			best[x.Row.Ref] = Kin{RowView: o.rowView(x.Row, o.Today()), Likeness: p}
		}
	}
	out := make([]Kin, 0, len(best))
	for _, k := range best {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b Kin) int { return cmp.Or(cmp.Compare(b.Likeness, a.Likeness), cmp.Compare(b.Ref.N, a.Ref.N)) })
	return out, nil
}

// foldAll reads some unsealed matters of one home whole, by their numbers.
func (o *Office) foldAll(ctx context.Context, t *store.Tx, home int64, numbers []int64) (map[int64]*matter.Matter, error) {
	histories, err := o.histories(ctx, t, home, numbers)
	out := make(map[int64]*matter.Matter, len(histories))
	for n, events := range histories {
		out[n] = matter.Fold(events)
	}
	return out, err
}

// foldRows reads the matters of rows that are not sealed whole, each home's in one statement.
func (o *Office) foldRows(ctx context.Context, t *store.Tx, rows []matter.Row) (map[matter.Ref]*matter.Matter, error) {
	open := slices.DeleteFunc(slices.Clone(rows), func(r matter.Row) bool { return r.Sealed })
	out := make(map[matter.Ref]*matter.Matter, len(open))
	for _, group := range byHome(open, func(r matter.Row) int64 { return r.Ref.Home }) {
		home := group[0].Ref.Home
		matters, err := o.foldAll(ctx, t, home, numbersOf(group))
		if err != nil {
			return nil, err
		}
		for n, m := range matters {
			out[matter.Ref{Home: home, N: n}] = m
		}
	}
	return out, nil
}

// precedent is what a settled matter says; false where no demand was answered by an opinion.
func (o *Office) precedent(who org.Actor, k Kin, m *matter.Matter) (Precedent, bool) {
	if m == nil {
		return Precedent{}, false
	}
	p := Precedent{RowView: k.RowView, Likeness: k.Likeness, Days: -1}
	for _, d := range m.Demands {
		if d.Answer == nil {
			continue
		}
		p.Answers = append(p.Answers, PrecedentAnswer{Demand: d.Text, Outcome: d.Answer.Outcome})
		if b := d.Answer.Basis; b != "" && !slices.Contains(p.Bases, b) && len(p.Bases) < mostBasesOfCase {
			p.Bases = append(p.Bases, b)
		}
	}
	if set, err := o.Law(jurisdiction(m.Ref.Home), o.Today()); err == nil {
		p.Current = set.ID() == m.RuleSet
	}
	if m.Handled.Known() {
		p.Days = int(m.Handled - m.Received())
	}
	p.Satisfied = len(m.Ratings) > 0 && !ownRating(m, who) && !slices.ContainsFunc(m.Ratings, func(r matter.Rating) bool {
		return r.Handling != matter.GradeSatisfied
	})
	return p, len(p.Answers) > 0
}
