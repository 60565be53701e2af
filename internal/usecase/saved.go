package usecase

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

const (
	// MaxSaved is how many searches a person keeps, and how many a unit shares.
	MaxSaved = 50
	// maxSavedName is how long a name may be.
	maxSavedName = 40
)

// SavedSearch is a search kept under a name.
type SavedSearch struct {
	ID        int64
	Name      string
	Query     string // its address: words and conditions, in the order of their names
	Shared    bool   // with the unit: everybody with a duty there sees it
	Own       bool   // the actor keeps it
	MayChange bool
}

// searchNames are the names by which an address narrows a search, besides its words.
func searchNames() []string {
	return []string{query.Field, "list", "state", "overdue", "category", "place", "unit", "channel", "from", "to", "sort"}
}

// SavedSearches returns the actor's own searches and those shared with the unit of the duty in use, by name.
func (o *Office) SavedSearches(ctx context.Context, who org.Actor) ([]SavedSearch, error) {
	if err := o.keepsSearches(who); err != nil {
		return nil, err
	}
	var rows []store.SavedSearch
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		shared, err := t.SavedFor(ctx, who.Duty.Unit, MaxSaved)
		if err != nil {
			return err
		}
		own := []store.SavedSearch(nil)
		if who.User != 0 {
			if own, err = t.SavedBy(ctx, who.User, MaxSaved); err != nil {
				return err
			}
		}
		rows = slices.Concat(own, slices.DeleteFunc(shared, func(s store.SavedSearch) bool { return who.User != 0 && s.User == who.User }))
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]SavedSearch, len(rows))
	for i, r := range rows {
		out[i] = savedView(who, r)
	}
	slices.SortStableFunc(out, func(a, b SavedSearch) int {
		return cmp.Or(cmp.Compare(gazetteer.Pinyin(a.Name), gazetteer.Pinyin(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// SavedSearch finds a search that the actor may see; any other does not exist for them.
func (o *Office) SavedSearch(ctx context.Context, who org.Actor, id int64) (SavedSearch, error) {
	if err := o.keepsSearches(who); err != nil {
		return SavedSearch{}, err
	}
	var out SavedSearch
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		row, err := seenSearch(ctx, t, who, id)
		out = savedView(who, row)
		return err
	})
	return out, err
}

// SaveSearch keeps a search under a name, without an id a new one, and returns its id. A machine keeps searches for its unit, which are always shared.
// Who may not change a search that they see is told so; whether the unit sees it is recorded when it changes, and what happens to one that it sees.
func (o *Office) SaveSearch(ctx context.Context, who org.Actor, s SavedSearch) (int64, error) {
	if err := o.keepsSearches(who); err != nil {
		return 0, err
	}
	s.Name = strings.TrimSpace(s.Name)
	address, err := o.checkSearch(s)
	if err != nil {
		return 0, err
	}
	id := s.ID
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was := store.SavedSearch{ID: s.ID, User: who.User}
		if s.ID != 0 {
			if was, err = changedSearch(ctx, t, who, s.ID); err != nil {
				return err
			}
		} else if was.ID, err = t.NextLocal(ctx, "saved_search"); err != nil {
			return err
		}
		next := was
		id, next.Name, next.Query, next.AtUS = was.ID, s.Name, address, o.Now()
		switch {
		case !s.Shared && was.User != 0:
			next.Unit = 0
		case was.Unit == 0:
			next.Unit = who.Duty.Unit
		}
		if err := o.roomForSearch(ctx, t, s.ID == 0, was, next); err != nil {
			return err
		}
		if err := t.KeepSearch(ctx, next); err != nil {
			return err
		}
		return o.noteSearch(ctx, t, who, was, next)
	})
	return id, err
}

// DropSearch deletes a search.
func (o *Office) DropSearch(ctx context.Context, who org.Actor, id int64) error {
	if err := o.keepsSearches(who); err != nil {
		return err
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was, err := changedSearch(ctx, t, who, id)
		if err != nil {
			return err
		}
		if err := t.DropSearch(ctx, id); err != nil {
			return err
		}
		return o.noteSearch(ctx, t, who, was, store.SavedSearch{ID: id})
	})
}

