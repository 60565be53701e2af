package store

import (
	"context"
	"database/sql"
	"slices"

	"huiyin/internal/errs"
)

// Row is the row that a scan function reads.
type Row struct{ rows *sql.Rows }

// Scan copies the columns of the row to the places given, in order.
func (r *Row) Scan(dest ...any) error {
	if err := r.rows.Scan(dest...); err != nil {
		return errs.E(errs.Internal, "store.scan").Because(err)
	}
	return nil
}

// Collect runs a query and returns what scan makes of each row, in the order of the rows. It alone holds an open
// cursor: scan may not use the transaction. What is returned is bounded by the statement's limit.
func Collect[T any](ctx context.Context, t *Tx, st Stmt, scan func(*Row) (T, error), args ...any) ([]T, error) {
	var out []T
	err := t.query(ctx, st, args, func(r *Row) error {
		v, err := scan(r)
		if err == nil {
			out = append(out, v)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// One returns what scan makes of the first row of a query, and errs.NotFound "store.not_found" if there is none.
func One[T any](ctx context.Context, t *Tx, st Stmt, scan func(*Row) (T, error), args ...any) (T, error) {
	var none T
	found, err := Collect(ctx, t, st, scan, args...)
	if err != nil {
		return none, err
	}
	if len(found) == 0 {
		return none, errs.E(errs.NotFound, "store.not_found")
	}
	return found[0], nil
}

// CollectIn is Collect for any number of keys: it runs the statement once for each [MaxList] of them, given as a
// [List] behind args. The order is that of the statement within one part only.
func CollectIn[T, K any](
	ctx context.Context, t *Tx, st Stmt, keys []K, scan func(*Row) (T, error), args ...any,
) ([]T, error) {
	var out []T
	for part := range slices.Chunk(keys, MaxList) {
		found, err := Collect(ctx, t, st, scan, append(slices.Clone(args), List(part))...)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// Int64 scans a row of one integer.
func Int64(r *Row) (int64, error) {
	var v int64
	err := r.Scan(&v)
	return v, err
}

// Text scans a row of one text.
func Text(r *Row) (string, error) {
	var v string
	err := r.Scan(&v)
	return v, err
}
