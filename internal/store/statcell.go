package store

import (
	"context"
	"slices"

	"huiyin/internal/stat"
)

// CellRow is a cell with its sums, encoded (stat.Counts).
type CellRow struct {
	stat.Cell
	Counts []byte
}

// CellCounts returns the sums of cells, nothing for one that is empty.
func (t *Tx) CellCounts(ctx context.Context, home int64, cells []stat.Cell) ([][]byte, error) {
	out := make([][]byte, len(cells))
	at := 0
	err := inRuns(cells, func(run []stat.Cell) error {
		q := cellsAt(home, run)
		err := t.query(ctx, q.stmt("stat_cell.get"), q.args, func(r *Row) error {
			i, counts := 0, []byte(nil)
			if err := r.Scan(&i, &counts); err != nil {
				return err
			}
			out[at+i] = counts
			return nil
		})
		at += len(run)
		return err
	})
	return out, err
}

func cellsAt(home int64, cells []stat.Cell) *query {
	q := newQuery(`with k(i, dim, unit_id, month, code, sealed) as (values `)
	for i, c := range cells {
		q.comma(i).text(`(cast(`).arg(int64(i)).text(` as bigint), cast(`).arg(string(c.Dim)).text(` as text), cast(`).arg(int64(c.Unit)).text(` as bigint), cast(`).arg(int64(c.Month)).
			text(` as bigint), cast(`).arg(c.Code).text(` as text), cast(`).arg(c.Sealed).text(` as boolean))`)
	}
	return q.text(`) select k.i, c.counts from k cross join stat_cell c where c.home = `).arg(home).
		text(` and c.dim = k.dim and c.unit_id = k.unit_id and c.month = k.month and c.code = k.code and c.sealed = k.sealed`)
}

// SaveCells keeps the sums of cells.
func (t *Tx) SaveCells(ctx context.Context, home int64, cells []CellRow) error {
	return inRuns(cells, func(run []CellRow) error {
		q := newQuery(`insert into stat_cell (home, dim, unit_id, month, code, sealed, counts) values `)
		q.args = append(q.args, home)
		for i, c := range run {
			q.comma(i).text(`($1, `).arg(string(c.Dim)).text(`, `).arg(int64(c.Unit)).text(`, `).arg(int64(c.Month)).text(`, `).arg(c.Code).text(`, `).arg(c.Sealed).
				text(`, `).arg(c.Counts).text(`)`)
		}
		q.text(` on conflict (home, dim, unit_id, month, code, sealed) do update set counts = excluded.counts`)
		_, err := t.Exec(ctx, q.stmt("stat_cell.save"), q.args...)
		return err
	})
}

// CellsAsk says which cells of a home are read.
type CellsAsk struct {
	Dim      stat.Dim
	Measures []stat.Measure // of which it is read what stands, with DimSince
	Units    []int64
	From, To int      // months
	Code     string   // with what codes begin; "" for all
	Codes    []string // these alone; none for all
	Sealed   bool     // of accusations too
}

// EachCell gives cells of a home. Each may not use the transaction.
func (t *Tx) EachCell(ctx context.Context, home int64, ask CellsAsk, each func(CellRow) error) error {
	if ask.From > ask.To {
		return nil
	}
	of := ask.Dim
	dims := []stat.Dim{of}
	if of == stat.DimSince {
		dims = dims[:0]
		for _, m := range ask.Measures {
			dims = append(dims, m.Since())
		}
	}
	units := ask.Units
	for _, ask.Dim = range dims {
		for ask.Units = range slices.Chunk(units, MaxList) {
			q := cellsOf(home, ask)
			if err := t.query(ctx, q.stmt("stat_cell.of"), q.args, func(r *Row) error {
				c := CellRow{Cell: stat.Cell{Dim: of}}
				if err := r.Scan(&c.Unit, &c.Month, &c.Code, &c.Sealed, &c.Counts); err != nil {
					return err
				}
				return each(c)
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Months are named one by one up to mostMonths, codes up to fewCodes, and units, of what each has one cell of, up to fewUnits: with more it is less to look at all.
const (
	mostMonths = 40
	fewCodes   = 4
	fewUnits   = 32
)

func cellsOf(home int64, ask CellsAsk) *query {
	q := newQuery(`select unit_id, month, code, sealed, counts from stat_cell where home = `).arg(home).text(` and dim = `).arg(string(ask.Dim))
	if len(ask.Measures) > 0 && len(ask.Units) > fewUnits {
		q.text(` and unit_id between `).arg(slices.Min(ask.Units)).text(` and `).arg(slices.Max(ask.Units)).text(` and unit_id + 0 in (`)
	} else {
		q.text(` and unit_id in (`)
	}
	q.numbers(ask.Units).text(`)`)
	if !ask.Sealed {
		q.text(` and sealed = `).arg(false)
	}
	few := len(ask.Codes) > 0 && len(ask.Codes) <= fewCodes
	if ask.Code == "" && !few || ask.To-ask.From >= mostMonths {
		q.text(` and month between `).arg(ask.From).text(` and `).arg(ask.To)
	} else { // month by month, so that each is entered by the code
		q.text(` and month in (`).arg(ask.From)
		for month := ask.From + 1; month <= ask.To; month++ {
			q.text(`, `).arg(month)
		}
		q.text(`)`)
	}
	if ask.Code != "" {
		q.text(` and code >= `).arg(ask.Code).text(` and code < `).arg(ask.Code + "\x7f")
	}
	for i, code := range ask.Codes {
		switch {
		case i > 0:
			q.text(`, `)
		case few:
			q.text(` and code in (`)
		default: // all are looked at
			q.text(` and code || '' in (`)
		}
		q.arg(code)
	}
	if len(ask.Codes) > 0 {
		q.text(`)`)
	}
	return q
}

// EachCellOfHome gives all cells of a home. Each may not use the transaction.
func (t *Tx) EachCellOfHome(ctx context.Context, home int64, each func(CellRow) error) error {
	const q = `select dim, unit_id, month, code, sealed, counts from stat_cell where home = $1`
	return t.query(ctx, Named("stat_cell.home", q), []any{home}, func(r *Row) error {
		var c CellRow
		if err := r.Scan(&c.Dim, &c.Unit, &c.Month, &c.Code, &c.Sealed, &c.Counts); err != nil {
			return err
		}
		return each(c)
	})
}
