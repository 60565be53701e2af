package law

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"huiyin/internal/errs"
)

// A Book holds every rule set there is, by subject, place and time. It does not change once made.
type Book struct {
	sets []*set // of smaller places first
}

// SetInfo is what a rule set says of itself: one text of law, for one place, for a time.
type SetInfo struct {
	ID           string
	Subject      string // "petition", or what a neighbouring law is about
	Promise      bool   // a place's own aim, not law: the clock of the law stays beside it
	Adopt        bool   // it governs only where the place's office adopted it
	Jurisdiction string // division code; "" for the whole country
	Place        string // its name
	PlaceEn      string
	From, Until  Day // Until is the last day in force, NoDay while there is none
	Title        string
	TitleEn      string
	Articles     int    // how many articles the text has, the number of the last; 0 where that is not known
	Source       string // where the text was read
	Note         string // what a reader has to know of the whole text; empty where nothing
	NoteEn       string
}

type set struct {
	SetInfo
	rules   map[RuleID]Rule
	figures map[string]Figure
}

// An Adoption is a place's decision to apply a local set from a day on; NoDay means for as long as the set is in force.
type Adoption struct {
	Set   string
	Since Day
}

// A RuleSet is the law of petitions of one place on one day: the text of the place itself, and behind it those of the
// larger places around it for whatever it does not set. Keep its ID with a matter to find the same law again.
type RuleSet struct {
	chain []*set // the smallest place first
}

// LoadBook reads every *.json file at the top of a file system as a rule set, the schema aside. Faults come back as field
// errors, each path led by the name of the file. Two sets on one subject may not be in force in one place on one day.
func LoadBook(files fs.FS) (*Book, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list the rule files: %w", err)
	}
	b := &Book{}
	for _, name := range names {
		if name == schemaName {
			continue
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read a rule file: %w", err)
		}
		s, err := loadSet(name, data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		p := &problems{prefix: name + ": "}
		for _, other := range b.sets {
			s.beside(p, other)
		}
		if err := p.err(); err != nil {
			return nil, err
		}
		b.sets = append(b.sets, s)
	}
	if len(b.sets) == 0 {
		return nil, errs.E(errs.Invalid, "law.set.empty")
	}
	slices.SortFunc(b.sets, func(x, y *set) int {
		return cmp.Or(cmp.Compare(len(y.Jurisdiction), len(x.Jurisdiction)), cmp.Compare(x.ID, y.ID))
	})
	return b, nil
}

// schemaName is the file that describes the others.
const schemaName = "schema.json"

// beside checks that two sets can stand in one book: different names, and no rule that both set for one place and day.
func (s *set) beside(p *problems, other *set) {
	p.need(other.ID != s.ID, "id", "law.set.twice", "set", s.ID)
	if other.Jurisdiction != s.Jurisdiction || other.Promise != s.Promise || !other.overlaps(s) {
		return
	}
	p.need(other.Subject != s.Subject, "from", "law.set.overlap", "set", other.ID)
	for id := range s.rules {
		_, twice := other.rules[id]
		p.need(!twice || other.Subject == s.Subject, "rules", "law.set.share", "rule", string(id), "set", other.ID)
	}
}

// On returns the law of petitions of a place on a day. The place is a division code of any level ("330112"), or "" for the
// country; the set of the smallest place that holds it comes first, the national one last. A local set that has to be
// adopted takes part only where it is among the adopted ones. Errors: Invalid for a code that is none, NotFound for an
// adopted set that does not exist (law.set.unknown) or when no text was in force (law.set.none).
func (b *Book) On(jurisdiction string, d Day, adopted ...Adoption) (RuleSet, error) {
	if err := b.check(jurisdiction, adopted); err != nil {
		return RuleSet{}, err
	}
	var found RuleSet
	for _, s := range b.sets {
		if s.Subject == SubjectPetition && s.holds(jurisdiction) && s.standing(d, adopted) == "" {
			found.chain = append(found.chain, s)
		}
	}
	if !slices.ContainsFunc(found.chain, func(s *set) bool { return !s.Promise }) {
		return RuleSet{}, errs.E(errs.NotFound, "law.set.none", "day", d)
	}
	return found, nil
}

func (b *Book) check(jurisdiction string, adopted []Adoption) error {
	if err := CheckPlace(jurisdiction); err != nil {
		return err
	}
	for _, a := range adopted {
		if !slices.ContainsFunc(b.sets, func(s *set) bool { return s.ID == a.Set && s.Adopt }) {
			return errs.E(errs.NotFound, "law.set.unadoptable", "set", a.Set, "sets", b.adoptable(""))
		}
	}
	return nil
}

