package law

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
)

const (
	maxN      = 36600 // a hundred years of days
	maxMonths = 1200  // and of months
	maxSteps  = 20    // thresholds of one set
)

// The kinds of a set.
const (
	kindLaw     = "law"     // it binds
	kindPromise = "promise" // a place's own aim, stricter than the law, whose clock stays beside it
)

// SubjectPetition is the subject of the law by which matters run. Every other subject is a neighbour's.
const SubjectPetition = "petition"

// ruleSetDoc is a file of rules, described for its authors by rules/schema.json; its keys mean what the fields of Rule
// and SetInfo mean.
type ruleSetDoc struct {
	ID             string      `json:"id"`
	Subject        string      `json:"subject"` // absent means petition
	Kind           string      `json:"kind"`    // absent means law
	Adopt          bool        `json:"adopt"`
	Jurisdiction   string      `json:"jurisdiction"`
	Place          string      `json:"place"`
	PlaceEn        string      `json:"place_en"`
	From           string      `json:"from"`
	Until          string      `json:"until"` // the last day in force; "" while it is in force
	Title          string      `json:"title"`
	TitleEn        string      `json:"title_en"`
	Articles       int         `json:"articles"`
	Source         string      `json:"source"`
	Note           string      `json:"note"`
	NoteEn         string      `json:"note_en"`
	RollByAnalogy  *bool       `json:"roll_by_analogy"` // absent means on
	SoonDays       int         `json:"soon_days"`
	SoonSteps      []soonStep  `json:"soon_steps"`
	StartArticle   string      `json:"start_article"`
	StartArticleEn string      `json:"start_article_en"`
	RollArticle    string      `json:"roll_article"` // for every rule that rolls and names no other
	RollArticleEn  string      `json:"roll_article_en"`
	Figures        []figureDoc `json:"figures"`
	Rules          []ruleDoc   `json:"rules"`
}

// soonStep is a threshold of the lights: periods of up to so many calendar days turn to soon so many days before the end.
type soonStep struct {
	UpToDays int `json:"up_to_days"`
	Days     int `json:"days"`
}

type ruleDoc struct {
	ID             string `json:"id"`
	N              int    `json:"n"`
	Unit           string `json:"unit"`
	SetBy          string `json:"set_by"` // for named_day alone; absent means document
	Before         bool   `json:"before"`
	Least          bool   `json:"least"`
	Roll           string `json:"roll"`
	RollByAnalogy  bool   `json:"roll_by_analogy"`
	RollArticle    string `json:"roll_article"`
	RollArticleEn  string `json:"roll_article_en"`
	Side           string `json:"side"`
	Bound          string `json:"bound"`
	BoundEn        string `json:"bound_en"`
	Trigger        string `json:"trigger"`
	ExtendN        int    `json:"extend_n"`
	ExtendBy       string `json:"extend_by"`
	Pause          string `json:"pause"`
	PauseArticle   string `json:"pause_article"`
	PauseArticleEn string `json:"pause_article_en"`
	Article        string `json:"article"`
	ArticleEn      string `json:"article_en"`
	Consequence    string `json:"consequence"`
	ConsequenceEn  string `json:"consequence_en"`
	Certainty      string `json:"certainty"` // absent means text
	Note           string `json:"note"`
	NoteEn         string `json:"note_en"`
	Source         string `json:"source"`
}

var (
	ruleIDForm = regexp.MustCompile(`^D[0-9]{2}[a-z]?$`)
	setIDForm  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	codeForm   = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	placeForm  = regexp.MustCompile(`^[0-9]*$`)
)

// loadSet reads one file of rules. Field errors carry the path inside the document after the name of the file.
func loadSet(file string, data []byte) (*set, error) {
	var doc ruleSetDoc
	if err := decode(data, &doc); err != nil {
		return nil, err
	}
	p := &problems{prefix: file + ": "}
	s := doc.head(p)
	p.need(len(doc.Rules) > 0, "rules", "law.field.required")
	analogy := doc.RollByAnalogy == nil || *doc.RollByAnalogy
	for i, d := range doc.Rules {
		if d.RollArticle == "" && d.RollArticleEn == "" {
			d.RollArticle, d.RollArticleEn = doc.RollArticle, doc.RollArticleEn
		}
		r := d.rule(p, "rules."+strconv.Itoa(i)+".")
		r.SoonDays, r.StartArticle, r.StartArticleEn = doc.soon(r), doc.StartArticle, doc.StartArticleEn
		if r.RollByAnalogy && !analogy {
			r.Roll, r.RollByAnalogy = RollNone, false
		}
		if r.Roll == RollNone {
			r.RollArticle, r.RollArticleEn = "", ""
		}
		_, twice := s.rules[r.ID]
		p.need(!twice, "rules."+strconv.Itoa(i)+".id", "law.rule.twice", "rule", d.ID)
		s.rules[r.ID] = r
	}
	if len(p.fields) > 0 {
		return nil, p.err()
	}
	return s, nil
}

