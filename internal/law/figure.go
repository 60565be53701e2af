package law

import "strconv"

// A Figure is a number of a text that is no period: how many may speak for a group, how many days ahead a hearing is announced.
type Figure struct {
	Name      string // one of FigureNames
	N         int
	Own       bool // no law says so: it is the office's own rule
	Article   string
	ArticleEn string
	Source    string // where the text was read
}

// The figures.
const (
	FigureRepresentatives      = "representatives"       // how many people may speak for a group
	FigureSmallGroup           = "small_group"           // up to how many people a group is a small one
	FigureSmallRepresentatives = "small_representatives" // how many may speak for a small one
	FigureHearingNotice        = "hearing_notice"        // how many days before a hearing its time and place are told, at least
	FigureCourt                = "court"                 // in how many working days the common superior decides what units sent to and fro
	FigureLapse                = "lapse"                 // 1: the text says that an opinion is final once the time to ask for review has passed
)

// FigureNames lists the figures that a set may hold.
func FigureNames() []string {
	return []string{
		FigureRepresentatives, FigureSmallGroup, FigureSmallRepresentatives, FigureHearingNotice, FigureCourt, FigureLapse,
	}
}

// NameCode is the code of its name in the message catalogue.
func (f Figure) NameCode() string { return "law.figure." + f.Name }

type figureDoc struct {
	Name      string `json:"name"`
	N         int    `json:"n"`
	Own       bool   `json:"own"`
	Article   string `json:"article"`
	ArticleEn string `json:"article_en"`
	Source    string `json:"source"`
}

// figures reads the figures of a set.
func (doc *ruleSetDoc) figures(p *problems) map[string]Figure {
	out := map[string]Figure{}
	for i, d := range doc.Figures {
		at := "figures." + strconv.Itoa(i) + "."
		p.word(at+"name", d.Name, FigureNames()...)
		p.need(d.N >= 1 && d.N <= maxN, at+"n", "law.rule.n", "max", maxN)
		p.text(at+"article", d.Article)
		p.text(at+"article_en", d.ArticleEn)
		p.text(at+"source", d.Source)
		_, twice := out[d.Name]
		p.need(!twice, at+"name", "law.rule.twice", "rule", d.Name)
		out[d.Name] = Figure(d)
	}
	return out
}

// Figure returns a number of this law, the nearest place's first. It is false where no text has it.
func (s RuleSet) Figure(name string) (Figure, bool) {
	for _, part := range s.laws() {
		if f, ok := part.figures[name]; ok {
			return f, true
		}
	}
	return Figure{}, false
}
