package store

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// BatchRow is records that a machine handed over at once.
type BatchRow struct {
	Home, ID int64
	Key      string
	Unit     org.UnitID
	Once     []byte // hash of the idempotency key
	Request  []byte // hash of what came
	File     string // upload that holds the records until they are taken in; empty afterwards
	Records  int
	MadeUS   int64
	EndedUS  int64 // zero while records remain
	Job      int64 // that takes them in; zero: the request itself does
}

const batchColumns = `home, batch_id, key_id, unit_id, once, request, file, records, made_us, ended_us, job_id`

func scanBatch(r *Row) (BatchRow, error) {
	var b BatchRow
	err := r.Scan(&b.Home, &b.ID, &b.Key, &b.Unit, &b.Once, &b.Request, &b.File, &b.Records, &b.MadeUS, &b.EndedUS, &b.Job)
	return b, err
}

// InsertBatch adds a batch and returns the number it got in its home. One under the same idempotency key of the same machine is a conflict.
func (t *Tx) InsertBatch(ctx context.Context, b BatchRow) (int64, error) {
	id, err := t.NextSerial(ctx, b.Home, "import")
	if err != nil {
		return 0, err
	}
	const q = `insert into import_batch (` + batchColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)`
	_, err = t.Exec(ctx, Named("import_batch.insert", q), b.Home, id, b.Key, int64(b.Unit), b.Once, b.Request, b.File, b.Records, b.MadeUS)
	return id, err
}

// Batch finds a batch by its number.
func (t *Tx) Batch(ctx context.Context, home, id int64) (BatchRow, error) {
	const q = `select ` + batchColumns + ` from import_batch where home = $1 and batch_id = $2`
	return One(ctx, t, Named("import_batch.get", q), scanBatch, home, id)
}

// BatchOnce finds the batch of an idempotency key of a machine; false when there is none.
func (t *Tx) BatchOnce(ctx context.Context, home int64, key string, once []byte) (BatchRow, bool, error) {
	const q = `select ` + batchColumns + ` from import_batch where home = $1 and key_id = $2 and once = $3`
	b, err := One(ctx, t, Named("import_batch.once", q), scanBatch, home, key, once)
	if errs.KindOf(err) == errs.NotFound {
		return BatchRow{}, false, nil
	}
	return b, err == nil, err
}

// Batches returns the batches of a machine, or of all where key is empty, newest first, at most limit.
func (t *Tx) Batches(ctx context.Context, key string, limit int) ([]BatchRow, error) {
	q := newQuery(`select ` + batchColumns + ` from import_batch`)
	if key != "" {
		q.text(` where key_id = `).arg(key)
	}
	q.text(` order by made_us desc, home desc, batch_id desc limit `).arg(limit)
	return Collect(ctx, t, q.stmt("import_batch.list"), scanBatch, q.args...)
}

// SetBatchJob writes which job takes a batch in.
func (t *Tx) SetBatchJob(ctx context.Context, home, id, job int64) error {
	const q = `update import_batch set job_id = $3 where home = $1 and batch_id = $2`
	_, err := t.Exec(ctx, Named("import_batch.job", q), home, id, job)
	return err
}

// EndBatch notes that nothing of a batch remains to be taken in.
func (t *Tx) EndBatch(ctx context.Context, home, id, nowUS int64) error {
	const q = `update import_batch set ended_us = $3, file = '' where home = $1 and batch_id = $2`
	_, err := t.Exec(ctx, Named("import_batch.end", q), home, id, nowUS)
	return err
}

// ResultState is what became of a record.
type ResultState string

// The states of a result.
const (
	ResultAccepted ResultState = "accepted"
	ResultRepeated ResultState = "repeated" // its number was there before
	ResultRefused  ResultState = "refused"
)

// ResultRow is what became of one record of a batch.
type ResultRow struct {
	Home, Batch int64
	N           int // line of the record, from 1
	State       ResultState
	Number      string     // that its sender gave it
	Ref         matter.Ref // of the submission; zero when it was refused
	Problems    string     // JSON
}

func scanResult(r *Row) (ResultRow, error) {
	var x ResultRow
	err := r.Scan(&x.Home, &x.Batch, &x.N, &x.State, &x.Number, &x.Ref.Home, &x.Ref.N, &x.Problems)
	return x, err
}

// SaveResult writes what became of a record. What stands there stays: a record is taken in once.
func (t *Tx) SaveResult(ctx context.Context, r ResultRow) error {
	const q = `insert into import_result (home, batch_id, n, state, number, ref_home, ref_n, problems) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (home, batch_id, n) do nothing`
	_, err := t.Exec(ctx, Named("import_result.save", q), r.Home, r.Batch, r.N, string(r.State), r.Number, r.Ref.Home, r.Ref.N, r.Problems)
	return err
}

// Results returns what became of the records of a batch after a line, in their order, at most limit; state narrows where it is given.
func (t *Tx) Results(ctx context.Context, home, batch int64, state ResultState, after, limit int) ([]ResultRow, error) {
	q := results(home, batch, state, after, limit)
	return Collect(ctx, t, q.stmt("import_result.list"), scanResult, q.args...)
}

func results(home, batch int64, state ResultState, after, limit int) *query {
	q := newQuery(`select home, batch_id, n, state, number, ref_home, ref_n, problems from import_result where home = `).arg(home).text(` and batch_id = `).arg(batch)
	if state != "" {
		q.text(` and state = `).arg(string(state))
	}
	return q.text(` and n > `).arg(after).text(` order by n limit `).arg(limit)
}

// ResultCount is how many records of a batch came to one state.
type ResultCount struct {
	State ResultState
	N     int
}

// ResultCounts counts what became of the records of a batch.
func (t *Tx) ResultCounts(ctx context.Context, home, batch int64) ([]ResultCount, error) {
	const q = `select state, count(*) from import_result where home = $1 and batch_id = $2 group by state order by state`
	return Collect(ctx, t, Named("import_result.count", q), func(r *Row) (c ResultCount, err error) {
		err = r.Scan(&c.State, &c.N)
		return c, err
	}, home, batch)
}

// DropBatches removes batches that were handed over before an instant, with what became of their records, at most limit.
func (t *Tx) DropBatches(ctx context.Context, beforeUS int64, limit int) error {
	const results = `delete from import_result where (home, batch_id) in (select home, batch_id from import_batch where made_us < $1 order by made_us, home, batch_id limit $2)`
	if _, err := t.Exec(ctx, Named("import_result.drop", results), beforeUS, limit); err != nil {
		return err
	}
	const q = `delete from import_batch where (home, batch_id) in (select home, batch_id from import_batch where made_us < $1 order by made_us, home, batch_id limit $2)`
	_, err := t.Exec(ctx, Named("import_batch.drop", q), beforeUS, limit)
	return err
}
