package web_test

import (
	"strings"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

func TestAdminUnits(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path = "/desk/admin/units"
	b.get(path).want(ok, path, "临安区", "於潜镇人民政府", "党委政府")
	for words, want := range map[string]string{"於潜": "於潜镇人民政府", "yqz": "於潜镇人民政府", "3": "临安区规划和自然资源局"} {
		p := b.get(path + "?q=" + words)
		if links := p.find("table a"); len(links) != 1 || attribute(links[0], "href") == "" || !strings.Contains(p.body, want[:6]) {
			t.Errorf("%q finds %d: %s", words, len(links), p.text("main"))
		}
	}
	b.get(path+"?q="+"zzz").want(ok, path+"?q=zzz", "没有找到“zzz”")

	const enter = path + "/5/new"
	p := b.post(enter, "name", "", "english", "A village", "phone", "0571", "kind", "village", "place", village).want(invalid, enter)
	p.fault("name")
	if p.value("english") != "A village" || p.value("kind") != "village" || p.value("place") != village {
		t.Errorf("what was typed is lost: %v", p.fields(""))
	}
	b.post(enter, "name", "观山村村民委员会", "kind", "moon", "place", "7").want(invalid, enter).fault("kind")
	b.post(enter, "name", "观山村村民委员会", "kind", "village", "place", village).want(ok, path+"/6", "单位已新增", "观山村村民委员会", "新设单位", "上级单位：於潜镇人民政府", "没有下级单位")
	if got := b.post(enter, "name", "观山村村民委员会", "kind", "village", "place", village).want(invalid, enter).fault("name"); !strings.Contains(got, "同名") {
		t.Error(got)
	}
	// The tree opens level by level.
	b.get(path).silent("观山村")
	p = b.get(path+"?open=5").want(ok, path+"?open=5", "观山村村民委员会")
	if got := attribute(p.find("li#u5 a.small")[0], "href"); got != path+"?open=1#u5" {
		t.Errorf("closing leads to %q", got)
	}

	b.post(path+"/6/rename", "name", "观山社区", "english", "Guanshan", "phone", "").want(ok, path+"/6", "已保存", "名称：由“观山村村民委员会”改为“观山社区”", "人员admin")
	if got := b.post(path+"/5/move", "parent", "6").want(invalid, path+"/5/move").fault("parent"); !strings.Contains(got, "自己的下级") {
		t.Error(got)
	}
	p = b.post(path+"/6/move", "parent", "5", "parent_q", "信访", "do", "find-parent").want(ok, path+"/6/move", "信访局")
	if got := p.find("input[value=2]"); len(got) == 0 {
		t.Error("the search found no unit to move under")
	}
	b.post(path+"/6/move", "parent", "2").want(ok, path+"/6", "上级单位：由“於潜镇人民政府”改为“临安区信访局”")
	if u, _ := s.office.Chart().Unit(6); u.Parent != unitBureau || u.Name != "观山社区" || u.English != "Guanshan" {
		t.Errorf("%+v", u)
	}
	// The top of one's own scope cannot go anywhere.
	b.get(path+"/1").want(ok, path+"/1", "由上级管理员办理").silent(path + "/1/end")
}

// The end of a unit is asked twice, says how much goes where, and then takes its matters, units and duties along.
func TestAdminEndsAUnit(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path = "/desk/admin/units/5"
	s.signIn("town", usecase.NewDuty{Role: org.RoleHandler, Unit: unitTown})
	_, err := s.office.AddUnits(t.Context(), org.System(), []usecase.NewUnit{{Parent: unitTown, Name: "观山村", Kind: org.KindVillage, Place: 330112104201}})
	check(t, err)
	for range 2 {
		s.petition(unitTown)
	}
	b.get(path).want(ok, path, "人员town", "承办人")
	b.get(path+"/end").want(ok, path+"/end", "没办完的事项 2 件，下面有单位 1 个")
	if got := b.post(path+"/end").want(invalid, path+"/end").fault("successor"); !strings.Contains(got, "没办完的事项") {
		t.Error(got)
	}
	p := b.post(path+"/end", "successor", "3").want(ok, path+"/end", "确定撤并“於潜镇人民政府”吗？", "临安区规划和自然资源局", "2 件，全部转给", "1 个，改设在", "不能撤回")
	if u, _ := s.office.Chart().Unit(unitTown); !u.Alive(s.office.Today()) {
		t.Fatal("the unit ended before anybody was sure")
	}
	b.post(path+"/end", "successor", "6", "sure", "yes").want(invalid, path+"/end").fault("successor")
	b.post(path+"/end", p.fields("")...).want(ok, path, "2 件事项已转给", "已撤并", "职权由这个单位承接", "承接单位：由“无”改为“临安区规划和自然资源局”").silent("/5/rename")
	rows, err := s.office.Matters(t.Context(), staff(org.RoleHead, unitLand), openOnes())
	check(t, err)
	if len(rows.Rows) != 2 || rows.Rows[0].Unit.ID != unitLand || rows.Rows[1].Unit.ID != unitLand {
		t.Errorf("the matters are not with the successor: %+v", rows.Rows)
	}
	if u, _ := s.office.Chart().Unit(6); u.Parent != unitLand {
		t.Errorf("the village is under %d", u.Parent)
	}
	person, err := s.office.PersonBySignIn(t.Context(), org.System(), "town")
	check(t, err)
	if person.Duties[0].Active {
		t.Error("the duty at the ended unit goes on")
	}
	b.post(path+"/succeed").want(ok, path, "又移交了 0 件")
	if got := b.post(path+"/end", "successor", "3", "sure", "yes"); got.status != conflict {
		t.Errorf("ended twice: %d", got.status)
	}
}
