package web_test

import (
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

const (
	smokeTitle, smoke           = "云栖花园楼下老灶烧烤油烟扰民", "云栖花园12栋一楼的老灶烧烤店每晚营业到凌晨两点，没有装油烟净化器，油烟直冲楼上，住户窗户都不敢开。"
	smokeAgainTitle, smokeAgain = "老灶烧烤熏得云栖花园住户睡不着", "家住云栖花园，楼下新开的老灶烧烤半夜还在烤肉，油烟味呛得孩子整夜咳嗽，找过社区没有用。"
)

// handed registers a matter and hands it to the town.
func (s *testSite) handed(title, narrative string) matter.Ref {
	s.t.Helper()
	r, err := s.office.Register(s.t.Context(), staff(org.RoleRegistrar, unitBureau), matter.Intake{
		Channel: matter.ChannelVisit, Title: title, Narrative: narrative, Demands: []string{"请处理油烟"}, Place: 330112104,
		Petitioners: []matter.Petitioner{{Name: "陈玉兰", Phone: "13000000000"}},
	}, "")
	check(s.t, err)
	s.steps(org.RoleRegistrar, unitBureau, r.Ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary},
		&matter.Forward{Unit: unitTown, Mode: matter.ModeTransfer, Why: "属地"})
	return r.Ref
}

func (s *testSite) steps(role org.Role, unit org.UnitID, ref matter.Ref, steps ...matter.Command) {
	s.t.Helper()
	_, err := s.office.DoAll(s.t.Context(), staff(role, unit), ref, 0, steps, "")
	check(s.t, err)
}

// The page of an open matter shows what was settled before, with outcome and basis; the settled one leads to the open ones of its kind. Who may see neither
// is shown neither.
func TestPrecedentsOnTheMatterPage(t *testing.T) {
	s := newSite(t)
	settled, open := s.handed(smokeTitle, smoke), s.handed(smokeAgainTitle, smokeAgain)
	b := s.team("dispatch")["dispatch"]
	at := func(ref matter.Ref) string { return "/desk/matters/" + ref.String() }
	if p := b.get(at(open)); len(p.find("#precedents")) != 0 || attribute(p.find("[hx-get]")[0], "hx-get") != at(open)+"/kin?part" {
		t.Error("the page of an open matter does not ask for precedents behind itself")
	}
	if p := b.get(at(open) + "/kin?part"); p.status != http.StatusOK || strings.TrimSpace(words(p.root)) != "" {
		t.Errorf("a precedent before anything is settled: %d %q", p.status, words(p.root))
	}
	b.get(at(open)+"/kin").want(http.StatusOK, at(open)+"/kin", "没有办结过的同类件")
	b.get(at(settled)+"/kin").want(http.StatusOK, at(settled)+"/kin", "没有办结过的同类件")
	const basis = "大气污染防治法第八十一条"
	s.steps(org.RoleHandler, unitTown, settled, &matter.Sign{}, &matter.Accept{Contact: "0571-2"},
		&matter.Drafting{Facts: "查明", Basis: basis, Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport, Facts: "属实", Basis: basis}}})
	s.steps(org.RoleHead, unitTown, settled, &matter.Issue{})
	s.steps(org.RoleHandler, unitTown, settled, &matter.Serve{Submission: settled, Method: matter.ServedInPerson, On: s.office.Today(), Proof: "签收"},
		&matter.Ease{Solved: "装了净化器"}, &matter.Complete{Report: "已办结"})

	b.get(at(open)).want(http.StatusOK, at(open), "看办结过的同类件") // without scripts a link
	p := b.get(at(open)+"/kin?part").want(http.StatusOK, at(open)+"/kin?part", "办结过的同类件", basis, "支持")
	if links := p.find(".precedents a"); len(links) != 2 || text(links[0]) != smokeTitle || attribute(links[0], "href") != at(settled) || attribute(links[1], "href") != at(open)+"/kin/"+settled.String() {
		t.Errorf("%d links to precedents", len(links))
	}
	if strings.Contains(words(p.find(".precedents")[0]), "陈") {
		t.Error("a precedent names somebody")
	}
	b.get(at(open)+"/kin").want(http.StatusOK, at(open)+"/kin", "正在办的这一件", smokeTitle, basis)
	b.get(at(settled)+"/kin?part").want(http.StatusOK, at(settled)+"/kin?part", "还有 1 件内容相像", "看同类未结的件")
	kin := b.get(at(settled)+"/kin").want(http.StatusOK, at(settled)+"/kin", smokeAgainTitle)
	if rows := kin.find("[data-worklist] tbody tr"); len(rows) != 1 {
		t.Errorf("%d open ones of its kind", len(rows))
	}
	b.get("/language?lang=en&to=/desk")
	b.get(at(open)+"/kin?part").want(http.StatusOK, at(open)+"/kin?part", "Settled matters of this kind", "0 days")
	b.get(at(settled)+"/kin?part").want(http.StatusOK, at(settled)+"/kin?part", "1 matter of this kind and category is still open.")
	other := s.team("handler")["handler"]
	for _, path := range []string{at(open), at(open) + "/kin?part", at(settled) + "/kin", at(open) + "/kin/" + settled.String()} {
		if p := other.get(path); p.status != http.StatusNotFound || strings.Contains(words(p.root), basis) {
			t.Errorf("%s: %d", path, p.status)
		}
	}
}

