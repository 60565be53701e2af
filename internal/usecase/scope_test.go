package usecase_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// grove is one random tree of units in a county of its own, with matters in it and people on duty.
type grove struct {
	*testOffice
	t       *testing.T
	rt      *rapid.T
	county  int64
	word    string // in every title
	units   []org.UnitID
	kinds   map[org.UnitID]org.UnitKind
	matters []matter.Ref
	people  []org.UserID
	duties  []org.Duty
}

// What an actor sees is decided by one predicate. For random trees, moves, ends and duties, lists, counts, single looks and the search
// agree with what the parents of the units say, and nobody sees a sibling's. Names that open alike (WARD_3, WARD_30) mean nothing.
func TestScope(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t, func(o *store.Options) { o.Few = 3 }) // some scopes have few and others have more
	counties := countiesOf(t, o)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		g := &grove{testOffice: o, t: t, rt: rt, county: counties[n], word: fmt.Sprintf("grove%d", n), kinds: map[org.UnitID]org.UnitKind{}}
		n++
		g.plant()
		g.fill()
		g.compare()
		for range rapid.IntRange(1, 4).Draw(rt, "changes") {
			g.change()
			g.compare()
		}
	})
}

// countiesOf lists counties, one for each tree, so that trees share neither place nor home.
func countiesOf(t *testing.T, o *testOffice) []int64 {
	t.Helper()
	var out []int64
	provinces, err := o.Places.Children(0)
	check(t, err)
	for _, p := range provinces {
		cities, err := o.Places.Children(p.Code)
		check(t, err)
		for _, c := range cities {
			below, err := o.Places.Children(c.Code)
			check(t, err)
			for _, place := range below {
				if place.Level == gazetteer.County {
					out = append(out, place.Code)
				}
			}
		}
	}
	return out
}

func (g *grove) must(err error) {
	g.t.Helper()
	if err != nil {
		g.rt.Fatal(err)
	}
}

// plant enters the tree: a root, a discipline organ, and others below random ones.
func (g *grove) plant() {
	list := []usecase.NewUnit{
		{Name: g.word, Kind: org.KindRoot, Place: g.county},
		{Above: 1, Name: "discipline", Kind: org.KindDiscipline, Place: g.county},
	}
	for i := range rapid.IntRange(3, 9).Draw(g.rt, "units") {
		kind := rapid.SampledFrom([]org.UnitKind{org.KindBureau, org.KindTown, org.KindVillage, org.KindDepartment}).Draw(g.rt, "kind")
		above := rapid.IntRange(1, len(list)).Draw(g.rt, "above")
		list = append(list, usecase.NewUnit{Above: above, Name: "WARD_3" + strings.Repeat("0", i), Kind: kind, Place: g.county})
	}
	ids, err := g.AddUnits(g.t.Context(), org.System(), list)
	g.must(err)
	g.units = ids
	for i, id := range ids {
		g.kinds[id] = list[i].Kind
	}
	for range 3 {
		var id int64
		g.must(g.store.Update(g.t.Context(), 0, func(tx *store.Tx) error {
			var err error
			if id, err = tx.NextLocal(g.t.Context(), "person"); err != nil {
				return err
			}
			return tx.SavePerson(g.t.Context(), store.PersonRow{ID: org.UserID(id), SignIn: fmt.Sprint("p", id), Name: fmt.Sprint("p", id)})
		}))
		g.people = append(g.people, org.UserID(id))
	}
	for range 4 {
		g.give()
	}
}

// give gives somebody a random duty; one that cannot be is not given.
func (g *grove) give() {
	n := usecase.NewDuty{
		Role:  rapid.SampledFrom(org.Roles()).Draw(g.rt, "role"),
		Unit:  rapid.SampledFrom(g.units).Draw(g.rt, "at"),
		Scope: rapid.SampledFrom(g.units).Draw(g.rt, "over"),
	}
	if n.Role == org.RoleDiscipline {
		n.Unit = g.units[1]
	}
	user := rapid.SampledFrom(g.people).Draw(g.rt, "person")
	id, err := g.GiveDuty(g.t.Context(), org.System(), user, n)
	if k := errs.KindOf(err); err != nil && (k == errs.Invalid || k == errs.Conflict) {
		return
	}
	g.must(err)
	g.duties = append(g.duties, org.Duty{ID: id, User: user})
}

