package matter

import (
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// wantClock compares the days of a clock; an empty text is not compared, "-" is no day.
func wantClock(t *testing.T, name string, c Clock, nominal, legal, safe, stopped string) {
	t.Helper()
	for _, d := range []struct {
		what string
		got  law.Day
		want string
	}{{"nominal end", c.Nominal, nominal}, {"legal end", c.Legal, legal}, {"safe end", c.Safe, safe}, {"stopped", c.Stopped, stopped}} {
		want := d.want
		if want == "-" {
			want = ""
		} else if want == "" {
			continue
		}
		if d.got.String() != want {
			t.Errorf("%s: %s %q, want %q", name, d.what, d.got, want)
		}
	}
}

const first = "330112-2025-0000001"

func TestW1RegistrationBeforeTheNationalHoliday(t *testing.T) {
	l := newWorld(t).open(t, "2025-09-26", letter(), bureau, 1)
	wantClock(t, "D01", l.mustClock("D01/"+first), "2025-10-11", "2025-10-11", "2025-10-11", "-")
	direct := newWorld(t).open(t, "2025-09-26", letter(), town, 1)
	wantClock(t, "D02", direct.mustClock("D02/"+first), "2025-10-11", "2025-10-11", "2025-10-11", "-")
	if _, ok := direct.clock("D01/" + first); ok {
		t.Error("a town is bound by D01")
	}
}

func TestW2ObjectionClosesADayBeforeTheNotice(t *testing.T) {
	l := newWorld(t).signed(t, "2025-09-29")
	wantClock(t, "D04", l.mustClock("D04/1"), "2025-10-13", "2025-10-13", "", "-")
	wantClock(t, "D03", l.mustClock("D03/1"), "2025-10-14", "2025-10-14", "", "-")
	if c := l.mustClock("D04/1"); !c.Right || c.Petitioner || c.Unit != roads {
		t.Errorf("D04 is %+v, want a right of the receiving unit", c)
	}
	// On its last day the unit may still object; the day after it may only notify.
	l.on("2025-10-13")
	if err := l.m.May(ActObject, l.env(handler(roads))); err != nil {
		t.Errorf("objecting on the last day: %v", err)
	}
	l.on("2025-10-14").refused(handler(roads), Object{Reason: "不归我管"}, "act.object.late")
	if c := l.mustClock("D04/1"); c.Running(l.today) || c.Late(l.today) != 0 || c.Light(l.today, 5) != law.LightDone {
		t.Error("a right that lapsed is shown as running or late")
	}
	l.do(handler(roads), Notify{Text: "已收到"})
	c := l.mustClock("D03/1")
	wantClock(t, "D03 done", c, "", "", "", "2025-10-14")
	if c.Late(day("2026-01-01")) != 0 {
		t.Error("a notice on the last day is late")
	}
}

func TestD03RunsFromReceiptNotFromSigning(t *testing.T) {
	l := newWorld(t).open(t, "2025-09-29", letter(), bureau, 1)
	l.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Forward{Unit: roads, Mode: ModeTransfer, Why: "归交通管"})
	wantClock(t, "unsigned", l.mustClock("D03/1"), "2025-10-14", "2025-10-14", "", "-")
	l.on("2025-10-20").do(handler(roads), Sign{})
	wantClock(t, "signed late", l.mustClock("D03/1"), "2025-10-14", "2025-10-14", "", "-")
	if late := l.mustClock("D03/1").Late(l.today); late != 6 {
		t.Errorf("late by %d days, want 6", late)
	}
	wantClock(t, "D01 stopped by sending on", l.mustClock("D01/"+first), "", "", "", "2025-09-29")
}

