package api_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// described is an operation as the description has it.
type described struct {
	id, method, path string
	machine          bool     // for a machine's key
	citizen          bool     // for a petitioner's token
	printed          bool     // answers a document, as text where that is asked for
	needs            []string // parameters of the query that must be given
	body             any      // its example; nil where it takes none or needs none
}

// operations reads every operation out of the description that the program gives.
func (d *door) operations() []described {
	d.t.Helper()
	var document struct {
		Paths map[string]map[string]struct {
			ID         string                `json:"operationId"` //nolint:tagliatelle // OpenAPI names it
			Security   []map[string][]string `json:"security"`
			Parameters []struct {
				Name     string `json:"name"`
				In       string `json:"in"`
				Required bool   `json:"required"`
				Schema   struct {
					Enum []any `json:"enum"`
				} `json:"schema"`
			} `json:"parameters"`
			RequestBody struct {
				Required bool `json:"required"`
				Content  map[string]struct {
					Example any `json:"example"`
				} `json:"content"`
			} `json:"requestBody"` //nolint:tagliatelle // and this
		} `json:"paths"`
	}
	if err := json.Unmarshal(d.call("", http.MethodGet, "/api/openapi.json", nil).want(http.StatusOK).raw, &document); err != nil {
		d.t.Fatal(err)
	}
	var out []described
	for path, methods := range document.Paths {
		for method, o := range methods {
			op := described{id: o.ID, method: strings.ToUpper(method), path: path, body: o.RequestBody.Content["application/json"].Example}
			for _, s := range o.Security {
				_, machine := s["machine_key"]
				_, citizen := s["citizen_token"]
				op.machine, op.citizen = op.machine || machine, op.citizen || citizen
			}
			for _, p := range o.Parameters {
				op.printed = op.printed || p.Name == "format" && slices.Contains(p.Schema.Enum, any(string(usecase.PaperText)))
				if p.In == "query" && p.Required {
					op.needs = append(op.needs, p.Name)
				}
			}
			if o.RequestBody.Required && op.body == nil && op.id != "upload_attachment" {
				d.t.Errorf("%s takes a body and has no example", op.id)
			}
			out = append(out, op)
		}
	}
	slices.SortFunc(out, func(a, b described) int { return strings.Compare(a.id, b.id) })
	return out
}

// aboutMatter reports whether an operation is about one matter and for those who may see it.
func (op described) aboutMatter() bool {
	_, public := publicOperations()[op.id]
	return strings.Contains(op.path, "{ref}") && !public
}

// publicOperations are about a matter by its number and open to anybody, and why.
func publicOperations() map[string]string {
	return map[string]string{
		"get_proof": "a place in a log that is published: a hash and two numbers",
	}
}

// listingOperations are about matters without naming one; TestScopeOverHTTP asks them.
func listingOperations() []string { return []string{"list_matters", "list_looks", "find_repeats"} }

// ownOperations answer a petitioner about the own submission; TestScopeOverHTTP asks those that only read.
func ownOperations() []string {
	return []string{
		"get_my_matter", "get_my_answer", "list_my_looks", "list_my_notices", "list_my_documents", "get_my_document", "my_act_choose_contact", "my_act_add_demand", "my_act_add_material", "my_act_confirm", "my_act_confirm_demands", "my_act_rate",
		"my_act_ask_recusal", "my_act_receive", "my_act_request_review", "my_act_request_rereview", "my_act_withdraw_review",
		"my_act_urge", "my_act_withdraw",
	}
}

