package matter

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// walk is a random way of a matter, and of a second one that may be joined to it, through commands of random actors on random
// days. Half the time it takes a step that is offered, so that it gets somewhere; otherwise any step by anybody.
type walk struct {
	t           *rapid.T
	host, other *life
}

func newWalk(t *rapid.T, w world) *walk {
	local := rapid.IntRange(0, 2).Draw(t, "law") == 0
	if local {
		w = w.beijing(t)
	}
	in := letter()
	in.Kind = rapid.SampledFrom([]Kind{KindAppeal, KindAppeal, KindAppeal, KindSuggestion, KindEnquiry, KindAccusation}).Draw(t, "kind")
	at := rapid.SampledFrom([]org.UnitID{bureau, window, town, inspection}).Draw(t, "received by")
	if in.Kind == KindAccusation {
		in.Accused, at = []org.UnitID{roads}, inspection
	}
	started := law.NewDay(2025, 1, rapid.IntRange(1, 600).Draw(t, "start")).String()
	host := w.open(t, started, in, at, 1)
	switch in.Kind {
	case KindSuggestion:
		host = w.suggestion(t, started)
	case KindAppeal:
		ways := []func(tester, string) *life{
			func(tester, string) *life { return host }, w.signed, w.accepted, w.issued, w.served, w.servedOnTwo, w.reviewed, w.rereview, w.rereviewing, w.rereviewing,
		}
		if local {
			ways = append(ways, w.reviewing, w.reviewing, w.extended, w.extended)
		}
		host = rapid.SampledFrom(ways).Draw(t, "begin")(t, started)
	}
	return &walk{t: t, host: host, other: w.open(t, started, in, at, 2)}
}

// rereview is a matter on which a re-review was asked for.
func (w world) rereview(t tester, started string) *life {
	l := w.reviewed(t, started)
	return l.do(petitioner(l.m.First), RequestReReview{Reason: "仍不服"})
}

// rereviewing is one that the organ has taken up.
func (w world) rereviewing(t tester, started string) *life {
	return w.rereview(t, started).do(handler(cityBureau), TakeReview{})
}

// reviewing is a matter whose review the organ has taken up.
func (w world) reviewing(t tester, started string) *life {
	l := w.served(t, started)
	return l.do(petitioner(l.m.First), RequestReview{Unit: county, Reason: "不服"}).do(handler(bureau), TakeReview{})
}

// extended is one whose time was extended by all that the law of the place allows.
func (w world) extended(t tester, started string) *life {
	return w.reviewing(t, started).do(head(bureau), ExtendReview{Days: 30, Approval: "委员会", Reason: "复杂"})
}

func actors(l *life) []org.Actor {
	out := []org.Actor{supervisor(), staff(org.RoleLeader, county), petitioner(NewRef(home, 2025, 99))}
	for _, s := range l.m.Submissions {
		out = append(out, petitioner(s.Ref))
	}
	for _, u := range []org.UnitID{bureau, window, roads, roadsOffice, labour, town, village} {
		out = append(out, registrar(u), handler(u), head(u))
	}
	for _, u := range []org.UnitID{bureau, inspection, citySupervise, roadsInspect} {
		out = append(out, discipline(u))
	}
	for i := range l.m.Reviews { // who reviews is of interest only while somebody does
		for _, u := range []org.UnitID{l.m.Reviews[i].Desk, l.m.Reviews[i].Organ} {
			for _, had := range l.m.Handlers { // who handled it and has moved to the organ that reviews comes first: they may never
				moved, signs := handler(u), head(u)
				moved.User, signs.User = had, had
				out = append(out, moved, signs)
			}
			out = append(out, handler(u), head(u), staff(org.RoleLeader, u))
		}
	}
	return out
}

// step tries one thing. It returns the event's act when something happened.
func (w *walk) step() (Act, bool) {
	t := w.t
	l := w.host
	if w.other.m.Merged.IsZero() && rapid.IntRange(0, 9).Draw(t, "on the other") == 0 {
		l = w.other
	}
	days := rapid.SampledFrom([]int{0, 0, 0, 1, 2, 5, 15, 40}).Draw(t, "days")
	w.host.today = w.host.today.Add(days)
	w.other.today = w.host.today
	actor := rapid.SampledFrom(actors(l)).Draw(t, "actor")
	act := rapid.SampledFrom(l.w.procedure.Rows()).Draw(t, "act").Act
	if rapid.IntRange(0, 9).Draw(t, "lawful") > 0 {
		if offers := offered(l, rapid.Bool().Draw(t, "onward")); len(offers) > 0 {
			o := rapid.SampledFrom(offers).Draw(t, "offer")
			actor, act = o.by, o.act
		}
	}
	switch act {
	case ActJoin, ActSeparate:
		return act, w.link(act, actor)
	default:
		return act, w.take(l, actor, w.fill(act, l))
	}
}

