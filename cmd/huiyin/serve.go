package main

import (
	"context"
	"flag"

	"huiyin/internal/app"
)

// serve answers until it is told to stop. On an empty data folder the pages lead through the first set-up.
func serve(ctx context.Context, c *console, args []string) int {
	return c.serving(ctx, flags("serve"), args, func(context.Context, *app.App) error { return nil }, func(addr string) { c.say("cli.serve.ready", "addr", addr) })
}

// serving reads the settings of a command that serves, opens, prepares, serves, closes.
func (c *console) serving(ctx context.Context, f *flag.FlagSet, args []string, prepare func(context.Context, *app.App) error, ready func(addr string)) int {
	given := settingFlags(f)
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	values, err := c.settings(given)
	if err != nil {
		return c.misused(f.Name(), err)
	}
	return run(ctx, c, serverConfig(values), prepare, ready)
}

// run opens, prepares, serves, closes, and tells systemd of it.
func run(ctx context.Context, c *console, config app.Config, prepare func(context.Context, *app.App) error, ready func(addr string)) int {
	a, err := app.Open(ctx, config)
	if err != nil {
		return c.fail(err)
	}
	err = prepare(ctx, a)
	if err == nil {
		err = supervised(ctx, c, a, ready)
	}
	if cerr := a.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return c.fail(err)
	}
	return 0
}
