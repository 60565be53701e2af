package usecase_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// csvRows reads a table as a machine does: by the names in its first row.
func csvRows(t *testing.T, table []byte) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\ufeff")))).ReadAll()
	check(t, err)
	var out []map[string]string
	for _, row := range all[1:] {
		m := map[string]string{}
		for i, name := range all[0] {
			if _, twice := m[name]; twice {
				t.Fatalf("two columns are called %s", name)
			}
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

// A table that is taken away says what its figures are, over what they were counted and when: above the heading for people, in columns for machines.
func TestTablesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.register(t, unitBureau, "路灯不亮")
	who := o.actor(t, org.RoleSupervisor, unitBureau)
	ask := usecase.FigureAsk{Indicators: []string{"submissions", "on_time_b"}, Period: o.StatPeriod(), By: usecase.ByUnit}
	found, err := o.Figures(t.Context(), who, ask)
	check(t, err)

	var table, book bytes.Buffer
	check(t, o.FigureTable(who, ask, found, usecase.TableCSV, true, &table))
	rows := csvRows(t, table.Bytes())
	if len(rows) != 2*(len(found.Rows)+1) {
		t.Fatalf("%d rows of %d groups", len(rows), len(found.Rows))
	}
	first, last := rows[0], rows[len(rows)-1]
	for name, want := range map[string]string{
		"‹figures.head.id›": "submissions", "‹figures.head.value›": "1", "‹figures.from›": ask.Period.From.String(), "‹figures.to›": ask.Period.To.String(), "‹figures.as_of›": ask.Period.AsOf.String(), "‹figures.head.accusations›": "‹figures.head.unsealed›", "‹figures.place›": "‹figures.head.everywhere›", "‹figures.category›": "‹figures.head.everything›",
	} {
		if first[name] != want {
			t.Errorf("%s: %q, want %q in %v", name, first[name], want, first)
		}
	}
	if last["‹figures.head.code›"] != "" || last["‹stat.group›"] != "‹stat.all›" || last["‹figures.head.value›"] != "n/a" || last["‹stat.sum›"] != "0" || last["‹figures.head.made›"] == "" || last["‹figures.unit›"] == "" {
		t.Errorf("%v", last)
	}
	for _, name := range []string{"‹figures.def.sum›", "‹figures.head.of›", "‹figures.def.basis›", "‹figures.def.variant›", "‹figures.def.source›"} {
		if last[name] == "" {
			t.Errorf("nothing is said of %s: %v", name, last)
		}
	}

	check(t, o.FigureTable(who, ask, found, usecase.TableXLSX, false, &book))
	x, err := excelize.OpenReader(&book)
	check(t, err)
	defer func() { _ = x.Close() }()
	cells, err := x.GetRows(x.GetSheetName(0))
	check(t, err)
	head := slices.IndexFunc(cells, func(r []string) bool { return len(r) > 1 && r[0] == "‹stat.group›" && r[1] == "信访总量" })
	if head < 0 || len(cells) != head+1+len(found.Rows)+1 {
		t.Fatalf("%v", cells)
	}
	above := map[string][]string{}
	for _, r := range cells[:head] {
		if len(r) > 1 {
			above[r[0]] = r[1:]
		}
	}
	if above["‹figures.from›"][0] != ask.Period.From.String() || above["‹figures.as_of›"][0] != ask.Period.AsOf.String() || above["‹figures.head.accusations›"][0] != "‹figures.head.unsealed›" || above["‹figures.head.made›"] == nil {
		t.Errorf("%v", above)
	}
	if above["‹figures.def.source›"][0] == "" || above["‹figures.def.source›"][3] == "" || above["‹figures.def.variant›"][3] == "" || above["‹figures.head.of›"][3] == "" { // each over its own column
		t.Errorf("%v", above)
	}
	panes, err := x.GetPanes(x.GetSheetName(0))
	check(t, err)
	if panes.YSplit != head+1 {
		t.Errorf("%d rows stay in sight, the heading is row %d", panes.YSplit, head+1)
	}
}
