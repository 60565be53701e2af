package api_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type fields = map[string]any

func (d *door) steps(key, number string, version int, steps ...fields) func(...option) answer {
	body := fields{"steps": steps}
	if version > 0 {
		body["version"] = version
	}
	return func(options ...option) answer {
		return d.call(key, http.MethodPost, "/matters/"+number+"/steps", body, options...)
	}
}

func screened() fields { return fields{"act": "screen", "kind": "appeal", "level": "ordinary"} }
func forwarded() fields {
	return fields{"act": "forward", "unit": unitHR, "mode": "transfer", "why": "工资归人社"}
}

func TestStepsTogether(t *testing.T) {
	d := newDoor(t)
	number := d.register().text("ref")
	both := d.steps(keyDesk, number, 1, screened(), forwarded())
	once := header("Idempotency-Key", "two-at-once")
	done := both(once).want(http.StatusOK)
	if done.text("state") != "forwarded" || done.header.Get("ETag") != `"3"` {
		t.Errorf("%s, ETag %s", done.raw, done.header.Get("ETag"))
	}
	if again := both(once).want(http.StatusOK); string(again.raw) != string(done.raw) {
		t.Errorf("sent again: %s, want %s", again.raw, done.raw)
	}
	if got := both().want(http.StatusConflict).text("code"); got != "matter.changed" {
		t.Errorf("on an old version: %q", got)
	}
	d.steps(keyHandler, number, 0, fields{"act": "sign"}, fields{"act": "accept"})().want(http.StatusOK)
}

// TestStepsAllOrNone: a step that is refused takes those before it back.
func TestStepsAllOrNone(t *testing.T) {
	d := newDoor(t)
	number := d.register().text("ref")
	refused := d.steps(keyDesk, number, 1, screened(), forwarded(), fields{"act": "sign"})()
	if refused.status < http.StatusBadRequest {
		t.Fatalf("the desk signs for the department: %s", refused.raw)
	}
	if got := d.call(keyDesk, http.MethodGet, "/matters/"+number, nil).want(http.StatusOK).text("state"); got != "registered" {
		t.Errorf("state %q, want registered", got)
	}
}

// TestStepsNameTheirFaults: everything that is wrong is said at once, by the place of the step.
func TestStepsNameTheirFaults(t *testing.T) {
	d := newDoor(t)
	number := d.register().text("ref")
	for _, c := range []struct {
		name  string
		steps []fields
		want  map[string]string
	}{
		{"missing and unknown", []fields{{"act": "screen", "kind": "appeal"}, {"act": "sign", "colour": "red"}}, map[string]string{
			"steps.0.level": "field.required", "steps.1.colour": "api.field.unknown",
		}},
		{"no such act", []fields{{"act": "sing"}}, map[string]string{"steps.0.act": "field.choice"}},
		{"not without an act", []fields{{}}, map[string]string{"steps.0.act": "field.required"}},
		{"what the command checks", []fields{screened(), {"act": "forward", "unit": unitHR, "mode": "assign", "why": "归它"}}, map[string]string{
			"steps.1.report_by": "field.required",
		}},
		{"none", []fields{}, map[string]string{"steps": "field.required"}},
	} {
		got := d.steps(keyDesk, number, 0, c.steps...)().want(http.StatusUnprocessableEntity).fields()
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	var many []fields
	for range 11 {
		many = append(many, screened())
	}
	if got := d.steps(keyDesk, number, 0, many...)().want(http.StatusUnprocessableEntity).fields(); got["steps"] != "field.many" {
		t.Errorf("eleven: %v", got)
	}
}
