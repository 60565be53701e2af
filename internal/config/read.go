package config

import (
	"errors"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"huiyin/internal/errs"
)

// Prefix is how the variables of the environment begin that are ours.
const Prefix = "HUIYIN_"

const (
	// FileVariable is the variable that may hold what --config does.
	FileVariable = Prefix + "CONFIG"
	// browserPrefix and testsPrefix are how the variables begin that belong to the tests.
	browserPrefix = Prefix + "E2E_"
	testsPrefix   = Prefix + "TEST_"
)

// The variables of the OpenTelemetry standard that switch traces on.
const (
	otelTraces   = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	otelEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"
)

// Given is what a command was given.
type Given struct {
	Flags map[string]string // by the names of Flags
	Env   []string          // NAME=value
	File  string            // the file of settings, where one was named
	Maybe string            // a file of settings that is read if it is there and none was named
}

// Read settles what holds: a flag before the environment, the environment before the file, the file before the default. A name that is none is an error, and so
// is a value that does not fit; both say where.
func Read(g Given) (Values, error) {
	out := make(Values, 0, len(Settings()))
	for _, s := range Settings() {
		out = append(out, Value{Setting: s, Text: s.Default, Source: FromDefault})
	}
	env := variables(g.Env)
	file, must := g.File, true
	if file == "" {
		file = env[FileVariable]
	}
	if file == "" {
		file, must = g.Maybe, false
	}
	if err := out.readFile(file, must); err != nil {
		return nil, err
	}
	if err := out.readEnvironment(env); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(g.Flags)) {
		s, ok := Flags()[name]
		if !ok {
			return nil, unknown(name, flagName(name), slices.Collect(maps.Keys(Flags())))
		}
		if err := out.set(s, name != s.Name, g.Flags[name], FromFlag, flagName(name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// variables are those that are ours or of the standard, without the empty ones, which say nothing.
func variables(env []string) map[string]string {
	out := map[string]string{}
	for _, line := range env {
		name, value, _ := strings.Cut(line, "=")
		if value == "" || strings.HasPrefix(name, browserPrefix) || strings.HasPrefix(name, testsPrefix) {
			continue
		}
		if strings.HasPrefix(name, Prefix) || name == otelTraces || name == otelEndpoint {
			out[name] = value
		}
	}
	return out
}

// set gives a setting its value, or that of the file which a value names.
func (v Values) set(s Setting, byFile bool, text string, from Source, where string) error {
	next := Value{Setting: s, Text: text, Source: from, Where: where}
	if byFile {
		content, err := os.ReadFile(text)
		if err != nil {
			return errs.E(errs.Invalid, "config.secret.unreadable", "where", where, "file", text).Because(err)
		}
		next.File, next.Text = text, strings.TrimSpace(string(content))
	}
	if err := s.check(next.Text, where); err != nil {
		return err
	}
	i := slices.IndexFunc(v, func(one Value) bool { return one.Name == s.Name })
	if s.Secret && v[i].Source == from {
		return errs.E(errs.Invalid, "config.secret.twice", "where", where, "other", v[i].Where)
	}
	v[i] = next
	return nil
}

// readEnvironment takes what the variables say.
func (v Values) readEnvironment(env map[string]string) error {
	known := map[string]Setting{}
	byFile := map[string]bool{}
	for _, s := range v {
		known[variable(s.Name)] = s.Setting
		if s.Secret {
			name := variable(s.Name + fileSuffix)
			known[name], byFile[name] = s.Setting, true
		}
	}
	traces := v.Of(Traces).Setting
	if at := env[otelEndpoint]; at != "" {
		if whole, err := url.JoinPath(at, "v1", "traces"); err == nil {
			at = whole
		}
		if err := v.set(traces, false, at, FromEnvironment, otelEndpoint); err != nil {
			return err
		}
	}
	if at := env[otelTraces]; at != "" {
		if err := v.set(traces, false, at, FromEnvironment, otelTraces); err != nil {
			return err
		}
	}
	names := append(slices.Collect(maps.Keys(known)), FileVariable)
	for _, name := range slices.Sorted(maps.Keys(env)) {
		s, ok := known[name]
		switch {
		case ok:
			if err := v.set(s, byFile[name], env[name], FromEnvironment, name); err != nil {
				return err
			}
		case name != FileVariable && strings.HasPrefix(name, Prefix):
			return unknown(name, name, names)
		}
	}
	return nil
}

// readFile takes what the file of settings says. One that must be there and is not is an error.
func (v Values) readFile(path string, must bool) error {
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !must {
		return nil
	}
	if err != nil {
		return errs.E(errs.Invalid, "config.file.unreadable", "file", path).Because(err)
	}
	said := map[string]any{}
	if _, err := toml.Decode(string(text), &said); err != nil {
		line := 0
		if at, ok := errors.AsType[toml.ParseError](err); ok {
			line = at.Position.Line
		}
		return errs.E(errs.Invalid, "config.file.syntax", "file", path, "line", line).Because(err)
	}
	for _, key := range slices.Sorted(maps.Keys(said)) {
		where := path + " " + key
		s, ok := Flags()[key]
		if !ok {
			if v.Of(key).Secret {
				return errs.E(errs.Invalid, "config.secret.open", "where", where, "name", key+fileSuffix)
			}
			return unknown(key, path, slices.Collect(maps.Keys(Flags())))
		}
		value, ok := plain(said[key])
		if !ok {
			return errs.E(errs.Invalid, "config.value.table", "where", where)
		}
		if err := v.set(s, key != s.Name, value, FromFile, where); err != nil {
			return err
		}
	}
	return nil
}
