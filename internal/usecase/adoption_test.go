package usecase_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

func TestAdopt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	ids := func(sets []law.SetInfo) (out []string) {
		for _, s := range sets {
			out = append(out, s.ID)
		}
		return out
	}
	if diff := cmp.Diff([]string{"zhejiang-2016"}, ids(o.Adoptable())); diff != "" {
		t.Error(diff)
	}
	adopt := func(set, since string) []law.Adoption {
		a := law.Adoption{Set: set, Since: law.NoDay}
		if since != "" {
			var err error
			a.Since, err = law.ParseDay(since)
			check(t, err)
		}
		return []law.Adoption{a}
	}
	good := adopt("zhejiang-2016", "2016-08-01")
	for _, c := range []struct {
		who     org.Actor
		adopted []law.Adoption
		code    string
	}{
		{org.Actor{}, good, "auth.sign_in"},
		{o.actor(t, org.RoleHead, unitCounty), good, "auth.duty"},
		{o.actor(t, org.RoleAdmin, unitTownA), good, "rules.root"},
		{admin, adopt("henan-2012", "2020-01-01"), "adopt.elsewhere"},
		{admin, adopt("national-2022", "2023-01-01"), "adopt.elsewhere"},
		{admin, adopt("zhejiang-2016", ""), "field.required"},
		{admin, adopt("zhejiang-2016", "2016-07-31"), "adopt.before"},
		{admin, append(adopt("zhejiang-2016", "2020-01-01"), good...), "adopt.twice"},
	} {
		wantCode(t, o.Adopt(ctx, c.who, c.adopted), c.code)
	}
	register := func() matter.Ref {
		r, err := o.Register(ctx, org.Actor{}, matter.Intake{
			Channel: matter.ChannelWeb, Title: "路灯不亮", Demands: []string{"修好路灯"}, Place: 330112104, Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
		}, "")
		check(t, err)
		return r.Ref
	}
	registrar := o.actor(t, org.RoleRegistrar, unitBureau)
	governing := func(ref matter.Ref) string {
		v, err := o.Matter(ctx, registrar, ref)
		check(t, err)
		return v.Matter.RuleSet
	}
	before := register()
	check(t, o.Adopt(ctx, admin, good))
	after := register()
	if got := governing(before); got != "national-2022" {
		t.Errorf("what ran before is under %s", got)
	}
	if got := governing(after); got != "zhejiang-2016+national-2022" {
		t.Errorf("what came after is under %s", got)
	}
	check(t, o.Adopt(ctx, admin, good)) // nothing new, so nothing is recorded
	check(t, o.Adopt(ctx, admin, nil))
	if got := governing(register()); got != "national-2022" || len(o.Adopted()) != 0 {
		t.Errorf("adopted no longer, and still under %s", got)
	}
	if got := governing(after); got != "zhejiang-2016+national-2022" {
		t.Errorf("what ran under the local text is under %s", got)
	}
	page, err := o.OrgLog(ctx, admin, usecase.LogFilter{Limit: 2})
	check(t, err)
	want := [][]usecase.ChangedField{
		{{Name: "adopted", Before: "zhejiang-2016=2016-08-01"}}, {{Name: "adopted", After: "zhejiang-2016=2016-08-01"}},
	}
	for i, c := range page.Changes {
		if diff := cmp.Diff(want[i], c.Fields); diff != "" || c.Kind != "settings" || c.User != admin.User {
			t.Errorf("recorded %+v: %s", c, diff)
		}
	}
}
