// Package reply reads a reply before it leaves: does it answer each demand, do the articles it cites exist, is what it says of the remedy right, does it say who
// others are, is it another reply copied. It is told everything, keeps nothing and decides nothing: each finding says what is asked for, by which article,
// and where in the text; a person goes on or does not.
//
// A finding is a must only where it is certain: read off the law as it is held here, off the clock, or off what the office knows. What is likely is a should.
package reply

import (
	"cmp"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/find"
	"huiyin/internal/law"
	"huiyin/internal/matter"
)

// Severity is how much a finding weighs.
type Severity string

// The severities. What must be mended needs a reason to go on with.
const (
	Must   Severity = "must"
	Should Severity = "should"
)

// Code names a rule. Its text is reply.<code>, with the arguments of the finding.
type Code string

// The rules, in the order in which their findings are told.
const (
	Silent       Code = "silent"         // a demand has no answer
	NoFacts      Code = "no_facts"       // the reply has no facts and reasons
	NoBasis      Code = "no_basis"       // it names no basis, and has to
	ArticleNone  Code = "article_none"   // a text of law known here has no such article: law, n, last
	RemedyNone   Code = "remedy_none"    // it names a remedy where there is none: word
	RemedyStage  Code = "remedy_stage"   // it names that of another stage: word
	RemedyTerm   Code = "remedy_term"    // its period is another one: is, n, unit
	RemedyDay    Code = "remedy_day"     // its last day is another one: is, day
	Person       Code = "person"         // somebody else's name, number or telephone
	IDNumber     Code = "id_number"      // an identity number, whoever's
	Formula      Code = "formula"        // the facts of an answer are set phrases only
	Uncited      Code = "uncited"        // a basis names no text
	LawEnded     Code = "law_ended"      // a text of law is no longer in force: law, day
	LawEarly     Code = "law_early"      // it is not in force yet: law, day
	LawUnknown   Code = "law_unknown"    // the text, or its articles, are not known here: law
	RemedyDayYet Code = "remedy_day_yet" // a last day is named before the day of service is known: is
	Mobile       Code = "mobile"         // a mobile number, whoever's
	Copy         Code = "copy"           // most of it stands in another reply: percent
)

// Codes lists the rules.
func Codes() []Code {
	return []Code{
		Silent, NoFacts, NoBasis, ArticleNone, RemedyNone, RemedyStage, RemedyTerm, RemedyDay, Person, IDNumber,
		Formula, Uncited, LawEnded, LawEarly, LawUnknown, RemedyDayYet, Mobile, Copy,
	}
}

// Severity is how much a finding of the rule weighs.
func (c Code) Severity() Severity {
	if slices.Index(Codes(), c) <= slices.Index(Codes(), IDNumber) {
		return Must
	}
	return Should
}

// Article is the one that asks for what the rule looks at, as catalogues name it; empty where the rule is the office's own. Tier is whose reply it is.
func (c Code) Article(tier matter.Tier) string {
	switch c {
	case Silent, NoFacts, NoBasis, Formula, Uncited, ArticleNone, LawEnded, LawEarly, LawUnknown:
		return "art32"
	case RemedyNone, RemedyStage, RemedyTerm, RemedyDay, RemedyDayYet:
		if tier == matter.TierFirst {
			return "art35"
		}
		return "art36"
	case Person, IDNumber, Mobile:
		return "pipl25"
	case Copy:
	}
	return ""
}

// Finding is one thing that a reader found.
type Finding struct {
	Code     Code
	Severity Severity
	Article  string
	Demand   int          // whose answer it is in; zero for the reply as a whole
	Field    string       // of the form in which it stands, or is missing: "facts", "answers.0.basis"
	At       []find.Range // where in that field, in order; empty where something is missing
	Args     []errs.Arg   // for the text of the code
	Matter   matter.Ref   // whose reply it is like
}

// Musts are the findings that need a reason to go on with.
func Musts(list []Finding) []Finding {
	var out []Finding
	for _, f := range list {
		if f.Severity == Must {
			out = append(out, f)
		}
	}
	return out
}

// Part is what a text of a reply is.
type Part int

// The parts.
const (
	Facts Part = iota
	Basis
	Other // a promise
)

