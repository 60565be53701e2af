package matter

import (
	"slices"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// other is a second person of a role at a unit.
func other(a org.Actor) org.Actor {
	a.User += 1000
	a.Duty.User, a.Duty.ID = a.User, a.Duty.ID+1000
	return a
}

// gives lets an organ's desk draft, sign and serve an opinion on those it is owed.
func (l *life) gives(desk org.UnitID, d DraftReview) *life {
	l.t.Helper()
	if r := l.m.front(); r.State == StateReviewAsked || r.State == StateReReviewAsked {
		l.do(handler(desk), TakeReview{})
	}
	d.Facts, d.Basis = "查明", "依据"
	l.do(handler(desk), d).do(head(desk), IssueReview{})
	return l
}

func (l *life) servesReview(desk org.UnitID) *life {
	l.t.Helper()
	for _, ref := range l.m.front().Unserved() {
		l.do(handler(desk), ServeReview{Submission: ref, Method: ServedOnline, On: l.today})
	}
	return l
}

func (l *life) stage(want State) *life {
	l.t.Helper()
	if got := l.m.Stage(); got != want {
		l.t.Fatalf("stage is %s, want %s", got, want)
	}
	return l
}

// W4 with what follows: the request on the last day in time, the organ's 30 days, the re-review and the end.
func TestReviewToTermination(t *testing.T) {
	w := newWorld(t)
	l := w.served(t, "2026-01-20")
	own := petitioner(l.m.First)
	l.refused(own, RequestReview{Reason: "不服"}, "unit=review.organ") // two organs: the petitioner chooses
	l.refused(own, RequestReview{Unit: labour, Reason: "不服"}, "unit=review.organ")
	l.refused(own, RequestReReview{Unit: county, Reason: "不服"}, "act.review.first")
	l.on("2026-02-25").refused(own, RequestReview{Unit: county, Reason: "不服"}, "act.review.late")
	l.on("2026-02-24").do(own, RequestReview{Unit: county, Reason: "不服"}).stage(StateReviewAsked).state(StateServed)
	wantClock(t, "D07 used on its last day", l.mustClock("D07/"+first), "2026-02-19", "2026-02-24", "", "2026-02-24")
	wantClock(t, "D08", l.mustClock("D08/1"), "2026-03-26", "2026-03-26", "", "-")
	if c := l.mustClock("D08/1"); c.Unit != county || c.Right || c.Review != 1 {
		t.Errorf("D08 is %+v, want the county's duty", c)
	}
	if turn := l.m.Turn(); turn.Code != "request" || turn.Unit != bureau {
		t.Errorf("turn %+v, want the petition department that works for the county", turn)
	}
	l.refused(own, RequestReview{Unit: cityRoads, Reason: "再来"}, "act.review.asked")
	l.refused(handler(roads), TakeReview{}, "act.power").refused(handler(cityRoads), TakeReview{}, "act.power")
	l.refused(supervisor(), Redo{Reason: "重办", By: day("2026-05-01")}, "act.redo.review")
	l.gives(bureau, DraftReview{Result: ReviewUphold}).stage(StateReviewIssued)
	wantClock(t, "D08 runs until the opinion is served", l.mustClock("D08/1"), "", "", "", "-")
	l.on("2026-03-10").servesReview(bureau).stage(StateServed)
	wantClock(t, "D08 met", l.mustClock("D08/1"), "", "", "", "2026-03-10")
	wantClock(t, "D09", l.mustClock("D09/"+first+"/1"), "2026-04-09", "2026-04-09", "", "-")

	l.refused(own, RequestReview{Unit: cityRoads, Reason: "再来"}, "act.review.done")
	l.do(handler(roads), four(), Complete{}).state(StateCompleted)
	l.on("2026-04-09").do(own, RequestReReview{Reason: "仍不服"}).stage(StateReReviewAsked).state(StateCompleted)
	if r := l.m.Reviews[1]; r.Organ != city || r.Desk != cityBureau {
		t.Errorf("the re-review is at %d by %d, want the city", r.Organ, r.Desk)
	}
	if !l.m.Open() || l.m.Row(nil, 0).Unit != cityBureau {
		t.Error("a completed matter under re-review is not on the organ's list")
	}
	wantClock(t, "D10b", l.mustClock("D10b/2"), "2026-05-09", "2026-05-09", "", "-")
	l.gives(cityBureau, DraftReview{Result: ReviewUphold}).servesReview(cityBureau).stage(StateTerminated).state(StateTerminated)
	if l.m.Open() || l.m.Resolved {
		t.Error("terminated is not open, and not resolved")
	}
	l.refused(own, RequestReReview{Reason: "还不服"}, "act.state").refused(supervisor(), Redo{Reason: "重办", By: day("2026-06-01")}, "act.state")
	l.do(registrar(bureau), Care{Text: "上门疏导"}).do(own, Confirm{Resolved: true}).state(StateTerminated)
}

func TestNobodyReviewsTheirOwn(t *testing.T) {
	w := newWorld(t)
	// The window took it in; the petition department itself handled it for the window and signed.
	l := w.open(t, "2025-08-05", letter(), window, 1)
	l.do(registrar(window), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Take{}).do(handler(bureau), Accept{}, Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)})
	l.do(head(bureau), Issue{Document: "1号"}).do(handler(bureau), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today})
	if l.m.OpinionUnit != bureau {
		t.Fatalf("the opinion is %d's, want the petition department's, whatever window it works for", l.m.OpinionUnit)
	}
	l.do(petitioner(l.m.First), RequestReview{Reason: "不服"}) // the county alone is above: no other line in this chart
	if r := l.m.Reviews[0]; r.Organ != county || r.Desk != county {
		t.Fatalf("reviewed by %d at %d: the petition department may not work for the county on its own opinion", r.Organ, r.Desk)
	}
	l.refused(handler(bureau), TakeReview{}, "act.power")
	moved := handler(county) // somebody who handled it and now works for the county
	moved.User = handler(bureau).User
	l.refused(moved, TakeReview{}, "act.review.own_hand")
	l.do(handler(county), TakeReview{}, DraftReview{Result: ReviewUphold, Facts: "查明", Basis: "依据"})
	signer := staff(org.RoleLeader, county)
	signer.User = head(bureau).User
	l.refused(signer, IssueReview{}, "act.review.own_hand")
	l.do(staff(org.RoleLeader, county), IssueReview{}).do(handler(county), ServeReview{Submission: l.m.First, Method: ServedOnline, On: l.today})

	// Between review and re-review it is the same.
	l.do(petitioner(l.m.First), RequestReReview{Reason: "不服"})
	above := handler(cityBureau)
	above.User = handler(county).User
	l.refused(above, TakeReview{}, "act.review.own_hand").do(handler(cityBureau), TakeReview{})
}