// otherOperations tell nothing of a matter that is there, and why.
func otherOperations() map[string]string {
	return map[string]string{
		"register_submission": "makes one", "register_batch": "makes some", "upload_attachment": "belongs to nothing yet", "track": "needs code and PIN",
		"get_calendar": "law", "compute_due": "law", "list_rules": "law", "list_categories": "law", "list_places": "places", "advise_category": "makes nothing and names no matter", "get_advisor": "counts of decisions by category and unit", "get_place": "places",
		"list_units": "the organisation", "get_unit": "the organisation", "suggest_units": "the organisation",
		"list_notices": "what the key's own unit was told", "read_notice": "the same, one of it", "list_failed_notices": "no numbers of matters and no contents",
		"list_people": "the organisation", "list_changes": "the organisation", "list_reminders": "settings",
		"list_templates": "texts of the office", "get_template": "texts of the office",
		"list_queue": "kinds, states and reasons alone", "retry_queued": "an administrator of the whole", "drop_queued": "the same",
		"start_export": "makes a job, whose table TestScope of the use cases reads", "list_jobs": "the key's own", "get_job": "the key's own", "stop_job": "the key's own",
		"get_job_file": "the key's own, of what it sees",
		"list_issues":  "counts within the scope, which the tests of the use case prove", "get_issue": "the same", "decide_issue": "the same",
		"list_indicators": "definitions", "get_figures": "counts within the scope, which the tests of the use case and TestFiguresOverHTTP prove", "list_figure_matters": "the same, with the rows that the caller sees",
		"list_outcomes": "what is published", "get_outcomes": "what is published, which outcomes_test.go compares with the files",
		"list_reports": "counts of a unit within the scope, which reports_test.go proves", "make_report": "the same", "get_report": "the same", "get_report_file": "the same",
		"list_assessments": "figures of units, which the tests of the use case prove", "get_assessment": "the same", "get_assessment_sheet": "the same",
		"appeal_assessment": "the same", "answer_assessment_appeal": "the same",
		"list_searches": "words and conditions that the key and its unit kept, of no matter", "save_search": "the same", "drop_search": "the same",
		"list_keys": "keys, of no matter", "add_key": "the same", "get_own_key": "the same", "rotate_key": "the same", "revoke_key": "the same",
		"list_webhooks": "where others are told, for a key that manages alone", "add_webhook": "the same", "get_webhook": "the same", "end_webhook": "the same",
		"set_webhook": "the same", "rotate_webhook": "the same", "test_webhook": "the same", "replay_delivery": "the same", "replay_deliveries": "the same",
		"list_deliveries": "numbers and states of what the unit sees, none of a sealed matter, which webhook_test.go of the use cases proves",
		"start_import":    "makes some", "list_imports": "the key's own", "get_import": "the key's own", "list_import_results": "the key's own",
		"list_proposals": "the catalogue: category, place and reason, none of a sealed matter", "list_routes": "the office's own rules",
	}
}

// TestEveryOperationIsTriedOrKnown: an operation that is new and about matters is tried by the tests of this file without anybody doing anything; one
// that names no matter has to be entered in a list above, by somebody who has thought about what it tells.
func TestEveryOperationIsTriedOrKnown(t *testing.T) {
	d := newDoor(t)
	there := map[string]bool{}
	for _, op := range d.operations() {
		there[op.id] = true
		_, public := publicOperations()[op.id]
		_, other := otherOperations()[op.id]
		ways := 0
		for _, way := range []bool{op.aboutMatter(), public, other, slices.Contains(listingOperations(), op.id), slices.Contains(ownOperations(), op.id)} {
			if way {
				ways++
			}
		}
		if ways != 1 {
			t.Errorf("%s %s is in %d of the lists", op.method, op.path, ways)
		}
		if op.aboutMatter() && !op.machine {
			t.Errorf("%s is about a matter and for no key", op.id)
		}
	}
	listed := slices.Concat(listingOperations(), ownOperations(), slices.Collect(maps.Keys(publicOperations())), slices.Collect(maps.Keys(otherOperations())))
	for _, id := range listed {
		if !there[id] {
			t.Errorf("%s is listed and not there", id)
		}
	}
}

// try calls an operation on a matter, with the body of its example. Every other matter that the request names becomes other, a file becomes file.
func (d *door) try(key string, op described, ref, other, file string) answer {
	d.t.Helper()
	path := strings.NewReplacer("{ref}", ref, "{other}", other, "{id}", file, "{n}", "1", "{kind}", "opinion", "{job}", "330112-1", "{report}", "330112-1", "{unit}", "1", "{key}", "own", "{webhook}", "1", "{delivery}", "330112-1", "{import}", "330112-1").Replace(op.path)
	if strings.Contains(path, "{") {
		d.t.Fatalf("%s: what is to stand in %s?", op.id, path)
	}
	query := url.Values{}
	for _, name := range op.needs {
		query.Set(name, "words")
	}
	if op.printed {
		query.Set("format", string(usecase.PaperText)) // its words can be read, those of a PDF are packed
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return d.call(key, op.method, path, naming(op.body, other))
}

// naming is an example with another number wherever it gives that of a matter.
func naming(v any, number string) any {
	switch v := v.(type) {
	case string:
		if _, err := matter.ParseRef(v); err == nil {
			return number
		}
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			out[name] = naming(member, number)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = naming(member, number)
		}
		return out
	}
	return v
}

