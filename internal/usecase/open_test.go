package usecase_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/open"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// flood files some petitions on each of some days, more in some towns and about some things than in others.
func (o *testOffice) flood(t *testing.T, months int) {
	t.Helper()
	chance := rand.New(rand.NewPCG(1, 2))
	categories := o.Places.Current().Rows
	towns, err := o.Places.Children(330112)
	check(t, err)
	for m := 1; m <= months; m++ {
		o.moveTo(law.NewDay(2026, time.Month(m), 9))
		for n := range 18 + chance.IntN(8) {
			place := int64(330112104)
			if n%3 == 1 {
				place = towns[0].Code
			} else if n%7 == 2 {
				place = append(towns, gazetteer.Place{Code: 330109})[chance.IntN(len(towns)+1)].Code
			}
			_, err := o.Register(t.Context(), org.Actor{}, matter.Intake{
				Channel: matter.ChannelWeb, Title: fmt.Sprintf("第%d件", n), Demands: []string{"修好"}, Place: place, Category: categories[chance.IntN(3)*chance.IntN(40)].Code,
				Petitioners: []matter.Petitioner{{Name: "王小芳", Phone: fmt.Sprintf("0571-%04d%04d", m, n)}},
			}, "")
			check(t, err)
		}
	}
}

// shownIn rebuilds what anybody knows of a measure from the tables alone, for the attack.
func shownIn(t *testing.T, o *testOffice, period string, by usecase.StatBy, m usecase.OpenMeasure) open.Kept {
	t.Helper()
	var counts map[usecase.StatBy]map[string]open.Kept
	o.read(t, func(tx *store.Tx) error {
		p, err := tx.PublishedOf(t.Context(), period)
		check(t, json.Unmarshal([]byte(p.Counts), &counts))
		return err
	})
	k := counts[by][m.ID]
	p, err := o.Published(t.Context(), period)
	check(t, err)
	table := p.Table(by)
	// what is kept beside is what the tables show, no more and no less
	if table.All().Shows(m.ID) != k.Total {
		t.Errorf("%s %s %s: total shown %v", period, by, m.ID, table.All().Shows(m.ID))
	}
	for _, r := range table.Rows {
		if r.Kind == usecase.OpenRowOne && r.Shows(m.ID) != k.Shows(r.Code) {
			t.Errorf("%s %s %s, row %s: shown %v", period, by, m.ID, r.Name, r.Shows(m.ID))
		}
		for _, n := range r.Counts[m.ID] {
			if n != 0 && n < p.Least {
				t.Errorf("%s %s %s, row %q shows %d", period, by, m.ID, r.Name, n)
			}
		}
	}
	return k
}

