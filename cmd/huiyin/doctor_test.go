package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"huiyin/internal/app"
	"huiyin/internal/errs"
	"huiyin/internal/store"
)

// The doctor finds a sound installation sound, and says of each fault how it is mended, with its exit code.
func TestDoctor(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	a, err := app.Open(t.Context(), app.Config{Data: dir})
	must(t, err)
	must(t, a.Close())
	look := func(want int, code string) {
		t.Helper()
		got, out, said := call(t, "doctor", "--data", dir, "--json")
		var doc struct {
			Sound    bool
			Findings []finding
		}
		must(t, json.Unmarshal([]byte(out), &doc))
		found := code == ""
		for _, f := range doc.Findings {
			found = found || f.Check+"."+f.Code == code
		}
		if got != want || !found || doc.Sound != (want == 0) {
			t.Errorf("%s: %d %s %s", code, got, out, said)
		}
	}
	look(0, "")
	must(t, os.Chmod(dir, 0o755))
	look(1, "folder.open")
	must(t, os.Chmod(dir, 0o700))
	must(t, os.Rename(filepath.Join(dir, "keys.json"), filepath.Join(dir, "elsewhere")))
	look(1, "keys.missing")
	dir = "nowhere"
	look(1, "folder.missing")
}

// What holds is shown with where it comes from, and a secret is not.
func TestConfigCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "h.toml")
	must(t, os.WriteFile(file, []byte("listen = \"127.0.0.1:9\"\n"), 0o600))
	t.Setenv("HUIYIN_KEYS", "topsecret")
	code, out, _ := call(t, "config", "--config", file, "--https", "--lang", "en")
	if code != 0 || strings.Contains(out, "topsecret") || !strings.Contains(out, "127.0.0.1:9") || !strings.Contains(out, "flag --https") {
		t.Errorf("%d %s", code, out)
	}
	t.Setenv("HUIYIN_LISTN", "x")
	if code, _, said := call(t, "verify", "--lang", "en"); code == 0 || !strings.Contains(said, "HUIYIN_LISTEN") {
		t.Errorf("%d %s", code, said)
	}
}

// An upgrade that waits is told and not made: the schema is as old after the doctor as before. A database that the program knows it looks into.
func TestDoctorLeavesTheSchema(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	a, err := app.Open(t.Context(), app.Config{Data: dir}) // the keys are as they would be
	must(t, err)
	must(t, a.Close())
	for _, name := range []string{"huiyin.db", "huiyin.db-wal", "huiyin.db-shm"} {
		must(t, os.RemoveAll(filepath.Join(dir, name)))
	}
	all, err := store.Migrations()
	must(t, err)
	few := fstest.MapFS{}
	for _, pattern := range []string{"000*.sql", "001*.sql"} {
		names, err := fs.Glob(all, pattern)
		must(t, err)
		for _, name := range names {
			text, err := fs.ReadFile(all, name)
			must(t, err)
			few[name] = &fstest.MapFile{Data: text}
		}
	}
	old, err := store.Open(t.Context(), store.Options{Dir: dir, Migrations: few, Now: func() int64 { return 42 }})
	must(t, err)
	must(t, old.Close())
	for range 2 {
		code, out, said := call(t, "doctor", "--data", dir, "--lang", "en")
		if code != exitFailed || !strings.Contains(out, "has version 19 and") || !strings.Contains(out, "huiyin backup") || strings.Contains(out, "opens the data") {
			t.Fatalf("%d %s %s", code, out, said)
		}
	}
	taken, known, err := store.Steps(t.Context(), store.Options{Dir: dir, Migrations: all})
	must(t, err)
	if taken != 19 || known <= taken {
		t.Errorf("the schema is at %d of %d", taken, known)
	}
	_, err = app.Open(t.Context(), app.Config{Data: dir, Look: true})
	if errs.CodeOf(err) != "store.migration.waits" {
		t.Errorf("who only looks: %v", err)
	}
}
