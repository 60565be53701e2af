package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

type (
	trackInput struct {
		Body struct {
			Code string `json:"code" maxLength:"40" doc:"Query code, as the receipt shows it"`
			PIN  string `json:"pin" maxLength:"20" doc:"Query PIN"`
		} `nameHint:"Track"`
	}
	trackOutput struct {
		Body struct {
			Token   string    `json:"token" doc:"To be sent as Authorization: Bearer"`
			Expires time.Time `json:"expires"`
		} `nameHint:"Token"`
	}
	myOutput struct {
		VersionOutput
		Body myBody
	}
	myLooksOutput struct {
		Body struct {
			Looks []lookBody `json:"looks" doc:"Who opened the identities of this submission, newest first"`
		} `nameHint:"MyLooks"`
	}
	myAnswerOutput struct {
		Body struct {
			OpinionBody
			Served      *servedBody `json:"served,omitempty"`
			ReviewUntil date        `json:"review_until,omitempty" doc:"Last day to ask for review"`
		} `nameHint:"MyAnswer"`
	}
	// myBody is a matter as the petitioner of one submission sees it: nothing of others and nothing of the office's inner steps.
	myBody struct {
		Ref          refText          `json:"ref" doc:"Number of the submission"`
		Matter       refText          `json:"matter" doc:"Number of the matter it hangs on"`
		Code         string           `json:"code"`
		Version      int              `json:"version"`
		State        stateWord        `json:"state"`
		Title        string           `json:"title"`
		Narrative    string           `json:"narrative,omitempty"`
		Place        int64            `json:"place"`
		PlaceName    string           `json:"place_name"`
		PlaceEnglish string           `json:"place_english"`
		Received     date             `json:"received"`
		Unit         UnitBrief        `json:"unit" doc:"Who has it now"`
		Turn         turnBody         `json:"turn"`
		Joined       bool             `json:"joined" doc:"Handled with a matter that began with somebody else's submission"`
		Answered     bool             `json:"answered" doc:"The written reply is out"`
		Resolved     bool             `json:"resolved"`
		Demands      []demandBody     `json:"demands"`
		Clock        *clockBody       `json:"clock,omitempty" doc:"The duty that runs now"`
		Review       *clockBody       `json:"review,omitempty" doc:"The right to ask for review"`
		Remedies     []remedyBody     `json:"remedies" doc:"What can be done next, by state and law"`
		Served       *servedBody      `json:"served,omitempty"`
		Rating       *ratingBody      `json:"rating,omitempty"`
		Events       []eventBody      `json:"events" doc:"What the petitioner is told of, oldest first"`
		Attachments  []attachmentBody `json:"attachments"`
		Steps        []stepBody       `json:"steps" doc:"What can be done now"`
		NotNow       []stepBody       `json:"not_now"`
	}
)

func (a *API) citizen() {
	add(a, operation{
		id: "track", method: http.MethodPost, path: "/track", tag: tagCitizen, text: "api.op.track", about: "api.op.track.about", open: true, limited: true,
		request: map[string]any{"code": "A2E6-7H3M-92KQ", "pin": "402913"},
	}, a.track)
	add(a, operation{
		id: "get_my_matter", method: http.MethodGet, path: "/my", tag: tagCitizen, text: "api.op.my", about: "api.op.my.about", citizen: true,
	}, a.my)
	add(a, operation{
		id: "list_my_looks", method: http.MethodGet, path: "/my/looks", tag: tagCitizen, text: "api.op.my_looks", about: "api.op.my_looks.about", citizen: true,
	}, a.myLooks)
	add(a, operation{
		id: "get_my_answer", method: http.MethodGet, path: "/my/answer", tag: tagCitizen, text: "api.op.my_answer", about: "api.op.my_answer.about",
		citizen: true, absent: true,
	}, a.myAnswer)
}

