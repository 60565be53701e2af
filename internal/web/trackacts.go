package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// citizenActs are the steps that a petitioner takes on these pages, the one that is asked for most first.
func citizenActs() []matter.Act {
	return []matter.Act{
		matter.ActReceive,
		matter.ActRate, matter.ActConfirm, matter.ActRequestReview, matter.ActRequestReReview, matter.ActAddMaterial, matter.ActAddDemand, matter.ActConfirmDemands, matter.ActUrge,
		matter.ActAskRecusal, matter.ActWithdrawReview, matter.ActWithdraw,
	}
}

// citizenAct returns an empty command of one of these steps.
func citizenAct(a matter.Act) (matter.Command, bool) {
	if !slices.Contains(citizenActs(), a) {
		return nil, false
	}
	return matter.NewCommand(a)
}

// actButton leads to the page of a step. To withdraw is never the main one.
func actButton(t *i18n.Speaker, a matter.Act, first bool) ui.ButtonProps {
	b := ui.ButtonProps{Text: t.T("act." + string(a) + ".name"), Href: actHref(a)}
	switch {
	case a == matter.ActWithdraw, a == matter.ActWithdrawReview:
		b.Look = ui.Danger
	case first:
		b.Look = ui.Main
	}
	return b
}

func actHref(a matter.Act) string { return "/my/act/" + string(a) }

// ownAct is the page of one step.
type ownAct struct {
	act     matter.Act
	form    ui.Form
	fields  []ui.FieldProps
	version string
	changed bool // the matter went on while the form was being filled in
	view    usecase.TrackView
	units   [2]org.Unit // who took it in, who handles it: those who are rated
	// opinions are the documents of which receipt is to be confirmed.
	opinions []paperRow
}

// citizenFields are the fields of a step, in the order of the page. Files are handed in under a name of their own.
func citizenFields(t *i18n.Speaker, c matter.Command, view usecase.TrackView) []ui.FieldProps {
	var out []ui.FieldProps
	for _, in := range matter.Inputs(c) {
		if in.Staff {
			continue
		}
		if in.Kind == "files" {
			out = append(out, fileFields(t)[0])
			continue
		}
		field := actField(t, c.Act(), in)
		if in.Kind == "superior" {
			field = organField(field, view.Organs[c.Act()])
		}
		out = append(out, field)
	}
	return out
}

func (s *Site) actPage(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	c, err := s.offered(r, view)
	if errs.KindOf(err) == errs.Refused || errs.KindOf(err) == errs.Conflict {
		return s.showNotNow(w, r, v, matter.Act(r.PathValue("act")), err)
	}
	if err != nil {
		return err
	}
	values := url.Values{}
	chooseOrgan(values, view.Organs[c.Act()])
	return s.showOwnAct(w, r, v, http.StatusOK, ownAct{act: c.Act(), form: ui.NewForm(v.t, values, nil), fields: citizenFields(v.t, c, view), view: view})
}

// choices are what a field lets the petitioner choose from: the next higher organs, or the words of an enumeration.
func (p ownAct) choices(t *i18n.Speaker, field string) []ui.Option {
	if field == "of" {
		return options(t.T, "recusal_of", matter.Choices("recusal_of")...)
	}
	return organOptions(t, p.view.Organs[p.act])
}

// files reports whether a step takes files.
func (p ownAct) files() bool {
	return slices.ContainsFunc(p.fields, func(f ui.FieldProps) bool { return f.Name == "files" })
}

// offered is the command of the step that the path names, or why it cannot be taken now.
func (s *Site) offered(r *http.Request, view usecase.TrackView) (matter.Command, error) {
	c, known := citizenAct(matter.Act(r.PathValue("act")))
	if !known {
		return nil, errs.E(errs.NotFound, "page.not_found")
	}
	if i := slices.IndexFunc(view.Not, func(o matter.Offer) bool { return o.Act == c.Act() }); i >= 0 {
		return nil, view.Not[i].Refusal
	}
	return c, nil
}

