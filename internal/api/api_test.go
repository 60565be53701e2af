package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/internal/api"
	"huiyin/internal/extract"
	"huiyin/internal/gazetteer"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/storetest"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The units of a test.
const (
	unitCounty org.UnitID = iota + 1
	unitBureau
	unitHR
	unitHousing
	unitDiscipline
)

// The keys of a test: who holds each is in newDoor.
const (
	keyDesk       = "desk"       // registrar at the bureau, every grant
	keyHandler    = "handler"    // handler at human resources
	keySibling    = "sibling"    // handler at housing
	keySupervisor = "supervisor" // supervisor at the bureau
	keyReader     = "reader"     // registrar at the bureau, reads only
)

// door is the API over an office of its own, with a clock that the test moves.
type door struct {
	t      *testing.T
	office *usecase.Office
	store  *store.Store
	now    *atomic.Int64
	api    *api.API
	mux    *http.ServeMux
	keys   map[string]string
	log    *bytes.Buffer
	advice string // folder of the model
}

// steady is chance that always falls the same way, for many goroutines.
type steady struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (s *steady) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(p)
}

func newDoor(t *testing.T, change ...func(*store.Options)) *door {
	t.Helper()
	d := &door{t: t, now: &atomic.Int64{}, keys: map[string]string{}, mux: http.NewServeMux(), log: &bytes.Buffer{}, advice: t.TempDir()}
	d.now.Store(storetest.Now + 9*3600*1_000_000)
	migrations := must(store.Migrations())(t)
	d.store = storetest.Open(t, migrations, change...)
	chance := &steady{source: rand.NewChaCha8([32]byte{7})}
	keys := must(vault.Parse(must(vault.Generate(chance))(t), chance))(t)
	d.office = must(usecase.New(t.Context(), usecase.Config{
		Store: d.store, Vault: keys, Places: must(gazetteer.Open())(t), Book: law.DefaultBook(), Files: must(usecase.NewFiles(t.TempDir(), keys))(t),
		Now: d.now.Load, Random: chance, Log: slog.New(slog.DiscardHandler), Advice: d.advice, Say: must(i18n.Load())(t).Say,
		Extract: func(_ context.Context, kind extract.Kind, content []byte) (string, error) {
			return extract.Text(kind, content)
		},
	}))(t)
	d.organise()
	for name, k := range map[string]usecase.NewKey{
		keyDesk:       {Unit: unitBureau, Role: org.RoleRegistrar, Grants: []string{"register", "read", "act"}},
		keyHandler:    {Unit: unitHR, Role: org.RoleHandler, Grants: []string{"read", "act"}},
		keySibling:    {Unit: unitHousing, Role: org.RoleHandler, Grants: []string{"read", "act"}},
		keySupervisor: {Unit: unitBureau, Role: org.RoleSupervisor, Grants: []string{"read", "act"}},
		keyReader:     {Unit: unitBureau, Role: org.RoleRegistrar, Grants: []string{"read"}},
	} {
		k.Name, k.Rate = name, usecase.MaxKeyRate
		d.keys[name] = must(d.office.AddKey(t.Context(), org.System(), k))(t)
	}
	clock := func() time.Time { return time.UnixMicro(d.now.Load()) }
	d.api = api.New(api.Config{
		Office: d.office, Attempts: httpx.NewAttempts(clock), Catalog: must(i18n.Load())(t),
		Log: slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	d.api.Routes(d.mux)
	return d
}

// organise makes a county with its bodies, and a head at human resources, who signs.
func (d *door) organise() {
	d.t.Helper()
	u := func(id, parent org.UnitID, name string, kind org.UnitKind) org.Unit {
		return org.Unit{ID: id, Parent: parent, Name: name, English: gazetteer.Pinyin(name), Initials: gazetteer.Initials(name), Kind: kind, Place: 330112}
	}
	units := []org.Unit{
		u(unitCounty, 0, "临安区", org.KindRoot), u(unitBureau, unitCounty, "临安区信访局", org.KindBureau),
		u(unitHR, unitCounty, "临安区人力资源和社会保障局", org.KindDepartment), u(unitHousing, unitCounty, "临安区住房和城乡建设局", org.KindDepartment),
		u(unitDiscipline, unitCounty, "临安区纪委监委", org.KindDiscipline),
	}
	ctx := d.t.Context()
	err := d.store.Update(ctx, 0, func(tx *store.Tx) error {
		ids := make([]org.UnitID, len(units))
		for i, u := range units {
			ids[i] = u.ID
			if _, err := tx.NextLocal(ctx, "unit"); err != nil {
				return err
			}
			if err := tx.SaveUnit(ctx, u); err != nil {
				return err
			}
		}
		return tx.ReplacePaths(ctx, org.NewChart(units), ids)
	})
	if err == nil {
		err = d.office.Reload(ctx)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// head signs at human resources. No key may: what a person has to answer for is no machine's.
func head() org.Actor {
	return org.Actor{Kind: org.ActorStaff, User: 900, Duty: org.Duty{ID: 900, User: 900, Role: org.RoleHead, Unit: unitHR, Scope: unitHR}}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	raw    []byte
	body   map[string]any
}

// option changes a request before it is sent.
type option func(*http.Request)

func header(name, value string) option { return func(r *http.Request) { r.Header.Set(name, value) } }

// key signs a request: with the name of a machine's key, a petitioner's token, or nothing.
func (d *door) sign(key string) option {
	return func(r *http.Request) {
		if machine, ok := d.keys[key]; ok {
			key = machine
		}
		if key != "" {
			r.Header.Set("Authorization", "Bearer "+key)
		}
	}
}

// call sends a request and reads the answer. A string is sent as it is, anything else as JSON.
func (d *door) call(key, method, path string, body any, options ...option) answer {
	d.t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	default:
		content = bytes.NewReader(must(json.Marshal(b))(d.t))
	}
	if !strings.HasPrefix(path, "/api/") {
		path = "/api/v1" + path
	}
	r := httptest.NewRequestWithContext(d.t.Context(), method, path, content)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept-Language", "en")
	d.sign(key)(r)
	for _, o := range options {
		o(r)
	}
	w := httptest.NewRecorder()
	d.mux.ServeHTTP(w, r)
	a := answer{t: d.t, status: w.Code, header: w.Header(), raw: w.Body.Bytes()}
	if strings.Contains(w.Header().Get("Content-Type"), "json") && len(a.raw) > 0 {
		if err := json.Unmarshal(a.raw, &a.body); err != nil {
			d.t.Fatalf("%s %s: %v: %s", method, path, err, a.raw)
		}
	}
	return a
}

// want checks the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.raw)
	}
	return a
}

// text is a member of the answer, by its path.
func (a answer) text(path ...string) string {
	a.t.Helper()
	var v any = a.body
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			a.t.Fatalf("no %v in %s", path, a.raw)
		}
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

// fields are the codes of a problem's fields by path.
func (a answer) fields() map[string]string {
	a.t.Helper()
	out := map[string]string{}
	list, _ := a.body["errors"].([]any)
	for _, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			a.t.Fatalf("a field is no object: %s", a.raw)
		}
		path, _ := m["path"].(string)
		code, _ := m["code"].(string)
		if message, _ := m["message"].(string); message == "" || strings.Contains(message, "⟦") {
			a.t.Errorf("field %s has no words: %q", path, message)
		}
		out[path] = code
	}
	return out
}

