package matter

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// The procedure as the rule book tells it, written down a second time: act, number, article, powers, states.
// Groups of states are spelled out below.
const procedure = `
request_material  T2  art22 receiver,holder             registered,screened,signed
screen            T3  art22 receiver                    registered,awaiting_material,screened
take              T3  art23 receiver                    screened
forward           T4  art22 receiver,holder             screened,signed
report_up         T6  art25 receiver,holder,head,reported UNANSWERED
receive_report    T6  art25 reported                    ANY
advise            -   art40 office                      UNANSWERED,TOLD,completed,terminated
answer_advice     -   art40 advised                     ANY
decline           T9  art23 receiver,holder             screened,signed
decline_final     T10 art36 receiver,holder             screened,signed
join              T11 -     receiver,office             UNANSWERED-issued
separate          T11 -     receiver,office             ANY
sign              T12 art23 holder                      forwarded
object            T13 art23 holder                      signed
uphold_objection  T14 art23 sender                      objected
refuse_objection  T15 art23 sender                      objected
dispute           T16 art24 holder,sender               signed,objected
decide_dispute    T16 art24 superior                    disputed
succeed_unit      T17 art24 system                      ANY
assign_handler    -   -     holder,head                 signed,notified,issued,accepted,investigating,in_hearing,mediating,drafted
notify            T20 art23 holder                      signed
divert            T21 art31 receiver,holder             screened,signed,notified
accept            T22 art31 holder                      signed,notified
record            T23 art31 holder                      signed,notified,issued,served,accepted,investigating,in_hearing,mediating,drafted
mediate           T25 art33 holder                      accepted,investigating
agree             T26 art33 holder                      mediating
end_mediation     T27 art33 holder                      mediating
extend            T28 art34 head                        accepted,investigating,in_hearing,mediating,drafted
revoke_extension  T28 art34 head                        accepted,investigating,in_hearing,mediating,drafted
draft             T29 art32 holder                      accepted,investigating,drafted
return_draft      T29 art32 head                        drafted
issue             T29 art32 head                        drafted
reply             T33 art29 holder                      signed,notified
serve             T30 art32 holder                      issued
receive           T30 art32 petitioner                  issued,review_issued,rereview_issued
perform           T31 art32 holder                      ENDED
ease              -   -     holder                      issued,served,agreed
complete          T32 art22 holder                      TOLD
visit             -   -     office,receiver             ENDED
urge              -   art40 petitioner,office,receiver,sender UNANSWERED
press             T50 art40 office                      UNANSWERED
answer_press      T50 art40 holder                      UNANSWERED,TOLD
redo              -   art40 office                      drafted,issued,served,agreed,completed
follow_up         -   -     office,receiver             issued,ENDED,diverted,declined
add_material      -   art22 petitioner,receiver,holder  UNANSWERED
add_demand        -   -     petitioner,receiver         UNANSWERED-issued
confirm_demands   -   -     petitioner,receiver         UNANSWERED
choose_contact    -   -     petitioner                  ANY
withdraw          -   -     petitioner,receiver         UNANSWERED
confirm           -   -     petitioner                  ENDED
rate              -   -     petitioner                  ENDED,diverted,declined
assign_part       -   art24 head,sender                 HELD
assign_line       -   -     office,sender,receiver      forwarded,HELD
sign_part         -   -     part                        UNANSWERED,TOLD
answer_part       -   -     part                        UNANSWERED,TOLD
waive_parts       -   -     head                        HELD
report_line       -   -     holder                      UNANSWERED,TOLD
inquire           -   art40 office                      UNANSWERED,TOLD
call_hearing      T24 art31 head,review_head            accepted,investigating,REVIEWING
move_hearing      T24 art31 head,review_head            HEARING
conclude_hearing  T24 art31 holder,reviewer             HEARING
cancel_hearing    T24 art31 head,review_head            HEARING
ask_recusal       -   art28 petitioner,receiver         OPEN
declare_recusal   -   art28 holder,reviewer,head,review_head OPEN
decide_recusal    -   art28 superior,head,review_head   OPEN
request_review    T40 art35 petitioner,receiver         issued,served,completed
request_rereview  T44 art36 petitioner,receiver         issued,served,completed
withdraw_review   -   -     petitioner,receiver         BEFORE
decline_review    T41 art35 reviewer                    ASKED
take_review       T42 art35 reviewer                    ASKED
extend_review     -   local review_head                 UNDERWAY
draft_review      T42 art35 reviewer                    REVIEWING,WRITTEN
return_review     T42 art35 review_head                 WRITTEN
issue_review      T42 art35 review_head                 WRITTEN
serve_review      T47 art35 reviewer                    review_issued,rereview_issued
care              T49 art37 holder,receiver,office      terminated
`

const (
	unanswered = "registered,awaiting_material,screened,forwarded,signed,objected,disputed,notified,accepted,investigating,in_hearing,mediating,drafted,issued"
	unfinished = "review_requested,rereview_requested,under_review,under_rereview,review_hearing,rereview_hearing,review_drafted,rereview_drafted"
	told       = "served,agreed,diverted,declined,final_declined"
)

