package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/config"
	"huiyin/internal/document"
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// grade is how a thing was found.
type grade string

const (
	sound    grade = "ok"
	worrying grade = "warn" // it works, and will not for ever
	broken   grade = "bad"
)

// finding is what was found of one thing. Its text says what is wrong and how to mend it.
type finding struct {
	Check string `json:"check"`
	Grade grade  `json:"grade"`
	Code  string `json:"code"`
	Text  string `json:"text"`
}

// The bounds beyond which something is told.
const (
	spaceBad     = 200 << 20 // bytes
	spaceFew     = 2 << 30
	filesFew     = 1000           // each upload is a file
	backupOld    = 26 * time.Hour // a daily backup, and two hours for it to be made
	calendarFrom = time.November  // from when the arrangement of the next year ought to be there
	gatewayWait  = 3 * time.Second
	clockSlack   = 5 * time.Minute
	certSoon     = 14 * 24 * time.Hour
)

// doctor looks at one installation.
type doctor struct {
	*console
	values config.Values
	now    time.Time
	roots  *x509.CertPool // whose certificates are believed; nil: those of the system
	found  []finding
}

// examine looks at everything an operator would have to, and says of each thing that is wrong how it is mended.
func examine(ctx context.Context, c *console, args []string) int {
	f := flags("doctor")
	given := settingFlags(f)
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	values, err := c.settings(given)
	if err != nil {
		return c.misused("doctor", err)
	}
	d := &doctor{console: c, values: values, now: time.Now()}
	d.run(ctx)
	bad := 0
	for _, f := range d.found {
		if f.Grade == broken {
			bad++
		}
	}
	if *asJSON {
		if code := c.json(struct {
			Sound    bool      `json:"sound"`
			Findings []finding `json:"findings"`
		}{bad == 0, d.found}); code != 0 {
			return code
		}
	} else {
		signs := map[grade]string{sound: "✓ ", worrying: "! ", broken: "✗ "}
		for _, f := range d.found {
			c.line(signs[f.Grade] + f.Text)
		}
		c.say("cli.doctor.sum", "n", len(d.found), "bad", bad)
	}
	if bad > 0 {
		return exitFailed
	}
	return 0
}

// note adds what was found; the text is that of doctor.CHECK.CODE.
func (d *doctor) note(check string, g grade, code string, pairs ...any) {
	d.found = append(d.found, finding{Check: check, Grade: g, Code: code, Text: d.T("doctor."+check+"."+code, pairs...)})
}

// wrong adds an error as what was found.
func (d *doctor) wrong(check string, err error) {
	text := err.Error()
	if e, ok := errors.AsType[*errs.Error](err); ok {
		text = d.Err(e)
	}
	d.note(check, broken, "error", "why", text)
}

func (d *doctor) run(ctx context.Context) {
	folder := d.values.Text(config.Data)
	if !d.folder(folder) {
		return
	}
	d.space(folder)
	d.fonts()
	d.backups()
	config := appConfig(d.values, slog.New(slog.DiscardHandler))
	config.Look = true
	a, err := app.Open(ctx, config)
	if err != nil {
		d.closed(err)
		return
	}
	d.note("open", sound, "ok", "version", version())
	d.inside(ctx, a)
	if err := a.Close(); err != nil {
		d.wrong("open", err)
	}
}

// closed says why the data were not opened: an upgrade of the schema is for the service to make, after a backup.
func (d *doctor) closed(err error) {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		d.wrong("open", err)
		return
	}
	var pairs []any
	for _, a := range e.Args {
		pairs = append(pairs, a.Key, a.Value)
	}
	switch e.Code {
	case "store.migration.waits":
		d.note("schema", broken, "waits", pairs...)
	case "store.migration.newer":
		d.note("schema", broken, "newer", pairs...)
	case "store.away":
		d.note("database", broken, "away")
	default:
		d.wrong("open", err)
	}
}