func TestW3HandlingAndItsExtension(t *testing.T) {
	w := newWorld(t)
	l := w.accepted(t, "2025-08-05")
	wantClock(t, "D05", l.mustClock("D05"), "2025-10-04", "2025-10-09", "2025-09-30", "-")
	l.on("2025-09-29").do(head(roads), Extend{Days: 30, Reason: "需要鉴定"})
	wantClock(t, "D06", l.mustClock("D06"), "2025-11-03", "2025-11-03", "2025-11-03", "-")
	if _, ok := l.clock("D05"); ok {
		t.Error("the base period runs beside the extended one")
	}
	l.refused(head(roads), Extend{Days: 5, Reason: "再延"}, "act.extend.once")

	last := w.accepted(t, "2025-08-05").on("2025-10-09").do(head(roads), Extend{Days: 30, Reason: "需要鉴定"})
	wantClock(t, "approved on the rolled day", last.mustClock("D06"), "2025-11-03", "", "", "-")
	w.accepted(t, "2025-08-05").on("2025-10-10").refused(head(roads), Extend{Days: 30, Reason: "需要鉴定"}, "act.extend.late")
}

func TestExtendDaysAndTitle(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	for _, c := range []struct {
		days int
		want string
	}{
		{-1, "days=extend.days"}, {0, "days=field.required"}, {31, "days=extend.days"}, {1, ""}, {30, ""},
	} {
		l.refused(head(roads), Extend{Days: c.days, Reason: "需要鉴定"}, c.want)
	}
	l.refused(head(roads), Extend{Days: 30}, "reason=field.required")
	l.refused(handler(roads), Extend{Days: 30, Reason: "需要鉴定"}, "act.power")
	l.refused(head(bureau), Extend{Days: 30, Reason: "需要鉴定"}, "act.power")
}

func TestW4ReviewIsEachPetitionersOwn(t *testing.T) {
	w := newWorld(t)
	l := w.signed(t, "2025-12-20")
	other := w.open(t, "2025-12-22", letter(), bureau, 2)
	l.joins(other)
	l.on("2026-01-10").do(handler(roads), Accept{})
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	l.on("2026-01-20").do(handler(roads), Serve{Submission: l.m.First, Method: ServedInPerson, On: l.today, Proof: "回证1"}).state(StateIssued)
	wantClock(t, "D07 of the first", l.mustClock("D07/"+first), "2026-02-19", "2026-02-24", "", "-")
	if c := l.mustClock("D05"); c.Stopped.Known() {
		t.Error("D05 stops before everybody is served")
	}
	l.on("2026-01-23").do(handler(roads), Serve{Submission: other.m.First, Method: ServedByPost, On: day("2026-01-22"), Proof: "EMS"}).state(StateServed)
	c := l.mustClock("D07/" + other.m.First.String())
	wantClock(t, "D07 of the second", c, "2026-02-21", "2026-02-24", "", "-")
	if !c.Right || !c.Petitioner || !c.Running(day("2026-02-24")) || c.Running(day("2026-02-25")) {
		t.Error("D07 lives through its legal end and not beyond")
	}
	wantClock(t, "D05", l.mustClock("D05"), "", "", "", "2026-01-22")
}

func TestNoReviewWhereNoneIsOwed(t *testing.T) {
	w := newWorld(t)
	l := w.issued(t, "2025-08-05").do(handler(roads), Serve{Submission: NewRef(home, 2025, 1), Method: ServedNot, On: day("2025-08-05"), Reason: "地址不清"})
	l.state(StateServed)
	if _, ok := l.clock("D07/" + first); ok {
		t.Error("a right of review runs for somebody who received nothing")
	}
	s := w.suggestion(t, "2025-08-05")
	s.do(handler(roads), Reply{Facts: "已研究", Answers: answers(s.m)}, Serve{Submission: s.m.First, Method: ServedOnline, On: s.today}).state(StateServed)
	if _, ok := s.clock("D07/" + first); ok {
		t.Error("the reply to a suggestion has a right of review")
	}
}

func TestW6ShortTrackRunsBesideTheOrdinary(t *testing.T) {
	l := newWorld(t).signed(t, "2026-04-30").on("2026-05-08").do(handler(roads), Accept{Short: ShortClear})
	wantClock(t, "D16b", l.mustClock("D16b"), "2026-05-21", "2026-05-21", "", "-")
	wantClock(t, "D05", l.mustClock("D05"), "2026-07-07", "2026-07-07", "", "-")
	l.on("2026-05-20").do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	wantClock(t, "D16b met by the opinion", l.mustClock("D16b"), "", "", "", "2026-05-20")
	wantClock(t, "D05 until service", l.mustClock("D05"), "", "", "", "-")
}

