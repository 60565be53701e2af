package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// letIn lets another machine in and names its key.
func (d *door) letIn(name string, k usecase.NewKey) {
	d.t.Helper()
	k.Name = name
	d.keys[name] = must(d.office.AddKey(d.t.Context(), org.System(), k))(d.t)
}

// Each answer says what is left of a key's limit; what is above it is refused with the time to wait, and another key is not touched by it.
func TestKeyLimit(t *testing.T) {
	d := newDoor(t)
	d.letIn("slow", usecase.NewKey{Unit: unitBureau, Role: org.RoleRegistrar, Grants: []string{"read"}, Rate: 2})
	first := d.call("slow", http.MethodGet, "/keys/own", nil).want(http.StatusOK)
	if first.header.Get("RateLimit-Policy") != `"key";q=2;w=60` || first.header.Get("RateLimit") != `"key";r=1;t=30` {
		t.Errorf("headers: %v", first.header)
	}
	if first.text("used") != "2025-09-26" && first.text("used") == "" {
		t.Errorf("own key: %s", first.raw)
	}
	d.call("slow", http.MethodGet, "/matters", nil).want(http.StatusOK)
	third := d.call("slow", http.MethodGet, "/matters", nil).want(http.StatusTooManyRequests)
	if third.header.Get("Retry-After") != "30" || third.header.Get("RateLimit") != `"key";r=0;t=60` || third.text("code") != "http.wait_seconds" {
		t.Errorf("refused: %v %s", third.header, third.raw)
	}
	d.call(keyReader, http.MethodGet, "/matters", nil).want(http.StatusOK)
	d.now.Add(30 * time.Second.Microseconds())
	d.call("slow", http.MethodGet, "/matters", nil).want(http.StatusOK)
}

func TestKeysOverHTTP(t *testing.T) {
	d := newDoor(t)
	d.letIn("manager", usecase.NewKey{Unit: unitCounty, Role: org.RoleAdmin, Grants: []string{usecase.GrantManage}})
	d.letIn("figures", usecase.NewKey{Unit: unitBureau, Role: org.RoleSupervisor, Grants: []string{"figures"}})
	d.call("figures", http.MethodGet, "/figures?indicator=submissions", nil).want(http.StatusOK)
	d.call("figures", http.MethodGet, "/matters", nil).want(http.StatusForbidden)
	d.call("figures", http.MethodGet, "/figures/matters?indicator=submissions", nil).want(http.StatusForbidden)
	made := d.call("manager", http.MethodPost, "/keys", map[string]any{"name": "热线", "unit": int(unitHR), "role": "handler", "grants": []string{"read"}, "expires": "2026-01-01"}).want(http.StatusCreated)
	d.keys["new"] = made.text("key")
	own := d.call("new", http.MethodGet, "/keys/own", nil).want(http.StatusOK)
	rotated := d.call("new", http.MethodPost, "/keys/own/rotate", map[string]any{"overlap_hours": 0}).want(http.StatusOK).text("key")
	d.call("new", http.MethodGet, "/keys/own", nil).want(http.StatusUnauthorized)
	d.keys["new"] = rotated
	d.call("new", http.MethodDelete, "/keys/"+strings.Split(d.keys[keyDesk], "_")[1], nil).want(http.StatusNotFound)
	list := d.call("manager", http.MethodGet, "/keys", nil).want(http.StatusOK)
	for _, key := range d.keys {
		if _, secret, _ := strings.Cut(strings.TrimPrefix(key, "huk_"), "_"); strings.Contains(string(list.raw), secret) {
			t.Error("a secret is listed")
		}
	}
	d.call(keyDesk, http.MethodGet, "/keys", nil).want(http.StatusForbidden)
	d.call("manager", http.MethodGet, "/matters", nil).want(http.StatusForbidden)
	d.call("manager", http.MethodDelete, "/keys/"+own.text("id"), nil).want(http.StatusNoContent)
	d.call("new", http.MethodGet, "/keys/own", nil).want(http.StatusUnauthorized)
}

