package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"

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
		Day     date           `json:"day,omitempty"`
		Text    string         `json:"text"`
		Why     string         `json:"why,omitempty"`
		Result  bool           `json:"result"`
		Code    string         `json:"code" doc:"Names the text for programs"`
		Args    map[string]any `json:"args,omitempty" doc:"What the text was filled with"`
		WhyCode string         `json:"why_code,omitempty"`
		WhyArgs map[string]any `json:"why_args,omitempty"`
	}
	// ResolvedDue is a deadline with where its rule comes from.
	ResolvedDue struct {
		DueBody
		Set        string     `json:"set" doc:"The text that governs" example:"national-2022"`
		Certainty  string     `json:"certainty" enum:"text,secondary,unconfirmed,differing" doc:"How surely the rule is known to be what its text says"`
		Note       string     `json:"note,omitempty" doc:"What a reader has to know beside the text"`
		Resolution []dueClaim `json:"resolution" doc:"Every text that sets the rule for the place and how it stands, the governing one first"`
		Promise    *DueBody   `json:"promise,omitempty" doc:"What the place promises beside the law; it binds nobody"`
	}
	dueClaim struct {
		Set      string `json:"set"`
		Standing string `json:"standing" enum:"governs,overridden,promised,not_adopted,adopted_later"`
		Title    string `json:"title"`
		From     date   `json:"from" doc:"In force since"`
		Until    date   `json:"until,omitempty"`
		Since    date   `json:"adopted_since,omitempty"`
		Text     string `json:"text" doc:"The standing in words"`
	}
	dueInput struct {
		Rule         string   `query:"rule" required:"true" pattern:"^D[0-9]{2}[a-z]?$" doc:"Id of the rule, of petitions or of a neighbouring law" example:"D05"`
		From         string   `query:"from" required:"true" format:"date" doc:"The day of the event that starts it" example:"2026-09-28"`
		Jurisdiction string   `query:"jurisdiction" pattern:"^([0-9]{2}){0,3}([0-9]{3}){0,2}$" doc:"Division code of the place; absent: the national rules" example:"330112"`
		By           string   `query:"by" format:"date" doc:"The last day that a document names" example:"2026-10-28"`
		Extended     int      `query:"extended" minimum:"0" doc:"Extension in units of the rule; needs the day of approval" example:"30"`
		Approved     string   `query:"approved" format:"date" doc:"The day the extension was approved" example:"2026-10-20"`
		Paused       []string `query:"paused,explode" maxItems:"20" doc:"A time the count stood still, once for each; without an end while it lasts" example:"2026-10-10..2026-10-14"`
	}
	dueOutput struct {
		Body ResolvedDue
	}
	rulesInput struct {
		On           string `query:"on" format:"date" doc:"The law of this day; absent: today" example:"2026-09-28"`
		Jurisdiction string `query:"jurisdiction" pattern:"^([0-9]{2}){0,3}([0-9]{3}){0,2}$" doc:"Division code of the place; absent: the national rules" example:"330112"`
		Subject      string `query:"subject" doc:"Only the rules of texts about this" example:"petition"`
		Side         string `query:"side" enum:"unit,petitioner,other" doc:"Only the rules that bind this side" example:"petitioner"`
		Set          string `query:"set" doc:"Only the rules that this text sets" example:"national-2022"`
	}
	rulesOutput struct {
		Body struct {
			ID      string     `json:"id" doc:"Names the law of petitions for good" example:"national-2022"`
			Title   string     `json:"title"`
			English string     `json:"english"`
			Rules   []ruleBody `json:"rules"`
		} `nameHint:"RuleSet"`
	}
	ruleBody struct {
		ID        string `json:"id" example:"D05"`
		Name      string `json:"name"`
		Set       string `json:"set" doc:"The text that sets it" example:"national-2022"`
		Subject   string `json:"subject" doc:"What the text is about: petition, or that of a neighbouring law" example:"petition"`
		N         int    `json:"n" doc:"Length in units; 0 where something else sets the day"`
		Unit      string `json:"unit" enum:"calendar_days,working_days,months,years,named_day"`
		Roll      string `json:"roll" enum:"none,next_working,previous_working" doc:"What happens when the last day is not worked"`
		Side      string `json:"side" enum:"unit,petitioner,other" doc:"Whose time it is"`
		Trigger   string `json:"trigger" doc:"The event whose day starts it" example:"acceptance"`
		ExtendN   int    `json:"extend_n" doc:"Longest extension; 0 when there is none or no limit is written"`
		Article   string `json:"article"`
		ArticleEn string `json:"article_en"`
		Certainty string `json:"certainty" enum:"text,secondary,unconfirmed,differing"`
		Note      string `json:"note,omitempty"`
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
			return dueStep{
				Day: dateOf(s.Day), Text: s.Text, Why: s.Why, Result: s.Result, Code: s.Code, Args: s.Args, WhyCode: s.WhyCode, WhyArgs: s.WhyArgs,
			}
		}),
	}
}