func TestW14PastThePublishedCalendar(t *testing.T) {
	c := newWorld(t).accepted(t, "2026-11-02").mustClock("D05")
	wantClock(t, "D05", c, "2027-01-01", "2027-01-04", "", "-")
	if !c.Provision {
		t.Error("the end is not marked provisional")
	}
}

func TestObjectionUpheldGoesOnWithTheFirstClock(t *testing.T) {
	l := newWorld(t).open(t, "2025-09-26", letter(), bureau, 1)
	l.on("2025-09-29").do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Forward{Unit: roads, Mode: ModeAssign, Why: "归交通管", ReportBy: day("2025-11-30")})
	l.do(handler(roads), Sign{}, Object{Reason: "归劳动管", Proper: "劳动局"})
	wantClock(t, "D01 stopped while it was out", l.mustClock("D01/"+first), "", "", "", "2025-09-29")
	l.on("2025-10-09").do(registrar(bureau), UpholdObjection{Reason: "属实"}).state(StateScreened)
	wantClock(t, "D01 on again, same end", l.mustClock("D01/"+first), "2025-10-11", "2025-10-11", "", "-")
	wantClock(t, "D03 of the returned leg", l.mustClock("D03/1"), "", "", "", "2025-10-09")
	wantClock(t, "D10 of the returned leg", l.mustClock("D10/1"), "", "2025-11-30", "", "2025-10-09")
	if l.m.Holder() != bureau {
		t.Errorf("held by %d, want the petition department", l.m.Holder())
	}
	l.on("2025-10-11").do(registrar(bureau), Forward{Unit: labour, Mode: ModeTransfer, Why: "归劳动管"})
	c := l.mustClock("D01/" + first)
	if wantClock(t, "D01", c, "", "", "", "2025-10-11"); c.Late(day("2026-01-01")) != 0 {
		t.Error("sent on within the first period and yet late")
	}
	wantClock(t, "D03 of the second unit", l.mustClock("D03/2"), "2025-10-26", "2025-10-27", "", "-")
}

func TestPassedDownAndBackCountsOnForTheUnit(t *testing.T) {
	l := newWorld(t).signed(t, "2025-09-29").do(registrar(roads), Forward{Unit: roadsOffice, Mode: ModeTransfer, Why: "归公路股"})
	wantClock(t, "passed on", l.mustClock("D03/1"), "", "2025-10-14", "", "2025-09-29")
	l.do(handler(roadsOffice), Sign{}, Object{Reason: "不归我管"}).on("2025-10-09").do(registrar(roads), UpholdObjection{Reason: "属实"}).state(StateSigned)
	if l.m.Holder() != roads {
		t.Fatalf("held by %d, want roads", l.m.Holder())
	}
	wantClock(t, "back, on its first clock", l.mustClock("D03/1"), "", "2025-10-14", "", "-")
	l.on("2025-10-13").do(handler(roads), Object{Reason: "不归我管"})
	l.do(registrar(bureau), RefuseObjection{Reason: "归你管"}).state(StateSigned).refused(handler(roads), Object{Reason: "还是不归"}, "act.object.once")
	wantClock(t, "refused, on its first clock", l.mustClock("D03/1"), "", "2025-10-14", "", "-")
}

func TestDaysSetByPeople(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	l.do(supervisor(), PressOn{Reason: "拖延", By: day("2025-08-20")})
	wantClock(t, "press", l.mustClock("D10/press1"), "2025-08-20", "2025-08-20", "", "-")
	l.refused(supervisor(), PressOn{Reason: "再督", By: day("2025-08-21")}, "act.press.open")
	l.on("2025-08-25").do(handler(roads), AnswerPress{Text: "已在办"})
	c := l.mustClock("D10/press1")
	if wantClock(t, "answered", c, "", "", "", "2025-08-25"); c.Late(day("2026-01-01")) != 5 {
		t.Errorf("late by %d, want 5 however long ago", c.Late(day("2026-01-01")))
	}
	l.refused(handler(roads), AnswerPress{Text: "又答"}, "act.press.none")
	l.refused(supervisor(), PressOn{Reason: "当天", By: l.today}, "by=day.future")
	l.do(supervisor(), PressOn{Reason: "再督", By: day("2025-09-01")})
	if c := l.mustClock("D10/press2"); !c.Running(l.today) || c.Unit != roads {
		t.Errorf("the second press: %+v", c)
	}
}

