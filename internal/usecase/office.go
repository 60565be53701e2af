// Package usecase is the one door: pages, API, command line, imports and jobs all come in here. Each use case checks the right,
// loads, lets the domain decide and writes in one transaction; masking, the record of every look and idempotency sit here and nowhere else.
package usecase

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"huiyin/internal/document"
	"huiyin/internal/errs"
	"huiyin/internal/extract"
	"huiyin/internal/find"
	"huiyin/internal/gazetteer"
	"huiyin/internal/hot"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/paper"
	"huiyin/internal/reply"
	"huiyin/internal/stat"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// Config is what an office works with. Everything but Step and Advice is required.
type Config struct {
	Store  *store.Store
	Vault  *vault.Keyring
	Places *gazetteer.Gazetteer
	Book   *law.Book
	Files  *Files
	Now    func() int64 // microseconds UTC
	Random io.Reader    // cryptographic
	Log    *slog.Logger
	Say    func(english bool) func(code string, args []errs.Arg) string // words of a language, for files that are made beside the desk
	// Extract takes the words out of a file that somebody handed in, as extract.Text does, whose bounds and error it keeps. Whatever the file, it
	// returns; any other error is one of the machine.
	Extract func(ctx context.Context, kind extract.Kind, content []byte) (string, error)
	// Step is told when a use case begins and gives what is to be told of its end; nil where nobody follows. It learns its name and its error alone.
	Step   func(ctx context.Context, name string) (context.Context, func(error))
	Advice string // folder of the model by which categories are proposed; where it is empty, or nothing lies there, none are
}

// Office carries out use cases. It is safe for concurrent use.
type Office struct {
	Config
	procedure  matter.Procedure
	chart      atomic.Pointer[org.Chart]
	calendar   atomic.Pointer[law.Calendar]
	settings   atomic.Pointer[Settings]
	notices    atomic.Pointer[NoticeSettings]
	webhooks   atomic.Pointer[[]store.WebhookRow]
	adopted    atomic.Pointer[[]law.Adoption]
	thresholds atomic.Pointer[matter.Thresholds]
	loaded     atomic.Pointer[loaded]
	templates  atomic.Pointer[map[matter.PaperKind]paperTemplate] // that the office has changed
	routes     atomic.Pointer[[]RouteRule]
	parsed     sync.Map // *document.Template by kind and version
	papers     *paper.Book
	weights    *find.Weights
	replies    *reply.Book
	hot        *hot.Reader
	printer    *document.Printer
	hashing    chan struct{} // holds one value for each password being hashed
	reload     sync.Mutex
	changes    atomic.Int64 // see Changes
	commits    atomic.Int64 // of all processes, when Refresh last looked
	advised    atomic.Pointer[adviceSettings]
	advisor    advisor
	aside      aside
	folded     atomic.Int64 // when FoldShared last counted whatever waited
	mostBundle int          // see stat.MostBundle; tests have less
	recent     *recent
}

// New returns an office over an open store, with the organisation, the calendar and the settings loaded.
func New(ctx context.Context, c Config) (*Office, error) {
	book, err := paper.Load()
	if err != nil {
		return nil, err
	}
	weights, err := find.LoadWeights()
	if err != nil {
		return nil, err
	}
	replies, err := reply.Load(c.Book)
	if err != nil {
		return nil, err
	}
	o := &Office{
		Config: c, procedure: matter.National(), hashing: make(chan struct{}, maxHashing), papers: book, weights: weights, replies: replies, hot: hot.NewReader(weights),
		printer: document.NewPrinter(document.Fonts()), mostBundle: stat.MostBundle, aside: aside{turn: make(chan struct{}, 1)},
		recent: newRecent(recentSize),
	}
	o.advisor.folder = c.Advice
	o.readModel()
	if err := o.Reload(ctx); err != nil {
		return nil, err
	}
	return o, nil
}

// step tells whoever follows that a use case begins, and gives what tells them of its end.
func (o *Office) step(ctx context.Context, name string) (context.Context, func(error)) {
	if o.Step == nil {
		return ctx, func(error) {}
	}
	return o.Step(ctx, name)
}