type wantedRow struct {
	act     Act
	id      string
	article string
	by      []string
	from    []string // nil: any
}

func wantedRows(t *testing.T) []wantedRow {
	t.Helper()
	var out []wantedRow
	for line := range strings.Lines(strings.TrimSpace(procedure)) {
		f := strings.Fields(line)
		if len(f) != 5 {
			t.Fatalf("row %q", line)
		}
		row := wantedRow{act: Act(f[0]), id: strings.Trim(f[1], "-"), article: strings.Trim(f[2], "-"), by: strings.Split(f[3], ",")}
		if f[4] != "ANY" {
			states := strings.NewReplacer("HELD", "signed,notified,accepted,investigating,in_hearing,mediating,drafted", "OPEN", unanswered+","+unfinished, "BEFORE", unfinished, "UNANSWERED-issued", strings.TrimSuffix(unanswered, ",issued"), "UNANSWERED", unanswered, "TOLD", told,
				"HEARING", "in_hearing,review_hearing,rereview_hearing", "ENDED", "served,agreed,completed,terminated", "ASKED", "review_requested,rereview_requested", "REVIEWING", "under_review,under_rereview",
				"UNDERWAY", "under_review,under_rereview,review_hearing,rereview_hearing,review_drafted,rereview_drafted", "WRITTEN", "review_drafted,rereview_drafted").Replace(f[4])
			row.from = strings.Split(states, ",")
		}
		out = append(out, row)
	}
	return out
}

func allPowers() []Power {
	return []Power{PowerReceiver, PowerHolder, PowerHead, PowerSender, PowerOffice, PowerSuperior, PowerAdvised, PowerReported, PowerPart, PowerReviewer, PowerReviewHead, PowerPetitioner, PowerSystem}
}

func TestProcedureHasExactlyTheWantedRows(t *testing.T) {
	rows := National().Rows()
	want := wantedRows(t)
	if len(rows) != len(want) {
		t.Errorf("%d rows, want %d", len(rows), len(want))
	}
	for _, w := range want {
		row, ok := National().Row(w.act)
		if !ok {
			t.Errorf("no row for %s", w.act)
			continue
		}
		if row.ID != w.id || row.Article != w.article {
			t.Errorf("%s is %q under %q, want %q under %q", w.act, row.ID, row.Article, w.id, w.article)
		}
	}
	for _, c := range Commands() {
		if _, ok := National().Row(c.Act()); !ok {
			t.Errorf("no row for the command %s", c.Act())
		}
		if n, ok := NewCommand(c.Act()); !ok || n.Act() != c.Act() {
			t.Errorf("no command to fill for %s", c.Act())
		}
	}
}

// at puts a matter where a table says, beside what its events say: in a state of its own, or in that of a review.
func (l *life) at(s State) {
	l.m.State = s
	if t := s.Tier(); t != TierFirst {
		l.m.State = StateNone
		l.m.Reviews = []Review{{N: 1, Tier: t, State: s, Organ: city, Desk: city, Requests: []Request{{Submission: l.m.First, Over: law.NoDay}}, Draft: &ReviewDraft{}}}
	}
}

// Every step is refused for its state in every state but its own, and for its title to everybody but those it is for.
func TestProcedureStatesAndPowers(t *testing.T) {
	w := newWorld(t)
	for _, want := range wantedRows(t) {
		for _, s := range append(States(), StateNone) {
			l := w.open(t, "2025-08-05", letter(), bureau, 1)
			l.at(s)
			e := l.env(org.System())
			e.Powers = allPowers()
			err := l.m.May(want.act, e)
			allowed := s != StateNone && (want.from == nil && s.Tier() == TierFirst || slices.Contains(want.from, string(s)))
			if got := reason(err) != "act.state"; got != allowed {
				t.Errorf("%s in %q: allowed %v, want %v", want.act, s, got, allowed)
			}
			var refusal *errs.Error
			if !allowed && (!errors.As(err, &refusal) || refusal.Kind != errs.Refused || refusal.Article != want.article) {
				t.Errorf("%s in %q: %v does not name %q", want.act, s, err, want.article)
			}
		}
		for _, p := range allPowers() {
			l := w.open(t, "2025-08-05", letter(), bureau, 1)
			if want.from != nil {
				l.at(State(want.from[0]))
			}
			e := l.env(org.System())
			e.Powers = []Power{p}
			err := l.m.May(want.act, e)
			if got, has := reason(err) != "act.power", slices.Contains(want.by, string(p)); got != has {
				t.Errorf("%s by %s: allowed %v, want %v", want.act, p, got, has)
			}
			if reason(err) == "act.power" && errs.KindOf(err) != errs.Forbidden {
				t.Errorf("%s by %s: refused as %v, want forbidden", want.act, p, errs.KindOf(err))
			}
		}
	}
}

func TestUnknownActIsNotFound(t *testing.T) {
	l := newWorld(t).open(t, "2025-08-05", letter(), bureau, 1)
	if err := l.m.May("review", l.env(org.System())); reason(err) != "act.unknown" || errs.KindOf(err) != errs.NotFound {
		t.Errorf("an act outside the table: %v", err)
	}
}