// Text is one field of a reply.
type Text struct {
	Field  string
	Part   Part
	Demand int // zero for the reply as a whole
	Words  string
}

// Reply is what is read.
type Reply struct {
	Texts   []Text
	Demands []int // those that want an answer
	Basis   bool  // a basis has to be named: it is an opinion, not the answer to a suggestion or an enquiry
}

// Remedy is what the law gives against the reply.
type Remedy struct {
	Tier  matter.Tier // what may be asked for; TierFirst where nothing more may
	N     int         // the period, zero where the law sets none
	Unit  law.Unit
	Until law.Day // NoDay while the day of service is open
}

// Known is a thing that tells who somebody is. No finding repeats it.
type Known struct {
	Name, IDNumber, Phone string
}

// Earlier is the reply on another matter.
type Earlier struct {
	Ref   matter.Ref
	Words string // its facts
}

// Around is what a reply is read against.
type Around struct {
	Tier    matter.Tier // whose reply it is
	Day     law.Day     // on which it leaves
	Laws    string      // the rules that the matter keeps, as law.RuleSet.ID gives them: they count as in force
	Remedy  Remedy
	People  []Known   // who may not be recognised in it
	Replies []Earlier // with which it is compared
	Phrases string    // the text of the template, which all replies share
}

// Check reads a reply and returns what it finds, what must be mended first.
func (b *Book) Check(r Reply, a Around) []Finding {
	c := check{Book: b, Around: a, cited: map[string][]Citation{}}
	c.answers(r)
	c.articles(r)
	for _, t := range r.Texts {
		c.remedies(t)
		c.people(t)
	}
	c.copies(r)
	slices.SortStableFunc(c.found, func(x, y Finding) int {
		return cmp.Compare(slices.Index(Codes(), x.Code), slices.Index(Codes(), y.Code))
	})
	return c.found
}

// check is one reading.
type check struct {
	*Book
	Around
	found []Finding
	cited map[string][]Citation // by the texts that were read
}

// citations are those of a text, which is read once.
func (c *check) citations(words string) []Citation {
	list, read := c.cited[words]
	if !read {
		list = c.Citations(words)
		c.cited[words] = list
	}
	return list
}

// say adds a finding; pairs are the arguments of its text.
func (c *check) say(code Code, t Text, at []find.Range, pairs ...any) *Finding {
	f := Finding{Code: code, Severity: code.Severity(), Article: code.Article(c.Tier), Demand: t.Demand, Field: t.Field, At: at, Args: errs.F(t.Field, string(code), pairs...).Args}
	c.found = append(c.found, f)
	return &c.found[len(c.found)-1]
}

// answers holds that each demand is answered, with facts and basis that say something.
func (c *check) answers(r Reply) {
	for _, n := range r.Demands {
		if !slices.ContainsFunc(r.Texts, func(t Text) bool { return t.Demand == n && t.Part == Facts && !blank(t.Words) }) {
			at := Text{Demand: n}
			for _, t := range r.Texts {
				if t.Demand == n && t.Part == Facts {
					at.Field = t.Field
				}
			}
			c.say(Silent, at, nil, "n", n)
		}
	}
	for _, t := range r.Texts {
		switch {
		case t.Part == Facts && t.Demand == 0 && blank(t.Words):
			c.say(NoFacts, t, nil)
		case t.Part == Basis && t.Demand == 0 && r.Basis && blank(t.Words):
			c.say(NoBasis, t, nil)
		case t.Part == Facts && t.Demand != 0 && !blank(t.Words) && c.bare(t.Words):
			c.say(Formula, t, whole(t.Words), "n", t.Demand)
		case t.Part == Basis && r.Basis && !blank(t.Words) && len(c.citations(t.Words)) == 0:
			c.say(Uncited, t, whole(t.Words))
		}
	}
}

// leastSaid is how many characters beside set phrases say something.
const leastSaid = 3

// bare reports whether a text holds set phrases only.
func (b *Book) bare(words string) bool {
	said := find.Read(b.formulas.Replace(words)).Len()
	return said < leastSaid
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func whole(s string) []find.Range { return []find.Range{{From: 0, To: len(s)}} }