// letter is a petition that anybody may send.
func letter() map[string]any {
	return map[string]any{
		"channel": "visit", "title": "拖欠工资", "narrative": "工地拖欠三个月工资。", "demands": []string{"付清工资", "说明原因"}, "place": 330112,
		"petitioners": []map[string]any{{"name": "张三丰", "id_number": "11010519491231002X", "phone": "13800000000", "address": "锦城街道某路 1 号"}},
	}
}

// register takes a letter in at the bureau.
func (d *door) register() answer {
	d.t.Helper()
	return d.call(keyDesk, http.MethodPost, "/submissions", letter()).want(http.StatusCreated)
}

// act takes a step.
func (d *door) act(key, ref, act string, body any, options ...option) answer {
	d.t.Helper()
	return d.call(key, http.MethodPost, "/matters/"+ref+"/acts/"+act, body, options...)
}

// token opens a submission by the code and PIN of its receipt.
func (d *door) token(receipt answer) string {
	d.t.Helper()
	return d.call("", http.MethodPost, "/track", map[string]any{"code": receipt.text("code"), "pin": receipt.text("pin")}).want(http.StatusOK).text("token")
}

func ref(t *testing.T, text string) matter.Ref {
	t.Helper()
	return must(matter.ParseRef(text))(t)
}

// FuzzCitizenToken feeds anything to the reading of tokens: it neither panics nor lets anybody in.
func FuzzCitizenToken(f *testing.F) {
	chance := &steady{source: rand.NewChaCha8([32]byte{7})}
	text, err := vault.Generate(chance)
	if err != nil {
		f.Fatal(err)
	}
	keys, err := vault.Parse(text, chance)
	if err != nil {
		f.Fatal(err)
	}
	o := &usecase.Office{Config: usecase.Config{Vault: keys, Now: func() int64 { return storetest.Now }}}
	f.Add("hyc_")
	f.Add("hyc_AAAAAAAFCTAAAAAEt7zcAQAGQMxQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("huk_abcdefgh_secret")
	f.Fuzz(func(t *testing.T, token string) {
		if who, err := o.CitizenActor(token); err == nil {
			t.Errorf("%q lets %+v in", token, who)
		}
	})
}
