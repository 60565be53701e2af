package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/web/ui"
)

// filePage is one step of the form as it is shown.
type filePage struct {
	form     ui.Form
	step     step
	draft    *filing
	saved    bool       // there is something to come back to
	sms      bool       // the office can send text messages
	mail     bool       // and e-mail
	receiver org.Unit   // who would receive it; zero while that is open
	place    placeField // on the step that asks where
	accused  unitField
	// On the last step:
	told    string // full name of the place
	units   []org.Unit
	persons int // for how many people it speaks
}

// fileStart leads to the first step, or asks what to do with a form that was begun here before.
func (s *Site) fileStart(w http.ResponseWriter, r *http.Request, v *visit) error {
	token, d, err := s.draft(r)
	if err != nil {
		return err
	}
	if token == "" {
		to := stepWho.path()
		if kind := r.URL.Query().Get("kind"); kind != "" {
			to += "?kind=" + url.QueryEscape(kind)
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("nav.file"), "/file", fileBegun(v.t, d)))
}

// fileNew forgets what was begun here and starts anew, or only forgets it.
func (s *Site) fileNew(w http.ResponseWriter, r *http.Request, _ *visit) error {
	token, _, err := s.draft(r)
	if err != nil {
		return err
	}
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	if err := s.drop(w, r, token); err != nil {
		return err
	}
	if form.Get("do") == "forget" {
		return s.done(w, r, "/", "citizen.draft.gone", nil)
	}
	http.Redirect(w, r, stepWho.path(), http.StatusSeeOther)
	return nil
}

// at reads which step is asked for and the form it belongs to. Every step but the first needs a form that was begun. Without a step and
// without an error the reader was led elsewhere.
func (s *Site) at(w http.ResponseWriter, r *http.Request) (p step, token string, d *filing, err error) {
	p = step(r.PathValue("step"))
	if p.index() < 0 {
		return "", "", nil, errs.E(errs.NotFound, "page.not_found")
	}
	token, d, err = s.draft(r)
	switch {
	case err != nil:
		return "", "", nil, err
	case d.Receipt != nil:
		http.Redirect(w, r, "/receipt", http.StatusSeeOther)
		return "", "", nil, nil
	case token == "" && p != stepWho:
		http.Redirect(w, r, stepWho.path(), http.StatusSeeOther)
		return "", "", nil, nil
	}
	return p, token, d, nil
}

func (s *Site) fileStep(w http.ResponseWriter, r *http.Request, v *visit) error {
	p, token, d, err := s.at(w, r)
	if err != nil || p == "" {
		return err
	}
	if kind := r.URL.Query().Get("kind"); token == "" && kind != "" {
		d.take(stepWho, map[string][]string{"kind": {kind}})
	}
	var faults error
	if p == stepReview {
		faults = errs.Fields(s.faults(d, p))
	}
	return s.showStep(w, r, v, http.StatusOK, p, token, d, faults)
}

// showStep shows a step with what is wrong on it.
func (s *Site) showStep(w http.ResponseWriter, r *http.Request, v *visit, status int, p step, token string, d *filing, faults error) error {
	page := filePage{form: ui.NewForm(v.t, d.form(), faults), step: p, draft: d, saved: token != ""}
	page.receiver = s.receiver(d)
	page.sms, page.mail = s.Office.NoticeWays()
	find := r.URL.Query().Get("find")
	var body templ.Component
	switch p {
	case stepWho:
		body = fileWho(v.t, page)
	case stepWhat:
		var err error
		if page.place, err = s.placeField(v.t, d, find); err != nil {
			return err
		}
		page.accused = s.unitField(v.t, d, find)
		body = fileWhat(v.t, page)
	case stepDemands:
		body = fileDemands(v.t, page)
	case stepMaterials:
		body = fileMaterials(v.t, page)
	case stepReview:
		page.told = s.fullPlaceName(v.t, d.place())
		page.units = s.unitsOf(d.accused())
		in, _ := d.intake()
		page.persons = in.Clean().Persons
		body = fileReview(v.t, page)
	}
	return s.show(w, r, status, s.citizen(r, v, v.t.T("citizen.step."+string(p)), "/file", body))
}

func (s *Site) unitsOf(ids []org.UnitID) []org.Unit {
	var out []org.Unit
	for _, id := range ids {
		if u, ok := s.Office.Chart().Unit(id); ok {
			out = append(out, u)
		}
	}
	return out
}

