package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/bench"
)

// The things that can be measured, and the word by which the program calls itself for the clients.
const (
	benchLifecycle = "lifecycle"
	benchBurst     = "burst"
	benchStartup   = "startup"
	benchRepeats   = "repeats"
	benchHot       = "hot"
	benchFind      = "find"
	benchStat      = "stat"
	benchLoad      = "load"
	benchPages     = "pages"
	benchClients   = "clients"
)

// benchWarm is how many matters are taken through before anything is measured.
const benchWarm = 400

// measure runs the measurements on this machine, on data of their own.
func measure(ctx context.Context, c *console, args []string) int {
	what := ""
	if len(args) > 0 {
		what, args = args[0], args[1:]
	}
	switch what {
	case benchLifecycle:
		return measureLifecycle(ctx, c, args)
	case benchBurst:
		return measureBurst(ctx, c, args)
	case benchStartup:
		return measureStartup(ctx, c, args)
	case benchRepeats:
		return measureRepeats(ctx, c, args)
	case benchHot:
		return measureHot(ctx, c, args)
	case benchLoad:
		return measureLoad(ctx, c, args)
	case benchPages:
		return measurePages(ctx, c, args)
	case benchFind, benchStat:
		return measureFind(ctx, c, what == benchStat, args)
	case benchClients:
		if err := bench.RunClients(ctx, os.Stdin, os.Stdout, time.Now); err != nil {
			return c.fail(err)
		}
		return 0
	default:
		return c.usage("bench", c.T("bench.which"))
	}
}

func measureStartup(ctx context.Context, c *console, args []string) int {
	f := flags("bench")
	data := f.String("data", "", "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	s, err := bench.StartUp(ctx, bench.StartupConfig{
		Data: *data, Warm: benchWarm, Rounds: 5, Idle: 5 * time.Second, Now: time.Now, Client: self("bench", benchClients), Progress: c.benchProgress,
		Server: func(ctx context.Context, data, listen string) *exec.Cmd {
			return self("serve", "--data", data, "--listen", listen)(ctx)
		},
	})
	switch {
	case err != nil:
		return c.fail(err)
	case *asJSON:
		return c.json(s)
	}
	c.say("bench.startup", "median", whole(s.ReadyMS[len(s.ReadyMS)/2]), "slowest", whole(s.ReadyMS[len(s.ReadyMS)-1]),
		"memory", s.MemoryKB>>10, "database", s.Database>>20)
	return 0
}

func measureRepeats(ctx context.Context, c *console, args []string) int {
	f := flags("bench")
	data := f.String("data", "", "")
	matters := f.Int("matters", 0, "")
	pairs := f.String("pairs", "", "")
	keep := f.String("keep", "", "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	if *pairs != "" && *data != "" && *matters == 0 {
		return measurePairs(ctx, c, *pairs, *data, *asJSON)
	}
	if (*data == "") == (*matters < 1) {
		return c.usage("bench", c.T("bench.repeats.which"))
	}
	r, err := bench.Repeats(ctx, bench.RepeatsConfig{Data: *data, Matters: *matters, Keep: *keep, Now: time.Now, Progress: c.benchProgress})
	switch {
	case err != nil:
		return c.fail(err)
	case *asJSON:
		return c.json(r)
	}
	c.say("bench.repeats", "matters", r.Matters, "asked", r.Asked, "cpus", r.CPUs, "candidates", tenth(r.Candidates), "offered", tenth(r.Offered), "wrong", r.Wrong)
	for _, p := range r.Pairs {
		c.say("bench.repeats.pairs", "percent", p.Name, "found", p.Found, "all", p.All)
	}
	for _, k := range r.Kinds {
		c.say("bench.repeats."+k.Name, "found", k.Found, "all", k.All)
	}
	c.line("")
	c.line(c.T("bench.repeats.head"))
	c.benchMicros("bench.repeats.sketch", r.Sketch)
	c.benchMicros("bench.repeats.search", r.Search)
	c.benchMicros("bench.repeats.whole", r.Whole)
	c.say("bench.repeats.cpu", "cpu", tenth(r.CPUMS))
	c.say("bench.repeats.written", "bytes", whole(r.Written))
	return 0
}

