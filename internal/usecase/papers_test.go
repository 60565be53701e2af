package usecase_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// paperLife takes a matter of two petitioners from registration through objection-free handling, hearing, extension, reply, review and re-review.
func paperLife(t *testing.T, o *testOffice) (ref matter.Ref, own org.Actor) {
	t.Helper()
	desk := o.actor(t, org.RoleRegistrar, unitBureau)
	receipt, err := o.Register(t.Context(), desk, matter.Intake{
		Channel: matter.ChannelVisit, Title: "水渠", Narrative: "施工压坏了水渠。\n一、没有修", Demands: []string{"修好水渠", "赔偿{损失}"}, Place: 330112104202, Purpose: matter.PurposeSettlement,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001", IDNumber: "11010519491231002X"}, {Name: "李四", Role: matter.PartyAgent}},
	}, "")
	check(t, err)
	ref = receipt.Ref
	own = org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}
	answers := []matter.Answer{
		{Demand: 1, Outcome: matter.OutcomeSupport, Facts: "水渠确实损坏", Basis: "水法", Promise: "修好", PromiseBy: o.Today() + 30},
		{Demand: 2, Outcome: matter.OutcomeRefuse, Facts: "没有损失", Basis: "民法典"},
	}
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelImportant},
		&matter.Forward{Unit: unitVillageA1, Mode: matter.ModeAssign, Why: "归村里", ReportBy: o.Today() + 50})
	o.take(t, org.RoleHandler, unitVillageA1, ref, &matter.Sign{}, &matter.Notify{Text: "已收到，走信访程序"}, &matter.Accept{Contact: "0571-2"})
	o.take(t, org.RoleHead, unitVillageA1, ref, &matter.CallHearing{On: o.Today() + 10, At: "9:00", Place: "村委会", Participants: "各方", Reason: "有争议"},
		&matter.MoveHearing{On: o.Today() + 11, At: "10:00", Place: "镇上", Reason: "下雨"})
	o.moveTo(o.Today() + 11)
	o.take(t, org.RoleHandler, unitVillageA1, ref, &matter.ConcludeHearing{Minutes: "各方陈述", Conclusion: "应当修"})
	o.take(t, org.RoleHead, unitVillageA1, ref, &matter.Extend{Days: 20, Reason: "要勘查"})
	o.take(t, org.RoleSupervisor, unitBureau, ref, &matter.PressOn{Reason: "慢", By: o.Today() + 5},
		&matter.Advise{Kind: matter.AdviceWork, Unit: unitVillageA1, Text: "加强巡查", By: o.Today() + 9})
	o.take(t, org.RoleHandler, unitVillageA1, ref, &matter.AnswerPress{Text: "在办"}, &matter.AnswerAdvice{Taken: matter.AdviceWhole, Text: "采纳"},
		&matter.Drafting{Facts: "查明损坏", Basis: "水法", Answers: answers})
	o.take(t, org.RoleHead, unitVillageA1, ref, &matter.Issue{})
	o.take(t, org.RoleHandler, unitVillageA1, ref, &matter.Serve{Submission: ref, Method: matter.ServedInPerson, On: o.Today(), Proof: "本人签收"},
		&matter.Ease{Solved: "修了"}, &matter.Complete{Report: "已办结"})
	for _, tier := range []struct {
		ask           matter.Command
		organ, worker org.UnitID
	}{{&matter.RequestReview{Reason: "赔偿没有说清"}, unitTownA, unitTownA}, {&matter.RequestReReview{Reason: "仍然不服"}, unitCounty, unitBureau}} {
		_, err := o.Do(t.Context(), own, ref, 0, tier.ask)
		check(t, err)
		o.take(t, org.RoleHandler, tier.worker, ref, &matter.TakeReview{}, &matter.DraftReview{Result: matter.ReviewUphold, Facts: "复看属实", Basis: "条例"})
		o.take(t, org.RoleHead, tier.worker, ref, &matter.IssueReview{})
		o.take(t, org.RoleHandler, tier.worker, ref, &matter.ServeReview{Submission: ref, Method: matter.ServedOnline, On: o.Today()})
	}
	return ref, own
}

