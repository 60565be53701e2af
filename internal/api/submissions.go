package api

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// intakeBody is what comes in: the fields of matter.Intake, which checks them.
type intakeBody struct {
	Channel      channelWord      `json:"channel" doc:"How it came in; without a key only web"`
	Received     *time.Time       `json:"received,omitempty" doc:"When it was received, if not now; for a caller with a key" example:"2026-03-02T09:30:00+08:00"`
	Title        string           `json:"title" minLength:"1" maxLength:"200" doc:"What it is about, in one sentence"`
	Narrative    string           `json:"narrative,omitempty" maxLength:"20000" doc:"What happened"`
	Demands      []string         `json:"demands" minItems:"1" maxItems:"50" doc:"What is asked for, one by one"`
	Place        int64            `json:"place" minimum:"10" doc:"Division code of where it happened, down to the village where known" example:"330112"`
	PlaceNote    string           `json:"place_note,omitempty" maxLength:"200" doc:"Where exactly"`
	Petitioners  []petitionerBody `json:"petitioners,omitempty" maxItems:"50" doc:"The people. They are kept encrypted and shown masked"`
	Persons      int              `json:"persons,omitempty" minimum:"0" maximum:"10000" doc:"People present or signing; 0: as many as are named"`
	Kind         kindWord         `json:"kind,omitempty" doc:"What it is; appeal where nothing is said"`
	Purpose      purposeWord      `json:"purpose,omitempty" doc:"The aim that the petitioner gives"`
	Category     string           `json:"category,omitempty" maxLength:"20" doc:"Code of the content category" example:"N0502"`
	Accused      []int64          `json:"accused,omitempty" maxItems:"50" doc:"Ids of the units that an accusation is about"`
	Confidential bool             `json:"confidential,omitempty" doc:"Keep the name from the unit complained of"`
	Elsewhere    string           `json:"elsewhere,omitempty" enum:"no,yes,unsure" doc:"Already in court, arbitration or reconsideration"`
	Attachments  []string         `json:"attachments,omitempty" maxItems:"20" doc:"Ids of uploads"`
	Sender       string           `json:"sender,omitempty" maxLength:"200" doc:"The system or organ that sends it; for a caller with a key, led by whose id it is kept"`
	SenderNumber string           `json:"sender_number,omitempty" maxLength:"200" doc:"Its number there; from one key the same number of the same sender is never taken in twice"`
	Extra        []extraBody      `json:"extra,omitempty" maxItems:"50" doc:"Further fields of the sender, kept as received"`
}

type petitionerBody struct {
	Role     partyWord `json:"role,omitempty" doc:"petitioner where nothing is said"`
	Name     string    `json:"name,omitempty" maxLength:"200"`
	IDNumber string    `json:"id_number,omitempty" maxLength:"200" doc:"Identity number; its check digit is checked"`
	Phone    string    `json:"phone,omitempty" maxLength:"200"`
	Address  string    `json:"address,omitempty" maxLength:"200"`
}

type extraBody struct {
	Name  string `json:"name" maxLength:"200"`
	Value string `json:"value" maxLength:"20000"`
}

func (b intakeBody) intake() matter.Intake {
	in := matter.Intake{
		Channel: matter.Channel(b.Channel), Title: b.Title, Narrative: b.Narrative, Demands: b.Demands, Place: b.Place, PlaceNote: b.PlaceNote,
		Persons: b.Persons, Kind: matter.Kind(b.Kind), Purpose: matter.Purpose(b.Purpose), Category: b.Category, Confidential: b.Confidential,
		Elsewhere: b.Elsewhere, Attachments: b.Attachments, Sender: b.Sender, SenderNumber: b.SenderNumber,
	}
	if b.Received != nil {
		in.ReceivedUS = b.Received.UnixMicro()
	}
	for _, p := range b.Petitioners {
		in.Petitioners = append(in.Petitioners, matter.Petitioner{
			Role: matter.PartyRole(p.Role), Name: p.Name, IDNumber: p.IDNumber, Phone: p.Phone, Address: p.Address,
		})
	}
	for _, u := range b.Accused {
		in.Accused = append(in.Accused, org.UnitID(u))
	}
	for _, e := range b.Extra {
		in.Extra = append(in.Extra, matter.Extra{Name: e.Name, Value: e.Value})
	}
	return in
}

