package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"huiyin/internal/errs"
)

// Citus is PostgreSQL on several machines. What belongs to a home lies together on one of them, so a step of a matter touches one. The tables of the schema follow from their
// keys: `home` first is spread by home; of the others those that statements join with matters lie on every machine, and the rest stay where every server's connections
// go. A step of the schema needs nothing for it.

// Place is where the rows of a table lie on a Citus cluster.
type Place string

// The places. Their names are those of Citus.
const (
	PlaceDistributed Place = "distributed" // by home
	PlaceReference   Place = "reference"   // on every machine
	PlaceLocal       Place = "local"       // on the coordinator
)

// Placed is a table with its place; New says that it was brought there just now.
type Placed struct {
	Table string
	Place Place
	New   bool
}

// placeOf gives the place of a table, and why it is not spread by home where it is not; the reason is empty for one that nobody has thought about, which stays on the coordinator.
func placeOf(name string, homeFirst bool) (place Place, why string) {
	if homeFirst {
		return PlaceDistributed, ""
	}
	switch name {
	case "unit_path":
		return PlaceReference, "the scope joins it with the units of a matter"
	case "unit", "person", "person_word", "duty", "responsibility", "calendar", "setting", "template", "api_key", "api_key_old", "webhook", "saved_search", "local_serial":
		return PlaceLocal, "small, and joined with no matter"
	case "org_event", "org_event_unit", "line_proposal", "published":
		return PlaceLocal, "a record of the office, joined with no matter"
	case "session", "lease":
		return PlaceLocal, "written at every moment, read by its key"
	case "migration":
		return PlaceLocal, "of the database itself"
	}
	return PlaceLocal, ""
}

// spreadBy is the table with which all that are spread by home share their machines. It is in every schema.
const spreadBy = "turn"

// Distribute brings the tables of a PostgreSQL database to their places on the Citus cluster that it is the coordinator of, each in a transaction of its own: broken off,
// it goes on where it was. Nobody may work on the database meanwhile. Progress, if not nil, is told of each table that was moved.
func Distribute(ctx context.Context, opt Options, progress func(Placed)) (all []Placed, err error) {
	e, err := engineOf(opt.defaults())
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := e.close(); err == nil {
			err = translate(closing)
		}
	}()
	pg, ok := e.(*postgresEngine)
	if !ok {
		return nil, errs.E(errs.Invalid, "store.citus.file")
	}
	c, err := connect(ctx, e, true)
	if err != nil {
		return nil, err
	}
	defer c.close()
	const extension = `select count(*) from pg_extension where extname = 'citus'`
	var n int64
	if err := c.sql.QueryRowContext(ctx, extension).Scan(&n); err != nil {
		return nil, translate(err)
	}
	if n == 0 {
		return nil, errs.E(errs.Invalid, "store.citus.missing")
	}
	done, err := pg.alone(ctx, c)
	if err != nil {
		return nil, err
	}
	defer done()
	if all, err = distribute(ctx, c, progress); err != nil {
		return nil, err
	}
	return all, release(ctx, c, all)
}

// settle finds out whether the database is spread over a cluster, and brings tables that the schema has got since to their places.
func (e *postgresEngine) settle(ctx context.Context, c *conn) error {
	const cluster = `select to_regclass('pg_catalog.pg_dist_partition') is not null`
	there := false
	if err := c.sql.QueryRowContext(ctx, cluster).Scan(&there); err != nil || !there {
		return translate(err)
	}
	const spread = `select exists (select 1 from pg_dist_partition where logicalrelid = to_regclass($1))`
	if err := c.sql.QueryRowContext(ctx, spread, spreadBy).Scan(&there); err != nil || !there {
		return translate(err)
	}
	e.spread.Store(true)
	if _, err := distribute(ctx, c, nil); err != nil {
		return err
	}
	const turns = `insert into turn (home, n) select distinct home, 0 from serial on conflict (home) do nothing`
	if known, err := keyedTables(ctx, c); err != nil || !slices.ContainsFunc(known, func(t keyed) bool { return t.name == "serial" }) {
		return err // a schema of another kind
	}
	return c.run(ctx, Named("turn.fill", turns)) // of homes that came with a copy
}

