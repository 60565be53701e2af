package stat

import (
	"cmp"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"slices"
	"sync"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// measuresData lists the measures by the numbers under which they are kept, from 1. It is added to at the end and never changed.
//
//go:embed measures.json
var measuresData []byte

// register is the list read.
type register struct {
	names []Measure // by number, the first empty
	codes map[Measure]int
}

var measures = sync.OnceValue(func() register { //nolint:gochecknoglobals // read once, never changed
	r := register{names: []Measure{""}, codes: make(map[Measure]int)}
	var list []Measure
	if json.Unmarshal(measuresData, &list) == nil { // a test reads all of them
		r.names = append(r.names, list...)
	}
	for i, m := range r.names {
		r.codes[m] = i
	}
	return r
})

// Code is the number under which a measure is kept, 0 for one that is not known.
func (m Measure) Code() int { return measures().codes[m] }

// MeasureOf is the measure kept under a number, "" for none.
func MeasureOf(code int) Measure {
	if list := measures().names; code > 0 && code < len(list) {
		return list[code]
	}
	return ""
}

// Changed is what has to be added to the facts of before to have those of now: what is new, and with the opposite sign what is no more. The order is always the same.
func Changed(before, now []Fact) []Fact {
	type numbered struct { // a fact is large, and is not moved while they are put in order
		*Fact

		measure, sign int
	}
	all, codes := make([]numbered, 0, len(before)+len(now)), measures().codes
	for i := range now {
		all = append(all, numbered{&now[i], codes[now[i].Measure], 1})
	}
	for i := range before {
		all = append(all, numbered{&before[i], codes[before[i].Measure], -1})
	}
	slices.SortFunc(all, func(a, b numbered) int {
		if c := cmp.Compare(a.measure, b.measure); c != 0 {
			return c
		}
		return compareFacts(a.Fact, b.Fact)
	})
	out := make([]Fact, 0, len(all))
	for i := 0; i < len(all); {
		f, n := *all[i].Fact, 0
		for ; i < len(all) && all[i].one() == f.one(); i++ {
			n += all[i].sign * all[i].N
		}
		if f.N = n; n != 0 {
			out = append(out, f)
		}
	}
	return out
}

// one is the fact without its number.
func (f Fact) one() Fact {
	f.N = 0
	return f
}

// format is the first byte of encoded facts.
const format = 1

// Encode writes facts for keeping. What was kept is read by every later version.
func Encode(facts []Fact) []byte {
	facets := map[Facets]int{}
	var list []Facets
	for _, f := range facts {
		if _, had := facets[f.Facets]; !had {
			facets[f.Facets] = len(list)
			list = append(list, f.Facets)
		}
	}
	out := []byte{format}
	text := func(s string) { out = append(binary.AppendUvarint(out, uint64(len(s))), s...) }
	out = binary.AppendUvarint(out, uint64(len(list)))
	for _, f := range list {
		out = binary.AppendVarint(out, f.Place)
		text(f.Category)
		text(string(f.Channel))
		text(string(f.Purpose))
		text(string(f.Level))
		sealed := byte(0)
		if f.Sealed {
			sealed = 1
		}
		out = append(out, sealed)
	}
	out = binary.AppendUvarint(out, uint64(len(facts)))
	for _, f := range facts {
		for _, n := range []int64{
			int64(f.Measure.Code()), int64(f.Basis), int64(f.Day - f.Basis), int64(f.Unit), int64(f.To), int64(f.N), int64(f.Days), int64(facets[f.Facets]),
		} {
			out = binary.AppendVarint(out, n)
		}
	}
	return out
}

// reader takes numbers and texts off the front of bytes; after the first that is not there it gives nothing and bad says so.
type reader struct {
	left []byte
	bad  bool
}

func (r *reader) uint() uint64 {
	if len(r.left) > 0 && r.left[0] < 0x80 { // most are short
		n := uint64(r.left[0])
		r.left = r.left[1:]
		return n
	}
	n, used := binary.Uvarint(r.left)
	r.took(used)
	return n
}

func (r *reader) int() int64 {
	n := r.uint()
	return int64(n>>1) ^ -int64(n&1) // zigzag, as binary.Varint
}

// took goes on.
func (r *reader) took(used int) {
	if used <= 0 {
		r.left, r.bad = nil, true
		return
	}
	r.left = r.left[used:]
}

func (r *reader) text() string {
	n := r.uint()
	if n > uint64(len(r.left)) {
		r.left, r.bad = nil, true
		return ""
	}
	s := string(r.left[:n])
	r.left = r.left[n:]
	return s
}

// many reads how many things follow, each of at least a byte.
func (r *reader) many() int {
	n := r.uint()
	if n > uint64(len(r.left)) {
		r.bad = true
		return 0
	}
	return int(n) //nolint:gosec // at most the length of the bytes
}

// Decode reads encoded facts; nothing of no bytes. Bytes that nobody wrote are errs.Internal "stat.facts".
func Decode(data []byte) ([]Fact, error) {
	if len(data) == 0 {
		return nil, nil
	}
	r := &reader{left: data[1:], bad: data[0] != format}
	facets := make([]Facets, r.many())
	for i := range facets {
		facets[i] = Facets{
			Place: r.int(), Category: r.text(), Channel: matter.Channel(r.text()), Purpose: matter.Purpose(r.text()), Level: matter.Level(r.text()), Sealed: r.uint() == 1,
		}
	}
	facts := make([]Fact, r.many())
	for i := range facts {
		f := Fact{Measure: MeasureOf(int(r.int())), Basis: law.Day(r.int())} //nolint:gosec // as it was written
		f.Day = f.Basis + law.Day(r.int())                                   //nolint:gosec // as it was written
		f.Unit, f.To, f.N, f.Days = org.UnitID(r.int()), org.UnitID(r.int()), int(r.int()), int(r.int())
		at := r.int()
		if r.bad || f.Measure == "" || at < 0 || at >= int64(len(facets)) {
			return nil, errs.E(errs.Internal, "stat.facts")
		}
		f.Facets = facets[at]
		facts[i] = f
	}
	if r.bad || len(r.left) > 0 {
		return nil, errs.E(errs.Internal, "stat.facts")
	}
	return facts, nil
}

// Count is one sum of a cell: of a measure, of a time with so many days, of a day with so many days after it.
type Count struct {
	Measure Measure
	Days    int
}

// Counts are what is added to the sums of a cell, in any order.
type Counts []addend

// addend is so much of what a count is of, which is written in the order in which sums are kept.
type addend struct {
	key uint64
	n   int
}

const (
	halfWord = 32
	noDays   = 1 << 31 // so that days before nought come before it
)

func countKey(code, days int) uint64 {
	return uint64(code)<<halfWord | uint64(uint32(int32(days))^noDays) //nolint:gosec // the number of a measure, days that fit
}

// Add adds to a sum.
func (c *Counts) Add(k Count, n int) { *c = append(*c, addend{countKey(k.Measure.Code(), k.Days), n}) }

// AddTo adds all that was added to each of some others.
func (c *Counts) AddTo(others []*Counts) {
	if c.Nought() {
		return
	}
	for _, o := range others {
		*o = append(*o, *c...)
	}
}

// Nought reports whether all that was added comes to nought.
func (c *Counts) Nought() bool {
	slices.SortFunc(*c, func(a, b addend) int { return cmp.Compare(a.key, b.key) })
	out := (*c)[:0]
	for _, e := range *c {
		if last := len(out) - 1; last >= 0 && out[last].key == e.key {
			out[last].n += e.n
		} else {
			out = append(out, e)
		}
	}
	*c = slices.DeleteFunc(out, func(e addend) bool { return e.n == 0 })
	return len(*c) == 0
}

// Sections are the sums of a cell by the sections that they are kept in.
type Sections map[Section]*Counts

// Onto adds the sums to some that are kept. What is not touched is not read.
func (p Sections) Onto(kept []byte) ([]byte, error) {
	names, named := make([]string, 0, len(p)), make(map[string]*Counts, len(p))
	for part, c := range p {
		name := part.name()
		names, named[name] = append(names, name), c
	}
	slices.Sort(names)
	return namedOnto(kept, names, func(name string, before []byte) ([]byte, error) {
		counts, err := named[name].Onto(before)
		if len(counts) == 1 {
			counts = nil // the format, and nothing behind it
		}
		return counts, err
	})
}

// EachSection reads those parts of a kept cell that it is told apart in by a dimension, with "" all of it, and gives the code of each with its sums (EachCount).
func EachSection(data []byte, by Dim, each func(code string, counts []byte) error) error {
	mark := by.mark()
	r := readBundle(data)
	for r.next() {
		name := string(r.name)
		switch {
		case mark == "" && name != "" || mark != "" && name != "" && name[:1] > mark:
			return nil // they are in order
		case mark != "" && (name == "" || name[:1] < mark):
			continue
		}
		if err := each(name[len(mark):], r.counts); err != nil {
			return err
		}
	}
	if r.bad {
		return errs.E(errs.Internal, "stat.facts")
	}
	return nil
}

// SectionDims are all dimensions in which cells are told apart besides, with "" for all of a cell.
func SectionDims() []Dim {
	return []Dim{"", DimAfter, DimCategory, DimChannel, DimLevel, DimHeld, DimPurpose, DimPlace}
}

// Onto adds the sums to some that are kept.
func (c *Counts) Onto(kept []byte) ([]byte, error) {
	c.Nought()
	left := *c
	out := append(make([]byte, 0, len(kept)+4*len(left)+1), format) //nolint:mnd // bytes that most take
	write := func(code, days, n int) {
		if n != 0 {
			out = binary.AppendVarint(binary.AppendVarint(binary.AppendVarint(out, int64(code)), int64(days)), int64(n))
		}
	}
	next := func() {
		key := left[0].key
		write(int(key>>halfWord), int(int32(uint32(key)^noDays)), left[0].n) //nolint:gosec // as it was written
		left = left[1:]
	}
	err := eachCount(kept, func(code, days, n int) {
		key := countKey(code, days)
		for len(left) > 0 && left[0].key < key {
			next()
		}
		if len(left) > 0 && left[0].key == key {
			n += left[0].n
			left = left[1:]
		}
		write(code, days, n)
	})
	for len(left) > 0 {
		next()
	}
	return out, err
}

// Encode writes sums for keeping, always in the same order.
func (c *Counts) Encode() []byte {
	out, _ := c.Onto(nil) // nothing there is not to be read
	return out
}

// EachCount reads kept sums, one after the other.
func EachCount(data []byte, each func(Count, int)) error {
	names := measures().names
	return eachCount(data, func(code, days, n int) { each(Count{Measure: names[code], Days: days}, n) })
}

// ByMeasure holds what belongs to some measures, by the numbers under which these are kept.
type ByMeasure[T any] struct{ list []*T }

// Of is what belongs to a measure: nothing yet, the first time.
func (b *ByMeasure[T]) Of(m Measure) *T {
	if b.list == nil {
		b.list = make([]*T, len(measures().names))
	}
	code := m.Code()
	if b.list[code] == nil {
		b.list[code] = new(T)
	}
	return b.list[code]
}

// Has is what belongs to a measure, nil where nothing does.
func (b *ByMeasure[T]) Has(m Measure) *T {
	if b.list == nil {
		return nil
	}
	return b.list[m.Code()]
}

// EachCountOf is EachCount of those measures alone that something belongs to, and gives that with each.
func EachCountOf[T any](data []byte, of ByMeasure[T], each func(*T, Count, int)) error {
	if of.list == nil {
		return nil
	}
	names := measures().names
	return eachCount(data, func(code, days, n int) {
		if has := of.list[code]; has != nil {
			each(has, Count{Measure: names[code], Days: days}, n)
		}
	})
}

// eachCount is the loop in which figures are made: numbers of one byte, as most are, and of three, as days are, are read in it.
func eachCount(data []byte, each func(code, days, n int)) error {
	if len(data) == 0 {
		return nil
	}
	bad, known := data[0] != format, len(measures().names)
	for data = data[1:]; !bad && len(data) > 0; {
		var of [3]int
		for i := range of {
			if len(data) > 0 && data[0] < 0x80 {
				of[i] = int(data[0]>>1) ^ -int(data[0]&1) // zigzag, as binary.Varint
				data = data[1:]
				continue
			}
			if len(data) > 2 && data[1] >= 0x80 && data[2] < 0x80 {
				u := int(data[0]&0x7f) | int(data[1]&0x7f)<<7 | int(data[2])<<14
				of[i], data = u>>1^-(u&1), data[3:]
				continue
			}
			n, used := binary.Varint(data)
			if used <= 0 {
				bad, data = true, nil
				break
			}
			of[i], data = int(n), data[used:]
		}
		if bad = bad || of[0] <= 0 || of[0] >= known; !bad {
			each(of[0], of[1], of[2])
		}
	}
	if bad {
		return errs.E(errs.Internal, "stat.facts")
	}
	return nil
}
