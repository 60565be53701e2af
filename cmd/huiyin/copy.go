package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/config"
	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// filePrefix is how the place of a SQLite database begins: the data folder follows.
const filePrefix = "sqlite:"

// copyDatabase brings all data to another database, and proves that both are the same.
func copyDatabase(ctx context.Context, c *console, args []string) int {
	f := flags("copy")
	data := dataFlag(f)
	from := f.String("from", "", "")
	to := f.String("to", "", "")
	check := f.Bool("check", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	if *from == "" || *to == "" || *from == *to {
		return c.usage("copy", c.T("cli.copy.places"))
	}
	values, err := c.settingsOf(*data)
	if err != nil {
		return c.misused("copy", err)
	}
	base := appConfig(values, slog.New(slog.NewJSONHandler(c.err, &slog.HandlerOptions{Level: slog.LevelError})))
	for _, place := range []string{*from, *to} { // keys and uploads lie in the data folder, beside a file of SQLite
		if dir, file := strings.CutPrefix(place, filePrefix); file && values.Of(config.Data).Source == config.FromDefault {
			base.Data = dir
		}
	}
	code, err := c.copied(ctx, placed(base, *from), placed(base, *to), *check)
	if err != nil {
		return c.fail(err)
	}
	return code
}

// placed is the configuration of a place.
func placed(base app.Config, place string) app.Config {
	base.Database = place
	if dir, ok := strings.CutPrefix(place, filePrefix); ok {
		base.Data, base.Database = dir, ""
	}
	return base
}

func (c *console) copied(ctx context.Context, from, to app.Config, only bool) (int, error) {
	if there, err := app.Holds(ctx, from); err != nil || !there {
		if err == nil {
			err = errs.E(errs.NotFound, "cli.no_data", "dir", from.Data)
		}
		return exitFailed, err
	}
	done, err := c.rows(ctx, from, to, only)
	if err != nil {
		return exitFailed, err
	}
	number := c.Number
	c.say("cli.copy.done", "rows", number(done.Rows), "added", number(done.Added), "changed", number(done.Changed), "removed", number(done.Removed))
	if only {
		if done.Differs() {
			return exitFailed, nil
		}
		return 0, nil
	}
	if again, err := c.rows(ctx, from, to, true); err != nil || again.Differs() {
		if err == nil {
			err = errs.E(errs.Conflict, "cli.copy.differs", "n", again.Added+again.Changed+again.Removed)
		}
		return exitFailed, err
	}
	c.say("cli.copy.same", "rows", number(done.Rows))
	return c.madeAnew(ctx, to)
}

// rows copies, or only compares, and shows how far it is.
func (c *console) rows(ctx context.Context, from, to app.Config, only bool) (store.Copied, error) {
	var total, table int64
	name := ""
	meter := newMeter(c, func(time.Duration) string { return c.T("cli.copy.progress", "n", c.Number(total+table), "table", name) })
	defer meter.end()
	return app.Copy(ctx, from, to, only, func(part store.Copied) {
		if part.Table != name {
			total, name = total+table, part.Table
		}
		table = part.Rows
		meter.draw()
	})
}

// madeAnew makes what belongs to the engine, and verifies the chains of proof where the data are now.
func (c *console) madeAnew(ctx context.Context, to app.Config) (code int, err error) {
	a, err := app.Open(ctx, to)
	if err != nil {
		return exitFailed, err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	meter, count := counting(c, "cli.rebuild.progress")
	_, err = a.Office.Rebuild(ctx, org.System(), usecase.RebuildOptions{Fix: true, Progress: count})
	meter.end()
	if err != nil {
		return exitFailed, err
	}
	return runVerify(ctx, c, a, true, false)
}
