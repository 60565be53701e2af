package api_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/api"
	"huiyin/internal/httpx"
	"huiyin/internal/usecase"
)

func TestWhoMayCall(t *testing.T) {
	d := newDoor(t)
	receipt := d.register()
	number, token := receipt.text("ref"), d.token(receipt)
	for name, c := range map[string]struct {
		key, method, path string
		options           []option
		status            int
		code              string
	}{
		"nobody":                        {"", http.MethodGet, "/matters", nil, 401, "api.auth.missing"},
		"a cookie alone":                {"", http.MethodGet, "/matters", []option{header("Cookie", "__Host-session=abc")}, 401, "api.auth.missing"},
		"another scheme":                {"", http.MethodGet, "/matters", []option{header("Authorization", "Basic aHVrXzo=")}, 401, "api.auth.wrong"},
		"a key that is none":            {"huk_abcdefgh_zzzz", http.MethodGet, "/matters", nil, 401, "auth.key"},
		"a wrong key on an open path":   {"huk_abcdefgh_zzzz", http.MethodGet, "/rules", nil, 401, "auth.key"},
		"a token that is none":          {"hyc_abc", http.MethodGet, "/my", nil, 401, "token.citizen"},
		"a petitioner at the desk":      {token, http.MethodGet, "/matters", nil, 403, "api.auth.machine"},
		"a petitioner takes a step":     {token, http.MethodPost, "/matters/" + number + "/acts/take", nil, 403, "api.auth.machine"},
		"a machine on a citizen's page": {keyDesk, http.MethodGet, "/my", nil, 403, "api.auth.citizen"},
		"a reader acts":                 {keyReader, http.MethodPost, "/matters/" + number + "/acts/take", nil, 403, "auth.grant"},
		"a handler registers":           {keyHandler, http.MethodPost, "/submissions", nil, 403, "auth.grant"},
		"no such path":                  {keyDesk, http.MethodGet, "/nothing", nil, 404, "api.not_found"},
		"no such method":                {keyDesk, http.MethodPut, "/matters", nil, 404, "api.not_found"},
	} {
		got := d.call(c.key, c.method, c.path, nil, c.options...).want(c.status)
		if got.text("code") != c.code || got.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %q %q", name, got.text("code"), got.header.Get("Content-Type"))
		}
		if (c.status == 401) != (got.header.Get("WWW-Authenticate") == "Bearer") {
			t.Errorf("%s: WWW-Authenticate %q", name, got.header.Get("WWW-Authenticate"))
		}
	}
}

func TestProblemShape(t *testing.T) {
	d := newDoor(t)
	bad := letter()
	bad["titel"], bad["channel"], bad["received"] = "x", "pigeon", "yesterday 110105194912310021"
	bad["petitioners"] = []map[string]any{{"name": "张三丰", "id_number": 110105194912310021}}
	delete(bad, "title")
	got := d.call(keyDesk, http.MethodPost, "/submissions", bad).want(http.StatusUnprocessableEntity)
	want := map[string]string{
		"title": "field.required", "titel": "api.field.unknown", "channel": "field.choice", "received": "api.field.instant", "petitioners.0.id_number": "api.field.form",
	}
	if diff := cmp.Diff(want, got.fields()); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"type", "title", "status", "code", "detail", "errors"} {
		if got.body[name] == nil {
			t.Errorf("a problem without %s: %s", name, got.raw)
		}
	}
	if got.text("type") != "/api/docs#invalid" || got.body["status"] != 422.0 || got.header.Get("Content-Language") != "en" {
		t.Errorf("problem: %s %v", got.raw, got.header)
	}
	zh := d.call(keyDesk, http.MethodPost, "/submissions", bad, header("Accept-Language", "zh-CN")).want(http.StatusUnprocessableEntity)
	if zh.text("title") != "填写有误" || zh.text("code") != got.text("code") {
		t.Errorf("in Chinese: %s", zh.raw)
	}
}

