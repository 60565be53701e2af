package store

import (
	"context"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/pgtest"
)

func TestRewrite(t *testing.T) {
	for _, tt := range []struct {
		name, sql string
		shape     shape
		want      string
	}{
		{"numbers", "a = $1 and b = $2", shape{}, "a = ? and b = ?"},
		{"ten is not one", "$10, $1, $11", shape{}, "?10, ?1, ?"},
		{"twice", "$2 $1 $2", shape{}, "?2 ?1 ?2"},
		{"again later", "$1 $2 $1 $3", shape{}, "? ? ?1 ?"},
		{"literal", "'$1' = $1", shape{}, "'$1' = ?"},
		{"doubled quote", "'it''s $1' = $1", shape{}, "'it''s $1' = ?"},
		{"quoted name", `"a$1" = $1`, shape{}, `"a$1" = ?`},
		{"doubled double quote", `"a""$1" = $1`, shape{}, `"a""$1" = ?`},
		{"line comment", "a -- costs $1\n= $1", shape{}, "a -- costs $1\n= ?"},
		{"block comment", "a /* $1 ' */ = $1", shape{}, "a /* $1 ' */ = ?"},
		{"comment marks in a literal", "'--' || $1 || '/*' || $2", shape{}, "'--' || ? || '/*' || ?"},
		{"quote in a comment", "-- it's\n$1", shape{}, "-- it's\n?"},
		{"open literal", "$1 '$2", shape{}, "? '$2"},
		{"open comment", "$1 /*$2", shape{}, "? /*$2"},
		{"bare dollar", "a$ $b $", shape{}, "a$ $b $"},
		{"minus and slash", "$1-$2/$3", shape{}, "?-?/?"},
		{"list at the end", "a = $1 and b in ($2...)", shape{2, 4}, "a = ? and b in (?,?,?,?)"},
		{"list in front", "b in ($1...) and a = $2", shape{1, 2}, "b in (?,?) and a = ?"},
		{"before and after", "$3 in ($2...) or $1", shape{2, 3}, "?5 in (?2,?3,?4) or ?1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := rewrite(tt.sql, tt.shape, '?')
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestRewriteRefusesListsThatDoNotFit(t *testing.T) {
	for _, tt := range []struct {
		sql   string
		shape shape
	}{
		{"a in ($1...)", shape{}},
		{"a = $1", shape{1, 2}},
		{"a in ($2...) and $1", shape{1, 2}},
	} {
		_, err := rewrite(tt.sql, tt.shape, '?')
		wantError(t, err, errs.Internal, "store.list_mismatch")
	}
	_, err := rewrite("$99999999999999999999", shape{}, '?')
	wantError(t, err, errs.Internal, "store.statement")
}

func FuzzRewrite(f *testing.F) {
	f.Add("select '$1', \"$2\" -- $3\n from a where b = $4 /* $5 */ and c in ($6...)", 6, 3)
	f.Add("$1 '", 0, 0)
	f.Add("''$1''", 1, 1)
	f.Fuzz(func(t *testing.T, sql string, at, n int) {
		sh := shape{at: max(at, 0) % 10, n: max(n, 0) % 10}
		got, err := rewrite(sql, sh, '?')
		if err != nil {
			return
		}
		if !strings.Contains(sql, "$") && got != sql {
			t.Errorf("%q without a parameter became %q", sql, got)
		}
		// what has been rewritten has no parameter left to rewrite
		if again, err := rewrite(got, shape{}, '?'); err != nil || again != got {
			t.Errorf("%q became %q and then %q, %v", sql, got, again, err)
		}
	})
}

func TestFlatten(t *testing.T) {
	for _, tt := range []struct {
		name  string
		args  []any
		want  []any
		shape shape
	}{
		{"none", []any{1, "a"}, []any{1, "a"}, shape{}},
		{"power of two", []any{1, List([]int{2, 3})}, []any{1, 2, 3}, shape{2, 2}},
		{"filled up", []any{List([]string{"a", "b", "c"}), 9}, []any{"a", "b", "c", "c", 9}, shape{1, 4}},
		{"empty", []any{1, List([]int{})}, []any{1, nil}, shape{2, 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, sh, err := flatten(tt.args)
			if err != nil || sh != tt.shape {
				t.Errorf("shape %v, %v; want %v", sh, err, tt.shape)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	_, _, err := flatten([]any{List(make([]int, MaxList+1))})
	wantError(t, err, errs.Internal, "store.list_too_long")
}

func TestLists(t *testing.T) {
	s := open(t)
	const n = 2*MaxList + 7
	keys := make([]int64, n)
	err := s.Update(t.Context(), 1, func(tx *Tx) error {
		for i := range keys {
			keys[i] = int64(i)
			if _, err := tx.Exec(t.Context(), Named("test.put",
				"insert into counter (run, n) values ($1, $1 * 10)"), i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	find := Named("test.find", "select run from counter where n >= $1 and run in ($2...) order by run")
	for _, tt := range []struct {
		name string
		keys []int64
		want []int64
	}{
		{"none", nil, nil},
		{"one", []int64{5}, []int64{5}},
		{"three", []int64{9, 7, 5}, []int64{5, 7, 9}},
		{"all", keys, keys[3:]},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := s.Read(t.Context(), func(tx *Tx) error {
				got, err := CollectIn(t.Context(), tx, find, tt.keys, Int64, 30)
				if d := cmp.Diff(tt.want, got); d != "" {
					t.Error(d)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	err = s.Update(t.Context(), 1, func(tx *Tx) error {
		changed, err := tx.Exec(t.Context(), Named("test.clear", "delete from counter where run in ($1...)"), List(keys[:0]))
		if changed != 0 {
			t.Errorf("an empty list matched %d rows", changed)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// builder is the file that puts the statements of lists together.
const builder = "query.go"

// found is a statement as it stands in the source.
type found struct {
	stmt  Stmt
	at    token.Position
	built bool // its text is known only when it runs
}

// sourceStatements finds every statement in the package's source. The type checker works out the constants; that it knows
// nothing of the imports does not matter to it.
func sourceStatements(t *testing.T) []found {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	conf := types.Config{Importer: importer.ForCompiler(files, "gc", nil), Error: func(error) {}}
	_, _ = conf.Check("store", files, parsed, &info) // imports are missing, constants are not
	text := func(e ast.Expr) (string, bool) {
		v := info.Types[e].Value
		if v == nil || v.Kind() != constant.String {
			return "", false
		}
		return constant.StringVal(v), true
	}
	var all []found
	for _, f := range parsed {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at := files.Position(call.Pos())
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				if fun.Name == "Named" && at.Filename != builder {
					name, ok1 := text(call.Args[0])
					sql, ok2 := text(call.Args[1])
					if !ok1 || !ok2 {
						t.Errorf("%s: only %s puts statements together", at, builder)
					}
					all = append(all, found{stmt: Stmt{name: name, sql: sql}, at: at})
				}
				if fun.Name == "literal" && at.Filename != builder {
					t.Errorf("%s: only %s makes SQL of text", at, builder)
				}
			case *ast.SelectorExpr:
				if fun.Sel.Name == "stmt" { // of a query
					name, _ := text(call.Args[0])
					all = append(all, found{stmt: Stmt{name: name}, at: at, built: true})
				}
			}
			return true
		})
	}
	return all
}

// engineFile is a file of one engine.
var engineFile = regexp.MustCompile(`^engine_(sqlite|postgres)(_\w+)?\.go$`)

// elsewhere says that a statement is for another engine than that of a store, or for a cluster where it has none.
func (f found) elsewhere(s *Store) bool {
	of := engineFile.FindStringSubmatch(f.at.Filename)
	return of != nil && (of[1] != s.Engine() || of[2] == "_citus" && !s.engine.apart())
}

// listParam is the parameter of a list.
var listParam = regexp.MustCompile(`\$(\d+)\.\.\.`)

// compiles reports why the engine does not understand a statement.
func compiles(ctx context.Context, c *conn, text string) error {
	p, err := c.sql.PrepareContext(ctx, text)
	if err != nil {
		return err
	}
	defer p.Close()
	return nil
}

// TestStatements holds every statement of the package to the rules and prepares it on the real schema, on both engines.
func TestStatements(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { statements(t, migrated(t)) })
	t.Run("postgres", func(t *testing.T) { statements(t, migrated(t, func(o *Options) { o.Database = pgtest.Database(t) })) })
}

func statements(t *testing.T, s *Store) {
	t.Helper()
	name := regexp.MustCompile(`^[a-z][a-z_]*(\.[a-z][a-z_]*)+$`)
	banned := regexp.MustCompile(`(?i)::|\b(ilike|now\(|current_timestamp|current_date|lateral|merge|distinct\s+on|` +
		`array|any\s*\(|nextval|select\s+\*|greatest|least|insert\s+or)\b`)
	texts := map[string]string{}
	source := sourceStatements(t)
	if len(source) < 10 {
		t.Fatalf("only %d statements found", len(source))
	}
	for _, f := range source {
		if !name.MatchString(f.stmt.name) {
			t.Errorf("%s: %q is no name of a statement", f.at, f.stmt.name)
		}
		of := engineFile.FindStringSubmatch(f.at.Filename)
		if f.built || f.elsewhere(s) {
			continue
		}
		if other, ok := texts[f.stmt.name]; ok && other != f.stmt.sql {
			t.Errorf("%s: a second statement is called %s", f.at, f.stmt.name)
		}
		texts[f.stmt.name] = f.stmt.sql
		if word := banned.FindString(f.stmt.sql); word != "" && of == nil {
			t.Errorf("%s: %s is not common to the engines: %q", f.at, f.stmt.name, word)
		}
		var sh shape
		if m := listParam.FindStringSubmatch(f.stmt.sql); m != nil {
			sh.n = 2
			sh.at, _ = strconv.Atoi(m[1])
		}
		text, err := rewrite(f.stmt.sql, sh, s.engine.mark())
		if err != nil {
			t.Errorf("%s: %v", f.at, err)
			continue
		}
		c := <-s.readers
		if err := compiles(t.Context(), c, text); err != nil {
			t.Errorf("%s: %s: %v", f.at, f.stmt.name, err)
		}
		s.readers <- c
	}
}

func TestCut(t *testing.T) {
	for name, tt := range map[string]struct {
		script string
		want   []string
	}{
		"two":                 {"a b; c;\n", []string{"a b", " c"}},
		"no semicolon":        {"a; b", []string{"a", " b"}},
		"in a literal":        {"a ';' \";\"; b;", []string{"a ';' \";\"", " b"}},
		"in a comment":        {"-- a; b\nc; /* ; */ d;", []string{"-- a; b\nc", " /* ; */ d"}},
		"a comment behind":    {"a;\n-- that is all\n", []string{"a"}},
		"nothing":             {" \n", nil},
		"a comment only":      {"-- nothing;\n", nil},
		"a literal by itself": {"''", []string{"''"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, cut(tt.script)); d != "" {
				t.Error(d)
			}
		})
	}
}
