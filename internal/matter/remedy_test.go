package matter

import (
	"slices"
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// told puts the remedies of a submission into words for comparison: code, act, organs, last day, article.
func (l *life) remedies(ref Ref) string {
	l.t.Helper()
	found, err := l.m.Remedies(ref, l.env(petitioner(ref)))
	if err != nil {
		l.t.Fatal(err)
	}
	var out []string
	for _, r := range found {
		line := r.Code
		if r.Act != "" {
			line += " " + string(r.Act)
		}
		for _, u := range r.Organs {
			line += " " + map[org.UnitID]string{county: "county", city: "city", cityRoads: "cityRoads", province: "province"}[u.ID]
		}
		if r.Clock != nil {
			line += " " + r.Clock.Legal.String()
		}
		if r.Organ != "" {
			line += " " + r.Organ
		}
		if r.Figure != nil {
			line += " " + r.Figure.Article
		}
		out = append(out, line+" "+r.Article)
	}
	return strings.Join(out, "; ")
}

func TestRemedies(t *testing.T) {
	w := newWorld(t)
	zhejiang := w
	set, err := law.DefaultBook().On("330112", day("2025-01-01"), law.Adoption{Set: "zhejiang-2016"})
	if err != nil {
		t.Fatal(err)
	}
	zhejiang.rules.Set = set
	screened := func() *life {
		return w.open(t, "2025-08-05", letter(), bureau, 1).do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary})
	}
	for _, c := range []struct {
		name string
		l    *life
		want string
	}{
		{"being handled", w.accepted(t, "2025-08-05"), ""},
		{"served", w.served(t, "2026-01-20"), "review request_review county cityRoads 2026-02-24 art35"},
		{"its last day", w.served(t, "2026-01-20").on("2026-02-24"), "review request_review county cityRoads 2026-02-24 art35"},
		{"the day after", w.served(t, "2026-01-20").on("2026-02-25"), "lapsed 2026-02-24 art35"},
		{"where the law says what follows", zhejiang.served(t, "2026-01-20").on("2026-02-25"), "lapsed_final 2026-02-24 浙江省信访条例（2016）第二十五条 art35"},
		{"reviewed", w.reviewed(t, "2026-01-20"), "rereview request_rereview city 2026-02-24 art36"},
		{"asked", w.served(t, "2025-08-05").do(petitioner(NewRef(home, 2025, 1)), RequestReview{Unit: county, Reason: "不服"}), "pending 2025-09-04 art35"},
		{"re-reviewed", w.reviewed(t, "2025-08-05").do(petitioner(NewRef(home, 2025, 1)), RequestReReview{Reason: "不服"}).gives(cityBureau, DraftReview{Result: ReviewUphold}).servesReview(cityBureau), "final art36"},
		{"no organ above", w.alone(t), ""},
		{"not this organ's", screened().do(registrar(bureau), Decline{Ground: DeclineElsewhere, Reason: "不归", Organ: "法院"}), "elsewhere 法院 art23; correction art44"},
		{"handled already", screened().do(registrar(bureau), Decline{Ground: DeclinePending, Reason: "在办"}), "running art19; correction art44"},
		{"over the heads", screened().do(registrar(bureau), Decline{Ground: DeclineWrongLevel, Reason: "越级", Organ: "县里"}, Complete{}), "level 县里 art20; correction art44"},
		{"diverted", screened().do(registrar(bureau), Divert{Route: RouteArbitration, Organ: "仲裁委", How: "一年内"}, Complete{}), "diverted 仲裁委 art31"},
		{"ended before", screened().do(registrar(bureau), DeclineFinal{Concluded: "核1号", Reason: "同一事实"}), "final art36"},
		{"agreed", w.accepted(t, "2025-08-05").agreed(), "agreed art33"},
		{"withdrawn", screened().do(petitioner(NewRef(home, 2025, 1)), Withdraw{}), "anew art19"},
	} {
		if got := c.l.remedies(c.l.m.First); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := w.served(t, "2025-08-05").remedies(NewRef(home, 2025, 9)); got != "" {
		t.Errorf("of somebody else: %q", got)
	}
}

// alone is an opinion of a body above which the chart has nobody.
func (w world) alone(t tester) *life {
	l := w.open(t, "2025-08-05", letter(), stranger, 1)
	l.do(registrar(stranger), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Take{}).do(handler(stranger), Accept{}, Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)})
	return l.do(head(stranger), Issue{Document: "1号"}).do(handler(stranger), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today})
}

func (l *life) agreed() *life {
	return l.do(handler(roads), Mediate{Mediator: "张三", Parties: "同意"}).do(handler(roads), Agree{Terms: "各让一步", Answers: answers(l.m)})
}

// A petitioner's remedy carries the derivation of its day, which ends on that day.
func TestRemedyDerivation(t *testing.T) {
	l := newWorld(t).served(t, "2026-01-20")
	found, err := l.m.Remedies(l.m.First, l.env(petitioner(l.m.First)))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	d := found[0].Clock.Deadline(l.w.rules.Calendar)
	if d.LegalEnd != found[0].Clock.Legal || !slices.ContainsFunc(d.Steps, func(s law.Step) bool { return s.Result && s.Day == d.LegalEnd }) {
		t.Errorf("derived %+v", d)
	}
}
