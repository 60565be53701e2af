package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/storetest"
)

// teach lets the office learn from invented messages.
func (s *testSite) teach() {
	s.t.Helper()
	rows, err := storetest.Lessons(40, 1)
	check(s.t, err)
	var body []byte
	for _, row := range rows {
		line, err := json.Marshal(row)
		check(s.t, err)
		body = append(append(body, line...), '\n')
	}
	check(s.t, os.WriteFile(filepath.Join(s.advice, "base.jsonl"), body, 0o600))
	_, err = s.office.Learn(s.t.Context(), org.System(), func(context.Context, int, int) error { return nil })
	check(s.t, err)
}

const crossing = "路口红绿灯坏了，每天堵车，公交车进不了站台，出租车也过不去，班次都乱了"

// At the desk the likely categories stand beside the choice with the words marked; none is chosen until somebody takes it, and one who types anew
// gets them anew.
func TestRegisterProposesCategories(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	const path = "/desk/register"
	send := []string{"title", "堵车", "demands.0", "修好", "narrative", crossing, "place", "330112104", "petitioners.0.name", "陈玉兰", "petitioners.0.phone", "13000000000"}
	if p := b.post(path, b.get(path).fields(path, append(send, "do", "check")...)...); len(p.find("[data-advice]")) != 0 {
		t.Error("proposed without a model")
	}
	s.teach()
	p := b.post(path, b.get(path).fields(path, append(send, "do", "check")...)...).want(http.StatusOK, path, "可能的分类", "交通管理", "把握", "由您决定")
	if n := len(p.find("[data-advice] li")); n == 0 || n > 3 || len(p.find("[data-advice] mark")) == 0 {
		t.Fatalf("%d proposals, %d words marked", n, len(p.find("[data-advice] mark")))
	}
	if got := typed(p, path, "category"); got != "" {
		t.Errorf("%s was chosen by itself", got)
	}
	took := b.post(path, p.fields(path, "do", "category-N1301")...).want(http.StatusOK, path, "已选")
	if got := typed(took, path, "category"); got != "N1301" {
		t.Errorf("taken: %q", got)
	}
	if got := typed(took, path, "narrative"); got != crossing {
		t.Errorf("what was typed is %q", got)
	}
	b.post(path+"/advice", "title", "堵车", "narrative", crossing).want(http.StatusOK, path+"/advice", "交通管理")
	b.post(path+"/advice", "title", "你好").want(http.StatusOK, path+"/advice", "看不准")
	if p := b.post(path+"/advice", "title", "堵车", "narrative", crossing, "kind", "accusation"); strings.Contains(words(p.root), "交通管理") {
		t.Error("proposed for an accusation")
	}
}

// Where a category is decided on at screening it is proposed as well, and a corrected one is counted on the page of proposals, from which a supervisor
// reaches the matter and an administrator does not.
func TestScreeningProposesCategories(t *testing.T) {
	s, boss := adminSite(t)
	s.teach()
	team := s.team("dispatch", "supervise")
	ref := entered(team["dispatch"], "title", "堵车", "demands", "1", "demands.0", "修好", "narrative", crossing, "category", "N0705")
	path := "/desk/matters/" + ref + "/screen"
	p := team["dispatch"].get(path).want(http.StatusOK, path, "可能的分类", "交通管理")
	took := team["dispatch"].post(path, p.fields(path, "do", "category-N1301")...).want(http.StatusOK, path, "已选")
	if got := typed(took, path, "category"); got != "N1301" {
		t.Errorf("taken: %q", got)
	}
	const page, confused = "/desk/advice", "/desk/advice/confused?first=N1301&taken=N0705"
	team["supervise"].get(page).want(http.StatusOK, page, "学自", "120 条", "最常认错的", "交通管理")
	team["supervise"].get(confused).want(http.StatusOK, confused, ref)
	admin := boss.get(page).want(http.StatusOK, page, "重新学习", "最常认错的")
	for _, a := range admin.find("a") {
		if strings.HasPrefix(attribute(a, "href"), page+"/confused") {
			t.Error("an administrator is led to matters")
		}
	}
	if p := team["dispatch"].get(page); p.status != http.StatusForbidden {
		t.Errorf("a registrar reads the page: %d", p.status)
	}
	if p := team["supervise"].post(page + "/learn"); p.status != http.StatusForbidden {
		t.Errorf("a supervisor starts the training: %d", p.status)
	}
	if p := boss.post(page, "percent", "many"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("percent: %d", p.status)
	}
	boss.post(page, "percent", "80").want(http.StatusOK, page, "80")
	boss.post(page+"/learn").want(http.StatusOK, "/desk/jobs", "重新学习分类建议")
	check(t, s.office.RunJobs(t.Context()))
	boss.get("/desk/jobs").want(http.StatusOK, "/desk/jobs", "学完了")
	boss.get(page).want(http.StatusOK, page, "上次学习")
	boss.get("/language?lang=en&to=" + page)
	boss.get(page).want(http.StatusOK, page, "The model in force", "Most often confused")
}

// typed is what a field of a form holds.
func typed(p page, action, name string) string {
	fields := p.fields(action)
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == name {
			return fields[i+1]
		}
	}
	return ""
}
