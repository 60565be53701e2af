package matter

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"huiyin/internal/org"
)

// sameMatter compares matters whole, unexported fields included; the version, the counter of demands and the matters one has hung on never go
// back.
func sameMatter() cmp.Options {
	return cmp.Options{
		cmp.AllowUnexported(Matter{}), cmpopts.EquateEmpty(),
		cmp.FilterPath(func(p cmp.Path) bool {
			f := p.Last().String()
			return f == ".Version" || f == ".nextDemand" || f == ".Hosts"
		}, cmp.Ignore()),
	}
}

func TestJoinAndSeparate(t *testing.T) {
	w := newWorld(t)
	l := w.accepted(t, "2025-08-05")
	other := w.open(t, "2025-08-20", letter(), window, 2)
	before, otherBefore := Fold(l.events), Fold(other.events)
	l.on("2025-08-25").joins(other)
	if len(l.m.Demands) != 4 || l.m.Demands[3].N != 4 || l.m.Repeats() != 1 || l.m.Counts() != (Counts{Items: 2, Persons: 2}) {
		t.Errorf("%d demands, %d repeats, %+v", len(l.m.Demands), l.m.Repeats(), l.m.Counts())
	}
	if l.m.Received() != day("2025-08-05") {
		t.Errorf("the group's clock starts on %s, want the earliest", l.m.Received())
	}
	// The one that rests runs no duty of its own; its submission's clock is told where it now hangs, and has one D05.
	if clocks, err := other.m.Clocks(w.rules); err != nil || len(clocks) != 0 || other.m.Open() {
		t.Errorf("a resting matter runs %v (%v)", clocks, err)
	}
	other.on("2025-08-25").refused(registrar(window), Screen{Kind: KindAppeal, Level: LevelOrdinary}, "act.merged")
	if c := l.mustClock("D01/" + other.m.First.String()); c.Stopped != day("2025-08-20") {
		t.Errorf("the repeat's own notice is %s, want told at once", c.Stopped)
	}
	// Either petitioner steps in on the joined matter, each for an own submission.
	l.do(petitioner(other.m.First), UrgeOn{}).do(petitioner(l.m.First), UrgeOn{})
	l.m.Urges = nil // the record of urges stays with the matter; it is not part of what is separated

	l.on("2025-09-01").separates(other)
	if diff := cmp.Diff(before, l.m, sameMatter()); diff != "" {
		t.Errorf("the matter that stays is changed (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(otherBefore, other.m, sameMatter()); diff != "" {
		t.Errorf("the matter that woke is changed (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff([]Ref{l.m.Ref}, other.m.Hosts); diff != "" {
		t.Errorf("where it has hung: %s", diff)
	}
	wantClock(t, "as if it had never rested", other.mustClock("D01/"+other.m.First.String()), "2025-09-04", "2025-09-04", "", "-")
	l.refused(petitioner(other.m.First), UrgeOn{}, "act.power")
}

func TestJoinRefusals(t *testing.T) {
	w := newWorld(t)
	fresh := func(serial int64) *life { return w.open(t, "2025-08-05", letter(), bureau, serial) }
	accused := func(serial int64, units ...org.UnitID) *life {
		in := letter()
		in.Kind, in.Accused = KindAccusation, units
		return w.open(t, "2025-08-05", in, inspection, serial)
	}
	host := fresh(10)
	merged, several, begun, elsewhere := fresh(11), fresh(12), w.signed(t, "2025-08-05"), fresh(14)
	host.joins(merged)
	several.joins(fresh(15))
	elsewhere.m.Ref.Home = 110101
	sealed := accused(16, roads)
	for _, c := range []struct {
		name        string
		host, other *life
		actor       org.Actor
		reason      string
		want        string
	}{
		{"itself", host, host, registrar(bureau), "同一件", "other=join.same"},
		{"another home", host, elsewhere, registrar(bureau), "同一件", "other=join.home"},
		{"across the seal", host, sealed, registrar(bureau), "同一件", "other=join.sealed"},
		{"accusations of different units", sealed, accused(17, labour), discipline(inspection), "同一件", "other=join.accused"},
		{"accusations of the same units", accused(18, labour, roads), accused(19, roads, labour), discipline(inspection), "同一件", ""},
		{"one that rests", host, merged, registrar(bureau), "同一件", "other=join.merged"},
		{"one that others hang on", host, several, registrar(bureau), "同一件", "other=join.several"},
		{"one that is being handled", host, begun, registrar(bureau), "同一件", "other=join.begun"},
		{"without a reason", host, fresh(20), registrar(bureau), "", "reason=field.required"},
		{"without the title", host, fresh(21), registrar(labour), "同一件", "act.power"},
	} {
		if _, _, err := c.host.m.Join(c.other.m, c.reason, c.host.env(c.actor)); reason(err) != c.want {
			t.Errorf("%s: %q, want %q", c.name, reason(err), c.want)
		}
	}
}

func TestSeparateRefusals(t *testing.T) {
	w := newWorld(t)
	l := w.accepted(t, "2025-08-05")
	if _, _, err := l.m.Separate(l.m, "分开", l.env(registrar(bureau))); reason(err) != "act.separate.one" {
		t.Errorf("nothing joined: %v", err)
	}
	other, third := w.open(t, "2025-08-05", letter(), bureau, 2), w.open(t, "2025-08-05", letter(), bureau, 3)
	l.joins(other)
	for _, c := range []struct {
		other  *life
		reason string
		want   string
	}{{third, "分开", "other=separate.not_here"}, {other, "", "reason=field.required"}} {
		if _, _, err := l.m.Separate(c.other.m, c.reason, l.env(registrar(bureau))); reason(err) != c.want {
			t.Errorf("%q, want %q", reason(err), c.want)
		}
	}
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	l.do(handler(roads), Serve{Submission: other.m.First, Method: ServedOnline, On: l.today})
	if _, _, err := l.m.Separate(other.m, "分开", l.env(registrar(bureau))); reason(err) != "separate.served" {
		t.Errorf("after service: %v", err)
	}
}

// Taking out the last one that was not served leaves the matter served; taking out the last that asks leaves it withdrawn.
func TestSeparatingTheLastOne(t *testing.T) {
	w := newWorld(t)
	l := w.accepted(t, "2025-08-05")
	other := w.open(t, "2025-08-05", letter(), bureau, 2)
	l.joins(other)
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today}).state(StateIssued)
	l.separates(other)
	l.state(StateServed)
	wantClock(t, "D05", l.mustClock("D05"), "", "", "", "2025-08-05")

	l = w.accepted(t, "2025-08-05")
	other = w.open(t, "2025-08-05", letter(), bureau, 2)
	l.joins(other)
	l.do(petitioner(l.m.First), Withdraw{}).state(StateAccepted)
	l.separates(other)
	l.state(StateWithdrawn)
	other.state(StateRegistered)
}

