package usecase

import (
	"context"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/find"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/reply"
	"huiyin/internal/store"
)

// CopyReach is how many replies of the unit, the newest, a reply is compared with, beside those on matters that are alike.
const CopyReach = 50

// ReplyCheck is what was found in a reply.
type ReplyCheck struct {
	Findings []reply.Finding
	Compared int               // with how many other replies
	Reasoned bool              // it has been signed or served with a reason already
	Texts    map[string]string // what was read, by the fields of the findings
}

// Asks reports whether there is something that needs a reason to go on with.
func (c ReplyCheck) Asks() bool { return !c.Reasoned && len(reply.Musts(c.Findings)) > 0 }

// CheckReply reads a reply before it leaves, for who may take the step: what a draft or an answer says as it is given with the step, what stands
// for a signature or a service. It writes nothing.
//
// Of a submission whose petitioner asks that the unit does not learn the name, nothing is compared with a text that is only tried: who may try any text could try names.
func (o *Office) CheckReply(ctx context.Context, who org.Actor, ref matter.Ref, c matter.Command) (ReplyCheck, error) {
	if err := granted(who, "read"); err != nil {
		return ReplyCheck{}, err
	}
	if !checks(c) {
		return ReplyCheck{}, errs.Fields([]errs.Field{errs.F("act", "reply.act")})
	}
	var out ReplyCheck
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		h, err := o.see(ctx, t, who, ref)
		if err != nil {
			return err
		}
		e := o.env(h.matter, who, h.rules)
		if err := h.matter.May(c.Act(), e); err != nil {
			return err
		}
		r, err := o.reading(ctx, t, h.matter, e, c)
		if err != nil {
			return err
		}
		if r.around.Replies, err = o.repliesLike(ctx, t, h.matter, who, r.around.Tier); err != nil {
			return err
		}
		r.around.Phrases = o.template(r.kind).text
		out = ReplyCheck{Findings: o.replies.Check(r.reply, r.around), Compared: len(r.around.Replies), Reasoned: r.despite != "", Texts: map[string]string{}}
		for _, words := range r.reply.Texts {
			out.Texts[words.Field] = words.Words
		}
		return nil
	})
	return out, err
}

// checks reports whether a step carries a reply.
func checks(c matter.Command) bool {
	switch c.(type) {
	case *matter.Drafting, *matter.DraftReview:
		return true
	default:
		return leaves(c)
	}
}

// leaves reports whether a reply leaves by a step.
func leaves(c matter.Command) bool {
	switch c.(type) {
	case *matter.Reply, *matter.Issue, *matter.Serve, *matter.IssueReview, *matter.ServeReview:
		return true
	default:
		return false
	}
}

// holdReply asks for a reason where a reply leaves with something that is to be mended. What other replies say is not looked at: being like one asks for none.
func (o *Office) holdReply(ctx context.Context, t *store.Tx, m *matter.Matter, e matter.Env, c matter.Command) error {
	if open := m.May(c.Act(), e) == nil; !open || e.Actor.Kind == org.ActorSystem || e.Actor.Kind == org.ActorPetitioner {
		return nil // what another system did is done, a petitioner does not write it, and a step that is not open is refused as such
	}
	r, err := o.reading(ctx, t, m, e, c)
	if err != nil || strings.TrimSpace(r.despite) != "" {
		return err
	}
	if n := len(reply.Musts(o.replies.Check(r.reply, r.around))); n > 0 {
		return errs.Fields([]errs.Field{errs.F("despite", "reply.despite", "n", n)})
	}
	return nil
}

// reading is a reply with what it is read against.
type reading struct {
	reply   reply.Reply
	around  reply.Around
	kind    matter.PaperKind
	despite string // the reason that was given
}

// reading takes the reply out of a step, or what stands on the matter for one that adds no words.
func (o *Office) reading(ctx context.Context, t *store.Tx, m *matter.Matter, e matter.Env, c matter.Command) (reading, error) {
	r := reading{kind: matter.PaperOpinion, around: reply.Around{Day: e.Today, Laws: m.RuleSet}}
	if !m.Reviewable() {
		r.kind = matter.PaperReply
	}
	tried, served, result := false, law.NoDay, matter.ReviewResult("")
	switch c := c.(type) {
	case *matter.Drafting:
		r.reply, tried = replyOf(m, c.Facts, c.Basis, c.Answers), true
	case *matter.Reply:
		r.reply, r.despite, tried = replyOf(m, c.Facts, c.Basis, c.Answers), c.Despite, true
		r.reply.Basis = false
	case *matter.Issue:
		r.draft(m, c.Despite)
	case *matter.Serve:
		served = c.On
		r.draft(m, c.Despite)
	case *matter.DraftReview:
		result, tried = c.Result, true
		r.reviewDraft(m, e.Actor, &matter.ReviewDraft{Facts: c.Facts, Basis: c.Basis, Answers: c.Answers}, "")
	case *matter.IssueReview:
		result = r.reviewDraft(m, e.Actor, nil, c.Despite)
	case *matter.ServeReview:
		served = c.On
		result = r.reviewDraft(m, e.Actor, nil, c.Despite)
	}
	tier, term, err := m.Against(r.around.Tier, result, served, e.Rules)
	if err != nil {
		return reading{}, err
	}
	r.around.Remedy = reply.Remedy{Tier: tier, N: term.N, Unit: term.Unit, Until: term.Until}
	r.around.People, err = o.othersIn(ctx, t, m, tried)
	return r, err
}

