package web

import (
	"net/http"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/find"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// takeCategory is before the code in the value of a button that takes a proposed category.
const takeCategory = "category-"

// adviceAt gives the proposals for what is being typed.
const adviceAt = "/desk/register/advice"

// adviceKeys take the first, second and third proposal.
func adviceKeys() []string { return []string{"alt+j", "alt+k", "alt+l"} }

// adviceView is what is proposed beside the choice of a category.
type adviceView struct {
	asked bool // there are words and a model
	list  []adviceRow
}

// adviceRow is one category that is proposed.
type adviceRow struct {
	name   string
	sure   string
	parts  []ui.Part // what was said, with the words that speak for it marked
	chosen bool
	take   ui.ButtonProps
}

// adviceFor says what is proposed, beside the category that is chosen.
func (s *Site) adviceFor(t *i18n.Speaker, a usecase.Advice, chosen string) adviceView {
	v := adviceView{asked: a.Model != "" && strings.TrimSpace(a.Text) != ""}
	for i, c := range a.List {
		words := slices.Clone(c.Words)
		slices.SortFunc(words, func(a, b find.Range) int { return a.From - b.From })
		row := adviceRow{
			name:   categoryName(t, s.Office.Places.Current(), c.Code),
			sure:   t.T("advice.sure."+c.Sure(), "percent", int(c.Confidence*percents)),
			parts:  excerpt(a.Text, words),
			chosen: c.Code == chosen,
			take:   ui.ButtonProps{Text: t.T("advice.take"), Small: true, Name: "do", Value: takeCategory + c.Code, Key: adviceKeys()[i], NoCheck: true},
		}
		v.list = append(v.list, row)
	}
	return v
}

const percents = 100

// entryAdvice is what is proposed for an entry; nothing for a duty to which nothing is proposed.
func (s *Site) entryAdvice(v *visit, e entry) (adviceView, error) {
	in, _ := e.intake()
	a, err := s.Office.Advise(v.who, in)
	if errs.KindOf(err) == errs.Forbidden {
		return adviceView{}, nil
	}
	return s.adviceFor(v.t, a, in.Category), err
}

// registerAdvice gives the proposals anew while one types.
func (s *Site) registerAdvice(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := s.postedWords(w, r)
	if err != nil {
		return err
	}
	view, err := s.entryAdvice(v, entry{people{values}})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, categoryAdvice(v.t, view))
}

// matterAdvice is what is proposed for a matter whose category is being decided.
func (s *Site) matterAdvice(v *visit, m *matter.Matter, chosen string) (adviceView, error) {
	a, err := s.Office.AdviseMatter(v.who, m)
	if errs.KindOf(err) == errs.Forbidden {
		return adviceView{}, nil
	}
	return s.adviceFor(v.t, a, chosen), err
}

// unitWhy says why a unit is proposed: what the catalogue says, and how such matters went.
func (s *Site) unitWhy(t *i18n.Speaker, f usecase.Suggestion) string {
	var out []string
	if f.Line != 0 {
		out = append(out, t.T("desk.unit.why", "why", t.Either(f.Why, f.WhyEnglish)))
	}
	p := f.Custom
	if p.Accepted+p.Returned+p.Moved > 0 {
		place, _ := s.Office.Places.Place(p.Place)
		words := t.T("advice.unit.accepted", "place", s.placeName(t, place), "n", p.Accepted)
		if p.Returned > 0 {
			words += t.T("advice.unit.returned", "n", p.Returned)
		}
		if p.Moved > 0 {
			words += t.T("advice.unit.moved", "n", p.Moved)
		}
		out = append(out, words)
	}
	return strings.Join(out, t.T("desk.same.and"))
}

// The page on which proposals are looked after, and that of one confusion.
const (
	adminAdviceAt = "/desk/advice"
	confusedAt    = adminAdviceAt + "/confused"
)

// advicePageView is what the page says of the model and of what was taken.
type advicePageView struct {
	model    []ui.Fact
	none     bool
	wrong    string
	unmapped string
	last     []string
	classes  []adviceClass
	counts   []adviceCount
	units    []adviceCount
	confused []adviceConfused
	since    string
	may      bool // change it
	form     ui.Form
}

type adviceClass struct{ name, rows, precision, recall string }

type adviceCount struct{ name, decided, asked, first, any string }

type adviceConfused struct{ first, taken, number, href string }

func (s *Site) adminAdvice(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.showAdvice(w, r, v, http.StatusOK, nil, nil)
}

// adminAdviceSave sets from how sure categories are proposed.
func (s *Site) adminAdviceSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	percent, bad := wholeNumber(values.Get("percent"))
	if bad {
		err = errs.Fields([]errs.Field{errs.F("percent", "advice.percent")})
	} else {
		err = s.Office.SaveAdvicePercent(r.Context(), v.who, percent)
	}
	if formError(err) {
		return s.showAdvice(w, r, v, http.StatusUnprocessableEntity, values, err)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, adminAdviceAt, "admin.saved", nil)
}

// adminAdviceLearn has a new model made.
func (s *Site) adminAdviceLearn(w http.ResponseWriter, r *http.Request, v *visit) error {
	if _, err := s.Office.StartLearning(r.Context(), v.who); err != nil {
		return err
	}
	return s.done(w, r, jobsAt, "advice.learn.started", nil)
}

// confusedView are the matters on which one category was proposed and another taken.
type confusedView struct {
	question string
	rows     []confusedRow
}

type confusedRow struct{ number, title, href, received, unit string }

func (s *Site) adminConfused(w http.ResponseWriter, r *http.Request, v *visit) error {
	q := r.URL.Query()
	first, taken := q.Get("first"), q.Get("taken")
	rows, err := s.Office.Confused(r.Context(), v.who, first, taken)
	if err != nil {
		return err
	}
	t := v.t
	p := confusedView{question: t.T("advice.confused.question", "first", s.adminCategoryName(t, first), "taken", s.adminCategoryName(t, taken))}
	for _, row := range rows {
		p.rows = append(p.rows, confusedRow{
			number: row.Ref.String(), title: titleText(t, row.Row), href: matterPath(row.Ref), received: t.FullDay(row.Received), unit: unitName(t, row.Unit),
		})
	}
	title := t.T("advice.confused")
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, adminAdviceAt, confusedPage(t, p), ui.Link{Text: t.T("nav.advice"), Href: adminAdviceAt}, ui.Link{Text: title}))
}
