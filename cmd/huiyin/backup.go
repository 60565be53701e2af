package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"huiyin/internal/app"
	"huiyin/internal/config"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// backup writes everything to one file.
func backup(ctx context.Context, c *console, args []string) int {
	f := flags("backup")
	data := dataFlag(f)
	without := f.Bool("without-keys", false, "")
	rest, ok := c.parse(f, args, 1)
	if !ok {
		return exitUsage
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) {
		keys := filepath.Join(a.Data, usecase.KeysName)
		if *without || len(a.Keys) > 0 {
			keys = ""
		}
		m, err := a.Office.Backup(ctx, rest[0], keys)
		if err != nil {
			return 0, err
		}
		c.say("cli.backup.done", "file", rest[0], "n", len(m.Files), "size", c.Size(m.Bytes()))
		if m.Keys {
			c.say("cli.backup.keys")
		} else {
			c.say("cli.backup.nokeys")
		}
		return 0, nil
	})
}

// restore unpacks a backup into an empty folder, brings it back to a point in time if one was named, and checks what it holds.
func restore(ctx context.Context, c *console, args []string) int {
	f := flags("restore")
	data := f.String("data", "", "")
	before := f.String("before", "", "")
	rest, ok := c.parse(f, args, 1)
	if !ok {
		return exitUsage
	}
	if *data == "" {
		return c.usage("restore", c.T("cli.restore.data"))
	}
	var point usecase.Point
	if *before != "" {
		var err error
		if point, err = usecase.ParsePoint(*before); err != nil {
			return c.misused("restore", err)
		}
	}
	values, err := c.settingsOf(*data)
	if err != nil {
		return c.misused("restore", err)
	}
	m, err := usecase.Restore(ctx, rest[0], *data)
	if err != nil {
		return c.fail(err)
	}
	c.say("cli.restore.unpacked", "dir", *data, "n", len(m.Files), "size", c.Size(m.Bytes()), "at", c.Instant(m.AtUS))
	_, err = os.Stat(filepath.Join(*data, usecase.KeysName))
	if errors.Is(err, fs.ErrNotExist) && values.Text(config.Keys) == "" {
		c.say("cli.restore.nokeys", "file", filepath.Join(*data, usecase.KeysName))
		if *before != "" {
			_, _ = fmt.Fprintln(c.err, c.T("cli.restore.whole"))
			return exitFailed
		}
		return 0
	}
	return c.restored(ctx, values, func(a *app.App) (int, error) {
		if err := a.Store.Check(ctx); err != nil {
			return 0, err
		}
		if *before != "" {
			if err := c.rewind(ctx, a, usecase.RewindOptions{Before: point, TakenUS: m.AtUS}); err != nil {
				return 0, err
			}
		}
		return runVerify(ctx, c, a, true, false)
	})
}

// restored does something with what was restored: it lies in the folder, wherever the settings of the service say that the data are.
func (c *console) restored(ctx context.Context, values config.Values, do func(*app.App) (int, error)) int {
	opened := appConfig(values, slog.New(slog.NewJSONHandler(c.err, &slog.HandlerOptions{Level: slog.LevelError})))
	opened.Database = ""
	a, err := app.Open(ctx, opened)
	if err != nil {
		return c.fail(err)
	}
	code, err := do(a)
	if err := errors.Join(err, a.Close()); err != nil {
		return c.fail(err)
	}
	return code
}

// rewind brings what was restored back to a point in time and says what that took out.
func (c *console) rewind(ctx context.Context, a *app.App, opt usecase.RewindOptions) error {
	meter, count := counting(c, "cli.rebuild.progress")
	opt.Progress = count
	r, err := a.Office.Rewind(ctx, org.System(), opt)
	meter.end()
	if err != nil {
		_, _ = fmt.Fprintln(c.err, c.T("cli.restore.whole"))
		return err
	}
	number := func(n int) string { return c.Number(int64(n)) }
	c.say("cli.restore.rewound", "at", c.Instant(r.AtUS), "events", number(r.Events), "matters", number(r.Matters), "gone", number(r.Gone), "files", number(r.Files))
	if r.Looks {
		c.say("cli.restore.looks")
	}
	c.say("cli.restore.not_events")
	return nil
}

// rotateKeys makes a new key and writes what is under older ones anew.
func rotateKeys(ctx context.Context, c *console, args []string) int {
	f := flags("rotate-keys")
	data := dataFlag(f)
	purpose := f.String("purpose", string(vault.Identity), "")
	resume := f.Bool("resume", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) {
		meter, count := counting(c, "cli.rotate.progress")
		r, err := a.Office.Rotate(ctx, org.System(), usecase.RotateOptions{
			Purpose: vault.Purpose(*purpose), Resume: *resume, Progress: func(_ usecase.Rotated, looked int) { count(looked) },
		})
		meter.end()
		if err != nil {
			return 0, err
		}
		c.say("cli.rotate.done", "purpose", *purpose, "people", c.Number(int64(r.People)), "files", c.Number(int64(r.Files)))
		return 0, nil
	})
}