// fill registers matters at random units and sends some on.
func (g *grove) fill() {
	for range rapid.IntRange(2, 6).Draw(g.rt, "matters") {
		at := rapid.SampledFrom(g.units[1:]).Draw(g.rt, "receiver")
		in := matter.Intake{Channel: matter.ChannelVisit, Title: g.word, Demands: []string{"one"}, Place: g.county, Petitioners: []matter.Petitioner{{Name: "A"}}}
		if rapid.IntRange(0, 3).Draw(g.rt, "sealed") == 0 {
			in.Kind, at = matter.KindAccusation, g.units[1]
		}
		who := org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleRegistrar, Unit: at, Scope: at}}
		r, err := g.Register(g.t.Context(), who, in, "")
		g.must(err)
		g.matters = append(g.matters, r.Ref)
		if in.Kind == matter.KindAccusation {
			continue
		}
		to := rapid.SampledFrom(g.units[1:]).Draw(g.rt, "to")
		_, err = g.Do(g.t.Context(), org.System(), r.Ref, 0, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary})
		g.must(err)
		if to != at {
			_, err = g.Do(g.t.Context(), org.System(), r.Ref, 0, &matter.Forward{Unit: to, Mode: matter.ModeTransfer, Why: "theirs"})
			g.must(err)
		}
	}
}

// change moves or ends a unit or ends a duty; what the rules refuse is not done.
func (g *grove) change() {
	a, b := rapid.SampledFrom(g.units[1:]).Draw(g.rt, "a"), rapid.SampledFrom(g.units).Draw(g.rt, "b")
	var err error
	switch rapid.IntRange(0, 3).Draw(g.rt, "change") {
	case 0, 1:
		err = g.MoveUnit(g.t.Context(), org.System(), a, b)
	case 2:
		if g.kinds[a] != org.KindDiscipline { // the sealed ones would have nowhere to go
			_, err = g.EndUnit(g.t.Context(), org.System(), a, b)
		}
	default:
		if len(g.duties) > 0 {
			d := rapid.SampledFrom(g.duties).Draw(g.rt, "duty")
			err = g.EndDuty(g.t.Context(), org.System(), d.ID, 0)
		}
	}
	if k := errs.KindOf(err); err != nil && k != errs.Invalid && k != errs.Refused {
		g.rt.Fatal(err)
	}
}

// under walks the parents itself: it shares nothing with the closure, nor with Chart.Under.
func (g *grove) under(id, root org.UnitID) bool {
	for id != 0 {
		if id == root {
			return true
		}
		u, _ := g.Chart().Unit(id)
		id = u.Parent
	}
	return false
}

// sees is what the law of the house says.
func (g *grove) sees(d org.Duty, m *matter.Matter) bool {
	if m.Sealed {
		return d.Role == org.RoleDiscipline && slices.Contains(m.Units(), d.Unit)
	}
	switch d.Role {
	case org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleSupervisor, org.RoleLeader:
		return slices.ContainsFunc(m.Units(), func(u org.UnitID) bool { return g.under(u, d.Scope) })
	case org.RoleDiscipline, org.RoleAuditor, org.RoleAdmin:
	}
	return false
}

// compare asks everybody on every way.
func (g *grove) compare() {
	all := map[matter.Ref]*matter.Matter{}
	for _, ref := range g.matters {
		v, err := g.Matter(g.t.Context(), org.System(), ref)
		g.must(err)
		all[ref] = v.Matter
		if holder, _ := g.Chart().Unit(v.Matter.Holder()); !holder.Alive(g.Today()) {
			g.rt.Errorf("%s is held by unit %d, which has ended", ref, holder.ID)
		}
	}
	for _, d := range g.duties {
		who, err := g.Actor(g.t.Context(), d.User, d.ID)
		if errs.KindOf(err) == errs.Unauthenticated {
			g.ended(d)
			continue
		}
		g.must(err)
		var want, open []matter.Ref
		for ref, m := range all {
			if g.sees(who.Duty, m) {
				want = append(want, ref)
				if !m.Sealed {
					open = append(open, ref)
				}
			}
		}
		byNumber := func(a, b matter.Ref) int { return int(a.N - b.N) }
		slices.SortFunc(want, byNumber)
		slices.SortFunc(open, byNumber)
		ways := map[string][]matter.Ref{"list": g.list(who), "search without words": g.find(who, matter.Search{}), "look": g.look(who), "export": g.export(who)}
		for name, got := range ways {
			slices.SortFunc(got, byNumber)
			if diff := cmp.Diff(want, got); diff != "" {
				g.rt.Errorf("%s of %+v: %s", name, who.Duty, diff)
			}
		}
		found := g.find(who, matter.Search{Words: query.Plain(g.word)})
		slices.SortFunc(found, byNumber)
		if diff := cmp.Diff(open, found); diff != "" {
			g.rt.Errorf("search of %+v: %s", who.Duty, diff)
		}
		g.repeats(who, open)
		g.narrow(who, all, want)
		counts, err := g.Counts(g.t.Context(), who, matter.ListAll, usecase.MaxCount)
		g.must(err)
		if n := counts.Lists[matter.ListAll]; n != int64(len(want)) {
			g.rt.Errorf("count of %+v is %d, not %d", who.Duty, n, len(want))
		}
	}
}

