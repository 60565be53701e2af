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
	for _, other := range c.Children(above.ID) {
		if other.Kind == u.Kind && other.Alive(day) && sameWork(u.Name, place.Name, other.Name, above.Name) {
			return other, true
		}
	}
	return Unit{}, false
}

// sameWork reports whether two bodies do the same work in two places: what their names do not share at the end begins the name of the place of
// each, or is nothing. So it does not matter whether a chart calls a place by its bare name or as a people's government.
func sameWork(name, place, otherName, otherPlace string) bool {
	a, b := []rune(name), []rune(otherName)
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return name != place && len(a) < len([]rune(name)) && strings.HasPrefix(place, string(a)) && strings.HasPrefix(otherPlace, string(b))
}
