// Package app wires the program: it opens the store, the keys and the office, builds the server, and owns what runs beside it.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"huiyin/internal/api"
	"huiyin/internal/errs"
	"huiyin/internal/extract"
	"huiyin/internal/gazetteer"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/notify"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
	"huiyin/internal/web"
	"huiyin/internal/webhook"
)

// Config is what an operator may set. The zero value of a field means its default.
type Config struct {
	Data string // data folder; ./data
	// Database is the address of a PostgreSQL database, postgres://user:password@host:port/name; the data lie in the data folder when it is empty. Uploads and keys always do.
	Database string
	Listen   string   // address of the server; 127.0.0.1:8080
	Keys     []byte   // the keyring's text, where it is not kept in the data folder (HUIYIN_KEYS)
	Secure   bool     // the public address is https
	Proxies  []string // addresses of proxies whose X-Forwarded-For is believed
	Origins  []string // further origins that may write
	// WebhooksTo are the addresses and prefixes inside that webhooks may call; the public ones they may always, over TLS.
	WebhooksTo []string
	// Drain is how long a server that shares its database goes on answering after it was told to stop and /readyz says so: for whoever sends requests here to notice.
	Drain   time.Duration
	Metrics string // address of a server of its own for /metrics; none when empty, so that they are never public by accident
	Traces  Traces // none without a URL
	Version string // of this program, for who watches
	// Look is for who only looks: a schema that is to be upgraded is an error, store.migration.waits, and nothing is filled in or gone on with.
	Look   bool
	Log    *slog.Logger
	Now    func() time.Time
	Record func(sql string, args []any) // see store.Options; for huiyin bench
	// Extract takes the words out of files that people hand in; in this process when nil, which is for who trusts the files.
	Extract func(ctx context.Context, kind extract.Kind, content []byte) (string, error)
}

// App is the open program.
type App struct {
	Config
	Store   *store.Store
	Vault   *vault.Keyring
	Office  *usecase.Office
	Catalog *i18n.Catalog
	Sender  *notify.Sender
	Hooks   *notify.Hooks
	metrics *metrics
	traces  *traces
	ending  chan struct{} // is closed by end, when the server stops
	end     func()
	leads   atomic.Bool // this process does what only one may do
}

// Open opens the data folder, which it makes if it is missing, and brings its schema up to date, unless the caller only looks.
func Open(ctx context.Context, c Config) (*App, error) {
	a := &App{Config: c.defaults(), ending: make(chan struct{})}
	a.end = sync.OnceFunc(func() { close(a.ending) })
	if a.Metrics != "" {
		a.metrics = newMetrics(a.Version)
	}
	if a.Traces.URL != "" {
		a.Log = slog.New(correlated{a.Log.Handler()})
		var err error
		if a.traces, err = openTraces(ctx, a.Traces, a.Log, a.Now, flushWithin); err != nil {
			return nil, err
		}
	}
	if err := a.open(ctx); err != nil {
		a.traces.close()
		return nil, err
	}
	return a, nil
}