// Closed periods are published once, in order, and nobody finds out a hidden count from all of them together.
func TestPublish(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.flood(t, 7)
	o.registerSealed(t)
	check(t, o.SaveProtection(ctx, org.System(), 5, "镇街小"))
	o.moveTo(law.NewDay(2026, 8, 19))
	if _, err := o.PublishPeriod(ctx, org.System(), "2026-07"); errs.CodeOf(err) != "open.early" {
		t.Errorf("before anything is settled: %v", err)
	}
	o.moveTo(law.NewDay(2026, 8, 20))
	check(t, o.PublishNightly(ctx))
	check(t, o.PublishNightly(ctx)) // once is enough
	check(t, o.RunJobs(ctx))
	heads, err := o.PublishedHeads(ctx)
	check(t, err)
	var periods []string
	for _, h := range heads {
		periods = append(periods, h.Period)
	}
	if want := []string{"2026-07", "2026-Q2", "2026-06", "2026-05", "2026-04", "2026-Q1", "2026-03", "2026-02", "2026-01"}; len(periods) != len(want) || !slices.Contains(periods, "2026-07") {
		t.Fatalf("published %v", periods)
	}
	if again, err := o.PublishDue(ctx, nil); err != nil || len(again) != 0 {
		t.Errorf("published again: %v, %v", again, err)
	}
	if _, err := o.PublishPeriod(ctx, org.System(), "2026-07"); errs.CodeOf(err) != "open.already" {
		t.Errorf("%v", err)
	}
	hidden := 0
	for _, by := range usecase.OpenBys() {
		for _, m := range usecase.OpenMeasures() {
			var kept []open.Kept
			for _, p := range periods {
				k := shownIn(t, o, p, by, m)
				hidden += len(k.Merged)
				kept = append(kept, k)
			}
			open.Attack(kept, func(k open.Kept, row string, column, n int) {
				t.Errorf("%s %s %s: row %q, column %d is %d", by, m.ID, k.Period, row, column, n)
			})
		}
	}
	if hidden == 0 {
		t.Error("there was nothing to hide")
	}
	july, err := o.Published(ctx, "2026-07")
	check(t, err)
	want, err := o.Figures(ctx, o.actor(t, org.RoleLeader, unitBureau), usecase.FigureAsk{
		Indicators: []string{"submissions"}, Period: stat.Period{From: law.NewDay(2026, 7, 1), To: law.NewDay(2026, 7, 31), AsOf: law.NewDay(2026, 8, 20)},
	})
	check(t, err)
	all := july.Table(usecase.ByPlace).All().Counts[usecase.OpenCame]
	if len(all) != 1 || all[0] != want.All[0].Sum || !slices.Equal(all, july.Table(usecase.ByCategory).All().Counts[usecase.OpenCame]) {
		t.Errorf("%v came, %d did, sealed ones apart", all, want.All[0].Sum)
	}
	for _, period := range []string{"2025-01", "2026-13", "2026", "", "x"} {
		if _, err := o.Published(ctx, period); errs.CodeOf(err) != "open.period" {
			t.Errorf("%q: %v", period, err)
		}
	}
}

