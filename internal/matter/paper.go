package matter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// PaperKind is what an official document (文书) is. Each has a template of its own.
type PaperKind string

// The kinds, in the order of a matter's life.
const (
	PaperRegistration  PaperKind = "registration"      // 登记表 (T1)
	PaperSupplement    PaperKind = "supplement"        // 补正材料通知书 (T2)
	PaperTransfer      PaperKind = "transfer"          // 转送函 (T4, T8)
	PaperAssignment    PaperKind = "assignment"        // 交办函 (T5), of the second line of a double hand-over too
	PaperNotice        PaperKind = "notice"            // 告知书: received, route, procedure (T20)
	PaperRoute         PaperKind = "route"             // 导入法定途径告知书 (T7, T21)
	PaperAcceptance    PaperKind = "acceptance"        // 受理告知书 (T22)
	PaperDecline       PaperKind = "decline"           // 不予受理告知书 (T9)
	PaperFinalDecline  PaperKind = "final_decline"     // 不再受理告知书 (T10)
	PaperExtension     PaperKind = "extension"         // 延长办理期限告知书 (T28)
	PaperExtensionEnd  PaperKind = "extension_revoked" // 撤销延长办理期限告知书 (T28)
	PaperHearing       PaperKind = "hearing"           // 听证通知书 (T24, T45)
	PaperMinutes       PaperKind = "minutes"           // 听证笔录 (T24, T45)
	PaperAgreement     PaperKind = "agreement"         // 调解协议书 (T26)
	PaperOpinion       PaperKind = "opinion"           // 处理意见书 (T29)
	PaperReply         PaperKind = "reply"             // 答复意见书, to a suggestion or an enquiry (T33)
	PaperService       PaperKind = "service"           // 送达回证 (T30, T47)
	PaperCompletion    PaperKind = "completion"        // 办结报告, to who assigned it (T32)
	PaperWithdrawal    PaperKind = "withdrawal"        // 撤回信访事项确认书
	PaperReviewReceipt PaperKind = "review_receipt"    // 复查、复核申请收件回执 (T40, T44)
	PaperReviewDecline PaperKind = "review_decline"    // 复查、复核申请不予受理告知书 (T41)
	PaperReviewExtend  PaperKind = "review_extension"  // 延长复查、复核期限告知书, where the law of the place knows it
	PaperReview        PaperKind = "review"            // 复查意见书 (T42)
	PaperReReview      PaperKind = "rereview"          // 复核意见书 (T46)
	PaperTermination   PaperKind = "termination"       // 信访程序终结告知书 (T47)
	PaperSupervision   PaperKind = "supervision"       // 督办函 (T50)
	PaperAdvice        PaperKind = "advice"            // 三项建议书 (第四十条)
)

// PaperKinds lists the kinds.
func PaperKinds() []PaperKind {
	return []PaperKind{
		PaperRegistration, PaperSupplement, PaperTransfer, PaperAssignment, PaperNotice, PaperRoute, PaperAcceptance, PaperDecline, PaperFinalDecline,
		PaperExtension, PaperExtensionEnd, PaperHearing, PaperMinutes, PaperAgreement, PaperOpinion, PaperReply, PaperService, PaperCompletion, PaperWithdrawal,
		PaperReviewReceipt, PaperReviewDecline, PaperReviewExtend, PaperReview, PaperReReview, PaperTermination, PaperSupervision,
		PaperAdvice,
	}
}

// Numbered reports whether documents of the kind bear a number of the issuing unit's series (发文字号). A registration has its own number,
// and minutes and proofs belong to the document that they are about.
func (k PaperKind) Numbered() bool {
	switch k {
	case PaperRegistration, PaperMinutes, PaperService, PaperReviewReceipt:
		return false
	default:
		return true
	}
}

