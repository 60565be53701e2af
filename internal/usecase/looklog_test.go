package usecase_test

import (
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// Who opened the identities of an accusation, and why, is told to who raised it and to nobody outside the compartment, whatever they may read of others.
func TestLooksIntoAccusationsAreNotTold(t *testing.T) {
	o := newOffice(t)
	plain := o.register(t, unitBureau, "路灯不亮")
	in := webIntake()
	in.Kind = matter.KindAccusation
	receipt, err := o.Register(t.Context(), org.Actor{}, in, "")
	check(t, err)
	_, err = o.OpenIdentity(t.Context(), o.actor(t, org.RoleDiscipline, unitDiscipline), receipt.Ref, receipt.Ref, "verify", "核实举报人")
	check(t, err)
	_, err = o.OpenIdentity(t.Context(), o.actor(t, org.RoleRegistrar, unitBureau), plain, plain, "contact", "约时间")
	check(t, err)
	county := org.Duty{User: 1, Unit: unitCounty, Scope: unitCounty}
	for _, role := range []org.Role{org.RoleAuditor, org.RoleLeader, org.RoleSupervisor} {
		county.Role = role
		looks, err := o.LookLog(t.Context(), org.Actor{Kind: org.ActorStaff, User: 1, Duty: county}, 0)
		check(t, err)
		if len(looks) != 1 || looks[0].Submission != plain {
			t.Errorf("%s reads %+v", role, looks)
		}
	}
	looks, err := o.Looks(t.Context(), org.Actor{Kind: org.ActorPetitioner, Home: receipt.Ref.Home, Submission: receipt.Ref.N})
	check(t, err)
	if len(looks) != 1 || looks[0].Words != "核实举报人" {
		t.Errorf("who raised it reads %+v", looks)
	}
}