// distribute brings the tables to their places, those that others refer to first.
func distribute(ctx context.Context, c *conn, progress func(Placed)) (all []Placed, err error) {
	tables, err := keyedTables(ctx, c)
	if err != nil {
		return nil, err
	}
	places, err := placesNow(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		want, _ := placeOf(t.name, t.homeFirst)
		p := Placed{Table: t.name, Place: want, New: want != cmp.Or(places[t.name], PlaceLocal)}
		if p.New {
			if err := move(ctx, c, t.name, want); err != nil {
				return nil, err
			}
			if progress != nil {
				progress(p)
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// move brings one table to its place.
func move(ctx context.Context, c *conn, name string, to Place) error {
	const (
		first     = `select create_distributed_table($1::text::regclass, 'home', colocate_with => 'none')`
		spread    = `select create_distributed_table($1::text::regclass, 'home', colocate_with => $2)`
		reference = `select create_reference_table($1::text::regclass)`
	)
	var err error
	switch {
	case name == spreadBy:
		_, err = c.sql.ExecContext(ctx, first, name)
	case to == PlaceDistributed:
		_, err = c.sql.ExecContext(ctx, spread, name, spreadBy)
	case to == PlaceReference:
		_, err = c.sql.ExecContext(ctx, reference, name)
	default:
		return errs.E(errs.Conflict, "store.citus.back", "table", name)
	}
	if err != nil {
		return errs.E(errs.KindOf(translate(err)), "store.citus.failed", "table", name).Because(fmt.Errorf("%s: %w", name, err))
	}
	return nil
}

// release gives back the room that rows took on the coordinator before they were moved.
func release(ctx context.Context, c *conn, all []Placed) error {
	const truncate = `select truncate_local_data_after_distributing_table($1::text::regclass)`
	for _, p := range slices.Backward(all) { // what refers to others goes first
		if p.Place == PlaceLocal {
			continue
		}
		if _, err := c.sql.ExecContext(ctx, truncate, p.Table); err != nil {
			return translate(err)
		}
	}
	return nil
}

// keyed is a table of the schema; homeFirst says that its key begins with the home.
type keyed struct {
	table
	homeFirst bool
}

// keyedTables lists the tables of the schema, each behind those that it refers to and all behind the turns.
func keyedTables(ctx context.Context, c *conn) ([]keyed, error) {
	const q = `select c.relname::text,
			coalesce((select a.attname = 'home' from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indrelid = c.oid and i.indisprimary), false),
			coalesce((select string_agg(r.relname, ' ') from pg_constraint f join pg_class r on r.oid = f.confrelid where f.conrelid = c.oid and f.contype = 'f'), '')
		from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')`
	first := map[string]bool{}
	var list []table
	if err := eachRow(ctx, c, q, func(rows *sql.Rows) error {
		var name, refers string
		var homeFirst bool
		if err := rows.Scan(&name, &homeFirst, &refers); err != nil {
			return err
		}
		if name != spreadBy { // with it all begins
			refers += " " + spreadBy
		}
		first[name] = homeFirst
		list = append(list, table{name: name, refers: strings.Fields(refers)})
		return nil
	}); err != nil {
		return nil, err
	}
	out := make([]keyed, 0, len(list))
	for _, t := range ordered(list) {
		out = append(out, keyed{t, first[t.name]})
	}
	return out, nil
}

// placesNow says where the tables lie that are not on the coordinator alone.
func placesNow(ctx context.Context, c *conn) (map[string]Place, error) {
	const q = `select c.relname::text, case when p.partmethod = 'h' then 'distributed' when p.repmodel = 't' then 'reference' else 'local' end
		from pg_dist_partition p join pg_class c on c.oid = p.logicalrelid where c.relnamespace = current_schema()::regnamespace`
	places := map[string]Place{}
	err := eachRow(ctx, c, q, func(rows *sql.Rows) error {
		var name string
		var place Place
		err := rows.Scan(&name, &place)
		places[name] = place
		return err
	})
	return places, err
}

// eachRow calls each with every row that a statement gives.
func eachRow(ctx context.Context, c *conn, q string, each func(*sql.Rows) error) (err error) {
	rows, err := c.sql.QueryContext(ctx, q)
	if err != nil {
		return translate(err)
	}
	defer func() { err = translate(errors.Join(err, rows.Close())) }()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (e *postgresEngine) apart() bool { return e.spread.Load() }

// homes goes by the turns where they are on several machines: Citus takes no recursive statement over all of them.
func (e *postgresEngine) homes(ctx context.Context, t *Tx) ([]int64, error) {
	if !e.apart() {
		return homesByIndex(ctx, t)
	}
	const homes = `select h.home from turn h where exists (select 1 from matter m where m.home = h.home) order by h.home desc`
	return Collect(ctx, t, Named("turn.homes", homes), Int64)
}

// mergeAll is mergeIndex on every machine: the index lies where the rows are.
func mergeAll(ctx context.Context, t *Tx) error {
	const merge = `select count(*) from run_command_on_shards('matter_word',
		$$select sum(gin_clean_pending_list(indexrelid)) from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam where i.indrelid = '%s'::regclass and a.amname = 'gin'$$) where not success`
	failed, err := One(ctx, t, Named("word.merge_all", merge), Int64)
	if err == nil && failed > 0 {
		err = errs.E(errs.Unavailable, "store.failed")
	}
	return err
}

// bytesOf is how much a table takes with its indexes, on all machines together; an index by itself has no number there.
func bytesOf(ctx context.Context, t *Tx, relation string) (int64, error) {
	const size = `select coalesce((select citus_total_relation_size(logicalrelid) from pg_dist_partition where logicalrelid = to_regclass($1)), 0)`
	return One(ctx, t, Named("check.relation_size_all", size), Int64, relation)
}
