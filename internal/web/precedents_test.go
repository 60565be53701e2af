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
	if p := b.get("/desk/matters/" + open.String()); len(p.find("#precedents")) != 0 {
		t.Error("a precedent before anything is settled")
	}
	b.get("/desk/matters/"+settled.String()+"/kin").want(http.StatusOK, "/desk/matters/"+settled.String()+"/kin", "这一件还没有解决")
	const basis = "大气污染防治法第八十一条"
	s.steps(org.RoleHandler, unitTown, settled, &matter.Sign{}, &matter.Accept{Contact: "0571-2"},
		&matter.Drafting{Facts: "查明", Basis: basis, Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport, Facts: "属实", Basis: basis}}})
	s.steps(org.RoleHead, unitTown, settled, &matter.Issue{})
	s.steps(org.RoleHandler, unitTown, settled, &matter.Serve{Submission: settled, Method: matter.ServedInPerson, On: s.office.Today(), Proof: "签收"},
		&matter.Ease{Solved: "装了净化器"}, &matter.Complete{Report: "已办结"})

	p := b.get("/desk/matters/"+open.String()).want(http.StatusOK, "/desk/matters/"+open.String(), "办结过的同类件", basis, "支持")
	if links := p.find(".precedents a"); len(links) != 1 || text(links[0]) != smokeTitle || attribute(links[0], "href") != "/desk/matters/"+settled.String() {
		t.Errorf("%d links to precedents", len(links))
	}
	if strings.Contains(words(p.find(".precedents")[0]), "陈") {
		t.Error("a precedent names somebody")
	}
	b.get("/desk/matters/"+settled.String()).want(http.StatusOK, "/desk/matters/"+settled.String(), "还有 1 件内容相像", "看同类未结的件")
	kin := b.get("/desk/matters/"+settled.String()+"/kin").want(http.StatusOK, "/desk/matters/"+settled.String()+"/kin", smokeAgainTitle)
	if rows := kin.find("[data-worklist] tbody tr"); len(rows) != 1 {
		t.Errorf("%d open ones of its kind", len(rows))
	}
	b.get("/language?lang=en&to=/desk")
	b.get("/desk/matters/"+open.String()).want(http.StatusOK, "/desk/matters/"+open.String(), "Settled matters of this kind", "0 days")
	b.get("/desk/matters/"+settled.String()).want(http.StatusOK, "/desk/matters/"+settled.String(), "1 matter of this kind and category is still open.")
	other := s.team("handler")["handler"]
	for _, path := range []string{"/desk/matters/" + open.String(), "/desk/matters/" + settled.String() + "/kin"} {
		if p := other.get(path); p.status != http.StatusNotFound || strings.Contains(words(p.root), basis) {
			t.Errorf("%s: %d", path, p.status)
		}
	}
}
