package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huiyin/internal/config"
	"huiyin/internal/errs"
)

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "huiyin.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Each setting in each place: a flag before the environment, the environment before the file, the file before the default.
func TestPrecedence(t *testing.T) {
	texts := map[config.Kind][3]string{
		config.Text: {"a", "b", "c"}, config.List: {"a, b", "c", "d"}, config.YesNo: {"true", "false", "true"}, config.Share: {"0.5", "0.25", "0"}, config.Level: {"info", "debug", "error"}, config.Span: {"2s", "0s", "1m"},
	}
	for _, s := range config.Settings() {
		t.Run(s.Name, func(t *testing.T) {
			value, name := texts[s.Kind], s.Name
			variable := "HUIYIN_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
			want := value
			if s.Secret { // in each place the file that holds it
				name += "-file"
				variable += "_FILE"
				for i, text := range value {
					value[i] = file(t, text+"\n")
				}
			}
			given := config.Given{}
			check := func(text string, source config.Source) {
				t.Helper()
				values, err := config.Read(given)
				if err != nil {
					t.Fatal(err)
				}
				if got := values.Of(s.Name); got.Text != text || got.Source != source || (source != config.FromDefault) != (got.Where != "") {
					t.Errorf("%+v", got)
				}
				if s.Secret && values.Of(s.Name).Shown() != "" {
					t.Error("a secret is shown")
				}
			}
			check(s.Default, config.FromDefault)
			given.File = file(t, name+` = "`+value[0]+`"`)
			check(want[0], config.FromFile)
			given.Env = []string{variable + "=" + value[1], "PATH=/bin", "HUIYIN_E2E_PORT=1", "HUIYIN_LISTEN="}
			check(want[1], config.FromEnvironment)
			given.Flags = map[string]string{name: value[2]}
			check(want[2], config.FromFlag)
		})
	}
}

func TestTypes(t *testing.T) {
	values, err := config.Read(config.Given{File: file(t, "https = true\ntraces-sample = 0.1\nproxies = [\"10.0.0.1\", \"10.0.0.2\"]\n# a comment\nlog = \"WARN\"\n")})
	if err != nil {
		t.Fatal(err)
	}
	if !values.Yes(config.HTTPS) || values.Share(config.TracesSample) != 0.1 || strings.Join(values.List(config.Proxies), " ") != "10.0.0.1 10.0.0.2" {
		t.Errorf("%+v", values)
	}
}

// The file may be named by the environment; one that is only looked for may be missing; one that is named may not.
func TestWhichFile(t *testing.T) {
	path := file(t, `listen = "a:1"`)
	for name, g := range map[string]config.Given{
		"flag": {File: path, Env: []string{"HUIYIN_CONFIG=nowhere"}}, "variable": {Env: []string{"HUIYIN_CONFIG=" + path}, Maybe: "nowhere"}, "place": {Maybe: path},
	} {
		if values, err := config.Read(g); err != nil || values.Text(config.Listen) != "a:1" {
			t.Errorf("%s: %v %v", name, values, err)
		}
	}
	if _, err := config.Read(config.Given{Maybe: "nowhere"}); err != nil {
		t.Error(err)
	}
	if _, err := config.Read(config.Given{File: "nowhere"}); errs.CodeOf(err) != "config.file.unreadable" {
		t.Error(err)
	}
}

// The variables of the OpenTelemetry standard switch traces on; ours outdo them.
func TestStandardVariables(t *testing.T) {
	for _, c := range []struct{ env, want, where string }{
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "http://c:4318/v1/traces", "OTEL_EXPORTER_OTLP_ENDPOINT"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318/otlp/", "http://c:4318/otlp/v1/traces", "OTEL_EXPORTER_OTLP_ENDPOINT"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://d/x", "http://d/x", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=http://c HUIYIN_TRACES=http://e", "http://e", "HUIYIN_TRACES"},
		{"OTEL_SERVICE_NAME=x", "", ""},
	} {
		values, err := config.Read(config.Given{Env: strings.Fields(c.env)})
		if got := values.Of(config.Traces); err != nil || got.Text != c.want || got.Where != c.where {
			t.Errorf("%s: %+v %v", c.env, got, err)
		}
	}
}

func TestRefused(t *testing.T) {
	secret := file(t, "s")
	for _, c := range []struct {
		name  string
		given config.Given
		code  string
		near  string // what was probably meant
	}{
		{"key of the file", config.Given{File: file(t, `lisen = "a"`)}, "config.unknown.near", "listen"},
		{"key with another sign", config.Given{File: file(t, `traces_sample = 1`)}, "config.unknown.near", "traces-sample"},
		{"key far from all", config.Given{File: file(t, `favourite-colour = "a"`)}, "config.unknown", ""},
		{"table", config.Given{File: file(t, "[server]\nlisten = \"a\"")}, "config.unknown", ""},
		{"table for a value", config.Given{File: file(t, "[listen]\na = \"a\"")}, "config.value.table", ""},
		{"numbers in a list", config.Given{File: file(t, "proxies = [1]")}, "config.value.table", ""},
		{"no TOML", config.Given{File: file(t, "listen: a")}, "config.file.syntax", ""},
		{"variable", config.Given{Env: []string{"HUIYIN_LISTN=a"}}, "config.unknown.near", "HUIYIN_LISTEN"},
		{"variable of the file", config.Given{Env: []string{"HUIYIN_CONFI=a"}}, "config.unknown.near", "HUIYIN_CONFIG"},
		{"flag", config.Given{Flags: map[string]string{"dta": "a"}}, "config.unknown.near", "data"},
		{"no truth", config.Given{Env: []string{"HUIYIN_HTTPS=maybe"}}, "config.value.yes", ""},
		{"no time", config.Given{Flags: map[string]string{"drain": "a while"}}, "config.value.span", ""},
		{"too long a time", config.Given{Flags: map[string]string{"drain": "2h"}}, "config.value.span", ""},
		{"a time before now", config.Given{Flags: map[string]string{"drain": "-1s"}}, "config.value.span", ""},
		{"no share", config.Given{Flags: map[string]string{"traces-sample": "much"}}, "config.value.share", ""},
		{"no level", config.Given{Flags: map[string]string{"log": "loud"}}, "config.value.level", ""},
		{"secret in the file of settings", config.Given{File: file(t, `keys = "s"`)}, "config.secret.open", ""},
		{"secret on the command line", config.Given{Flags: map[string]string{"keys": "s"}}, "config.unknown", ""},
		{"file of a secret that is not there", config.Given{Env: []string{"HUIYIN_KEYS_FILE=nowhere"}}, "config.secret.unreadable", ""},
		{"secret twice", config.Given{Env: []string{"HUIYIN_KEYS=s", "HUIYIN_KEYS_FILE=" + secret}}, "config.secret.twice", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := config.Read(c.given)
			if errs.CodeOf(err) != c.code || errs.KindOf(err) != errs.Invalid {
				t.Fatal(err)
			}
			if c.near == "" {
				return
			}
			if e, ok := errors.AsType[*errs.Error](err); !ok || e.Args[2].Value != c.near {
				t.Errorf("%v", err)
			}
		})
	}
}