func TestNextIsTheDutyThatEndsFirst(t *testing.T) {
	l := newWorld(t).signed(t, "2025-09-29")
	clocks, err := l.m.Clocks(l.w.rules)
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := Next(clocks, l.today); !ok || c.Key != "D03/1" {
		t.Errorf("next is %q, want the notice: the objection is a right", c.Key)
	}
	l.do(petitioner(l.m.First), Withdraw{})
	clocks, err = l.m.Clocks(l.w.rules)
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := Next(clocks, l.today); ok {
		t.Errorf("%s runs on a withdrawn matter", c.Key)
	}
}

func TestLight(t *testing.T) {
	c := newWorld(t).accepted(t, "2025-08-05").mustClock("D05") // ends 2025-10-09
	for _, want := range []struct {
		day   string
		light law.Light
	}{{"2025-09-24", law.LightGo}, {"2025-09-25", law.LightSoon}, {"2025-10-09", law.LightSoon}, {"2025-10-10", law.LightLate}} {
		if got := c.Light(day(want.day), 5); got != want.light {
			t.Errorf("on %s: %s, want %s", want.day, got, want.light)
		}
	}
	c.Stopped = day("2025-10-20")
	if c.Light(day("2025-12-01"), 5) != law.LightDone || c.Late(day("2025-12-01")) != 11 {
		t.Error("a finished clock is done, and late by what it was late")
	}
}

// TestStanding: the light turns by the safe end and the words count to it, so that both say the same; past it they count to the legal end.
// 2025-10-04 to 2025-10-08 are holidays, so a period of 60 days that ends on the 4th has the 9th for its legal end and the 30th of
// September for its safe end.
func TestStanding(t *testing.T) {
	c := newWorld(t).accepted(t, "2025-08-05").mustClock("D05")
	if c.Legal != day("2025-10-09") || c.Safe != day("2025-09-30") {
		t.Fatalf("ends %s, safe %s", c.Legal, c.Safe)
	}
	for _, want := range []struct {
		day   string
		light law.Light
		to    string
		left  int
	}{
		{"2025-09-24", law.LightGo, "2025-09-30", 6},
		{"2025-09-25", law.LightSoon, "2025-09-30", 5},
		{"2025-09-30", law.LightSoon, "2025-09-30", 0},
		{"2025-10-01", law.LightSoon, "2025-10-09", 8},
		{"2025-10-09", law.LightSoon, "2025-10-09", 0},
		{"2025-10-10", law.LightLate, "2025-10-09", -1},
	} {
		if got := c.Standing(day(want.day), SoonDays); got != (Standing{want.light, day(want.to), want.left}) {
			t.Errorf("a duty on %s: %+v, want %+v", want.day, got, want)
		}
		row := Row{Open: true, Due: c.Legal, DueSafe: c.Safe}
		if got, ok := row.Standing(day(want.day)); !ok || got != c.Standing(day(want.day), SoonDays) {
			t.Errorf("on %s the row says %+v, the clock something else", want.day, got)
		}
	}
	c.Right = true // a right is counted to its legal end: its last day may be used
	if got := c.Standing(day("2025-10-03"), SoonDays); got != (Standing{law.LightGo, day("2025-10-09"), 6}) {
		t.Errorf("a right: %+v", got)
	}
	for _, row := range []Row{{Open: true, Due: law.NoDay}, {Due: c.Legal, DueSafe: c.Safe}} {
		if got, ok := row.Standing(day("2025-10-01")); ok {
			t.Errorf("%+v stands %+v, though no duty runs", row, got)
		}
	}
}