// Sets returns what every set says of itself, smaller places first.
func (b *Book) Sets() []SetInfo {
	out := make([]SetInfo, len(b.sets))
	for i, s := range b.sets {
		out[i] = s.SetInfo
	}
	return out
}

// RulesOf returns the rules of one set by ID, and nothing for a set that is not there.
func (b *Book) RulesOf(id string) []Rule {
	i := slices.IndexFunc(b.sets, func(s *set) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	rules := make([]Rule, 0, len(b.sets[i].rules))
	for _, r := range b.sets[i].rules {
		rules = append(rules, r)
	}
	slices.SortFunc(rules, func(x, y Rule) int { return cmp.Compare(x.ID, y.ID) })
	return rules
}

// FiguresOf returns the figures of one set by name, and nothing for a set that is not there.
func (b *Book) FiguresOf(id string) []Figure {
	i := slices.IndexFunc(b.sets, func(s *set) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return slices.SortedFunc(maps.Values(b.sets[i].figures), func(x, y Figure) int { return cmp.Compare(x.Name, y.Name) })
}

// Adoptable returns the local sets that a place may adopt, each for as long as it is in force. With "" for the place it
// returns those of every place.
func (b *Book) Adoptable(jurisdiction string) []Adoption {
	var out []Adoption
	for _, id := range b.adoptable(jurisdiction) {
		out = append(out, Adoption{Set: id})
	}
	return out
}

func (b *Book) adoptable(jurisdiction string) []string {
	var ids []string
	for _, s := range b.sets {
		if s.Adopt && (jurisdiction == "" || s.holds(jurisdiction)) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// Set returns the law whose ID it is. The error is NotFound (law.set.unknown).
func (b *Book) Set(id string) (RuleSet, error) {
	var found RuleSet
	for part := range strings.SplitSeq(id, setJoin) {
		i := slices.IndexFunc(b.sets, func(s *set) bool { return s.ID == part })
		if i < 0 {
			return RuleSet{}, errs.E(errs.NotFound, "law.set.unknown", "set", id)
		}
		found.chain = append(found.chain, b.sets[i])
	}
	return found, nil
}

const setJoin = "+"

// ID names the law for good: "national-2022", or "place-2024+national-2022" where a place has its own.
func (s RuleSet) ID() string {
	ids := make([]string, len(s.chain))
	for i, part := range s.chain {
		ids[i] = part.ID
	}
	return strings.Join(ids, setJoin)
}

// laws are the sets that bind, without the promises.
func (s RuleSet) laws() []*set {
	return slices.DeleteFunc(slices.Clone(s.chain), func(part *set) bool { return part.Promise })
}

// Title returns the name of the leading text of law in Chinese and in English.
func (s RuleSet) Title() (title, english string) {
	for _, part := range s.laws() {
		return part.Title, part.TitleEn
	}
	return "", ""
}

// Rule returns a period of this law. The error is NotFound (law.rule.none): this law sets no such period, so no such
// clock runs.
func (s RuleSet) Rule(id RuleID) (Rule, error) {
	for _, part := range s.laws() {
		if r, ok := part.rules[id]; ok {
			return r, nil
		}
	}
	return Rule{}, errs.E(errs.NotFound, "law.rule.none", "rule", string(id), "set", s.ID())
}

// Promised returns the period that the place promised beside the law, if it did. Its clock is an aim and binds nobody.
func (s RuleSet) Promised(id RuleID) (Rule, bool) {
	for _, part := range s.chain {
		if r, ok := part.rules[id]; ok && part.Promise {
			return r, true
		}
	}
	return Rule{}, false
}

// Rules returns every period of this law, by ID.
func (s RuleSet) Rules() []Rule {
	var rules []Rule
	laws := s.laws()
	for i, part := range laws {
		for id, r := range part.rules {
			if !slices.ContainsFunc(laws[:i], func(nearer *set) bool { _, set := nearer.rules[id]; return set }) {
				rules = append(rules, r)
			}
		}
	}
	slices.SortFunc(rules, func(x, y Rule) int { return cmp.Compare(x.ID, y.ID) })
	return rules
}

func (s *set) inForce(d Day) bool { return d >= s.From && (!s.Until.Known() || d <= s.Until) }

func (s *set) overlaps(o *set) bool { return s.inForce(o.From) || o.inForce(s.From) }

// holds reports whether a place lies in the set's.
func (s *set) holds(jurisdiction string) bool { return strings.HasPrefix(jurisdiction, s.Jurisdiction) }
