package matter

import (
	"slices"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Two units in turn give a matter back: the common superior is called in by itself, with the office's own three working days. The petitioner's
// own time counts from the day of receipt through all of it, and what is decided is final.
func TestSecondReturnCallsTheSuperiorIn(t *testing.T) {
	l := newWorld(t).signed(t, "2025-09-25")
	l.do(handler(roads), Object{Reason: "归劳动"}).do(registrar(bureau), UpholdObjection{Reason: "属实"}).state(StateScreened)
	l.on("2025-09-28").do(registrar(bureau), Forward{Unit: labour, Mode: ModeTransfer, Why: "归劳动"}).do(handler(labour), Sign{}, Object{Reason: "归交通"})
	l.on("2025-09-30").do(registrar(bureau), UpholdObjection{Reason: "属实"}).state(StateDisputed)
	if b, called := l.events[len(l.events)-1].Body.(CourtCalled); !called || b.Superior != county || !slices.Equal(b.Units, []org.UnitID{roads, labour}) {
		t.Errorf("called in as %+v", b)
	}
	c := l.mustClock("D10/court1")
	wantClock(t, "three working days over the holiday", c, "2025-10-11", "2025-10-11", "", "-")
	if c.Unit != county || !c.Own || !c.BetweenOffices() {
		t.Errorf("the court's time is %+v", c)
	}
	if turn := l.m.Turn(); turn.Code != "decision" || turn.Unit != county {
		t.Errorf("turn %+v", turn)
	}
	wantClock(t, "the petitioner's own time", l.mustClock("D01/"+first), "2025-10-10", "2025-10-10", "", "-")
	l.on("2025-10-10").do(staff(org.RoleLeader, county), DecideDispute{Unit: roads, Reason: "路面归交通"}).state(StateForwarded)
	wantClock(t, "decided in time", l.mustClock("D10/court1"), "", "", "", "2025-10-10")
	wantClock(t, "the petitioner's own time was never begun anew", l.mustClock("D01/"+first), "2025-10-10", "2025-10-10", "", "2025-10-10")
	l.do(handler(roads), Sign{}).refused(handler(roads), Object{Reason: "不服"}, "act.object.once").refused(handler(roads), Dispute{Reason: "不服"}, "act.dispute.final")
}

func TestTheSuperiorMayLeaveItWithWhoTookItIn(t *testing.T) {
	l := newWorld(t).signed(t, "2025-08-05")
	for _, unit := range []org.UnitID{roads, labour} {
		if unit == labour {
			l.do(registrar(bureau), Forward{Unit: labour, Mode: ModeTransfer, Why: "归劳动"}).do(handler(labour), Sign{})
		}
		l.do(handler(unit), Object{Reason: "不归"}).do(registrar(bureau), UpholdObjection{Reason: "属实"})
	}
	l.do(staff(org.RoleLeader, county), DecideDispute{Unit: bureau, Reason: "信访局牵头"}).state(StateSigned)
	if l.m.Holder() != bureau {
		t.Errorf("held by %d", l.m.Holder())
	}
	l.refused(registrar(bureau), Object{Reason: "不归"}, "act.object.own").do(registrar(bureau), Notify{Text: "收到"})
	wantClock(t, "told", l.mustClock("D01/"+first), "2025-08-20", "2025-08-20", "", "2025-08-05")
}

// Without the figure the superior is called in all the same, and no clock runs.
func TestCourtWithoutATime(t *testing.T) {
	w := newWorld(t).local(t, `{"id":"D04","n":5,"unit":"working_days","roll":"none","side":"unit","trigger":"forwarded","article":"a","article_en":"a","source":"a"}`, "")
	l := w.signed(t, "2025-08-05").do(handler(roads), Object{Reason: "不归"}).do(registrar(bureau), UpholdObjection{Reason: "属实"})
	l.do(registrar(bureau), Forward{Unit: stranger, Mode: ModeTransfer, Why: "归它"}).do(handler(stranger), Sign{}, Object{Reason: "不归"})
	l.do(registrar(bureau), UpholdObjection{Reason: "属实"}).state(StateDisputed)
	if _, runs := l.clock("D10/court1"); runs || l.m.Superior != 0 || l.m.Courts[0].By != law.NoDay {
		t.Errorf("superior %d, court %+v", l.m.Superior, l.m.Courts[0])
	}
}