type offer struct {
	act Act
	by  org.Actor
}

// offered lists the steps somebody may take now, each with the first who may; onward leaves only those that lead on to
// another state, withdrawing aside.
func offered(l *life, onward bool) []offer {
	var out []offer
	for _, row := range l.w.procedure.Rows() {
		if onward && (len(row.leads(l.m.State))+len(row.leads(l.m.Stage())) == 0 || row.Act == ActWithdraw || row.Act == ActRequestMaterial || row.Act == ActSeparate) {
			continue
		}
		for _, a := range actors(l) {
			if l.m.May(row.Act, l.env(a)) == nil {
				out = append(out, offer{row.Act, a})
				break
			}
		}
	}
	return out
}

func (w *walk) link(act Act, actor org.Actor) bool {
	link := w.host.m.Join
	if act == ActSeparate {
		link = w.host.m.Separate
	}
	here, there, err := link(w.other.m, "理由", w.host.env(actor))
	if err == nil {
		w.host.apply(here)
		w.other.apply(there)
	}
	return err == nil
}

// take decides a command, proves that deciding changed nothing, and applies what came of it.
func (w *walk) take(l *life, actor org.Actor, c Command) bool {
	before := Fold(l.events)
	events, err := l.m.Decide(c, l.env(actor))
	if diff := cmp.Diff(before, l.m, cmp.AllowUnexported(Matter{}), cmpopts.EquateEmpty()); diff != "" {
		w.t.Fatalf("deciding %s changed the matter, or the fold is not what was applied:\n%s", c.Act(), diff)
	}
	if err != nil {
		if errs.KindOf(err) == errs.Internal {
			w.t.Fatalf("%s: %v", c.Act(), err)
		}
		return false
	}
	l.apply(events)
	return true
}

// check holds what must be true of a matter wherever it is.
func (w *walk) check(l *life) {
	t, m := w.t, l.m
	if m.Holder() == 0 {
		t.Fatalf("nobody holds a matter in %s", m.State)
	}
	clocks, err := m.Clocks(l.w.rules)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.Submissions { // whatever units do among each other, the petitioner's own time counts from the day of receipt
		if !slices.ContainsFunc(clocks, func(c Clock) bool {
			return (c.Rule == ruleBureau || c.Rule == ruleDirect) && c.Submission == s.Ref && c.From == s.Received
		}) && m.Merged.IsZero() {
			t.Fatalf("the time of %s no longer counts from the day of receipt", s.Ref)
		}
	}
	handling := 0
	seen := map[string]bool{}
	for _, c := range clocks {
		if c.Unit == 0 {
			t.Fatalf("clock %s binds nobody in %s", c.Key, m.State)
		}
		if seen[c.Key] {
			t.Fatalf("clock %s is there twice", c.Key)
		}
		seen[c.Key] = true
		if c.Rule == ruleHandle {
			handling++
			if n := int(c.Nominal) - int(m.Accepted); n > 90 {
				t.Fatalf("%d days from acceptance", n)
			}
		}
		if c.Stopped.Known() && c.Stopped < c.From {
			t.Fatalf("clock %s stopped on %s, before it started on %s", c.Key, c.Stopped, c.From)
		}
		if !c.Right && c.Running(l.today) && !m.Open() && m.Merged.IsZero() {
			t.Fatalf("clock %s runs in %s", c.Key, m.State)
		}
	}
	if handling > 1 {
		t.Fatalf("%d handling periods run on one matter", handling)
	}
	w.checkReviews(l, clocks)
	switch m.State {
	case StateServed, StateAgreed:
		if n := m.Silent(); len(n) > 0 {
			t.Fatalf("silent demands %v in %s", n, m.State)
		}
	case StateIssued:
		if len(m.Unserved()) == 0 {
			t.Fatal("issued with nobody left to serve: the matter is stuck")
		}
	default:
	}
}

