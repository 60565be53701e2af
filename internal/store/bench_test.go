package store

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
)

// benchSchema is a matter of about 1.4 kB with the indexes of a real one, and its event.
const benchSchema = `
create table case_row (home bigint not null, id bigint not null, ref text not null, unit bigint not null,
	status text not null, due text not null, title text not null, body text not null, extra text not null,
	name bytea, phone bytea, number bytea, address bytea, created_us bigint not null, version bigint not null,
	primary key (home, id));
create unique index case_ref on case_row (home, ref);
create index case_due on case_row (home, unit, status, due);
create index case_created on case_row (home, created_us);
create table event (home bigint not null, id bigint not null, seq bigint not null, kind text not null,
	at_us bigint not null, body text not null, primary key (home, id, seq));
`

func openBench(b *testing.B) *Store {
	b.Helper()
	return open(b, func(o *Options) {
		o.Migrations = fstest.MapFS{"0001_bench.sql": {Data: []byte(benchSchema)}}
	})
}

// putCase writes a matter of about 1.4 kB and its event.
func putCase(ctx context.Context, tx *Tx, id int64) error {
	const row = `insert into case_row (home, id, ref, unit, status, due, title, body, extra, name, phone, number, address,
		created_us, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
	sealed := make([]byte, 48)
	if _, err := tx.Exec(ctx, Named("bench.case", row), tx.Home(), id, "X"+strconv.FormatInt(id, 36), id%50, "open",
		"2025-10-11", "楼上住户夜间施工噪音扰民", strings.Repeat("物业公司长期不予处理", 30), `{"channel":"web"}`,
		sealed, sealed, sealed, sealed, id, 1); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, Named("bench.event",
		"insert into event (home, id, seq, kind, at_us, body) values ($1, $2, $3, $4, $5, $6)"),
		tx.Home(), id, 1, "filed", id, `{"rule":"D05"}`)
	return err
}

func BenchmarkUpdate(b *testing.B) {
	b.Run("callers=1", func(b *testing.B) {
		s := openBench(b)
		var id int64
		for b.Loop() {
			id++
			if err := s.Update(b.Context(), 1, func(tx *Tx) error { return putCase(b.Context(), tx, id) }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("callers=32", func(b *testing.B) {
		s := openBench(b)
		var ids atomic.Int64
		b.SetParallelism(16) // times two processors
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				id := ids.Add(1)
				if err := s.Update(b.Context(), 1, func(tx *Tx) error { return putCase(b.Context(), tx, id) }); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

func BenchmarkRead(b *testing.B) {
	s := openBench(b)
	if err := s.Update(b.Context(), 1, func(tx *Tx) error { return putCase(b.Context(), tx, 1) }); err != nil {
		b.Fatal(err)
	}
	for name, ctx := range map[string]context.Context{
		"context=cancellable": b.Context(), "context=plain": context.WithoutCancel(b.Context()),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				err := s.Read(ctx, func(tx *Tx) error {
					_, err := One(ctx, tx, Named("bench.get", "select body from case_row where home = $1 and id = $2"), Text, 1, 1)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
