package matter

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// reminding is what reminders of a life are decided by on its day.
func (l *life) reminding() Reminding {
	return Reminding{Thresholds: ShippedThresholds(), Calendar: l.w.rules.Calendar, Chart: l.w.chart, Today: l.today}
}

// reminders are those of one clock, as "day step" and, for an escalation, to whom.
func (l *life) reminders(key string) []string {
	l.t.Helper()
	return said(l.m.Reminders(l.mustClock(key), l.reminding()))
}

func said(list []Reminder) []string {
	out := []string{}
	for _, r := range list {
		s := r.Day.String() + " " + string(r.Step)
		if r.To != 0 {
			s += " " + map[org.UnitID]string{county: "county", city: "city", province: "province", town: "town", roads: "roads", inspection: "inspection", citySupervise: "city inspection"}[r.To]
		}
		out = append(out, s)
	}
	return out
}

func wantReminders(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
}

// TestRemindersOverTheNationalHoliday: handling from 2025-08-05 ends on 10-04, rolls to 10-09, and is safe until 09-30. Working days after the
// holiday are 10-09, 10-10, the make-up Saturday 10-11, 10-13 …
func TestRemindersOverTheNationalHoliday(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	wantReminders(t, l.reminders("D05"), "2025-09-25 soon", "2025-09-30 last", "2025-10-10 late", "2025-10-13 up county")
	for _, c := range []struct{ on, due, next string }{
		{"2025-09-24", "", "2025-09-25"},
		{"2025-09-25", "soon", "2025-09-30"},
		{"2025-10-09", "last", "2025-10-10"},
		{"2025-10-12", "late", "2025-10-13"},
		{"2025-10-20", "up", ""},
	} {
		l.on(c.on)
		due, is, next := l.m.DueReminder(l.mustClock("D05"), l.reminding())
		if string(due.Step) != c.due || is != (c.due != "") || next.String() != c.next {
			t.Errorf("on %s: %q due, then %q; want %q, then %q", c.on, due.Step, next, c.due, c.next)
		}
	}
}

// TestEscalationGoesUpTheLadder: each time some working days later and one level higher, and not above the province.
func TestEscalationGoesUpTheLadder(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	var told []string
	for _, on := range []string{"2025-10-13", "2025-10-14", "2025-10-16", "2025-10-17", "2025-10-21", "2025-12-01"} {
		l.on(on)
		c := l.mustClock("D05")
		if due, is, _ := l.m.DueReminder(c, l.reminding()); is && due.Step == RemindUp {
			l.apply(l.m.Escalate(c, due, l.env(org.System())))
			told = append(told, on+" "+strings.Fields(said([]Reminder{due})[0])[2])
		}
	}
	if diff := cmp.Diff([]string{"2025-10-13 county", "2025-10-16 city", "2025-10-21 province"}, told); diff != "" {
		t.Errorf("escalations (-want +got):\n%s", diff)
	}
	wantReminders(t, l.reminders("D05"), "2025-09-25 soon", "2025-09-30 last", "2025-10-10 late")
	if !slices.Contains(l.m.Units(), county) {
		t.Error("who was told has nothing to do with the matter")
	}
}

func TestRemindersOfWhatWasNotSignedFor(t *testing.T) {
	l := newWorld(t).open(t, "2025-09-26", letter(), bureau, 1)
	l.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Forward{Unit: village, Mode: ModeTransfer, Why: "归村里管"})
	wantReminders(t, l.reminders("D03/1"), "2025-09-29 unsigned", "2025-10-08 soon", "2025-10-11 last", "2025-10-12 late", "2025-10-15 up town")
	wantReminders(t, l.reminders("D04/1")) // a unit's own right is nobody's to remind of
	l.do(handler(village), Sign{})
	wantReminders(t, l.reminders("D03/1"), "2025-10-08 soon", "2025-10-11 last", "2025-10-12 late", "2025-10-15 up town")
	l.do(handler(village), Accept{})
	wantReminders(t, l.reminders("D03/1"))
}

// TestPetitionersRightIsRemindedOfOnce: before it lapses, and never as late.
func TestPetitionersRightIsRemindedOfOnce(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05")
	key := "D07/" + first
	wantReminders(t, l.reminders(key), "2025-08-30 soon")
	l.on("2025-10-01")
	wantReminders(t, l.reminders(key))
}

func TestNoRemindersOfWhatRests(t *testing.T) {
	w := newWorld(t)
	host, other := w.open(t, "2025-08-05", letter(), bureau, 1), w.open(t, "2025-08-05", letter(), bureau, 2)
	if len(host.reminders("D01/"+first)) == 0 {
		t.Fatal("nothing is told of a running clock")
	}
	before := other.mustClock("D01/330112-2025-0000002")
	host.joins(other)
	wantReminders(t, said(other.m.Reminders(before, other.reminding())))
	host.do(petitioner(host.m.First), Withdraw{})
	if host.m.State == StateWithdrawn {
		wantReminders(t, said(host.m.Reminders(before, host.reminding())))
	}
}

