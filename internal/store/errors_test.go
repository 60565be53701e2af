package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"huiyin/internal/errs"
)

func TestViolations(t *testing.T) {
	s := open(t)
	if err := write(t, s, putParent, 1, 1, "a", true, nil); err != nil {
		t.Fatal(err)
	}
	const putChild = "insert into child (home, id, parent, n) values ($1, $2, $3, $4)"
	if err := write(t, s, putChild, 1, 1, 1, 1); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		sql  string
		args []any
		kind errs.Kind
		code string
	}{
		{"primary key", putParent, []any{1, 1, "b", true, nil}, errs.Conflict, "store.exists"},
		{"unique index", putParent, []any{1, 2, "a", true, nil}, errs.Conflict, "store.exists"},
		{"rowid", "insert into counter (run, n) values (1, 1), (1, 1)", nil, errs.Conflict, "store.exists"},
		{"reference to nothing", putChild, []any{1, 2, 9, 1}, errs.Invalid, "store.reference"},
		{"reference in another home", putChild, []any{2, 2, 1, 1}, errs.Invalid, "store.reference"},
		{"referred to", "delete from parent where id = 1", nil, errs.Invalid, "store.reference"},
		{"check", putChild, []any{1, 2, 1, 0}, errs.Invalid, "store.value"},
		{"not null", putParent, []any{1, 2, nil, true, nil}, errs.Invalid, "store.value"},
		{"strict bigint", putParent, []any{1, "abc", "b", true, nil}, errs.Invalid, "store.value"},
		{"strict bytea", putParent, []any{1, 2, "b", true, "text"}, errs.Invalid, "store.value"},
		{"no such table", "insert into nowhere values (1)", nil, errs.Internal, "store.failed"},
		{"no argument", putChild, []any{1}, errs.Internal, "store.failed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantError(t, write(t, s, tt.sql, tt.args...), tt.kind, tt.code)
		})
	}
	if n := count(t, s, "select count(*) from parent"); n != 1 {
		t.Errorf("%d parents are left", n)
	}
}

func TestSQLiteKind(t *testing.T) {
	for _, tt := range []struct {
		code int
		kind errs.Kind
		want string
	}{
		{1555, errs.Conflict, "store.exists"},
		{2067, errs.Conflict, "store.exists"},
		{787, errs.Invalid, "store.reference"},
		{275, errs.Invalid, "store.value"},
		{3091, errs.Invalid, "store.value"},
		{5, errs.Unavailable, "store.busy"},
		{517, errs.Unavailable, "store.busy"},
		{13, errs.Unavailable, "store.disk_full"},
		{10 | 4<<8, errs.Unavailable, "store.disk"}, // a flush that failed
		{11, errs.Internal, "store.damaged"},
		{26, errs.Internal, "store.damaged"},
		{18, errs.TooLarge, "store.too_large"},
		{1, errs.Internal, "store.failed"},
	} {
		if kind, code := sqliteKind(tt.code); kind != tt.kind || code != tt.want {
			t.Errorf("%d: got %d %s, want %d %s", tt.code, kind, code, tt.kind, tt.want)
		}
	}
}

func TestTranslate(t *testing.T) {
	ours := errs.E(errs.Refused, "matter.closed")
	if err := translate(fmt.Errorf("outer: %w", ours)); errs.CodeOf(err) != "matter.closed" {
		t.Errorf("ours became %v", err)
	}
	if err := translate(nil); err != nil {
		t.Errorf("nothing became %v", err)
	}
	late := translate(fmt.Errorf("outer: %w", context.DeadlineExceeded))
	wantError(t, late, errs.Unavailable, "store.cancelled")
	if !errors.Is(late, context.DeadlineExceeded) {
		t.Error("the cause is lost")
	}
	wantError(t, translate(errors.New("unknown")), errs.Internal, "store.failed")
}
