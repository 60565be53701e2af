package matter

import (
	"fmt"

	"huiyin/internal/law"
)

// parts are the days set for the assisting units and for the two lines of a double hand-over, each unit's own.
func (b *clockBuilder) parts() {
	m := b.m
	for _, p := range m.Parts {
		stopped := p.Answered
		if !stopped.Known() {
			stopped = p.Waived
		}
		key := fmt.Sprintf("%s/part%d", ruleReport, p.N)
		b.add(Clock{Key: key, Name: "part", Rule: ruleReport, Unit: p.Unit, From: p.Assigned, Stopped: m.until(stopped)}, law.Fixed(p.By))
	}
	if d := m.Dual; d != nil {
		b.add(Clock{Key: string(ruleReport) + "/line", Name: "line", Rule: ruleReport, Unit: m.Holder(), From: d.On, Stopped: m.until(d.Lead)}, law.Fixed(d.By))
	}
}
