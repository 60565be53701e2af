package stat

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// Bundle are the facts of one month without the matters: of everything that they can be broken down by, so much on each day. It is one cell instead of one for each
// breakdown, and serves as long as it is small.
type Bundle map[string]map[uint64]int // by facets as they are written, then by [moment]

// MostBundle is how many bytes a month has for which one cell serves.
const MostBundle = 16 << 10

// Moment is when in the month something is counted, and what.
type Moment struct {
	Day int // of the month; 0 where it does not matter
	Count
}

// key writes a moment in the order in which moments are kept.
func (m Moment) key() uint64 {
	return uint64(m.Day)<<48 | uint64(m.Measure.Code())<<32 | uint64(uint32(m.Days)) //nolint:gosec,mnd // a day of the month, the number of a measure, days that fit
}

func momentOf(key uint64) Moment {
	return Moment{Day: int(key >> 48), Count: Count{Measure: MeasureOf(int(key >> 32 & 0xffff)), Days: int(int32(key))}} //nolint:gosec,mnd // as it was written
}

// Spot is where in a bundle facts like one are counted.
func (w Bundle) Spot(f Fact) map[uint64]int {
	from := f.Unit
	if f.To == 0 {
		from = 0
	}
	key := string(appendSpot(nil, f.Facets, from, f.To))
	if w[key] == nil {
		w[key] = map[uint64]int{}
	}
	return w[key]
}

// AddTo adds to what is counted at a spot; what comes to nought is gone.
func (m Moment) AddTo(spot map[uint64]int, n int) {
	key := m.key()
	if n += spot[key]; n == 0 {
		delete(spot, key)
	} else {
		spot[key] = n
	}
}

func appendSpot(out []byte, f Facets, from, to org.UnitID) []byte {
	out = binary.AppendVarint(binary.AppendVarint(binary.AppendVarint(out, f.Place), int64(from)), int64(to))
	for _, s := range []string{f.Category, string(f.Channel), string(f.Purpose), string(f.Level)} {
		out = append(binary.AppendUvarint(out, uint64(len(s))), s...)
	}
	return out
}

func (r *reader) spot() (f Facets, from, to org.UnitID) {
	f.Place, from, to = r.int(), org.UnitID(r.int()), org.UnitID(r.int())
	f.Category, f.Channel, f.Purpose, f.Level = r.text(), matter.Channel(r.text()), matter.Purpose(r.text()), matter.Level(r.text())
	return f, from, to
}

// spilled is the format of a month that is kept by breakdown, since it has grown.
const spilled = 2

// Spilled is what is kept of such a month.
func Spilled() []byte { return []byte{spilled} }

// IsSpilled reports whether a month is kept by breakdown.
func IsSpilled(data []byte) bool { return len(data) > 0 && data[0] == spilled }

// bundleReader reads kept spots, one after the other, in order.
type bundleReader struct {
	reader

	name, counts []byte // the facets and the counts of one spot
}

func readBundle(data []byte) *bundleReader {
	r := &bundleReader{}
	if len(data) > 0 {
		r.left, r.bad = data[1:], data[0] != format
	}
	return r
}

func (r *reader) bytes() []byte {
	n := r.uint()
	if n > uint64(len(r.left)) {
		r.left, r.bad = nil, true
		return nil
	}
	b := r.left[:n]
	r.left = r.left[n:]
	return b
}

// next goes on to the next spot, and says whether there is one.
func (r *bundleReader) next() bool {
	if r.bad || len(r.left) == 0 {
		r.name = nil
		return false
	}
	r.name, r.counts = r.bytes(), r.bytes()
	return !r.bad
}

// moments reads the counts of a spot.
func moments(data []byte, each func(key uint64, n int)) error {
	r := &reader{left: data}
	known := uint64(len(measures().names))
	for key := uint64(0); len(r.left) > 0 && !r.bad; {
		key += r.uint()
		n := int(r.int())
		if code := key >> 32 & 0xffff; code == 0 || code >= known { //nolint:mnd // as it is written
			r.bad = true
		}
		if !r.bad {
			each(key, n)
		}
	}
	if r.bad {
		return errs.E(errs.Internal, "stat.facts")
	}
	return nil
}

// momentsWriter writes counts in order.
type momentsWriter struct {
	out  []byte
	last uint64
}

func (w *momentsWriter) add(key uint64, n int) {
	if n != 0 {
		w.out, w.last = binary.AppendVarint(binary.AppendUvarint(w.out, key-w.last), int64(n)), key
	}
}

