package web

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// Where the screen on the wall is, and where its changes come from.
const (
	screenAt = "/desk/screen"
	liveAt   = screenAt + "/live"
)

// How often a stream looks for changes and says that it is alive, how old figures may grow although nothing was written here, and how long a stream lasts before the
// browser asks again, with the rights of who is signed in then.
const (
	screenEvery = 3 * time.Second
	aliveEvery  = 9 * time.Second
	screenOld   = 30 * time.Second
	streamLasts = 5 * time.Minute
)

// wall is what all screens show: for each duty that is looked through it counts once per change, however many look.
type wall struct {
	mu    sync.Mutex
	feeds map[wallKey]*feed
}

// wallKey is what decides what a screen may show.
type wallKey struct {
	role        org.Role
	unit, scope org.UnitID
}

// feed is what the screens of one key show.
type feed struct {
	mu      sync.Mutex
	screen  usecase.Screen
	version int // of what is shown; 0 before anything was counted
	changes int64
	settled bool // counted again after the last change, for figures that follow a moment later
}

// of returns the feed of a duty.
func (w *wall) of(who org.Actor) *feed {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.feeds == nil {
		w.feeds = map[wallKey]*feed{}
	}
	key := wallKey{who.Duty.Role, who.Duty.Unit, who.Duty.Scope}
	if w.feeds[key] == nil {
		w.feeds[key] = &feed{}
	}
	return w.feeds[key]
}

// now returns what is to be shown, counted anew only where something was written since, or the figures are old. Nobody counts while somebody else does.
func (f *feed) now(ctx context.Context, o *usecase.Office, who org.Actor) (usecase.Screen, int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	changes, age := o.Changes(), time.Duration(o.Now()-f.screen.AtUS)*time.Microsecond
	fresh := changes == f.changes && f.settled && age < screenOld
	if f.version > 0 && (fresh || age >= 0 && age < screenEvery) {
		return f.screen, f.version, nil
	}
	next, err := o.Screen(ctx, who)
	if err != nil {
		return usecase.Screen{}, 0, err
	}
	f.settled = f.version > 0 && changes == f.changes
	f.screen, f.changes = next, changes
	f.version++
	return next, f.version, nil
}

// screen shows the wall's page. Without a script the browser asks for it again by itself.
func (s *Site) screen(w http.ResponseWriter, r *http.Request, v *visit) error {
	shown, _, err := s.wall.of(v.who).now(r.Context(), s.Office, v.who)
	if err != nil {
		return err
	}
	t := v.t
	view := s.screenView(t, shown)
	return s.show(w, r, http.StatusOK, ui.Wall(t, t.T("board.screen.title", "unit", view.unit), screenPage(t, view)))
}

// screenLive streams the screen's content: anew after each change, and in between that the line is alive.
func (s *Site) screenLive(w http.ResponseWriter, r *http.Request, v *visit) error {
	ctx := r.Context()
	f := s.wall.of(v.who)
	shown, version, err := f.now(ctx, s.Office, v.who)
	if err != nil {
		return err
	}
	stream, err := httpx.NewStream(w, time.UnixMicro(s.Office.Now()).Add(streamLasts))
	if err != nil {
		return err
	}
	if err := s.sendScreen(ctx, stream, v.t, shown); err != nil {
		return nil // the answer has begun: who went away is told nothing
	}
	tick, end := time.NewTicker(screenEvery), time.NewTimer(streamLasts)
	defer tick.Stop()
	defer end.Stop()
	for n := time.Duration(1); ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-s.Ending:
			return nil
		case <-end.C:
			return nil
		case <-tick.C:
		}
		next, newer, err := f.now(ctx, s.Office, v.who)
		switch {
		case err != nil:
			if errs.KindOf(err) == errs.Internal {
				httpx.LogError(ctx, s.Log, err)
			}
			return nil // the screen says that the line is lost, and tries again
		case newer != version:
			version, err = newer, s.sendScreen(ctx, stream, v.t, next)
		case n%(aliveEvery/screenEvery) == 0:
			err = stream.Send("alive", v.t.Clock(s.Office.Now()))
		}
		if err != nil {
			return nil
		}
	}
}

// sendScreen sends the content of a screen.
func (s *Site) sendScreen(ctx context.Context, stream *httpx.Stream, t *i18n.Speaker, shown usecase.Screen) error {
	var b bytes.Buffer
	if err := screenContent(t, s.screenView(t, shown)).Render(ctx, &b); err != nil {
		return err
	}
	return stream.Send("screen", b.String())
}

