package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"huiyin/internal/errs"
)

const (
	fileName       = "huiyin.db"
	defaultSlow    = 200 * time.Millisecond
	defaultBatch   = 128
	busyTimeoutMS  = "5000"
	defaultReaders = 6
	maxStatements  = 512 // prepared statements kept by a connection
	folderMode     = 0o700
	databaseMode   = 0o600
	damageReported = 20 // lines of an integrity check that are kept
)

// pragma is a setting of a connection and the value that SQLite reports for it.
type pragma struct{ name, value, reported string }

// pragmas gives the settings of a connection, in the order in which they are made. A statement would set them on one
// connection of a pool only; so they stand in the DSN, and connect reads them back.
func pragmas(queryOnly bool) []pragma {
	cache, only := "-16000", "0" // KiB
	if queryOnly {
		cache, only = "-8000", "1"
	}
	return []pragma{
		{"busy_timeout", busyTimeoutMS, busyTimeoutMS}, // first: setting the journal mode may have to wait
		{"journal_mode", "wal", "wal"},
		{"synchronous", "full", "2"}, // each commit is flushed to the disk
		{"foreign_keys", "on", "1"},
		{"temp_store", "memory", "2"},
		{"cache_size", cache, cache},
		{"mmap_size", "0", "0"},                // an I/O error stays an error and is no signal; memory stays bounded
		{"wal_autocheckpoint", "4000", "4000"}, // pages: 16 MiB; a checkpoint waits for the disk inside somebody's commit
		{"journal_size_limit", "67108864", "67108864"},
		{"query_only", only, only},
	}
}

// dsn names the database and the settings of its connections.
func dsn(path string, queryOnly bool) string {
	v := url.Values{}
	for _, p := range pragmas(queryOnly) {
		v.Add("_pragma", p.name+"("+p.value+")")
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: v.Encode()}).String()
}

// Open opens the database in the data folder, making both if they are missing, checks the settings of its
// connections and brings the schema up to date. ctx limits the opening, not the life of the store.
func Open(ctx context.Context, opt Options) (*Store, error) {
	if opt.Migrations == nil || opt.Now == nil {
		return nil, errs.E(errs.Internal, "store.options")
	}
	opt = opt.defaults()
	dir, err := filepath.Abs(opt.Dir)
	if err != nil {
		return nil, errs.E(errs.Unavailable, "store.disk").Because(err)
	}
	path := filepath.Join(dir, fileName)
	if err := claim(path); err != nil {
		return nil, errs.E(errs.Unavailable, "store.disk").Because(err)
	}
	s := &Store{opt: opt, path: path, readers: make(chan *conn, opt.Readers), closed: make(chan struct{})}
	if s.db, err = openPool(dsn(path, false)); err != nil {
		return nil, err
	}
	if s.queries, err = openPool(dsn(path, true)); err != nil {
		return nil, err
	}
	c, err := connect(ctx, s.db)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, c, opt.Migrations, opt.Now()); err != nil {
		c.close()
		return nil, err
	}
	for range opt.Readers {
		r, err := connect(ctx, s.queries)
		if err != nil {
			c.close()
			for range len(s.readers) {
				(<-s.readers).close()
			}
			return nil, err
		}
		s.readers <- r
	}
	s.writer = newWriter(s, c, opt.MaxBatch)
	go s.writer.loop(context.WithoutCancel(ctx))
	return s, nil
}

func (o Options) defaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Slow == 0 {
		o.Slow = defaultSlow
	}
	if o.Readers == 0 {
		o.Readers = defaultReaders
	}
	if o.MaxBatch == 0 {
		o.MaxBatch = defaultBatch
	}
	return o
}

// claim makes the data folder and the database file, for this user alone, if they are missing. SQLite gives its
// other files the mode of the database.
func claim(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, databaseMode)
	if err != nil {
		return err
	}
	return f.Close()
}

