package matter

import (
	"slices"
	"testing"

	"huiyin/internal/org"
)

// The office has an upheld opinion handled again: what looked at the old opinion is void, and the new one is reviewed like any.
func TestANewOpinionIsReviewedLikeAny(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05")
	own := petitioner(l.m.First)
	l.do(own, RequestReview{Unit: county, Reason: "不服"}).gives(bureau, DraftReview{Result: ReviewUphold}).servesReview(bureau)
	l.on("2025-09-01").do(supervisor(), Redo{Reason: "没有查清", By: day("2025-10-01")})
	if c := l.mustClock("D09/" + first + "/1"); !c.Stopped.Known() {
		t.Error("the right to re-review of the old opinion still runs")
	}
	l.do(handler(roads), Drafting{Facts: "再查", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "2号"})
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today})
	if s, ok := l.m.Stands(l.m.First); !ok || s.Tier != TierFirst {
		t.Errorf("what stands is %+v, want the new opinion", s)
	}
	l.do(own, RequestReview{Unit: county, Reason: "仍不服"}).stage(StateReviewAsked)
}

// A line above that assisted is not offered for the review where another organ is, and its people never look at it again.
func TestWhoAssistedDoesNotReview(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	own, city := petitioner(l.m.First), handler(cityRoads)
	l.do(head(roads), AssignPart{Unit: cityRoads, Text: "核实工资", By: day("2025-09-01")}).do(city, SignPart{}, AnswerPart{Text: "已核实"})
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today})
	organs := l.m.Organs(ActRequestReview, l.m.First, l.env(own))
	if len(organs) == 0 || slices.ContainsFunc(organs, func(u org.Unit) bool { return u.ID == cityRoads }) {
		t.Errorf("offered are %v", organs)
	}
	l.do(own, RequestReview{Reason: "不服"})
	moved := handler(bureau) // who answered the part and now works for the county
	moved.User = city.User
	l.refused(moved, TakeReview{}, "act.review.own_hand")
}

// A hearing that was called off took no time: the days are counted as if it had not been called.
func TestACancelledHearingTakesNoTime(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05")
	own := petitioner(l.m.First)
	l.do(own, RequestReview{Unit: county, Reason: "不服"}).gives(bureau, DraftReview{Result: ReviewUphold}).servesReview(bureau)
	l.do(own, RequestReReview{Reason: "仍不服"}).do(handler(cityBureau), TakeReview{})
	before := l.mustClock("D10b/2").Legal
	l.on("2025-08-11").do(head(cityBureau), hearing("2025-08-25"))
	if l.mustClock("D10b/2").Legal.Known() {
		t.Error("the count goes on while a hearing is called")
	}
	l.on("2025-08-20").do(head(cityBureau), CancelHearing{Reason: "双方和好"})
	if c := l.mustClock("D10b/2"); c.Legal != before {
		t.Errorf("ends on %s, want %s as before", c.Legal, before)
	}
}

// While one of two petitioners can still ask, the procedure is not at its end, whoever else has come to theirs.
func TestConcludedForEverybody(t *testing.T) {
	l, second := newWorld(t).two(t)
	all := func(a org.Actor) {
		l.do(a, RequestReview{Unit: county, Reason: "不服"}).gives(bureau, DraftReview{Result: ReviewUphold}).servesReview(bureau)
		l.do(a, RequestReReview{Reason: "仍不服"}).gives(cityBureau, DraftReview{Result: ReviewUphold}).servesReview(cityBureau)
	}
	concluded := func() bool {
		t.Helper()
		yes, err := l.m.Concluded(l.w.rules, l.today)
		if err != nil {
			t.Fatal(err)
		}
		return yes
	}
	all(petitioner(l.m.First))
	if !l.m.Final(l.m.First) || l.m.Final(second) || concluded() {
		t.Errorf("final for the first %v, for the second %v, concluded %v", l.m.Final(l.m.First), l.m.Final(second), concluded())
	}
	all(petitioner(second))
	if !concluded() {
		t.Error("with both at their end it is not")
	}
}

// Of a review, those are told of its time who work on it: the petition department for the government.
func TestDeskOfAClock(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05")
	l.do(petitioner(l.m.First), RequestReview{Unit: county, Reason: "不服"})
	if got := l.m.DeskOf(l.mustClock("D08/1")); got != bureau {
		t.Errorf("the desk of the review is %d, want the petition department", got)
	}
	if got := l.m.DeskOf(l.mustClock("D07/" + first)); got != roads {
		t.Errorf("the desk of the right is %d, want who answers to it", got)
	}
}