// Paper is one official document. It comes into being with the event that it is about and is kept beside its body; what it says is the
// event, the matter as the event left it, and the template, so that it always reads the same.
type Paper struct {
	Kind     PaperKind         `json:"kind"`
	Number   string            `json:"number,omitempty"`
	Template string            `json:"template,omitempty"` // version of the template
	Unit     org.UnitID        `json:"unit"`               // that issues it
	To       org.UnitID        `json:"to,omitempty"`       // of a letter between offices, which no petitioner sees
	For      []Ref             `json:"for,omitempty"`      // whose petitioners get a copy, each an own one
	Facts    map[string]string `json:"facts,omitempty"`    // what was read off the organisation and the calendar that day, which may change later

	N      int       `json:"-"` // within the matter, counted from 1
	Event  int       `json:"-"` // number of its event
	Day    law.Day   `json:"-"` // of the event
	Served []Service `json:"-"` // in whose hands it is; the procedure records this of opinions and answers
}

// Paper returns a document of the matter by its number within it.
func (m *Matter) Paper(n int) (Paper, bool) {
	if n < 1 || n > len(m.Papers) {
		return Paper{}, false
	}
	return m.Papers[n-1], true
}

// keepPapers adds the documents of an event, and notes whom an earlier one reached by it.
func (m *Matter) keepPapers(e Event) {
	switch b := e.Body.(type) {
	case Served:
		m.reached(Service{Submission: b.Submission, Method: b.Method, On: b.On}, PaperOpinion, PaperReply)
	case ReviewServed:
		kind := PaperReview
		if b.Tier == TierReReview {
			kind = PaperReReview
		}
		m.reached(Service{Submission: b.Submission, Method: b.Method, On: b.On}, kind)
	default:
	}
	for _, p := range e.Papers {
		p.N, p.Event, p.Day = len(m.Papers)+1, e.Seq, e.Day
		m.Papers = append(m.Papers, p)
	}
}

// reached notes that the last document of these kinds for a petitioner is in their hands.
func (m *Matter) reached(s Service, kinds ...PaperKind) {
	for i := range slices.Backward(m.Papers) {
		if p := &m.Papers[i]; slices.Contains(kinds, p.Kind) && slices.Contains(p.For, s.Submission) {
			p.Served = append(p.Served, s)
			return
		}
	}
}

// PapersOf returns the documents that an event gives rise to, decided on the matter as it stood before: their kind, who issues them and whose
// they are. Numbers, template and facts are the office's to add.
func (m *Matter) PapersOf(e Event) []Paper {
	if kind, ok := toldBy(e.Body); ok {
		return []Paper{{Kind: kind, Unit: m.issuer(e), For: m.told(e)}}
	}
	switch b := e.Body.(type) {
	case Registered:
		return []Paper{{Kind: PaperRegistration, Unit: b.Submission.Unit, For: []Ref{b.Submission.Ref}}}
	case Forwarded:
		kind := PaperTransfer
		if b.Mode == ModeAssign {
			kind = PaperAssignment
		}
		return []Paper{{Kind: kind, Unit: m.Holder(), To: b.Unit}}
	case LineAssigned:
		return []Paper{{Kind: PaperAssignment, Unit: m.issuer(e), To: b.Unit}}
	case Served:
		if b.Method == ServedNot {
			return nil
		}
		return []Paper{{Kind: PaperService, Unit: m.issuer(e), For: []Ref{b.Submission}}}
	case Completed:
		if l, ok := m.CurrentLeg(); ok && l.Mode == ModeAssign && l.From != 0 {
			return []Paper{{Kind: PaperCompletion, Unit: l.Unit, To: l.From}}
		}
	case Withdrawn:
		return []Paper{{Kind: PaperWithdrawal, Unit: m.issuer(e), For: []Ref{b.Submission}}}
	case Pressed:
		return []Paper{{Kind: PaperSupervision, Unit: m.issuer(e), To: m.Holder()}}
	case Advised:
		return []Paper{{Kind: PaperAdvice, Unit: m.issuer(e), To: b.Unit}}
	default:
		return append(m.hearingPapers(e), m.reviewPapers(e)...)
	}
	return nil
}

