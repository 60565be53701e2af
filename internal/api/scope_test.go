package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// wood is one random tree of units in a county of its own, with matters in it, machines at its units, and a look or two.
type wood struct {
	*door
	rt      *rapid.T
	ops     []described
	county  int64
	word    string // in every title
	units   []org.UnitID
	seeds   []seed
	clients []client
	looks   []looked
}

// seed is a matter with words that stand nowhere else.
type seed struct {
	ref    matter.Ref
	mark   string // in title, story, demand, place, file
	file   string
	token  string
	sealed bool
}

// client is a machine's key.
type client struct {
	name, id string
	role     org.Role
	unit     org.UnitID
	revoked  bool
}

// looked is an opening of identities.
type looked struct {
	unit org.UnitID
	ref  matter.Ref
}

// What a key or a petitioner sees over HTTP is what the parents of the units say, in every operation that reads: for random trees, moves, ends, joins and revoked
// keys, no word of a matter outside appears in any answer, and by its number it is answered like one that was never there. Names that open alike mean nothing.
func TestScopeOverHTTP(t *testing.T) {
	d := newDoor(t)
	ops := d.operations()
	counties := woodland(t, d)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		w := &wood{door: d, rt: rt, ops: ops, county: counties[n], word: fmt.Sprintf("grove%dend", n)}
		n++
		w.plant()
		w.sow(n)
		w.compare()
		for range rapid.IntRange(1, 3).Draw(rt, "changes") {
			w.change()
		}
		w.compare()
	})
}

// woodland lists counties, one for each tree, so that trees share neither place nor home.
func woodland(t *testing.T, d *door) []int64 {
	t.Helper()
	var out []int64
	for _, p := range must(d.office.Places.Children(0))(t) {
		for _, c := range must(d.office.Places.Children(p.Code))(t) {
			for _, place := range must(d.office.Places.Children(c.Code))(t) {
				if place.Level == gazetteer.County && place.Code != 330112 {
					out = append(out, place.Code)
				}
			}
		}
	}
	return out
}

func (w *wood) must(err error) {
	w.t.Helper()
	if err != nil {
		w.rt.Fatal(err)
	}
}

// plant enters the tree and lets machines in.
func (w *wood) plant() {
	list := []usecase.NewUnit{
		{Name: w.word, Kind: org.KindRoot, Place: w.county},
		{Above: 1, Name: "discipline", Kind: org.KindDiscipline, Place: w.county},
	}
	for i := range rapid.IntRange(3, 7).Draw(w.rt, "units") {
		kind := rapid.SampledFrom([]org.UnitKind{org.KindBureau, org.KindTown, org.KindVillage, org.KindDepartment}).Draw(w.rt, "kind")
		above := rapid.IntRange(1, len(list)).Draw(w.rt, "above")
		list = append(list, usecase.NewUnit{Above: above, Name: "WARD_3" + strings.Repeat("0", i), Kind: kind, Place: w.county})
	}
	var err error
	w.units, err = w.office.AddUnits(w.t.Context(), org.System(), list)
	w.must(err)
	for i := range rapid.IntRange(2, 4).Draw(w.rt, "keys") {
		c := client{
			name: fmt.Sprint(w.word, i), role: rapid.SampledFrom(deskRoles()).Draw(w.rt, "role"), unit: rapid.SampledFrom(w.units).Draw(w.rt, "at"),
		}
		key, err := w.office.AddKey(w.t.Context(), org.System(), usecase.NewKey{Name: c.name, Unit: c.unit, Role: c.role, Grants: usecase.KeyGrants(), Rate: usecase.MaxKeyRate})
		w.must(err)
		w.keys[c.name], c.id = key, strings.Split(key, "_")[1]
		w.clients = append(w.clients, c)
	}
}