func TestRevokedIsHandledAgainAndNotTheSame(t *testing.T) {
	w := newWorld(t)
	l := w.served(t, "2025-08-05").do(handler(roads), four(), Complete{})
	own := petitioner(l.m.First)
	same := answers(l.m)
	l.on("2025-08-10").do(own, RequestReview{Unit: cityRoads, Reason: "不服"}).do(handler(cityRoads), TakeReview{})
	l.refused(handler(cityRoads), DraftReview{Result: ReviewRedo, Facts: "查明", Basis: "依据"}, "by=field.required")
	l.refused(handler(cityRoads), DraftReview{Result: ReviewChange, Facts: "查明", Basis: "依据"}, "answers=field.required")
	l.refused(handler(cityRoads), DraftReview{Result: ReviewChange, Facts: "查明", Basis: "依据", Answers: same}, "answers=review.nothing_changed")
	l.gives(cityRoads, DraftReview{Result: ReviewRedo, By: day("2025-09-10")}).state(StateInvestigating).stage(StateReviewIssued)
	l.servesReview(cityRoads).stage(StateInvestigating)
	wantClock(t, "the day set for handling again", l.mustClock("D10/redo1"), "2025-09-10", "2025-09-10", "", "-")
	if _, ok := l.clock("D09/" + first + "/1"); ok {
		t.Error("a revoked opinion leaves a right to have its revocation looked at again")
	}
	l.refused(own, RequestReReview{Reason: "不服"}, "act.state")
	blank := slices.Clone(same)
	blank[0].Facts = " 查明 属实 "
	l.refused(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: blank}, "answers=answer.repeated")
	blank[1].Outcome = OutcomePartial
	l.on("2025-09-01").do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: blank}).do(head(roads), Issue{Document: "2号"})
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today})
	wantClock(t, "D07 from the new opinion", l.mustClock("D07/"+first), "2025-10-01", "2025-10-09", "", "-")
	wantClock(t, "met by the service", l.mustClock("D10/redo1"), "", "", "", "2025-09-01")
	l.do(own, RequestReview{Unit: county, Reason: "还不服"}).stage(StateReviewAsked)
}

