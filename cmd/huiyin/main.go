// Command huiyin takes in petitions and sees them handled by law: the server, and what its operator needs beside it.
//
// Every command answers 0 when it did what was asked, 1 when it could not or found something wrong, and 2 when it was called wrongly.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
)

// memoryGoal is the memory in bytes beyond which the program collects more often. It is no limit: what is needed is taken.
const memoryGoal = 192 << 20

// The exit codes beside 0.
const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	// Little is held in memory for long, and much that is written once is soon forgotten: two and a half times as much may come before it is collected.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(250)
	}
	// What printing leaves behind is collected before it adds up: the program stays near this size unless it needs more.
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal)
	}
	if len(os.Args) > 1 && os.Args[1] == extractCommand {
		os.Exit(extractText(os.Args[2:], os.Stdin, os.Stdout))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	c := newConsole(os.Stdout, os.Stderr, os.Args[1:], os.Getenv)
	c.system = systemSettings
	code := dispatch(ctx, c, os.Args[1:])
	stop()
	os.Exit(code)
}

// command is one word behind the program's name.
type command struct {
	name string
	run  func(ctx context.Context, c *console, args []string) int
}

// commands lists the commands in the order help shows them.
func commands() []command {
	return []command{
		{"serve", serve},
		{"demo", demonstrate},
		{"config", showConfig},
		{"doctor", examine},
		{"due", due},
		{"calendar", calendar},
		{"import", importFile},
		{"verify", verify},
		{"rebuild", rebuild},
		{"stat", statistics},
		{"publish", publish},
		{"backup", backup},
		{"restore", restore},
		{"copy", copyDatabase},
		{"migrate", migrate},
		{"rotate-keys", rotateKeys},
		{"user", user},
		{"suggest", suggestCategory},
		{"bench", measure},
		{"version", showVersion},
	}
}

// dispatch finds the command, answers calls for help, and runs it.
func dispatch(ctx context.Context, c *console, args []string) int {
	args, c.file, c.database = withoutGlobal(args)
	if len(args) == 0 {
		return c.usage("", c.T("cli.none"))
	}
	name := args[0]
	if wantsHelp(name) {
		topic := ""
		if len(args) > 1 {
			topic = args[1]
		}
		return c.help(topic)
	}
	for _, cmd := range commands() {
		if cmd.name != name {
			continue
		}
		for _, a := range args[1:] {
			if a != "help" && wantsHelp(a) {
				return c.help(name)
			}
		}
		return cmd.run(ctx, c, args[1:])
	}
	return c.usage("", c.T("cli.unknown", "command", name))
}

func wantsHelp(arg string) bool {
	return arg == "help" || arg == "-h" || arg == "-help" || arg == "--help"
}

// console is where a command writes, in the language of whoever called it.
type console struct {
	*i18n.Speaker
	out      io.Writer
	err      io.Writer
	environ  func() []string
	getenv   func(string) string
	file     string // of settings, that --config names
	database string // where the data are, where it was said
	system   string // file of settings that is read where none is named; empty for none
}

func newConsole(out, err io.Writer, args []string, env func(string) string) *console {
	catalog, loadErr := i18n.Load()
	if loadErr != nil {
		panic(fmt.Errorf("the embedded catalogue: %w", loadErr)) // built in: a test loads it
	}
	return &console{Speaker: catalog.For(language(args, env)), out: out, err: err, environ: os.Environ, getenv: env}
}

const langFlag = "--lang"

// language is what --lang says, or the locale; Chinese where neither says English.
func language(args []string, env func(string) string) i18n.Lang {
	asked := ""
	for i, a := range args {
		if value, ok := strings.CutPrefix(a, langFlag+"="); ok {
			asked = value
		} else if a == langFlag && i+1 < len(args) {
			asked = args[i+1]
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if asked == "" {
			asked = env(name)
		}
	}
	if strings.HasPrefix(asked, string(i18n.En)) {
		return i18n.En
	}
	return i18n.Zh
}

// withoutGlobal takes --lang and --config out, which every command knows, and gives the file that the latter names.
func withoutGlobal(args []string) (rest []string, file, database string) {
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		if name != langFlag && name != configFlag && name != databaseFlag {
			rest = append(rest, args[i])
			continue
		}
		if !joined && i+1 < len(args) {
			i++
			value = args[i]
		}
		switch name {
		case configFlag:
			file = value
		case databaseFlag:
			database = value
		}
	}
	return rest, file, database
}

// say writes a line of the catalogue.
func (c *console) say(key string, pairs ...any) { c.line(c.T(key, pairs...)) }

// line writes a line. What cannot be written to the terminal has nowhere to be told.
func (c *console) line(text string) { _, _ = fmt.Fprintln(c.out, text) }

// help shows what a command does, or all of them.
func (c *console) help(topic string) int {
	if topic == "" {
		c.line(c.T("cli.help"))
		for _, cmd := range commands() {
			c.line(fmt.Sprintf("  %-12s %s", cmd.name, c.T("cli.summary."+cmd.name)))
		}
		c.line("")
		c.line(c.T("cli.help.more"))
		return 0
	}
	if key := "cli.help." + topic; c.Has(key) {
		c.line(c.T(key))
		return 0
	}
	return c.usage("", c.T("cli.unknown", "command", topic))
}

// usage says that the command was called wrongly.
func (c *console) usage(name, what string) int {
	_, _ = fmt.Fprintln(c.err, what)
	return c.see(name)
}

// see says where to read how a command is called.
func (c *console) see(name string) int {
	if name == "" {
		_, _ = fmt.Fprintln(c.err, c.T("cli.see"))
	} else {
		_, _ = fmt.Fprintln(c.err, c.T("cli.see.command", "command", name))
	}
	return exitUsage
}

// fail says what went wrong. Who works at the machine also gets the cause, for it is theirs to put right.
func (c *console) fail(err error) int {
	c.explain(err)
	return exitFailed
}

func (c *console) explain(err error) {
	if errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintln(c.err, c.T("cli.stopped"))
		return
	}
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		_, _ = fmt.Fprintln(c.err, c.T("cli.failed", "cause", err.Error()))
		return
	}
	_, _ = fmt.Fprintln(c.err, c.Err(e))
	for _, f := range e.Fields {
		_, _ = fmt.Fprintf(c.err, "  %s: %s\n", f.Path, c.Field(f))
	}
	if cause := errors.Unwrap(e); cause != nil {
		_, _ = fmt.Fprintln(c.err, "  "+c.T("cli.cause", "cause", cause.Error()))
	}
}

// flags is a set of flags that leaves the words to the console.
func flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// anyNumber is what parse is told when there may be as many arguments as there are.
const anyNumber = -1

// parse reads flags wherever they stand and gives back the other arguments, of which there must be as many as wanted.
func (c *console) parse(f *flag.FlagSet, args []string, wanted int) (rest []string, ok bool) {
	for {
		if err := f.Parse(args); err != nil {
			c.usage(f.Name(), c.T("cli.flag", "cause", err.Error()))
			return nil, false
		}
		if f.NArg() == 0 {
			break
		}
		rest, args = append(rest, f.Arg(0)), f.Args()[1:]
	}
	if wanted != anyNumber && len(rest) != wanted {
		c.usage(f.Name(), c.T("cli.arguments", "n", wanted, "got", len(rest)))
		return nil, false
	}
	return rest, true
}