// head reads what a set says of itself.
func (doc *ruleSetDoc) head(p *problems) *set {
	if doc.Subject == "" {
		doc.Subject = SubjectPetition
	}
	if doc.Kind == "" {
		doc.Kind = kindLaw
	}
	s := &set{
		SetInfo: SetInfo{
			ID: doc.ID, Subject: doc.Subject, Promise: doc.Kind == kindPromise, Adopt: doc.Adopt, Jurisdiction: doc.Jurisdiction,
			Place: doc.Place, PlaceEn: doc.PlaceEn, From: p.day("from", doc.From), Title: doc.Title, TitleEn: doc.TitleEn, Articles: doc.Articles, Source: doc.Source,
			Note: doc.Note, NoteEn: doc.NoteEn,
		},
		rules: map[RuleID]Rule{}, figures: doc.figures(p),
	}
	if doc.Until != "" {
		s.Until = p.day("until", doc.Until)
		p.need(!s.Until.Known() || s.Until >= s.From, "until", "law.field.order", "from", s.From)
	}
	p.need(setIDForm.MatchString(doc.ID), "id", "law.set.id")
	p.need(setIDForm.MatchString(doc.Subject), "subject", "law.set.subject")
	p.word("kind", doc.Kind, kindLaw, kindPromise)
	p.need(placeLevel(doc.Jurisdiction), "jurisdiction", "law.jurisdiction.bad", "value", doc.Jurisdiction)
	p.need(!s.Promise || doc.Adopt, "adopt", "law.set.promise")
	p.need(!doc.Adopt || doc.Jurisdiction != "", "adopt", "law.set.adopt")
	if doc.Jurisdiction != "" {
		p.text("place", doc.Place)
		p.text("place_en", doc.PlaceEn)
	}
	p.text("title", doc.Title)
	p.text("title_en", doc.TitleEn)
	p.text("source", doc.Source)
	p.both("note", doc.Note, doc.NoteEn)
	p.need(doc.Articles >= 0 && doc.Articles <= maxN, "articles", "law.rule.n", "max", maxN)
	p.text("start_article", doc.StartArticle)
	p.text("start_article_en", doc.StartArticleEn)
	p.need(doc.SoonDays >= 0 && doc.SoonDays <= maxN, "soon_days", "law.rule.n", "max", maxN)
	p.need(len(doc.SoonSteps) <= maxSteps, "soon_steps", "law.rule.n", "max", maxSteps)
	for i, step := range doc.SoonSteps {
		at := "soon_steps." + strconv.Itoa(i)
		p.need(step.UpToDays >= 1 && step.UpToDays <= maxN, at+".up_to_days", "law.rule.n", "max", maxN)
		p.need(step.Days >= 0 && step.Days <= maxN, at+".days", "law.rule.n", "max", maxN)
		p.need(i == 0 || step.UpToDays > doc.SoonSteps[i-1].UpToDays, at+".up_to_days", "law.set.steps")
	}
	return s
}

// The calendar days that a unit stands for, to find the threshold of a period's length.
const (
	daysOfWeek     = 7
	workDaysOfWeek = 5
	daysOfMonth    = 30
	daysOfYear     = 365
)

// soon returns how many days before its end a period of this set turns to soon: by the first step that reaches its
// length, otherwise by soon_days.
func (doc *ruleSetDoc) soon(r Rule) int {
	length := r.N
	switch r.Unit {
	case WorkingDays:
		length = (r.N*daysOfWeek + workDaysOfWeek - 1) / workDaysOfWeek
	case Months:
		length = r.N * daysOfMonth
	case Years:
		length = r.N * daysOfYear
	case NamedDay:
		return doc.SoonDays
	case CalendarDays:
	}
	for _, step := range doc.SoonSteps {
		if length <= step.UpToDays {
			return step.Days
		}
	}
	return doc.SoonDays
}

