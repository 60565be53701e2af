package usecase_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/storetest"
	"huiyin/internal/usecase"
)

// lay puts rows into the base file.
func (o *testOffice) lay(t testing.TB, rows []storetest.Lesson) {
	t.Helper()
	var body strings.Builder
	for _, r := range rows {
		line, err := json.Marshal(r)
		check(t, err)
		body.Write(append(line, '\n'))
	}
	check(t, os.WriteFile(filepath.Join(o.advice, "base.jsonl"), []byte(body.String()), 0o600))
}

func lessons(t testing.TB, each int, seed uint64) []storetest.Lesson {
	t.Helper()
	rows, err := storetest.Lessons(each, seed)
	check(t, err)
	return rows
}

// taught is an office that has learnt from a base file.
func taught(t testing.TB) *testOffice {
	t.Helper()
	o := newOffice(t)
	o.lay(t, lessons(t, 40, 1))
	learned, err := o.Learn(t.Context(), org.System(), quietly)
	check(t, err)
	if !learned.Replaced || learned.Rows != 120 || learned.Labels != 3 || learned.Accuracy < 0.9 {
		t.Fatalf("%+v", learned)
	}
	return o
}

const traffic = "路口红绿灯坏了，每天堵车，公交车进不了站台，出租车也过不去，班次都乱了"

// Without a model nothing is proposed; with one the likeliest category stands first with the words that speak for it, and a text that says
// nothing gets nothing.
func TestAdvise(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	who := o.actor(t, org.RoleRegistrar, unitBureau)
	in := matter.Intake{Title: "堵车", Narrative: traffic, Demands: []string{"修好"}}
	if a, err := o.Advise(who, in); err != nil || len(a.List) != 0 || a.Model != "" {
		t.Errorf("without a model: %+v %v", a, err)
	}
	o = taught(t)
	who = o.actor(t, org.RoleRegistrar, unitBureau)
	a, err := o.Advise(who, in)
	check(t, err)
	if len(a.List) == 0 || len(a.List) > 3 || a.List[0].Code != "N1301" || a.List[0].Confidence < 0.5 || len(a.List[0].Words) == 0 || a.Model == "" {
		t.Fatalf("%+v", a)
	}
	if w := a.List[0].Words[0]; !strings.Contains(traffic+"堵车", a.Text[w.From:w.To]) {
		t.Errorf("the word %q", a.Text[w.From:w.To])
	}
	if a, err := o.Advise(who, matter.Intake{Title: "你好"}); err != nil || len(a.List) != 0 {
		t.Errorf("for nothing: %+v %v", a, err)
	}
	in.Kind = matter.KindAccusation
	if a, err := o.Advise(who, in); err != nil || len(a.List) != 0 {
		t.Errorf("for an accusation: %+v %v", a, err)
	}
	for _, role := range []org.Role{org.RoleAdmin, org.RoleAuditor} {
		if _, err := o.Advise(o.actor(t, role, unitCounty), in); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// A broken file leaves the model before in force, which is said; a new one is taken up at the next refresh.
func TestModelIsTakenUpAnew(t *testing.T) {
	t.Parallel()
	o := taught(t)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	path := filepath.Join(o.advice, "category.model")
	good, err := os.ReadFile(path)
	check(t, err)
	before, err := o.Advisor(admin)
	check(t, err)
	if before.Model == "" || before.Wrong != nil || !before.Base || before.Last.Rows != 120 || before.Header.Made.Day != o.Today().String() {
		t.Errorf("%+v", before)
	}
	check(t, os.WriteFile(path, good[:len(good)/2], 0o600))
	check(t, o.Refresh(t.Context()))
	if v, err := o.Advisor(admin); err != nil || v.Model != before.Model || errs.CodeOf(v.Wrong) != "suggest.model.damaged" {
		t.Errorf("broken: %s %v %v", v.Model, v.Wrong, err)
	}
	check(t, os.WriteFile(path, good, 0o600))
	check(t, o.Refresh(t.Context()))
	if v, err := o.Advisor(admin); err != nil || v.Model != before.Model || v.Wrong != nil {
		t.Errorf("mended: %s %v %v", v.Model, v.Wrong, err)
	}
	check(t, os.Remove(path))
	check(t, o.Refresh(t.Context()))
	if v, err := o.Advisor(admin); err != nil || v.Model != "" {
		t.Errorf("gone: %s %v", v.Model, err)
	}
	if _, err := o.Advisor(o.actor(t, org.RoleRegistrar, unitBureau)); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("a registrar: %v", err)
	}
}

// The office's own decisions are learnt from, without who said it and without accusations; labels of other data are understood by one rule.
func TestLessons(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	rows := lessons(t, 40, 2)
	for i := range rows {
		if rows[i].Label == "N1401" {
			rows[i].Label = "环境保护" // as an older table calls it
		}
	}
	for range 3 {
		rows = append(rows, storetest.Lesson{Text: "不知道归哪里", Label: "教育文体"}) // was split
	}
	o.lay(t, append(rows, storetest.Lesson{Text: "。", Label: "N1301"}))
	who := o.actor(t, org.RoleRegistrar, unitBureau)
	for range 12 {
		_, err := o.Register(t.Context(), who, matter.Intake{
			Channel: matter.ChannelVisit, Title: "王小明的学费", Narrative: "学校收学费，家长王小明不服", Demands: []string{"退"}, Place: 330112104, Category: "N0701",
			Petitioners: []matter.Petitioner{{Name: "王小明", Phone: "0571-00000001"}},
		}, "")
		check(t, err)
	}
	o.narrated(t, unitDiscipline, "收钱", "某某收钱", func(in *matter.Intake) {
		in.Kind, in.Category, in.Accused = matter.KindAccusation, "N1801", []org.UnitID{unitHousing}
	})
	got, err := o.Lessons(t.Context(), org.System(), nil)
	check(t, err)
	count := map[string]int{}
	for _, r := range got.Rows {
		count[r.Label]++
		if strings.Contains(r.Text, "王小明") || strings.Contains(r.Text, "收钱") {
			t.Errorf("learnt: %s", r.Text)
		}
	}
	want := map[string]int{"N0705": 40, "N1301": 40, "N14": 40, "N07": 12}
	if d := cmp.Diff(want, count); d != "" || got.Made.Own != 12 || got.Refused != 1 || got.Unmapped["教育文体"] != 3 {
		t.Errorf("%s own %d, refused %d, unmapped %v", d, got.Made.Own, got.Refused, got.Unmapped)
	}
	if _, err := o.Lessons(t.Context(), who, nil); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("a registrar reads them: %v", err)
	}
}

