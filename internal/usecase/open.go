package usecase

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/open"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

const (
	// OpenSettles is how many days after its end a period is counted, as of that day: by then nearly every limit of fifteen days for acceptance is over.
	OpenSettles = 20
	// openYears is how far back periods are published that nobody published when they ended.
	openYears = 3
	// maxPublished bounds the versions that are read at once: twenty-five years without corrections.
	maxPublished = 500
	// openNowhere is the row of places for what is outside that of the office.
	openNowhere = "0"
)

// OpenRowKind is what a row of a published table stands for.
type OpenRowKind string

// The kinds of rows.
const (
	OpenRowOne  OpenRowKind = "row"
	OpenRowRest OpenRowKind = "rest" // those merged together, in each measure those that do not show it
	OpenRowAll  OpenRowKind = "all"
)

// OpenRow is a row of a published table. A measure that it does not show is missing.
type OpenRow struct {
	Kind    OpenRowKind      `json:"kind"`
	Code    string           `json:"code,omitempty"`
	Name    string           `json:"name,omitempty"`
	English string           `json:"name_en,omitempty"`
	Counts  map[string][]int `json:"counts"`
	Median  *int             `json:"median,omitempty"` // days to the answer
}

// Shows reports whether the row shows a measure.
func (r OpenRow) Shows(measure string) bool { return r.Counts[measure] != nil }

// OpenTable is a published table: its rows, then the rest, then all.
type OpenTable struct {
	By   StatBy    `json:"by"`
	Rows []OpenRow `json:"rows"`
}

// All is the row of all.
func (t OpenTable) All() OpenRow { return t.kind(OpenRowAll) }

// Rest is the row of those merged together.
func (t OpenTable) Rest() OpenRow { return t.kind(OpenRowRest) }

func (t OpenTable) kind(k OpenRowKind) OpenRow {
	if i := slices.IndexFunc(t.Rows, func(r OpenRow) bool { return r.Kind == k }); i >= 0 {
		return t.Rows[i]
	}
	return OpenRow{Kind: k}
}

// PublishedHead says of a version of what was published of a period when, by whom and why.
type PublishedHead = store.PublishedHead

// Publication is what everybody may read of a period.
type Publication struct {
	PublishedHead `json:"-"`

	Least  int         `json:"least"`  // fewer than these, and more than none, are not shown
	Reason string      `json:"reason"` // why so many
	Tables []OpenTable `json:"tables"` // none where it is withdrawn
}

// Table is the table of a breakdown.
func (p Publication) Table(by StatBy) OpenTable {
	if i := slices.IndexFunc(p.Tables, func(t OpenTable) bool { return t.By == by }); i >= 0 {
		return p.Tables[i]
	}
	return OpenTable{By: by}
}

// protect decides what of the counts of a period is shown, given what was shown inside it.
func (c openCounts) protect(least int, inside []openCounts) openCounts {
	out := make(openCounts)
	for _, by := range OpenBys() {
		out[by] = map[string]open.Kept{}
	}
	of := func(by StatBy, measure string) []open.Kept {
		var kept []open.Kept
		for _, in := range inside {
			kept = append(kept, in[by][measure])
		}
		return kept
	}
	for _, m := range OpenMeasures() {
		whole := true // all tables have the same total
		for _, by := range OpenBys() {
			whole = open.Whole(c[by][m.ID].Count, least, of(by, m.ID)).Total && whole
		}
		for _, by := range OpenBys() {
			out[by][m.ID] = open.Decide(open.Kept{Count: c[by][m.ID].Count, Least: least, Total: whole}, of(by, m.ID))
		}
	}
	return out
}

