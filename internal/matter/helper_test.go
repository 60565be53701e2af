package matter

import (
	"errors"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// The units of the test world: a county with its bodies, under a city.
const (
	city          org.UnitID = 1
	county        org.UnitID = 2
	bureau        org.UnitID = 3 // the county's petition department
	roads         org.UnitID = 4
	roadsOffice   org.UnitID = 5 // under roads
	labour        org.UnitID = 6
	town          org.UnitID = 7
	village       org.UnitID = 8  // under town
	inspection    org.UnitID = 9  // the county's discipline inspection
	roadsInspect  org.UnitID = 10 // discipline inspection inside roads
	citySupervise org.UnitID = 11 // the city's discipline inspection
	oldRoads      org.UnitID = 12 // merged into roads on 2025-10-01
	window        org.UnitID = 13 // the petition department's window, under it
	stranger      org.UnitID = 14 // at the top by itself
	province      org.UnitID = 15 // above the city
	cityBureau    org.UnitID = 16 // the city's petition department
	cityRoads     org.UnitID = 17 // of the same line as roads, one level up
)

const home = 330112

// tester is what these helpers need of a test, a property's included.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

type world struct {
	chart     *org.Chart
	rules     Rules
	procedure Procedure
}

func newWorld(t tester) world {
	t.Helper()
	set, err := law.DefaultBook().On("", day("2025-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	unit := func(id, parent org.UnitID, kind org.UnitKind) org.Unit {
		return org.Unit{ID: id, Parent: parent, Kind: kind, Name: "unit", From: law.NoDay, Until: law.NoDay}
	}
	named := func(id, parent org.UnitID, name string) org.Unit {
		u := unit(id, parent, org.KindDepartment)
		u.Name = name
		return u
	}
	old := unit(oldRoads, county, org.KindDepartment)
	old.Until, old.Successor = day("2025-10-01"), roads
	return world{
		chart: org.NewChart([]org.Unit{
			unit(province, 0, org.KindRoot), unit(city, province, org.KindRoot), unit(county, city, org.KindRoot), unit(bureau, county, org.KindBureau),
			named(roads, county, "unit roads"), named(cityRoads, city, "unit roads"), unit(cityBureau, city, org.KindBureau), unit(roadsOffice, roads, org.KindDepartment), unit(labour, county, org.KindDepartment),
			unit(town, county, org.KindTown), unit(village, town, org.KindVillage), unit(inspection, county, org.KindDiscipline),
			unit(roadsInspect, roads, org.KindDiscipline), unit(citySupervise, city, org.KindDiscipline), old,
			unit(window, bureau, org.KindCentre), unit(stranger, 0, org.KindDepartment),
		}),
		procedure: National(),
		rules:     Rules{Set: set, Calendar: law.DefaultCalendar()},
	}
}

func day(s string) law.Day {
	d, err := law.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func staff(role org.Role, unit org.UnitID) org.Actor {
	scope := unit
	switch unit {
	case bureau, inspection: // they answer for their county
		scope = county
	case cityBureau:
		scope = city
	}
	return org.Actor{
		Kind: org.ActorStaff, User: org.UserID(100 + unit),
		Duty: org.Duty{ID: org.DutyID(100 + unit), User: org.UserID(100 + unit), Role: role, Unit: unit, Scope: scope, From: law.NoDay, Until: law.NoDay},
	}
}

func registrar(unit org.UnitID) org.Actor { return staff(org.RoleRegistrar, unit) }
func handler(unit org.UnitID) org.Actor   { return staff(org.RoleHandler, unit) }
func head(unit org.UnitID) org.Actor      { return staff(org.RoleHead, unit) }
func supervisor() org.Actor               { return staff(org.RoleSupervisor, bureau) }
func discipline(unit org.UnitID) org.Actor {
	return staff(org.RoleDiscipline, unit)
}

func petitioner(ref Ref) org.Actor {
	return org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}
}

// life is a matter on its way through the procedure.
type life struct {
	t      tester
	w      world
	m      *Matter
	events []Event
	today  law.Day
}

// letter is an ordinary intake with two demands.
func letter() Intake {
	return Intake{
		Channel: ChannelLetter, Title: "村道施工压坏水渠", Demands: []string{"修好水渠", "赔偿损失"}, Place: 330112105201,
		Petitioners: []Petitioner{{Name: "陈某"}},
	}
}

// open registers an intake on a day at a unit.
func (w world) open(t tester, on string, in Intake, at org.UnitID, serial int64) *life {
	t.Helper()
	l := &life{t: t, w: w, today: day(on)}
	in.ReceivedUS = l.now()
	if err := errs.Fields(in.Check(l.today, w.rules.Set)); err != nil {
		t.Fatalf("intake: %v", err)
	}
	unit, _ := w.chart.Unit(at)
	receipt := Receipt{Ref: NewRef(home, 2025, serial), Unit: unit, RuleSet: w.rules.Set.ID()}
	l.events = Register(in.Clean(), receipt, Env{Actor: registrar(at), NowUS: l.now(), Today: l.today})
	l.m = Fold(l.events)
	return l
}

func (l *life) now() int64 { return l.today.StartUS() + 9*3600*1_000_000 }

func (l *life) on(d string) *life {
	l.today = day(d)
	return l
}

func (l *life) env(a org.Actor) Env {
	return Env{
		Actor: a, Powers: Powers(l.m, a, l.w.chart), NowUS: l.now(), Today: l.today, Rules: l.w.rules, Chart: l.w.chart,
		Procedure: l.w.procedure,
	}
}

// do takes steps that must be lawful.
func (l *life) do(a org.Actor, steps ...Command) *life {
	l.t.Helper()
	for _, c := range steps {
		events, err := l.m.Decide(c, l.env(a))
		if err != nil {
			l.t.Fatalf("%s on %s in state %s: %v", c.Act(), l.today, l.m.State, err)
		}
		l.apply(events)
	}
	return l
}

func (l *life) apply(events []Event) {
	for _, e := range events {
		l.m.Apply(e)
	}
	l.events = append(l.events, events...)
}

// refused takes a step that must be refused for a reason: a code, or "path=code" of the fields.
func (l *life) refused(a org.Actor, c Command, want string) *life {
	l.t.Helper()
	_, err := l.m.Decide(c, l.env(a))
	if got := reason(err); got != want {
		l.t.Errorf("%s on %s in state %s: refused with %q, want %q", c.Act(), l.today, l.m.State, got, want)
	}
	return l
}

func (l *life) state(want State) *life {
	l.t.Helper()
	if l.m.State != want {
		l.t.Fatalf("state is %s, want %s", l.m.State, want)
	}
	return l
}

// reason puts an error into one word for comparison.
func reason(err error) string {
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return err.Error()
	}
	if len(e.Fields) == 0 {
		return e.Code
	}
	var parts []string
	for _, f := range e.Fields {
		parts = append(parts, f.Path+"="+f.Code)
	}
	return strings.Join(parts, " ")
}

// clock returns the clock of a key; ok is false when there is none.
func (l *life) clock(key string) (Clock, bool) {
	l.t.Helper()
	clocks, err := l.m.Clocks(l.w.rules)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, c := range clocks {
		if c.Key == key {
			return c, true
		}
	}
	return Clock{}, false
}

func (l *life) mustClock(key string) Clock {
	l.t.Helper()
	c, ok := l.clock(key)
	if !ok {
		l.t.Fatalf("no clock %s in state %s", key, l.m.State)
	}
	return c
}

// answers answers every demand of a matter.
func answers(m *Matter) []Answer {
	var out []Answer
	for _, d := range m.Demands {
		out = append(out, Answer{Demand: d.N, Outcome: OutcomeSupport, Facts: "查明属实", Basis: "有关规定", PromiseBy: law.NoDay})
	}
	return out
}

func four() Ease { return Ease{Solved: "修好了水渠"} }

// The ways to where most tests begin.

// signed is a letter that the petition department sent to the roads department, which signed the same day.
func (w world) signed(t tester, on string) *life {
	t.Helper()
	l := w.open(t, on, letter(), bureau, 1)
	return l.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Forward{Unit: roads, Mode: ModeTransfer, Why: "归交通管", ReportBy: law.NoDay}).do(handler(roads), Sign{})
}

