package usecase_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/find"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

const (
	canal = "八月十二日夜里，县道边的石墙塌下来压住了水渠，四十多米都堵死了。三百亩晚稻正在抽穗，眼看要干死。村里报到镇上，镇里说是县里的工程，县里说归镇里管，跑了三趟没有一个准话。"
	// edited says the same with another beginning, a word changed and an end.
	edited = "我们村的事：八月十二日夜里，县道旁的石墙塌下来压住了水渠，四十多米都堵死了。三百亩晚稻正在抽穗，眼看要干死。村里报到镇上，镇里说是县里的工程，县里说归镇里管。请快一点。"
	lamp   = "小学门口的路灯从九月起就不亮了，孩子放学天已经黑了，车又多，家长轮流拿手电筒去接，已经有两个孩子摔倒。"
)

// narrated registers a matter with words of its own.
func (o *testOffice) narrated(t testing.TB, unit org.UnitID, title, narrative string, change ...func(*matter.Intake)) matter.Ref {
	t.Helper()
	in := matter.Intake{
		Channel: matter.ChannelVisit, Title: title, Narrative: narrative, Demands: []string{"请予解决"}, Place: 330112104202,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}
	for _, c := range change {
		c(&in)
	}
	role := org.RoleRegistrar
	if in.Kind == matter.KindAccusation {
		role = org.RoleDiscipline
	}
	r, err := o.Register(t.Context(), o.actor(t, role, unit), in, "")
	check(t, err)
	return r.Ref
}

func asked(title, narrative string) matter.Intake {
	return matter.Intake{Title: title, Narrative: narrative, Demands: []string{"请予解决"}, Place: 330112104202}
}

// offered are the numbers of what is put to somebody.
func (o *testOffice) offered(t testing.TB, who org.Actor, in matter.Intake) (refs []matter.Ref, all usecase.Repeats) {
	t.Helper()
	all, err := o.Repeats(t.Context(), who, in, matter.Ref{})
	check(t, err)
	for _, r := range all.List {
		refs = append(refs, r.Ref)
	}
	return refs, all
}

// An edited copy is put to the clerk with all that speaks for it, and what is marked is the same in both texts.
func TestRepeatSaysWhy(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.narrated(t, unitTownA, "石墙压塌水渠", canal, func(in *matter.Intake) { in.Petitioners[0].IDNumber = "11010519491231002X" })
	o.narrated(t, unitTownA, "路灯不亮", lamp)
	o.now.Add((9 * 24 * time.Hour).Microseconds())
	in := asked("水渠的事没人管", edited)
	in.Place, in.Petitioners = 330112104, []matter.Petitioner{{Name: "李四"}, {Name: "张三", IDNumber: "11010519491231002x"}}
	refs, all := o.offered(t, o.actor(t, org.RoleRegistrar, unitBureau), in)
	if d := cmp.Diff([]matter.Ref{first}, refs); d != "" {
		t.Fatal(d)
	}
	r := all.List[0]
	if r.Percent < 50 || r.Percent > 70 || r.Title || !r.Person || r.Place != 330112104 || r.Days != 9 || r.Unit.ID != 0 {
		t.Errorf("%d percent, title %v, person %v, place %d, %d days, unit %d", r.Percent, r.Title, r.Person, r.Place, r.Days, r.Unit.ID)
	}
	if !strings.Contains(r.Text, canal) || !strings.Contains(all.Text, edited) {
		t.Error("the texts are not those that were compared")
	}
	marked := 0
	for _, p := range r.Passages {
		if here, there := all.Text[p.Here.From:p.Here.To], r.Text[p.There.From:p.There.To]; here != there {
			t.Errorf("%q here, %q there", here, there)
		}
		marked += p.Len
	}
	if marked < 60 {
		t.Errorf("%d characters are marked in %+v", marked, r.Passages)
	}
}

// The unit that has the earlier matter speaks for it where the catalogue names it for what is being registered.
func TestRepeatAtTheSameUnit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.narrated(t, unitTownA, "石墙压塌水渠", canal)
	_, err := o.AddLine(t.Context(), o.actor(t, org.RoleAdmin, unitCounty), usecase.Line{Category: "N0307", Place: 330112104, Unit: unitTownA, Why: "属地"})
	check(t, err)
	in := asked("石墙压塌水渠", canal)
	in.Category = "N0307"
	refs, all := o.offered(t, o.actor(t, org.RoleRegistrar, unitBureau), in)
	if d := cmp.Diff([]matter.Ref{first}, refs); d != "" || all.List[0].Unit.ID != unitTownA || all.List[0].Percent != 100 {
		t.Errorf("%s %+v", d, all.List)
	}
}