func TestChangedOpinionReachesEverybodyWhoHasIt(t *testing.T) {
	l, second := newWorld(t).two(t)
	l.do(petitioner(l.m.First), RequestReview{Unit: county, Reason: "不服"})
	changed := answers(l.m)
	changed[0].Outcome = OutcomePartial
	l.gives(bureau, DraftReview{Result: ReviewChange, Answers: changed})
	if got := l.m.Reviews[0].Owed; len(got) != 2 {
		t.Errorf("owed to %v, want both who have the opinion", got)
	}
	if l.m.Demands[0].Answer.Outcome != OutcomePartial {
		t.Error("the change has no effect")
	}
	l.do(handler(bureau), ServeReview{Submission: l.m.First, Method: ServedOnline, On: l.today}).stage(StateReviewIssued)
	l.refused(handler(bureau), ServeReview{Submission: l.m.First, Method: ServedOnline, On: l.today}, "submission=serve.submission")
	l.servesReview(bureau).stage(StateServed)
	l.refused(petitioner(second), RequestReview{Unit: county, Reason: "不服"}, "act.review.done").do(petitioner(second), RequestReReview{Reason: "不服"})
}

// two is a matter of two petitioners, both served on 2025-08-05.
func (w world) two(t tester) (*life, Ref) {
	t.Helper()
	l := w.accepted(t, "2025-08-05")
	o := w.open(t, "2025-08-05", letter(), bureau, 3)
	l.joins(o)
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	for _, ref := range []Ref{l.m.First, o.m.First} {
		l.do(handler(roads), Serve{Submission: ref, Method: ServedOnline, On: l.today})
	}
	return l, o.m.First
}

// servedOnTwo is the same, begun on a day.
func (w world) servedOnTwo(t tester, _ string) *life {
	l, _ := w.two(t)
	return l
}

// reviewed is an opinion that the county has upheld.
func (w world) reviewed(t tester, on string) *life {
	l := w.served(t, on)
	return l.do(petitioner(l.m.First), RequestReview{Unit: county, Reason: "不服"}).gives(bureau, DraftReview{Result: ReviewUphold}).servesReview(bureau)
}

func TestEachPetitionerHasAnOwnRight(t *testing.T) {
	l, second := newWorld(t).two(t)
	one := petitioner(l.m.First)
	l.on("2025-08-10").do(one, RequestReview{Unit: county, Reason: "不服"})
	// The second asks the same organ and joins; one opinion is served on each.
	l.on("2025-08-12").do(handler(bureau), TakeReview{}, DraftReview{Result: ReviewUphold, Facts: "查明", Basis: "依据"}).stage(StateReviewDrafted)
	l.on("2025-08-15").do(petitioner(second), RequestReview{Unit: county, Reason: "我也不服"}).stage(StateReviewing)
	if len(l.m.Reviews) != 1 || len(l.m.Reviews[0].Applicants()) != 2 {
		t.Fatalf("%d reviews", len(l.m.Reviews))
	}
	wantClock(t, "D08 counts from the first request", l.mustClock("D08/1"), "2025-09-09", "2025-09-09", "", "-")
	l.do(one, WithdrawReview{})
	wantClock(t, "without the first, from the second", l.mustClock("D08/1"), "2025-09-14", "2025-09-15", "", "-")
	l.do(one, RequestReview{Unit: cityRoads, Reason: "另找"}) // a withdrawn request leaves the right as it was
	if len(l.m.Reviews) != 2 {
		t.Fatalf("%d reviews, want one at each organ", len(l.m.Reviews))
	}
	l.gives(bureau, DraftReview{Result: ReviewUphold}).servesReview(bureau).stage(StateReviewAsked)
	l.do(petitioner(second), RequestReReview{Reason: "不服"})
	l.refused(handler(cityBureau), ServeReview{Submission: second, Method: ServedOnline, On: l.today}, "act.state")
	l.do(handler(cityBureau), TakeReview{}, DraftReview{Result: ReviewUphold, Facts: "查明", Basis: "依据"}).do(head(cityBureau), IssueReview{})
	l.do(handler(cityBureau), ServeReview{Submission: second, Method: ServedOnline, On: l.today}).state(StateServed).stage(StateReviewAsked)
	if l.m.StageFor(second) != StateServed || l.m.StageFor(l.m.First) != StateReReviewAsked && l.m.StageFor(l.m.First) != StateReviewAsked {
		t.Errorf("stages %s and %s", l.m.StageFor(l.m.First), l.m.StageFor(second))
	}
	if done, waits := l.m.TurnFor(second), l.m.TurnFor(l.m.First); done.Code == "request" || waits.Code != "request" {
		t.Errorf("turns %+v and %+v: what goes on between others and a higher organ is not the second petitioner's", waits, done)
	}
	if !l.m.Final(second) || l.m.Final(l.m.First) {
		t.Error("the procedure ends for each petitioner apart")
	}
}