// TestSealedEscalationStaysInside: an accusation against roads, with the discipline inspection of the county, goes to that of the city alone.
func TestSealedEscalationStaysInside(t *testing.T) {
	in := letter()
	in.Kind, in.Accused = KindAccusation, []org.UnitID{roads}
	l := newWorld(t).open(t, "2025-08-05", in, inspection, 1)
	l.on("2026-01-05")
	var told []org.UnitID
	for range 10 {
		for _, c := range l.all() {
			if due, is, _ := l.m.DueReminder(c, l.reminding()); is && due.Step == RemindUp {
				l.apply(l.m.Escalate(c, due, l.env(org.System())))
				told = append(told, due.To)
			}
		}
		l.today = l.today.Add(10)
	}
	if diff := cmp.Diff([]org.UnitID{citySupervise}, slices.Compact(told)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func (l *life) all() []Clock {
	clocks, err := l.m.Clocks(l.w.rules)
	if err != nil {
		l.t.Fatal(err)
	}
	return clocks
}

// TestRemindersOfAnyMatter: whatever happens to a matter, what is told of each clock goes forward in time, ends, tells no organ twice, and never an
// organ that an accusation is about; a clock that stopped tells nothing.
func TestRemindersOfAnyMatter(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		k := newWalk(rt, w)
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			k.step()
		}
		l := k.host
		told := map[string]bool{}
		levels := w.chart.Len()
		for range 40 { // beyond what any clock can tell
			for _, c := range l.all() {
				list := l.m.Reminders(c, l.reminding())
				if !slices.IsSortedFunc(list, func(a, b Reminder) int { return int(a.Day - b.Day) }) {
					rt.Fatalf("%s goes back in time: %v", c.Key, said(list))
				}
				if c.Stopped.Known() && len(list) > 0 {
					rt.Fatalf("%s stopped and tells %v", c.Key, said(list))
				}
				due, is, next := l.m.DueReminder(c, l.reminding())
				if next.Known() && next <= l.today {
					rt.Fatalf("%s is to be looked at again on %s, and today is %s", c.Key, next, l.today)
				}
				if !is || due.Step != RemindUp {
					continue
				}
				cause := due.Cause(c)
				if told[cause] {
					rt.Fatalf("%s is told twice", cause)
				}
				told[cause] = true
				if Accuses(l.m.Accused, due.To, w.chart) {
					rt.Fatalf("unit %d is told, and the accusation is about it", due.To)
				}
				l.apply(l.m.Escalate(c, due, l.env(org.System())))
				if n := countUps(l.m, c.Key); n > levels {
					rt.Fatalf("%s was escalated %d times", c.Key, n)
				}
			}
			l.today = l.today.Add(15)
		}
		for _, c := range l.all() { // by now everything that could be told was
			if due, is, _ := l.m.DueReminder(c, l.reminding()); is && due.Step == RemindUp {
				rt.Fatalf("%s still escalates to %d", c.Key, due.To)
			}
		}
	})
}

func countUps(m *Matter, key string) int {
	n := 0
	for _, e := range m.Escalations {
		if e.Clock == key {
			n++
		}
	}
	return n
}

func TestReadThresholds(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{}`, ""},
		{`{"duty": {"soon": 5}, "rules": {"D05": {"up": 60}}}`, ""},
		{`{"duty": {"soon": -1}}`, "duty.soon=remind.days"},
		{`{"rules": {"D05": {"up": 61, "unsigned": 99}, "D03": {"soon": 61}}}`, "rules.D03.soon=remind.days rules.D05.unsigned=remind.days rules.D05.up=remind.days"},
		{`{"dutty": {}}`, "remind.json"},
		{`{} {}`, "remind.json"},
		{`[]`, "remind.json"},
		{``, "remind.json"},
	} {
		if _, err := ReadThresholds([]byte(c.text)); reason(err) != c.want {
			t.Errorf("%s: %q, want %q", c.text, reason(err), c.want)
		}
	}
}

func FuzzReadThresholds(f *testing.F) {
	f.Add(string(shippedReminders))
	f.Add(`{"rules": {"D05": {"up": 61}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ReadThresholds([]byte(text))
		if err != nil {
			return
		}
		again, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ReadThresholds(again); err != nil || !cmp.Equal(h, back) {
			t.Errorf("%s reads back as %+v, %v", again, back, err)
		}
	})
}

