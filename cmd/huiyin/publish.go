package main

import (
	"context"

	"huiyin/internal/app"
	"huiyin/internal/org"
)

// publish publishes how the petitions of a period were handled, or of all that are due.
func publish(ctx context.Context, c *console, args []string) int {
	f := flags("publish")
	data := dataFlag(f)
	period := f.String("period", "", "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) {
		done := func() ([]string, error) { return a.Office.PublishDue(ctx, nil) }
		if *period != "" {
			done = func() ([]string, error) { return a.Office.PublishPeriod(ctx, org.System(), *period) }
		}
		published, err := done()
		if err != nil {
			return 0, err
		}
		if *asJSON {
			return c.json(struct {
				Published []string `json:"published"`
			}{append([]string{}, published...)}), nil
		}
		if len(published) == 0 {
			c.say("cli.publish.none")
		}
		for _, p := range published {
			c.say("cli.publish.done", "period", p)
		}
		return 0, nil
	})
}
