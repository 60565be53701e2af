package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

// Contract is what every engine must pass: the behaviour that the use cases rely on, said once. Open returns an empty store with the released schema.
func Contract(t *testing.T, open func(testing.TB) *store.Store) {
	t.Helper()
	cases := []struct {
		name string
		run  func(*bed)
	}{
		{"an event's place is taken once", eventOnce},
		{"serials count without gaps, also when a transaction is undone", serials},
		{"lists page by key without loss or repeat", paging},
		{"lists, counts, search and single looks see the same scope", scopes},
		{"sealed matters are seen by the unit involved alone", sealed},
		{"search finds phrases, pairs and words within the scope", search},
		{"what shares keys is found within the scope, most first and newest first", alike},
		{"what shares terms is found within the scope, the most weight first", like},
		{"search is narrowed by each condition, with words and without", conditions},
		{"search reaches everything in bounded pages", far},
		{"which of some matters have the words is the same however they are looked up", among},
		{"a sender's number and a query code are taken once in a home", uniqueness},
		{"identities come back as written, by keyed hash only", identities},
		{"uploads are claimed once", claims},
		{"looks are kept in order", looks},
		{"the log takes each leaf once", leaves},
		{"sessions and drafts end", expiry},
		{"answers to idempotency keys are kept with the write", answers},
		{"the organisation is as it was written", organisation},
		{"people are found by the beginning of a word, in pages, within the reach", people},
		{"text sorts by bytes", collation},
		{"views follow the lights", lights},
		{"what waits longest", waits},
		{"words inside uploads are looked for, and matters indexed anew", insides},
		{"issues count what a scope sees, and what is alike or is not is known from both sides", issues},
		{"jobs are taken once and belong to who asked", jobs},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(&bed{T: t, s: open(t)}) })
	}
}

// bed is a store under test with a small organisation: 1 over 2 and 3, 2 over 4; 30 beside 3.
type bed struct {
	*testing.T
	s *store.Store
}

const home = 330112

func (b *bed) write(fn func(*store.Tx) error) {
	b.Helper()
	if err := b.s.Update(b.Context(), home, fn); err != nil {
		b.Fatal(err)
	}
}

func (b *bed) read(fn func(*store.Tx) error) {
	b.Helper()
	if err := b.s.Read(b.Context(), fn); err != nil {
		b.Fatal(err)
	}
}

func (b *bed) want(err error, kind errs.Kind) {
	b.Helper()
	if errs.KindOf(err) != kind || err == nil {
		b.Errorf("error %v, want kind %d", err, kind)
	}
}

