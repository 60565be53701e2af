package matter

import (
	"slices"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

func TestAssistingUnits(t *testing.T) {
	l := newWorld(t).accepted(t, "2025-08-05")
	part := AssignPart{Unit: labour, Text: "核实工资", By: day("2025-09-01")}
	l.refused(handler(roads), part, "act.power")
	for _, c := range []struct {
		change func(*AssignPart)
		want   string
	}{
		{func(p *AssignPart) { p.Unit = roads }, "unit=unit.same"},
		{func(p *AssignPart) { p.Unit = county }, "unit=unit.root"},
		{func(p *AssignPart) { p.By = l.today }, "by=day.future"},
		{func(p *AssignPart) { p.By = day("2025-09-30") }, "by=part.before_lead"}, // the lead's own last working day
		{func(p *AssignPart) { p.By = day("2025-09-29") }, ""},
	} {
		p := part
		c.change(&p)
		l.refused(head(roads), p, c.want)
	}
	l.do(head(roads), part).refused(head(roads), part, "unit=part.twice")
	l.do(registrar(bureau), AssignPart{Unit: town, Text: "做好疏导", By: day("2025-09-05")}) // the sender may, too
	wantClock(t, "each has a clock of its own", l.mustClock("D10/part1"), "2025-09-01", "2025-09-01", "", "-")
	if c := l.mustClock("D10/part2"); c.Unit != town {
		t.Errorf("the second part binds %d", c.Unit)
	}
	if !slices.Contains(l.m.Units(), labour) || !l.m.Bears(labour) {
		t.Error("the assisting unit does not take part")
	}
	l.refused(handler(labour), AnswerPart{Text: "已核实"}, "act.part.unsigned").refused(handler(village), SignPart{}, "act.power")
	l.do(handler(labour), SignPart{}).refused(handler(labour), SignPart{}, "act.part.none").on("2025-08-20").do(handler(labour), AnswerPart{Text: "已核实"})
	wantClock(t, "met by the answer", l.mustClock("D10/part1"), "", "", "", "2025-08-20")

	l.do(handler(roads), Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).refused(head(roads), Issue{Document: "1号"}, "act.issue.parts")
	l.do(head(roads), WaiveParts{Reason: "镇里迟迟不报，不能让信访人等"}).refused(head(roads), WaiveParts{Reason: "再说"}, "act.part.none")
	l.do(head(roads), Issue{Document: "1号"})
	if l.refused(handler(town), AnswerPart{Text: "迟了"}, "act.power"); len(l.m.Waiting()) != 0 {
		t.Error("what the lead went on without still waits")
	}
}

func TestTwoLines(t *testing.T) {
	w := newWorld(t)
	line := AssignLine{Unit: town, Text: "属地一并办", By: day("2025-09-01")}
	w.signed(t, "2025-08-05").refused(registrar(bureau), line, "act.line.level")
	l := w.open(t, "2025-08-05", letter(), bureau, 1)
	l.do(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelImportant}, Forward{Unit: roads, Mode: ModeTransfer, Why: "归交通管", ReportBy: law.NoDay}).do(handler(roads), Sign{})
	l.do(registrar(bureau), line).refused(registrar(bureau), line, "act.line.once")
	wantClock(t, "the lead's line", l.mustClock("D10/line"), "2025-09-01", "2025-09-01", "", "-")
	if c := l.mustClock("D10/part1"); c.Unit != town {
		t.Errorf("the second line binds %d", c.Unit)
	}
	l.do(handler(roads), Accept{}, Drafting{Facts: "事实", Basis: "依据", Answers: answers(l.m)}).do(head(roads), Issue{Document: "1号"}) // the reply is the lead's
	l.do(handler(roads), Serve{Submission: l.m.First, Method: ServedOnline, On: l.today}, four())
	l.refused(handler(roads), Complete{}, "act.complete.lead").do(handler(roads), ReportLine{Text: "已办"}).refused(handler(roads), ReportLine{Text: "再报"}, "act.line.none")
	l.refused(handler(roads), Complete{}, "act.complete.line").do(handler(town), SignPart{}, AnswerPart{Text: "属地已办"})
	l.refused(handler(roads), Complete{}, "act.complete.inquiry").refused(handler(roads), Inquire{Finding: "无责"}, "act.power")
	l.do(supervisor(), Inquire{Finding: "施工单位有责"}).do(handler(roads), Complete{}).state(StateCompleted)
}

// An accusation is shared with nobody but discipline inspection.
func TestNoPartForTheAccused(t *testing.T) {
	l := newWorld(t).accusation(t, roads)
	l.do(discipline(bureau), Screen{Kind: KindAccusation, Level: LevelOrdinary}, Forward{Unit: inspection, Mode: ModeTransfer, Why: "按权限"}).do(discipline(inspection), Sign{})
	for unit, want := range map[org.UnitID]string{roads: "unit=unit.accused", labour: "unit=unit.not_discipline", citySupervise: ""} {
		l.refused(discipline(inspection), AssignPart{Unit: unit, Text: "协查", By: day("2025-08-10")}, want)
	}
}