func (a *App) open(ctx context.Context) error {
	if err := os.MkdirAll(a.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	var err error
	if a.Vault, err = openKeys(ctx, a.Config); err != nil {
		return err
	}
	opt, err := a.storeOptions()
	if err != nil {
		return err
	}
	opt.Observe, opt.Record = a.transactions(), a.Record
	if a.Look {
		if taken, known, err := store.Steps(ctx, opt); err != nil {
			return err
		} else if taken < known {
			return errs.E(errs.Conflict, "store.migration.waits", "database", taken, "program", known)
		}
	}
	a.Store, err = store.Open(ctx, opt)
	if err != nil {
		return err
	}
	if err := a.wire(ctx, opt.Now); err != nil {
		return errors.Join(err, a.Store.Close())
	}
	if a.metrics != nil {
		a.metrics.watch(a.Office, a.Store.Pool, a.Now, a.Log)
	}
	return nil
}

func (a *App) wire(ctx context.Context, now func() int64) error {
	places, err := gazetteer.Open()
	if err != nil {
		return err
	}
	files, err := usecase.NewFiles(filepath.Join(a.Data, "files"), a.Vault)
	if err != nil {
		return err
	}
	if a.Catalog, err = i18n.Load(); err != nil {
		return err
	}
	if a.Office, err = usecase.New(ctx, usecase.Config{
		Store: a.Store, Vault: a.Vault, Places: places, Book: law.DefaultBook(), Files: files, Now: now, Random: rand.Reader, Log: a.Log,
		Say: a.Catalog.Say, Extract: a.Extract, Advice: usecase.AdviceFolder(a.Data), Step: a.steps(),
	}); err != nil {
		return err
	}
	allowed, err := webhook.ParseAllowed(a.WebhooksTo)
	if err != nil {
		return err
	}
	a.Hooks = notify.NewHooks(notify.HookConfig{Office: a.Office, Now: a.Now, Log: a.Log, Allowed: allowed})
	a.Sender = notify.New(notify.Config{Office: a.Office, Catalog: a.Catalog, Now: a.Now, Log: a.Log})
	if a.Look {
		return nil
	}
	return a.tidy(ctx)
}

// tidy fills in what an older schema did not have, goes on where a reorganisation or a new calendar was interrupted, and hands over what has woken at
// a unit that ended.
func (a *App) tidy(ctx context.Context) error {
	if err := a.Office.FillOrganisation(ctx); err != nil {
		return err
	}
	if _, err := a.Office.RecountClocks(ctx); err != nil {
		return err
	}
	_, err := a.Office.SucceedMatters(ctx)
	return err
}

// storeOptions says where the data lie.
func (c Config) storeOptions() (store.Options, error) {
	migrations, err := store.Migrations()
	if err != nil {
		return store.Options{}, fmt.Errorf("migrations: %w", err)
	}
	return store.Options{Dir: c.Data, Database: c.Database, Migrations: migrations, Now: func() int64 { return c.Now().UnixMicro() }, Log: c.Log}, nil
}

// Holds says whether there are data already where the program is to find them.
func Holds(ctx context.Context, c Config) (bool, error) {
	return store.Holds(ctx, store.Options{Dir: c.Data, Database: c.Database})
}

// openKeys takes the keys from the environment or the data folder. They are made once, when there is no database yet: a lost key file is
// an error that says so, never a reason to make new ones silently.
func openKeys(ctx context.Context, c Config) (*vault.Keyring, error) {
	if len(c.Keys) > 0 {
		return vault.Parse(c.Keys, rand.Reader)
	}
	path := filepath.Join(c.Data, "keys.json")
	there, err := Holds(ctx, c)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); !there && errors.Is(err, os.ErrNotExist) {
		return vault.Create(path, rand.Reader)
	}
	return vault.Load(path, rand.Reader)
}

func (c Config) defaults() Config {
	if c.Data == "" {
		c.Data = "data"
	}
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8080"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Extract == nil {
		c.Extract = func(_ context.Context, kind extract.Kind, content []byte) (string, error) {
			return extract.Text(kind, content)
		}
	}
	return c
}

// Close closes the store and delivers the last traces, for which it waits a few seconds at most.
func (a *App) Close() error {
	err := a.Store.Close()
	a.traces.close()
	return err
}

// The lifetimes of a session and of a stop.
const (
	sessionIdle     = 2 * time.Hour
	sessionAbsolute = 12 * time.Hour
	stopGrace       = 10 * time.Second
)

// Handler builds the whole server: middleware, pages, API.
func (a *App) Handler() (http.Handler, error) {
	proxies, err := httpx.ParseProxies(a.Proxies)
	if err != nil {
		return nil, err
	}
	var site *web.Site
	var door *api.API
	fail := func(w http.ResponseWriter, r *http.Request, err error) {
		if api.Wants(r) {
			door.Fail(w, r, err)
			return
		}
		site.Fail(w, r, err)
	}
	sessions := httpx.NewSessions(a.Store.Sessions(), httpx.SessionConfig{Secure: a.Secure, Idle: sessionIdle, Absolute: sessionAbsolute}, a.Now, fail)
	attempts := httpx.NewAttempts(a.Now)
	site = web.New(web.Config{Office: a.Office, Sessions: sessions, Attempts: attempts, Proxies: proxies, Catalog: a.Catalog, Sender: a.Sender, Log: a.Log, Ending: a.ending})
	door = api.New(api.Config{Office: a.Office, Attempts: attempts, Proxies: proxies, Catalog: a.Catalog, Log: a.Log})
	mux := http.NewServeMux()
	site.Routes(mux)
	door.Routes(mux)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.Handle("GET /readyz", httpx.Adapt(func(w http.ResponseWriter, r *http.Request) error {
		if err := a.Ready(r.Context()); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}, fail))
	crossOrigin, err := httpx.CrossOrigin(a.Origins, fail)
	if err != nil {
		return nil, err
	}
	h := sessions.Load(httpx.Routes(mux))
	h = a.called(h)
	h = httpx.Gzip(h)
	h = httpx.LimitBody(httpx.DefaultBody)(h)
	h = crossOrigin(h)
	h = httpx.SecurityHeaders(proxies)(h)
	h = a.goodbye(h)
	return httpx.Trace(a.Log, rand.Reader, a.Now, fail, a.requests())(h), nil
}

