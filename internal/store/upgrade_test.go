package store

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/fstest"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/pgtest"
)

var (
	upgradeMatters = flag.Int("store.upgrade", 2000, "how many matters the store has that TestUpgrade upgrades")
	upgradeDir     = flag.String("store.upgradedir", "", "where it lies, for many; a folder of the test's own unless given")
)

// upgradeFrom is the schema from which TestUpgrade comes: behind it lies the step that writes the ledger of figures anew, the longest so far.
const upgradeFrom = 24

// upTo are the released steps up to a number.
func upTo(t *testing.T, last int) fstest.MapFS {
	t.Helper()
	all, err := Migrations()
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	list, err := listMigrations(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.version > int64(last) {
			continue
		}
		text, err := fs.ReadFile(all, f.path)
		if err != nil {
			t.Fatal(err)
		}
		out[f.path] = &fstest.MapFile{Data: text}
	}
	return out
}

// lastStep is the number of the newest step.
func lastStep(t *testing.T) int {
	t.Helper()
	all, err := Migrations()
	if err != nil {
		t.Fatal(err)
	}
	steps, err := loadMigrations(all, "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	return len(steps)
}

// both runs a test with the place of a database of each engine.
func both(t *testing.T, run func(t *testing.T, opt Options)) {
	t.Helper()
	now := func() int64 { return 42 }
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		if *upgradeDir != "" {
			dir = *upgradeDir
		}
		run(t, Options{Dir: dir, Now: now})
	})
	t.Run("postgres", func(t *testing.T) { run(t, Options{Database: pgtest.Database(t), Now: now}) })
}

