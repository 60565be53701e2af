package matter

import (
	"slices"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// May reports whether an actor may take a step on the matter now, before any field is looked at. The error says, in the
// reader's language once spoken, why not: the title, the state, the day or what is missing.
func (m *Matter) May(a Act, e Env) error {
	row, ok := e.Procedure.Row(a)
	if !ok {
		return errs.E(errs.NotFound, "act.unknown", "act", string(a))
	}
	if !slices.ContainsFunc(row.By, func(p Power) bool { return slices.Contains(e.Powers, p) && m.counts(p, row) }) {
		return errs.E(errs.Forbidden, "act.power", "act", string(a))
	}
	if m.recused(e.Actor.User) {
		return errs.E(errs.Refused, "act.recused").Under("art28")
	}
	if !m.Merged.IsZero() {
		return errs.E(errs.Refused, "act.merged", "number", m.Merged.String())
	}
	if !m.allows(row, e) {
		return errs.E(errs.Refused, "act.state", "act", string(a), "state", string(m.Stage())).Under(row.Article)
	}
	return m.guard(a, row, e)
}

// counts reports whether a title still allows a step. While another unit has the matter, the receiver's title to move it
// has passed to that unit.
func (m *Matter) counts(p Power, row Transition) bool {
	return p != PowerReceiver || row.To == StateNone || !slices.Contains(row.By, PowerHolder) || m.leg() == nil
}

// guard holds what a step needs beyond title and state.
func (m *Matter) guard(a Act, row Transition, e Env) error {
	refuse := func(code string, pairs ...any) error {
		return errs.E(errs.Refused, code, pairs...).Under(m.article(row, e))
	}
	switch a {
	case ActScreen:
		if m.leg() != nil {
			return refuse("act.state", "act", string(a), "state", string(m.State)) // a unit that signed waits for the material
		}
	case ActObject:
		l := m.leg()
		if l == nil || l.From == 0 {
			return refuse("act.object.own")
		}
		if l.Objected {
			return refuse("act.object.once")
		}
		end, err := m.end4(*l, e)
		if err != nil {
			return err
		}
		if e.Today > end {
			return refuse("act.object.late", "day", end)
		}
	case ActDispute:
		if l := m.leg(); l == nil || l.From == 0 {
			return refuse("act.object.own")
		}
		if m.Ruled == m.Holder() {
			return refuse("act.dispute.final")
		}
	case ActAccept:
		if m.Kind == KindSuggestion || m.Kind == KindEnquiry {
			return refuse("act.accept.kind")
		}
	case ActReply:
		if m.Kind != KindSuggestion && m.Kind != KindEnquiry {
			return refuse("act.reply.kind")
		}
	case ActDeclineFinal:
		if m.NewFacts != "" {
			return refuse("act.decline_final.new_facts")
		}
	case ActExtend, ActRevokeExtension:
		return m.guardExtension(a, e, refuse)
	case ActIssue:
		if n := m.undrafted(); len(n) > 0 {
			return refuse("act.issue.silent", "demands", listed(n))
		}
		if waiting := slices.DeleteFunc(m.Waiting(), func(p Part) bool { return p.Line }); len(waiting) > 0 {
			return refuse("act.issue.parts", "n", len(waiting))
		}
	case ActServe:
		if len(m.Unserved()) == 0 {
			return refuse("act.serve.all")
		}
	case ActAssignLine, ActSignPart, ActAnswerPart, ActWaiveParts, ActReportLine, ActInquire:
		return m.guardPart(a, e, refuse)
	case ActComplete:
		if err := m.closes(refuse); err != nil {
			return err
		}
		if m.State == StateServed || m.State == StateAgreed {
			if n := numbers(m.Silent()); len(n) > 0 {
				return refuse("act.complete.silent", "demands", listed(n))
			}
			if m.Eases == nil {
				return refuse("act.complete.eases")
			}
		}
	case ActSeparate:
		if len(m.Submissions) < 2 {
			return refuse("act.separate.one")
		}
	case ActPress:
		if _, open := m.OpenPress(); open {
			return refuse("act.press.open")
		}
	case ActAnswerPress:
		if _, open := m.OpenPress(); !open {
			return refuse("act.press.none")
		}
	case ActRedo:
		if !m.asked() {
			return refuse("act.redo.nobody")
		}
		if m.front() != nil {
			return refuse("act.redo.review")
		}
	case ActFollowUp:
		if !m.FollowUp {
			return refuse("act.follow_up.none")
		}
	case ActAnswerAdvice:
		if m.adviceFor(e) == nil {
			return refuse("act.advice.none")
		}
	case ActReceiveReport:
		if m.reportTo(e) == nil {
			return refuse("act.report.none")
		}
	case ActCallHearing:
		return m.guardHearing(row, e, refuse)
	case ActAskRecusal, ActDeclareRecusal, ActDecideRecusal:
		return m.guardRecusal(a, e, refuse)
	case ActReceive:
		return m.guardReceive(e, refuse)
	case ActUrge, ActRate, ActWithdraw, ActConfirm, ActAddDemand, ActAddMaterial, ActConfirmDemands, ActChooseContact:
		return m.guardPetitioner(a, e, refuse)
	case ActRequestReview, ActRequestReReview, ActWithdrawReview, ActTakeReview, ActDeclineReview, ActExtendReview, ActDraftReview, ActReturnReview,
		ActIssueReview, ActServeReview:
		return m.guardReview(a, row, e, refuse)
	}
	return nil
}

// guardExtension holds that the handling period is extended once and in time, and that the extension is taken back only while the period itself
// still runs: whoever relied on it is not made late by a stroke of the pen.
func (m *Matter) guardExtension(a Act, e Env, refuse func(string, ...any) error) error {
	rule, err := e.Rules.Set.Rule(ruleHandle)
	if err != nil {
		return err
	}
	_, end, _, _ := law.Ends(rule, m.handlingFrom(rule), e.Rules.Calendar, pauses(rule, m.Hearings)...)
	late := end.Known() && e.Today > end
	switch {
	case a == ActRevokeExtension && (m.Extension == nil || m.Extension.Revoked.Known()):
		return refuse("act.revoke_extension.none")
	case a == ActExtend && m.Extension != nil:
		return refuse("act.extend.once")
	case m.Handled.Known():
		return refuse("act.extend.answered")
	case a == ActRevokeExtension && late:
		return refuse("act.revoke_extension.late", "day", end)
	case late:
		return refuse("act.extend.late", "day", end) // the button says so; CheckExtension decides
	}
	return nil
}

// UrgeEvery is how many days must pass between two urges by the same petitioner on the same matter.
const UrgeEvery = 7

// guardPetitioner holds what the petitioner's own steps need, whoever takes them for the petitioner.
func (m *Matter) guardPetitioner(a Act, e Env, refuse func(string, ...any) error) error {
	if a == ActUrge && e.Actor.Kind != org.ActorPetitioner {
		return nil
	}
	own := m.own(e)
	if m.isWithdrawn(own) {
		return refuse("act.withdrawn")
	}
	switch a {
	case ActUrge:
		for _, u := range m.Urges {
			if u.Submission == own && e.Today < u.On.Add(UrgeEvery) {
				return refuse("act.urge.often", "day", u.On.Add(UrgeEvery))
			}
		}
	case ActRate:
		if _, done := m.Rating(own); done {
			return refuse("act.rate.once")
		}
	case ActConfirmDemands:
		if !slices.ContainsFunc(m.Demands, func(d Demand) bool { return d.Submission == own && !d.Confirmed }) {
			return refuse("act.demands.confirmed")
		}
	default:
	}
	return nil
}

// end4 is the last day of D04 on a leg.
func (m *Matter) end4(l Leg, e Env) (law.Day, error) {
	rule, err := e.Rules.Set.Rule(ruleObject)
	if err != nil {
		return law.NoDay, err
	}
	_, end, _, _ := law.Ends(rule, l.Received, e.Rules.Calendar)
	return end, nil
}

// undrafted returns the numbers of demands without an answer in the draft.
func (m *Matter) undrafted() []int {
	var out []int
	for _, d := range m.Demands {
		if m.isWithdrawn(d.Submission) {
			continue
		}
		if m.Draft == nil || !slices.ContainsFunc(m.Draft.Answers, func(a Answer) bool { return a.Demand == d.N }) {
			out = append(out, d.N)
		}
	}
	return out
}

func numbers(demands []Demand) []int {
	var out []int
	for _, d := range demands {
		out = append(out, d.N)
	}
	return out
}

// listed writes numbers for a message.
func listed(ns []int) []string {
	out := make([]string, len(ns))
	for i, n := range ns {
		out[i] = strconv.Itoa(n)
	}
	return out
}
