package main

import (
	"context"
	"strings"
	"time"

	"huiyin/internal/bench"
)

// measureHot finds what many say at once in a file of messages and lists the largest issues with the numbers of their messages.
func measureHot(ctx context.Context, c *console, args []string) int {
	f := flags("bench")
	data := f.String("data", "", "")
	show := f.Int("show", 20, "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	if *data == "" {
		return c.usage("bench", c.T("bench.hot.which"))
	}
	r, err := bench.Hot(ctx, bench.HotConfig{Data: *data, Show: *show, Now: time.Now, Progress: c.benchProgress})
	switch {
	case err != nil:
		return c.fail(err)
	case *asJSON:
		return c.json(r)
	}
	c.say("bench.hot", "messages", r.Messages, "cpus", r.CPUs, "issues", r.Issues, "in", r.In, "ms", whole(r.MS), "cpu", tenth(r.CPUMS), "again", whole(r.Again))
	for i, issue := range r.Largest {
		c.line("")
		c.say("bench.hot.issue", "rank", i+1, "n", issue.Size, "name", issue.Name)
		c.line("  " + strings.Join(issue.Messages, " "))
	}
	return 0
}
