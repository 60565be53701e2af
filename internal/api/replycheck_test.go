package api_test

import (
	"net/http"
	"slices"
	"testing"
)

// A machine has a reply checked before it is drafted: what, where in characters, by which article. Nothing is written.
func TestReplyCheck(t *testing.T) {
	d := newDoor(t)
	number := d.register().text("ref")
	for _, step := range []struct {
		key, act string
		body     any
	}{
		{keyDesk, "screen", map[string]any{"kind": "appeal", "category": "N0502", "level": "ordinary"}},
		{keyDesk, "forward", map[string]any{"unit": unitHR, "mode": "transfer", "why": "工资归人社"}},
		{keyHandler, "sign", nil},
		{keyHandler, "accept", map[string]any{}},
	} {
		d.act(step.key, number, step.act, step.body).want(http.StatusOK)
	}
	path := "/matters/" + number + "/reply-check"
	step := map[string]any{
		"facts": "经查看工资表，拖欠三个月工资属实。", "basis": "依据《信访工作条例》第五十一条", "answers": []map[string]any{
			{"demand": 1, "outcome": "support", "facts": "工资九月底付清。", "basis": "《信访工作条例》第三十二条"},
			{"demand": 2, "outcome": "explain", "facts": "总包单位还没有付款。", "basis": "《信访工作条例》第三十二条"},
		},
	}
	before := d.call(keyHandler, http.MethodGet, "/matters/"+number, nil).want(http.StatusOK)
	got := d.call(keyHandler, http.MethodPost, path, map[string]any{"act": "draft", "step": step}).want(http.StatusOK)
	found, _ := got.body["findings"].([]any)
	if len(found) != 1 || got.body["asks"] != true {
		t.Fatalf("%s", got.raw)
	}
	f, _ := found[0].(map[string]any)
	at, _ := f["at"].([]any)
	place, _ := at[0].(map[string]any)
	if f["code"] != "article_none" || f["severity"] != "must" || f["field"] != "basis" || f["article"] != "Regulations on Petition Work (2022), Article 32" || place["from"] != 2.0 || place["to"] != 15.0 {
		t.Errorf("%s", got.raw)
	}
	after := d.call(keyHandler, http.MethodGet, "/matters/"+number, nil).want(http.StatusOK)
	if !slices.Equal(before.raw, after.raw) {
		t.Error("checking has written something")
	}
	d.call(keyHandler, http.MethodPost, path, map[string]any{"act": "complete"}).want(http.StatusUnprocessableEntity)
	d.call(keyHandler, http.MethodPost, path, map[string]any{"act": "draft", "step": map[string]any{"fact": "x"}}).want(http.StatusUnprocessableEntity)
	d.call(keyHandler, http.MethodPost, path, map[string]any{"act": "serve"}).want(http.StatusConflict)
	d.call(keySibling, http.MethodPost, path, map[string]any{"act": "draft", "step": step}).want(http.StatusNotFound)
	d.call("", http.MethodPost, path, map[string]any{"act": "draft", "step": step}).want(http.StatusUnauthorized)
}
