package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/intake"
	"huiyin/internal/org"
	"huiyin/internal/suggest"
	"huiyin/internal/usecase"
)

// suggestCategory learns to propose the category of a message, and measures how good it is at it. It needs no data folder.
func suggestCategory(ctx context.Context, c *console, args []string) int {
	what := ""
	if len(args) > 0 {
		what, args = args[0], args[1:]
	}
	switch what {
	case "train":
		return suggestTrain(ctx, c, args)
	case "eval":
		return suggestEval(ctx, c, args)
	case "cross":
		return suggestCross(ctx, c, args)
	}
	return c.usage("suggest", c.T("cli.suggest.which"))
}

// suggestRows are the rows of the files that were named.
type suggestRows struct {
	rows    []suggest.Row
	refused int
}

// read reads the files. Rows that cannot be used are named on the side, and the others are used.
func (r *suggestRows) read(ctx context.Context, c *console, files []string) error {
	for _, name := range files {
		report := intake.NewReport(filepath.Base(name), nil)
		rows, err := usecase.ReadLessons(ctx, name, report)
		if err != nil {
			return err
		}
		r.rows = append(r.rows, rows...)
		if report.Refused > 0 {
			_, _ = fmt.Fprintln(c.err, strings.TrimSuffix(report.Text(c.Say), "\n"))
		}
		r.refused += report.Refused
	}
	return nil
}

// some is read where there must be rows in the files.
func (r *suggestRows) some(ctx context.Context, c *console, files []string) error {
	if err := r.read(ctx, c, files); err != nil {
		return err
	}
	if len(r.rows) == 0 {
		return errs.E(errs.Invalid, "cli.suggest.rows")
	}
	return nil
}

// office puts what an office has decided before the rows that were read, and names what of these means no category there.
func (r *suggestRows) office(ctx context.Context, c *console, data string, o *suggest.Options) error {
	a, err := open(ctx, c, data)
	if err != nil {
		return err
	}
	lessons, err := a.Office.Lessons(ctx, org.System(), r.rows)
	if err := errors.Join(err, a.Close()); err != nil {
		return err
	}
	for _, label := range slices.Sorted(maps.Keys(lessons.Unmapped)) {
		_, _ = fmt.Fprintln(c.err, c.T("cli.suggest.unmapped", "label", label, "n", lessons.Unmapped[label]))
	}
	if lessons.Few > 0 {
		_, _ = fmt.Fprintln(c.err, c.T("cli.suggest.few", "n", lessons.Few))
	}
	r.rows, r.refused, o.Made, o.Parent = lessons.Rows, r.refused+lessons.Refused, lessons.Made, a.Office.CategoryAbove
	return nil
}

// code is the exit code of a command that could use these rows.
func (r *suggestRows) code() int {
	if r.refused > 0 {
		return exitFailed
	}
	return 0
}

// suggestCall is what a command about suggestions was called with.
type suggestCall struct {
	suggest.CrossOptions
	data       []string
	model, out string
	office     string // data folder
	asJSON     bool
}

// parseSuggest reads the flags: those of all these commands, and those that more adds. Files may follow --data without it.
func parseSuggest(c *console, args []string, more func(call *suggestCall, f *flag.FlagSet)) (call suggestCall, ok bool) {
	f := flags("suggest")
	f.Func("data", "", func(name string) error { call.data = append(call.data, name); return nil })
	f.BoolVar(&call.asJSON, "json", false, "")
	more(&call, f)
	rest, ok := c.parse(f, args, anyNumber)
	if !ok {
		return call, false
	}
	if call.data = append(call.data, rest...); len(call.data) == 0 && call.office == "" {
		c.usage("suggest", c.T("cli.suggest.data"))
		return call, false
	}
	return call, true
}

// trainingFlags are those that change what is learnt.
func trainingFlags(call *suggestCall, f *flag.FlagSet) {
	f.Uint64Var(&call.Seed, "seed", 1, "")
	f.IntVar(&call.Folds, "folds", 5, "")
	f.Float64Var(&call.Precision, "precision", 0.95, "")
}

// progress shows how much of the training is done. It ends the training when the command is stopped.
func (call *suggestCall) progress(ctx context.Context, c *console) (m *meter) {
	share, of := 0, 0
	m = newMeter(c, func(passed time.Duration) string {
		return c.T("cli.suggest.progress", "done", share, "of", of, "seconds", whole(passed.Seconds()))
	})
	call.Progress = func(done, all int) error {
		share, of = done, all
		m.draw()
		return ctx.Err()
	}
	return m
}

