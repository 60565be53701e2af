package org

import (
	"strings"

	"huiyin/internal/law"
)

// Superiors returns the next higher organs of a unit (上一级机关), to which a petitioner may turn for review and re-review (信访工作条例 第三十五、三十六条):
// the body above it in the tree, and beside it, where the chart has one, the body of the same line of work one level up (上一级主管部门). Between
// two the petitioner chooses. It is empty for a unit at the top.
func (c *Chart) Superiors(id UnitID, day law.Day) []Unit {
	u, ok := c.units[id]
	if !ok || u.Parent == 0 {
		return nil
	}
	var out []Unit
	if up, ok := c.Bearer(u.Parent, day); ok && up.ID != id {
		out = append(out, up)
	}
	if line, ok := c.sameLine(u, day); ok && (len(out) == 0 || out[0].ID != line.ID) {
		out = append(out, line)
	}
	return out
}

// sameLine finds the body of a unit's line of work one level up. Only a body directly under the Party committee and government of its place
// has one; it is of the same kind and, but for the name of the place before it, of the same name.
func (c *Chart) sameLine(u Unit, day law.Day) (Unit, bool) {
	place, ok := c.units[u.Parent]
	if !ok || u.Kind == KindRoot || place.Kind != KindRoot || place.Parent == 0 {
		return Unit{}, false
	}
	above, ok := c.Top(place.Parent)
	if !ok {
		return Unit{}, false
	}
	work := workOf(u, place)
	for _, other := range c.Children(above.ID) {
		if other.Kind == u.Kind && other.Alive(day) && work != "" && workOf(other, above) == work {
			return other, true
		}
	}
	return Unit{}, false
}

// workOf is a body's name without the name of its place.
func workOf(u, place Unit) string { return strings.TrimPrefix(u.Name, place.Name) }