// draft takes the opinion that stands on the matter.
func (r *reading) draft(m *matter.Matter, despite string) {
	r.despite = despite
	if d := m.Draft; d != nil {
		r.reply = replyOf(m, d.Facts, d.Basis, d.Answers)
		r.reply.Basis = m.Reviewable()
		if r.despite == "" {
			r.despite = d.Despite
		}
	}
}

// reviewDraft takes the opinion of the review that the actor works on, or the one given.
func (r *reading) reviewDraft(m *matter.Matter, who org.Actor, d *matter.ReviewDraft, despite string) matter.ReviewResult {
	r.despite = despite
	review, ok := m.ReviewOf(who)
	if !ok {
		return ""
	}
	r.around.Tier, r.kind = review.Tier, matter.PaperReview
	if review.Tier == matter.TierReReview {
		r.kind = matter.PaperReReview
	}
	if d == nil {
		d = review.Draft
	}
	if d == nil {
		return ""
	}
	if r.despite == "" {
		r.despite = d.Despite
	}
	r.reply = replyOf(m, d.Facts, d.Basis, d.Answers)
	r.reply.Demands = nil // what it does not change it leaves as it was answered
	return d.Result
}

// replyOf are the texts of a reply, by the names of their fields.
func replyOf(m *matter.Matter, facts, basis string, answers []matter.Answer) reply.Reply {
	out := reply.Reply{Basis: true, Texts: []reply.Text{{Field: "facts", Part: reply.Facts, Words: facts}, {Field: "basis", Part: reply.Basis, Words: basis}}}
	for _, d := range m.Demands {
		if !m.IsWithdrawn(d.Submission) {
			out.Demands = append(out.Demands, d.N)
		}
	}
	for i, a := range answers {
		at := "answers." + strconv.Itoa(i) + "."
		out.Texts = append(out.Texts,
			reply.Text{Field: at + "facts", Part: reply.Facts, Demand: a.Demand, Words: a.Facts},
			reply.Text{Field: at + "basis", Part: reply.Basis, Demand: a.Demand, Words: a.Basis},
			reply.Text{Field: at + "promise", Part: reply.Other, Demand: a.Demand, Words: a.Promise})
	}
	return out
}

// othersIn is who must not be recognised in a reply: where several have handed in the matter, each of them for the others. Nobody sees them.
func (o *Office) othersIn(ctx context.Context, t *store.Tx, m *matter.Matter, tried bool) ([]reply.Known, error) {
	if len(m.Submissions) < 2 {
		return nil, nil
	}
	var numbers []int64
	for _, s := range m.Submissions {
		if s.Ref.Home == m.Ref.Home && (!tried || !s.Confidential) {
			numbers = append(numbers, s.Ref.N)
		}
	}
	rows, err := t.Parties(ctx, m.Ref.Home, numbers)
	if err != nil {
		return nil, err
	}
	out := make([]reply.Known, len(rows))
	for i, row := range rows {
		p, err := o.openParty(row, m.Sealed)
		if err != nil {
			return nil, err
		}
		out[i] = reply.Known{Name: p.Name, IDNumber: p.IDNumber, Phone: p.Phone}
	}
	return out, nil
}

// repliesLike are the replies with which one is compared: those on matters that are alike, and the newest of the unit. Nothing is compared with a sealed one.
func (o *Office) repliesLike(ctx context.Context, t *store.Tx, m *matter.Matter, who org.Actor, tier matter.Tier) ([]reply.Earlier, error) {
	if m.Sealed {
		return nil, nil
	}
	s := m.Submissions[0]
	alike, err := t.MattersAlike(ctx, who.Scope(), m.Ref.Home, find.Sketch(find.Read(Said(s.Title, s.Narrative, s.Demands)).Shingles()), RepeatReach)
	if err != nil {
		return nil, err
	}
	newest, err := t.AnsweredAt(ctx, who.Scope(), m.Ref.Home, m.Desk(), CopyReach)
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, 0, len(alike)+len(newest))
	for _, a := range alike {
		numbers = append(numbers, a.Row.Ref.N)
	}
	for _, row := range newest {
		numbers = append(numbers, row.Ref.N)
	}
	numbers = distinct(numbers, m.Ref.N)
	others, err := o.foldAll(ctx, t, m.Ref.Home, numbers)
	if err != nil {
		return nil, err
	}
	var out []reply.Earlier
	for _, n := range numbers {
		if other, ok := others[n]; ok {
			if words := answered(other, tier); words != "" {
				out = append(out, reply.Earlier{Ref: other.Ref, Words: words})
			}
		}
	}
	return out, nil
}

// distinct are numbers in their order, each once and one not at all.
func distinct(numbers []int64, except int64) []int64 {
	var out []int64
	seen := map[int64]bool{except: true}
	for _, n := range numbers {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// answered is what an issued reply of a tier says of the facts; empty where there is none.
func answered(m *matter.Matter, tier matter.Tier) string {
	var said []string
	add := func(facts string, answers []matter.Answer) {
		said = append(said, facts)
		for _, a := range answers {
			said = append(said, a.Facts)
		}
	}
	if d := m.Draft; tier == matter.TierFirst && d != nil && d.Issued.Known() {
		add(d.Facts, d.Answers)
	}
	for _, r := range m.Reviews {
		if r.Tier == tier && r.Draft != nil && r.Issued.Known() {
			add(r.Draft.Facts, r.Draft.Answers)
		}
	}
	return strings.Join(said, "\n")
}
