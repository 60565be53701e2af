package web

import (
	"net/http"
	"net/url"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// savedAt is where searches are kept under a name.
const savedAt = findAt + "/saved"

func savedPath(id int64) string { return savedAt + "/" + strconv.FormatInt(id, 10) }

// savedLink is a kept search in a list.
type savedLink struct {
	name   string
	href   string
	change string // where it is changed; empty for who may not
	shared bool
}

// savedLinks are the searches that the reader keeps and those that the unit shares.
func (s *Site) savedLinks(r *http.Request, v *visit) ([]savedLink, error) {
	found, err := s.Office.SavedSearches(r.Context(), v.who)
	var out []savedLink
	for _, f := range found {
		l := savedLink{name: f.Name, href: findAt + "?" + f.Query, shared: f.Shared}
		if f.MayChange {
			l.change = savedPath(f.ID)
		}
		out = append(out, l)
	}
	return out, err
}

// savedView is the page on which a search is kept, or changed.
type savedView struct {
	form   ui.Form
	title  string
	action string
	what   string // words and conditions, as people say them
	href   string // the search itself
	unit   string // with which it can be shared
	drop   bool
}

// savedNew asks for the name of the search in the address.
func (s *Site) savedNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	a, wrong := s.findIn(v.t, r.URL.Query())
	if fits := wrong == nil && (!a.search.Words.Empty() || a.narrowed()); !fits { // the search says what is wrong
		http.Redirect(w, r, a.href(), http.StatusSeeOther)
		return nil
	}
	return s.showSaved(w, r, v, http.StatusOK, usecase.SavedSearch{Own: true}, url.Values{"query": {a.query()}}, nil)
}

// savedForm shows a search to who may change it.
func (s *Site) savedForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	saved, err := s.savedIn(r, v)
	if err != nil {
		return err
	}
	if !saved.MayChange {
		return errs.E(errs.Forbidden, "saved.not_yours")
	}
	values := url.Values{"name": {saved.Name}, "query": {saved.Query}}
	if saved.Shared {
		values.Set("shared", "yes")
	}
	return s.showSaved(w, r, v, http.StatusOK, saved, values, nil)
}

// savedIn is the search that a path names.
func (s *Site) savedIn(r *http.Request, v *visit) (usecase.SavedSearch, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return usecase.SavedSearch{}, errs.E(errs.NotFound, "saved.not_found")
	}
	return s.Office.SavedSearch(r.Context(), v.who, id)
}

// saveNew keeps a search.
func (s *Site) saveNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.save(w, r, v, usecase.SavedSearch{Own: true})
}

// saveChanged changes a search, or deletes it.
func (s *Site) saveChanged(w http.ResponseWriter, r *http.Request, v *visit) error {
	saved, err := s.savedIn(r, v)
	if err != nil {
		return err
	}
	return s.save(w, r, v, saved)
}

func (s *Site) save(w http.ResponseWriter, r *http.Request, v *visit, saved usecase.SavedSearch) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	if values.Get("do") == "drop" && saved.ID != 0 {
		if err := s.Office.DropSearch(r.Context(), v.who, saved.ID); err != nil {
			return err
		}
		return s.done(w, r, findAt, "saved.dropped", map[string]string{"name": saved.Name})
	}
	next := saved
	next.Name, next.Query, next.Shared = values.Get("name"), values.Get("query"), values.Get("shared") == "yes"
	_, err = s.Office.SaveSearch(r.Context(), v.who, next)
	switch {
	case err == nil:
		return s.done(w, r, findAt+"?"+next.Query, "saved.done", map[string]string{"name": next.Name})
	case formError(err):
		return s.showSaved(w, r, v, httpx.Status(errs.KindOf(err)), saved, values, err)
	default:
		return err
	}
}

// showSaved shows the page of a search with what was typed.
func (s *Site) showSaved(w http.ResponseWriter, r *http.Request, v *visit, status int, saved usecase.SavedSearch, values url.Values, wrong error) error {
	t := v.t
	address, err := url.ParseQuery(values.Get("query"))
	if err != nil {
		return errs.E(errs.Invalid, "form.unreadable")
	}
	a, unclear := s.findIn(t, address)
	p := savedView{
		form: ui.NewForm(t, values, wrong), title: t.T("saved.new"), action: savedAt, href: a.href(), what: s.searchWords(v, a, unclear), unit: s.unitShared(t, v.who),
	}
	if saved.ID != 0 {
		p.title, p.action, p.drop = t.T("saved.change"), savedPath(saved.ID), true
	}
	p.form.Focus = "name"
	return s.show(w, r, status, s.staffPage(r, v, p.title, findAt, savedPage(t, p), ui.Link{Text: t.T("nav.find"), Href: findAt}, ui.Link{Text: p.title}))
}

// searchWords says what a search looks for.
func (s *Site) searchWords(v *visit, a findAsk, wrong error) string {
	said := s.findConditions(v.t, a, s.findForm(v, a, wrong))
	if words := a.search.Words.Text; words != "" {
		said = append([]string{words}, said...)
	}
	return v.t.List(said)
}

// unitShared is the name of the unit with which a duty shares.
func (s *Site) unitShared(t *i18n.Speaker, who org.Actor) string {
	u, _ := s.Office.Chart().Unit(who.Duty.Unit)
	return unitName(t, u)
}
