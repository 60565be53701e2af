package main

import (
	"path/filepath"
	"strings"
	"testing"

	"huiyin/internal/pgtest"
)

// TestMigrate brings a schema up to date, in a folder and in PostgreSQL, and says what a cluster would need.
func TestMigrate(t *testing.T) {
	dir := folder(t)
	do := caller(t)
	do(2, "migrate", "what")
	do(1, "migrate", "--data", filepath.Join(dir, "nowhere"))
	if out := do(0, "migrate", "--data", dir); !strings.Contains(out, "up to date") {
		t.Errorf("in a folder: %s", out)
	}
	if out := do(1, "migrate", "--citus", "--data", dir); !strings.Contains(out, "huiyin copy") {
		t.Errorf("a folder on a cluster: %s", out)
	}
	database, fresh := pgtest.Database(t), filepath.Join(t.TempDir(), "fresh")
	if out := do(0, "migrate", "--data", fresh, "--database", database); !strings.Contains(out, "from step 0") {
		t.Errorf("in PostgreSQL: %s", out)
	}
	if out := do(1, "migrate", "--citus", "--data", fresh, "--database", database); !strings.Contains(out, "create extension citus") {
		t.Errorf("without Citus: %s", out)
	}
	do(0, "verify", "--data", fresh, "--database", database) // it has its keys
}

// TestMigrateCitus moves an office to the cluster that the environment names, works there, and brings it back.
func TestMigrateCitus(t *testing.T) {
	database, ok := pgtest.Citus(t)
	if !ok {
		t.Log("HUIYIN_TEST_CITUS names no cluster: no office was moved to one")
		return
	}
	dir := folder(t)
	do := caller(t)
	do(0, "copy", "--from", "sqlite:"+dir, "--to", database)
	if out := do(0, "migrate", "--citus", "--data", dir, "--database", database); !strings.Contains(out, "matter: now spread by home") {
		t.Errorf("the first time: %s", out)
	}
	if out := do(0, "migrate", "--citus", "--data", dir, "--database", database); !strings.Contains(out, "in their places already") {
		t.Errorf("the second time: %s", out)
	}
	do(0, "copy", "--check", "--from", "sqlite:"+dir, "--to", database)
	do(0, "user", "add", "zhou", "--name", "周敏", "--role", "auditor", "--unit", "1", "--data", dir, "--database", database)
	do(0, "rebuild", "--fix", "--data", dir, "--database", database)
	do(0, "rebuild", "--check", "--data", dir, "--database", database)
	do(0, "verify", "--data", dir, "--database", database)
	do(0, "copy", "--from", database, "--to", "sqlite:"+dir)
	if out := do(0, "user", "list", "--data", dir); !strings.Contains(out, "zhou") {
		t.Errorf("back in the data folder: %s", out)
	}
	do(0, "copy", "--from", "sqlite:"+dir, "--to", database) // and there again, on tables that are spread
}

// caller calls commands in English that must end with a code, and gives what they say.
func caller(t *testing.T) func(want int, args ...string) string {
	t.Helper()
	return func(want int, args ...string) string {
		t.Helper()
		code, out, err := call(t, append(args, "--lang", "en")...)
		if code != want {
			t.Fatalf("%v: code %d, out %s, err %s", args, code, out, err)
		}
		return out + err
	}
}
