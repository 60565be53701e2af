package usecase_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// A key that is rotated stays the same key: the secret of before is good for the overlap and no longer, revoking ends both, and what was registered under the
// old one is found again under the new.
func TestKeyRotation(t *testing.T) {
	o := newOffice(t)
	admin := o.actor(t, org.RoleAdmin, unitBureau)
	add := usecase.NewKey{Name: "12345", Unit: unitBureau, Role: org.RoleRegistrar, Grants: usecase.KeyGrants(), Rate: 90}
	first, err := o.AddKey(t.Context(), admin, add)
	check(t, err)
	who, err := o.MachineActor(t.Context(), first)
	check(t, err)
	if who.Rate != 90 {
		t.Errorf("rate %d", who.Rate)
	}
	letter := matter.Intake{
		Channel: matter.ChannelTransfer, Title: "路灯不亮", Demands: []string{"修好"}, Place: 330112104202, Sender: "12345", SenderNumber: "7",
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}
	was, err := o.Register(t.Context(), who, letter, "")
	check(t, err)
	second, err := o.RotateKey(t.Context(), who, who.Key, 1) // the machine its own
	check(t, err)
	good := func(step string, keys map[string]bool) {
		t.Helper()
		for key, want := range keys {
			got, err := o.MachineActor(t.Context(), key)
			if (err == nil) != want || err == nil && got.Key != who.Key || err != nil && errs.CodeOf(err) != "auth.key" {
				t.Errorf("%s: %v, want good: %v", step, err, want)
			}
		}
	}
	good("rotated", map[string]bool{first: true, second: true})
	again, err := o.MachineActor(t.Context(), second)
	check(t, err)
	if r, err := o.Register(t.Context(), again, letter, ""); err != nil || !r.Repeat || r.Ref != was.Ref {
		t.Errorf("sent again under the new secret: %+v, %v", r, err)
	}
	o.now.Add(time.Hour.Microseconds())
	good("an hour later", map[string]bool{first: false, second: true})
	third, err := o.RotateKey(t.Context(), admin, who.Key, 24)
	check(t, err)
	good("by the administrator", map[string]bool{first: false, second: true, third: true})
	list, err := o.Keys(t.Context(), admin)
	check(t, err)
	if k := list[0]; k.ID != who.Key || k.Used != o.Today() || k.OldUS != o.Now()+24*time.Hour.Microseconds() || k.Rate != 90 {
		t.Errorf("listed as %+v", k)
	}
	check(t, o.RevokeKey(t.Context(), admin, who.Key))
	good("revoked", map[string]bool{second: false, third: false})
	if _, err := o.RotateKey(t.Context(), admin, who.Key, 1); errs.CodeOf(err) != "key.void" {
		t.Errorf("a void key is rotated: %v", err)
	}
	log, err := o.OrgLog(t.Context(), admin, usecase.LogFilter{Limit: 50})
	check(t, err)
	changes := 0
	for _, c := range log.Changes {
		if c.Kind == "key" {
			changes++
		}
		for _, f := range c.Fields {
			for _, key := range []string{first, second, third} {
				if strings.Contains(f.After, strings.TrimPrefix(key, "huk_"+who.Key+"_")) {
					t.Errorf("the record holds a secret")
				}
			}
		}
	}
	if changes != 4 {
		t.Errorf("%d changes on record, want made, rotated twice, revoked", changes)
	}
}

// Who may do what with keys: administrators within their units; a machine of theirs what they let it, and never make or take another machine administrator; any
// other machine its own key alone.
func TestKeysAreTheAdministrators(t *testing.T) {
	o := newOffice(t)
	admin, town := o.actor(t, org.RoleAdmin, unitBureau), o.actor(t, org.RoleAdmin, unitTownA)
	make := func(who org.Actor, n usecase.NewKey) (org.Actor, error) {
		n.Name, n.Expires = "k", law.NoDay
		key, err := o.AddKey(t.Context(), who, n)
		if err != nil {
			return org.Actor{}, err
		}
		return o.MachineActor(t.Context(), key)
	}
	desk := usecase.NewKey{Unit: unitTownA, Role: org.RoleHandler, Grants: []string{"read", "act"}}
	manage := usecase.NewKey{Unit: unitTownA, Role: org.RoleAdmin, Grants: []string{usecase.GrantManage}}
	machine, err := make(town, desk)
	check(t, err)
	manager, err := make(town, manage)
	check(t, err)
	other, err := make(org.System(), manage)
	check(t, err)
	below, err := make(manager, desk)
	check(t, err)
	elsewhere := desk
	elsewhere.Unit = unitTownB
	foreign, err := make(org.System(), elsewhere)
	check(t, err)
	_ = admin
	for name, tt := range map[string]struct {
		err   error
		codes []string
	}{
		"a handler makes one":             {second(make(o.actor(t, org.RoleHead, unitTownA), desk)), []string{"auth.duty"}},
		"a machine of the desk makes one": {second(make(machine, desk)), []string{"auth.duty"}},
		"outside":                         {second(make(town, elsewhere)), []string{"grants", "unit.outside", "form.invalid"}},
		"a machine makes a manager":       {second(make(manager, manage)), []string{"form.invalid"}},
		"manage for the desk":             {second(make(town, usecase.NewKey{Unit: unitTownA, Role: org.RoleHandler, Grants: []string{usecase.GrantManage}})), []string{"form.invalid"}},
		"read for a manager":              {second(make(town, usecase.NewKey{Unit: unitTownA, Role: org.RoleAdmin, Grants: []string{"read"}})), []string{"form.invalid"}},
		"too many requests":               {second(make(town, usecase.NewKey{Unit: unitTownA, Role: org.RoleHandler, Grants: []string{"read"}, Rate: usecase.MaxKeyRate + 1})), []string{"form.invalid"}},
		"rotate another's":                {second(o.RotateKey(t.Context(), machine, below.Key, 1)), []string{"key.not_found"}},
		"rotate outside":                  {second(o.RotateKey(t.Context(), town, foreign.Key, 1)), []string{"key.not_found"}},
		"a manager takes another":         {second(o.RotateKey(t.Context(), manager, other.Key, 1)), []string{"key.not_found"}},
		"a manager revokes another":       {o.RevokeKey(t.Context(), manager, other.Key), []string{"key.not_found"}},
		"revoke another's":                {o.RevokeKey(t.Context(), machine, below.Key), []string{"key.not_found"}},
		"overlap":                         {second(o.RotateKey(t.Context(), town, machine.Key, usecase.MaxKeyOverlap+1)), []string{"form.invalid"}},
		"a handler rotates":               {second(o.RotateKey(t.Context(), o.actor(t, org.RoleHead, unitTownA), machine.Key, 1)), []string{"auth.duty"}},
	} {
		if !slices.Contains(tt.codes, errs.CodeOf(tt.err)) {
			t.Errorf("%s: %v", name, tt.err)
		}
	}
	if own, err := o.OwnKey(t.Context(), machine); err != nil || own.ID != machine.Key {
		t.Errorf("own key: %+v, %v", own, err)
	}
	check(t, o.RevokeKey(t.Context(), manager, below.Key))
	check(t, o.RevokeKey(t.Context(), machine, machine.Key)) // gives itself up
}

func second[T any](_ T, err error) error { return err }
