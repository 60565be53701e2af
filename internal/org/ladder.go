package org

import (
	"slices"

	"huiyin/internal/law"
)

// Ladder lists the living organs above a unit, nearest first: from a village its town, the county, the city, the province.
func (c *Chart) Ladder(id UnitID, day law.Day) []UnitID {
	var out []UnitID
	for _, a := range c.Ancestors(id) {
		if up, ok := c.Bearer(a, day); ok && up.ID != id && !slices.Contains(out, up.ID) && a != id {
			out = append(out, up.ID)
		}
	}
	return out
}

// DisciplineLadder lists the living discipline organs above a unit, nearest first: those directly under the Party committee and government of
// its own place and of each place above.
func (c *Chart) DisciplineLadder(id UnitID, day law.Day) []UnitID {
	var out []UnitID
	for _, a := range c.Ancestors(id) {
		if c.units[a].Kind != KindRoot {
			continue
		}
		for _, u := range c.Children(a) {
			if u.Kind == KindDiscipline && u.ID != id && u.Alive(day) {
				out = append(out, u.ID)
			}
		}
	}
	return out
}
