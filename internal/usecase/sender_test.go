package usecase_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// machine lets a machine in at a unit and returns its actor.
func (o *testOffice) machine(t testing.TB, name string, unit org.UnitID) org.Actor {
	t.Helper()
	key, err := o.AddKey(t.Context(), org.System(), usecase.NewKey{
		Name: name, Unit: unit, Role: org.RoleRegistrar, Grants: usecase.KeyGrants(), Expires: law.NoDay,
	})
	check(t, err)
	who, err := o.MachineActor(t.Context(), key)
	check(t, err)
	return who
}

// A sender's number is a name within the key that gave it: two keys that give the same both get their own submission, and neither learns the other's
// query code; nor does either find what an import brought, or the other way round.
func TestSendersNumbersAreTheKeysOwn(t *testing.T) {
	o := newOffice(t)
	letter := matter.Intake{
		Channel: matter.ChannelTransfer, Title: "路灯不亮", Demands: []string{"修好"}, Place: 330112104202, Sender: "12345", SenderNumber: "7",
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}
	one, two := o.machine(t, "one", unitBureau), o.machine(t, "two", unitBureau)
	bureau := o.actor(t, org.RoleRegistrar, unitBureau)
	system := org.System()
	system.Duty = bureau.Duty
	whose := map[string]org.Actor{"one key": one, "another key": two, "an import": system}
	receipts := map[string]usecase.Receipt{}
	codes := map[string]string{}
	for name, who := range whose {
		for _, kind := range []matter.Kind{matter.KindAppeal, matter.KindAccusation} {
			in := letter
			in.Kind = kind
			if kind == matter.KindAccusation {
				in.SenderNumber = "8"
			}
			r, err := o.Register(t.Context(), who, in, "")
			check(t, err)
			if r.Repeat || r.PIN == "" {
				t.Errorf("%s: %+v", name, r)
			}
			if other, taken := codes[r.Code]; taken {
				t.Errorf("%s got the code of %s", name, other)
			}
			codes[r.Code] = name
			receipts[name+in.SenderNumber] = r
		}
	}
	for name, who := range whose {
		for _, number := range []string{"7", "8"} {
			in := letter
			in.SenderNumber = number
			if number == "8" {
				in.Kind = matter.KindAccusation
			}
			was := receipts[name+number]
			r, err := o.Register(t.Context(), who, in, "")
			check(t, err)
			want := usecase.Receipt{Ref: was.Ref, Matter: was.Matter, Code: was.Code, Received: was.Received, Unit: was.Unit, Repeat: true}
			if diff := cmp.Diff(want, r); diff != "" {
				t.Errorf("%s again: %s", name, diff)
			}
		}
	}
	// a key cannot take another's name: what it calls its sender is led by its own id
	in := letter
	in.Sender = two.Key + "/" + letter.Sender
	r, err := o.Register(t.Context(), one, in, "")
	check(t, err)
	if r.Repeat || codes[r.Code] != "" {
		t.Errorf("under another's name: %+v", r)
	}
	v, err := o.Matter(t.Context(), bureau, receipts["one key7"].Ref)
	check(t, err)
	if s := v.Submissions[0]; s.Sender != one.Key+"/12345" || s.SenderNumber != "7" {
		t.Errorf("kept as %q %q", s.Sender, s.SenderNumber)
	}
}
