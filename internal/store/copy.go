package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"huiyin/internal/errs"
)

// Copied counts what a copy did to the rows of one table, or of all.
type Copied struct {
	Table                   string
	Rows                    int64 // read
	Added, Changed, Removed int64
}

// Differs says that the copy was not what the original is.
func (c Copied) Differs() bool { return c.Added+c.Changed+c.Removed > 0 }

// Copy makes all rows of another store, whichever engine each has, what those of this one are at one moment. Tables are gone through in the order of their keys, and on both
// sides at once: what is equal stays, what is missing or different is written, what is too much is removed. So a copy that was broken off goes on, a second one brings only
// what has changed since, and one that finds nothing to do proves that both are the same, row by row. The other must not be worked on meanwhile.
//
// Search indexes and sketches are the engine's own and are made anew by a rebuild. With only looking nothing is written. Progress, if not nil, is told of each part of a table.
func (s *Store) Copy(ctx context.Context, to *Store, only bool, progress func(Copied)) (all Copied, err error) {
	if progress == nil {
		progress = func(Copied) {}
	}
	err = s.Read(ctx, func(from *Tx) error {
		tables, err := s.tables(ctx, from, to)
		if err != nil {
			return err
		}
		parts := make([]*copying, len(tables))
		for i, t := range tables {
			parts[i] = &copying{table: t, from: from, to: to, only: only, done: Copied{Table: t.name}}
			if err := parts[i].run(ctx, progress); err != nil {
				return err
			}
		}
		for _, p := range slices.Backward(parts) { // what refers to others goes first
			if err := p.remove(ctx); err != nil {
				return err
			}
			all.Rows, all.Added, all.Changed, all.Removed = all.Rows+p.done.Rows, all.Added+p.done.Added, all.Changed+p.done.Changed, all.Removed+p.done.Removed
		}
		return nil
	})
	return all, err
}

// table is one table of the common schema.
type table struct {
	name    string
	columns []string
	flags   []bool // which columns are boolean: SQLite keeps them as numbers
	key     []int  // the columns of the primary key, in order
	refers  []string
}

// tables gives the tables in an order in which each comes behind those that it refers to. Those of both engines are asked, as only one knows which columns are boolean.
func (s *Store) tables(ctx context.Context, from *Tx, to *Store) (list []table, err error) {
	if list, err = s.engine.tables(ctx, from); err != nil {
		return nil, err
	}
	err = to.Read(ctx, func(other *Tx) error {
		theirs, err := to.engine.tables(ctx, other)
		if err != nil {
			return err
		}
		byName := map[string]table{}
		for _, t := range theirs {
			byName[t.name] = t
		}
		for i := range list {
			t, ok := byName[list[i].name]
			if !ok || !slices.Equal(slices.Sorted(slices.Values(t.columns)), slices.Sorted(slices.Values(list[i].columns))) || len(theirs) != len(list) {
				return errs.E(errs.Conflict, "store.copy.schema", "table", list[i].name)
			}
			for c, name := range list[i].columns {
				list[i].flags[c] = list[i].flags[c] || t.flags[slices.Index(t.columns, name)]
			}
		}
		return nil
	})
	return ordered(list), err
}

// ordered sorts tables behind those that they refer to.
func ordered(list []table) (out []table) {
	placed := map[string]bool{}
	slices.SortFunc(list, func(a, b table) int { return cmp.Compare(a.name, b.name) })
	for len(out) < len(list) {
		before := len(out)
		for _, t := range list {
			if !placed[t.name] && !slices.ContainsFunc(t.refers, func(r string) bool { return r != t.name && !placed[r] }) {
				placed[t.name] = true
				out = append(out, t)
			}
		}
		if len(out) == before { // in a circle: any order is as good as another
			return append(out, slices.DeleteFunc(slices.Clone(list), func(t table) bool { return placed[t.name] })...)
		}
	}
	return out
}

// copying is one table on its way.
type copying struct {
	table
	from  *Tx
	to    *Store
	only  bool
	done  Copied
	extra [][]any // keys of rows that are too much
}

// copyPage is how many rows are compared at once, and copyRows how many are written by one statement.
const (
	copyPage = 512
	copyRows = 32
)

func (c *copying) run(ctx context.Context, progress func(Copied)) error {
	for after := []any(nil); ; {
		rows, err := c.page(ctx, c.from, after, nil)
		if err != nil {
			return err
		}
		var last []any
		if len(rows) == copyPage {
			last = c.keyOf(rows[len(rows)-1])
		}
		if err := c.compare(ctx, rows, after, last); err != nil {
			return err
		}
		c.done.Rows += int64(len(rows))
		progress(c.done)
		if last == nil {
			return nil
		}
		after = last
	}
}

// compare brings a page over. Behind the last page of the original there may be more rows in the copy than one page.
func (c *copying) compare(ctx context.Context, rows [][]any, after, last []any) error {
	for {
		var theirs [][]any
		if err := c.to.Read(ctx, func(t *Tx) (err error) {
			theirs, err = c.page(ctx, t, after, last)
			return err
		}); err != nil {
			return err
		}
		mine := rows
		if len(theirs) == copyPage { // there may be more of them: compare as far as they go
			upTo := c.keyOf(theirs[copyPage-1])
			n, _ := slices.BinarySearchFunc(rows, upTo, func(r, k []any) int { return cmp.Or(compareKeys(c.keyOf(r), k), -1) })
			mine, rows, after = rows[:n], rows[n:], upTo
		}
		if err := c.write(ctx, mine, theirs); err != nil {
			return err
		}
		if len(theirs) < copyPage {
			return nil
		}
	}
}

