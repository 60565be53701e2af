package law

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"

	"huiyin/internal/errs"
)

//go:embed data/calendar.json rules/*.json
var embedded embed.FS

const (
	maxCalendarDays = 200 * 366
	maxFields       = 50 // of one document; more would only bury the first
)

// DefaultCalendar returns the calendar that ships with the program: 2004 to 2026. It reads the document anew on each
// call, so keep the answer.
func DefaultCalendar() *Calendar {
	data, err := embedded.ReadFile("data/calendar.json")
	if err != nil {
		panic(fmt.Errorf("the embedded calendar: %w", err))
	}
	c, err := LoadCalendar(data)
	if err != nil {
		panic(fmt.Errorf("the embedded calendar: %w", err))
	}
	return c
}

// DefaultBook returns the rule sets that ship with the program. It reads them anew on each call, so keep the answer.
func DefaultBook() *Book {
	files, err := fs.Sub(embedded, "rules")
	if err != nil {
		panic(fmt.Errorf("the embedded rules: %w", err))
	}
	b, err := LoadBook(files)
	if err != nil {
		panic(fmt.Errorf("the embedded rules: %w", err))
	}
	return b
}

type calendarDoc struct {
	Version string              `json:"version"`
	From    string              `json:"from"`
	Until   string              `json:"until"`
	Years   map[string][]string `json:"years"` // year → addresses of its notices
	Names   map[string]string   `json:"names"` // name of a holiday → its English name
	Off     []struct {
		Day  string `json:"day"`
		Name string `json:"name"`
	} `json:"off"`
	Work []string `json:"work"`
}

// LoadCalendar reads a calendar document:
//
//	{"version": "…", "from": "2027-01-01", "until": "2027-12-31",
//	 "years": {"2027": ["address of the notice"]}, "names": {"name": "English name"},
//	 "off": [{"day": "2027-01-01", "name": "…"}], "work": ["2027-01-03"]}
//
// "off" holds the days of a break, the Saturdays and Sundays inside it included if the notice names them; "work" holds
// the Saturdays and Sundays that are worked. Every other day from "from" to "until" is an ordinary one. What is
// wrong comes back as field errors whose paths are those of the document; text that is no such document is
// law.json.bad.
func LoadCalendar(data []byte) (*Calendar, error) {
	var doc calendarDoc
	if err := decode(data, &doc); err != nil {
		return nil, err
	}
	p := &problems{}
	from, until := p.day("from", doc.From), p.day("until", doc.Until)
	p.need(doc.Version != "", "version", "law.field.required")
	if from.Known() && until.Known() {
		p.need(from <= until, "until", "law.field.order", "from", from)
		p.need(int(until)-int(from) < maxCalendarDays, "until", "law.calendar.long", "n", maxCalendarDays/366)
	}
	years := make(map[int][]string, len(doc.Years))
	for text, sources := range doc.Years {
		y, err := strconv.Atoi(text)
		p.need(err == nil && len(text) == len("2006"), "years."+text, "law.calendar.year")
		years[y] = sources
	}
	if len(p.fields) > 0 {
		return nil, p.err()
	}

	c := &Calendar{version: doc.Version, from: from, marks: make([]mark, int(until)-int(from)+1), years: years}
	put := func(path, text string, m func() mark) {
		d := p.day(path, text)
		switch {
		case !d.Known():
		case d < from || d > until:
			p.add(path, "law.calendar.outside", "from", from, "until", until)
		case c.mark(d) != plain:
			p.add(path, "law.calendar.twice", "day", d)
		default:
			c.marks[d-from] = m()
		}
	}
	for i, off := range doc.Off {
		path := "off." + strconv.Itoa(i)
		h := holiday{name: off.Name, english: doc.Names[off.Name]}
		if h.english == "" {
			h.english = h.name
		}
		p.need(h.name != "", path+".name", "law.field.required")
		put(path+".day", off.Day, func() mark { return c.name(h) })
	}
	p.need(len(c.names) < maxNames, "off", "law.calendar.names", "n", maxNames)
	for i, text := range doc.Work {
		path := "work." + strconv.Itoa(i)
		if d, err := ParseDay(text); err == nil && !weekend(d) {
			p.add(path, "law.calendar.not_weekend", "day", d)
			continue
		}
		put(path, text, func() mark { return makeup })
	}
	if len(p.fields) > 0 {
		return nil, p.err()
	}
	return c, nil
}

// decode reads one JSON document strictly: an unknown key is an error, so that a slip of the pen cannot turn a rule
// into a different one in silence.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("more text after the document")
	}
	return errs.E(errs.Invalid, "law.json.bad", "offset", d.InputOffset()).Because(err)
}

// problems gathers the field errors of one document.
type problems struct {
	prefix string
	fields []errs.Field
}

func (p *problems) add(path, code string, pairs ...any) {
	if len(p.fields) < maxFields {
		p.fields = append(p.fields, errs.F(p.prefix+path, code, pairs...))
	}
}

func (p *problems) need(ok bool, path, code string, pairs ...any) {
	if !ok {
		p.add(path, code, pairs...)
	}
}

func (p *problems) day(path, text string) Day {
	d, err := ParseDay(text)
	if err != nil {
		p.add(path, "law.day.bad", "value", text)
	}
	return d
}

func (p *problems) err() error { return errs.Fields(p.fields) }