func TestMergedMatterRests(t *testing.T) {
	l := newWorld(t).open(t, "2025-08-05", letter(), bureau, 1)
	l.m.Merged = NewRef(home, 2025, 2)
	for _, row := range National().Rows() {
		if err := l.m.May(row.Act, l.env(org.System())); reason(err) != "act.merged" {
			t.Errorf("%s on a resting matter: %v", row.Act, err)
		}
	}
}

func TestPowers(t *testing.T) {
	w := newWorld(t)
	// The window took it in, the petition department sent it to roads, which passed it down to its office.
	l := w.open(t, "2025-08-05", letter(), window, 1)
	l.do(registrar(window), Screen{Kind: KindAppeal, Level: LevelOrdinary}, Forward{Unit: roads, Mode: ModeTransfer, Why: "归交通管"})
	l.do(registrar(roads), Sign{}, Forward{Unit: roadsOffice, Mode: ModeTransfer, Why: "归公路股"})
	machine := handler(roadsOffice)
	machine.Kind = org.ActorMachine
	unscoped := staff(org.RoleLeader, labour)
	for _, c := range []struct {
		name  string
		actor org.Actor
		want  string
	}{
		{"registrar of the window that took it in", registrar(window), "receiver"},
		{"registrar of the department the window belongs to", registrar(bureau), "receiver"},
		{"handler at the receiver", handler(window), ""},
		{"registrar of the unit that has it", registrar(roadsOffice), "holder"},
		{"handler of the unit that has it", handler(roadsOffice), "holder"},
		{"a machine with the same duty", machine, "holder"},
		{"head of the unit that has it", head(roadsOffice), "head"},
		{"registrar of the unit that sent it", registrar(roads), "sender"},
		{"handler of the unit that sent it", handler(roads), ""},
		{"head of the unit that sent it", head(roads), "sender"},
		{"supervisor of the county", supervisor(), "office,superior"},
		{"supervisor of the sending unit", staff(org.RoleSupervisor, roads), "sender,office,superior"},
		{"supervisor of another unit", staff(org.RoleSupervisor, labour), ""},
		{"leader of the county", staff(org.RoleLeader, county), "superior"},
		{"leader elsewhere", unscoped, ""},
		{"registrar elsewhere", registrar(labour), ""},
		{"discipline inspection elsewhere", discipline(inspection), ""},
		{"auditor", staff(org.RoleAuditor, roadsOffice), ""},
		{"administrator", staff(org.RoleAdmin, roadsOffice), ""},
		{"its petitioner", petitioner(l.m.First), "petitioner"},
		{"another petitioner", petitioner(NewRef(home, 2025, 99)), ""},
		{"nobody", org.Actor{}, ""},
		{"the system", org.System(), "receiver,holder,head,sender,office,superior,advised,reported,part,reviewer,review_head,petitioner,system"},
	} {
		if got := strings.Join(words(Powers(l.m, c.actor, w.chart)), ","); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A dispute is decided by those whose scope takes in the common superior, not by either side.
func TestPowersOverADispute(t *testing.T) {
	w := newWorld(t)
	l := w.signed(t, "2025-08-05").do(handler(roads), Dispute{Reason: "归劳动管", With: labour})
	if l.m.Superior != county {
		t.Fatalf("superior of roads and labour is %d, want the county", l.m.Superior)
	}
	for _, c := range []struct {
		name  string
		actor org.Actor
		want  bool
	}{
		{"leader of the county", staff(org.RoleLeader, county), true},
		{"supervisor for the county", supervisor(), true},
		{"leader of the city", staff(org.RoleLeader, city), true},
		{"supervisor of one side", staff(org.RoleSupervisor, roads), false},
		{"leader of one side", staff(org.RoleLeader, roads), false},
	} {
		if got := slices.Contains(Powers(l.m, c.actor, w.chart), PowerSuperior); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestReceiverCannotMoveWhatAnotherUnitHas(t *testing.T) {
	l := newWorld(t).signed(t, "2025-08-05")
	for _, c := range []Command{
		RequestMaterial{Missing: "照片"},
		Forward{Unit: labour, Mode: ModeTransfer, Why: "改送"},
		Divert{Route: RouteJudicial, Organ: "法院", How: "起诉"},
		Decline{Ground: DeclineElsewhere, Reason: "不归管"},
		DeclineFinal{Concluded: "1号", Reason: "已复核"},
	} {
		l.refused(registrar(bureau), c, "act.power")
	}
	l.do(registrar(bureau), ReportUp{To: "县委", Summary: "重大"}, AddMaterial{Text: "窗口代收"})
	l.do(registrar(roads), RequestMaterial{Missing: "照片"})
	l.refused(registrar(bureau), Screen{Kind: KindAppeal, Level: LevelOrdinary}, "act.state")
	l.do(petitioner(l.m.First), AddMaterial{Text: "照片"}).state(StateSigned)
}
