package usecase_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/intake"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// state is what there is of every matter of the county: its events, all that lies beside them, its people and uploads.
func state(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	check(t, s.Read(t.Context(), func(tx *store.Tx) error {
		refs, err := tx.MattersAfter(t.Context(), county, 0, 1000)
		if err != nil {
			return err
		}
		for _, ref := range refs {
			var b strings.Builder
			say := func(what any, err error) {
				check(t, err)
				fmt.Fprintf(&b, "%+v\n", what)
			}
			events, err := tx.Events(t.Context(), ref)
			for _, e := range events {
				say([]any{e.Seq, e.AtUS, e.Kind, string(e.Actor), hex.EncodeToString(e.Body), hex.EncodeToString(e.Link)}, err)
			}
			row, err := tx.Matter(t.Context(), org.System().Scope(), ref)
			say(row, err)
			clocks, err := tx.Clocks(t.Context(), ref)
			say(clocks, err)
			units, open, err := tx.UnitsOf(t.Context(), ref)
			say(units, err)
			say(open, err)
			submission, err := tx.Submission(t.Context(), ref)
			say(submission, err)
			people, err := tx.Parties(t.Context(), county, []int64{ref.N})
			say(people, err)
			facts, err := tx.FactsOf(t.Context(), county, []int64{ref.N})
			for _, f := range facts {
				say(f.Facts, err)
			}
			uploads, err := tx.Attachments(t.Context(), ref)
			for _, a := range uploads {
				say(a.ID, err)
			}
			out[ref.String()] = b.String()
		}
		return nil
	}))
	return out
}

// restored opens a backup of an office in a new folder.
func (o *testOffice) restored(t *testing.T, file string) (*usecase.Office, *store.Store) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	_, err := usecase.Restore(t.Context(), file, dir)
	check(t, err)
	migrations, err := store.Migrations()
	check(t, err)
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Migrations: migrations, Now: o.now.Load, Rehearse: true})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	c := o.Config
	c.Store = s
	c.Files, err = usecase.NewFiles(filepath.Join(dir, usecase.FilesName), o.Vault)
	check(t, err)
	office, err := usecase.New(t.Context(), c)
	check(t, err)
	return office, s
}