// receiptBody is what the person takes away.
type receiptBody struct {
	Ref        refText   `json:"ref" doc:"Registration number of the submission"`
	Matter     refText   `json:"matter" doc:"Number of the matter it hangs on"`
	Code       string    `json:"code" doc:"Query code" example:"A2E6-7H3M-92KQ"`
	PIN        string    `json:"pin,omitempty" doc:"Query PIN, given here and never again; absent for a repeat" example:"402913"`
	Received   date      `json:"received" doc:"The day from which the law counts"`
	At         time.Time `json:"registered_at"`
	Unit       UnitBrief `json:"unit" doc:"Who received it and stays answerable"`
	Kind       kindWord  `json:"kind,omitempty"`
	Persons    int       `json:"persons,omitempty"`
	NoticeBy   date      `json:"notice_by,omitempty" doc:"Last day in law for the next step of the unit"`
	NoticeRule string    `json:"notice_rule,omitempty" example:"D02"`
	Link       string    `json:"link,omitempty" doc:"Link of the registration in the record, by which anybody can check it"`
	Repeat     bool      `json:"repeat" doc:"The sender's number was there before: nothing was added"`
}

func (a *API) receipt(r usecase.Receipt) receiptBody {
	return receiptBody{
		Ref: refOf(r.Ref), Matter: refOf(r.Matter), Code: usecase.FormatCode(r.Code), PIN: r.PIN, Received: dateOf(r.Received), At: instant(r.AtUS),
		Unit: a.unitBrief(r.Unit), Kind: kindWord(r.Kind), Persons: r.Persons, NoticeBy: dateOf(r.NoticeBy), NoticeRule: string(r.NoticeRule),
		Link: r.Link, Repeat: r.Repeat,
	}
}

type (
	// OnceInput is the key of a write that may be sent twice.
	OnceInput struct {
		Key string `header:"Idempotency-Key" doc:"Marks repetitions of one write: 8 to 128 letters, digits and - _ . : The same key with the same request is carried out once and answered the same, for seven days"`
	}
	registerInput struct {
		OnceInput
		Body intakeBody
	}
	registerOutput struct {
		Location string `header:"Location" doc:"Where the matter is read"`
		Body     receiptBody
	}
	batchInput struct {
		OnceInput
		Body struct {
			Submissions []intakeBody `json:"submissions" minItems:"1" maxItems:"500"`
		} `nameHint:"Batch"`
	}
	batchOutput struct {
		Body struct {
			Taken   int         `json:"taken" doc:"How many were taken in, repeats included"`
			Refused int         `json:"refused"`
			Results []batchItem `json:"results" doc:"One for each submission, in its order"`
		} `nameHint:"BatchResults"`
	}
	batchItem struct {
		Index   int          `json:"index"`
		Receipt *receiptBody `json:"receipt,omitempty"`
		Problem *problem     `json:"problem,omitempty"`
	}
)

// once reads the key of a write. Keys of different callers never meet: each is led by whose it is.
func (in OnceInput) once(who org.Actor) (string, error) {
	if in.Key == "" {
		return "", nil
	}
	key, err := httpx.ParseIdempotencyKey(http.Header{httpx.IdempotencyHeader: {in.Key}})
	if err != nil {
		return "", err
	}
	switch who.Kind {
	case org.ActorMachine:
		return "machine/" + who.Key + "/" + string(key), nil
	case org.ActorPetitioner:
		return "citizen/" + matter.Ref{Home: who.Home, N: who.Submission}.String() + "/" + string(key), nil
	case org.ActorNobody, org.ActorStaff, org.ActorSystem:
	}
	return "open/" + string(key), nil
}

