package matter

import "slices"

// ToldTo reports whether the petitioner of a submission is told of an event: what was done with the matter and what concerns their own
// submission, but neither the office's inner steps nor anything of another petitioner (what must be published to the petitioner: RULEBOOK 2.7).
func ToldTo(e Event, own Ref) bool {
	switch b := e.Body.(type) {
	case Registered:
		return b.Submission.Ref == own
	case MaterialAdded:
		return b.Submission == own
	case DemandAdded:
		return b.Submission == own
	case DemandsConfirmed:
		return b.Submission == own
	case ContactChosen:
		return b.Submission == own
	case Served:
		return b.Submission == own
	case DocumentReady:
		return b.Submission == own
	case Visited:
		return b.Submission == own
	case Confirmed:
		return b.Submission == own
	case Rated:
		return b.Submission == own
	case Urged:
		return b.Submission == own || b.Submission.IsZero()
	case Withdrawn:
		return b.Submission == own
	case Joined:
		return b.Submission.Ref == own
	case ReviewRequested:
		return b.Submission == own
	case ReviewWithdrawn:
		return b.Submission == own
	case ReviewDeclined:
		return b.Submission == own
	case ReviewServed:
		return b.Submission == own
	case HearingCalled:
		return slices.Contains(b.For, own)
	case HearingMoved:
		return slices.Contains(b.For, own)
	case HearingConcluded:
		return slices.Contains(b.For, own)
	case HearingCancelled:
		return slices.Contains(b.For, own)
	case RecusalAsked:
		return b.Submission == own
	case RecusalDecided:
		return b.Submission == own
	case ReviewTaken:
		return slices.Contains(b.For, own)
	case ReviewExtended:
		return slices.Contains(b.For, own)
	case ReviewIssued:
		return slices.Contains(b.For, own)
	case ClocksMoved:
		return len(b.For(own).Moved) > 0
	case Recorded:
		return b.Kind == RecordSite || b.Kind == RecordHeard
	case MaterialRequested, Taken, Forwarded, Diverted, Declined, FinalDeclined, Signed, Disputed, CourtCalled, DisputeDecided, UnitSucceeded,
		Notified, Accepted, MediationStarted, MediationAgreed, MediationEnded, Extended, ExtensionRevoked, OpinionIssued, Replied, Performed, Completed,
		FollowedUp, Redone, Separated, Cared, PartAssigned, LineAssigned:
		return true
	case Screened, ReportedUp, Objected, ObjectionUpheld, ObjectionRefused, HandlerAssigned, OpinionDrafted, OpinionReturned, Eased,
		Pressed, PressAnswered, Left, Merged, ReviewDrafted, ReviewReturned, PartSigned, PartAnswered,
		PartsWaived, LineReported, Inquired, Advised, AdviceAnswered, ReportReceived, Escalated:
		return false
	}
	return false
}
