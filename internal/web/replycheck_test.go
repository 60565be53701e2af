package web_test

import (
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// What is typed is checked on demand, each finding with its words marked, its field and its article; everything typed stays.
func TestReplyIsCheckedWhileWritten(t *testing.T) {
	s := newSite(t)
	team := s.team("handler")
	_, ref := s.filed()
	s.do(staff(org.RoleRegistrar, unitBureau), ref,
		&matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitLand, Mode: matter.ModeTransfer, Why: "归它管"})
	s.do(staff(org.RoleHandler, unitLand), ref, &matter.Sign{}, &matter.Accept{})
	b, path := team["handler"], "/desk/matters/"+ref.String()+"/draft"
	typed := []string{
		"version", b.get(path).version(), "facts", "可自收到之日起60日内申请复查。", "basis", "《信访工作条例》第三十二条、第五十一条",
		"answers.0.demand", "1", "answers.0.outcome", "support", "answers.0.facts", "依法处理", "answers.0.basis", "《某某办法》第三条",
	}
	p := b.post(path, append(typed, "do", "check")...).want(http.StatusOK, path,
		"必须改 3 处", "《信访工作条例》没有第 51 条，最后一条是第 50 条", "写的是“60日内”，法定期限是 30 日", "第 2 条诉求还没有答复", "对第 1 条诉求只有套话", "《某某办法》或所引条文不在本系统收录范围内",
		"信访工作条例第三十二条", "信访工作条例第三十五条", "第 1 条诉求，")
	var marks []string
	for _, m := range p.find("#reply-check mark") {
		marks = append(marks, text(m))
	}
	if got := strings.Join(marks, "|"); got != "第五十一条|60日内|依法处理|《某某办法》第三条" {
		t.Errorf("marked: %s", got)
	}
	if got := p.find("#reply-check a[href=#f-basis]"); len(got) != 1 {
		t.Errorf("%d links to the basis", len(got))
	}
	if got := p.text("textarea[name=facts]"); !strings.Contains(got, "60日内") {
		t.Errorf("what was typed is gone: %q", got)
	}
	if p.find("textarea[name=despite]") != nil {
		t.Error("a draft asks for no reason")
	}
	b.post(path, append(typed, "do", "preview")...).want(http.StatusOK, path, "答复检查", "没有第 51 条")
	b.get("/language?lang=en&to=" + path)
	b.post(path, append(typed, "do", "check")...).want(http.StatusOK, path, "Reply check", "3 to be mended", "has no Article 51", "the period in law is 30 days")
}

// Before the signature the check stands on the page; what must be mended asks for a reason, which the history keeps for staff and not for the petitioner.
func TestReplyIsSignedWithAReason(t *testing.T) {
	s := newSite(t)
	team := s.team("head")
	own, ref := s.filed()
	s.do(staff(org.RoleRegistrar, unitBureau), ref,
		&matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitLand, Mode: matter.ModeTransfer, Why: "归它管"})
	s.do(staff(org.RoleHandler, unitLand), ref, &matter.Sign{}, &matter.Accept{}, &matter.Drafting{
		Facts: "工资表和打卡记录都查看过。", Basis: "《信访工作条例》第五十一条", Answers: []matter.Answer{
			{Demand: 1, Outcome: matter.OutcomeSupport, Facts: "拖欠三个月工资属实。", Basis: "《保障农民工工资支付条例》第六条", PromiseBy: law.NoDay},
			{Demand: 2, Outcome: matter.OutcomeRefuse, Facts: "没有加班的证据。", Basis: "《保障农民工工资支付条例》第六条", PromiseBy: law.NoDay},
		},
	})
	b, path, at := team["head"], "/desk/matters/"+ref.String()+"/issue", "/desk/matters/"+ref.String()
	p := b.get(path).want(http.StatusOK, path, "必须改 1 处", "没有第 51 条", "照原样发出的理由")
	if len(p.find("textarea[name=despite]")) != 1 {
		t.Fatal("no field for the reason")
	}
	b.post(path, "version", p.version()).want(http.StatusUnprocessableEntity, path, "答复里还有 1 处必须改")
	b.post(path, "version", p.version(), "despite", "条文号以附件为准").want(http.StatusOK, at, "照原样发出的理由：条文号以附件为准")
	if body := own.get("/my").body + own.get("/my/answer").body; strings.Contains(body, "条文号以附件为准") {
		t.Error("the petitioner is told")
	}
	if p := s.team("handler")["handler"].get("/desk/matters/"+ref.String()+"/serve").want(http.StatusOK, "/desk/matters/"+ref.String()+"/serve", "照原样发出的理由已经写过"); p.find("textarea[name=despite]") != nil {
		t.Error("asked for twice")
	}
}
