package main

import (
	"context"
	"log/slog"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/errs"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// migrate brings the schema up to date and, where it is asked to, the tables to their places on a cluster.
func migrate(ctx context.Context, c *console, args []string) int {
	f := flags("migrate")
	data := dataFlag(f)
	citus := f.Bool("citus", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	values, err := c.settingsOf(*data)
	if err != nil {
		return c.misused("migrate", err)
	}
	if err := c.migrated(ctx, appConfig(values, slog.New(slog.NewJSONHandler(c.err, &slog.HandlerOptions{Level: slog.LevelError}))), *citus); err != nil {
		return c.fail(err)
	}
	return 0
}

// counted has the figures of a data folder made, which may take as long as the upgrade, and says how far it is.
func (c *console) counted(ctx context.Context, where app.Config) error {
	var at usecase.Folding
	meter := newMeter(c, func(passed time.Duration) string {
		if at.Home != 0 {
			bar, percent := shareBar(float64(at.Made-at.From+1) / float64(at.To-at.From+1))
			return c.T("cli.migrate.making", "bar", bar, "percent", percent, "home", at.Home, "day", c.ISO(at.Made))
		}
		return c.T("cli.migrate.counting", "n", c.Number(int64(at.Matters)), "rate", c.Number(rate(at.Matters, passed)))
	})
	n, err := app.Count(ctx, where, func(f usecase.Folding) {
		at = f
		meter.draw()
	})
	meter.end()
	if n > 0 {
		c.say("cli.migrate.counted", "n", n)
	}
	return err
}

func (c *console) migrated(ctx context.Context, where app.Config, citus bool) error {
	if where.Database == "" { // a folder that is not there is more likely mistyped than meant to be made
		if there, err := app.Holds(ctx, where); err != nil {
			return err
		} else if !there {
			return errs.E(errs.NotFound, "cli.no_data", "dir", where.Data)
		}
	}
	from, to, err := app.Migrate(ctx, where)
	if err != nil {
		return err
	}
	if from == to {
		c.say("cli.migrate.same", "to", to)
	} else {
		c.say("cli.migrate.done", "from", from, "to", to)
	}
	if !citus {
		return c.counted(ctx, where)
	}
	all, err := app.Distribute(ctx, where, func(p store.Placed) { c.say("cli.migrate.moved."+string(p.Place), "table", p.Table) })
	if err != nil {
		return err
	}
	count, moved := make(map[store.Place]int), 0
	for _, p := range all {
		count[p.Place]++
		if p.New {
			moved++
		}
	}
	if moved == 0 {
		c.say("cli.migrate.placed")
	}
	c.say("cli.migrate.places", "distributed", count[store.PlaceDistributed], "reference", count[store.PlaceReference], "local", count[store.PlaceLocal])
	return nil
}