// hearingPapers are the documents of a hearing.
func (m *Matter) hearingPapers(e Event) []Paper {
	switch b := e.Body.(type) {
	case HearingCalled:
		return []Paper{{Kind: PaperHearing, Unit: m.heardBy(b.Review, e), For: b.For}}
	case HearingMoved:
		return []Paper{{Kind: PaperHearing, Unit: m.heardBy(b.Review, e), For: b.For}}
	case HearingConcluded:
		return []Paper{{Kind: PaperMinutes, Unit: m.heardBy(b.Review, e)}}
	default:
		return nil
	}
}

// toldBy is the document by which everybody who is told of an event is told.
func toldBy(b Body) (PaperKind, bool) {
	switch b.(type) {
	case MaterialRequested:
		return PaperSupplement, true
	case Notified:
		return PaperNotice, true
	case Diverted:
		return PaperRoute, true
	case Accepted:
		return PaperAcceptance, true
	case Declined:
		return PaperDecline, true
	case FinalDeclined:
		return PaperFinalDecline, true
	case Extended:
		return PaperExtension, true
	case ExtensionRevoked:
		return PaperExtensionEnd, true
	case MediationAgreed:
		return PaperAgreement, true
	case OpinionIssued:
		return PaperOpinion, true
	case Replied:
		return PaperReply, true
	default:
		return "", false
	}
}

// reviewPapers are the documents of a review.
func (m *Matter) reviewPapers(e Event) []Paper {
	organ := func(n int) org.UnitID {
		if r := m.review(n); r != nil {
			return r.Organ
		}
		return 0
	}
	switch b := e.Body.(type) {
	case ReviewRequested:
		return []Paper{{Kind: PaperReviewReceipt, Unit: b.Unit, For: []Ref{b.Submission}}}
	case ReviewDeclined:
		return []Paper{{Kind: PaperReviewDecline, Unit: organ(b.Review), For: []Ref{b.Submission}}}
	case ReviewExtended:
		return []Paper{{Kind: PaperReviewExtend, Unit: organ(b.Review), For: b.For}}
	case ReviewIssued:
		kind := PaperReview
		if b.Tier == TierReReview {
			kind = PaperReReview
		}
		return []Paper{{Kind: kind, Unit: organ(b.Review), For: b.For}}
	case ReviewServed:
		if b.Method == ServedNot {
			return nil
		}
		out := []Paper{{Kind: PaperService, Unit: organ(b.Review), For: []Ref{b.Submission}}}
		if r := m.review(b.Review); b.Tier == TierReReview && r != nil && r.Draft != nil && r.Draft.Result != ReviewRedo {
			out = append(out, Paper{Kind: PaperTermination, Unit: r.Organ, For: []Ref{b.Submission}})
		}
		return out
	default:
		return nil
	}
}

// issuer is the unit that answers for what an event says: that of who took the step, otherwise the one that has the matter.
func (m *Matter) issuer(e Event) org.UnitID {
	if e.By.Unit != 0 {
		return e.By.Unit
	}
	return m.Holder()
}

// heardBy is who holds a hearing: the organ of the review, or who handles the matter.
func (m *Matter) heardBy(review int, e Event) org.UnitID {
	if r := m.review(review); r != nil {
		return r.Organ
	}
	return m.issuer(e)
}

// told are the submissions whose petitioners are told of an event.
func (m *Matter) told(e Event) []Ref {
	var out []Ref
	for _, s := range m.Submissions {
		if !m.isWithdrawn(s.Ref) && ToldTo(e, s.Ref) {
			out = append(out, s.Ref)
		}
	}
	return out
}

// Numbered returns a body with the number of the document that gives it, where the body keeps one and has none yet.
func Numbered(b Body, number string) Body {
	keep := func(to *string) {
		if *to == "" {
			*to = number
		}
	}
	switch b := b.(type) {
	case OpinionIssued:
		keep(&b.Document)
		return b
	case Replied:
		keep(&b.Document)
		return b
	case ReviewIssued:
		keep(&b.Document)
		return b
	default:
		return b
	}
}

// papersName is the field beside a body's own under which its documents are stored.
const papersName = `"papers":`

