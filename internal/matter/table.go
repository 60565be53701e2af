package matter

import "slices"

// Act is the name of one step that somebody can take. It names the command, the form, the API call and the button.
type Act string

// Power is by what title somebody may take a step on a matter. A duty gives powers by its role and by the unit's place in the matter.
type Power string

// The powers.
const (
	PowerReceiver   Power = "receiver"    // registrar at the unit that registered it
	PowerHolder     Power = "holder"      // registrar or handler at the unit that has it
	PowerHead       Power = "head"        // head of the unit that has it
	PowerSender     Power = "sender"      // registrar, supervisor or head at the unit that sent the current leg
	PowerOffice     Power = "office"      // supervisor whose scope takes in the matter
	PowerSuperior   Power = "superior"    // leader or supervisor whose scope takes in the matter, for disputes
	PowerAdvised    Power = "advised"     // registrar, handler or head at a unit to which a suggestion was made
	PowerReported   Power = "reported"    // staff of a superior to whom it was reported
	PowerPart       Power = "part"        // registrar or handler at a unit that assists, or of the second line
	PowerReviewer   Power = "reviewer"    // registrar or handler of the organ that reviews, or of its petition department
	PowerReviewHead Power = "review_head" // head there
	PowerPetitioner Power = "petitioner"  // holder of the code and PIN of a linked submission
	PowerSystem     Power = "system"      // a lawful consequence
)

// Transition is one row of the procedure: which step, from which states, to which state, by what power, under which article.
// The states' diagram in docs/ and the buttons on the page are made from these rows.
type Transition struct {
	ID      string  // of the rule book: T1 …
	Act     Act     //
	From    []State // empty: any registered state
	To      State   // empty: the state stays, or the fold decides among those in Ends
	Ends    []State // where the fold decides
	By      []Power
	Article string // article, as cited to people; empty where it is the office's own rule
}

// articleLocal stands for the article of a step that the law of some places alone knows. A refusal names the article itself.
const articleLocal = "local"

// Procedure is a table of transitions. The national one is National; a local one is another table.
type Procedure struct {
	rows []Transition
}

// Rows returns the table.
func (p Procedure) Rows() []Transition { return slices.Clone(p.rows) }

// Row returns the row of an act.
func (p Procedure) Row(a Act) (Transition, bool) {
	i := slices.IndexFunc(p.rows, func(t Transition) bool { return t.Act == a })
	if i < 0 {
		return Transition{}, false
	}
	return p.rows[i], true
}

// Allows reports whether the row starts from a state.
func (t Transition) Allows(s State) bool {
	return s != StateNone && (len(t.From) == 0 || slices.Contains(t.From, s))
}