func (b *bed) chart() {
	b.Helper()
	units := []org.Unit{{ID: 1, Name: "root"}, {ID: 2, Parent: 1, Name: "WARD_2"}, {ID: 3, Parent: 1, Name: "WARD_3"}, {ID: 4, Parent: 2, Name: "below"}, {ID: 30, Parent: 1, Name: "WARD_30"}}
	chart := org.NewChart(units)
	b.write(func(t *store.Tx) error {
		for _, u := range units {
			if err := t.SaveUnit(b.Context(), u); err != nil {
				return err
			}
			if err := t.ReplacePaths(b.Context(), chart, []org.UnitID{u.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

func day(n int) law.Day { return law.NewDay(2026, time.January, 1).Add(n) }

// matter writes an open matter at a unit with a due day.
func (b *bed) matter(n int64, unit org.UnitID, due law.Day, change ...func(*matter.Row)) {
	b.Helper()
	ref := matter.Ref{Home: home, N: n}
	row := matter.Row{
		Ref: ref, Version: 1, State: matter.StateSigned, Open: true, Title: fmt.Sprintf("matter %d", n), Kind: matter.KindAppeal, Level: matter.LevelOrdinary,
		Channel: matter.ChannelVisit, Place: 330112001, Receiver: unit, Unit: unit, Turn: "reply", TurnUnit: unit, Received: day(0), Due: due, DueSafe: due, DueRule: "D05",
	}
	for _, c := range change {
		c(&row)
	}
	b.write(func(t *store.Tx) error {
		if err := t.SaveMatter(b.Context(), row); err != nil {
			return err
		}
		return t.AddUnits(b.Context(), ref, []org.UnitID{unit}, row.Open)
	})
}

func (b *bed) list(scope org.Scope, f matter.Filter) []int64 {
	b.Helper()
	var out []int64
	b.read(func(t *store.Tx) error {
		rows, err := t.Matters(b.Context(), scope, 7, 3, f)
		for _, r := range rows {
			out = append(out, r.Ref.N)
		}
		return err
	})
	return out
}

func eventOnce(b *bed) {
	ref := matter.Ref{Home: home, N: 1}
	e := store.EventRow{Seq: 1, AtUS: 5, Day: day(0), Kind: "registered", Actor: []byte(`{"kind":"system"}`), Body: []byte{0, 1, 255}, Link: []byte("l")}
	b.write(func(tx *store.Tx) error { return tx.AppendEvent(b.Context(), ref, e) })
	b.want(b.s.Update(b.Context(), home, func(tx *store.Tx) error { return tx.AppendEvent(b.Context(), ref, e) }), errs.Conflict)
	b.read(func(tx *store.Tx) error {
		got, err := tx.Events(b.Context(), ref)
		if err == nil && (len(got) != 1 || !bytes.Equal(got[0].Body, e.Body) || got[0].Day != e.Day || !bytes.Equal(got[0].Actor, e.Actor)) {
			b.Errorf("events %+v", got)
		}
		return err
	})
}

func serials(b *bed) {
	var mu sync.Mutex
	var got []int64
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			var n int64
			err := b.s.Update(b.Context(), home, func(tx *store.Tx) error {
				var err error
				if n, err = tx.NextSerial(b.Context(), home, "x"); err == nil && i%4 == 0 {
					err = errs.E(errs.Refused, "matter.changed")
				}
				return err
			})
			if err == nil {
				mu.Lock()
				got = append(got, n)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	for i, n := range got {
		if n != int64(i+1) {
			b.Fatalf("serials %v", got)
		}
	}
	if len(got) != 30 {
		b.Errorf("%d serials given, want 30", len(got))
	}
}

func paging(b *bed) {
	b.chart()
	for i := range int64(23) {
		b.matter(100+i, 3, day(int(i%5)))
	}
	scope := org.Scope{Roots: []org.UnitID{1}}
	var all []int64
	f := matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Today: day(0), Limit: 4}
	for {
		var rows []matter.Row
		b.read(func(tx *store.Tx) error {
			var err error
			rows, err = tx.Matters(b.Context(), scope, 7, 3, f)
			return err
		})
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			all = append(all, r.Ref.N)
		}
		f.After = rows[len(rows)-1].Cursor()
	}
	seen := slices.Clone(all)
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 23 || len(all) != 23 {
		b.Errorf("%d rows, %d different, want 23", len(all), len(seen))
	}
}

func scopes(b *bed) {
	b.chart()
	b.matter(1, 3, day(1))
	b.matter(2, 30, day(2))
	b.matter(3, 4, day(3))
	for _, r := range []int64{1, 2, 3} {
		b.write(func(tx *store.Tx) error { return tx.IndexMatter(matter.Ref{Home: home, N: r}, "unpaid wages") })
	}
	for _, c := range []struct {
		root org.UnitID
		want []int64
	}{{1, []int64{1, 2, 3}}, {2, []int64{3}}, {3, []int64{1}}, {30, []int64{2}}, {4, []int64{3}}} {
		scope := org.Scope{Roots: []org.UnitID{c.root}}
		f := matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Today: day(0), Limit: 50}
		if got := b.list(scope, f); !slices.Equal(got, c.want) {
			b.Errorf("unit %d lists %v, want %v", c.root, got, c.want)
		}
		got, _ := b.find(scope, matter.Search{Filter: f, Words: query.Plain("wages")})
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			b.Errorf("unit %d finds %v, want %v", c.root, got, c.want)
		}
		b.read(func(tx *store.Tx) error {
			n, err := tx.CountMatters(b.Context(), scope, 7, 3, matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Today: day(0)}, store.MaxCount)
			if n != int64(len(c.want)) {
				b.Errorf("unit %d counts %d, want %d", c.root, n, len(c.want))
			}
			return err
		})
		for n := range int64(4) {
			b.read(func(tx *store.Tx) error {
				_, err := tx.Matter(b.Context(), scope, matter.Ref{Home: home, N: n})
				if (err == nil) != slices.Contains(c.want, n) {
					b.Errorf("unit %d, matter %d: %v", c.root, n, err)
				}
				return nil
			})
		}
	}
	if got := b.list(org.Scope{}, matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Today: day(0), Limit: 50}); len(got) != 0 {
		b.Errorf("the empty scope lists %v", got)
	}
}

func sealed(b *bed) {
	b.chart()
	b.matter(1, 4, day(1), func(r *matter.Row) { r.Sealed = true; r.Title = "" })
	b.matter(2, 4, day(1))
	f := matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Today: day(0), Limit: 50}
	for _, c := range []struct {
		scope org.Scope
		want  []int64
	}{
		{org.Scope{Roots: []org.UnitID{4}}, []int64{2}},
		{org.Scope{Roots: []org.UnitID{1}}, []int64{2}},
		{org.Scope{Roots: []org.UnitID{4}, Sealed: true}, []int64{1}},
		{org.Scope{Roots: []org.UnitID{2}, Sealed: true}, nil},
		{org.Scope{All: true, Sealed: true}, []int64{1, 2}},
	} {
		if got := b.list(c.scope, f); !slices.Equal(got, c.want) {
			b.Errorf("%+v lists %v, want %v", c.scope, got, c.want)
		}
	}
}

