package api

import (
	"context"
	"net/http"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

type (
	// DueBody is a deadline: the days, the article and the derivation in words.
	DueBody struct {
		Rule        string    `json:"rule" example:"D05"`
		Name        string    `json:"name"`
		Article     string    `json:"article"`
		From        date      `json:"from" doc:"The day of the event, itself not counted"`
		NominalEnd  date      `json:"nominal_end,omitempty" doc:"Last day by counting alone"`
		LegalEnd    date      `json:"legal_end,omitempty" doc:"Last day in law"`
		SafeEnd     date      `json:"safe_end,omitempty" doc:"Last working day on which it is in time by any reading"`
		Provisional bool      `json:"provisional" doc:"Rests on a day that no published calendar covers"`
		Derivation  []dueStep `json:"derivation"`
	}
	dueStep struct {
		Day    date   `json:"day,omitempty"`
		Text   string `json:"text"`
		Why    string `json:"why,omitempty"`
		Result bool   `json:"result"`
	}
	dueInput struct {
		Rule         string `query:"rule" required:"true" pattern:"^D[0-9]{2}[a-z]?$" doc:"Id of the rule" example:"D05"`
		From         string `query:"from" required:"true" format:"date" doc:"The day of the event that starts it" example:"2026-09-28"`
		Jurisdiction string `query:"jurisdiction" pattern:"^([0-9]{2}){0,3}([0-9]{3}){0,2}$" doc:"Division code of the place; absent: the national rules" example:"330112"`
	}
	dueOutput struct {
		Body DueBody
	}
	rulesInput struct {
		On           string `query:"on" format:"date" doc:"The law of this day; absent: today" example:"2026-09-28"`
		Jurisdiction string `query:"jurisdiction" pattern:"^([0-9]{2}){0,3}([0-9]{3}){0,2}$" doc:"Division code of the place; absent: the national rules" example:"330112"`
	}
	rulesOutput struct {
		Body struct {
			ID      string     `json:"id" doc:"Names the law for good" example:"national-2022"`
			Title   string     `json:"title"`
			English string     `json:"english"`
			Rules   []ruleBody `json:"rules"`
		} `nameHint:"RuleSet"`
	}
	ruleBody struct {
		ID        string `json:"id" example:"D05"`
		Name      string `json:"name"`
		N         int    `json:"n" doc:"Length in units; 0 where a document names the day"`
		Unit      string `json:"unit" enum:"calendar_days,working_days,months,years,named_day"`
		Roll      string `json:"roll" enum:"none,next_working,previous_working" doc:"What happens when the last day is not worked"`
		Side      string `json:"side" enum:"unit,petitioner" doc:"Whose time it is"`
		Trigger   string `json:"trigger" doc:"The event whose day starts it" example:"acceptance"`
		ExtendN   int    `json:"extend_n" doc:"Longest extension; 0 when there is none"`
		Article   string `json:"article"`
		ArticleEn string `json:"article_en"`
		Source    string `json:"source"`
	}
	calendarInput struct {
		Year int `path:"year" minimum:"2004" maximum:"2100" doc:"Year" example:"2026"`
	}
	calendarOutput struct {
		Body struct {
			Year      int           `json:"year"`
			Version   string        `json:"version"`
			Published bool          `json:"published" doc:"Every day of the year is; otherwise the rest is a guess from weekdays and fixed holidays"`
			Working   int           `json:"working_days"`
			Changes   []calendarDay `json:"changes" doc:"Days that are not what their weekday says"`
		} `nameHint:"CalendarYear"`
	}
	calendarDay struct {
		Day     date   `json:"day"`
		Working bool   `json:"working"`
		Why     string `json:"why"`
	}
)

func (a *API) law() {
	add(a, operation{
		id: "compute_due", method: http.MethodGet, path: "/due", tag: tagLaw, text: "api.op.due", about: "api.op.due.about", open: true, absent: true,
	}, a.due)
	add(a, operation{
		id: "list_rules", method: http.MethodGet, path: "/rules", tag: tagLaw, text: "api.op.rules", about: "api.op.rules.about", open: true, absent: true,
	}, a.rules)
	add(a, operation{
		id: "get_calendar", method: http.MethodGet, path: "/calendar/{year}", tag: tagLaw, text: "api.op.calendar", about: "api.op.calendar.about", open: true,
	}, a.calendar)
}

func dueOf(d law.DueAnswer) DueBody {
	return DueBody{
		Rule: string(d.Rule), Name: d.Name, Article: d.Article, From: dateOf(d.From), NominalEnd: dateOf(d.NominalEnd), LegalEnd: dateOf(d.LegalEnd),
		SafeEnd: dateOf(d.SafeEnd), Provisional: d.Provisional, Derivation: list(d.Derivation, func(s law.DueStep) dueStep {
			return dueStep{Day: dateOf(s.Day), Text: s.Text, Why: s.Why, Result: s.Result}
		}),
	}
}

func (a *API) due(ctx context.Context, in *dueInput) (*dueOutput, error) {
	from, err := law.ParseDay(in.From)
	if err != nil {
		return nil, errs.Fields([]errs.Field{errs.F("from", "api.field.day")})
	}
	set, err := a.Office.Book.On(in.Jurisdiction, from)
	if err != nil {
		return nil, err
	}
	rule, err := set.Rule(law.RuleID(in.Rule))
	if err != nil {
		return nil, err
	}
	return &dueOutput{Body: dueOf(law.Answer(law.Compute(rule, from, a.Office.Calendar()), rule, callerOf(ctx).t.Say))}, nil
}

func (a *API) rules(ctx context.Context, in *rulesInput) (*rulesOutput, error) {
	on := a.Office.Today()
	if in.On != "" {
		var err error
		if on, err = law.ParseDay(in.On); err != nil {
			return nil, errs.Fields([]errs.Field{errs.F("on", "api.field.day")})
		}
	}
	set, err := a.Office.Book.On(in.Jurisdiction, on)
	if err != nil {
		return nil, err
	}
	t := callerOf(ctx).t
	var out rulesOutput
	out.Body.ID = set.ID()
	out.Body.Title, out.Body.English = set.Title()
	out.Body.Rules = list(set.Rules(), func(r law.Rule) ruleBody {
		return ruleBody{
			ID: string(r.ID), Name: t.T(r.NameCode), N: r.N, Unit: unitName(r.Unit), Roll: rollName(r.Roll), Side: sideName(r.Side), Trigger: r.Trigger,
			ExtendN: r.ExtendN, Article: r.Article, ArticleEn: r.ArticleEn, Source: r.Source,
		}
	})
	return &out, nil
}

func unitName(u law.Unit) string {
	switch u {
	case law.CalendarDays:
		return "calendar_days"
	case law.WorkingDays:
		return "working_days"
	case law.Months:
		return "months"
	case law.Years:
		return "years"
	case law.NamedDay:
	}
	return "named_day"
}

func rollName(r law.Roll) string {
	switch r {
	case law.NextWorking:
		return "next_working"
	case law.PreviousWorking:
		return "previous_working"
	case law.RollNone:
	}
	return "none"
}

func sideName(s law.Side) string {
	if s == law.SidePetitioner {
		return "petitioner"
	}
	return "unit"
}

func (a *API) calendar(ctx context.Context, in *calendarInput) (*calendarOutput, error) {
	t, cal := callerOf(ctx).t, a.Office.Calendar()
	var out calendarOutput
	out.Body.Year, out.Body.Version, out.Body.Published, out.Body.Changes = in.Year, cal.Version(), true, []calendarDay{}
	for d := law.NewDay(in.Year, time.January, 1); d <= law.NewDay(in.Year, time.December, 31); d++ {
		working, published := cal.Working(d)
		out.Body.Published = out.Body.Published && published
		if working {
			out.Body.Working++
		}
		weekday := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		if working != weekday {
			code, args := cal.Why(d)
			out.Body.Changes = append(out.Body.Changes, calendarDay{Day: dateOf(d), Working: working, Why: t.Say(code, args)})
		}
	}
	return &out, nil
}
