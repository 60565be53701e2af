package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"huiyin/internal/matter"
	"huiyin/internal/pgtest"
)

// TestPlaces: somebody has thought of every table where it lies on a cluster: by its home, or why not; and what is in the catalogue of reasons is in the schema.
func TestPlaces(t *testing.T) {
	s := migrated(t, func(o *Options) { o.Database, o.Readers = pgtest.Database(t), 1 })
	c := <-s.readers
	tables, err := keyedTables(t.Context(), c)
	s.readers <- c
	if err != nil {
		t.Fatal(err)
	}
	count := map[Place]int{}
	for _, x := range tables {
		place, why := placeOf(x.name, x.homeFirst)
		if place != PlaceDistributed && why == "" {
			t.Errorf("%s: its key does not begin with the home, and nobody has said why", x.name)
		}
		for _, other := range x.refers {
			to, _ := placeOf(other, other == spreadBy || homeFirst(tables, other))
			if other != spreadBy && (place == PlaceDistributed) != (to == PlaceDistributed) {
				t.Errorf("%s (%s) refers to %s (%s), which Citus does not hold", x.name, place, other, to)
			}
		}
		count[place]++
	}
	if count[PlaceDistributed] < 40 || count[PlaceReference] != 1 || count[PlaceLocal] < 15 {
		t.Errorf("%v", count)
	}
}

func homeFirst(tables []keyed, name string) bool {
	for _, x := range tables {
		if x.name == name {
			return x.homeFirst
		}
	}
	return false
}

// everywhere are the statements that ask all machines of a cluster, and why.
func everywhere() map[string]string {
	const (
		lists  = "a desk's list goes over all homes that its scope reaches"
		runner = "whoever is free takes what is due first, of whatever home"
		sweep  = "what has had its time goes, of all homes"
		vitals = "what the operator is shown counts all homes"
		walk   = "a walk over everything, beside the desk"
		few    = "one row or few for each home, and the number alone is known"
	)
	return map[string]string{
		"matter.list": lists, "matter.count": lists, "matter.counts": lists, "matter_unit.few": lists, "matter.sample": lists, "matter.waits": lists, "matter.count_due": lists, "advice.matters": lists, "advice.taken": lists, "advice.confused": lists,
		"notice.inbox": lists, "notice.unread": lists, "notice.read_all": lists, "look.before": lists, "job.of": lists, "import_batch.list": lists, "delivery.list": lists,
		"job.open": runner, "notice.due": runner, "delivery.due": runner, "leaf.next_home": runner, "text.waiting": runner, "unindexed.list": runner, "stat_matter.in": runner, "stat_fold.before": runner,
		"clock.due": runner, "clock.untold": runner, "report.schedules_before": runner,
		"delivery.drop": sweep, "draft.sweep": sweep, "idempotency.sweep": sweep, "import_batch.drop": sweep, "import_result.drop": sweep, "job.drop": sweep, "attachment.unclaimed": sweep,
		"notice.failed": vitals, "job.failed": vitals, "job.count_failed": vitals, "job.count_open": vitals, "job.count_stuck": vitals, "notice.count_failed": vitals, "notice.count_waiting": vitals,
		"notice.oldest": vitals, "notice_try.count": vitals, "notice_try.newest": vitals, "look.newest": vitals, "unindexed.count": vitals, "stat_matter.count": vitals, "attachment_text.count": vitals,
		"turn.commits":     "each server asks every second whether another one has written; one number for each home",
		"attachment.after": walk, "attachment.same": "the same content may be an upload of any home", "party.after": walk, "matter.unit_walk": walk, "clock.from": walk, "clock.again": walk, "delivery.replay_span": walk,
		"home.list": few, "turn.homes": few, "turn.fill": few, "stat_unit.homes": few, "assessment.get": few, "assessment.of": few, "assessment.under": few,
	}
}

// parameter is one in a statement.
var parameter = regexp.MustCompile(`\$\d+`)

// taskCount is in the plans of Citus how many shards are asked.
var taskCount = regexp.MustCompile(`Task Count: (\d+)`)

// TestEveryPlanCitus: on the cluster that the environment names every statement asks one shard at most, but for those that are known to ask all. Without a cluster it says so.
func TestEveryPlanCitus(t *testing.T) {
	database, ok := pgtest.Citus(t)
	if !ok {
		t.Log("HUIYIN_TEST_CITUS names no cluster: how many shards statements ask was not looked at")
		return
	}
	s := onCitus(t, database)
	db := newPlans(t, s)
	allowed, asked, wideOnes := everywhere(), 0, 0
	seen := map[string]bool{}
	for _, st := range everyStatement(t, s) {
		if st.name == "matter.homes" { // turn.homes stands in its place
			continue
		}
		asked++
		kinds := db.prepare(st)
		db.do("deallocate x")
		plan := db.lines("explain " + parameter.ReplaceAllStringFunc(st.text, func(mark string) string {
			n, _ := strconv.Atoi(mark[1:])
			return sample(kinds[n-1]) + "::" + kinds[n-1]
		}))
		most := ""
		for _, m := range taskCount.FindAllStringSubmatch(plan, -1) {
			if m[1] != "0" && m[1] != "1" {
				most = m[1]
			}
		}
		if most == "" && !strings.Contains(plan, "Distributed Subplan") {
			continue
		}
		wideOnes++
		seen[st.name] = true
		if allowed[st.name] == "" {
			t.Errorf("%s asks %s shards\n\t%s", st.name, most, st.text)
		}
	}
	for name := range allowed {
		if !seen[name] {
			t.Errorf("%s asks one shard and is excused all the same", name)
		}
	}
	t.Logf("%d statements looked at; %d of them, %d names, ask more than one shard", asked, wideOnes, len(seen))
}

