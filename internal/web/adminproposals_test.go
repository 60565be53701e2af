package web_test

import (
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// A superior's decision waits for the administrator of its unit, who makes a line of it or sets it aside; both are in the record of changes.
func TestAdminProposals(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path = "/desk/admin/proposals"
	b.get(path).want(ok, path, "没有等您决定的裁定")
	check(t, s.office.Store.Update(t.Context(), 0, func(tx *store.Tx) error {
		for _, id := range []int64{1, 2} {
			p := store.Proposal{ID: id, Category: "N05", Place: 330112104, Unit: unitTown, Matter: matter.NewRef(330112, 2025, id), Open: true}
			if err := tx.SaveProposal(t.Context(), p); err != nil {
				return err
			}
		}
		return nil
	}))
	b.get(path).want(ok, path, "於潜镇人民政府").silent("事发在镇里", "归住建", "330112-2025-0000001")
	p := b.get(path+"/1").want(ok, path+"/1", "裁定的时间").silent("事发在镇里", "330112-2025-0000001")
	if p.value("why") != "" {
		t.Errorf("a reason is there already: %q", p.value("why"))
	}
	b.post(path+"/1", "why", " ").want(invalid, path+"/1").fault("why")
	b.post(path+"/1", "why", "镇里负责", "why_english", "The town's").want(ok, path, "已写进责任目录").silent("事发在镇里")
	b.get("/desk/admin/catalogue").want(ok, "/desk/admin/catalogue", "镇里负责")
	b.get(path+"/2/drop").want(ok, path+"/2/drop", "於潜镇人民政府")
	b.post(path+"/2/drop").want(ok, path, "已放下", "没有等您决定的裁定")
	b.get(path+"/2").want(notFound, path+"/2")
	b.get("/desk/admin/changes").want(ok, "/desk/admin/changes", "裁定已决定", "写进责任目录", "放下")

	handler := s.signIn("some-handler", usecase.NewDuty{Role: org.RoleHandler, Unit: unitTown})
	if p := handler.get(path); p.status != forbidden {
		t.Errorf("a handler reads the proposals: %d", p.status)
	}
	if p := handler.post(path + "/1"); p.status != forbidden {
		t.Errorf("a handler decides on one: %d", p.status)
	}
}