// TestTurnSince: told and not yet accepted, a matter has no clock: what is known is whose turn it is and since when, and urging does not begin it anew.
func TestTurnSince(t *testing.T) {
	l := newWorld(t).signed(t, "2025-08-05").do(handler(roads), Notify{Text: "收到"}).state(StateNotified)
	told := l.today
	clocks, err := l.m.Clocks(l.w.rules)
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := Next(clocks, day("2025-09-01")); ok {
		t.Fatalf("%s runs", c.Key)
	}
	if got := l.m.Turn(); got.Code != "acceptance" || got.Unit != roads {
		t.Errorf("the turn is %+v", got)
	}
	l.on("2025-08-20").do(petitioner(l.m.First), UrgeOn{})
	if got := TurnSince(l.events); got != told {
		t.Errorf("since %s, want %s", got, told)
	}
	l.do(handler(roads), Accept{})
	if got := TurnSince(l.events); got != day("2025-08-20") {
		t.Errorf("accepted, the turn is still counted from %s", got)
	}
	if got := TurnSince(nil); got.Known() {
		t.Errorf("of nothing since %s", got)
	}
}

func TestDerivationAgreesWithTheClock(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05").on("2025-09-29").do(head(roads), Extend{Days: 30, Reason: "需要鉴定"})
	c := l.mustClock("D06")
	d := c.Deadline(l.w.rules.Calendar)
	if d.NominalEnd != c.Nominal || d.LegalEnd != c.Legal || d.SafeEnd != c.Safe || len(d.Steps) == 0 {
		t.Errorf("derived %+v, clock %+v", d, c)
	}
}

// The regulation of 2005 sets no objection and no short track, so no such clock runs under it; the rest does.
func TestClocksUnderTheOldRegulation(t *testing.T) {
	l := newWorld(t).signed(t, "2025-09-29").do(handler(roads), Accept{Short: ShortClear})
	set, err := law.DefaultBook().On("", day("2010-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	clocks, err := l.m.Clocks(Rules{Set: set, Calendar: l.w.rules.Calendar})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, c := range clocks {
		keys = append(keys, c.Key)
	}
	if got, want := len(keys), 3; got != want {
		t.Errorf("clocks %v, want D01, D03 and D05", keys)
	}
	e := l.env(handler(roads))
	e.Rules.Set = set
	l.m.State = StateSigned
	if err := l.m.May(ActObject, e); errs.KindOf(err) != errs.NotFound {
		t.Errorf("objecting where the law knows no objection: %v", err)
	}
}

// A local law may count the handling from receipt. The clock and what may be extended go by the day the unit received it.
func TestHandlingCountsFromWhatTheRuleSays(t *testing.T) {
	for _, row := range []struct {
		name, place string
		adopted     []law.Adoption
		from        string
		extension   string // the last day on which it may be extended
	}{
		{"the nation counts from acceptance", "410000", nil, "2025-08-05", "2025-10-09"},
		{"a text that counts from acceptance", "330000", []law.Adoption{{Set: "zhejiang-2016", Since: day("2020-01-01")}}, "2025-08-05", "2025-09-04"},
		{"Henan counts from receipt", "410000", []law.Adoption{{Set: "henan-2012", Since: day("2020-01-01")}}, "2025-08-01", "2025-09-01"},
		{"not yet adopted", "410000", []law.Adoption{{Set: "henan-2012", Since: day("2026-01-01")}}, "2025-08-05", "2025-10-09"},
	} {
		w := newWorld(t)
		set, err := law.DefaultBook().On(row.place, day("2025-08-01"), row.adopted...)
		if err != nil {
			t.Fatal(err)
		}
		w.rules.Set = set
		l := w.signed(t, "2025-08-01").on("2025-08-05").do(handler(roads), Accept{})
		if c := l.mustClock("D05"); c.From != day(row.from) || c.Legal != day(row.extension) {
			t.Errorf("%s: from %s until %s", row.name, c.From, c.Legal)
		}
		if err := l.on(row.extension).m.May(ActExtend, l.env(head(roads))); err != nil {
			t.Errorf("%s: on the last day: %v", row.name, err)
		}
		if err := l.on(day(row.extension).Add(1).String()).m.May(ActExtend, l.env(head(roads))); errs.CodeOf(err) != "act.extend.late" {
			t.Errorf("%s: a day later: %v", row.name, err)
		}
	}
}
