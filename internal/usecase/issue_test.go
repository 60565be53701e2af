package usecase_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// quarry says the same thing in other words each time.
var quarry = []struct{ title, text string }{
	{"请问柳溪花园旁的采石场什么时候停工", "柳溪花园旁边的采石场夜里放炮，窗户都震裂了，老人睡不着。"},
	{"投诉柳溪花园采石场放炮扰民", "采石场每天夜里放炮，柳溪花园几百户人家受不了，墙上有裂缝。"},
	{"柳溪花园的采石场太吵了", "住在柳溪花园，采石场白天黑夜放炮，灰尘也大，请管一管。"},
	{"柳溪花园旁采石场放炮震裂墙", "采石场放炮，柳溪花园三号楼墙震裂，夜里也放。"},
	{"柳溪花园采石场夜里放炮", "采石场夜里放炮，柳溪花园的窗户震裂了，要求停工。"},
}

// quarries registers some of them at a unit.
func (o *testOffice) quarries(t testing.TB, unit org.UnitID, from, to int) (refs []matter.Ref) {
	t.Helper()
	for _, q := range quarry[from:to] {
		refs = append(refs, o.narrated(t, unit, q.title, q.text))
	}
	return refs
}

func (o *testOffice) refreshed(t testing.TB) {
	t.Helper()
	check(t, o.RefreshIssues(t.Context()))
}

func (o *testOffice) issues(t testing.TB, who org.Actor, f usecase.IssueFilter) []usecase.IssueRow {
	t.Helper()
	list, err := o.Issues(t.Context(), who, f)
	check(t, err)
	return list.Rows
}

func (o *testOffice) leader(t testing.TB) org.Actor {
	t.Helper()
	return o.actor(t, org.RoleLeader, unitBureau)
}

func (o *testOffice) decide(t testing.TB, id int64, d usecase.IssueDecision) {
	t.Helper()
	if d.Reason == "" {
		d.Reason = "看过了"
	}
	check(t, o.DecideIssue(t.Context(), o.leader(t), id, d))
}

func members(v usecase.IssueView) (refs []matter.Ref) {
	for _, m := range v.Members {
		refs = append(refs, m.Ref)
	}
	slices.SortFunc(refs, func(a, b matter.Ref) int { return int(a.N - b.N) })
	return refs
}

func (o *testOffice) issue(t testing.TB, id int64) usecase.IssueView {
	t.Helper()
	v, err := o.Issue(t.Context(), o.leader(t), id, usecase.IssueFilter{}, 0)
	check(t, err)
	return v
}

// What three say is an issue with its words, place and counts; two are none, and a refresh with nothing new changes nothing.
func TestIssueIsFound(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	refs := o.quarries(t, unitTownA, 0, 2)
	o.narrated(t, unitTownA, "路灯不亮", lamp)
	behind := func() int64 {
		v, err := o.Vitals(t.Context(), org.System())
		check(t, err)
		return v.Backlog.Unlooked
	}
	if n := behind(); n != 3 {
		t.Errorf("%d matters are to be looked at", n)
	}
	o.refreshed(t)
	if n := behind(); n != 0 {
		t.Errorf("%d matters are still to be looked at", n)
	}
	if rows := o.issues(t, o.leader(t), usecase.IssueFilter{}); len(rows) != 0 {
		t.Fatalf("two matters are %+v", rows)
	}
	refs = append(refs, o.quarries(t, unitTownA, 2, 4)...)
	o.refreshed(t)
	o.refreshed(t)
	rows := o.issues(t, o.leader(t), usecase.IssueFilter{Days: 7})
	if len(rows) != 1 {
		t.Fatalf("%d issues", len(rows))
	}
	r := rows[0]
	if _, known := r.Growth(); r.Matters != 4 || r.Persons != 4 || r.Place != 330112104202 || known || len(r.Days) != 7 || r.First != o.Today() || r.Last != o.Today() || r.Days[6].Matters != 4 {
		t.Errorf("%+v", r)
	}
	v := o.issue(t, r.ID)
	if d := cmp.Diff(refs, members(v)); d != "" {
		t.Error(d)
	}
	if !slices.Contains(v.Words, "采石场") || len(v.Examples) != 3 || !v.Decides {
		t.Errorf("words %q, %d examples, decides %v", v.Words, len(v.Examples), v.Decides)
	}
	if rows := o.issues(t, o.leader(t), usecase.IssueFilter{Place: 330112106}); len(rows) != 0 {
		t.Error("an issue lies in another town")
	}
}

