package api_test

import (
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/matter"
)

// TestWholeLife takes a petition from its letter to its rating through the API alone, but for the head's signature.
func TestWholeLife(t *testing.T) {
	d := newDoor(t)
	receipt := d.register()
	number := receipt.text("ref")
	if got := receipt.header.Get("Location"); got != "/api/v1/matters/"+number {
		t.Errorf("Location %q", got)
	}
	state := func(a answer, want string) string {
		t.Helper()
		if got := a.want(http.StatusOK).text("state"); got != want {
			t.Fatalf("state %q, want %q", got, want)
		}
		return a.header.Get("ETag")
	}
	tag := state(d.act(keyDesk, number, "screen", map[string]any{"kind": "appeal", "category": "N0502", "level": "ordinary"}), "screened")
	state(d.act(keyDesk, number, "forward", map[string]any{"unit": unitHR, "mode": "transfer", "why": "工资归人社"}, header("If-Match", tag)), "forwarded")
	state(d.act(keyHandler, number, "sign", nil), "signed")
	state(d.act(keyHandler, number, "accept", map[string]any{"contact": "0571-63700000"}), "accepted")
	state(d.act(keyHandler, number, "record", map[string]any{"kind": "heard", "text": "听取了陈述"}), "investigating")
	answers := []map[string]any{
		{"demand": 1, "outcome": "support", "facts": "拖欠属实", "basis": "劳动法第五十条", "promise": "付清", "promise_by": "2025-10-20"},
		{"demand": 2, "outcome": "explain", "facts": "总包未付款", "basis": "合同"},
	}
	state(d.act(keyHandler, number, "draft", map[string]any{"facts": "查明", "basis": "劳动法", "answers": answers}), "drafted")
	if got := d.act(keyHandler, number, "issue", nil).want(http.StatusForbidden).text("code"); got != "act.power" {
		t.Errorf("a machine signs: %q", got)
	}
	if _, err := d.office.Do(t.Context(), head(), ref(t, number), 0, &matter.Issue{}); err != nil {
		t.Fatal(err)
	}
	state(d.act(keyHandler, number, "serve", map[string]any{"submission": number, "method": "online", "on": "2025-09-26", "proof": "网上送达"}), "served")
	state(d.act(keyHandler, number, "ease", map[string]any{"solved": "工资已付", "explained": "说明了原因"}), "served")
	state(d.act(keyHandler, number, "complete", map[string]any{}), "completed")
	state(d.act(keySupervisor, number, "visit", map[string]any{"submission": number, "how": "电话", "resolved": true, "words": "满意"}), "completed")

	token := d.token(receipt)
	my := d.call(token, http.MethodGet, "/my", nil).want(http.StatusOK)
	if my.text("state") != "completed" || my.text("code") != receipt.text("code") {
		t.Errorf("my matter: %s", my.raw)
	}
	if strings.Contains(string(my.raw), "工资归人社") == false || strings.Contains(string(my.raw), "听取了陈述") {
		t.Errorf("the petitioner is told why it was forwarded, and not what was recorded: %s", my.raw)
	}
	reply := d.call(token, http.MethodGet, "/my/answer", nil).want(http.StatusOK)
	if list, _ := reply.body["answers"].([]any); len(list) != 2 || reply.text("review_until") == "" {
		t.Errorf("my answer: %s", reply.raw)
	}
	d.call(token, http.MethodPost, "/my/acts/rate", map[string]any{"receiving": "satisfied", "handling": "dissatisfied", "words": "太慢了"}).want(http.StatusOK)

	// the handler sees nothing of the own rating; the supervisor does
	for key, sees := range map[string]bool{keyHandler: false, keySupervisor: true} {
		events := d.call(key, http.MethodGet, "/matters/"+number+"/events", nil).want(http.StatusOK)
		whole := d.call(key, http.MethodGet, "/matters/"+number, nil).want(http.StatusOK)
		if strings.Contains(string(events.raw), `"rated"`) != sees || strings.Contains(string(events.raw), "太慢了") != sees || strings.Contains(string(whole.raw), "太慢了") != sees {
			t.Errorf("%s sees the rating, want %v", key, sees)
		}
	}
	if _, err := d.office.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := d.call("", http.MethodGet, "/proof/"+number, nil).want(http.StatusOK); got.text("link") == "" || got.text("head") == "" {
		t.Errorf("proof: %s", got.raw)
	}
}

func TestIdentityIsMaskedUntilOpened(t *testing.T) {
	d := newDoor(t)
	receipt := d.register()
	number := receipt.text("ref")
	secrets := []string{"张三丰", "11010519491231002X", "13800000000", "某路"}
	for _, path := range []string{"/matters", "/matters/" + number, "/matters/" + number + "/events"} {
		got := d.call(keyDesk, http.MethodGet, path, nil).want(http.StatusOK)
		for _, s := range secrets {
			if strings.Contains(string(got.raw), s) {
				t.Errorf("%s shows %s", path, s)
			}
		}
	}
	open := map[string]any{"submission": number, "reason": "contact", "words": "约时间"}
	d.call(keyReader, http.MethodPost, "/matters/"+number+"/identities", open).want(http.StatusForbidden)
	d.call(keySibling, http.MethodPost, "/matters/"+number+"/identities", open).want(http.StatusNotFound)
	got := d.call(keyDesk, http.MethodPost, "/matters/"+number+"/identities", open).want(http.StatusOK)
	for _, s := range secrets {
		if !strings.Contains(string(got.raw), s) {
			t.Errorf("opened and without %s: %s", s, got.raw)
		}
	}
	for key, path := range map[string]string{d.token(receipt): "/my/looks", keySupervisor: "/looks"} {
		looks := d.call(key, http.MethodGet, path, nil).want(http.StatusOK)
		if list, _ := looks.body["looks"].([]any); len(list) != 1 || !strings.Contains(string(looks.raw), "约时间") {
			t.Errorf("%s: the look is not there: %s", path, looks.raw)
		}
	}
}

