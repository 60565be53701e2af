package web

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// place is one entry of a navigation.
type place struct{ text, href string }

// citizen puts a citizens' page into its frame. Current is the href of the entry the page belongs to.
func (s *Site) citizen(r *http.Request, v *visit, title, current string, body templ.Component) templ.Component {
	t := v.t
	set := s.Office.Settings()
	p := s.frame(r, v, title, ui.Citizens, "/", []place{{"nav.home", "/"}, {"nav.file", "/file"}, {"nav.track", "/track"}}, current)
	p.Name = set.Name(t.Lang() == i18n.En)
	p.Large, p.LargeText = large(r)
	p.Account = append(p.Account, ui.ButtonProps{Text: t.T("nav.staff"), Href: "/desk", AsText: true})
	return framed(t, p, body)
}

// staffPage puts a staff page into its frame, with the entries that the duty in use can open.
func (s *Site) staffPage(r *http.Request, v *visit, title, current string, body templ.Component, crumbs ...ui.Link) templ.Component {
	t := v.t
	set := s.Office.Settings()
	p := s.frame(r, v, title, ui.Staff, "/desk", s.placesOf(v.who), current)
	p.Name = set.Name(t.Lang() == i18n.En)
	p.Crumbs = crumbs
	unit, _ := s.Office.Chart().Unit(v.who.Duty.Unit)
	p.Who = t.T("frame.who", "unit", unitName(t, unit), "name", v.who.Name, "role", string(v.who.Duty.Role))
	p.Account = append(p.Account, s.inboxLink(r, t, v.who),
		ui.ButtonProps{Text: t.T("nav.duty"), Href: "/desk/duty", AsText: true},
		ui.ButtonProps{Text: t.T("nav.sign_out"), Post: "/desk/sign-out", AsText: true})
	return framed(t, p, body)
}

func (s *Site) placesOf(who org.Actor) []place {
	return deskPlaces(who, s.Office.MayNotices(who, org.RoleAdmin) == nil, s.Office.MayIssues(who))
}

// deskPlaces are the entries for a duty; that of messages only for who may decide how they are sent, that of issues for who sees them.
func deskPlaces(who org.Actor, messages, issues bool) []place {
	var out []place
	if !who.Scope().Empty() {
		out = append(out, place{"nav.unit_home", homeAt}, place{"nav.desk", "/desk"}, place{"nav.find", findAt})
	}
	if issues {
		out = append(out, place{"nav.issues", issuesAt}, place{"nav.reports", reportsAt}) // those who see issues read reports
	}
	if !who.Scope().Empty() {
		out = append(out, place{"nav.figures", figuresAt})
	}
	if who.Has(org.RoleHandler, org.RoleHead, org.RoleSupervisor, org.RoleLeader) {
		out = append(out, place{"nav.assessment", assessmentAt})
	}
	if who.Has(org.RoleRegistrar, org.RoleHandler, org.RoleDiscipline) {
		out = append(out, place{"nav.register", "/desk/register"})
	}
	if who.Has(org.RoleAuditor, org.RoleLeader, org.RoleSupervisor) {
		out = append(out, place{"nav.looks", "/desk/looks"})
	}
	if who.Has(org.RoleAuditor) {
		out = append(out, place{"nav.changes", adminChangesAt})
	}
	if who.Has(org.RoleSupervisor, org.RoleLeader) {
		out = append(out, place{"nav.advice", adminAdviceAt})
	}
	if who.Has(org.RoleAdmin) {
		out = append(out, place{"nav.units", "/desk/admin/units"}, place{"nav.people", "/desk/admin/people"}, place{"nav.catalogue", "/desk/admin/catalogue"}, place{"nav.advice", adminAdviceAt}, place{"nav.templates", adminTemplatesAt},
			place{"nav.calendar", "/desk/admin/calendar"}, place{"nav.keys", "/desk/admin/keys"}, place{"nav.webhooks", adminWebhooksAt}, place{"nav.imports", adminImportsAt})
		if messages {
			out = append(out, place{"nav.messages", adminNoticesAt})
		}
		out = append(out, place{"nav.changes", adminChangesAt}, place{"nav.settings", "/desk/admin/settings"})
	}
	return out
}

// frame is what both frames share.
func (s *Site) frame(r *http.Request, v *visit, title string, audience ui.Audience, home string, nav []place, current string) ui.Page {
	t := v.t
	at := r.URL.Path
	if audience == ui.Staff && r.Method == http.MethodGet {
		at = r.URL.RequestURI() // what is asked for stays
	}
	p := ui.Page{Title: title, Audience: audience, Home: home, Language: "/language?lang=" + string(other(t.Lang())) + "&to=" + url.QueryEscape(at), Toast: s.toast(r, t)}
	for _, n := range nav {
		entry := ui.Place{Text: t.T(n.text), Href: n.href, Current: n.href == current}
		if n.href == findAt {
			entry.Key = "/"
		}
		p.Nav = append(p.Nav, entry)
	}
	set := s.Office.Settings()
	p.Foot = ui.Foot{
		Host:  set.Host(t.Lang() == i18n.En),
		Words: t.T("frame.words"),
		Check: ui.Link{Text: t.T("nav.proof"), Href: "/proof"},
		Links: []ui.Link{{Text: t.T("nav.privacy"), Href: "/privacy"}, {Text: t.T("nav.how"), Href: "/how"}},
	}
	if set.Demo {
		p.Foot.Words = t.T("frame.demo") + " " + p.Foot.Words
	}
	return p
}

// framed renders a body inside the layout.
func framed(t *i18n.Speaker, p ui.Page, body templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Layout(t, p).Render(templ.WithChildren(ctx, body), w)
	})
}

// unitName is a unit's name in the reader's language.
func unitName(t *i18n.Speaker, u org.Unit) string { return t.Either(u.Name, u.English) }

// nameOf is the name of a unit by id, from what a view brought.
func nameOf(t *i18n.Speaker, n usecase.Names, id org.UnitID) string { return unitName(t, n.Units[id]) }

// placeName is a place's own name in the reader's language.
func (s *Site) placeName(t *i18n.Speaker, p gazetteer.Place) string {
	if t.Lang() == i18n.En {
		return s.Office.Places.English(p)
	}
	return p.Name
}

// fullPlaceName is the name of a place with all that hold it, in the reader's language and in its order.
func (s *Site) fullPlaceName(t *i18n.Speaker, code int64) string {
	if t.Lang() == i18n.En {
		return s.Office.Places.FullEnglish(code)
	}
	return s.Office.Places.FullName(code)
}

// other is the language a page offers besides its own.
func other(l i18n.Lang) i18n.Lang {
	if l == i18n.Zh {
		return i18n.En
	}
	return i18n.Zh
}
