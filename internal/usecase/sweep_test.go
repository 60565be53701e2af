package usecase_test

import (
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// TestSweepKeepsWhatBelongs: an upload that nobody claimed goes after a month, one that a submission claimed stays.
func TestSweepKeepsWhatBelongs(t *testing.T) {
	o := newOffice(t)
	who := o.actor(t, org.RoleRegistrar, unitBureau)
	attach := func(text string) string {
		row, err := o.Attach(t.Context(), who, 330112, usecase.Upload{Name: "a.pdf", Mime: "application/pdf", Content: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		return row.ID
	}
	register := func(file string) (usecase.Receipt, error) {
		return o.Register(t.Context(), who, matter.Intake{
			Channel: matter.ChannelVisit, Title: "路灯不亮", Demands: []string{"修好"}, Place: 330112104202, Attachments: []string{file},
		}, "")
	}
	claimed, left := attach("claimed"), attach("left")
	r, err := register(claimed)
	if err != nil {
		t.Fatal(err)
	}
	o.moveTo(o.Today().Add(40))
	if err := o.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, content, err := o.Attachment(t.Context(), who, r.Ref, claimed); err != nil || string(contentOf(t, content)) != "claimed" {
		t.Errorf("the claimed file: %v", err)
	}
	if _, err := register(left); errs.KindOf(err) != errs.Invalid {
		t.Errorf("the swept file can still be claimed: %v", err)
	}
}
