package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

type (
	webhookBody struct {
		ID       int64      `json:"id"`
		Name     string     `json:"name"`
		Unit     UnitBrief  `json:"unit" doc:"It is told of matters that this unit or one below it sees"`
		URL      string     `json:"url" format:"uri" example:"https://hotline.example.org/huiyin"`
		Kinds    []hookKind `json:"kinds"`
		Made     time.Time  `json:"made"`
		OldUntil *time.Time `json:"old_until,omitempty" doc:"Until when the secret of before signs, too"`
		Failing  *time.Time `json:"failing,omitempty" doc:"Since when nothing has got through; absent while something does"`
		Stopped  hookStop   `json:"stopped,omitempty" doc:"Why nothing is sent; absent while it is"`
	}
	hookKind       string
	hookStop       string
	hookState      string
	webhooksOutput struct {
		Body struct {
			Webhooks []webhookBody `json:"webhooks" doc:"Newest first"`
		} `nameHint:"WebhookList"`
	}
	webhookOutput   struct{ Body webhookBody }
	newWebhookInput struct {
		Body struct {
			Name  string     `json:"name" maxLength:"100"`
			Unit  int64      `json:"unit" minimum:"1"`
			URL   string     `json:"url" maxLength:"500" doc:"https; http only to an address inside that the operator allowed"`
			Kinds []hookKind `json:"kinds" minItems:"1" maxItems:"20"`
		} `nameHint:"NewWebhook"`
	}
	hookSecretOutput struct {
		Body struct {
			ID     int64  `json:"id"`
			Secret string `json:"secret" doc:"By which messages are signed; shown here and never again" example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"`
		} `nameHint:"WebhookSecret"`
	}
	// WebhookInput names a webhook.
	WebhookInput struct {
		ID int64 `path:"webhook" minimum:"1" doc:"id of the webhook" example:"1"`
	}
	webhookStateInput struct {
		WebhookInput
		Body struct {
			Active bool `json:"active" doc:"true has it told again, for whatever reason it was stopped; false pauses it"`
		} `nameHint:"WebhookState"`
	}
	webhookRotateInput struct {
		WebhookInput
		Body struct {
			Overlap int `json:"overlap_hours" minimum:"0" maximum:"720" doc:"For how many hours the secret of before signs beside the new one"`
		} `nameHint:"WebhookRotation"`
	}
	deliveriesInput struct {
		WebhookInput
		State  hookState `query:"state" doc:"Only those in this state"`
		Cursor string    `query:"cursor" maxLength:"80" doc:"next of the page before"`
	}
	deliveriesOutput struct {
		Body struct {
			Deliveries []deliveryBody `json:"deliveries" doc:"Newest first"`
			Next       string         `json:"next,omitempty" doc:"Cursor of the next page; absent at the end"`
		} `nameHint:"DeliveryList"`
	}
	deliveryBody struct {
		ID       string     `json:"id" example:"330112-15"`
		Kind     string     `json:"kind" example:"matter.accepted"`
		Matter   string     `json:"matter,omitempty" doc:"Number of the matter; absent of a test"`
		State    hookState  `json:"state"`
		Made     time.Time  `json:"made"`
		Attempts int        `json:"attempts" doc:"Since it was last sent again"`
		Tried    *time.Time `json:"tried,omitempty"`
		Again    *time.Time `json:"again,omitempty" doc:"When it is tried next"`
		Status   int        `json:"status,omitempty" doc:"Of the last answer; absent where there was none"`
		Answer   string     `json:"answer,omitempty" doc:"What the receiver said, or why it could not be reached, shortened"`
		Took     int64      `json:"took_ms,omitempty"`
		Body     string     `json:"body" doc:"What is sent"`
	}
	deliveryInput struct {
		WebhookInput
		Delivery string `path:"delivery" maxLength:"40" doc:"id of the message" example:"330112-15"`
	}
	replayInput struct {
		WebhookInput
		Body struct {
			From   date `json:"from" doc:"First day"`
			To     date `json:"to" doc:"Last day, at most 31 after the first"`
			Failed bool `json:"failed,omitempty" doc:"Only those that failed"`
		} `nameHint:"Replay"`
	}
	replayOutput struct {
		Body struct {
			Deliveries int64 `json:"deliveries" doc:"How many are sent again"`
		} `nameHint:"Replayed"`
	}
)

