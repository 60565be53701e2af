package usecase_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// populated is a desk with three matters, two looks and one upload, everything in its place in the log.
func populated(tb testing.TB) desk {
	tb.Helper()
	d := openDesk(tb, tb.TempDir())
	text := message("1", "2019/9/2 09:30:00", "2019/9/12 15:00:00", "路灯", "已修复。") +
		message("2", "2019/9/2 09:31:00", "2019/9/12 15:00:00", "停车", "已说明。") +
		message("3", "2019/9/2 09:32:00", "2019/9/12 15:00:00", "噪音", "已整改。")
	d.take(tb, "m.jsonl", []byte(text), mapping(tb, "messages_with_replies.json"), false)
	all := d.all(tb)
	who := org.Actor{Kind: org.ActorStaff, User: 9, Duty: org.Duty{ID: 1, User: 9, Role: org.RoleRegistrar, Unit: 2, Scope: 2}}
	for range 2 {
		_, err := d.OpenIdentity(tb.Context(), who, all[0].Matter.Ref, all[0].Matter.First, "contact", "核实地址")
		check(tb, err)
	}
	row, err := d.Attach(tb.Context(), who, county, usecase.Upload{Name: "a.txt", Mime: "text/plain", Content: []byte("附件")})
	check(tb, err)
	ref := all[1].Matter.Ref
	check(tb, d.store.Update(tb.Context(), county, func(t *store.Tx) error {
		_, err := t.ClaimAttachments(tb.Context(), ref, ref, []string{row.ID})
		return err
	}))
	return d
}

// tamper changes the database behind the program's back.
func (d desk) tamper(tb testing.TB, statements ...string) {
	tb.Helper()
	db, err := sql.Open("sqlite", filepath.Join(d.dir, usecase.DatabaseName))
	check(tb, err)
	defer func() { check(tb, db.Close()) }()
	for _, s := range statements {
		r, err := db.ExecContext(tb.Context(), s)
		check(tb, err)
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			tb.Fatalf("%s: changed nothing (%v)", s, err)
		}
	}
}

// Whatever is changed behind the program's back, verification names it.
func TestVerifyFindsTampering(t *testing.T) {
	const first = `home = 330112 and matter_id = (select min(matter_id) from matter)`
	const gone = `(select max(matter_id) from submission)`
	for _, c := range []struct {
		name string
		do   []string
		want []string // codes, in the order they are found
		seq  int64
	}{
		{"nothing", nil, nil, 0},
		{"a body", []string{`update event set body = cast(replace(cast(body as text), 'ordinary', 'urgent') as blob) where seq = 2 and ` + first}, []string{"verify.event.changed"}, 2},
		{"a day", []string{`update event set day = '2019-09-03' where seq = 4 and ` + first}, []string{"verify.event.changed"}, 4},
		{"a day that is none", []string{`update event set day = 'soon' where seq = 4 and ` + first}, []string{"verify.event.unreadable"}, 0},
		{"an instant", []string{`update event set at_us = at_us + 1 where seq = 5 and ` + first}, []string{"verify.event.changed"}, 5},
		{"an actor", []string{`update event set actor = '{"kind":"staff","user":4}' where seq = 3 and ` + first}, []string{"verify.event.changed"}, 3},
		{"a kind", []string{`update event set kind = 'signed' where seq = 3 and ` + first}, []string{"verify.event.changed"}, 3},
		{"an event in the middle", []string{`delete from event where seq = 4 and ` + first}, []string{"verify.event.missing"}, 4},
		{"the last event", []string{`delete from event where seq = 9 and ` + first}, []string{"verify.event.missing", "verify.event.gone"}, 9},
		{
			"the last event, and the row fits it",
			[]string{`delete from event where seq = 9 and ` + first, `update matter set version = 8 where ` + first},
			[]string{"verify.event.unlogged", "verify.event.gone"},
			8,
		},
		{
			"a whole matter",
			[]string{
				`delete from look`, `delete from party where submission_id = ` + gone, `delete from clock where matter_id = ` + gone,
				`delete from matter_unit where matter_id = ` + gone, `delete from event where matter_id = ` + gone,
				`delete from submission where submission_id = ` + gone, `delete from matter where matter_id = (select max(matter_id) from matter)`,
			},
			[]string{"verify.event.gone", "verify.event.gone", "verify.look.missing", "verify.look.missing"},
			1,
		},
		{"a matter's row", []string{`delete from matter where matter_id = (select max(matter_id) from matter)`}, []string{"verify.matter.gone"}, 1},
		{"an entry of the log", []string{`update chain set leaf = zeroblob(32) where pos = 3`}, []string{"verify.event.differs", "verify.log.changed"}, -1},
		{"what an entry is for", []string{`update chain set kind = 'other' where pos = 1`}, []string{"verify.log.changed"}, 0},
		{"an entry taken out", []string{`delete from chain where pos = 3`}, []string{"verify.log.missing"}, 0},
		{"the end of the log", []string{`delete from chain where pos = (select max(pos) from chain)`}, []string{"verify.look.unlogged"}, 0},
		{"a look's reason", []string{`update look set reason = 'serve' where look_id = 1`}, []string{"verify.look.changed"}, 0},
		{"who looked", []string{`update look set user_id = 8 where look_id = 2`}, []string{"verify.look.changed"}, 0},
		{"a look", []string{`delete from look where look_id = 1`}, []string{"verify.look.missing", "verify.look.missing"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := populated(t)
			_, err := d.Sequence(t.Context())
			check(t, err)
			d.tamper(t, c.do...)
			v, err := d.Verify(t.Context(), org.System(), usecase.VerifyOptions{Files: true})
			check(t, err)
			var got []string
			for _, f := range v.Findings {
				got = append(got, f.Code)
				if f.Home != county {
					t.Errorf("home %d", f.Home)
				}
			}
			if !slices.Equal(got, c.want) || v.Sound() != (c.want == nil) {
				t.Fatalf("found %+v", v.Findings)
			}
			if c.seq > 0 && v.Findings[0].Seq != c.seq {
				t.Errorf("at %+v, want event %d", v.Findings[0], c.seq)
			}
			if c.want == nil && (v.Matters != 3 || v.Events != 27 || v.Entries != 8 || v.Looks != 2 || v.Files != 1 || v.Waiting != 0) {
				t.Errorf("%+v", v)
			}
		})
	}
}

