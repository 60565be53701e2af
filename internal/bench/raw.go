package bench

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/store"
)

// rawRounds is how often the raw limit is taken, each time in a fresh database; the middle one counts.
const rawRounds = 3

// groupLives is how many lives share a commit in the raw limit proper.
const groupLives = 100

// rawOrder is the record to be carried out in a database: the file in a folder, or one that is like the template on a server of PostgreSQL.
type rawOrder struct {
	Record   string  `json:"record"`
	Lives    int     `json:"lives"`
	Commits  float64 `json:"commits"` // for each life
	Dir      string  `json:"dir"`
	Server   string  `json:"server"`
	Template string  `json:"template"`
}

// raws takes the raw limit beside a level: the statements recorded during the warm-up, carried out again in order by a program that does
// nothing else. It reads nothing, decides nothing and speaks no HTTP; its tables, its driver and its settings are the product's.
func (b *lifecycle) raws(ctx context.Context, dir string, l *Level) error {
	o := rawOrder{Record: b.record.path, Lives: b.Warm}
	if b.Database != "" {
		template, err := b.scratch.template(ctx, b.Now)
		if err != nil {
			return fmt.Errorf("raw limit: %w", err)
		}
		o.Server, o.Template = b.Database, template
	}
	for i, r := range []struct {
		to      *Raw
		commits float64
	}{{&l.Raw, 1.0 / groupLives}, {&l.RawSame, l.Commits}} {
		rounds := make([]Raw, rawRounds)
		for round := range rounds {
			o.Dir, o.Commits = filepath.Join(dir, strconv.Itoa(i), strconv.Itoa(round)), r.commits
			if err := b.apart(ctx, order{Raw: &o}, &rounds[round]); err != nil {
				return fmt.Errorf("raw limit: %w", err)
			}
			rounds[round].Ratio = l.PerSecond / rounds[round].PerSecond
		}
		slices.SortFunc(rounds, func(a, b Raw) int { return cmp.Compare(a.PerSecond, b.PerSecond) })
		*r.to = rounds[rawRounds/2]
	}
	return nil
}

// rawWriter carries recorded statements out in one transaction.
type rawWriter func(ctx context.Context, group []recorded) error

// runRaw carries the record out.
func runRaw(ctx context.Context, o rawOrder, now func() time.Time) (r Raw, err error) {
	record, err := readRecord(o.Record)
	if err != nil {
		return r, err
	}
	open := rawSQLite
	if o.Server != "" {
		open = rawPostgres
	}
	commit, done, err := open(ctx, o, record, now)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, done()) }()
	every := max(1, int(float64(len(record))/(o.Commits*float64(o.Lives)))) // statements in each commit
	begin, cpu := now(), processorTime()
	for group := range slices.Chunk(record, every) {
		if err := commit(ctx, searchLast(group)); err != nil {
			return r, err
		}
	}
	lives := float64(o.Lives)
	return Raw{PerSecond: lives / now().Sub(begin).Seconds(), CPUMS: (processorTime() - cpu).Seconds() * 1000 / lives}, nil
}

// rawSQLite makes a fresh database in a folder.
func rawSQLite(ctx context.Context, o rawOrder, record []recorded, now func() time.Time) (rawWriter, func() error, error) {
	if err := migrated(ctx, store.Options{Dir: o.Dir}, now); err != nil {
		return nil, nil, err
	}
	db, err := sql.Open("sqlite", rawName(filepath.Join(o.Dir, "huiyin.db"))) //nolint:forbidigo // a bare program, to compare the store with
	if err != nil {
		return nil, nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	done := func() error { return errors.Join(conn.Close(), db.Close(), os.RemoveAll(o.Dir)) }
	prepared := map[string]*sql.Stmt{}
	for _, w := range record {
		if prepared[w.SQL] == nil {
			text, err := store.ForSQLite(w.SQL)
			if err == nil {
				prepared[w.SQL], err = conn.PrepareContext(ctx, text) //nolint:sqlclosecheck // closed with the connection
			}
			if err != nil {
				return nil, nil, errors.Join(err, done())
			}
		}
	}
	return func(ctx context.Context, group []recorded) error {
		if _, err := conn.ExecContext(ctx, "begin immediate"); err != nil {
			return err
		}
		for _, w := range group {
			if _, err := prepared[w.SQL].ExecContext(ctx, w.Args...); err != nil {
				return fmt.Errorf("%s: %w", w.SQL, err)
			}
		}
		_, err := conn.ExecContext(ctx, "commit")
		return err
	}, done, nil
}

// migrated makes a database with the product's tables.
func migrated(ctx context.Context, opt store.Options, now func() time.Time) (err error) {
	if opt.Migrations, err = store.Migrations(); err != nil {
		return err
	}
	opt.Now = func() int64 { return now().UnixMicro() }
	made, err := store.Open(ctx, opt)
	if err != nil {
		return err
	}
	return made.Close()
}

// searchLast puts the rows of the search index behind the others, in the order of their ids: what FTS5 takes fastest, and what the product does.
func searchLast(group []recorded) []recorded {
	row := func(w recorded) int64 {
		if !strings.HasPrefix(w.SQL, "insert or replace into matter_fts ") {
			return 0
		}
		id, _ := w.Args[0].(int64)
		return id
	}
	return slices.SortedStableFunc(slices.Values(group), func(a, b recorded) int { return cmp.Compare(row(a), row(b)) })
}

// rawName names the database with the settings that the product writes with.
func rawName(path string) string {
	v := url.Values{}
	for _, p := range []string{
		"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(on)", "temp_store(memory)", "cache_size(-16000)",
		"wal_autocheckpoint(4000)", "journal_size_limit(67108864)",
	} {
		v.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: v.Encode()}).String()
}

func isEvent(statement string) bool { return strings.HasPrefix(statement, "insert into event ") }
