package web

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/document"
	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// paperRow is one document in the list on a matter's page.
type paperRow struct {
	name   string
	number string
	day    string
	to     string
	served string
	href   string
}

// paperPage is one document on a page of its own.
type paperPage struct {
	path    string // without the copy
	copy    url.Values
	title   string
	printed usecase.PaperPrint
	facts   []ui.Fact
	copies  []ui.Link
	proof   string // where the blank proof of service is
	form    ui.Form
	may     bool // the reader may open the names
}

// paperName is what a kind of document is called.
func paperName(t *i18n.Speaker, k matter.PaperKind) string { return t.T("paper." + string(k)) }

// paperPath is where a document of a matter is.
func paperPath(ref matter.Ref, n int) string { return matterPath(ref) + "/papers/" + strconv.Itoa(n) }

// paperRows are the documents of a matter, the newest last.
func paperRows(t *i18n.Speaker, m usecase.MatterView) []paperRow {
	out := make([]paperRow, 0, len(m.Matter.Papers))
	for _, p := range m.Matter.Papers {
		row := paperRow{
			name: paperName(t, p.Kind), number: p.Number, day: t.FullDay(p.Day), href: paperPath(m.Matter.Ref, p.N),
			to: nameOf(t, m.Names, p.To), served: servedWhen(t, p),
		}
		if p.To == 0 {
			row.to = t.T("paper.to.petitioners", "n", len(p.For))
		}
		if p.To == 0 && len(p.For) == 0 {
			row.to = t.T("paper.to.file")
		}
		out = append(out, row)
	}
	return out
}

// servedWhen says when an opinion reached those it is for; nothing of documents whose service the procedure does not record.
func servedWhen(t *i18n.Speaker, p matter.Paper) string {
	var days []string
	for _, one := range p.Served {
		days = append(days, t.T("paper.served", "day", t.FullDay(one.On), "method", string(one.Method)))
	}
	return t.List(days)
}

// paperAsk reads which print of which document of which matter an address names.
func paperAsk(r *http.Request) (matter.Ref, usecase.PaperAsk, error) {
	none := errs.E(errs.NotFound, "paper.not_found")
	ref, err := refIn(r)
	if err != nil {
		return ref, usecase.PaperAsk{}, none
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 {
		return ref, usecase.PaperAsk{}, none
	}
	ask := usecase.PaperAsk{N: n, Service: r.URL.Query().Get("proof") != ""}
	if text := r.URL.Query().Get("copy"); text != "" {
		if ask.Copy, err = matter.ParseRef(text); err != nil {
			return ref, ask, none
		}
	}
	return ref, ask, nil
}

// maskedPaper is a document of a matter with masked names.
func (s *Site) maskedPaper(r *http.Request, v *visit) (matter.Ref, usecase.PaperAsk, usecase.PaperPrint, error) {
	ref, ask, err := paperAsk(r)
	if err != nil {
		return ref, ask, usecase.PaperPrint{}, err
	}
	printed, err := s.Office.Paper(r.Context(), v.who, ref, ask)
	return ref, ask, printed, err
}

// paper shows a document of a matter.
func (s *Site) paper(w http.ResponseWriter, r *http.Request, v *visit) error {
	ref, ask, printed, err := s.maskedPaper(r, v)
	if err != nil {
		return err
	}
	return s.showPaper(w, r, v, http.StatusOK, ref, ask, printed, ui.Form{})
}

// paperFile sends it as a file.
func (s *Site) paperFile(w http.ResponseWriter, r *http.Request, v *visit) error {
	_, _, printed, err := s.maskedPaper(r, v)
	if err != nil {
		return err
	}
	return s.sendPaper(w, r, printed, r.PathValue("format"))
}

// openPaper gives a document with the names in clear, for who says why. That it was opened is on record before anything is shown.
func (s *Site) openPaper(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	ref, ask, err := paperAsk(r)
	if err != nil {
		return err
	}
	printed, err := s.Office.OpenPaper(r.Context(), v.who, ref, ask, values.Get("reason"), values.Get("words"))
	if formError(err) {
		_, _, masked, merr := s.maskedPaper(r, v)
		if merr != nil {
			return merr
		}
		return s.showPaper(w, r, v, http.StatusUnprocessableEntity, ref, ask, masked, ui.NewForm(v.t, values, err))
	}
	if err != nil {
		return err
	}
	if format := values.Get("do"); format != "view" {
		return s.sendPaper(w, r, printed, format)
	}
	return s.showPaper(w, r, v, http.StatusOK, ref, ask, printed, ui.Form{})
}

func (s *Site) showPaper(w http.ResponseWriter, r *http.Request, v *visit, status int, ref matter.Ref, ask usecase.PaperAsk, printed usecase.PaperPrint,
	form ui.Form,
) error {
	t := v.t
	m, err := s.Office.Matter(r.Context(), v.who, ref)
	if err != nil {
		return err
	}
	name := paperName(t, printed.Paper.Kind)
	p := paperPage{path: paperPath(ref, ask.N), copy: url.Values{}, title: name, printed: printed, form: form, may: m.MaySeeWho}
	if ask.Service {
		p.copy.Set("proof", "1")
		p.title = t.T("paper.proof_of", "name", name)
	}
	number := printed.Paper.Number
	if number == "" {
		number = t.T("paper.unnumbered")
	}
	p.facts = []ui.Fact{
		{Term: t.T("paper.field.number"), Text: number},
		{Term: t.T("paper.field.day"), Text: t.FullDay(printed.Paper.Day)},
		{Term: t.T("paper.field.unit"), Text: nameOf(t, m.Names, printed.Paper.Unit)},
		{Term: t.T("paper.field.template"), Text: versionName(t, printed.Paper.Template)},
	}
	if printed.Paper.To != 0 {
		p.facts = append(p.facts, ui.Fact{Term: t.T("paper.field.to"), Text: nameOf(t, m.Names, printed.Paper.To)})
	}
	if served := servedWhen(t, printed.Paper); served != "" {
		p.facts = append(p.facts, ui.Fact{Term: t.T("paper.field.served"), Text: served})
	}
	if len(printed.Paper.For) > 1 {
		p.copy.Set("copy", printed.Copy.String())
		for _, one := range printed.Paper.For {
			link := ui.Link{Text: one.String()}
			if one != printed.Copy {
				link.Href = p.path + "?copy=" + one.String()
			}
			p.copies = append(p.copies, link)
		}
	}
	if !ask.Service && usecase.Servable(printed.Paper.Kind) && !printed.Copy.IsZero() {
		p.proof = p.path + "?proof=1&copy=" + printed.Copy.String()
	}
	return s.show(w, r, status, s.staffPage(r, v, p.title, "/desk", paperBody(t, p), ui.Link{Text: t.T("nav.desk"), Href: "/desk"},
		ui.Link{Text: ref.String(), Href: matterPath(ref)}, ui.Link{Text: p.title}))
}

// versionName is what a version of a template is called.
func versionName(t *i18n.Speaker, version string) string {
	if edition, came := strings.CutPrefix(version, "shipped-"); came {
		return t.T("template.version.shipped", "n", edition)
	}
	return t.T("template.version.own", "n", version)
}

// address is where the print on a page is in a format, or itself.
func (p paperPage) address(format string) string {
	to := p.path
	if format != "" {
		to += "/" + format
	}
	if len(p.copy) > 0 {
		to += "?" + p.copy.Encode()
	}
	return to
}

// sendPaper sends a print as a file.
func (s *Site) sendPaper(w http.ResponseWriter, r *http.Request, p usecase.PaperPrint, format string) error {
	f := usecase.PaperFormat(format)
	name, content, err := s.Office.PrintPaper(r.Context(), p, f)
	if err != nil {
		return err
	}
	httpx.ServeDownload(w, r, name, f.Media(), bytes.NewReader(content), "")
	return nil
}

// myPaper shows the petitioner's own copy of a document as a page of its own.
func (s *Site) myPaper(w http.ResponseWriter, r *http.Request, v *visit) error {
	printed, ref, err := s.ownPrint(r, v)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, myPaperBody(v.t, printed, myPaperPath(ref, printed.Paper.N)))
}