func TestDeclinedRequests(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		ground ReviewGround
		again  string
	}{{ReviewNoOpinion, "act.review.declined"}, {ReviewOtherRoute, "act.review.declined"}, {ReviewWrongOrgan, "unit=review.organ"}} {
		l := w.served(t, "2025-08-05")
		own := petitioner(l.m.First)
		l.do(own, RequestReview{Unit: county, Reason: "不服"})
		l.refused(handler(bureau), DeclineReview{Submission: l.m.First, Ground: ReviewTooLate, Reason: "过期"}, "ground=review.in_time")
		if c.ground != ReviewNoOpinion {
			l.refused(handler(bureau), DeclineReview{Submission: l.m.First, Ground: c.ground, Reason: "不归"}, "organ=field.required")
		}
		l.do(handler(bureau), DeclineReview{Submission: l.m.First, Ground: c.ground, Reason: "不归", Organ: "市交通运输局"}).stage(StateServed)
		wantClock(t, "D08 ends", l.mustClock("D08/1"), "", "", "", "2025-08-05")
		l.refused(own, RequestReview{Unit: county, Reason: "不服"}, c.again)
		if c.ground == ReviewWrongOrgan {
			wantClock(t, "D07 goes on", l.mustClock("D07/"+first), "", "", "", "-")
			l.do(own, RequestReview{Reason: "不服"}) // the other organ alone is left
		}
	}
	// A desk takes a late request in: the organ decides.
	l := w.served(t, "2025-08-05").on("2025-09-20")
	l.refused(registrar(bureau), RequestReview{Unit: cityRoads, Reason: "住院误期"}, "submission=field.required")
	ask := RequestReview{Submission: l.m.First, Unit: cityRoads, Reason: "住院误期", Received: day("2025-09-18")}
	l.do(registrar(bureau), ask)
	if q := l.m.Reviews[0].Requests[0]; !q.Late || q.On != day("2025-09-18") {
		t.Errorf("kept as %+v", q)
	}
	l.do(handler(cityRoads), DeclineReview{Submission: l.m.First, Ground: ReviewTooLate, Reason: "无正当理由"}).stage(StateServed)
	// One that came in time and was entered late is in time.
	l = w.served(t, "2025-08-05").on("2025-09-20")
	ask.Received = day("2025-09-01")
	l.do(registrar(bureau), ask)
	if l.m.Reviews[0].Requests[0].Late {
		t.Error("received in time, it counts as late")
	}
	ask.Received = day("2025-08-04")
	w.served(t, "2025-08-05").refused(registrar(bureau), ask, "received=review.before_service")
}

func TestNoReviewWhereThereIsNoOpinion(t *testing.T) {
	w := newWorld(t)
	s := w.suggestion(t, "2025-08-05")
	s.do(handler(roads), Reply{Facts: "已研究", Answers: answers(s.m), Document: "2号"}, Serve{Submission: s.m.First, Method: ServedOnline, On: s.today})
	s.refused(petitioner(s.m.First), RequestReview{Unit: county, Reason: "不服"}, "act.review.not_served")
	d := w.signed(t, "2025-08-05").do(handler(roads), Decline{Ground: DeclineElsewhere, Reason: "不归"})
	d.refused(petitioner(d.m.First), RequestReview{Unit: county, Reason: "不服"}, "act.state")
	n := w.issued(t, "2025-08-05")
	n.do(handler(roads), Serve{Submission: n.m.First, Method: ServedNot, Reason: "地址不清", On: n.today})
	n.refused(petitioner(n.m.First), RequestReview{Unit: county, Reason: "不服"}, "act.review.not_served")
}

