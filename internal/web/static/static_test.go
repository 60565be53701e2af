package static

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestAssetsAreServedForAYear(t *testing.T) {
	for name, kind := range map[string]string{
		"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8", "htmx.js": "text/javascript; charset=utf-8",
		"favicon.svg": "image/svg+xml", "favicon.png": "image/png", "touch.png": "image/png",
	} {
		w := get(http.MethodGet, URL(name))
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("%s: %d, %d bytes", name, w.Code, w.Body.Len())
		}
		if got := w.Header().Get("Content-Type"); got != kind {
			t.Errorf("%s is %q, want %q", name, got, kind)
		}
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s is kept %q", name, got)
		}
		if head := get(http.MethodHead, URL(name)); head.Code != http.StatusOK || head.Body.Len() != 0 {
			t.Errorf("HEAD %s: %d, %d bytes", name, head.Code, head.Body.Len())
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	for _, path := range []string{URL("none.css"), Prefix, Prefix + "app.css", Prefix + "../static.go", Prefix + "dist", Prefix + "a/../" + hashed("app.css")} {
		if w := get(http.MethodGet, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := get(http.MethodPost, URL("app.css")); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST: %d", w.Code)
	}
}

// The content security policy forbids fetching from elsewhere, and browsers older than nesting and layers are served.
func TestStyleSheetIsSelfContainedAndFlat(t *testing.T) {
	css, err := fs.ReadFile(files, "dist/"+hashed("app.css"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{`https?:`, `@import`, `@layer`, `url\(`, `&`} {
		if found := regexp.MustCompile(pattern).Find(css); found != nil {
			t.Errorf("the style sheet holds %q", found)
		}
	}
	for _, class := range []string{".official", ".worklist", ".demand", ".clock-track", ".only-heard"} {
		if !strings.Contains(string(css), class) {
			t.Errorf("the style sheet lacks %s", class)
		}
	}
}