func (b *bed) submission(n int64, code, sender, number string) error {
	ref := matter.Ref{Home: home, N: n}
	return b.s.Update(b.Context(), home, func(tx *store.Tx) error {
		return tx.InsertSubmission(b.Context(), store.SubmissionRow{
			Ref: ref, Matter: matter.Ref{Home: home, N: 1}, Code: code, PIN: []byte("pin"), Channel: matter.ChannelWeb, Unit: 3, Received: day(0), Persons: 1,
			Sender: sender, SenderNumber: number,
		})
	})
}

func uniqueness(b *bed) {
	b.chart()
	b.matter(1, 3, day(0))
	if err := b.submission(1, "AAAA", "s", "7"); err != nil {
		b.Fatal(err)
	}
	b.want(b.submission(2, "AAAA", "s", "8"), errs.Conflict)
	b.want(b.submission(3, "BBBB", "s", "7"), errs.Conflict)
	if err := b.submission(4, "CCCC", "", ""); err != nil {
		b.Error(err)
	}
	if err := b.submission(5, "DDDD", "", ""); err != nil {
		b.Error("no number is no conflict:", err)
	}
	b.read(func(tx *store.Tx) error {
		s, found, err := tx.SubmissionBySender(b.Context(), home, "s", "7")
		if !found || s.Ref.N != 1 || s.Received != day(0) {
			b.Errorf("by sender: %+v %v", s, found)
		}
		return err
	})
	b.want(b.s.Read(b.Context(), func(tx *store.Tx) error {
		_, err := tx.SubmissionByCode(b.Context(), home, "ZZZZ")
		return err
	}), errs.NotFound)
}

func identities(b *bed) {
	b.chart()
	b.matter(1, 3, day(0))
	if err := b.submission(1, "AAAA", "", ""); err != nil {
		b.Fatal(err)
	}
	p := store.PartyRow{Submission: matter.Ref{Home: home, N: 1}, N: 1, Role: matter.PartyPetitioner, IDHash: []byte{1, 2}, Body: []byte{9, 0, 9}}
	b.write(func(tx *store.Tx) error { return tx.InsertParty(b.Context(), p) })
	b.read(func(tx *store.Tx) error {
		got, err := tx.Parties(b.Context(), home, []int64{1, 2})
		if err != nil || len(got) != 1 || !bytes.Equal(got[0].Body, p.Body) {
			b.Errorf("parties %+v, %v", got, err)
		}
		rows, err := tx.MattersOfPerson(b.Context(), org.Scope{Roots: []org.UnitID{3}}, home, []byte{1, 2}, 5)
		if err != nil || len(rows) != 1 {
			b.Errorf("matters by hash: %v, %v", rows, err)
		}
		if rows, err = tx.MattersOfPerson(b.Context(), org.Scope{Roots: []org.UnitID{30}}, home, []byte{1, 2}, 5); len(rows) != 0 {
			b.Errorf("out of scope: %v", rows)
		}
		return err
	})
}

