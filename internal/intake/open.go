package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"huiyin/internal/errs"
)

// sniffSize is how much of a text is looked at to find its encoding and separator.
const sniffSize = 64 << 10

// openSource chooses the reader of a format.
func openSource(name string, r io.ReaderAt, size int64, o Options) (source, error) {
	if size <= 0 {
		return nil, errs.E(errs.Invalid, "intake.file.empty", "file", name)
	}
	magic := make([]byte, 8)
	n, err := r.ReadAt(magic, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the beginning: %w", err)
	}
	magic = magic[:n]
	switch {
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")):
		return openWorkbook(name, r, size, o)
	case bytes.HasPrefix(magic, []byte{0xD0, 0xCF, 0x11, 0xE0}): // the container of .xls and of workbooks with a password
		return nil, errs.E(errs.Invalid, "intake.file.oldexcel", "file", name)
	}
	t := text{r: r, size: size, gzipped: bytes.HasPrefix(magic, []byte{0x1F, 0x8B})}
	if err := t.open(o.Encoding); err != nil {
		return nil, err
	}
	ext := strings.ToLower(filepath.Ext(name))
	if t.gzipped {
		ext = strings.ToLower(filepath.Ext(strings.TrimSuffix(name, filepath.Ext(name))))
	}
	head, err := t.peek()
	if err != nil {
		return nil, err
	}
	begin := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(begin) == 0:
		return nil, errs.E(errs.Invalid, "intake.file.empty", "file", name)
	case ext == ".csv", ext == ".tsv", ext == ".txt":
		return openCSV(name, &t, head, o)
	case begin[0] == '[':
		return nil, errs.E(errs.Invalid, "intake.file.jsonlist", "file", name)
	case ext == ".jsonl", ext == ".ndjson", ext == ".json", begin[0] == '{':
		return &jsonLines{t: &t, lines: lines{r: t.buf}}, nil
	case bytes.ContainsRune(head, 0):
		return nil, errs.E(errs.Invalid, "intake.file.format", "file", name)
	}
	return openCSV(name, &t, head, o)
}

// text is a file of text, unpacked and in UTF-8.
type text struct {
	r       io.ReaderAt
	size    int64
	gzipped bool
	done    *counter
	buf     *bufio.Reader
	lossy   bool // converted: U+FFFD in it marks bytes that could not be
}

// counter counts what is read from the file itself.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (t *text) position() (done, total int64) { return t.done.n, t.size }

// plain begins the file anew, unpacked.
func (t *text) plain() (io.Reader, error) {
	t.done = &counter{r: io.NewSectionReader(t.r, 0, t.size)}
	if !t.gzipped {
		return t.done, nil
	}
	z, err := gzip.NewReader(t.done)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", unexpected(err))
	}
	return z, nil
}

// unexpected makes an error of an end of file where more had to come.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// peek gives the beginning of the text without reading it. Damage after it shows when the reading gets there.
func (t *text) peek() ([]byte, error) {
	head, err := t.buf.Peek(sniffSize)
	if len(head) == 0 && err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the beginning: %w", err)
	}
	return head, nil
}

// line is one line of a text with its end, and its number from 1.
type line struct {
	text   []byte
	number int
	long   bool // over MaxRow; text is then empty
}

// lines reads lines of at most MaxRow bytes; the rest of a longer one is passed over.
type lines struct {
	r      *bufio.Reader
	number int
	back   []line // given back, to be read again first
}

// next gives the next line in memory of its own, or io.EOF.
func (l *lines) next() (line, error) {
	if len(l.back) > 0 {
		first := l.back[0]
		l.back = l.back[1:]
		return first, nil
	}
	out := line{number: l.number + 1}
	for {
		part, err := l.r.ReadSlice('\n')
		if len(out.text)+len(part) > MaxRow {
			out.long, out.text = true, nil
		}
		if !out.long {
			out.text = append(out.text, part...)
		}
		switch {
		case err == nil:
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			if len(out.text) == 0 && !out.long {
				return line{}, io.EOF
			}
		default:
			return line{}, fmt.Errorf("read line %d: %w", out.number, err)
		}
		l.number++
		return out, nil
	}
}
