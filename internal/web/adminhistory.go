package web

import (
	"slices"
	"strconv"

	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/usecase"
)

// adminChange is one change of the organisation in words.
type adminChange struct {
	iso, when string
	who       string
	title     string
	lines     []string
}

// adminChangesOf puts changes into words.
func (s *Site) adminChangesOf(t *i18n.Speaker, list []usecase.OrgChange) []adminChange {
	out := make([]adminChange, 0, len(list))
	for _, c := range list {
		a := adminChange{iso: t.InstantISO(c.AtUS), when: t.Instant(c.AtUS), who: c.Person, title: t.T("admin.changed." + c.Kind)}
		if c.User == 0 {
			a.who = t.T("admin.operator")
		}
		// whatever is entered has a name or a role from then on, and none before
		created := slices.ContainsFunc(c.Fields, func(f usecase.ChangedField) bool { return f.Before == "" && (f.Name == "name" || f.Name == "role") })
		if created {
			a.title = t.T("admin.made." + c.Kind)
		}
		for _, f := range c.Fields {
			if f.Name == "duty" { // its number says nothing to people
				continue
			}
			label := f.Name
			if c.Kind == "person" && label == "name" {
				label = "person"
			}
			before, after := s.adminValue(t, f.Name, f.Before), s.adminValue(t, f.Name, f.After)
			if created {
				a.lines = append(a.lines, t.T("admin.change.set", "field", label, "after", after))
			} else {
				a.lines = append(a.lines, t.T("admin.change.line", "field", label, "before", before, "after", after))
			}
		}
		out = append(out, a)
	}
	return out
}

// adminValue is one value of a record of changes as people say it.
func (s *Site) adminValue(t *i18n.Speaker, name, value string) string {
	if value == "" || value == "0" && name != "place" {
		return t.T("admin.value.none")
	}
	switch name {
	case "parent", "successor", "unit", "scope":
		if u, ok := s.Office.Chart().Unit(unitID(value)); ok {
			return unitName(t, u)
		}
	case "place":
		if code, err := strconv.ParseInt(value, 10, 64); err == nil {
			return s.Office.Places.FullName(code)
		}
	case "kind":
		return t.T("unit_kind." + value)
	case "from", "until":
		if d, err := law.ParseDay(value); err == nil {
			return t.FullDay(d)
		}
	case "role":
		return t.T("role." + value)
	case "disabled":
		return t.T("admin.disabled." + value)
	case "password":
		return t.T("admin.password." + value)
	}
	return value
}
