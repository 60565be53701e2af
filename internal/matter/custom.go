package matter

import "huiyin/internal/org"

// CustomKey is what customs are counted by. It names no person.
type CustomKey struct {
	Category string
	Unit     org.UnitID
	Place    int64  // the town, or what holds it where no town is known
	Month    string // "2026-09"
}

// Custom says how matters of a category at a place went at a unit.
type Custom struct {
	CustomKey
	Accepted int // taken up by it: accepted, or answered where nothing is to be accepted
	Returned int // it objected and was right
	Moved    int // a superior decided that another unit is responsible
}

// Add adds another's numbers.
func (p *Custom) Add(q Custom) {
	p.Accepted, p.Returned, p.Moved = p.Accepted+q.Accepted, p.Returned+q.Returned, p.Moved+q.Moved
}

// SetsCustom reports whether an event may say whose a matter is.
func SetsCustom(b Body) bool {
	switch b.(type) {
	case Accepted, Replied, ObjectionUpheld, DisputeDecided:
		return true
	default:
		return false
	}
}

// Customs are what the events of a matter say about who takes up matters like it, in their order: each under the category that the matter had
// then, for the unit that had it. A matter in the sealed compartment says nothing, nor does one without a category.
func Customs(events []Event) []Custom {
	var out []Custom
	m := blank()
	for _, e := range events {
		if p, ok := m.custom(e); ok {
			out = append(out, p)
		}
		m.Apply(e)
	}
	return out
}

// longestTown is the greatest code of a town; longer ones are those of villages, with three digits more.
const longestTown, villageDigits = 999_999_999, 1000

// monthLength is that of a day's text without the day of the month.
const monthLength = len("2026-09")

// custom is what the next event says.
func (m *Matter) custom(e Event) (Custom, bool) {
	if !SetsCustom(e.Body) || m.Sealed || m.Category == "" {
		return Custom{}, false
	}
	p := Custom{CustomKey: CustomKey{Category: m.Category, Unit: m.Holder(), Place: m.Place(), Month: e.Day.String()[:monthLength]}}
	for p.Place > longestTown {
		p.Place /= villageDigits
	}
	switch b := e.Body.(type) {
	case Accepted:
		p.Accepted = 1
	case Replied:
		if m.Accepted.Known() || m.Draft != nil || m.Handled.Known() {
			return Custom{}, false // it was counted when it was accepted or answered first
		}
		p.Accepted = 1
	case ObjectionUpheld:
		p.Returned = 1
	case DisputeDecided:
		if b.Unit == p.Unit {
			return Custom{}, false
		}
		p.Moved = 1
	default:
	}
	return p, true
}
