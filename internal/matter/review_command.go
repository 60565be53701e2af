package matter

import (
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// The commands of review, re-review and what comes after.
type (
	// RequestReview asks the next higher organ for a review.
	RequestReview struct {
		Submission  Ref        `json:"submission,omitzero" input:"submission" by:"staff"`
		Unit        org.UnitID `json:"unit,omitempty" input:"superior"`
		Reason      string     `json:"reason" input:"text" need:"yes"`
		Attachments []string   `json:"attachments,omitempty" input:"files"`
		Received    law.Day    `json:"received,omitzero" input:"day" by:"staff"`
	}
	// RequestReReview asks the next higher organ of the one that reviewed for a re-review.
	RequestReReview struct {
		Submission  Ref        `json:"submission,omitzero" input:"submission" by:"staff"`
		Unit        org.UnitID `json:"unit,omitempty" input:"superior"`
		Reason      string     `json:"reason" input:"text" need:"yes"`
		Attachments []string   `json:"attachments,omitempty" input:"files"`
		Received    law.Day    `json:"received,omitzero" input:"day" by:"staff"`
	}
	// WithdrawReview takes a request back before the organ has given its opinion.
	WithdrawReview struct {
		Submission Ref    `json:"submission,omitzero" input:"submission" by:"staff"`
		Reason     string `json:"reason,omitempty" input:"text"`
	}
	// TakeReview takes the requests up.
	TakeReview struct{}
	// DeclineReview declines one request.
	DeclineReview struct {
		Submission Ref          `json:"submission" input:"submission" need:"yes"`
		Ground     ReviewGround `json:"ground" input:"choice" of:"review_ground" need:"yes"`
		Reason     string       `json:"reason" input:"text" need:"yes"`
		Organ      string       `json:"organ,omitempty" input:"line"`
	}
	// ExtendReview is the one extension of the time for the opinion, where the law of the place knows one. Approval names who approved it and by
	// which document.
	ExtendReview struct {
		Days     int    `json:"days" input:"number" need:"yes"`
		Approval string `json:"approval" input:"line" need:"yes"`
		Reason   string `json:"reason" input:"text" need:"yes"`
	}
	// DraftReview writes the opinion of the organ.
	DraftReview struct {
		Result  ReviewResult `json:"result" input:"choice" of:"review_result" need:"yes"`
		Facts   string       `json:"facts" input:"text" need:"yes"`
		Basis   string       `json:"basis" input:"text" need:"yes"`
		Answers []Answer     `json:"answers,omitempty" input:"answers"`
		By      law.Day      `json:"by,omitzero" input:"day"`
	}
	// ReturnReview sends the draft back.
	ReturnReview struct {
		Reason string `json:"reason" input:"text" need:"yes"`
	}
	// IssueReview signs the opinion.
	IssueReview struct {
		Despite string `json:"despite,omitempty" input:"text"`
	}
	// ServeReview records service of the opinion on one petitioner, or sends them the link as Serve does.
	ServeReview struct {
		Submission Ref           `json:"submission" input:"submission" need:"yes"`
		Method     ServiceMethod `json:"method" input:"choice" of:"service_method" need:"yes"`
		On         law.Day       `json:"on,omitzero" input:"day" need:"usually"`
		Proof      string        `json:"proof,omitempty" input:"line"`
		Reason     string        `json:"reason,omitempty" input:"line"`
		Despite    string        `json:"despite,omitempty" input:"text"`
	}
	// Care records help after the procedure has ended.
	Care struct {
		Text        string   `json:"text" input:"text" need:"yes"`
		Attachments []string `json:"attachments,omitempty" input:"files"`
	}
)

// reviewCommands returns an empty command of each act here.
func reviewCommands() []Command {
	return []Command{
		&RequestReview{}, &RequestReReview{}, &WithdrawReview{}, &TakeReview{}, &DeclineReview{}, &ExtendReview{}, &DraftReview{}, &ReturnReview{},
		&IssueReview{}, &ServeReview{}, &Care{},
	}
}

// Act names the step.
func (RequestReview) Act() Act { return ActRequestReview }

// Act names the step.
func (RequestReReview) Act() Act { return ActRequestReReview }

// Act names the step.
func (WithdrawReview) Act() Act { return ActWithdrawReview }

// Act names the step.
func (TakeReview) Act() Act { return ActTakeReview }

// Act names the step.
func (DeclineReview) Act() Act { return ActDeclineReview }

// Act names the step.
func (ExtendReview) Act() Act { return ActExtendReview }

// Act names the step.
func (DraftReview) Act() Act { return ActDraftReview }

// Act names the step.
func (ReturnReview) Act() Act { return ActReturnReview }

// Act names the step.
func (IssueReview) Act() Act { return ActIssueReview }

// Act names the step.
func (ServeReview) Act() Act { return ActServeReview }

// Act names the step.
func (Care) Act() Act { return ActCare }

// Check returns what is wrong with the fields.
func (c RequestReview) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c RequestReReview) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c WithdrawReview) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c TakeReview) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c ExtendReview) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c ReturnReview) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c IssueReview) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Care) Check() []errs.Field { return check(&c) }
