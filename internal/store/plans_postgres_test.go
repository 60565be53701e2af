package store

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/pgtest"
)

// wide are the statements that PostgreSQL answers by reading more than an index leads it to of tables that grow, and why they may.
func wide() map[string]string {
	return map[string]string{
		"custom.all":         "a rebuild compares all counters of a home; they grow with units and months",
		"leaf.count":         "holds only what waits for its place in the log",
		"rewind.jobs":        "a copy is brought back to a point in time: once, with nobody waiting",
		"rewind.results":     "likewise",
		"stat_cell.forget":   "figures of a home are made anew",
		"stat_cell.home":     "a check compares all sums of a home",
		"stat_fact.forget":   "figures of a home are made anew",
		"stat_fact.first":    "asks for the first fact of each unit of a home",
		"stat_fact.home":     "a check compares all facts of a home",
		"stat_fact.page":     "looks for a category among the facets of a home: some thousands, however many matters there are",
		"stat_matter.forget": "figures of a home are made anew",
		"stat_unit.forget":   "figures of a home are made anew",
		"stat_unit.of":       "has a row for each unit of a home",
	}
}

// TestEveryPlanPostgres: with some thousand rows in every table no statement reads one that grows with the matters from end to end, nor all that a home has in it, nor sorts
// more than an index gives it, except those that are known to.
func TestEveryPlanPostgres(t *testing.T) {
	s := migrated(t, func(o *Options) { o.Database, o.Readers = pgtest.Database(t), 1 })
	all := everyStatement(t, s)
	db := newPlans(t, s)
	db.fill(2000)
	allowed := wide()
	for _, st := range all {
		found := db.reads(st)
		if _, ok := allowed[st.name]; len(found) > 0 && !ok {
			t.Errorf("%s: %s\n\t%s", st.name, strings.Join(found, "; "), st.text)
		}
		if len(found) > 0 {
			allowed[st.name] = ""
		}
	}
	for name, why := range allowed {
		if why != "" {
			t.Errorf("%s goes by its indexes and is excused all the same: %s", name, why)
		}
	}
}

// plans asks PostgreSQL how it would answer, by a connection of its own.
type plans struct {
	*testing.T
	c       *conn
	grows   map[string]bool   // tables
	of      map[string]string // table of an index
	partial map[string]bool   // indexes that hold only some rows
}