func TestThresholdsOf(t *testing.T) {
	h := Thresholds{Duty: Threshold{Soon: 5}, Petitioner: Threshold{Soon: 4}, Office: Threshold{Soon: 3}}.With(map[law.RuleID]Threshold{"D09": {Soon: 30}})
	for _, c := range []struct {
		clock Clock
		want  int
	}{
		{Clock{Rule: "D05"}, 5},
		{Clock{Rule: "D07", Right: true, Petitioner: true}, 4},
		{Clock{Rule: "D04", Right: true}, 3},
		{Clock{Rule: "D05", rule: law.Rule{SoonDays: 2}}, 2},
		{Clock{Rule: "D09", rule: law.Rule{SoonDays: 2}}, 30},
	} {
		if got := h.Of(c.clock).Soon; got != c.want {
			t.Errorf("%+v: %d days before, want %d", c.clock, got, c.want)
		}
	}
}

// TestClocksMoved: an arrangement that moves the end of handling is told with both days; one that moves nothing is not told.
func TestClocksMoved(t *testing.T) {
	l := newWorld(t).accepted(t, "2026-11-05")
	kept := l.all()
	later, err := law.LoadCalendar([]byte(`{"version": "2027", "from": "2027-01-01", "until": "2027-12-31", "years": {"2027": ["x"]}, "names": {"元旦": "New Year"},
		"off": [{"day": "2027-01-04", "name": "元旦"}, {"day": "2027-01-05", "name": "元旦"}], "work": []}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := l.m.Moved(kept, l.all(), l.env(org.System())); got != nil {
		t.Errorf("nothing moved, and %+v is told", got)
	}
	l.w.rules.Calendar, _ = l.w.rules.Calendar.With(later)
	events := l.m.Moved(kept, l.all(), l.env(org.System()))
	if len(events) != 1 {
		t.Fatalf("%d events, want 1", len(events))
	}
	b, _ := events[0].Body.(ClocksMoved)
	want := []MovedClock{{Clock: "D05", Rule: "D05", Unit: roads, Was: day("2027-01-04"), Now: day("2027-01-06")}}
	if diff := cmp.Diff(want, b.Moved); diff != "" {
		t.Errorf("moved (-want +got):\n%s", diff)
	}
	if !ToldTo(events[0], l.m.First) {
		t.Error("the petitioner is not told that the last day moved")
	}
	b.Moved[0].Inner = true
	if ToldTo(Event{Body: b}, l.m.First) {
		t.Error("the petitioner is told of a day between offices")
	}
	l.apply(events)
	if got := l.m.Moved(l.all(), l.all(), l.env(org.System())); got != nil {
		t.Errorf("told again: %+v", got)
	}
}

// TestPromisesOfAnAnswer: what is promised for a day is a clock of the unit's own, told to the petitioner, reminded of and never escalated; doing it
// stops the clock.
func TestPromisesOfAnAnswer(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	list := answers(l.m)
	list[0].Promise, list[0].PromiseBy = "修好水渠", day("2025-10-20")
	list[1].Promise, list[1].PromiseBy = "付清赔偿", day("2025-12-01")
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: list}).do(head(roads), Issue{Document: "1号"})
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today})
	c := l.mustClock("D10/promise1")
	wantClock(t, "promise", c, "2025-10-20", "2025-10-20", "2025-10-20", "-")
	if c.Unit != roads || !c.Own || c.BetweenOffices() || c.Promise != 1 {
		t.Errorf("the promise is %+v, want the unit's own, and told to the petitioner", c)
	}
	wantReminders(t, l.reminders(c.Key), "2025-10-15 soon", "2025-10-20 last", "2025-10-21 late")
	if due, ok := Next(l.all(), l.today); !ok || due.Key != c.Key {
		t.Errorf("the next day is that of %q, want the promise", due.Key)
	}
	l.on("2025-10-10").do(handler(roads), Perform{Text: "修好了", Demand: 1})
	wantClock(t, "kept", l.mustClock("D10/promise1"), "", "", "", "2025-10-10")
	wantClock(t, "still promised", l.mustClock("D10/promise2"), "", "", "", "-")
	l.refused(handler(roads), Perform{Text: "又修好了", Demand: 1}, "demand=answer.no_promise")
	l.on("2025-12-03").do(handler(roads), Perform{Text: "都做了"})
	if c := l.mustClock("D10/promise2"); c.Late(l.today) != 2 || c.Running(l.today) {
		t.Errorf("kept two days late: %+v", c)
	}
}

// TestAwaited: a petitioner's light counts to the day that a petitioner is told.
func TestAwaited(t *testing.T) {
	c := newWorld(t).accepted(t, "2025-08-05").mustClock("D05") // safe until 2025-09-30, lawful until 2025-10-09
	for _, d := range []struct {
		on    string
		light law.Light
		left  int
	}{{"2025-09-26", law.LightGo, 13}, {"2025-10-04", law.LightSoon, 5}, {"2025-10-10", law.LightLate, -1}} {
		if s := c.Awaited(day(d.on), SoonDays); s.Light != d.light || s.Left != d.left || s.To != c.Legal {
			t.Errorf("on %s: %+v, want %s and %d days to the legal end", d.on, s, d.light, d.left)
		}
	}
}