// suggestTrained is what is told of a training. Beside the model it is kept in a file of its own, since the time it took is no part of what
// the same rows make again.
type suggestTrained struct {
	Model   string         `json:"model"`
	Bytes   int64          `json:"bytes"`
	Seconds float64        `json:"training_seconds"`
	Refused int            `json:"rows_refused"`
	Header  suggest.Header `json:"header"`
}

// besideModel is added to the name of a model for the file with what is told of its training.
const besideModel = ".json"

func suggestTrain(ctx context.Context, c *console, args []string) int {
	call, ok := parseSuggest(c, args, func(call *suggestCall, f *flag.FlagSet) {
		trainingFlags(call, f)
		f.StringVar(&call.out, "out", "", "")
		f.StringVar(&call.office, "office", "", "")
	})
	switch {
	case !ok:
		return exitUsage
	case call.out == "":
		return c.usage("suggest", c.T("cli.suggest.out"))
	}
	var r suggestRows
	begun := time.Now()
	read := r.some
	if call.office != "" {
		read = r.read
	}
	if err := read(ctx, c, call.data); err != nil {
		return c.fail(err)
	}
	if call.office != "" {
		if err := r.office(ctx, c, call.office, &call.Options); err != nil {
			return c.fail(err)
		}
	}
	meter := call.progress(ctx, c)
	model, err := suggest.Train(r.rows, call.Options)
	meter.end()
	if err != nil {
		return c.fail(asFlags(err))
	}
	told := suggestTrained{Model: call.out, Seconds: time.Since(begun).Seconds(), Refused: r.refused, Header: model.Header()}
	if told.Bytes, err = replaceFile(call.out, model.Write); err != nil {
		return c.fail(err)
	}
	if _, err := replaceFile(call.out+besideModel, func(w io.Writer) error { return encode(w, told) }); err != nil {
		return c.fail(err)
	}
	if call.asJSON {
		return max(c.json(told), r.code())
	}
	c.say("cli.suggest.trained", "file", told.Model, "bytes", c.Number(told.Bytes), "rows", c.Number(int64(told.Header.Rows)),
		"labels", len(told.Header.Labels), "seconds", tenth(told.Seconds))
	c.say("cli.suggest.held", "folds", told.Header.Folds)
	c.suggestReport(told.Header.HeldOut)
	return r.code()
}

// replaceFile writes a file beside the one of that name and then puts it in its place, so that there is always a whole one. It gives the
// number of bytes.
func replaceFile(name string, write func(io.Writer) error) (size int64, err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.new")
	if err != nil {
		return 0, errs.E(errs.Invalid, "cli.suggest.write", "file", name).Because(err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		size, err = f.Seek(0, io.SeekEnd)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return 0, errors.Join(errs.E(errs.Invalid, "cli.suggest.write", "file", name).Because(err), os.Remove(f.Name()))
	}
	return size, nil
}

// suggestMeasured is what eval tells.
type suggestMeasured struct {
	suggest.Report
	Milliseconds float64  `json:"ms_per_text"`
	Seconds      *float64 `json:"training_seconds"` // null if the file beside the model is not there
	ModelBytes   int64    `json:"model_bytes"`
	Refused      int      `json:"rows_refused"`
}

func suggestEval(ctx context.Context, c *console, args []string) int {
	call, ok := parseSuggest(c, args, func(call *suggestCall, f *flag.FlagSet) { f.StringVar(&call.model, "model", "", "") })
	switch {
	case !ok:
		return exitUsage
	case call.model == "":
		return c.usage("suggest", c.T("cli.suggest.model"))
	}
	told := suggestMeasured{}
	model, err := told.open(call.model)
	if err != nil {
		return c.fail(err)
	}
	var r suggestRows
	if err := r.some(ctx, c, call.data); err != nil {
		return c.fail(err)
	}
	told.Report, told.Refused = suggest.Evaluate(model, r.rows), r.refused
	begun := time.Now()
	for _, row := range r.rows {
		model.Suggest(row.Text)
	}
	told.Milliseconds = time.Since(begun).Seconds() * 1000 / float64(len(r.rows))
	if call.asJSON {
		return max(c.json(told), r.code())
	}
	c.suggestReport(told.Report)
	c.say("cli.suggest.speed", "ms", hundredth(told.Milliseconds), "bytes", c.Number(told.ModelBytes))
	return r.code()
}

// open reads the model, and what was told of its training if that is there.
func (t *suggestMeasured) open(name string) (*suggest.Model, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, errs.E(errs.NotFound, "cli.file", "file", name).Because(err)
	}
	defer func() { _ = f.Close() }() // only read from
	model, err := suggest.Read(f)
	if err != nil {
		return nil, err
	}
	if t.ModelBytes, err = f.Seek(0, io.SeekCurrent); err != nil {
		return nil, errs.E(errs.NotFound, "cli.file", "file", name).Because(err)
	}
	text, err := os.ReadFile(name + besideModel)
	if errors.Is(err, fs.ErrNotExist) {
		return model, nil
	}
	if err != nil {
		return nil, errs.E(errs.NotFound, "cli.file", "file", name+besideModel).Because(err)
	}
	var told suggestTrained
	if json.Unmarshal(text, &told) == nil && told.Header.Data == model.Header().Data {
		t.Seconds = &told.Seconds
	}
	return model, nil
}

