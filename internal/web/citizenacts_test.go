package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// filed files one petition and opens it.
func (s *testSite) filed() (*browser, matter.Ref) {
	s.t.Helper()
	code, pin := s.browser().file()
	rows := s.matters()
	return s.open(code, pin), rows[len(rows)-1].Ref
}

func (s *testSite) do(who org.Actor, ref matter.Ref, commands ...matter.Command) {
	s.t.Helper()
	for _, c := range commands {
		if _, err := s.office.Do(s.t.Context(), who, ref, 0, c); err != nil {
			s.t.Fatalf("%s: %v", c.Act(), err)
		}
	}
}

// answered brings a matter to its issued opinion. The facts of an answer hold an attack.
func (s *testSite) answered(ref matter.Ref) {
	s.t.Helper()
	s.do(staff(org.RoleRegistrar, unitBureau), ref,
		&matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitLand, Mode: matter.ModeTransfer, Why: "水利设施归它管"})
	s.do(staff(org.RoleHandler, unitLand), ref, &matter.Sign{}, &matter.Accept{}, &matter.Drafting{
		Facts: "现场看过", Basis: "合同第九条", Answers: []matter.Answer{
			{Demand: 1, Outcome: matter.OutcomeSupport, Facts: attack, Basis: "合同第九条", Promise: "修好水渠", PromiseBy: s.office.Today().Add(30)},
			{Demand: 2, Outcome: matter.OutcomeRefuse, Facts: "没有证据", Basis: "民法典", PromiseBy: law.NoDay},
		},
	})
	s.do(staff(org.RoleHead, unitLand), ref, &matter.Issue{})
}

func (s *testSite) served(ref matter.Ref) {
	s.t.Helper()
	s.answered(ref)
	s.do(staff(org.RoleHandler, unitLand), ref, &matter.Serve{Submission: ref, Method: matter.ServedInPerson, On: s.office.Today(), Proof: "回证 1 号"})
}

// version is the one that the form of a step shows.
func (p page) version() string {
	p.t.Helper()
	found := p.find("input[name=version]")
	if len(found) != 1 {
		p.t.Fatalf("%s holds no form: %s", p.path, words(p.root))
	}
	return attribute(found[0], "value")
}

// act opens the page of a step and sends its form.
func (b *browser) act(act string, pairs ...string) page {
	b.t.Helper()
	return b.post("/my/act/"+act, append([]string{"version", b.get("/my/act/" + act).version()}, pairs...)...)
}

func TestPetitionerAdds(t *testing.T) {
	s := newSite(t)
	b, _ := s.filed()
	b.act("add_material").want(invalid, "/my/act/add_material", "请写几句，或附上材料")
	p := b.act("add_material", "text", attack).want(ok, "/my", "已补充")
	if strings.Contains(p.body, attack) || !strings.Contains(words(p.root), attack) {
		t.Error("the words are markup, or gone")
	}
	version := b.get("/my/act/add_material").version()
	p = b.upload("/my/act/add_material", "水渠.png", picture(t), "version", version, "text", strings.Repeat("字", 20_001)).want(invalid, "/my/act/add_material", "水渠.png", "最多 20000 字")
	kept := attribute(p.find("input[name=attachments]")[0], "value")
	b.post("/my/act/add_material", "version", version, "attachments", kept).want(ok, "/my", "水渠.png")
	b.act("add_demand", "text", " ").want(invalid, "/my/act/add_demand", "这一项要填")
	b.act("add_demand", "text", "公开施工单位").want(ok, "/my", "您的 3 条诉求")
	b.act("confirm_demands").want(ok, "/my", "已确认")
	if p := b.get("/my/act/confirm_demands"); p.status != http.StatusConflict || !strings.Contains(p.body, "都已经确认过了") {
		t.Errorf("confirmed again: %d", p.status)
	}
	b.get("/my/act/complete").want(notFound, "/my/act/complete")
	b.post("/my/act/complete", "version", "1").want(notFound, "/my/act/complete")
}

// A file that somebody else uploaded cannot be claimed without its id, and one that was claimed cannot be claimed again.
func TestFilesOfOthersAreNotClaimed(t *testing.T) {
	s := newSite(t)
	a, _ := s.filed()
	version := a.get("/my/act/add_material").version()
	a.upload("/my/act/add_material", "水渠.png", picture(t), "version", version).want(ok, "/my")
	href := attribute(a.get("/my").find("#files")[0].Parent.LastChild.FirstChild.FirstChild, "href")
	id := strings.TrimPrefix(href, "/my/files/")
	b, _ := s.filed()
	p := b.act("add_material", "text", "拿来", "attachments", id+"/70/x.png")
	if p.status != invalid {
		t.Errorf("%d at %s", p.status, p.path)
	}
}