// Schema lists the kinds of messages.
func (hookKind) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.HookKinds()) }

// Schema lists why nothing is sent.
func (hookStop) Schema(huma.Registry) *huma.Schema {
	return oneOf([]string{usecase.HookPaused, usecase.HookFailing, usecase.HookGone})
}

// Schema lists the states of messages.
func (hookState) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.DeliveryStates()) }

// webhooks tell other systems what has happened; a machine of an administrator manages them.
func (a *API) webhooks() {
	put := func(id, method, path string, op operation) operation {
		op.id, op.method, op.path, op.tag, op.grant = id, method, "/webhooks"+path, tagMachines, grantManage
		op.text, op.about = "api.op."+id, "api.op."+id+".about"
		op.absent = path != ""
		return op
	}
	add(a, put("list_webhooks", http.MethodGet, "", operation{}), a.listWebhooks)
	add(a, put("add_webhook", http.MethodPost, "", operation{status: http.StatusCreated, conflict: true, request: map[string]any{
		"name": "Hotline 12345", "unit": 2, "url": "https://hotline.example.org/huiyin", "kinds": []any{usecase.HookAccepted, usecase.HookAnswered},
	}}), a.addWebhook)
	add(a, put("get_webhook", http.MethodGet, "/{webhook}", operation{}), a.getWebhook)
	add(a, put("end_webhook", http.MethodDelete, "/{webhook}", operation{status: http.StatusNoContent}), a.endWebhook)
	add(a, put("set_webhook", http.MethodPost, "/{webhook}/state", operation{request: map[string]any{"active": true}}), a.setWebhook)
	add(a, put("rotate_webhook", http.MethodPost, "/{webhook}/rotate", operation{request: map[string]any{"overlap_hours": 24}}), a.rotateWebhook)
	add(a, put("test_webhook", http.MethodPost, "/{webhook}/test", operation{status: http.StatusNoContent, conflict: true}), a.testWebhook)
	add(a, put("list_deliveries", http.MethodGet, "/{webhook}/deliveries", operation{}), a.listDeliveries)
	add(a, put("replay_delivery", http.MethodPost, "/{webhook}/deliveries/{delivery}/replay", operation{status: http.StatusNoContent, conflict: true}), a.replayDelivery)
	add(a, put("replay_deliveries", http.MethodPost, "/{webhook}/replay", operation{conflict: true, request: map[string]any{
		"from": "2026-09-21", "to": "2026-09-28", "failed": true,
	}}), a.replayDeliveries)
}

func webhookOf(w usecase.WebhookView) webhookBody {
	return webhookBody{
		ID: w.ID, Name: w.Name, Unit: briefOf(w.Unit), URL: w.URL, Kinds: list(w.Kinds, func(k string) hookKind { return hookKind(k) }), Made: instant(w.MadeUS),
		OldUntil: someInstant(w.OldUS), Failing: someInstant(w.FailingUS), Stopped: hookStop(w.Stopped),
	}
}