func (d ruleDoc) rule(p *problems, at string) Rule {
	if d.Unit == NamedDay.String() && d.SetBy == "" {
		d.SetBy = SetBys()[0]
	}
	if d.Certainty == "" {
		d.Certainty = Certain.String()
	}
	r := Rule{
		ID: RuleID(d.ID), NameCode: "law.rule." + d.ID, N: d.N, SetBy: d.SetBy, Before: d.Before, Least: d.Least, RollByAnalogy: d.RollByAnalogy,
		RollArticle: d.RollArticle, RollArticleEn: d.RollArticleEn, Bound: d.Bound, BoundEn: d.BoundEn, Trigger: d.Trigger, ExtendN: d.ExtendN,
		ExtendBy: d.ExtendBy, Pause: d.Pause, PauseArticle: d.PauseArticle, PauseArticleEn: d.PauseArticleEn, Article: d.Article, ArticleEn: d.ArticleEn,
		Consequence: d.Consequence, ConsequenceEn: d.ConsequenceEn, Note: d.Note, NoteEn: d.NoteEn, Source: d.Source,
		Unit:      Unit(p.word(at+"unit", d.Unit, unitWords()...)),
		Roll:      Roll(p.word(at+"roll", d.Roll, rollWords()...)),
		Side:      Side(p.word(at+"side", d.Side, sideWords()...)),
		Certainty: Certainty(p.word(at+"certainty", d.Certainty, certainties()...)),
	}
	d.checkLength(p, at, r)
	d.checkChange(p, at, r)
	p.need(ruleIDForm.MatchString(d.ID), at+"id", "law.rule.id")
	p.need(codeForm.MatchString(d.Trigger), at+"trigger", "law.rule.trigger")
	p.text(at+"article", d.Article)
	p.text(at+"article_en", d.ArticleEn)
	p.text(at+"source", d.Source)
	p.both(at+"consequence", d.Consequence, d.ConsequenceEn)
	p.both(at+"note", d.Note, d.NoteEn)
	p.need(r.Certainty == Certain || d.Note != "", at+"note", "law.rule.certainty")
	if r.Side == SideOther {
		p.text(at+"bound", d.Bound)
		p.text(at+"bound_en", d.BoundEn)
	} else {
		p.need(d.Bound == "" && d.BoundEn == "", at+"bound", "law.rule.bound")
	}
	return r
}

// checkLength checks the length and the way it is counted.
func (d ruleDoc) checkLength(p *problems, at string, r Rule) {
	least, most := 1, maxN
	switch r.Unit {
	case NamedDay:
		least, most = 0, 0
		p.word(at+"set_by", d.SetBy, SetBys()...)
	case Months, Years:
		most = maxMonths
	case CalendarDays, WorkingDays:
	}
	p.need(r.N >= least && r.N <= most, at+"n", "law.rule.n", "max", most)
	p.need(r.Unit == NamedDay || d.SetBy == "", at+"set_by", "law.rule.set_by")
	p.need(!r.Before || r.Unit != NamedDay && r.Roll != NextWorking, at+"before", "law.rule.before")
	p.need(!r.Least || r.Unit != NamedDay && !r.Before && r.Roll == RollNone, at+"least", "law.rule.least")
}

// checkChange checks what moves the end: the roll, the extension, the pause.
func (d ruleDoc) checkChange(p *problems, at string, r Rule) {
	most := maxN
	if r.Unit == Months || r.Unit == Years {
		most = maxMonths
	}
	p.need(r.ExtendN >= 0 && r.ExtendN <= most, at+"extend_n", "law.rule.n", "max", most)
	if d.ExtendBy != "" {
		p.word(at+"extend_by", d.ExtendBy, extenders()...)
	}
	p.need(r.ExtendN == 0 || d.ExtendBy != "", at+"extend_by", "law.field.required")
	p.need(d.ExtendBy == "" || !r.Before && !r.Least, at+"extend_by", "law.rule.still")
	p.need(d.Pause == "" || r.Unit != NamedDay && !r.Before && !r.Least, at+"pause", "law.rule.still")
	if d.Pause != "" {
		p.word(at+"pause", d.Pause, pauses()...)
		p.text(at+"pause_article", d.PauseArticle)
		p.text(at+"pause_article_en", d.PauseArticleEn)
	}
	if r.Roll != RollNone {
		p.text(at+"roll_article", d.RollArticle)
		p.text(at+"roll_article_en", d.RollArticleEn)
	}
	p.need(!r.RollByAnalogy || r.Roll != RollNone, at+"roll_by_analogy", "law.rule.analogy")
}

// word returns the place of text among the words that may stand there.
func (p *problems) word(path, text string, words ...string) int {
	i := slices.Index(words, text)
	p.need(i >= 0, path, "law.field.word", "value", text, "words", strings.Join(words, ", "))
	return max(i, 0)
}

func (p *problems) text(path, text string) {
	p.need(strings.TrimSpace(text) != "", path, "law.field.required")
}

// both needs a text in both languages or in none.
func (p *problems) both(path, chinese, english string) {
	if chinese != "" || english != "" {
		p.text(path, chinese)
		p.text(path+"_en", english)
	}
}

// placeLengths are the lengths of division codes by level: the country, province, city, county, town, village.
func placeLengths() []int { return []int{0, 2, 4, 6, 9, 12} }

// CheckPlace reports a code that cannot be a division's of any level, nor "" for the country, as Invalid (law.jurisdiction.bad).
// Whether there is such a place is for the gazetteer to know.
func CheckPlace(code string) error {
	if !placeLevel(code) {
		return errs.E(errs.Invalid, "law.jurisdiction.bad", "value", code)
	}
	return nil
}

// placeLevel reports whether the code names a place of one level: digits, of a level's length.
func placeLevel(code string) bool {
	return placeForm.MatchString(code) && slices.Contains(placeLengths(), len(code))
}
