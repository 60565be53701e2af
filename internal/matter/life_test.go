package matter

import (
	"slices"
	"testing"

	"huiyin/internal/org"
)

func TestWholeLife(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05")
	l.refused(handler(roads), Complete{}, "act.complete.eases")
	l.refused(handler(roads), Ease{Calmed: "道了歉"}, "solved=ease.none")
	l.do(handler(roads), four(), Complete{Report: "已办"}).state(StateCompleted)
	if l.m.Resolved {
		t.Error("completed counts as resolved")
	}
	if turn := l.m.Turn(); turn.Code != "rating" || turn.Unit != 0 {
		t.Errorf("turn %+v, want the petitioner's rating", turn)
	}
	own := petitioner(l.m.First)
	l.refused(own, Rate{Receiving: GradeSatisfied, Handling: GradeDissatisfied}, "words=rate.words")
	l.do(own, Confirm{Resolved: true}, Rate{Receiving: GradeSatisfied, Handling: GradeDissatisfied, Words: "太慢"})
	if !l.m.Resolved || !l.m.FollowUp || l.m.State != StateCompleted {
		t.Errorf("resolved %v, follow-up %v, state %s", l.m.Resolved, l.m.FollowUp, l.m.State)
	}
	l.refused(own, Rate{Receiving: GradeSatisfied, Handling: GradeSatisfied}, "act.rate.once")
	l.do(supervisor(), FollowUp{Finding: "属实"}).refused(supervisor(), FollowUp{Finding: "属实"}, "act.follow_up.none")
	l.do(own, Confirm{Resolved: false})
	if l.m.Resolved {
		t.Error("the petitioner's last word does not count")
	}
}

func TestOnlyThePetitionerRates(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05")
	for _, a := range []org.Actor{registrar(bureau), handler(roads), head(roads), supervisor(), petitioner(NewRef(home, 2025, 9))} {
		l.refused(a, Rate{Receiving: GradeSatisfied, Handling: GradeSatisfied}, "act.power")
		l.refused(a, Confirm{Resolved: true}, "act.power")
	}
}

func TestSilentDemand(t *testing.T) {
	w := newWorld(t)
	l := w.accepted(t, "2025-08-05")
	some := answers(l.m)[:1]
	l.refused(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: some}, "answers=answer.missing")
	l.refused(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: append(answers(l.m), some...)}, "answers=answer.twice")
	l.refused(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: append(answers(l.m), Answer{Demand: 9, Outcome: OutcomeRefuse, Facts: "无", Basis: "无"})}, "answers=answer.unknown")
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)})
	// A demand that comes after the draft is silent: the draft cannot be signed over it.
	l.do(petitioner(l.m.First), AddDemand{Text: "公开验收"}).refused(head(roads), Issue{Document: "1号"}, "act.issue.silent")
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	l.refused(petitioner(l.m.First), AddDemand{Text: "太晚了"}, "act.state")
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today}, four())
	// Complete looks for itself, whatever way a demand came to be silent.
	l.m.Demands[1].Answer = nil
	l.refused(handler(roads), Complete{}, "act.complete.silent")

	m := w.accepted(t, "2025-08-05").do(handler(roads), Mediate{Mediator: "张三", Parties: "双方同意"})
	m.refused(handler(roads), Agree{Terms: "各让一步", Answers: some}, "answers=answer.missing")
	m.do(handler(roads), Agree{Terms: "各让一步", Answers: answers(m.m)}).state(StateAgreed)
	m.refused(handler(roads), Complete{}, "act.complete.eases").do(handler(roads), four(), Complete{}).state(StateCompleted)
}