// What is published stays; it is put right or withdrawn by an administrator of the whole, on record, and a correction shows nothing that was hidden.
func TestChangePublished(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.flood(t, 1)
	o.moveTo(law.NewDay(2026, 3, 20))
	_, err := o.PublishPeriod(ctx, org.System(), "2026-01")
	check(t, err)
	first, err := o.Published(ctx, "2026-01")
	check(t, err)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	for name, who := range map[string]org.Actor{"a town's administrator": o.actor(t, org.RoleAdmin, unitTownB), "the leader": o.actor(t, org.RoleLeader, unitCounty), "nobody": {}} {
		for doing, err := range map[string]error{
			"publish":  func() error { _, err := o.PublishPeriod(ctx, who, "2026-02"); return err }(),
			"withdraw": o.ChangePublished(ctx, who, "2026-01", usecase.OpenWithdraw, "错了"),
			"protect":  o.SaveProtection(ctx, who, 5, "少"),
			"look":     func() error { _, _, err := o.Protection(ctx, who); return err }(),
		} {
			if k := errs.KindOf(err); k != errs.Forbidden && k != errs.Unauthenticated {
				t.Errorf("%s may %s: %v", name, doing, err)
			}
		}
	}
	for code, err := range map[string]error{
		"open.same":   o.ChangePublished(ctx, admin, "2026-01", usecase.OpenCorrect, "错了"),
		"open.period": o.ChangePublished(ctx, admin, "2025-12", usecase.OpenCorrect, "错了"),
	} {
		if errs.CodeOf(err) != code {
			t.Errorf("%v, not %s", err, code)
		}
	}
	for path, err := range map[string]error{
		"reason": o.ChangePublished(ctx, admin, "2026-01", usecase.OpenWithdraw, " "), "act": o.ChangePublished(ctx, admin, "2026-01", "burn", "错了"), "least": o.SaveProtection(ctx, admin, 4, "少"),
	} {
		if e, ok := errorOf(err); !ok || len(e.Fields) != 1 || e.Fields[0].Path != path {
			t.Errorf("%s: %v", path, err)
		}
	}
	// a letter of January is entered late: what is published stays until it is put right
	o.moveTo(law.NewDay(2026, 1, 20))
	o.file(t, "补登的信")
	o.moveTo(law.NewDay(2026, 3, 20))
	if p, err := o.Published(ctx, "2026-01"); err != nil || p.Version != 1 || p.Table(usecase.ByPlace).All().Counts[usecase.OpenCame][0] != first.Table(usecase.ByPlace).All().Counts[usecase.OpenCame][0] {
		t.Errorf("it changed by itself: %+v, %v", p.PublishedHead, err)
	}
	check(t, o.ChangePublished(ctx, admin, "2026-01", usecase.OpenWithdraw, "漏了一件"))
	if p, err := o.Published(ctx, "2026-01"); err != nil || !p.Withdrawn || len(p.Tables) != 0 || p.PublishedHead.Reason != "漏了一件" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := o.OpenFile(ctx, "outcomes-2026-01-by-place.csv"); errs.CodeOf(err) != "open.withdrawn" || errs.KindOf(err) != errs.NotFound {
		t.Errorf("%v", err)
	}
	if err := o.ChangePublished(ctx, admin, "2026-01", usecase.OpenWithdraw, "再"); errs.CodeOf(err) != "open.withdrawn" {
		t.Errorf("%v", err)
	}
	check(t, o.ChangePublished(ctx, admin, "2026-01", usecase.OpenCorrect, "补上一件"))
	p, err := o.Published(ctx, "2026-01")
	check(t, err)
	if p.Version != 3 || p.AsOf != first.AsOf || p.Least != first.Least {
		t.Errorf("%+v", p.PublishedHead)
	}
	for _, by := range usecase.OpenBys() {
		for _, r := range p.Table(by).Rows {
			i := slices.IndexFunc(first.Table(by).Rows, func(x usecase.OpenRow) bool { return x.Kind == r.Kind && x.Code == r.Code })
			for id := range r.Counts {
				if i >= 0 && !first.Table(by).Rows[i].Shows(id) {
					t.Errorf("%s: the correction shows %s of %q", by, id, r.Name)
				}
			}
		}
	}
	history, err := o.PublishedHistory(ctx)
	check(t, err)
	if len(history) != 3 || history[0].User != admin.User || history[2].User != 0 {
		t.Errorf("%+v", history)
	}
	page, err := o.OrgLog(ctx, o.actor(t, org.RoleAuditor, unitCounty), usecase.LogFilter{Limit: 10})
	check(t, err)
	if !slices.ContainsFunc(page.Changes, func(c usecase.OrgChange) bool {
		return c.Kind == "published" && c.Record["open_reason"] == "补上一件"
	}) {
		t.Errorf("not on record: %+v", page.Changes)
	}
	check(t, o.SaveProtection(ctx, admin, 20, "人少"))
	if least, reason, err := o.Protection(ctx, admin); least != 20 || reason != "人少" || err != nil {
		t.Errorf("%d %s %v", least, reason, err)
	}
}