// A whole life leaves its documents in the order of the law, each with a number of its unit's own series without gaps, and each prints in full.
func TestPapersOfALife(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.update(t, func(tx *store.Tx) error {
		u, _ := o.Chart().Unit(unitVillageA1)
		u.Mark = "临村信"
		return tx.SaveUnit(t.Context(), u)
	})
	check(t, o.Reload(t.Context()))
	ref, own := paperLife(t, o)
	desk := o.actor(t, org.RoleRegistrar, unitBureau)
	seen, err := o.Matter(t.Context(), desk, ref)
	check(t, err)
	got := make([]string, 0, len(seen.Matter.Papers))
	for _, p := range seen.Matter.Papers {
		got = append(got, string(p.Kind)+" "+p.Number)
	}
	want := []string{
		"registration ", "assignment 临安区信访局〔2025〕1号", "notice 临村信〔2025〕1号", "acceptance 临村信〔2025〕2号", "hearing 临村信〔2025〕3号", "hearing 临村信〔2025〕4号",
		"minutes ", "extension 临村信〔2025〕5号", "supervision 临安区信访局〔2025〕2号", "advice 临安区信访局〔2025〕3号", "opinion 临村信〔2025〕6号", "service ",
		"completion 临村信〔2025〕7号", "review_receipt ", "review WARD_3〔2025〕1号", "service ", "review_receipt ", "rereview 临安区〔2025〕1号", "service ", "termination 临安区〔2025〕2号",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("documents:\n%s", diff)
	}
	if seen.Matter.Draft.Document != "临村信〔2025〕6号" {
		t.Errorf("the opinion says %q of itself", seen.Matter.Draft.Document)
	}
	says := map[int][]string{
		1:  {"信访事项登记表", "张**", "李**", "修好水渠", "赔偿{损失}", "来访", "求决", "110105********002X"},
		2:  {"交办函", "WARD_3_1", "张**、李**", "归村里", "2025年"},
		4:  {"受理告知书", "handler-j0", "0571-2", "60日", "（一）修好水渠"},
		6:  {"变更后的", "10:00", "镇上", "下雨"},
		7:  {"各方陈述", "应当修", "各方", "有争议"},
		8:  {"20日", "要勘查", "最迟于"},
		9:  {"督办函", "慢"},
		10: {"改进工作建议书", "加强巡查"},
		11: {"处理意见书", "临村信〔2025〕6号", "查明损坏", "支持", "不予支持", "承诺：修好", "30日内", "WARD_3请求复查"},
		12: {"送达回证", "信访事项处理意见书", "临村信〔2025〕6号", "当面送达", "本人签收", "最后一天"},
		13: {"办结报告", "已办结", "临安区信访局〔2025〕1号", "处理意见书：临村信〔2025〕6号"},
		14: {"复查申请收件回执", "赔偿没有说清"},
		15: {"复查意见书", "维持", "复看属实", "WARD_3_1", "请求复核"},
		18: {"复核意见书", "仍然不服", "不再受理"},
		20: {"信访程序终结告知书", "WARD_3_1处理", "WARD_3复查", "临安区〔2025〕1号"},
	}
	for n := range got {
		p, err := o.Paper(t.Context(), desk, ref, usecase.PaperAsk{N: n + 1})
		if err != nil {
			t.Errorf("%s: %v", got[n], err)
			continue
		}
		text := p.Doc.Text()
		for _, words := range says[n+1] {
			if !strings.Contains(text, words) {
				t.Errorf("%s says nothing of %q:\n%s", got[n], words, text)
			}
		}
		if strings.Contains(text, "张三") || strings.Contains(text, "11010519491231002X") {
			t.Errorf("%s names the petitioner unasked", got[n])
		}
	}
	mine, err := o.OwnPapers(t.Context(), own)
	check(t, err)
	var kinds []matter.PaperKind
	for _, p := range mine {
		kinds = append(kinds, p.Paper.Kind)
		own, err := o.OwnPaper(t.Context(), own, p.Ref, p.Paper.N)
		check(t, err)
		if text := own.Doc.Text(); !strings.Contains(text, "张三、李四") && p.Paper.Kind != matter.PaperRegistration {
			t.Errorf("own %s does not name them:\n%s", p.Paper.Kind, text)
		}
	}
	for _, inner := range []matter.PaperKind{matter.PaperAssignment, matter.PaperMinutes, matter.PaperSupervision, matter.PaperAdvice, matter.PaperCompletion} {
		if slices.Contains(kinds, inner) {
			t.Errorf("the petitioner sees %s", inner)
		}
	}
	if len(kinds) != 15 {
		t.Errorf("own documents: %v", kinds)
	}
	// they read the same years later, when units are called otherwise and the template is another
	before, err := o.Paper(t.Context(), desk, ref, usecase.PaperAsk{N: 11})
	check(t, err)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	check(t, o.RenameUnit(t.Context(), admin, unitTownA, usecase.UnitNames{Name: "新名镇"}))
	check(t, o.SaveTemplate(t.Context(), admin, matter.PaperOpinion, "shipped-1", "标题：另一个样子\n\n{信访人}", "试"))
	o.moveTo(o.Today() + 400)
	after, err := o.Paper(t.Context(), o.actor(t, org.RoleRegistrar, unitBureau), ref, usecase.PaperAsk{N: 11})
	check(t, err)
	if diff := cmp.Diff(before.Doc, after.Doc); diff != "" {
		t.Errorf("it reads otherwise now:\n%s", diff)
	}
	found, err := o.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{})
	check(t, err)
	if len(found.Differences) != 0 {
		t.Errorf("rebuild: %v", found)
	}
}

// Who opens a document with its names is on record; who may not see identities does not.
func TestOpenPaper(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ref, own := paperLife(t, o)
	ask := usecase.PaperAsk{N: 11}
	looks := func() int {
		list, err := o.Looks(t.Context(), own)
		check(t, err)
		return len(list)
	}
	handler := o.actor(t, org.RoleHandler, unitVillageA1)
	before := looks()
	if _, err := o.OpenPaper(t.Context(), handler, ref, ask, "serve", ""); errs.KindOf(err) != errs.Invalid || looks() != before {
		t.Errorf("without words: %v", err)
	}
	p, err := o.OpenPaper(t.Context(), handler, ref, ask, "serve", "打印送达")
	check(t, err)
	if !strings.Contains(p.Doc.Text(), "张三、李四") || looks() != before+1 {
		t.Errorf("names %v, looks %d", p.Doc.Text(), looks())
	}
	blank, err := o.Paper(t.Context(), handler, ref, usecase.PaperAsk{N: 11, Service: true})
	check(t, err)
	if text := blank.Doc.Text(); !strings.Contains(text, "信访事项处理意见书") || !strings.Contains(text, "____") || strings.Contains(text, "当面送达") {
		t.Errorf("blank proof of service:\n%s", text)
	}
	refused := func(who org.Actor, n int, want errs.Kind) {
		t.Helper()
		if _, err := o.OpenPaper(t.Context(), who, ref, usecase.PaperAsk{N: n}, "serve", "打印"); errs.KindOf(err) != want {
			t.Errorf("open %d: %v", n, err)
		}
	}
	refused(o.actor(t, org.RoleHandler, unitHR), 11, errs.NotFound)
	refused(o.actor(t, org.RoleLeader, unitBureau), 11, errs.Forbidden)
	refused(o.actor(t, org.RoleAdmin, unitCounty), 11, errs.Forbidden)
	refused(own, 11, errs.Forbidden)
	refused(handler, 99, errs.NotFound)
	for who, want := range map[*org.Actor]errs.Kind{{}: errs.Unauthenticated, &own: errs.Unauthenticated} {
		if _, err := o.Paper(t.Context(), *who, ref, ask); errs.KindOf(err) != want {
			t.Errorf("%v: %v", who.Kind, err)
		}
	}
	if _, err := o.Paper(t.Context(), o.actor(t, org.RoleHandler, unitHousing), ref, ask); errs.KindOf(err) != errs.NotFound {
		t.Errorf("another unit: %v", err)
	}
	if _, err := o.Paper(t.Context(), o.actor(t, org.RoleAuditor, unitBureau), ref, ask); errs.KindOf(err) != errs.NotFound {
		t.Errorf("an auditor: %v", err)
	}
	other := o.register(t, unitBureau, "别的事")
	stranger := org.Actor{Kind: org.ActorPetitioner, Home: other.Home, Submission: other.N}
	if _, err := o.OwnPaper(t.Context(), stranger, ref, 11); errs.KindOf(err) != errs.NotFound {
		t.Errorf("another petitioner: %v", err)
	}
	if _, err := o.OwnPaper(t.Context(), own, ref, 2); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a letter between offices: %v", err)
	}
}