// repeats offers a copy of what all have said: those that the actor sees outside the compartment may be put to them, as many as are put to anybody.
func (g *grove) repeats(who org.Actor, open []matter.Ref) {
	found, err := g.Repeats(g.t.Context(), who, matter.Intake{Title: g.word, Demands: []string{"one"}, Place: g.county}, matter.Ref{})
	if errs.KindOf(err) == errs.Forbidden && !who.Has(org.RoleRegistrar, org.RoleHandler, org.RoleSupervisor) {
		return
	}
	g.must(err)
	for _, r := range found.List {
		if !slices.Contains(open, r.Ref) || r.Percent != 100 {
			g.rt.Errorf("%+v is offered %s, %d percent", who.Duty, r.Ref, r.Percent)
		}
	}
	if len(found.List) != min(len(open), usecase.MaxRepeats) {
		g.rt.Errorf("%+v is offered %d of %d", who.Duty, len(found.List), len(open))
	}
}

// ended checks that a refused duty had reason to be.
func (g *grove) ended(d org.Duty) {
	g.must(g.store.Read(g.t.Context(), func(tx *store.Tx) error {
		row, err := tx.Duty(g.t.Context(), d.ID)
		if u, _ := g.Chart().Unit(row.Unit); row.Active(g.Today()) && u.Alive(g.Today()) {
			g.rt.Errorf("duty %d is refused though it holds", d.ID)
		}
		return err
	}))
}

// narrow searches by random conditions: what is found is what the actor sees and meets them, by words only what is not sealed.
func (g *grove) narrow(who org.Actor, all map[matter.Ref]*matter.Matter, seen []matter.Ref) {
	f := matter.Search{Filter: matter.Filter{
		List: rapid.SampledFrom([]matter.List{matter.ListAll, matter.ListUnit, matter.ListMine}).Draw(g.rt, "list"),
		View: rapid.SampledFrom(append(matter.Views(), matter.ViewAny)).Draw(g.rt, "view"),
		Unit: rapid.SampledFrom(append(slices.Clone(g.units), 0)).Draw(g.rt, "held by"), Place: rapid.SampledFrom([]int64{0, g.county}).Draw(g.rt, "in"),
	}}
	f.State = rapid.SampledFrom([]matter.State{matter.StateNone, matter.StateRegistered, matter.StateForwarded}).Draw(g.rt, "state")
	f.Channel = rapid.SampledFrom([]matter.Channel{"", matter.ChannelVisit, matter.ChannelLetter}).Draw(g.rt, "channel")
	f.Late = rapid.IntRange(0, 4).Draw(g.rt, "late") == 0
	f.From = rapid.SampledFrom([]law.Day{law.NoDay, g.Today(), g.Today().Add(1)}).Draw(g.rt, "from")
	f.To = rapid.SampledFrom([]law.Day{law.NoDay, g.Today(), g.Today().Add(-1)}).Draw(g.rt, "to")
	if rapid.Bool().Draw(g.rt, "by words") {
		f.Words = query.Plain(g.word)
	}
	var want []matter.Ref
	for _, ref := range seen {
		if m := all[ref]; g.meets(who, m, f) {
			want = append(want, ref)
		}
	}
	found := g.find(who, f)
	slices.SortFunc(found, func(a, b matter.Ref) int { return int(a.N - b.N) })
	if diff := cmp.Diff(want, found); diff != "" {
		g.rt.Errorf("search of %+v for %+v: %s", who.Duty, f, diff)
	}
}

// meets says it anew, on the matter itself. All that these tests register is open, came by visit today to the county's own place and is not late.
func (g *grove) meets(who org.Actor, m *matter.Matter, f matter.Search) bool {
	desk := m.Desk()
	switch f.View {
	case matter.ViewNew:
		if m.Stage() != matter.StateRegistered && m.Stage() != matter.StateScreened {
			return false
		}
	case matter.ViewUnsigned:
		if m.Stage() != matter.StateForwarded {
			return false
		}
	case matter.ViewToday, matter.ViewThree, matter.ViewSoon, matter.ViewLate, matter.ViewWaiting, matter.ViewEnded:
		return false
	case matter.ViewOpen, matter.ViewAny:
	}
	return (f.List == matter.ListAll || f.List == matter.ListUnit && desk == who.Duty.Unit) && (f.Unit == 0 || desk == f.Unit) &&
		(f.State == matter.StateNone || m.Stage() == f.State) && f.Channel != matter.ChannelLetter && !f.Late && f.From <= g.Today() &&
		(!f.To.Known() || f.To >= g.Today()) && (f.Words.Empty() || !m.Sealed)
}

