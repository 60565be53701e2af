package web

import (
	"net/http"
	"net/url"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

func (s *Site) track(w http.ResponseWriter, r *http.Request, v *visit) error {
	form := ui.Form{Values: url.Values{"code": {usecase.FormatCode(r.URL.Query().Get("code"))}}}
	return s.showTrack(w, r, v, http.StatusOK, form, "")
}

// showTrack shows the door for code and PIN. Note is what the reader is told before; empty for nothing.
func (s *Site) showTrack(w http.ResponseWriter, r *http.Request, v *visit, status int, form ui.Form, note string) error {
	return s.show(w, r, status, s.citizen(r, v, v.t.T("nav.track"), "/track", trackBody(v.t, form, v.who.Kind == org.ActorPetitioner, note)))
}

// trackOpen opens a matter by code and PIN. Whether a code exists cannot be learnt: a code that nobody has and a wrong PIN are counted,
// take as long and are answered the same. Only a slip of the pen, which the code itself shows, is told apart.
func (s *Site) trackOpen(w http.ResponseWriter, r *http.Request, v *visit) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	who, err := s.openByCode(r, form)
	switch k := errs.KindOf(err); {
	case err == nil:
	case formError(err):
		return s.showTrack(w, r, v, http.StatusUnprocessableEntity, ui.NewForm(v.t, form, err), "")
	case k == errs.Unauthenticated:
		wrong := errs.Fields([]errs.Field{errs.F("pin", "citizen.code.wrong")})
		return s.showTrack(w, r, v, http.StatusUnprocessableEntity, ui.NewForm(v.t, form, wrong), "")
	default:
		return err
	}
	if err := s.Sessions.PutCitizen(r.Context(), httpx.Citizen{Home: who.Home, SubmissionID: who.Submission}); err != nil {
		return err
	}
	http.Redirect(w, r, "/my", http.StatusSeeOther)
	return nil
}

func (s *Site) openByCode(r *http.Request, form url.Values) (org.Actor, error) {
	var fields []errs.Field
	code, err := usecase.ParseCode(form.Get("code"))
	switch {
	case form.Get("code") == "":
		fields = append(fields, errs.F("code", "field.required"))
	case err != nil:
		fields = append(fields, errs.F("code", "code.mistyped"))
	}
	if form.Get("pin") == "" {
		fields = append(fields, errs.F("pin", "field.required"))
	}
	if err := errs.Fields(fields); err != nil {
		return org.Actor{}, err
	}
	return s.tryPIN(r, code, form.Get("pin"))
}

// tryPIN counts an attempt on a code, from wherever that is known, and opens its submission if the PIN is right.
func (s *Site) tryPIN(r *http.Request, code, pin string) (org.Actor, error) {
	if err := s.Attempts.Open(code, s.Proxies.ClientAddr(r)); err != nil {
		return org.Actor{}, err
	}
	who, err := s.Office.OpenByCode(r.Context(), code, pin)
	if err == nil {
		s.Attempts.Opened(code)
	}
	return who, err
}

// trackClose closes the matter that is open, and the token of the session with it.
func (s *Site) trackClose(w http.ResponseWriter, r *http.Request, _ *visit) error {
	s.Sessions.CloseCitizen(r.Context())
	if err := s.Sessions.Renew(r.Context()); err != nil {
		return err
	}
	return s.done(w, r, "/", "citizen.closed", nil)
}

// myPage is a matter as its petitioner sees it.
type myPage struct {
	usecase.TrackView
	clock    *ui.ClockProps
	moments  []ui.Moment
	demands  []ui.DemandProps
	holder   org.Unit
	receiver org.Unit
	handler  string
	turn     string
	now      []ui.ButtonProps
	not      []ui.Refusal
	check    string
	remedies []remedyPart
	reviews  []ownReview
	state    string
	papers   []paperRow
}

func (s *Site) my(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	p, err := s.myPage(v.t, view)
	if err != nil {
		return err
	}
	papers, err := s.Office.OwnPapers(r.Context(), v.who)
	if err != nil {
		return err
	}
	p.papers = ownPaperRows(v.t, papers)
	return s.show(w, r, http.StatusOK, s.citizen(r, v, view.Submission.Title, "/track", myBody(v.t, p)))
}

