package web

import (
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/assess"
	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// sheetLineView is a line of a unit's sheet as words.
type sheetLineView struct {
	name, variant, targets string
	rate, sum, of          string
	sumHref, ofHref        string
	first                  string // the figure as counted, where it was corrected
	weight, carried        string
	reached, points, exact string
	left                   string // why it is left out
}

// sheetView is the page of a unit's sheet.
type sheetView struct {
	usecase.SheetView
	form     ui.Form
	refused  string
	title    string
	facts    []ui.Fact
	lines    []sheetLineView
	appeals  []appealView
	steps    []assessStep
	open     []ui.Option // lines whose appeals wait for an answer
	contests []ui.Option // lines that can still be appealed against
}

// appealView is an objection with its answer.
type appealView struct {
	line, when, iso, reason string
	answer, answered, why   string
	answeredISO             string
	upheld                  bool
}

// assessmentSheet shows the sheet of a unit.
func (s *Site) assessmentSheet(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.showSheet(w, r, v, http.StatusOK, url.Values{"line": {r.URL.Query().Get("line")}}, nil)
}

func (s *Site) showSheet(w http.ResponseWriter, r *http.Request, v *visit, status int, values url.Values, wrong error) error {
	t := v.t
	id, err := assessmentIn(r)
	if err != nil {
		return err
	}
	found, err := s.Office.AssessmentSheet(r.Context(), v.who, id, unitID(r.PathValue("unit")))
	if err != nil {
		return err
	}
	whole := assessmentTitle(t, found.AssessmentRow)
	p := sheetView{SheetView: found, form: ui.NewForm(t, values, wrong), refused: refusedWords(t, wrong), title: unitName(t, found.Sheet.Unit), steps: assessSteps(t, found.Steps), facts: sheetFacts(t, found)}
	for _, l := range found.Lines {
		name := l.Definition.NameIn(t.Lang() == i18n.En)
		p.lines = append(p.lines, newSheetLineView(t, l))
		o := ui.Option{Value: l.Indicator, Text: name}
		if l.Appeal == nil {
			p.contests = append(p.contests, o)
			continue
		}
		if l.Appeal.Answer == nil {
			p.open = append(p.open, o)
		}
		p.appeals = append(p.appeals, newAppealView(t, name, l.Appeal))
	}
	return s.show(w, r, status, s.staffPage(r, v, p.title+" · "+whole, assessmentAt, sheetPage(t, p),
		ui.Link{Text: t.T("nav.assessment"), Href: assessmentAt}, ui.Link{Text: whole, Href: assessmentPath(id)}, ui.Link{Text: p.title}))
}

func sheetFacts(t *i18n.Speaker, v usecase.SheetView) []ui.Fact {
	total := ui.Fact{Term: t.T("assess.total"), Text: assess.Points(v.Sheet.Now.Total)}
	switch exact := assess.Exact(v.Sheet.Now.Total); {
	case exact == "":
		total.Note = t.T("assess.total.none")
	case strings.Contains(exact, "/"):
		total.Note = t.T("assess.exact", "exact", exact)
	}
	facts := []ui.Fact{total}
	if v.Sheet.Changed {
		facts = append(facts, ui.Fact{Term: t.T("assess.first"), Text: assess.Points(v.Sheet.First.Total)})
	}
	facts = append(facts,
		ui.Fact{Term: t.T("assess.state"), Text: t.T("assess.state." + string(v.Sheet.State))},
		ui.Fact{Term: t.T("assess.as_of.head"), Text: t.Day(v.AsOf)})
	if v.Until.Known() {
		facts = append(facts, ui.Fact{Term: t.T("assess.until"), Text: t.Day(v.Until)})
	}
	return facts
}

func newSheetLineView(t *i18n.Speaker, l usecase.SheetLine) sheetLineView {
	behind := func(part usecase.FigurePart) string {
		return figureListPath(usecase.FigureListAsk{FigureAsk: l.Behind, Part: part})
	}
	out := sheetLineView{
		name: l.Definition.NameIn(t.Lang() == i18n.En), variant: t.Either(l.Definition.Variant, l.Definition.VariantEng),
		targets: t.T("assess.targets.of", "full", l.Full.String(), "zero", l.Zero.String(), "least", l.Least),
		rate:    usecase.FigureText(l.Now.Count.Figure()), sum: strconv.Itoa(l.Now.Count.Sum), of: strconv.Itoa(l.Now.Count.Of),
		sumHref: behind(usecase.PartSum), ofHref: behind(usecase.PartOf), weight: assess.Hundredths(l.Weight), points: assess.Points(l.Now.Points),
	}
	if l.First.Count != l.Now.Count {
		out.first = t.T("assess.first.figure", "rate", usecase.FigureText(l.First.Count.Figure()), "made", made(l.First.Count), "points", assess.Points(l.First.Points))
	}
	const hundred = 100
	if l.Now.Left {
		out.left = t.T("assess.left.why", "least", max(l.Least, 1))
		return out
	}
	if l.Now.Weight.Cmp(big.NewRat(int64(l.Weight), hundred)) != 0 {
		out.carried = t.T("assess.carried", "weight", assess.Points(l.Now.Weight))
	}
	out.reached = assess.Percent(l.Now.Reached)
	if e := assess.Exact(l.Now.Points); strings.Contains(e, "/") {
		out.exact = e
	}
	return out
}

func newAppealView(t *i18n.Speaker, line string, a *assess.Appeal) appealView {
	out := appealView{line: line, when: t.Instant(a.Event.AtUS), iso: t.InstantISO(a.Event.AtUS), reason: a.Reason}
	if e := a.Answer; e != nil {
		out.answered, out.answeredISO, out.why, out.upheld = t.Instant(e.AtUS), t.InstantISO(e.AtUS), e.Body.Reason, e.Body.Upheld
		out.answer = t.T("assess.refused.answer")
		if e.Body.Upheld {
			out.answer = t.T("assess.upheld.to", "made", made(e.Body.Count))
		}
	}
	return out
}

// sheetDo takes a step on the sheet of a unit.
func (s *Site) sheetDo(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := assessmentIn(r)
	if err != nil {
		return err
	}
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	unit := unitID(r.PathValue("unit"))
	act := usecase.SheetAct{Kind: assess.Kind(values.Get("do")), Line: values.Get("line"), Reason: values.Get("reason"), Upheld: values.Get("decision") == "upheld"}
	var wrong []errs.Field
	if act.Kind == assess.Answered && !slices.Contains([]string{"upheld", "refused"}, values.Get("decision")) {
		wrong = append(wrong, errs.F("decision", "field.required"))
	}
	if act.Kind == assess.Answered && act.Upheld {
		var errSum, errOf error
		act.Count.Sum, errSum = strconv.Atoi(strings.TrimSpace(values.Get("sum")))
		act.Count.Of, errOf = strconv.Atoi(strings.TrimSpace(values.Get("of")))
		if errSum != nil || errOf != nil {
			wrong = append(wrong, errs.F("sum", "assess.count"))
		}
	}
	err = errs.Fields(wrong)
	if err == nil {
		err = s.Office.ActSheet(r.Context(), v.who, id, unit, act)
	}
	switch k := errs.KindOf(err); {
	case err == nil:
		return s.done(w, r, sheetPath(id, unit), "assess.done."+string(act.Kind), nil)
	case k == errs.Invalid, k == errs.Refused:
		return s.showSheet(w, r, v, httpx.Status(k), values, err)
	}
	return err
}
