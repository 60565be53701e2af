package matter

import (
	"strconv"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// windows are D07 and D09: each petitioner's own right to ask for review and re-review, from receipt of the written opinion until it is used,
// lapses, or has lost its object.
func (b *clockBuilder) windows() {
	m := b.m
	if !m.Reviewable() {
		return
	}
	for _, s := range m.Services {
		b.window(TierReview, s, string(ruleReview)+"/"+s.Submission.String(), Clock{Unit: m.Holder(), Stopped: m.used(TierReview, s)})
	}
	for i := range m.Reviews {
		r := &m.Reviews[i]
		if r.Tier != TierReview || (r.Draft != nil && r.Draft.Result == ReviewRedo) {
			continue // what is revoked is handled again: the right follows the new opinion
		}
		for _, s := range r.Services {
			stopped := m.used(TierReReview, s)
			if !stopped.Known() && r.Void.Known() {
				stopped = max(r.Void, s.On)
			}
			key := string(ruleReReview) + "/" + s.Submission.String() + "/" + strconv.Itoa(r.N)
			b.window(TierReReview, s, key, Clock{Unit: r.Organ, Review: r.N, Stopped: stopped})
		}
	}
}

// window adds one petitioner's right.
func (b *clockBuilder) window(t Tier, s Service, key string, c Clock) {
	if s.Method == ServedNot {
		return
	}
	c.Key, c.Rule, c.Submission, c.From, c.Right, c.Petitioner = key, t.window(), s.Submission, s.On, true, true
	b.add(c)
}

// used is the day a petitioner's right to a tier was used, or a later opinion took the place of the one it was about.
func (m *Matter) used(t Tier, s Service) law.Day {
	day := law.NoDay
	first := func(d law.Day) {
		if d >= s.On && (!day.Known() || d < day) {
			day = d
		}
	}
	for i := range m.Reviews {
		r := &m.Reviews[i]
		if r.Void.Known() && t == TierReview {
			continue
		}
		if q, ok := r.asked(s.Submission); ok && r.Tier == t && q.spent() {
			first(q.On)
		}
		if later, ok := r.service(s.Submission); ok && (r.Tier == t || t == TierReview) && later != s {
			first(later.On)
		}
	}
	return day
}

// reviews are D08 and D10b: the time in which the organ gives its opinion and serves it, from receipt of the request; where the law of the place
// has one, the time in which it takes the request up; both the organ's.
func (b *clockBuilder) reviews() {
	for i := range b.m.Reviews {
		r := &b.m.Reviews[i]
		n := "/" + strconv.Itoa(r.N)
		rule, taken := ruleReviewed, ruleReviewTaken
		if r.Tier == TierReReview {
			rule, taken = ruleReReviewed, ruleReReviewTaken
		}
		began := r.Taken
		if !began.Known() {
			began = r.Closed
		}
		b.add(Clock{Key: string(taken) + n, Rule: taken, Unit: r.Organ, Review: r.N, From: r.Requests[0].On, Stopped: began})
		var opts []law.Option
		if r.Extension != nil {
			opts = append(opts, law.Extended(r.Extension.Days, r.Extension.Approved))
		}
		b.add(Clock{Key: string(rule) + n, Rule: rule, Unit: r.Organ, Review: r.N, From: r.Received(), Stopped: r.Closed}, opts...)
	}
}

// DeskOf is the unit whose people work on what a clock binds: of a review the desk of its organ, otherwise the unit itself.
func (m *Matter) DeskOf(c Clock) org.UnitID {
	if r := m.review(c.Review); r != nil && !c.Petitioner {
		return r.Desk
	}
	return c.Unit
}
