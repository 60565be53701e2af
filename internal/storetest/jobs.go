package storetest

import (
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// jobs are taken once, in the order in which they are due, kind by kind; lists are of one owner; what ended goes.
func jobs(b *bed) {
	ctx := b.Context()
	add := func(kind string, due int64, user org.UserID, key string) (id int64) {
		b.write(func(tx *store.Tx) error {
			var err error
			id, err = tx.InsertJob(ctx, store.JobRow{Home: home, Kind: kind, Args: `{"a":1}`, User: user, Duty: 3, Key: key, MadeUS: due, DueUS: due, Total: 9})
			return err
		})
		return id
	}
	late, soon, other, machine := add("table", 30, 7, ""), add("table", 20, 7, ""), add("letter", 10, 8, ""), add("table", 40, 0, "k")
	open := func(due int64) (ids []int64) {
		b.read(func(tx *store.Tx) error {
			rows, err := tx.OpenJobs(ctx, "table", due, 10)
			for _, j := range rows {
				ids = append(ids, j.ID)
			}
			return err
		})
		return ids
	}
	of := func(user org.UserID, key string) (ids []int64) {
		b.read(func(tx *store.Tx) error {
			rows, err := tx.JobsOf(ctx, user, key, 10)
			for _, j := range rows {
				ids = append(ids, j.ID)
			}
			return err
		})
		return ids
	}
	for _, c := range []struct {
		name      string
		got, want []int64
	}{
		{"due by 25", open(25), []int64{soon}},
		{"due by 30", open(30), []int64{soon, late}},
		{"all of a kind", open(0), []int64{soon, late, machine}},
		{"of a person", of(7, ""), []int64{late, soon}},
		{"of another", of(8, ""), []int64{other}},
		{"of a key", of(0, "k"), []int64{machine}},
	} {
		if !slices.Equal(c.got, c.want) {
			b.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	var was store.JobRow
	b.read(func(tx *store.Tx) error {
		var err error
		was, err = tx.Job(ctx, home, soon)
		return err
	})
	want := store.JobRow{Home: home, ID: soon, Kind: "table", Args: `{"a":1}`, User: 7, Duty: 3, State: store.JobWaiting, MadeUS: 20, DueUS: 20, Total: 9}
	if was != want {
		b.Errorf("%+v, want %+v", was, want)
	}
	next := was
	next.State, next.Attempts, next.DueUS, next.Done, next.Error, next.File = store.JobRunning, 1, 99, 4, "internal", "f"
	for _, first := range []bool{true, false} { // the second runner comes too late
		b.write(func(tx *store.Tx) error {
			moved, err := tx.MoveJob(ctx, was, next)
			if moved != first {
				b.Errorf("taken: %v, want %v", moved, first)
			}
			return err
		})
	}
	b.read(func(tx *store.Tx) error {
		got, err := tx.Job(ctx, home, soon)
		if got != next {
			b.Errorf("%+v, want %+v", got, next)
		}
		return err
	})
	end := next
	end.State, end.EndedUS = store.JobDone, 50
	b.write(func(tx *store.Tx) error {
		moved, err := tx.MoveJob(ctx, next, end)
		if !moved {
			b.Error("its runner may not end it")
		}
		return err
	})
	if got := open(0); !slices.Equal(got, []int64{late, machine}) {
		b.Errorf("open after the end: %v", got)
	}
	for _, before := range []int64{50, 51} {
		b.write(func(tx *store.Tx) error { return tx.DropJobs(ctx, before, 10) })
		err := b.s.Read(ctx, func(tx *store.Tx) error {
			_, err := tx.Job(ctx, home, soon)
			return err
		})
		if gone := errs.KindOf(err) == errs.NotFound; gone != (before == 51) {
			b.Errorf("dropped before %d: %v", before, err)
		}
	}
	if got := of(7, ""); !slices.Equal(got, []int64{late}) {
		b.Errorf("left: %v", got)
	}
}
