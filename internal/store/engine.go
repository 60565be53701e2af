package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"huiyin/internal/errs"
)

const (
	defaultSlow    = 200 * time.Millisecond
	defaultBatch   = 128
	defaultReaders = 6
	maxStatements  = 512 // prepared statements kept by a connection
)

// engine is what the database systems differ in. All else in this package is written once, in SQL that they have in common.
type engine interface { //nolint:interfacebloat // two systems differ in that much
	// name is what its migration files are called by: NNNN_name.sqlite.sql.
	name() string
	// connect opens a connection; one that only reads refuses to write.
	connect(ctx context.Context, write bool) (*sql.Conn, error)
	// close ends what opens connections.
	close() error
	// mark is how a parameter begins, before its number.
	mark() byte
	// script cuts a migration into statements in the engine's words; own says that it is written for this engine.
	script(sql string, own bool) []string
	// holds says whether the database was ever migrated.
	holds(ctx context.Context, c *conn) (bool, error)
	// alone keeps other processes from migrating until what it returns is called.
	alone(ctx context.Context, c *conn) (done func(), err error)
	// settle does what is left to do when the schema is up to date, before others may migrate.
	settle(ctx context.Context, c *conn) error
	// begin starts a transaction that reads one state of the data.
	begin(ctx context.Context, c *conn) error
	// anew gives the argument, ahead of the others, with which a statement is planned each time for the arguments that it has then; nil where that is no matter.
	anew() any
	// beginWrite starts a transaction that alone writes to a home.
	beginWrite(ctx context.Context, c *conn, home int64) error
	// writers is how many connections write side by side; mixed says that one transaction may serve several homes.
	writers() (n int, mixed bool)
	// pipelined says that statements are better sent many at a time, and send carries such out in their order, up to the first that fails.
	pipelined() bool
	send(ctx context.Context, c *conn, list []late) error
	// shared says that other processes may write, and commits counts what all of them committed.
	shared() bool
	commits(ctx context.Context, t *Tx) (int64, error)
	// apart says that homes may lie on several machines, so that a statement that names one costs less than one that goes through all.
	apart() bool
	// homes lists the homes that have matters, the greatest first.
	homes(ctx context.Context, t *Tx) ([]int64, error)
	// tables lists the tables of the common schema: not the record of migrations, nor what the engine has for itself.
	tables(ctx context.Context, t *Tx) ([]table, error)
	// backup writes a copy of the data, as it is now, to a new file.
	backup(ctx context.Context, s *Store, path string) error
	// check looks for damage and gives the first findings.
	check(ctx context.Context, t *Tx) ([]string, error)
	// sizes gives the bytes of the tables and indexes by which matters are found.
	sizes(ctx context.Context, t *Tx) (map[string]int64, error)
	whole(ctx context.Context, t *Tx) (int64, error)
	finder
}

// engineOf chooses the engine: PostgreSQL where an address of a database is given, else the file in the data folder.
func engineOf(opt Options) (engine, error) {
	if opt.Database == "" {
		return newSQLite(opt)
	}
	if strings.HasPrefix(opt.Database, "postgres://") || strings.HasPrefix(opt.Database, "postgresql://") {
		return newPostgres(opt)
	}
	return nil, errs.E(errs.Invalid, "store.database")
}

// Holds says whether there is a database of Huiyin already where the options say, without making one.
func Holds(ctx context.Context, opt Options) (bool, error) {
	if opt.Database == "" {
		_, err := os.Stat(filepath.Join(opt.Dir, fileName))
		return err == nil, nil
	}
	there := false
	return there, look(ctx, opt, func(c *conn) (err error) {
		there, err = c.engine.holds(ctx, c)
		return err
	})
}

// Steps says how far the schema of a database is, zero where it was never migrated, and how far this program would bring it. It changes nothing.
func Steps(ctx context.Context, opt Options) (taken, known int64, err error) {
	err = look(ctx, opt, func(c *conn) error {
		steps, err := loadMigrations(opt.Migrations, c.engine.name())
		if err != nil {
			return err
		}
		known = int64(len(steps))
		if there, err := c.engine.holds(ctx, c); err != nil || !there {
			return err
		}
		done, err := appliedSteps(ctx, c)
		if len(done) > 0 {
			taken = done[len(done)-1].version
		}
		return err
	})
	return taken, known, err
}

// look opens a connection that only reads, without a store.
func look(ctx context.Context, opt Options, fn func(*conn) error) error {
	e, err := engineOf(opt)
	if err != nil {
		return err
	}
	c, err := connect(ctx, e, false)
	if err != nil {
		return errors.Join(err, e.close())
	}
	err = fn(c)
	c.close()
	return errors.Join(err, e.close())
}

// Open opens the database, making it in the data folder if it is missing there, checks the settings of its
// connections and brings the schema up to date. ctx limits the opening, not the life of the store.
func Open(ctx context.Context, opt Options) (*Store, error) {
	if opt.Migrations == nil || opt.Now == nil {
		return nil, errs.E(errs.Internal, "store.options")
	}
	opt = opt.defaults()
	e, err := engineOf(opt)
	if err != nil {
		return nil, err
	}
	s := &Store{opt: opt, engine: e, readers: make(chan *conn, opt.Readers), closed: make(chan struct{})}
	if err := s.start(ctx); err != nil {
		for range len(s.readers) {
			(<-s.readers).close()
		}
		for _, w := range s.writers {
			w.close()
		}
		_ = e.close()
		return nil, err
	}
	return s, nil
}

