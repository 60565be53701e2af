package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"strings"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/config"
)

// systemSettings is the file of settings that an installation of this machine has. Every command reads it when it is there and no other was named; only a
// demonstration does not, whose invented people have no business in the data of an office.
const systemSettings = "/etc/huiyin/huiyin.toml"

// The flags that every command takes: the file of settings, and where the data are if not in the data folder.
const (
	configFlag   = "--config"
	databaseFlag = "--database"
)

// settingFlags adds the flags of the settings to a command's own and gives what was said by them.
func settingFlags(f *flag.FlagSet) map[string]string {
	given := map[string]string{}
	for name, s := range config.Flags() {
		keep := func(text string) error { given[name] = text; return nil }
		if s.Kind == config.YesNo {
			f.BoolFunc(name, "", keep)
		} else {
			f.Func(name, "", keep)
		}
	}
	return given
}

// dataFlag is the flag of every command that works on a data folder; empty where it was not given.
func dataFlag(f *flag.FlagSet) *string { return f.String(config.Data, "", "") }

// settings are what holds, with what flags said.
func (c *console) settings(flags map[string]string) (config.Values, error) {
	if c.database != "" {
		flags[config.Database] = c.database
	}
	return config.Read(config.Given{Flags: flags, Env: c.environ(), File: c.file, Maybe: c.system})
}

// settingsOf are what holds for a command that has only dataFlag.
func (c *console) settingsOf(data string) (config.Values, error) {
	flags := map[string]string{}
	if data != "" {
		flags[config.Data] = data
	}
	return c.settings(flags)
}

// appConfig is what the program is opened with.
func appConfig(v config.Values, log *slog.Logger) app.Config {
	return app.Config{Data: v.Text(config.Data), Database: v.Text(config.Database), Keys: []byte(v.Text(config.Keys)), Log: log, Now: time.Now, Version: version()}
}

// serverConfig is what the server is opened with.
func serverConfig(v config.Values) app.Config {
	var level slog.Level
	_ = level.UnmarshalText([]byte(v.Text(config.Log))) // config has looked at it
	a := appConfig(v, slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	a.Listen, a.Secure, a.Proxies, a.Origins, a.Metrics = v.Text(config.Listen), v.Yes(config.HTTPS), v.List(config.Proxies), v.List(config.Origins), v.Text(config.Metrics)
	a.WebhooksTo, a.Drain = v.List(config.WebhooksTo), v.Span(config.Drain)
	a.Traces, a.Extract = app.Traces{URL: v.Text(config.Traces), Sample: v.Share(config.TracesSample)}, extractor()
	return a
}

// settingLine is a setting for programs.
type settingLine struct {
	Name   string        `json:"name"`
	Value  string        `json:"value"`
	Secret bool          `json:"secret,omitempty"`
	Set    bool          `json:"set"`
	Source config.Source `json:"source"`
	Where  string        `json:"where,omitempty"`
}

// showConfig shows what holds and where each comes from. Of a secret it shows only whether there is one.
func showConfig(_ context.Context, c *console, args []string) int {
	f := flags("config")
	given := settingFlags(f)
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	values, err := c.settings(given)
	if err != nil {
		return c.misused("config", err)
	}
	lines := make([]settingLine, len(values))
	for i, v := range values {
		lines[i] = settingLine{Name: v.Name, Value: v.Shown(), Secret: v.Secret, Set: v.Text != "", Source: v.Source, Where: v.Where}
	}
	if *asJSON {
		return c.json(struct {
			Settings []settingLine `json:"settings"`
		}{lines})
	}
	for _, l := range lines {
		text := l.Value
		switch {
		case l.Secret && l.Set:
			text = c.T("cli.config.secret")
		case !l.Set:
			text = c.T("cli.config.none")
		}
		c.line(l.Name + strings.Repeat(" ", len("traces-sample  ")-len(l.Name)) + text + "  " + c.T("cli.config.from."+string(l.Source), "where", l.Where))
	}
	return 0
}

// misused says that a setting is wrong.
func (c *console) misused(name string, err error) int {
	c.explain(err)
	return c.see(name)
}