// Two petitioners of one matter get each their own copy: neither the other's name nor demands are in it. Documents of before joining stay theirs.
func TestPaperCopies(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	desk := o.actor(t, org.RoleRegistrar, unitBureau)
	enter := func(name, demand string, confidential bool) matter.Ref {
		r, err := o.Register(t.Context(), desk, matter.Intake{
			Channel: matter.ChannelVisit, Title: name + "的事", Demands: []string{demand}, Place: 330112104202, Confidential: confidential,
			Petitioners: []matter.Petitioner{{Name: name, Phone: "0571-00000001"}},
		}, "")
		check(t, err)
		return r.Ref
	}
	one, two := enter("张三", "甲要求", false), enter("王五", "乙要求", true)
	check(t, o.Join(t.Context(), desk, one, two, "同一件事"))
	o.take(t, org.RoleRegistrar, unitBureau, one, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary},
		&matter.Forward{Unit: unitVillageA1, Mode: matter.ModeTransfer, Why: "归村里"})
	o.take(t, org.RoleHandler, unitVillageA1, one, &matter.Sign{}, &matter.Accept{})
	actor := func(ref matter.Ref) org.Actor {
		return org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}
	}
	copies := func(when string) {
		for ref, names := range map[matter.Ref][4]string{one: {"张三", "甲要求", "王五", "乙要求"}, two: {"王五", "乙要求", "张三", "甲要求"}} {
			list, err := o.OwnPapers(t.Context(), actor(ref))
			check(t, err)
			var kinds []matter.PaperKind
			for _, p := range list {
				kinds = append(kinds, p.Paper.Kind)
				print, err := o.OwnPaper(t.Context(), actor(ref), p.Ref, p.Paper.N)
				check(t, err)
				text := print.Doc.Text()
				if !strings.Contains(text, names[0]) || !strings.Contains(text, names[1]) || strings.Contains(text, names[2]) || strings.Contains(text, names[3]) {
					t.Errorf("%s, copy of %s:\n%s", when, ref, text)
				}
			}
			if diff := cmp.Diff([]matter.PaperKind{matter.PaperRegistration, matter.PaperAcceptance}, kinds); diff != "" {
				t.Error(when, diff)
			}
		}
	}
	copies("together")
	letter, err := o.OpenPaper(t.Context(), o.actor(t, org.RoleHead, unitVillageA1), one, usecase.PaperAsk{N: 2}, "verify", "看清是谁")
	check(t, err)
	if text := letter.Doc.Text(); !strings.Contains(text, "张三") || strings.Contains(text, "王五") || !strings.Contains(text, "保密") {
		t.Errorf("the letter to the unit complained of:\n%s", text)
	}
	check(t, o.Separate(t.Context(), desk, one, two, "不是同一件事"))
	copies("apart again")
}

// An accusation's documents stay in the sealed compartment.
func TestSealedPapers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r, err := o.Register(t.Context(), org.Actor{}, matter.Intake{
		Channel: matter.ChannelWeb, Title: "举报", Demands: []string{"查处"}, Place: 330112104202, Kind: matter.KindAccusation, Accused: []org.UnitID{unitTownA},
	}, "")
	check(t, err)
	for unit, want := range map[org.UnitID]errs.Kind{unitBureau: errs.NotFound, unitTownA: errs.NotFound} {
		if _, err := o.Paper(t.Context(), o.actor(t, org.RoleRegistrar, unit), r.Ref, usecase.PaperAsk{N: 1}); errs.KindOf(err) != want {
			t.Errorf("unit %d: %v", unit, err)
		}
	}
	p, err := o.Paper(t.Context(), o.actor(t, org.RoleDiscipline, unitDiscipline), r.Ref, usecase.PaperAsk{N: 1})
	check(t, err)
	if !strings.Contains(p.Doc.Text(), "没有留下姓名") {
		t.Errorf("an anonymous one:\n%s", p.Doc.Text())
	}
}

// Numbers have no gaps: not where several offices write at once, and not after a step that failed.
func TestPaperNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const matters = 12
	refs := make([]matter.Ref, matters)
	for i := range refs {
		refs[i] = o.register(t, unitBureau, fmt.Sprint("事", i))
	}
	desk := o.actor(t, org.RoleRegistrar, unitBureau)
	var wg sync.WaitGroup
	for i, ref := range refs {
		wg.Go(func() {
			steps := []matter.Command{&matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitTownA, Mode: matter.ModeTransfer, Why: "归镇里"}}
			if i%3 == 0 { // the letter is written, and then the step after it fails
				steps = append(steps, &matter.Forward{Unit: unitTownA, Mode: matter.ModeTransfer, Why: "再转"})
			}
			_, err := o.DoAll(t.Context(), desk, ref, 0, steps, "")
			if (err != nil) != (i%3 == 0) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var numbers []string
	for _, ref := range refs {
		v, err := o.Matter(t.Context(), desk, ref)
		check(t, err)
		for _, p := range v.Matter.Papers {
			if p.Number != "" {
				numbers = append(numbers, p.Number)
			}
		}
	}
	want := make([]string, len(numbers))
	for i := range want {
		want[i] = fmt.Sprintf("临安区信访局〔2025〕%d号", i+1)
	}
	slices.Sort(want)
	slices.Sort(numbers)
	if diff := cmp.Diff(want, numbers); diff != "" || len(numbers) != matters-matters/3 {
		t.Errorf("numbers:\n%s", diff)
	}
	// another year begins anew
	o.moveTo(law.NewDay(2026, 3, 2))
	ref := o.register(t, unitBureau, "新年")
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.RequestMaterial{Missing: "身份证"})
	v, err := o.Matter(t.Context(), desk, ref)
	check(t, err)
	if p := v.Matter.Papers[1]; p.Number != "临安区信访局〔2026〕1号" {
		t.Errorf("the first of the year is %s", p.Number)
	}
}
