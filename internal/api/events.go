package api

import (
	"time"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// eventBody is one thing that happened. Data holds what the kind brings; absent members were not given.
type eventBody struct {
	Seq  int            `json:"seq"`
	At   time.Time      `json:"at" doc:"When it was recorded"`
	Day  date           `json:"day" doc:"The legal day it counts from"`
	Kind string         `json:"kind" example:"forwarded"`
	By   actorBody      `json:"by"`
	Data map[string]any `json:"data" doc:"What the kind of event brings, such as unit, reason, text, answers"`
}

// actorBody is who did it.
type actorBody struct {
	Kind string     `json:"kind" enum:"staff,petitioner,machine,system,nobody"`
	Name string     `json:"name,omitempty"`
	Unit *UnitBrief `json:"unit,omitempty"`
}

// event shows an event.
func (a *API) event(e matter.Event, names usecase.Names) eventBody {
	b := eventBody{
		Seq: e.Seq, At: instant(e.AtUS), Day: dateOf(e.Day), Kind: matter.KindOf(e.Body), By: actorBody{Kind: string(e.By.Kind), Name: names.People[e.By.User]},
	}
	if e.By.Kind == org.ActorNobody {
		b.By.Kind = "nobody"
	}
	if e.By.Unit != 0 {
		u := a.unitBrief(e.By.Unit)
		b.By.Unit = &u
	}
	d := data{}
	d.of(e.Body)
	b.Data = d
	return b
}

// data is the members of an event that say something.
type data map[string]any

func (d data) text(name, v string) {
	if v != "" {
		d[name] = v
	}
}

func (d data) day(name string, v law.Day) { d.text(name, v.String()) }

func (d data) ref(name string, v matter.Ref) { d.text(name, v.String()) }

func (d data) unit(name string, v org.UnitID) {
	if v != 0 {
		d[name] = int64(v)
	}
}

func (d data) answers(v []matter.Answer) { d["answers"] = list(v, answerOf) }

func (d data) files(v []string) {
	if len(v) > 0 {
		d["attachments"] = v
	}
}

// of fills in what a body says.
func (d data) of(body matter.Body) {
	switch b := body.(type) {
	case matter.Registered:
		d.ref("submission", b.Submission.Ref)
		d.text("matter_kind", string(b.Kind))
		d.text("category", b.Category)
		d.text("purpose", string(b.Purpose))
		d.text("rule_set", b.RuleSet)
	case matter.MaterialRequested:
		d.text("missing", b.Missing)
	case matter.MaterialAdded:
		d.ref("submission", b.Submission)
		d.text("text", b.Text)
		d.files(b.Attachments)
	case matter.DemandAdded:
		d.ref("submission", b.Submission)
		d.text("text", b.Text)
	case matter.DemandsConfirmed:
		d.ref("submission", b.Submission)
	case matter.ContactChosen:
		d.ref("submission", b.Submission)
		d["sms"], d["mail"] = b.SMS, b.Mail
	case matter.Screened:
		d.text("matter_kind", string(b.Kind))
		d.text("category", b.Category)
		d.text("purpose", string(b.Purpose))
		d.text("level", string(b.Level))
		d.text("note", b.Note)
		d.ref("earlier", b.Earlier)
		d.text("new_facts", b.NewFacts)
	case matter.Taken, matter.Signed:
	case matter.Forwarded:
		d.unit("unit", b.Unit)
		d.text("mode", string(b.Mode))
		d.text("why", b.Why)
		d.day("report_by", b.ReportBy)
	case matter.ReportedUp:
		d.text("to", b.To)
		d.text("summary", b.Summary)
		d.unit("unit", b.Unit)
		d.day("known", b.Known)
	case matter.Diverted:
		d.text("route", string(b.Route))
		d.text("organ", b.Organ)
		d.text("how", b.How)
	case matter.Declined:
		d.text("ground", string(b.Ground))
		d.text("reason", b.Reason)
		d.text("organ", b.Organ)
	case matter.FinalDeclined:
		d.ref("matter", b.Matter)
		d.text("concluded", b.Concluded)
		d.text("reason", b.Reason)
	case matter.Objected:
		d.text("reason", b.Reason)
		d.text("proper", b.Proper)
	case matter.ObjectionUpheld:
		d.text("reason", b.Reason)
	case matter.ObjectionRefused:
		d.text("reason", b.Reason)
	case matter.Disputed:
		d.unit("with", b.With)
		d.unit("superior", b.Superior)
		d.text("reason", b.Reason)
	case matter.DisputeDecided:
		d.unit("unit", b.Unit)
		d.text("reason", b.Reason)
	case matter.UnitSucceeded:
		d.unit("from", b.From)
		d.unit("to", b.To)
	case matter.HandlerAssigned:
		d["user"] = int64(b.User)
	default:
		d.later(b)
	}
}

// later is of for the steps from the notice on.
func (d data) later(body matter.Body) {
	switch b := body.(type) {
	case matter.Notified:
		d.text("text", b.Text)
	case matter.Accepted:
		d.text("contact", b.Contact)
		d.text("short", string(b.Short))
	case matter.Recorded:
		d.text("record_kind", string(b.Kind))
		d.text("text", b.Text)
		d.files(b.Attachments)
	case matter.MediationStarted:
		d.text("mediator", b.Mediator)
		d.text("parties", b.Parties)
	case matter.MediationAgreed:
		d.text("terms", b.Terms)
		d.answers(b.Answers)
	case matter.MediationEnded:
		d.text("reason", b.Reason)
	case matter.Extended:
		d["days"] = b.Days
		d.text("reason", b.Reason)
	case matter.ExtensionRevoked:
		d.text("reason", b.Reason)
	case matter.OpinionDrafted:
		d.text("facts", b.Facts)
		d.text("basis", b.Basis)
		d.answers(b.Answers)
	case matter.OpinionReturned:
		d.text("reason", b.Reason)
	case matter.OpinionIssued:
		d.text("document", b.Document)
		d.text("despite", b.Despite)
	case matter.Replied:
		d.text("document", b.Document)
		d.text("facts", b.Facts)
		d.text("basis", b.Basis)
		d.answers(b.Answers)
		d.text("despite", b.Despite)
	case matter.Served:
		d.ref("submission", b.Submission)
		d.text("method", string(b.Method))
		d.day("on", b.On)
		d.text("proof", b.Proof)
		d.text("reason", b.Reason)
		d.text("despite", b.Despite)
	case matter.DocumentReady:
		d.ref("submission", b.Submission)
		d.text("despite", b.Despite)
	case matter.Performed:
		d.text("text", b.Text)
		if b.Demand != 0 {
			d["demand"] = b.Demand
		}
		d.files(b.Attachments)
	case matter.Eased:
		d.text("solved", b.Solved)
		d.text("explained", b.Explained)
		d.text("relieved", b.Relieved)
		d.text("calmed", b.Calmed)
	default:
		d.last(b)
	}
}

// last is of for visits, ratings, supervision and links.
func (d data) last(body matter.Body) {
	switch b := body.(type) {
	case matter.Visited:
		d.ref("submission", b.Submission)
		d.text("how", b.How)
		d["resolved"] = b.Resolved
		d.text("words", b.Words)
	case matter.Confirmed:
		d.ref("submission", b.Submission)
		d["resolved"] = b.Resolved
		d.text("words", b.Words)
	case matter.Completed:
		d.text("report", b.Report)
	case matter.Rated:
		d.ref("submission", b.Submission)
		d.text("receiving", string(b.Receiving))
		d.text("handling", string(b.Handling))
		d.text("words", b.Words)
	case matter.FollowedUp:
		d.text("finding", b.Finding)
	case matter.Redone:
		d.text("reason", b.Reason)
		d.day("by", b.By)
	case matter.Urged:
		d.ref("submission", b.Submission)
		d.text("text", b.Text)
	case matter.Pressed:
		d.text("reason", b.Reason)
		d.day("by", b.By)
	case matter.PressAnswered:
		d.text("text", b.Text)
	case matter.Withdrawn:
		d.ref("submission", b.Submission)
		d.text("reason", b.Reason)
	case matter.Joined:
		d.ref("from", b.From)
		d.ref("submission", b.Submission.Ref)
		d.text("reason", b.Reason)
	case matter.Left:
		d.ref("submission", b.Submission)
		d.text("reason", b.Reason)
	case matter.Merged:
		d.ref("into", b.Into)
		d.text("reason", b.Reason)
	case matter.Separated:
		d.ref("from", b.From)
		d.text("reason", b.Reason)
	default:
		d.review(b)
	}
}