func measurePairs(ctx context.Context, c *console, pairs, data string, asJSON bool) int {
	r, err := bench.Pairs(ctx, bench.PairsConfig{Pairs: pairs, Data: data, Now: time.Now, Progress: c.benchProgress})
	switch {
	case err != nil:
		return c.fail(err)
	case asJSON:
		return c.json(r)
	}
	figure := func(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
	c.say("bench.judged", "pairs", r.Pairs, "same", r.Same, "messages", r.Messages)
	for _, j := range r.Judges {
		c.say("bench.judged.by", "name", c.T("bench.judge."+j.Name), "precision", figure(j.Precision), "recall", figure(j.Recall), "f1", figure(j.F1), "auc", figure(j.AUC))
	}
	for _, l := range r.Levels {
		c.say("bench.judged.from", "likeness", tenth(l.Likeness), "precision", figure(l.Precision), "recall", figure(l.Recall))
	}
	c.say("bench.judged.fit", "base", figure(r.Fit.Base), "weights", fmt.Sprintf("%.3f", r.Fit.Weights))
	c.say("bench.judged.offered", "asked", r.Asked, "offered", r.Offered, "told", r.Told, "crowded", r.Crowded, "each", tenth(r.Each))
	return 0
}

// measureFind asks for matters, or for figures, among generated ones.
func measureFind(ctx context.Context, c *console, figures bool, args []string) int {
	f := flags("bench")
	matters := f.String("matters", "10000", "")
	rounds := f.Int("rounds", 100, "")
	data := f.String("data", "", "")
	only := f.String("only", "", "")
	profile := f.String("cpuprofile", "", "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	config := bench.FindConfig{
		Matters: numbers(*matters), Data: named(*data), Database: c.database, Rounds: *rounds, Figures: figures, Only: named(*only), Now: time.Now, Progress: c.benchProgress,
	}
	if !c.offices(config.Matters, config.Data) || *rounds < 1 {
		return c.usage("bench", c.T("bench.offices"))
	}
	var closing func()
	var err error
	if config.Profile, closing, err = profileTo(*profile); err != nil {
		return c.fail(err)
	}
	defer closing()
	r, err := bench.Find(ctx, config)
	switch {
	case err != nil:
		return c.fail(err)
	case *asJSON:
		return c.json(r)
	}
	for _, size := range r.Sizes {
		c.loaded(size.Load)
		c.say("bench.find", "matters", size.Matters, "cpus", r.CPUs)
		if len(size.Tables) > 0 {
			c.say("bench.find.tables")
		}
		for _, name := range slices.Sorted(maps.Keys(size.Tables)) {
			c.line(fmt.Sprintf("  %8.0f  %s", size.Tables[name], name))
		}
		c.line(c.T("bench.find.head"))
		for _, a := range size.Asked {
			growth := ""
			if a.Growth > 0 {
				growth = "×" + hundredth(a.Growth)
			}
			c.line(fmt.Sprintf("  %8.2f %8.2f %8.2f %8.2f %6.1f %7d %6s  %s", a.Time.P50, a.Time.P95, a.Time.P99, a.CPU, a.Found, a.Stopped, growth, a.Name))
		}
		c.line("")
	}
	return 0
}

// numbers reads numbers of 1 and more with commas between them; nil where something else stands there.
func numbers(text string) []int {
	var out []int
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// named reads names with commas between them, such as those of folders.
func named(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// offices reports whether there are numbers of matters, and a folder for each where folders are named: one, where it belongs to a database.
func (c *console) offices(matters []int, data []string) bool {
	if c.database != "" {
		return len(matters) == 1 && len(data) == 1
	}
	return len(matters) > 0 && (len(data) == 0 || len(data) == len(matters))
}

// profileTo opens the file that takes a profile, and gives what closes it: one that is cut short is seen when it is read. Where none is wanted there is none.
func profileTo(name string) (io.Writer, func(), error) {
	if name == "" {
		return nil, func() {}, nil
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, nil, err
	}
	return file, func() { _ = file.Close() }, nil
}

// self is a call of this very program.
func self(args ...string) func(context.Context) *exec.Cmd {
	return func(ctx context.Context) *exec.Cmd {
		return exec.CommandContext(ctx, "/proc/self/exe", args...) //nolint:gosec // ourselves
	}
}

// benchProgress says on the side what is being done: the output may be JSON.
func (c *console) benchProgress(doing string, n int) {
	_, _ = fmt.Fprintln(c.err, c.T("bench.doing."+doing, "n", n))
}

// benchReport writes the measurements as a table.
func (c *console) benchReport(r bench.Report) {
	c.say("bench.head", "engine", r.Engine, "found", r.Found, "cpus", r.CPUs, "seconds", whole(r.Seconds))
	c.say("bench.written", "events", whole(r.Written.Events), "statements", whole(r.Written.Statements), "bytes", whole(r.Written.Bytes),
		"database", whole(r.Written.Database))
	c.line("")
	for _, l := range r.Levels {
		c.say("bench.level", "clients", l.Clients, "speed", tenth(l.PerSecond), "cpu", tenth(l.ServerMS), "errors", l.Errors, "commits", tenth(l.Commits),
			"memory", l.Memory.AtMost>>10, "file", l.Memory.File>>10, "go", l.Memory.Go>>10)
		c.benchSpread("bench.life", l.Life)
		for _, call := range l.Calls {
			c.benchSpread("bench.call."+call.Name, call.Spread)
		}
		c.benchRaw("bench.raw", l.Raw)
		c.benchRaw("bench.raw.same", l.RawSame)
		if l.Failure != "" {
			c.say("bench.failure", "cause", l.Failure)
		}
		c.line("")
	}
	if r.Matters > 0 {
		c.say("bench.verified", "matters", r.Matters, "events", r.Events, "findings", r.Findings)
	}
}

func (c *console) benchRaw(name string, r bench.Raw) {
	c.say(name, "speed", tenth(r.PerSecond), "cpu", tenth(r.CPUMS), "ratio", hundredth(r.Ratio))
}

func (c *console) benchSpread(name string, s bench.Spread) {
	c.line(fmt.Sprintf("  %8.1f %8.1f %8.1f  %s", s.P50, s.P95, s.P99, c.T(name)))
}

func (c *console) benchMicros(name string, s bench.Spread) {
	const micros = 1000 // in a millisecond
	c.line(fmt.Sprintf("  %8.0f %8.0f %8.0f  %s", s.P50*micros, s.P95*micros, s.P99*micros, c.T(name)))
}

func whole(f float64) string     { return strconv.FormatFloat(f, 'f', 0, 64) }
func tenth(f float64) string     { return strconv.FormatFloat(f, 'f', 1, 64) }
func hundredth(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }
