package usecase_test

import (
	"fmt"
	"slices"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/reply"
	"huiyin/internal/usecase"
)

// drafting is the opinion on a matter with one demand.
func drafting(facts, basis, answer string) *matter.Drafting {
	return &matter.Drafting{Facts: facts, Basis: basis, Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport, Facts: answer, Basis: basis, PromiseBy: law.NoDay}}}
}

const (
	soundFacts = "三号楼前的两盏路灯因为地下电缆进水而损坏，村里二月二十日派人查看，二月二十三日更换了电缆和灯头，当晚即恢复照明。"
	soundBasis = "《信访工作条例》第三十二条"
)

// atVillage brings a matter to where its opinion is drafted.
func (o *testOffice) atVillage(t *testing.T, ref matter.Ref) {
	t.Helper()
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitVillageA1, Mode: matter.ModeTransfer, Why: "归村里"})
	o.take(t, org.RoleHandler, unitVillageA1, ref, &matter.Sign{}, &matter.Accept{})
}

func (o *testOffice) checkReply(t *testing.T, role org.Role, ref matter.Ref, c matter.Command) usecase.ReplyCheck {
	t.Helper()
	got, err := o.CheckReply(t.Context(), o.actor(t, role, unitVillageA1), ref, c)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func codesOf(c usecase.ReplyCheck) []reply.Code {
	var out []reply.Code
	for _, f := range c.Findings {
		out = append(out, f.Code)
	}
	return out
}

// A reply that cites an article there is not is told so while it is written, leaves with a reason only, and the reason is kept and asked for once.
func TestReplyLeavesWithAReason(t *testing.T) {
	o := newOffice(t)
	ref := o.register(t, unitBureau, "路灯")
	o.atVillage(t, ref)
	wrong := drafting(soundFacts+"不服的，可自收到之日起30日内申请复核。", "《信访工作条例》第五十一条", "依法处理")
	want := []reply.Code{reply.ArticleNone, reply.ArticleNone, reply.RemedyStage, reply.Formula}
	if got := codesOf(o.checkReply(t, org.RoleHandler, ref, wrong)); !slices.Equal(got, want) {
		t.Fatalf("%v", got)
	}
	if got := o.checkReply(t, org.RoleHandler, ref, drafting(soundFacts, soundBasis, "两盏路灯已更换电缆，当晚亮灯。")); len(got.Findings) != 0 || got.Asks() {
		t.Errorf("a sound one: %+v", got.Findings)
	}
	o.take(t, org.RoleHandler, unitVillageA1, ref, wrong)
	head := o.actor(t, org.RoleHead, unitVillageA1)
	for _, blank := range []string{"", " \n"} {
		_, err := o.Do(t.Context(), head, ref, 0, &matter.Issue{Despite: blank})
		if e, ok := errorOf(err); !ok || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Path != "despite" {
			t.Fatalf("%q: %v", blank, err)
		}
	}
	if got := o.checkReply(t, org.RoleHead, ref, &matter.Issue{}); !got.Asks() || !slices.Equal(codesOf(got), want) {
		t.Errorf("before the signature: %+v", got)
	}
	if _, err := o.Do(t.Context(), head, ref, 0, &matter.Issue{Despite: "引用的是地方条例，名称随后更正"}); err != nil {
		t.Fatal(err)
	}
	if got := o.checkReply(t, org.RoleHandler, ref, &matter.Serve{On: o.Today()}); got.Asks() || !got.Reasoned || !slices.Equal(codesOf(got), want) {
		t.Errorf("before the service: %+v", got)
	}
	o.take(t, org.RoleHandler, unitVillageA1, ref, &matter.Serve{Submission: ref, Method: matter.ServedOnline, On: o.Today()})
	view, err := o.Matter(t.Context(), head, ref)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(view.Events, func(e matter.Event) bool {
		b, ok := e.Body.(matter.OpinionIssued)
		return ok && b.Despite == "引用的是地方条例，名称随后更正"
	}) {
		t.Error("the reason is lost")
	}
}

// The last day that a reply names is compared with the one counted from the service.
func TestReplyNamesTheLastDay(t *testing.T) {
	o := newOffice(t)
	ref := o.register(t, unitBureau, "路灯")
	o.atVillage(t, ref)
	y, m, d := o.Today().Add(30).Date()
	o.take(t, org.RoleHandler, unitVillageA1, ref, drafting(fmt.Sprintf("%s可于%d年%d月%d日前申请复查。", soundFacts, y, m, d), soundBasis, "两盏路灯已更换电缆，当晚亮灯。"))
	o.take(t, org.RoleHead, unitVillageA1, ref, &matter.Issue{})
	if got := codesOf(o.checkReply(t, org.RoleHandler, ref, &matter.Serve{})); !slices.Equal(got, []reply.Code{reply.RemedyDayYet}) {
		t.Errorf("no day of service yet: %v", got)
	}
	serve := &matter.Serve{Submission: ref, Method: matter.ServedOnline, On: o.Today()}
	got := codesOf(o.checkReply(t, org.RoleHandler, ref, serve))
	o.take(t, org.RoleHandler, unitVillageA1, ref, &matter.Serve{Submission: ref, Method: matter.ServedOnline, On: o.Today(), Despite: "已口头更正"})
	view, err := o.Track(t.Context(), org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N})
	if err != nil {
		t.Fatal(err)
	}
	right := view.Review.Legal == o.Today().Add(30)
	if found := slices.Contains(got, reply.RemedyDay); found == right {
		t.Errorf("the clock ends on %s: %v", view.Review.Legal, got)
	}
}

// Where several have handed in a matter, none of them is named to the others; who is the only one may be. A name that is to be kept secret cannot be tried out.
func TestReplyNamesNoOther(t *testing.T) {
	o := newOffice(t)
	desk := o.actor(t, org.RoleRegistrar, unitBureau)
	enter := func(name string, secret bool) matter.Ref {
		r, err := o.Register(t.Context(), desk, matter.Intake{
			Channel: matter.ChannelVisit, Title: "路灯", Demands: []string{"修好路灯"}, Place: 330112104202, Confidential: secret,
			Petitioners: []matter.Petitioner{{Name: name, Phone: "0571-00000001"}},
		}, "")
		if err != nil {
			t.Fatal(err)
		}
		return r.Ref
	}
	ref, other := enter("沈家驹", false), enter("陆文博", true)
	o.atVillage(t, ref)
	typed := drafting(soundFacts+"沈家驹和陆文博反映的是同一盏灯。", soundBasis, "两盏路灯已更换电缆，当晚亮灯。")
	if got := codesOf(o.checkReply(t, org.RoleHandler, ref, typed)); len(got) != 0 {
		t.Errorf("the only petitioner: %v", got)
	}
	if err := o.Join(t.Context(), desk, ref, other, "同一盏路灯"); err != nil {
		t.Fatal(err)
	}
	typed.Answers = append(typed.Answers, matter.Answer{Demand: 2, Outcome: matter.OutcomeSupport, Facts: "同一盏路灯已经修好。", Basis: soundBasis, PromiseBy: law.NoDay})
	named := func(c usecase.ReplyCheck) (out []string) {
		for _, f := range c.Findings {
			for _, at := range f.At {
				out = append(out, string(f.Code)+" "+c.Texts[f.Field][at.From:at.To])
			}
		}
		return out
	}
	if got := named(o.checkReply(t, org.RoleHandler, ref, typed)); !slices.Equal(got, []string{"person 沈家驹"}) {
		t.Errorf("tried: %q", got)
	}
	o.take(t, org.RoleHandler, unitVillageA1, ref, typed)
	if got := named(o.checkReply(t, org.RoleHead, ref, &matter.Issue{})); !slices.Equal(got, []string{"person 沈家驹", "person 陆文博"}) {
		t.Errorf("before the signature: %q", got)
	}
}

// A reply is compared with those of the unit, what is said and how much; with nothing that lies elsewhere, and not with itself.
func TestReplyIsComparedWithOthers(t *testing.T) {
	o := newOffice(t)
	first, second := o.register(t, unitBureau, "路灯"), o.register(t, unitBureau, "水井")
	for _, ref := range []matter.Ref{first, second} {
		o.atVillage(t, ref)
	}
	o.take(t, org.RoleHandler, unitVillageA1, first, drafting(soundFacts, soundBasis, "两盏路灯已更换电缆，当晚亮灯。"))
	if got := o.checkReply(t, org.RoleHandler, second, drafting(soundFacts, soundBasis, "水井已经清淘。")); got.Compared != 0 {
		t.Errorf("a draft is no reply: %+v", got)
	}
	o.take(t, org.RoleHead, unitVillageA1, first, &matter.Issue{})
	got := o.checkReply(t, org.RoleHandler, second, drafting(soundFacts, soundBasis, "水井已经清淘。"))
	if !slices.Equal(codesOf(got), []reply.Code{reply.Copy}) || got.Compared != 1 || got.Findings[0].Matter != first || got.Asks() {
		t.Errorf("%+v", got)
	}
	if got := o.checkReply(t, org.RoleHandler, first, &matter.Serve{On: o.Today()}); got.Compared != 0 {
		t.Errorf("compared with itself: %+v", got)
	}
}

// Only who may take the step checks its reply, and a step without a reply has nothing to check.
func TestReplyCheckNeedsTheStep(t *testing.T) {
	o := newOffice(t)
	ref := o.register(t, unitBureau, "路灯")
	o.atVillage(t, ref)
	d := drafting(soundFacts, soundBasis, "已修好")
	if _, err := o.CheckReply(t.Context(), o.actor(t, org.RoleRegistrar, unitBureau), ref, d); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("who does not handle it: %v", err)
	}
	if _, err := o.CheckReply(t.Context(), o.actor(t, org.RoleHandler, unitVillageB1), ref, d); errs.KindOf(err) != errs.NotFound {
		t.Errorf("who does not see it: %v", err)
	}
	handler := o.actor(t, org.RoleHandler, unitVillageA1)
	if _, err := o.CheckReply(t.Context(), handler, ref, &matter.Serve{}); errs.KindOf(err) != errs.Refused {
		t.Errorf("before its time: %v", err)
	}
	if _, err := o.CheckReply(t.Context(), handler, ref, &matter.Complete{}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("no reply: %v", err)
	}
}
