package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A machine learns before it registers what a submission repeats and why, and nothing is registered by asking.
func TestRepeats(t *testing.T) {
	d := newDoor(t)
	number := d.register().text("ref")
	again := letter()
	again["title"] = "另外写的一句话"
	story, _ := again["narrative"].(string)
	again["narrative"] = "再说一次！" + story
	ask := func(key string) answer { return d.call(key, http.MethodPost, "/submissions/repeats", again) }
	got := ask(keyDesk).want(http.StatusOK)
	rows, _ := got.body["repeats"].([]any)
	if len(rows) != 1 {
		t.Fatalf("%s", got.raw)
	}
	r, _ := rows[0].(map[string]any)
	m, _ := r["matter"].(map[string]any)
	percent, _ := r["percent"].(float64)
	if m["ref"] != number || percent < 50 || percent == 100 || r["days_apart"] != 0.0 || r["same_title"] != false || r["same_person"] != true {
		t.Errorf("%s", got.raw)
	}
	passages, _ := r["passages"].([]any)
	if !slices.ContainsFunc(passages, func(p any) bool {
		both, _ := p.(map[string]any)
		here, _ := both["here"].(string)
		return here == both["there"] && strings.Contains(here, story)
	}) {
		t.Errorf("%v", passages)
	}
	if got := ask(keySibling).want(http.StatusOK); string(got.raw) == "" || strings.Contains(string(got.raw), number) {
		t.Errorf("a sibling: %s", got.raw)
	}
	ask("").want(http.StatusUnauthorized)
	list := d.call(keyDesk, http.MethodGet, "/matters", nil).want(http.StatusOK)
	if rows, _ := list.body["matters"].([]any); len(rows) != 1 {
		t.Errorf("%d matters", len(rows))
	}
}