func TestAnswersNeedOutcomeFactsBasisAndWholePromises(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	for _, c := range []struct {
		change func(*Answer)
		want   string
	}{
		{func(a *Answer) { a.Outcome = "" }, "answers.0.outcome=answer.outcome"},
		{func(a *Answer) { a.Outcome = "maybe" }, "answers.0.outcome=answer.outcome"},
		{func(a *Answer) { a.Facts = " " }, "answers.0.facts=answer.facts"},
		{func(a *Answer) { a.Basis = "" }, "answers.0.basis=answer.basis"},
		{func(a *Answer) { a.Promise = "修好" }, "answers.0.promise_by=answer.promise"},
		{func(a *Answer) { a.PromiseBy = day("2025-12-01") }, "answers.0.promise_by=answer.promise"},
		{func(a *Answer) { a.Promise, a.PromiseBy = "修好", day("2025-12-01") }, ""},
	} {
		as := answers(l.m)
		c.change(&as[0])
		l.refused(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: as}, c.want)
	}
}

func TestDraftGoesBackAndForth(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	draft := Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}
	l.do(handler(roads), draft).refused(handler(roads), Issue{Document: "1号"}, "act.power").refused(handler(roads), ReturnDraft{Reason: "改"}, "act.power")
	l.do(head(roads), ReturnDraft{Reason: "依据不足"}).state(StateInvestigating)
	l.do(handler(roads), draft).state(StateDrafted)
	if len(l.m.Silent()) != 2 {
		t.Error("a draft answers before it is issued")
	}
	if l.do(head(roads), Issue{Document: "1号"}); len(l.m.Silent()) != 0 {
		t.Error("an issued opinion leaves demands silent")
	}
}

func TestDisputeDecidedForAnotherUnit(t *testing.T) {
	l := newWorld(t).signed(t, "2025-08-05").do(handler(roads), Object{Reason: "归劳动管"})
	l.do(registrar(bureau), Dispute{Reason: "谈不拢", With: labour}).state(StateDisputed)
	if turn := l.m.Turn(); turn.Code != "decision" || turn.Unit != county {
		t.Errorf("turn %+v, want the county's decision", turn)
	}
	l.refused(handler(roads), DecideDispute{Unit: labour, Reason: "归劳动"}, "act.power")
	l.refused(staff(org.RoleLeader, county), DecideDispute{Unit: county, Reason: "归县里"}, "unit=unit.root")
	l.on("2025-08-11").do(staff(org.RoleLeader, county), DecideDispute{Unit: labour, Reason: "归劳动"}).state(StateForwarded)
	if l.m.Holder() != labour {
		t.Errorf("held by %d, want labour", l.m.Holder())
	}
	l.do(handler(labour), Sign{}).refused(handler(labour), Object{Reason: "不服"}, "act.object.once")
	wantClock(t, "D03 of the first unit", l.mustClock("D03/1"), "", "", "", "2025-08-11")
	wantClock(t, "D03 of the decided unit", l.mustClock("D03/2"), "2025-08-26", "", "", "-")
}

func TestDisputeDecidedForTheSameUnit(t *testing.T) {
	l := newWorld(t).signed(t, "2025-08-05").do(handler(roads), Dispute{Reason: "归劳动管", With: labour})
	l.do(staff(org.RoleLeader, county), DecideDispute{Unit: roads, Reason: "归交通"}).state(StateSigned)
	l.refused(handler(roads), Object{Reason: "不服"}, "act.object.once")
	wantClock(t, "D03 goes on", l.mustClock("D03/1"), "2025-08-20", "2025-08-20", "", "-")
}

func TestDisputeWithoutACommonSuperiorGoesToTheConference(t *testing.T) {
	l := newWorld(t).signed(t, "2025-08-05").do(handler(roads), Dispute{Reason: "归别处", With: stranger})
	if turn := l.m.Turn(); l.m.Superior != 0 || turn.Unit != 0 || turn.Code != "decision" {
		t.Errorf("superior %d, turn %+v: want the joint conference", l.m.Superior, turn)
	}
	l.do(supervisor(), DecideDispute{Unit: roads, Reason: "联席会议定"}).state(StateSigned)
}

func TestObjectingWhereNobodySentIt(t *testing.T) {
	l := newWorld(t).open(t, "2025-08-05", letter(), bureau, 1).do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Take{}).state(StateSigned)
	l.refused(registrar(bureau), Object{Reason: "不归我"}, "act.object.own").refused(registrar(bureau), Dispute{Reason: "不归我"}, "act.object.own")
}

