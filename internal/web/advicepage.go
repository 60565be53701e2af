package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// showAdvice shows the page with what was typed and what is wrong with it.
func (s *Site) showAdvice(w http.ResponseWriter, r *http.Request, v *visit, status int, values url.Values, wrong error) error {
	t := v.t
	about, err := s.Office.Advisor(v.who)
	if err != nil {
		return err
	}
	record, err := s.Office.AdviceRecord(r.Context(), v.who)
	if err != nil {
		return err
	}
	if values == nil {
		values = url.Values{"percent": {strconv.Itoa(about.Percent)}}
	}
	p := advicePageView{
		model: adviceFacts(t, about), none: about.Model == "", last: adviceLast(t, about.Last), since: t.FullDay(record.Since), may: s.Office.MayTeach(v.who) == nil,
		form: ui.NewForm(t, values, wrong),
	}
	if about.Wrong != nil {
		p.wrong = t.Err(about.Wrong)
	}
	if len(about.Unmapped) > 0 {
		p.unmapped = t.T("advice.unmapped", "labels", t.List(about.Unmapped))
	}
	for i, c := range about.Header.HeldOut.Classes {
		p.classes = append(p.classes, adviceClass{
			name: s.adviceLabel(t, c.Label), rows: strconv.Itoa(about.Header.Labels[i].Rows), precision: percent(c.Precision), recall: percent(c.Recall),
		})
	}
	for _, c := range record.Categories {
		p.counts = append(p.counts, adviceCountOf(s.adminCategoryName(t, c.Taken), c))
	}
	for _, c := range record.Units {
		u, _ := s.Office.Chart().Unit(unitID(c.Taken))
		p.units = append(p.units, adviceCountOf(unitName(t, u), c))
	}
	for _, c := range record.Confused {
		p.confused = append(p.confused, adviceConfused{
			first: s.adminCategoryName(t, c.First), taken: s.adminCategoryName(t, c.Taken), number: strconv.Itoa(c.Number),
			href: confusedAt + "?" + url.Values{"first": {c.First}, "taken": {c.Taken}}.Encode(),
		})
	}
	if v.who.Has(org.RoleAdmin) { // who has nothing to do with matters is led to none
		for i := range p.confused {
			p.confused[i].href = ""
		}
	}
	title := t.T("nav.advice")
	return s.show(w, r, status, s.staffPage(r, v, title, adminAdviceAt, advicePage(t, p)))
}

// adviceLabel is a label of a model as people say it.
func (s *Site) adviceLabel(t *i18n.Speaker, label string) string {
	if c, ok := s.Office.Places.Category(label); ok {
		return categoryName(t, s.Office.Places.Current(), c.Code)
	}
	return label
}

// percent is a share as it is shown.
func percent(share float64) string {
	return strconv.FormatFloat(share*percents, 'f', 1, 64) + "%"
}

func adviceCountOf(name string, c usecase.AdviceCount) adviceCount {
	out := adviceCount{name: name, decided: strconv.Itoa(c.Number), asked: strconv.Itoa(c.Asked), first: "–", any: "–"}
	if c.Asked > 0 {
		out.first, out.any = percent(float64(c.First)/float64(c.Asked)), percent(float64(c.Any)/float64(c.Asked))
	}
	return out
}

// adviceFacts are the model and its figures.
func adviceFacts(t *i18n.Speaker, v usecase.AdvisorView) []ui.Fact {
	h := v.Header
	if v.Model == "" {
		return nil
	}
	made := t.T("advice.day.unknown")
	if d, err := law.ParseDay(h.Made.Day); err == nil && d.Known() {
		made = t.FullDay(d)
	}
	out := []ui.Fact{
		{Term: t.T("advice.made"), Text: made, Note: v.Model},
		{Term: t.T("advice.rows"), Text: t.T("advice.rows.text", "rows", h.Rows, "own", h.Made.Own, "labels", len(h.Labels))},
		{Term: t.T("advice.accuracy"), Text: percent(h.HeldOut.Accuracy), Note: t.T("advice.held", "n", h.Folds)},
		{Term: t.T("advice.top3"), Text: percent(h.HeldOut.Top3)},
		{Term: t.T("advice.calibration"), Text: percent(h.HeldOut.Calibration)},
		{Term: t.T("advice.threshold"), Text: adviceThreshold(t, v.Threshold()), Note: t.T("advice.answered", "share", percent(h.HeldOut.Answered), "right", percent(h.HeldOut.Precision))},
	}
	if h.Coarse != nil {
		out = append(out, ui.Fact{Term: t.T("advice.coarse"), Text: percent(h.Coarse.Accuracy), Note: t.T("advice.coarse.from", "threshold", adviceThreshold(t, h.CoarseThreshold))})
	}
	return out
}

// adviceThreshold is from how sure is proposed; a model that was never sure enough proposes nothing.
func adviceThreshold(t *i18n.Speaker, threshold float64) string {
	if threshold > 1 {
		return t.T("advice.never")
	}
	return percent(threshold)
}

// adviceLast says what the last training came to.
func adviceLast(t *i18n.Speaker, l usecase.Learned) []string {
	if l.AtUS == 0 {
		return nil
	}
	out := []string{t.T("advice.last", "time", t.Instant(l.AtUS), "rows", l.Rows, "own", l.Own, "labels", l.Labels, "accuracy", percent(l.Accuracy))}
	switch c := l.Contest; {
	case c == nil:
		out = append(out, t.T("advice.first"))
	case l.Replaced:
		out = append(out, t.T("advice.replaced", "rows", c.Rows, "right", c.Right, "before", c.Before))
	default:
		out = append(out, t.T("advice.kept", "rows", c.Rows, "right", c.Right, "before", c.Before))
	}
	if len(l.Unmapped) > 0 {
		out = append(out, t.T("advice.unmapped", "labels", t.List(l.Unmapped)))
	}
	if l.Few > 0 {
		out = append(out, t.T("advice.few", "n", l.Few))
	}
	return out
}

// wholeNumber reads a whole number; empty is zero.
func wholeNumber(text string) (n int, bad bool) {
	if text = strings.TrimSpace(text); text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err != nil
}

// advicePercentField is from how sure categories are proposed.
func advicePercentField(t *i18n.Speaker) ui.FieldProps {
	return ui.FieldProps{Name: "percent", Label: t.T("advice.percent.label"), Hint: t.T("advice.percent.hint"), InputMode: "numeric", Width: "width-4", Optional: true}
}