// splice writes documents beside the fields of an encoded body.
func splice(body []byte, papers []Paper) ([]byte, error) {
	if len(papers) == 0 {
		return body, nil
	}
	list, err := json.Marshal(papers)
	if err != nil {
		return nil, err
	}
	out := slices.Concat(body[:len(body)-1], []byte(","), []byte(papersName), list, []byte("}"))
	if len(body) == len("{}") {
		out = slices.Concat([]byte("{"), out[len("{,"):])
	}
	return out, nil
}

// papersIn reads the documents beside a body. Most bodies have none, and are not read twice.
func papersIn(kind string, data []byte) ([]Paper, error) {
	if !bytes.Contains(data, []byte(papersName)) {
		return nil, nil
	}
	var beside struct{ Papers []Paper }
	if err := json.Unmarshal(data, &beside); err != nil {
		return nil, fmt.Errorf("matter: documents of event %s: %w", kind, err)
	}
	return beside.Papers, nil
}

// Term is a period that a document tells of: how long it is, and its last day where that is known.
type Term struct {
	N       int
	Unit    law.Unit
	Until   law.Day // NoDay where it begins with a service that is still to come
	Article string  // as the text of the place counts it
}

// HasTerm reports whether the documents of an event may tell of a period.
func HasTerm(b Body) bool {
	switch b.(type) {
	case Accepted, Extended, ExtensionRevoked, OpinionIssued, Served, ReviewRequested, ReviewExtended, ReviewIssued, ReviewServed:
		return true
	default:
		return false
	}
}

// TermOf returns the period that the documents of an event tell of, on the matter as the event left it; false where they tell of none.
func (m *Matter) TermOf(e Event, rules Rules) (Term, bool, error) {
	id, fits := m.termRule(e)
	if id == "" {
		return Term{}, false, nil
	}
	rule, err := rules.Set.Rule(id)
	if errs.KindOf(err) == errs.NotFound { // this law sets no such period
		return Term{}, false, nil
	}
	if err != nil {
		return Term{}, false, err
	}
	t := Term{N: rule.N, Unit: rule.Unit, Until: law.NoDay, Article: rule.Article}
	if fits == nil {
		return t, true, nil
	}
	clocks, err := m.Clocks(rules)
	if err != nil {
		return Term{}, false, err
	}
	for _, c := range clocks {
		if c.Rule == id && fits(c) {
			t.Until = c.Legal
		}
	}
	return t, true, nil
}

// termRule is the rule of that period, and which clock gives its last day; none where its day of service is still to come.
func (m *Matter) termRule(e Event) (law.RuleID, func(Clock) bool) {
	whichever := func(Clock) bool { return true }
	switch b := e.Body.(type) {
	case Accepted:
		if b.Short != "" {
			return ruleShort, whichever
		}
		return ruleHandle, whichever
	case Extended, ExtensionRevoked:
		return ruleHandle, whichever
	case OpinionIssued:
		if m.Reviewable() {
			return ruleReview, nil
		}
	case ReviewIssued:
		if b.Tier == TierReview && b.Result != ReviewRedo {
			return ruleReReview, nil
		}
	case Served:
		if m.Reviewable() {
			return ruleReview, func(c Clock) bool { return c.Submission == b.Submission && c.From == b.On && c.Review == 0 }
		}
	case ReviewServed:
		if b.Tier == TierReview {
			return ruleReReview, func(c Clock) bool { return c.Submission == b.Submission && c.Review == b.Review }
		}
	case ReviewExtended:
		return b.Tier.rule(), func(c Clock) bool { return c.Review == b.Review }
	case ReviewRequested:
		return b.Tier.rule(), func(c Clock) bool { return c.Review == m.openAt(b.Tier, b.Unit) }
	default:
	}
	return "", nil
}

// openAt is the number of the open review of a tier at an organ.
func (m *Matter) openAt(t Tier, organ org.UnitID) int {
	if r := m.joined(t, organ); r != nil {
		return r.N
	}
	return 0
}