// The usual is counted in the three windows of the same length before.
func TestIssueGrows(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.quarries(t, unitTownA, 0, 1)
	o.now.Add(10 * 24 * 3600 * 1_000_000)
	o.quarries(t, unitTownA, 1, 5)
	o.refreshed(t)
	rows := o.issues(t, o.leader(t), usecase.IssueFilter{Days: 7})
	if len(rows) != 1 || rows[0].Matters != 4 || rows[0].Usual != 1 {
		t.Fatalf("%+v", rows)
	}
	if percent, known := rows[0].Growth(); percent != 1200 || !known {
		t.Errorf("%d, %v: four against a third", percent, known)
	}
}

// What people decided stays as it is while more comes in.
func TestDecisionsStay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	refs := o.quarries(t, unitTownA, 0, 4)
	other := o.narrated(t, unitTownA, "路灯不亮", lamp)
	for i := range 3 {
		o.narrated(t, unitTownA, "青禾驾校不退学费", fmt.Sprint("青禾驾校关门，第", i, "期学员的学费不退，教练也找不到。"))
	}
	o.refreshed(t)
	rows := o.issues(t, o.leader(t), usecase.IssueFilter{})
	if len(rows) != 2 {
		t.Fatalf("%d issues", len(rows))
	}
	quarries, school := rows[0].ID, rows[1].ID
	o.decide(t, quarries, usecase.IssueDecision{Kind: usecase.IssueOut, Matter: refs[0]})
	o.decide(t, quarries, usecase.IssueDecision{Kind: usecase.IssueIn, Matter: other})
	o.decide(t, quarries, usecase.IssueDecision{Kind: usecase.IssueRename, Name: "采石场放炮"})
	o.decide(t, school, usecase.IssueDecision{Kind: usecase.IssueDismiss, Reason: "已经立案"})
	fifth := o.quarries(t, unitTownA, 4, 5)[0]
	o.narrated(t, unitTownA, "青禾驾校不退学费", "青禾驾校关门，第九期学员的学费不退，教练也找不到。")
	o.refreshed(t)
	v := o.issue(t, quarries)
	if d := cmp.Diff([]matter.Ref{refs[1], refs[2], refs[3], other, fifth}, members(v)); d != "" {
		t.Error(d)
	}
	if v.Name != "采石场放炮" || len(v.Out) != 1 || len(v.Acts) != 3 || v.Acts[2].Matter != refs[0] || v.Acts[2].Reason != "看过了" || v.Acts[2].Person == "" {
		t.Errorf("%q, %d out, acts %+v", v.Name, len(v.Out), v.Acts)
	}
	if rows := o.issues(t, o.leader(t), usecase.IssueFilter{}); len(rows) != 1 {
		t.Errorf("%d issues are listed, one of them dismissed", len(rows))
	}
	if rows := o.issues(t, o.leader(t), usecase.IssueFilter{Dismissed: true}); len(rows) != 1 || rows[0].Matters != 4 {
		t.Errorf("dismissed: %+v", rows)
	}
	o.decide(t, school, usecase.IssueDecision{Kind: usecase.IssueRestore})
	o.decide(t, school, usecase.IssueDecision{Kind: usecase.IssueMerge, Other: quarries})
	o.quarries(t, unitTownA, 0, 1)
	o.refreshed(t)
	if rows := o.issues(t, o.leader(t), usecase.IssueFilter{}); len(rows) != 1 || rows[0].Matters != 10 {
		t.Errorf("merged: %+v", rows)
	}
	if v := o.issue(t, school); v.ID != quarries || len(v.Merged) != 1 {
		t.Errorf("the merged one is shown as %d with %+v", v.ID, v.Merged)
	}
	if _, err := o.Issue(t.Context(), o.actor(t, org.RoleHead, unitTownB), school, usecase.IssueFilter{}, 0); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the merged one for who sees none of it: %v", err)
	}
	o.decide(t, quarries, usecase.IssueDecision{Kind: usecase.IssueSplit, Other: school})
	if rows := o.issues(t, o.leader(t), usecase.IssueFilter{}); len(rows) != 2 {
		t.Errorf("split: %+v", rows)
	}
}

