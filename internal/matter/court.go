package matter

import (
	"fmt"
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Court is the common superior called in without being asked, because two units in turn gave the matter back.
type Court struct {
	Unit    org.UnitID // who decides; for the joint conference the unit that took the matter in brings it there
	On      law.Day
	By      law.Day // NoDay where the rules set no time for it
	Decided law.Day
}

// CourtCalled calls the common superior in: when a second objection has been upheld, nobody else sends the matter to and fro.
type CourtCalled struct {
	Superior org.UnitID   `json:"superior,omitempty"` // zero: the joint conference
	Units    []org.UnitID `json:"units"`              // that gave it back
	By       law.Day      `json:"by,omitzero"`        // the office's own time, not a period of law
}

func (CourtCalled) body() string { return "court_called" }

// returnsForCourt is how many units have to give a matter back until the superior is called in.
const returnsForCourt = 2

// Decide also calls the common superior in when this is the second unit that gives the matter back. The time it has is a working-day figure
// of the rules, the office's own; the petitioner's own clock runs on from the day of receipt.
func (c UpholdObjection) decide(m *Matter, e Env) ([]Body, error) {
	bodies := []Body{ObjectionUpheld(c)}
	l := m.leg()
	if l == nil || len(m.Returns)+1 < returnsForCourt {
		return bodies, nil
	}
	b := CourtCalled{Units: append(slices.Clone(m.Returns), l.Unit)}
	first := b.Units[len(b.Units)-2]
	if first == l.Unit {
		first = l.From
	}
	if up, ok := e.Chart.CommonSuperior(first, l.Unit); ok {
		b.Superior = up.ID
	}
	if f, ok := e.Rules.Set.Figure(law.FigureCourt); ok {
		b.By = law.WorkingDay(e.Today, f.N, e.Rules.Calendar)
	}
	return append(bodies, b), nil
}

// applyCourt puts the matter before the superior. It lies with whom it came back to until that is decided.
func (m *Matter) applyCourt(b CourtCalled, day law.Day) {
	m.Superior, m.State = b.Superior, StateDisputed
	unit := b.Superior
	if unit == 0 {
		unit = m.Receiver()
	}
	m.Courts = append(m.Courts, Court{Unit: unit, On: day, By: b.By, Decided: law.NoDay})
}

// decided closes the court and settles for good who handles the matter.
func (m *Matter) decided(unit org.UnitID, day law.Day) {
	m.Ruled, m.Returns = unit, nil
	for i := range m.Courts {
		if !m.Courts[i].Decided.Known() {
			m.Courts[i].Decided = day
		}
	}
}

// courts are the superior's own times.
func (b *clockBuilder) courts() {
	m := b.m
	for i, c := range m.Courts {
		if !c.By.Known() {
			continue
		}
		key := fmt.Sprintf("%s/court%d", ruleReport, i+1)
		b.add(Clock{Key: key, Name: "court", Rule: ruleReport, Unit: c.Unit, From: c.On, Stopped: m.until(c.Decided), Own: true}, law.Fixed(c.By))
	}
}
