package usecase_test

import (
	"slices"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// Two offices on one store take the steps of a matter by turns: each goes on from what the other has written, though it keeps what it wrote itself; what was
// decided against an earlier version is refused, and who may not see the matter gets none of what is kept.
func TestStepsOfTwoOffices(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	other := officeOver(t, o.store)
	ref := o.register(t, unitBureau, "噪音扰民")
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary})
	other.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Forward{Unit: unitHousing, Mode: matter.ModeTransfer, Why: "归它管"})
	o.take(t, org.RoleHandler, unitHousing, ref, &matter.Sign{})
	handler := other.actor(t, org.RoleHandler, unitHousing)
	if _, err := other.Do(t.Context(), handler, ref, 3, &matter.Accept{}); errs.CodeOf(err) != "matter.changed" {
		t.Errorf("a step against the version before: %v", err)
	}
	other.take(t, org.RoleHandler, unitHousing, ref, &matter.Accept{})
	for _, office := range []*usecase.Office{o.Office, other.Office} {
		_, err := office.Do(t.Context(), o.actor(t, org.RoleHandler, unitTownB), ref, 0, &matter.Accept{})
		if errs.CodeOf(err) != "matter.not_found" {
			t.Errorf("who may not see it: %v", err)
		}
	}
	o.take(t, org.RoleHandler, unitHousing, ref, &matter.Record{Kind: matter.RecordSite, Text: "现场查看了冷却塔"})
	other.catchUp(t)
	other.take(t, org.RoleHandler, unitHousing, ref, &matter.Record{Kind: matter.RecordSite, Text: "听取了物业的意见"})
	o.catchUp(t) // whose own words are not the newest
	for _, words := range []string{"噪音", "冷却塔", "物业"} {
		if refs, _ := o.searched(t, handler, words); !slices.Equal(refs, []matter.Ref{ref}) {
			t.Errorf("%s finds %v", words, refs)
		}
	}
	v, err := o.Matter(t.Context(), handler, ref)
	check(t, err)
	if len(v.Events) != 7 {
		t.Errorf("%d events", len(v.Events))
	}
	checkRebuilt(t, o)
	found, err := o.Verify(t.Context(), org.System(), usecase.VerifyOptions{})
	check(t, err)
	if len(found.Findings) > 0 {
		t.Errorf("verification finds %v", found.Findings)
	}
}

// What is kept of a matter was counted by the calendar of then: after a new one the next step counts by that.
func TestStepAfterANewCalendar(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.moveTo(law.NewDay(2026, 12, 23))
	ref := o.register(t, unitCentre, "晚的")
	_, _, err := o.LoadCalendar(t.Context(), org.System(), arrangement(t, "2027-01-01", "2027-01-07", "2027-01-08"))
	check(t, err)
	o.take(t, org.RoleRegistrar, unitCentre, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary})
	checkRebuilt(t, o)
}
