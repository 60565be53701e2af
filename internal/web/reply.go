package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// answerPart is one demand in the editor of a reply: the fields of its answer carry its place in the list.
type answerPart struct {
	at    string // "answers.0."
	n     int    // the demand's number
	words string
}

// hasAnswers reports whether a step answers the demands one by one.
func hasAnswers(c matter.Command) bool {
	for _, in := range matter.Inputs(c) {
		if in.Kind == "answers" {
			return true
		}
	}
	return false
}

// answerParts are the demands that want an answer: those of petitioners who have withdrawn do not.
func answerParts(m *matter.Matter) []answerPart {
	var out []answerPart
	for _, d := range m.Demands {
		if !m.IsWithdrawn(d.Submission) {
			out = append(out, answerPart{at: "answers." + strconv.Itoa(len(out)) + ".", n: d.N, words: d.Text})
		}
	}
	return out
}

// demandNumbers are the numbers of the demands that want an answer, in order.
func demandNumbers(m *matter.Matter) []int {
	var out []int
	for _, p := range answerParts(m) {
		out = append(out, p.n)
	}
	return out
}

// putAnswer writes an answer into a form's values.
func putAnswer(v url.Values, i int, a matter.Answer) {
	at := "answers." + strconv.Itoa(i) + "."
	v.Set(at+"demand", strconv.Itoa(a.Demand))
	v.Set(at+"outcome", string(a.Outcome))
	v.Set(at+"facts", a.Facts)
	v.Set(at+"basis", a.Basis)
	v.Set(at+"promise", a.Promise)
	if a.PromiseBy.Known() && a.PromiseBy != 0 {
		v.Set(at+"promise_by", a.PromiseBy.String())
	}
}

// fields are those of one answer, for the summary of errors.
func (p answerPart) fields(t *i18n.Speaker) []ui.FieldProps {
	var out []ui.FieldProps
	for _, name := range []string{"outcome", "facts", "basis", "promise", "promise_by"} {
		out = append(out, ui.FieldProps{Name: p.at + name, Label: t.T("desk.answer.field", "n", p.n, "field", t.T("form."+name))})
	}
	return out
}

// keptStep is a reply saved for later. It is shown again to who saved it, for the step it was begun for, and to nobody else.
type keptStep struct {
	User   org.UserID `json:"user"`
	Ref    matter.Ref `json:"ref"`
	Act    matter.Act `json:"act"`
	Values url.Values `json:"values"`
}

// keptCookie holds the token of a reply saved for later. Its path is the step's page, so that each has its own.
const keptCookie = "kept"

