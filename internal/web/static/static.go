// Package static serves what the browser gets beside the pages: style sheet, scripts and icons.
//
// Each file's name carries a hash of its content, so a browser keeps it for a year and never asks again, and a
// new release is a new name. The files are built by scripts/assets and embedded.
package static

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
)

// Prefix is the path under which Handler must be mounted.
const Prefix = "/static/"

//go:embed dist
var files embed.FS

// URL returns the path of an asset by its plain name: "app.css", "app.js", "htmx.js", "favicon.svg",
// "favicon.png", "touch.png". For a name that does not exist it returns Prefix alone, which is not served.
func URL(name string) string { return Prefix + hashed(name) }

// Handler serves the assets to GET and HEAD, immutable for a year. Anything else under Prefix is 404.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		name := "dist/" + strings.TrimPrefix(r.URL.Path, Prefix)
		info, err := fs.Stat(files, name)
		if err != nil || info.IsDir() {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeFileFS(w, r, files, name) //nolint:gosec // an embedded file system has no outside to reach
	})
}
