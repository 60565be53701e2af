package web

import (
	"net/http"
	"net/url"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// precedentRow is a settled matter of one kind, as the page of an open one shows it.
type precedentRow struct {
	title, href, line string
	answers           []precedentAnswer
	bases             []string
	apart             ui.Link // says that it is not of one kind; empty for who may not say so
}

type precedentAnswer struct {
	demand, outcome string
	light           ui.Light
}

// kindPart is what a matter's page says of others of its kind: precedents while it is open, how many open ones there are once it is settled.
type kindPart struct {
	precedents []precedentRow
	open       int
	apart      int // that a person said are not
	href       string
}

// kindLink leads to others of a matter's kind, which take looking for: the page loads them behind itself. It is empty where there are none to be found.
func kindLink(t *i18n.Speaker, m *matter.Matter) ui.Link {
	switch {
	case m.Sealed:
		return ui.Link{}
	case usecase.Settled(m):
		return ui.Link{Text: t.T("kin.see.open"), Href: kinPath(m.Ref)}
	case m.Open():
		return ui.Link{Text: t.T("kin.see.settled"), Href: kinPath(m.Ref)}
	}
	return ui.Link{}
}

func kinPath(ref matter.Ref) string { return matterPath(ref) + "/kin" }

func notKinPath(ref, other matter.Ref) string { return kinPath(ref) + "/" + other.String() }

// notKinLink leads to where a person says that a matter is not of one kind with another.
func notKinLink(t *i18n.Speaker, who org.Actor, ref, other matter.Ref) ui.Link {
	if !usecase.MayNotKin(who) {
		return ui.Link{}
	}
	return ui.Link{Text: t.T("kin.not"), Href: notKinPath(ref, other)}
}

func newPrecedentRow(t *i18n.Speaker, who org.Actor, ref matter.Ref, p usecase.Precedent) precedentRow {
	row := precedentRow{title: p.Title, href: matterPath(p.Ref), bases: p.Bases, apart: notKinLink(t, who, ref, p.Ref)}
	facts := []string{p.Ref.String()}
	if p.Days >= 0 {
		facts = append(facts, t.T("precedent.days", "n", p.Days))
	}
	if p.Satisfied {
		facts = append(facts, t.T("precedent.satisfied"))
	}
	if !p.Current {
		facts = append(facts, t.T("precedent.earlier"))
	}
	row.line = strings.Join(facts, " · ")
	for _, a := range p.Answers {
		row.answers = append(row.answers, precedentAnswer{demand: a.Demand, outcome: t.T("outcome." + string(a.Outcome)), light: outcomeLight(a.Outcome)})
	}
	return row
}

// kinView is the page of the matters of one kind with a matter: settled ones with an open one, open ones with a settled one.
type kinView struct {
	ref         matter.Ref
	title, head string
	open        bool
	settled     bool
	precedents  []precedentRow
	rows        []ui.WorkRow
	apart       []apartRow
}

// apartRow is a matter of which a person said that it is not of one kind.
type apartRow struct {
	title, href, said, reason string
	back                      string // where that is taken back; empty for who may not
	named                     string // the button, for those who hear it
}

// kin lists the matters of one kind with a matter; the matter's page asks for them in short.
func (s *Site) kin(w http.ResponseWriter, r *http.Request, v *visit) error {
	m, err := s.load(r, v)
	if err != nil {
		return err
	}
	ref := m.Matter.Ref
	p := kinView{ref: ref, title: m.Matter.Title(), head: v.t.T("kin.settled"), open: m.Matter.Open(), settled: usecase.Settled(m.Matter)}
	if p.settled {
		p.head = v.t.T("kin.unsettled")
		found, err := s.Office.Kin(r.Context(), v.who, ref)
		if err != nil {
			return err
		}
		for _, k := range found {
			row := s.workRow(v.t, k.RowView, m.Today)
			row.Act = notKinLink(v.t, v.who, ref, k.Ref)
			p.rows = append(p.rows, row)
		}
	} else {
		found, err := s.Office.Precedents(r.Context(), v.who, ref)
		if err != nil {
			return err
		}
		for _, x := range found {
			p.precedents = append(p.precedents, newPrecedentRow(v.t, v.who, ref, x))
		}
	}
	apart, err := s.Office.NotKin(r.Context(), v.who, ref)
	if err != nil {
		return err
	}
	if r.URL.Query().Has("part") {
		return s.show(w, r, http.StatusOK, kindSheet(v.t, kindPart{precedents: p.precedents, open: len(p.rows), apart: len(apart), href: kinPath(ref)}))
	}
	for _, x := range apart {
		p.apart = append(p.apart, newApartRow(v.t, v.who, ref, x))
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, p.head, "/desk", kinPage(v.t, p),
		ui.Link{Text: v.t.T("nav.desk"), Href: "/desk"}, ui.Link{Text: ref.String(), Href: matterPath(ref)}, ui.Link{Text: p.head}))
}

