package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"strings"

	"huiyin/internal/app"
)

// tracesVariable may hold what --traces does.
const tracesVariable = "HUIYIN_TRACES"

// serveFlags are the flags that serve and demo share.
func serveFlags(f *flag.FlagSet) func() app.Config {
	data := f.String("data", "data", "")
	listen := f.String("listen", "127.0.0.1:8080", "")
	https := f.Bool("https", false, "")
	proxies := f.String("proxies", "", "")
	origins := f.String("origins", "", "")
	hooks := f.String("webhooks-to", "", "")
	metrics := f.String("metrics", "", "")
	traces := f.String("traces", os.Getenv(tracesVariable), "")
	sample := f.Float64("traces-sample", 1, "")
	var level slog.Level
	f.TextVar(&level, "log", slog.LevelWarn, "")
	return func() app.Config {
		return app.Config{
			Data: *data, Listen: *listen, Secure: *https, Proxies: commas(*proxies), Origins: commas(*origins), WebhooksTo: commas(*hooks), Metrics: *metrics, Keys: []byte(os.Getenv(keysVariable)),
			Traces: app.Traces{URL: *traces, Sample: *sample}, Extract: extractor(),
			Log: slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level})),
		}
	}
}

func commas(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// serve answers until it is told to stop. On an empty data folder the pages lead through the first set-up.
func serve(ctx context.Context, c *console, args []string) int {
	f := flags("serve")
	config := serveFlags(f)
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	return run(ctx, c, config(), func(*app.App) error { return nil }, func(addr string) { c.say("cli.serve.ready", "addr", addr) })
}

// run opens, prepares, serves, closes.
func run(ctx context.Context, c *console, config app.Config, prepare func(*app.App) error, ready func(addr string)) int {
	a, err := app.Open(ctx, config)
	if err != nil {
		return c.fail(err)
	}
	err = prepare(a)
	if err == nil {
		err = a.Serve(ctx, ready)
	}
	if cerr := a.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return c.fail(err)
	}
	return 0
}