func (s *Site) myPage(t *i18n.Speaker, view usecase.TrackView) (myPage, error) {
	p := myPage{TrackView: view, moments: s.toldMoments(t, view), demands: demandCards(t, view)}
	p.state, p.reviews = t.T("state."+string(view.Matter.StageFor(view.Submission.Ref))), ownReviews(t, view)
	if view.Matter.IsWithdrawn(view.Submission.Ref) {
		p.state = t.T("state." + string(matter.StateWithdrawn))
	}
	var err error
	if p.remedies, err = s.remedyParts(t, view.Matter, view.Today, view.Remedies, true); err != nil {
		return myPage{}, err
	}
	p.holder = view.Names.Units[view.Matter.Holder()]
	p.receiver = view.Names.Units[view.Submission.Unit]
	p.handler = view.Names.People[view.Matter.Handler]
	p.turn = turnWords(t, view)
	p.check = "/proof?number=" + view.Submission.Ref.String() + "&link=" + view.Proof.Link
	if view.Clock != nil {
		if p.clock, err = s.ownClock(t, view.Matter, view.Today, *view.Clock); err != nil {
			return myPage{}, err
		}
	}
	for _, a := range citizenActs() {
		if slices.ContainsFunc(view.Remedies, func(r usecase.RemedyView) bool { return r.Act == a }) {
			continue // its button stands with what is said of it
		}
		if slices.ContainsFunc(view.Now, func(o matter.Offer) bool { return o.Act == a }) {
			p.now = append(p.now, actButton(t, a, len(p.now) == 0))
		}
	}
	for _, o := range view.Not {
		if slices.Contains(citizenActs(), o.Act) {
			p.not = append(p.not, ui.Refusal{Act: t.T("act." + string(o.Act) + ".name"), Why: t.Err(o.Refusal)})
		}
	}
	return p, nil
}

// turnWords says whose move it is.
func turnWords(t *i18n.Speaker, v usecase.TrackView) string {
	if v.Matter.IsWithdrawn(v.Submission.Ref) {
		return t.T("citizen.withdrawn")
	}
	return t.T("turn.you."+v.Turn.Code, "unit", nameOf(t, v.Names, v.Turn.Unit))
}

// ownClock is a clock with the way its last day was counted.
func (s *Site) ownClock(t *i18n.Speaker, m *matter.Matter, today law.Day, c usecase.ClockView) (*ui.ClockProps, error) {
	set, err := s.Office.Book.Set(m.RuleSet)
	if err != nil {
		return nil, err
	}
	rule, err := set.Rule(c.Rule)
	if err != nil {
		return nil, err
	}
	due := law.Answer(c.Deadline, rule, t.Say)
	p := ui.ClockProps{
		Title: clockName(t, c.Clock, due.Name), Light: light(c.Light), Day: c.Legal, Left: t.Left(c.Left), Article: due.Article, Safe: law.NoDay, Provisional: c.Provision,
		Done: min(max(int(today-c.From), 0), c.Total), Total: c.Total, Why: t.T("citizen.why_day"), Open: true,
	}
	if c.Promise != 0 {
		p.Title, p.Article = t.T("remind.promise", "n", c.Promise), t.T("remind.promise.article")
	}
	if !c.Legal.Known() {
		p.Day, p.Left, p.Note = c.From, "", t.T("desk.clock.paused")
	}
	p.Steps = stepsOf(due)
	return &p, nil
}

// demandCards are the petitioner's own demands with what came of them.
func demandCards(t *i18n.Speaker, v usecase.TrackView) []ui.DemandProps {
	out := make([]ui.DemandProps, 0, len(v.Demands))
	for _, d := range v.Demands {
		card := ui.DemandProps{N: d.N, Words: d.Text}
		if a := d.Answer; a != nil {
			card.Answered, card.Result, card.ResultLight, card.Facts = true, t.T("outcome."+string(a.Outcome)), outcomeLight(a.Outcome), answerFacts(t, *a)
		} else if v.Matter.IsWithdrawn(v.Submission.Ref) {
			card.Note = t.T("citizen.demand.withdrawn")
		} else {
			card.Note = t.T("citizen.demand.silent")
		}
		out = append(out, card)
	}
	return out
}
