package bench

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/store"
)

// rawRounds is how often the raw limit is taken, each time in a fresh database; the middle one counts.
const rawRounds = 3

// groupLives is how many lives share a commit in the raw limit proper.
const groupLives = 100

// raws takes the raw limit beside a level: the statements recorded during the warm-up, carried out again in order by a program that does
// nothing else. It reads nothing, decides nothing and speaks no HTTP; its tables, its driver and its settings are the product's.
func (b *lifecycle) raws(ctx context.Context, dir string, l *Level) error {
	for i, r := range []struct {
		to      *Raw
		commits float64
	}{{&l.Raw, 1.0 / groupLives}, {&l.RawSame, l.Commits}} {
		rounds := make([]Raw, rawRounds)
		for round := range rounds {
			out, err := b.raw(ctx, filepath.Join(dir, strconv.Itoa(i), strconv.Itoa(round)), r.commits)
			if err != nil {
				return fmt.Errorf("raw limit: %w", err)
			}
			out.Ratio = l.PerSecond / out.PerSecond
			rounds[round] = out
		}
		slices.SortFunc(rounds, func(a, b Raw) int { return cmp.Compare(a.PerSecond, b.PerSecond) })
		*r.to = rounds[rawRounds/2]
	}
	return nil
}

// raw carries the record out in a fresh database, with so many commits for each life.
func (b *lifecycle) raw(ctx context.Context, dir string, commits float64) (r Raw, err error) {
	migrations, err := store.Migrations()
	if err != nil {
		return r, err
	}
	made, err := store.Open(ctx, store.Options{Dir: dir, Migrations: migrations, Now: func() int64 { return b.Now().UnixMicro() }})
	if err != nil {
		return r, err
	}
	if err := made.Close(); err != nil {
		return r, err
	}
	db, err := sql.Open("sqlite", rawName(filepath.Join(dir, "huiyin.db"))) //nolint:forbidigo // a bare program, to compare the store with
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	prepared := map[string]*sql.Stmt{}
	for _, w := range b.record {
		if prepared[w.sql] == nil {
			if prepared[w.sql], err = conn.PrepareContext(ctx, strings.ReplaceAll(w.sql, "$", "?")); err != nil { //nolint:sqlclosecheck // closed with the connection
				return r, err
			}
		}
	}
	every := max(1, int(float64(len(b.record))/(commits*float64(b.Warm)))) // statements in each commit
	begin, cpu := b.Now(), processorTime()
	for group := range slices.Chunk(b.record, every) {
		group = searchLast(group)
		if err := rawCommit(ctx, conn, prepared, group); err != nil {
			return r, err
		}
	}
	lives := float64(b.Warm)
	return Raw{PerSecond: lives / b.Now().Sub(begin).Seconds(), CPUMS: (processorTime() - cpu).Seconds() * 1000 / lives}, nil
}

// searchLast puts the rows of the search index behind the others, in the order of their ids: what FTS5 takes fastest, and what the product does.
func searchLast(group []write) []write {
	row := func(w write) int64 {
		if !strings.HasPrefix(w.sql, "insert or replace into matter_fts ") {
			return 0
		}
		id, _ := w.args[0].(int64)
		return id
	}
	return slices.SortedStableFunc(slices.Values(group), func(a, b write) int { return cmp.Compare(row(a), row(b)) })
}

func rawCommit(ctx context.Context, conn *sql.Conn, prepared map[string]*sql.Stmt, group []write) error {
	if _, err := conn.ExecContext(ctx, "begin immediate"); err != nil {
		return err
	}
	for _, w := range group {
		if _, err := prepared[w.sql].ExecContext(ctx, w.args...); err != nil {
			return fmt.Errorf("%s: %w", w.sql, err)
		}
	}
	_, err := conn.ExecContext(ctx, "commit")
	return err
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
