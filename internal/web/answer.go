package web

import (
	"net/http"
	"regexp"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// answerPage is the issued reply, with the reader's own demands alone.
type answerPage struct {
	view     usecase.TrackView
	issuer   org.Unit
	superior []string // of whom review is asked
	reviewed bool     // review is open at all: not for suggestions and enquiries
	modules  [][]bool
	link     string
}

// reply makes the page of the issued reply. Before it is issued there is none.
func (s *Site) reply(r *http.Request, v *visit, view usecase.TrackView) (answerPage, error) {
	if !view.Answered {
		return answerPage{}, errs.E(errs.NotFound, "citizen.answer.none")
	}
	issuer := view.Matter.OpinionUnit
	if issuer == 0 {
		issuer = view.Matter.Holder()
	}
	p := answerPage{view: view, reviewed: view.Matter.Reviewable()}
	p.issuer, _ = s.Office.Chart().Unit(issuer)
	for _, u := range s.Office.Chart().Superiors(issuer, view.Today) {
		p.superior = append(p.superior, unitName(v.t, u))
	}
	p.link = s.origin(r) + "/track?code=" + view.Code
	var err error
	p.modules, err = qrModules(p.link)
	return p, err
}

func (s *Site) answer(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	p, err := s.reply(r, v, view)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, answerBody(v.t, p))
}

// answerText sends the same words as a plain text that any device can keep and read.
func (s *Site) answerText(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	p, err := s.reply(r, v, view)
	if err != nil {
		return err
	}
	name := v.t.T("citizen.answer.file", "document", view.Matter.Draft.Document)
	httpx.ServeDownload(w, r, name+".txt", "text/plain; charset=utf-8", strings.NewReader(replyText(v.t, p)), "")
	return nil
}

// counted is how documents were numbered before they bore the mark of their unit.
var counted = regexp.MustCompile(`^\d{4}-\d+$`)

// documentNumber is a reply's number as it stands on it.
func documentNumber(t *i18n.Speaker, number string) string {
	if counted.MatchString(number) {
		return t.T("citizen.answer.number", "document", number)
	}
	return number
}

func replyText(t *i18n.Speaker, p answerPage) string {
	var b strings.Builder
	line := func(words ...string) {
		b.WriteString(strings.Join(words, ""))
		b.WriteString("\r\n")
	}
	line(unitName(t, p.issuer))
	line(t.T("citizen.answer.title"))
	line(documentNumber(t, p.view.Matter.Draft.Document))
	line()
	for _, part := range replyParts(t, p) {
		if part.head != "" {
			line(part.head)
		}
		for _, words := range part.lines {
			line(words)
		}
		line()
	}
	line(unitName(t, p.issuer))
	line(t.PaperDay(p.view.Matter.Draft.Issued))
	return b.String()
}

// replyPart is a headed part of the reply.
type replyPart struct {
	head  string
	lines []string
}

// replyParts are the parts of the reply: what was asked, what was found, each demand's outcome with facts, basis and promise, the remedy.
func replyParts(t *i18n.Speaker, p answerPage) []replyPart {
	m := p.view.Matter
	out := []replyPart{
		{lines: []string{t.T("citizen.answer.about", "day", t.PaperDay(p.view.Submission.Received), "title", p.view.Submission.Title, "number", p.view.Submission.Ref.String())}},
		{head: t.T("citizen.answer.facts"), lines: paragraphs(m.Draft.Facts)},
	}
	if basis := paragraphs(m.Draft.Basis); len(basis) > 0 {
		out = append(out, replyPart{head: t.T("citizen.answer.basis"), lines: basis})
	}
	for _, d := range p.view.Demands {
		a, ok := drafted(m, d.N) // as it was signed: what a higher organ changed later stands in its own opinion
		if !ok {
			continue
		}
		lines := []string{
			t.T("citizen.answer.demand", "words", d.Text), t.T("citizen.answer.outcome", "outcome", t.T("outcome."+string(a.Outcome))),
			t.T("citizen.answer.demand_facts", "words", a.Facts), t.T("citizen.answer.demand_basis", "words", a.Basis),
		}
		if a.Promise != "" {
			lines = append(lines, t.T("citizen.answer.promise", "words", a.Promise, "day", t.PaperDay(a.PromiseBy)))
		}
		out = append(out, replyPart{head: t.T("citizen.answer.demand_n", "n", d.N), lines: lines})
	}
	return append(out, replyPart{head: t.T("citizen.answer.remedy"), lines: remedy(t, p)})
}

// remedy says what can be done against the reply: of whom, and until which day, as far as that day is known; and that it can no longer be done
// once the day has passed.
func remedy(t *i18n.Speaker, p answerPage) []string {
	if !p.reviewed {
		return []string{t.T("citizen.remedy.none")}
	}
	if len(p.superior) == 0 {
		return []string{t.T("citizen.remedy.top")}
	}
	lines := []string{t.T("citizen.remedy.whom", "superior", t.List(p.superior))}
	if p.view.Review == nil {
		return append(lines, t.T("citizen.remedy.unserved"))
	}
	lines = append(lines, t.T("citizen.remedy.until", "served", t.PaperDay(p.view.Review.From), "day", t.PaperDay(p.view.Review.Legal)))
	for _, r := range p.view.Remedies {
		if r.Code == matter.RemedyLapsed || r.Code == matter.RemedyLapsedFinal {
			lines = append(lines, t.T("remedy.line", "text", t.T("remedy."+r.Code), "article", cited(t, r.Remedy)))
		}
	}
	return lines
}
