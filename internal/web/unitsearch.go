package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/web/ui"
)

// suggestion is a unit that is proposed, and why.
type suggestion struct {
	unit org.Unit
	why  string
}

// suggest asks the responsibility catalogue whose a category at a place is.
func (s *Site) suggest(ctx context.Context, v *visit, place int64, category string) ([]suggestion, error) {
	if place == 0 || category == "" {
		return nil, nil
	}
	found, err := s.Office.Suggest(ctx, v.who, category, place)
	if errs.KindOf(err) == errs.Forbidden {
		return nil, nil // this duty decides on units without proposing them
	}
	if err != nil {
		return nil, err
	}
	var out []suggestion
	for _, f := range found {
		out = append(out, suggestion{unit: f.Unit, why: s.unitWhy(v.t, f)})
	}
	return out, nil
}

// unitPicker is a choice of a unit: what a search found, or what the catalogue suggests until one searches, and the tree. The page that
// holds it comes back with what was found when the button "do" with the value "find-<name>" is pressed.
func (s *Site) unitPicker(t *i18n.Speaker, f ui.Form, p ui.FieldProps, suggested []suggestion) ui.UnitProps {
	chart := s.Office.Chart()
	p.Suggest = hintUnitAt
	props := ui.UnitProps{Field: p, Find: "find-" + p.Name, Tree: s.unitTree(t, unitID(f.Value(p.Name)))}
	words := strings.TrimSpace(f.Value(p.Name + "_q"))
	for _, u := range s.Office.UnitsLike(words, maxFound) {
		if u.Kind != org.KindRoot {
			props.Found = append(props.Found, s.foundUnit(t, u, words))
		}
	}
	if words != "" && len(props.Found) == 0 {
		props.Nothing = t.T("desk.unit.nothing", "words", words)
	}
	if words == "" {
		for _, sg := range suggested {
			found := s.foundUnit(t, sg.unit, "")
			found.Path = sg.why
			props.Found = append(props.Found, found)
		}
	}
	chosen, ok := chart.Unit(unitID(f.Value(p.Name)))
	if ok && !slices.ContainsFunc(props.Found, func(x ui.Found) bool { return x.Value == f.Value(p.Name) }) {
		props.Found = append([]ui.Found{s.foundUnit(t, chosen, "")}, props.Found...)
	}
	return props
}

func (s *Site) foundUnit(t *i18n.Speaker, u org.Unit, words string) ui.Found {
	var above []string
	for _, x := range s.Office.Chart().Path(u.Parent) {
		above = append(above, unitName(t, x))
	}
	return ui.Found{Value: strconv.FormatInt(int64(u.ID), 10), Name: ui.Mark(unitName(t, u), words), Path: strings.Join(above, " › ")}
}

// treeDepth bounds the tree on a page; deeper units are found by searching.
const treeDepth = 3

// unitTree is the tree of living units. Bodies that do not handle matters themselves cannot be chosen.
func (s *Site) unitTree(t *i18n.Speaker, chosen org.UnitID) []ui.UnitNode {
	chart, today := s.Office.Chart(), s.Office.Today()
	above := chart.Ancestors(chosen)
	var branch func(parent org.UnitID, depth int) []ui.UnitNode
	branch = func(parent org.UnitID, depth int) []ui.UnitNode {
		var out []ui.UnitNode
		for _, u := range chart.Children(parent) {
			if !u.Alive(today) {
				continue
			}
			n := ui.UnitNode{Value: strconv.FormatInt(int64(u.ID), 10), Name: unitName(t, u), Open: depth == 0 || slices.Contains(above, u.ID)}
			if u.Kind == org.KindRoot {
				n.Value = ""
			}
			if depth+1 < treeDepth {
				n.Members = branch(u.ID, depth+1)
			}
			out = append(out, n)
		}
		return out
	}
	return branch(0, 0)
}
