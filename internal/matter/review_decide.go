package matter

import (
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// worksFor reports whether an actor's unit does the work of a review.
func (r *Review) worksFor(a org.Actor) bool {
	return a.Kind == org.ActorSystem || (a.Duty.Unit != 0 && (a.Duty.Unit == r.Desk || a.Duty.Unit == r.Organ))
}

// reviewFor returns the review that a step by an actor is about: the first in a state of the row in which the actor has a part.
func (m *Matter) reviewFor(row Transition, e Env) *Review {
	holds := func(p Power) bool { return slices.Contains(row.By, p) && slices.Contains(e.Powers, p) }
	for i := range m.Reviews {
		r := &m.Reviews[i]
		if !r.Open() || !slices.Contains(row.From, r.State) {
			continue
		}
		switch {
		case (holds(PowerReviewer) || holds(PowerReviewHead)) && r.worksFor(e.Actor):
			return r
		case holds(PowerPetitioner) && petitions(e.Actor) && slices.Contains(r.Applicants(), m.own(e)):
			return r
		case holds(PowerReceiver):
			return r
		}
	}
	return nil
}

// petitions reports whether an actor takes a petitioner's steps: the petitioner, or the system in their place.
func petitions(a org.Actor) bool { return a.Kind == org.ActorPetitioner || a.Kind == org.ActorSystem }

// reviewOf is the review that a step that was found lawful is about.
func (m *Matter) reviewOf(a Act, e Env) *Review {
	row, _ := e.Procedure.Row(a)
	return m.reviewFor(row, e)
}

// allows reports whether a row starts from where the matter, or the review the actor has a part in, stands.
func (m *Matter) allows(row Transition, e Env) bool {
	return m.atBase(row, e) || m.reviewFor(row, e) != nil
}

// atBase reports whether an actor's title for a step is one on the matter itself, and the step starts from its state.
func (m *Matter) atBase(row Transition, e Env) bool {
	return row.Allows(m.State) && slices.ContainsFunc(row.By, func(p Power) bool {
		return p != PowerReviewer && p != PowerReviewHead && slices.Contains(e.Powers, p)
	})
}

// article is the one a step is taken under: a step that both tiers have, by the tier.
func (m *Matter) article(row Transition, e Env) string {
	if r := m.reviewFor(row, e); r != nil && row.Article == TierReview.article() {
		return r.Tier.article()
	}
	return row.Article
}

// guardReview holds that the organ's own people decide a review, and nobody who had a part in the opinion that is reviewed.
func (m *Matter) guardReview(a Act, row Transition, e Env, refuse func(string, ...any) error) error {
	switch a {
	case ActRequestReview:
		return m.guardRequest(TierReview, e)
	case ActRequestReReview:
		return m.guardRequest(TierReReview, e)
	case ActWithdrawReview:
		return nil
	default:
	}
	r := m.reviewFor(row, e)
	if r == nil {
		return nil
	}
	units, people := m.hadAPart(r.Tier)
	staff := e.Actor.Kind != org.ActorSystem
	switch {
	case staff && slices.Contains(units, e.Actor.Duty.Unit):
		return refuse("act.review.own_unit")
	case staff && e.Actor.User != 0 && slices.Contains(people, e.Actor.User):
		return refuse("act.review.own_hand")
	case a == ActExtendReview:
		return m.guardExtendReview(r, e)
	}
	return nil
}

// guardExtendReview holds that the law of the place lets the time of a review be extended: once, before its last day.
func (m *Matter) guardExtendReview(r *Review, e Env) error {
	rule, err := e.Rules.Set.Rule(r.Tier.rule())
	if err != nil {
		return err
	}
	refuse := func(code string, pairs ...any) error {
		return errs.E(errs.Refused, code, pairs...).Under(r.Tier.article())
	}
	_, end, _, _ := law.Ends(rule, r.Received(), e.Rules.Calendar, pauses(rule, r.Hearings)...)
	switch {
	case !rule.Extendable():
		return refuse("act.extend_review.none")
	case r.Extension != nil:
		return refuse("act.extend_review.once")
	case !end.Known():
		return refuse("act.extend_review.hearing")
	case e.Today > end:
		return refuse("act.extend_review.late", "day", end)
	}
	return nil
}

// hadAPart returns the units and people of the tiers below one: who gave the opinion never looks at it again.
func (m *Matter) hadAPart(t Tier) ([]org.UnitID, []org.UserID) {
	units, people := []org.UnitID{m.OpinionUnit}, slices.Clone(m.Handlers)
	if t == TierReReview {
		for _, r := range m.Reviews {
			if r.Tier == TierReview {
				units, people = append(units, r.Organ, r.Desk), append(people, r.People...)
			}
		}
	}
	return units, people
}

// guardRequest reports whether the actor may ask for a tier: the petitioner for their own part, a registrar for anybody's.
func (m *Matter) guardRequest(t Tier, e Env) error {
	if e.Actor.Kind == org.ActorPetitioner {
		_, err := m.mayAsk(m.own(e), t, e)
		return err
	}
	var first error
	for _, s := range m.Submissions {
		_, err := m.mayAsk(s.Ref, t, e)
		if err == nil || errs.CodeOf(err) == "act.review.late" { // a desk takes a late request in, too: the organ decides
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// asking is a right to ask for review or re-review: of which organs, and until when.
type asking struct {
	from   law.Day // the day of receipt of the opinion
	end    law.Day // the last day in law
	organs []org.Unit
}

// mayAsk reports whether a petitioner may ask for a tier on the day, and of which organs.
func (m *Matter) mayAsk(ref Ref, t Tier, e Env) (asking, error) {
	refuse := func(code string, pairs ...any) (asking, error) {
		return asking{}, errs.E(errs.Refused, code, pairs...).Under(t.article())
	}
	s, ok := m.Stands(ref)
	switch {
	case m.isWithdrawn(ref):
		return refuse("act.withdrawn")
	case !ok || s.Service.Method == ServedNot:
		return refuse("act.review.not_served")
	case s.Tier == TierReReview:
		return refuse("act.review.final")
	case s.Tier == TierFirst && t == TierReReview:
		return refuse("act.review.first")
	case s.Tier == TierReview && t == TierReview:
		return refuse("act.review.done")
	}
	wrong := map[org.UnitID]bool{}
	for i := range m.Reviews {
		r := &m.Reviews[i]
		if r.Tier != t || r.Void.Known() {
			continue
		}
		q, asked := r.asked(ref)
		switch {
		case !asked || (!q.live() && q.Ground == ""):
		case q.live():
			return refuse("act.review.asked")
		case q.Ground == ReviewWrongOrgan:
			wrong[r.Organ] = true
		default:
			return refuse("act.review.declined")
		}
	}
	rule, err := e.Rules.Set.Rule(t.window())
	if err != nil {
		return asking{}, err
	}
	a := asking{from: s.Service.On}
	for _, u := range e.Chart.Superiors(s.Organ, e.Today) {
		if !wrong[u.ID] {
			a.organs = append(a.organs, u)
		}
	}
	if clean := slices.DeleteFunc(slices.Clone(a.organs), func(u org.Unit) bool { return m.answeredPart(u.ID) }); len(clean) > 0 {
		a.organs = clean // who assisted looks at it again only where there is no other; the people who did never do
	}
	if len(a.organs) == 0 {
		return refuse("act.review.no_superior")
	}
	_, a.end, _, _ = law.Ends(rule, s.Service.On, e.Rules.Calendar)
	if e.Today > a.end {
		_, err := refuse("act.review.late", "day", a.end)
		return a, err
	}
	return a, nil
}

// request decides a request for a tier.
func (m *Matter) request(t Tier, c RequestReview, e Env) ([]Body, error) {
	own := e.Actor.Kind == org.ActorPetitioner
	ref, received := c.Submission, c.Received
	if own {
		ref, received = m.own(e), e.Today
	}
	if ref.IsZero() {
		return nil, errs.Fields([]errs.Field{errs.F("submission", "field.required")})
	}
	if _, ok := m.Submission(ref); !ok {
		return nil, errs.Fields([]errs.Field{errs.F("submission", "submission.not_here")})
	}
	a, err := m.mayAsk(ref, t, e)
	if err != nil && (own || errs.CodeOf(err) != "act.review.late") {
		return nil, err
	}
	if !received.Known() {
		received = e.Today
	}
	if received > e.Today {
		return nil, errs.Fields([]errs.Field{errs.F("received", "day.not_yet", "today", e.Today)})
	}
	if received < a.from {
		return nil, errs.Fields([]errs.Field{errs.F("received", "review.before_service", "day", a.from)})
	}
	unit := c.Unit
	if unit == 0 && len(a.organs) == 1 {
		unit = a.organs[0].ID
	}
	if !slices.ContainsFunc(a.organs, func(u org.Unit) bool { return u.ID == unit }) {
		return nil, errs.Fields([]errs.Field{errs.F("unit", "review.organ")})
	}
	return one(ReviewRequested{
		Tier: t, Submission: ref, Unit: unit, Desk: m.desk(unit, t, e), Reason: c.Reason, Attachments: c.Attachments, Received: received,
		Late: received > a.end,
	})
}

// desk is the unit that does an organ's work: for a Party committee and government its petition department, unless that gave the opinion.
func (m *Matter) desk(organ org.UnitID, t Tier, e Env) org.UnitID {
	u, ok := e.Chart.Unit(organ)
	if !ok || u.Kind != org.KindRoot {
		return organ
	}
	units, _ := m.hadAPart(t)
	for _, below := range e.Chart.Children(organ) {
		if below.Kind == org.KindBureau && below.Alive(e.Today) && !slices.Contains(units, below.ID) {
			return below.ID
		}
	}
	return organ
}

// Organs returns the next higher organs to which a petitioner may turn now with a step, for a form to choose from; none for other steps.
func (m *Matter) Organs(a Act, ref Ref, e Env) []org.Unit {
	t := TierReview
	switch a {
	case ActRequestReview:
	case ActRequestReReview:
		t = TierReReview
	default:
		return nil
	}
	asking, _ := m.mayAsk(ref, t, e) // of a late request the organs are known, too
	return asking.organs
}

func (c RequestReview) decide(m *Matter, e Env) ([]Body, error) { return m.request(TierReview, c, e) }

func (c RequestReReview) decide(m *Matter, e Env) ([]Body, error) {
	return m.request(TierReReview, RequestReview(c), e)
}

func (c WithdrawReview) decide(m *Matter, e Env) ([]Body, error) {
	r := m.reviewOf(ActWithdrawReview, e)
	ref := c.Submission
	if e.Actor.Kind == org.ActorPetitioner {
		ref = m.own(e)
	}
	if !slices.Contains(r.Applicants(), ref) {
		return nil, errs.Fields([]errs.Field{errs.F("submission", "review.submission")})
	}
	return one(ReviewWithdrawn{Review: r.N, Tier: r.Tier, Submission: ref, Reason: c.Reason})
}

func (c TakeReview) decide(m *Matter, e Env) ([]Body, error) {
	r := m.reviewOf(ActTakeReview, e)
	return one(ReviewTaken{Review: r.N, Tier: r.Tier, For: r.Applicants()})
}

func (c DeclineReview) decide(m *Matter, e Env) ([]Body, error) {
	r := m.reviewOf(ActDeclineReview, e)
	q, asked := r.asked(c.Submission)
	if !asked || !q.live() {
		return nil, errs.Fields([]errs.Field{errs.F("submission", "review.submission")})
	}
	if c.Ground == ReviewTooLate && !q.Late {
		return nil, errs.Fields([]errs.Field{errs.F("ground", "review.in_time")})
	}
	return one(ReviewDeclined{Review: r.N, Tier: r.Tier, Submission: c.Submission, Ground: c.Ground, Reason: c.Reason, Organ: c.Organ})
}

// Check wants the right organ, or the other lawful way, to be named.
func (c DeclineReview) Check() []errs.Field {
	out := check(&c)
	if (c.Ground == ReviewWrongOrgan || c.Ground == ReviewOtherRoute) && strings.TrimSpace(c.Organ) == "" {
		out = append(out, errs.F("organ", "field.required"))
	}
	return out
}

func (c ExtendReview) decide(m *Matter, e Env) ([]Body, error) {
	r := m.reviewOf(ActExtendReview, e)
	rule, err := e.Rules.Set.Rule(r.Tier.rule())
	if err != nil {
		return nil, err
	}
	if c.Days < 1 || c.Days > rule.ExtendN {
		return nil, errs.Fields([]errs.Field{errs.F("days", "extend.days", "max", rule.ExtendN)})
	}
	if err := law.CheckExtension(rule, r.Received(), e.Rules.Calendar, c.Days, e.Today, pauses(rule, r.Hearings)...); err != nil {
		return nil, err
	}
	return one(ReviewExtended{Review: r.N, Tier: r.Tier, Days: c.Days, Approval: c.Approval, Reason: c.Reason, For: r.Applicants()})
}

// Check wants new outcomes where the opinion is changed, and a day where it is to be handled again.
func (c DraftReview) Check() []errs.Field {
	c = c.clean()
	out := check(&c)
	if c.Result == ReviewRedo && !c.By.Known() {
		out = append(out, errs.F("by", "field.required"))
	}
	if c.Result == ReviewChange && len(c.Answers) == 0 {
		out = append(out, errs.F("answers", "field.required"))
	}
	return out
}

// clean drops what a form sent besides what the result needs.
func (c DraftReview) clean() DraftReview {
	if c.Result != ReviewChange {
		c.Answers = nil
	}
	if c.Result != ReviewRedo {
		c.By = law.NoDay
	}
	return c
}

func (c DraftReview) decide(m *Matter, e Env) ([]Body, error) {
	c = c.clean()
	r := m.reviewOf(ActDraftReview, e)
	switch c.Result {
	case ReviewUphold:
	case ReviewChange:
		if err := m.coverAll(c.Answers); err != nil {
			return nil, err
		}
		if sameAnswers(c.Answers, m.answered()) {
			return nil, errs.Fields([]errs.Field{errs.F("answers", "review.nothing_changed")})
		}
	case ReviewRedo:
		if c.By <= e.Today {
			return nil, errs.Fields([]errs.Field{errs.F("by", "day.future")})
		}
	}
	return one(ReviewDrafted{Review: r.N, Tier: r.Tier, Result: c.Result, Facts: c.Facts, Basis: c.Basis, Answers: c.Answers, By: c.By})
}

func (c ReturnReview) decide(m *Matter, e Env) ([]Body, error) {
	r := m.reviewOf(ActReturnReview, e)
	return one(ReviewReturned{Review: r.N, Tier: r.Tier, Reason: c.Reason})
}

func (c IssueReview) decide(m *Matter, e Env) ([]Body, error) {
	r := m.reviewOf(ActIssueReview, e)
	if r.Draft.Result == ReviewRedo && r.Draft.By <= e.Today {
		return nil, errs.E(errs.Refused, "act.review.by_past", "day", r.Draft.By).Under(r.Tier.article())
	}
	to := r.Applicants()
	if r.Draft.Result != ReviewUphold { // it touches everybody who has the opinion
		for _, s := range m.Services {
			if !slices.Contains(to, s.Submission) && !m.isWithdrawn(s.Submission) {
				to = append(to, s.Submission)
			}
		}
	}
	return one(ReviewIssued{Review: r.N, Tier: r.Tier, Result: r.Draft.Result, By: r.Draft.By, For: to, Despite: c.Despite})
}

// Check wants what that of Serve wants.
func (c ServeReview) Check() []errs.Field {
	return append(check(&c), checkService(c.Method, c.On, c.Proof, c.Reason)...)
}

func (c ServeReview) decide(m *Matter, e Env) ([]Body, error) {
	r := m.reviewOf(ActServeReview, e)
	switch {
	case !slices.Contains(r.Unserved(), c.Submission):
		return nil, errs.Fields([]errs.Field{errs.F("submission", "serve.submission")})
	case c.Method == ServedByLink:
		return one(DocumentReady{Submission: c.Submission, Despite: c.Despite})
	case c.On > e.Today:
		return nil, errs.Fields([]errs.Field{errs.F("on", "day.not_yet", "today", e.Today)})
	case c.On < r.Issued:
		return nil, errs.Fields([]errs.Field{errs.F("on", "serve.before_issue", "day", r.Issued)})
	}
	return one(ReviewServed{
		Review: r.N, Tier: r.Tier, Submission: c.Submission, Method: c.Method, On: c.On, Proof: c.Proof, Reason: c.Reason, Despite: c.Despite,
	})
}

func (c Care) decide(*Matter, Env) ([]Body, error) { return one(Cared(c)) }

// sameAnswers reports whether two opinions say the same to every demand.
func sameAnswers(a, b []Answer) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		if !slices.ContainsFunc(b, x.says) {
			return false
		}
	}
	return true
}

// says compares what two answers say, blanks aside.
func (a Answer) says(b Answer) bool {
	same := func(x, y string) bool {
		return strings.Join(strings.Fields(x), "") == strings.Join(strings.Fields(y), "")
	}
	return a.Demand == b.Demand && a.Outcome == b.Outcome && same(a.Facts, b.Facts) && same(a.Basis, b.Basis) && same(a.Promise, b.Promise) &&
		a.PromiseBy == b.PromiseBy
}
