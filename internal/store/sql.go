package store

import (
	"strconv"
	"strings"

	"huiyin/internal/errs"
)

// MaxList is the longest [List] of one statement; [CollectIn] cuts a longer one into parts.
const MaxList = 512

// Stmt is one SQL statement with the name under which metrics and the log of slow statements show it.
//
// Statements are not registered anywhere: as they are constants, the package's source is the register, and the test
// of the statements reads it.
type Stmt struct {
	name string
	sql  string
	anew bool // see query.scope
}

// Name returns the statement's name, "matter.insert".
func (s Stmt) Name() string { return s.name }

// literal is SQL text. A constant converts to it silently and a variable does not; the one place that puts fixed
// fragments together says so by converting.
type literal string

// Named returns the statement of a name (subject and verb, "matter.insert") and its text: PostgreSQL style, in the
// common subset of the engines, with parameters $1, $2 …, at most one of them a list, $3... (see [List]).
func Named(name string, sql literal) Stmt { return Stmt{name: name, sql: string(sql)} }

// list is the argument for a parameter written $n....
type list []any

// List gives the values of the parameter written $n..., as in `where home = $1 and id in ($2...)`. An empty list
// matches no row; because of that it may not be used with `not in`. At most [MaxList] values, one list a statement.
func List[T any](values []T) any {
	l := make(list, len(values))
	for i, v := range values {
		l[i] = v
	}
	return l
}

// shape is how the arguments change the text of a statement: at is the position of the list, from 1, or 0 without
// one, and n the number of parameters it takes.
type shape struct{ at, n int }

// flatten puts the values of a list in place of the list. The list is filled up to a power of two by repeating its
// last value, so that a statement has a handful of texts, each prepared once, and not one for each length.
func flatten(args []any) ([]any, shape, error) {
	for i, arg := range args {
		l, ok := arg.(list)
		if !ok {
			continue
		}
		if len(l) > MaxList {
			return nil, shape{}, errs.E(errs.Internal, "store.list_too_long", "n", len(l), "max", MaxList)
		}
		if len(l) == 0 {
			l = list{nil} // "in (null)" is true of no row
		}
		n := 1
		for n < len(l) {
			n *= 2
		}
		flat := make([]any, 0, len(args)-1+n)
		flat = append(append(flat, args[:i]...), l...)
		for range n - len(l) {
			flat = append(flat, l[len(l)-1])
		}
		return append(flat, args[i+1:]...), shape{at: i + 1, n: n}, nil
	}
	return args, shape{}, nil
}

// ForSQLite is a statement without a list as SQLite gets it from the store: for who compares the store with a bare program.
func ForSQLite(sql string) (string, error) { return rewrite(sql, shape{}, '?') }

// rewrite turns $n into the marks of the engine's parameters, and writes a list out. It leaves literals, quoted names and comments as they are.
//
// SQLite's parameters are written without their number where they come in order: to SQLite a bare ? is the next one, while each ?n is a name, which the
// driver looks up among all of them for each value that it binds.
func rewrite(sql string, sh shape, mark byte) (string, error) {
	var b strings.Builder
	b.Grow(len(sql) + 5*sh.n)
	most := 0 // the greatest number written so far
	for i := 0; i < len(sql); {
		if end := opaque(sql, i); end > i {
			b.WriteString(sql[i:end])
			i = end
			continue
		}
		digits := i + 1
		for digits < len(sql) && isDigit(sql[digits]) {
			digits++
		}
		if sql[i] != '$' || digits == i+1 {
			b.WriteByte(sql[i])
			i++
			continue
		}
		p, err := strconv.Atoi(sql[i+1 : digits])
		if err != nil {
			return "", errs.E(errs.Internal, "store.statement").Because(err)
		}
		i = digits
		isList := strings.HasPrefix(sql[i:], "...")
		if isList {
			i += len("...")
		}
		if isList != (p == sh.at) {
			return "", errs.E(errs.Internal, "store.list_mismatch", "position", p)
		}
		most = sh.write(&b, p, mark, most)
	}
	return b.String(), nil
}

// write writes parameter p as it is numbered once the list has been laid out flat, and returns the greatest number written by then.
func (sh shape) write(b *strings.Builder, p int, mark byte, most int) int {
	first, n := p, 1
	switch {
	case sh.at != 0 && p == sh.at:
		n = sh.n
	case sh.at != 0 && p > sh.at:
		first = p + sh.n - 1
	}
	for k := range n {
		if k > 0 {
			b.WriteByte(',')
		}
		b.WriteByte(mark)
		if mark != '?' || first+k != most+1 {
			b.WriteString(strconv.Itoa(first + k))
		}
		most = max(most, first+k)
	}
	return most
}

// opaque returns the end of the string literal, quoted name or comment that starts at i, and i where none does. One
// that is not closed reaches to the end of the text.
func opaque(sql string, i int) int {
	rest := sql[i:]
	switch {
	case rest[0] == '\'' || rest[0] == '"':
		// a doubled quote inside ends one literal and starts the next at once, which copies the same text
		return closed(sql, i+1, rest[:1])
	case strings.HasPrefix(rest, "--"):
		return closed(sql, i+2, "\n")
	case strings.HasPrefix(rest, "/*"):
		return closed(sql, i+2, "*/")
	}
	return i
}

// closed returns the position after the first mark at or behind from.
func closed(sql string, from int, mark string) int {
	if k := strings.Index(sql[from:], mark); k >= 0 {
		return from + k + len(mark)
	}
	return len(sql)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