// Somebody says that a matter is not of one kind, with a reason: it is gone from both pages until that is taken back, which takes one click.
func TestNotKinPages(t *testing.T) {
	s := newSite(t)
	settled, open := s.handed(smokeTitle, smoke), s.handed(smokeAgainTitle, smokeAgain)
	s.steps(org.RoleHandler, unitTown, settled, &matter.Sign{}, &matter.Accept{Contact: "0571-2"},
		&matter.Drafting{Facts: "查明", Basis: "法", Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport, Facts: "属实", Basis: "法"}}})
	s.steps(org.RoleHead, unitTown, settled, &matter.Issue{})
	s.steps(org.RoleHandler, unitTown, settled, &matter.Serve{Submission: settled, Method: matter.ServedInPerson, On: s.office.Today(), Proof: "签收"},
		&matter.Ease{Solved: "装了净化器"}, &matter.Complete{Report: "已办结"})
	b := s.team("dispatch")["dispatch"]
	kin, pair := "/desk/matters/"+open.String()+"/kin", "/desk/matters/"+open.String()+"/kin/"+settled.String()
	b.get(pair).want(http.StatusOK, pair, smokeTitle, smokeAgainTitle, "为什么不是同类")
	b.post(pair, "reason", "").want(http.StatusUnprocessableEntity, pair, "为什么不是同类")
	const why = "一个在店里，一个在楼上"
	b.post(pair, "reason", why).want(http.StatusOK, kin, settled.String()+" 已标为不是同类", "标为不是同类的", why, "没有办结过的同类件")
	b.get(kin+"?part").want(http.StatusOK, kin+"?part", "1 件标为不是同类")
	b.get("/desk/matters/"+settled.String()+"/kin").want(http.StatusOK, "/desk/matters/"+settled.String()+"/kin", "没有同类未结的件", why)
	b.post(pair, "reason", "再标一次").want(http.StatusConflict, pair, "已经是这样了", "再标一次")
	b.post(pair, "do", "back").want(http.StatusOK, kin, settled.String()+" 已改回同类", smokeTitle)
	if p := b.get(kin); len(p.find("#apart")) != 0 {
		t.Error("still said to be apart")
	}
	if p := s.team("handler")["handler"].post(pair, "reason", why); p.status != http.StatusNotFound {
		t.Errorf("who sees neither: %d", p.status)
	}
}