// publication puts what is shown into tables.
func (o *Office) publication(kept openCounts, times openTimes, p openProtection) Publication {
	out := Publication{Least: p.Least, Reason: p.Reason}
	for _, by := range OpenBys() {
		table := OpenTable{By: by}
		rows := map[string]bool{}
		for _, m := range OpenMeasures() {
			for row := range kept[by][m.ID].Rows {
				rows[row] = true
			}
		}
		for _, row := range slices.SortedFunc(maps.Keys(rows), func(a, b string) int { return cmp.Or(cmp.Compare(openLast(a), openLast(b)), cmp.Compare(a, b)) }) {
			r := OpenRow{Kind: OpenRowOne, Code: row, Name: o.openName(by, row, false), English: o.openName(by, row, true), Counts: map[string][]int{}}
			for _, m := range OpenMeasures() {
				if k := kept[by][m.ID]; k.Shows(row) {
					r.Counts[m.ID] = cellsOr(k.Rows[row], k.Columns)
				}
			}
			r.Median = r.median(times[by][row])
			table.Rows = append(table.Rows, r)
		}
		rest, all := OpenRow{Kind: OpenRowRest, Counts: map[string][]int{}}, OpenRow{Kind: OpenRowAll, Counts: map[string][]int{}}
		for _, m := range OpenMeasures() {
			k := kept[by][m.ID]
			if len(k.Merged) > 0 {
				rest.Counts[m.ID] = k.Rest()
			}
			if k.Total {
				all.Counts[m.ID] = k.All()
			}
		}
		days := kept[by][OpenDays]
		rest.Median = rest.median(addTimes(times[by], func(row string) bool { return days.Merged[row] }))
		all.Median = all.median(addTimes(times[by], func(string) bool { return true }))
		table.Rows = append(table.Rows, rest, all)
		out.Tables = append(out.Tables, table)
	}
	return out
}

// openLast puts what is nowhere behind what is somewhere.
func openLast(row string) int {
	if row == openNowhere || row == "" {
		return 1
	}
	return 0
}

// median is the middle of the days to the answer where their number is shown.
func (r OpenRow) median(t stat.Times) *int {
	if !r.Shows(OpenDays) || t.Count() == 0 {
		return nil
	}
	const half, whole = 1, 2
	n := t.At(half, whole)
	return &n
}

// openName is what a row is called when it is published; names may change afterwards.
func (o *Office) openName(by StatBy, row string, english bool) string {
	say := o.Say(english)
	if by == ByPlace {
		code := number(row)
		place, known := o.Places.Place(code)
		switch {
		case !known:
			return say("open.nowhere", nil)
		case code == o.Settings().Place:
			return say("open.nowhere.below", nil)
		case english:
			return o.Places.English(place)
		}
		return place.Name
	}
	if row == "" {
		return say("open.unsorted", nil)
	}
	return o.GroupName(by, row, english)
}

// openInside is what was shown of the periods inside one; of those before anything came, that there was nothing. It fails where another was not published, for then nobody
// could say what a longer period gives away.
func (o *Office) openInside(ctx context.Context, p open.Period, begin law.Day) ([]openCounts, error) {
	var rows []store.Published
	if err := o.Store.Read(ctx, func(t *store.Tx) (err error) {
		rows, err = t.PublishedIn(ctx, p.From, p.To, maxPublished)
		return err
	}); err != nil {
		return nil, err
	}
	var out []openCounts
	for _, q := range p.Inside() {
		var now openCounts
		for _, r := range rows {
			if r.Period != q.String() {
				continue
			}
			var c openCounts
			if err := json.Unmarshal([]byte(r.Counts), &c); err != nil {
				return nil, fmt.Errorf("published %s: %w", r.Period, err)
			}
			now = c.shownAs(now)
		}
		if now == nil && q.To < begin {
			now = noCounts(q)
		}
		if now == nil {
			return nil, errs.E(errs.Refused, "open.inside", "period", q.String())
		}
		out = append(out, now)
	}
	return out, nil
}

// noCounts are those of a period in which there was nothing.
func noCounts(p open.Period) openCounts {
	out := make(openCounts)
	for _, by := range OpenBys() {
		out[by] = map[string]open.Kept{}
		for _, m := range OpenMeasures() {
			out[by][m.ID] = open.Kept{Count: open.Count{Period: p, Columns: len(m.Columns)}, Total: true, Split: true}
		}
	}
	return out
}

