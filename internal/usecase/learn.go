package usecase

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/intake"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/suggest"
)

const (
	// maxLessons is how many rows are learnt from, and maxLearnt how many characters they have in all, the office's own newest decisions first: they bound memory and time.
	maxLessons = 20_000
	maxLearnt  = 6_000_000
	// maxLesson is how many characters of a text are read.
	maxLesson = 2000
	// A category of its own from so many rows on; with fewer they count to the one above it, and where even that one has few they are left out.
	enoughFine   = 30
	enoughCoarse = 10
	// learnAfter is how many new decisions the nightly training waits for.
	learnAfter = 200
	// learnFolds is how many parts are held out in turn.
	learnFolds = 4
)

// Lessons are what a model is to be made from, with codes of the current table as labels.
type Lessons struct {
	Rows     []suggest.Row
	Made     suggest.Made
	Unmapped map[string]int // rows of other data by labels that mean no category of the current table
	Few      int            // rows of categories that have too few
	Refused  int            // rows of the base file that cannot be used

	characters int // of all rows
}

// take adds a row if there is room.
func (l *Lessons) take(row suggest.Row) bool {
	n := utf8.RuneCountInString(row.Text)
	if len(l.Rows) >= maxLessons || l.characters+n > maxLearnt {
		return false
	}
	l.Rows, l.characters = append(l.Rows, row), l.characters+n
	return true
}

// Lessons reads what the office has decided: what the unsealed matters say, without the people who say it, under their present categories. Others are
// rows of other data, to which those of the base file are added; their labels are understood as gazetteer.Category does. Accusations are never read.
func (o *Office) Lessons(ctx context.Context, who org.Actor, others []suggest.Row) (Lessons, error) {
	return o.lessonsAside(ctx, who, others, func(context.Context) error { return nil })
}

// lessonsAside rests between pages.
func (o *Office) lessonsAside(ctx context.Context, who org.Actor, others []suggest.Row, rest func(context.Context) error) (Lessons, error) {
	if who.Kind != org.ActorSystem {
		return Lessons{}, errs.E(errs.Forbidden, "auth.duty")
	}
	out := Lessons{Made: suggest.Made{Day: o.Today().String()}, Unmapped: map[string]int{}}
	if err := o.ownLessons(ctx, &out, rest); err != nil {
		return Lessons{}, err
	}
	if path, ok := o.advisor.base(); ok {
		report := intake.NewReport(filepath.Base(path), nil)
		base, err := ReadLessons(ctx, path, report)
		if err != nil {
			return Lessons{}, err
		}
		others, out.Refused = append(slices.Clip(others), base...), report.Refused
	}
	for _, row := range others {
		c, ok := o.Places.Category(row.Label)
		switch {
		case !ok:
			out.Unmapped[row.Label]++
		default:
			row.Label = c.Code
			_ = out.take(row)
		}
	}
	o.level(&out)
	return out, nil
}

// level gives each row the finest category that has enough of them. The office's own rows stand first.
func (o *Office) level(l *Lessons) {
	count := func() map[string]int {
		n := map[string]int{}
		for _, row := range l.Rows {
			n[row.Label]++
		}
		return n
	}
	fine := count()
	for i, row := range l.Rows {
		if above := o.CategoryAbove(row.Label); above != "" && fine[row.Label] < enoughFine {
			l.Rows[i].Label = above
		}
	}
	coarse, own, kept := count(), 0, l.Rows[:0]
	for i, row := range l.Rows {
		switch {
		case coarse[row.Label] < enoughCoarse:
			l.Few++
			continue
		case i < l.Made.Own:
			own++
		}
		kept = append(kept, row)
	}
	l.Rows, l.Made.Own = kept, own
}

// CategoryAbove is the category above one of the current table, "" where there is none.
func (o *Office) CategoryAbove(code string) string {
	row, _ := o.Places.Current().Row(code)
	return row.Parent
}

// ownLessons adds the newest decisions of each home, page by page.
func (o *Office) ownLessons(ctx context.Context, out *Lessons, rest func(context.Context) error) error {
	homes, err := o.homes(ctx)
	if err != nil {
		return err
	}
	for _, home := range homes {
		left, room := maxLessons/len(homes), out.characters+maxLearnt/len(homes)
		for before := int64(math.MaxInt64); left > 0 && out.characters < room; {
			if err := rest(ctx); err != nil {
				return err
			}
			var page []store.Decided
			var rows []suggest.Row
			if err := o.Store.Read(ctx, func(t *store.Tx) error {
				var err error
				if page, err = t.DecidedBefore(ctx, home, before, min(batch, left)); err != nil {
					return err
				}
				rows, err = o.lessons(ctx, t, home, page)
				return err
			}); err != nil {
				return err
			}
			if len(page) == 0 {
				break
			}
			left, before = left-len(page), page[len(page)-1].N
			for _, d := range page {
				out.Made.Newest = max(out.Made.Newest, d.OpenedUS)
			}
			for _, row := range rows {
				if out.take(row) {
					out.Made.Own++
				}
			}
		}
	}
	return nil
}

