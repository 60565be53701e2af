package matter

import "slices"

// Texts are what somebody wrote with what happened, in the order of the form: notes, reasons, findings, answers. What was said at the registration stands
// in the submission and the demands. A rating is left out: the unit that was rated does not get to read it, so nobody finds the matter by it.
func Texts(b Body) []string {
	var out []string
	switch b := b.(type) {
	case MaterialRequested:
		out = []string{b.Missing}
	case MaterialAdded:
		out = []string{b.Text}
	case DemandAdded:
		out = []string{b.Text}
	case Screened:
		out = []string{b.Note, b.NewFacts}
	case Forwarded:
		out = []string{b.Why}
	case ReportedUp:
		out = []string{b.To, b.Summary}
	case Diverted:
		out = []string{b.Organ, b.How}
	case Declined:
		out = []string{b.Reason, b.Organ}
	case FinalDeclined:
		out = []string{b.Concluded, b.Reason}
	case Objected:
		out = []string{b.Reason, b.Proper}
	case ObjectionUpheld:
		out = []string{b.Reason}
	case ObjectionRefused:
		out = []string{b.Reason}
	case Disputed:
		out = []string{b.Reason}
	case DisputeDecided:
		out = []string{b.Reason}
	case Notified:
		out = []string{b.Text}
	case Recorded:
		out = []string{b.Text}
	case MediationStarted:
		out = []string{b.Mediator, b.Parties}
	case MediationAgreed:
		out = append([]string{b.Terms}, answerTexts(b.Answers)...)
	case MediationEnded:
		out = []string{b.Reason}
	case Extended:
		out = []string{b.Reason}
	case ExtensionRevoked:
		out = []string{b.Reason}
	case OpinionDrafted:
		out = append([]string{b.Facts, b.Basis}, answerTexts(b.Answers)...)
	case OpinionReturned:
		out = []string{b.Reason}
	case OpinionIssued:
		out = []string{b.Document, b.Despite}
	case Replied:
		out = append([]string{b.Document, b.Facts, b.Basis, b.Despite}, answerTexts(b.Answers)...)
	case Served:
		out = []string{b.Proof, b.Reason, b.Despite}
	case DocumentReady:
		out = []string{b.Despite}
	case Performed:
		out = []string{b.Text}
	case Eased:
		out = []string{b.Solved, b.Explained, b.Relieved, b.Calmed}
	case Visited:
		out = []string{b.How, b.Words}
	case Confirmed:
		out = []string{b.Words}
	case Completed:
		out = []string{b.Report}
	case FollowedUp:
		out = []string{b.Finding}
	case Redone:
		out = []string{b.Reason}
	case Urged:
		out = []string{b.Text}
	case Pressed:
		out = []string{b.Reason}
	case PressAnswered:
		out = []string{b.Text}
	case Withdrawn:
		out = []string{b.Reason}
	case Joined:
		out = []string{b.Reason}
	case Left:
		out = []string{b.Reason}
	case Merged:
		out = []string{b.Reason}
	case Separated:
		out = []string{b.Reason}
	case ReviewRequested:
		out = []string{b.Reason}
	case ReviewWithdrawn:
		out = []string{b.Reason}
	case ReviewDeclined:
		out = []string{b.Reason, b.Organ}
	case ReviewExtended:
		out = []string{b.Approval, b.Reason}
	case ReviewDrafted:
		out = append([]string{b.Facts, b.Basis}, answerTexts(b.Answers)...)
	case ReviewReturned:
		out = []string{b.Reason}
	case ReviewIssued:
		out = []string{b.Document, b.Despite}
	case ReviewServed:
		out = []string{b.Proof, b.Reason, b.Despite}
	case Cared:
		out = []string{b.Text}
	case HearingCalled:
		out = []string{b.Place, b.Participants, b.Reason}
	case HearingMoved:
		out = []string{b.Place, b.Reason}
	case HearingConcluded:
		out = []string{b.Minutes, b.Conclusion}
	case HearingCancelled:
		out = []string{b.Reason}
	case PartAssigned:
		out = []string{b.Text}
	case LineAssigned:
		out = []string{b.Text}
	case PartAnswered:
		out = []string{b.Text}
	case PartsWaived:
		out = []string{b.Reason}
	case LineReported:
		out = []string{b.Text}
	case Inquired:
		out = []string{b.Finding}
	case RecusalAsked:
		out = []string{b.Reason}
	case RecusalDecided:
		out = []string{b.Reason}
	case Advised:
		out = []string{b.Text}
	case AdviceAnswered:
		out = []string{b.Text}
	case Registered, DemandsConfirmed, ContactChosen, Taken, Signed, UnitSucceeded, HandlerAssigned, Accepted, Rated, ReviewTaken, CourtCalled,
		PartSigned, ReportReceived, Escalated, ClocksMoved:
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// answerTexts are the texts of answers to demands.
func answerTexts(answers []Answer) []string {
	var out []string
	for _, a := range answers {
		out = append(out, a.Facts, a.Basis, a.Promise)
	}
	return out
}