// What waits for its place in the log is no fault, and is counted; taken off the queue it is one.
func TestVerifyWaiting(t *testing.T) {
	d := populated(t)
	v, err := d.Verify(t.Context(), org.System(), usecase.VerifyOptions{})
	check(t, err)
	if !v.Sound() || v.Waiting != 8 || v.Entries != 0 {
		t.Errorf("%+v", v)
	}
	d.tamper(t, `delete from leaf where kind = 'look' and subject = (select max(subject) from leaf where kind = 'look')`)
	v, err = d.Verify(t.Context(), org.System(), usecase.VerifyOptions{})
	check(t, err)
	if len(v.Findings) != 1 || v.Findings[0].Code != "verify.look.unlogged" {
		t.Errorf("%+v", v)
	}
}

func TestVerifyFiles(t *testing.T) {
	for _, c := range []struct {
		name, want string
		do         func(path string) error
	}{
		{"missing", "verify.file.missing", os.Remove},
		{"changed", "verify.file.changed", func(path string) error {
			return os.WriteFile(path, []byte("another content, long enough to look like one"), 0o600)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := populated(t)
			found, err := filepath.Glob(filepath.Join(d.dir, usecase.FilesName, "*", "*"))
			check(t, err)
			if len(found) != 1 {
				t.Fatalf("%v", found)
			}
			check(t, c.do(found[0]))
			v, err := d.Verify(t.Context(), org.System(), usecase.VerifyOptions{Files: true})
			check(t, err)
			if len(v.Findings) != 1 || v.Findings[0].Code != c.want || v.Findings[0].File == "" {
				t.Errorf("%+v", v.Findings)
			}
		})
	}
}

func TestVerifyIsTheAuditors(t *testing.T) {
	d := openDesk(t, t.TempDir())
	for role, want := range map[org.Role]bool{org.RoleAuditor: true, org.RoleAdmin: false, org.RoleRegistrar: false} {
		_, err := d.Verify(t.Context(), org.Actor{Kind: org.ActorStaff, User: 9, Duty: org.Duty{Role: role, Unit: 2, Scope: 1}}, usecase.VerifyOptions{})
		if (err == nil) != want {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// What lies beside the events follows from them; where it does not, it is named, and written anew if asked.
func TestRebuild(t *testing.T) {
	for _, c := range []struct {
		name, do, want string
	}{
		{"state", `update matter set state = 'served'`, "rebuild.row"},
		{"due day", `update matter set due_day = '2019-01-01'`, "rebuild.row"},
		{"a clock", `update clock set legal_day = '2030-01-01' where rule = 'D05'`, "rebuild.clock"},
		{"a clock gone", `delete from clock where rule = 'D01'`, "rebuild.clock"},
		{"a clock too many", `update clock set clock_key = 'D99' where rule = 'D07'`, "rebuild.clock"},
		{"a unit too many", `update matter_unit set unit_id = 3`, "rebuild.units"},
		{"a unit gone", `delete from matter_unit`, "rebuild.units"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := populated(t)
			_, err := d.Sequence(t.Context())
			check(t, err)
			d.tamper(t, c.do)
			for _, fix := range []bool{false, true} {
				r, err := d.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{Fix: fix})
				check(t, err)
				if r.Matters != 3 || len(r.Differences) < 3 || r.Differences[0].Code != c.want || (r.Fixed == 3) != fix {
					t.Errorf("fix %v: %+v", fix, r)
				}
			}
			assertSound(t, d)
		})
	}
	t.Run("the search index", func(t *testing.T) {
		d := populated(t)
		d.tamper(t, `delete from matter_fts`)
		_, err := d.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{Fix: true})
		check(t, err)
		page, err := d.Find(t.Context(), org.System(), matter.Search{Filter: matter.Filter{View: matter.ViewEnded, Limit: 10}, Words: query.Plain("路灯")})
		check(t, err)
		if len(page.Rows) != 1 {
			t.Errorf("%d found", len(page.Rows))
		}
	})
	d := openDesk(t, t.TempDir())
	who := org.Actor{Kind: org.ActorStaff, User: 9, Duty: org.Duty{Role: org.RoleAdmin, Unit: 2, Scope: 1}}
	if _, err := d.Rebuild(t.Context(), who, usecase.RebuildOptions{}); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("%v", err)
	}
}