func newPlans(t *testing.T, s *Store) *plans {
	t.Helper()
	c, err := connect(t.Context(), s.engine, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	p := &plans{T: t, c: c, grows: map[string]bool{}, of: map[string]string{}, partial: map[string]bool{}}
	if err := eachRow(t.Context(), c, `select x.relname::text, c.relname::text, i.indpred is not null,
			i.indisprimary and i.indnkeyatts > 1 and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attnum = i.indkey[0] and a.attname = 'home') from pg_index i
		join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid where c.relnamespace = current_schema()::regnamespace`, func(rows *sql.Rows) error {
		var index, table string
		var some, grows bool // a table with the home alone for its key has a row for each home
		err := rows.Scan(&index, &table, &some, &grows)
		p.of[index], p.partial[index], p.grows[table] = table, some, grows || p.grows[table]
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *plans) do(text string) {
	p.Helper()
	if _, err := p.c.sql.ExecContext(p.Context(), text); err != nil {
		p.Fatalf("%s: %v", text, err)
	}
}

// fill puts n rows into each table, of three homes, whatever they may refer to, and has PostgreSQL count them.
func (p *plans) fill(n int) {
	p.Helper()
	p.do(`set session_replication_role = replica`) // without references
	var fills []string
	if err := eachRow(p.Context(), p.c, `select c.relname::text, string_agg(quote_ident(a.attname), ', ' order by a.attnum), string_agg(case
			when a.attname = 'home' then '330112 + g % 3' when a.atttypid = 'bigint'::regtype then 'g' when a.atttypid = 'boolean'::regtype then 'g % 2 = 0'
			when a.atttypid = 'bytea'::regtype then 'convert_to(g::text, ''UTF8'')' else '''t'' || g' end, ', ' order by a.attnum)
		from pg_class c join pg_attribute a on a.attrelid = c.oid where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
		and c.relname <> 'migration' group by c.relname`, func(rows *sql.Rows) error {
		var table, columns, values string
		err := rows.Scan(&table, &columns, &values)
		fills = append(fills, fmt.Sprintf(`insert into %s (%s) select %s from generate_series(1, %d) g on conflict do nothing`, table, columns, values, n))
		return err
	}); err != nil {
		p.Fatal(err)
	}
	for _, text := range fills {
		p.do(text)
	}
	p.do(`analyze`)
	p.do(`set enable_seqscan = off`) // what is still read from end to end has no index
	p.do(`set plan_cache_mode = force_generic_plan`)
}

// reads says what of the tables that grow a statement reads without an index to lead it, whatever its arguments are.
func (p *plans) reads(st planned) []string {
	p.Helper()
	values := slices.Repeat([]string{"null"}, len(p.prepare(st)))
	execute := "explain (format json) execute x"
	if len(values) > 0 {
		execute += "(" + strings.Join(values, ", ") + ")"
	}
	var plan []map[string]any
	if err := json.Unmarshal([]byte(p.lines(execute)), &plan); err != nil {
		p.Fatal(err)
	}
	p.do("deallocate x")
	return p.walk(plan[0]["Plan"], false)
}

// prepare prepares a statement as x and gives the types of its parameters.
func (p *plans) prepare(st planned) (kinds []string) {
	p.Helper()
	p.do("prepare x as " + st.text)
	return strings.Fields(p.lines(`select unnest(parameter_types)::text from pg_prepared_statements where name = 'x'`))
}

// lines is what a statement gives, line by line.
func (p *plans) lines(text string) string {
	p.Helper()
	var b strings.Builder
	if err := eachRow(p.Context(), p.c, text, func(rows *sql.Rows) error {
		var line string
		err := rows.Scan(&line)
		b.WriteString(line + "\n")
		return err
	}); err != nil {
		p.Fatalf("%s: %v", text, err)
	}
	return b.String()
}

// ofHome is a condition that says no more than the home.
var ofHome = regexp.MustCompile(`^\(home = [^()]*(\(\$\d+\)::bigint)?\)$|^$`)

// walk looks at a step and those below it; some says that no more rows are asked of it than are shown.
func (p *plans) walk(step any, some bool) (found []string) {
	n, _ := step.(map[string]any)
	of := func(key string) string {
		value, _ := n[key].(string)
		return value
	}
	kind, index, cond := of("Node Type"), of("Index Name"), of("Index Cond")
	table := cmp.Or(of("Relation Name"), p.of[index])
	switch kind {
	case "Seq Scan":
		if p.grows[table] {
			found = append(found, "reads all of "+table)
		}
	case "Index Scan", "Index Only Scan", "Bitmap Index Scan":
		if p.grows[table] && ofHome.MatchString(cond) && !p.partial[index] && (!some || kind == "Bitmap Index Scan") {
			found = append(found, fmt.Sprintf("reads %s by %s %s", table, index, cond))
		}
	case "Limit":
		some = true
	case "Sort", "Incremental Sort", "Aggregate", "Hash", "Materialize", "WindowAgg", "BitmapAnd", "BitmapOr":
		some = false
	}
	below, _ := n["Plans"].([]any)
	for _, x := range below {
		found = append(found, p.walk(x, some)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// What is narrowed by a scope is planned for that scope, however often it is asked: what is prepared gets one plan for all of them. What names one matter is prepared.
func TestScopesArePlannedAnew(t *testing.T) {
	s := migrated(t, func(o *Options) { o.Database, o.Readers = pgtest.Database(t), 1 })
	scope := org.Scope{Roots: []org.UnitID{1}}
	prepared := func(tx *Tx, like string) int64 {
		n, err := One(t.Context(), tx, Named("test.prepared", `select count(*) from pg_prepared_statements where statement like $1 and statement like '%unit_path%' and statement not like '%pg_prepared%'`), Int64, like)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := s.Read(t.Context(), func(tx *Tx) error {
		for range 7 {
			if _, err := tx.CountMatters(t.Context(), scope, 7, 1, matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, MaxCount); err != nil {
				return err
			}
			if _, err := tx.Sealed(t.Context(), scope, matter.Ref{Home: 330112, N: 1}); errs.KindOf(err) != errs.NotFound {
				return err
			}
			tx.failed = nil
		}
		if n := prepared(tx, "select count(*)%"); n != 0 {
			t.Errorf("%d counts are prepared", n)
		}
		if n := prepared(tx, "select m.sealed%"); n != 1 {
			t.Errorf("%d looks at one matter are prepared", n)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