// A model that is worse on what has been decided since is not taken; one that is better is.
func TestWorseModelIsNotTaken(t *testing.T) {
	t.Parallel()
	o := taught(t)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	before, err := o.Advisor(admin)
	check(t, err)
	o.now.Add((24 * time.Hour).Microseconds())
	for _, l := range lessons(t, 20, 3) {
		o.narrated(t, unitBureau, "反映一件事", l.Text, func(in *matter.Intake) { in.Category = l.Label })
	}
	upside := lessons(t, 200, 4) // a base file whose labels are one too far
	labels := []string{"N0705", "N1301", "N1401"}
	for i := range upside {
		upside[i].Label = labels[(slices.Index(labels, upside[i].Label)+1)%3]
	}
	o.lay(t, upside)
	worse, err := o.Learn(t.Context(), org.System(), quietly)
	check(t, err)
	if worse.Replaced || worse.Contest == nil || worse.Contest.Rows != 60 || worse.Contest.Lost <= worse.Contest.Won {
		t.Errorf("worse: %+v %+v", worse, worse.Contest)
	}
	if v, err := o.Advisor(admin); err != nil || v.Model != before.Model || v.Last.Replaced {
		t.Errorf("%s is in force, was %s; %v", v.Model, before.Model, err)
	}
	o.lay(t, lessons(t, 40, 5))
	better, err := o.Learn(t.Context(), org.System(), quietly)
	check(t, err)
	if !better.Replaced || better.Contest == nil || better.Contest.Rows != 60 {
		t.Errorf("better: %+v %+v", better, better.Contest)
	}
	if v, err := o.Advisor(admin); err != nil || v.Model == before.Model || v.Header.Made.Own != 60 {
		t.Errorf("%s is in force, was %s; %v", v.Model, before.Model, err)
	}
}

