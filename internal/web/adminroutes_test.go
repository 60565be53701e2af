package web_test

import (
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// The rules for other lawful ways are read by administrators and kept by those of the whole organisation.
func TestAdminRoutes(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path = "/desk/admin/routes"
	b.get(path).want(ok, path, "劳动人事争议仲裁委员会", "随程序提供")
	p := b.get(path+"/labour-arbitration").want(ok, path+"/labour-arbitration")
	wrong := b.post(path+"/labour-arbitration", p.fields("", "law", "", "limits", "D27 D99")...).want(invalid, path+"/labour-arbitration")
	wrong.fault("law")
	wrong.fault("limits")
	b.post(path+"/labour-arbitration", p.fields("", "organ", "区仲裁院", "categories", "劳动关系、N0502")...).want(ok, path, "区仲裁院", "本单位改过 1 次")
	b.post(path+"/labour-arbitration", p.fields("", "categories", "没有这类")...).want(invalid, path+"/labour-arbitration").fault("categories")
	b.post(path+"/new", "condition", "物业费纠纷", "route", "judicial", "organ", "区人民法院", "law", "民法典").want(ok, path, "物业费纠纷", "全部分类")
	b.get(path+"/own-1/end").want(ok, path+"/own-1/end", "物业费纠纷", "不再提出")
	b.post(path+"/own-1/end").want(ok, path, "已停用")
	b.get(path+"/nonesuch").want(notFound, path+"/nonesuch")
	b.get("/desk/admin/changes").want(ok, "/desk/admin/changes", "法定途径清单变动", "劳动关系")

	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	if p := town.get(path).want(ok, path, "区仲裁院"); len(p.find("main a[href="+path+"/labour-arbitration]")) != 0 {
		t.Error("a town's administrator is led to the form")
	}
	if p := town.post(path + "/labour-arbitration"); p.status != forbidden {
		t.Errorf("a town's administrator changes a rule: %d", p.status)
	}
}