func (w world) accepted(t tester, on string) *life {
	t.Helper()
	return w.signed(t, on).do(handler(roads), Accept{})
}

func (w world) issued(t tester, on string) *life {
	t.Helper()
	l := w.accepted(t, on)
	return l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
}

func (w world) served(t tester, on string) *life {
	t.Helper()
	l := w.issued(t, on)
	return l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today})
}

// suggestion is a suggestion that roads has signed for.
func (w world) suggestion(t tester, on string) *life {
	t.Helper()
	in := letter()
	in.Kind = KindSuggestion
	l := w.open(t, on, in, bureau, 1)
	return l.do(registrar(bureau), Screen{Kind: KindSuggestion, Level: LevelOrdinary}, Forward{Unit: roads, Mode: ModeTransfer, Why: "归交通管"}).do(handler(roads), Sign{})
}

// joins links another matter's submission to this one.
func (l *life) joins(other *life) {
	l.t.Helper()
	here, there, err := l.m.Join(other.m, "同一件事", l.env(registrar(bureau)))
	if err != nil {
		l.t.Fatal(err)
	}
	l.apply(here)
	other.apply(there)
}

// separates takes it out again.
func (l *life) separates(other *life) {
	l.t.Helper()
	here, there, err := l.m.Separate(other.m, "不是同一件事", l.env(registrar(bureau)))
	if err != nil {
		l.t.Fatal(err)
	}
	l.apply(here)
	other.apply(there)
}
