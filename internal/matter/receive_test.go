package matter

import (
	"testing"
)

// A petitioner confirms receipt on line with consent, for themselves alone; that starts the time for review, and a mere look does not.
func TestReceive(t *testing.T) {
	l := newWorld(t).open(t, "2025-08-05", letter(), bureau, 1)
	l.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Forward{Unit: roads, Mode: ModeTransfer, Why: "归它管"})
	l.do(handler(roads), Sign{}, Accept{})
	own := petitioner(l.m.First)
	l.refused(own, Receive{Consent: true}, "act.state")
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	l.on("2025-09-01").refused(handler(roads), Receive{Consent: true}, "act.power")
	if _, err := l.m.Decide(Receive{}, l.env(own)); err == nil {
		t.Error("received without consent")
	}
	l.do(own, Receive{Consent: true}).state(StateServed)
	s, ok := l.m.Service(l.m.First)
	if !ok || s.Method != ServedOnline || s.On != day("2025-09-01") {
		t.Errorf("service %+v", s)
	}
	l.refused(own, Receive{Consent: true}, "act.state")
	clocks, err := l.m.Clocks(l.w.rules)
	if err != nil {
		t.Fatal(err)
	}
	started := false
	for _, c := range clocks {
		started = started || c.Rule == ruleReview && c.From == day("2025-09-01")
	}
	if !started {
		t.Error("the time for review did not start")
	}
	// the opinion of a review likewise
	l.do(own, RequestReview{Reason: "不服", Unit: county})
	desk := l.m.Reviews[0].Desk
	l.do(handler(desk), TakeReview{}, DraftReview{Result: ReviewUphold, Facts: "查明", Basis: "依据"}).do(head(desk), IssueReview{})
	l.do(own, Receive{Consent: true})
	if r := l.m.Reviews[0]; r.Open() || len(r.Services) != 1 || r.Services[0].Method != ServedOnline {
		t.Errorf("review %+v", r)
	}
}