func TestWebhooksOverHTTP(t *testing.T) {
	d := newDoor(t)
	d.letIn("manager", usecase.NewKey{Unit: unitCounty, Role: org.RoleAdmin, Grants: []string{usecase.GrantManage}})
	made := d.call("manager", http.MethodPost, "/webhooks", map[string]any{
		"name": "热线", "unit": int(unitBureau), "url": "https://hooks.example.org/", "kinds": []string{"matter.registered"},
	}).want(http.StatusCreated)
	if !strings.HasPrefix(made.text("secret"), "whsec_") {
		t.Errorf("made: %s", made.raw)
	}
	number := d.register().text("ref")
	page := d.call("manager", http.MethodGet, "/webhooks/1/deliveries", nil).want(http.StatusOK)
	if !strings.Contains(string(page.raw), number) || !strings.Contains(string(page.raw), `"waiting"`) {
		t.Errorf("deliveries: %s", page.raw)
	}
	d.call("manager", http.MethodPost, "/webhooks/1/test", nil).want(http.StatusNoContent)
	d.call("manager", http.MethodPost, "/webhooks/1/deliveries/330112-1/replay", nil).want(http.StatusNoContent)
	if n := d.call("manager", http.MethodPost, "/webhooks/1/replay", map[string]any{"from": "2025-09-20", "to": "2025-09-30"}).want(http.StatusOK).body["deliveries"]; n != 0.0 {
		t.Errorf("%v sent again of those that wait", n)
	}
	if got := d.call("manager", http.MethodPost, "/webhooks/1/state", map[string]any{"active": false}).want(http.StatusOK).text("stopped"); got != "paused" {
		t.Errorf("stopped %q", got)
	}
	d.call("manager", http.MethodPost, "/webhooks/1/test", nil).want(http.StatusConflict)
	d.call("manager", http.MethodPost, "/webhooks/1/state", map[string]any{"active": true}).want(http.StatusOK)
	d.call("manager", http.MethodPost, "/webhooks/1/rotate", map[string]any{"overlap_hours": 1}).want(http.StatusOK)
	if list := d.call("manager", http.MethodGet, "/webhooks", nil).want(http.StatusOK); strings.Contains(string(list.raw), "whsec_") {
		t.Error("a secret is listed")
	}
	d.call(keyDesk, http.MethodGet, "/webhooks", nil).want(http.StatusForbidden)
	d.call("manager", http.MethodDelete, "/webhooks/1", nil).want(http.StatusNoContent)
	d.call("manager", http.MethodGet, "/webhooks/1", nil).want(http.StatusNotFound)
}

func TestImportOverHTTP(t *testing.T) {
	d := newDoor(t)
	d.letIn("import", usecase.NewKey{Unit: unitBureau, Role: org.RoleRegistrar, Grants: []string{"import", "read"}})
	good := map[string]any{
		"sender_number": "H1", "sender": "12345", "channel": "phone", "received": "2025-09-20", "title": "路灯不亮", "narrative": "坏了", "petitioner_name": "张三", "place_code": "330112",
	}
	bad := map[string]any{"sender_number": "H2", "sender": "12345", "channel": "phone", "received": "tomorrow", "title": "t", "narrative": "n"}
	key := header("Idempotency-Key", "batch-0001")
	got := d.call("import", http.MethodPost, "/imports", []any{good, bad}, key).want(http.StatusOK)
	if got.text("state") != "done" || got.body["accepted"] != 1.0 || got.body["refused"] != 1.0 {
		t.Fatalf("imported: %s", got.raw)
	}
	results, _ := got.body["results"].([]any)
	first, _ := results[0].(map[string]any)
	refused, _ := results[1].(map[string]any)
	ref, _ := first["ref"].(string)
	d.call("import", http.MethodGet, "/matters/"+ref, nil).want(http.StatusOK)
	problems, _ := refused["errors"].([]any)
	if p, _ := problems[0].(map[string]any); p["path"] != "received" || p["message"] == "" || refused["ref"] != nil {
		t.Errorf("refused: %v", refused)
	}
	chinese := d.call("import", http.MethodGet, "/imports/"+got.text("id")+"/results?state=refused", nil, header("Accept-Language", "zh")).want(http.StatusOK)
	english, _ := problems[0].(map[string]any)
	if strings.Contains(string(chinese.raw), fmt.Sprint(english["message"])) {
		t.Errorf("not in the asker's language: %s", chinese.raw)
	}
	lines := `{"sender_number":"H1","sender":"12345","channel":"phone","received":"2025-09-20","title":"路灯不亮","narrative":"坏了","petitioner_name":"张三","place_code":"330112"}` + "\n"
	again := d.call("import", http.MethodPost, "/imports", lines, header("Idempotency-Key", "batch-0002"), header("Content-Type", "application/x-ndjson")).want(http.StatusOK)
	if again.body["repeated"] != 1.0 || !strings.Contains(string(again.raw), ref) {
		t.Errorf("again: %s", again.raw)
	}
	d.call("import", http.MethodPost, "/imports", []any{good}, key).want(http.StatusConflict)
	d.call("import", http.MethodPost, "/imports", []any{good}).want(http.StatusUnprocessableEntity)
	d.call("import", http.MethodPost, "/imports", `{"a":1}`, header("Idempotency-Key", "batch-0003")).want(http.StatusUnprocessableEntity)
	d.call(keyDesk, http.MethodGet, "/imports", nil).want(http.StatusForbidden)
	d.call("import", http.MethodGet, "/imports/330112-99", nil).want(http.StatusNotFound)
	if list := d.call("import", http.MethodGet, "/imports", nil).want(http.StatusOK); strings.Count(string(list.raw), `"id"`) != 2 {
		t.Errorf("list: %s", list.raw)
	}
}
