package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"huiyin/internal/errs"
)

// mappingVersion is the version of mapping files this package reads.
const mappingVersion = 1

// maxMapping is how large a mapping file may be, in bytes.
const maxMapping = 1 << 20

// Mapping says which column of a foreign file feeds which field of a Record, and how. It comes from a mapping file; the
// form is described in examples/import/README.md.
type Mapping struct {
	Name  string // what the mapping is for, in the words of whoever wrote it
	sheet string
	row   int
	enc   string

	rules  []*rule
	used   map[string]bool // columns that rules read
	ignore map[string]bool // columns that are dropped on purpose
}

// rule fills one field. The steps are taken in the order of the struct.
type rule struct {
	field  string
	target target

	from     []string          // columns; the first text where there is one, all of them joined with several
	sep      string            // between joined texts
	constant *string           // instead of columns
	strip    []string          // beginnings to take off, the first that fits
	extract  *regexp.Regexp    // keeps the group, or the whole match; none is an error unless there is a fallback
	words    map[string]string // their word to ours; "*" is any other, and "*" as our word keeps theirs
	fallback *string           // where nothing is left
	dates    []string          // layouts of an instant
	plusDays string            // column with a number of days to add to an instant
	split    []string          // separators of a list
	cut      bool              // shorten to max instead of refusing
	max      int
	required bool
}

// Options gives the options for Open that the mapping file asks for.
func (m Mapping) Options() Options {
	return Options{Sheet: m.sheet, HeaderRow: m.row, Encoding: m.enc}
}

// Check tells which columns the mapping reads that a file with these columns does not have, before any row is read. It
// says nothing about JSON Lines (nil), where every row brings its own names.
func (m Mapping) Check(columns []string) error {
	if columns == nil {
		return nil
	}
	var missing []errs.Field
	have := strings.Join(columns, ", ")
	for _, r := range m.rules {
		for _, c := range r.columns() {
			if !slices.Contains(columns, c) {
				missing = append(missing, errs.F("fields."+r.field, "intake.mapping.column", "column", c, "have", have))
			}
		}
	}
	return mappingError(missing)
}

func (r *rule) columns() []string {
	if r.plusDays == "" {
		return r.from
	}
	return append(slices.Clone(r.from), r.plusDays)
}

func mappingError(fields []errs.Field) error {
	if len(fields) == 0 {
		return nil
	}
	e := errs.E(errs.Invalid, "intake.mapping.invalid", "n", len(fields))
	e.Fields = fields
	return e
}

// ParseMapping reads a mapping file. It is strict: unknown keys, unknown fields and rules that cannot work are errors,
// all of them told at once, each with its path in the file.
func ParseMapping(data []byte) (Mapping, error) {
	if len(data) > maxMapping {
		return Mapping{}, errs.E(errs.TooLarge, "intake.mapping.toolarge", "max", maxMapping>>20)
	}
	data = []byte(strings.TrimPrefix(string(data), bomUTF8))
	p := &mappingParser{m: Mapping{row: 1, used: map[string]bool{}, ignore: map[string]bool{}}}
	p.file(data)
	if err := mappingError(p.bad); err != nil {
		return Mapping{}, err
	}
	return p.m, nil
}

// mappingParser gathers the mapping and everything that is wrong with it.
type mappingParser struct {
	m   Mapping
	bad []errs.Field
}

func (p *mappingParser) fail(path, code string, pairs ...any) {
	p.bad = append(p.bad, errs.F(path, code, pairs...))
}

// members takes an object of the file apart.
func (p *mappingParser) members(path string, raw json.RawMessage) []member {
	list, err := object(raw)
	if dup, ok := errors.AsType[*duplicateError](err); ok {
		p.fail(path, "intake.mapping.twice", "key", dup.key)
		return nil
	}
	if err != nil {
		p.fail(path, "intake.mapping.json")
		return nil
	}
	return list
}

// value reads a value of the type of into.
func (p *mappingParser) value(path string, raw json.RawMessage, into any) {
	if err := json.Unmarshal(raw, into); err != nil || string(raw) == "null" {
		p.fail(path, "intake.mapping.type", "want", wanted(into))
	}
}

func wanted(into any) string {
	switch into.(type) {
	case *string, **string:
		return `"…"`
	case *int:
		return "1"
	case *bool:
		return "true / false"
	case *[]string:
		return `["…", "…"]`
	case *map[string]string:
		return `{"…": "…"}`
	}
	return "{…}"
}

func (p *mappingParser) file(data []byte) {
	list := p.members("", data)
	if len(p.bad) > 0 {
		return
	}
	version := 0
	var fields json.RawMessage
	for _, m := range list {
		switch m.key {
		case "version":
			p.value(m.key, m.raw, &version)
		case "name":
			p.value(m.key, m.raw, &p.m.Name)
		case "sheet":
			p.value(m.key, m.raw, &p.m.sheet)
		case "header_row":
			p.value(m.key, m.raw, &p.m.row)
		case "encoding":
			p.value(m.key, m.raw, &p.m.enc)
		case "ignore":
			var columns []string
			p.value(m.key, m.raw, &columns)
			for _, c := range columns {
				p.m.ignore[c] = true
			}
		case "fields":
			fields = m.raw
		default:
			p.fail(m.key, "intake.mapping.unknown", "key", m.key,
				"known", "version, name, sheet, header_row, encoding, ignore, fields")
		}
	}
	if version != mappingVersion {
		p.fail("version", "intake.mapping.version", "want", mappingVersion)
	}
	if p.m.row < 1 {
		p.fail("header_row", "intake.mapping.positive")
	}
	if e := p.m.enc; e != "" && e != "utf-8" && e != "gb18030" {
		p.fail("encoding", "intake.mapping.encoding")
	}
	p.fields(fields)
}

