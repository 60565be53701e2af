package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
)

// dueAsked is what the flags of due ask for, as they were written.
type dueAsked struct {
	rule, from, jurisdiction, local string
	law.Course
}

// due counts a lawful period and shows how it is counted, or lists the periods there are. It needs no data folder.
func due(_ context.Context, c *console, args []string) int {
	var asked dueAsked
	f := flags("due")
	f.StringVar(&asked.rule, "rule", "", "")
	f.StringVar(&asked.from, "from", "", "")
	f.StringVar(&asked.jurisdiction, "jurisdiction", "", "")
	f.StringVar(&asked.local, "local", "", "")
	f.IntVar(&asked.Extended, "extended", 0, "")
	f.StringVar(&asked.Approved, "approved", "", "")
	f.StringVar(&asked.By, "by", "", "")
	f.Func("paused", "", func(text string) error { asked.Paused = append(asked.Paused, text); return nil })
	list := f.Bool("list", false, "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	switch {
	case *list:
		return dueList(c, asked.jurisdiction, *asJSON)
	case asked.rule == "" || asked.from == "":
		return c.usage("due", c.T("cli.due.needed"))
	}
	answer, err := dueAnswer(c, asked)
	if err != nil { // the law itself cannot fail: what was asked cannot be answered
		c.explain(err)
		return exitUsage
	}
	if *asJSON {
		return c.json(answer)
	}
	answer.print(c)
	return 0
}

// dueDocument is the answer for programs: the deadline with everything that a reader needs to check it by hand.
type dueDocument struct {
	law.DueAnswer
	Set          string              `json:"set"`
	Jurisdiction string              `json:"jurisdiction"`
	Place        string              `json:"place,omitempty"`
	Facts        []dueFact           `json:"facts"`
	Certainty    string              `json:"certainty"`
	Resolution   []dueClaim          `json:"resolution"`
	Promise      *law.DueAnswer      `json:"promise,omitempty"`
	Said         map[string][]string `json:"said"` // the derivation in each language, a line each
}

type dueFact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// dueClaim is a text that sets the period for the place, and how it stands.
type dueClaim struct {
	Set      string `json:"set"`
	Standing string `json:"standing"`
	Title    string `json:"title"`
	From     string `json:"from"`
	Until    string `json:"until,omitempty"`
	Since    string `json:"adopted_since,omitempty"`
	dueFact
}

func (a dueDocument) print(c *console) {
	c.line(string(a.Rule) + " " + a.Name + " · " + a.Article)
	for _, claim := range a.Resolution {
		c.fact(claim.dueFact)
	}
	for _, fact := range a.Facts {
		c.fact(fact)
	}
	c.line("")
	for _, line := range a.Said[string(c.Lang())] {
		c.line(line)
	}
	c.line("")
	if a.LegalEnd.Known() {
		c.say("cli.due.ends", "nominal", a.NominalEnd, "legal", a.LegalEnd, "safe", a.SafeEnd)
	} else {
		c.say("cli.due.open")
	}
	if a.Promise != nil {
		c.say("cli.due.promise", "article", a.Promise.Article, "legal", a.Promise.LegalEnd)
	}
	if a.Provisional {
		c.say("cli.due.provisional")
	}
}

func (c *console) fact(f dueFact) { c.say("cli.due.fact", "label", f.Label, "text", f.Text) }

var ruleForm = regexp.MustCompile(`^D[0-9]{2}[a-z]?$`)

func dueAnswer(c *console, asked dueAsked) (dueDocument, error) {
	book := law.DefaultBook()
	if !ruleForm.MatchString(asked.rule) {
		return dueDocument{}, errs.E(errs.Invalid, "cli.due.rule", "rule", asked.rule, "rules", book.IDs())
	}
	from, err := law.ParseDay(asked.from)
	if err != nil {
		return dueDocument{}, err
	}
	place, err := placeName(asked.jurisdiction)
	if err != nil {
		return dueDocument{}, err
	}
	adopted := adoptions(book, asked)
	found, err := book.Resolve(law.RuleID(asked.rule), asked.jurisdiction, from, adopted...)
	if err != nil {
		return dueDocument{}, err
	}
	calendar := law.DefaultCalendar()
	options, err := asked.Options(found.Rule, from, calendar)
	if err != nil {
		return dueDocument{}, asFlags(err)
	}
	r, deadline := found.Rule, law.Compute(found.Rule, from, calendar, options...)
	a := dueDocument{
		DueAnswer: law.Answer(deadline, r, c.Say), Set: found.Claims[0].Set.ID, Jurisdiction: asked.jurisdiction, Place: place, Certainty: r.Certainty.String(),
		Facts: c.facts(r.Describe()), Said: map[string][]string{},
	}
	if note := found.Claims[0].Set.Note; note != "" {
		a.Facts = append(a.Facts, c.facts([]law.Line{{Label: "law.label.note", Code: "law.text", Args: []errs.Arg{{Key: "text", Value: note}, {Key: "text_en", Value: found.Claims[0].Set.NoteEn}}}})...)
	}
	for i, line := range found.Explain() {
		claim := found.Claims[i]
		a.Resolution = append(a.Resolution, dueClaim{
			Set: claim.Set.ID, Standing: string(claim.Standing), Title: c.Either(claim.Set.Title, claim.Set.TitleEn), From: claim.Set.From.String(),
			Until: claim.Set.Until.String(), Since: claim.Since.String(), dueFact: c.facts([]law.Line{line})[0],
		})
		if claim.Standing == law.Promised {
			promise := law.Answer(law.Compute(claim.Rule, from, calendar), claim.Rule, c.Say)
			a.Promise = &promise
		}
	}
	catalog, err := i18n.Load()
	if err != nil {
		return dueDocument{}, err
	}
	for _, lang := range i18n.Langs() {
		a.Said[string(lang)] = said(catalog.For(lang), law.Answer(deadline, r, catalog.For(lang).Say))
	}
	return a, nil
}

