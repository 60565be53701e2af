package law

import (
	"slices"

	"huiyin/internal/errs"
)

// Standing is why a text that sets a rule applies or does not.
type Standing string

// The standings.
const (
	Governs      Standing = "governs"       // its rule applies
	Overridden   Standing = "overridden"    // a nearer place's own text comes first
	Promised     Standing = "promised"      // an aim of the place; the rule of the law stays beside it
	NotAdopted   Standing = "not_adopted"   // a local text that the place's office has not adopted
	AdoptedLater Standing = "adopted_later" // adopted, but from a later day on
	NotInForce   Standing = "not_in_force"  // in force at another time
)

// A Claim is one text that sets the rule for the place, and how it stands.
type Claim struct {
	Rule     Rule
	Set      SetInfo
	Standing Standing
	Since    Day // the day of adoption; NoDay where none is needed or no day was given
}

// A Resolution answers which rule applies to a place on a day and shows where it comes from.
type Resolution struct {
	Rule   Rule
	Claims []Claim // the governing one first, then the others from the smallest place on
}

// Resolve finds the rule with an ID, of petitions or of a neighbouring law, that applies to a place on a day, and says how
// every other text that sets it for the place stands. Errors: those of On, and NotFound for an ID that no text has
// (law.rule.unknown, naming those there are), that is set elsewhere alone (law.rule.elsewhere), at another time
// (law.rule.time), or by texts nobody adopted (law.rule.unadopted).
func (b *Book) Resolve(id RuleID, jurisdiction string, d Day, adopted ...Adoption) (Resolution, error) {
	if err := b.check(jurisdiction, adopted); err != nil {
		return Resolution{}, err
	}
	var found Resolution
	var elsewhere, never, waiting []string
	governed := false
	for _, s := range b.sets {
		r, ok := s.rules[id]
		if !ok {
			continue
		}
		if !s.holds(jurisdiction) {
			elsewhere = append(elsewhere, s.ID)
			continue
		}
		c := Claim{Rule: r, Set: s.SetInfo, Standing: s.standing(d, adopted), Since: since(s.ID, adopted)}
		switch {
		case c.Standing == NotInForce:
			never = append(never, s.ID)
			continue // what was or will be the law says nothing of this day
		case c.Standing != "":
			waiting = append(waiting, s.ID)
		case s.Promise:
			c.Standing = Promised
		case governed:
			c.Standing = Overridden
		default:
			c.Standing, governed, found.Rule = Governs, true, r
			found.Claims = slices.Insert(found.Claims, 0, c)
			continue
		}
		found.Claims = append(found.Claims, c)
	}
	switch {
	case governed:
		return found, nil
	case len(waiting) > 0:
		return Resolution{}, errs.E(errs.NotFound, "law.rule.unadopted", "rule", string(id), "sets", waiting)
	case len(never) > 0:
		return Resolution{}, errs.E(errs.NotFound, "law.rule.time", "rule", string(id), "day", d, "times", b.times(never))
	case len(elsewhere) > 0:
		return Resolution{}, errs.E(errs.NotFound, "law.rule.elsewhere", "rule", string(id), "places", b.places(elsewhere))
	}
	return Resolution{}, errs.E(errs.NotFound, "law.rule.unknown", "rule", string(id), "rules", b.IDs())
}

// IDs returns the ID of every rule of every set, in order.
func (b *Book) IDs() []string {
	var ids []string
	for _, s := range b.sets {
		for id := range s.rules {
			ids = append(ids, string(id))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// standing is why a set takes no part on a day: empty when it does.
func (s *set) standing(d Day, adopted []Adoption) Standing {
	if !s.inForce(d) {
		return NotInForce
	}
	if !s.Adopt {
		return ""
	}
	i := slices.IndexFunc(adopted, func(a Adoption) bool { return a.Set == s.ID })
	switch {
	case i < 0:
		return NotAdopted
	case adopted[i].Since > d:
		return AdoptedLater
	}
	return ""
}

func since(id string, adopted []Adoption) Day {
	if i := slices.IndexFunc(adopted, func(a Adoption) bool { return a.Set == id }); i >= 0 {
		return adopted[i].Since
	}
	return NoDay
}

// times are the spans in which sets are in force, as "2005-05-01…2022-04-30".
func (b *Book) times(ids []string) []string {
	var out []string
	for _, s := range b.sets {
		if slices.Contains(ids, s.ID) {
			out = append(out, s.From.String()+"…"+s.Until.String())
		}
	}
	return out
}

// places are the places of sets with their codes and the IDs of the sets, as "4403 (shenzhen-disputes-2022)".
func (b *Book) places(ids []string) []string {
	var out []string
	for _, s := range b.sets {
		if slices.Contains(ids, s.ID) {
			out = append(out, s.Jurisdiction+" ("+s.ID+")")
		}
	}
	return out
}

// Explain says why the rule applies and why the other texts do not, one line for each.
func (r Resolution) Explain() []Line {
	lines := make([]Line, 0, len(r.Claims))
	for _, c := range r.Claims {
		lines = append(lines, Line{Label: "law.label.standing." + string(c.Standing), Code: c.code(), Args: c.args(r.Claims[0])})
	}
	return lines
}

func (c Claim) code() string {
	code := "law.standing." + string(c.Standing)
	switch {
	case c.Standing != Governs:
	case c.Set.Adopt && c.Since.Known():
		return code + ".since"
	case c.Set.Adopt:
		return code + ".adopted"
	}
	return code
}

func (c Claim) args(governing Claim) []errs.Arg {
	args := append(pair("title", c.Set.Title, c.Set.TitleEn), pair("article", c.Rule.Article, c.Rule.ArticleEn)...)
	args = append(args, pair("place", c.Set.Place, c.Set.PlaceEn)...)
	args = append(args, pair("nearer", governing.Set.Place, governing.Set.PlaceEn)...)
	return append(args, arg("set", c.Set.ID), arg("from", c.Set.From), arg("since", c.Since))
}
