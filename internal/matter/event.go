package matter

import (
	"encoding/json"
	"fmt"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Event is one thing that happened to a matter. Events are the truth: they are appended, never changed, and the matter
// is their fold. Seq counts from 1 without gaps within the matter.
type Event struct {
	Seq  int
	AtUS int64   // when it was recorded
	Day  law.Day // the legal day it counts from
	By   By
	Body Body
	// Papers are the official documents that it gave rise to.
	Papers []Paper
}

// By is who did it, under which duty, and for whom.
type By struct {
	Kind org.ActorKind `json:"kind"`
	User org.UserID    `json:"user,omitempty"`
	Unit org.UnitID    `json:"unit,omitempty"`
	Duty org.DutyID    `json:"duty,omitempty"`
	Key  string        `json:"key,omitempty"`
}

// ByActor records an actor.
func ByActor(a org.Actor) By {
	return By{Kind: a.Kind, User: a.User, Unit: a.Duty.Unit, Duty: a.Duty.ID, Key: a.Key}
}

// Body is what happened. The set is closed; the linter proves that the fold handles each.
//
//sumtype:decl
type Body interface{ body() string }

// Party is one person of a submission, without identity: that is kept apart and encrypted, under the same number.
type Party struct {
	N    int       `json:"n"`
	Role PartyRole `json:"role"`
}

// The bodies. Field documentation is given where a name alone does not say it.
type (
	// Registered opens a matter with its first submission (T1).
	Registered struct {
		Matter     Ref        `json:"matter"`
		RuleSet    string     `json:"rule_set"` // the rules of the day it came in; a matter keeps them
		Submission Submission `json:"submission"`
		Kind       Kind       `json:"kind"`
		Purpose    Purpose    `json:"purpose,omitempty"`
		Category   string     `json:"category,omitempty"`
		Sealed     bool       `json:"sealed,omitempty"`
		// Accused are the units an accusation is about: it never reaches them or their subtrees.
		Accused []org.UnitID `json:"accused,omitempty"`
	}

	// MaterialRequested asks the petitioner for what is missing (T2).
	MaterialRequested struct {
		Missing string `json:"missing"`
	}
	// MaterialAdded is more from the petitioner, or received at the desk for them.
	MaterialAdded struct {
		Submission  Ref      `json:"submission"`
		Text        string   `json:"text,omitempty"`
		Attachments []string `json:"attachments,omitempty"` // ids
	}
	// DemandAdded is one more demand of a submission.
	DemandAdded struct {
		Submission Ref    `json:"submission"`
		Text       string `json:"text"`
	}
	// DemandsConfirmed is the petitioner saying that the list of demands is theirs.
	DemandsConfirmed struct {
		Submission Ref `json:"submission"`
	}

	// ContactChosen is by what means a petitioner wants to be told of the matter from now on, and agrees to be.
	ContactChosen struct {
		Submission Ref `json:"submission"`
		Wish
	}

	// Screened is the decision on kind, category, level, purpose (T3).
	Screened struct {
		Kind     Kind    `json:"kind"`
		Category string  `json:"category,omitempty"`
		Purpose  Purpose `json:"purpose,omitempty"`
		Level    Level   `json:"level"`
		Note     string  `json:"note,omitempty"`
		Earlier  Ref     `json:"earlier,omitzero"`    // a matter on which the procedure has ended …
		NewFacts string  `json:"new_facts,omitempty"` // … and the new facts or reasons for which this one is taken up all the same (T51)
	}
	// Taken is the registering unit keeping what is its own to handle.
	Taken struct{}
	// Forwarded opens a leg at another unit (T4, T5, T8).
	Forwarded struct {
		Mode     ForwardMode `json:"mode"`
		Unit     org.UnitID  `json:"unit"`
		Why      string      `json:"why"`
		ReportBy law.Day     `json:"report_by,omitzero"` // the date in the assignment letter
	}
	// ReportedUp is a major or urgent matter put to the leaders (T6, 第二十五条).
	ReportedUp struct {
		To      string     `json:"to"`
		Summary string     `json:"summary"`
		Unit    org.UnitID `json:"unit,omitempty"` // the superior here, who signs for it
		Known   law.Day    `json:"known,omitzero"` // the day the reporter came to know
	}
	// Diverted leaves the petition procedure for another lawful one (T7, T21).
	Diverted struct {
		Rule  string `json:"rule,omitempty"` // of the office, by which it was done
		Route Route  `json:"route"`
		Organ string `json:"organ"`
		How   string `json:"how"`             // what to bring and by when, in plain words
		Guide *Guide `json:"guide,omitempty"` // as the office's rule said it on the day
	}
	// Declined is 不予受理 (T9).
	Declined struct {
		Ground DeclineGround `json:"ground"`
		Reason string        `json:"reason"`
		Organ  string        `json:"organ,omitempty"` // the competent one
	}
	// FinalDeclined is 不再受理 (T10).
	FinalDeclined struct {
		Matter    Ref    `json:"matter,omitzero"` // the matter on which the procedure ended, where it is known here
		Concluded string `json:"concluded"`       // the re-review opinion that ended it
		Reason    string `json:"reason"`
	}

	// Signed is the unit signing for receipt (T12).
	Signed struct{}
	// Objected is the unit saying that it is not its matter (T13).
	Objected struct {
		Reason string `json:"reason"`
		Proper string `json:"proper,omitempty"` // who it thinks is competent
	}
	// ObjectionUpheld gives the matter back to the sender (T14).
	ObjectionUpheld struct {
		Reason string `json:"reason"`
	}
	// ObjectionRefused leaves it with the unit (T15).
	ObjectionRefused struct {
		Reason string `json:"reason"`
	}
	// Disputed puts a disagreement to the common superior or the joint conference (T16).
	Disputed struct {
		With     org.UnitID `json:"with,omitempty"`
		Superior org.UnitID `json:"superior,omitempty"` // zero: the joint conference
		Reason   string     `json:"reason"`
	}
	// DisputeDecided names the unit that handles it (T16).
	DisputeDecided struct {
		Unit   org.UnitID `json:"unit"`
		Reason string     `json:"reason"`
	}
	// UnitSucceeded moves custody to the unit that carries on an ended unit's powers (T17).
	UnitSucceeded struct {
		From org.UnitID `json:"from"`
		To   org.UnitID `json:"to"`
	}
	// HandlerAssigned names the person in charge at the unit that holds the matter.
	HandlerAssigned struct {
		User org.UserID `json:"user"`
	}

	// Notified is the written notice of receipt, route and procedure (T20).
	Notified struct {
		Text string `json:"text"`
	}
	// Accepted starts the petition procedure (T22); Short is the short track (T34).
	Accepted struct {
		Contact string      `json:"contact,omitempty"`
		Short   ShortGround `json:"short,omitempty"`
	}
	// Recorded is an entry of the investigation (T23).
	Recorded struct {
		Kind        RecordKind `json:"kind"`
		Text        string     `json:"text"`
		Attachments []string   `json:"attachments,omitempty"`
	}
	// MediationStarted has both sides' consent (T25).
	MediationStarted struct {
		Mediator string `json:"mediator"`
		Parties  string `json:"parties"`
	}
	// MediationAgreed is the agreement reached (T26).
	MediationAgreed struct {
		Terms   string   `json:"terms"`
		Answers []Answer `json:"answers"`
	}
	// MediationEnded is mediation without agreement, routes told (T27).
	MediationEnded struct {
		Reason string `json:"reason"`
	}
	// Extended is the one extension (T28).
	Extended struct {
		Days   int    `json:"days"`
		Reason string `json:"reason"`
	}
	// ExtensionRevoked takes the extension back: the period ends as if it had not been extended, and it is extended no more.
	ExtensionRevoked struct {
		Reason string `json:"reason"`
	}
	// OpinionDrafted is the reply, demand by demand, before it is checked (T29).
	OpinionDrafted struct {
		Facts   string   `json:"facts"`
		Basis   string   `json:"basis"`
		Answers []Answer `json:"answers"`
	}
	// OpinionReturned is the draft sent back by the head.
	OpinionReturned struct {
		Reason string `json:"reason"`
	}
	// OpinionIssued signs the draft (T29).
	OpinionIssued struct {
		Document string `json:"document"`          // its number
		Despite  string `json:"despite,omitempty"` // why it leaves as it is though the reply check asked for something to be mended
	}
	// Replied answers a suggestion or an enquiry (T33).
	Replied struct {
		Document string   `json:"document"`
		Facts    string   `json:"facts"`
		Basis    string   `json:"basis,omitempty"`
		Answers  []Answer `json:"answers"`
		Despite  string   `json:"despite,omitempty"`
	}
	// Served is the opinion in the hands of one submission's petitioner (T30). Each petitioner is served apart, and has an own right of review.
	Served struct {
		Submission Ref           `json:"submission"`
		Method     ServiceMethod `json:"method"`
		On         law.Day       `json:"on"` // the day of receipt, which starts D07
		Proof      string        `json:"proof,omitempty"`
		Reason     string        `json:"reason,omitempty"` // why none is owed
		Despite    string        `json:"despite,omitempty"`
	}
	// DocumentReady tells one petitioner, by the means they chose, that the opinion owed to them can be received by the link. It is no service: that is
	// their own Served or ReviewServed.
	DocumentReady struct {
		Submission Ref    `json:"submission"`
		Despite    string `json:"despite,omitempty"`
	}
	// Performed records that what was decided has been done (T31).
	Performed struct {
		Text        string   `json:"text"`
		Demand      int      `json:"demand,omitempty"` // whose promise alone was kept; zero for all that was promised
		Attachments []string `json:"attachments,omitempty"`
	}
	// Eased is the record of the four 解.
	Eased struct {
		FourEases
	}
	// Visited is a return visit (回访).
	Visited struct {
		Submission Ref    `json:"submission"`
		How        string `json:"how"`
		Resolved   bool   `json:"resolved"`
		Words      string `json:"words"`
	}
	// Confirmed is the petitioner saying whether it is really resolved.
	Confirmed struct {
		Submission Ref    `json:"submission"`
		Resolved   bool   `json:"resolved"`
		Words      string `json:"words,omitempty"`
	}
	// Completed is 办结 (T32).
	Completed struct {
		Report string `json:"report,omitempty"` // to the assigner
	}
	// Rated is the petitioner's rating of the receiving and the handling body.
	Rated struct {
		Submission Ref    `json:"submission"`
		Receiving  Grade  `json:"receiving"`
		Handling   Grade  `json:"handling"`
		Words      string `json:"words,omitempty"`
	}
	// FollowedUp closes the follow-up that dissatisfaction opened.
	FollowedUp struct {
		Finding string `json:"finding"`
	}
	// Redone sends it back to be handled again by a day (退回重办), also after completion.
	Redone struct {
		Reason string  `json:"reason"`
		By     law.Day `json:"by"`
	}
	// Urged is 催办, by the petitioner or the office.
	Urged struct {
		Submission Ref    `json:"submission,omitzero"` // set when the petitioner urges
		Text       string `json:"text,omitempty"`
	}
	// Pressed is 督办 with an answer wanted by a day.
	Pressed struct {
		Reason string  `json:"reason"`
		By     law.Day `json:"by"`
	}
	// PressAnswered is the unit's answer.
	PressAnswered struct {
		Text string `json:"text"`
	}
	// Withdrawn is one submission's petitioner withdrawing.
	Withdrawn struct {
		Submission Ref    `json:"submission"`
		Reason     string `json:"reason,omitempty"`
	}

	// Joined adds another submission to this matter (T11, seen from the matter that stays).
	Joined struct {
		Submission Submission `json:"submission"`
		From       Ref        `json:"from"`
		Demands    []Demand   `json:"demands"` // as they stood there; numbers are given anew here
		Reason     string     `json:"reason"`
	}
	// Left takes it out again.
	Left struct {
		Submission Ref    `json:"submission"`
		Reason     string `json:"reason"`
	}
	// Merged suspends this matter, whose submission now hangs on another (T11, seen from the one that rests).
	Merged struct {
		Into   Ref    `json:"into"`
		Reason string `json:"reason"`
	}
	// Separated wakes it again, as if it had never rested.
	Separated struct {
		From   Ref    `json:"from"`
		Reason string `json:"reason"`
	}
)

// Answer is the outcome of one demand.
type Answer struct {
	Demand    int     `json:"demand"`
	Outcome   Outcome `json:"outcome"`
	Facts     string  `json:"facts"`
	Basis     string  `json:"basis"`
	Promise   string  `json:"promise,omitempty"`
	PromiseBy law.Day `json:"promise_by,omitzero"`
}

// FourEases is how a matter was eased: 解决、解释、解困、解气. Each is said in words or left empty as not needed; solved or explained must be said.
type FourEases struct {
	Solved    string `json:"solved,omitempty"`    // 解决: what was settled
	Explained string `json:"explained,omitempty"` // 解释: what was explained, to whom
	Relieved  string `json:"relieved,omitempty"`  // 解困: what hardship was relieved
	Calmed    string `json:"calmed,omitempty"`    // 解气: how the grievance was heard
}

func (Registered) body() string        { return "registered" }
func (MaterialRequested) body() string { return "material_requested" }
func (MaterialAdded) body() string     { return "material_added" }
func (DemandAdded) body() string       { return "demand_added" }
func (DemandsConfirmed) body() string  { return "demands_confirmed" }
func (ContactChosen) body() string     { return "contact_chosen" }
func (Screened) body() string          { return "screened" }
func (Taken) body() string             { return "taken" }
func (Forwarded) body() string         { return "forwarded" }
func (ReportedUp) body() string        { return "reported_up" }
func (Diverted) body() string          { return "diverted" }
func (Declined) body() string          { return "declined" }
func (FinalDeclined) body() string     { return "final_declined" }
func (Signed) body() string            { return "signed" }
func (Objected) body() string          { return "objected" }
func (ObjectionUpheld) body() string   { return "objection_upheld" }
func (ObjectionRefused) body() string  { return "objection_refused" }
func (Disputed) body() string          { return "disputed" }
func (DisputeDecided) body() string    { return "dispute_decided" }
func (UnitSucceeded) body() string     { return "unit_succeeded" }
func (HandlerAssigned) body() string   { return "handler_assigned" }
func (Notified) body() string          { return "notified" }
func (Accepted) body() string          { return "accepted" }
func (Recorded) body() string          { return "recorded" }
func (MediationStarted) body() string  { return "mediation_started" }
func (MediationAgreed) body() string   { return "mediation_agreed" }
func (MediationEnded) body() string    { return "mediation_ended" }
func (Extended) body() string          { return "extended" }
func (ExtensionRevoked) body() string  { return "extension_revoked" }
func (OpinionDrafted) body() string    { return "opinion_drafted" }
func (OpinionReturned) body() string   { return "opinion_returned" }
func (OpinionIssued) body() string     { return "opinion_issued" }
func (Replied) body() string           { return "replied" }
func (Served) body() string            { return "served" }
func (DocumentReady) body() string     { return "document_ready" }
func (Performed) body() string         { return "performed" }
func (Eased) body() string             { return "eased" }
func (Visited) body() string           { return "visited" }
func (Confirmed) body() string         { return "confirmed" }
func (Completed) body() string         { return "completed" }
func (Rated) body() string             { return "rated" }
func (FollowedUp) body() string        { return "followed_up" }
func (Redone) body() string            { return "redone" }
func (Urged) body() string             { return "urged" }
func (Pressed) body() string           { return "pressed" }
func (PressAnswered) body() string     { return "press_answered" }
func (Withdrawn) body() string         { return "withdrawn" }
func (Joined) body() string            { return "joined" }
func (Left) body() string              { return "left" }
func (Merged) body() string            { return "merged" }
func (Separated) body() string         { return "separated" }

// KindOf returns the stable name of a body, under which it is stored and spoken of.
func KindOf(b Body) string { return b.body() }

// Encode writes what happened as JSON: the body, and beside its fields the documents that it gave rise to.
func Encode(b Body, papers []Paper) ([]byte, error) {
	data, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	return splice(data, papers)
}

// Decode reads what was stored under a kind.
func Decode(kind string, data []byte) (Body, []Paper, error) {
	decode, ok := decoders(kind)
	if !ok {
		return nil, nil, fmt.Errorf("matter: unknown event %q", kind)
	}
	b, err := decode(data)
	if err != nil {
		return nil, nil, err
	}
	papers, err := papersIn(kind, data)
	if err != nil {
		return nil, nil, err
	}
	return b, papers, nil
}

func as[T Body](data []byte) (Body, error) {
	var b T
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("matter: event %s: %w", b.body(), err)
	}
	return b, nil
}