// openPool returns what makes connections; it keeps none itself, as each is owned by one user from its start to its
// end.
func openPool(dsn string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn) //nolint:forbidigo // the store is the one place that opens a database
	if err != nil {
		return nil, translate(err)
	}
	db.SetMaxIdleConns(-1)
	return db, nil
}

// Close lets the writes that wait and the reads that run finish, refuses new ones, and closes the database.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() {
		close(s.closed)
		s.writer.close()
		for range cap(s.readers) {
			(<-s.readers).close()
		}
		err = translate(errors.Join(s.queries.Close(), s.db.Close()))
	})
	return err
}

// conn is one connection with the statements prepared on it. It has one user at a time.
type conn struct {
	sql      *sql.Conn // nil after close
	prepared map[prepKey]*sql.Stmt
}

type prepKey struct {
	sql   string
	shape shape
}

// connect opens a connection and reads its settings back.
func connect(ctx context.Context, db *sql.DB) (*conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, translate(err)
	}
	fresh := &conn{sql: c, prepared: map[prepKey]*sql.Stmt{}}
	if err := fresh.checkPragmas(ctx); err != nil {
		fresh.close()
		return nil, err
	}
	return fresh, nil
}

// checkPragmas reports a setting that did not take: on some network file systems there is no WAL, for example.
func (c *conn) checkPragmas(ctx context.Context) error {
	var only string
	if err := c.sql.QueryRowContext(ctx, "pragma query_only").Scan(&only); err != nil {
		return translate(err)
	}
	for _, p := range pragmas(only == "1") {
		var got string
		if err := c.sql.QueryRowContext(ctx, "pragma "+p.name).Scan(&got); err != nil {
			return translate(err)
		}
		if got != p.reported {
			return errs.E(errs.Unavailable, "store.pragma", "name", p.name, "value", got, "wanted", p.reported)
		}
	}
	return nil
}

// close ends the connection, and with it a transaction that is open on it.
func (c *conn) close() {
	if c.sql == nil {
		return
	}
	c.forget()
	// the driver is told that the connection is bad, so that no pool hands it out again
	_ = c.sql.Raw(func(any) error { return driver.ErrBadConn })
	_ = c.sql.Close()
	c.sql = nil
}

// replace puts a fresh connection in the place of a closed one.
func (c *conn) replace(fresh *conn) { *c = *fresh }

// forget closes the prepared statements.
func (c *conn) forget() {
	for _, st := range c.prepared {
		_ = st.Close()
	}
	clear(c.prepared)
}

// prepare returns the statement as it is prepared on this connection, and the arguments laid out for it.
func (c *conn) prepare(ctx context.Context, st Stmt, args []any) (*sql.Stmt, []any, error) {
	flat, sh, err := flatten(args)
	if err != nil {
		return nil, nil, err
	}
	key := prepKey{st.sql, sh}
	if p, ok := c.prepared[key]; ok {
		return p, flat, nil
	}
	text, err := rewrite(st.sql, sh)
	if err != nil {
		return nil, nil, err
	}
	if len(c.prepared) >= maxStatements {
		c.forget()
	}
	p, err := c.sql.PrepareContext(ctx, text)
	if err != nil {
		return nil, nil, err
	}
	c.prepared[key] = p
	return p, flat, nil
}