// lessons reads what the first submissions of some matters said, and takes out who said it.
func (o *Office) lessons(ctx context.Context, t *store.Tx, home int64, page []store.Decided) ([]suggest.Row, error) {
	numbers := make([]int64, len(page))
	for i, d := range page {
		numbers[i] = d.N
	}
	events, err := t.FirstEvents(ctx, home, numbers)
	if err != nil {
		return nil, err
	}
	parties, err := t.Parties(ctx, home, numbers) // the submission that opens a matter has its number
	if err != nil {
		return nil, err
	}
	people := map[int64][]matter.Petitioner{}
	for _, p := range parties {
		who, err := o.openParty(p, false)
		if err != nil {
			return nil, err
		}
		people[p.Submission.N] = append(people[p.Submission.N], who)
	}
	var now int64
	if m := o.advisor.now.Load().model; m != nil {
		now = m.Header().Made.Newest
	}
	var out []suggest.Row
	for _, d := range page {
		e := events[d.N]
		body, _, err := matter.Decode(e.Kind, e.Body)
		if err != nil {
			return nil, fmt.Errorf("matter %s: %w", matter.Ref{Home: home, N: d.N}, err)
		}
		b, ok := body.(matter.Registered)
		if _, known := o.Places.Current().Row(d.Category); !ok || !known {
			continue
		}
		text := cut(hiderOf(people[d.N]).Hide(Said(b.Submission.Title, b.Submission.Narrative, b.Submission.Demands)), maxLesson)
		if row, err := suggest.ParseRow(map[string]string{"text": text, "label": d.Category}); err == nil {
			row.Fresh = d.OpenedUS > now
			out = append(out, row)
		}
	}
	return out, nil
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	n := 0
	for at := range text {
		if n == most {
			return text[:at]
		}
		n++
	}
	return text
}

// ReadLessons reads a file of rows with label and text, or tokens, as huiyin suggest train does. What cannot be used is noted in the report.
func ReadLessons(ctx context.Context, name string, report *intake.Report) ([]suggest.Row, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, errs.E(errs.NotFound, "cli.file", "file", name).Because(err)
	}
	defer func() { _ = file.Close() }() // only read from
	info, err := file.Stat()
	if err != nil {
		return nil, errs.E(errs.NotFound, "cli.file", "file", name).Because(err)
	}
	in, err := intake.Open(name, file, info.Size(), intake.Options{})
	if err != nil {
		return nil, err
	}
	var out []suggest.Row
	for ctx.Err() == nil {
		line, bad, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if len(bad) == 0 {
			row, err := suggest.ParseRow(line.Values)
			if err == nil {
				out = append(out, row)
				report.Accept()
				continue
			}
			bad = lessonErrors(line, err)
		}
		if err := report.Refuse(bad); err != nil {
			return nil, err
		}
	}
	return nil, ctx.Err()
}

// lessonErrors names the columns of a row as the report of an import does.
func lessonErrors(line intake.Row, err error) []intake.RowError {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return nil
	}
	out := make([]intake.RowError, len(e.Fields))
	for i, f := range e.Fields {
		out[i] = intake.RowError{File: line.File, Row: line.Number, Column: f.Path, Code: f.Code, Args: f.Args}
	}
	return out
}

// Learned is what a training came to.
type Learned struct {
	AtUS     int64            `json:"at_us,omitempty"` // zero: there was none
	Rows     int              `json:"rows"`
	Own      int              `json:"own"` // of them, decisions of the office
	Labels   int              `json:"labels"`
	Accuracy float64          `json:"accuracy"`           // of the first proposal on the rows held out, at the level of the labels
	Contest  *suggest.Contest `json:"contest,omitempty"`  // with the model before
	Replaced bool             `json:"replaced"`           // the new model is in force
	Unmapped []string         `json:"unmapped,omitempty"` // see Lessons
	Few      int              `json:"few,omitempty"`
	Refused  int              `json:"refused,omitempty"`
}

