package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/intake"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// importCall is what the import command was called with.
type importCall struct {
	file    string
	mapping string
	place   int64
	dry     bool
	report  string
	resume  bool
}

// importFile takes the petitions of a file in.
func importFile(ctx context.Context, c *console, args []string) int {
	f := flags("import")
	data := dataFlag(f)
	var call importCall
	f.StringVar(&call.mapping, "mapping", "", "")
	f.Int64Var(&call.place, "place", 0, "")
	f.BoolVar(&call.dry, "dry-run", false, "")
	f.StringVar(&call.report, "report", "", "")
	f.BoolVar(&call.resume, "resume", false, "")
	rest, ok := c.parse(f, args, 1)
	if !ok {
		return exitUsage
	}
	call.file = rest[0]
	switch {
	case call.mapping == "":
		return c.usage("import", c.T("cli.import.mapping"))
	case call.resume && (call.report == "" || call.dry):
		return c.usage("import", c.T("cli.import.resume"))
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) { return call.run(ctx, c, a) })
}

func (call importCall) run(ctx context.Context, c *console, a *app.App) (code int, err error) {
	text, err := os.ReadFile(call.mapping)
	if err != nil {
		return 0, fmt.Errorf("read the mapping file: %w", err)
	}
	m, err := intake.ParseMapping(text)
	if err != nil {
		return 0, err
	}
	file, err := os.Open(call.file)
	if err != nil {
		return 0, fmt.Errorf("open the file: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	info, err := file.Stat()
	if err != nil {
		return 0, fmt.Errorf("open the file: %w", err)
	}
	var share atomic.Uint64 // of the file that has been read, as the bits of a float
	options := m.Options()
	options.Progress = func(p intake.Progress) { share.Store(math.Float64bits(float64(p.Bytes) / float64(max(p.Total, 1)))) }
	rows, err := intake.Open(call.file, file, info.Size(), options)
	if err != nil {
		return 0, err
	}
	mark := bookmark{path: call.report + ".progress", File: filepath.Base(call.file), Size: info.Size()}
	if call.resume {
		if err := mark.find(); err != nil {
			return 0, err
		}
		if err := rows.Skip(mark.Rows); err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		c.say("cli.import.resumed", "n", c.Number(int64(mark.Rows)))
	}
	write, closing, err := call.openReport(c)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, closing()) }()

	report := intake.NewReport(filepath.Base(call.file), write)
	done := 0
	meter := newMeter(c, func(passed time.Duration) string {
		return progressLine(c, math.Float64frombits(share.Load()), done, passed)
	})
	before := mark.Rows
	opt := usecase.ImportOptions{Place: call.place, DryRun: call.dry, Say: a.Catalog.For(i18n.Zh).Say, Done: func(n int) error {
		done = n
		meter.draw()
		if call.report == "" || call.dry {
			return nil
		}
		mark.Rows = before + n
		return mark.keep(n)
	}}
	err = a.Office.Import(ctx, org.System(), rows, m, report, opt)
	meter.end()
	c.line(strings.TrimSuffix(report.Text(c.Say), "\n"))
	switch {
	case err != nil && call.report != "" && !call.dry:
		return 0, errors.Join(err, mark.save())
	case err != nil:
		return 0, err
	case call.dry:
		c.say("cli.import.dry")
	default:
		mark.remove()
		if _, err := a.Office.Sequence(ctx); err != nil {
			return 0, err
		}
	}
	if report.Refused > 0 {
		return exitFailed, nil
	}
	return 0, nil
}

// progressLine is the bar with what has been done, how fast, and how long it will take.
func progressLine(c *console, share float64, done int, passed time.Duration) string {
	left := "--:--"
	if share > 0.01 {
		seconds := int(passed.Seconds() * (1 - share) / share)
		left = fmt.Sprintf("%02d:%02d", seconds/60, seconds%60)
	}
	bar, percent := shareBar(share)
	return c.T("cli.import.progress", "bar", bar, "percent", percent, "n", c.Number(int64(done)), "rate", c.Number(rate(done, passed)), "left", left)
}

// shareBar draws how much is done, and says it.
func shareBar(share float64) (bar, percent string) {
	const width = 24
	share = max(0, min(share, 1))
	full := int(share * width)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full), fmt.Sprintf("%3.0f%%", 100*share)
}

// openReport opens the report of refused rows: JSON Lines if it is named so, otherwise CSV. A resumed import adds to it.
func (call importCall) openReport(c *console) (write func(intake.RowError) error, closing func() error, err error) {
	if call.report == "" {
		return nil, func() error { return nil }, nil
	}
	how := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if call.resume {
		how = os.O_CREATE | os.O_WRONLY | os.O_APPEND
	}
	f, err := os.OpenFile(call.report, how, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open the report: %w", err)
	}
	if strings.HasSuffix(call.report, ".jsonl") {
		return intake.JSONErrors(f, c.Say), f.Close, nil
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open the report: %w", err), f.Close())
	}
	if info.Size() > 0 {
		return intake.CSVErrors(&headless{out: f}, c.Say), f.Close, nil
	}
	return intake.CSVErrors(f, c.Say), f.Close, nil
}

// headless leaves the first line out: the file that is added to has a heading.
type headless struct {
	out  io.Writer
	past bool
}

func (h *headless) Write(p []byte) (int, error) {
	if h.past {
		return h.out.Write(p)
	}
	i := bytes.IndexByte(p, '\n')
	if i < 0 {
		return len(p), nil
	}
	h.past = true
	n, err := h.out.Write(p[i+1:])
	return i + 1 + n, err
}

// bookmark remembers beside the report how many rows of a file have been dealt with for good. It may lag behind: a row is known again by its
// sender's number.
type bookmark struct {
	path string
	File string `json:"file"`
	Size int64  `json:"size"`
	Rows int    `json:"rows"`
}

// keepEvery is how many rows are dealt with between two savings.
const keepEvery = 100

// keep saves the bookmark now and then.
func (b *bookmark) keep(n int) error {
	if n%keepEvery != 0 {
		return nil
	}
	return b.save()
}

func (b *bookmark) save() error {
	text, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("keep the progress: %w", err)
	}
	if err := os.WriteFile(b.path+".new", text, 0o600); err != nil {
		return fmt.Errorf("keep the progress: %w", err)
	}
	return os.Rename(b.path+".new", b.path)
}

// find reads the rows of the last bookmark; none means that the import begins anew.
func (b *bookmark) find() error {
	text, err := os.ReadFile(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the progress: %w", err)
	}
	var was bookmark
	if err := json.Unmarshal(text, &was); err != nil || was.File != b.File || was.Size != b.Size || was.Rows < 0 {
		return errs.E(errs.Conflict, "cli.import.other", "file", b.path)
	}
	b.Rows = was.Rows
	return nil
}

// remove takes the bookmark away. One that stays only makes a later --resume begin at the end of the same file.
func (b *bookmark) remove() { _ = os.Remove(b.path) }