func TestRandomWalks(t *testing.T) {
	w := newWorld(t)
	reached := map[string]int{} // steps of review, without which the walks would prove nothing of it
	rapid.Check(t, func(t *rapid.T) {
		walk := newWalk(t, w)
		drawn := map[[3]string]bool{}
		for _, m := range National().moves() {
			drawn[[3]string{string(m.row.Act), string(m.from), string(m.to)}] = true
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			was := [2]State{walk.host.m.State, walk.other.m.State}
			act, done := walk.step()
			for i, l := range []*life{walk.host, walk.other} {
				walk.check(l)
				beside := (act == ActIssueReview && l.m.State == StateInvestigating) || ((act == ActServeReview || act == ActReceive) && l.m.State == StateTerminated)
				if l.m.State != was[i] && !beside && !drawn[[3]string{string(act), string(was[i]), string(l.m.State)}] {
					t.Fatalf("%s led from %s to %s, which the diagram does not draw", act, was[i], l.m.State)
				}
				if d := l.m.Dual; d != nil && l.m.State == StateCompleted && (!d.Lead.Known() || l.m.Parts[d.Part-1].open() || !d.Inquired.Known()) {
					t.Fatal("one line closed a matter handed over on two")
				}
				if done && act == ActComplete && l.m.State == StateCompleted && was[i] != StateCompleted {
					if told := was[i] == StateServed || was[i] == StateAgreed; told && (len(l.m.Silent()) > 0 || l.m.Eases == nil) {
						t.Fatalf("completed from %s over %v, eases %v", was[i], l.m.Silent(), l.m.Eases)
					}
				}
			}
		}
		for _, l := range []*life{walk.host, walk.other} {
			walk.roundTrip(l)
			walk.offers(l)
			for _, e := range l.events {
				if tier, ok := reviewerStep(e.Body); ok {
					reached[string(tier)+" "+KindOf(e.Body)]++
				}
			}
		}
	})
	for _, kind := range []string{"review review_taken", "review review_drafted", "review review_issued", "review review_served", "rereview review_taken"} {
		if reached[kind] == 0 {
			t.Errorf("no walk came to %s: %v", kind, reached)
		}
	}
}

// checkReviews holds what must be true of the reviews of a matter wherever it is.
func (w *walk) checkReviews(l *life, clocks []Clock) {
	t, m := w.t, l.m
	for _, c := range clocks {
		if rule, err := l.w.rules.Set.Rule(ruleReviewed); c.Rule == ruleReviewed && (err != nil || int(c.Nominal)-int(c.From) > rule.N+rule.ExtendN) {
			t.Fatalf("the opinion of a review asked for on %s is due on %s: %v", c.From, c.Nominal, err)
		}
	}
	anew, err := Fold(l.events).Clocks(l.w.rules)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(clocks, anew, Clock.SameDates) {
		t.Fatalf("clocks kept:\n%+v\nclocks from the start:\n%+v", clocks, anew)
	}
	if m.Open() && m.Turn().Side == law.SideUnit && m.Turn().Unit == 0 && m.State != StateDisputed {
		t.Fatalf("nobody's turn in %s", m.Stage())
	}
	for _, a := range actors(l) {
		for _, row := range l.w.procedure.Rows() {
			if m.recused(a.User) && m.May(row.Act, l.env(a)) == nil {
				t.Fatalf("%d was told to stay away and may %s", a.User, row.Act)
			}
		}
	}
	extended := map[int]bool{}
	for _, e := range l.events {
		if b, ok := e.Body.(ReviewExtended); ok {
			if extended[b.Review] {
				t.Fatalf("review %d was extended twice", b.Review)
			}
			extended[b.Review] = true
		}
		tier, ofReview := reviewerStep(e.Body)
		if !ofReview || e.By.Kind == org.ActorSystem {
			continue
		}
		units, people := Fold(l.events[:e.Seq-1]).hadAPart(tier)
		if slices.Contains(people, e.By.User) || slices.Contains(units, e.By.Unit) {
			t.Fatalf("%s: %d of %d looked again at an opinion they had a part in", KindOf(e.Body), e.By.User, e.By.Unit)
		}
	}
	for _, s := range m.Submissions {
		if m.State == StateTerminated && !m.isWithdrawn(s.Ref) &&
			!slices.ContainsFunc(m.Reviews, func(r Review) bool { _, ok := r.service(s.Ref); return ok && r.Tier == TierReReview && !r.Void.Known() }) {
			t.Fatalf("terminated without a re-review opinion served on %s", s.Ref)
		}
		e := l.env(petitioner(s.Ref))
		remedies, err := m.Remedies(s.Ref, e)
		if err != nil {
			t.Fatal(err)
		}
		for _, act := range []Act{ActRequestReview, ActRequestReReview} {
			i := slices.IndexFunc(remedies, func(r Remedy) bool { return r.Act == act })
			if err := m.May(act, e); (err == nil) != (i >= 0) {
				t.Fatalf("%s for %s: remedies %+v, May says %v", act, s.Ref, remedies, err)
			}
			if i >= 0 && (remedies[i].Clock == nil || !remedies[i].Clock.Running(l.today) || len(remedies[i].Organs) == 0) {
				t.Fatalf("a remedy without day or organ: %+v", remedies[i])
			}
		}
	}
}

