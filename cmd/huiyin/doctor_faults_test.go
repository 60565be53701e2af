package main

import (
	"crypto/x509"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"huiyin/internal/store"
)

// examined is what the doctor says of a folder in both languages, and its exit code.
func examined(t *testing.T, dir string, more ...string) (code int, zh, en string) {
	t.Helper()
	args := append([]string{"doctor", "--data", dir}, more...)
	_, zh, _ = call(t, append(slices.Clone(args), "--lang", "zh")...)
	code, en, _ = call(t, append(args, "--lang", "en")...)
	return code, zh, en
}

// Each of these faults is named with how it is mended.
func TestDoctorNamesFaults(t *testing.T) {
	for name, c := range map[string]struct {
		harm   func(t *testing.T, dir string) (flags []string)
		zh, en string
	}{
		"the database server is away": {func(t *testing.T, _ string) []string {
			t.Helper()
			return []string{"--database", "postgres://huiyin@" + free(t) + "/huiyin"}
		}, "连不上数据库服务器。请看 PostgreSQL 是否在运行", "The database server cannot be reached. See whether PostgreSQL runs"},
		"a newer program has been there": {upgrade, "数据被更新的程序升级过", "huiyin restore of a backup from before the upgrade"},
		"the keys are those of other data": {func(t *testing.T, dir string) []string {
			t.Helper()
			rows, mapping := filepath.Join(t.TempDir(), "rows.csv"), filepath.Join(t.TempDir(), "m.json")
			must(t, os.WriteFile(rows, []byte("n,d,t,p,a,r\n1,2024-03-01,路灯,,已修,2024-03-05\n"), 0o600))
			must(t, os.WriteFile(mapping, []byte(form), 0o600))
			if code, out, said := call(t, "import", rows, "--mapping", mapping, "--place", "330112", "--data", dir); code != 0 {
				t.Fatal(out, said)
			}
			if code, zh, _ := examined(t, dir); code != 0 || strings.Contains(zh, "不是这份数据的密钥") {
				t.Fatalf("before: %d %s", code, zh)
			}
			must(t, os.Rename(filepath.Join(folder(t), "keys.json"), filepath.Join(dir, "keys.json")))
			return nil
		}, "密钥不是这份数据的密钥", "The keys are not those of these data"},
		"the newest backup is old": {func(t *testing.T, _ string) []string {
			t.Helper()
			backups := t.TempDir()
			file := filepath.Join(backups, "b.tar")
			must(t, os.WriteFile(file, nil, 0o600))
			must(t, os.Chtimes(file, time.Time{}, time.Now().AddDate(0, 0, -2)))
			return []string{"--backups", backups}
		}, "超过一天", "more than a day ago"},
		"the key file is open": {func(t *testing.T, dir string) []string {
			t.Helper()
			must(t, os.Chmod(filepath.Join(dir, "keys.json"), 0o644))
			return nil
		}, "别的用户能读", "Run chmod 600"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			code, zh, en := examined(t, dir, c.harm(t, dir)...)
			if code != exitFailed || !strings.Contains(zh, "✗ ") || !strings.Contains(zh, c.zh) || !strings.Contains(en, c.en) {
				t.Errorf("%d %s\n%s", code, zh, en)
			}
		})
	}
}

// upgrade takes the schema a step further than this program knows.
func upgrade(t *testing.T, dir string) []string {
	t.Helper()
	all, err := store.Migrations()
	must(t, err)
	further := fstest.MapFS{}
	names, err := fs.Glob(all, "*.sql")
	must(t, err)
	for _, name := range names {
		text, err := fs.ReadFile(all, name)
		must(t, err)
		further[name] = &fstest.MapFile{Data: text}
	}
	_, known, err := store.Steps(t.Context(), store.Options{Dir: dir, Migrations: all})
	must(t, err)
	further[fmt.Sprintf("%04d_later.sql", known+1)] = &fstest.MapFile{Data: []byte("create table later (home bigint not null primary key);")}
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Migrations: further, Now: func() int64 { return 42 }})
	must(t, err)
	must(t, s.Close())
	return nil
}

// How little room on a disk is told, and from when it is a fault.
func TestDoctorRoom(t *testing.T) {
	for _, c := range []struct {
		left        int64
		files, free uint64
		grade       grade
		code        string
	}{
		{3 << 30, 1e6, 1e5, sound, "ok"},
		{3 << 30, 0, 0, sound, "ok"}, // a file system that does not count files
		{1 << 30, 1e6, 1e5, worrying, "few"},
		{100 << 20, 1e6, 1e5, broken, "full"},
		{3 << 30, 1e6, 999, broken, "files"},
	} {
		if g, code := room(c.left, c.files, c.free); g != c.grade || code != c.code {
			t.Errorf("%d bytes, %d of %d files: %s %s", c.left, c.free, c.files, g, code)
		}
	}
}

// What a command run by another user has left in the folder, and gateways whose certificate is bad or ends soon.
func TestDoctorOwnersAndGateways(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it is told of the handshake that is broken off
	server.StartTLS()
	t.Cleanup(server.Close)
	at := server.Listener.Addr().String()
	dir := folder(t)
	known := x509.NewCertPool()
	known.AddCert(server.Certificate())
	for want, look := range map[string]func(*doctor){
		"owners.ok":           func(d *doctor) { d.owners(dir, os.Geteuid()) },
		"owners.other":        func(d *doctor) { d.owners(dir, os.Geteuid()+1) },
		"gateway.certificate": func(d *doctor) { d.gateway(t.Context(), at, true) },
		"gateway.ok":          func(d *doctor) { d.roots = known; d.gateway(t.Context(), at, true) },
		"gateway.expires": func(d *doctor) {
			d.roots, d.now = known, server.Certificate().NotAfter.Add(-24*time.Hour)
			d.gateway(t.Context(), at, true)
		},
		"gateway.unreachable": func(d *doctor) { d.gateway(t.Context(), free(t), false) },
	} {
		d := &doctor{console: newConsole(io.Discard, io.Discard, nil, func(string) string { return "" }), now: time.Now()}
		look(d)
		if f := d.found[len(d.found)-1]; f.Check+"."+f.Code != want || strings.Contains(f.Text, "⟦") || strings.Contains(f.Text, "{") {
			t.Errorf("want %s: %+v", want, f)
		}
	}
}