// The files say what the page says: a table for spreadsheets, in which nothing is run, and for programs by the published schema.
func TestOpenFiles(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.flood(t, 1)
	o.moveTo(law.NewDay(2026, 3, 20))
	_, err := o.PublishPeriod(ctx, org.System(), "2026-01")
	check(t, err)
	p, err := o.Published(ctx, "2026-01")
	check(t, err)
	var schema map[string]any
	check(t, json.Unmarshal(usecase.OpenSchema(), &schema))
	for _, by := range usecase.OpenBys() {
		for _, name := range usecase.OpenFiles("2026-01", by) {
			f, err := o.OpenFile(ctx, name)
			check(t, err)
			if f.AtUS != p.AtUS {
				t.Errorf("%s is of %d", name, f.AtUS)
			}
			if strings.HasSuffix(name, ".json") {
				var d map[string]any
				check(t, json.Unmarshal(f.Content, &d))
				for _, fault := range faults(schema, schema, d, name) {
					t.Error(fault)
				}
				if rows, _ := d["rows"].([]any); len(rows) != len(p.Table(by).Rows) {
					t.Errorf("%s has %d rows", name, len(rows))
				}
				continue
			}
			if !bytes.HasPrefix(f.Content, []byte("\ufeff")) {
				t.Errorf("%s has no mark", name)
			}
			rows, err := csv.NewReader(bytes.NewReader(f.Content[3:])).ReadAll()
			check(t, err)
			if len(rows) != len(p.Table(by).Rows)+1 || len(rows[0]) != 4+len(usecase.OpenColumns()) {
				t.Errorf("%s: %d rows of %d", name, len(rows), len(rows[0]))
			}
			for i, r := range p.Table(by).Rows {
				want := "*"
				if r.Kind == usecase.OpenRowRest {
					want = ""
				}
				if r.Shows(usecase.OpenCame) {
					want = strconv.Itoa(r.Counts[usecase.OpenCame][0])
				}
				if rows[i+1][4] != want {
					t.Errorf("%s, %s: %s, not %s", name, r.Name, rows[i+1][4], want)
				}
				for _, cell := range rows[i+1] {
					if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
						t.Errorf("%s runs %q", name, cell)
					}
				}
			}
		}
	}
	for _, name := range []string{"outcomes-2026-01-by-person.csv", "outcomes-2026-01-by-place.xlsx", "2026-01-by-place.csv", ""} {
		if _, err := o.OpenFile(ctx, name); errs.CodeOf(err) != "open.file" {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := o.OpenFile(ctx, "outcomes-2025-01-by-place.csv"); errs.CodeOf(err) != "open.period" {
		t.Errorf("%v", err)
	}
	bad := map[string]any{"schema": 1.0, "by": "person", "extra": true}
	if len(faults(schema, schema, bad, "bad")) < 5 {
		t.Errorf("the check is asleep: %v", faults(schema, schema, bad, "bad"))
	}
}

// faults checks a value by that part of JSON Schema that the published one uses; the browser tests check it with a full one.
func faults(root, schema map[string]any, v any, at string) (out []string) {
	say := func(text string) { out = append(out, at+": "+text) }
	if ref, ok := schema["$ref"].(string); ok {
		defs, _ := root["$defs"].(map[string]any)
		def, _ := defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		return faults(root, def, v, at)
	}
	if want, ok := schema["const"]; ok && v != want {
		say(fmt.Sprintf("%v is not %v", v, want))
	}
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, v) {
		say(fmt.Sprintf("%v is none of %v", v, list))
	}
	types := []any{schema["type"]}
	if list, ok := schema["type"].([]any); ok {
		types = list
	}
	kind := map[bool]string{true: "integer", false: "number"}
	is := "null"
	switch v := v.(type) {
	case string:
		is = "string"
	case bool:
		is = "boolean"
	case float64:
		is = kind[v == float64(int64(v))]
		if low, ok := schema["minimum"].(float64); ok && v < low {
			say("too low")
		}
	case []any:
		is = "array"
		for i, item := range v {
			if items, ok := schema["items"].(map[string]any); ok {
				out = append(out, faults(root, items, item, fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	case map[string]any:
		is = "object"
		properties, _ := schema["properties"].(map[string]any)
		for name, value := range v {
			if p, ok := properties[name].(map[string]any); ok {
				out = append(out, faults(root, p, value, at+"."+name)...)
			} else if schema["additionalProperties"] == false {
				say("unknown " + name)
			}
		}
		if required, ok := schema["required"].([]any); ok {
			for _, name := range required {
				word, _ := name.(string)
				if _, has := v[word]; !has {
					say("missing " + word)
				}
			}
		}
	}
	if types[0] != nil && !slices.Contains(types, any(is)) && (is != "integer" || !slices.Contains(types, any("number"))) {
		say(is + " is not allowed")
	}
	return out
}