// goodbye ends each connection with the answer that goes over it once the program is told to stop: else a request might come over it in the instant in which it is closed.
func (a *App) goodbye(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-a.ending:
			w.Header().Set("Connection", "close")
		default:
		}
		next.ServeHTTP(w, r)
	})
}

// called tells work aside that somebody is there. Who only asks whether the program runs is nobody.
func (a *App) called(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" && r.URL.Path != "/readyz" {
			a.Office.Called()
		}
		next.ServeHTTP(w, r)
	})
}

// Alive reports why the program does not work: it no longer reads its database.
func (a *App) Alive(ctx context.Context) error { return a.Office.Ready(ctx) }

// Ready reports why nothing should be sent here: the program stops, or its database does not answer or has another schema.
func (a *App) Ready(ctx context.Context) error {
	select {
	case <-a.ending:
		return errs.E(errs.Unavailable, "app.stopping")
	default:
		return a.Office.Ready(ctx)
	}
}

// Serve listens and answers until ctx ends, with what runs beside the desk: the sequencer of the log and the sweep of what has expired. Where others share the database,
// requests are let in for a while longer, while /readyz says already that no more should be sent.
func (a *App) Serve(ctx context.Context, ready func(addr string)) error {
	handler, err := a.Handler() //nolint:contextcheck // what it builds takes the context of each request
	if err != nil {
		return err
	}
	listener, err := listen(ctx, a.Listen)
	if err != nil {
		return err
	}
	if a.metrics != nil {
		stop, err := a.serveMetrics(ctx)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer stop()
	}
	beside := make(chan struct{})
	side, stop := context.WithCancel(ctx)
	go func() {
		defer close(beside)
		var others sync.WaitGroup // apart from the rest: a gateway that hangs or a large file holds nobody else up
		if a.Store.Shared() {
			others.Go(func() { a.lead(side) })
			others.Go(func() {
				a.every(side, refreshEvery, "job.refresh", func(ctx context.Context) (int, error) { return 0, a.Office.Refresh(ctx) })
			})
		} else {
			a.leads.Store(true)
		}
		others.Go(func() { a.every(side, sendEvery, "job.notices", a.alone(a.Sender.Run)) })
		others.Go(func() {
			a.every(side, hookEvery, "job.webhooks", a.alone(a.Hooks.Run))
			a.Hooks.Wait()
		})
		others.Go(func() { a.every(side, indexEvery, "job.index", a.alone(a.Office.Index)) })
		others.Go(func() { a.every(side, foldEvery, "job.fold", a.alone(a.Office.FoldShared)) })
		others.Go(func() { a.every(side, readEvery, "job.read_files", a.alone(a.Office.ReadFiles)) })
		for _, kind := range a.Office.JobKinds() {
			others.Go(func() { a.work(side, kind) })
		}
		others.Go(func() {
			a.every(side, issuesEvery, "job.issues", a.alone(func(ctx context.Context) (int, error) { return 0, a.Office.RefreshIssues(ctx) }))
		})
		a.beside(side)
		others.Wait()
	}()
	ready(listener.Addr().String())
	server := httpx.NewServer(handler, a.Log)
	server.RegisterOnShutdown(a.end)
	defer context.AfterFunc(ctx, a.end)() // from that instant nothing more should be sent here
	open, shut := a.drained(ctx)
	defer shut()
	err = httpx.Serve(open, server, listener, stopGrace)
	stop()
	<-beside
	return err
}

// drained gives a context that ends Drain later than another one, or with it where nobody else could answer meanwhile.
func (a *App) drained(ctx context.Context) (context.Context, func()) {
	if !a.Store.Shared() || a.Drain <= 0 {
		return ctx, func() {}
	}
	late, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(a.Drain, end) })
	return late, func() { stop(); end() }
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return l, nil
}

// serveMetrics answers /metrics on its own address until ctx ends; stop waits for it.
func (a *App) serveMetrics(ctx context.Context) (stop func(), err error) {
	l, err := listen(ctx, a.Metrics)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.metrics.handler())
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer close(done)
		if err := httpx.Serve(ctx, httpx.NewServer(mux, a.Log), l, stopGrace); err != nil {
			a.Log.LogAttrs(ctx, slog.LevelError, "metrics ended", slog.Any("err", err))
		}
	}()
	return func() { cancel(); <-done }, nil
}

