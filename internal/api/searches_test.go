package api_test

import (
	"net/http"
	"testing"
)

// A machine keeps a search for its unit, lists, changes and deletes it; another unit's never learns of it.
func TestSearchesOverHTTP(t *testing.T) {
	d := newDoor(t)
	saved := d.call(keyHandler, http.MethodPost, "/searches", map[string]any{"name": "路灯", "query": "q=路灯&state=open"}).want(http.StatusOK)
	if saved.body["shared"] != true || saved.body["own"] != true || saved.text("query") != "q=%E8%B7%AF%E7%81%AF&state=open" {
		t.Fatalf("%s", saved.raw)
	}
	id := saved.body["id"]
	d.call(keyHandler, http.MethodPost, "/searches", map[string]any{"id": id, "name": "路灯坏了", "query": "q=路灯"}).want(http.StatusOK)
	names := func(key string) int {
		rows, _ := d.call(key, http.MethodGet, "/searches", nil).want(http.StatusOK).body["searches"].([]any)
		return len(rows)
	}
	if own, other := names(keyHandler), names(keySibling); own != 1 || other != 0 {
		t.Errorf("%d at the unit, %d elsewhere", own, other)
	}
	d.call(keySibling, http.MethodDelete, "/searches/1", nil).want(http.StatusNotFound)
	d.call(keySibling, http.MethodPost, "/searches", map[string]any{"id": id, "name": "x", "query": "q=x"}).want(http.StatusNotFound)
	d.call(keyHandler, http.MethodPost, "/searches", map[string]any{"name": "x", "query": "state=nowhere"}).want(http.StatusUnprocessableEntity)
	d.call("", http.MethodGet, "/searches", nil).want(http.StatusUnauthorized)
	d.call(keyHandler, http.MethodDelete, "/searches/1", nil).want(http.StatusNoContent)
	if n := names(keyHandler); n != 0 {
		t.Errorf("%d after it was deleted", n)
	}
}
