package matter

import (
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Submission is what a person handed in (信访件): one letter, visit, call or form. It is not the matter: a matter gathers
// submissions by links that can be undone, and each petitioner keeps an own receipt, notice, reply and rights.
type Submission struct {
	Ref          Ref        `json:"ref"`
	Channel      Channel    `json:"channel"`
	ReceivedUS   int64      `json:"received_us"`
	Received     law.Day    `json:"received"` // the day the law counts from
	Unit         org.UnitID `json:"unit"`     // the first receiver, answerable to the end (首接首办)
	Bureau       bool       `json:"bureau,omitempty"`
	Title        string     `json:"title"`
	Narrative    string     `json:"narrative,omitempty"`
	Place        int64      `json:"place"`
	PlaceNote    string     `json:"place_note,omitempty"`
	Demands      []string   `json:"demands"`
	Parties      []Party    `json:"parties"`
	Persons      int        `json:"persons"` // people present or signing; 人次
	Attachments  []string   `json:"attachments,omitempty"`
	Confidential bool       `json:"confidential,omitempty"` // asks that the unit complained of not learn the name
	Elsewhere    string     `json:"elsewhere,omitempty"`    // already in court, arbitration, reconsideration: no, yes, unsure
	Sender       string     `json:"sender,omitempty"`
	SenderNumber string     `json:"sender_number,omitempty"`
	Wish         *Wish      `json:"wish,omitempty"`  // nil where nothing was said
	Extra        []Extra    `json:"extra,omitempty"` // what another system sent besides, kept as received
}

// Extra is one further field of an imported submission.
type Extra struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Group reports whether it is a group petition (集体访): five or more people.
func (s Submission) Group() bool { return s.Persons >= GroupFrom }

// GroupFrom is the number of people from which a visit is a group visit; MaxRepresentatives is how many may speak for them (第二十条).
const (
	GroupFrom          = 5
	MaxRepresentatives = 5
)

// Demand is one thing asked for (诉求点). It is silent until it has an answer, and a silent demand cannot be closed over.
type Demand struct {
	N          int     `json:"n"`
	Submission Ref     `json:"submission"`
	Text       string  `json:"text"`
	Confirmed  bool    `json:"confirmed,omitempty"` // the petitioner said that this is what they ask
	Answer     *Answer `json:"answer,omitempty"`    // as issued; a draft's answers are in Matter.Draft
	Kept       law.Day `json:"kept,omitzero"`       // the day what the answer promises was done
}

// Leg is one unit's custody of the matter.
type Leg struct {
	N        int
	From     org.UnitID // who sent it; zero when the receiving unit keeps it
	Unit     org.UnitID
	Mode     ForwardMode
	Received law.Day // D03 and D04 count from here, not from the signing
	Signed   law.Day
	ReportBy law.Day // the date in the assignment letter
	Returned law.Day // the day an objection was upheld or a dispute decided elsewhere
	Objected bool    // it has objected once on this leg
}

// Draft is an opinion before and after it is issued.
type Draft struct {
	Facts    string
	Basis    string
	Answers  []Answer
	Document string  // set when issued
	Issued   law.Day // NoDay while a draft
	Despite  string  // why it left as it is though the reply check asked for something to be mended
}

// Service is the opinion served on one submission's petitioner.
type Service struct {
	Submission Ref
	Method     ServiceMethod
	On         law.Day
}

// Extension is the one extension of the handling period, or of that of a review.
type Extension struct {
	Days     int
	Approved law.Day
	Reason   string
	Revoked  law.Day // NoDay while it holds
}

// Rating is one petitioner's rating.
type Rating struct {
	Submission Ref
	Receiving  Grade
	Handling   Grade
	Words      string
	On         law.Day
}

// Urge is one 催办.
type Urge struct {
	Submission Ref // zero when the office urged
	On         law.Day
}

// Redoing is one 退回重办.
type Redoing struct {
	On   law.Day
	By   law.Day // the day set for it
	Done law.Day // NoDay while it runs
	// Revoked are the outcomes that a review revoked: the new opinion may not say the same again.
	Revoked []Answer
}

// Saying is what was last said, by a petitioner or at a return visit, of whether it is really resolved.
type Saying struct {
	Submission Ref
	Resolved   bool
}

// Direction is where a petitioner was sent.
type Direction struct {
	Organ string
	How   string
	Guide *Guide // nil where no rule of the office was taken
}

// Guide is what a rule of the office says of another lawful way, as it was told: by which law, what to bring, which periods run there (第三十一条).
// They are information, never clocks of the petition.
type Guide struct {
	Law          string       `json:"law"`
	LawEnglish   string       `json:"law_english,omitempty"`
	Bring        string       `json:"bring,omitempty"`
	BringEnglish string       `json:"bring_english,omitempty"`
	Limits       []law.RuleID `json:"limits,omitempty"`
	Unit         org.UnitID   `json:"unit,omitempty"` // the organ, where the office has it as a unit
}

// Press is one 督办.
type Press struct {
	Reason   string
	On       law.Day
	By       law.Day
	Answered law.Day
}

// Matter is a petition matter as its events leave it. It changes only by Apply.
type Matter struct {
	Ref      Ref
	Version  int // number of events applied
	RuleSet  string
	State    State
	back     State // where added material returns to
	Kind     Kind
	Purpose  Purpose
	Category string
	Level    Level
	Sealed   bool
	Accused  []org.UnitID

	First       Ref // the submission that opened it
	Submissions []Submission
	Demands     []Demand
	nextDemand  int
	Legs        []Leg
	Handler     org.UserID

	Disposed  law.Day // the day the receiving unit last disposed of it; NoDay while it must
	Notified  law.Day
	Accepted  law.Day
	Short     ShortGround
	Extension *Extension
	Draft     *Draft
	Services  []Service
	Agreed    law.Day
	Superior  org.UnitID // decides the dispute; zero for the joint conference

	Eases     *FourEases
	Handled   law.Day // the day the handling period was first met: served on all, agreed, diverted, declined or withdrawn
	Ended     law.Day // the day it last came to an end of the procedure
	Resolved  bool    // 化解: every petitioner, or a return visit to them, has said so, whatever the state
	Said      []Saying
	Visits    int
	Ratings   []Rating
	FollowUp  bool // dissatisfaction waits to be looked into
	Redos     []Redoing
	Urges     []Urge
	Presses   []Press
	Route     Route
	Ground    DeclineGround
	Told      Direction // where the petitioner was sent when it was diverted or declined
	Merged    Ref       // it rests, its submission hangs on this matter
	Hosts     []Ref     // on which its submission hangs or has hung
	Withdrawn []Ref

	OpinionUnit org.UnitID   // the unit that gave the opinion
	Handlers    []org.UserID // who handled it, drafted or issued the opinion
	Reviews     []Review     // in the order they were asked for
	Hearings    []Hearing    // of the matter itself
	Recusals    []Recusal
	Returns     []org.UnitID // units that gave it back since a superior last decided
	Courts      []Court
	Ruled       org.UnitID // the unit that a superior decided on; it may neither object nor dispute
	Advices     []Advice
	Reports     []Report
	Parts       []Part // of assisting units
	Dual        *DualTrack
	Papers      []Paper // the official documents, in the order in which they came to be
	Earlier     Ref     // the ended matter that this one takes up again …
	NewFacts    string  // … for new facts or reasons
	Escalations []Escalation
}

// Holder is the unit that has the matter now. It is never zero for a registered matter.
func (m *Matter) Holder() org.UnitID {
	if l := m.leg(); l != nil {
		return l.Unit
	}
	if len(m.Submissions) > 0 {
		return m.Submissions[0].Unit
	}
	return 0
}

// Receiver is the unit that took the matter in first and stays answerable for it (首接首办).
func (m *Matter) Receiver() org.UnitID {
	if len(m.Submissions) > 0 {
		return m.Submissions[0].Unit
	}
	return 0
}

// leg returns the leg in force, nil when the receiving unit has the matter.
func (m *Matter) leg() *Leg {
	for i := range slices.Backward(m.Legs) {
		if !m.Legs[i].Returned.Known() {
			return &m.Legs[i]
		}
	}
	return nil
}

// CurrentLeg returns the leg in force.
func (m *Matter) CurrentLeg() (Leg, bool) {
	if l := m.leg(); l != nil {
		return *l, true
	}
	return Leg{}, false
}

// Bears reports whether a unit still has a part in the matter: it holds it, registered it, sent it on, or decides its dispute.
func (m *Matter) Bears(unit org.UnitID) bool {
	return m.Holder() == unit || m.Superior == unit ||
		slices.ContainsFunc(m.Advices, func(a Advice) bool { return a.open() && a.Unit == unit }) ||
		slices.ContainsFunc(m.Parts, func(p Part) bool { return p.open() && p.Unit == unit }) ||
		slices.ContainsFunc(m.Reviews, func(r Review) bool { return r.Open() && (r.Organ == unit || r.Desk == unit) }) ||
		slices.ContainsFunc(m.Submissions, func(s Submission) bool { return s.Unit == unit }) ||
		slices.ContainsFunc(m.Legs, func(l Leg) bool { return !l.Returned.Known() && (l.From == unit || l.Unit == unit) })
}

// Units returns every unit that has or had to do with the matter, each once, the receiver first.
func (m *Matter) Units() []org.UnitID {
	var out []org.UnitID
	add := func(id org.UnitID) {
		if id != 0 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, s := range m.Submissions {
		add(s.Unit)
	}
	for _, l := range m.Legs {
		add(l.From)
		add(l.Unit)
	}
	add(m.Superior)
	for _, p := range m.Parts {
		add(p.Unit)
	}
	for _, a := range m.Advices {
		add(a.Unit)
	}
	for _, r := range m.Reports {
		add(r.Unit)
	}
	for _, r := range m.Reviews {
		add(r.Organ)
		add(r.Desk)
	}
	for _, e := range m.Escalations {
		add(e.To)
	}
	return out
}

// Title is the first submission's title.
func (m *Matter) Title() string {
	if len(m.Submissions) > 0 {
		return m.Submissions[0].Title
	}
	return ""
}

// Place is where the problem is: the first submission's place.
func (m *Matter) Place() int64 {
	if len(m.Submissions) > 0 {
		return m.Submissions[0].Place
	}
	return 0
}

// Received is the day the earliest linked submission was received: it starts the group's clock.
func (m *Matter) Received() law.Day {
	day := law.NoDay
	for _, s := range m.Submissions {
		if !day.Known() || s.Received < day {
			day = s.Received
		}
	}
	return day
}

// Submission returns a linked submission.
func (m *Matter) Submission(ref Ref) (Submission, bool) {
	i := slices.IndexFunc(m.Submissions, func(s Submission) bool { return s.Ref == ref })
	if i < 0 {
		return Submission{}, false
	}
	return m.Submissions[i], true
}

// Group reports whether any linked submission is a group petition.
func (m *Matter) Group() bool { return slices.ContainsFunc(m.Submissions, Submission.Group) }

// Repeats is how many submissions beyond the first hang on the matter (重件).
func (m *Matter) Repeats() int { return max(0, len(m.Submissions)-1) }

// Silent returns the demands without an issued answer.
func (m *Matter) Silent() []Demand {
	var out []Demand
	for _, d := range m.Demands {
		if d.Answer == nil && !m.isWithdrawn(d.Submission) {
			out = append(out, d)
		}
	}
	return out
}

// Service returns when and how a submission's petitioner was served.
func (m *Matter) Service(ref Ref) (Service, bool) {
	i := slices.IndexFunc(m.Services, func(s Service) bool { return s.Submission == ref })
	if i < 0 {
		return Service{}, false
	}
	return m.Services[i], true
}

// Unserved returns the linked, not withdrawn submissions whose petitioner has not been served.
func (m *Matter) Unserved() []Ref {
	var out []Ref
	for _, s := range m.Submissions {
		if _, ok := m.Service(s.Ref); !ok && !m.isWithdrawn(s.Ref) {
			out = append(out, s.Ref)
		}
	}
	return out
}

// Rating returns a submission's rating.
func (m *Matter) Rating(ref Ref) (Rating, bool) {
	i := slices.IndexFunc(m.Ratings, func(r Rating) bool { return r.Submission == ref })
	if i < 0 {
		return Rating{}, false
	}
	return m.Ratings[i], true
}

// IsWithdrawn reports whether a submission's petitioner has withdrawn it.
func (m *Matter) IsWithdrawn(ref Ref) bool { return m.isWithdrawn(ref) }

func (m *Matter) isWithdrawn(ref Ref) bool { return slices.Contains(m.Withdrawn, ref) }

// Open reports whether some organ still owes a step on this matter itself.
func (m *Matter) Open() bool {
	return (m.State.Open() || m.front() != nil || m.waitingAdvice() != nil) && m.Merged.IsZero()
}

// OpenPress returns the 督办 that waits for an answer.
func (m *Matter) OpenPress() (Press, bool) {
	for _, p := range slices.Backward(m.Presses) {
		if !p.Answered.Known() {
			return p, true
		}
	}
	return Press{}, false
}
