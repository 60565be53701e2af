package matter

import (
	"fmt"
	"slices"
	"strings"
)

// move is one change of state that a row of the table can make.
type move struct {
	row      Transition
	from, to State
}

// moves lists every change of state the table knows, in the order of its rows.
func (p Procedure) moves() []move {
	var out []move
	for _, row := range p.rows {
		for _, from := range States() {
			if !row.Allows(from) {
				continue
			}
			for _, to := range row.leads(from) {
				if from != to {
					out = append(out, move{row: row, from: from, to: to})
				}
			}
		}
	}
	return out
}

// leads returns the states a row's step can lead to from a state. Where the fold decides, several steps leave the matter
// where it is in all states but some.
func (t Transition) leads(from State) []State {
	switch t.Act {
	case ActRecord:
		return only(t.Ends, from == StateAccepted)
	case ActAddMaterial:
		return only(t.Ends, from == StateAwaiting)
	case ActSeparate, ActWithdraw:
		settled := from.told() || from == StateCompleted || from == StateWithdrawn
		return only(slices.DeleteFunc(slices.Clone(t.Ends), func(s State) bool { return s == StateServed && from != StateIssued }), !settled)
	default:
		if t.To != StateNone {
			return []State{t.To}
		}
		tier := from.Tier()
		stays := slices.DeleteFunc(slices.Clone(t.Ends), func(s State) bool { return s.Tier() != tier })
		if len(stays) > 0 {
			return stays // a review stays one of its tier
		}
		return slices.DeleteFunc(slices.Clone(t.Ends), func(s State) bool { return s == StateTerminated && tier != TierReReview })
	}
}

func only(states []State, when bool) []State {
	if when {
		return states
	}
	return nil
}

// manyArrows is from how many arrows into one state a step is told in a note, so that the picture stays legible.
const manyArrows = 6

// Mermaid draws the procedure as a Mermaid state diagram. Steps that leave the state as it is are not drawn.
func (p Procedure) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	fmt.Fprintf(&b, "    [*] --> %s\n", StateRegistered)
	arrows, notes := make(map[[2]State][]string), make(map[State][]string)
	moves := p.moves()
	for _, m := range moves {
		if m.among(moves) >= manyArrows {
			if line := m.row.label(); !slices.Contains(notes[m.to], line) {
				notes[m.to] = append(notes[m.to], line)
			}
			continue
		}
		pair := [2]State{m.from, m.to}
		arrows[pair] = append(arrows[pair], m.row.label())
	}
	for _, from := range States() {
		for _, to := range States() {
			if labels := arrows[[2]State{from, to}]; len(labels) > 0 {
				fmt.Fprintf(&b, "    %s --> %s : %s\n", from, to, strings.Join(labels, ", "))
			}
		}
	}
	for _, to := range States() {
		if len(notes[to]) > 0 {
			fmt.Fprintf(&b, "    note right of %s : also by %s, see the table\n", to, strings.Join(notes[to], ", "))
		}
	}
	return b.String()
}

// among counts the moves by the same step into the same state.
func (m move) among(moves []move) int {
	n := 0
	for _, o := range moves {
		if o.row.Act == m.row.Act && o.to == m.to {
			n++
		}
	}
	return n
}

// label names a row in the diagram: its act, and its number where the rule book gives one.
func (t Transition) label() string {
	if t.ID == "" {
		return string(t.Act)
	}
	return t.ID + " " + string(t.Act)
}
