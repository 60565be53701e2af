package matter

import (
	"testing"
	"testing/fstest"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

func hearing(on string) CallHearing {
	return CallHearing{On: day(on), At: "上午九时", Place: "县信访局二楼", Participants: "双方及三名听证员", Reason: "情况复杂"}
}

// local is the national law with a place's own text before it.
func (w world) local(t *testing.T, rules, figures string) world {
	t.Helper()
	text := `{"id":"here-2025","jurisdiction":"330112","place":"此地","place_en":"Here","from":"2025-01-01","title":"某地办法","title_en":"Local rules","source":"test",
		"start_article":"a","start_article_en":"a","figures":[` + figures + `],"rules":[` + rules + `]}`
	national := `{"id":"n","jurisdiction":"","from":"2022-05-01","title":"a","title_en":"a","source":"a","start_article":"a","start_article_en":"a","rules":[
		{"id":"D03","n":15,"unit":"calendar_days","roll":"none","side":"unit","trigger":"forwarded","article":"a","article_en":"a","source":"a"}]}`
	book, err := law.LoadBook(fstest.MapFS{"a.json": {Data: []byte(text)}, "b.json": {Data: []byte(national)}})
	if err != nil {
		t.Fatal(err)
	}
	if w.rules.Set, err = book.On("330112", day("2025-06-01")); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestHearing(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	l.refused(handler(roads), hearing("2025-08-20"), "act.power")
	l.refused(head(roads), hearing("2025-08-04"), "on=hearing.notice")
	l.do(head(roads), hearing("2025-08-20")).state(StateHearing)
	if turn := l.m.Turn(); turn.Code != "hearing" || turn.Unit != roads {
		t.Errorf("turn %+v", turn)
	}
	wantClock(t, "D05 runs on: the national law stops it for nothing", l.mustClock("D05"), "2025-10-04", "2025-10-09", "", "-")
	l.refused(handler(roads), ConcludeHearing{Minutes: "笔录", Conclusion: "结论"}, "act.hearing.not_yet")
	l.do(head(roads), MoveHearing{On: day("2025-08-22"), At: "下午", Place: "村里", Reason: "信访人住院"})
	l.refused(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}, "act.state")
	l.on("2025-08-22").do(handler(roads), ConcludeHearing{Minutes: "笔录", Conclusion: "结论"}).state(StateInvestigating)
	l.refused(head(roads), hearing("2025-09-20"), "act.hearing.once")

	again := newWorld(t).accepted(t, "2025-08-05").do(head(roads), hearing("2025-08-20"), CancelHearing{Reason: "双方谈成"}).state(StateInvestigating)
	again.do(head(roads), hearing("2025-08-25")) // one that was called off does not count
}

// Each tier may hear once. Only a re-review stands still meanwhile, both ends included (A7).
func TestHearingInEachTier(t *testing.T) {
	w := newWorld(t)
	l := w.accepted(t, "2025-08-05").do(head(roads), hearing("2025-08-05")).do(handler(roads), ConcludeHearing{Minutes: "笔录", Conclusion: "结论"})
	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"})
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today})
	own := petitioner(l.m.First)
	l.do(own, RequestReview{Unit: county, Reason: "不服"}).do(handler(bureau), TakeReview{})
	l.refused(head(roads), hearing("2025-08-05"), "act.state").do(head(bureau), hearing("2025-08-10")).stage(StateReviewHearing).state(StateServed)
	wantClock(t, "D08 runs on", l.mustClock("D08/1"), "2025-09-04", "2025-09-04", "", "-")
	l.on("2025-08-10").do(handler(bureau), ConcludeHearing{Minutes: "笔录", Conclusion: "结论"}).stage(StateReviewing)
	l.gives(bureau, DraftReview{Result: ReviewUphold}).servesReview(bureau).do(own, RequestReReview{Reason: "不服"})

	l.on("2025-08-11").do(handler(cityBureau), TakeReview{})
	wantClock(t, "D10b", l.mustClock("D10b/2"), "2025-09-09", "2025-09-09", "", "-")
	l.on("2025-08-15").do(head(cityBureau), hearing("2025-08-25")).stage(StateReReviewHearing)
	c := l.mustClock("D10b/2")
	if c.Legal.Known() || c.Light(l.today.Add(400), SoonDays) != law.LightPause || c.Late(l.today.Add(400)) != 0 {
		t.Errorf("while the hearing lasts D10b is %+v", c)
	}
	clocks, err := l.m.Clocks(l.w.rules)
	if err != nil {
		t.Fatal(err)
	}
	if next, ok := Next(clocks, l.today); ok {
		t.Errorf("%s is due while everything stands still", next.Key)
	}
	l.on("2025-08-25").do(handler(cityBureau), ConcludeHearing{Minutes: "笔录", Conclusion: "结论"}).stage(StateReReviewing)
	wantClock(t, "eleven days later", l.mustClock("D10b/2"), "2025-09-20", "2025-09-22", "", "-") // 08-15 … 08-25 are not counted; 09-20 is a Saturday
	d := l.mustClock("D10b/2").Deadline(l.w.rules.Calendar)
	if d.LegalEnd != day("2025-09-22") {
		t.Errorf("derived %s", d.LegalEnd)
	}
}

// A local text may want notice ahead, and may let the handling period stand still.
func TestHearingByLocalRules(t *testing.T) {
	const handle = `{"id":"D05","n":60,"unit":"calendar_days","roll":"none","side":"unit","trigger":"acceptance","pause":"hearing","pause_article":"a","pause_article_en":"a","extend_n":30,"extend_by":"head","article":"a","article_en":"a","source":"a"}`
	w := newWorld(t).local(t, handle, `{"name":"hearing_notice","n":7,"article":"a","article_en":"a","source":"a"}`)
	l := w.accepted(t, "2025-08-05").on("2025-08-10")
	l.refused(head(roads), hearing("2025-08-16"), "on=hearing.notice").do(head(roads), hearing("2025-08-17"))
	if c := l.mustClock("D05"); c.Legal.Known() {
		t.Errorf("D05 ends on %s while the hearing lasts", c.Legal)
	}
	l.on("2025-08-17").do(handler(roads), ConcludeHearing{Minutes: "笔录", Conclusion: "结论"})
	wantClock(t, "D05 eight days later", l.mustClock("D05"), "2025-10-12", "2025-10-12", "", "-")
	l.on("2025-10-10").do(head(roads), Extend{Days: 30, Reason: "复杂"}) // in time by the days that stood still
	wantClock(t, "D06 after them", l.mustClock("D06"), "2025-11-11", "2025-11-11", "", "-")
}

func TestRecusal(t *testing.T) {
	w := newWorld(t)
	l := w.accepted(t, "2025-08-05")
	own, second := petitioner(l.m.First), other(handler(roads))
	boss := other(other(head(roads))) // the helpers' handler and head of a unit are one person: here they are not
	l.refused(handler(roads), AskRecusal{Of: RecusalOfHandler, Reason: "亲戚"}, "act.power")
	l.do(own, AskRecusal{Of: RecusalOfHandler, Reason: "亲戚"})
	l.refused(own, AskRecusal{Of: RecusalOfHandler, Reason: "亲戚"}, "act.recusal.pending")
	l.refused(head(roads), DecideRecusal{Granted: true, Reason: "属实"}, "act.recusal.own")
	l.refused(boss, DecideRecusal{Granted: true, User: handler(roads).User, Reason: "属实"}, "user=recusal.same")
	l.do(boss, DecideRecusal{Granted: true, User: second.User, Reason: "属实"})
	if l.m.Handler != second.User {
		t.Errorf("in charge is %d, want %d", l.m.Handler, second.User)
	}
	l.refused(handler(roads), Record{Kind: RecordSite, Text: "看了"}, "act.recused").do(second, Record{Kind: RecordSite, Text: "看了"})
	l.refused(boss, AssignHandler{User: handler(roads).User}, "user=recusal.same")
	l.refused(boss, DecideRecusal{Granted: true, Reason: "属实"}, "act.recusal.none")

	// The head's own is decided above; declared by oneself, refused, it leaves everything as it was.
	l.do(boss, DeclareRecusal{Reason: "同学"}).refused(other(boss), DecideRecusal{Granted: true, Reason: "属实"}, "act.recusal.superior")
	l.do(supervisor(), DecideRecusal{Reason: "不影响"}).do(boss, AssignHandler{User: second.User})
	l.do(own, AskRecusal{Of: RecusalOfHead, Reason: "同学", Heads: []org.UserID{boss.User}}).do(supervisor(), DecideRecusal{Granted: true, Reason: "属实"})
	l.refused(boss, Extend{Days: 5, Reason: "复杂"}, "act.recused")
	l.refused(own, AskRecusal{Of: RecusalOfHead, Reason: "同学"}, "of=recusal.nobody")
}

func TestRecusalOfAReviewer(t *testing.T) {
	l := newWorld(t).served(t, "2025-08-05")
	own := petitioner(l.m.First)
	l.do(own, RequestReview{Unit: county, Reason: "不服"}).do(handler(bureau), TakeReview{}).do(own, AskRecusal{Of: RecusalOfHandler, Reason: "亲戚"})
	boss, second := other(other(head(bureau))), other(handler(bureau))
	l.refused(boss, DecideRecusal{Granted: true, User: handler(roads).User, Reason: "属实"}, "user=recusal.same") // who handled it cannot take over the review
	l.do(boss, DecideRecusal{Granted: true, User: second.User, Reason: "属实"})
	if got := l.m.Row(nil, 0).Handler; got != second.User {
		t.Errorf("the review is on the list of %d, want %d", got, second.User)
	}
	l.refused(handler(bureau), DraftReview{Result: ReviewUphold, Facts: "查明", Basis: "依据"}, "act.recused")
	l.do(second, DraftReview{Result: ReviewUphold, Facts: "查明", Basis: "依据"})
}
