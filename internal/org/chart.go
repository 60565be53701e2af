package org

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/law"
)

// Chart is the organisation as one value: units by id, with their tree. It is built once from the rows and shared;
// it is never changed.
type Chart struct {
	units    map[UnitID]Unit
	children map[UnitID][]UnitID
}

// NewChart builds the chart. Units whose parent is unknown, or that would close a circle, stand at the top.
func NewChart(units []Unit) *Chart {
	c := &Chart{units: make(map[UnitID]Unit, len(units)), children: make(map[UnitID][]UnitID)}
	for _, u := range units {
		c.units[u.ID] = u
	}
	for _, id := range slices.Sorted(maps.Keys(c.units)) { // in order, so that a circle always opens at its lowest id
		u := c.units[id]
		if _, ok := c.units[u.Parent]; !ok || c.circle(id) {
			u.Parent = 0
			c.units[id] = u
		}
		c.children[u.Parent] = append(c.children[u.Parent], id)
	}
	return c
}

// circle reports whether the way up from a unit leads back to it.
func (c *Chart) circle(id UnitID) bool {
	up := c.units[id].Parent
	for n := 0; up != 0 && n < len(c.units); n++ {
		if up == id {
			return true
		}
		up = c.units[up].Parent
	}
	return false
}

// Unit returns a unit by its id.
func (c *Chart) Unit(id UnitID) (Unit, bool) {
	u, ok := c.units[id]
	return u, ok
}

// Len returns how many units there are, ended ones included.
func (c *Chart) Len() int { return len(c.units) }

// Children returns the units directly under one, in order of id; those at the top for zero.
func (c *Chart) Children(id UnitID) []Unit {
	out := make([]Unit, 0, len(c.children[id]))
	for _, k := range c.children[id] {
		out = append(out, c.units[k])
	}
	return out
}

// Ancestors returns the unit itself and everything above it, nearest first.
func (c *Chart) Ancestors(id UnitID) []UnitID {
	var out []UnitID
	for id != 0 && !slices.Contains(out, id) {
		u, ok := c.units[id]
		if !ok {
			break
		}
		out = append(out, id)
		id = u.Parent
	}
	return out
}

// Under reports whether a unit is root or lies in root's subtree.
func (c *Chart) Under(id, root UnitID) bool { return slices.Contains(c.Ancestors(id), root) }

// Path returns the units from the top down to the unit itself.
func (c *Chart) Path(id UnitID) []Unit {
	up := c.Ancestors(id)
	out := make([]Unit, 0, len(up))
	for _, a := range slices.Backward(up) {
		out = append(out, c.units[a])
	}
	return out
}

// Bearer returns the living unit that bears the powers of a unit on a day, following successors
// (信访工作条例 第二十四条: the organ that carries on the power accepts). It is false when nobody does.
func (c *Chart) Bearer(id UnitID, day law.Day) (Unit, bool) {
	for range len(c.units) {
		u, ok := c.units[id]
		if !ok {
			return Unit{}, false
		}
		if u.Alive(day) {
			return u, true
		}
		id = u.Successor
	}
	return Unit{}, false
}

// CommonSuperior returns the nearest unit above both, the one that decides when two units disagree
// (信访工作条例 第二十四条). It is false when there is none and the joint conference coordinates.
func (c *Chart) CommonSuperior(a, b UnitID) (Unit, bool) {
	above := c.Ancestors(b)
	for _, id := range c.Ancestors(a) {
		if id != a && id != b && slices.Contains(above, id) {
			return c.units[id], true
		}
	}
	return Unit{}, false
}

// Find returns living units whose name, English name or initials contain the words, or whose id they are, at most limit;
// those whose name or initials begin with the words come first. Sounds may say of a name that letters spell it; nil: none do. Where none of this fits, the
// units whose name the words shorten (人社局, rsj).
func (c *Chart) Find(words string, day law.Day, limit int, sounds func(name, letters string) bool) []Unit {
	words = strings.ToLower(strings.ReplaceAll(words, " ", ""))
	if words == "" {
		return nil
	}
	var first, then, short []Unit
	for _, u := range c.units {
		if !u.Alive(day) {
			continue
		}
		name, initials := strings.ToLower(u.Name), strings.ToLower(u.Initials)
		switch {
		case strings.HasPrefix(name, words), strings.HasPrefix(initials, words), strconv.FormatInt(int64(u.ID), 10) == words:
			first = append(first, u)
		case strings.Contains(name, words), strings.Contains(initials, words),
			strings.Contains(strings.ToLower(strings.ReplaceAll(u.English, " ", "")), words), sounds != nil && sounds(u.Name, words):
			then = append(then, u)
		case shortens(words, name), shortens(words, initials) && utf8.RuneCountInString(words) > leastShort && strings.HasSuffix(initials, words[len(words)-1:]):
			short = append(short, u)
		}
	}
	byID := func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(first, byID)
	slices.SortFunc(then, byID)
	slices.SortFunc(short, byID)
	found := slices.Concat(first, then)
	if len(found) == 0 {
		found = short
	}
	return found[:max(0, min(limit, len(found)))]
}

// leastShort is how many characters a name is shortened to at least; of initials it takes one more, and the last one.
const leastShort = 2

// shortens reports whether the characters of words stand in a name in their order.
func shortens(words, name string) bool {
	if utf8.RuneCountInString(words) < leastShort {
		return false
	}
	for _, r := range words {
		i := strings.IndexRune(name, r)
		if i < 0 {
			return false
		}
		name = name[i+utf8.RuneLen(r):]
	}
	return true
}

// Top returns the living unit of kind root nearest above a unit: the Party committee and government it belongs to.
func (c *Chart) Top(id UnitID) (Unit, bool) {
	for _, a := range c.Ancestors(id) {
		if u := c.units[a]; u.Kind == KindRoot {
			return u, true
		}
	}
	return Unit{}, false
}

// First returns the unit with the smallest id that fits.
func (c *Chart) First(fits func(Unit) bool) (Unit, bool) {
	var best Unit
	for _, u := range c.units {
		if (best.ID == 0 || u.ID < best.ID) && fits(u) {
			best = u
		}
	}
	return best, best.ID != 0
}

// Where returns the units that fit, the smallest id first.
func (c *Chart) Where(fits func(Unit) bool) []Unit {
	var out []Unit
	for _, u := range c.units {
		if fits(u) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