// sample is a value of a type.
func sample(kind string) string {
	switch kind {
	case "bigint", "integer", "numeric":
		return "330112"
	case "boolean":
		return "true"
	case "bytea":
		return `'\x01'`
	case "bigint[]":
		return "'{1,2}'"
	}
	return "'1'"
}

// TestCareOnCitus: a database on a cluster is checked, measured, put in order and copied to a file as any other.
func TestCareOnCitus(t *testing.T) {
	database, ok := pgtest.Citus(t)
	if !ok {
		t.Log("HUIYIN_TEST_CITUS names no cluster: none was looked after")
		return
	}
	s := onCitus(t, database)
	oneMatter(t, s)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Update(t.Context(), 330112, func(tx *Tx) error {
		_, err := tx.MergeIndex(t.Context())
		return err
	}); err != nil {
		t.Error(err)
	}
	if err := s.Read(t.Context(), func(tx *Tx) error {
		sizes, err := tx.Sizes(t.Context())
		if sizes["matter"] == 0 || sizes["matter_fts"] == 0 {
			t.Errorf("%v", sizes)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	dir := t.TempDir()
	if err := s.Backup(t.Context(), filepath.Join(dir, fileName)); err != nil {
		t.Fatal(err)
	}
	copied := openDir(t, dir, func(o *Options) { o.Migrations = os.DirFS("migrations") })
	if n := count(t, copied, "select count(*) from matter where home = 330112"); n != 1 {
		t.Errorf("%d matters in the copy", n)
	}
}

// oneMatter writes a matter and what it says.
func oneMatter(t *testing.T, s *Store) {
	t.Helper()
	ref := matter.Ref{Home: 330112, N: 1}
	if err := s.Update(t.Context(), ref.Home, func(tx *Tx) error {
		return errors.Join(tx.SaveMatter(t.Context(), matter.Row{Ref: ref, Open: true}), tx.IndexMatter(ref, "路灯"))
	}); err != nil {
		t.Fatal(err)
	}
}

// onCitus opens a store on a cluster.
func onCitus(t *testing.T, database string) *Store {
	t.Helper()
	in := func(o *Options) { o.Database, o.Readers = database, 1 }
	if err := migrated(t, in).Close(); err != nil {
		t.Fatal(err)
	}
	opt := Options{Database: database}
	if _, err := Distribute(t.Context(), opt, nil); err != nil {
		t.Fatal(err)
	}
	s := migrated(t, in)
	if !s.engine.apart() {
		t.Fatal("it is not known to lie on a cluster")
	}
	return s
}

// TestLaterStepsOnCitus: steps of the schema that come after the tables were spread change them where they lie, and bring what is new to its place.
func TestLaterStepsOnCitus(t *testing.T) {
	database, ok := pgtest.Citus(t)
	if !ok {
		t.Log("HUIYIN_TEST_CITUS names no cluster: later steps were not taken on one")
		return
	}
	before := onCitus(t, database)
	oneMatter(t, before)
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	later := fstest.MapFS{}
	released := os.DirFS("migrations")
	names, err := fs.ReadDir(released, ".")
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for _, n := range names {
		text, err := fs.ReadFile(released, n.Name())
		if err != nil {
			t.Fatal(err)
		}
		later[n.Name()] = &fstest.MapFile{Data: text}
		last, _ = strconv.Atoi(n.Name()[:4])
	}
	later[fmt.Sprintf("%04d_later.sql", last+1)] = &fstest.MapFile{Data: []byte(`
		alter table matter add column mood text not null default 'calm';
		create index matter_mood on matter (mood, home, matter_id);
		update matter set mood = 'good' where is_open;
		create table mood (home bigint not null, matter_id bigint not null, n bigint not null, primary key (home, matter_id), foreign key (home, matter_id) references matter (home, matter_id));
		insert into mood (home, matter_id, n) select home, matter_id, 1 from matter;
		alter table idempotency rename to idempotency_before;
		create table idempotency (home bigint not null, key_hash bytea not null, request bytea not null, answer bytea not null, at_us bigint not null, more bigint not null, primary key (home, key_hash));
		insert into idempotency (home, key_hash, request, answer, at_us, more) select home, key_hash, request, answer, at_us, 0 from idempotency_before;
		drop table idempotency_before;
		create table weather (weather_id bigint not null primary key, name text not null);
	`)}
	s := open(t, func(o *Options) { o.Database, o.Migrations, o.Readers = database, later, 1 })
	c := <-s.readers
	places, err := placesNow(t.Context(), c)
	s.readers <- c
	if err != nil || places["mood"] != PlaceDistributed || places["idempotency"] != PlaceDistributed || places["matter"] != PlaceDistributed || places["weather"] != "" {
		t.Errorf("%v, %v", places, err)
	}
	if n := count(t, s, "select count(*) from mood k join matter m on m.home = k.home and m.matter_id = k.matter_id where m.mood = 'good'"); n != 1 {
		t.Errorf("%d rows came along", n)
	}
}
