package matter

import (
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// The bodies of review, re-review and what comes after.
type (
	// ReviewRequested is a petitioner's request to the next higher organ (T40, T44). It opens a review, or joins the one that is open there.
	ReviewRequested struct {
		Tier        Tier       `json:"tier"`
		Submission  Ref        `json:"submission"`
		Unit        org.UnitID `json:"unit"` // the organ
		Desk        org.UnitID `json:"desk"` // who does the work for it
		Reason      string     `json:"reason"`
		Attachments []string   `json:"attachments,omitempty"`
		Received    law.Day    `json:"received"`       // by the organ
		Late        bool       `json:"late,omitempty"` // after the last day; the organ decides
	}
	// ReviewWithdrawn takes a request back.
	ReviewWithdrawn struct {
		Review     int    `json:"review"`
		Tier       Tier   `json:"tier"`
		Submission Ref    `json:"submission"`
		Reason     string `json:"reason,omitempty"`
	}
	// ReviewTaken is the organ taking the requests up.
	ReviewTaken struct {
		Review int   `json:"review"`
		Tier   Tier  `json:"tier"`
		For    []Ref `json:"for"`
	}
	// ReviewDeclined is one request declined on a lawful ground (T41).
	ReviewDeclined struct {
		Review     int          `json:"review"`
		Tier       Tier         `json:"tier"`
		Submission Ref          `json:"submission"`
		Ground     ReviewGround `json:"ground"`
		Reason     string       `json:"reason"`
		Organ      string       `json:"organ,omitempty"` // the right organ or lawful way
	}
	// ReviewExtended is the one extension of the time for the opinion, approved as the law of the place says.
	ReviewExtended struct {
		Review   int    `json:"review"`
		Tier     Tier   `json:"tier"`
		Days     int    `json:"days"`
		Approval string `json:"approval"` // who approved it, and by which document
		Reason   string `json:"reason"`
		For      []Ref  `json:"for"` // who is told
	}
	// ReviewDrafted is the organ's opinion before it is signed.
	ReviewDrafted struct {
		Review  int          `json:"review"`
		Tier    Tier         `json:"tier"`
		Result  ReviewResult `json:"result"`
		Facts   string       `json:"facts"`
		Basis   string       `json:"basis"`
		Answers []Answer     `json:"answers,omitempty"`
		By      law.Day      `json:"by,omitzero"`
	}
	// ReviewReturned sends the draft back.
	ReviewReturned struct {
		Review int    `json:"review"`
		Tier   Tier   `json:"tier"`
		Reason string `json:"reason"`
	}
	// ReviewIssued signs the opinion (T42, T46). One that revokes orders the matter to be handled again by a day (T43).
	ReviewIssued struct {
		Review   int          `json:"review"`
		Tier     Tier         `json:"tier"`
		Result   ReviewResult `json:"result"`
		Document string       `json:"document"`
		By       law.Day      `json:"by,omitzero"`
		For      []Ref        `json:"for"` // who is to be served
		Despite  string       `json:"despite,omitempty"`
	}
	// ReviewServed is the opinion in the hands of one petitioner. That of a review starts D09; that of a re-review ends the procedure for them (T47).
	ReviewServed struct {
		Review     int           `json:"review"`
		Tier       Tier          `json:"tier"`
		Submission Ref           `json:"submission"`
		Method     ServiceMethod `json:"method"`
		On         law.Day       `json:"on"`
		Proof      string        `json:"proof,omitempty"`
		Reason     string        `json:"reason,omitempty"`
		Despite    string        `json:"despite,omitempty"`
	}
	// Cared records guidance, help or relief after the procedure has ended (T49, 第三十七条).
	Cared struct {
		Text        string   `json:"text"`
		Attachments []string `json:"attachments,omitempty"`
	}
)

func (ReviewRequested) body() string { return "review_requested" }
func (ReviewWithdrawn) body() string { return "review_withdrawn" }
func (ReviewTaken) body() string     { return "review_taken" }
func (ReviewDeclined) body() string  { return "review_declined" }
func (ReviewExtended) body() string  { return "review_extended" }
func (ReviewDrafted) body() string   { return "review_drafted" }
func (ReviewReturned) body() string  { return "review_returned" }
func (ReviewIssued) body() string    { return "review_issued" }
func (ReviewServed) body() string    { return "review_served" }
func (Cared) body() string           { return "cared" }