// start migrates and fills the store with connections.
func (s *Store) start(ctx context.Context) error {
	c, err := connect(ctx, s.engine, true)
	if err != nil {
		return err
	}
	if s.latest, err = migrate(ctx, c, s.opt.Migrations, s.opt.Now()); err != nil {
		c.close()
		return err
	}
	n, mixed := s.engine.writers()
	for range n {
		w := newWriter(s, c, s.opt.MaxBatch, mixed)
		s.writers = append(s.writers, w)
		go w.loop(context.WithoutCancel(ctx))
		c = &conn{engine: s.engine, prepared: map[prepKey]prepared{}} // the others connect with their first transaction
	}
	for range s.opt.Readers {
		r, err := connect(ctx, s.engine, false)
		if err != nil {
			return err
		}
		s.readers <- r
	}
	return nil
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
	if o.Few == 0 {
		o.Few = defaultFew
	}
	return o
}

// Close lets the writes that wait and the reads that run finish, refuses new ones, and closes the database.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() {
		close(s.closed)
		for _, w := range s.writers {
			w.close()
		}
		for range cap(s.readers) {
			(<-s.readers).close()
		}
		err = translate(s.engine.close())
	})
	return err
}

// Engine names the database system: "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.name() }

// Backup writes a consistent copy of the data, as of now, to a new SQLite file at path while the store works on, and
// flushes it to the disk. The copy stands alone. It refuses to overwrite.
func (s *Store) Backup(ctx context.Context, path string) error { return s.engine.backup(ctx, s, path) }

// Check reads the whole database and reports damage: of pages, indexes, the search index, types of values and
// references. It returns nil for a sound one and an Internal error "store.damaged" with the first findings as its
// cause.
func (s *Store) Check(ctx context.Context) error {
	return s.Read(ctx, func(tx *Tx) error {
		found, err := s.engine.check(ctx, tx)
		if err == nil && len(found) > 0 {
			err = errs.E(errs.Internal, "store.damaged").Because(errors.New(strings.Join(found, "; ")))
		}
		return err
	})
}

// Sizes returns how many bytes the tables and indexes take by which matters are found, by their names. It may read all of their pages.
func (t *Tx) Sizes(ctx context.Context) (map[string]int64, error) {
	return t.store.engine.sizes(ctx, t)
}

// Whole returns how many bytes the whole database takes.
func (t *Tx) Whole(ctx context.Context) (int64, error) {
	return t.store.engine.whole(ctx, t)
}

// openPool gives what makes connections; it keeps none itself, as each is owned by one user from its start to its
// end.
func openPool(db *sql.DB) *sql.DB {
	db.SetMaxIdleConns(-1)
	return db
}

// conn is one connection with the statements prepared on it. It has one user at a time.
type conn struct {
	engine   engine
	sql      *sql.Conn // nil after close
	prepared map[prepKey]prepared
}

type prepKey struct {
	Stmt
	shape shape
}

// prepared is a statement in the engine's words, and as it is prepared on a connection, unless it is planned anew each time.
type prepared struct {
	text string
	stmt *sql.Stmt
}

// connect opens a connection.
func connect(ctx context.Context, e engine, write bool) (*conn, error) {
	c, err := e.connect(ctx, write)
	if err != nil {
		return nil, translate(err)
	}
	return &conn{engine: e, sql: c, prepared: map[prepKey]prepared{}}, nil
}

// close ends the connection, and with it a transaction that is open on it.
func (c *conn) close() {
	if c.sql == nil {
		return
	}
	c.forget()
	drop(c.sql)
	c.sql = nil
}

// drop ends a connection of the driver.
func drop(c *sql.Conn) {
	// the driver is told that the connection is bad, so that no pool hands it out again
	_ = c.Raw(func(any) error { return driver.ErrBadConn })
	_ = c.Close()
}

// replace puts a fresh connection in the place of a closed one.
func (c *conn) replace(fresh *conn) { *c = *fresh }

// forget closes the prepared statements.
func (c *conn) forget() {
	for _, st := range c.prepared {
		if st.stmt != nil {
			_ = st.stmt.Close()
		}
	}
	clear(c.prepared)
}

// prepare returns the statement as it is prepared on this connection, and the arguments laid out for it.
func (c *conn) prepare(ctx context.Context, st Stmt, args []any) (p prepared, flat []any, err error) {
	flat, sh, err := flatten(args)
	if err != nil {
		return p, nil, err
	}
	key := prepKey{st, sh}
	if p, ok := c.prepared[key]; ok {
		return p, flat, nil
	}
	if p.text, err = rewrite(st.sql, sh, c.engine.mark()); err != nil {
		return p, nil, err
	}
	if len(c.prepared) >= maxStatements {
		c.forget()
	}
	if !st.anew || c.engine.anew() == nil {
		if p.stmt, err = c.sql.PrepareContext(ctx, p.text); err != nil {
			return p, nil, err
		}
	}
	c.prepared[key] = p
	return p, flat, nil
}

func (c *conn) exec(ctx context.Context, st Stmt, args []any) (int64, error) {
	p, flat, err := c.prepare(ctx, st, args)
	if err != nil {
		return 0, err
	}
	result, err := p.stmt.ExecContext(ctx, flat...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c *conn) query(ctx context.Context, st Stmt, args []any) (*sql.Rows, error) {
	p, flat, err := c.prepare(ctx, st, args)
	switch {
	case err != nil:
		return nil, err
	case p.stmt == nil:
		return c.sql.QueryContext(ctx, p.text, append([]any{c.engine.anew()}, flat...)...)
	}
	return p.stmt.QueryContext(ctx, flat...)
}

// run carries out a statement of the store's own.
func (c *conn) run(ctx context.Context, st Stmt, args ...any) error {
	if _, err := c.exec(ctx, st, args); err != nil {
		return translate(fmt.Errorf("%s: %w", st.name, err))
	}
	return nil
}