func claims(b *bed) {
	b.chart()
	b.matter(1, 3, day(0))
	b.matter(2, 3, day(0))
	b.matter(3, 3, day(0), func(r *matter.Row) { r.Sealed = true; r.Title = "" })
	open, sealed := []byte("under the identity key"), []byte("under the sealed key")
	ids := []string{"a", "b", "c"}
	b.write(func(tx *store.Tx) error {
		for i, id := range ids {
			a := store.AttachmentRow{Home: home, ID: id, SHA256: []byte(id), AddedUS: int64(1 + i), IdentityCard: open, SealedCard: sealed}
			if err := tx.InsertAttachment(b.Context(), a); err != nil {
				return err
			}
		}
		return nil
	})
	for _, c := range []struct {
		to   int64
		id   string
		n    int64
		card store.AttachmentRow // what is left
	}{
		{1, "a", 1, store.AttachmentRow{IdentityCard: open}},
		{2, "a", 0, store.AttachmentRow{IdentityCard: open}},
		{3, "a", 0, store.AttachmentRow{IdentityCard: open}},
		{3, "b", 1, store.AttachmentRow{SealedCard: sealed}},
		{2, "none", 0, store.AttachmentRow{}},
	} {
		b.write(func(tx *store.Tx) error {
			ref := matter.Ref{Home: home, N: c.to}
			n, err := tx.ClaimAttachments(b.Context(), ref, ref, []string{c.id})
			if err != nil || n != c.n {
				b.Errorf("%s by %d: %d, %v", c.id, c.to, n, err)
			}
			got, err := tx.Attachment(b.Context(), home, c.id)
			if c.id != "none" && (err != nil || !bytes.Equal(got.IdentityCard, c.card.IdentityCard) || !bytes.Equal(got.SealedCard, c.card.SealedCard)) {
				b.Errorf("%s by %d leaves %+v, %v", c.id, c.to, got, err)
			}
			return nil
		})
	}
	b.want(b.s.Update(b.Context(), home, func(tx *store.Tx) error {
		_, err := tx.ClaimAttachments(b.Context(), matter.Ref{}, matter.Ref{Home: home, N: 9}, []string{"c"})
		return err
	}), errs.NotFound)
	b.write(func(tx *store.Tx) error {
		left, err := tx.UnclaimedUploads(b.Context(), 100, 10)
		if err != nil || len(left) != 1 || left[0].ID != "c" || left[0].IdentityCard == nil || left[0].SealedCard == nil {
			b.Errorf("unclaimed: %+v, %v", left, err)
		}
		for _, id := range ids {
			removed, err := tx.RemoveUpload(b.Context(), store.AttachmentRow{Home: home, ID: id})
			if err != nil || removed != (id == "c") {
				b.Errorf("removed %s: %v, %v", id, removed, err)
			}
			used, err := tx.ContentUsed(b.Context(), []byte(id))
			if err != nil || used == (id == "c") {
				b.Errorf("content %s used: %v, %v", id, used, err)
			}
		}
		rows, err := tx.AttachmentsAfter(b.Context(), store.AttachmentRow{Home: home, ID: "a"}, 10)
		if err != nil || len(rows) != 1 || rows[0].ID != "b" {
			b.Errorf("behind a: %+v, %v", rows, err)
		}
		return nil
	})
}

func looks(b *bed) {
	b.chart()
	b.matter(1, 3, day(0))
	if err := b.submission(1, "AAAA", "", ""); err != nil {
		b.Fatal(err)
	}
	for i := range int64(3) {
		b.write(func(tx *store.Tx) error {
			return tx.InsertLook(b.Context(), store.LookRow{Home: home, ID: i + 1, Submission: matter.Ref{Home: home, N: 1}, AtUS: 10 + i, User: 7, Unit: 4, Reason: "serve", Words: "served", Link: []byte("l")})
		})
	}
	b.read(func(tx *store.Tx) error {
		own, err := tx.Looks(b.Context(), matter.Ref{Home: home, N: 1}, 2)
		if err != nil || len(own) != 2 || own[0].ID != 3 {
			b.Errorf("looks %+v, %v", own, err)
		}
		under, err := tx.LooksBefore(b.Context(), 2, 12, 10)
		if err != nil || len(under) != 2 {
			b.Errorf("looks under 2 before 12: %+v, %v", under, err)
		}
		beside, err := tx.LooksBefore(b.Context(), 3, 100, 10)
		if len(beside) != 0 {
			b.Errorf("looks of another unit: %+v", beside)
		}
		return err
	})
}

func leaves(b *bed) {
	leaf := func(kind string, subject int64, seq int) store.Leaf {
		return store.Leaf{Home: home, Kind: kind, Subject: subject, Seq: seq, Link: []byte("a")}
	}
	b.write(func(tx *store.Tx) error {
		for _, l := range []store.Leaf{leaf("look", 1, 1), leaf("event", 2, 1), leaf("event", 1, 10), leaf("event", 1, 9)} {
			if err := tx.QueueLeaf(b.Context(), l); err != nil {
				return err
			}
		}
		return nil
	})
	b.want(b.s.Update(b.Context(), home, func(tx *store.Tx) error { return tx.QueueLeaf(b.Context(), leaf("event", 1, 9)) }), errs.Conflict)
	for _, want := range [][]store.Leaf{{leaf("event", 1, 9), leaf("event", 1, 10)}, {leaf("event", 2, 1), leaf("look", 1, 1)}, nil} {
		var got []store.Leaf
		var waits bool
		b.write(func(tx *store.Tx) error {
			var err error
			if _, waits, err = tx.LeafHome(b.Context()); err != nil {
				return err
			}
			if got, err = tx.LeavesOf(b.Context(), home, 2); err != nil || len(got) == 0 {
				return err
			}
			return tx.RemoveLeaves(b.Context(), got[len(got)-1])
		})
		if fmt.Sprint(got) != fmt.Sprint(want) || waits != (want != nil) {
			b.Errorf("links %v, want %v, waiting %v", got, want, waits)
		}
	}
	row := store.ChainRow{Home: home, Pos: 1, Kind: "event", Subject: 1, Seq: 1, Leaf: []byte("a"), Link: []byte("b")}
	b.write(func(tx *store.Tx) error { return tx.AppendChain(b.Context(), row) })
	b.want(b.s.Update(b.Context(), home, func(tx *store.Tx) error { return tx.AppendChain(b.Context(), row) }), errs.Conflict)
}

