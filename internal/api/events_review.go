package api

import "huiyin/internal/matter"

// beside is of for hearings and recusal.
func (d data) beside(body matter.Body) {
	switch b := body.(type) {
	case matter.HearingCalled:
		d.day("on", b.On)
		d.text("at", b.At)
		d.text("place", b.Place)
		d.text("participants", b.Participants)
		d.text("reason", b.Reason)
	case matter.HearingMoved:
		d.day("on", b.On)
		d.text("at", b.At)
		d.text("place", b.Place)
		d.text("reason", b.Reason)
	case matter.HearingConcluded:
		d.day("on", b.On)
		d.text("minutes", b.Minutes)
		d.text("conclusion", b.Conclusion)
		d.files(b.Attachments)
	case matter.HearingCancelled:
		d.text("reason", b.Reason)
	case matter.RecusalAsked:
		d.text("of", string(b.Of))
		d.ref("submission", b.Submission)
		d.text("reason", b.Reason)
	case matter.RecusalDecided:
		d["granted"] = b.Granted
		if b.User != 0 {
			d["user"] = int64(b.User)
		}
		d.text("reason", b.Reason)
	default:
		d.shared(b)
	}
}

// shared is of for what several units do.
func (d data) shared(body matter.Body) {
	switch b := body.(type) {
	case matter.Advised:
		d.text("advice_kind", string(b.Kind))
		d.unit("unit", b.Unit)
		d.text("text", b.Text)
		d.day("by", b.By)
	case matter.AdviceAnswered:
		d.text("taken", string(b.Taken))
		d.text("text", b.Text)
	case matter.ReportReceived:
		d["report"] = b.Report
	case matter.CourtCalled:
		d.unit("superior", b.Superior)
		d.day("by", b.By)
	case matter.PartAssigned:
		d.unit("unit", b.Unit)
		d.text("text", b.Text)
		d.day("by", b.By)
	case matter.LineAssigned:
		d.unit("unit", b.Unit)
		d.text("text", b.Text)
		d.day("by", b.By)
	case matter.PartSigned:
		d["part"] = b.Part
	case matter.PartAnswered:
		d["part"] = b.Part
		d.text("text", b.Text)
		d.files(b.Attachments)
	case matter.PartsWaived:
		d.text("reason", b.Reason)
	case matter.LineReported:
		d.text("text", b.Text)
	case matter.Inquired:
		d.text("finding", b.Finding)
	default:
		d.clocks(b)
	}
}

// clocks is of for what clocks give rise to by themselves.
func (d data) clocks(body matter.Body) {
	switch b := body.(type) {
	case matter.Escalated:
		d.text("rule", string(b.Rule))
		d.text("clock", b.Clock)
		d.unit("unit", b.Unit)
		d.day("legal", b.Legal)
		d.unit("to", b.To)
	case matter.ClocksMoved:
		d.text("calendar", b.Version)
		d["moved"] = list(b.Moved, func(c matter.MovedClock) movedClock {
			return movedClock{Rule: string(c.Rule), Clock: c.Clock, Was: dateOf(c.Was), Now: dateOf(c.Now)}
		})
	default: // the kinds that the others know
	}
}

// review is of for review, re-review and what comes after.
func (d data) review(body matter.Body) {
	switch b := body.(type) {
	case matter.ReviewRequested:
		d.text("tier", string(b.Tier))
		d.ref("submission", b.Submission)
		d.unit("unit", b.Unit)
		d.text("reason", b.Reason)
		d.files(b.Attachments)
		d.day("received", b.Received)
		d["late"] = b.Late
	case matter.ReviewWithdrawn:
		d.text("tier", string(b.Tier))
		d.ref("submission", b.Submission)
		d.text("reason", b.Reason)
	case matter.ReviewTaken:
		d.text("tier", string(b.Tier))
		d["for"] = list(b.For, refOf)
	case matter.ReviewDeclined:
		d.text("tier", string(b.Tier))
		d.ref("submission", b.Submission)
		d.text("ground", string(b.Ground))
		d.text("reason", b.Reason)
		d.text("organ", b.Organ)
	case matter.ReviewExtended:
		d.text("tier", string(b.Tier))
		d["days"] = b.Days
		d.text("approval", b.Approval)
		d.text("reason", b.Reason)
		d["for"] = list(b.For, refOf)
	case matter.ReviewDrafted:
		d.text("tier", string(b.Tier))
		d.text("result", string(b.Result))
		d.text("facts", b.Facts)
		d.text("basis", b.Basis)
		d.answers(b.Answers)
		d.day("by", b.By)
	case matter.ReviewReturned:
		d.text("tier", string(b.Tier))
		d.text("reason", b.Reason)
	case matter.ReviewIssued:
		d.text("tier", string(b.Tier))
		d.text("result", string(b.Result))
		d.text("document", b.Document)
		d.day("by", b.By)
		d["for"] = list(b.For, refOf)
		d.text("despite", b.Despite)
	case matter.ReviewServed:
		d.text("tier", string(b.Tier))
		d.ref("submission", b.Submission)
		d.text("method", string(b.Method))
		d.day("on", b.On)
		d.text("proof", b.Proof)
		d.text("reason", b.Reason)
		d.text("despite", b.Despite)
	case matter.Cared:
		d.text("text", b.Text)
		d.files(b.Attachments)
	default:
		d.beside(b)
	}
}

// movedClock is one clock's last day before and after a new arrangement of working days.
type movedClock struct {
	Rule  string `json:"rule"`
	Clock string `json:"clock"`
	Was   date   `json:"was"`
	Now   date   `json:"now"`
}