// folder looks at the data folder, its keys and who may read them, and reports whether there is anything to go on with.
func (d *doctor) folder(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		d.note("folder", broken, "missing", "dir", path)
		return false
	}
	if _, err := os.Stat(filepath.Join(path, usecase.DatabaseName)); errors.Is(err, fs.ErrNotExist) && d.values.Text(config.Database) == "" {
		d.note("folder", broken, "empty", "dir", path)
		return false
	}
	switch owner := ownerOf(info); {
	case info.Mode().Perm()&0o077 != 0:
		d.note("folder", broken, "open", "dir", path, "mode", fmt.Sprintf("%04o", info.Mode().Perm()))
	case owner >= 0 && owner != os.Geteuid():
		d.note("folder", worrying, "owner", "dir", path, "owner", owner, "user", os.Geteuid())
	default:
		d.note("folder", sound, "ok", "dir", path)
	}
	d.owners(path, ownerOf(info))
	if d.values.Text(config.Keys) != "" {
		d.note("keys", sound, "given", "where", d.values.Of(config.Keys).Where)
		return true
	}
	keys := filepath.Join(path, usecase.KeysName)
	switch info, err := os.Stat(keys); {
	case errors.Is(err, fs.ErrNotExist):
		d.note("keys", broken, "missing", "file", keys)
		return false
	case err != nil:
		d.wrong("keys", err)
		return false
	case info.Mode().Perm()&0o077 != 0:
		d.note("keys", broken, "open", "file", keys)
	default:
		d.note("keys", sound, "ok", "file", keys)
	}
	return true
}

// owners looks for what somebody else than the owner of the folder has left in it: a command that was run as root makes files that the service cannot write.
func (d *doctor) owners(path string, owner int) {
	entries, err := os.ReadDir(path)
	if err != nil {
		d.wrong("owners", err)
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && ownerOf(info) != owner {
			d.note("owners", broken, "other", "file", filepath.Join(path, e.Name()), "owner", ownerOf(info), "dir", path, "user", owner)
			return
		}
	}
	d.note("owners", sound, "ok")
}

// ownerOf is the number of the user a file belongs to.
func ownerOf(info fs.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid)
	}
	return -1
}

func (d *doctor) space(path string) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		d.wrong("space", err)
		return
	}
	left := int64(s.Bavail) * s.Bsize //nolint:gosec // a disk of more than eight exabytes there is not
	g, code := room(left, s.Files, s.Ffree)
	d.note("space", g, code, "left", d.Size(left), "n", s.Ffree)
}

// room judges the bytes that are left on a disk, and how many files may still be made of those it can hold at all; some file systems know no such number.
func room(left int64, files, free uint64) (g grade, code string) {
	switch {
	case left < spaceBad:
		return broken, "full"
	case files > 0 && free < filesFew:
		return broken, "files"
	case left < spaceFew:
		return worrying, "few"
	default:
		return sound, "ok"
	}
}

// fonts are what PDF needs; a browser or an office suite is not.
func (d *doctor) fonts() {
	names, err := fs.Glob(document.Fonts(), "*")
	if err != nil || len(names) == 0 {
		d.note("fonts", worrying, "missing")
		return
	}
	d.note("fonts", sound, "ok")
}

// backups looks for the newest file in the folder of backups.
func (d *doctor) backups() {
	dir := d.values.Text(config.Backups)
	if dir == "" {
		d.note("backups", worrying, "unset")
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		d.note("backups", broken, "unreadable", "dir", dir)
		return
	}
	var newest time.Time
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	switch {
	case newest.IsZero():
		d.note("backups", broken, "none", "dir", dir)
	case d.now.Sub(newest) > backupOld:
		d.note("backups", broken, "old", "dir", dir, "at", d.Instant(newest.UnixMicro()))
	default:
		d.note("backups", sound, "ok", "at", d.Instant(newest.UnixMicro()))
	}
}

// inside looks at what the office itself knows.
func (d *doctor) inside(ctx context.Context, a *app.App) {
	if err := a.Store.Check(ctx); err != nil {
		d.wrong("database", err)
	} else {
		d.note("database", sound, "ok")
	}
	v, err := a.Office.Vitals(ctx, org.System())
	if err != nil {
		d.wrong("office", err)
		return
	}
	d.note("schema", sound, "ok", "version", v.Schema)
	if ahead := time.UnixMicro(v.RecordedUS).Sub(d.now); ahead > clockSlack {
		d.note("clock", broken, "behind", "at", d.Instant(v.RecordedUS), "now", d.Instant(d.now.UnixMicro()))
	} else if !clockKept() {
		d.note("clock", worrying, "alone", "now", d.Instant(d.now.UnixMicro()))
	} else {
		d.note("clock", sound, "ok", "now", d.Instant(d.now.UnixMicro()))
	}
	if err := a.Office.KeysFit(ctx, org.System()); strings.HasPrefix(errs.CodeOf(err), "vault.") {
		d.note("keys", broken, "others")
	} else if err != nil {
		d.wrong("office", err)
	}
	d.calendar(a.Office.Calendar())
	d.work(v)
	d.gateways(ctx, a)
}