// myPaperFile sends it as a file.
func (s *Site) myPaperFile(w http.ResponseWriter, r *http.Request, v *visit) error {
	printed, _, err := s.ownPrint(r, v)
	if err != nil {
		return err
	}
	return s.sendPaper(w, r, printed, r.PathValue("format"))
}

func (s *Site) ownPrint(r *http.Request, v *visit) (usecase.PaperPrint, matter.Ref, error) {
	ref, ask, err := paperAsk(r)
	if err != nil {
		return usecase.PaperPrint{}, ref, err
	}
	printed, err := s.Office.OwnPaper(r.Context(), v.who, ref, ask.N)
	return printed, ref, err
}

// myPaperPath is where a petitioner reads a document of theirs.
func myPaperPath(ref matter.Ref, n int) string {
	return "/my/papers/" + ref.String() + "/" + strconv.Itoa(n)
}

// ownPaperRows are the petitioner's documents, the newest first.
func ownPaperRows(t *i18n.Speaker, list []usecase.OwnPaper) []paperRow {
	out := make([]paperRow, len(list))
	for i, p := range list {
		out[len(list)-1-i] = paperRow{
			name: paperName(t, p.Paper.Kind), number: p.Paper.Number, day: t.FullDay(p.Paper.Day), href: myPaperPath(p.Ref, p.Paper.N),
		}
	}
	return out
}

// unservedRows are the last opinion or answer that a petitioner was given and not served with.
func unservedRows(t *i18n.Speaker, list []usecase.OwnPaper) []paperRow {
	for _, row := range slices.Backward(list) {
		switch row.Paper.Kind {
		case matter.PaperOpinion, matter.PaperReply, matter.PaperReview, matter.PaperReReview:
			return ownPaperRows(t, []usecase.OwnPaper{row})
		default:
		}
	}
	return nil
}

// spanText is a run of text, a blank as a line to write on.
func spanText(spans []document.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
		b.WriteString(strings.Repeat("\uff3f", s.Blank))
	}
	return b.String()
}