// find pages through all that a search of the actor gives, whose rows say nothing of what is sealed and mark what was looked for.
func (g *grove) find(who org.Actor, f matter.Search) []matter.Ref {
	var out []matter.Ref
	f.Limit = 2
	if f.View == "" {
		f.View = matter.ViewAny
	}
	for {
		page, err := g.Find(g.t.Context(), who, f)
		g.must(err)
		for _, r := range page.Rows {
			out = append(out, r.Ref)
			if r.Sealed && (r.Title != "" || r.Marked != nil || r.Excerpts != nil) {
				g.rt.Errorf("a sealed row says %+v", r)
			}
			if hits := slices.ContainsFunc(r.Marked, func(p query.Part) bool { return p.Hit }); hits == f.Words.Empty() {
				g.rt.Errorf("%q by %q is marked %+v", r.Title, f.Words.Text, r.Marked)
			}
		}
		if page.Next.IsZero() {
			return out
		}
		f.After = matter.Cursor{Home: page.Next.Home, N: page.Next.N}
	}
}

// list pages through all that the actor's list gives.
func (g *grove) list(who org.Actor) []matter.Ref {
	var out []matter.Ref
	f := matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Limit: 2}
	for {
		page, err := g.Matters(g.t.Context(), who, f)
		g.must(err)
		for _, r := range page.Rows {
			out = append(out, r.Ref)
		}
		if page.Next == nil {
			return out
		}
		f.After = *page.Next
	}
}

// export reads the numbers of the table that the actor can save.
func (g *grove) export(who org.Actor) []matter.Ref {
	ctx := g.t.Context()
	j, err := g.StartExport(ctx, who, usecase.Export{List: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Format: usecase.TableCSV})
	if errs.KindOf(err) == errs.Forbidden {
		return nil // a duty without matters
	}
	g.must(err)
	g.must(g.RunJobs(ctx))
	_, opened, err := g.JobFile(ctx, who, j.Home, j.ID)
	g.must(err)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(contentOf(g.t, opened)), "\ufeff"))).ReadAll()
	g.must(err)
	var out []matter.Ref
	for _, row := range rows[1:] {
		ref, err := matter.ParseRef(row[0])
		g.must(err)
		out = append(out, ref)
	}
	return out
}

// look tries every matter by its number.
func (g *grove) look(who org.Actor) []matter.Ref {
	var out []matter.Ref
	for _, ref := range g.matters {
		_, err := g.Matter(g.t.Context(), who, ref)
		switch {
		case err == nil:
			out = append(out, ref)
		case errs.KindOf(err) != errs.NotFound:
			g.rt.Fatal(err)
		}
	}
	return out
}

// A county sees its towns and villages, a town its villages, and neither the other town.
func TestSiblingsNeverSeeEachOther(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	titles := map[org.UnitID]string{unitVillageA1: "甲村的事", unitVillageB1: "乙村的事", unitTownA: "甲镇的事", unitTownB: "乙镇的事"}
	for _, unit := range []org.UnitID{unitVillageA1, unitVillageB1, unitTownA, unitTownB} {
		o.register(t, unit, titles[unit])
	}
	seen := func(unit org.UnitID) []string {
		page, err := o.Matters(t.Context(), o.actor(t, org.RoleRegistrar, unit), matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Limit: 10})
		check(t, err)
		var out []string
		for _, r := range page.Rows {
			out = append(out, r.Title)
		}
		slices.Sort(out)
		return out
	}
	for _, c := range []struct {
		unit org.UnitID
		want []string
	}{
		{unitTownA, []string{"甲村的事", "甲镇的事"}}, // WARD_3, not WARD_30
		{unitTownB, []string{"乙村的事", "乙镇的事"}},
		{unitVillageA1, []string{"甲村的事"}},
		{unitVillageA2, nil},
		{unitCounty, []string{"乙村的事", "乙镇的事", "甲村的事", "甲镇的事"}},
	} {
		if diff := cmp.Diff(c.want, seen(c.unit)); diff != "" {
			t.Errorf("unit %d: %s", c.unit, diff)
		}
	}
	check(t, o.MoveUnit(t.Context(), o.actor(t, org.RoleAdmin, unitCounty), unitVillageA1, unitTownB))
	if diff := cmp.Diff([]string{"甲镇的事"}, seen(unitTownA)); diff != "" {
		t.Errorf("after the move: %s", diff)
	}
	if diff := cmp.Diff([]string{"乙村的事", "乙镇的事", "甲村的事"}, seen(unitTownB)); diff != "" {
		t.Errorf("after the move: %s", diff)
	}
}
