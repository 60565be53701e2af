package law

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"huiyin/internal/errs"
)

// A Book holds every rule set there is, by place and time. It does not change once made.
type Book struct {
	sets []*set
}

// A set is one file of rules: one text of law, for one place, for a time.
type set struct {
	id           string
	jurisdiction string // "" for the whole country
	from, until  Day    // until is the last day in force, NoDay while there is none
	title        string
	titleEn      string
	source       string
	rules        map[RuleID]Rule
}

// A RuleSet is the law of one place on one day: the text of the place itself, and behind it those of the larger
// places around it for whatever it does not set. Keep its ID with a matter to find the same law again.
type RuleSet struct {
	chain []*set // the smallest place first
}

// LoadBook reads every *.json file at the top of a file system as a rule set. Faults come back as field errors, each
// path led by the name of the file. Two sets of one place may not be in force on one day.
func LoadBook(files fs.FS) (*Book, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list the rule files: %w", err)
	}
	b := &Book{}
	for _, name := range names {
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
			p.need(other.id != s.id, "id", "law.set.twice", "set", s.id)
			p.need(other.jurisdiction != s.jurisdiction || !other.overlaps(s), "from", "law.set.overlap", "set", other.id)
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
		return cmp.Or(cmp.Compare(len(y.jurisdiction), len(x.jurisdiction)), cmp.Compare(x.id, y.id))
	})
	return b, nil
}

// On returns the law of a place on a day. The place is a division code of any level ("330112"), or "" for the
// country; the set of the smallest place that holds it comes first, the national one last. Errors: Invalid for a code
// that is none, NotFound (law.set.none) when no text was in force.
func (b *Book) On(jurisdiction string, d Day) (RuleSet, error) {
	if !placeLevel(jurisdiction) {
		return RuleSet{}, errs.E(errs.Invalid, "law.jurisdiction.bad", "value", jurisdiction)
	}
	var found RuleSet
	for _, s := range b.sets { // sorted: smaller places first
		if s.inForce(d) && strings.HasPrefix(jurisdiction, s.jurisdiction) {
			found.chain = append(found.chain, s)
		}
	}
	if len(found.chain) == 0 {
		return RuleSet{}, errs.E(errs.NotFound, "law.set.none", "day", d)
	}
	return found, nil
}

// Set returns the law whose ID it is. The error is NotFound (law.set.unknown).
func (b *Book) Set(id string) (RuleSet, error) {
	var found RuleSet
	for part := range strings.SplitSeq(id, setJoin) {
		i := slices.IndexFunc(b.sets, func(s *set) bool { return s.id == part })
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
		ids[i] = part.id
	}
	return strings.Join(ids, setJoin)
}

// Title returns the name of the leading text in Chinese and in English.
func (s RuleSet) Title() (title, english string) {
	if len(s.chain) == 0 {
		return "", ""
	}
	return s.chain[0].title, s.chain[0].titleEn
}

// Rule returns a period of this law. The error is NotFound (law.rule.none): this law sets no such period, so no such
// clock runs.
func (s RuleSet) Rule(id RuleID) (Rule, error) {
	for _, part := range s.chain {
		if r, ok := part.rules[id]; ok {
			return r, nil
		}
	}
	return Rule{}, errs.E(errs.NotFound, "law.rule.none", "rule", string(id), "set", s.ID())
}

// Rules returns every period of this law, by ID.
func (s RuleSet) Rules() []Rule {
	var rules []Rule
	for i, part := range s.chain {
		for id, r := range part.rules {
			if !slices.ContainsFunc(s.chain[:i], func(nearer *set) bool { _, set := nearer.rules[id]; return set }) {
				rules = append(rules, r)
			}
		}
	}
	slices.SortFunc(rules, func(x, y Rule) int { return cmp.Compare(x.ID, y.ID) })
	return rules
}

func (s *set) inForce(d Day) bool { return d >= s.from && (!s.until.Known() || d <= s.until) }

func (s *set) overlaps(o *set) bool { return s.inForce(o.from) || o.inForce(s.from) }