func expiry(b *bed) {
	const now = Now
	sessions := b.s.Sessions()
	for name, until := range map[string]int64{"old": now - 1, "live": now + 3_600_000_000} {
		if err := sessions.Commit(b.Context(), []byte(name), []byte("data"), time.UnixMicro(until)); err != nil {
			b.Fatal(err)
		}
		_, found, err := sessions.Find(b.Context(), []byte(name))
		if err != nil || found != (name == "live") {
			b.Errorf("session %s: %v %v", name, found, err)
		}
	}
	b.write(func(tx *store.Tx) error {
		return tx.SaveDraft(b.Context(), store.Draft{Token: []byte("d"), Body: []byte("x"), SavedUS: 1, ExpiresUS: 100})
	})
	b.want(b.s.Read(b.Context(), func(tx *store.Tx) error {
		_, err := tx.Draft(b.Context(), 0, []byte("d"), 100)
		return err
	}), errs.NotFound)
	b.write(func(tx *store.Tx) error { return tx.Sweep(b.Context(), now, 0) })
}

func answers(b *bed) {
	undone := errs.E(errs.Refused, "matter.changed")
	err := b.s.Update(b.Context(), home, func(tx *store.Tx) error {
		if err := tx.InsertAnswered(b.Context(), store.Answered{Home: home, KeyHash: []byte("k"), Request: []byte("r"), Answer: []byte("a"), AtUS: 1}); err != nil {
			return err
		}
		return undone
	})
	b.want(err, errs.Refused)
	b.read(func(tx *store.Tx) error {
		_, found, err := tx.Answered(b.Context(), home, []byte("k"))
		if found {
			b.Error("the answer of an undone write was kept")
		}
		return err
	})
}

func organisation(b *bed) {
	b.chart()
	p := store.PersonRow{ID: 7, SignIn: "zhou", Name: "Zhou", Password: "h", CreatedUS: 1}
	d := org.Duty{ID: 1, User: 7, Role: org.RoleHandler, Unit: 3, Scope: 3, From: day(0), Until: day(10)}
	b.write(func(tx *store.Tx) error {
		if err := tx.SavePerson(b.Context(), p); err != nil {
			return err
		}
		return tx.SaveDuty(b.Context(), d)
	})
	b.want(b.s.Update(b.Context(), 0, func(tx *store.Tx) error {
		return tx.SavePerson(b.Context(), store.PersonRow{ID: 8, SignIn: "zhou"})
	}), errs.Conflict)
	b.read(func(tx *store.Tx) error {
		for n, want := range map[int]int{-1: 0, 0: 1, 9: 1, 10: 0} {
			got, err := tx.DutiesAt(b.Context(), 3, day(n))
			if err != nil || len(got) != want {
				b.Errorf("duties on %s: %d, want %d (%v)", day(n), len(got), want, err)
			}
		}
		units, err := tx.Units(b.Context())
		if len(units) != 5 {
			b.Errorf("%d units", len(units))
		}
		return err
	})
}

func collation(b *bed) {
	b.chart()
	for i, due := range []law.Day{law.NewDay(2026, 2, 1), law.NoDay, law.NewDay(2025, 12, 31)} {
		b.matter(int64(i+1), 3, due)
	}
	got := b.list(org.Scope{Roots: []org.UnitID{1}}, matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Today: day(0), Limit: 9})
	if !slices.Equal(got, []int64{3, 1, 2}) {
		b.Errorf("order %v: no due day comes last", got)
	}
	if strings.Compare(matter.NoDue, "2999-12-31") < 0 {
		b.Error("NoDue must sort behind every day")
	}
}