// track gives a token for code and PIN. Attempts are counted before anything is looked up, by the code as it is and not as it is spelt.
func (a *API) track(ctx context.Context, in *trackInput) (*trackOutput, error) {
	code, err := usecase.ParseCode(in.Body.Code)
	if err != nil {
		return nil, err
	}
	if err := a.Attempts.Open(code, callerOf(ctx).addr); err != nil {
		return nil, err
	}
	token, expires, err := a.Office.IssueCitizenToken(ctx, code, in.Body.PIN)
	if err != nil {
		return nil, err
	}
	a.Attempts.Opened(code)
	var out trackOutput
	out.Body.Token, out.Body.Expires = token, instant(expires)
	return &out, nil
}

func (a *API) my(ctx context.Context, _ *struct{}) (*myOutput, error) {
	c := callerOf(ctx)
	v, err := a.Office.Track(ctx, c.who)
	if err != nil {
		return nil, err
	}
	m, s := v.Matter, v.Submission
	b := myBody{
		Ref: refOf(s.Ref), Matter: refOf(m.Ref), Code: usecase.FormatCode(v.Code), Version: m.Version, State: stateWord(m.StageFor(s.Ref)), Title: s.Title,
		Narrative: s.Narrative, Place: s.Place, PlaceName: a.Office.Places.FullName(s.Place),
		PlaceEnglish: a.Office.Places.FullEnglish(s.Place), Received: dateOf(s.Received), Unit: a.unitBrief(m.Holder()),
		Turn: a.turn(v.Turn.Code, v.Turn.Unit), Joined: v.Joined, Answered: v.Answered, Resolved: m.Resolved, Demands: list(v.Demands, demandOf),
		Events:      list(v.Events, func(e matter.Event) eventBody { return a.told(e, v.Names) }),
		Attachments: make([]attachmentBody, 0, len(v.Files)), Steps: list(v.Now, func(o matter.Offer) stepBody { return stepOf(c.t, o) }),
		NotNow:   list(v.Not, func(o matter.Offer) stepBody { return stepOf(c.t, o) }),
		Remedies: list(v.Remedies, func(r usecase.RemedyView) remedyBody { return a.remedyOf(c.t, r.Remedy) }),
	}
	for _, f := range v.Files {
		b.Attachments = append(b.Attachments, attachmentBody{
			ID: f.ID, Name: f.Name, Mime: f.Mime, Size: f.Size, Added: instant(f.AddedUS), Href: base + "/matters/" + m.Ref.String() + "/attachments/" + f.ID,
		})
	}
	if b.Clock, err = a.myClock(c, v.Matter, v.Clock, v); err != nil {
		return nil, err
	}
	if b.Review, err = a.myClock(c, v.Matter, v.Review, v); err != nil {
		return nil, err
	}
	if v.Served != nil {
		b.Served = &servedBody{Method: serviceWord(v.Served.Method), On: dateOf(v.Served.On)}
	}
	if v.Rating != nil {
		b.Rating = ratingOf(*v.Rating)
	}
	return &myOutput{VersionOutput: versionOf(m.Version), Body: b}, nil
}

func (a *API) myClock(c caller, m *matter.Matter, clock *usecase.ClockView, v usecase.TrackView) (*clockBody, error) {
	if clock == nil {
		return nil, nil
	}
	set, err := a.Office.Book.Set(m.RuleSet)
	if err != nil {
		return nil, err
	}
	b, err := a.clockOf(c.t, set, *clock, v.Today)
	return &b, err
}

// told shows an event to a petitioner: of its data only what the page tells them, too.
func (a *API) told(e matter.Event, names usecase.Names) eventBody {
	b := a.event(e, names)
	allowed := toldMembers(b.Kind)
	maps.DeleteFunc(b.Data, func(name string, _ any) bool { return !slices.Contains(allowed, name) })
	return b
}