// TestNothingIsRepeated sends a value that must stay where it is in every way a request can be wrong.
func TestNothingIsRepeated(t *testing.T) {
	d := newDoor(t)
	receipt := d.register()
	number := receipt.text("ref")
	const secret = "110105194912310021" // the check digit is wrong
	person := func(name string, v any) map[string]any {
		l := letter()
		l["petitioners"] = []map[string]any{{"name": "某", name: v}}
		return l
	}
	with := func(name string, v any) map[string]any {
		l := letter()
		l[name] = v
		return l
	}
	for name, c := range map[string]struct {
		method, path string
		body         any
		options      []option
	}{
		"domain check":       {http.MethodPost, "/submissions", person("id_number", secret), nil},
		"telephone":          {http.MethodPost, "/submissions", person("phone", secret+secret), nil},
		"type":               {http.MethodPost, "/submissions", person("name", map[string]any{secret: secret}), nil},
		"unknown member":     {http.MethodPost, "/submissions", with(secret, 1), nil},
		"enumeration":        {http.MethodPost, "/submissions", with("kind", secret), nil},
		"too long":           {http.MethodPost, "/submissions", with("title", strings.Repeat(secret, 20)), nil},
		"instant":            {http.MethodPost, "/submissions", with("received", secret), nil},
		"not JSON":           {http.MethodPost, "/submissions", `{"title": ` + secret + `x}`, nil},
		"another media type": {http.MethodPost, "/submissions", secret, []option{header("Content-Type", "text/plain")}},
		"bad key":            {http.MethodPost, "/submissions", letter(), []option{header("Idempotency-Key", secret+"!")}},
		"day of an act":      {http.MethodPost, "/matters/" + number + "/acts/press", map[string]any{"reason": "x", "by": secret}, nil},
		"member of an act":   {http.MethodPost, "/matters/" + number + "/acts/press", map[string]any{"reason": "x", "by": "2025-10-20", secret: 1}, nil},
		"type of an act":     {http.MethodPost, "/matters/" + number + "/acts/forward", map[string]any{"unit": secret, "mode": "transfer", "why": "x"}, nil},
		"path":               {http.MethodGet, "/matters/" + secret, nil, nil},
		"query":              {http.MethodGet, "/matters?view=" + secret, nil, nil},
		"unknown query":      {http.MethodGet, "/matters?" + secret + "=1", nil, nil},
		"cursor":             {http.MethodGet, "/matters?cursor=" + secret, nil, nil},
		"If-Match":           {http.MethodPost, "/matters/" + number + "/acts/take", nil, []option{header("If-Match", secret+"x")}},
		"authorization":      {http.MethodGet, "/matters", nil, []option{header("Authorization", "Bearer "+secret)}},
	} {
		got := d.call(keyDesk, c.method, c.path, c.body, c.options...)
		if got.status < 400 || got.status >= 500 || got.text("code") == "" {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
		if bytes.Contains(got.raw, []byte(secret[:12])) {
			t.Errorf("%s: the answer repeats what was sent: %s", name, got.raw)
		}
		got.fields()
	}
	if strings.Contains(d.log.String(), secret) {
		t.Errorf("the log holds what was sent: %s", d.log)
	}
}

func TestIdempotency(t *testing.T) {
	d := newDoor(t)
	key := header("Idempotency-Key", "letter-0001")
	one := d.call(keyDesk, http.MethodPost, "/submissions", letter(), key).want(http.StatusCreated)
	again := d.call(keyDesk, http.MethodPost, "/submissions", letter(), key).want(http.StatusCreated)
	if diff := cmp.Diff(one.body, again.body); diff != "" {
		t.Errorf("a repetition answers otherwise: %s", diff)
	}
	other := letter()
	other["title"] = "另一件"
	if got := d.call(keyDesk, http.MethodPost, "/submissions", other, key).want(http.StatusConflict).text("code"); got != "idempotency.other" {
		t.Errorf("another request under the key: %q", got)
	}
	number := one.text("ref")
	screen := map[string]any{"kind": "appeal", "category": "N0502", "level": "ordinary"}
	d.act(keyDesk, number, "screen", screen, key).want(http.StatusConflict)
	for range 2 {
		if got := d.act(keyDesk, number, "screen", screen, header("Idempotency-Key", `"screen-0001"`)).want(http.StatusOK); got.body["version"] != 2.0 {
			t.Errorf("screened twice: %s", got.raw)
		}
	}
	// the same key of another caller is another key
	open := map[string]any{
		"channel": "web", "title": "路灯", "demands": []string{"修好"}, "place": 330112, "petitioners": []map[string]any{{"name": "李", "phone": "13800000000"}},
	}
	if got := d.call("", http.MethodPost, "/submissions", open, key).want(http.StatusCreated); got.text("ref") == number {
		t.Error("two callers meet under one key")
	}
}

func TestVersions(t *testing.T) {
	d := newDoor(t)
	number := d.register().text("ref")
	tag := d.call(keyDesk, http.MethodGet, "/matters/"+number, nil).want(http.StatusOK).header.Get("ETag")
	screen := map[string]any{"kind": "appeal", "category": "N0502", "level": "ordinary"}
	d.act(keyDesk, number, "screen", screen, header("If-Match", tag)).want(http.StatusOK)
	if got := d.act(keyDesk, number, "screen", screen, header("If-Match", tag)).want(http.StatusConflict).text("code"); got != "matter.changed" {
		t.Errorf("a version that is past: %q", got)
	}
	d.act(keyDesk, number, "screen?version=1", screen).want(http.StatusConflict)
	d.act(keyDesk, number, "screen?version=2", screen).want(http.StatusOK)
	d.act(keyDesk, number, "screen?version=2", screen, header("If-Match", `"3"`)).want(http.StatusUnprocessableEntity)
	d.act(keyDesk, number, "screen", map[string]any{}).want(http.StatusUnprocessableEntity)
	d.act(keyDesk, number, "screen", nil).want(http.StatusBadRequest)
}

func TestPages(t *testing.T) {
	d := newDoor(t)
	batch := make([]map[string]any, 25)
	for i := range batch {
		batch[i] = letter()
		batch[i]["title"] = fmt.Sprintf("第 %d 件", i)
		batch[i]["sender"], batch[i]["sender_number"] = "12345", fmt.Sprint(i)
	}
	batch[7]["petitioners"] = []map[string]any{{"name": "某", "id_number": "110105194912310021"}}
	send := func() answer {
		return d.call(keyDesk, http.MethodPost, "/submissions/batch", map[string]any{"submissions": batch}).want(http.StatusOK)
	}
	got := send()
	if got.body["taken"] != 24.0 || got.body["refused"] != 1.0 {
		t.Fatalf("batch: %s", got.raw)
	}
	results, _ := got.body["results"].([]any)
	refused, _ := results[7].(map[string]any)
	if refused["problem"] == nil || refused["receipt"] != nil {
		t.Errorf("the one that is wrong: %v", refused)
	}
	if again := send(); again.body["taken"] != 24.0 || strings.Contains(string(again.raw), `"pin"`) {
		t.Errorf("the senders' numbers are taken in again: %s", again.raw)
	}
	seen := map[string]bool{}
	next := "/matters?limit=7&list=all&view=open"
	for pages := 1; next != ""; pages++ {
		if pages > 4 {
			t.Fatal("the pages do not end")
		}
		page := d.call(keyDesk, http.MethodGet, next, nil).want(http.StatusOK)
		rows, _ := page.body["matters"].([]any)
		if len(rows) > 7 {
			t.Errorf("a page of %d", len(rows))
		}
		for _, r := range rows {
			row, _ := r.(map[string]any)
			number, _ := row["ref"].(string)
			if seen[number] {
				t.Errorf("%s on two pages", number)
			}
			seen[number] = true
		}
		next = page.text("next")
	}
	if len(seen) != 24 {
		t.Errorf("%d matters on all pages, want 24", len(seen))
	}
}

func TestFilingWithoutKey(t *testing.T) {
	d := newDoor(t)
	body := map[string]any{
		"channel": "web", "title": "路灯", "demands": []string{"修好"}, "place": 330112, "petitioners": []map[string]any{{"name": "李", "phone": "13800000000"}},
	}
	receipt := d.call("", http.MethodPost, "/submissions", body).want(http.StatusCreated)
	d.call("", http.MethodPost, "/submissions", letter()).want(http.StatusUnauthorized)
	for range 18 {
		d.call("", http.MethodPost, "/submissions", body).want(http.StatusCreated)
	}
	got := d.call("", http.MethodPost, "/submissions", body).want(http.StatusTooManyRequests)
	if got.header.Get("Retry-After") == "" {
		t.Error("nobody says when to try again")
	}
	// code and PIN
	wrong := func(code string) answer {
		return d.call("", http.MethodPost, "/track", map[string]any{"code": code, "pin": "000000"})
	}
	code := receipt.text("code")
	for _, spelt := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(code, "-", " "), " " + code} {
		if c := wrong(spelt).want(http.StatusUnauthorized).text("code"); c != "code.wrong" {
			t.Errorf("%q: %q", spelt, c)
		}
	}
	wrong(strings.ReplaceAll(code, "-", "--")).want(http.StatusTooManyRequests) // one code, however it is spelt
}

