package usecase_test

import (
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// BenchmarkCheckReply checks a draft at a unit that has given fifty replies.
func BenchmarkCheckReply(b *testing.B) {
	o := newOffice(b)
	begin := func(ref matter.Ref) {
		o.take(b, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitVillageA1, Mode: matter.ModeTransfer, Why: "归村里"})
		o.take(b, org.RoleHandler, unitVillageA1, ref, &matter.Sign{}, &matter.Accept{})
	}
	for range 50 {
		ref := o.register(b, unitBureau, "路灯")
		begin(ref)
		o.take(b, org.RoleHandler, unitVillageA1, ref, drafting(soundFacts, soundBasis, "两盏路灯已更换电缆，当晚亮灯。"))
		o.take(b, org.RoleHead, unitVillageA1, ref, &matter.Issue{})
	}
	ref := o.register(b, unitBureau, "水井")
	begin(ref)
	who, d := o.actor(b, org.RoleHandler, unitVillageA1), drafting(soundFacts, soundBasis, "水井已经清淘。")
	for b.Loop() {
		got, err := o.CheckReply(b.Context(), who, ref, d)
		if err != nil || got.Compared < 50 {
			b.Fatalf("%+v, %v", got, err)
		}
	}
}
