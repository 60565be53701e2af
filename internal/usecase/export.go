package usecase

import (
	"context"
	"slices"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/intake"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// MaxExport is how many matters a table holds at most.
const MaxExport = 50_000

// Export is a table to be made: of a list or, where Search is set, of what a search finds.
type Export struct {
	List    matter.Filter  `json:"list"`
	Search  *matter.Search `json:"search,omitempty"`
	Format  TableFormat    `json:"format"`
	English bool           `json:"english,omitempty"` // headings, words, places and units
}

// StartExport has a table made of the matters of a list or a search within what the actor may see, and returns the job that does it. There is no
// identity in it: the columns are those of the list. That it was asked for, by whom and with what conditions is recorded before the first row is read.
func (o *Office) StartExport(ctx context.Context, who org.Actor, e Export) (JobView, error) {
	if err := need(who, org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleSupervisor, org.RoleLeader, org.RoleDiscipline); err != nil {
		return JobView{}, err
	}
	if err := granted(who, "read"); err != nil {
		return JobView{}, err
	}
	if !slices.Contains(TableFormats(), e.Format) {
		return JobView{}, errs.Fields([]errs.Field{errs.F("format", "export.format")})
	}
	f := e.List
	asked := exportNote{Unit: who.Duty.Unit, Role: who.Duty.Role, Format: e.Format}
	if e.Search != nil {
		f = e.Search.Filter
		asked.Worded, asked.State, asked.Channel, asked.From, asked.To, asked.Late =
			worded(!e.Search.Words.Empty()), e.Search.State, e.Search.Channel, e.Search.From, e.Search.To, e.Search.Late
	}
	asked.List, asked.View, asked.Holder, asked.Place, asked.Category = f.List, f.View, f.Unit, f.Place, f.Category
	unit, _ := o.Chart().Unit(who.Duty.Unit)
	var row store.JobRow
	err := o.Store.Update(ctx, HomeOf(unit.Place), func(t *store.Tx) error {
		if err := o.mayStart(ctx, t, who, JobExport); err != nil {
			return err
		}
		if err := o.noteChange(ctx, t, who, changeExport, int64(who.Duty.Unit), nil, asked); err != nil {
			return err
		}
		id, err := o.startJob(ctx, t, who, HomeOf(unit.Place), JobExport, e)
		if err != nil {
			return err
		}
		row, err = t.Job(ctx, HomeOf(unit.Place), id)
		return err
	})
	return o.jobView(row), err
}

// workExport makes the table, page by page, as the file that it will be: what has come of it lies encrypted in the folder of uploads (see Staged).
func (o *Office) workExport(ctx context.Context, j *running) error {
	var e Export
	if err := j.args(&e); err != nil {
		return err
	}
	file, err := o.Files.stage()
	if err != nil {
		return err
	}
	defer file.Drop()
	if err := o.writeExport(ctx, j, e, file); err != nil {
		return err
	}
	if err := file.end(); err != nil {
		return err
	}
	return j.keep(ctx, file, "huiyin-"+o.Today().String()+"."+string(e.Format), e.Format.Mime())
}

func (o *Office) writeExport(ctx context.Context, j *running, e Export, to *Staged) error {
	say := o.Say(e.English)
	table, err := newTable(e.Format, to, say("export.sheet", nil))
	if err != nil {
		return err
	}
	if err := table.row(exportHeader(say)); err != nil {
		return err
	}
	for next, n := o.pagesOf(j.who, e), 0; next != nil; {
		var rows []RowView
		if rows, next, err = next(ctx); err != nil {
			return err
		}
		for _, r := range rows {
			if n++; n > MaxExport {
				return errs.E(errs.TooLarge, "export.large", "max", MaxExport)
			}
			if err := table.row(o.exportRow(r, e.English, say)); err != nil {
				return err
			}
		}
		if to.Size > MaxUpload { // Keep would refuse it
			return errs.E(errs.TooLarge, "upload.size", "max_mb", MaxUpload>>20)
		}
		if err := j.progress(ctx, n, 0); err != nil {
			return err
		}
		j.row.Done = n
	}
	j.row.Total = j.row.Done
	return table.done()
}

// morePages reads the next rows of what is exported, and says how to go on; nil at the end.
type morePages func(ctx context.Context) ([]RowView, morePages, error)

func (o *Office) pagesOf(who org.Actor, e Export) morePages {
	if e.Search == nil {
		f := e.List
		f.Limit, f.After = matter.MaxPage, matter.Cursor{}
		return o.listPages(who, f)
	}
	f := *e.Search
	f.Limit, f.After = matter.MaxPage, matter.Cursor{}
	return o.foundPages(who, f)
}

func (o *Office) listPages(who org.Actor, f matter.Filter) morePages {
	return func(ctx context.Context) ([]RowView, morePages, error) {
		page, err := o.Matters(ctx, who, f)
		if err != nil || page.Next == nil {
			return page.Rows, nil, err
		}
		f.After = *page.Next
		return page.Rows, o.listPages(who, f), nil
	}
}

func (o *Office) foundPages(who org.Actor, f matter.Search) morePages {
	return func(ctx context.Context) ([]RowView, morePages, error) {
		f.Filter = f.On(o.Today(), o.Calendar())
		var rows []matter.Row
		var next matter.Ref
		if err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			rows, next, err = t.Find(ctx, who.Scope(), who.User, who.Duty.Unit, f)
			return err
		}); err != nil {
			return nil, nil, err
		}
		out := make([]RowView, len(rows))
		for i, r := range rows {
			out[i] = o.rowView(r, f.Today)
		}
		if next.IsZero() {
			return out, nil, nil
		}
		f.After = matter.Cursor{Home: next.Home, N: next.N}
		return out, o.foundPages(who, f), nil
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
	Format   TableFormat `json:"format,omitempty"`

	Worded  worded         `json:"with_words,omitempty"`
	State   matter.State   `json:"state,omitempty"`
	Channel matter.Channel `json:"channel,omitempty"`
	From    law.Day        `json:"from,omitzero"`
	To      law.Day        `json:"to,omitzero"`
	Late    bool           `json:"late,omitempty"`
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
	return row
}

func lightOf(r RowView) string {
	if r.Light == law.LightDone {
		return ""
	}
	return r.Light.String()
}