// reviewerStep is the tier of a step that the organ which reviews takes; false for every other.
func reviewerStep(b Body) (Tier, bool) {
	switch b := b.(type) {
	case ReviewTaken:
		return b.Tier, true
	case ReviewDeclined:
		return b.Tier, true
	case ReviewDrafted:
		return b.Tier, true
	case ReviewExtended:
		return b.Tier, true
	case ReviewReturned:
		return b.Tier, true
	case ReviewIssued:
		return b.Tier, true
	case ReviewServed:
		return b.Tier, true
	default:
		return TierFirst, false
	}
}

// roundTrip stores every event and reads it back; the history read back leaves the same matter.
func (w *walk) roundTrip(l *life) {
	stored := make([]Event, len(l.events))
	before := blank()
	for i, e := range l.events {
		if e.Seq != i+1 {
			w.t.Fatalf("event %d has the number %d", i+1, e.Seq)
		}
		papers := before.PapersOf(e)
		for _, p := range papers {
			if p.Unit == 0 || (p.To == 0) != (len(p.For) > 0) && p.Kind != PaperMinutes {
				w.t.Fatalf("a document of nobody or for nobody: %+v", p)
			}
		}
		before.Apply(e)
		data, err := Encode(e.Body, papers)
		if err != nil {
			w.t.Fatal(err)
		}
		body, kept, err := Decode(KindOf(e.Body), data)
		if err != nil {
			w.t.Fatal(err)
		}
		if diff := cmp.Diff([]any{e.Body, papers}, []any{body, kept}, cmpopts.EquateEmpty()); diff != "" {
			w.t.Fatalf("%s read back differs:\n%s", KindOf(e.Body), diff)
		}
		stored[i] = e
		stored[i].Body = body
	}
	if diff := cmp.Diff(l.m, Fold(stored), cmp.AllowUnexported(Matter{}), cmpopts.EquateEmpty()); diff != "" {
		w.t.Fatalf("the stored history leaves another matter:\n%s", diff)
	}
}

// offers proves that what is offered may be done, what is not offered is refused for the reason shown, and the rest is
// somebody else's.
func (w *walk) offers(l *life) {
	for _, a := range actors(l) {
		e := l.env(a)
		now, not := l.m.Offers(e)
		shown := map[Act]string{}
		for _, o := range now {
			shown[o.Act] = ""
		}
		for _, o := range not {
			shown[o.Act] = o.Refusal.Code
		}
		for _, row := range l.w.procedure.Rows() {
			err := l.m.May(row.Act, e)
			code, there := shown[row.Act]
			if row.Act == ActSucceedUnit {
				continue
			}
			if there != (err == nil || errs.KindOf(err) == errs.Refused) || (there && reason(err) != code) {
				w.t.Fatalf("%s is shown %v as %q, but May says %v", row.Act, there, code, err)
			}
		}
	}
}

// Joining and separating, wherever the host is, gives both matters back as they were.
func TestJoinThenSeparateGivesBack(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		walk := newWalk(t, w)
		for range rapid.IntRange(0, 25).Draw(t, "steps") {
			walk.step()
		}
		host, other := walk.host, walk.other
		here, there, err := host.m.Join(other.m, "同一件", host.env(org.System()))
		if err != nil {
			return // this walk went past the point where anything is joined
		}
		before, otherBefore := Fold(host.events), Fold(other.events)
		host.apply(here)
		other.apply(there)
		here, there, err = host.m.Separate(other.m, "不是", host.env(org.System()))
		if err != nil {
			t.Fatal(err)
		}
		host.apply(here)
		other.apply(there)
		if diff := cmp.Diff(before, host.m, sameMatter()); diff != "" {
			t.Fatalf("the host is changed:\n%s", diff)
		}
		if diff := cmp.Diff(otherBefore, other.m, sameMatter()); diff != "" {
			t.Fatalf("the other is changed:\n%s", diff)
		}
	})
}
