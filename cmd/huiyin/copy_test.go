package main

import (
	"path/filepath"
	"strings"
	"testing"

	"huiyin/internal/pgtest"
)

// TestCopy moves an office to PostgreSQL, works on there, and brings it back.
func TestCopy(t *testing.T) {
	dir := folder(t)
	database := pgtest.Database(t)
	do := caller(t)
	do(2, "copy", "--from", "sqlite:"+dir)
	do(1, "copy", "--from", "sqlite:"+filepath.Join(dir, "nowhere"), "--to", database)
	do(1, "copy", "--from", database, "--to", "sqlite:"+dir)
	if out := do(0, "copy", "--from", "sqlite:"+dir, "--to", database); !strings.Contains(out, "all the same") {
		t.Errorf("copied: %s", out)
	}
	do(0, "user", "add", "zhou", "--name", "周敏", "--role", "auditor", "--unit", "1", "--data", dir, "--database", database)
	if out := do(0, "user", "list", "--data", dir, "--database", database); !strings.Contains(out, "zhou") {
		t.Errorf("in PostgreSQL: %s", out)
	}
	if out := do(0, "user", "list", "--data", dir); strings.Contains(out, "zhou") {
		t.Errorf("in the data folder: %s", out)
	}
	if out := do(1, "copy", "--from", database, "--to", "sqlite:"+dir, "--check"); !strings.Contains(out, "added") {
		t.Errorf("compared: %s", out)
	}
	do(0, "copy", "--from", database, "--to", "sqlite:"+dir)
	if out := do(0, "user", "list", "--data", dir); !strings.Contains(out, "zhou") {
		t.Errorf("back in the data folder: %s", out)
	}
	do(0, "rebuild", "--check", "--data", dir)
	do(0, "verify", "--data", dir, "--database", database)
}