// A decision has its reason and what it is about, and comes from somebody who sees all of the issue.
func TestDecisionsAreChecked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	refs := append(o.quarries(t, unitTownA, 0, 3), o.quarries(t, unitTownB, 3, 5)...)
	o.refreshed(t)
	id := o.issues(t, o.leader(t), usecase.IssueFilter{})[0].ID
	for _, tt := range []struct {
		name string
		who  org.Actor
		d    usecase.IssueDecision
		want string
	}{
		{"no reason", o.leader(t), usecase.IssueDecision{Kind: usecase.IssueDismiss}, "field.invalid"},
		{"no such act", o.leader(t), usecase.IssueDecision{Kind: "burn", Reason: "x"}, "field.invalid"},
		{"into itself", o.leader(t), usecase.IssueDecision{Kind: usecase.IssueMerge, Other: id, Reason: "x"}, "field.invalid"},
		{"into nothing", o.leader(t), usecase.IssueDecision{Kind: usecase.IssueMerge, Other: 99, Reason: "x"}, "field.invalid"},
		{"no such matter", o.leader(t), usecase.IssueDecision{Kind: usecase.IssueIn, Matter: matter.NewRef(330112, 2026, 99), Reason: "x"}, "field.invalid"},
		{"restored though not dismissed", o.leader(t), usecase.IssueDecision{Kind: usecase.IssueRestore, Reason: "x"}, "issue.already"},
		{"who sees a part", o.actor(t, org.RoleHead, unitTownA), usecase.IssueDecision{Kind: usecase.IssueOut, Matter: refs[0], Reason: "x"}, "issue.part"},
		{"a handler", o.actor(t, org.RoleHandler, unitTownA), usecase.IssueDecision{Kind: usecase.IssueDismiss, Reason: "x"}, "auth.duty"},
		{"a town's registrar", o.actor(t, org.RoleRegistrar, unitTownA), usecase.IssueDecision{Kind: usecase.IssueDismiss, Reason: "x"}, "auth.duty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := o.DecideIssue(t.Context(), tt.who, id, tt.d)
			if tt.want == "field.invalid" && errs.KindOf(err) != errs.Invalid || tt.want != "field.invalid" && errs.CodeOf(err) != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// Whoever looks, at whatever: an issue holds and counts what their scope sees and no more, and an accusation is in none.
func TestIssuesKeepToTheScope(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	at := map[matter.Ref]org.UnitID{}
	for i, unit := range []org.UnitID{unitTownA, unitTownA, unitTownA, unitTownB, unitTownB, unitTownB, unitVillageA1, unitHousing} {
		q := quarry[i%len(quarry)]
		at[o.narrated(t, unit, q.title, q.text+fmt.Sprint(i))] = unit
	}
	sealed := o.narrated(t, unitDiscipline, quarry[0].title, quarry[0].text, func(in *matter.Intake) {
		in.Kind = matter.KindAccusation
	})
	o.refreshed(t)
	rapid.Check(t, func(rt *rapid.T) {
		unit := rapid.SampledFrom([]org.UnitID{unitBureau, unitTownA, unitTownB, unitVillageA1, unitVillageB1, unitHousing, unitDiscipline}).Draw(rt, "unit")
		role := rapid.SampledFrom([]org.Role{org.RoleLeader, org.RoleHead, org.RoleSupervisor}).Draw(rt, "role")
		who := o.actor(t, role, unit)
		sees := map[matter.Ref]bool{}
		for ref := range at {
			_, err := o.Matter(t.Context(), who, ref)
			sees[ref] = err == nil
		}
		list, err := o.Issues(t.Context(), who, usecase.IssueFilter{Days: rapid.SampledFrom(usecase.IssueWindows()).Draw(rt, "days")})
		if err != nil {
			rt.Fatal(err)
		}
		want := 0
		for _, s := range sees {
			if s {
				want++
			}
		}
		if want < 3 {
			want = 0
		}
		got := 0
		for _, r := range list.Rows {
			got += r.Matters
			v, err := o.Issue(t.Context(), who, r.ID, usecase.IssueFilter{}, 0)
			if err != nil {
				rt.Fatal(err)
			}
			for _, m := range members(v) {
				if !sees[m] || m == sealed {
					rt.Errorf("%s at %d is shown %s", role, unit, m)
				}
			}
			for _, e := range v.Examples {
				if !sees[e.Ref] {
					rt.Errorf("%s at %d reads %s", role, unit, e.Ref)
				}
			}
		}
		if got != want {
			rt.Errorf("%s at %d is told of %d matters, sees %d", role, unit, got, want)
		}
	})
}

// What was alike is forgotten once no new matter is compared with it, so many matters at a time, and the issues stay.
func TestSweepForgetsWhatWasAlike(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	refs := o.quarries(t, unitTownA, 0, 3)
	o.refreshed(t)
	near := func() (n int) {
		t.Helper()
		check(t, o.Store.Read(t.Context(), func(tx *store.Tx) error {
			found, err := tx.NearTo(t.Context(), refs[0].Home, []int64{refs[0].N, refs[1].N, refs[2].N})
			n = len(found)
			return err
		}))
		return n
	}
	check(t, o.Sweep(t.Context()))
	if near() == 0 {
		t.Fatal("what can still be compared is forgotten")
	}
	o.moveTo(o.Today() + 181)
	check(t, o.Sweep(t.Context()))
	if n := near(); n != 0 {
		t.Errorf("%d pairs are kept", n)
	}
	if v := o.issue(t, 1); len(v.Members) != 3 {
		t.Errorf("the issue has %d matters", len(v.Members))
	}
}