// suggestSpread is a figure over the parts of a cross-validation.
type suggestSpread struct {
	Name      string  `json:"name"`
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"`
}

func suggestCross(ctx context.Context, c *console, args []string) int {
	call, ok := parseSuggest(c, args, func(call *suggestCall, f *flag.FlagSet) {
		trainingFlags(call, f)
		f.IntVar(&call.Parts, "holdout", 5, "")
		f.BoolVar(&call.KeepCopies, "keep-copies", false, "")
	})
	if !ok {
		return exitUsage
	}
	var r suggestRows
	if err := r.some(ctx, c, call.data); err != nil {
		return c.fail(err)
	}
	meter := call.progress(ctx, c)
	reports, err := suggest.Cross(r.rows, call.CrossOptions)
	meter.end()
	if err != nil {
		return c.fail(asFlags(err))
	}
	over := spreads(reports)
	if call.asJSON {
		return max(c.json(struct {
			Parts   []suggest.Report `json:"parts"`
			Figures []suggestSpread  `json:"figures"`
			Refused int              `json:"rows_refused"`
		}{reports, over, r.refused}), r.code())
	}
	c.say("cli.suggest.crossed", "parts", len(reports))
	for _, s := range over {
		c.line(fmt.Sprintf("  %6.2f%% ± %4.2f  %s", 100*s.Mean, 100*s.Deviation, c.T("cli.suggest.figure."+s.Name)))
	}
	return r.code()
}

// figures are what a report comes down to, under the names that programs know them by.
func figures(r suggest.Report) []suggestSpread {
	return []suggestSpread{
		{"accuracy", r.Accuracy, 0},
		{"macro_f1", r.MacroF1, 0},
		{"top3_accuracy", r.Top3, 0},
		{"calibration_error", r.Calibration, 0},
		{"answered", r.Answered, 0},
		{"answered_accuracy", r.Precision, 0},
	}
}

// spreads gives the mean of each figure and how far the parts lie around it.
func spreads(reports []suggest.Report) []suggestSpread {
	out := figures(suggest.Report{})
	for i := range out {
		square := 0.0
		for _, r := range reports {
			out[i].Mean += figures(r)[i].Mean / float64(len(reports))
		}
		for _, r := range reports {
			d := figures(r)[i].Mean - out[i].Mean
			square += d * d
		}
		out[i].Deviation = math.Sqrt(square / float64(max(len(reports)-1, 1)))
	}
	return out
}

// suggestReport shows how good suggestions are.
func (c *console) suggestReport(r suggest.Report) {
	for _, f := range figures(r) {
		c.line(fmt.Sprintf("  %6.2f%%  %s", 100*f.Mean, c.T("cli.suggest.figure."+f.Name)))
	}
	c.line("")
	c.say("cli.suggest.classes")
	for _, class := range r.Classes {
		c.line(fmt.Sprintf("  %6.2f%% %6.2f%% %6.2f%% %6d  %s", 100*class.Precision, 100*class.Recall, 100*class.F1, class.Support, class.Label))
	}
	if len(r.Unknown) > 0 {
		c.say("cli.suggest.unknown", "labels", r.Unknown)
	}
}
