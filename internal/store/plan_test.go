package store

import (
	"os"
	"strings"
	"testing"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// TestPlans: no page of a list scans the matters or sorts them; each walks an index in the order it shows.
func TestPlans(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Migrations: os.DirFS("migrations"), Now: func() int64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	today := law.NewDay(2026, time.September, 21)
	scopes := map[string]org.Scope{"unit": {Roots: []org.UnitID{3}}, "sealed": {Roots: []org.UnitID{3}, Sealed: true}, "all": {All: true, Sealed: true}}
	after := map[string]matter.Cursor{"first": {}, "next": {Due: "2026-09-30", Home: 330112, N: 20260000001}}
	for name, scope := range scopes {
		for _, list := range []matter.List{matter.ListMine, matter.ListUnit, matter.ListAll} {
			for _, view := range matter.Views() {
				for page, cursor := range after {
					q := matterPage(scope, 7, 3, matter.Filter{List: list, View: view, Today: today, After: cursor, Limit: 20})
					for _, step := range explain(t, s, q) {
						if strings.HasPrefix(step, "SCAN m") && !strings.Contains(step, "USING") || strings.Contains(step, "TEMP B-TREE") {
							t.Errorf("%s/%s/%s/%s: %s", name, list, view, page, step)
						}
					}
				}
			}
		}
	}
}

func explain(t *testing.T, s *Store, q *query) []string {
	t.Helper()
	var steps []string
	err := s.Read(t.Context(), func(tx *Tx) error {
		var err error
		steps, err = Collect(t.Context(), tx, Stmt{name: "explain", sql: "explain query plan " + q.sql.String()}, func(r *Row) (string, error) {
			var id, parent, unused int64
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			return detail, err
		}, q.args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}
