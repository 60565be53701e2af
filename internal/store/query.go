package store

import (
	"strconv"
	"strings"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// query puts a statement together from fixed fragments and arguments. It is the only place that does so: lists differ by
// what they are narrowed to. Fragments are constants; values only ever become arguments.
type query struct {
	sql  strings.Builder
	args []any
	home int64 // of all matters that are asked for, where they are of one and the statement does not say so of the matter itself
	anew bool  // see scope
}

func newQuery(start literal) *query {
	q := &query{}
	q.sql.WriteString(string(start))
	return q
}

func (q *query) text(s literal) *query {
	q.sql.WriteString(string(s))
	return q
}

// comma stands before every element but the first.
func (q *query) comma(i int) *query {
	if i > 0 {
		q.text(`, `)
	}
	return q
}

func (q *query) arg(v any) *query {
	q.args = append(q.args, v)
	q.sql.WriteByte('$')
	q.sql.WriteString(strconv.Itoa(len(q.args)))
	return q
}

// ident is the name of a table or column, out of the catalogue of the database.
func (q *query) ident(name string) *query {
	q.sql.WriteString(`"` + strings.ReplaceAll(name, `"`, `""`) + `"`)
	return q
}

// idents are names with commas between.
func (q *query) idents(names []string) *query {
	for i, name := range names {
		if i > 0 {
			q.text(`, `)
		}
		q.ident(name)
	}
	return q
}

// numbers is an argument that is a [List].
func (q *query) numbers(values []int64) *query {
	q.arg(List(values))
	q.sql.WriteString("...")
	return q
}

// scope is the one predicate of what an actor may see of matters, for every list, count, search, export and single look.
// A sealed matter needs the right to the compartment and the actor's own unit among those involved.
//
// An engine that plans with figures of its tables is to do so anew each time: one scope has all matters, another a few, and what is best for one is the worst for the other.
func (q *query) scope(s org.Scope) *query {
	q.anew = !s.All
	switch {
	case s.All:
		return q
	case s.Empty():
		return q.text(` and 1 = 0`)
	}
	q.text(` and exists (select 1 from matter_unit mu join unit_path p on p.unit_id = mu.unit_id
		where mu.matter_id = m.matter_id and mu.home = `)
	if q.home == 0 {
		q.text(`m.home`)
	} else {
		q.arg(q.home)
	}
	q.text(` and (1 = 0`)
	for _, root := range s.Roots {
		q.text(` or (p.ancestor_id = `).arg(int64(root))
		if s.Sealed {
			q.text(` and m.sealed = `).arg(true).text(` and mu.unit_id = `).arg(int64(root))
		} else {
			q.text(` and m.sealed = `).arg(false)
		}
		q.text(`)`)
	}
	return q.text(`))`)
}

// of asks for one matter that the scope sees: what leads to it is the same for all.
func (q *query) of(ref matter.Ref, s org.Scope) *query {
	q.text(` where m.home = `).arg(ref.Home).text(` and m.matter_id = `).arg(ref.N).scope(s)
	q.anew = false
	return q
}

func (q *query) stmt(name string) Stmt {
	return Stmt{name: name, sql: q.sql.String(), anew: q.anew}
}
