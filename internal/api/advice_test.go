package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/storetest"
)

// teach lets the office learn from invented messages.
func (d *door) teach() {
	d.t.Helper()
	var body []byte
	for _, row := range must(storetest.Lessons(40, 1))(d.t) {
		body = append(append(body, must(json.Marshal(row))(d.t)...), '\n')
	}
	if err := os.WriteFile(filepath.Join(d.advice, "base.jsonl"), body, 0o600); err != nil {
		d.t.Fatal(err)
	}
	must(d.office.Learn(d.t.Context(), org.System(), quietly))(d.t)
}

// A machine asks for the category of what it is about to register, and gets it with the words that speak for it; who looks after the work reads how
// good the proposals are.
func TestAdvise(t *testing.T) {
	d := newDoor(t)
	in := letter()
	in["narrative"] = "路口红绿灯坏了，每天堵车，公交车进不了站台，出租车也过不去，班次都乱了"
	categories := func(a answer) []any {
		rows, _ := a.body["categories"].([]any)
		return rows
	}
	ask := func(key string) answer { return d.call(key, http.MethodPost, "/submissions/suggestions", in) }
	if got := ask(keyDesk).want(http.StatusOK); len(categories(got)) != 0 || got.body["model"] != nil {
		t.Errorf("without a model: %s", got.raw)
	}
	d.teach()
	got := ask(keyDesk).want(http.StatusOK)
	rows := categories(got)
	if len(rows) == 0 {
		t.Fatalf("%s", got.raw)
	}
	first, _ := rows[0].(map[string]any)
	words, _ := first["words"].([]any)
	if first["code"] != "N1301" || first["name"] != "交通管理" || first["sure"] == "" || len(words) == 0 {
		t.Errorf("%s", got.raw)
	}
	in["kind"] = "accusation"
	if got := ask(keyDesk).want(http.StatusOK); len(categories(got)) != 0 {
		t.Errorf("an accusation: %s", got.raw)
	}
	ask("").want(http.StatusUnauthorized)
	about := d.call(keySupervisor, http.MethodGet, "/advice", nil).want(http.StatusOK)
	if about.body["rows"] != 120.0 || about.body["labels"] != 3.0 || about.body["model"] != got.body["model"] {
		t.Errorf("%s", about.raw)
	}
	d.call(keyDesk, http.MethodGet, "/advice", nil).want(http.StatusForbidden)
}

// quietly tells nobody how far a training is.
func quietly(context.Context, int, int) error { return nil }
