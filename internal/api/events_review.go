package api

import "huiyin/internal/matter"

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
	case matter.ReviewServed:
		d.text("tier", string(b.Tier))
		d.ref("submission", b.Submission)
		d.text("method", string(b.Method))
		d.day("on", b.On)
		d.text("proof", b.Proof)
		d.text("reason", b.Reason)
	case matter.Cared:
		d.text("text", b.Text)
		d.files(b.Attachments)
	default: // the kinds that the others know
	}
}