// namesOther reports whether an operation names a second matter.
func (op described) namesOther() bool {
	text, _ := json.Marshal(naming(op.body, "330112-2000-0000001"))
	return strings.Contains(op.path, "{other}") || bytes.Contains(text, []byte("330112-2000-0000001"))
}

// plain is an answer without what differs from one request to the next, and without the numbers that were asked for.
func (a answer) plain(numbers ...string) string {
	a.t.Helper()
	text := string(a.raw)
	if id, _ := a.body["request_id"].(string); id != "" {
		text = strings.ReplaceAll(text, id, "")
	}
	for _, n := range numbers {
		text = strings.ReplaceAll(text, n, "NUMBER")
	}
	return text
}

// TestNoOperationReachesOutside tries every operation on matters that a key may not see: a sibling's, one that is sealed, one that rests inside another.
// Each is refused by the same words as a number that was never given out. Who may see the matter is not told that it is not there.
func TestNoOperationReachesOutside(t *testing.T) {
	d := newDoor(t)
	here, rests := d.register().text("ref"), d.register().text("ref")
	d.call(keyDesk, http.MethodPost, "/matters/"+here+"/links", map[string]any{"other": rests, "reason": "同一工地"}).want(http.StatusNoContent)
	sealed := d.call("", http.MethodPost, "/submissions", map[string]any{
		"channel": "web", "kind": "accusation", "title": "举报收费", "demands": []string{"查处"}, "place": 330112, "accused": []int{int(unitHousing)},
	}).want(http.StatusCreated).text("ref")
	own := must(d.office.Register(t.Context(), org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleRegistrar, Unit: unitHousing, Scope: unitHousing}}, matter.Intake{
		Channel: matter.ChannelVisit, Title: "漏水", Demands: []string{"修好"}, Place: 330112,
	}, ""))(t).Ref.String()
	home := ref(t, here).Home
	file := must(d.office.Attach(t.Context(), org.System(), home, usecase.Upload{Name: "a.txt", Mime: "text/plain", Content: []byte("a")}))(t).ID
	must(d.office.Do(t.Context(), org.System(), ref(t, own), 0, &matter.AddMaterial{Text: "b", Attachments: []string{file}}))(t)
	const never, noFile = "330112-2025-9999999", "6f1d2c3b4a59687766554433"
	tried := 0
	for _, op := range d.operations() {
		if !op.aboutMatter() {
			continue
		}
		tried++
		for key, outside := range map[string][]string{keySibling: {here, rests, sealed}, keyDesk: {own, sealed}, keySupervisor: {own, sealed}} {
			want := d.try(key, op, never, never, noFile)
			if want.status != http.StatusNotFound {
				t.Errorf("%s on a matter that is not there: %d %s", op.id, want.status, want.raw)
			}
			for _, number := range outside {
				for _, other := range []string{number, never} {
					got := d.try(key, op, number, other, file)
					if got.status != want.status || got.plain(number, other) != want.plain(never) {
						t.Errorf("%s by %s: %d %s, not %d %s", op.id, key, got.status, got.raw, want.status, want.raw)
					}
				}
			}
		}
		// The key that sees it is told something else, or the above would prove nothing.
		if got := d.try(keySibling, op, own, own, file); got.status == http.StatusNotFound || got.status == http.StatusUnauthorized {
			t.Errorf("%s on a matter that the key sees: %d %s", op.id, got.status, got.raw)
		}
		if !op.namesOther() {
			continue
		}
		// a second matter that the key may not see is like none
		want := d.try(keySibling, op, own, never, noFile)
		for _, number := range []string{here, rests, sealed} {
			if got := d.try(keySibling, op, own, number, noFile); got.status < 400 || got.status != want.status || got.plain(number, own) != want.plain(never, own) {
				t.Errorf("%s with another: %d %s, not %d %s", op.id, got.status, got.raw, want.status, want.raw)
			}
		}
	}
	if tried < 40 {
		t.Errorf("only %d operations were tried", tried)
	}
}
