package web_test

import (
	"strings"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

func TestAdminCatalogue(t *testing.T) {
	t.Parallel()
	_, b := adminSite(t)
	const path = "/desk/admin/catalogue"
	b.get(path).want(ok, path, "责任目录还是空的")
	b.get(path+"/try?place=330112104").want(ok, path+"/try?place=330112104", "没有一条能对上")
	p := b.post(path+"/new", "category", "nonesuch", "place", "1", "unit", "", "why", "", "until", "2020-01-01").want(invalid, path+"/new")
	for _, name := range []string{"category", "place", "unit", "why", "until"} {
		if name != "category" { // its error stands beside a select of its own
			p.fault(name)
		}
	}
	if !strings.Contains(p.text("div.error-summary"), "分类") {
		t.Errorf("the category is not told: %s", p.text("div.error-summary"))
	}
	p = b.post(path+"/new", "category", "N05", "place", "330112", "unit", "3", "why", "").want(invalid, path+"/new")
	if p.value("category") != "N05" || p.value("unit") != "3" || p.value("place") != "330112" {
		t.Errorf("what was typed is lost: %v", p.fields(""))
	}
	b.post(path+"/new", "category", "N05", "place", "330112", "unit", "3", "why", "清单第 7 项").want(ok, path, "已新增一条", "清单第 7 项", "临安区规划和自然资源局", "浙江省杭州市临安区")
	b.post(path+"/new", "place", "330112", "unit", "1", "why", "属地负责", "why_english", "The town answers").want(ok, path, "全部分类")
	if p := b.post(path+"/new", "category", "N05", "place", "330112", "unit", "3", "why", "again"); p.status != conflict {
		t.Errorf("the same line twice: %d", p.status)
	}

	try := path + "/try?category=N05&place=330112104"
	p = b.get(try).want(ok, try, "为什么是它：", "清单第 7 项", "属地负责")
	var units []string
	for _, n := range p.find("ol li strong") {
		units = append(units, words(n))
	}
	if strings.Join(units, ",") != "临安区规划和自然资源局,於潜镇人民政府" { // the longer category first; the county stands for its town
		t.Errorf("the catalogue names %v", units)
	}
	b.get(path+"/try?category=N06&place=330112104").want(ok, path+"/try?category=N06&place=330112104", "属地负责").silent("清单第 7 项")
	b.get("/language?lang=en&to="+path).want(ok, path, "The town answers")
	b.get("/language?lang=zh&to="+path).want(ok, path, "属地负责")

	line := path + "/1"
	p = b.get(line).want(ok, line)
	b.post(line, p.fields("", "why", "清单第 8 项")...).want(ok, path, "已保存", "清单第 8 项").silent("清单第 7 项")
	b.get(line+"/end").want(ok, line+"/end", "清单第 8 项", "不再推荐")
	b.post(line+"/end", "until", "nonsense").want(invalid, line+"/end").fault("until")
	b.post(line+"/end", "until", "2025-09-26").want(ok, path, "已停用").silent(`href="` + line + `"`)
	b.get(try).want(ok, try, "属地负责").silent("清单第 8 项")
	if p := b.post(line, "place", "330112", "unit", "3", "why", "late"); p.status != conflict {
		t.Errorf("an ended line was changed: %d", p.status)
	}
	b.get(path+"/99").want(notFound, path+"/99")
}

// A way to a line is shown only to whoever may open it.
func TestAdminTryShowsOwnLines(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	_, err := s.office.AddLine(t.Context(), org.System(), usecase.Line{Place: 330112, Unit: unitCounty, Why: "属地负责"})
	check(t, err)
	const try = "/desk/admin/catalogue/try?place=330112104"
	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	town.get(try).want(ok, try, "於潜镇人民政府", "属地负责").silent("/desk/admin/catalogue/1")
	if p := b.get(try); len(p.find("main a[href=/desk/admin/catalogue/1]")) != 1 {
		t.Error("the county's administrator is not led to the line")
	}
}