// fileSave keeps what a step's form holds, whatever button was pressed, and then does what the button says.
func (s *Site) fileSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	form, err := s.postedFiles(w, r)
	if err != nil {
		return err
	}
	defer form.drop()
	p, token, d, err := s.at(w, r)
	if err != nil || p == "" {
		return err
	}
	do := form.Get("do")
	d.take(p, form.Values)
	if p == stepWho {
		d.Values.Set(wishLang, string(v.t.Lang()))
	}
	var faults []errs.Field
	if p == stepMaterials {
		if faults, err = s.takeFiles(r, d, form, do); err != nil {
			return err
		}
	}
	if err := s.edit(d, p, do); err != nil {
		return err
	}
	moved, err := s.settle(r.Context(), d)
	if err != nil {
		return err
	}
	to := s.next(d, p, do)
	sends := to == "" && p == stepReview // with nothing on it to keep: the receipt of a first click may be there by now
	if !sends || moved {
		if token, err = s.keep(w, r, token, d); err != nil {
			return err
		}
	}
	if sends {
		return s.send(w, r, v, token, d)
	}
	if to == "" {
		faults = append(faults, s.faults(d, p)...)
		to = steps()[p.index()+1].path()
	}
	if err := errs.Fields(faults); err != nil {
		return s.showStep(w, r, v, http.StatusUnprocessableEntity, p, token, d, err)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// edit carries out the buttons that change the form itself.
func (s *Site) edit(d *filing, p step, do string) error {
	switch {
	case p == stepWho:
		if !d.people().changePeople(do) {
			d.people().compactPeople()
		}
	case p == stepDemands && do == "add":
		if rows := d.demands(); len(rows) < matter.MaxItems {
			d.Values["demands"] = append(rows, "")
		}
	case p == stepDemands && strings.HasPrefix(do, "remove-"):
		rows := d.demands()
		if n, err := strconv.Atoi(strings.TrimPrefix(do, "remove-")); err == nil && n >= 1 && n <= len(rows) {
			d.Values["demands"] = append(rows[:n-1:n-1], rows[n:]...)
		}
	case p == stepDemands:
		d.compact()
	case p == stepWhat && do == "step-place":
		s.stepPlace(d)
	case p == stepWhat && do == "find-place":
		d.Values.Del("place")
	case p == stepWhat && strings.HasPrefix(do, "remove-unit-"):
		gone := strings.TrimPrefix(do, "remove-unit-")
		var left []string
		for _, id := range d.Values["accused"] {
			if id != gone {
				left = append(left, id)
			}
		}
		d.Values["accused"] = left
	}
	return nil
}

// next is where a button leads without a check of the fields; empty for the main button, which checks first.
func (s *Site) next(d *filing, p step, do string) string {
	switch {
	case do == "back":
		return steps()[max(0, p.index()-1)].path()
	case do == "draft":
		return "/file/saved"
	case do == "find-place", do == "find-unit":
		return p.path() + "?find=" + strings.TrimPrefix(do, "find-") + "#" + ui.ID(map[string]string{"find-place": "place", "find-unit": "accused"}[do])
	case do == "step-place":
		return p.path() + "?find=steps#" + ui.ID("place")
	case do == addPerson:
		return p.path() + "#" + ui.ID(personName(d.people().peopleCount()-1, "name"))
	case strings.HasPrefix(do, removePerson):
		return p.path() + "#together"
	case do == "add":
		return p.path() + "#" + ui.ID("demands."+strconv.Itoa(len(d.demands())-1))
	case strings.HasPrefix(do, "remove-unit-"), do == "add-unit":
		return p.path() + "#" + ui.ID("accused")
	case strings.HasPrefix(do, "remove-"):
		return p.path() + "#demands"
	case strings.HasPrefix(do, "drop-"), do == "upload":
		if p == stepMaterials {
			return p.path()
		}
	}
	return ""
}

// send files the form once, however often the button is pressed, and leaves the receipt in the form's place.
func (s *Site) send(w http.ResponseWriter, r *http.Request, v *visit, token string, d *filing) error {
	if err := errs.Fields(s.faults(d, stepReview)); err != nil {
		return s.showStep(w, r, v, http.StatusUnprocessableEntity, stepReview, token, d, err)
	}
	if err := s.Attempts.File(s.Proxies.ClientAddr(r)); err != nil {
		return err
	}
	in, _ := d.intake() // faults has read it before
	receipt, err := s.Office.Register(r.Context(), org.Actor{}, in, "file/"+d.Key)
	if formError(err) {
		return s.showStep(w, r, v, http.StatusUnprocessableEntity, stepReview, token, d, err)
	}
	if err != nil {
		return err
	}
	if _, err := s.keep(w, r, token, &filing{Key: d.Key, Receipt: &receipt, SentUS: s.Office.Now()}); err != nil {
		return err
	}
	http.Redirect(w, r, "/receipt", http.StatusSeeOther)
	return nil
}

// fileSaved tells how to come back to a form that was saved.
func (s *Site) fileSaved(w http.ResponseWriter, r *http.Request, v *visit) error {
	token, d, err := s.draft(r)
	if err != nil {
		return err
	}
	if token == "" || d.Receipt != nil {
		http.Redirect(w, r, "/file", http.StatusSeeOther)
		return nil
	}
	link := s.origin(r) + "/file/resume/" + token
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("citizen.draft.saved"), "/file", fileKept(v.t, link)))
}

// fileResume asks before it continues a form: following a link alone must change nothing.
func (s *Site) fileResume(w http.ResponseWriter, r *http.Request, v *visit) error {
	var d filing
	saved, err := s.Office.LoadDraft(r.Context(), r.PathValue("token"), &d)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("citizen.draft.resume"), "/file", fileResumePage(v.t, r.PathValue("token"), v.t.Instant(saved))))
}

// fileResumed continues a form under a new token. The link has done its work: whoever else holds it cannot read what is typed from now on,
// so a link that somebody was lured to follow shows its maker nothing.
func (s *Site) fileResumed(w http.ResponseWriter, r *http.Request, _ *visit) error {
	var d filing
	old := r.PathValue("token")
	if _, err := s.Office.LoadDraft(r.Context(), old, &d); err != nil {
		return err
	}
	token, err := s.Office.SaveDraft(r.Context(), "", &d)
	if err != nil {
		return err
	}
	if err := s.Office.DropDraft(r.Context(), old); err != nil {
		return err
	}
	s.setDraft(w, r, token, draftFor)
	if d.Receipt != nil {
		http.Redirect(w, r, "/receipt", http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, stepWho.path(), http.StatusSeeOther)
	return nil
}

// origin is this site's address as the reader sees it.
func (s *Site) origin(r *http.Request) string {
	if s.Proxies.HTTPS(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
