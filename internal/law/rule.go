package law

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Unit is what a period is counted in. The same words ("five days") mean different units in different laws, so the
// unit is a field of each rule.
type Unit int

// The units.
const (
	CalendarDays Unit = iota // every day counts: what a text means that just says days
	WorkingDays              // only days worked by the published calendar count
	Months                   // to the corresponding date (Civil Code, Article 202)
	Years                    // likewise
	NamedDay                 // no length: the day is named in a document and given by Fixed
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

// The sides. A unit plans for SafeEnd; a right of the petitioner lives through LegalEnd.
const (
	SideUnit Side = iota
	SidePetitioner
)

// RuleID names a period: "D05". The same name means the same duty or right in every rule set.
type RuleID string

// A Rule is one period as one text of law sets it.
type Rule struct {
	ID             RuleID
	NameCode       string // code of its name in the message catalogue
	N              int    // length in Unit; 0 for NamedDay alone
	Unit           Unit
	Roll           Roll
	RollByAnalogy  bool   // the text itself does not roll; RollArticle is applied by analogy
	RollArticle    string // the article that rolls the end, in Chinese
	RollArticleEn  string
	StartArticle   string // the article by which the day of the event is not counted, in Chinese
	StartArticleEn string
	Side           Side
	Trigger        string // code of the event whose day starts it and is not counted: "receipt", "acceptance", …
	ExtendN        int    // longest extension in Unit, granted once and in time; 0 when there is none
	SoonDays       int    // the light turns to soon this many days before the end
	Article        string // the article that sets the period, in Chinese
	ArticleEn      string
	Source         string // where the text was read; "[K]" marks what no text read confirms
}

const (
	maxN      = 36600 // a hundred years of days
	maxMonths = 1200  // and of months
)

// ruleSetDoc is a file of rules; its keys mean what the fields of Rule and set mean.
type ruleSetDoc struct {
	ID             string    `json:"id"`
	Jurisdiction   string    `json:"jurisdiction"`
	From           string    `json:"from"`
	Until          string    `json:"until"` // the last day in force; "" while it is in force
	Title          string    `json:"title"`
	TitleEn        string    `json:"title_en"`
	Source         string    `json:"source"`
	RollByAnalogy  *bool     `json:"roll_by_analogy"` // absent means on
	SoonDays       int       `json:"soon_days"`
	StartArticle   string    `json:"start_article"`
	StartArticleEn string    `json:"start_article_en"`
	RollArticle    string    `json:"roll_article"` // for every rule that rolls and names no other
	RollArticleEn  string    `json:"roll_article_en"`
	Rules          []ruleDoc `json:"rules"`
}

type ruleDoc struct {
	ID            string `json:"id"`
	N             int    `json:"n"`
	Unit          string `json:"unit"`
	Roll          string `json:"roll"`
	RollByAnalogy bool   `json:"roll_by_analogy"`
	RollArticle   string `json:"roll_article"`
	RollArticleEn string `json:"roll_article_en"`
	Side          string `json:"side"`
	Trigger       string `json:"trigger"`
	ExtendN       int    `json:"extend_n"`
	Article       string `json:"article"`
	ArticleEn     string `json:"article_en"`
	Source        string `json:"source"`
}

var (
	ruleIDForm  = regexp.MustCompile(`^D[0-9]{2}[a-z]?$`)
	setIDForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	triggerForm = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	placeForm   = regexp.MustCompile(`^[0-9]*$`)
)

// loadSet reads one file of rules. Field errors carry the path inside the document after the name of the file.
func loadSet(file string, data []byte) (*set, error) {
	var doc ruleSetDoc
	if err := decode(data, &doc); err != nil {
		return nil, err
	}
	p := &problems{prefix: file + ": "}
	s := &set{
		id: doc.ID, jurisdiction: doc.Jurisdiction, title: doc.Title, titleEn: doc.TitleEn, source: doc.Source,
		from: p.day("from", doc.From), until: NoDay, rules: map[RuleID]Rule{},
	}
	if doc.Until != "" {
		s.until = p.day("until", doc.Until)
		p.need(!s.until.Known() || s.until >= s.from, "until", "law.field.order", "from", s.from)
	}
	p.need(setIDForm.MatchString(doc.ID), "id", "law.set.id")
	p.need(placeLevel(doc.Jurisdiction), "jurisdiction", "law.jurisdiction.bad", "value", doc.Jurisdiction)
	p.text("title", doc.Title)
	p.text("title_en", doc.TitleEn)
	p.text("source", doc.Source)
	p.text("start_article", doc.StartArticle)
	p.text("start_article_en", doc.StartArticleEn)
	p.need(doc.SoonDays >= 0 && doc.SoonDays <= maxN, "soon_days", "law.rule.n", "max", maxN)
	p.need(len(doc.Rules) > 0, "rules", "law.field.required")
	analogy := doc.RollByAnalogy == nil || *doc.RollByAnalogy
	for i, d := range doc.Rules {
		if d.RollArticle == "" && d.RollArticleEn == "" {
			d.RollArticle, d.RollArticleEn = doc.RollArticle, doc.RollArticleEn
		}
		r := d.rule(p, "rules."+strconv.Itoa(i)+".")
		r.SoonDays, r.StartArticle, r.StartArticleEn = doc.SoonDays, doc.StartArticle, doc.StartArticleEn
		if r.RollByAnalogy && !analogy {
			r.Roll, r.RollByAnalogy = RollNone, false
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

func (d ruleDoc) rule(p *problems, at string) Rule {
	r := Rule{
		ID: RuleID(d.ID), NameCode: "law.rule." + d.ID, N: d.N, RollByAnalogy: d.RollByAnalogy,
		RollArticle: d.RollArticle, RollArticleEn: d.RollArticleEn, Trigger: d.Trigger, ExtendN: d.ExtendN,
		Article: d.Article, ArticleEn: d.ArticleEn, Source: d.Source,
		Unit: Unit(p.word(at+"unit", d.Unit, "calendar_days", "working_days", "months", "years", "named_day")),
		Roll: Roll(p.word(at+"roll", d.Roll, "none", "next_working", "previous_working")),
		Side: Side(p.word(at+"side", d.Side, "unit", "petitioner")),
	}
	least, most := 1, maxN
	switch r.Unit {
	case NamedDay:
		least, most = 0, 0
	case Months, Years:
		most = maxMonths
	case CalendarDays, WorkingDays:
	}
	p.need(r.N >= least && r.N <= most, at+"n", "law.rule.n", "max", most)
	p.need(r.ExtendN >= 0 && r.ExtendN <= most, at+"extend_n", "law.rule.n", "max", most)
	p.need(ruleIDForm.MatchString(d.ID), at+"id", "law.rule.id")
	p.need(triggerForm.MatchString(d.Trigger), at+"trigger", "law.rule.trigger")
	p.text(at+"article", d.Article)
	p.text(at+"article_en", d.ArticleEn)
	p.text(at+"source", d.Source)
	if r.Roll != RollNone {
		p.text(at+"roll_article", d.RollArticle)
		p.text(at+"roll_article_en", d.RollArticleEn)
	}
	p.need(!r.RollByAnalogy || r.Roll != RollNone, at+"roll_by_analogy", "law.rule.analogy")
	return r
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

// placeLengths are the lengths of division codes by level: the country, province, city, county, town, village.
func placeLengths() []int { return []int{0, 2, 4, 6, 9, 12} }

// placeLevel reports whether the code names a place of one level: digits, of a level's length.
func placeLevel(code string) bool {
	return placeForm.MatchString(code) && slices.Contains(placeLengths(), len(code))
}