// Onto adds a bundle to one that is kept. What it does not touch is not read.
func (w Bundle) Onto(kept []byte) ([]byte, error) {
	return namedOnto(kept, slices.Sorted(maps.Keys(w)), func(name string, before []byte) ([]byte, error) { return onto(before, w[name]) })
}

// namedOnto goes through what is kept by name, and has what is kept under some names made anew; both are in order. Of what is not named nothing is read, and what has
// come to nothing is gone.
func namedOnto(kept []byte, names []string, anew func(name string, before []byte) ([]byte, error)) ([]byte, error) {
	out := append(make([]byte, 0, len(kept)+256), format) //nolint:mnd // what a few facts take
	write := func(name string, counts []byte) {
		if len(counts) > 0 {
			out = append(binary.AppendUvarint(out, uint64(len(name))), name...)
			out = append(binary.AppendUvarint(out, uint64(len(counts))), counts...)
		}
	}
	r := readBundle(kept)
	more := r.next()
	for more || len(names) > 0 {
		order := -1 // a kept one is next
		switch {
		case !more:
			order = 1
		case len(names) > 0:
			order = cmp.Compare(string(r.name), names[0])
		}
		if order < 0 {
			write(string(r.name), r.counts)
			more = r.next()
			continue
		}
		var before []byte
		if order == 0 {
			before = r.counts
		}
		counts, err := anew(names[0], before)
		if err != nil {
			return nil, err
		}
		write(names[0], counts)
		names = names[1:]
		if order == 0 {
			more = r.next()
		}
	}
	if r.bad {
		return nil, errs.E(errs.Internal, "stat.facts")
	}
	return out, nil
}

func onto(kept []byte, more map[uint64]int) ([]byte, error) {
	keys := slices.Sorted(maps.Keys(more))
	var w momentsWriter
	err := moments(kept, func(key uint64, n int) {
		for len(keys) > 0 && keys[0] < key {
			w.add(keys[0], more[keys[0]])
			keys = keys[1:]
		}
		if len(keys) > 0 && keys[0] == key {
			n += more[key]
			keys = keys[1:]
		}
		w.add(key, n)
	})
	for _, key := range keys {
		w.add(key, more[key])
	}
	return w.out, err
}

// EachSpot reads a kept bundle: each spot, and a way to read what is counted there. Of a month kept by breakdown there is nothing.
func EachSpot(data []byte, each func(s Spot, counts func(func(Moment, int)) error) error) error {
	if IsSpilled(data) {
		return nil
	}
	r := readBundle(data)
	for r.next() {
		name := &reader{left: r.name}
		f, from, to := name.spot()
		if name.bad || len(name.left) > 0 {
			return errs.E(errs.Internal, "stat.facts")
		}
		if err := each(Spot{f, from, to}, func(one func(Moment, int)) error {
			return moments(r.counts, func(key uint64, n int) { one(momentOf(key), n) })
		}); err != nil {
			return err
		}
	}
	if r.bad {
		return errs.E(errs.Internal, "stat.facts")
	}
	return nil
}

// EachSpot is EachSpot of what is not kept yet, in no order.
func (w Bundle) EachSpot(each func(s Spot, counts func(func(Moment, int)) error) error) error {
	for name, spot := range w {
		r := &reader{left: []byte(name)}
		f, from, to := r.spot()
		if err := each(Spot{f, from, to}, func(one func(Moment, int)) error {
			for key, n := range spot {
				one(momentOf(key), n)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// Spot is what the facts counted together in a bundle have in common.
type Spot struct {
	Facets

	From, To org.UnitID // of a move
}

// Code is the code under which facets are broken down, and whether they are. The day is that of the month.
func (d Dim) Code(f Facets, from, to org.UnitID, day int, town func(place int64) int64) (string, bool) {
	in := func() string { return strconv.FormatInt(town(f.Place), 10) }
	switch d {
	case DimAll, DimBundle:
		return "", true
	case DimDay, DimHolds: // what holds at once
		return DayCode(day), day > 0
	case DimTown:
		return in(), true
	case DimTownDay, DimTownHold:
		return in() + "/" + DayCode(day), day > 0
	case DimPlace:
		return strconv.FormatInt(f.Place, 10), true
	case DimCategory:
		return f.Category, true
	case DimChannel:
		return string(f.Channel), true
	case DimPurpose:
		return string(f.Purpose), true
	case DimLevel:
		return string(f.Level), true
	case DimMove:
		return MoveCode(from, to), to != 0
	case DimSince, DimHeld, DimAfter: // these tell facts apart by their days alone
	}
	return "", false
}