// showNotNow says why a step cannot be taken now, and leads back to the matter.
func (s *Site) showNotNow(w http.ResponseWriter, r *http.Request, v *visit, act matter.Act, why error) error {
	state := ui.StateProps{
		Kind: ui.Forbidden, ID: "state", Title: v.t.T("citizen.not_now", "act", v.t.T("act."+string(act)+".name")), Text: v.t.Err(why), Alone: true,
		Actions: []ui.ButtonProps{{Text: v.t.T("citizen.back_to_matter"), Href: "/my", Look: ui.Main}},
	}
	return s.show(w, r, httpx.Status(errs.KindOf(why)), s.citizen(r, v, state.Title, "/track", ui.StatePage(v.t, state)))
}

func (s *Site) showOwnAct(w http.ResponseWriter, r *http.Request, v *visit, status int, p ownAct) error {
	p.version = strconv.Itoa(p.view.Matter.Version)
	p.units = [2]org.Unit{p.view.Names.Units[p.view.Submission.Unit], p.view.Names.Units[p.view.Matter.Holder()]}
	if p.act == matter.ActReceive {
		papers, err := s.Office.OwnPapers(r.Context(), v.who)
		if err != nil {
			return err
		}
		p.opinions = unservedRows(v.t, papers)
	}
	var body templ.Component
	switch p.act {
	case matter.ActReceive:
		body = receiveBody(v.t, p)
	case matter.ActRate:
		body = rateBody(v.t, p)
	case matter.ActConfirm:
		body = confirmBody(v.t, p)
	case matter.ActConfirmDemands:
		body = demandsBody(v.t, p)
	case matter.ActWithdraw:
		body = withdrawBody(v.t, p)
	default:
		body = actBody(v.t, p)
	}
	return s.show(w, r, status, s.citizen(r, v, v.t.T("act."+string(p.act)+".name"), "/track", body))
}

// actDo takes a step for the petitioner. The version that the page showed is the key as well: the same form sent twice counts once, and one
// that is sent after the matter went on is shown again with all that was typed.
func (s *Site) actDo(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	sent, err := s.postedFiles(w, r)
	if err != nil {
		return err
	}
	defer sent.drop()
	form := sent.Values
	act := matter.Act(r.PathValue("act"))
	c, known := citizenAct(act)
	if !known {
		return errs.E(errs.NotFound, "page.not_found")
	}
	version, err := strconv.Atoi(form.Get("version"))
	if err != nil || version < 1 {
		return errs.E(errs.Invalid, "form.unreadable")
	}
	p := ownAct{act: act, fields: citizenFields(v.t, c, view), view: view}
	gone, drop := strings.CutPrefix(form.Get("do"), "remove-")
	if drop {
		dropFile(form, gone)
	}
	files := s.takeStaffFiles(r, v, view.Matter.Ref.Home, sent)
	if files != nil && !formError(files) {
		return files
	}
	err = errs.Fields(slices.Concat(fieldsIn(files), fill(c, form), answered(act, form)))
	if err == nil && drop {
		p.form = ui.NewForm(v.t, form, nil)
		return s.showOwnAct(w, r, v, http.StatusOK, p)
	}
	if err == nil {
		key := "my/" + view.Submission.Ref.String() + "/" + string(act) + "/" + strconv.Itoa(version)
		_, err = s.Office.DoOnce(r.Context(), v.who, view.Matter.Ref, version, c, key)
	}
	switch {
	case err == nil:
		return s.done(w, r, "/my", "act."+string(act)+".done", nil)
	case formError(err):
		p.form = ui.NewForm(v.t, form, err)
		return s.showOwnAct(w, r, v, http.StatusUnprocessableEntity, p)
	case errs.KindOf(err) == errs.Conflict:
		if p.view, err = s.Office.Track(r.Context(), v.who); err != nil {
			return err
		}
		p.form, p.changed = ui.NewForm(v.t, form, nil), true
		return s.showOwnAct(w, r, v, http.StatusConflict, p)
	case errs.KindOf(err) == errs.Refused:
		return s.showNotNow(w, r, v, act, err)
	}
	return err
}

// answered wants a yes or a no where the command would take silence for a no.
func answered(act matter.Act, form url.Values) []errs.Field {
	if r := form.Get("resolved"); act == matter.ActConfirm && r != "yes" && r != "no" {
		return []errs.Field{errs.F("resolved", "field.choice")}
	}
	return nil
}