// Learn makes a model anew from what the office has decided and from the base file. It replaces the one in force unless it is worse on the decisions
// that the one in force was made without, by more than chance (suggest.Contest); then the one in force stays, and what came of it is noted. One
// training runs at a time, aside, so that nobody at a desk waits for it.
//
// Progress is told of each part that is done and called every few milliseconds in between; an error ends the training.
func (o *Office) Learn(ctx context.Context, who org.Actor, progress func(ctx context.Context, done, of int) error) (Learned, error) {
	if !o.advisor.learning.TryLock() {
		return Learned{}, errs.E(errs.Conflict, "advice.busy")
	}
	defer o.advisor.learning.Unlock()
	aside, err := o.beginAside(ctx)
	if err != nil {
		return Learned{}, err
	}
	defer aside.end()
	lessons, err := o.lessonsAside(ctx, who, nil, aside.rest)
	if err != nil {
		return Learned{}, err
	}
	out := Learned{AtUS: o.Now(), Rows: len(lessons.Rows), Own: lessons.Made.Own, Few: lessons.Few, Refused: lessons.Refused}
	for label := range lessons.Unmapped {
		out.Unmapped = append(out.Unmapped, label)
	}
	slices.Sort(out.Unmapped)
	done, of := 0, learnFolds+1 // the last part is the model of all rows
	model, err := suggest.Train(lessons.Rows, suggest.Options{
		Seed: 1, Folds: learnFolds, Workers: 1, Parent: o.CategoryAbove, Made: lessons.Made, Against: o.advisor.now.Load().model,
		Progress: func(now, all int) error {
			done, of = now, all
			return nil
		},
		Rest: func() error { return errors.Join(aside.rest(ctx), progress(ctx, done, of)) },
	})
	if err != nil {
		return Learned{}, err
	}
	h := model.Header()
	out.Labels, out.Accuracy, out.Contest = len(h.Labels), h.HeldOut.Accuracy, h.Contest
	if out.Replaced = h.Contest == nil || !h.Contest.Worse(); out.Replaced {
		if err := o.replaceModel(model); err != nil {
			return Learned{}, err
		}
	}
	o.Log.LogAttrs(ctx, slog.LevelInfo, "categories learnt", slog.Int("rows", out.Rows), slog.Int("labels", out.Labels), slog.Bool("replaced", out.Replaced))
	return out, o.noteLearned(ctx, out)
}

// replaceModel writes a model in the place of the one in force, and takes it up.
func (o *Office) replaceModel(model *suggest.Model) error {
	var body bytes.Buffer
	if err := model.Write(&body); err != nil {
		return err
	}
	if err := os.MkdirAll(o.advisor.folder, 0o700); err != nil {
		return errs.E(errs.Unavailable, "upload.disk").Because(err)
	}
	if err := writeDurably(o.advisor.folder, o.advisor.path(modelFile), body.Bytes()); err != nil {
		return errs.E(errs.Unavailable, "upload.disk").Because(err)
	}
	o.readModel()
	return nil
}

// noteLearned keeps what the last training came to.
func (o *Office) noteLearned(ctx context.Context, l Learned) error {
	body, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("note what was learnt: %w", err)
	}
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error { return t.SetSetting(ctx, settingAdviceLearned, string(body)) }); err != nil {
		return err
	}
	return o.Reload(ctx)
}

// StartLearning has a new model made beside the desk, for an administrator of the whole organisation.
func (o *Office) StartLearning(ctx context.Context, who org.Actor) (JobView, error) {
	if err := o.MayTeach(who); err != nil {
		return JobView{}, err
	}
	unit, _ := o.Chart().Unit(who.Duty.Unit)
	home := HomeOf(unit.Place)
	var view JobView
	err := o.Store.Update(ctx, home, func(t *store.Tx) error {
		if err := o.mayStart(ctx, t, who, JobLearn); err != nil {
			return err
		}
		id, err := o.startJob(ctx, t, who, home, JobLearn, struct{}{})
		if err != nil {
			return err
		}
		row, err := t.Job(ctx, home, id)
		view = o.jobView(row)
		return err
	})
	return view, err
}

// LearnNightly has a new model made where enough has been decided since the last one and nobody has asked for one.
func (o *Office) LearnNightly(ctx context.Context) error {
	worth, err := o.worthLearning(ctx)
	if err != nil || !worth {
		return err
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		open, err := t.OpenJobs(ctx, string(JobLearn), math.MaxInt64, 1)
		if err != nil || len(open) > 0 {
			return err
		}
		_, err = o.startJob(ctx, t, org.System(), 0, JobLearn, struct{}{})
		return err
	})
}

// workLearn makes a new model.
func (o *Office) workLearn(ctx context.Context, j *running) error {
	if err := o.MayTeach(j.who); err != nil {
		return err
	}
	_, err := o.Learn(ctx, org.System(), j.progress)
	return err
}

// worthLearning reports whether enough has been decided since the last training, or since the model in force was made, for another one to be worth it.
func (o *Office) worthLearning(ctx context.Context) (bool, error) {
	since := o.advised.Load().learned.AtUS
	if m := o.advisor.now.Load().model; m != nil {
		since = max(since, m.Header().Made.Newest)
	}
	n := 0
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		n = 0
		homes, err := t.Homes(ctx)
		if err != nil {
			return err
		}
		for _, home := range homes {
			page, err := t.DecidedBefore(ctx, home, math.MaxInt64, learnAfter)
			if err != nil {
				return err
			}
			for _, d := range page {
				if d.OpenedUS > since {
					n++
				}
			}
		}
		return nil
	})
	return n >= learnAfter, err
}

// writeDurably writes a file so that after a crash it is there whole or not at all.
func writeDurably(dir, path string, content []byte) error {
	tmp, err := os.CreateTemp(dir, stagedPrefix+"*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when the rename succeeded
	_, err = tmp.Write(content)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncFolder(dir)
}