func TestUrgeIsLimited(t *testing.T) {
	s := newSite(t)
	b, _ := s.filed()
	b.get("/my/act/urge").want(ok, "/my/act/urge", "每 7 天")
	b.act("urge", "text", "请快一点").want(ok, "/my", "已催办", "您刚催过")
	p := b.get("/my/act/urge")
	if p.status != http.StatusConflict || !strings.Contains(words(p.root), "10 月 3 日") {
		t.Errorf("%d: %s", p.status, words(p.root))
	}
	s.now.Add(8 * 24 * 3600 * 1_000_000)
	b, _ = s.filed()
	b.act("urge").want(ok, "/my")
}

func TestStepSentTwiceCountsOnce(t *testing.T) {
	s := newSite(t)
	b, ref := s.filed()
	version := b.get("/my/act/add_demand").version()
	for range 2 {
		b.post("/my/act/add_demand", "version", version, "text", "公开施工单位").want(ok, "/my", "您的 3 条诉求")
	}
	// the matter goes on while another demand is being written: nothing is lost, and the second try counts
	version = b.get("/my/act/add_demand").version()
	s.do(staff(org.RoleRegistrar, unitBureau), ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary})
	p := b.post("/my/act/add_demand", "version", version, "text", "道歉").want(http.StatusConflict, "/my/act/add_demand", "还没有提交，您写的都在", "道歉")
	if p.version() == version {
		t.Error("the page shows the old version again")
	}
	b.post("/my/act/add_demand", "version", p.version(), "text", "道歉").want(ok, "/my", "您的 4 条诉求")
	b.post("/my/act/add_demand", "version", "x", "text", "道歉").want(invalid, "/my/act/add_demand", "没有收到完整的表单")
}

func TestWithdrawAsksAgain(t *testing.T) {
	s := newSite(t)
	b, _ := s.filed()
	p := b.get("/my/act/withdraw").want(ok, "/my/act/withdraw", "撤回以后：", "确认撤回")
	if len(p.find("button.button-danger")) != 1 {
		t.Error("the button does not look dangerous")
	}
	b.act("withdraw", "reason", "已经解决").want(ok, "/my", "已撤回", "已经解决")
	b.get("/my").want(ok, "/my", "现在没有要您做的")
}

func TestReplyIsReadableOnceIssued(t *testing.T) {
	s := newSite(t)
	b, ref := s.filed()
	b.get("/my/answer").want(notFound, "/my/answer", "还没有签发")
	b.get("/my/answer/text").want(notFound, "/my/answer/text")
	s.answered(ref)
	b.get("/my/answer").want(ok, "/my/answer", "支持", "不予支持", "合同第九条", "登记送达以后", "临安区")
	s.do(staff(org.RoleHandler, unitLand), ref, &matter.Serve{Submission: ref, Method: matter.ServedInPerson, On: s.office.Today(), Proof: "回证 1 号"})
	p := b.get("/my/answer").want(ok, "/my/answer", "临安区规划和自然资源局", "修好水渠", "2025年10月27日", attack) // 30 days of 26 September end on a Sunday
	if strings.Contains(p.body, attack) {
		t.Error("the facts are markup")
	}
	text := b.get("/my/answer/text")
	if text.status != ok || !strings.HasPrefix(text.header.Get("Content-Disposition"), "attachment") || !strings.HasPrefix(text.header.Get("Content-Type"), "text/plain") {
		t.Errorf("%d %v", text.status, text.header)
	}
	for _, says := range []string{"修好水渠", "结果：支持", "结果：不予支持", "2025年10月27日", "没有证据"} {
		if !strings.Contains(text.body, says) {
			t.Errorf("the text does not say %q: %s", says, text.body)
		}
	}
	b.get("/my").want(ok, "/my", "书面答复出来了", "10 月 27 日")
}

// Two petitioners of one matter: each sees the own demands and files alone.
func TestJoinedPetitionersDoNotSeeEachOther(t *testing.T) {
	s := newSite(t)
	_, first := s.filed()
	second := s.browser()
	second.who("petitioners.0.name", "王小二")
	second.post("/file/what", "title", "我家的田也淹了", "place", village)
	second.post("/file/demands", "demands.0", "赔我的西瓜")
	second.post("/file/materials")
	code, pin := receiptOf(second.post("/file/review"))
	other := s.matters()[1].Ref
	if err := s.office.Join(t.Context(), staff(org.RoleRegistrar, unitBureau), first, other, "同一条水渠"); err != nil {
		t.Fatal(err)
	}
	b := s.open(code, pin)
	p := b.get("/my").want(ok, "/my", "我家的田也淹了", "赔我的西瓜", "和别人反映的同一件事一起办")
	s.answeredBoth(first)
	reply := b.get("/my/answer").want(ok, "/my/answer", "赔我的西瓜")
	text := b.get("/my/answer/text")
	for _, body := range []string{p.body, reply.body, text.body, b.get("/my").body} {
		for _, secret := range []string{"水渠被压塌", "修好水渠", "陈玉兰", "挖机压塌了水渠"} {
			if strings.Contains(body, secret) {
				t.Errorf("the second petitioner reads %q", secret)
			}
		}
	}
}

