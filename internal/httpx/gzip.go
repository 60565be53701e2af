package httpx

import (
	"compress/gzip"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// gzipFrom is the size of an answer from which compressing it is worth the time: below, it fits one packet anyway.
const gzipFrom = 1400

// Gzip compresses answers of text that are large enough, for readers who accept it. Streams of events and answers that
// their handler already encoded pass through.
func Gzip(next http.Handler) http.Handler {
	writers := &sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		// a range is cut from the plain bytes
		if !acceptsGzip(r.Header.Values("Accept-Encoding")) || r.Method == http.MethodHead || r.Header.Get("Range") != "" {
			next.ServeHTTP(w, r)
			return
		}
		g := &gzipWriter{ResponseWriter: w, writers: writers}
		next.ServeHTTP(g, r)
		// not deferred: after a panic the held bytes must not go out as if they were the answer
		g.close()
	})
}

// gzipWriter holds the start of an answer until it knows whether to compress: when gzipFrom bytes have come, the
// handler flushes, or the answer ends.
type gzipWriter struct {
	http.ResponseWriter
	writers *sync.Pool
	code    int
	held    []byte
	decided bool
	zip     *gzip.Writer // nil when the answer goes out as it is
	err     error        // the first error in writing what was held
}

func (g *gzipWriter) WriteHeader(code int) {
	switch {
	case code < http.StatusOK && code != http.StatusSwitchingProtocols:
		g.ResponseWriter.WriteHeader(code)
	case g.code == 0:
		g.code = code
		if !g.mayCompress() {
			g.decide(false)
		}
	}
}

func (g *gzipWriter) Write(b []byte) (int, error) {
	if g.code == 0 {
		g.WriteHeader(http.StatusOK)
	}
	if !g.decided {
		g.held = append(g.held, b...)
		if len(g.held) < gzipFrom {
			return len(b), nil
		}
		g.decide(true)
		return len(b), g.err
	}
	if g.err != nil {
		return 0, g.err
	}
	if g.zip != nil {
		return g.zip.Write(b)
	}
	return g.ResponseWriter.Write(b)
}

// FlushError sends what has come so far.
func (g *gzipWriter) FlushError() error {
	if g.code == 0 {
		g.WriteHeader(http.StatusOK)
	}
	if !g.decided {
		g.decide(len(g.held) >= gzipFrom)
	}
	if g.zip != nil {
		g.err = errors.Join(g.err, g.zip.Flush())
	}
	return errors.Join(g.err, http.NewResponseController(g.ResponseWriter).Flush())
}

// Unwrap lets http.ResponseController reach the connection's deadlines.
func (g *gzipWriter) Unwrap() http.ResponseWriter { return g.ResponseWriter }

// mayCompress looks at status and headers alone.
func (g *gzipWriter) mayCompress() bool {
	h := g.Header()
	switch {
	case g.code == http.StatusNoContent, g.code == http.StatusNotModified, g.code == http.StatusPartialContent,
		h.Get("Content-Encoding") != "", strings.Contains(h.Get("Cache-Control"), "no-transform"):
		return false
	}
	if size, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64); err == nil && size < gzipFrom {
		return false
	}
	kind := h.Get("Content-Type")
	return kind == "" || isText(kind)
}

func (g *gzipWriter) decide(compress bool) {
	g.decided = true
	h := g.Header()
	if h.Get("Content-Type") == "" && len(g.held) > 0 {
		h.Set("Content-Type", http.DetectContentType(g.held)) // the server would look at compressed bytes
	}
	if compress && isText(h.Get("Content-Type")) {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		h.Del("Accept-Ranges")
		if tag := h.Get("Etag"); strings.HasPrefix(tag, `"`) {
			h.Set("Etag", "W/"+tag) // the bytes differ from those the strong tag stands for
		}
		if zip, ok := g.writers.Get().(*gzip.Writer); ok { // the pool holds nothing else
			zip.Reset(g.ResponseWriter)
			g.zip = zip
		}
	}
	g.ResponseWriter.WriteHeader(g.code)
	if len(g.held) == 0 {
		return
	}
	if g.zip != nil {
		_, g.err = g.zip.Write(g.held)
	} else {
		_, g.err = g.ResponseWriter.Write(g.held)
	}
	g.held = nil
}

func (g *gzipWriter) close() {
	if g.code == 0 {
		return // the handler wrote nothing: the server answers
	}
	if !g.decided {
		g.decide(false)
	}
	if g.zip != nil {
		// an error here means that the reader went away; nobody is left to tell
		g.err = errors.Join(g.err, g.zip.Close())
		g.writers.Put(g.zip)
		g.zip = nil
	}
}

func isText(contentType string) bool {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	kind = strings.TrimSpace(kind)
	switch kind {
	case "text/event-stream":
		return false
	case "application/json", "application/javascript", "application/xml", "application/yaml", "application/openapi+json",
		"application/openapi+yaml", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml")
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip, or * when gzip is not named, with a weight above 0.
func acceptsGzip(values []string) bool {
	rest := false
	for _, item := range weighted(values) {
		switch item.name {
		case "gzip", "x-gzip":
			return item.weight > 0
		case "*":
			rest = item.weight > 0
		}
	}
	return rest
}

type weightedItem struct {
	name   string // in lower case
	weight float64
}

// maxItems bounds how many entries of a header are read: nobody honest sends more.
const maxItems = 32

// weighted reads a header of names with weights ("zh-CN, en;q=0.8"). A weight that cannot be read counts as 0.
func weighted(values []string) []weightedItem {
	var out []weightedItem
	for _, v := range values {
		for item := range strings.SplitSeq(v, ",") {
			if len(out) == maxItems {
				return out
			}
			name, params, _ := strings.Cut(item, ";")
			w := weightedItem{name: strings.ToLower(strings.TrimSpace(name)), weight: 1}
			if w.name == "" {
				continue
			}
			if q, ok := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q="); ok {
				q, _, _ = strings.Cut(q, ";")
				weight, err := strconv.ParseFloat(q, 64)
				if err != nil || !(weight >= 0 && weight <= 1) {
					weight = 0
				}
				w.weight = weight
			}
			out = append(out, w)
		}
	}
	return out
}
