package matter

import (
	"slices"

	"pgregory.net/rapid"

	"huiyin/internal/org"
)

// fill fills a command's fields, plausibly most of the time.
func (w *walk) fill(act Act, l *life) Command {
	t := w.t
	m := l.m
	text := rapid.SampledFrom([]string{"有理由", "有理由", "有理由", "有理由", "有理由", "有理由", "有理由", "有理由", "有理由", "有理由", "", "  "}).Draw(t, "text")
	unit := rapid.SampledFrom([]org.UnitID{roads, roads, roads, roadsOffice, labour, village, inspection, roadsInspect, citySupervise, county, oldRoads, 99, 0}).Draw(t, "unit")
	by := l.today.Add(rapid.SampledFrom([]int{30, 7, 1, 0, -3}).Draw(t, "by"))
	given := answers(m)
	if len(given) > 0 && rapid.IntRange(0, 9).Draw(t, "short answers") == 0 {
		given = given[1:]
	}
	kind := m.Kind
	if rapid.IntRange(0, 9).Draw(t, "other kind") == 0 {
		kind = rapid.SampledFrom(Kinds()).Draw(t, "kind found")
	}
	switch act {
	case ActRequestMaterial:
		return RequestMaterial{Missing: text}
	case ActScreen:
		return Screen{Kind: kind, Level: rapid.SampledFrom(Levels()).Draw(t, "level"), Note: text}
	case ActTake:
		return Take{}
	case ActForward:
		return Forward{Unit: unit, Mode: rapid.SampledFrom(ForwardModes()).Draw(t, "mode"), Why: text, ReportBy: by}
	case ActReportUp:
		return ReportUp{To: text, Summary: text, Unit: unit}
	case ActDecline:
		return Decline{Ground: DeclineElsewhere, Reason: text}
	case ActDeclineFinal:
		return DeclineFinal{Concluded: text, Reason: text}
	case ActSign:
		return Sign{}
	case ActObject:
		return Object{Reason: text}
	case ActUpholdObjection:
		return UpholdObjection{Reason: text}
	case ActRefuseObjection:
		return RefuseObjection{Reason: text}
	case ActDispute:
		return Dispute{With: unit, Reason: text}
	case ActDecideDispute:
		return DecideDispute{Unit: unit, Reason: text}
	case ActSucceedUnit:
		return SucceedUnit{From: m.Holder(), To: unit}
	case ActAssignHandler:
		return AssignHandler{User: 7}
	case ActNotify:
		return Notify{Text: text}
	case ActDivert:
		return Divert{Route: rapid.SampledFrom(Routes()).Draw(t, "route"), Organ: text, How: text}
	case ActAccept:
		return Accept{Short: rapid.SampledFrom([]ShortGround{"", ShortClear}).Draw(t, "short")}
	case ActRecord:
		return Record{Kind: RecordSite, Text: text}
	case ActMediate:
		return Mediate{Mediator: text, Parties: text}
	case ActAgree:
		return Agree{Terms: text, Answers: given}
	case ActEndMediation:
		return EndMediation{Reason: text}
	case ActExtend:
		return Extend{Days: rapid.SampledFrom([]int{30, 31, 33, 15, 0, -1}).Draw(t, "extension"), Reason: text}
	case ActRevokeExtension:
		return RevokeExtension{Reason: text}
	case ActDraft:
		return Drafting{Facts: text, Basis: text, Answers: given}
	case ActReturnDraft:
		return ReturnDraft{Reason: text}
	case ActIssue:
		return Issue{Document: "1号"}
	case ActReply:
		return Reply{Facts: text, Answers: given}
	case ActServe:
		ref := m.First
		if left := m.Unserved(); len(left) > 0 && rapid.IntRange(0, 9).Draw(t, "served before") > 0 {
			ref = rapid.SampledFrom(left).Draw(t, "served on")
		}
		if rapid.IntRange(0, 9).Draw(t, "by link") == 0 {
			return Serve{Submission: ref, Method: ServedByLink}
		}
		return Serve{Submission: ref, Method: ServedByPost, On: l.today.Add(rapid.IntRange(-2, 1).Draw(t, "served")), Proof: text}
	case ActPerform:
		return Perform{Text: text}
	case ActEase:
		return Ease{Solved: text}
	case ActComplete:
		return Complete{Report: text}
	case ActVisit:
		return Visit{Submission: m.First, How: text, Resolved: true, Words: text}
	case ActUrge:
		return UrgeOn{Text: text}
	case ActPress:
		return PressOn{Reason: text, By: by}
	case ActAnswerPress:
		return AnswerPress{Text: text}
	case ActRedo:
		return Redo{Reason: text, By: by}
	case ActFollowUp:
		return FollowUp{Finding: text}
	case ActAddMaterial:
		return AddMaterial{Text: text}
	case ActAddDemand:
		return AddDemand{Text: text}
	case ActConfirmDemands:
		return ConfirmDemands{}
	case ActChooseContact:
		return ChooseContact{SMS: rapid.Bool().Draw(t, "sms"), Mail: rapid.Bool().Draw(t, "mail"), Lang: rapid.SampledFrom(Langs()).Draw(t, "lang")}
	case ActReceive:
		return Receive{Consent: rapid.IntRange(0, 9).Draw(t, "consent") > 0}
	case ActWithdraw:
		return Withdraw{Reason: text}
	case ActConfirm:
		return Confirm{Resolved: true, Words: text}
	case ActAssignPart:
		return AssignPart{Unit: unit, Text: text, By: l.today.Add(rapid.IntRange(0, 9).Draw(t, "part by"))}
	case ActAssignLine:
		return AssignLine{Unit: unit, Text: text, By: by}
	case ActSignPart:
		return SignPart{}
	case ActAnswerPart:
		return AnswerPart{Text: text}
	case ActWaiveParts:
		return WaiveParts{Reason: text}
	case ActReportLine:
		return ReportLine{Text: text}
	case ActInquire:
		return Inquire{Finding: text}
	case ActAdvise:
		return Advise{Kind: AdviceWork, Unit: unit, Text: text, By: by}
	case ActAnswerAdvice:
		return AnswerAdvice{Taken: AdvicePart, Text: text}
	case ActReceiveReport:
		return ReceiveReport{}
	case ActCallHearing:
		return CallHearing{On: by, At: text, Place: text, Participants: text, Reason: text}
	case ActMoveHearing:
		return MoveHearing{On: by, At: text, Place: text, Reason: text}
	case ActConcludeHearing:
		return ConcludeHearing{Minutes: text, Conclusion: text}
	case ActCancelHearing:
		return CancelHearing{Reason: text}
	case ActAskRecusal:
		of := rapid.SampledFrom(RecusalsOf()).Draw(t, "of")
		return AskRecusal{Of: of, Reason: text, Submission: m.First, Heads: []org.UserID{head(m.Desk()).User}}
	case ActDeclareRecusal:
		return DeclareRecusal{Reason: text}
	case ActDecideRecusal:
		return DecideRecusal{Granted: rapid.Bool().Draw(t, "granted"), User: 7, Reason: text}
	case ActRequestReview, ActRequestReReview:
		ask := RequestReview{Reason: text, Submission: m.First, Unit: rapid.SampledFrom([]org.UnitID{0, county, cityRoads, city, province, roads}).Draw(t, "organ"), Received: by}
		if len(m.Submissions) > 0 {
			ask.Submission = rapid.SampledFrom(m.Submissions).Draw(t, "asked for").Ref
			if organs := m.Organs(act, ask.Submission, l.env(org.System())); len(organs) > 0 && rapid.IntRange(0, 9).Draw(t, "right organ") > 0 {
				ask.Unit = rapid.SampledFrom(organs).Draw(t, "superior").ID
			}
		}
		if act == ActRequestReview {
			return ask
		}
		return RequestReReview(ask)
	case ActWithdrawReview:
		return WithdrawReview{Submission: m.First, Reason: text}
	case ActTakeReview:
		return TakeReview{}
	case ActDeclineReview:
		return DeclineReview{Submission: m.First, Ground: rapid.SampledFrom(ReviewGrounds()).Draw(t, "ground"), Reason: text, Organ: text}
	case ActExtendReview:
		return ExtendReview{Days: rapid.SampledFrom([]int{30, 15, 1, 31, 0}).Draw(t, "review extension"), Approval: text, Reason: text}
	case ActDraftReview:
		changed := slices.Clone(given)
		for i := range changed {
			changed[i].Outcome = rapid.SampledFrom(Outcomes()).Draw(t, "outcome")
		}
		return DraftReview{Result: rapid.SampledFrom(ReviewResults()).Draw(t, "result"), Facts: text, Basis: text, Answers: changed, By: by}
	case ActReturnReview:
		return ReturnReview{Reason: text}
	case ActIssueReview:
		return IssueReview{}
	case ActServeReview:
		ref := m.First
		for i := range m.Reviews {
			if left := m.Reviews[i].Unserved(); m.Reviews[i].Open() && len(left) > 0 {
				ref = rapid.SampledFrom(left).Draw(t, "review served on")
			}
		}
		return ServeReview{Submission: ref, Method: rapid.SampledFrom([]ServiceMethod{ServedByPost, ServedOnline, ServedNot, ServedByLink}).Draw(t, "method"), On: l.today, Proof: text, Reason: text}
	case ActCare:
		return Care{Text: text}
	default:
		return Rate{Receiving: rapid.SampledFrom(Grades()).Draw(t, "grade"), Handling: GradeSatisfied, Words: text}
	}
}