func TestForwardTargets(t *testing.T) {
	w := newWorld(t)
	l := w.open(t, "2025-10-20", letter(), bureau, 1).do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelImportant})
	to := func(u org.UnitID) Forward { return Forward{Unit: u, Mode: ModeTransfer, Why: "归它管"} }
	for _, c := range []struct {
		step Forward
		want string
	}{
		{to(0), "unit=field.required"},
		{to(99), "unit=unit.gone"},
		{to(oldRoads), "unit=unit.gone"},
		{to(county), "unit=unit.root"},
		{to(bureau), "unit=unit.same"},
		{Forward{Unit: roads, Mode: ModeAssign, Why: "要结果"}, "report_by=field.required"},
		{Forward{Unit: roads, Mode: ModeAssign, Why: "要结果", ReportBy: day("2025-10-20")}, "report_by=day.future"},
		{Forward{Unit: roads, Mode: "lend", Why: "借"}, "mode=field.choice"},
		{to(roads), ""},
	} {
		l.refused(registrar(bureau), c.step, c.want)
	}
	l.do(registrar(bureau), Forward{Unit: roads, Mode: ModeTransfer, Why: "归交通", ReportBy: day("2025-12-01")})
	if leg, _ := l.m.CurrentLeg(); leg.ReportBy.Known() {
		t.Error("a transfer asks for a report")
	}
	// Who has signed may pass it down its own line only.
	l.do(handler(roads), Sign{})
	l.refused(handler(roads), to(labour), "unit=unit.not_below").refused(handler(roads), to(roadsOffice), "")
}

func TestUnitSucceeded(t *testing.T) {
	w := newWorld(t)
	l := w.open(t, "2025-09-20", letter(), bureau, 1)
	l.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Forward{Unit: oldRoads, Mode: ModeTransfer, Why: "归它管"}).do(handler(oldRoads), Sign{})
	l.refused(org.System(), SucceedUnit{From: oldRoads, To: roads}, "unit.no_successor") // it still lives
	l.on("2025-10-01").refused(org.System(), SucceedUnit{From: oldRoads, To: labour}, "unit.no_successor")
	l.refused(registrar(bureau), SucceedUnit{From: oldRoads, To: roads}, "act.power")
	l.do(org.System(), SucceedUnit{From: oldRoads, To: roads}).state(StateSigned)
	if l.m.Holder() != roads || l.m.Handler != 0 {
		t.Errorf("held by %d with handler %d, want roads and nobody yet", l.m.Holder(), l.m.Handler)
	}
	wantClock(t, "D03 goes on for the successor", l.mustClock("D03/1"), "2025-10-05", "2025-10-09", "", "-")
	if c := l.mustClock("D03/1"); c.Unit != roads {
		t.Errorf("D03 binds %d, want roads", c.Unit)
	}
	l.do(handler(roads), Notify{Text: "已收到"})
}

// The receiving unit ends while a matter is back with it after an objection.
func TestReceiverSucceededAfterAnObjection(t *testing.T) {
	w := newWorld(t)
	l := w.open(t, "2025-09-20", letter(), oldRoads, 1)
	l.do(registrar(oldRoads), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Forward{Unit: labour, Mode: ModeTransfer, Why: "归劳动"})
	l.do(handler(labour), Sign{}, Object{Reason: "不归"}).do(registrar(oldRoads), UpholdObjection{Reason: "属实"}).state(StateScreened)
	l.on("2025-10-09").do(org.System(), SucceedUnit{From: oldRoads, To: roads})
	if l.m.Holder() != roads || l.m.Receiver() != roads {
		t.Errorf("held by %d, received by %d, want roads", l.m.Holder(), l.m.Receiver())
	}
	l.do(registrar(roads), Take{})
}

