package usecase_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// taken has a table made and reads it.
func (o *testOffice) taken(t *testing.T, who org.Actor, e usecase.Export) (rows [][]string, job usecase.JobView) {
	t.Helper()
	j, err := o.StartExport(t.Context(), who, e)
	check(t, err)
	check(t, o.RunJobs(t.Context()))
	job, err = o.Job(t.Context(), who, j.Home, j.ID)
	check(t, err)
	_, opened, err := o.JobFile(t.Context(), who, j.Home, j.ID)
	check(t, err)
	content := contentOf(t, opened)
	if e.Format == usecase.TableXLSX {
		book, err := excelize.OpenReader(bytes.NewReader(content))
		check(t, err)
		defer func() { check(t, book.Close()) }()
		rows, err = book.GetRows(book.GetSheetName(0))
		check(t, err)
		return rows, job
	}
	if !bytes.HasPrefix(content, []byte("\ufeff")) {
		t.Errorf("%q does not begin with the mark", content[:8])
	}
	rows, err = csv.NewReader(bytes.NewReader(content[3:])).ReadAll()
	check(t, err)
	return rows, job
}

// file registers a message from the web.
func (o *testOffice) file(t *testing.T, title string) {
	t.Helper()
	_, err := o.Register(t.Context(), org.Actor{}, matter.Intake{
		Channel: matter.ChannelWeb, Title: title, Demands: []string{"修好路灯"}, Place: 330112104, Petitioners: []matter.Petitioner{{Name: "王小芳", Phone: "0571-00000001"}},
	}, "")
	check(t, err)
}

// An export holds what its reader may see, page after page, in either format, nothing that a spreadsheet would run, no identity, and is recorded.
func TestExport(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i := range 130 {
		title := fmt.Sprintf("第%d件", i)
		if i == 7 {
			title = `=HYPERLINK("http://x","点我")`
		}
		o.file(t, title)
	}
	who := o.actor(t, org.RoleSupervisor, unitCounty)
	list := matter.Filter{List: matter.ListAll, View: matter.ViewOpen}
	search := matter.Search{Filter: matter.Filter{List: matter.ListAll, View: matter.ViewAny}, Words: query.Plain("路灯")}
	for name, e := range map[string]usecase.Export{
		"a list, CSV": {List: list, Format: usecase.TableCSV}, "a list, XLSX": {List: list, Format: usecase.TableXLSX}, "a search": {Search: &search, Format: usecase.TableXLSX},
	} {
		rows, job := o.taken(t, who, e)
		seen := map[string]bool{}
		for _, r := range rows[1:] {
			seen[r[0]] = true
			if strings.HasPrefix(r[1], "=") && e.Format == usecase.TableCSV {
				t.Errorf("%s: a formula: %s", name, r[1])
			}
			if strings.Contains(strings.Join(r, " "), "王小芳") {
				t.Errorf("%s names the petitioner", name)
			}
		}
		if len(seen) != 130 || job.Done != 130 || job.State != store.JobDone || rows[0][0] != "‹export.column.number›" || rows[1][2] != "‹state.registered›" {
			t.Errorf("%s: %d numbers, %+v, first rows %v", name, len(seen), job, rows[:2])
		}
	}
	o.read(t, func(tx *store.Tx) error {
		events, err := tx.OrgEvents(t.Context(), store.OrgFilter{Subjects: []store.OrgSubject{{Kind: "export", ID: int64(unitCounty)}}, Limit: 10})
		if len(events) != 3 || events[0].User != who.User ||
			!slices.ContainsFunc(events, func(e store.OrgEvent) bool { return strings.Contains(e.Body, `"with_words":true`) }) ||
			slices.ContainsFunc(events, func(e store.OrgEvent) bool { return strings.Contains(e.Body, "路灯") }) {
			t.Errorf("recorded: %+v", events)
		}
		return err
	})
	if rows, _ := o.taken(t, o.actor(t, org.RoleHandler, unitTownB), usecase.Export{List: list, Format: usecase.TableCSV}); len(rows) != 1 {
		t.Errorf("outside the scope: %v", rows)
	}
	for _, role := range []org.Role{org.RoleAdmin, org.RoleAuditor} {
		if _, err := o.StartExport(t.Context(), o.actor(t, role, unitCounty), usecase.Export{List: list, Format: usecase.TableCSV}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%s: %v", role, err)
		}
	}
	if _, err := o.StartExport(t.Context(), who, usecase.Export{List: list, Format: "pdf"}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("as PDF: %v", err)
	}
}

// The table names places and units in the reader's language.
func TestExportInEnglish(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.file(t, "路灯不亮")
	for _, c := range []struct {
		english     bool
		place, unit string
	}{
		{false, "浙江省杭州市临安区於潜镇", "临安区信访局"},
		{true, "Yuqian Town, Lin'an District, Hangzhou City, Zhejiang Province", "lin an qu xin fang ju"},
	} {
		e := usecase.Export{List: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Format: usecase.TableCSV, English: c.english}
		rows, _ := o.taken(t, o.actor(t, org.RoleSupervisor, unitCounty), e)
		if len(rows) != 2 || rows[1][7] != c.place || rows[1][8] != c.unit || rows[1][9] != c.unit {
			t.Errorf("in English %v: %v", c.english, rows)
		}
	}
}
