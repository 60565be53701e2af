package usecase_test

import (
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// TestFilingInTheOpenCannotSpeakForAnOffice: nobody who is not signed in sets the day of receipt, which starts the law's clocks, or asks by a
// sender's number what another system has sent.
func TestFilingInTheOpenCannotSpeakForAnOffice(t *testing.T) {
	o := newOffice(t)
	in := matter.Intake{
		Channel: matter.ChannelWeb, Title: "路灯不亮", Demands: []string{"修好"}, Place: 330112104202,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}
	sent := in
	sent.Channel, sent.Sender, sent.SenderNumber = matter.ChannelTransfer, "12345", "7"
	if _, err := o.Register(t.Context(), o.actor(t, org.RoleRegistrar, unitBureau), sent, ""); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*matter.Intake){
		"received": func(in *matter.Intake) { in.ReceivedUS = o.Today().Add(-20).StartUS() },
		"sender":   func(in *matter.Intake) { in.Sender, in.SenderNumber = "12345", "7" },
	} {
		open := in
		change(&open)
		r, err := o.Register(t.Context(), org.Actor{}, open, "")
		if errs.KindOf(err) != errs.Invalid || r.Code != "" {
			t.Errorf("%s: %v, code %q", name, err, r.Code)
		}
	}
	if _, err := o.Register(t.Context(), org.Actor{}, in, ""); err != nil {
		t.Errorf("an ordinary filing: %v", err)
	}
}