// screenView is what a screen shows.
type screenView struct {
	unit    string
	day     string
	clock   string
	came    linked
	ways    []screenRow // today's submissions by channel
	big     []bigFigure
	rates   []rateFigure
	days    course
	places  []screenRow
	issues  []screenIssue
	issuing bool
}

type bigFigure struct {
	name  string
	n     linked
	light ui.Light
}

type rateFigure struct {
	name  string
	n, of linked
	known bool
}

type screenRow struct {
	name        string
	n           linked
	part, whole int
}

type screenIssue struct{ name, n, href string }

func (s *Site) screenView(t *i18n.Speaker, x usecase.Screen) screenView {
	p := screenView{unit: unitName(t, x.Unit), day: t.FullDay(x.Today), clock: t.Clock(x.AtUS), issuing: x.Issuing}
	english := t.Lang() == i18n.En
	p.came = behind(t, x.Came.Figure(0), x.Came.Behind(0, usecase.PartSum))
	for _, r := range x.Came.Rows {
		p.ways = append(p.ways, screenRow{name: s.Office.GroupName(usecase.ByChannel, r.Group, english), n: behind(t, r.Figures[0], x.Came.In(0, r.Group, usecase.PartSum))})
	}
	due := func(v matter.View) linked {
		return linked{t.Capped(x.Due.Views[v], usecase.MaxCount), "/desk?list=" + string(x.Due.List) + "&view=" + string(v)}
	}
	p.big = []bigFigure{
		{t.T("board.screen.stock"), behind(t, x.Stock.Figure(0), x.Stock.Behind(0, usecase.PartSum)), ui.NoLight},
		{t.T("board.screen.overdue"), due(matter.ViewLate), ui.Late},
		{t.T("board.screen.three"), due(matter.ViewThree), ui.Soon},
	}
	for i, d := range x.Rates.Indicators {
		f := x.Rates.Figure(i)
		p.rates = append(p.rates, rateFigure{t.Either(d.Name, d.English), behind(t, f, x.Rates.Behind(i, usecase.PartSum)), linked{madeOf(t, f), figureListPath(x.Rates.Behind(i, usecase.PartOf))}, f.Known()})
	}
	p.days = s.screenDays(t, x)
	most := 0
	for _, r := range x.Places.Rows {
		most = max(most, r.Figures[0].Sum)
	}
	for _, r := range x.Places.Rows {
		p.places = append(p.places, screenRow{s.ownPlaceName(t, r.Group), behind(t, r.Figures[0], x.Places.In(0, r.Group, usecase.PartSum)), r.Figures[0].Sum, most})
	}
	for _, i := range x.Issues {
		name := i.Name
		if name == "" {
			name = t.T("issue.unnamed")
		}
		p.issues = append(p.issues, screenIssue{name, t.T("issue.matters", "n", i.Matters), issuePath(i.ID)})
	}
	return p
}

// screenDays is the course of the last days.
func (s *Site) screenDays(t *i18n.Speaker, x usecase.Screen) course {
	c := course{title: t.T("board.screen.days"), columns: true, wide: true, head: t.T("board.day")}
	series := courseSeries{name: c.title}
	var said []string
	for d := x.Days.Period.From; d <= x.Days.Period.To; d++ {
		f := x.Days.Of(0, d.String())
		series.points = append(series.points, coursePoint{known: true, value: float64(f.Sum), said: behind(t, f, x.Days.In(0, d.String(), usecase.PartSum))})
		label := t.MonthDay(d)
		c.labels, c.short = append(c.labels, label), append(c.short, label)
		said = append(said, t.T("board.course.point", "label", label, "value", f.Sum))
	}
	c.series, c.summary = []courseSeries{series}, c.title+t.T("board.colon")+t.List(said)
	return c.filling()
}

// ownPlaceName is a place's own name, without those of what holds it: on a wall everybody knows where they are.
func (s *Site) ownPlaceName(t *i18n.Speaker, group string) string {
	code, err := strconv.ParseInt(group, 10, 64)
	if p, ok := s.Office.Places.Place(code); ok && err == nil {
		return s.placeName(t, p)
	}
	return s.Office.GroupName(usecase.ByPlace, group, t.Lang() == i18n.En)
}