// How often the work beside the desk looks for something to do.
const (
	sequenceEvery = 500 * time.Millisecond
	sweepEvery    = 10 * time.Minute
	remindEvery   = time.Minute
	sendEvery     = 3 * time.Second
	hookEvery     = time.Second // a look at a variable where nobody has a webhook
	workEvery     = time.Second
	indexEvery    = 2 * time.Second // so that steps taken in a row are indexed once
	foldEvery     = 2 * time.Second // looks how many wait; see usecase.Office.FoldShared
	readEvery     = time.Second
	issuesEvery   = time.Minute
	refreshEvery  = time.Second     // what another process changed
	leadEvery     = 2 * time.Second // says that this process still leads
	leadLasts     = 10 * time.Second
)

// beside runs until ctx ends.
func (a *App) beside(ctx context.Context) {
	sequence, sweep, remind := time.NewTicker(sequenceEvery), time.NewTicker(sweepEvery), time.NewTicker(remindEvery)
	defer sequence.Stop()
	defer sweep.Stop()
	defer remind.Stop()
	swept := law.NoDay                            // the day of the last nightly sweep
	do := func() { swept = a.clocks(ctx, swept) } // at the start, too
	for {
		if a.leads.Load() {
			do()
		}
		select {
		case <-ctx.Done():
			return
		case <-sequence.C:
			do = func() {
				a.job(ctx, "job.sequence", func(ctx context.Context) error {
					_, err := a.Office.Sequence(ctx)
					return err
				})
			}
		case <-remind.C:
			do = func() { swept = a.clocks(ctx, swept) }
		case <-sweep.C:
			do = func() {
				a.job(ctx, "job.sweep", a.Office.Sweep)
				a.job(ctx, "job.tidy", a.tidy)
			}
		}
	}
}

// lead tries to be the process that does what only one may do, until ctx ends.
func (a *App) lead(ctx context.Context) {
	holder := rand.Text()
	tick := time.NewTicker(leadEvery)
	defer tick.Stop()
	for {
		a.job(ctx, "job.lead", func(ctx context.Context) error {
			leads, err := a.Office.Lead(ctx, holder, leadLasts)
			a.leads.Store(leads)
			return err
		})
		select {
		case <-ctx.Done():
			if a.leads.Swap(false) {
				a.job(context.WithoutCancel(ctx), "job.lead", func(ctx context.Context) error { return a.Office.StopLeading(ctx, holder) })
			}
			return
		case <-tick.C:
		}
	}
}

// Leads says that this process does what only one may do.
func (a *App) Leads() bool { return a.leads.Load() }

// alone is a work that is done by the one process that leads.
func (a *App) alone(work func(context.Context) (int, error)) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		if !a.leads.Load() {
			return 0, nil
		}
		return work(ctx)
	}
}

// clocks takes up what another process has loaded and tells what is to be told of the clocks: at the start and after the change of day all that it
// means to have told by then is looked for, too. It returns the day on which that was last done.
func (a *App) clocks(ctx context.Context, swept law.Day) law.Day {
	a.job(ctx, "job.refresh", a.Office.Refresh)
	a.job(ctx, "job.reports", func(ctx context.Context) error {
		_, err := a.Office.DueReports(ctx)
		return err
	})
	today := a.Office.Today()
	if today == swept {
		a.job(ctx, "job.remind", func(ctx context.Context) error {
			_, err := a.Office.Remind(ctx)
			return err
		})
		return swept
	}
	a.job(ctx, "job.nightly", func(ctx context.Context) error {
		_, err := a.Office.RemindNightly(ctx)
		return err
	})
	a.job(ctx, "job.learn", a.Office.LearnNightly)
	a.job(ctx, "job.publish", a.Office.PublishNightly)
	return today
}

// every does a work again and again until ctx ends.
func (a *App) every(ctx context.Context, interval time.Duration, name string, work func(context.Context) (int, error)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a.job(ctx, name, func(ctx context.Context) error {
				_, err := work(ctx)
				return err
			})
		}
	}
}

// work does jobs of one kind until ctx ends, apart from those of other kinds.
func (a *App) work(ctx context.Context, kind usecase.JobKind) {
	every := time.NewTicker(workEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			for ran := true; ran && ctx.Err() == nil; {
				ran = false
				a.job(ctx, "job.work", func(ctx context.Context) (err error) {
					ran, err = a.Office.RunJob(ctx, kind)
					return err
				})
			}
		}
	}
}

// job carries out work beside the desk; what fails is tried again the next time.
func (a *App) job(ctx context.Context, name string, work func(context.Context) error) {
	ctx, end := a.traces.job(ctx, name)
	err := work(ctx)
	if err != nil && ctx.Err() == nil {
		a.Log.LogAttrs(ctx, slog.LevelError, "work beside the desk failed", slog.String("job", name), slog.Any("err", err))
	}
	end(err)
}