func (s *Site) keptToken(r *http.Request) string {
	c, err := r.Cookie(keptCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// setKept keeps a token for a month, or forgets it.
func (s *Site) setKept(w http.ResponseWriter, r *http.Request, path, token string) {
	c := &http.Cookie{Name: keptCookie, Value: token, Path: path, HttpOnly: true, Secure: s.Proxies.HTTPS(r), SameSite: http.SameSiteLaxMode, MaxAge: 30 * 24 * 3600}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// savedStep puts a reply saved for later into the values and says when it was saved; "" when there is none.
func (s *Site) savedStep(r *http.Request, v *visit, m usecase.MatterView, c matter.Command, values url.Values) (string, error) {
	token := s.keptToken(r)
	if token == "" || !hasAnswers(c) {
		return "", nil
	}
	var kept keptStep
	at, err := s.Office.LoadDraft(r.Context(), token, &kept)
	if errs.KindOf(err) == errs.NotFound {
		return "", nil
	}
	if err != nil || kept.User != v.who.User || kept.Ref != m.Matter.Ref || kept.Act != c.Act() {
		return "", err
	}
	for name, list := range kept.Values {
		if name != "version" && name != "do" {
			values[name] = list
		}
	}
	return v.t.T("desk.saved", "time", v.t.Instant(at)), nil
}

// saveStep keeps everything typed, right or wrong, and stays on the page.
func (s *Site) saveStep(w http.ResponseWriter, r *http.Request, v *visit, m usecase.MatterView, c matter.Command, values url.Values) error {
	kept := keptStep{User: v.who.User, Ref: m.Matter.Ref, Act: c.Act(), Values: values}
	token, err := s.ownToken(r, kept)
	if err != nil {
		return err
	}
	if token, err = s.Office.SaveDraft(r.Context(), token, kept); err != nil {
		return err
	}
	path := actPath(m.Matter.Ref, c.Act())
	s.setKept(w, r, path, token)
	return s.done(w, r, path, "desk.kept", nil)
}

// ownToken is the token under which this person already keeps this step, "" to begin a new one: nobody writes into what is not theirs.
func (s *Site) ownToken(r *http.Request, now keptStep) (string, error) {
	token := s.keptToken(r)
	if token == "" {
		return "", nil
	}
	var was keptStep
	_, err := s.Office.LoadDraft(r.Context(), token, &was)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return "", nil
	case err != nil:
		return "", err
	case was.User != now.User || was.Ref != now.Ref || was.Act != now.Act:
		return "", nil
	}
	return token, nil
}

// dropStep forgets what was saved for later once the step is taken.
func (s *Site) dropStep(w http.ResponseWriter, r *http.Request, m usecase.MatterView, c matter.Command) error {
	token := s.keptToken(r)
	if token == "" || !hasAnswers(c) {
		return nil
	}
	s.setKept(w, r, actPath(m.Matter.Ref, c.Act()), "")
	return s.Office.DropDraft(r.Context(), token)
}

// replyPreview is a reply as the petitioner would get it.
type replyPreview struct {
	ref     matter.Ref
	act     matter.Act
	name    string
	values  url.Values
	issuer  string
	title   string
	facts   []string
	basis   []string
	terms   []string
	answers []previewAnswer
	back    string
	check   *checkPart
}

type previewAnswer struct {
	n                            int
	words, outcome, facts, basis string
	promise                      string
}

// previewStep shows what is typed as the notice it would become. Nothing is written; the way back keeps everything.
func (s *Site) previewStep(w http.ResponseWriter, r *http.Request, v *visit, m usecase.MatterView, c matter.Command, values url.Values) error {
	t := v.t
	p := replyPreview{
		ref: m.Matter.Ref, act: c.Act(), name: t.T("act." + string(c.Act()) + ".name"), values: values, issuer: nameOf(t, m.Names, m.Matter.Holder()), title: m.Matter.Title(),
		facts: paragraphs(values.Get("facts")), basis: paragraphs(values.Get("basis")), terms: paragraphs(values.Get("terms")), back: actPath(m.Matter.Ref, c.Act()),
	}
	answers, err := answersIn(values)
	if err != nil {
		return s.showAct(w, r, v, http.StatusUnprocessableEntity, m, c, values, merge(fill(c, values), errs.Fields(c.Check())), "")
	}
	for i, part := range answerParts(m.Matter) {
		pa := previewAnswer{n: part.n, words: part.words, outcome: t.T("desk.demand.silent")}
		if i < len(answers) {
			a := answers[i]
			if a.Outcome != "" {
				pa.outcome = t.T("outcome." + string(a.Outcome))
			}
			pa.facts, pa.basis = a.Facts, a.Basis
			if a.Promise != "" && a.PromiseBy.Known() {
				pa.promise = a.Promise + " " + t.T("desk.promise.by", "day", t.PaperDay(a.PromiseBy))
			}
		}
		p.answers = append(p.answers, pa)
	}
	if canCheck(c) {
		if p.check, err = s.checked(r, v, m, c, values); err != nil {
			return err
		}
	}
	body := previewPage(t, p)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("desk.preview"), "/desk", body, ui.Link{Text: t.T("nav.desk"), Href: "/desk"}, ui.Link{Text: p.ref.String(), Href: matterPath(p.ref)}, ui.Link{Text: t.T("desk.preview")}))
}

// paragraphs are the lines of a text that hold something.
func paragraphs(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
