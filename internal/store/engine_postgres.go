package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"huiyin/internal/errs"
)

const (
	// noHome stands for what belongs to no place, such as users and rules.
	noHome = 0
	// postgresWriters is how many connections of a process write side by side, each for some homes.
	postgresWriters = 4
	// migrateLock is the number of the lock that a process holds while it migrates.
	migrateLock = 0x6875_6979_696e // "huiyin"
)

// postgresEngine is PostgreSQL 15 or newer. A transaction that writes holds the row of its home in the table turn, so that each home has one writer at a time, as on
// SQLite, whichever of several processes it is in; homes do not wait for each other.
type postgresEngine struct{ db, queries *sql.DB }

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
	const lock, unlock, turns = `select pg_advisory_lock($1)`, `select pg_advisory_unlock($1)`, `create table if not exists turn (home bigint not null primary key)`
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

// beginWrite starts a transaction and waits for the turn of the home. Each of its statements then sees what was committed before it, and nobody else commits to this home.
func (*postgresEngine) beginWrite(ctx context.Context, c *conn, home int64) error {
	const first = `insert into turn (home) values ($1) on conflict (home) do nothing`
	take := "select 1 from turn where home = " + strconv.FormatInt(home, 10) + " for update"
	got, err := c.sql.ExecContext(ctx, "begin; "+take) // in one message
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

// lost gives up a connection on which a transaction could not begin.
func lost(c *conn, err error) error {
	c.close()
	return translate(fmt.Errorf("tx.begin: %w", err))
}

// script gives the statements of a migration; one written for PostgreSQL is handed over whole.
func (*postgresEngine) script(text string, own bool) []string {
	if own {
		return []string{text}
	}
	return []string{postgresSchema(text)}
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

// backup is made by copying all rows, as they are in one transaction, to a SQLite file.
func (*postgresEngine) backup(_ context.Context, _ *Store, _ string) error {
	return errs.E(errs.Internal, "store.failed") // TODO
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
		if _, err := t.conn.sql.ExecContext(ctx, "select count(x) from "+pgx.Identifier{name}.Sanitize()+" x"); err != nil {
			return []string{name + ": " + err.Error()}, nil
		}
	}
	return Collect(ctx, t, Named("check.indexes", invalid), Text, damageReported)
}

func (*postgresEngine) sizes(ctx context.Context, t *Tx) (map[string]int64, error) {
	const size = `select coalesce(pg_total_relation_size(to_regclass($1)), 0)`
	out := map[string]int64{}
	for name, relation := range map[string]string{
		"matter_fts": "matter_word", "sketch_fts": "sketch_key", "matter_place": "matter_place", "matter_category": "matter_category", "matter_received": "matter_received",
		"matter_unit": "matter_unit", "event": "event", "matter": "matter",
	} {
		n, err := One(ctx, t, Named("check.relation_size", size), Int64, relation)
		if err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, nil
}
