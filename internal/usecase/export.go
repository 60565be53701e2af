package usecase

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"huiyin/internal/intake"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// ExportMatters writes the matters of a list within what the actor may see as a table that spreadsheets open, page by page, and returns how
// many. There is no identity in it: the columns are those of the list. That it was done, by whom and what was asked for, is recorded before
// the first row. Say gives the words in the reader's language; places and units are named in
// English where that is asked for.
func (o *Office) ExportMatters(ctx context.Context, who org.Actor, f matter.Filter, english bool, say intake.Say, w io.Writer) (int, error) {
	if err := need(who, org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleSupervisor, org.RoleLeader, org.RoleDiscipline); err != nil {
		return 0, err
	}
	f.Limit, f.After = matter.MaxPage, matter.Cursor{}
	asked := exportNote{
		Unit: who.Duty.Unit, Role: who.Duty.Role, List: f.List, View: f.View, Holder: f.Unit, Place: f.Place, Category: f.Category,
	}
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		return o.noteChange(ctx, t, who, changeExport, int64(who.Duty.Unit), nil, asked)
	}); err != nil {
		return 0, err
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return 0, fmt.Errorf("write the table: %w", err)
	}
	out := csv.NewWriter(w)
	if err := out.Write(exportHeader(say)); err != nil {
		return 0, fmt.Errorf("write the table: %w", err)
	}
	n := 0
	for {
		page, err := o.Matters(ctx, who, f)
		if err != nil {
			return n, err
		}
		for _, r := range page.Rows {
			if err := out.Write(o.exportRow(r, english, say)); err != nil {
				return n, fmt.Errorf("write the table: %w", err)
			}
			n++
		}
		out.Flush()
		if err := out.Error(); err != nil {
			return n, fmt.Errorf("write the table: %w", err)
		}
		if page.Next == nil {
			return n, nil
		}
		f.After = *page.Next
	}
}

// changeExport is the kind of change under which an export is recorded; the subject is the unit under whose duty it was done.
const changeExport = "export"

// exportNote is what was asked for, in the record of changes.
type exportNote struct {
	Unit     org.UnitID  `json:"unit"`
	Role     org.Role    `json:"role"`
	List     matter.List `json:"list"`
	View     matter.View `json:"view"`
	Holder   org.UnitID  `json:"holder,omitempty"`
	Place    int64       `json:"place,omitempty"`
	Category string      `json:"category,omitempty"`
}

// exportColumns are the columns, by which their headings are found under export.column.
func exportColumns() []string {
	return []string{
		"number", "title", "state", "kind", "category", "level", "channel", "place", "receiver", "holder", "received", "due", "light", "demands", "answered",
		"persons", "repeats", "resolved", "ended",
	}
}

func exportHeader(say intake.Say) []string {
	columns := exportColumns()
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = say("export.column."+c, nil)
	}
	return out
}

func (o *Office) exportRow(r RowView, english bool, say intake.Say) []string {
	word := func(prefix, code string) string {
		if code == "" {
			return ""
		}
		return say(prefix+code, nil)
	}
	receiver, _ := o.Chart().Unit(r.Receiver)
	place := o.Places.FullName(r.Place)
	if english {
		place = o.Places.FullEnglish(r.Place)
	}
	resolved := say("export.no", nil)
	if r.Resolved {
		resolved = say("export.yes", nil)
	}
	row := []string{
		r.Ref.String(), r.Title, word("state.", string(r.State)), word("kind.", string(r.Kind)), r.Category, word("level.", string(r.Level)),
		word("channel.", string(r.Channel)), place, receiver.NameIn(english), r.Unit.NameIn(english), r.Received.String(), r.Due.String(), word("light.", lightOf(r)),
		strconv.Itoa(r.Demands), strconv.Itoa(r.Answered), strconv.Itoa(r.Persons), strconv.Itoa(r.Repeats), resolved, r.Ended.String(),
	}
	for i := range row {
		row[i] = inert(row[i])
	}
	return row
}

func lightOf(r RowView) string {
	if r.Light == law.LightDone {
		return ""
	}
	return r.Light.String()
}

// inert keeps a spreadsheet from taking a title for a formula.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
