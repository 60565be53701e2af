package web

import (
	"slices"

	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// reviewCard is a review or re-review as staff read it.
type reviewCard struct {
	title   string
	state   string
	facts   []ui.Fact
	demands []ui.DemandProps // as it changes them
}

// reviewCards are the reviews of a matter, the newest first, with what was asked and what is said or drafted.
func reviewCards(t *i18n.Speaker, m usecase.MatterView) []reviewCard {
	var out []reviewCard
	for i := range slices.Backward(m.Matter.Reviews) {
		out = append(out, reviewCardOf(t, m, &m.Matter.Reviews[i]))
	}
	return out
}

func reviewCardOf(t *i18n.Speaker, m usecase.MatterView, r *matter.Review) reviewCard {
	p := reviewCard{
		title: t.T("desk.review.title." + string(r.Tier)), state: t.T("state." + string(r.State)),
		facts: []ui.Fact{{Term: t.T("desk.review.organ"), Text: nameOf(t, m.Names, r.Organ)}},
	}
	if !r.Open() {
		p.state = t.T("desk.review.over")
	}
	if r.Desk != r.Organ {
		p.facts = append(p.facts, ui.Fact{Term: t.T("desk.review.desk"), Text: nameOf(t, m.Names, r.Desk)})
	}
	p.facts = append(p.facts, requestFacts(t, m, r)...)
	p.facts = append(p.facts, hearingFacts(t, r.Hearings)...)
	if x := r.Extension; x != nil {
		p.facts = append(p.facts, ui.Fact{Term: t.T("desk.review.extended"), Text: t.T("desk.review.extended.line", "n", x.Days, "day", t.FullDay(x.Approved)), Note: x.Reason})
	}
	if r.Draft != nil {
		p.facts = append(p.facts, opinionFacts(t, r)...)
		p.demands = changedDemands(t, m.Matter.Demands, r)
	}
	for _, s := range r.Services {
		p.facts = append(p.facts, ui.Fact{Term: t.T("desk.review.served"), Text: t.T("service_method."+string(s.Method)) + " · " + t.FullDay(s.On)})
	}
	return p
}

// reviewDraftShown is the draft of a review opinion as the head reads it before signing, with what was asked.
func reviewDraftShown(t *i18n.Speaker, m usecase.MatterView) ([]ui.Fact, []ui.DemandProps) {
	for i := range m.Matter.Reviews {
		if r := &m.Matter.Reviews[i]; r.Draft != nil && !r.Issued.Known() {
			card := reviewCardOf(t, m, r)
			return card.facts, card.demands
		}
	}
	return nil, nil
}

// requestFacts are who asked when and why, without names.
func requestFacts(t *i18n.Speaker, m usecase.MatterView, r *matter.Review) []ui.Fact {
	var out []ui.Fact
	for _, q := range r.Requests {
		f := ui.Fact{Term: t.T("desk.review.asked"), Text: t.T("desk.review.asked.line", "day", t.FullDay(q.On), "reason", reasonOf(m.Events, r, q))}
		switch {
		case q.Ground != "":
			f.Note = t.T("desk.review.declined", "ground", t.T("review_ground."+string(q.Ground)))
		case q.Over.Known():
			f.Note = t.T("desk.review.withdrawn")
		case q.Late:
			f.Note = t.T("desk.review.late")
		}
		out = append(out, f)
	}
	return out
}

// reasonOf is what a petitioner wrote when asking: it stands in the event alone.
func reasonOf(events []matter.Event, r *matter.Review, q matter.Request) string {
	for _, e := range events {
		if b, ok := e.Body.(matter.ReviewRequested); ok && b.Tier == r.Tier && b.Submission == q.Submission && b.Unit == r.Organ && b.Received == q.On {
			return b.Reason
		}
	}
	return ""
}

// opinionFacts are what the organ says, or what is drafted for its head to sign.
func opinionFacts(t *i18n.Speaker, r *matter.Review) []ui.Fact {
	term := t.T("desk.review.result")
	if !r.Issued.Known() {
		term = t.T("desk.review.result.draft")
	}
	out := []ui.Fact{
		{Term: term, Text: t.T("review_result." + string(r.Draft.Result)), Note: r.Document},
		{Term: t.T("form.facts"), Text: r.Draft.Facts},
		{Term: t.T("form.basis"), Text: r.Draft.Basis},
	}
	if r.Draft.By.Known() {
		out = append(out, ui.Fact{Term: t.T("desk.review.by"), Text: t.FullDay(r.Draft.By)})
	}
	return out
}

// changedDemands are the answers that a review opinion puts in place of those it changes.
func changedDemands(t *i18n.Speaker, demands []matter.Demand, r *matter.Review) []ui.DemandProps {
	var out []ui.DemandProps
	for _, d := range demands {
		k := slices.IndexFunc(r.Draft.Answers, func(a matter.Answer) bool { return a.Demand == d.N })
		if k < 0 {
			continue
		}
		a := r.Draft.Answers[k]
		out = append(out, ui.DemandProps{
			N: d.N, Words: d.Text, Answered: true, Result: t.T("outcome." + string(a.Outcome)), ResultLight: outcomeLight(a.Outcome), Facts: answerFacts(t, a),
		})
	}
	return out
}

// hearingFacts are the hearings of the matter or of a review.
func hearingFacts(t *i18n.Speaker, hearings []matter.Hearing) []ui.Fact {
	var out []ui.Fact
	for _, h := range hearings {
		f := ui.Fact{Term: t.T("desk.hearing"), Text: t.T("desk.hearing.line", "day", t.FullDay(h.On), "at", h.At, "place", h.Place)}
		switch {
		case h.Cancelled:
			f.Note = t.T("desk.hearing.cancelled")
		case h.Ended.Known():
			f.Note = t.T("desk.hearing.held", "day", t.FullDay(h.Ended))
		}
		out = append(out, f)
	}
	return out
}

// partRow is what an assisting unit, or the second line, was asked for.
type partRow struct{ unit, role, asked, signed, stands string }

func partRows(t *i18n.Speaker, m usecase.MatterView) []partRow {
	var out []partRow
	for _, p := range m.Matter.Parts {
		row := partRow{unit: nameOf(t, m.Names, p.Unit), role: t.T("desk.part.help"), asked: p.Text, signed: t.T("desk.part.unsigned")}
		if p.Line {
			row.role = t.T("desk.part.line")
		}
		if p.Signed.Known() {
			row.signed = t.T("desk.part.signed", "day", t.MonthDay(p.Signed))
		}
		row.stands = t.T("desk.part.waits", "day", t.Day(p.By))
		switch {
		case p.Answered.Known():
			row.stands = t.T("desk.part.answered", "day", t.MonthDay(p.Answered)) + t.T("desk.join") + p.Answer
		case p.Waived.Known():
			row.stands = t.T("desk.part.waived", "day", t.MonthDay(p.Waived))
		}
		out = append(out, row)
	}
	return out
}

// ownReview is an opinion of review as its petitioner reads it.
type ownReview struct {
	title   string
	number  string
	facts   []ui.Fact
	demands []ui.DemandProps
}

// ownReviews are the opinions that were served on the petitioner, the newest first. Until it is served an opinion is not theirs to read.
func ownReviews(t *i18n.Speaker, v usecase.TrackView) []ownReview {
	var out []ownReview
	for i := range slices.Backward(v.Matter.Reviews) {
		r := &v.Matter.Reviews[i]
		k := slices.IndexFunc(r.Services, func(s matter.Service) bool { return s.Submission == v.Submission.Ref })
		if k < 0 || r.Draft == nil || r.Services[k].Method == matter.ServedNot {
			continue
		}
		kind := t.T("desk.review.title." + string(r.Tier))
		p := ownReview{
			title:  t.T("citizen.review.said", "organ", nameOf(t, v.Names, r.Organ), "kind", kind),
			number: t.T("citizen.review.document", "kind", kind, "document", r.Document), facts: opinionFacts(t, r),
		}
		p.facts[0].Note = ""
		p.facts = append(p.facts, ui.Fact{Term: t.T("desk.review.served"), Text: t.FullDay(r.Services[k].On)})
		p.demands = changedDemands(t, v.Demands, r)
		out = append(out, p)
	}
	return out
}
