package matter

import (
	"testing"
)

// Service by the link: to send it is no service, however often; the petitioner's confirmation is, by the way they came in, and starts the time for review
// on its own day. Sent to one, it says nothing of another, and the handler may still serve another way.
func TestServeByLink(t *testing.T) {
	came := func(link string) func(*life) {
		return func(l *life) {
			own := petitioner(l.m.First)
			own.Link = link
			l.do(own, Receive{Consent: true})
		}
	}
	for _, c := range []struct {
		name  string
		serve func(*life)
		want  ServiceMethod
		proof string
	}{
		{"confirmed by the link", came("hy-1-2"), ServedByLink, "hy-1-2"},
		{"confirmed with code and PIN all the same", came(""), ServedOnline, ""},
		{"served by hand in the end", func(l *life) {
			l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedInPerson, On: l.today, Proof: "回证1"})
		}, ServedInPerson, "回证1"},
	} {
		l := newWorld(t).issued(t, "2025-08-05").on("2025-08-06")
		sent := Serve{Submission: l.m.First, Method: ServedByLink}
		l.refused(handler(roads), Serve{Submission: NewRef(home, 2025, 9), Method: ServedByLink}, "submission=serve.submission")
		l.refused(petitioner(l.m.First), sent, "act.power")
		l.do(handler(roads), sent).state(StateIssued).on("2025-08-08").do(handler(roads), sent).state(StateIssued)
		if _, ok := l.m.Service(l.m.First); ok {
			t.Fatalf("%s: served by sending", c.name)
		}
		if _, ok := l.clock("D07/" + l.m.First.String()); ok {
			t.Errorf("%s: the time for review runs already", c.name)
		}
		ready := l.events[len(l.events)-1]
		if !Notifies(ready, l.m.First) || Notifies(ready, NewRef(home, 2025, 9)) || len(l.m.PapersOf(ready)) != 0 {
			t.Errorf("%s: told the wrong ones of %+v", c.name, ready)
		}
		l.on("2025-08-20")
		c.serve(l)
		l.state(StateServed).refused(handler(roads), sent, "act.state")
		if s, ok := l.m.Service(l.m.First); !ok || s.Method != c.want || s.On != day("2025-08-20") {
			t.Errorf("%s: %+v", c.name, s)
		}
		if b, ok := l.events[len(l.events)-1].Body.(Served); !ok || b.Proof != c.proof {
			t.Errorf("%s: %+v", c.name, b)
		}
		if from := l.mustClock("D07/" + l.m.First.String()).From; from != day("2025-08-20") {
			t.Errorf("%s: the time for review runs from %s", c.name, from)
		}
	}
}

// The opinion of a review is served by the link likewise.
func TestServeReviewByLink(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05")
	own := petitioner(l.m.First)
	l.do(own, RequestReview{Reason: "不服", Unit: county})
	desk := l.m.Reviews[0].Desk
	l.do(handler(desk), TakeReview{}, DraftReview{Result: ReviewUphold, Facts: "查明", Basis: "依据"}).do(head(desk), IssueReview{})
	l.refused(handler(desk), ServeReview{Submission: l.m.First, Method: ServedOnline}, "on=field.required")
	l.do(handler(desk), ServeReview{Submission: l.m.First, Method: ServedByLink})
	if r := l.m.Reviews[0]; !r.Open() || len(r.Services) != 0 {
		t.Fatalf("served by sending: %+v", r)
	}
	own.Link = "hy-1-3"
	l.do(own, Receive{Consent: true})
	if r := l.m.Reviews[0]; r.Open() || len(r.Services) != 1 || r.Services[0].Method != ServedByLink {
		t.Errorf("review %+v", r)
	}
}

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