func (a *API) due(ctx context.Context, in *dueInput) (*dueOutput, error) {
	from, err := dayOf("from", in.From)
	if err != nil {
		return nil, err
	}
	if err := a.checkPlace(in.Jurisdiction); err != nil {
		return nil, err
	}
	found, err := a.Office.Book.Resolve(law.RuleID(in.Rule), in.Jurisdiction, from, a.Office.Adopted()...)
	if err != nil {
		return nil, err
	}
	t, calendar := callerOf(ctx).t, a.Office.Calendar()
	course := law.Course{By: in.By, Paused: in.Paused, Extended: in.Extended, Approved: in.Approved}
	options, err := course.Options(found.Rule, from, calendar)
	if err != nil {
		return nil, err
	}
	out := dueOutput{Body: ResolvedDue{
		DueBody: dueOf(law.Answer(law.Compute(found.Rule, from, calendar, options...), found.Rule, t.Say)), Set: found.Claims[0].Set.ID,
		Certainty: found.Rule.Certainty.String(), Note: t.Either(found.Rule.Note, found.Rule.NoteEn),
	}}
	for i, line := range found.Explain() {
		c := found.Claims[i]
		claim := dueClaim{
			Set: c.Set.ID, Standing: string(c.Standing), Title: t.Either(c.Set.Title, c.Set.TitleEn), From: dateOf(c.Set.From), Until: dateOf(c.Set.Until),
			Text: t.Say(line.Code, line.Args),
		}
		if c.Set.Adopt {
			claim.Since = dateOf(c.Since)
		}
		out.Body.Resolution = append(out.Body.Resolution, claim)
		if c.Standing == law.Promised {
			promise := dueOf(law.Answer(law.Compute(c.Rule, from, calendar), c.Rule, t.Say))
			out.Body.Promise = &promise
		}
	}
	return &out, nil
}

// dayOf reads the day of a parameter.
func dayOf(path, text string) (law.Day, error) {
	day, err := law.ParseDay(text)
	if err != nil {
		return law.NoDay, errs.Fields([]errs.Field{errs.F(path, "api.field.day")})
	}
	return day, nil
}

// checkPlace refuses a code that no place has.
func (a *API) checkPlace(code string) error {
	if code == "" {
		return nil
	}
	number, err := strconv.ParseInt(code, 10, 64)
	if err == nil {
		if _, known := a.Office.Places.Place(number); known {
			return nil
		}
	}
	return errs.Fields([]errs.Field{errs.F("jurisdiction", "intake.place_unknown")})
}

func (a *API) rules(ctx context.Context, in *rulesInput) (*rulesOutput, error) {
	on := a.Office.Today()
	if in.On != "" {
		var err error
		if on, err = dayOf("on", in.On); err != nil {
			return nil, err
		}
	}
	if err := a.checkRuleFilters(in); err != nil {
		return nil, err
	}
	set, err := a.Office.Law(in.Jurisdiction, on)
	if err != nil {
		return nil, err
	}
	t := callerOf(ctx).t
	out := rulesOutput{}
	out.Body.ID, out.Body.Rules = set.ID(), []ruleBody{}
	out.Body.Title, out.Body.English = set.Title()
	for _, id := range a.Office.Book.IDs() {
		found, err := a.Office.Book.Resolve(law.RuleID(id), in.Jurisdiction, on, a.Office.Adopted()...)
		if errs.KindOf(err) == errs.NotFound {
			continue // no text sets it there on the day
		}
		if err != nil {
			return nil, err
		}
		r, text := found.Rule, found.Claims[0].Set
		if in.Subject != "" && text.Subject != in.Subject || in.Side != "" && r.Side.String() != in.Side || in.Set != "" && text.ID != in.Set {
			continue
		}
		out.Body.Rules = append(out.Body.Rules, ruleBody{
			ID: id, Name: t.T(r.NameCode), Set: text.ID, Subject: text.Subject, N: r.N, Unit: r.Unit.String(), Roll: r.Roll.String(), Side: r.Side.String(),
			Trigger: r.Trigger, ExtendN: r.ExtendN, Article: r.Article, ArticleEn: r.ArticleEn, Certainty: r.Certainty.String(), Note: t.Either(r.Note, r.NoteEn),
			Source: r.Source,
		})
	}
	return &out, nil
}

// checkRuleFilters refuses a subject or a text that there is none of, and names those there are.
func (a *API) checkRuleFilters(in *rulesInput) error {
	var subjects, sets []string
	for _, set := range a.Office.Book.Sets() {
		sets = append(sets, set.ID)
		if !slices.Contains(subjects, set.Subject) {
			subjects = append(subjects, set.Subject)
		}
	}
	slices.Sort(subjects)
	var wrong []errs.Field
	if in.Subject != "" && !slices.Contains(subjects, in.Subject) {
		wrong = append(wrong, errs.F("subject", "api.rules.choice", "value", in.Subject, "choices", subjects))
	}
	if in.Set != "" && !slices.Contains(sets, in.Set) {
		wrong = append(wrong, errs.F("set", "api.rules.choice", "value", in.Set, "choices", sets))
	}
	if err := a.checkPlace(in.Jurisdiction); err != nil {
		return err
	}
	return errs.Fields(wrong)
}

func (a *API) calendar(ctx context.Context, in *calendarInput) (*calendarOutput, error) {
	t, cal := callerOf(ctx).t, a.Office.Calendar()
	var out calendarOutput
	working, published, changed := cal.Year(in.Year)
	out.Body.Year, out.Body.Version, out.Body.Published, out.Body.Working = in.Year, cal.Version(), published, working
	out.Body.Changes = list(changed, func(d law.Day) calendarDay {
		works, _ := cal.Working(d)
		return calendarDay{Day: dateOf(d), Working: works, Why: t.Say(cal.Why(d))}
	})
	return &out, nil
}
