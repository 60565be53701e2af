package matter

import (
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// Hearing is one hearing (听证, 第三十一、三十六条): of the matter, or of a review.
type Hearing struct {
	Decided   law.Day // its time counts from here …
	On        law.Day
	At        string // the time of day
	Place     string
	Ended     law.Day // … to here, both included, where the law takes it out of a period
	Cancelled bool
}

// The bodies of a hearing. Review is zero for one of the matter itself.
type (
	// HearingCalled is the head's decision to hold one, with time and place told (T24, T45).
	HearingCalled struct {
		Review       int     `json:"review,omitempty"`
		On           law.Day `json:"on"`
		At           string  `json:"at"`
		Place        string  `json:"place"`
		Participants string  `json:"participants"`
		Reason       string  `json:"reason"`
		For          []Ref   `json:"for"` // who is told
	}
	// HearingMoved sets another day or place.
	HearingMoved struct {
		Review int     `json:"review,omitempty"`
		On     law.Day `json:"on"`
		At     string  `json:"at"`
		Place  string  `json:"place"`
		Reason string  `json:"reason"`
		For    []Ref   `json:"for"`
	}
	// HearingConcluded is the hearing as it was held: minutes and conclusion.
	HearingConcluded struct {
		Review      int      `json:"review,omitempty"`
		On          law.Day  `json:"on"`
		Minutes     string   `json:"minutes"`
		Conclusion  string   `json:"conclusion"`
		Attachments []string `json:"attachments,omitempty"`
		For         []Ref    `json:"for"`
	}
	// HearingCancelled calls it off.
	HearingCancelled struct {
		Review int    `json:"review,omitempty"`
		Reason string `json:"reason"`
		For    []Ref  `json:"for"`
	}
)

func (HearingCalled) body() string    { return "hearing_called" }
func (HearingMoved) body() string     { return "hearing_moved" }
func (HearingConcluded) body() string { return "hearing_concluded" }
func (HearingCancelled) body() string { return "hearing_cancelled" }

// The commands.
type (
	// CallHearing decides on a hearing and calls it.
	CallHearing struct {
		On           law.Day `json:"on" input:"day" need:"yes"`
		At           string  `json:"at" input:"line" need:"yes"`
		Place        string  `json:"place" input:"line" need:"yes"`
		Participants string  `json:"participants" input:"text" need:"yes"`
		Reason       string  `json:"reason" input:"text" need:"yes"`
	}
	// MoveHearing sets another day or place.
	MoveHearing struct {
		On     law.Day `json:"on" input:"day" need:"yes"`
		At     string  `json:"at" input:"line" need:"yes"`
		Place  string  `json:"place" input:"line" need:"yes"`
		Reason string  `json:"reason" input:"text" need:"yes"`
	}
	// ConcludeHearing records how it went.
	ConcludeHearing struct {
		Minutes     string   `json:"minutes" input:"text" need:"yes"`
		Conclusion  string   `json:"conclusion" input:"text" need:"yes"`
		Attachments []string `json:"attachments,omitempty" input:"files"`
	}
	// CancelHearing calls it off.
	CancelHearing struct {
		Reason string `json:"reason" input:"text" need:"yes"`
	}
)

// Act names the step.
func (CallHearing) Act() Act { return ActCallHearing }

// Act names the step.
func (MoveHearing) Act() Act { return ActMoveHearing }

// Act names the step.
func (ConcludeHearing) Act() Act { return ActConcludeHearing }

// Act names the step.
func (CancelHearing) Act() Act { return ActCancelHearing }

// Check returns what is wrong with the fields.
func (c CallHearing) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c MoveHearing) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c ConcludeHearing) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c CancelHearing) Check() []errs.Field { return check(&c) }

// hearingAt says whose hearing a step is about, zero for the matter's own, and who is told.
func (m *Matter) hearingAt(a Act, e Env) (review int, to []Ref) {
	row, _ := e.Procedure.Row(a)
	if r := m.reviewFor(row, e); r != nil && !m.atBase(row, e) {
		return r.N, r.Applicants()
	}
	for _, s := range m.Submissions {
		if !m.isWithdrawn(s.Ref) {
			to = append(to, s.Ref)
		}
	}
	return 0, to
}

// hearings are those of the matter or of one of its reviews.
func (m *Matter) hearings(review int) *[]Hearing {
	if r := m.review(review); r != nil {
		return &r.Hearings
	}
	return &m.Hearings
}