func (c *conn) exec(ctx context.Context, st Stmt, args []any) (int64, error) {
	p, flat, err := c.prepare(ctx, st, args) //nolint:sqlclosecheck // kept for the next call; forget closes it
	if err != nil {
		return 0, err
	}
	result, err := p.ExecContext(ctx, flat...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c *conn) query(ctx context.Context, st Stmt, args []any) (*sql.Rows, error) {
	p, flat, err := c.prepare(ctx, st, args) //nolint:sqlclosecheck // kept for the next call; forget closes it
	if err != nil {
		return nil, err
	}
	return p.QueryContext(ctx, flat...)
}

// run carries out a statement of the store's own.
func (c *conn) run(ctx context.Context, st Stmt, args ...any) error {
	if _, err := c.exec(ctx, st, args); err != nil {
		return translate(fmt.Errorf("%s: %w", st.name, err))
	}
	return nil
}

// Backup writes a consistent copy of the database, as of now, to a new file at path while the store works on, and
// flushes it to the disk. The copy has no free pages and stands alone. It refuses to overwrite.
func (s *Store) Backup(ctx context.Context, path string) error {
	c, err := connect(ctx, s.db)
	if err != nil {
		return err
	}
	defer c.close()
	// made empty and for this user alone; SQLite fills an empty file
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, databaseMode)
	if errors.Is(err, os.ErrExist) {
		return errs.E(errs.Conflict, "store.backup_exists").Because(err)
	}
	if err != nil {
		return errs.E(errs.Unavailable, "store.disk").Because(err)
	}
	err = c.run(ctx, Named("backup.vacuum", "vacuum into $1"), path)
	if err == nil {
		err = flush(f, filepath.Dir(path))
	}
	if e := f.Close(); err == nil && e != nil {
		err = errs.E(errs.Unavailable, "store.disk").Because(e)
	}
	if err != nil {
		_ = os.Remove(path) // half a copy is worse than none
	}
	return err
}

// flush brings a new file and its name to the disk.
func flush(f *os.File, dir string) error {
	err := f.Sync()
	if err == nil {
		var d *os.File
		if d, err = os.Open(dir); err == nil {
			err = errors.Join(d.Sync(), d.Close())
		}
	}
	if err != nil {
		return errs.E(errs.Unavailable, "store.disk").Because(err)
	}
	return nil
}

// Check reads the whole database and reports damage: of pages, indexes, the search index, types of values and
// references. It returns nil for a sound one and an Internal error "store.damaged" with the first findings as its
// cause.
func (s *Store) Check(ctx context.Context) error {
	return s.Read(ctx, func(tx *Tx) error {
		found, err := Collect(ctx, tx, Named("check.integrity", "select integrity_check from pragma_integrity_check limit $1"),
			Text, damageReported)
		if err != nil {
			return err
		}
		if len(found) == 1 && found[0] == "ok" {
			found = nil
		}
		orphans, err := Collect(ctx, tx, Named("check.references",
			`select "table" || ' ' || coalesce(rowid, 0) || ' -> ' || parent from pragma_foreign_key_check limit $1`),
			Text, damageReported)
		if err != nil {
			return err
		}
		if found = append(found, orphans...); len(found) > 0 {
			return errs.E(errs.Internal, "store.damaged").Because(errors.New(strings.Join(found, "; ")))
		}
		return nil
	})
}

// Sizes returns how many bytes the tables and indexes take by which matters are found, by their names. It reads all of their pages.
func (t *Tx) Sizes(ctx context.Context) (map[string]int64, error) {
	const size = `select coalesce(sum(pgsize), 0) from dbstat where name = $1`
	out := map[string]int64{}
	for name, parts := range map[string][]string{
		"matter_fts": {"matter_fts_data", "matter_fts_idx", "matter_fts_docsize"}, "sketch_fts": {"sketch_fts_data", "sketch_fts_idx", "sketch_fts_docsize"},
		"matter_place": {"matter_place"}, "matter_category": {"matter_category"}, "matter_received": {"matter_received"},
		"matter_unit": {"matter_unit", "sqlite_autoindex_matter_unit_1", "matter_unit_unit"}, "event": {"event", "sqlite_autoindex_event_1"},
		"matter": {"matter", "sqlite_autoindex_matter_1"},
	} {
		for _, part := range parts {
			n, err := One(ctx, t, Named("check.size", size), Int64, part)
			if err != nil {
				return nil, err
			}
			out[name] += n
		}
	}
	return out, nil
}