// A backup is brought back to what the office was before each of its steps, by the clock and by the event: matters, people and uploads are as they were, every chain holds, and
// all that follows from the events follows from those that are left.
func TestRewind(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	desk := o.actor(t, org.RoleRegistrar, unitBureau)
	var first, second, joined, sealed matter.Ref
	upload := func(name string) string { return o.hand(t, county, name, "text/plain", []byte(name)) }
	early := upload("early.txt")
	type step struct {
		name string
		do   func()
		by   func() string // the event by which it is named, too
	}
	steps := []step{
		{"a registration with a file", func() {
			first = o.narrated(t, unitBureau, "石墙压塌水渠", canal, func(in *matter.Intake) { in.Attachments = []string{upload("photo.txt")} })
		}, func() string { return first.String() + "/1" }},
		{"a step of two events", func() {
			o.take(t, org.RoleRegistrar, unitBureau, first, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary},
				&matter.Forward{Unit: unitVillageA1, Mode: matter.ModeTransfer, Why: "归村里"})
		}, func() string { return first.String() + "/3" }},
		{"another registration", func() { second = o.narrated(t, unitBureau, "路灯不亮", lamp) }, nil},
		{"a look into an identity that stays", func() {
			_, err := o.OpenIdentity(ctx, desk, first, first, "contact", "核实地址")
			check(t, err)
		}, nil},
		{"an accusation", func() { sealed = o.registerSealed(t) }, func() string { return sealed.String() + "/1" }},
		{"signed and accepted", func() { o.take(t, org.RoleHandler, unitVillageA1, first, &matter.Sign{}, &matter.Accept{}) }, nil},
		{"one to be joined", func() { joined = o.narrated(t, unitBureau, "路灯不亮", lamp) }, nil},
		{"a look into the accusation", func() {
			_, err := o.OpenIdentity(ctx, o.actor(t, org.RoleDiscipline, unitDiscipline), sealed, sealed, "verify", "核实举报人")
			check(t, err)
		}, nil},
		{"joined", func() { check(t, o.Join(ctx, desk, second, joined, "同一件事")) }, func() string { return joined.String() + "/2" }},
		{"an import of what was long ago", func() {
			text := message("1", "2019/9/2 09:30:00", "2019/9/12 15:00:00", "停车", "已说明。")
			m := mapping(t, "messages_with_replies.json")
			rows, err := intake.Open("m.jsonl", bytes.NewReader([]byte(text)), int64(len(text)), m.Options())
			check(t, err)
			check(t, o.Import(ctx, org.System(), rows, m, intake.NewReport("m.jsonl", nil), usecase.ImportOptions{Place: county, Say: say}))
		}, nil},
		{"separated", func() { check(t, o.Separate(ctx, desk, second, joined, "不是一件事")) }, nil},
		{"a file added by the petitioner", func() {
			own := org.Actor{Kind: org.ActorPetitioner, Home: first.Home, Submission: first.N}
			_, err := o.Do(ctx, own, first, 0, &matter.AddMaterial{Text: "补充", Attachments: []string{early}})
			check(t, err)
		}, nil},
	}
	accused := slices.IndexFunc(steps, func(s step) bool { return s.name == "an accusation" })
	type point struct {
		at     int64
		before map[string]string
	}
	points := make([]point, len(steps))
	for i, s := range steps {
		o.now.Add((7 * time.Minute).Microseconds())
		points[i] = point{o.now.Load(), state(t, o.store)}
		s.do()
		if i%3 != 1 { // else the log takes it up with what comes next, within a minute
			o.now.Add(time.Second.Microseconds())
		}
		_, err := o.Sequence(ctx)
		check(t, err)
	}
	o.now.Add((7 * time.Minute).Microseconds())
	last := o.narrated(t, unitBureau, "井盖松动", "夜里响") // waits for its place in the log
	o.now.Add(time.Second.Microseconds())
	file := filepath.Join(t.TempDir(), "b.tar")
	m, err := o.Backup(ctx, file, "")
	check(t, err)
	end := state(t, o.store)

	back := func(t *testing.T, before usecase.Point, want map[string]string, sound bool) usecase.Rewound {
		t.Helper()
		office, s := o.restored(t, file)
		r, err := office.Rewind(ctx, org.System(), usecase.RewindOptions{Before: before, TakenUS: m.AtUS})
		check(t, err)
		if d := cmp.Diff(want, state(t, s)); d != "" {
			t.Error(d)
		}
		if !sound {
			return r
		}
		v, err := office.Verify(ctx, org.System(), usecase.VerifyOptions{Files: true})
		check(t, err)
		if !v.Sound() || v.Waiting != 0 || v.Matters != len(want) {
			t.Errorf("verified: %+v", v)
		}
		again, err := office.Rebuild(ctx, org.System(), usecase.RebuildOptions{})
		check(t, err)
		if len(again.Differences) > 0 {
			t.Errorf("rebuilt: %+v", again)
		}
		check(t, s.Check(ctx))
		return r
	}
	for i, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			// a look stays on record as long as the submission does, unless one before it was into a submission that went: the accusation was the second
			if r := back(t, usecase.Point{AtUS: points[i].at}, points[i].before, true); r.Looks != (i <= accused) {
				t.Errorf("looks went: %v", r.Looks)
			}
			if s.by != nil {
				p, err := usecase.ParsePoint(s.by())
				check(t, err)
				back(t, p, points[i].before, false)
			}
		})
	}
	t.Run("what waits for the log", func(t *testing.T) {
		want := end
		delete(want, last.String())
		if r := back(t, usecase.Point{Matter: last, Seq: 1}, want, true); r.Gone != 1 || r.Events != 1 || r.Matters != 0 || r.Looks {
			t.Errorf("%+v", r)
		}
	})
	office, _ := o.restored(t, file)
	for name, c := range map[string]struct {
		p    usecase.Point
		code string
	}{
		"an event that is not there": {usecase.Point{Matter: first, Seq: 99}, "rewind.no_event"}, "a time behind the backup": {usecase.Point{AtUS: m.AtUS + 1}, "rewind.later"},
	} {
		if _, err := office.Rewind(ctx, org.System(), usecase.RewindOptions{Before: c.p, TakenUS: m.AtUS}); errs.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := office.Rewind(ctx, desk, usecase.RewindOptions{Before: usecase.Point{AtUS: 1}, TakenUS: m.AtUS}); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("a registrar: %v", err)
	}
	// what came later may be registered again, under a number that nobody was given before
	if _, err := office.Rewind(ctx, org.System(), usecase.RewindOptions{Before: usecase.Point{AtUS: points[2].at}, TakenUS: m.AtUS}); err != nil {
		t.Fatal(err)
	}
	r, err := office.Register(ctx, desk, matter.Intake{
		Channel: matter.ChannelVisit, Title: "路灯不亮", Narrative: lamp, Demands: []string{"请予解决"}, Place: 330112104202, Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}, "")
	check(t, err)
	if r.Ref.N <= last.N {
		t.Errorf("the number %s is given twice", r.Ref)
	}
}

// Points in time are read as people write them.
func TestParsePoint(t *testing.T) {
	at := func(text string) int64 {
		p, err := usecase.ParsePoint(text)
		check(t, err)
		return p.AtUS
	}
	want := time.Date(2026, 11, 23, 6, 5, 0, 0, time.UTC).UnixMicro() // eight hours behind
	for _, text := range []string{"2026-11-23 14:05", "2026-11-23T14:05", "2026-11-23 14:05:00", "2026-11-23T14:05:00+08:00", "2026-11-23T06:05:00Z"} {
		if got := at(text); got != want {
			t.Errorf("%s: %d", text, got)
		}
	}
	p, err := usecase.ParsePoint("330112-2026-0000123/4")
	check(t, err)
	if p.Matter.String() != "330112-2026-0000123" || p.Seq != 4 {
		t.Errorf("%+v", p)
	}
	for _, text := range []string{"", "14:05", "yesterday", "330112-2026-0000123", "330112-2026-0000123/0", "330112-2026-0000123/x", "2026-13-01 00:00"} {
		if _, err := usecase.ParsePoint(text); errs.CodeOf(err) != "rewind.point" {
			t.Errorf("%q: %v", text, err)
		}
	}
}