func (a *API) listWebhooks(ctx context.Context, _ *struct{}) (*webhooksOutput, error) {
	found, err := a.Office.Webhooks(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out webhooksOutput
	out.Body.Webhooks = list(found, webhookOf)
	return &out, nil
}

func (a *API) addWebhook(ctx context.Context, in *newWebhookInput) (*hookSecretOutput, error) {
	var out hookSecretOutput
	var err error
	out.Body.ID, out.Body.Secret, err = a.Office.AddWebhook(ctx, callerOf(ctx).who, usecase.NewWebhook{
		Name: in.Body.Name, Unit: org.UnitID(in.Body.Unit), URL: in.Body.URL, Kinds: list(in.Body.Kinds, func(k hookKind) string { return string(k) }),
	})
	return &out, err
}

func (a *API) getWebhook(ctx context.Context, in *WebhookInput) (*webhookOutput, error) {
	w, err := a.Office.Webhook(ctx, callerOf(ctx).who, in.ID)
	return &webhookOutput{Body: webhookOf(w)}, err
}

func (a *API) endWebhook(ctx context.Context, in *WebhookInput) (*struct{}, error) {
	return nil, a.Office.EndWebhook(ctx, callerOf(ctx).who, in.ID)
}

func (a *API) setWebhook(ctx context.Context, in *webhookStateInput) (*webhookOutput, error) {
	set := a.Office.PauseWebhook
	if in.Body.Active {
		set = a.Office.StartWebhook
	}
	if err := set(ctx, callerOf(ctx).who, in.ID); err != nil {
		return nil, err
	}
	return a.getWebhook(ctx, &in.WebhookInput)
}

func (a *API) rotateWebhook(ctx context.Context, in *webhookRotateInput) (*hookSecretOutput, error) {
	var out hookSecretOutput
	var err error
	out.Body.ID = in.ID
	out.Body.Secret, err = a.Office.RotateWebhook(ctx, callerOf(ctx).who, in.ID, in.Body.Overlap)
	return &out, err
}

func (a *API) testWebhook(ctx context.Context, in *WebhookInput) (*struct{}, error) {
	return nil, a.Office.TestWebhook(ctx, callerOf(ctx).who, in.ID)
}

// numbers writes and reads numbers that stand together, with a stroke between them.
func numbers(n ...int64) string {
	out := make([]string, len(n))
	for i, v := range n {
		out[i] = strconv.FormatInt(v, 10)
	}
	return strings.Join(out, "-")
}

func parseNumbers(text string, n int) ([]int64, bool) {
	parts := strings.Split(text, "-")
	out := make([]int64, len(parts))
	for i, p := range parts {
		v, err := strconv.ParseInt(p, 10, 64)
		if err != nil || v < 0 {
			return nil, false
		}
		out[i] = v
	}
	return out, len(out) == n
}

func (a *API) listDeliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	var after usecase.DeliveryPlace
	if in.Cursor != "" {
		at, ok := parseNumbers(in.Cursor, 3)
		if !ok {
			return nil, errs.Fields([]errs.Field{errs.F("cursor", "api.cursor")})
		}
		after = usecase.DeliveryPlace{MadeUS: at[0], Home: at[1], ID: at[2]}
	}
	page, err := a.Office.Deliveries(ctx, callerOf(ctx).who, in.ID, string(in.State), after)
	if err != nil {
		return nil, err
	}
	var out deliveriesOutput
	out.Body.Deliveries = list(page.Deliveries, func(d usecase.Delivery) deliveryBody {
		b := deliveryBody{
			ID: numbers(d.Home, d.ID), Kind: d.Kind, State: hookState(d.State), Made: instant(d.MadeUS), Attempts: d.Attempts, Tried: someInstant(d.TriedUS), Status: d.Status,
			Answer: d.Answer, Took: d.TookUS / 1000, Body: d.Body,
		}
		if d.Matter != 0 {
			b.Matter = d.RefOf().String()
		}
		if d.Waits() {
			b.Again = someInstant(d.DueUS)
		}
		return b
	})
	if page.Next != nil {
		out.Body.Next = numbers(page.Next.MadeUS, page.Next.Home, page.Next.ID)
	}
	return &out, nil
}

func (a *API) replayDelivery(ctx context.Context, in *deliveryInput) (*struct{}, error) {
	id, ok := parseNumbers(in.Delivery, 2)
	if !ok {
		return nil, errs.E(errs.NotFound, "webhook.delivery_not_found")
	}
	return nil, a.Office.ReplayDelivery(ctx, callerOf(ctx).who, in.ID, id[0], id[1])
}

func (a *API) replayDeliveries(ctx context.Context, in *replayInput) (*replayOutput, error) {
	var days [2]law.Day
	for i, d := range []struct {
		name string
		text date
	}{{"from", in.Body.From}, {"to", in.Body.To}} {
		var err error
		if days[i], err = law.ParseDay(string(d.text)); err != nil {
			return nil, errs.Fields([]errs.Field{errs.F(d.name, errs.CodeOf(err))})
		}
	}
	var out replayOutput
	var err error
	out.Body.Deliveries, err = a.Office.ReplayDeliveries(ctx, callerOf(ctx).who, in.ID, days[0], days[1], in.Body.Failed)
	return &out, err
}