func newApartRow(t *i18n.Speaker, who org.Actor, ref matter.Ref, x usecase.NotKin) apartRow {
	row := apartRow{
		title: x.Title, href: matterPath(x.Ref), reason: x.Reason, named: t.T("kin.back.of", "ref", x.Ref.String()),
		said: t.T("kin.said", "ref", x.Ref.String(), "unit", unitName(t, x.At), "person", x.Person, "at", t.Instant(x.AtUS)),
	}
	if usecase.MayNotKin(who) {
		row.back = notKinPath(ref, x.Ref)
	}
	return row
}

// notKinView is the form by which a matter is said not to be of one kind with another.
type notKinView struct {
	form                    ui.Form
	action, back, backOther string
	number, title           string
	otherNumber, otherTitle string
	refused                 string
}

func (s *Site) notKinForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.showNotKin(w, r, v, http.StatusOK, nil, nil)
}

func (s *Site) showNotKin(w http.ResponseWriter, r *http.Request, v *visit, status int, values url.Values, wrong error) error {
	m, err := s.load(r, v)
	if err != nil {
		return err
	}
	other, err := s.otherOf(r, v)
	if err != nil {
		return err
	}
	ref, title := m.Matter.Ref, v.t.T("kin.not")
	p := notKinView{
		form: ui.NewForm(v.t, values, wrong), action: notKinPath(ref, other.Matter.Ref), back: matterPath(ref), backOther: matterPath(other.Matter.Ref),
		number: ref.String(), title: m.Matter.Title(), otherNumber: other.Matter.Ref.String(), otherTitle: other.Matter.Title(),
	}
	if wrong != nil && errs.KindOf(wrong) != errs.Invalid {
		p.refused = v.t.Err(wrong)
	}
	return s.show(w, r, status, s.staffPage(r, v, title, "/desk", notKinPage(v.t, p),
		ui.Link{Text: v.t.T("nav.desk"), Href: "/desk"}, ui.Link{Text: p.number, Href: p.back}, ui.Link{Text: title}))
}

// otherOf is the other matter that a path names, as the visitor may see it.
func (s *Site) otherOf(r *http.Request, v *visit) (usecase.MatterView, error) {
	other, err := matter.ParseRef(r.PathValue("other"))
	if err != nil {
		return usecase.MatterView{}, errs.E(errs.NotFound, "matter.not_found")
	}
	return s.Office.Matter(r.Context(), v.who, other)
}

// notKin says that a matter is not of one kind with another, or takes it back.
func (s *Site) notKin(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	other, err := s.otherOf(r, v)
	if err != nil {
		return err
	}
	code := "kin.apart"
	if values.Get("do") == "back" {
		code, err = "kin.back", s.Office.TakeBackNotKin(r.Context(), v.who, ref, other.Matter.Ref)
	} else {
		err = s.Office.SayNotKin(r.Context(), v.who, ref, other.Matter.Ref, values.Get("reason"))
	}
	switch {
	case err == nil:
		return s.done(w, r, kinPath(ref), code, map[string]string{"ref": other.Matter.Ref.String()})
	case formError(err) || errs.KindOf(err) == errs.Conflict && code == "kin.apart":
		return s.showNotKin(w, r, v, httpx.Status(errs.KindOf(err)), values, err)
	default:
		return err
	}
}