// National returns the petition procedure of 信访工作条例 (2022), the steps of the rule book with those around them. Rows that start from the
// states of a review are about that review, which stands beside the matter's own state.
func National() Procedure {
	unit := []Power{PowerHolder}
	intake := []State{StateRegistered, StateAwaiting, StateScreened}
	handling := []State{StateAccepted, StateInvestigating}
	running := []State{StateAccepted, StateInvestigating, StateHearing, StateMediating, StateDrafted}
	beforeReply := []State{
		StateRegistered, StateAwaiting, StateScreened, StateForwarded, StateSigned, StateObjected, StateDisputed, StateNotified,
		StateAccepted, StateInvestigating, StateHearing, StateMediating, StateDrafted, StateIssued,
	}
	joinable := beforeReply[:len(beforeReply)-1]
	told := []State{StateServed, StateAgreed, StateDiverted, StateDeclined, StateFinalDeclined}
	replied := []State{StateIssued, StateServed, StateAgreed, StateCompleted}
	both := func(review, rereview State) []State { return []State{review, rereview} }
	asked, reviewing := both(StateReviewAsked, StateReReviewAsked), both(StateReviewing, StateReReviewing)
	written, signed := both(StateReviewDrafted, StateReReviewDrafted), both(StateReviewIssued, StateReReviewIssued)
	underway := slices.Concat(reviewing, both(StateReviewHearing, StateReReviewHearing), written)
	before := slices.Concat(asked, underway)
	hearing := append([]State{StateHearing}, both(StateReviewHearing, StateReReviewHearing)...)
	heads := []Power{PowerHead, PowerReviewHead}
	held := append([]State{StateSigned, StateNotified}, running...)
	parted := slices.Concat(beforeReply, told)
	opinion := []State{StateIssued, StateServed, StateCompleted}
	ended := []State{StateServed, StateAgreed, StateCompleted, StateTerminated}
	return Procedure{rows: []Transition{
		{"T2", ActRequestMaterial, []State{StateRegistered, StateScreened, StateSigned}, StateAwaiting, nil, []Power{PowerReceiver, PowerHolder}, "art22"},
		{"T3", ActScreen, intake, StateScreened, nil, []Power{PowerReceiver}, "art22"},
		{"T3", ActTake, []State{StateScreened}, StateSigned, nil, []Power{PowerReceiver}, "art23"},
		{"T4", ActForward, []State{StateScreened, StateSigned}, StateForwarded, nil, []Power{PowerReceiver, PowerHolder}, "art22"},
		{"T6", ActReportUp, beforeReply, "", nil, []Power{PowerReceiver, PowerHolder, PowerHead, PowerReported}, "art25"},
		{"T6", ActReceiveReport, nil, "", nil, []Power{PowerReported}, "art25"},
		{"T9", ActDecline, []State{StateScreened, StateSigned}, StateDeclined, nil, []Power{PowerReceiver, PowerHolder}, "art23"},
		{"T10", ActDeclineFinal, []State{StateScreened, StateSigned}, StateFinalDeclined, nil, []Power{PowerReceiver, PowerHolder}, "art36"},
		{"T11", ActJoin, joinable, "", nil, []Power{PowerReceiver, PowerOffice}, ""},
		{"T11", ActSeparate, nil, "", []State{StateServed, StateWithdrawn}, []Power{PowerReceiver, PowerOffice}, ""},
		{"T12", ActSign, []State{StateForwarded}, StateSigned, nil, unit, "art23"},
		{"T13", ActObject, []State{StateSigned}, StateObjected, nil, unit, "art23"},
		{"T14", ActUpholdObjection, []State{StateObjected}, "", []State{StateScreened, StateSigned, StateDisputed}, []Power{PowerSender}, "art23"},
		{"T15", ActRefuseObjection, []State{StateObjected}, StateSigned, nil, []Power{PowerSender}, "art23"},
		{"T16", ActDispute, []State{StateSigned, StateObjected}, StateDisputed, nil, []Power{PowerHolder, PowerSender}, "art24"},
		{"T16", ActDecideDispute, []State{StateDisputed}, "", []State{StateSigned, StateForwarded}, []Power{PowerSuperior}, "art24"},
		{"T17", ActSucceedUnit, nil, "", nil, []Power{PowerSystem}, "art24"},
		{"", ActAssignHandler, append([]State{StateSigned, StateNotified, StateIssued}, running...), "", nil, []Power{PowerHolder, PowerHead}, ""},
		{"T20", ActNotify, []State{StateSigned}, StateNotified, nil, unit, "art23"},
		{"T21", ActDivert, []State{StateScreened, StateSigned, StateNotified}, StateDiverted, nil, []Power{PowerReceiver, PowerHolder}, "art31"},
		{"T22", ActAccept, []State{StateSigned, StateNotified}, StateAccepted, nil, unit, "art31"},
		{"T23", ActRecord, append([]State{StateSigned, StateNotified, StateIssued, StateServed}, running...), "", []State{StateInvestigating}, unit, "art31"},
		{"T25", ActMediate, handling, StateMediating, nil, unit, "art33"},
		{"T26", ActAgree, []State{StateMediating}, StateAgreed, nil, unit, "art33"},
		{"T27", ActEndMediation, []State{StateMediating}, StateInvestigating, nil, unit, "art33"},
		{"T28", ActExtend, running, "", nil, []Power{PowerHead}, "art34"},
		{"T28", ActRevokeExtension, running, "", nil, []Power{PowerHead}, "art34"},
		{"T29", ActDraft, append([]State{StateDrafted}, handling...), StateDrafted, nil, unit, "art32"},
		{"T29", ActReturnDraft, []State{StateDrafted}, StateInvestigating, nil, []Power{PowerHead}, "art32"},
		{"T29", ActIssue, []State{StateDrafted}, StateIssued, nil, []Power{PowerHead}, "art32"},
		{"T33", ActReply, []State{StateSigned, StateNotified}, StateIssued, nil, unit, "art29"},
		{"T30", ActServe, []State{StateIssued}, "", []State{StateServed}, unit, "art32"},
		{"T30", ActReceive, append([]State{StateIssued}, signed...), "", append([]State{StateInvestigating, StateTerminated}, opinion...), []Power{PowerPetitioner}, "art32"},
		{"T31", ActPerform, ended, "", nil, unit, "art32"},
		{"", ActEase, []State{StateIssued, StateServed, StateAgreed}, "", nil, unit, ""},
		{"T32", ActComplete, told, StateCompleted, nil, unit, "art22"},
		{"", ActVisit, ended, "", nil, []Power{PowerOffice, PowerReceiver}, ""},
		{"", ActUrge, beforeReply, "", nil, []Power{PowerPetitioner, PowerOffice, PowerReceiver, PowerSender}, "art40"},
		{"T50", ActPress, beforeReply, "", nil, []Power{PowerOffice}, "art40"},
		{"T50", ActAnswerPress, append(slices.Clone(told), beforeReply...), "", nil, unit, "art40"},
		{"", ActRedo, []State{StateDrafted, StateIssued, StateServed, StateAgreed, StateCompleted}, StateInvestigating, nil, []Power{PowerOffice}, "art40"},
		{"", ActFollowUp, append([]State{StateDiverted, StateDeclined, StateTerminated}, replied...), "", nil, []Power{PowerOffice, PowerReceiver}, ""},

		{"", ActAssignPart, held, "", nil, []Power{PowerHead, PowerSender}, "art24"},
		{"", ActAssignLine, append([]State{StateForwarded}, held...), "", nil, []Power{PowerOffice, PowerSender, PowerReceiver}, ""},
		{"", ActSignPart, parted, "", nil, []Power{PowerPart}, ""},
		{"", ActAnswerPart, parted, "", nil, []Power{PowerPart}, ""},
		{"", ActWaiveParts, held, "", nil, []Power{PowerHead}, ""},
		{"", ActReportLine, parted, "", nil, unit, ""},
		{"", ActInquire, parted, "", nil, []Power{PowerOffice}, "art40"},
		{"", ActAdvise, slices.Concat(parted, []State{StateCompleted, StateTerminated}), "", nil, []Power{PowerOffice}, "art40"},
		{"", ActAnswerAdvice, nil, "", nil, []Power{PowerAdvised}, "art40"},
		{"T24", ActCallHearing, append(slices.Clone(handling), reviewing...), "", hearing, heads, "art31"},
		{"T24", ActMoveHearing, hearing, "", nil, heads, "art31"},
		{"T24", ActConcludeHearing, hearing, "", append([]State{StateInvestigating}, reviewing...), []Power{PowerHolder, PowerReviewer}, "art31"},
		{"T24", ActCancelHearing, hearing, "", append([]State{StateInvestigating}, reviewing...), heads, "art31"},
		{"", ActAskRecusal, slices.Concat(beforeReply, before), "", nil, []Power{PowerPetitioner, PowerReceiver}, "art28"},
		{"", ActDeclareRecusal, slices.Concat(beforeReply, before), "", nil, append([]Power{PowerHolder, PowerReviewer}, heads...), "art28"},
		{"", ActDecideRecusal, slices.Concat(beforeReply, before), "", nil, append([]Power{PowerSuperior}, heads...), "art28"},
		{"T40", ActRequestReview, opinion, StateReviewAsked, nil, []Power{PowerPetitioner, PowerReceiver}, "art35"},
		{"T44", ActRequestReReview, opinion, StateReReviewAsked, nil, []Power{PowerPetitioner, PowerReceiver}, "art36"},
		{"", ActWithdrawReview, before, "", opinion, []Power{PowerPetitioner, PowerReceiver}, ""},
		{"T41", ActDeclineReview, asked, "", opinion, []Power{PowerReviewer}, "art35"},
		{"T42", ActTakeReview, asked, "", reviewing, []Power{PowerReviewer}, "art35"},
		{"", ActExtendReview, underway, "", nil, []Power{PowerReviewHead}, articleLocal},
		{"T42", ActDraftReview, append(written, reviewing...), "", written, []Power{PowerReviewer}, "art35"},
		{"T42", ActReturnReview, written, "", reviewing, []Power{PowerReviewHead}, "art35"},
		{"T42", ActIssueReview, written, "", signed, []Power{PowerReviewHead}, "art35"},
		{"T47", ActServeReview, signed, "", append([]State{StateInvestigating, StateTerminated}, opinion...), []Power{PowerReviewer}, "art35"},
		{"T49", ActCare, []State{StateTerminated}, "", nil, []Power{PowerHolder, PowerReceiver, PowerOffice}, "art37"},

		{"", ActAddMaterial, beforeReply, "", []State{StateRegistered, StateScreened, StateSigned}, []Power{PowerPetitioner, PowerReceiver, PowerHolder}, "art22"},
		{"", ActAddDemand, joinable, "", nil, []Power{PowerPetitioner, PowerReceiver}, ""},
		{"", ActConfirmDemands, beforeReply, "", nil, []Power{PowerPetitioner, PowerReceiver}, ""},
		{"", ActChooseContact, nil, "", nil, []Power{PowerPetitioner}, ""},
		{"", ActWithdraw, beforeReply, "", []State{StateWithdrawn, StateServed}, []Power{PowerPetitioner, PowerReceiver}, ""},
		{"", ActConfirm, ended, "", nil, []Power{PowerPetitioner}, ""},
		{"", ActRate, append([]State{StateDiverted, StateDeclined, StateTerminated}, replied[1:]...), "", nil, []Power{PowerPetitioner}, ""},
	}}
}
