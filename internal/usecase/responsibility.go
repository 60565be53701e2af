package usecase

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Line is a line of the responsibility catalogue (权责清单): inside a place, a category belongs to a unit, and why. A line that names a unit of
// kind root, which handles nothing itself, means the town under it in which the matter's place lies.
type Line struct {
	Category   string // of the current table, at either level; empty: every category
	Place      int64  // division code
	Unit       org.UnitID
	Why        string
	WhyEnglish string
	From       law.Day // NoDay: today
	Until      law.Day // NoDay while it is in force
}

// LineView is a line with its unit.
type LineView struct {
	store.Responsibility
	At org.Unit
}

// LinesPage is a bounded part of the catalogue. Next is the id to go on from, zero at the end.
type LinesPage struct {
	Lines []LineView
	Next  int64
}

// maxLines is the longest page of the catalogue.
const maxLines = 100

// Lines returns a page of the catalogue, ended lines included.
func (o *Office) Lines(ctx context.Context, who org.Actor, after int64, limit int) (LinesPage, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return LinesPage{}, err
	}
	limit = min(max(limit, 1), maxLines)
	var page LinesPage
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.ResponsibilitiesAfter(ctx, after, limit+1)
		if err != nil {
			return err
		}
		if len(rows) > limit {
			rows = rows[:limit]
			page.Next = rows[limit-1].ID
		}
		for _, r := range rows {
			v := LineView{Responsibility: r}
			v.At, _ = o.Chart().Unit(r.Unit)
			page.Lines = append(page.Lines, v)
		}
		return nil
	})
	return page, err
}

// AddLine enters a line and returns its id.
func (o *Office) AddLine(ctx context.Context, who org.Actor, l Line) (int64, error) {
	l, err := o.checkedLine(who, l)
	if err != nil {
		return 0, err
	}
	var id int64
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		var err error
		if id, err = t.NextLocal(ctx, "responsibility"); err != nil {
			return err
		}
		return o.saveLine(ctx, t, who, nil, l.row(id))
	})
	return id, err
}

// ChangeLine replaces a line that is in force.
func (o *Office) ChangeLine(ctx context.Context, who org.Actor, id int64, l Line) error {
	l, err := o.checkedLine(who, l)
	if err != nil {
		return err
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was, err := o.lineInForce(ctx, t, who, id)
		if err != nil {
			return err
		}
		return o.saveLine(ctx, t, who, &was, l.row(id))
	})
}

// EndLine ends a line on a day, which itself no longer counts; NoDay ends it now.
func (o *Office) EndLine(ctx context.Context, who org.Actor, id int64, until law.Day) error {
	if err := need(who, org.RoleAdmin); err != nil {
		return err
	}
	today := o.Today()
	if !until.Known() {
		until = today
	}
	if until < today {
		return errs.Fields([]errs.Field{errs.F("until", "day.past", "today", today)})
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was, err := o.lineInForce(ctx, t, who, id)
		if err != nil {
			return err
		}
		next := was
		next.Until = until
		return o.saveLine(ctx, t, who, &was, next)
	})
}

// checkedLine cleans a line and refuses what is wrong with it.
func (o *Office) checkedLine(who org.Actor, l Line) (Line, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return l, err
	}
	today, chart := o.Today(), o.Chart()
	l.Why, l.WhyEnglish = strings.TrimSpace(l.Why), strings.TrimSpace(l.WhyEnglish)
	if !l.From.Known() {
		l.From = today
	}
	var out []errs.Field
	if _, ok := o.Places.Current().Row(l.Category); l.Category != "" && !ok {
		out = append(out, errs.F("category", "field.choice"))
	}
	if _, ok := o.Places.Place(l.Place); !ok {
		out = append(out, errs.F("place", "intake.place_unknown"))
	}
	switch u, ok := chart.Unit(l.Unit); {
	case !ok || !u.Alive(today):
		out = append(out, errs.F("unit", "unit.gone"))
	case !governs(who, chart, l.Unit):
		out = append(out, errs.F("unit", "unit.outside"))
	}
	if l.Why == "" {
		out = append(out, errs.F("why", "field.required"))
	}
	for path, text := range map[string]string{"why": l.Why, "why_english": l.WhyEnglish} {
		if n := utf8.RuneCountInString(text); n > matter.MaxLine {
			out = append(out, errs.F(path, "field.long", "max", matter.MaxLine, "n", n))
		}
	}
	if l.Until.Known() && l.Until <= l.From {
		out = append(out, errs.F("until", "duty.until", "from", l.From))
	}
	return l, errs.Fields(out)
}

func (l Line) row(id int64) store.Responsibility {
	return store.Responsibility{ID: id, Category: l.Category, Place: l.Place, Unit: l.Unit, Why: l.Why, WhyEnglish: l.WhyEnglish, From: l.From, Until: l.Until}
}