func (p *mappingParser) fields(raw json.RawMessage) {
	rules := make(map[string]*rule)
	if raw != nil {
		for _, m := range p.members("fields", raw) {
			path := "fields." + m.key
			t := targetOf(m.key)
			if t.kind == kindNone {
				p.fail(path, "intake.mapping.target", "key", m.key, "known", strings.Join(Targets(), ", "))
				continue
			}
			rules[m.key] = p.rule(path, m.key, t, m.raw)
		}
	}
	for _, name := range Targets() {
		r, ok := rules[name]
		if !ok {
			if targetOf(name).needed {
				p.fail("fields."+name, "intake.mapping.needed")
			}
			continue
		}
		p.m.rules = append(p.m.rules, r)
		for _, c := range r.columns() {
			p.m.used[c] = true
		}
	}
	for _, r := range p.m.rules {
		for _, c := range r.columns() {
			if p.m.ignore[c] {
				p.fail("ignore", "intake.mapping.ignored", "column", c, "field", r.field)
			}
		}
	}
}

func (p *mappingParser) rule(path, field string, t target, raw json.RawMessage) *rule {
	r := &rule{field: field, target: t, max: t.max, required: t.needed}
	var from, extract string
	var join []string
	limit := 0
	for _, m := range p.members(path, raw) {
		at := path + "." + m.key
		switch m.key {
		case "from":
			p.value(at, m.raw, &from)
		case "join":
			p.value(at, m.raw, &join)
		case "sep":
			p.value(at, m.raw, &r.sep)
		case "const":
			p.value(at, m.raw, &r.constant)
		case "strip_prefix":
			p.value(at, m.raw, &r.strip)
		case "extract":
			p.value(at, m.raw, &extract)
		case "map":
			p.value(at, m.raw, &r.words)
		case "default":
			p.value(at, m.raw, &r.fallback)
		case "dates":
			p.value(at, m.raw, &r.dates)
		case "plus_days":
			p.value(at, m.raw, &r.plusDays)
		case "split":
			p.value(at, m.raw, &r.split)
		case "cut":
			p.value(at, m.raw, &r.cut)
		case "max":
			p.value(at, m.raw, &limit)
			if limit < 1 || limit > t.max {
				p.fail(at, "intake.mapping.max", "max", t.max)
			}
			r.max = limit
		case "required":
			var required bool
			p.value(at, m.raw, &required)
			r.required = required || t.needed
		default:
			p.fail(at, "intake.mapping.unknown", "key", m.key, "known",
				"from, join, sep, const, strip_prefix, extract, map, default, dates, plus_days, split, cut, max, required")
		}
	}
	p.origin(path, r, from, join)
	p.extract(path, r, extract)
	p.dates(path, r)
	if len(r.split) > 0 && t.kind != kindList || slices.Contains(r.split, "") {
		p.fail(path+".split", "intake.mapping.split")
	}
	p.codes(path, r)
	return r
}

// origin sees that a rule says once where its value comes from.
func (p *mappingParser) origin(path string, r *rule, from string, join []string) {
	given := 0
	if from != "" {
		r.from = []string{from}
		given++
	}
	if join != nil {
		r.from = join
		given++
	}
	if r.constant != nil {
		given++
	}
	if given != 1 || r.constant == nil && (len(r.from) == 0 || slices.Contains(r.from, "")) {
		p.fail(path, "intake.mapping.origin")
	}
}

func (p *mappingParser) extract(path string, r *rule, pattern string) {
	if pattern == "" {
		return
	}
	re, err := regexp.Compile(pattern)
	if err != nil || re.NumSubexp() > 1 {
		p.fail(path+".extract", "intake.mapping.extract", "pattern", pattern)
		return
	}
	r.extract = re
}

func (p *mappingParser) dates(path string, r *rule) {
	isInstant := r.target.kind == kindInstant
	if !isInstant && r.dates != nil {
		p.fail(path+".dates", "intake.mapping.nodates")
	}
	if !isInstant && r.plusDays != "" {
		p.fail(path+".plus_days", "intake.mapping.nodates")
	}
	if isInstant && r.constant == nil && len(r.dates) == 0 {
		p.fail(path+".dates", "intake.mapping.dates")
	}
	for i, layout := range r.dates {
		if !validLayout(layout) {
			p.fail(fmt.Sprintf("%s.dates.%d", path, i), "intake.mapping.layout", "layout", layout)
		}
	}
}

// codes sees that what a rule writes into a field of codes is one of them.
func (p *mappingParser) codes(path string, r *rule) {
	check := func(at, value string) {
		if value != "" && value != "*" && !known(r.field, value) {
			p.fail(path+at, "intake.mapping.code", "value", value, "known", codes(r.field))
		}
	}
	if r.constant != nil {
		check(".const", *r.constant)
	}
	if r.fallback != nil {
		check(".default", *r.fallback)
	}
	for _, theirs := range slices.Sorted(maps.Keys(r.words)) {
		check(".map."+theirs, r.words[theirs])
	}
}
