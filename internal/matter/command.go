package matter

import (
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Command is one step that somebody wants to take on a registered matter. Commands are plain structs: the pages' forms, the
// API's bodies and the imports fill the same ones. The field tags say how a form asks for a value:
//
//	input  line, text, day, number, yes, unit, superior, person, submission, category, answers, files, choice
//	of     the enumeration a choice is from
//	need   "yes" when it must be given, "usually" when some choices in the same form do without it, which Check knows
//	by     "staff" when a petitioner is not asked for it
type Command interface {
	// Act names the step.
	Act() Act
	// Check returns what is wrong with the fields alone, all at once.
	Check() []errs.Field
	decide(m *Matter, e Env) ([]Body, error)
}

// The commands, one for each act that needs nothing but the matter itself. What a field means stands with the event it becomes.
type (
	// RequestMaterial asks for what is missing.
	RequestMaterial struct {
		Missing string `json:"missing" input:"text" need:"yes"`
	}
	// Screen decides kind, category, level and purpose.
	Screen struct {
		Kind     Kind    `json:"kind" input:"choice" of:"kind" need:"yes"`
		Category string  `json:"category" input:"category"`
		Purpose  Purpose `json:"purpose,omitempty" input:"choice" of:"purpose"`
		Level    Level   `json:"level" input:"choice" of:"level" need:"yes"`
		Note     string  `json:"note,omitempty" input:"text"`
		Earlier  Ref     `json:"earlier,omitzero" input:"line"`
		NewFacts string  `json:"new_facts,omitempty" input:"text"`
	}
	// Take keeps the matter at the unit that registered it.
	Take struct{}
	// Forward sends it to another unit.
	Forward struct {
		Unit     org.UnitID  `json:"unit" input:"unit" need:"yes"`
		Mode     ForwardMode `json:"mode" input:"choice" of:"forward_mode" need:"yes"`
		Why      string      `json:"why" input:"text" need:"yes"`
		ReportBy law.Day     `json:"report_by,omitzero" input:"day"`
	}
	// ReportUp puts a major or urgent matter to the leaders.
	ReportUp struct {
		To      string     `json:"to" input:"line" need:"yes"`
		Summary string     `json:"summary" input:"text" need:"yes"`
		Unit    org.UnitID `json:"unit,omitempty" input:"unit"`
		Known   law.Day    `json:"known,omitzero" input:"day"`
	}
	// Decline is 不予受理.
	Decline struct {
		Ground DeclineGround `json:"ground" input:"choice" of:"decline_ground" need:"yes"`
		Reason string        `json:"reason" input:"text" need:"yes"`
		Organ  string        `json:"organ,omitempty" input:"line"`
	}
	// DeclineFinal is 不再受理.
	DeclineFinal struct {
		Concluded string  `json:"concluded" input:"line" need:"yes"`
		Reason    string  `json:"reason" input:"text" need:"yes"`
		Matter    Ref     `json:"matter,omitzero" input:"line"`
		Earlier   *Matter `json:"-"` // the matter that Matter names, as the actor may see it
	}
	// Sign signs for receipt.
	Sign struct{}
	// Object says that it is not the unit's matter.
	Object struct {
		Reason string `json:"reason" input:"text" need:"yes"`
		Proper string `json:"proper,omitempty" input:"line"`
	}
	// UpholdObjection takes it back.
	UpholdObjection struct {
		Reason string `json:"reason" input:"text" need:"yes"`
	}
	// RefuseObjection leaves it there.
	RefuseObjection struct {
		Reason string `json:"reason" input:"text" need:"yes"`
	}
	// Dispute puts a disagreement to the common superior.
	Dispute struct {
		With   org.UnitID `json:"with,omitempty" input:"unit"`
		Reason string     `json:"reason" input:"text" need:"yes"`
	}
	// DecideDispute names the unit.
	DecideDispute struct {
		Unit   org.UnitID `json:"unit" input:"unit" need:"yes"`
		Reason string     `json:"reason" input:"text" need:"yes"`
	}
	// SucceedUnit moves custody to a successor.
	SucceedUnit struct {
		From org.UnitID `json:"from"`
		To   org.UnitID `json:"to"`
	}
	// AssignHandler names the person in charge.
	AssignHandler struct {
		User org.UserID `json:"user" input:"person" need:"yes"`
	}
	// Notify gives the written notice.
	Notify struct {
		Text string `json:"text" input:"text" need:"yes"`
	}
	// Divert leaves for another lawful route.
	Divert struct {
		Rule  string `json:"rule,omitempty" input:"route_rule"`
		Route Route  `json:"route" input:"choice" of:"route" need:"yes"`
		Organ string `json:"organ" input:"line" need:"yes"`
		How   string `json:"how" input:"text" need:"yes"`
		Guide *Guide `json:"-"` // what the rule says, given by the office
	}
	// Accept starts the petition procedure.
	Accept struct {
		Contact string      `json:"contact,omitempty" input:"line"`
		Short   ShortGround `json:"short,omitempty" input:"choice" of:"short_ground"`
	}
	// Record adds an entry of the investigation.
	Record struct {
		Kind        RecordKind `json:"kind" input:"choice" of:"record_kind" need:"yes"`
		Text        string     `json:"text" input:"text" need:"yes"`
		Attachments []string   `json:"attachments,omitempty" input:"files"`
	}
	// Mediate starts mediation with both sides' consent.
	Mediate struct {
		Mediator string `json:"mediator" input:"line" need:"yes"`
		Parties  string `json:"parties" input:"text" need:"yes"`
	}
	// Agree records the agreement.
	Agree struct {
		Terms   string   `json:"terms" input:"text" need:"yes"`
		Answers []Answer `json:"answers" input:"answers" need:"yes"`
	}
	// EndMediation ends it without agreement.
	EndMediation struct {
		Reason string `json:"reason" input:"text" need:"yes"`
	}
	// Extend extends the handling period once.
	Extend struct {
		Days   int    `json:"days" input:"number" need:"yes"`
		Reason string `json:"reason" input:"text" need:"yes"`
	}
	// RevokeExtension takes the extension back while the period itself still runs.
	RevokeExtension struct {
		Reason string `json:"reason" input:"text" need:"yes"`
	}
	// Drafting writes the opinion, demand by demand.
	Drafting struct {
		Facts   string   `json:"facts" input:"text" need:"yes"`
		Basis   string   `json:"basis" input:"text" need:"yes"`
		Answers []Answer `json:"answers" input:"answers" need:"yes"`
	}
	// ReturnDraft sends the draft back.
	ReturnDraft struct {
		Reason string `json:"reason" input:"text" need:"yes"`
	}
	// Issue signs the opinion. The office numbers it; an import gives the number that it goes by.
	Issue struct {
		Document string `json:"-"`
		Despite  string `json:"despite,omitempty" input:"text"`
	}
	// Reply answers a suggestion or an enquiry.
	Reply struct {
		Facts    string   `json:"facts" input:"text" need:"yes"`
		Basis    string   `json:"basis,omitempty" input:"text"`
		Answers  []Answer `json:"answers" input:"answers" need:"yes"`
		Document string   `json:"-"`
		Despite  string   `json:"despite,omitempty" input:"text"`
	}
	// Serve records service on one petitioner, or sends them the link by which they confirm it themselves; then there is no day yet.
	Serve struct {
		Submission Ref           `json:"submission" input:"submission" need:"yes"`
		Method     ServiceMethod `json:"method" input:"choice" of:"service_method" need:"yes"`
		On         law.Day       `json:"on,omitzero" input:"day" need:"usually"`
		Proof      string        `json:"proof,omitempty" input:"line"`
		Reason     string        `json:"reason,omitempty" input:"line"`
		Despite    string        `json:"despite,omitempty" input:"text"`
	}
	// Perform records that what was decided has been done.
	Perform struct {
		Text        string   `json:"text" input:"text" need:"yes"`
		Demand      int      `json:"demand,omitempty" input:"number"` // whose promise alone was kept; zero for all that was promised
		Attachments []string `json:"attachments,omitempty" input:"files"`
	}
	// Ease records the four 解.
	Ease struct {
		Solved    string `json:"solved,omitempty" input:"text"`
		Explained string `json:"explained,omitempty" input:"text"`
		Relieved  string `json:"relieved,omitempty" input:"text"`
		Calmed    string `json:"calmed,omitempty" input:"text"`
	}
	// Complete is 办结.
	Complete struct {
		Report string `json:"report,omitempty" input:"text"`
	}
	// Visit records a return visit.
	Visit struct {
		Submission Ref    `json:"submission" input:"submission" need:"yes"`
		How        string `json:"how" input:"line" need:"yes"`
		Resolved   bool   `json:"resolved" input:"yes"`
		Words      string `json:"words" input:"text" need:"yes"`
	}
	// UrgeOn is 催办.
	UrgeOn struct {
		Text string `json:"text,omitempty" input:"text"`
	}
	// PressOn is 督办.
	PressOn struct {
		Reason string  `json:"reason" input:"text" need:"yes"`
		By     law.Day `json:"by" input:"day" need:"yes"`
	}
	// AnswerPress answers a 督办.
	AnswerPress struct {
		Text string `json:"text" input:"text" need:"yes"`
	}
	// Redo sends it back to be handled again.
	Redo struct {
		Reason string  `json:"reason" input:"text" need:"yes"`
		By     law.Day `json:"by" input:"day" need:"yes"`
	}
	// FollowUp closes what dissatisfaction opened.
	FollowUp struct {
		Finding string `json:"finding" input:"text" need:"yes"`
	}
	// AddMaterial is more from the petitioner.
	AddMaterial struct {
		Text        string   `json:"text,omitempty" input:"text"`
		Attachments []string `json:"attachments,omitempty" input:"files"`
	}
	// AddDemand is one more demand.
	AddDemand struct {
		Text string `json:"text" input:"text" need:"yes"`
	}
	// ConfirmDemands says that the list is right.
	ConfirmDemands struct{}
	// ChooseContact says by what means the petitioner wants to be told besides the page. The address is identity and stays out of the event; left out,
	// the one that was given before goes on.
	ChooseContact struct {
		SMS   bool   `json:"sms" input:"yes"`
		Mail  bool   `json:"mail" input:"yes"`
		Email string `json:"email,omitempty" input:"line"`
		Lang  string `json:"lang,omitempty" input:"choice" of:"lang"`
	}
	// Withdraw takes the submission back.
	Withdraw struct {
		Reason string `json:"reason,omitempty" input:"text"`
	}
	// Confirm says whether it is really resolved.
	Confirm struct {
		Resolved bool   `json:"resolved" input:"yes"`
		Words    string `json:"words,omitempty" input:"text"`
	}
	// Rate rates the receiving and the handling body.
	Rate struct {
		Receiving Grade  `json:"receiving" input:"choice" of:"grade" need:"yes"`
		Handling  Grade  `json:"handling" input:"choice" of:"grade" need:"yes"`
		Words     string `json:"words,omitempty" input:"text"`
	}
)

// Act names the step.
func (RequestMaterial) Act() Act { return ActRequestMaterial }

// Act names the step.
func (Screen) Act() Act { return ActScreen }

// Act names the step.
func (Take) Act() Act { return ActTake }

// Act names the step.
func (Forward) Act() Act { return ActForward }

// Act names the step.
func (ReportUp) Act() Act { return ActReportUp }

// Act names the step.
func (Decline) Act() Act { return ActDecline }

// Act names the step.
func (DeclineFinal) Act() Act { return ActDeclineFinal }

// Act names the step.
func (Sign) Act() Act { return ActSign }

// Act names the step.
func (Object) Act() Act { return ActObject }

// Act names the step.
func (UpholdObjection) Act() Act { return ActUpholdObjection }

// Act names the step.
func (RefuseObjection) Act() Act { return ActRefuseObjection }

// Act names the step.
func (Dispute) Act() Act { return ActDispute }

// Act names the step.
func (DecideDispute) Act() Act { return ActDecideDispute }

// Act names the step.
func (SucceedUnit) Act() Act { return ActSucceedUnit }

// Act names the step.
func (AssignHandler) Act() Act { return ActAssignHandler }

// Act names the step.
func (Notify) Act() Act { return ActNotify }

// Act names the step.
func (Divert) Act() Act { return ActDivert }

// Act names the step.
func (Accept) Act() Act { return ActAccept }

// Act names the step.
func (Record) Act() Act { return ActRecord }

// Act names the step.
func (Mediate) Act() Act { return ActMediate }

// Act names the step.
func (Agree) Act() Act { return ActAgree }

// Act names the step.
func (EndMediation) Act() Act { return ActEndMediation }

// Act names the step.
func (Extend) Act() Act { return ActExtend }

// Act names the step.
func (RevokeExtension) Act() Act { return ActRevokeExtension }

// Act names the step.
func (Drafting) Act() Act { return ActDraft }

// Act names the step.
func (ReturnDraft) Act() Act { return ActReturnDraft }

// Act names the step.
func (Issue) Act() Act { return ActIssue }

// Act names the step.
func (Reply) Act() Act { return ActReply }

// Act names the step.
func (Serve) Act() Act { return ActServe }

// Act names the step.
func (Perform) Act() Act { return ActPerform }

// Act names the step.
func (Ease) Act() Act { return ActEase }

// Act names the step.
func (Complete) Act() Act { return ActComplete }

// Act names the step.
func (Visit) Act() Act { return ActVisit }

// Act names the step.
func (UrgeOn) Act() Act { return ActUrge }

// Act names the step.
func (PressOn) Act() Act { return ActPress }

// Act names the step.
func (AnswerPress) Act() Act { return ActAnswerPress }

// Act names the step.
func (Redo) Act() Act { return ActRedo }

// Act names the step.
func (FollowUp) Act() Act { return ActFollowUp }

// Act names the step.
func (AddMaterial) Act() Act { return ActAddMaterial }

// Act names the step.
func (AddDemand) Act() Act { return ActAddDemand }

// Act names the step.
func (ConfirmDemands) Act() Act { return ActConfirmDemands }

// Act names the step.
func (ChooseContact) Act() Act { return ActChooseContact }

// Act names the step.
func (Withdraw) Act() Act { return ActWithdraw }

// Act names the step.
func (Confirm) Act() Act { return ActConfirm }

// Act names the step.
func (Rate) Act() Act { return ActRate }

// Check returns what is wrong with the fields.
func (c RequestMaterial) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Take) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c ReportUp) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Decline) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Sign) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Object) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c UpholdObjection) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c RefuseObjection) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Dispute) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c DecideDispute) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c AssignHandler) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Notify) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Accept) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Record) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Mediate) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Agree) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Extend) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c RevokeExtension) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c EndMediation) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Drafting) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c ReturnDraft) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Issue) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Reply) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Perform) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Complete) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Visit) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c UrgeOn) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c PressOn) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c AnswerPress) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Redo) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c FollowUp) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c AddDemand) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c ConfirmDemands) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields. Whether there is an address the caller knows.
func (c ChooseContact) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Withdraw) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Confirm) Check() []errs.Field { return check(&c) }

