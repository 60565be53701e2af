package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"huiyin/internal/errs"
)

const (
	// postgresWriters is how many connections of a process write side by side, each for some homes.
	postgresWriters = 4
	// migrateLock is the number of the lock that a process holds while it migrates.
	migrateLock = 0x6875_6979_696e // "huiyin"
)

// postgresEngine is PostgreSQL 15 or newer. A transaction that writes first counts itself in the row of its home in the table turn and so holds it: each home has one
// writer at a time, as on SQLite, whichever of several processes it is in, and all see that something was written. Homes do not wait for each other.
type postgresEngine struct {
	db, queries *sql.DB
	spread      atomic.Bool // over the machines of a Citus cluster
}

func newPostgres(opt Options) (engine, error) {
	e := &postgresEngine{}
	for db, readOnly := range map[**sql.DB]string{&e.db: "off", &e.queries: "on"} {
		config, err := pgx.ParseConfig(opt.Database)
		if err != nil {
			return nil, errs.E(errs.Invalid, "store.database") // without the cause, which may quote the password
		}
		for name, value := range map[string]string{
			"application_name": "huiyin", "timezone": "UTC", "synchronous_commit": "on", "default_transaction_read_only": readOnly, "lock_timeout": "10s",
			"idle_in_transaction_session_timeout": "60s", "jit": "off", // what takes long here is not computing
			"citus.multi_shard_modify_mode": "sequential", // what one transaction does on a cluster it does in order; without Citus it says nothing
		} {
			if config.RuntimeParams[name] == "" {
				config.RuntimeParams[name] = value
			}
		}
		*db = openPool(stdlib.OpenDB(*config))
	}
	return e, nil
}

func (*postgresEngine) name() string         { return "postgres" }
func (*postgresEngine) mark() byte           { return '$' }
func (*postgresEngine) writers() (int, bool) { return postgresWriters, false }

func (*postgresEngine) shared() bool { return true }

func (*postgresEngine) commits(ctx context.Context, t *Tx) (int64, error) {
	const q = `select coalesce(sum(n), 0)::bigint from turn where home <> 0`
	return One(ctx, t, Named("turn.commits", q), Int64)
}

func (e *postgresEngine) close() error {
	err := e.queries.Close()
	if e := e.db.Close(); err == nil {
		err = e
	}
	return err
}

func (e *postgresEngine) connect(ctx context.Context, write bool) (*sql.Conn, error) {
	if write {
		return e.db.Conn(ctx)
	}
	return e.queries.Conn(ctx)
}

// alone holds a lock of the session: processes that start at once migrate one after the other. It makes the table of turns, which every transaction that writes needs.
func (*postgresEngine) alone(ctx context.Context, c *conn) (func(), error) {
	const lock, unlock, turns = `select pg_advisory_lock($1)`, `select pg_advisory_unlock($1)`, `create table if not exists turn (home bigint not null primary key, n bigint not null)`
	if err := c.run(ctx, Named("migration.lock", lock), int64(migrateLock)); err != nil {
		return nil, err
	}
	done := func() { _ = c.run(context.WithoutCancel(ctx), Named("migration.unlock", unlock), int64(migrateLock)) }
	if err := c.run(ctx, Named("migration.turns", turns)); err != nil {
		done()
		return nil, err
	}
	return done, nil
}

// begin starts a transaction that sees what was committed when its first statement ran.
func (*postgresEngine) begin(ctx context.Context, c *conn) error {
	return c.run(ctx, Named("tx.read_one_state", "begin isolation level repeatable read read only"))
}

// anew has the driver send a statement without preparing it: what is prepared gets one plan for whatever arguments after a few times.
func (*postgresEngine) anew() any { return pgx.QueryExecModeCacheDescribe }