// write makes some rows of the copy, all between the same keys, what they should be.
func (c *copying) write(ctx context.Context, mine, theirs [][]any) error {
	has := make(map[string][]any, len(theirs))
	for _, r := range theirs {
		has[fmt.Sprint(c.keyOf(r))] = r
	}
	var add, change [][]any
	for _, r := range mine {
		k := fmt.Sprint(c.keyOf(r))
		switch other, ok := has[k]; {
		case !ok:
			add = append(add, r)
		case !slices.EqualFunc(r, other, same):
			change = append(change, r)
		}
		delete(has, k)
	}
	for _, r := range has {
		c.extra = append(c.extra, c.keyOf(r))
	}
	c.done.Added, c.done.Changed, c.done.Removed = c.done.Added+int64(len(add)), c.done.Changed+int64(len(change)), c.done.Removed+int64(len(has))
	if c.only || len(add)+len(change) == 0 {
		return nil
	}
	return c.to.Update(ctx, noHome, func(t *Tx) error {
		for part := range slices.Chunk(add, copyRows) {
			if err := c.insert(ctx, t, part); err != nil {
				return err
			}
		}
		for _, r := range change {
			q := newQuery(`update `).ident(c.name).text(` set `)
			for i, name := range c.columns {
				if i > 0 {
					q.text(`, `)
				}
				q.ident(name).text(` = `).arg(r[i])
			}
			if _, err := t.Exec(ctx, c.where(q, c.keyOf(r)).stmt("copy.change"), q.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *copying) insert(ctx context.Context, t *Tx, rows [][]any) error {
	if len(rows) < copyRows && len(rows) > 1 { // so that a table has two statements to prepare
		for i := range rows {
			if err := c.insert(ctx, t, rows[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	}
	q := newQuery(`insert into `).ident(c.name).text(` (`).idents(c.columns).text(`) values `)
	for i, r := range rows {
		if i > 0 {
			q.text(`, `)
		}
		for j, v := range r {
			if j == 0 {
				q.text(`(`)
			} else {
				q.text(`, `)
			}
			q.arg(v)
		}
		q.text(`)`)
	}
	_, err := t.Exec(ctx, q.stmt("copy.add"), q.args...)
	return err
}

// remove takes out what was too much.
func (c *copying) remove(ctx context.Context) error {
	for part := range slices.Chunk(c.extra, copyPage) {
		if c.only {
			return nil
		}
		if err := c.to.Update(ctx, noHome, func(t *Tx) error {
			for _, key := range part {
				q := newQuery(`delete from `).ident(c.name)
				if _, err := t.Exec(ctx, c.where(q, key).stmt("copy.remove"), q.args...); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (c *copying) where(q *query, key []any) *query {
	for i, k := range c.key {
		if i == 0 {
			q.text(` where `)
		} else {
			q.text(` and `)
		}
		q.ident(c.columns[k]).text(` = `).arg(key[i])
	}
	return q
}

// page reads the rows behind a key, up to another if one is given, in the order of the keys.
func (c *copying) page(ctx context.Context, t *Tx, after, last []any) ([][]any, error) {
	var names []string
	for _, k := range c.key {
		names = append(names, c.columns[k])
	}
	q := newQuery(`select `).idents(c.columns).text(` from `).ident(c.name).text(` where 1 = 1`)
	for i, bound := range [][]any{after, last} {
		if bound == nil {
			continue
		}
		q.text(` and (`).idents(names).text(`)`)
		if i == 0 {
			q.text(` > (`)
		} else {
			q.text(` <= (`)
		}
		for j, v := range bound {
			if j > 0 {
				q.text(`, `)
			}
			q.arg(v)
		}
		q.text(`)`)
	}
	q.text(` order by `).idents(names).text(` limit `).arg(copyPage)
	return Collect(ctx, t, q.stmt("copy.page"), func(r *Row) ([]any, error) {
		row := make([]any, len(c.columns))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := r.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range row {
			switch v := v.(type) {
			case int64:
				if c.flags[i] {
					row[i] = v != 0
				}
			case []byte:
				if len(v) == 0 {
					row[i] = []byte{} // SQLite's driver gives nil, which is not null
				}
			}
		}
		return row, nil
	}, q.args...)
}

func (c *copying) keyOf(row []any) []any {
	key := make([]any, len(c.key))
	for i, k := range c.key {
		key[i] = row[k]
	}
	return key
}

// same compares two values as they were read.
func same(a, b any) bool {
	if x, ok := a.([]byte); ok {
		y, ok := b.([]byte)
		return ok && bytes.Equal(x, y)
	}
	return a == b
}

// compareKeys compares keys as both engines order them: numbers, text by its bytes, false before true.
func compareKeys(a, b []any) int {
	for i := range a {
		n := 0
		switch x := a[i].(type) {
		case int64:
			y, _ := b[i].(int64)
			n = cmp.Compare(x, y)
		case string:
			y, _ := b[i].(string)
			n = cmp.Compare(x, y)
		case []byte:
			y, _ := b[i].([]byte)
			n = bytes.Compare(x, y)
		case bool:
			if y, _ := b[i].(bool); x != y {
				n = -1
				if x {
					n = 1
				}
			}
		}
		if n != 0 {
			return n
		}
	}
	return 0
}