// said is the derivation, a line for each step; an arrow leads the one that says the last day in law.
func said(t *i18n.Speaker, a law.DueAnswer) []string {
	lines := make([]string, 0, len(a.Derivation))
	for _, s := range a.Derivation {
		mark := "  "
		if s.Result {
			mark = "→ "
		}
		line := mark + t.FullDay(s.Day) + "  " + s.Text
		if s.Why != "" {
			line += t.T("cli.due.why", "why", s.Why)
		}
		lines = append(lines, line)
	}
	return lines
}

// asFlags names the fields of an error as the flags they were given by.
func asFlags(err error) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	fields := slices.Clone(e.Fields)
	for i := range fields {
		fields[i].Path = "--" + fields[i].Path
	}
	return errs.Fields(fields)
}

// adoptions are the local sets to apply: those that are named, or with "all" those of the place.
func adoptions(book *law.Book, asked dueAsked) []law.Adoption {
	if asked.local == "all" {
		if asked.jurisdiction == "" {
			return nil
		}
		return book.Adoptable(asked.jurisdiction)
	}
	var out []law.Adoption
	for id := range strings.SplitSeq(asked.local, ",") {
		if id = strings.TrimSpace(id); id != "" {
			out = append(out, law.Adoption{Set: id})
		}
	}
	return out
}

// placeName returns the name of a place, empty for the country. A code that no place has is an error that names its neighbours.
func placeName(code string) (string, error) {
	if err := law.CheckPlace(code); err != nil || code == "" {
		return "", err
	}
	number, err := strconv.ParseInt(code, 10, 64)
	if err != nil {
		return "", err
	}
	places, err := gazetteer.Open()
	if err != nil {
		return "", err
	}
	if _, known := places.Place(number); known {
		return places.FullName(number), nil
	}
	parent := gazetteer.ParentCode(number)
	for parent != 0 {
		if _, known := places.Place(parent); known {
			break
		}
		parent = gazetteer.ParentCode(parent)
	}
	children, err := places.Children(parent)
	if err != nil {
		return "", err
	}
	choices := make([]string, len(children))
	for i, p := range children {
		choices[i] = strconv.FormatInt(p.Code, 10) + " " + p.Name
	}
	return "", errs.E(errs.NotFound, "cli.due.place", "value", code, "places", choices)
}

// dueList lists every period: of one place with its local sets, or of all.
func dueList(c *console, jurisdiction string, asJSON bool) int {
	if _, err := placeName(jurisdiction); err != nil {
		c.explain(err)
		return exitUsage
	}
	book := law.DefaultBook()
	type row struct {
		Rule    law.RuleID `json:"rule"`
		Name    string     `json:"name"`
		Length  string     `json:"length"`
		Article string     `json:"article"`
		Facts   []dueFact  `json:"facts"`
	}
	type listed struct {
		Set          string  `json:"set"`
		Title        string  `json:"title"`
		Jurisdiction string  `json:"jurisdiction"`
		From         law.Day `json:"from"`
		Until        law.Day `json:"until"`
		Adopt        bool    `json:"adopt"`
		Promise      bool    `json:"promise"`
		Rules        []row   `json:"rules"`
	}
	var out []listed
	for _, set := range book.Sets() {
		if jurisdiction != "" && !strings.HasPrefix(jurisdiction, set.Jurisdiction) {
			continue
		}
		l := listed{
			Set: set.ID, Title: c.Either(set.Title, set.TitleEn), Jurisdiction: set.Jurisdiction, From: set.From, Until: set.Until, Adopt: set.Adopt, Promise: set.Promise,
		}
		for _, r := range book.RulesOf(set.ID) {
			code, args := r.Length()
			l.Rules = append(l.Rules, row{
				Rule: r.ID, Name: c.T(r.NameCode), Length: c.Say(code, args), Article: c.Either(r.Article, r.ArticleEn), Facts: c.facts(r.Describe()),
			})
		}
		out = append(out, l)
	}
	if asJSON {
		return c.json(out)
	}
	for i, l := range out {
		if i > 0 {
			c.line("")
		}
		key := "cli.due.set"
		if l.Adopt {
			key = "cli.due.set.local"
		}
		c.say(key, "set", l.Set, "title", l.Title, "from", l.From.String(), "until", l.Until.String())
		for _, r := range l.Rules {
			c.line("  " + string(r.Rule) + strings.Repeat(" ", len("D00a ")-len(r.Rule)) + c.T("cli.due.row", "name", r.Name, "length", r.Length, "article", r.Article))
		}
	}
	return 0
}

// facts puts what is to be said of a rule into words.
func (c *console) facts(lines []law.Line) []dueFact {
	out := make([]dueFact, len(lines))
	for i, l := range lines {
		out[i] = dueFact{Label: c.T(l.Label), Text: c.Say(l.Code, l.Args)}
	}
	return out
}

// json writes a value for programs.
func (c *console) json(v any) int {
	if err := encode(c.out, v); err != nil {
		return c.fail(err)
	}
	return 0
}

func encode(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}