// Commands returns an empty command of every act that has one, as pointers to fill.
func Commands() []Command {
	return append([]Command{
		&RequestMaterial{}, &Screen{}, &Take{}, &Forward{}, &ReportUp{}, &Decline{}, &DeclineFinal{}, &Sign{}, &Object{}, &UpholdObjection{},
		&RefuseObjection{}, &Dispute{}, &DecideDispute{}, &AssignHandler{}, &Notify{}, &Divert{}, &Accept{}, &Record{}, &Mediate{}, &Agree{},
		&EndMediation{}, &Extend{}, &RevokeExtension{}, &Drafting{}, &ReturnDraft{}, &Issue{}, &Reply{}, &Serve{}, &Perform{}, &Ease{}, &Complete{}, &Visit{}, &UrgeOn{},
		&PressOn{}, &AnswerPress{}, &Redo{}, &FollowUp{}, &AddMaterial{}, &AddDemand{}, &ConfirmDemands{}, &ChooseContact{}, &Withdraw{}, &Confirm{}, &Rate{}, &Receive{},
		&CallHearing{}, &MoveHearing{}, &ConcludeHearing{}, &CancelHearing{}, &AskRecusal{}, &DeclareRecusal{}, &DecideRecusal{},
		&AssignPart{}, &AssignLine{}, &SignPart{}, &AnswerPart{}, &WaiveParts{}, &ReportLine{}, &Inquire{}, &Advise{}, &AnswerAdvice{}, &ReceiveReport{},
	}, reviewCommands()...)
}

// NewCommand returns an empty command of an act, to be filled by a form or a body.
func NewCommand(a Act) (Command, bool) {
	for _, c := range Commands() {
		if c.Act() == a {
			return c, true
		}
	}
	return nil, false
}
