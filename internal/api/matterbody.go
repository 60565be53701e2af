package api

import (
	"time"

	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

// matterBody is a matter as one reader may see it: people masked, with the steps they may take and why others are not offered.
type matterBody struct {
	MatterRow
	RuleSet     string           `json:"rule_set" doc:"The rules of the day it came in, which it keeps" example:"national-2022"`
	Purpose     purposeWord      `json:"purpose,omitempty"`
	Route       string           `json:"route,omitempty" doc:"The lawful way it was diverted to"`
	Ground      string           `json:"decline_ground,omitempty"`
	Short       string           `json:"short_ground,omitempty" doc:"Ground of the short track"`
	Counts      countsBody       `json:"counts" doc:"How many times people came, wrote or called"`
	Submissions []submissionBody `json:"submissions"`
	DemandList  []demandBody     `json:"demand_list"`
	Legs        []legBody        `json:"legs" doc:"One unit's custody after another"`
	Clocks      []clockBody      `json:"clocks" doc:"Running ones first"`
	Opinion     *OpinionBody     `json:"opinion,omitempty"`
	Extension   *extensionBody   `json:"extension,omitempty"`
	Eases       *easesBody       `json:"eases,omitempty"`
	Attachments []attachmentBody `json:"attachments"`
	Steps       []stepBody       `json:"steps" doc:"Acts that can be taken now"`
	NotNow      []stepBody       `json:"not_now" doc:"Acts that are this reader's but cannot be taken now, with the reason"`
	MayOpen     bool             `json:"may_open_identities"`
	Link        string           `json:"link" doc:"Newest link of the matter's record"`
}

type (
	countsBody struct {
		Items        int `json:"items" doc:"Letters, calls and what came on line"`
		Batches      int `json:"batches" doc:"Visits: one group that comes once is one"`
		Persons      int `json:"persons" doc:"People present or signing, every time they were"`
		GroupBatches int `json:"group_batches" doc:"Visits of a group"`
		GroupPersons int `json:"group_persons" doc:"People present at them"`
	}
	submissionBody struct {
		Ref          refText     `json:"ref"`
		Code         string      `json:"code,omitempty" doc:"Query code"`
		Channel      channelWord `json:"channel"`
		ReceivedAt   time.Time   `json:"received_at"`
		Received     date        `json:"received"`
		Unit         UnitBrief   `json:"unit"`
		Title        string      `json:"title"`
		Narrative    string      `json:"narrative,omitempty"`
		Place        int64       `json:"place"`
		PlaceName    string      `json:"place_name"`
		PlaceEnglish string      `json:"place_english"`
		PlaceNote    string      `json:"place_note,omitempty"`
		Persons      int         `json:"persons"`
		Group        bool        `json:"group"`
		Confidential bool        `json:"confidential"`
		Elsewhere    string      `json:"elsewhere,omitempty" enum:"no,yes,unsure"`
		Sender       string      `json:"sender,omitempty"`
		SenderNumber string      `json:"sender_number,omitempty"`
		Extra        []extraBody `json:"extra"`
		People       []partyBody `json:"people" doc:"Masked"`
		Served       *servedBody `json:"served,omitempty"`
		Rating       *ratingBody `json:"rating,omitempty"`
		Withdrawn    bool        `json:"withdrawn"`
	}
	partyBody struct {
		N        int       `json:"n"`
		Role     partyWord `json:"role"`
		Name     string    `json:"name,omitempty"`
		IDNumber string    `json:"id_number,omitempty"`
		Phone    string    `json:"phone,omitempty"`
		Address  string    `json:"address,omitempty"`
	}
	servedBody struct {
		Method serviceWord `json:"method"`
		On     date        `json:"on"`
	}
	ratingBody struct {
		Receiving gradeWord `json:"receiving"`
		Handling  gradeWord `json:"handling"`
		Words     string    `json:"words,omitempty"`
		On        date      `json:"on"`
	}
	demandBody struct {
		N          int         `json:"n"`
		Submission refText     `json:"submission"`
		Text       string      `json:"text"`
		Confirmed  bool        `json:"confirmed"`
		Answer     *answerBody `json:"answer,omitempty" doc:"As issued"`
	}
	answerBody struct {
		Demand    int         `json:"demand"`
		Outcome   outcomeWord `json:"outcome"`
		Facts     string      `json:"facts"`
		Basis     string      `json:"basis"`
		Promise   string      `json:"promise,omitempty"`
		PromiseBy date        `json:"promise_by,omitempty"`
	}
	legBody struct {
		N        int        `json:"n"`
		From     *UnitBrief `json:"from,omitempty" doc:"Who sent it; absent where the receiving unit keeps it"`
		Unit     UnitBrief  `json:"unit"`
		Mode     modeWord   `json:"mode,omitempty"`
		Received date       `json:"received"`
		Signed   date       `json:"signed,omitempty"`
		ReportBy date       `json:"report_by,omitempty"`
		Returned date       `json:"returned,omitempty"`
	}
	clockBody struct {
		DueBody
		Key        string     `json:"key"`
		Unit       *UnitBrief `json:"unit,omitempty"`
		Submission refText    `json:"submission,omitempty"`
		Right      bool       `json:"right" doc:"A right that lapses, not a duty that can be overdue"`
		Petitioner bool       `json:"petitioner" doc:"The right is the petitioner's"`
		Own        bool       `json:"own" doc:"The office's own time, not a period of law"`
		Running    bool       `json:"running"`
		Stopped    date       `json:"stopped,omitempty"`
		Light      string     `json:"light" enum:"go,soon,late,pause,done"`
		DaysLeft   int        `json:"days_left"`
	}
	// OpinionBody is the written reply, a draft until it has a day of issue.
	OpinionBody struct {
		Document string       `json:"document,omitempty" doc:"Number of the document; absent for a draft"`
		Issued   date         `json:"issued,omitempty"`
		Facts    string       `json:"facts"`
		Basis    string       `json:"basis,omitempty"`
		Answers  []answerBody `json:"answers"`
	}
	extensionBody struct {
		Days     int    `json:"days"`
		Approved date   `json:"approved"`
		Reason   string `json:"reason"`
	}
	easesBody struct {
		Solved    string `json:"solved,omitempty"`
		Explained string `json:"explained,omitempty"`
		Relieved  string `json:"relieved,omitempty"`
		Calmed    string `json:"calmed,omitempty"`
	}
	stepBody struct {
		Act     actWord `json:"act"`
		Name    string  `json:"name" doc:"The act in words"`
		Article string  `json:"article,omitempty" example:"Regulations on Petition Work (2022), Article 22"`
		Code    string  `json:"code,omitempty" doc:"Why not now"`
		Reason  string  `json:"reason,omitempty" doc:"The same in words"`
	}
)

func (a *API) matterBody(t *i18n.Speaker, v usecase.MatterView) (matterBody, error) {
	m := v.Matter
	unit := v.Names.Units[v.Row.Unit]
	b := matterBody{
		MatterRow: a.row(usecase.RowView{
			Row: v.Row, Light: v.Row.Light(v.Today), Left: int(v.Row.Due - v.Today), Unit: unit,
		}),
		RuleSet: m.RuleSet, Purpose: purposeWord(m.Purpose), Route: string(m.Route), Ground: string(m.Ground), Short: string(m.Short),
		Counts: countsBody(m.Counts()), Submissions: list(v.Submissions, a.submissionOf), DemandList: list(m.Demands, demandOf), Legs: list(m.Legs, a.legOf),
		Attachments: make([]attachmentBody, 0, len(v.Attachments)), Steps: list(v.Now, func(o matter.Offer) stepBody { return stepOf(t, o) }),
		NotNow: list(v.Not, func(o matter.Offer) stepBody { return stepOf(t, o) }), MayOpen: v.MaySeeWho, Link: v.Link,
	}
	for _, f := range v.Attachments {
		b.Attachments = append(b.Attachments, attachmentBody{
			ID: f.ID, Name: f.Name, Mime: f.Mime, Size: f.Size, Added: instant(f.AddedUS),
			Href: base + "/matters/" + m.Ref.String() + "/attachments/" + f.ID, Inside: string(v.Inside[f.ID]),
		})
	}
	if m.Draft != nil {
		b.Opinion = &OpinionBody{
			Document: m.Draft.Document, Issued: dateOf(m.Draft.Issued), Facts: m.Draft.Facts, Basis: m.Draft.Basis, Answers: list(m.Draft.Answers, answerOf),
		}
	}
	if e := m.Extension; e != nil {
		b.Extension = &extensionBody{Days: e.Days, Approved: dateOf(e.Approved), Reason: e.Reason}
	}
	if e := m.Eases; e != nil {
		b.Eases = &easesBody{Solved: e.Solved, Explained: e.Explained, Relieved: e.Relieved, Calmed: e.Calmed}
	}
	set, err := a.Office.Book.Set(m.RuleSet)
	if err != nil {
		return matterBody{}, err
	}
	b.Clocks = make([]clockBody, 0, len(v.Clocks))
	for _, c := range v.Clocks {
		body, err := a.clockOf(t, set, c, v.Today)
		if err != nil {
			return matterBody{}, err
		}
		b.Clocks = append(b.Clocks, body)
	}
	return b, nil
}

func (a *API) submissionOf(s usecase.SubmissionView) submissionBody {
	b := submissionBody{
		Ref: refOf(s.Ref), Code: usecase.FormatCode(s.Code), Channel: channelWord(s.Channel), ReceivedAt: instant(s.ReceivedUS), Received: dateOf(s.Received),
		Unit: a.unitBrief(s.Unit), Title: s.Title, Narrative: s.Narrative, Place: s.Place, PlaceName: a.Office.Places.FullName(s.Place),
		PlaceEnglish: a.Office.Places.FullEnglish(s.Place), PlaceNote: s.PlaceNote,
		Persons: s.Persons, Group: s.Group(), Confidential: s.Confidential, Elsewhere: s.Elsewhere, Sender: s.Sender, SenderNumber: s.SenderNumber,
		Extra:  list(s.Extra, func(e matter.Extra) extraBody { return extraBody{Name: e.Name, Value: e.Value} }),
		People: list(s.Parties, partyOf), Withdrawn: s.Gone,
	}
	if s.Served != nil {
		b.Served = &servedBody{Method: serviceWord(s.Served.Method), On: dateOf(s.Served.On)}
	}
	if s.Rating != nil {
		b.Rating = ratingOf(*s.Rating)
	}
	return b
}

func partyOf(p usecase.PartyView) partyBody {
	return partyBody{N: p.N, Role: partyWord(p.Role), Name: p.Name, IDNumber: p.IDNumber, Phone: p.Phone, Address: p.Address}
}

func ratingOf(r matter.Rating) *ratingBody {
	return &ratingBody{Receiving: gradeWord(r.Receiving), Handling: gradeWord(r.Handling), Words: r.Words, On: dateOf(r.On)}
}

func demandOf(d matter.Demand) demandBody {
	b := demandBody{N: d.N, Submission: refOf(d.Submission), Text: d.Text, Confirmed: d.Confirmed}
	if d.Answer != nil {
		answer := answerOf(*d.Answer)
		b.Answer = &answer
	}
	return b
}

func answerOf(v matter.Answer) answerBody {
	return answerBody{
		Demand: v.Demand, Outcome: outcomeWord(v.Outcome), Facts: v.Facts, Basis: v.Basis, Promise: v.Promise, PromiseBy: dateOf(v.PromiseBy),
	}
}

func (a *API) legOf(l matter.Leg) legBody {
	b := legBody{
		N: l.N, Unit: a.unitBrief(l.Unit), Mode: modeWord(l.Mode), Received: dateOf(l.Received), Signed: dateOf(l.Signed),
		ReportBy: dateOf(l.ReportBy), Returned: dateOf(l.Returned),
	}
	if l.From != 0 {
		from := a.unitBrief(l.From)
		b.From = &from
	}
	return b
}

func stepOf(t *i18n.Speaker, o matter.Offer) stepBody {
	b := stepBody{Act: actWord(o.Act), Name: t.T("act." + string(o.Act) + ".name"), Article: article(t, o.Article)}
	if o.Refusal != nil {
		b.Code, b.Reason = o.Refusal.Code, t.Say(o.Refusal.Code, o.Refusal.Args)
	}
	return b
}

// clockOf puts a clock and the derivation of its dates into words.
func (a *API) clockOf(t *i18n.Speaker, set law.RuleSet, c usecase.ClockView, today law.Day) (clockBody, error) {
	rule, err := set.Rule(c.Rule)
	if err != nil {
		return clockBody{}, err
	}
	b := clockBody{
		DueBody: dueOf(law.Answer(c.Deadline, rule, t.Say)), Key: c.Key, Submission: refOf(c.Submission), Right: c.Right, Petitioner: c.Petitioner, Own: c.Own,
		Running: c.Running(today), Stopped: dateOf(c.Stopped), Light: c.Light.String(), DaysLeft: c.Left,
	}
	if c.Unit != 0 {
		u := a.unitBrief(c.Unit)
		b.Unit = &u
	}
	return b, nil
}
