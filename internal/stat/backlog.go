package stat

import (
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// holding is how long a unit had the matter while it was open; to is NoDay where it still has it.
type holding struct {
	unit     org.UnitID
	opened   law.Day // since when the matter was open, whoever had it
	from, to law.Day
	ended    bool // with it the procedure
}

// hold compares who has an open matter after an event with who had it before.
func (c *counter) hold(m *matter.Matter, day law.Day, open bool, holder org.UnitID, merged bool) {
	now, opened := m.Open(), day
	if open == now && holder == m.Holder() {
		return
	}
	if open {
		last := &c.held[len(c.held)-1]
		last.to, last.ended, opened = day, !now && merged == !m.Merged.IsZero(), last.opened
	}
	if now {
		c.held = append(c.held, holding{unit: m.Holder(), opened: opened, from: day})
	}
}

// backlog counts a matter as backlog from the day after its last ordinary one, while it is open; what then ended, and what of that is resolved. Whoever has it, it is
// counted by the day on which it became backlog. What is joined to another matter goes on there.
func (c *counter) backlog() {
	received := c.matter.Received()
	if !received.Known() {
		return
	}
	old := received.Add(BacklogAfter + 1)
	for i, h := range c.held {
		entry := max(old, h.opened)
		if from := max(entry, h.from); !h.to.Known() || from < h.to {
			c.add(Fact{Measure: Backlog, Basis: entry, Day: from, Unit: h.unit, N: 1})
			if h.to.Known() {
				c.add(Fact{Measure: Backlog, Basis: entry, Day: h.to, Unit: h.unit, N: -1})
			}
		}
		if !h.ended || entry >= h.to {
			continue
		}
		c.on(BacklogEnded, h.to, h.unit)
		again := law.NoDay
		if i+1 < len(c.held) {
			again = c.held[i+1].from
		}
		for _, r := range c.resolved {
			c.struckOff(h, r, again)
		}
	}
}

// struckOff counts backlog that has ended as resolved, from then on until somebody says otherwise or it is opened again.
func (c *counter) struckOff(h holding, r stretch, again law.Day) {
	from, to := max(h.to, r.from), r.to
	if again.Known() && (!to.Known() || again < to) {
		to = again
	}
	if to.Known() && to <= from {
		return
	}
	c.add(Fact{Measure: BacklogResolved, Basis: h.to, Day: from, Unit: h.unit, N: 1})
	if to.Known() {
		c.add(Fact{Measure: BacklogResolved, Basis: h.to, Day: to, Unit: h.unit, N: -1})
	}
}

// transferred reports whether a unit has the matter because it was sent there (转送), not assigned (交办) nor its own.
func (c *counter) transferred(unit org.UnitID) bool {
	for _, l := range c.matter.Legs {
		if l.Unit == unit && l.From != 0 && l.Mode == matter.ModeTransfer && !l.Returned.Known() {
			return true
		}
	}
	return false
}
