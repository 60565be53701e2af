package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"huiyin/internal/errs"
)

const (
	fileName       = "huiyin.db"
	busyTimeoutMS  = "5000"
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

// sqliteEngine is SQLite in one file of the data folder.
type sqliteEngine struct {
	path    string
	db      *sql.DB // opens connections that may write
	queries *sql.DB // opens connections that may not
}

func newSQLite(opt Options) (engine, error) {
	dir, err := filepath.Abs(opt.Dir)
	if err != nil {
		return nil, errs.E(errs.Unavailable, "store.disk").Because(err)
	}
	e := &sqliteEngine{path: filepath.Join(dir, fileName)}
	if err := claim(e.path); err != nil {
		return nil, errs.E(errs.Unavailable, "store.disk").Because(err)
	}
	for db, queryOnly := range map[**sql.DB]bool{&e.db: false, &e.queries: true} {
		opened, err := sql.Open("sqlite", dsn(e.path, queryOnly)) //nolint:forbidigo // the store is the one place that opens a database
		if err != nil {
			return nil, translate(err)
		}
		*db = openPool(opened)
	}
	return e, nil
}

func (*sqliteEngine) name() string         { return "sqlite" }
func (*sqliteEngine) mark() byte           { return '?' }
func (*sqliteEngine) writers() (int, bool) { return 1, true }
func (*sqliteEngine) shared() bool         { return false }
func (e *sqliteEngine) close() error       { return errors.Join(e.queries.Close(), e.db.Close()) }

func (*sqliteEngine) holds(ctx context.Context, c *conn) (there bool, err error) {
	err = c.sql.QueryRowContext(ctx, `select exists (select 1 from sqlite_master where type = 'table' and name = 'migration')`).Scan(&there)
	return there, translate(err)
}

// alone has nothing to do: a migration is done under SQLite's own lock, and who comes second finds it done.
func (*sqliteEngine) settle(context.Context, *conn) error { return nil }

func (*sqliteEngine) apart() bool { return false }

func (*sqliteEngine) homes(ctx context.Context, t *Tx) ([]int64, error) { return homesByIndex(ctx, t) }

func (*sqliteEngine) alone(context.Context, *conn) (func(), error) { return func() {}, nil }

func (*sqliteEngine) commits(context.Context, *Tx) (int64, error) { return 0, nil }

// anew: SQLite plans without arguments.
func (*sqliteEngine) anew() any { return nil }

func (*sqliteEngine) begin(ctx context.Context, c *conn) error {
	return c.run(ctx, Named("tx.read", "begin"))
}

func (*sqliteEngine) beginWrite(ctx context.Context, c *conn, _ int64) error {
	return c.run(ctx, Named("tx.begin", "begin immediate"))
}

// connect opens a connection and reads its settings back: on some network file systems there is no WAL, for example.
func (e *sqliteEngine) connect(ctx context.Context, write bool) (*sql.Conn, error) {
	db := e.queries
	if write {
		db = e.db
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkPragmas(ctx, c, !write); err != nil {
		drop(c)
		return nil, err
	}
	return c, nil
}

// checkPragmas reports a setting that did not take.
func checkPragmas(ctx context.Context, c *sql.Conn, queryOnly bool) error {
	for _, p := range pragmas(queryOnly) {
		var got string
		if err := c.QueryRowContext(ctx, "pragma "+p.name).Scan(&got); err != nil {
			return translate(err)
		}
		if got != p.reported {
			return errs.E(errs.Unavailable, "store.pragma", "name", p.name, "value", got, "wanted", p.reported)
		}
	}
	return nil
}

// pipelined: there is no way to go.
func (*sqliteEngine) pipelined() bool { return false }

func (*sqliteEngine) send(ctx context.Context, c *conn, list []late) error {
	for _, l := range list {
		if err := c.run(ctx, l.stmt, l.args...); err != nil {
			return err
		}
	}
	return nil
}

// script gives the statements of a migration; one written for SQLite is handed over whole.
func (*sqliteEngine) script(text string, own bool) []string {
	if own {
		return []string{text}
	}
	return sqliteSchema(text)
}

// backup writes a copy that has no free pages.
func (e *sqliteEngine) backup(ctx context.Context, _ *Store, path string) error {
	c, err := connect(ctx, e, true)
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

func (*sqliteEngine) tables(ctx context.Context, t *Tx) ([]table, error) {
	const names = `select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite\_%' escape '\' and name <> 'migration' order by name`
	const columns = `select name, pk from pragma_table_info($1) order by cid`
	const refers = `select distinct "table" from pragma_foreign_key_list($1)`
	found, err := Collect(ctx, t, Named("copy.tables", names), Text)
	if err != nil {
		return nil, err
	}
	list := make([]table, len(found))
	for i, name := range found {
		x := table{name: name}
		at := map[int]int{} // place in the key to column
		if _, err := Collect(ctx, t, Named("copy.columns", columns), func(r *Row) (column string, err error) {
			var pk int
			err = r.Scan(&column, &pk)
			if pk > 0 {
				at[pk] = len(x.columns)
			}
			x.columns, x.flags = append(x.columns, column), append(x.flags, false)
			return column, err
		}, name); err != nil {
			return nil, err
		}
		for pk := range len(at) {
			x.key = append(x.key, at[pk+1])
		}
		if x.refers, err = Collect(ctx, t, Named("copy.refers", refers), Text, name); err != nil {
			return nil, err
		}
		list[i] = x
	}
	return list, nil
}

// check reads pages, indexes, the search index, types of values and references.
func (*sqliteEngine) check(ctx context.Context, tx *Tx) ([]string, error) {
	found, err := Collect(ctx, tx, Named("check.integrity", "select integrity_check from pragma_integrity_check limit $1"),
		Text, damageReported)
	if err != nil {
		return nil, err
	}
	if len(found) == 1 && found[0] == "ok" {
		found = nil
	}
	orphans, err := Collect(ctx, tx, Named("check.references",
		`select "table" || ' ' || coalesce(rowid, 0) || ' -> ' || parent from pragma_foreign_key_check limit $1`),
		Text, damageReported)
	return append(found, orphans...), err
}

// sizes reads all of their pages.
func (*sqliteEngine) sizes(ctx context.Context, t *Tx) (map[string]int64, error) {
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

func (*sqliteEngine) whole(ctx context.Context, t *Tx) (int64, error) {
	return One(ctx, t, Named("check.pages", `select page_count * page_size from pragma_page_count(), pragma_page_size()`), Int64)
}

// sqliteSchema cuts a common script into statements and turns its types into SQLite's. Its tables become STRICT:
// without that SQLite would store any text in a bigint column.
func sqliteSchema(script string) []string {
	var statements []string
	var b strings.Builder
	var words []string // the first words of the statement
	for i := 0; i < len(script); {
		switch end := wordEnd(script, i); {
		case end > i:
			word := script[i:end]
			if len(words) < 2 {
				words = append(words, strings.ToLower(word))
			}
			b.WriteString(sqliteType(word))
			i = end
		case opaque(script, i) > i:
			end = opaque(script, i)
			b.WriteString(script[i:end])
			i = end
		case script[i] == ';':
			if slices.Equal(words, []string{"create", "table"}) {
				b.WriteString(" strict")
			}
			statements = append(statements, b.String())
			b.Reset()
			words = nil
			i++
		default:
			b.WriteByte(script[i])
			i++
		}
	}
	if len(words) > 0 { // the last semicolon is missing: SQLite says what it thinks of it
		statements = append(statements, b.String())
	}
	return statements
}

// sqliteType gives SQLite's word for a type of the common vocabulary, and any other word unchanged.
func sqliteType(word string) string {
	switch strings.ToLower(word) {
	case "bigint", "boolean":
		return "integer"
	case "bytea":
		return "blob"
	}
	return word
}