// Who withdrew, with the rest separated, leaves nobody to redo it for.
func TestNobodyToRedoItFor(t *testing.T) {
	w := newWorld(t)
	l := w.accepted(t, "2025-08-05")
	other := w.open(t, "2025-08-05", letter(), bureau, 2)
	l.joins(other)
	l.do(petitioner(l.m.First), Withdraw{}).do(handler(roads), Mediate{Mediator: "张三", Parties: "同意"}, Agree{Terms: "修好", Answers: answers(l.m)})
	l.separates(other)
	l.refused(supervisor(), Redo{Reason: "没办好", By: day("2025-10-01")}, "act.redo.nobody")
}

// Who is joined to a matter that is really resolved for the others has yet to say so (化解 is the word of everybody concerned, 办结 is none); taken out again or withdrawn,
// the word of the others stands.
func TestJoiningWeighsResolvedAgain(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name string
		then func(l, other *life)
		want bool
	}{
		{"joined", func(*life, *life) {}, false},
		{"and says so", func(l, other *life) { l.resolved(other.m.First, true) }, true},
		{"and says no", func(l, other *life) { l.resolved(other.m.First, false) }, false},
		{"and is separated", func(l, other *life) { l.separates(other) }, true},
		{"and withdraws", func(l, other *life) { l.do(petitioner(other.m.First), Withdraw{}) }, true},
		{"and says no and withdraws", func(l, other *life) { l.resolved(other.m.First, false).do(petitioner(other.m.First), Withdraw{}) }, true},
	} {
		l, other := w.accepted(t, "2025-08-05"), w.open(t, "2025-08-20", letter(), window, 2)
		if l.resolved(l.m.First, true); !l.m.Resolved {
			t.Fatal("the only petitioner's word is not enough")
		}
		l.on("2025-08-25").joins(other)
		if c.then(l, other); l.m.Resolved != c.want {
			t.Errorf("%s: resolved %v", c.name, l.m.Resolved)
		}
	}
	l := w.accepted(t, "2025-08-05")
	if l.resolved(l.m.First, false).do(petitioner(l.m.First), Withdraw{}); l.m.Resolved {
		t.Error("a matter is resolved because who said no has withdrawn")
	}
}

// resolved notes, whatever the state, whether it is really resolved for a submission.
func (l *life) resolved(of Ref, yes bool) *life {
	l.apply(l.m.events([]Body{Confirmed{Submission: of, Resolved: yes}}, l.env(petitioner(of))))
	return l
}