// with opens a store with some steps and closes it again.
func with(t *testing.T, opt Options, steps fs.FS, do func(s *Store)) time.Duration {
	t.Helper()
	opt.Migrations = steps
	begun := time.Now()
	s, err := Open(t.Context(), opt)
	took := time.Since(begun)
	if err != nil {
		t.Fatal(err)
	}
	do(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return took
}

// upgradeSums are what must be the same before and behind an upgrade: how many rows, and a sum over what they hold.
func upgradeSums(t *testing.T, s *Store) (out string) {
	t.Helper()
	for _, q := range []Stmt{
		Named("test.matters", `select count(*) + coalesce(sum(matter_id * version + receiver_id + length(title)), 0) from matter`),
		Named("test.events", `select count(*) + coalesce(sum(matter_id * seq + length(body)), 0) from event`),
		Named("test.clocks", `select count(*) + coalesce(sum(matter_id + length(legal_day)), 0) from clock`),
		Named("test.facts", `select count(*) + coalesce(sum(matter_id * measure + basis + n * 7), 0) from stat_fact`),
	} {
		if err := s.Read(t.Context(), func(tx *Tx) error {
			n, err := One(t.Context(), tx, q, func(r *Row) (n float64, err error) { err = r.Scan(&n); return n, err })
			out += " " + strconv.FormatFloat(n, 'f', 0, 64)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// fillMatters writes matters with an event, a clock and three facts each.
func fillMatters(t *testing.T, s *Store, n int) {
	t.Helper()
	const each = 20_000
	for from := 1; from <= n; from += each {
		to := min(n, from+each-1)
		if err := s.Update(t.Context(), 330112, func(tx *Tx) error {
			for _, st := range []Stmt{
				Named("test.fill_matter", `with recursive c (i) as (select cast($1 as bigint) union all select i + 1 from c where i < $2)
					insert into matter (home, matter_id, version, state, is_open, sealed, merged_into, title, kind, category, level, channel, place, receiver_id, unit_id, handler_id, turn, turn_unit_id,
						received_day, opened_us, changed_us, due_day, due_safe_day, due_rule, due_provisional, demands, answered, persons, repeats, resolved, follow_up, rated, ended_day)
					select 330112, 20260000000 + i, 3, 'accepted', i % 3 <> 0, false, 0, 'the lamp at the gate is out ' || cast(i as text), 'appeal', 'N0502', 'ordinary', 'visit',
						330112104, i % 97, i % 89, 0, 'reply', i % 89, '2026-03-05', i, i, '2026-05-04', '2026-05-03', 'D05', false, 1, 0, 1, 0, false, false, false, '' from c`),
				Named("test.fill_event", `with recursive c (i) as (select cast($1 as bigint) union all select i + 1 from c where i < $2)
					insert into event (home, matter_id, seq, at_us, day, kind, actor, body, link)
					select 330112, 20260000000 + i, 1, i, '2026-03-05', 'registered', '{}', cast('{"title":"the lamp at the gate is out"}' as bytea), cast('link' as bytea) from c`),
				Named("test.fill_clock", `with recursive c (i) as (select cast($1 as bigint) union all select i + 1 from c where i < $2)
					insert into clock (home, matter_id, clock_key, rule, unit_id, is_right, from_day, nominal_day, legal_day, safe_day, provisional, stopped_day)
					select 330112, 20260000000 + i, 'D05/1', 'D05', i % 89, false, '2026-03-05', '2026-05-04', '2026-05-04', '2026-05-03', false, '' from c`),
				Named("test.fill_fact", `with recursive c (i) as (select cast($1 as bigint) union all select i + 1 from c where i < $2)
					insert into stat_fact (home, measure, basis, matter_id, entry, day, recorded, unit_id, to_id, n, days, facet_id)
					select 330112, 1 + m.k, 739680 + i % 300, 20260000000 + i, m.k, 739680 + i % 300, 739680 + i % 300, i % 89, 0, 1, 0, 1 from c cross join (select 0 as k union all select 1 union all select 2) m`),
			} {
				if st.name == "test.fill_event" && s.Engine() == "sqlite" { // the same text, as bytes
					st.sql = `with recursive c (i) as (select cast($1 as bigint) union all select i + 1 from c where i < $2)
						insert into event (home, matter_id, seq, at_us, day, kind, actor, body, link)
						select 330112, 20260000000 + i, 1, i, '2026-03-05', 'registered', '{}', cast('{"title":"the lamp at the gate is out"}' as blob), cast('link' as blob) from c`
				}
				if _, err := tx.Exec(t.Context(), st, from, to); err != nil {
					return fmt.Errorf("%s: %w", st.name, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestUpgrade brings a store of an older schema, with as many matters as asked, to the last but one and then to the newest: nothing that it had is lost.
// For a million: go test ./internal/store -run TestUpgrade -timeout 3h -v -args -store.upgrade=1000000 -store.upgradedir=FOLDER
func TestUpgrade(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		t.Helper()
		last := lastStep(t)
		var before string
		begun := time.Now()
		with(t, opt, upTo(t, upgradeFrom), func(s *Store) {
			fillMatters(t, s, *upgradeMatters)
			before = upgradeSums(t, s)
		})
		filled := time.Since(begun)
		check := func(s *Store) {
			if after := upgradeSums(t, s); after != before {
				t.Errorf("before:%s, behind:%s", before, after)
			}
		}
		long := with(t, opt, upTo(t, last-1), check)
		short := with(t, opt, upTo(t, last), check)
		size := int64(0)
		if opt.Database == "" {
			if info, err := os.Stat(filepath.Join(opt.Dir, fileName)); err == nil {
				size = info.Size()
			}
		} else {
			with(t, opt, upTo(t, last), func(s *Store) {
				if err := s.Read(t.Context(), func(tx *Tx) (err error) {
					size, err = One(t.Context(), tx, Named("test.size", `select pg_database_size(current_database())`), Int64)
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		t.Logf("%d matters filled in %.1f s; from step %d to %d in %.2f s, to %d in %.2f s; %d MB", *upgradeMatters, filled.Seconds(), upgradeFrom, last-1, long.Seconds(), last, short.Seconds(), size>>20)
	})
}

// TestUpgradeThatFails: a step that fails in its middle leaves nothing behind; the program of before opens the store and works on, and so does the next one whose step is mended.
func TestUpgradeThatFails(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		t.Helper()
		*upgradeDir = "" // small and apart
		if opt.Database == "" {
			opt.Dir = t.TempDir()
		}
		last := lastStep(t)
		var before string
		with(t, opt, upTo(t, last), func(s *Store) {
			fillMatters(t, s, 50)
			before = upgradeSums(t, s)
		})
		broken, next := upTo(t, last), fmt.Sprintf("%04d_next.sql", last+1)
		const half = "create table half (id bigint not null primary key);\ninsert into half (id) values (1);\nupdate matter set title = 'lost';\ndelete from clock;\nalter table event rename to event_before;\n"
		broken[next] = &fstest.MapFile{Data: []byte(half + "insert into half (id) select matter_id from nowhere;\n")}
		failing := opt
		failing.Migrations = broken
		s, err := Open(t.Context(), failing)
		if err == nil {
			_ = s.Close()
		}
		if errs.CodeOf(err) != "store.migration.failed" {
			t.Fatalf("the step: %v", err)
		}
		with(t, opt, upTo(t, last), func(s *Store) {
			if after := upgradeSums(t, s); after != before {
				t.Errorf("before:%s, behind:%s", before, after)
			}
			if err := s.Update(t.Context(), 330112, func(tx *Tx) error {
				_, err := tx.Exec(t.Context(), Named("test.goes_on", `update matter set version = version + 1 where home = $1`), 330112)
				return err
			}); err != nil {
				t.Errorf("the program of before: %v", err)
			}
			before = upgradeSums(t, s)
		})
		broken[next] = &fstest.MapFile{Data: []byte("create table half (id bigint not null primary key);\n")}
		with(t, opt, broken, func(s *Store) {
			if after := upgradeSums(t, s); after != before {
				t.Errorf("before:%s, behind:%s", before, after)
			}
		})
	})
}