// keepsSearches refuses who sees no matters.
func (o *Office) keepsSearches(who org.Actor) error {
	if who.Kind != org.ActorStaff && who.Kind != org.ActorMachine {
		return errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	if who.Scope().Empty() {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	return granted(who, "read")
}

func savedView(who org.Actor, r store.SavedSearch) SavedSearch {
	return SavedSearch{ID: r.ID, Name: r.Name, Query: r.Query, Shared: r.Unit != 0, Own: keeps(who, r), MayChange: keeps(who, r) || who.Has(org.RoleHead) && r.Unit == who.Duty.Unit}
}

// keeps reports whether a search is the actor's own; a machine's are those of its unit that no person keeps.
func keeps(who org.Actor, r store.SavedSearch) bool {
	return r.User == who.User && (who.User != 0 || r.Unit == who.Duty.Unit)
}

// seenSearch finds a search that an actor may see.
func seenSearch(ctx context.Context, t *store.Tx, who org.Actor, id int64) (store.SavedSearch, error) {
	row, err := t.Saved(ctx, id)
	if errs.KindOf(err) == errs.NotFound || err == nil && !keeps(who, row) && (row.Unit == 0 || row.Unit != who.Duty.Unit) {
		return store.SavedSearch{}, errs.E(errs.NotFound, "saved.not_found")
	}
	return row, err
}

// changedSearch finds a search that an actor is about to change.
func changedSearch(ctx context.Context, t *store.Tx, who org.Actor, id int64) (store.SavedSearch, error) {
	row, err := seenSearch(ctx, t, who, id)
	if err == nil && !savedView(who, row).MayChange {
		return row, errs.E(errs.Forbidden, "saved.not_yours")
	}
	return row, err
}

// roomForSearch holds that a person keeps and a unit shares so many.
func (o *Office) roomForSearch(ctx context.Context, t *store.Tx, fresh bool, was, next store.SavedSearch) error {
	if fresh && next.User != 0 {
		if own, err := t.SavedBy(ctx, next.User, MaxSaved); err != nil || len(own) >= MaxSaved {
			return cmp.Or(err, errs.Fields([]errs.Field{errs.F("name", "saved.many", "max", MaxSaved)}))
		}
	}
	if next.Unit != 0 && (fresh || was.Unit != next.Unit) {
		if shared, err := t.SavedFor(ctx, next.Unit, MaxSaved); err != nil || len(shared) >= MaxSaved {
			return cmp.Or(err, errs.Fields([]errs.Field{errs.F("shared", "saved.unit_many", "max", MaxSaved)}))
		}
	}
	return nil
}

// searchRecord is a shared search in the record of changes.
type searchRecord struct {
	Name   string     `json:"name"`
	Unit   org.UnitID `json:"unit"`
	Worded worded     `json:"with_words,omitempty"`
}

// worded says in the record of changes that a search had words, and nothing says which: they may name a person, and the record is read by others for as long as it is kept.
type worded bool

// noteSearch records what changes for a unit.
func (o *Office) noteSearch(ctx context.Context, t *store.Tx, who org.Actor, was, next store.SavedSearch) error {
	of := func(s store.SavedSearch) any {
		if s.Unit == 0 {
			return nil
		}
		asked, _ := url.ParseQuery(s.Query) // as it was checked when it was kept
		return searchRecord{Name: s.Name, Unit: s.Unit, Worded: asked.Get(query.Field) != ""}
	}
	before, after := of(was), of(next)
	if before == after && was.Query == next.Query {
		return nil
	}
	if before == nil && after == nil {
		return nil
	}
	return o.noteChange(ctx, t, who, changeSearch, next.ID, before, after)
}

// checkSearch checks a name and an address, and gives the address in its one form.
func (o *Office) checkSearch(s SavedSearch) (string, error) {
	var wrong []errs.Field
	switch n := utf8.RuneCountInString(s.Name); {
	case n == 0:
		wrong = append(wrong, errs.F("name", "field.required"))
	case n > maxSavedName:
		wrong = append(wrong, errs.F("name", "field.long", "max", maxSavedName, "n", n))
	}
	given, err := url.ParseQuery(s.Query)
	if err != nil {
		return "", errs.Fields(append(wrong, errs.F("query", "saved.query")))
	}
	kept := url.Values{}
	for _, name := range searchNames() {
		value := strings.TrimSpace(given.Get(name))
		if value == "" {
			continue
		}
		if !o.searchable(name, value) {
			wrong = append(wrong, errs.F("query", "saved.condition", "name", name))
		}
		kept.Set(name, value)
	}
	if len(kept) == 0 {
		wrong = append(wrong, errs.F("query", "saved.nothing"))
	}
	return kept.Encode(), errs.Fields(wrong)
}

// searchable reports whether a value narrows a search under a name.
func (o *Office) searchable(name, value string) bool {
	is := func(words ...string) bool { return slices.Contains(words, value) }
	switch name {
	case query.Field:
		_, err := query.Parse(value)
		return err == nil
	case "list":
		return is(string(matter.ListMine), string(matter.ListUnit))
	case "state":
		return slices.Contains(matter.Views(), matter.View(value)) || slices.Contains(matter.States(), matter.State(value))
	case "overdue":
		return is("yes")
	case "category":
		_, known := o.Places.Current().Row(value)
		return known
	case "place":
		place, err := strconv.ParseInt(value, 10, 64)
		return err == nil && gazetteer.LevelOf(place) != gazetteer.NoLevel
	case "unit":
		return len(o.UnitsLike(value, 1)) == 1
	case "channel":
		return slices.Contains(matter.Channels(), matter.Channel(value))
	case "from", "to":
		_, err := law.ParseDay(value)
		return err == nil
	case "sort":
		return is("best", "new")
	}
	return false
}
