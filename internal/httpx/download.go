package httpx

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"
)

// ServeDownload sends a file so that a browser saves it and never runs anything in it. Ranges are answered. etag names the
// content (its hash will do), "" for none. The answer stays private unless Cache-Control was set before.
// Content that turns out to be broken while it is sent breaks the answer off by a panic, so that half a file is not taken for a whole one.
func ServeDownload(w http.ResponseWriter, r *http.Request, name, mimeType string, content io.ReadSeeker, etag string) {
	ServeDated(w, r, name, mimeType, content, etag, time.Time{})
}

// StreamDownload is ServeDownload of a file that is made while it is sent. What fails in making it breaks the answer off, too; that the reader went away is nobody's fault.
func StreamDownload(w http.ResponseWriter, name, mimeType string, write func(to io.Writer) error) {
	asDownload(w.Header(), name, mimeType)
	to := &watchedWriter{Writer: w}
	if err := write(to); err != nil && !to.failed {
		panic(fmt.Errorf("send a file: %w", err))
	}
}

// watchedWriter remembers that it failed.
type watchedWriter struct {
	io.Writer
	failed bool
}

func (w *watchedWriter) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	w.failed = w.failed || err != nil
	return n, err
}

// ServeDated is ServeDownload of a file that was last changed at a time, zero where nobody knows.
func ServeDated(w http.ResponseWriter, r *http.Request, name, mimeType string, content io.ReadSeeker, etag string, changed time.Time) {
	h := w.Header()
	asDownload(h, name, mimeType)
	if etag != "" {
		h.Set("Etag", `"`+etag+`"`)
	}
	watched := &watchedContent{ReadSeeker: content}
	http.ServeContent(w, r, "", changed, watched)
	if watched.err != nil { // Trace logs it, and cuts the connection where the answer had begun
		panic(fmt.Errorf("send a file: %w", watched.err))
	}
}

// asDownload says what an answer is.
func asDownload(h http.Header, name, mimeType string) {
	h.Set("Content-Type", mimeType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": SafeName(name)}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", noStore)
	}
}

// watchedContent remembers what the content failed with, which http.ServeContent does not tell.
type watchedContent struct {
	io.ReadSeeker
	err error
}

func (c *watchedContent) Read(b []byte) (int, error) {
	n, err := c.ReadSeeker.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}
