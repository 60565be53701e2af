package httpx_test

import (
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"huiyin/internal/httpx"
)

func TestServeDownload(t *testing.T) {
	const content = "0123456789"
	h := httpx.SecurityHeaders(httpx.Proxies{})(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httpx.ServeDownload(w, r, "答复意见书 \r\nX: y\".pdf", "application/pdf", strings.NewReader(content), "abc")
	}))
	r := get(t, h, "/")
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	if err != nil || kind != "attachment" || params["filename"] != "答复意见书   X_ y_.pdf" {
		t.Errorf("%v, %q, %v", kind, params["filename"], err)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X": "",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Etag": `"abc"`, "Content-Length": "10",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := text(t, r); got != content {
		t.Errorf("content %q", got)
	}
	if r := get(t, h, "/", "Range", "bytes=2-4"); r.StatusCode != http.StatusPartialContent || text(t, r) != "234" {
		t.Errorf("range: %d", r.StatusCode)
	}
	if r := get(t, h, "/", "If-None-Match", `"abc"`); r.StatusCode != http.StatusNotModified {
		t.Errorf("known already: %d", r.StatusCode)
	}
}

// failingContent gives what is before its end and then an error.
type failingContent struct{ *strings.Reader }

func (c failingContent) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	if errors.Is(err, io.EOF) {
		err = errors.New("broken")
	}
	return n, err
}

func (c failingContent) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekEnd {
		return c.Size() + 100, nil
	}
	return c.Reader.Seek(offset, whence)
}

// Content that breaks while it is sent breaks the answer off: the reader learns that it is not whole.
func TestDownloadThatBreaks(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httpx.ServeDownload(w, r, "a.pdf", "application/pdf", failingContent{strings.NewReader(strings.Repeat("x", 10_000))}, "")
	}))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	srv.Start()
	defer srv.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := srv.Client().Do(r)
	if err != nil {
		return // it broke off before anything had left
	}
	text, err := io.ReadAll(resp.Body)
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	if err == nil {
		t.Errorf("%d bytes were taken for the whole", len(text))
	}
}

func TestDownloadStaysPrivate(t *testing.T) {
	for name, before := range map[string]func(http.ResponseWriter){
		"no-store": func(http.ResponseWriter) {},
		"public, max-age=60": func(w http.ResponseWriter) {
			w.Header().Set("Cache-Control", "public, max-age=60")
		},
	} {
		r := get(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			before(w)
			httpx.ServeDownload(w, r, "a.pdf", "application/pdf", strings.NewReader("x"), "")
		}), "/")
		if got := r.Header.Get("Cache-Control"); got != name || r.Header.Get("Etag") != "" {
			t.Errorf("%q, want %q", got, name)
		}
	}
}

func TestSafeName(t *testing.T) {
	long := strings.Repeat("长", 300)
	for in, want := range map[string]string{
		"信访材料（一）.pdf":          "信访材料（一）.pdf",
		"a b.docx":             "a b.docx",
		"../../etc/passwd":     "passwd",
		`C:\Users\a.pdf`:       "a.pdf",
		`a\..\`:                "file",
		"":                     "file",
		"...":                  "file",
		".htaccess":            "htaccess",
		"=cmd|'/C calc'!A0":    "C calc_!A0",
		"=1+1.csv":             "1+1.csv",
		"@SUM(A1).csv":         "SUM(A1).csv",
		"-2.csv":               "2.csv",
		"\t=1.csv":             "1.csv",
		"<img onerror=x>.png":  "_img onerror=x_.png",
		`a"b&c;d.pdf`:          "a_b_c_d.pdf",
		"a\r\nSet-Cookie: x":   "a  Set-Cookie_ x",
		"gnp.\u202efdp.exe":    "gnp.fdp.exe",
		"a\u200bb\u0000c.pdf":  "abc.pdf",
		"a\xff\xfe.pdf":        "a.pdf",
		"CON":                  "CON_",
		"con.txt":              "con_.txt",
		"lpt1.tar.gz":          "lpt1_.tar.gz",
		"COM10.txt":            "COM10.txt",
		"console.txt":          "console.txt",
		"a.pdf. . ":            "a.pdf",
		long + ".pdf":          strings.Repeat("长", 96) + ".pdf",
		long:                   strings.Repeat("长", 100),
		"a." + long:            "a." + strings.Repeat("长", 98),
		"𠮷野家.pdf":              "𠮷野家.pdf",
		"全角\u3000空格\u00a0.pdf": "全角 空格 .pdf",
	} {
		if got := httpx.SafeName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzSafeName(f *testing.F) {
	for _, s := range []string{"a.pdf", "../=cmd", "CON.txt", "con .txt", strings.Repeat("a ", 60) + ".x", "\u202e.\u200b", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := httpx.SafeName(in)
		switch {
		case got == "" || got == "." || got == ".." || path.Base(got) != got:
			t.Errorf("%q is no name", got)
		case !utf8.ValidString(got) || utf8.RuneCountInString(got) > 100:
			t.Errorf("%q: bad text or too long", got)
		case strings.ContainsAny(got, "/\\<>:\"|?*&'`$;%\r\n\t\x00"):
			t.Errorf("%q has a special character", got)
		case strings.ContainsAny(got[:1], "=+-@. ~"):
			t.Errorf("%q starts badly", got)
		case strings.ContainsFunc(got, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) }):
			t.Errorf("%q has an invisible character", got)
		case httpx.SafeName(got) != got:
			t.Errorf("%q becomes %q", got, httpx.SafeName(got))
		}
	})
}