// shownAs are counts with what the first version showed of them, which is the most that was ever shown.
func (c openCounts) shownAs(first openCounts) openCounts {
	for by, measures := range first {
		for id, k := range measures {
			k.Count = c[by][id].Count
			c[by][id] = k
		}
	}
	return c
}

// publish publishes a period that is over, for the first time.
func (o *Office) publish(ctx context.Context, p open.Period, begin law.Day) error {
	inside, err := o.openInside(ctx, p, begin)
	if err != nil {
		return err
	}
	protection, err := o.openProtection(ctx)
	if err != nil {
		return err
	}
	asOf := p.To.Add(OpenSettles)
	counts, times, err := o.countOpen(ctx, p, asOf)
	if err != nil {
		return err
	}
	kept := counts.protect(protection.Least, inside)
	row, err := publishedRow(p, kept, o.publication(kept, times, protection))
	if err != nil {
		return err
	}
	row.Version, row.AsOf, row.AtUS = 1, asOf, o.Now()
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		switch _, err := t.PublishedOf(ctx, row.Period); {
		case err == nil:
			return errs.E(errs.Refused, "open.already", "period", row.Period)
		case errs.KindOf(err) != errs.NotFound:
			return err
		}
		return t.InsertPublished(ctx, row)
	})
}

func publishedRow(p open.Period, kept openCounts, shown Publication) (store.Published, error) {
	body, err := json.Marshal(shown)
	if err != nil {
		return store.Published{}, fmt.Errorf("publish %s: %w", p, err)
	}
	counts, err := json.Marshal(kept)
	if err != nil {
		return store.Published{}, fmt.Errorf("publish %s: %w", p, err)
	}
	return store.Published{PublishedHead: store.PublishedHead{Period: p.String(), First: p.From, Last: p.To}, Body: string(body), Counts: string(counts)}, nil
}

// OpenFirst is the day on which a period can be published.
func OpenFirst(p open.Period) law.Day { return p.To.Add(OpenSettles) }

// PublishPeriod publishes a period and what is inside it, for the operator and administrators of the whole organisation, and returns the periods that it published.
func (o *Office) PublishPeriod(ctx context.Context, who org.Actor, text string) ([]string, error) {
	if err := o.MayPublish(who); err != nil {
		return nil, err
	}
	p, err := open.Parse(text)
	if err != nil {
		return nil, err
	}
	if first := OpenFirst(p); o.Today() < first {
		return nil, errs.E(errs.Refused, "open.early", "period", text, "day", first)
	}
	heads, err := o.PublishedHeads(ctx)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(heads, func(h PublishedHead) bool { return h.Period == text }) {
		return nil, errs.E(errs.Refused, "open.already", "period", text)
	}
	begin, err := o.openBegin(ctx, heads)
	if err != nil {
		return nil, err
	}
	if !begin.Known() || p.To < begin {
		return nil, errs.E(errs.NotFound, "open.period", "period", text)
	}
	return o.publishAll(ctx, append(p.Inside(), p), heads, begin, nil)
}

// publishAll publishes those of some periods that are not yet, in their order.
func (o *Office) publishAll(ctx context.Context, periods []open.Period, heads []PublishedHead, begin law.Day, progress func(ctx context.Context, done, total int) error) ([]string, error) {
	var out []string
	for i, p := range periods {
		if p.To < begin || slices.ContainsFunc(heads, func(h PublishedHead) bool { return h.Period == p.String() }) {
			continue
		}
		if err := o.publish(ctx, p, begin); err != nil {
			return out, err
		}
		out = append(out, p.String())
		if progress == nil {
			continue
		}
		if err := progress(ctx, i+1, len(periods)); err != nil {
			return out, err
		}
	}
	return out, nil
}

// PublishDue publishes every period that can be and is not, from the month of the first submission on, and returns them.
func (o *Office) PublishDue(ctx context.Context, progress func(ctx context.Context, done, total int) error) ([]string, error) {
	heads, err := o.PublishedHeads(ctx)
	if err != nil {
		return nil, err
	}
	begin, err := o.openBegin(ctx, heads)
	if err != nil || !begin.Known() {
		return nil, err
	}
	return o.publishAll(ctx, open.Closed(begin, o.Today().Add(1-OpenSettles)), heads, begin, progress)
}