// What is more alike comes first; within a step the same person goes before others, and the nearer day before the farther; no more than five are put.
func TestRepeatsAreRanked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person := func(in *matter.Intake) { in.Petitioners[0].IDNumber = "11010519491231002X" }
	lamps := o.narrated(t, unitTownA, "路灯不亮", lamp, person)
	mine := o.narrated(t, unitTownA, "水渠", canal, person)
	var others []matter.Ref
	for range 4 {
		o.now.Add((24 * time.Hour).Microseconds())
		others = append([]matter.Ref{o.narrated(t, unitTownA, "水渠", canal)}, others...)
	}
	like := o.narrated(t, unitTownA, "水渠", edited)
	in := asked("水渠", canal)
	who := o.actor(t, org.RoleRegistrar, unitBureau)
	refs, _ := o.offered(t, who, in)
	if d := cmp.Diff(append(append([]matter.Ref{}, others...), mine), refs); d != "" {
		t.Errorf("without the person: %s", d)
	}
	in.Petitioners = []matter.Petitioner{{Name: "张三", IDNumber: "11010519491231002X"}}
	refs, _ = o.offered(t, who, in)
	if d := cmp.Diff(append([]matter.Ref{mine}, others...), refs); d != "" {
		t.Errorf("with the person: %s", d)
	}
	in.Narrative = edited
	if refs, _ = o.offered(t, who, in); refs[0] != like {
		t.Errorf("the edited one first: %v", refs)
	}
	in = asked("别的事", "")
	in.Petitioners = []matter.Petitioner{{Name: "张三", IDNumber: "11010519491231002X"}}
	refs, all := o.offered(t, who, in)
	if d := cmp.Diff([]matter.Ref{mine, lamps}, refs); d != "" || all.List[0].Percent >= usecase.RepeatPercent {
		t.Errorf("by the person alone: %s", d)
	}
}

// The same thing told by another in other words is put to the clerk, with the words marked that make it the same; the same trouble elsewhere is not, nor another
// trouble at the same place.
func TestRepeatInOtherWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.narrated(t, unitTownA, "云栖花园楼下老灶烧烤油烟扰民", "云栖花园12栋一楼的老灶烧烤店每晚营业到凌晨两点，没有装油烟净化器，油烟直冲楼上，住户窗户都不敢开。")
	o.narrated(t, unitTownA, "江畔新村火锅店油烟扰民", "江畔新村3栋一楼的川味火锅店，油烟从后窗排出来，老人孩子都受不了。")
	o.narrated(t, unitTownA, "云栖花园停车位只卖不租", "云栖花园地下车库产权不清，开发商只卖不租，业主晚上没有地方停车。")
	in := asked("老灶烧烤熏得云栖花园住户睡不着", "家住云栖花园，楼下新开的老灶烧烤半夜还在烤肉，油烟味呛得孩子整夜咳嗽，找过社区没有用。")
	refs, all := o.offered(t, o.actor(t, org.RoleRegistrar, unitBureau), in)
	if d := cmp.Diff([]matter.Ref{first}, refs); d != "" {
		t.Fatal(d)
	}
	r := all.List[0]
	if !r.Told() || r.Percent >= usecase.RepeatPercent || r.Likeness < usecase.RepeatLikeness || len(r.Here) == 0 {
		t.Errorf("%d percent, likeness %.2f, %d marks", r.Percent, r.Likeness, len(r.Here))
	}
	marked := func(text string, ranges []find.Range) (out string) {
		for _, m := range ranges {
			out += text[m.From:m.To] + "|"
		}
		return out
	}
	for text, ranges := range map[string][]find.Range{all.Text: r.Here, r.Text: r.There} {
		if m := marked(text, ranges); !strings.Contains(m, "云栖花园") || !strings.Contains(m, "老灶烧烤") {
			t.Errorf("marked in %q: %s", text, m)
		}
	}
}