func (d *doctor) calendar(c *law.Calendar) {
	_, until := c.Published()
	last := d.now.Year()
	if d.now.Month() >= calendarFrom {
		last++
	}
	if need := law.NewDay(last, time.December, 31); until < need {
		g := broken
		if last > d.now.Year() {
			g = worrying
		}
		d.note("calendar", g, "short", "until", d.FullDay(until), "year", last)
		return
	}
	d.note("calendar", sound, "ok", "until", d.FullDay(until))
}

// work looks at what is done beside the desk.
func (d *doctor) work(v usecase.Vitals) {
	judge := func(check string, bad bool, g grade, n int64) {
		if bad {
			d.note(check, g, "behind", "n", d.Capped(n, store.MaxCount))
			return
		}
		d.note(check, sound, "ok")
	}
	judge("stuck", v.Stuck > 0, broken, v.Stuck)
	failed := v.JobsIn(store.JobFailed)
	judge("jobs", failed > 0, worrying, failed)
	judge("notices", v.Notices.Failed > 0, worrying, v.Notices.Failed)
	late := v.NoticeUS != 0 && d.now.Sub(time.UnixMicro(v.NoticeUS)) > usecase.StuckAfter*time.Microsecond
	judge("outbox", late, broken, v.Notices.Waiting)
	const some = 200 // what a busy minute leaves is no reason
	judge("index", v.Backlog.Unindexed > some, worrying, v.Backlog.Unindexed)
	judge("figures", v.Backlog.Uncounted > some, worrying, v.Backlog.Uncounted)
	judge("issues", v.Backlog.Unlooked > some, worrying, v.Backlog.Unlooked)
}

// gateways tries whether the other side of each way by which people are told can be reached. Nothing is sent.
func (d *doctor) gateways(ctx context.Context, a *app.App) {
	set, err := a.Office.NoticeSettings(org.System())
	if err != nil {
		d.wrong("gateway", err)
		return
	}
	type place struct {
		at     string
		secure bool // TLS from the first byte
	}
	var places []place
	if u, err := url.Parse(set.SMS.URL); err == nil && u.Host != "" {
		port := u.Port()
		if port == "" {
			port = u.Scheme // its name is known as well as its number
		}
		places = append(places, place{net.JoinHostPort(u.Hostname(), port), u.Scheme == "https"})
	}
	if set.Mail.Host != "" {
		places = append(places, place{net.JoinHostPort(set.Mail.Host, strconv.Itoa(set.Mail.Port)), set.Mail.Direct})
	}
	for _, p := range places {
		limited, cancel := context.WithTimeout(ctx, gatewayWait)
		d.gateway(limited, p.at, p.secure)
		cancel()
	}
	if len(places) == 0 {
		d.note("gateway", sound, "none")
	}
}

// gateway tries one, and its certificate where it shows one at once.
func (d *doctor) gateway(ctx context.Context, at string, secure bool) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", at)
	if err != nil {
		d.note("gateway", broken, "unreachable", "at", at)
		return
	}
	defer func() { _ = conn.Close() }()
	if secure {
		host, _, _ := net.SplitHostPort(at)
		over := tls.Client(conn, &tls.Config{ServerName: host, RootCAs: d.roots, MinVersion: tls.VersionTLS12})
		if err := over.HandshakeContext(ctx); err != nil {
			d.note("gateway", broken, "certificate", "at", at, "why", err.Error())
			return
		}
		if until := over.ConnectionState().PeerCertificates[0].NotAfter; until.Sub(d.now) < certSoon {
			d.note("gateway", worrying, "expires", "at", at, "until", d.Instant(until.UnixMicro()))
			return
		}
	}
	d.note("gateway", sound, "ok", "at", at)
}