func TestTokenEnds(t *testing.T) {
	d := newDoor(t)
	token := d.token(d.register())
	d.call(token, http.MethodGet, "/my", nil).want(http.StatusOK)
	d.now.Add(int64(30 * time.Minute / time.Microsecond))
	if got := d.call(token, http.MethodGet, "/my", nil).want(http.StatusUnauthorized).text("code"); got != "token.citizen" {
		t.Errorf("an ended token: %q", got)
	}
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAttachments(t *testing.T) {
	d := newDoor(t)
	bare := d.call(keyDesk, http.MethodPost, "/attachments?name=a.png", string(picture(t)), header("Content-Type", "image/png")).want(http.StatusCreated)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "b.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(picture(t)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	multi := d.call(keyDesk, http.MethodPost, "/attachments", form.String(), header("Content-Type", w.FormDataContentType())).want(http.StatusCreated)
	if multi.text("name") != "b.png" || multi.text("mime") != "image/png" {
		t.Errorf("form: %s", multi.raw)
	}
	cut := form.String()[:form.Len()-len(w.Boundary())-6]
	for name, c := range map[string]struct{ body, code string }{
		"cut in the file": {cut, "api.body.form"}, "no file": {"--" + w.Boundary() + "--\r\n", "form.invalid"},
	} {
		if got := d.call(keyDesk, http.MethodPost, "/attachments", c.body, header("Content-Type", w.FormDataContentType())).want(http.StatusUnprocessableEntity).text("code"); got != c.code {
			t.Errorf("%s: %s", name, got)
		}
	}
	d.call(keyDesk, http.MethodPost, "/attachments?name=a.png", "<html>", header("Content-Type", "image/png")).want(http.StatusUnprocessableEntity)
	d.call("", http.MethodPost, "/attachments?name=a.png", string(picture(t)), header("Content-Type", "image/png")).want(http.StatusUnprocessableEntity)
	d.call("", http.MethodPost, "/attachments?name=a.png&place=330112", string(picture(t)), header("Content-Type", "image/png")).want(http.StatusCreated)

	l := letter()
	l["attachments"] = []string{bare.text("id"), multi.text("id")}
	receipt := d.call(keyDesk, http.MethodPost, "/submissions", l).want(http.StatusCreated)
	path := "/matters/" + receipt.text("ref") + "/attachments/" + bare.text("id")
	for _, key := range []string{keyDesk, d.token(receipt)} {
		got := d.call(key, http.MethodGet, path, nil).want(http.StatusOK)
		if !bytes.Equal(got.raw, picture(t)) || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("download: %d bytes, %v", len(got.raw), got.header)
		}
	}
	d.call(keySibling, http.MethodGet, path, nil).want(http.StatusNotFound)
	d.call(d.token(d.register()), http.MethodGet, path, nil).want(http.StatusNotFound)
}