// What was proposed is kept with the decision, and a correction stands in its place; nothing is kept of an accusation.
func TestAdviceIsKept(t *testing.T) {
	t.Parallel()
	o := taught(t)
	_, err := o.AddLine(t.Context(), o.actor(t, org.RoleAdmin, unitCounty), usecase.Line{Category: "N1301", Place: 330112, Unit: unitHR, Why: "清单"})
	check(t, err)
	traffic := func(category string) matter.Ref {
		return o.narrated(t, unitBureau, "堵车", traffic, func(in *matter.Intake) { in.Category = category })
	}
	traffic("N1301")
	wrong := traffic("N0705")
	mended := traffic("N1401")
	o.take(t, org.RoleRegistrar, unitBureau, mended, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary, Category: "N1301"},
		&matter.Forward{Unit: unitHR, Mode: matter.ModeTransfer, Why: "归它管"})
	o.narrated(t, unitDiscipline, "堵车", "有人收钱", func(in *matter.Intake) {
		in.Kind, in.Category, in.Accused = matter.KindAccusation, "N1301", []org.UnitID{unitHousing}
	})
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	r, err := o.AdviceRecord(t.Context(), admin)
	check(t, err)
	want := []store.AdviceCount{{Taken: "N1301", Number: 2, Asked: 2, First: 2, Any: 2}, {Taken: "N0705", Number: 1, Asked: 1, First: 0, Any: 0}}
	if d := cmp.Diff(want, r.Categories); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]store.AdvicePair{{First: "N1301", Taken: "N0705", Number: 1}}, r.Confused); d != "" {
		t.Error(d)
	}
	if len(r.Units) != 1 || r.Units[0].First != 1 {
		t.Errorf("%+v", r.Units)
	}
	o.read(t, func(tx *store.Tx) error {
		rows, err := tx.Advices(t.Context(), mended)
		if len(rows) != 3 || rows[0].Taken != "N1401" || rows[1].Taken != "N1301" || rows[1].Role != org.RoleRegistrar || rows[1].Unit != unitBureau || rows[1].Seq < 2 || rows[2].Kind != "unit" {
			t.Errorf("%+v", rows)
		}
		return err
	})
	for name, c := range map[string]struct {
		who  org.Actor
		want []matter.Ref
	}{
		"supervisor of the county": {o.actor(t, org.RoleSupervisor, unitBureau), []matter.Ref{wrong}}, "supervisor of a town": {o.actor(t, org.RoleSupervisor, unitTownA), nil},
		"administrator": {admin, nil},
	} {
		rows, err := o.Confused(t.Context(), c.who, "N1301", "N0705")
		check(t, err)
		var got []matter.Ref
		for _, row := range rows {
			got = append(got, row.Ref)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if _, err := o.AdviceRecord(t.Context(), o.actor(t, org.RoleHandler, unitHR)); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("a handler reads the record: %v", err)
	}
	o.now.Add((91 * 24 * time.Hour).Microseconds())
	if r, err := o.AdviceRecord(t.Context(), admin); err != nil || len(r.Categories) != 0 {
		t.Errorf("after ninety days: %+v %v", r.Categories, err)
	}
}

// The threshold is the model's unless the office sets one; only who looks after the whole office may.
func TestAdvicePercent(t *testing.T) {
	t.Parallel()
	o := taught(t)
	admin, who := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleRegistrar, unitBureau)
	unsure := matter.Intake{Title: "学校门口的垃圾，家长反映河道的臭味、老师和学位"}
	ask := func() int {
		a, err := o.Advise(who, unsure)
		check(t, err)
		return len(a.List)
	}
	check(t, o.SaveAdvicePercent(t.Context(), admin, 99))
	if n := ask(); n != 0 {
		t.Errorf("%d proposals that are not 99 percent sure", n)
	}
	check(t, o.SaveAdvicePercent(t.Context(), admin, 1))
	if n := ask(); n == 0 {
		t.Error("no proposal that is one percent sure")
	}
	for _, percent := range []int{-1, 100} {
		if err := o.SaveAdvicePercent(t.Context(), admin, percent); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%d: %v", percent, err)
		}
	}
	for _, other := range []org.Actor{who, o.actor(t, org.RoleAdmin, unitTownA)} {
		if err := o.SaveAdvicePercent(t.Context(), other, 50); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%v: %v", other.Duty.Role, err)
		}
	}
}

// quietly tells nobody how far a training is.
func quietly(context.Context, int, int) error { return nil }
