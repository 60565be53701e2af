package errs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"huiyin/internal/errs"
)

// TestErrorNeverPrintsArguments: what goes to the log holds codes and paths, never what a person typed.
func TestErrorNeverPrintsArguments(t *testing.T) {
	err := errs.E(errs.Invalid, "form.invalid", "name", "陈玉兰").Because(errors.New("cause"))
	err.Fields = []errs.Field{errs.F("petitioners.0.id_number", "gazetteer.id.check", "value", "330112195903120013")}
	text := err.Error()
	for _, secret := range []string{"陈玉兰", "330112195903120013"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q holds %q", text, secret)
		}
	}
	for _, want := range []string{"form.invalid", "petitioners.0.id_number", "gazetteer.id.check", "cause"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
}

// TestKindAndCodeSurviveWrapping: an error of anybody else is internal.
func TestKindAndCodeSurviveWrapping(t *testing.T) {
	base := errs.E(errs.Refused, "act.state")
	wrapped := fmt.Errorf("step: %w", base.Under("art22"))
	if errs.KindOf(wrapped) != errs.Refused || errs.CodeOf(wrapped) != "act.state" {
		t.Errorf("kind %d, code %s", errs.KindOf(wrapped), errs.CodeOf(wrapped))
	}
	if base.Article != "" {
		t.Error("Under changed the error it was called on")
	}
	if other := errors.New("x"); errs.KindOf(other) != errs.Internal || errs.CodeOf(other) != "internal" {
		t.Error("a foreign error is not internal")
	}
	if err := errs.Fields(nil); err != nil {
		t.Errorf("no fields give %v", err)
	}
	if err := errs.Fields([]errs.Field{errs.F("a", "field.required")}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("fields give %v", err)
	}
}