func TestKindsGoTheirOwnWay(t *testing.T) {
	w := newWorld(t)
	s := w.suggestion(t, "2025-08-05")
	s.refused(handler(roads), Accept{}, "act.accept.kind")
	s.do(handler(roads), Reply{Facts: "已研究", Answers: answers(s.m), Document: "2号"}).state(StateIssued)
	wantClock(t, "D03 met by the reply", s.mustClock("D03/1"), "", "", "", "2025-08-05")
	if _, ok := s.clock("D05"); ok {
		t.Error("a suggestion runs under the handling period")
	}
	s.do(handler(roads), Serve{Submission: s.m.First, Method: ServedOnline, On: s.today}, four(), Complete{}).state(StateCompleted)

	a := w.signed(t, "2025-08-05")
	a.refused(handler(roads), Reply{Facts: "已研究", Answers: answers(a.m)}, "act.reply.kind")
	a.do(handler(roads), Divert{Route: RouteArbitration, Organ: "仲裁委", How: "一年内带劳动合同去"}).state(StateDiverted)
	a.refused(handler(roads), Divert{Route: RouteArbitration, Organ: "仲裁委", How: "再说一遍"}, "act.state")
	a.do(handler(roads), Complete{}).state(StateCompleted)

	p := w.signed(t, "2025-08-05")
	p.refused(handler(roads), Divert{Route: RoutePetition, Organ: "信访局", How: "受理"}, "route=field.choice")
}

func TestScreeningCannotMoveTheSeal(t *testing.T) {
	w := newWorld(t)
	l := w.open(t, "2025-08-05", letter(), bureau, 1)
	if got := Offered("kind", l.m.Sealed); slices.Contains(got, string(KindAccusation)) || len(got) != len(Kinds())-1 {
		t.Errorf("in the open a form offers %q", got)
	}
	l.refused(registrar(bureau), Screen{Kind: KindAccusation, Level: LevelOrdinary}, "kind=screen.sealed")
	s := w.accusation(t, roads)
	if got := Offered("kind", s.m.Sealed); !slices.Equal(got, []string{string(KindAccusation)}) {
		t.Errorf("in the compartment a form offers %q", got)
	}
	if got := Offered("level", s.m.Sealed); !slices.Equal(got, Choices("level")) {
		t.Errorf("the compartment narrows the levels to %q", got)
	}
	s.refused(discipline(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, "kind=screen.sealed")
}

// accusation is an accusation against units, received by the petition department.
func (w world) accusation(t tester, accused ...org.UnitID) *life {
	t.Helper()
	in := letter()
	in.Kind, in.Accused = KindAccusation, accused
	return w.open(t, "2025-08-05", in, bureau, 1)
}

func TestAccusationIsSealed(t *testing.T) {
	w := newWorld(t)
	l := w.accusation(t, roadsOffice)
	for _, a := range []org.Actor{registrar(bureau), supervisor(), head(bureau), staff(org.RoleLeader, county), handler(roads)} {
		l.refused(a, Screen{Kind: KindAccusation, Level: LevelOrdinary}, "act.power")
	}
	l.do(discipline(bureau), Screen{Kind: KindAccusation, Level: LevelOrdinary})
	for _, c := range []struct {
		name string
		unit org.UnitID
		want string
	}{
		{"the accused", roadsOffice, "unit=unit.accused"},
		{"the department above it", roads, "unit=unit.accused"},
		{"an ordinary department", labour, "unit=unit.not_discipline"},
		{"a town", town, "unit=unit.not_discipline"},
		{"discipline inspection beside the accused", roadsInspect, ""},
		{"the county's discipline inspection", inspection, ""},
		{"the city's discipline inspection", citySupervise, ""},
	} {
		if l.refused(discipline(bureau), Forward{Unit: c.unit, Mode: ModeTransfer, Why: "按权限"}, c.want); t.Failed() {
			t.Fatalf("at: %s", c.name)
		}
	}
	whole := w.accusation(t, roads)
	whole.do(discipline(bureau), Screen{Kind: KindAccusation, Level: LevelOrdinary})
	whole.refused(discipline(bureau), Forward{Unit: roadsInspect, Mode: ModeTransfer, Why: "按权限"}, "unit=unit.accused")
	whole.refused(discipline(bureau), Forward{Unit: roadsOffice, Mode: ModeTransfer, Why: "按权限"}, "unit=unit.accused")

	// Inside the compartment a dispute can still be decided, and only there.
	l.do(discipline(bureau), Forward{Unit: inspection, Mode: ModeTransfer, Why: "按权限"}).do(discipline(inspection), Sign{}, Dispute{Reason: "归市里", With: citySupervise})
	l.refused(staff(org.RoleLeader, city), DecideDispute{Unit: inspection, Reason: "县里"}, "act.power")
	cityOffice := discipline(citySupervise)
	cityOffice.Duty.Scope = city
	l.refused(cityOffice, DecideDispute{Unit: roads, Reason: "县里"}, "unit=unit.accused")
	l.do(cityOffice, DecideDispute{Unit: citySupervise, Reason: "市里"}).state(StateForwarded)
}

func TestUrgeLimit(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	own := petitioner(l.m.First)
	l.do(own, UrgeOn{Text: "请快一点"}).refused(own, UrgeOn{}, "act.urge.often")
	l.do(supervisor(), UrgeOn{}).do(supervisor(), UrgeOn{}) // the office may urge at any time
	l.on("2025-08-11").refused(own, UrgeOn{}, "act.urge.often").on("2025-08-12").do(own, UrgeOn{})
	if len(l.m.Urges) != 4 {
		t.Errorf("%d urges kept, want 4", len(l.m.Urges))
	}
}

func TestRedo(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05").do(handler(roads), four(), Complete{})
	l.refused(supervisor(), Redo{Reason: "没修好", By: l.today}, "by=day.future")
	l.refused(head(roads), Redo{Reason: "没修好", By: day("2025-09-01")}, "act.power")
	l.do(supervisor(), Redo{Reason: "没修好", By: day("2025-09-01")}).state(StateInvestigating)
	if len(l.m.Silent()) != 2 || len(l.m.Unserved()) != 1 || l.m.Eases != nil {
		t.Error("redo keeps old answers, services or eases")
	}
	wantClock(t, "the day set", l.mustClock("D10/redo1"), "2025-09-01", "2025-09-01", "", "-")
	wantClock(t, "D05 stays met", l.mustClock("D05"), "", "", "", "2025-08-05")
	l.refused(head(roads), Extend{Days: 10, Reason: "复杂"}, "act.extend.answered")
	l.on("2025-08-20").do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "3号"})
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today}).refused(handler(roads), Complete{}, "act.complete.eases")
	l.do(handler(roads), four(), Complete{}).state(StateCompleted)
	wantClock(t, "the redo's day is met by the service", l.mustClock("D10/redo1"), "2025-09-01", "2025-09-01", "", "2025-08-20")
}