func (o *Office) lineInForce(ctx context.Context, t *store.Tx, who org.Actor, id int64) (store.Responsibility, error) {
	was, err := t.Responsibility(ctx, id)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return was, err
	}
	if err != nil || !governs(who, o.Chart(), was.Unit) {
		return was, errs.E(errs.NotFound, "line.not_found")
	}
	if was.Until.Known() && was.Until <= o.Today() {
		return was, errs.E(errs.Refused, "line.ended", "day", was.Until)
	}
	return was, nil
}

// saveLine writes a line unless the same unit has the same one already.
func (o *Office) saveLine(ctx context.Context, t *store.Tx, who org.Actor, was *store.Responsibility, next store.Responsibility) error {
	same, err := t.Responsibilities(ctx, []string{next.Category}, []int64{next.Place}, next.From)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(same, func(r store.Responsibility) bool { return r.ID != next.ID && r.Unit == next.Unit }) {
		return errs.E(errs.Conflict, "line.twice")
	}
	if err := t.SaveResponsibility(ctx, next); err != nil {
		return err
	}
	var before any
	if was != nil {
		before = recordOfLine(*was)
	}
	return o.noteChange(ctx, t, who, changeLine, next.ID, before, recordOfLine(next))
}

// lineRecord is a line in the record of changes.
type lineRecord struct {
	Category   string     `json:"category"`
	Place      int64      `json:"place"`
	Unit       org.UnitID `json:"unit"`
	Why        string     `json:"why"`
	WhyEnglish string     `json:"why_english,omitempty"`
	From       law.Day    `json:"from,omitzero"`
	Until      law.Day    `json:"until,omitzero"`
}

func recordOfLine(r store.Responsibility) lineRecord {
	return lineRecord{Category: r.Category, Place: r.Place, Unit: r.Unit, Why: r.Why, WhyEnglish: r.WhyEnglish, From: r.From, Until: r.Until}
}

// Suggestion is a unit that the catalogue names for a matter, or that has taken up others like it, and why.
type Suggestion struct {
	Unit       org.Unit
	Line       int64 // id of the line that says so; zero where only custom does
	Category   string
	Place      int64
	Why        string
	WhyEnglish string
	Custom     UnitCustom
}

// Suggest returns the units for a category at a place, best first. The catalogue comes first: the line with the longest category, then the narrowest
// place; but a unit that gave more of such matters back than it took up in the last two years stands behind the others that the catalogue names, and of
// lines that are equal the one whose unit took up more is the first. Behind them stand at most two units that the catalogue does not name and that took such
// matters up. A unit that has ended is followed to the one that bears its powers. It proposes; a person decides. Administrators, who keep the
// catalogue, ask to see what its lines amount to.
func (o *Office) Suggest(ctx context.Context, who org.Actor, category string, place int64) ([]Suggestion, error) {
	if err := need(who, org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleSupervisor, org.RoleDiscipline, org.RoleAdmin); err != nil {
		return nil, err
	}
	return o.unitsFor(ctx, category, place)
}

func (o *Office) unitsFor(ctx context.Context, category string, place int64) ([]Suggestion, error) {
	categories := []string{""}
	for code := category; code != ""; {
		categories = append(categories, code)
		row, _ := o.Places.Current().Row(code)
		code = row.Parent
	}
	var places []int64
	for code := place; code != 0; code = gazetteer.ParentCode(code) {
		places = append(places, code)
	}
	var lines []store.Responsibility
	var went []matter.Custom
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		if lines, err = t.Responsibilities(ctx, categories, places, o.Today()); err != nil || category == "" {
			return err
		}
		went, err = t.Customs(ctx, HomeOf(place), category, customsSince(o.Today()))
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(lines, func(a, b store.Responsibility) int {
		return cmp.Or(cmp.Compare(len(b.Category), len(a.Category)), cmp.Compare(gazetteer.LevelOf(b.Place), gazetteer.LevelOf(a.Place)))
	})
	var out []Suggestion
	for _, l := range lines {
		u, ok := o.responsible(l.Unit, place)
		if ok && !slices.ContainsFunc(out, func(s Suggestion) bool { return s.Unit.ID == u.ID }) {
			out = append(out, Suggestion{Unit: u, Line: l.ID, Category: l.Category, Place: l.Place, Why: l.Why, WhyEnglish: l.WhyEnglish})
		}
	}
	return o.weighUnits(out, went, place), nil
}

// responsible is the living unit that a line means for a place.
func (o *Office) responsible(named org.UnitID, place int64) (org.Unit, bool) {
	today, chart := o.Today(), o.Chart()
	u, ok := chart.Bearer(named, today)
	if !ok || u.Kind != org.KindRoot {
		return u, ok
	}
	for gazetteer.LevelOf(place) > gazetteer.Town {
		place = gazetteer.ParentCode(place)
	}
	return chart.First(func(t org.Unit) bool {
		return t.Kind == org.KindTown && t.Place == place && t.Alive(today) && chart.Under(t.ID, u.ID)
	})
}