// sow registers matters with their files at random units, sends some on, and lets some identities be opened.
func (w *wood) sow(n int) {
	for i := range rapid.IntRange(2, 5).Draw(w.rt, "matters") {
		s := seed{mark: fmt.Sprintf("q%dw%dz", n, i), sealed: rapid.IntRange(0, 3).Draw(w.rt, "sealed") == 0}
		at := rapid.SampledFrom(w.units[1:]).Draw(w.rt, "receiver")
		a, err := w.office.Attach(w.t.Context(), org.System(), w.county, usecase.Upload{Name: s.mark + ".txt", Mime: "text/plain", Content: []byte(s.mark)})
		w.must(err)
		s.file = a.ID
		in := matter.Intake{
			Channel: matter.ChannelVisit, Title: w.word + " " + s.mark, Narrative: s.mark, Demands: []string{s.mark}, Place: w.county, PlaceNote: s.mark,
			Petitioners: []matter.Petitioner{{Name: s.mark, Address: s.mark}}, Attachments: []string{s.file},
		}
		if s.sealed {
			in.Kind, at = matter.KindAccusation, w.units[1]
		}
		r, err := w.office.Register(w.t.Context(), org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleRegistrar, Unit: at, Scope: at}}, in, "")
		w.must(err)
		s.ref = r.Ref
		s.token, _, err = w.office.IssueCitizenToken(w.t.Context(), r.Code, r.PIN)
		w.must(err)
		w.seeds = append(w.seeds, s)
		if rapid.Bool().Draw(w.rt, "looked") {
			w.look(s, at)
		}
		if s.sealed || rapid.Bool().Draw(w.rt, "new") {
			continue
		}
		_, err = w.office.Do(w.t.Context(), org.System(), s.ref, 0, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary})
		w.must(err)
		if to := rapid.SampledFrom(w.units[1:]).Draw(w.rt, "to"); to != at {
			_, err = w.office.Do(w.t.Context(), org.System(), s.ref, 0, &matter.Forward{Unit: to, Mode: matter.ModeTransfer, Why: "theirs"}) // told to every petitioner of the matter
			w.must(err)
		}
	}
}

// look lets a unit open the identities of a matter that it has.
func (w *wood) look(s seed, at org.UnitID) {
	who := org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleRegistrar, Unit: at, Scope: at}}
	if s.sealed {
		who.Duty.Role = org.RoleDiscipline
	}
	_, err := w.office.OpenIdentity(w.t.Context(), who, s.ref, s.ref, "contact", s.mark)
	w.must(err)
	w.looks = append(w.looks, looked{at, s.ref})
}

// change moves or ends a unit, revokes a key, joins or separates matters; what the rules refuse is not done.
func (w *wood) change() {
	a, b := rapid.SampledFrom(w.units[1:]).Draw(w.rt, "a"), rapid.SampledFrom(w.units).Draw(w.rt, "b")
	s, other := rapid.SampledFrom(w.seeds).Draw(w.rt, "here"), rapid.SampledFrom(w.seeds).Draw(w.rt, "there")
	ctx := w.t.Context()
	var err error
	switch rapid.IntRange(0, 5).Draw(w.rt, "change") {
	case 0, 1:
		err = w.office.MoveUnit(ctx, org.System(), a, b)
	case 2:
		if a != w.units[1] { // the sealed ones would have nowhere to go
			_, err = w.office.EndUnit(ctx, org.System(), a, b)
		}
	case 3:
		i := rapid.IntRange(0, len(w.clients)-1).Draw(w.rt, "key")
		w.clients[i].revoked = true
		err = w.office.RevokeKey(ctx, org.System(), w.clients[i].id)
	case 4:
		err = w.office.Join(ctx, org.System(), s.ref, other.ref, s.mark+other.mark)
	default:
		err = w.office.Separate(ctx, org.System(), s.ref, other.ref, s.mark+other.mark)
	}
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Refused, errs.Forbidden, errs.Conflict:
	default:
		w.must(err)
	}
}

// under walks the parents itself: it shares nothing with the closure, nor with Chart.Under.
func (w *wood) under(id, root org.UnitID) bool {
	for id != 0 {
		if id == root {
			return true
		}
		u, _ := w.office.Chart().Unit(id)
		id = u.Parent
	}
	return false
}

// sight is what one key sees, an auditor's of no matter: the numbers of matters, those of them that are open, and the words that may be told.
type sight struct {
	refs, open []string
	words      []string
}