// toldMembers are the members of an event's data that were said to the petitioner or by them. What a kind does not list is the office's.
func toldMembers(kind string) []string {
	switch kind {
	case "registered":
		return []string{"submission", "matter_kind"}
	case "material_requested":
		return []string{"missing"}
	case "material_added":
		return []string{"text", "attachments"}
	case "demand_added", "notified", "performed", "urged":
		return []string{"text"}
	case "forwarded":
		return []string{"unit", "mode", "why", "report_by"}
	case "diverted":
		return []string{"route", "organ", "how"}
	case "declined":
		return []string{"ground", "reason", "organ"}
	case "final_declined":
		return []string{"concluded"}
	case "court_called":
		return []string{"superior", "by"}
	case "disputed":
		return []string{"superior"}
	case "dispute_decided":
		return []string{"unit"}
	case "unit_succeeded":
		return []string{"from", "to"}
	case "accepted":
		return []string{"contact", "short"}
	case "recorded":
		return []string{"record_kind"}
	case "mediation_started":
		return []string{"mediator"}
	case "mediation_agreed":
		return []string{"terms"}
	case "mediation_ended", "extension_revoked", "withdrawn":
		return []string{"reason"}
	case "extended":
		return []string{"days", "reason"}
	case "opinion_issued", "replied":
		return []string{"document"}
	case "served":
		return []string{"method", "on", "reason"}
	case "visited":
		return []string{"how", "words"}
	case "confirmed":
		return []string{"resolved", "words"}
	case "rated":
		return []string{"receiving", "handling", "words"}
	case "followed_up":
		return []string{"finding"}
	case "redone":
		return []string{"reason", "by"}
	case "joined":
		return []string{"from"}
	case "review_requested":
		return []string{"tier", "unit", "reason", "received"}
	case "review_withdrawn":
		return []string{"tier", "reason"}
	case "review_taken":
		return []string{"tier"}
	case "review_declined":
		return []string{"tier", "ground", "reason", "organ"}
	case "review_extended":
		return []string{"tier", "days", "approval", "reason"}
	case "review_issued":
		return []string{"tier", "result", "document", "by"}
	case "review_served":
		return []string{"tier", "method", "on", "reason"}
	case "hearing_called":
		return []string{"on", "at", "place", "participants", "reason"}
	case "hearing_moved":
		return []string{"on", "at", "place", "reason"}
	case "hearing_concluded":
		return []string{"on", "conclusion"}
	case "hearing_cancelled":
		return []string{"reason"}
	case "part_assigned", "line_assigned":
		return []string{"unit"}
	case "recusal_asked":
		return []string{"of", "reason"}
	case "recusal_decided":
		return []string{"granted", "reason"}
	case "cared":
		return []string{"text"}
	}
	return nil
}

func (a *API) myLooks(ctx context.Context, _ *struct{}) (*myLooksOutput, error) {
	looks, err := a.Office.Looks(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out myLooksOutput
	out.Body.Looks = list(looks, a.look)
	return &out, nil
}

func (a *API) myAnswer(ctx context.Context, _ *struct{}) (*myAnswerOutput, error) {
	v, err := a.Office.Track(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	if !v.Answered {
		return nil, errs.E(errs.NotFound, "api.answer.none")
	}
	var out myAnswerOutput
	d := v.Matter.Draft
	out.Body.OpinionBody = OpinionBody{Document: d.Document, Issued: dateOf(d.Issued), Facts: d.Facts, Basis: d.Basis, Answers: []answerBody{}}
	for _, demand := range v.Demands { // the answers to others' demands are others'
		if demand.Answer != nil {
			out.Body.Answers = append(out.Body.Answers, answerOf(*demand.Answer))
		}
	}
	if v.Served != nil {
		out.Body.Served = &servedBody{Method: serviceWord(v.Served.Method), On: dateOf(v.Served.On)}
	}
	if v.Review != nil {
		out.Body.ReviewUntil = dateOf(v.Review.Legal)
	}
	return &out, nil
}
