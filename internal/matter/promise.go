package matter

import (
	"fmt"
	"slices"

	"huiyin/internal/law"
)

// promises are the days by which the answers promise that something is done (兑现日期): the unit's own, and told to the petitioner.
func (b *clockBuilder) promises() {
	m := b.m
	for _, d := range m.Demands {
		if !d.promised() || m.isWithdrawn(d.Submission) {
			continue
		}
		from := m.Agreed
		if m.Draft != nil && m.Draft.Issued.Known() {
			from = m.Draft.Issued
		}
		key := fmt.Sprintf("%s/promise%d", ruleReport, d.N)
		b.add(Clock{Key: key, Rule: ruleReport, Unit: m.Holder(), Submission: d.Submission, From: from, Stopped: d.Kept, Own: true, Promise: d.N}, law.Fixed(d.Answer.PromiseBy))
	}
}

func (d Demand) promised() bool { return d.Answer != nil && d.Answer.PromiseBy.Known() }

// promisesFor reports whether an answer promised something on a demand that has not been done yet.
func (m *Matter) promisesFor(demand int) bool {
	return slices.ContainsFunc(m.Demands, func(d Demand) bool { return d.N == demand && d.promised() && !d.Kept.Known() })
}

// keepPromises notes that what was promised on a demand has been done; on all of them where the demand is zero.
func (m *Matter) keepPromises(demand int, day law.Day) {
	for i, d := range m.Demands {
		if d.promised() && !d.Kept.Known() && (demand == 0 || d.N == demand) {
			m.Demands[i].Kept = day
		}
	}
}