func (w *wood) sight(c client, all map[matter.Ref]usecase.MatterView) sight {
	var out sight
	for _, s := range w.seeds {
		v := all[s.ref]
		if c.role == org.RoleAuditor || v.Matter.Sealed || !slices.ContainsFunc(v.Matter.Units(), func(u org.UnitID) bool { return w.under(u, c.unit) }) {
			continue
		}
		out.refs = append(out.refs, s.ref.String())
		if v.Row.Open {
			out.open = append(out.open, s.ref.String())
		}
		out.words = append(out.words, s.mark)
		for _, e := range v.Events { // what was ever joined to it stands in its record
			if joined, ok := e.Body.(matter.Joined); ok {
				out.words = append(out.words, w.mark(joined.Submission.Ref))
			}
			if merged, ok := e.Body.(matter.Merged); ok { // the reason names both
				out.words = append(out.words, w.mark(merged.Into))
			}
			if separated, ok := e.Body.(matter.Separated); ok {
				out.words = append(out.words, w.mark(separated.From))
			}
			if left, ok := e.Body.(matter.Left); ok {
				out.words = append(out.words, w.mark(left.Submission))
			}
		}
	}
	slices.Sort(out.refs)
	slices.Sort(out.open)
	return out
}

func (w *wood) mark(ref matter.Ref) string {
	i := slices.IndexFunc(w.seeds, func(s seed) bool { return s.ref == ref })
	return w.seeds[i].mark
}

// deskRoles are the roles of machines that see matters: an administrator's sees none, which TestKeysOverHTTP proves.
func deskRoles() []org.Role {
	return slices.DeleteFunc(usecase.KeyRoles(), func(r org.Role) bool { return r == org.RoleAdmin })
}

// quiet checks that an answer has no word of a matter but those that may be told.
func (w *wood) quiet(what string, a answer, words []string) {
	w.t.Helper()
	text := append(bytes.Clone(a.raw), fmt.Sprint(a.header)...)
	for _, s := range w.seeds {
		if !slices.Contains(words, s.mark) && bytes.Contains(text, []byte(s.mark)) {
			w.rt.Errorf("%s tells of %s: %s", what, s.ref, a.raw)
		}
	}
}

// compare asks every key and every petitioner on every way.
func (w *wood) compare() {
	all := map[matter.Ref]usecase.MatterView{}
	for _, s := range w.seeds {
		v, err := w.office.Matter(w.t.Context(), org.System(), s.ref)
		w.must(err)
		all[s.ref] = v
	}
	for _, c := range w.clients {
		if unit, _ := w.office.Chart().Unit(c.unit); c.revoked || !unit.Alive(w.office.Today()) {
			for _, op := range w.ops {
				if op.machine && op.method == http.MethodGet && !strings.Contains(op.path, "{code}") {
					a := w.try(c.name, op, w.seeds[0].ref.String(), w.seeds[0].ref.String(), w.seeds[0].file)
					if a.status != http.StatusUnauthorized {
						w.rt.Errorf("%s with a key that is void: %d", op.id, a.status)
					}
				}
			}
			continue
		}
		s := w.sight(c, all)
		w.lists(c, s)
		w.lookLog(c)
		w.single(c, s)
	}
	s := rapid.SampledFrom(w.seeds).Draw(w.rt, "petitioner")
	w.own(s, all)
}