func TestScope(t *testing.T) {
	d := newDoor(t)
	number := d.register().text("ref")
	for _, call := range []struct{ method, path string }{
		{http.MethodGet, ""}, {http.MethodGet, "/events"}, {http.MethodPost, "/acts/take"}, {http.MethodGet, "/attachments/6f1d2c3b4a59687766554433"},
	} {
		got := d.call(keySibling, call.method, "/matters/"+number+call.path, nil).want(http.StatusNotFound)
		unknown := d.call(keySibling, call.method, "/matters/330112-2025-9999999"+call.path, nil).want(http.StatusNotFound)
		if got.text("code") != unknown.text("code") {
			t.Errorf("%s: a sibling's matter answers %q, one that is not there %q", call.path, got.text("code"), unknown.text("code"))
		}
	}
	if list, _ := d.call(keySibling, http.MethodGet, "/matters", nil).want(http.StatusOK).body["matters"].([]any); len(list) != 0 {
		t.Errorf("a sibling lists %d matters", len(list))
	}
	if list, _ := d.call(keyReader, http.MethodGet, "/matters", nil).want(http.StatusOK).body["matters"].([]any); len(list) != 1 {
		t.Errorf("the bureau lists %d matters", len(list))
	}
}

func TestLinks(t *testing.T) {
	d := newDoor(t)
	one, receipt := d.register().text("ref"), d.register()
	two := receipt.text("ref")
	d.call(keyDesk, http.MethodPost, "/matters/"+one+"/links", map[string]any{"other": two, "reason": "同一工地"}).want(http.StatusNoContent)
	if got := d.call(keyDesk, http.MethodGet, "/matters/"+two, nil).want(http.StatusOK).text("merged_into"); got != one {
		t.Errorf("merged into %q", got)
	}
	my := d.call(d.token(receipt), http.MethodGet, "/my", nil).want(http.StatusOK)
	if my.text("ref") != two || my.text("matter") != one || strings.Contains(string(my.raw), "同一工地") {
		t.Errorf("joined: %s", my.raw)
	}
	d.call(keyDesk, http.MethodDelete, "/matters/"+one+"/links/"+two, nil).want(http.StatusUnprocessableEntity)
	d.call(keyDesk, http.MethodDelete, "/matters/"+one+"/links/"+two+"?reason=different", nil).want(http.StatusNoContent)
	if got := d.call(keyDesk, http.MethodGet, "/matters/"+two, nil).want(http.StatusOK).text("merged_into"); got != "" {
		t.Errorf("still merged into %q", got)
	}
}

// TestAccusation: what is raised against a body reaches no key. Keys act in no role of the sealed compartment.
func TestAccusation(t *testing.T) {
	d := newDoor(t)
	receipt := d.call("", http.MethodPost, "/submissions", map[string]any{
		"channel": "web", "kind": "accusation", "title": "举报收费", "demands": []string{"查处"}, "place": 330112, "accused": []int{int(unitHousing)},
	}).want(http.StatusCreated)
	for _, key := range []string{keyDesk, keySupervisor, keySibling} {
		d.call(key, http.MethodGet, "/matters/"+receipt.text("ref"), nil).want(http.StatusNotFound)
		if page := d.call(key, http.MethodGet, "/matters", nil).want(http.StatusOK); strings.Contains(string(page.raw), receipt.text("ref")) {
			t.Errorf("%s lists an accusation", key)
		}
	}
	if my := d.call(d.token(receipt), http.MethodGet, "/my", nil).want(http.StatusOK); my.text("title") != "举报收费" {
		t.Errorf("the petitioner's own: %s", my.raw)
	}
}

func TestRefusalCitesTheArticle(t *testing.T) {
	d := newDoor(t)
	number := d.register().text("ref")
	got := d.act(keyDesk, number, "sign", nil)
	if got.status != http.StatusForbidden && got.status != http.StatusConflict {
		t.Fatalf("signed before it was sent: %s", got.raw)
	}
	d.act(keyDesk, number, "screen", map[string]any{"kind": "appeal", "category": "N0502", "level": "ordinary"}).want(http.StatusOK)
	d.act(keyDesk, number, "take", nil).want(http.StatusOK)
	got = d.act(keyDesk, number, "take", nil).want(http.StatusConflict)
	if got.text("code") != "act.state" || got.text("type") != "/api/docs#refused" || !strings.Contains(got.text("article"), "Article 23") {
		t.Errorf("a refusal: %s", got.raw)
	}
}
