package matter

import (
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

func people(role PartyRole, n int) []Petitioner {
	out := make([]Petitioner, n)
	for i := range out {
		out[i] = Petitioner{Role: role, Name: "陈某"}
	}
	return out
}

func TestIntakeCheck(t *testing.T) {
	today := day("2025-08-05")
	at := func(d string) int64 { return day(d).StartUS() }
	for _, c := range []struct {
		name   string
		change func(*Intake)
		want   string
	}{
		{"as it should be", func(*Intake) {}, ""},
		{"nobody named: registering never fails for that", func(in *Intake) { in.Petitioners = nil }, ""},
		{"no channel", func(in *Intake) { in.Channel = "" }, "channel=field.choice"},
		{"no title", func(in *Intake) { in.Title = "  " }, "title=intake.title"},
		{"long title", func(in *Intake) { in.Title = strings.Repeat("字", MaxLine+1) }, "title=field.long"},
		{"no demand", func(in *Intake) { in.Demands = []string{" ", ""} }, "demands.0=intake.demands"},
		{"many demands", func(in *Intake) { in.Demands = strings.Split(strings.Repeat("x,", MaxItems)+"x", ",") }, "demands=field.many"},
		{"no place", func(in *Intake) { in.Place = 0 }, "place=intake.place"},
		{"unknown kind", func(in *Intake) { in.Kind = "rumour" }, "kind=field.choice"},
		{"unknown purpose", func(in *Intake) { in.Purpose = "fame" }, "purpose=field.choice"},
		{"elsewhere", func(in *Intake) { in.Elsewhere = "perhaps" }, "elsewhere=field.choice"},
		{"received tomorrow", func(in *Intake) { in.ReceivedUS = at("2025-08-06") }, "received=day.not_yet"},
		{"received last minute of today", func(in *Intake) { in.ReceivedUS = at("2025-08-06") - 1 }, ""},
		{"received before the regulation of 2005", func(in *Intake) { in.ReceivedUS = at("2005-05-01") - 1 }, "received=intake.too_old"},
		{"received on its first day", func(in *Intake) { in.ReceivedUS = at("2005-05-01") }, ""},
		{"a person without a name", func(in *Intake) { in.Petitioners = []Petitioner{{Phone: "13800000000"}} }, "petitioners.0.name=intake.name"},
		{"unknown role", func(in *Intake) { in.Petitioners = people("leader", 1) }, "petitioners.0.role=field.choice"},
		{"everything wrong at once", func(in *Intake) { *in = Intake{} }, "channel=field.choice title=intake.title demands.0=intake.demands place=intake.place"},
		{"long lines in page order", func(in *Intake) {
			long := strings.Repeat("字", MaxLine+1)
			in.Petitioners = []Petitioner{{Role: PartyPetitioner, Name: long, IDNumber: long, Phone: long, Address: long}}
		}, "petitioners.0.name=field.long petitioners.0.id_number=field.long petitioners.0.phone=field.long petitioners.0.address=field.long"},
	} {
		in := letter()
		c.change(&in)
		if got := reason(errs.Fields(in.Check(today, law.RuleSet{}))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestIntakeGroups(t *testing.T) {
	today := day("2025-08-05")
	for _, c := range []struct {
		name    string
		channel Channel
		persons int
		people  []Petitioner
		want    string
	}{
		{"seven visit with two representatives", ChannelVisit, 7, people(PartyRepresentative, 2), ""},
		{"seven visit with five representatives", ChannelVisit, 7, people(PartyRepresentative, 5), ""},
		{"seven visit with six representatives", ChannelVisit, 7, people(PartyRepresentative, 6), "petitioners=intake.representatives"},
		{"seven visit, nobody chosen", ChannelVisit, 7, people(PartyPetitioner, 7), "petitioners.0.role=intake.choose_representatives"},
		{"seven named, their number left out", ChannelVisit, 0, people(PartyPetitioner, 7), "petitioners.0.role=intake.choose_representatives"},
		{"five visit, nobody chosen", ChannelVisit, 5, people(PartyPetitioner, 1), "petitioners.0.role=intake.choose_representatives"},
		{"four visit", ChannelVisit, 4, people(PartyPetitioner, 4), ""},
		{"seven sign a letter", ChannelLetter, 7, people(PartyPetitioner, 7), ""},
		{"fewer people than named", ChannelLetter, 2, people(PartyPetitioner, 3), "persons=intake.persons"},
		{"an agent is not counted", ChannelLetter, 1, append(people(PartyPetitioner, 1), people(PartyAgent, 1)...), ""},
		{"too many", ChannelLetter, MaxPersons + 1, nil, "persons=intake.persons_range"},
		{"fewer than nobody", ChannelLetter, -1, nil, "persons=intake.persons_range"},
		{"too many named", ChannelLetter, 0, people(PartyPetitioner, MaxPetitioners+1), "petitioners=field.many"},
	} {
		in := letter()
		in.Channel, in.Persons, in.Petitioners = c.channel, c.persons, c.people
		if got := reason(errs.Fields(in.Check(today, law.RuleSet{}))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestRegisterAGroup(t *testing.T) {
	in := letter()
	in.Channel, in.Persons = ChannelVisit, 7
	in.Petitioners = append(people(PartyRepresentative, 2), Petitioner{})
	in.Demands = []string{" 修好水渠 ", " "}
	l := newWorld(t).open(t, "2025-08-05", in, window, 7)
	m := l.m
	if !m.Group() || m.Counts() != (Counts{Batches: 1, Persons: 7, GroupBatches: 1, GroupPersons: 7}) || m.State != StateRegistered || m.Holder() != window || m.Kind != KindAppeal || m.Level != LevelOrdinary {
		t.Errorf("group %v, %+v, %s, held by %d", m.Group(), m.Counts(), m.State, m.Holder())
	}
	s := m.Submissions[0]
	if len(s.Parties) != 2 || s.Parties[1] != (Party{N: 2, Role: PartyRepresentative}) || !s.Bureau {
		t.Errorf("parties %v, bureau %v", s.Parties, s.Bureau)
	}
	if len(m.Demands) != 1 || m.Demands[0].Text != "修好水渠" || m.Demands[0].Confirmed {
		t.Errorf("demands %v", m.Demands)
	}
	if m.Ref.String() != "330112-2025-0000007" || m.First != m.Ref || m.RuleSet != "national-2022" {
		t.Errorf("number %s, first %s, rules %q", m.Ref, m.First, m.RuleSet)
	}
	l.do(petitioner(m.First), ConfirmDemands{}).refused(petitioner(m.First), ConfirmDemands{}, "act.demands.confirmed")
	if !l.m.Demands[0].Confirmed {
		t.Error("the petitioner confirmed and nothing shows it")
	}
}

// A letter entered some days after it came in counts from the day it came in.
func TestRegisterLate(t *testing.T) {
	w := newWorld(t)
	in := letter()
	in.ReceivedUS = day("2025-09-26").StartUS()
	unit, _ := w.chart.Unit(bureau)
	m := Fold(Register(in.Clean(), Receipt{Ref: NewRef(home, 2025, 1), Unit: unit}, Env{Today: day("2025-10-09"), NowUS: day("2025-10-09").StartUS()}))
	clocks, err := m.Clocks(w.rules)
	if err != nil || len(clocks) != 1 || clocks[0].From != day("2025-09-26") || clocks[0].Legal != day("2025-10-11") {
		t.Errorf("clocks %v, %v", clocks, err)
	}
	if law.DayOf(m.Submissions[0].ReceivedUS) != m.Received() {
		t.Error("the day and the instant of receipt differ")
	}
}

func TestCleanLeavesTheGivenIntakeAlone(t *testing.T) {
	in := letter()
	in.Demands = []string{" a ", "", "b"}
	in.Petitioners = []Petitioner{{}, {Name: " 陈某 "}}
	out := in.Clean()
	if in.Demands[0] != " a " || in.Petitioners[1].Name != " 陈某 " {
		t.Error("cleaning changed what was given")
	}
	if len(out.Demands) != 2 || out.Demands[0] != "a" || len(out.Petitioners) != 1 || out.Petitioners[0] != (Petitioner{Role: PartyPetitioner, Name: "陈某"}) || out.Persons != 1 {
		t.Errorf("cleaned to %+v", out)
	}
}