func (s *testSite) answeredBoth(ref matter.Ref) {
	s.t.Helper()
	s.do(staff(org.RoleRegistrar, unitBureau), ref,
		&matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitLand, Mode: matter.ModeTransfer, Why: "归它管"})
	var answers []matter.Answer
	for n := 1; n <= 3; n++ {
		answers = append(answers, matter.Answer{Demand: n, Outcome: matter.OutcomeExplain, Facts: fmt.Sprint("第", n), Basis: "规定", PromiseBy: law.NoDay})
	}
	s.do(staff(org.RoleHandler, unitLand), ref, &matter.Sign{}, &matter.Accept{}, &matter.Drafting{Facts: "看过", Basis: "规定", Answers: answers})
	s.do(staff(org.RoleHead, unitLand), ref, &matter.Issue{})
}

func TestRating(t *testing.T) {
	s := newSite(t)
	b, ref := s.filed()
	if p := b.get("/my/act/rate"); p.status != http.StatusConflict {
		t.Errorf("rated before the reply: %d", p.status)
	}
	s.served(ref)
	b.get("/my/act/rate").want(ok, "/my/act/rate", "收件：临安区信访局", "办理：临安区规划和自然资源局", "会有人去查")
	b.act("rate", "receiving", "satisfied").want(invalid, "/my/act/rate", "这一项要填")
	p := b.act("rate", "receiving", "satisfied", "handling", "dissatisfied").want(invalid, "/my/act/rate", "不满意的，请写几句原因")
	if len(p.find("input[value=dissatisfied]")) != 2 || len(p.find("input[checked]")) != 2 {
		t.Error("the choices are lost")
	}
	b.act("rate", "receiving", "best", "handling", "satisfied").want(invalid, "/my/act/rate")
	b.act("rate", "receiving", "satisfied", "handling", "dissatisfied", "words", "没有修").want(ok, "/my", "谢谢您的评价", "没有修")
	if p := b.get("/my/act/rate"); p.status != http.StatusConflict {
		t.Errorf("rated twice: %d", p.status)
	}
	view, err := s.office.Matter(t.Context(), staff(org.RoleHandler, unitLand), ref)
	if err != nil || !view.Matter.FollowUp {
		t.Errorf("no follow-up is open: %v", err)
	}
}

func TestConfirmWantsAnAnswer(t *testing.T) {
	s := newSite(t)
	b, ref := s.filed()
	s.served(ref)
	b.act("confirm").want(invalid, "/my/act/confirm", "请在给出的几项里选一项")
	b.act("confirm", "resolved", "no", "words", "渠还没修").want(ok, "/my", "尚未化解", "渠还没修")
	b.act("confirm", "resolved", "yes").want(ok, "/my", "已化解")
}

func TestLooksAreShown(t *testing.T) {
	s := newSite(t)
	b, ref := s.filed()
	s.answered(ref)
	for i := range 5 {
		_, err := s.office.OpenIdentity(t.Context(), staff(org.RoleHandler, unitLand), ref, ref, usecase.LookReasons()[0], fmt.Sprint("第", i, "次约时间", attack))
		check(t, err)
	}
	p := b.get("/my").want(ok, "/my", "何志远", "第4次约时间", "全部 5 次")
	all := b.get("/my/looks").want(ok, "/my/looks", "第0次约时间", "临安区规划和自然资源局")
	if strings.Contains(p.body, attack) || strings.Contains(all.body, attack) || strings.Contains(words(p.root), "第0次") {
		t.Error("markup, or more than the newest four beside the matter")
	}
}

// A petitioner asks for a review on the own page: it names the organ, is not asked for what a desk fills in, and is not offered twice.
func TestReviewIsAskedForOnThePage(t *testing.T) {
	s := newSite(t)
	b, ref := s.filed()
	if p := b.get("/my"); strings.Contains(p.body, "/my/act/request_review") {
		t.Error("a review is offered before there is an opinion")
	}
	s.served(ref)
	b.get("/my").want(ok, "/my", "申请复查")
	form := b.get("/my/act/request_review").want(ok, "/my/act/request_review", "临安区")
	for _, name := range []string{"submission", "received"} {
		if len(form.find("input[name="+name+"]")) > 0 {
			t.Errorf("the petitioner is asked for %s", name)
		}
	}
	if organs := form.find("input[name=unit]"); len(organs) != 1 || !has(organs[0], "checked") || form.optional("unit") {
		t.Errorf("the one organ is not chosen already, or is called optional: %s", words(form.root))
	}
	b.act("request_review").want(invalid, "/my/act/request_review")
	b.act("request_review", "unit", fmt.Sprint(int64(unitCounty)), "reason", attack).want(ok, "/my", "您向 临安区 申请了复查")
	if p := b.get("/my"); strings.Contains(p.body, "href=\"/my/act/request_review\"") || !strings.Contains(p.body, "/my/act/withdraw_review") {
		t.Error("it is offered a second time, or cannot be taken back")
	}
	b.act("withdraw_review", "reason", "想通了").want(ok, "/my", "您撤回了复查申请")
}

