package matter

// decoders gives the decoder of each kind; a test proves that every body is here.
func decoders(kind string) (func([]byte) (Body, error), bool) {
	switch kind {
	case "registered":
		return as[Registered], true
	case "material_requested":
		return as[MaterialRequested], true
	case "material_added":
		return as[MaterialAdded], true
	case "demand_added":
		return as[DemandAdded], true
	case "demands_confirmed":
		return as[DemandsConfirmed], true
	case "contact_chosen":
		return as[ContactChosen], true
	case "screened":
		return as[Screened], true
	case "taken":
		return as[Taken], true
	case "forwarded":
		return as[Forwarded], true
	case "reported_up":
		return as[ReportedUp], true
	case "diverted":
		return as[Diverted], true
	case "declined":
		return as[Declined], true
	case "final_declined":
		return as[FinalDeclined], true
	case "signed":
		return as[Signed], true
	case "objected":
		return as[Objected], true
	case "objection_upheld":
		return as[ObjectionUpheld], true
	case "objection_refused":
		return as[ObjectionRefused], true
	case "disputed":
		return as[Disputed], true
	case "dispute_decided":
		return as[DisputeDecided], true
	case "unit_succeeded":
		return as[UnitSucceeded], true
	case "handler_assigned":
		return as[HandlerAssigned], true
	case "notified":
		return as[Notified], true
	case "accepted":
		return as[Accepted], true
	case "recorded":
		return as[Recorded], true
	case "mediation_started":
		return as[MediationStarted], true
	case "mediation_agreed":
		return as[MediationAgreed], true
	case "mediation_ended":
		return as[MediationEnded], true
	case "extended":
		return as[Extended], true
	case "extension_revoked":
		return as[ExtensionRevoked], true
	case "opinion_drafted":
		return as[OpinionDrafted], true
	case "opinion_returned":
		return as[OpinionReturned], true
	case "opinion_issued":
		return as[OpinionIssued], true
	case "replied":
		return as[Replied], true
	case "served":
		return as[Served], true
	case "document_ready":
		return as[DocumentReady], true
	case "performed":
		return as[Performed], true
	case "eased":
		return as[Eased], true
	case "visited":
		return as[Visited], true
	case "confirmed":
		return as[Confirmed], true
	case "completed":
		return as[Completed], true
	case "rated":
		return as[Rated], true
	case "followed_up":
		return as[FollowedUp], true
	case "redone":
		return as[Redone], true
	case "urged":
		return as[Urged], true
	case "pressed":
		return as[Pressed], true
	case "press_answered":
		return as[PressAnswered], true
	case "withdrawn":
		return as[Withdrawn], true
	case "joined":
		return as[Joined], true
	case "left":
		return as[Left], true
	case "merged":
		return as[Merged], true
	case "separated":
		return as[Separated], true
	case "review_requested":
		return as[ReviewRequested], true
	case "review_withdrawn":
		return as[ReviewWithdrawn], true
	case "review_taken":
		return as[ReviewTaken], true
	case "review_declined":
		return as[ReviewDeclined], true
	case "review_extended":
		return as[ReviewExtended], true
	case "review_drafted":
		return as[ReviewDrafted], true
	case "review_returned":
		return as[ReviewReturned], true
	case "review_issued":
		return as[ReviewIssued], true
	case "review_served":
		return as[ReviewServed], true
	case "cared":
		return as[Cared], true
	case "hearing_called":
		return as[HearingCalled], true
	case "hearing_moved":
		return as[HearingMoved], true
	case "hearing_concluded":
		return as[HearingConcluded], true
	case "hearing_cancelled":
		return as[HearingCancelled], true
	case "recusal_asked":
		return as[RecusalAsked], true
	case "recusal_decided":
		return as[RecusalDecided], true
	case "part_assigned":
		return as[PartAssigned], true
	case "line_assigned":
		return as[LineAssigned], true
	case "part_signed":
		return as[PartSigned], true
	case "part_answered":
		return as[PartAnswered], true
	case "parts_waived":
		return as[PartsWaived], true
	case "line_reported":
		return as[LineReported], true
	case "inquired":
		return as[Inquired], true
	case "court_called":
		return as[CourtCalled], true
	case "advised":
		return as[Advised], true
	case "advice_answered":
		return as[AdviceAnswered], true
	case "report_received":
		return as[ReportReceived], true
	case "escalated":
		return as[Escalated], true
	case "clocks_moved":
		return as[ClocksMoved], true
	default:
		return nil, false
	}
}
