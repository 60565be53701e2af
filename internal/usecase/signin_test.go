package usecase_test

import (
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// memberPassword is the password of every member.
const memberPassword = "a-good-password"

// member takes somebody in at the housing bureau by the operator, with a password that lasts.
func (o *testOffice) member(t *testing.T, signIn string) (org.UserID, org.DutyID) {
	t.Helper()
	id, _, err := o.AddPerson(t.Context(), org.System(), usecase.NewPerson{
		SignIn: signIn, Name: "吴嘉禾", Password: memberPassword, Duties: []usecase.NewDuty{{Role: org.RoleHandler, Unit: unitHousing}},
	})
	check(t, err)
	duties, err := o.DutiesOf(t.Context(), id)
	check(t, err)
	if len(duties) != 1 || duties[0].At.ID != unitHousing || duties[0].Over.ID != unitHousing {
		t.Fatalf("duties %+v", duties)
	}
	return id, duties[0].ID
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) == code {
		return
	}
	if e, ok := errorOf(err); ok {
		for _, f := range e.Fields {
			if f.Code == code {
				return
			}
		}
	}
	t.Errorf("got %v, want %s", err, code)
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const password = memberPassword
	user, _ := o.member(t, "Housing.1")
	in, err := o.SignIn(t.Context(), " HOUSING.1 ", password)
	check(t, err)
	if in.User != user || in.MustChange || len(in.Duties) != 1 {
		t.Errorf("%+v", in)
	}
	disabled, _ := o.member(t, "gone")
	check(t, o.SetDisabled(t.Context(), org.System(), disabled, true))
	for _, c := range []struct{ name, password string }{
		{"housing.1", "a-bad-password"}, {"housing.1", ""}, {"nobody", password}, {"gone", password}, {"housing.1", strings.Repeat("长", 1000)},
	} {
		_, err := o.SignIn(t.Context(), c.name, c.password)
		if errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("%s: %v", c.name, err)
		}
		wantCode(t, err, "auth.wrong")
	}
}

func TestActorIsReadAnew(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	user, duty := o.member(t, "housing.1")
	other, otherDuty := o.member(t, "housing.2")
	who, err := o.Actor(t.Context(), user, duty)
	check(t, err)
	if who.Kind != org.ActorStaff || who.Name != "吴嘉禾" || who.Duty.Unit != unitHousing {
		t.Errorf("%+v", who)
	}
	_, err = o.Actor(t.Context(), user, otherDuty)
	wantCode(t, err, "auth.ended")
	_, err = o.Actor(t.Context(), 9999, duty)
	wantCode(t, err, "auth.ended")

	check(t, o.SetDisabled(t.Context(), admin, user, true))
	_, err = o.Actor(t.Context(), user, duty)
	wantCode(t, err, "auth.ended")
	check(t, o.SetDisabled(t.Context(), admin, user, false))
	_, err = o.Actor(t.Context(), user, duty)
	check(t, err)

	given, err := o.ResetPassword(t.Context(), admin, user)
	check(t, err)
	_, err = o.Actor(t.Context(), user, duty)
	wantCode(t, err, "auth.change_password")
	check(t, o.ChangePassword(t.Context(), user, given, "another-password"))
	_, err = o.Actor(t.Context(), user, duty)
	check(t, err)

	tomorrow := o.Today().Add(1)
	check(t, o.EndDuty(t.Context(), admin, duty, tomorrow))
	_, err = o.Actor(t.Context(), user, duty)
	check(t, err)
	o.moveTo(tomorrow)
	_, err = o.Actor(t.Context(), user, duty)
	wantCode(t, err, "auth.ended")

	_, err = o.Actor(t.Context(), other, otherDuty)
	check(t, err)
	_, err = o.EndUnit(t.Context(), admin, unitHousing, unitHR)
	check(t, err)
	_, err = o.Actor(t.Context(), other, otherDuty)
	wantCode(t, err, "auth.ended")
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const old = memberPassword
	user, _ := o.member(t, "long-sign-in-name")
	for _, c := range []struct{ old, fresh, code string }{
		{old, "short", "password.short"},
		{old, old, "password.same"},
		{old, "Long-Sign-In-Name", "password.name"},
		{old, strings.Repeat("x", 201), "field.long"},
		{"not the old one", "a-better-password", "password.wrong"},
	} {
		wantCode(t, o.ChangePassword(t.Context(), user, c.old, c.fresh), c.code)
	}
	check(t, o.ChangePassword(t.Context(), user, old, "a-better-password"))
	_, err := o.SignIn(t.Context(), "long-sign-in-name", old)
	wantCode(t, err, "auth.wrong")
	_, err = o.SignIn(t.Context(), "long-sign-in-name", "a-better-password")
	check(t, err)
	history, err := o.PersonHistory(t.Context(), o.actor(t, org.RoleAdmin, unitCounty), user)
	check(t, err)
	if len(history) != 3 || history[0].User != user || len(history[0].Fields) != 1 || history[0].Fields[0].After != "own" {
		t.Errorf("%+v", history)
	}
}

func TestDutyInTime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	user, _ := o.member(t, "housing.1")
	from := o.Today().Add(10)
	_, err := o.GiveDuty(t.Context(), admin, user, usecase.NewDuty{Role: org.RoleHead, Unit: unitHousing, From: from, Until: from.Add(5)})
	check(t, err)
	for _, c := range []struct {
		day  law.Day
		want int
	}{{from.Add(-1), 1}, {from, 2}, {from.Add(4), 2}, {from.Add(5), 1}} {
		o.moveTo(c.day)
		duties, err := o.DutiesOf(t.Context(), user)
		check(t, err)
		if len(duties) != c.want {
			t.Errorf("%s: %d duties", c.day, len(duties))
		}
	}
}