// Of several next higher organs one has to be chosen, and neither the petitioner's page nor the desk says otherwise.
func TestReviewByOneOfSeveralOrgans(t *testing.T) {
	s := newSite(t)
	s.units(func(units []org.Unit) []org.Unit {
		units[0].Parent = 90
		return append(units,
			org.Unit{ID: 90, Name: "杭州市", Kind: org.KindRoot, Place: 3301}, org.Unit{ID: 91, Parent: 90, Name: "杭州市规划和自然资源局", Kind: org.KindDepartment, Place: 3301})
	})
	b, ref := s.filed()
	s.served(ref)
	team := s.team("dispatch")
	for _, form := range []page{b.get("/my/act/request_review"), team["dispatch"].get("/desk/matters/" + ref.String() + "/request_review")} {
		organs := form.find("input[name=unit]")
		if len(organs) != 2 || has(organs[0], "checked") || has(organs[1], "checked") || form.optional("unit") {
			t.Errorf("%s: a choice of organs that need not be made: %s", form.path, words(form.root))
		}
	}
	b.act("request_review", "reason", "不服").want(invalid, "/my/act/request_review", "请在可以选的上一级机关里选一个")
}

// optional reports whether the group of choices of a field is called optional.
func (p page) optional(name string) bool {
	for _, set := range p.find("fieldset") {
		for n := range set.Descendants() {
			if n.Data == "input" && attribute(n, "name") == name {
				return strings.Contains(words(set), "选填")
			}
		}
	}
	return false
}

// units changes the organisation.
func (s *testSite) units(change func([]org.Unit) []org.Unit) {
	s.t.Helper()
	units := change(testUnits())
	check(s.t, s.store.Update(s.t.Context(), 0, func(tx *store.Tx) error {
		ids := make([]org.UnitID, len(units))
		for i, u := range units {
			ids[i] = u.ID
			if err := tx.SaveUnit(s.t.Context(), u); err != nil {
				return err
			}
		}
		return tx.ReplacePaths(s.t.Context(), org.NewChart(units), ids)
	}))
	check(s.t, s.office.Reload(s.t.Context()))
}

// In a place whose adopted law knows it, the head of the organ extends the time of a review on the desk, once; the petitioner reads it with its document.
func TestReviewIsExtendedOnTheDesk(t *testing.T) {
	s := newSite(t)
	s.units(func(units []org.Unit) []org.Unit {
		for i := range units {
			units[i].Place = 110101
		}
		return units
	})
	check(t, s.office.Adopt(t.Context(), org.System(), []law.Adoption{{Set: "beijing-2006", Since: law.NewDay(2020, 1, 1)}}))
	r, err := s.office.Register(t.Context(), org.Actor{}, matter.Intake{
		Channel: matter.ChannelWeb, Title: "路灯不亮", Demands: []string{"修好路灯", "赔偿"}, Place: 110101, Petitioners: []matter.Petitioner{{Name: "张三", Phone: "010-00000001"}},
	}, "")
	check(t, err)
	s.served(r.Ref)
	own := s.open(r.Code, r.PIN)
	own.act("request_review", "unit", fmt.Sprint(int64(unitCounty)), "reason", "不服").want(ok, "/my")
	s.do(staff(org.RoleHandler, unitBureau), r.Ref, &matter.TakeReview{})
	chief, n := s.team("chief")["chief"], r.Ref.String()
	path := "/desk/matters/" + n + "/extend_review"
	chief.post(path, chief.get(path).fields(path, "days", "31", "approval", "委员会第 3 次会议", "reason", "要等鉴定")...).want(invalid, path, "1 到 30 日")
	step(chief, n, matter.ActExtendReview, "days", "30", "approval", "委员会第 3 次会议", "reason", "要等鉴定").want(ok, "/desk/matters/"+n, "已延长", "延长复查期限 30 日")
	chief.get("/desk/matters/"+n).want(ok, "/desk/matters/"+n, "已经延长过一次", "延长复查（复核）期限告知书")
	own.get("/my").want(ok, "/my", "复查期限延长 30 日", "只能延这一次", "委员会第 3 次会议", "要等鉴定")
}
