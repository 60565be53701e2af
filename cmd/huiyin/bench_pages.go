package main

import (
	"context"
	"fmt"
	"time"

	"huiyin/internal/bench"
)

// measurePages asks for every page and every reading operation over offices that were loaded.
func measurePages(ctx context.Context, c *console, args []string) int {
	f := flags("bench")
	data := f.String("data", "", "")
	matters := f.String("matters", "10000", "")
	rounds := f.Int("rounds", 10, "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	config := bench.PagesConfig{Matters: numbers(*matters), Data: named(*data), Database: c.database, Rounds: *rounds, Now: time.Now, Progress: c.benchProgress}
	if !c.offices(config.Matters, config.Data) || *rounds < 1 {
		return c.usage("bench", c.T("bench.offices"))
	}
	r, err := bench.Pages(ctx, config)
	switch {
	case err != nil:
		return c.fail(err)
	case *asJSON:
		return c.json(r)
	}
	for _, size := range r.Sizes {
		c.say("bench.pages", "matters", size.Matters, "pages", len(size.Pages), "cpus", r.CPUs)
		c.line(c.T("bench.pages.head"))
		for _, p := range size.Pages {
			growth := ""
			if p.Growth > 0 {
				growth = "×" + hundredth(p.Growth)
			}
			c.line(fmt.Sprintf("  %8.1f %8.1f %8.1f %8.1f %6s  %s %s", p.Time.P50, p.Time.P95, p.CPU, p.Bytes/1024, growth, p.Who, p.Kind))
		}
		for _, u := range size.Unanswered {
			c.line("  " + u)
		}
		c.line("")
	}
	return 0
}