// A submission that was joined leads to the matter on which it hangs, once, and stands for itself again when it is taken out.
func TestRepeatOfAJoinedOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	stays := o.narrated(t, unitTownA, "石墙压塌水渠", canal)
	joined := o.narrated(t, unitTownA, "晚稻要干死了", "水稻没有水。"+edited)
	who := o.actor(t, org.RoleRegistrar, unitTownA)
	check(t, o.Join(t.Context(), who, stays, joined, "同一处"))
	refs, all := o.offered(t, who, asked("晚稻要干死了", "水稻没有水。"+edited))
	if d := cmp.Diff([]matter.Ref{stays}, refs); d != "" || all.List[0].Percent != 100 {
		t.Errorf("joined: %s", d)
	}
	check(t, o.Separate(t.Context(), who, stays, joined, "两处"))
	refs, _ = o.offered(t, who, asked("晚稻要干死了", "水稻没有水。"+edited))
	if d := cmp.Diff([]matter.Ref{joined, stays}, refs); d != "" {
		t.Errorf("separated: %s", d)
	}
	all, err := o.Repeats(t.Context(), who, asked("晚稻要干死了", edited), joined)
	check(t, err)
	if len(all.List) != 1 || all.List[0].Ref != stays {
		t.Errorf("without itself: %+v", all.List)
	}
}

// Nothing is compared with an accusation: neither is it offered to anybody, word for word, nor is anything offered to who registers one.
func TestRepeatsKnowNoAccusation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.narrated(t, unitDiscipline, "石墙压塌水渠", canal, func(in *matter.Intake) {
		in.Kind, in.Accused, in.Petitioners[0].IDNumber = matter.KindAccusation, []org.UnitID{unitHousing}, "11010519491231002X"
	})
	in := asked("石墙压塌水渠", canal)
	in.Petitioners = []matter.Petitioner{{IDNumber: "11010519491231002X"}}
	for _, role := range []org.Role{org.RoleRegistrar, org.RoleHandler, org.RoleSupervisor} {
		if refs, _ := o.offered(t, org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: role, Unit: unitDiscipline, Scope: unitCounty}}, in); len(refs) != 0 {
			t.Errorf("%s is offered %v", role, refs)
		}
	}
	if _, err := o.Repeats(t.Context(), o.actor(t, org.RoleDiscipline, unitDiscipline), in, matter.Ref{}); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("discipline inspection: %v", err)
	}
	first := o.narrated(t, unitTownA, "石墙压塌水渠", canal)
	who := o.actor(t, org.RoleRegistrar, unitBureau)
	if refs, _ := o.offered(t, who, in); len(refs) != 1 || refs[0] != first {
		t.Errorf("beside an open one: %v", refs)
	}
	in.Kind = matter.KindAccusation
	if refs, _ := o.offered(t, who, in); len(refs) != 0 {
		t.Errorf("to an accusation %v", refs)
	}
}

// What has no sketch, because it was there before sketches were, gets one by the rebuilding.
func TestRebuildMakesSketches(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.narrated(t, unitTownA, "石墙压塌水渠", canal)
	o.update(t, func(tx *store.Tx) error { return tx.SketchMatter(t.Context(), first, nil) })
	who, in := o.actor(t, org.RoleRegistrar, unitBureau), asked("没有人管", canal)
	if refs, _ := o.offered(t, who, in); len(refs) != 0 {
		t.Fatalf("without a sketch: %v", refs)
	}
	_, err := o.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{Fix: true})
	check(t, err)
	if refs, _ := o.offered(t, who, in); len(refs) != 1 {
		t.Errorf("rebuilt: %v", refs)
	}
}

func TestRepeatsAreForTheDesk(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.narrated(t, unitTownA, "石墙压塌水渠", canal)
	in := asked("石墙压塌水渠", canal)
	for name, c := range map[string]struct {
		who  org.Actor
		kind errs.Kind
	}{
		"nobody":                      {org.Actor{}, errs.Unauthenticated},
		"a petitioner":                {org.Actor{Kind: org.ActorPetitioner, Home: 330112, Submission: 1}, errs.Forbidden},
		"an auditor":                  {o.actor(t, org.RoleAuditor, unitCounty), errs.Forbidden},
		"a machine that may not read": {org.Actor{Kind: org.ActorMachine, Grants: []string{"register"}, Duty: org.Duty{Role: org.RoleRegistrar, Unit: unitBureau, Scope: unitCounty}}, errs.Forbidden},
	} {
		if got, err := o.Repeats(t.Context(), c.who, in, matter.Ref{}); errs.KindOf(err) != c.kind || len(got.List) != 0 {
			t.Errorf("%s: %v, %+v", name, err, got)
		}
	}
	// a sibling's is not there
	if refs, _ := o.offered(t, o.actor(t, org.RoleRegistrar, unitTownB), in); len(refs) != 0 {
		t.Errorf("the other town is offered %v", refs)
	}
}