// lists pages through the list, searches it, and narrows it in random ways.
func (w *wood) lists(c client, s sight) {
	var got []string
	for next := "/matters?limit=2"; next != ""; {
		a := w.call(c.name, http.MethodGet, next, nil).want(http.StatusOK)
		w.quiet("list", a, s.words)
		got, next = append(got, numbers(a)...), a.text("next")
	}
	slices.Sort(got)
	if diff := cmp.Diff(s.open, got); diff != "" {
		w.rt.Errorf("list of %s at %d: %s", c.role, c.unit, diff)
	}
	search := func(words string, want []string) {
		a := w.call(c.name, http.MethodGet, "/matters?limit=100&q="+url.QueryEscape(words), nil).want(http.StatusOK)
		w.quiet("search", a, s.words)
		found := numbers(a)
		slices.Sort(found)
		if diff := cmp.Diff(want, found); diff != "" {
			w.rt.Errorf("search for %q by %s at %d: %s", words, c.role, c.unit, diff)
		}
	}
	search(w.word, s.open)
	if hidden := rapid.SampledFrom(w.seeds).Draw(w.rt, "looked for"); !slices.Contains(s.words, hidden.mark) {
		search(hidden.mark, nil)
	}
	w.repeats(c, s)
	q := url.Values{"limit": {"100"}}
	q.Set("list", rapid.SampledFrom([]string{"unit", "all"}).Draw(w.rt, "list"))
	q.Set("view", rapid.SampledFrom([]string{"open", "new", "unsigned", "soon", "late", "waiting", "ended"}).Draw(w.rt, "view"))
	if rapid.Bool().Draw(w.rt, "of a unit") {
		q.Set("unit", fmt.Sprint(rapid.SampledFrom(w.units).Draw(w.rt, "unit")))
	}
	if rapid.Bool().Draw(w.rt, "of a place") {
		q.Set("place", fmt.Sprint(w.county))
	}
	a := w.call(c.name, http.MethodGet, "/matters?"+q.Encode(), nil).want(http.StatusOK)
	w.quiet("a narrower list", a, s.words)
	for _, n := range numbers(a) {
		if !slices.Contains(s.refs, n) {
			w.rt.Errorf("%v of %s at %d lists %s", q, c.role, c.unit, n)
		}
	}
}

// repeats asks for what a copy of a matter repeats: the matter itself if it is seen and not sealed, and nothing that is not seen.
func (w *wood) repeats(c client, s sight) {
	of := rapid.SampledFrom(w.seeds).Draw(w.rt, "repeated")
	a := w.call(c.name, http.MethodPost, "/submissions/repeats", map[string]any{
		"channel": "visit", "title": w.word + " " + of.mark, "narrative": of.mark, "demands": []string{of.mark}, "place": w.county,
	})
	if a.status == http.StatusForbidden && !slices.Contains([]org.Role{org.RoleRegistrar, org.RoleHandler, org.RoleSupervisor}, c.role) {
		return
	}
	a.want(http.StatusOK)
	if !slices.Contains(s.words, of.mark) { // it stands in the question alone
		w.quiet("repeats", a, append(slices.Clone(s.words), of.mark))
	} else {
		w.quiet("repeats", a, s.words)
	}
	rows, _ := a.body["repeats"].([]any)
	found := map[string]float64{}
	for _, row := range rows {
		r, _ := row.(map[string]any)
		m, _ := r["matter"].(map[string]any)
		number, _ := m["ref"].(string)
		found[number], _ = r["percent"].(float64)
		if !slices.Contains(s.refs, number) {
			w.rt.Errorf("%s at %d is offered %s", c.role, c.unit, number)
		}
	}
	if number := of.ref.String(); slices.Contains(s.open, number) && !of.sealed && found[number] != 100 {
		w.rt.Errorf("%s at %d is not offered %s, a copy: %v", c.role, c.unit, number, found)
	}
}

// numbers are those of the matters of a list.
func numbers(a answer) []string {
	a.t.Helper()
	rows, _ := a.body["matters"].([]any)
	var out []string
	for _, r := range rows {
		row, _ := r.(map[string]any)
		number, _ := row["ref"].(string)
		out = append(out, number)
	}
	return out
}

// lookLog reads who has opened identities: those of the units under the supervisor's or auditor's, none of the sealed compartment.
func (w *wood) lookLog(c client) {
	a := w.call(c.name, http.MethodGet, "/looks", nil)
	if c.role != org.RoleSupervisor && c.role != org.RoleAuditor {
		a.want(http.StatusForbidden)
		return
	}
	a.want(http.StatusOK)
	var want, got []string
	for _, l := range slices.Backward(w.looks) {
		i := slices.IndexFunc(w.seeds, func(s seed) bool { return s.ref == l.ref })
		if !w.seeds[i].sealed && w.under(l.unit, c.unit) {
			want = append(want, l.ref.String())
		}
	}
	rows, _ := a.body["looks"].([]any)
	for _, r := range rows {
		row, _ := r.(map[string]any)
		number, _ := row["submission"].(string)
		got = append(got, number)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.rt.Errorf("looks told to the %s at %d: %s", c.role, c.unit, diff)
	}
}

