package paper

import (
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/document"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// The facts that are read off the organisation and the calendar when a document comes into being, and kept with it.
const (
	FactOrgan    = "organ"
	FactTo       = "to"
	FactPhone    = "phone"
	FactHandler  = "handler"
	FactSuperior = "superior"
	FactFirst    = "first_organ"
	FactReviewed = "review_organ"
	FactPlace    = "place"
	FactLength   = "length"
	FactArticle  = "article"
	FactUntil    = "until" // as law.Day is written
)

// Person is somebody named in a document, in clear or masked as the reader may see them.
type Person struct {
	Submission matter.Ref
	matter.Petitioner
}

// Subject is what a document is about.
type Subject struct {
	Events []matter.Event // of the matter, up to the one that gave rise to it
	Paper  matter.Paper
	Copy   matter.Ref // whose copy it is; zero for a letter between offices, which speaks of everybody
	People []Person   // those of the copy, or everybody
}

// values is what is being collected for one document, under the keys of the fields.
type values struct {
	Subject
	book   *Book
	matter *matter.Matter // as the last event left it
	last   matter.Event
	text   map[string]string
	rows   map[string][]map[string]string
}

// Values returns what the fields of a document stand for. Every field of its kind is there, empty where there is nothing to say.
func (b *Book) Values(s Subject) document.Values {
	v := &values{Subject: s, book: b, matter: matter.Fold(s.Events), text: map[string]string{}, rows: map[string][]map[string]string{}}
	if n := len(s.Events); n > 0 {
		v.last = s.Events[n-1]
	}
	v.common()
	v.event()
	out := document.Values{}
	for _, f := range b.fields[s.Paper.Kind] {
		if f.Rows == nil {
			out[f.Name] = v.text[f.key]
			continue
		}
		list := make([]document.Values, len(v.rows[f.key]))
		for i, row := range v.rows[f.key] {
			list[i] = document.Values{}
			for _, cell := range f.Rows {
				list[i][cell.Name] = row[cell.key]
			}
		}
		out[f.Name] = list
	}
	return out
}

// Blank takes out of a proof of service what is filled in by hand.
func (b *Book) Blank(v document.Values) document.Values {
	for _, f := range b.fields[matter.PaperService] {
		switch f.key {
		case "method", "served_day", "proof", "until":
			v[f.Name] = ""
		}
	}
	return v
}

// submissions are those that the document speaks of.
func (v *values) submissions() []matter.Submission {
	if s, ok := v.matter.Submission(v.Copy); ok {
		return []matter.Submission{s}
	}
	return v.matter.Submissions
}

// common is what every document may name.
func (v *values) common() {
	facts := v.Paper.Facts
	for _, key := range []string{FactOrgan, FactTo, FactPhone, FactHandler, FactSuperior, FactFirst, FactReviewed, FactPlace, FactLength, FactArticle} {
		v.text[key] = facts[key]
	}
	if day, err := law.ParseDay(facts[FactUntil]); err == nil {
		v.text[FactUntil] = v.book.Day(day)
	}
	v.text["number"], v.text["day"], v.text["ref"], v.text["title"] = v.Paper.Number, v.book.Day(v.last.Day), v.matter.Ref.String(), v.matter.Title()
	v.text["received"] = v.book.Day(v.matter.Received())
	secret := false
	for i, s := range v.submissions() {
		if i == 0 {
			v.submission(s)
		}
		secret = secret || s.Confidential
	}
	if secret {
		v.text["secret"] = v.book.words["yes"]
	}
	v.people()
	for _, d := range v.matter.Demands {
		if v.Copy.IsZero() || d.Submission == v.Copy {
			v.rows["demands"] = append(v.rows["demands"], map[string]string{"demand": d.Text})
			v.rows["answers"] = append(v.rows["answers"], v.answered(d))
		}
	}
	v.earlier()
}

// submission is what the document says of the submission that it is about.
func (v *values) submission(s matter.Submission) {
	v.text["channel"], v.text["purpose"] = v.book.word("channel", string(s.Channel)), v.book.word("purpose", string(v.matter.Purpose))
	v.text["persons"] = v.book.say("persons", "n", strconv.Itoa(s.Persons))
	v.text["attachments"] = v.book.say("copies", "n", strconv.Itoa(len(s.Attachments)))
	v.text["narrative"] = s.Narrative
	v.text["place"] = strings.TrimSpace(v.text["place"] + " " + s.PlaceNote)
	if !v.Copy.IsZero() {
		v.text["ref"], v.text["title"], v.text["received"] = s.Ref.String(), s.Title, v.book.Day(s.Received)
	}
}

// people names who the document is about. In a letter between offices the name of who asked for it to be kept from the unit complained of
// is not told.
func (v *values) people() {
	var names []string
	for _, p := range v.People {
		s, _ := v.matter.Submission(p.Submission)
		name := p.Name
		if v.Copy.IsZero() && s.Confidential {
			name = v.book.words["secret"]
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
		v.rows["people"] = append(v.rows["people"], map[string]string{
			"person": name, "role": v.book.word("party_role", string(p.Role)), "id_number": p.IDNumber, "person_phone": p.Phone, "address": p.Address,
		})
	}
	v.text["petitioner"] = strings.Join(names, v.book.words["and"])
	if len(names) == 0 {
		v.text["petitioner"] = v.book.words["nobody"]
	}
}

// answered is one demand with what came of it.
func (v *values) answered(d matter.Demand) map[string]string {
	row := map[string]string{"demand": d.Text}
	if a := d.Answer; a != nil {
		row["outcome"], row["answer_facts"], row["answer_basis"] = v.book.word("outcome", string(a.Outcome)), a.Facts, a.Basis
		row["promise"], row["promise_by"] = a.Promise, v.book.Day(a.PromiseBy)
	}
	return row
}

// concerns reports whether a document is of those whose copy this is: nobody reads of a document that another petitioner got.
func (v *values) concerns(p matter.Paper) bool {
	return v.Copy.IsZero() || p.To != 0 || slices.Contains(p.For, v.Copy)
}

// earlier names the documents that came before.
func (v *values) earlier() {
	for _, p := range v.matter.Papers {
		if p.Event >= v.last.Seq {
			break
		}
		if !v.concerns(p) {
			continue
		}
		switch p.Kind {
		case matter.PaperOpinion, matter.PaperReply:
			v.text["opinion_number"] = p.Number
		case matter.PaperReview:
			v.text["review_number"] = p.Number
		case matter.PaperReReview:
			v.text["rereview_number"] = p.Number
		case matter.PaperAssignment:
			v.text["assigned_number"] = p.Number
		default:
		}
	}
}

// event is what the event itself says.
func (v *values) event() {
	switch b := v.last.Body.(type) {
	case matter.MaterialRequested:
		v.text["missing"] = b.Missing
	case matter.Notified:
		v.text["text"] = b.Text
	case matter.Diverted:
		v.text["route"], v.text["other_organ"], v.text["how"] = v.book.word("route", string(b.Route)), b.Organ, b.How
	case matter.Accepted:
		v.text["contact"], v.text["short"] = b.Contact, v.book.word("short_ground", string(b.Short))
	case matter.Declined:
		v.text["ground"], v.text["reason"], v.text["other_organ"] = v.book.word("decline_ground", string(b.Ground)), b.Reason, b.Organ
	case matter.FinalDeclined:
		v.text["concluded"], v.text["reason"], v.text["earlier"] = b.Concluded, b.Reason, b.Matter.String()
	case matter.ExtensionRevoked:
		v.text["reason"] = b.Reason
	case matter.Extended:
		v.text["extended"], v.text["reason"] = v.book.Term(b.Days, law.CalendarDays), b.Reason
	case matter.MediationAgreed:
		v.text["terms"] = b.Terms
		if began, ok := latest(v, func(matter.MediationStarted) bool { return true }); ok {
			v.text["mediator"], v.text["parties"] = began.Mediator, began.Parties
		}
	case matter.OpinionIssued, matter.Replied:
		if d := v.matter.Draft; d != nil {
			v.text["facts"], v.text["basis"] = d.Facts, d.Basis
		}
	case matter.Withdrawn:
		v.text["reason"] = b.Reason
	case matter.Served:
		v.served(b.Method, b.On, b.Proof, matter.PaperOpinion, matter.PaperReply)
	default:
		v.letter()
		v.hearing()
		v.review()
	}
}

// letter is what the events that one office writes to another about say.
func (v *values) letter() {
	switch b := v.last.Body.(type) {
	case matter.Forwarded:
		v.text["why"], v.text["by"] = b.Why, v.book.Day(b.ReportBy)
	case matter.LineAssigned:
		v.text["why"], v.text["by"] = b.Text, v.book.Day(b.By)
	case matter.Completed:
		v.text["report"] = b.Report
	case matter.Pressed:
		v.text["reason"], v.text["by"] = b.Reason, v.book.Day(b.By)
	case matter.Advised:
		v.text["advice_kind"], v.text["advice"], v.text["by"] = v.book.word("advice_kind", string(b.Kind)), b.Text, v.book.Day(b.By)
	default:
	}
}

// served is what a proof of service says: of the last document of these kinds.
func (v *values) served(method matter.ServiceMethod, on law.Day, proof string, kinds ...matter.PaperKind) {
	v.text["method"], v.text["served_day"], v.text["proof"] = v.book.word("service_method", string(method)), v.book.Day(on), proof
	switch {
	case v.last.By.Kind != org.ActorPetitioner:
	case method == matter.ServedByLink:
		v.text["proof"] = v.book.words["own_link"] + proof
	default:
		v.text["proof"] = v.book.words["own_receipt"]
	}
	for _, p := range slices.Backward(v.matter.Papers) {
		if slices.Contains(kinds, p.Kind) && v.concerns(p) {
			v.text["served_title"], v.text["served_number"] = v.book.Title(p.Kind), p.Number
			return
		}
	}
}

// ServiceOf returns what a proof of service of a document says before it is served.
func (b *Book) ServiceOf(s Subject) document.Values {
	about := s.Paper
	s.Paper.Kind = matter.PaperService
	v := b.Values(s)
	for _, f := range b.fields[matter.PaperService] {
		switch f.key {
		case "served_title":
			v[f.Name] = b.Title(about.Kind)
		case "served_number":
			v[f.Name] = about.Number
		}
	}
	return b.Blank(v)
}

// hearing is what the events of a hearing say.
func (v *values) hearing() {
	var review int
	switch b := v.last.Body.(type) {
	case matter.HearingCalled:
		review = b.Review
		v.text["participants"], v.text["reason"] = b.Participants, b.Reason
	case matter.HearingMoved:
		review = b.Review
		v.text["reason"], v.text["moved"] = b.Reason, v.book.words["moved"]
	case matter.HearingConcluded:
		review = b.Review
		v.text["minutes"], v.text["conclusion"] = b.Minutes, b.Conclusion
		if called, ok := latest(v, func(c matter.HearingCalled) bool { return c.Review == review }); ok {
			v.text["participants"], v.text["reason"] = called.Participants, called.Reason
		}
	default:
		return
	}
	list := v.matter.Hearings
	if review > 0 && review <= len(v.matter.Reviews) {
		list = v.matter.Reviews[review-1].Hearings
	}
	if len(list) == 0 {
		return
	}
	h := list[len(list)-1]
	v.text["hearing_day"], v.text["hearing_time"], v.text["hearing_place"] = v.book.Day(h.On), h.At, h.Place
}

// review is what the events of a review say.
func (v *values) review() {
	var n int
	var tier matter.Tier
	switch b := v.last.Body.(type) {
	case matter.ReviewRequested:
		n, tier = v.of(b.Tier, b.Unit, b.Submission), b.Tier
	case matter.ReviewDeclined:
		n, tier = b.Review, b.Tier
		v.text["review_ground"], v.text["reason"], v.text["other_organ"] = v.book.word("review_ground", string(b.Ground)), b.Reason, b.Organ
	case matter.ReviewExtended:
		n, tier = b.Review, b.Tier
		v.text["extended"], v.text["approval"], v.text["reason"] = v.book.Term(b.Days, law.CalendarDays), b.Approval, b.Reason
	case matter.ReviewIssued:
		n, tier = b.Review, b.Tier
		v.text["result"], v.text["redo_by"] = v.book.word("review_result", string(b.Result)), v.book.Day(b.By)
		if b.Result == matter.ReviewChange {
			v.text["changed"] = v.book.words["yes"]
		}
	case matter.ReviewServed:
		n, tier = b.Review, b.Tier
		kind := matter.PaperReview
		if b.Tier == matter.TierReReview {
			kind = matter.PaperReReview
		}
		v.served(b.Method, b.On, b.Proof, kind)
	default:
		return
	}
	v.text["tier"] = v.book.word("tier", string(tier))
	if n < 1 || n > len(v.matter.Reviews) {
		return
	}
	r := v.matter.Reviews[n-1]
	if r.Draft != nil {
		v.text["facts"], v.text["basis"] = r.Draft.Facts, r.Draft.Basis
	}
	if asked, ok := latest(v, func(a matter.ReviewRequested) bool { return a.Tier == tier && a.Submission == v.Copy }); ok {
		v.text["review_reason"] = asked.Reason
	}
}

// latest is the last event of a kind that fits.
func latest[B matter.Body](v *values, fits func(B) bool) (B, bool) {
	for _, e := range slices.Backward(v.Events) {
		if b, ok := e.Body.(B); ok && fits(b) {
			return b, true
		}
	}
	var none B
	return none, false
}

// of is the number of the review that a request opened or joined.
func (v *values) of(t matter.Tier, organ org.UnitID, ref matter.Ref) int {
	for _, r := range slices.Backward(v.matter.Reviews) {
		if r.Tier == t && r.Organ == organ && slices.Contains(r.Applicants(), ref) {
			return r.N
		}
	}
	return 0
}