// beginWrite starts a transaction and waits for the turn of the home. Each of its statements then sees what was committed before it, and nobody else commits to this home.
func (*postgresEngine) beginWrite(ctx context.Context, c *conn, home int64) error {
	const first = `insert into turn (home, n) values ($1, 0) on conflict (home) do nothing`
	take := "update turn set n = n + 1 where home = " + strconv.FormatInt(home, 10) //nolint:gosec // a number
	got, err := c.sql.ExecContext(ctx, "begin; "+take)                              // in one message
	if err != nil {
		return lost(c, err)
	}
	if n, err := got.RowsAffected(); err != nil || n == 1 {
		return err
	}
	if err := c.run(ctx, Named("tx.turn_first", first), home); err != nil {
		return lost(c, err)
	}
	if _, err := c.sql.ExecContext(ctx, take); err != nil {
		return lost(c, err)
	}
	return nil
}

func (*postgresEngine) pipelined() bool { return true }

// send gives the server all statements in one message and reads their answers after that. The driver prepares each text once for a connection.
func (*postgresEngine) send(ctx context.Context, c *conn, list []late) error {
	var batch pgx.Batch
	for _, l := range list {
		flat, sh, err := flatten(l.args)
		if err != nil {
			return err
		}
		text, err := rewrite(l.stmt.sql, sh, c.engine.mark())
		if err != nil {
			return err
		}
		batch.Queue(text, flat...)
	}
	var failed error
	if err := c.sql.Raw(func(driver any) error {
		sent := driver.(*stdlib.Conn).Conn().SendBatch(ctx, &batch) //nolint:forcetypeassert,errcheck // connections of this engine are nothing else
		for _, l := range list {
			if _, err := sent.Exec(); err != nil {
				failed = fmt.Errorf("%s: %w", l.stmt.name, err)
				break
			}
		}
		if err := sent.Close(); failed == nil {
			failed = err
		}
		return nil
	}); err != nil {
		return err
	}
	return failed
}

// lost gives up a connection on which a transaction could not begin.
func lost(c *conn, err error) error {
	c.close()
	return translate(fmt.Errorf("tx.begin: %w", err))
}

// script gives the statements of a migration one by one: Citus hands what changes a table on to the machines as it came. One written for PostgreSQL is cut the same way, so
// it has no quotes of dollars in it.
func (*postgresEngine) script(text string, own bool) []string {
	list := cut(text)
	for i := range list {
		if !own {
			list[i] = postgresSchema(list[i])
		}
	}
	return list
}

// cut takes a script apart at the semicolons between its statements.
func cut(script string) (list []string) {
	start, empty := 0, true
	for i := 0; i < len(script); {
		switch end := opaque(script, i); {
		case end > i:
			empty = empty && script[i] != '\'' && script[i] != '"'
			i = end
		case script[i] == ';':
			list = append(list, script[start:i])
			i++
			start, empty = i, true
		default:
			empty = empty && strings.ContainsRune(" \t\r\n", rune(script[i]))
			i++
		}
	}
	if !empty { // the last semicolon is missing
		list = append(list, script[start:])
	}
	return list
}

// postgresSchema says of every column of text that it sorts by its bytes, as on SQLite and whatever the locale of the database is.
func postgresSchema(script string) string {
	var b strings.Builder
	named := false // a column's name stands before: a column may be called text, too
	for i := 0; i < len(script); {
		end := wordEnd(script, i)
		switch {
		case end > i:
			b.WriteString(script[i:end])
			if named && strings.EqualFold(script[i:end], "text") {
				b.WriteString(` collate "C"`)
			}
			named = true
		case opaque(script, i) > i:
			end = opaque(script, i)
			b.WriteString(script[i:end])
		default:
			end = i + 1
			b.WriteByte(script[i])
			named = named && script[i] != ',' && script[i] != '('
		}
		i = end
	}
	return b.String()
}

// privateTables are those that SQLite does not have.
const privateTables = `'migration', 'turn', 'matter_word', 'sketch', 'sketch_key'`

