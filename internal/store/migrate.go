package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"regexp"
	"slices"
	"strconv"

	"huiyin/internal/errs"
)

// migration is one step of the schema. Each step is one file NNNN_name.sql in the vocabulary common to the engines
// (types bigint, text, boolean, bytea; statements ending with a semicolon). What only one engine needs stands beside
// it in NNNN_name.sqlite.sql or .postgres.sql and runs after it, in the same transaction. Where tables lie on a cluster follows from their keys: [Distribute].
type migration struct {
	version int64
	name    string
	common  string
	extra   string // of the engine
	sum     string // SHA-256 over both, in hex
}

// migrationName takes a file name apart: number, name, engine.
var migrationName = regexp.MustCompile(`^(\d{4})_([a-z0-9_]+)(?:\.(sqlite|postgres))?\.sql$`)

// file is a migration file; engine is empty for the common one.
type file struct {
	version      int64
	name, engine string
	path         string
}

// listMigrations lists the files in the order of their numbers, the common one of each step first.
func listMigrations(files fs.FS) ([]file, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, errs.E(errs.Internal, "store.migration.files").Because(err)
	}
	list := make([]file, len(entries))
	for i, e := range entries {
		part := migrationName.FindStringSubmatch(e.Name())
		if part == nil {
			return nil, errs.E(errs.Internal, "store.migration.name", "file", e.Name())
		}
		version, _ := strconv.ParseInt(part[1], 10, 64) // four digits always fit
		list[i] = file{version: version, name: part[2], engine: part[3], path: e.Name()}
	}
	slices.SortFunc(list, func(a, b file) int {
		return cmp.Or(cmp.Compare(a.version, b.version), cmp.Compare(a.engine, b.engine), cmp.Compare(a.name, b.name))
	})
	return list, nil
}

// loadMigrations reads the steps, in order. They are numbered from 1 without a gap.
func loadMigrations(files fs.FS, engine string) ([]migration, error) {
	list, err := listMigrations(files)
	if err != nil {
		return nil, err
	}
	var steps []migration
	for _, f := range list {
		text, err := fs.ReadFile(files, f.path)
		if err != nil {
			return nil, errs.E(errs.Internal, "store.migration.files").Because(err)
		}
		last := len(steps) - 1
		switch {
		case f.engine == "" && f.version == int64(len(steps)+1):
			steps = append(steps, migration{version: f.version, name: f.name, common: string(text)})
		case f.engine == "" || last < 0 || steps[last].version != f.version || steps[last].name != f.name:
			return nil, errs.E(errs.Internal, "store.migration.gap", "file", f.path)
		case f.engine == engine:
			steps[last].extra = string(text)
		}
	}
	for i := range steps {
		sum := sha256.Sum256([]byte(steps[i].common + "\x00" + steps[i].extra))
		steps[i].sum = hex.EncodeToString(sum[:])
	}
	return steps, nil
}

// applied is a step as the database has recorded it.
type applied struct {
	version int64
	sum     string
}

// migrate brings the schema up to the last step, each in a transaction of its own. It goes forward only: a recorded
// step whose file has changed, or one that this program does not know, is an error and nothing is done. It returns the last step.
func migrate(ctx context.Context, c *conn, files fs.FS, now int64) (latest int64, err error) {
	steps, err := loadMigrations(files, c.engine.name())
	if err != nil {
		return 0, err
	}
	done, err := c.engine.alone(ctx, c)
	if err != nil {
		return 0, err
	}
	defer done()
	for _, statement := range c.engine.script(migrationTable, false) {
		if _, err := c.sql.ExecContext(ctx, statement); err != nil {
			return 0, translate(err)
		}
	}
	if err := climb(ctx, c, steps, now); err != nil {
		return 0, err
	}
	return int64(len(steps)), c.engine.settle(ctx, c)
}

// migrationTable is the record of what was done.
const migrationTable = `create table if not exists migration (version bigint primary key, name text not null, checksum text not null, applied_us bigint not null);`

// climb takes the steps that are not on record.
func climb(ctx context.Context, c *conn, steps []migration, now int64) error {
	done, err := appliedSteps(ctx, c)
	if err != nil {
		return err
	}
	if n := len(done); n > len(steps) {
		return errs.E(errs.Conflict, "store.migration.newer", "database", done[n-1].version, "program", len(steps))
	}
	for i, d := range done {
		if d.version != steps[i].version || d.sum != steps[i].sum {
			return errs.E(errs.Conflict, "store.migration.changed", "version", steps[i].version, "name", steps[i].name)
		}
	}
	for _, m := range steps[len(done):] {
		if err := m.apply(ctx, c, now); err != nil {
			return errs.E(errs.KindOf(err), "store.migration.failed", "version", m.version, "name", m.name).Because(err)
		}
	}
	return nil
}

// appliedSteps reads the record, in order.
func appliedSteps(ctx context.Context, c *conn) (done []applied, err error) {
	rows, err := c.query(ctx, Named("migration.list", "select version, checksum from migration order by version"), nil)
	if err != nil {
		return nil, translate(err)
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = translate(e)
		}
	}()
	for rows.Next() {
		var d applied
		if err := rows.Scan(&d.version, &d.sum); err != nil {
			return nil, translate(err)
		}
		done = append(done, d)
	}
	return done, translate(rows.Err())
}

// apply carries out the step and records it.
func (m migration) apply(ctx context.Context, c *conn, now int64) (err error) {
	if err := c.engine.beginWrite(ctx, c, noHome); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = c.run(context.WithoutCancel(ctx), Named("tx.rollback", "rollback")) // the error that matters is err
		}
	}()
	for _, statement := range append(c.engine.script(m.common, false), c.engine.script(m.extra, true)...) {
		// not prepared: it may be a script, and nothing runs twice
		if _, err := c.sql.ExecContext(ctx, statement); err != nil {
			return translate(err)
		}
	}
	if err := c.run(ctx, Named("migration.record",
		"insert into migration (version, name, checksum, applied_us) values ($1, $2, $3, $4)"),
		m.version, m.name, m.sum, now); err != nil {
		return err
	}
	return c.run(ctx, Named("tx.commit", "commit"))
}

// wordEnd returns the end of the word that starts at i, and i where none does.
func wordEnd(s string, i int) int {
	for i < len(s) {
		c := s[i]
		if c != '_' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			break
		}
		i++
	}
	return i
}
