package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	openapi "github.com/oapi-codegen/runtime/types"

	remote "huiyin/internal/api/client"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// as is the generated client of whoever signs with a key of the test, a token, or nothing, against a server that listens.
func (d *door) as(server *httptest.Server, key string) *remote.ClientWithResponses {
	d.t.Helper()
	sign := d.sign(key)
	return must(remote.NewClientWithResponses(server.URL+"/api/v1", remote.WithHTTPClient(server.Client()), remote.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		sign(r)
		return nil
	})))(d.t)
}

// direct asks without a connection: how long an upload may take goes by the office's clock, which stands still in a test, long ago for a connection.
type direct struct{ mux *http.ServeMux }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.mux.ServeHTTP(w, r)
	return w.Result(), nil
}

// answered is an answer of the generated client.
type answered interface{ StatusCode() int }

// got checks the status of an answer.
func got[A answered](a A, err error) func(*testing.T, int) A {
	return func(t *testing.T, status int) A {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if a.StatusCode() != status {
			t.Fatalf("status %d, want %d: %+v", a.StatusCode(), status, a)
		}
		return a
	}
}

func ptr[T any](v T) *T { return &v }

// TestGeneratedClient takes a petition from filing to figures with a client that knows the description and nothing else.
func TestGeneratedClient(t *testing.T) {
	d := newDoor(t)
	d.letIn("figures", usecase.NewKey{Unit: unitBureau, Role: org.RoleSupervisor, Grants: []string{"figures"}})
	d.letIn("import", usecase.NewKey{Unit: unitBureau, Role: org.RoleRegistrar, Grants: []string{"import"}})
	server := httptest.NewServer(d.mux)
	t.Cleanup(server.Close)
	ctx := t.Context()
	desk, handler, nobody := d.as(server, keyDesk), d.as(server, keyHandler), d.as(server, "")

	receipt := got(nobody.RegisterSubmissionWithResponse(ctx, &remote.RegisterSubmissionParams{IdempotencyKey: ptr("client-0001")}, remote.RegisterSubmissionJSONRequestBody{
		Channel: "web", Title: "路灯不亮", Narrative: ptr("坏了三个月"), Demands: []string{"修好"}, Place: 330112,
		Petitioners: ptr([]remote.PetitionerBody{{Name: ptr("张三"), Phone: ptr("13800000000")}}),
	}))(t, http.StatusCreated).JSON201
	number := receipt.Ref
	got(desk.ActScreenWithResponse(ctx, number, nil, remote.ActScreen{Kind: "appeal", Category: ptr("N0502"), Level: "ordinary"}))(t, http.StatusOK)
	got(desk.ActForwardWithResponse(ctx, number, nil, remote.ActForward{Unit: int64(unitHR), Mode: "transfer", Why: "归人社"}))(t, http.StatusOK)
	got(handler.ActSignWithResponse(ctx, number, nil, remote.ActSignJSONRequestBody{}))(t, http.StatusOK)
	got(handler.ActAcceptWithResponse(ctx, number, nil, remote.ActAccept{Contact: ptr("0571-63700000")}))(t, http.StatusOK)
	got(handler.ActRecordWithResponse(ctx, number, nil, remote.ActRecord{Kind: "heard", Text: "听取了陈述"}))(t, http.StatusOK)
	got(handler.ActDraftWithResponse(ctx, number, nil, remote.ActDraft{Facts: "查明", Basis: "条例", Answers: []remote.AnswerInput{{Demand: 1, Outcome: "support", Facts: "属实", Basis: "条例"}}}))(t, http.StatusOK)
	if _, err := d.office.Do(ctx, head(), ref(t, number), 0, &matter.Issue{}); err != nil { // a person signs
		t.Fatal(err)
	}
	today := openapi.Date{Time: time.UnixMicro(d.now.Load())}
	got(handler.ActServeWithResponse(ctx, number, nil, remote.ActServe{Submission: number, Method: "online", On: &today, Proof: ptr("网上送达")}))(t, http.StatusOK)
	got(handler.ActEaseWithResponse(ctx, number, nil, remote.ActEase{Solved: ptr("修好了")}))(t, http.StatusOK)
	closed := got(handler.ActCompleteWithResponse(ctx, number, nil, remote.ActComplete{}))(t, http.StatusOK).JSON200
	if closed.State != "completed" {
		t.Errorf("closed as %s", closed.State)
	}

	token := got(nobody.TrackWithResponse(ctx, remote.Track{Code: receipt.Code, Pin: *receipt.Pin}))(t, http.StatusOK).JSON200.Token
	citizen := d.as(server, token)
	if my := got(citizen.GetMyMatterWithResponse(ctx))(t, http.StatusOK).JSON200; my.Ref != number {
		t.Errorf("my matter: %+v", my)
	}
	if answer := got(citizen.GetMyAnswerWithResponse(ctx))(t, http.StatusOK).JSON200; len(answer.Answers) != 1 {
		t.Errorf("my answer: %+v", answer)
	}
	got(desk.ListMattersWithResponse(ctx, &remote.ListMattersParams{}))(t, http.StatusOK)
	if m := got(desk.GetMatterWithResponse(ctx, number))(t, http.StatusOK).JSON200; m.Ref != number {
		t.Errorf("matter: %+v", m)
	}
	figures := got(d.as(server, "figures").GetFiguresWithResponse(ctx, &remote.GetFiguresParams{Indicator: []string{"submissions"}}))(t, http.StatusOK)
	if figures.JSON200 == nil {
		t.Errorf("figures: %s", figures.Body)
	}
	sign := d.sign("import")
	imports := must(remote.NewClientWithResponses(server.URL+"/api/v1", remote.WithHTTPClient(direct{d.mux}), remote.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		sign(r)
		return nil
	})))(t)
	batch := got(imports.StartImportWithResponse(ctx, &remote.StartImportParams{IdempotencyKey: "client-0002"}, []remote.ImportRecord{{
		Sender: "12345", SenderNumber: "H1", Channel: "phone", Received: "2025-09-20", Title: "井盖松了", Narrative: "夜里响", PlaceCode: ptr("330112"), PetitionerName: ptr("李四"),
	}}))(t, http.StatusOK).JSON200
	if batch.Accepted != 1 || batch.State != "done" {
		t.Errorf("batch: %+v", batch)
	}
	if own := got(desk.GetOwnKeyWithResponse(ctx))(t, http.StatusOK).JSON200; own.Unit.Id != int64(unitBureau) {
		t.Errorf("own key: %+v", own)
	}
	if refused := got(handler.ActCompleteWithResponse(ctx, number, nil, remote.ActComplete{}))(t, http.StatusConflict); refused.ApplicationproblemJSON409 == nil || refused.ApplicationproblemJSON409.Code != "act.state" {
		t.Errorf("refused: %s", refused.Body)
	}
}
