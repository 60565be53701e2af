package app

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// TestLogsAndMetricsAreSilent: a petition is filed, looked for, read, told of and refused, and neither the log, with all that it has for debugging, nor what is
// measured holds anything that was typed or handed out.
func TestLogsAndMetricsAreSilent(t *testing.T) {
	var log locked
	a, err := Open(t.Context(), Config{Data: t.TempDir(), Metrics: "127.0.0.1:0", Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(err)
	t.Cleanup(func() { ok(a.Close()) })
	const password = "Sturdy-Door-71"
	ok(a.Office.FirstRun(t.Context(), usecase.FirstRun{County: 330112, Departments: true, SignIn: "admin", Name: "管理员", Password: password}))
	bureau, found := a.Office.Chart().First(func(u org.Unit) bool { return u.Kind == org.KindBureau })
	if !found {
		t.Fatal("no bureau")
	}
	key, err := a.Office.AddKey(t.Context(), org.System(), usecase.NewKey{Name: "desk", Unit: bureau.ID, Role: org.RoleRegistrar, Grants: usecase.KeyGrants(), Expires: law.NoDay})
	ok(err)
	v := visit(t, a)
	v.post("/file/who", "kind", "appeal", "petitioners.0.name", typedName, "petitioners.0.phone", typedPhone, "petitioners.0.id_number", typedNumber,
		"petitioners.0.address", typedHome)
	v.post("/file/what", "title", typedTitle, "place", "330112104201", "narrative", typedStory, "elsewhere", "no")
	v.post("/file/demands", "demands.0", typedDemand)
	v.post("/file/materials")
	receipt, _ := v.post("/file/review")
	code := regexp.MustCompile(`query-code[^>]*>\s*([0-9A-Z-]+)`).FindStringSubmatch(receipt)
	pin := regexp.MustCompile(`id="pin"[^>]*>\s*([0-9]{6})`).FindStringSubmatch(receipt)
	if code == nil || pin == nil {
		t.Fatal("no code and PIN on the receipt")
	}
	v.post("/track", "code", code[1], "pin", pin[1])
	v.get("/no/" + url.PathEscape(typedTitle))

	call := func(want int, method, path string, body any) {
		t.Helper()
		text, err := json.Marshal(body)
		ok(err)
		if raw, is := body.(string); is {
			text = []byte(raw)
		}
		r, err := http.NewRequestWithContext(t.Context(), method, v.base+"/api/v1"+path, strings.NewReader(string(text)))
		ok(err)
		r.Header.Set("Authorization", "Bearer "+key)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("User-Agent", typedHome)
		answer, err := v.client.Do(r)
		ok(err)
		said, err := io.ReadAll(answer.Body)
		ok(err)
		ok(answer.Body.Close())
		if answer.StatusCode != want {
			t.Errorf("%s %s: %s %s", method, path, answer.Status, said)
		}
	}
	letter := map[string]any{
		"channel": "visit", "title": typedTitle, "narrative": typedStory, "demands": []string{typedDemand}, "place": bureau.Place,
		"petitioners": []any{map[string]any{"name": typedName, "phone": typedPhone, "id_number": typedNumber, "address": typedHome}},
	}
	call(http.StatusCreated, http.MethodPost, "/submissions", letter)
	call(http.StatusOK, http.MethodGet, "/matters?q="+url.QueryEscape(typedTitle), nil)
	call(http.StatusAccepted, http.MethodPost, "/exports?q="+url.QueryEscape(typedTitle), nil)
	letter["channel"] = typedStory
	call(http.StatusUnprocessableEntity, http.MethodPost, "/submissions", letter)
	call(http.StatusBadRequest, http.MethodPost, "/submissions", `{"title": "`+typedTitle)
	for _, work := range []func() error{
		func() error { return a.Office.RunJobs(t.Context()) },
		func() error { _, err := a.Office.Sequence(t.Context()); return err },
		func() error { _, err := a.Office.Index(t.Context()); return err },
		func() error { _, err := a.Office.Fold(t.Context()); return err },
		func() error { _, err := a.Sender.Run(t.Context()); return err },
	} {
		ok(work())
	}

	measured := httptest.NewRecorder()
	a.metrics.handler().ServeHTTP(measured, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	told := map[string]string{"the log": log.b.String(), "what is measured": measured.Body.String()}
	for where, text := range told {
		if !strings.Contains(text, "/api/v1/submissions") {
			t.Errorf("%s does not know of the request: %.300s", where, text)
		}
		for _, typed := range []string{
			typedName, typedPhone, typedNumber, typedHome, typedTitle, typedStory, typedDemand, "标记", code[1], strings.ReplaceAll(code[1], "-", ""), pin[1], password, key,
		} {
			quoted, err := json.Marshal(typed)
			ok(err)
			for _, form := range []string{typed, url.QueryEscape(typed), url.PathEscape(typed), strings.Trim(string(quoted), `"`)} {
				if strings.Contains(text, form) {
					t.Errorf("%s holds %q", where, form)
				}
			}
		}
	}
}
