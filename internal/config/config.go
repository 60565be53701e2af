// Package config is what an operator sets: one table of settings, each with one name on the command line, in the environment and in the file.
package config

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
)

// Kind is what a setting may hold.
type Kind string

// The kinds.
const (
	Text  Kind = "text"
	List  Kind = "list"  // words, separated by commas or blanks
	YesNo Kind = "yes"   // true or false
	Share Kind = "share" // from 0 to 1
	Level Kind = "level" // how much is logged
	Span  Kind = "span"  // a time such as 5s
)

// Setting is one thing that can be set: as --name on the command line, as HUIYIN_NAME in the environment, as name in the file.
type Setting struct {
	Name    string
	Kind    Kind
	Default string
	// Secret is never shown. It stands in no command line and no file of settings, which others may read: only in the environment, or in a file of
	// its own that name-file names.
	Secret bool
}

// The names of the settings.
const (
	Data         = "data"
	Database     = "database"
	WebhooksTo   = "webhooks-to"
	Listen       = "listen"
	HTTPS        = "https"
	Proxies      = "proxies"
	Origins      = "origins"
	Drain        = "drain"
	Metrics      = "metrics"
	Traces       = "traces"
	TracesSample = "traces-sample"
	Log          = "log"
	Backups      = "backups"
	Keys         = "keys"
)

// Settings are all there are, in the order in which they are shown.
func Settings() []Setting {
	return []Setting{
		{Name: Data, Kind: Text, Default: "data"},
		{Name: Database, Kind: Text},
		{Name: Listen, Kind: Text, Default: "127.0.0.1:8080"},
		{Name: HTTPS, Kind: YesNo, Default: "false"},
		{Name: Proxies, Kind: List},
		{Name: Origins, Kind: List},
		{Name: WebhooksTo, Kind: List},
		{Name: Drain, Kind: Span, Default: "5s"},
		{Name: Metrics, Kind: Text},
		{Name: Traces, Kind: Text},
		{Name: TracesSample, Kind: Share, Default: "1"},
		{Name: Log, Kind: Level, Default: "warn"},
		{Name: Backups, Kind: Text},
		{Name: Keys, Kind: Text, Secret: true},
	}
}

// Source is where a value comes from. A later one outdoes an earlier one.
type Source string

// The sources.
const (
	FromDefault     Source = "default"
	FromFile        Source = "file"
	FromEnvironment Source = "environment"
	FromFlag        Source = "flag"
)

// Value is what holds of a setting.
type Value struct {
	Setting
	Text   string
	Source Source
	Where  string // the flag, the variable, or the file with its key; empty for a default
	File   string // of a secret that was read from one
}

// Shown is the value as it may be shown: of a secret nothing, of an address no password.
func (v Value) Shown() string {
	if v.Secret {
		return ""
	}
	if u, err := url.Parse(v.Text); err == nil && u.User != nil {
		return u.Redacted()
	}
	return v.Text
}

// Values are what holds of all settings.
type Values []Value

// Of is the value of a setting.
func (v Values) Of(name string) Value {
	i := slices.IndexFunc(v, func(one Value) bool { return one.Name == name })
	if i < 0 {
		return Value{}
	}
	return v[i]
}

// Text is the value of a setting as it was written.
func (v Values) Text(name string) string { return v.Of(name).Text }

// Yes reports whether a setting says so.
func (v Values) Yes(name string) bool {
	yes, err := strconv.ParseBool(v.Text(name))
	return err == nil && yes
}

// Share is the value of a setting that is a share.
func (v Values) Share(name string) float64 {
	share, err := strconv.ParseFloat(v.Text(name), 64)
	if err != nil {
		return 0 // check let none pass
	}
	return share
}

// Span is the value of a setting that is a time.
func (v Values) Span(name string) time.Duration {
	span, err := time.ParseDuration(v.Text(name))
	if err != nil {
		return 0 // check let none pass
	}
	return span
}

// List is the value of a setting that is a list.
func (v Values) List(name string) []string {
	return strings.FieldsFunc(v.Text(name), func(r rune) bool { return r == ',' || r == ' ' })
}

// levels are how much may be logged.
func levels() []string { return []string{"debug", "info", "warn", "error"} }

// maxSpan is the longest time that can be set: one behind which nobody expects anything any more.
const maxSpan = time.Minute

// check refuses a text that a setting cannot hold. where names the place for whoever has to mend it.
func (s Setting) check(text, where string) error {
	ok := true
	switch s.Kind {
	case YesNo:
		_, err := strconv.ParseBool(text)
		ok = err == nil
	case Share:
		_, err := strconv.ParseFloat(text, 64)
		ok = err == nil
	case Level:
		ok = slices.Contains(levels(), strings.ToLower(text))
	case Span:
		span, err := time.ParseDuration(text)
		ok = err == nil && span >= 0 && span <= maxSpan
	case Text, List:
	}
	if !ok {
		return errs.E(errs.Invalid, "config.value."+string(s.Kind), "where", where, "value", text)
	}
	return nil
}

// fileSuffix makes the name of the file of a secret.
const fileSuffix = "-file"

func flagName(name string) string { return "--" + name }

func variable(name string) string {
	return Prefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// keys are the names under which a setting can be given in a file of settings or on the command line.
func (s Setting) keys() []string {
	if s.Secret {
		return []string{s.Name + fileSuffix}
	}
	return []string{s.Name}
}

// Flags are the names of the flags by which settings can be given, with what each is of.
func Flags() map[string]Setting {
	out := map[string]Setting{}
	for _, s := range Settings() {
		for _, key := range s.keys() {
			out[key] = s
		}
	}
	return out
}

// unknown says that a name is none, and which it may have been meant to be.
func unknown(name, where string, names []string) error {
	near, best := "", maxSlips+1
	for _, n := range names {
		if d := distance(name, n); d < best {
			near, best = n, d
		}
	}
	if near == "" {
		slices.Sort(names)
		return errs.E(errs.Invalid, "config.unknown", "name", name, "where", where, "names", strings.Join(names, ", "))
	}
	return errs.E(errs.Invalid, "config.unknown.near", "name", name, "where", where, "near", near)
}

// maxSlips is by how many letters a name may miss another that it is taken to mean.
const maxSlips = 3

// distance is how many letters have to be put in, taken out or changed to make one word of another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}

// plain writes a value of the file as it would stand on the command line.
func plain(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool, int64, float64:
		return fmt.Sprint(v), true
	case []any:
		words := make([]string, len(v))
		for i, one := range v {
			word, ok := one.(string)
			if !ok {
				return "", false
			}
			words[i] = word
		}
		return strings.Join(words, ","), true
	}
	return "", false
}
