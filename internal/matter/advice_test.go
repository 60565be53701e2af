package matter

import (
	"slices"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

func TestThreeSuggestions(t *testing.T) {
	w := newWorld(t)
	l := w.served(t, "2025-08-05").do(handler(roads), four(), Complete{})
	advice := Advise{Kind: AdvicePolicy, Unit: labour, Text: "修改补偿标准", By: day("2025-09-01")}
	l.refused(handler(roads), advice, "act.power")
	for by, want := range map[string]string{"2025-08-05": "by=day.future", "": "by=day.future", "2025-09-01": ""} {
		c := advice
		if c.By = law.NoDay; by != "" {
			c.By = day(by)
		}
		l.refused(supervisor(), c, want) // the law says no number of days, so a day is set
	}
	l.do(supervisor(), advice)
	c := l.mustClock("D12/1")
	wantClock(t, "the day set", c, "2025-09-01", "2025-09-01", "", "-")
	if turn := l.m.Turn(); c.Unit != labour || turn.Code != "advice" || turn.Unit != labour || !l.m.Open() || l.m.Row(nil, 0).Unit != labour {
		t.Errorf("clock of %d, turn %+v, open %v", c.Unit, turn, l.m.Open())
	}
	l.state(StateCompleted).refused(handler(roads), AnswerAdvice{Taken: AdviceWhole, Text: "采纳"}, "act.power")
	l.on("2025-08-20").do(head(labour), AnswerAdvice{Taken: AdvicePart, Text: "部分采纳"}).refused(head(labour), AnswerAdvice{Taken: AdviceNot, Text: "再说"}, "act.power")
	wantClock(t, "met by the answer", l.mustClock("D12/1"), "", "", "", "2025-08-20")
	if l.m.Open() || l.m.Turn().Code != "rating" {
		t.Error("what was completed does not go back to rest")
	}
}

// Where the law has a number of days, that is the day, whatever was typed.
func TestSuggestionUnderALawWithDays(t *testing.T) {
	w := newWorld(t)
	set, err := law.DefaultBook().On("370112", day("2025-01-01"), law.Adoption{Set: "shandong-2015"})
	if err != nil {
		t.Fatal(err)
	}
	w.rules.Set = set
	l := w.accepted(t, "2025-08-05").do(supervisor(), Advise{Kind: AdviceWork, Unit: roads, Text: "改进", By: day("2025-08-06")})
	wantClock(t, "30 days", l.mustClock("D12/1"), "2025-09-04", "2025-09-04", "", "-")
}

// The chain upward: who reported, what they had known since when, who received it when, who reported it on.
func TestReportsUpward(t *testing.T) {
	l := newWorld(t).signed(t, "2025-08-05")
	l.refused(handler(roads), ReportUp{To: "县政府", Summary: "塌方", Unit: county, Known: day("2025-08-06")}, "known=day.not_yet")
	l.refused(handler(roads), ReportUp{To: "自己", Summary: "塌方", Unit: roads}, "unit=unit.same")
	l.do(handler(roads), ReportUp{To: "县政府", Summary: "塌方", Unit: county, Known: day("2025-08-04")})
	if l.m.Level != LevelUrgent || !slices.Contains(l.m.Units(), county) {
		t.Errorf("level %s, units %v", l.m.Level, l.m.Units())
	}
	leader := staff(org.RoleLeader, county)
	l.refused(staff(org.RoleLeader, city), ReceiveReport{}, "act.power")
	l.on("2025-08-06").do(leader, ReceiveReport{}).refused(leader, ReceiveReport{}, "act.report.none")
	l.on("2025-08-07").do(leader, ReportUp{To: "市政府", Summary: "塌方", Unit: city, Known: day("2025-08-06")})
	want := []Report{
		{N: 1, From: roads, To: "县政府", Unit: county, Known: day("2025-08-04"), AtUS: day("2025-08-05").StartUS() + 9*3600*1_000_000, ReceivedUS: day("2025-08-06").StartUS() + 9*3600*1_000_000, ReceivedBy: leader.User},
		{N: 2, From: county, To: "市政府", Unit: city, Known: day("2025-08-06"), AtUS: day("2025-08-07").StartUS() + 9*3600*1_000_000},
	}
	if !slices.Equal(l.m.Reports, want) {
		t.Errorf("the chain is %+v", l.m.Reports)
	}
}

func TestRepresentativesByTheLawOfThePlace(t *testing.T) {
	book := law.DefaultBook()
	for _, c := range []struct {
		adopted         []law.Adoption
		persons, people int
		most            int // 0: nothing is wrong
	}{
		{nil, 10, 5, 0},
		{nil, 10, 6, 5},
		{[]law.Adoption{{Set: "zhejiang-2016"}}, 10, 3, 0},
		{[]law.Adoption{{Set: "zhejiang-2016"}}, 10, 4, 3},
		{[]law.Adoption{{Set: "zhejiang-2016"}}, 11, 5, 0},
		{[]law.Adoption{{Set: "zhejiang-2016"}}, 11, 6, 5},
	} {
		set, err := book.On("330112", day("2025-01-01"), c.adopted...)
		if err != nil {
			t.Fatal(err)
		}
		in := letter()
		in.Channel, in.Persons, in.Petitioners = ChannelVisit, c.persons, nil
		for range c.people {
			in.Petitioners = append(in.Petitioners, Petitioner{Role: PartyRepresentative, Name: "某"})
		}
		want := ""
		if c.most != 0 {
			want = "petitioners=intake.representatives"
		}
		if got := reason(errs.Fields(in.Check(day("2025-01-02"), set))); got != want {
			t.Errorf("%d of %d with %v: %q, want %q", c.people, c.persons, c.adopted, got, want)
		}
		if c.most != 0 && Representatives(set, c.persons) != c.most {
			t.Errorf("%d with %v: at most %d, want %d", c.persons, c.adopted, Representatives(set, c.persons), c.most)
		}
	}
}