func TestSameFactsAndNewFacts(t *testing.T) {
	w := newWorld(t)
	old := w.served(t, "2025-08-05")
	own := petitioner(old.m.First)
	old.do(own, RequestReview{Unit: county, Reason: "不服"}).gives(bureau, DraftReview{Result: ReviewUphold}).servesReview(bureau)
	again := func() *life {
		l := w.open(t, "2025-12-01", letter(), bureau, 7)
		return l.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary})
	}
	grounded := DeclineFinal{Matter: old.m.Ref, Concluded: "核1号", Reason: "同一事实和理由", Earlier: old.m}
	again().refused(registrar(bureau), grounded, "matter=decline_final.not_ended") // reviewed, not re-reviewed; the window has passed, and the law does not say what follows
	local := w
	set, err := law.DefaultBook().On("330112", day("2025-01-01"), law.Adoption{Set: "zhejiang-2016"})
	if err != nil {
		t.Fatal(err)
	}
	local.rules.Set = set
	l := again()
	l.w = local
	l.refused(registrar(bureau), grounded, "") // there it says so
	old.do(own, RequestReReview{Reason: "不服"}).gives(cityBureau, DraftReview{Result: ReviewUphold}).servesReview(cityBureau).state(StateTerminated)
	again().refused(registrar(bureau), DeclineFinal{Reason: "同一事实和理由"}, "concluded=field.required")
	again().refused(registrar(bureau), DeclineFinal{Matter: old.m.Ref, Concluded: "核1号", Reason: "同一事实和理由"}, "matter=decline_final.not_found")
	done := again().do(registrar(bureau), grounded).state(StateFinalDeclined)
	if b, declined := done.events[len(done.events)-1].Body.(FinalDeclined); !declined || b.Matter != old.m.Ref || b.Concluded != "核1号" {
		t.Errorf("grounded on %+v", b)
	}
	fresh := w.open(t, "2025-12-01", letter(), bureau, 8)
	fresh.refused(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary, NewFacts: "新证据"}, "new_facts=screen.new_facts")
	fresh.refused(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary, Earlier: old.m.Ref}, "new_facts=screen.new_facts")
	fresh.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary, Earlier: old.m.Ref, NewFacts: "新证据"})
	fresh.refused(registrar(bureau), grounded, "act.decline_final.new_facts")
}

func TestUnitsAfterAReview(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05")
	l.do(petitioner(l.m.First), RequestReview{Unit: county, Reason: "不服"})
	for _, u := range []org.UnitID{county, bureau} {
		if !slices.Contains(l.m.Units(), u) || !l.m.Bears(u) {
			t.Errorf("unit %d does not take part", u)
		}
	}
}

// beijing is the same world under the regulations of Beijing, which the place has adopted.
func (w world) beijing(t tester) world {
	t.Helper()
	set, err := law.DefaultBook().On("110101", day("2025-01-01"), law.Adoption{Set: "beijing-2006"})
	if err != nil {
		t.Fatal(err)
	}
	w.rules.Set = set
	return w
}

