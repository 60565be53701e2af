package law

import "huiyin/internal/errs"

// Unit is what a period is counted in. The same words ("five days") mean different units in different laws, so the
// unit is a field of each rule.
type Unit int

// The units.
const (
	CalendarDays Unit = iota // every day counts: what a text means that just says days
	WorkingDays              // only days worked by the published calendar count
	Months                   // to the corresponding date (Civil Code, Article 202)
	Years                    // likewise
	NamedDay                 // no length: Rule.SetBy says what sets the last day, and Fixed gives it
)

// Roll says what happens when the last day is not worked.
type Roll int

// The rolls.
const (
	RollNone        Roll = iota // it stays
	NextWorking                 // it moves to the first working day after
	PreviousWorking             // it moves to the last working day before, as paydays do
)

// Side is whose time it is.
type Side int

// The sides. A duty plans for SafeEnd; a right of the petitioner lives through LegalEnd.
const (
	SideUnit       Side = iota // the organ or unit that has the matter
	SidePetitioner             // the petitioner, worker or party whose right it is
	SideOther                  // somebody else: a court, an arbitration commission, a bank; Rule.Bound says who
)

// Certainty is how surely a rule is known to be what its text says today.
type Certainty int

// The certainties. All but the first come with a note that people are shown.
const (
	Certain     Certainty = iota // the text itself was read
	Secondary                    // known from reports or parts of the text
	Unconfirmed                  // common knowledge that no text read confirms
	Differing                    // two texts differ
)

// String returns the word of the data files: text, secondary, unconfirmed or differing.
func (c Certainty) String() string { return word(certainties(), int(c)) }

// RuleID names a period: "D05". The same name means the same duty or right in every rule set.
type RuleID string

// A Rule is one period as one text of law sets it.
type Rule struct {
	ID             RuleID
	NameCode       string // code of its name in the message catalogue
	N              int    // length in Unit; 0 for NamedDay alone
	Unit           Unit
	SetBy          string // of a NamedDay, what sets the day: one of the words of SetBys; empty otherwise
	Before         bool   // counted back from the event: what is to be done must be done that long before it
	Least          bool   // the period has to run out first: what it holds back may be done from the day after
	Roll           Roll
	RollByAnalogy  bool   // the text itself does not roll; RollArticle is applied by analogy
	RollArticle    string // the article that rolls the end, in Chinese
	RollArticleEn  string
	StartArticle   string // the article by which the day of the event is not counted, in Chinese
	StartArticleEn string
	Side           Side
	Bound          string // who is bound, where Side is SideOther
	BoundEn        string
	Trigger        string // code of the event whose day starts it and is not counted: "receipt", "acceptance", …
	ExtendN        int    // longest extension in Unit, granted once and in time; 0 with an ExtendBy means no limit is written
	ExtendBy       string // code of who may extend it and how: "head", "consent", …; empty when it cannot be extended
	Pause          string // code of what stops the count while it lasts: "hearing"; empty when nothing does
	PauseArticle   string
	PauseArticleEn string
	SoonDays       int    // the light turns to soon this many days before the end
	Article        string // the article that sets the period, in Chinese
	ArticleEn      string
	Consequence    string // what follows when it is missed, with its article; empty where no text says so
	ConsequenceEn  string
	Certainty      Certainty
	Note           string // what a reader has to know beside the text; always there unless Certain
	NoteEn         string
	Source         string // where the text was read; "[K]" marks what no text read confirms
}

// SetBys are the words for what sets the last day of a rule without a length: a document that names it; the law's "in
// time" or "at once"; a yearly duty; another act, such as the end of the works; nothing, where no text sets a limit.
func SetBys() []string {
	return []string{"document", "in_time", "at_once", "yearly", "other_act", "nothing"}
}

// extenders are the words for who extends a period: the head of the organ, the president of the court, the director of
// the commission, both parties by consent, the office that assigned the matter, the committee that reviews.
func extenders() []string {
	return []string{"head", "court_president", "director", "consent", "assigner", "committee"}
}

// pauses are the words for what stops the count: a hearing, force majeure, asking a third party, testing, a suspended procedure.
func pauses() []string {
	return []string{"hearing", "force_majeure", "third_party", "examination", "suspension"}
}