// batchBody is how many bytes a batch may have, and batchAtOnce how many of it are worked on together: they share their commits.
const (
	batchBody   = 32 << 20
	batchAtOnce = 16
)

func (a *API) submissions() {
	add(a, operation{
		id: "register_submission", method: http.MethodPost, path: "/submissions", tag: tagSubmissions, text: "api.op.register", about: "api.op.register.about",
		open: true, grant: grantRegister, status: http.StatusCreated, conflict: true, limited: true, request: exampleIntake(),
	}, a.register)
	add(a, operation{
		id: "register_batch", method: http.MethodPost, path: "/submissions/batch", tag: tagSubmissions, text: "api.op.batch", about: "api.op.batch.about",
		grant: grantRegister, limit: batchBody, conflict: true, request: map[string]any{"submissions": []any{exampleIntake()}},
	}, a.registerBatch)
	add(a, operation{
		id: "find_repeats", method: http.MethodPost, path: "/submissions/repeats", tag: tagSubmissions, text: "api.op.repeats", about: "api.op.repeats.about",
		grant: grantRead, request: exampleIntake(),
	}, a.repeats)
}

func exampleIntake() map[string]any {
	return map[string]any{
		"channel": "web", "title": "Street light out for a month", "narrative": "The light in front of the school has been out since September.",
		"demands": []any{"Repair the light", "Say who looks after it"}, "place": 330112,
		"petitioners": []any{map[string]any{"name": "Li", "phone": "13800000000"}},
	}
}

func (a *API) register(ctx context.Context, in *registerInput) (*registerOutput, error) {
	c := callerOf(ctx)
	if c.who.Kind == org.ActorNobody {
		if err := a.Attempts.File(c.addr); err != nil {
			return nil, err
		}
	}
	key, err := in.once(c.who)
	if err != nil {
		return nil, err
	}
	r, err := a.Office.Register(ctx, c.who, in.Body.intake(), key)
	if err != nil {
		return nil, err
	}
	return &registerOutput{Location: base + "/matters/" + r.Matter.String(), Body: a.receipt(r)}, nil
}

// registerBatch takes each submission in by itself: one that is refused does not keep the others out.
func (a *API) registerBatch(ctx context.Context, in *batchInput) (*batchOutput, error) {
	c := callerOf(ctx)
	key, err := in.once(c.who)
	if err != nil {
		return nil, err
	}
	var out batchOutput
	out.Body.Results = make([]batchItem, len(in.Body.Submissions))
	var wait sync.WaitGroup
	free := make(chan struct{}, batchAtOnce)
	for i, s := range in.Body.Submissions {
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			own := key
			if own != "" {
				own += "/" + strconv.Itoa(i)
			}
			out.Body.Results[i] = a.registerOne(ctx, c, i, s, own)
		})
	}
	wait.Wait()
	for _, r := range out.Body.Results {
		if r.Problem == nil {
			out.Body.Taken++
		} else {
			out.Body.Refused++
		}
	}
	return &out, nil
}

func (a *API) registerOne(ctx context.Context, c caller, i int, s intakeBody, key string) batchItem {
	r, err := a.Office.Register(ctx, c.who, s.intake(), key)
	if err != nil {
		httpx.LogError(ctx, a.Log, err)
		p := problemOf(c.t, "", err)
		return batchItem{Index: i, Problem: &p}
	}
	body := a.receipt(r)
	return batchItem{Index: i, Receipt: &body}
}

// parseRef reads a registration number from a path or a field.
func parseRef(text string) (matter.Ref, error) {
	ref, err := matter.ParseRef(text)
	if err != nil {
		return matter.Ref{}, errs.Fields([]errs.Field{errs.F("ref", errs.CodeOf(err))})
	}
	return ref, nil
}

// bodyOf describes a body that is made at run time.
func bodyOf(schema *huma.Schema, required bool) *huma.RequestBody {
	return &huma.RequestBody{Required: required, Content: map[string]*huma.MediaType{mediaJSON: {Schema: schema}}}
}
