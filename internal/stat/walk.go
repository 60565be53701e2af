package stat

import (
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// standing is what can cease to be so: that a matter is open at a unit, that it is resolved, what a demand was answered.
type standing struct {
	measure Measure
	unit    org.UnitID
	demand  int
	basis   law.Day // by which a period counts it; NoDay for the day it began
}

// stood is what is so, and since when.
type stood struct {
	standing

	from law.Day
}

// by is the basis of what began on a day.
func (s standing) by(day law.Day) law.Day {
	if s.basis.Known() {
		return s.basis
	}
	return day
}

// until is the basis of its end: a stock is counted by the day on which it changes.
func (s standing) until(from, day law.Day) law.Day {
	if s.measure == Stock {
		return day
	}
	return s.by(from)
}

// walk goes through a history event by event and counts what begins and what ends with each.
func (c *counter) walk(events []matter.Event) {
	c.completed = law.NoDay
	m := matter.Fold(nil)
	var since []stood
	opened := false
	for _, e := range events {
		open, holder, merged := m.Open(), m.Holder(), !m.Merged.IsZero()
		m.Apply(e)
		c.happened(m, e, holder)
		switch now := m.Open(); {
		case now && !open && !opened:
			c.on(Added, e.Day, m.Holder())
			opened = true
		case now && !open:
			c.on(Reopened, e.Day, m.Holder())
		case !now && open && !merged && !m.Merged.IsZero():
			c.on(Joined, e.Day, holder)
		case !now && open:
			c.on(Ended, e.Day, holder)
		case now && m.Holder() != holder:
			c.add(Fact{Measure: MovedOut, Basis: e.Day, Day: e.Day, Unit: holder, To: m.Holder(), N: 1})
			c.on(MovedIn, e.Day, m.Holder())
		}
		c.hold(m, e.Day, open, holder, merged)
		since = c.stand(m, e.Day, since)
	}
}

// happened counts what is an event and nothing more. Holder is the unit that had the matter before it.
func (c *counter) happened(m *matter.Matter, e matter.Event, holder org.UnitID) {
	switch b := e.Body.(type) {
	case matter.Forwarded:
		if !c.forwarded {
			c.took(DaysToForward, m.Received(), e.Day, holder)
		}
		c.sent, c.forwarded = e.Day, true
	case matter.Signed:
		c.took(DaysToSign, c.sent, e.Day, m.Holder())
		c.sent = law.NoDay
	case matter.Accepted:
		c.on(Accepted, e.Day, m.Holder())
		c.took(DaysToAccept, m.Received(), e.Day, m.Holder())
	case matter.OpinionIssued:
		c.issued = e.Day
	case matter.Served:
		c.took(DaysToServe, c.issued, b.On, m.Holder())
	case matter.Extended:
		c.add(Fact{Measure: Extended, Basis: m.Accepted, Day: e.Day, Unit: m.Holder(), N: 1})
	case matter.ExtensionRevoked:
		c.add(Fact{Measure: Extended, Basis: m.Accepted, Day: e.Day, Unit: m.Holder(), N: -1})
	case matter.ObjectionUpheld:
		c.on(Returned, e.Day, holder)
	case matter.Urged:
		c.on(Urged, e.Day, m.Holder())
	default: // what the others leave is seen in the matter
	}
	switch {
	case m.State != matter.StateCompleted:
		c.completed = law.NoDay
	case !c.completed.Known():
		c.completed = e.Day
	}
	c.contacted = c.contacted || contact(e.Body)
	last := len(c.resolved) - 1
	is := last >= 0 && !c.resolved[last].to.Known()
	switch {
	case m.Resolved && !is:
		c.resolved = append(c.resolved, stretch{from: e.Day})
	case !m.Resolved && is:
		c.resolved[last].to = e.Day
	}
}

// stand compares what is so after an event with what was.
func (c *counter) stand(m *matter.Matter, day law.Day, since []stood) []stood {
	now := make([]stood, 0, len(since)+8) //nolint:mnd // what a step brings at most
	is := func(so bool, measure Measure, unit org.UnitID, basis law.Day) {
		if so {
			now = append(now, stood{standing{measure: measure, unit: unit, basis: basis}, day})
		}
	}
	settled := m.Resolved && m.Merged.IsZero()
	is(m.Open(), Stock, m.Holder(), law.NoDay)
	is(settled, Resolved, m.Holder(), law.NoDay)
	if len(m.Submissions) > 0 {
		came, by := m.Received(), m.Submissions[0].Unit
		is(m.Open(), Open, m.Holder(), came)
		if m.Merged.IsZero() {
			is(c.contacted, Contacted, by, came)
			is(m.Holder() != by || m.Accepted.Known(), Reached.Of(Sent), by, came)
			is(m.Accepted.Known(), Reached.Of(Took), by, came)
			is(m.Handled.Known(), Reached.Of(Answered), by, came)
			is(!m.Open(), Reached.Of(Closed), by, came)
			is(settled, Reached.Of(Solved), by, came)
		}
	}
	for _, d := range m.Demands {
		if d.Answer != nil && m.Merged.IsZero() {
			now = append(now, stood{standing{measure: Outcome.Of(string(d.Answer.Outcome)), unit: m.Holder(), demand: d.N, basis: law.NoDay}, day})
		}
	}
	for _, s := range since {
		if i := slices.IndexFunc(now, func(n stood) bool { return n.standing == s.standing }); i >= 0 {
			now[i].from = s.from
			continue
		}
		c.add(Fact{Measure: s.measure, Basis: s.until(s.from, day), Day: day, Unit: s.unit, N: -1})
	}
	for _, s := range now {
		if !slices.ContainsFunc(since, func(b stood) bool { return b.standing == s.standing }) {
			c.add(Fact{Measure: s.measure, Basis: s.by(day), Day: day, Unit: s.unit, N: 1})
		}
	}
	return now
}
