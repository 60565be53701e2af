package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/errs"
)

// open opens a data folder that is there. A folder without a database is a slip, not a wish for a new one.
func open(ctx context.Context, c *console, data string) (*app.App, error) {
	values, err := c.settingsOf(data)
	if err != nil {
		return nil, err
	}
	config := appConfig(values, slog.New(slog.NewJSONHandler(c.err, &slog.HandlerOptions{Level: slog.LevelError})))
	there, err := app.Holds(ctx, config)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, errs.E(errs.NotFound, "cli.no_data", "dir", config.Data)
	}
	return app.Open(ctx, config)
}

// with opens a data folder, does something with it, closes it, and gives the exit code.
func with(ctx context.Context, c *console, data string, do func(a *app.App) (int, error)) int {
	a, err := open(ctx, c, data)
	if err != nil {
		return c.fail(err)
	}
	code, err := do(a)
	if closing := a.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return c.fail(err)
	}
	return code
}

// meter shows how far something is: one line that is drawn again on a terminal, a plain line now and then elsewhere.
type meter struct {
	out      io.Writer
	terminal bool
	begun    time.Time
	drawn    time.Time
	text     func(passed time.Duration) string
}

// The least time between two drawings.
const (
	drawEvery = 200 * time.Millisecond
	lineEvery = 10 * time.Second
)

// newMeter begins a meter on standard error. text gives the line, from what has been counted and the time passed.
func newMeter(c *console, text func(passed time.Duration) string) *meter {
	now := time.Now()
	m := &meter{out: c.err, begun: now, drawn: now, text: text}
	if f, ok := c.err.(*os.File); ok {
		info, err := f.Stat()
		m.terminal = err == nil && info.Mode()&fs.ModeCharDevice != 0
	}
	return m
}

// draw shows the line, if the last one is old enough.
func (m *meter) draw() {
	every := lineEvery
	if m.terminal {
		every = drawEvery
	}
	if now := time.Now(); now.Sub(m.drawn) >= every {
		m.drawn = now
		m.write(now)
	}
}

// end shows the last line.
func (m *meter) end() {
	if m.terminal {
		m.write(time.Now())
		_, _ = fmt.Fprintln(m.out)
	}
}

func (m *meter) write(now time.Time) {
	line := m.text(now.Sub(m.begun))
	if m.terminal {
		_, _ = fmt.Fprint(m.out, "\r\x1b[K"+line)
		return
	}
	_, _ = fmt.Fprintln(m.out, line)
}

// counting is a meter of what has no end known.
func counting(c *console, key string) (m *meter, count func(n int)) {
	done := 0
	m = newMeter(c, func(passed time.Duration) string {
		return c.T(key, "n", c.Number(int64(done)), "rate", c.Number(rate(done, passed)))
	})
	return m, func(n int) {
		done = n
		m.draw()
	}
}

// rate is how many there were in a second.
func rate(n int, passed time.Duration) int64 {
	if passed < time.Millisecond {
		return 0
	}
	return int64(float64(n) / passed.Seconds())
}
