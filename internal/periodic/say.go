package periodic

import (
	"huiyin/internal/law"
	"huiyin/internal/stat"
)

// Link is the figure that a sentence speaks of: an indicator in a period, of one group of a breakdown, of which all, what it is of, or the rest is meant.
type Link struct {
	Indicator string      `json:"indicator,omitempty"`
	Period    stat.Period `json:"period"`
	By        By          `json:"by,omitempty"`
	Group     string      `json:"group,omitempty"`
	Part      string      `json:"part,omitempty"`  // "", "of" or "rest"
	Issue     int64       `json:"issue,omitempty"` // instead of a figure
}

// PartRest is the part of a share that is not counted.
const PartRest = "rest"

// ArgAs is how the value of a sentence is written.
type ArgAs string

// How values are written.
const (
	AsNumber    ArgAs = "number"
	AsPercent   ArgAs = "percent"   // N in hundredths of a percent
	AsPoints    ArgAs = "points"    // N in hundredths of a point
	AsFigure    ArgAs = "figure"    // with its denominator
	AsIndicator ArgAs = "indicator" // by its name, the id in Text
	AsGroup     ArgAs = "group"     // by its name, the code in Text
	AsDay       ArgAs = "day"
	AsText      ArgAs = "text"
	AsWord      ArgAs = "word" // a code that the sentence's text looks up
)

// Arg is a value in a sentence.
type Arg struct {
	Name   string  `json:"name"`
	As     ArgAs   `json:"as"`
	N      int     `json:"n,omitempty"`
	Text   string  `json:"text,omitempty"`
	By     By      `json:"by,omitempty"`
	Day    law.Day `json:"day,omitzero"`
	Figure *Figure `json:"figure,omitempty"`
}

// Sentence is something that a report says: the code of its text, its values, and where it leads.
type Sentence struct {
	Code string `json:"code"`
	Args []Arg  `json:"args"`
	Link Link   `json:"link"`
	Sub  bool   `json:"sub,omitempty"` // it explains the one before
}

// Section is a part of a report.
type Section struct {
	ID        string     `json:"id"`
	Sentences []Sentence `json:"sentences"`
}

// Report is what was found and what is said of it.
type Report struct {
	Facts
	Sections []Section `json:"sections"`
}

func number(name string, n int) Arg    { return Arg{Name: name, As: AsNumber, N: n} }
func percent(name string, n int) Arg   { return Arg{Name: name, As: AsPercent, N: n} }
func points(name string, n int) Arg    { return Arg{Name: name, As: AsPoints, N: n} }
func indicator(id string) Arg          { return Arg{Name: "name", As: AsIndicator, Text: id} }
func group(by By, code string) Arg     { return Arg{Name: "who", As: AsGroup, By: by, Text: code} }
func day(name string, d law.Day) Arg   { return Arg{Name: name, As: AsDay, Day: d} }
func word(name, code string) Arg       { return Arg{Name: name, As: AsWord, Text: code} }
func figure(name string, f Figure) Arg { return Arg{Name: name, As: AsFigure, Figure: &f} }