// Reload reads the organisation, the calendar and the settings anew, after a change.
func (o *Office) Reload(ctx context.Context) error {
	o.reload.Lock()
	defer o.reload.Unlock()
	return o.Store.Read(ctx, func(t *store.Tx) error {
		now := loaded{}
		units, err := t.Units(ctx)
		if err != nil {
			return fmt.Errorf("load units: %w", err)
		}
		o.chart.Store(org.NewChart(units))
		settings, err := t.Settings(ctx)
		if err != nil {
			return fmt.Errorf("load settings: %w", err)
		}
		o.settings.Store(readSettings(settings))
		notices, err := o.readNotices(settings)
		if err != nil {
			return err
		}
		o.notices.Store(notices)
		adopted, err := ReadAdopted(settings[settingAdopted])
		if err != nil {
			return err
		}
		o.adopted.Store(&adopted)
		if err := o.loadTemplates(ctx, t); err != nil {
			return err
		}
		own, err := readOwnThresholds(settings[settingRemind])
		if err != nil {
			return err
		}
		thresholds := matter.ShippedThresholds().With(own)
		o.thresholds.Store(&thresholds)
		routes, err := readRoutes(settings)
		if err != nil {
			return err
		}
		o.routes.Store(&routes)
		advised, err := readAdviceSettings(settings)
		if err != nil {
			return err
		}
		o.advised.Store(advised)
		calendar, newest, err := readCalendar(ctx, t)
		if err != nil {
			return err
		}
		now.calendar = newest
		if now.organisation, err = t.NewestOrgEvent(ctx); err != nil {
			return err
		}
		o.calendar.Store(calendar)
		now.settings = settings
		hooks, err := t.Webhooks(ctx)
		if err != nil {
			return fmt.Errorf("load webhooks: %w", err)
		}
		o.webhooks.Store(&hooks)
		o.loaded.Store(&now)
		return nil
	})
}

// readCalendar reads the working days with all arrangements that were loaded, and the number of the newest.
func readCalendar(ctx context.Context, t *store.Tx) (calendar *law.Calendar, newest int64, err error) {
	rows, err := t.Calendars(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("load calendars: %w", err)
	}
	calendar = law.DefaultCalendar()
	for _, row := range rows {
		newest = row.ID
		next, err := law.LoadCalendar([]byte(row.Body))
		if err != nil {
			return nil, 0, fmt.Errorf("calendar %d: %w", row.ID, err)
		}
		calendar, _ = calendar.With(next)
	}
	return calendar, newest, nil
}

// Chart returns the organisation as it is now.
func (o *Office) Chart() *org.Chart { return o.chart.Load() }

// Calendar returns the working-day calendar as it is now.
func (o *Office) Calendar() *law.Calendar { return o.calendar.Load() }

// Today returns the legal day.
func (o *Office) Today() law.Day { return law.DayOf(o.Now()) }

// Procedure returns the table of transitions in force.
func (o *Office) Procedure() matter.Procedure { return o.procedure }

// HomeOf returns the home of what is registered at a place: its county, or for a body above counties its own code filled up to six digits.
func HomeOf(place int64) int64 {
	if c := gazetteer.CountyOf(place); c != 0 {
		return c
	}
	for place > 0 && place < 100_000 {
		place *= 10
	}
	return place
}

// rulesFor returns the rules a matter keeps.
func (o *Office) rulesFor(m *matter.Matter) (matter.Rules, error) {
	set, err := o.Book.Set(m.RuleSet)
	if err != nil {
		return matter.Rules{}, fmt.Errorf("matter %s: %w", m.Ref, err)
	}
	return matter.Rules{Set: set, Calendar: o.Calendar()}, nil
}

// env is what a decision on a loaded matter may look at.
func (o *Office) env(m *matter.Matter, who org.Actor, rules matter.Rules) matter.Env {
	now := o.Now()
	return matter.Env{
		Actor: who, Powers: matter.Powers(m, who, o.Chart()), NowUS: now, Today: law.DayOf(now), Rules: rules, Chart: o.Chart(), Procedure: o.procedure,
	}
}

// need refuses an actor whose duty in use has none of the roles.
func need(who org.Actor, roles ...org.Role) error {
	switch {
	case who.Kind == org.ActorSystem || who.Has(roles...):
		return nil
	case who.Kind == org.ActorNobody:
		return errs.E(errs.Unauthenticated, "auth.sign_in")
	default:
		return errs.E(errs.Forbidden, "auth.duty")
	}
}

// whole refuses who does not act for the whole organisation: it takes one of the roles, over the unit at its top. The code says what that is needed for.
func (o *Office) whole(who org.Actor, code string, roles ...org.Role) error {
	if err := need(who, roles...); err != nil {
		return err
	}
	if top, ok := o.Chart().Unit(who.Duty.Scope); who.Kind != org.ActorSystem && (!ok || top.Parent != 0) {
		return errs.E(errs.Forbidden, code)
	}
	return nil
}

// granted refuses a machine whose key has neither a grant nor another that does as well; people are bound by their duties instead.
func granted(who org.Actor, grant string, others ...string) error {
	has := func(g string) bool { return slices.Contains(who.Grants, g) }
	if who.Kind == org.ActorMachine && !has(grant) && !slices.ContainsFunc(others, has) {
		return errs.E(errs.Forbidden, "auth.grant", "grant", grant)
	}
	return nil
}

// jurisdiction is how the book of law names a place.
func jurisdiction(home int64) string { return strconv.FormatInt(home, 10) }