func TestOpenData(t *testing.T) {
	d := newDoor(t)
	for path, want := range map[string]string{
		"/places?inside=330112":         `"level":"town"`,
		"/places?q=%E4%B8%B4%E5%AE%89":  `330112`,
		"/places/330112":                `浙江省杭州市临安区`,
		"/places/331127":                `Jingning She Autonomous County, Lishui City, Zhejiang Province`,
		"/categories":                   `N0502`,
		"/units?q=xfj":                  `临安区信访局`,
		"/units?parent=1":               `临安区住房和城乡建设局`,
		"/units/2":                      `"path":["临安区","临安区信访局"]`,
		"/due?rule=D05&from=2025-08-05": `"legal_end":"2025-10-`,
		"/due?rule=D05&from=2025-08-05&jurisdiction=33":                                    `"rule":"D05"`,
		"/due?rule=D05&from=2025-08-05&extended=30&approved=2025-09-29":                    `"code":"law.step.extended"`,
		"/due?rule=D10b&from=2026-03-02&paused=2026-03-10..2026-03-11&paused=2026-03-14..": `"code":"law.step.pausing"`,
		"/due?rule=D10&from=2025-08-05&by=2025-09-01":                                      `"legal_end":"2025-09-01"`,
		"/due?rule=D34&from=2025-08-05":                                                    `"set":"labour-inspection-2004"`,
		"/due?rule=D15&from=2025-08-05":                                                    `"certainty":"unconfirmed"`,
		"/due?rule=D05&from=2025-08-05&jurisdiction=330112":                                `"standing":"not_adopted"`,
		"/rules":                            `"id":"D05"`,
		"/rules?side=other":                 `"subject":"labour-`,
		"/rules?set=labour-inspection-2004": `"id":"D34"`,
		"/calendar/2026":                    `"published":true`,
	} {
		if got := d.call("", http.MethodGet, path, nil).want(http.StatusOK); !strings.Contains(string(got.raw), want) {
			t.Errorf("%s: no %s in %s", path, want, got.raw)
		}
	}
	d.call("", http.MethodGet, "/places/999999", nil).want(http.StatusNotFound)
	d.call("", http.MethodGet, "/units/999", nil).want(http.StatusNotFound)
	d.call("", http.MethodGet, "/due?rule=D99&from=2025-08-05", nil).want(http.StatusNotFound)
	for query, want := range map[string]string{
		"from=2025-02-30":                      `"from"`,
		"from=2025-08-05&jurisdiction=339999":  `"jurisdiction"`,
		"from=2025-08-05&extended=30":          `"approved"`,
		"from=2025-08-05&approved=2025-09-01":  `"extended"`,
		"from=2025-08-05&by=2025-08-01":        `"by"`,
		"from=2025-08-05&paused=2025-08-06":    `2026-03-10..2026-03-14`,
		"from=2025-08-05&paused=2025-08-06..x": `"paused"`,
	} {
		if got := d.call("", http.MethodGet, "/due?rule=D05&"+query, nil).want(http.StatusUnprocessableEntity); !strings.Contains(string(got.raw), want) {
			t.Errorf("%s: no %s in %s", query, want, got.raw)
		}
	}
	for query, want := range map[string]int{
		"rule=D10&from=2025-08-05":                                 http.StatusUnprocessableEntity,
		"rule=D05&from=2025-08-05&extended=31&approved=2025-09-01": http.StatusConflict,
		"rule=D05&from=2025-08-05&paused=2025-08-06..2025-08-07":   http.StatusConflict,
		"rule=D25&from=2026-03-02&jurisdiction=440303":             http.StatusNotFound,
	} {
		d.call("", http.MethodGet, "/due?"+query, nil).want(want)
	}
	for query, want := range map[string]string{"subject=nothing": "labour-arbitration", "set=nothing": "national-2022", "jurisdiction=339999": "jurisdiction"} {
		if got := d.call("", http.MethodGet, "/rules?"+query, nil).want(http.StatusUnprocessableEntity); !strings.Contains(string(got.raw), want) {
			t.Errorf("%s: no %s in %s", query, want, got.raw)
		}
	}
	d.call("", http.MethodGet, "/proof/330112-2025-0000001", nil).want(http.StatusNotFound)
	d.call(keyReader, http.MethodGet, "/responsibilities/suggest?category=N0502&place=330112", nil).want(http.StatusOK)
}

