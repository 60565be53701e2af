package web_test

import (
	"fmt"
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// The page of the work beside the desk: what failed stands there with its reason and without its words, is tried again or given up on record, and is nobody
// else's to see.
func TestAdminQueue(t *testing.T) {
	t.Parallel()
	s, admin := adminSite(t)
	const path = "/desk/admin/queue"
	admin.get(path).want(ok, path, "没有在做的任务", "没有失败的任务")
	words, err := query.Parse("水渠")
	check(t, err)
	search := matter.Search{Filter: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Words: words}
	j, err := s.office.StartExport(t.Context(), staff(org.RoleSupervisor, unitCounty), usecase.Export{Search: &search, Format: usecase.TableCSV})
	check(t, err)
	fail := func() {
		t.Helper()
		check(t, s.store.Update(t.Context(), j.Home, func(tx *store.Tx) error {
			was, err := tx.Job(t.Context(), j.Home, j.ID)
			if err != nil {
				return err
			}
			next := was
			next.State, next.Attempts, next.EndedUS, next.Error = store.JobFailed, 6, s.now.Load(), "job.broken"
			_, err = tx.MoveJob(t.Context(), was, next)
			return err
		}))
	}
	number := fmt.Sprintf("%d-%d", j.Home, j.ID)
	admin.get(path).want(ok, path, number, "没有失败的任务").silent("水渠", "没有在做的任务", "/retry")
	fail()
	admin.get(path).want(ok, path, number, "试了 6 次", "没有在做的任务").silent("水渠", "没有失败的任务")
	at := fmt.Sprintf("%s/%d/%d", path, j.Home, j.ID)
	for name, who := range map[string]*browser{
		"a part's administrator": s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown}),
		"the desk":               s.signIn("desk", usecase.NewDuty{Role: org.RoleSupervisor, Unit: unitCounty}),
	} {
		who.get(path).want(forbidden, path).silent(number)
		for _, act := range []string{"/retry", "/drop"} {
			if p := who.post(at + act); p.status != forbidden {
				t.Errorf("%s of %s: %d", act, name, p.status)
			}
		}
	}
	s.browser().get(path).want(ok, "/desk/sign-in?to=%2Fdesk%2Fadmin%2Fqueue")
	admin.post(at+"/retry").want(ok, path, "已重新排队", number)
	admin.post(at+"/retry").want(conflict, at+"/retry", "没有失败")
	fail()
	admin.post(at+"/drop").want(ok, path, "已放弃", "没有失败的任务")
	admin.post(at+"/drop").want(conflict, at+"/drop", "已经结束")
	admin.post(path+"/330112/99/drop").want(notFound, path+"/330112/99/drop")
	admin.get("/desk/admin/changes").want(ok, "/desk/admin/changes", "处理后台任务", "存成表格", "由“没做成”改为“等着”", "由“没做成”改为“已停下”")
}
