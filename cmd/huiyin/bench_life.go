package main

import (
	"context"
	"time"

	"huiyin/internal/bench"
)

func measureLifecycle(ctx context.Context, c *console, args []string) int {
	f := flags("bench")
	clients := f.String("clients", "1,8,32,128", "")
	seconds := f.Int("seconds", 10, "")
	data := f.String("data", "", "")
	profile := f.String("cpuprofile", "", "")
	heap := f.String("memprofile", "", "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	config := c.benchConfig(*data, *seconds)
	if config.Clients = numbers(*clients); config.Clients == nil || *seconds < 1 {
		return c.usage("bench", c.T("bench.numbers"))
	}
	var closing func() error
	var err error
	if config.Profile, closing, err = profileTo(*profile); err != nil {
		return c.fail(err)
	}
	defer closing() //nolint:errcheck // a profile that is cut short is seen when it is read
	var closingHeap func() error
	if config.Heap, closingHeap, err = profileTo(*heap); err != nil {
		return c.fail(err)
	}
	defer closingHeap() //nolint:errcheck // likewise
	r, err := bench.Lifecycle(ctx, config)
	if err != nil {
		return c.fail(err)
	}
	code := 0
	if *asJSON {
		code = c.json(r)
	} else {
		c.benchReport(r)
	}
	if r.Findings > 0 {
		return exitFailed
	}
	for _, l := range r.Levels {
		if l.Errors > 0 {
			return exitFailed
		}
	}
	return code
}

// benchConfig is what whole lives are measured with.
func (c *console) benchConfig(data string, seconds int) bench.Config {
	return bench.Config{
		Data: data, Database: c.database, Warm: benchWarm, Time: time.Duration(seconds) * time.Second, Now: time.Now, Client: self("bench", benchClients), Progress: c.benchProgress,
	}
}

func measureBurst(ctx context.Context, c *console, args []string) int {
	f := flags("bench")
	clients := f.Int("clients", 128, "")
	rate := f.Float64("rate", 10, "")
	seconds := f.Int("seconds", 60, "")
	calm := f.Int("calm", 30, "")
	data := f.String("data", "", "")
	heap := f.String("memprofile", "", "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	if *clients < 1 || *rate <= 0 || *seconds < 1 || *calm < 1 {
		return c.usage("bench", c.T("bench.burst.numbers"))
	}
	config := c.benchConfig(*data, *seconds)
	var closing func() error
	var err error
	if config.Heap, closing, err = profileTo(*heap); err != nil {
		return c.fail(err)
	}
	defer closing() //nolint:errcheck // a profile that is cut short is seen when it is read
	r, err := bench.RunBurst(ctx, bench.BurstConfig{Config: config, Most: *clients, Rate: *rate, Calm: time.Duration(*calm) * time.Second})
	if err != nil {
		return c.fail(err)
	}
	code := 0
	if *asJSON {
		code = c.json(r)
	} else {
		c.say("bench.burst", "engine", r.Engine, "found", r.Found, "cpus", r.CPUs, "clients", *clients, "memory", r.Memory.AtMost>>10, "file", r.Memory.File>>10, "go", r.Memory.Go>>10)
		for _, p := range r.Phases {
			c.say("bench.burst.phase", "rate", tenth(p.Rate), "came", p.Came, "errors", p.Errors, "behind", tenth(p.Behind))
			c.benchSpread("bench.life", p.Life)
			c.benchSpread("bench.burst.call", p.Call)
		}
		if r.Failure != "" {
			c.say("bench.failure", "cause", r.Failure)
		}
	}
	if r.Errors > 0 || r.Findings > 0 {
		return exitFailed
	}
	return code
}