func (*postgresEngine) tables(ctx context.Context, t *Tx) ([]table, error) {
	const columns = `select c.relname::text, a.attname::text, a.atttypid = 'boolean'::regtype,
			coalesce((select k.n from pg_index i cross join unnest(i.indkey) with ordinality k (att, n) where i.indrelid = c.oid and i.indisprimary and k.att = a.attnum), 0)
		from pg_class c join pg_attribute a on a.attrelid = c.oid
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and c.relname not in (` + privateTables + `)
		order by c.relname, a.attnum`
	const refers = `select distinct c.conrelid::regclass::text, c.confrelid::regclass::text from pg_constraint c
		where c.contype = 'f' and c.connamespace = current_schema()::regnamespace`
	var list []table
	key := map[string]map[int64]int{}
	if _, err := Collect(ctx, t, Named("copy.catalogue", columns), func(r *Row) (name string, err error) {
		var column string
		var flag bool
		var place int64
		if err := r.Scan(&name, &column, &flag, &place); err != nil {
			return name, err
		}
		if len(list) == 0 || list[len(list)-1].name != name {
			list, key[name] = append(list, table{name: name}), map[int64]int{}
		}
		x := &list[len(list)-1]
		if place > 0 {
			key[name][place] = len(x.columns)
		}
		x.columns, x.flags = append(x.columns, column), append(x.flags, flag)
		return name, nil
	}); err != nil {
		return nil, err
	}
	_, err := Collect(ctx, t, Named("copy.references", refers), func(r *Row) (name string, err error) {
		var other string
		err = r.Scan(&name, &other)
		for i := range list {
			if list[i].name == name {
				list[i].refers = append(list[i].refers, other)
			}
		}
		return name, err
	})
	for i := range list {
		for place := range len(key[list[i].name]) {
			list[i].key = append(list[i].key, key[list[i].name][int64(place+1)])
		}
	}
	return list, err
}

// backup copies all rows, as they are at one moment, to a SQLite file, from which either engine is filled again.
func (*postgresEngine) backup(ctx context.Context, s *Store, path string) error {
	if _, err := os.Stat(path); err == nil {
		return errs.E(errs.Conflict, "store.backup_exists")
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".copy-*")
	if err != nil {
		return errs.E(errs.Unavailable, "store.disk").Because(err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // a copy that has its name already is out of there
	opt := s.opt
	opt.Dir, opt.Database, opt.Observe, opt.Record, opt.Rehearse = dir, "", nil, nil, false
	file, err := Open(ctx, opt)
	if err != nil {
		return err
	}
	_, err = s.Copy(ctx, file, false, nil)
	if err == nil {
		err = file.Backup(ctx, path) // in one file, without what SQLite keeps beside it
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}

// check reads every table: PostgreSQL reports pages that do not fit their checksums, and holds references by itself.
func (*postgresEngine) check(ctx context.Context, t *Tx) ([]string, error) {
	const tables = `select table_name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name`
	const invalid = `select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
		where not i.indisvalid and n.nspname = current_schema() limit $1`
	names, err := Collect(ctx, t, Named("check.tables", tables), Text)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		q := newQuery(`select count(x) from `).ident(name).text(` x`)
		if _, err := Collect(ctx, t, q.stmt("check.read"), Int64); err != nil {
			return nil, err
		}
	}
	return Collect(ctx, t, Named("check.indexes", invalid), Text, damageReported)
}

func (e *postgresEngine) sizes(ctx context.Context, t *Tx) (map[string]int64, error) {
	const size = `select coalesce(pg_total_relation_size(to_regclass($1)), 0)`
	out := map[string]int64{}
	for name, relation := range map[string]string{
		"matter_fts": "matter_word", "sketch_fts": "sketch_key", "matter_place": "matter_place", "matter_category": "matter_category", "matter_received": "matter_received",
		"matter_unit": "matter_unit", "event": "event", "matter": "matter",
	} {
		of := func() (int64, error) { return One(ctx, t, Named("check.relation_size", size), Int64, relation) }
		if e.apart() {
			of = func() (int64, error) { return bytesOf(ctx, t, relation) }
		}
		n, err := of()
		if err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, nil
}

func (*postgresEngine) whole(ctx context.Context, t *Tx) (int64, error) {
	return One(ctx, t, Named("check.database", `select pg_database_size(current_database())`), Int64)
}

func (*postgresEngine) holds(ctx context.Context, c *conn) (there bool, err error) {
	err = c.sql.QueryRowContext(ctx, `select to_regclass('migration') is not null`).Scan(&there)
	return there, translate(err)
}