// openBegin is the first day that is published: that of the first month in which something came, NoDay where nothing has come in the last years. Once something is
// published it is settled, for an earlier month could be had by subtraction.
func (o *Office) openBegin(ctx context.Context, heads []PublishedHead) (law.Day, error) {
	if len(heads) > 0 {
		first := slices.MinFunc(heads, func(a, b PublishedHead) int { return cmp.Compare(a.Last, b.Last) })
		return first.First, nil
	}
	today := o.Today()
	year, _, _ := today.Date()
	ask := FigureAsk{Indicators: []string{"submissions"}, By: ByMonth, Period: stat.Period{From: law.NewDay(year-openYears, 1, 1), To: today, AsOf: today}}
	first := law.NoDay
	for _, who := range o.openActors() {
		a, err := o.Figures(ctx, who, ask)
		if err != nil {
			return law.NoDay, err
		}
		for _, r := range a.Rows {
			p, err := open.Parse(r.Group)
			if err != nil {
				return law.NoDay, err
			}
			if !first.Known() || p.From < first {
				first = p.From
			}
		}
	}
	return first, nil
}

// PublishNightly has published what can be since last night, unless somebody is at it.
func (o *Office) PublishNightly(ctx context.Context) error {
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		waiting, err := t.OpenJobs(ctx, string(JobPublish), math.MaxInt64, 1)
		if err != nil || len(waiting) > 0 {
			return err
		}
		_, err = o.startJob(ctx, t, org.System(), 0, JobPublish, struct{}{})
		return err
	})
}

// workPublish publishes what can be, aside.
func (o *Office) workPublish(ctx context.Context, j *running) error {
	aside, err := o.beginAside(ctx)
	if err != nil {
		return err
	}
	defer aside.end()
	_, err = o.PublishDue(ctx, func(ctx context.Context, done, total int) error {
		return errors.Join(j.progress(ctx, done, total), aside.rest(ctx))
	})
	return err
}

// PublishedHeads are the newest versions of all periods that are published, the latest first; everybody may read them.
func (o *Office) PublishedHeads(ctx context.Context) ([]PublishedHead, error) {
	all, err := o.PublishedHistory(ctx)
	return slices.CompactFunc(all, func(a, b PublishedHead) bool { return a.Period == b.Period }), err
}

// PublishedHistory are all versions of all periods, the latest first: what was put right and withdrawn is everybody's to know.
func (o *Office) PublishedHistory(ctx context.Context) ([]PublishedHead, error) {
	var all []PublishedHead
	err := o.Store.Read(ctx, func(t *store.Tx) (err error) {
		all, err = t.PublishedHeads(ctx, maxPublished)
		return err
	})
	return all, err
}

// Published is what everybody may read of a period: errs.NotFound "open.period" where nothing is published.
func (o *Office) Published(ctx context.Context, period string) (Publication, error) {
	row, err := o.publishedRow(ctx, period)
	if err != nil {
		return Publication{}, err
	}
	return readPublication(row)
}

func (o *Office) publishedRow(ctx context.Context, period string) (row store.Published, err error) {
	if _, err := open.Parse(period); err != nil {
		return row, err
	}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		row, err = t.PublishedOf(ctx, period)
		return err
	})
	if errs.KindOf(err) == errs.NotFound {
		return row, errs.E(errs.NotFound, "open.period", "period", period)
	}
	return row, err
}

func readPublication(row store.Published) (Publication, error) {
	p := Publication{PublishedHead: row.PublishedHead}
	if row.Withdrawn {
		return p, nil
	}
	if err := json.Unmarshal([]byte(row.Body), &p); err != nil {
		return p, fmt.Errorf("published %s, version %s: %w", row.Period, strconv.FormatInt(row.Version, 10), err)
	}
	return p, nil
}
