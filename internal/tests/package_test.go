package tests

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPackage: the package has its parts for root alone to change, the file of settings is the operator's, and the same program gives the same bytes.
func TestPackage(t *testing.T) {
	program := filepath.Join(t.TempDir(), "huiyin")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = root(t)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %v: %v %s", name, args, err, out)
		}
		return string(out)
	}
	var made [2][]byte
	var file string
	for i := range made {
		dir := t.TempDir()
		run("sh", "scripts/package.sh", program, dir)
		found, err := filepath.Glob(filepath.Join(dir, "huiyin_*.deb"))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		file = found[0]
		if made[i], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("made twice it differs")
	}
	list := run("dpkg-deb", "-c", file)
	for _, want := range []string{"root/root", "./usr/bin/huiyin", "./lib/systemd/system/huiyin.service", "./etc/huiyin/huiyin.toml", "./usr/share/man/man1/huiyin.1.gz"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %s in %s", want, list)
		}
	}
	if info := run("dpkg-deb", "-I", file); !strings.Contains(info, "conffiles") || !strings.Contains(info, "postinst") || strings.Contains(run("dpkg-deb", "-I", file, "postinst"), "systemctl start") {
		t.Error(info)
	}
}