// TestDescription holds the committed description to the program. Write it anew with -update.
func TestDescription(t *testing.T) {
	d := newDoor(t)
	got := d.call("", http.MethodGet, "/api/openapi.json", nil).want(http.StatusOK)
	if *update {
		if err := os.WriteFile("openapi.json", got.raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got.raw) {
		t.Error("openapi.json is not what the program says: run go test ./internal/api -run TestDescription -update")
	}
	if bytes.Contains(got.raw, []byte("⟦")) {
		t.Error("a text of the description is missing")
	}
	yaml := d.call("", http.MethodGet, "/api/openapi.yaml", nil).want(http.StatusOK)
	if !bytes.Contains(yaml.raw, []byte("openapi: 3.1.0")) {
		t.Errorf("yaml begins with %.80s", yaml.raw)
	}
}

func TestDocsPage(t *testing.T) {
	d := newDoor(t)
	for lang, want := range map[string]string{"zh": "登记一件", "en": "Register a submission"} {
		page := string(d.call("", http.MethodGet, "/api/docs", nil, header("Accept-Language", lang)).want(http.StatusOK).raw)
		for _, w := range []string{want, "/api/v1/matters/{ref}/acts/screen", `id="conflict"`} {
			if !strings.Contains(page, w) {
				t.Errorf("%s: no %q on the page", lang, w)
			}
		}
		for _, never := range []string{"<script", "style=", "⟦", `src="http`, `href="http`, "url(http"} {
			if strings.Contains(page, never) {
				t.Errorf("%s: %q on the page", lang, never)
			}
		}
	}
	d.call("", http.MethodGet, "/api/docs.css", nil).want(http.StatusOK)
}

func TestWants(t *testing.T) {
	for path, want := range map[string]bool{"/api/v1/matters": true, "/api/docs": true, "/apiary": false, "/desk/api/": false} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := api.Wants(r); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// TestForgedTokens changes every byte of a good token.
func TestForgedTokens(t *testing.T) {
	d := newDoor(t)
	token := d.token(d.register())
	good, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(token, usecase.CitizenTokenPrefix))
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		forged := bytes.Clone(good)
		forged[i] ^= 1
		if _, err := d.office.CitizenActor(usecase.CitizenTokenPrefix + base64.RawURLEncoding.EncodeToString(forged)); err == nil {
			t.Errorf("byte %d does not count", i)
		}
	}
}

