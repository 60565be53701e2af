package main

import (
	"context"

	"huiyin/internal/app"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// verify recomputes every chain and names what does not fit.
func verify(ctx context.Context, c *console, args []string) int {
	f := flags("verify")
	data := dataFlag(f)
	files := f.Bool("files", false, "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) { return runVerify(ctx, c, a, *files, *asJSON) })
}

func runVerify(ctx context.Context, c *console, a *app.App, files, asJSON bool) (int, error) {
	meter, count := counting(c, "cli.verify.progress")
	v, err := a.Office.Verify(ctx, org.System(), usecase.VerifyOptions{Files: files, Progress: count})
	meter.end()
	if err != nil {
		return 0, err
	}
	if asJSON {
		if err := encode(c.out, v); err != nil {
			return 0, err
		}
	} else {
		c.showVerification(v)
	}
	if !v.Sound() {
		return exitFailed, nil
	}
	return 0, nil
}

func (c *console) showVerification(v usecase.Verification) {
	number := func(n int) string { return c.Number(int64(n)) }
	c.say("cli.verify.seen", "homes", number(v.Homes), "matters", number(v.Matters), "events", number(v.Events), "entries", number(v.Entries),
		"looks", number(v.Looks), "files", number(v.Files))
	if v.Waiting > 0 {
		c.say("cli.verify.waiting", "n", v.Waiting)
	}
	if v.Sound() {
		c.say("cli.verify.sound")
		return
	}
	for _, f := range v.Findings {
		c.line("✗ " + c.T(f.Code, "home", f.Home, "matter", f.Matter.String(), "seq", f.Seq, "pos", f.Pos, "look", f.Look, "file", f.File))
	}
	c.say("cli.verify.broken", "n", len(v.Findings)+v.More)
}

// rebuild compares what is kept beside the events with what follows from them, and writes it anew if asked.
func rebuild(ctx context.Context, c *console, args []string) int {
	f := flags("rebuild")
	data := dataFlag(f)
	check := f.Bool("check", false, "")
	fix := f.Bool("fix", false, "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	if *check == *fix {
		return c.usage("rebuild", c.T("cli.rebuild.one"))
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) {
		meter, count := counting(c, "cli.rebuild.progress")
		r, err := a.Office.Rebuild(ctx, org.System(), usecase.RebuildOptions{Fix: *fix, Progress: count})
		meter.end()
		if err != nil {
			return 0, err
		}
		if *asJSON {
			if err := encode(c.out, r); err != nil {
				return 0, err
			}
		} else {
			c.showRebuilt(r, *fix)
		}
		if len(r.Differences) > 0 && !*fix {
			return exitFailed, nil
		}
		return 0, nil
	})
}

func (c *console) showRebuilt(r usecase.Rebuilt, fix bool) {
	for _, d := range r.Differences {
		c.line("✗ " + c.T(d.Code, "matter", d.Matter.String(), "home", d.Matter.Home, "clock", d.Clock))
	}
	switch {
	case fix:
		c.say("cli.rebuild.fixed", "matters", c.Number(int64(r.Matters)), "n", r.Fixed)
	case len(r.Differences) > 0:
		c.say("cli.rebuild.differs", "matters", c.Number(int64(r.Matters)), "n", len(r.Differences)+r.More)
	default:
		c.say("cli.rebuild.same", "matters", c.Number(int64(r.Matters)))
	}
}