func TestServe(t *testing.T) {
	l := newWorld(t).issued(t, "2025-08-05").on("2025-08-06")
	ref := l.m.First
	for _, c := range []struct {
		step Serve
		want string
	}{
		{Serve{Method: ServedOnline, On: l.today}, "submission=field.required"},
		{Serve{Submission: NewRef(home, 2025, 9), Method: ServedOnline, On: l.today}, "submission=serve.submission"},
		{Serve{Submission: ref, Method: ServedOnline}, "on=field.required"},
		{Serve{Submission: ref, Method: ServedOnline, On: day("2025-08-07")}, "on=day.not_yet"},
		{Serve{Submission: ref, Method: ServedOnline, On: day("2025-08-04")}, "on=serve.before_issue"},
		{Serve{Submission: ref, Method: ServedNot, On: l.today}, "reason=serve.reason"},
		{Serve{Submission: ref, Method: ServedByPost, On: l.today}, "proof=serve.proof"},
		{Serve{Submission: ref, Method: ServedInPerson, On: l.today}, "proof=serve.proof"},
		{Serve{Submission: ref, Method: "pigeon", On: l.today}, "method=field.choice"},
	} {
		l.refused(handler(roads), c.step, c.want)
	}
	l.do(handler(roads), Serve{Submission: ref, Method: ServedByPhone, On: l.today}).state(StateServed)
}