// TestLimits runs behind the server's own limit: a file may be longer than other bodies, and nothing longer than it may.
func TestLimits(t *testing.T) {
	d := newDoor(t)
	inner := d.mux
	d.mux = http.NewServeMux()
	d.mux.Handle("/", httpx.LimitBody(httpx.DefaultBody)(inner))
	noise := image.NewGray(image.Rect(0, 0, 1300, 1300))
	if _, err := rand.NewChaCha8([32]byte{3}).Read(noise.Pix); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, noise); err != nil {
		t.Fatal(err)
	}
	if b.Len() <= httpx.DefaultBody {
		t.Fatalf("the picture has only %d bytes", b.Len())
	}
	d.call(keyDesk, http.MethodPost, "/attachments?name=a.png", b.String(), header("Content-Type", "image/png")).want(http.StatusCreated)
	long := letter()
	long["narrative"] = strings.Repeat("长", httpx.DefaultBody)
	for path, body := range map[string]any{"/submissions": long, "/attachments": strings.Repeat("x", httpx.MaxUpload+1<<20)} {
		if got := d.call(keyDesk, http.MethodPost, path, body).want(http.StatusRequestEntityTooLarge); got.text("code") != "api.body.large" {
			t.Errorf("%s: %s", path, got.raw)
		}
	}
}