// The time of a review is extended once, in time, by no more than the law of the place allows, and nowhere else.
func TestReviewIsExtended(t *testing.T) {
	by := func(days int) ExtendReview {
		return ExtendReview{Days: days, Approval: "复查复核委员会第3次会议", Reason: "要等鉴定"}
	}
	type step struct {
		on    string
		actor org.Actor
		c     Command
		code  string // refused with; empty where it is taken
	}
	take := step{"2025-08-06", handler(bureau), TakeReview{}, ""}
	extend := func(on string, days int, code string) step { return step{on, head(bureau), by(days), code} }
	for _, row := range []struct {
		name  string
		local bool
		steps []step
		legal string // of D08/1, from 2025-08-05
	}{
		{"the nation knows none", false, []step{take, extend("2025-08-10", 30, "act.extend_review.none")}, "2025-09-04"},
		{"as long as may be", true, []step{take, extend("2025-08-10", 30, "")}, "2025-10-09"},
		{"shorter", true, []step{take, extend("2025-08-10", 10, "")}, "2025-09-15"},
		{"longer than may be", true, []step{take, extend("2025-08-10", 31, "days=extend.days")}, "2025-09-04"},
		{"by no day", true, []step{take, extend("2025-08-10", 0, "days=field.required")}, "2025-09-04"},
		{"by days taken away", true, []step{take, extend("2025-08-10", -1, "days=extend.days")}, "2025-09-04"},
		{"approved by nobody", true, []step{take, {"2025-08-10", head(bureau), ExtendReview{Days: 9, Reason: "复杂"}, "approval=field.required"}}, "2025-09-04"},
		{"for no reason", true, []step{take, {"2025-08-10", head(bureau), ExtendReview{Days: 9, Approval: "委员会"}, "reason=field.required"}}, "2025-09-04"},
		{"on the last day", true, []step{take, extend("2025-09-04", 30, "")}, "2025-10-09"},
		{"a day after it", true, []step{take, extend("2025-09-05", 30, "act.extend_review.late")}, "2025-09-04"},
		{"twice", true, []step{take, extend("2025-08-10", 5, ""), extend("2025-08-11", 5, "act.extend_review.once")}, "2025-09-09"},
		{"before it is taken up", true, []step{extend("2025-08-06", 30, "act.state")}, "2025-09-04"},
		{"not by who works on it", true, []step{take, {"2025-08-10", handler(bureau), by(30), "act.power"}}, "2025-09-04"},
		{"not by the head who gave the opinion", true, []step{take, {"2025-08-10", head(roads), by(30), "act.power"}}, "2025-09-04"},
		{"once drafted", true, []step{take, {"2025-08-20", handler(bureau), DraftReview{Result: ReviewUphold, Facts: "查明", Basis: "依据"}, ""}, extend("2025-08-21", 30, "")}, "2025-10-09"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			if row.local {
				w = w.beijing(t)
			}
			l := w.served(t, "2025-08-05").do(petitioner(NewRef(home, 2025, 1)), RequestReview{Unit: county, Reason: "不服"})
			for _, s := range row.steps {
				if l.on(s.on); s.code != "" {
					l.refused(s.actor, s.c, s.code)
				} else {
					l.do(s.actor, s.c)
				}
			}
			if got := l.mustClock("D08/1").Legal; got != day(row.legal) {
				t.Errorf("the opinion is due on %s, want %s", got, row.legal)
			}
		})
	}
}

// While a hearing holds the time of a re-review still there is no last day to extend from. Afterwards there is; all who asked are told, by a document
// of the organ that names the day.
func TestReReviewIsExtendedAfterItsHearing(t *testing.T) {
	w := newWorld(t).beijing(t)
	l := w.rereviewing(t, "2025-08-05")
	extend := ExtendReview{Days: 30, Approval: "复查复核委员会", Reason: "要等鉴定"}
	l.do(head(cityBureau), CallHearing{On: day("2025-08-20"), At: "九点", Place: "大厅", Participants: "双方", Reason: "重大"})
	l.refused(head(cityBureau), extend, "act.extend_review.hearing")
	l.on("2025-08-20").do(handler(cityBureau), ConcludeHearing{Minutes: "笔录", Conclusion: "属实"})
	plain := l.mustClock("D10b/2").Legal
	before := *l.m
	l.on("2025-09-01").do(head(cityBureau), extend).stage(StateReReviewing)
	e := l.events[len(l.events)-1]
	after := l.mustClock("D10b/2").Legal
	if after <= plain || after > plain.Add(40) { // thirty days on, and what holidays roll it by
		t.Errorf("due on %s, and on %s when extended", plain, after)
	}
	if own, other := ToldTo(e, l.m.First), ToldTo(e, NewRef(home, 2025, 99)); !own || other {
		t.Errorf("told to who asked %v, to another %v", own, other)
	}
	papers := before.PapersOf(e)
	if len(papers) != 1 || papers[0].Kind != PaperReviewExtend || papers[0].Unit != city || !slices.Equal(papers[0].For, []Ref{l.m.First}) {
		t.Errorf("documents %+v", papers)
	}
	term, ok, err := l.m.TermOf(e, w.rules)
	if err != nil || !ok || term.Until != after || term.Article == "" {
		t.Errorf("the document tells of %+v, %v, %v", term, ok, err)
	}
}