func TestMaterialRequestedAndAdded(t *testing.T) {
	w := newWorld(t)
	for _, at := range []State{StateRegistered, StateScreened} {
		l := w.open(t, "2025-08-05", letter(), bureau, 1)
		if at == StateScreened {
			l.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary})
		}
		l.do(registrar(bureau), RequestMaterial{Missing: "照片"}).state(StateAwaiting)
		wantClock(t, "D01 runs on", l.mustClock("D01/"+first), "", "", "", "-")
		if turn := l.m.Turn(); turn.Code != "material" {
			t.Errorf("turn %+v, want the petitioner's", turn)
		}
		l.refused(petitioner(l.m.First), AddMaterial{}, "text=material.nothing")
		l.do(petitioner(l.m.First), AddMaterial{Attachments: []string{"a1"}}).state(at)
	}
	l := w.accepted(t, "2025-08-05").do(petitioner(NewRef(home, 2025, 1)), AddMaterial{Text: "又一张"})
	l.state(StateAccepted)
}

func TestWithdraw(t *testing.T) {
	w := newWorld(t)
	l := w.signed(t, "2025-08-05")
	other := w.open(t, "2025-08-05", letter(), bureau, 2)
	l.joins(other)
	l.do(petitioner(l.m.First), Withdraw{Reason: "已解决"}).state(StateSigned)
	l.refused(petitioner(l.m.First), AddDemand{Text: "再来"}, "act.withdrawn").refused(registrar(bureau), Withdraw{}, "act.withdrawn")
	// What remains are the other's demands, and only the other is served.
	l.do(handler(roads), Accept{})
	rest := slices.DeleteFunc(answers(l.m), func(a Answer) bool { return a.Demand <= 2 })
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: rest}).do(head(roads), Issue{Document: "1号"})
	if got := l.m.Unserved(); len(got) != 1 || got[0] != other.m.First {
		t.Errorf("to be served: %v", got)
	}
	l.do(petitioner(other.m.First), Withdraw{}).state(StateWithdrawn)
	wantClock(t, "D05", l.mustClock("D05"), "", "", "", "2025-08-05")
}

// One is served, the other withdraws: nothing is left to serve, so the matter is served.
func TestWithdrawingTheLastUnserved(t *testing.T) {
	w := newWorld(t)
	l := w.accepted(t, "2025-08-05")
	other := w.open(t, "2025-08-05", letter(), bureau, 2)
	l.joins(other)
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	l.on("2025-08-08").do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today}).state(StateIssued)
	l.on("2025-08-09").do(petitioner(other.m.First), Withdraw{}).state(StateServed)
	wantClock(t, "D05", l.mustClock("D05"), "", "", "", "2025-08-08")
}

func TestTurns(t *testing.T) {
	w := newWorld(t)
	l := w.open(t, "2025-08-05", letter(), bureau, 1)
	turn := func(code string, unit org.UnitID) {
		t.Helper()
		if got := l.m.Turn(); got.Code != code || got.Unit != unit {
			t.Errorf("in %s: turn %q of %d, want %q of %d", l.m.State, got.Code, got.Unit, code, unit)
		}
	}
	turn("dispose", bureau)
	l.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Forward{Unit: roads, Mode: ModeTransfer, Why: "归交通"})
	turn("sign", roads)
	l.do(handler(roads), Sign{})
	turn("notice", roads)
	l.do(handler(roads), Object{Reason: "不归"})
	turn("ruling", bureau)
	l.do(registrar(bureau), RefuseObjection{Reason: "归"}).do(handler(roads), Notify{Text: "收到"})
	turn("acceptance", roads)
	l.do(handler(roads), Accept{})
	turn("reply", roads)
	l.do(handler(roads), Record{Kind: RecordSite, Text: "看了现场"}).state(StateInvestigating).do(handler(roads), Mediate{Mediator: "张三", Parties: "同意"})
	turn("mediation", roads)
	l.do(handler(roads), EndMediation{Reason: "没谈成"}, Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)})
	turn("issue", roads)
	l.do(head(roads), Issue{Document: "1号"})
	turn("service", roads)
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today})
	turn("completion", roads)
	l.do(handler(roads), four(), Complete{})
	turn("rating", 0)
	l.do(petitioner(l.m.First), Rate{Receiving: GradeSatisfied, Handling: GradeBasically})
	turn("none", 0)
}
