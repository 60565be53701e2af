package main

import (
	"context"
	"fmt"
	"time"

	"huiyin/internal/bench"
)

// measureLoad fills an office with generated lives and says what that took.
func measureLoad(ctx context.Context, c *console, args []string) int {
	f := flags("bench")
	matters := f.Int("matters", 10_000, "")
	data := f.String("data", "", "")
	profile := f.String("cpuprofile", "", "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	if *matters < 1 || *data == "" {
		return c.usage("bench", c.T("bench.load.which"))
	}
	config := bench.LoadConfig{Matters: *matters, Data: *data, Database: c.database, Now: time.Now, Progress: c.benchProgress}
	var closing func()
	var err error
	if config.Profile, closing, err = profileTo(*profile); err != nil {
		return c.fail(err)
	}
	defer closing()
	r, err := bench.Load(ctx, config)
	switch {
	case err != nil:
		return c.fail(err)
	case *asJSON:
		return c.json(r)
	}
	c.loaded(r)
	return 0
}

// loaded says what was loaded, and what that took.
func (c *console) loaded(r bench.LoadReport) {
	c.say("bench.load", "matters", r.Matters, "loaded", r.Loaded, "bytes", whole(r.Bytes))
	for _, p := range append([]bench.LoadPart{r.Lives}, r.Beside...) {
		c.line(fmt.Sprintf("  %10.1f %10.3f  %s", p.Seconds, p.CPUMS, c.T("bench.load."+p.Name)))
	}
	c.line("")
}