// single tries every reading operation on every matter, and some writing ones on those outside.
func (w *wood) single(c client, s sight) {
	never := fmt.Sprintf("%d-2025-9999999", w.county)
	const noFile = "6f1d2c3b4a59687766554433"
	var writes []described
	for _, op := range w.ops {
		switch {
		case !op.aboutMatter():
		case op.method != http.MethodGet:
			writes = append(writes, op)
		default:
			none := w.try(c.name, op, never, never, noFile).want(http.StatusNotFound)
			for _, target := range w.seeds {
				number := target.ref.String()
				a := w.try(c.name, op, number, never, target.file)
				w.quiet(op.id, a, s.words)
				if slices.Contains(s.refs, number) {
					a.want(http.StatusOK)
					continue
				}
				if a.status != http.StatusNotFound || a.plain(number) != none.plain(never) {
					w.rt.Errorf("%s of %s by %s at %d: %d %s", op.id, number, c.role, c.unit, a.status, a.raw)
				}
				if len(s.refs) > 0 && strings.Contains(op.path, "{id}") { // nor through one that the key sees
					w.quiet(op.id, w.try(c.name, op, s.refs[0], never, target.file).want(http.StatusNotFound), s.words)
				}
			}
		}
	}
	target := rapid.SampledFrom(w.seeds).Draw(w.rt, "target")
	number := target.ref.String()
	if slices.Contains(s.refs, number) {
		return
	}
	before, err := w.office.Matter(w.t.Context(), org.System(), target.ref)
	w.must(err)
	for range 3 {
		op := rapid.SampledFrom(writes).Draw(w.rt, "operation")
		other := rapid.SampledFrom(append(slices.Clone(s.refs), never, number)).Draw(w.rt, "other")
		none, a := w.try(c.name, op, never, other, noFile), w.try(c.name, op, number, other, target.file)
		w.quiet(op.id, a, s.words)
		refused := a.status == http.StatusNotFound || c.role == org.RoleAuditor && a.status == http.StatusForbidden
		if !refused || a.plain(number, other) != none.plain(never, other) {
			w.rt.Errorf("%s on %s by %s at %d: %d %s", op.id, number, c.role, c.unit, a.status, a.raw)
		}
		if len(s.refs) > 0 && op.namesOther() { // nor does a second matter outside do anything, named on one that the key sees
			here := s.refs[0]
			seen, err := matter.ParseRef(here)
			w.must(err)
			host, err := w.office.Matter(w.t.Context(), org.System(), seen)
			w.must(err)
			if _, joined := host.Matter.Submission(target.ref); joined { // it is part of what the key sees
				continue
			}
			none, a := w.try(c.name, op, here, never, noFile), w.try(c.name, op, here, number, noFile)
			if a.status < 400 || a.status != none.status || a.plain(number, here) != none.plain(never, here) {
				w.rt.Errorf("%s on %s with %s: %d %s, not %s", op.id, here, number, a.status, a.raw, none.raw)
			}
		}
	}
	after, err := w.office.Matter(w.t.Context(), org.System(), target.ref)
	w.must(err)
	if before.Matter.Version != after.Matter.Version {
		w.rt.Errorf("%s was changed", number)
	}
}

// own asks as a petitioner: nothing but the own submission, by no operation and no number.
func (w *wood) own(s seed, all map[matter.Ref]usecase.MatterView) {
	for _, op := range w.ops {
		switch {
		case op.method == http.MethodGet && slices.Contains(ownOperations(), op.id):
			a := w.call(s.token, op.method, op.path, nil)
			w.quiet(op.id, a, []string{s.mark})
			if op.id == "get_my_matter" && !bytes.Contains(a.want(http.StatusOK).raw, []byte(s.mark)) {
				w.rt.Errorf("the petitioner does not see the own submission: %s", a.raw)
			}
		case op.aboutMatter() && op.method == http.MethodGet:
			for _, target := range w.seeds {
				a := w.try(s.token, op, target.ref.String(), target.ref.String(), target.file)
				w.quiet(op.id, a, []string{s.mark})
				if own := target.ref == s.ref && all[s.ref].Matter.Merged.IsZero(); op.citizen && own != (a.status == http.StatusOK) {
					w.rt.Errorf("%s of %s by the petitioner of %s: %d", op.id, target.ref, s.ref, a.status)
				}
			}
		}
	}
}