// guardHearing allows one hearing for each handling and each review.
func (m *Matter) guardHearing(row Transition, e Env, refuse func(string, ...any) error) error {
	n, _ := m.hearingAt(row.Act, e)
	since := law.NoDay
	if n == 0 && len(m.Redos) > 0 {
		since = m.Redos[len(m.Redos)-1].On // handled again, it may be heard again
	}
	if slices.ContainsFunc(*m.hearings(n), func(h Hearing) bool { return !h.Cancelled && h.Decided >= since }) {
		return refuse("act.hearing.once")
	}
	return nil
}

// checkNotice wants the day far enough ahead: the law of the place may say how far.
func checkNotice(on law.Day, e Env) error {
	first := e.Today
	if f, ok := e.Rules.Set.Figure(law.FigureHearingNotice); ok {
		first = e.Today.Add(f.N)
	}
	if on < first {
		return errs.Fields([]errs.Field{errs.F("on", "hearing.notice", "day", first)})
	}
	return nil
}

func (c CallHearing) decide(m *Matter, e Env) ([]Body, error) {
	if err := checkNotice(c.On, e); err != nil {
		return nil, err
	}
	n, to := m.hearingAt(ActCallHearing, e)
	return one(HearingCalled{Review: n, On: c.On, At: c.At, Place: c.Place, Participants: c.Participants, Reason: c.Reason, For: to})
}

func (c MoveHearing) decide(m *Matter, e Env) ([]Body, error) {
	if err := checkNotice(c.On, e); err != nil {
		return nil, err
	}
	n, to := m.hearingAt(ActMoveHearing, e)
	return one(HearingMoved{Review: n, On: c.On, At: c.At, Place: c.Place, Reason: c.Reason, For: to})
}

func (c ConcludeHearing) decide(m *Matter, e Env) ([]Body, error) {
	n, to := m.hearingAt(ActConcludeHearing, e)
	hs := *m.hearings(n)
	on := hs[len(hs)-1].On
	if on > e.Today {
		return nil, errs.E(errs.Refused, "act.hearing.not_yet", "day", on)
	}
	return one(HearingConcluded{Review: n, On: on, Minutes: c.Minutes, Conclusion: c.Conclusion, Attachments: c.Attachments, For: to})
}

func (c CancelHearing) decide(m *Matter, e Env) ([]Body, error) {
	n, to := m.hearingAt(ActCancelHearing, e)
	return one(HearingCancelled{Review: n, Reason: c.Reason, For: to})
}

// applyHearing adds an event of a hearing.
func (m *Matter) applyHearing(e Event) {
	last := func(n int) *Hearing { hs := *m.hearings(n); return &hs[len(hs)-1] }
	switch b := e.Body.(type) {
	case HearingCalled:
		hs := m.hearings(b.Review)
		*hs = append(*hs, Hearing{Decided: e.Day, On: b.On, At: b.At, Place: b.Place, Ended: law.NoDay})
		m.stand(b.Review, StateHearing, StateReviewHearing, StateReReviewHearing, e)
	case HearingMoved:
		h := last(b.Review)
		h.On, h.At, h.Place = b.On, b.At, b.Place
	case HearingConcluded:
		last(b.Review).Ended = e.Day
		m.stand(b.Review, StateInvestigating, StateReviewing, StateReReviewing, e)
	case HearingCancelled:
		h := last(b.Review)
		h.Ended, h.Cancelled = e.Day, true
		m.stand(b.Review, StateInvestigating, StateReviewing, StateReReviewing, e)
	default:
	}
}

// stand puts the matter, or one of its reviews, into a state.
func (m *Matter) stand(review int, own, reviewed, rereviewed State, e Event) {
	if r := m.review(review); r != nil {
		r.State = r.Tier.at(reviewed, rereviewed)
		r.note(e.By.User)
		return
	}
	m.State = own
	m.Handlers = addUser(m.Handlers, e.By.User)
}

// pauses are the times in which a period stands still: those of hearings, where its rule says so. One that was called off took no time.
func pauses(rule law.Rule, hearings []Hearing) []law.Option {
	if rule.Pause != "hearing" {
		return nil
	}
	var out []law.Option
	for _, h := range hearings {
		if !h.Cancelled {
			out = append(out, law.Paused(h.Decided, h.Ended))
		}
	}
	return out
}