func unitWords() []string {
	return []string{"calendar_days", "working_days", "months", "years", "named_day"}
}

func rollWords() []string { return []string{"none", "next_working", "previous_working"} }

func sideWords() []string { return []string{"unit", "petitioner", "other"} }

func certainties() []string { return []string{"text", "secondary", "unconfirmed", "differing"} }

func word(words []string, i int) string {
	if i < 0 || i >= len(words) {
		return ""
	}
	return words[i]
}

// String returns the word of the data files: calendar_days and so on.
func (u Unit) String() string { return word(unitWords(), int(u)) }

// String returns the word of the data files: none, next_working or previous_working.
func (r Roll) String() string { return word(rollWords(), int(r)) }

// String returns the word of the data files: unit, petitioner or other.
func (s Side) String() string { return word(sideWords(), int(s)) }

// Extendable reports whether the period can be extended at all.
func (r Rule) Extendable() bool { return r.ExtendBy != "" }

// ByDocument reports whether a document names the last day.
func (r Rule) ByDocument() bool { return r.Unit == NamedDay && r.SetBy == SetBys()[0] }

// A Line is one thing to be said of a rule: the code of its label and the code of its text with the arguments.
type Line struct {
	Label string
	Code  string
	Args  []errs.Arg
}

// Length says how long the period is, as the code of a text and its arguments.
func (r Rule) Length() (code string, args []errs.Arg) {
	if r.Unit == NamedDay {
		return "law.length.by." + r.SetBy, nil
	}
	code = "law.length." + r.Unit.String()
	switch {
	case r.Before:
		code += ".before"
	case r.Least:
		code += ".least"
	}
	return code, number(r.N)
}

// Describe says everything a reader has to know of a rule, in the order pages and documents show it. What does not
// apply to it is said, too, where its absence is a rule: a period that nothing rolls or extends.
func (r Rule) Describe() []Line {
	length, args := r.Length()
	lines := []Line{
		{Label: "law.label.trigger", Code: "law.trigger." + r.Trigger},
		{Label: "law.label.length", Code: length, Args: args},
		{Label: "law.label.bound", Code: "law.bound." + r.Side.String(), Args: pair("who", r.Bound, r.BoundEn)},
	}
	if r.Unit != NamedDay || r.ByDocument() { // without a last day nothing rolls or extends
		lines = append(lines, r.rollLine(), r.extensionLine())
	}
	if r.Pause != "" {
		lines = append(lines, Line{Label: "law.label.pause", Code: "law.pause." + r.Pause, Args: pair("article", r.PauseArticle, r.PauseArticleEn)})
	}
	if r.Consequence != "" {
		lines = append(lines, Line{Label: "law.label.consequence", Code: "law.text", Args: pair("text", r.Consequence, r.ConsequenceEn)})
	}
	if r.Certainty != Certain {
		lines = append(lines, Line{Label: "law.label.certainty", Code: "law.certainty." + r.Certainty.String()})
	}
	if r.Note != "" {
		lines = append(lines, Line{Label: "law.label.note", Code: "law.text", Args: pair("text", r.Note, r.NoteEn)})
	}
	return lines
}

func (r Rule) rollLine() Line {
	code := "law.roll." + r.Roll.String()
	if r.RollByAnalogy {
		code = "law.roll.analogy"
	}
	return Line{Label: "law.label.roll", Code: code, Args: pair("article", r.RollArticle, r.RollArticleEn)}
}

func (r Rule) extensionLine() Line {
	switch {
	case !r.Extendable():
		return Line{Label: "law.label.extension", Code: "law.extension.none"}
	case r.ExtendN == 0:
		return Line{Label: "law.label.extension", Code: "law.extension.open", Args: []errs.Arg{arg("by", r.ExtendBy)}}
	}
	return Line{Label: "law.label.extension", Code: "law.extension." + r.Unit.String(), Args: append(number(r.ExtendN), arg("by", r.ExtendBy))}
}

// pair is an argument in Chinese under its key and in English under the key with _en.
func pair(key, chinese, english string) []errs.Arg {
	return []errs.Arg{arg(key, chinese), arg(key+"_en", english)}
}
