package usecase

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"huiyin/internal/errs"
	"huiyin/internal/intake"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// The bounds of what a machine hands over at once, and of a page of what became of it.
const (
	MaxBatch   = 10_000
	MaxResults = 1000
)

const (
	batchNow     = 100 // records that are taken in before the request is answered
	batchFile    = "batch.jsonl"
	batchesKept  = 90 * dayUS
	batchesShown = 50
)

// Batch is records that a machine handed over at once, and how far they are taken in.
type Batch struct {
	Home, ID int64
	Key      string // of the machine
	Unit     org.UnitID
	Records  int
	Accepted int
	Repeated int
	Refused  int
	MadeUS   int64
	EndedUS  int64 // zero while records remain
	Failed   bool  // what remains is taken in only when the batch is sent again
}

// Result is what became of one record.
type Result struct {
	N        int    // line of the record, from 1
	State    string // accepted, repeated, refused
	Number   string // that its sender gave it
	Ref      matter.Ref
	Problems []errs.Field // of a refused one; an empty path means the record as a whole
}

// ResultStates are what can become of a record.
func ResultStates() []string {
	return []string{string(store.ResultAccepted), string(store.ResultRepeated), string(store.ResultRefused)}
}

// importer is who takes records in for a machine: as every import does, for the machine's unit and on record as its key. A key that is let import brings whole
// lives with it, which no duty of a machine could.
func importer(who org.Actor) org.Actor {
	as := org.System()
	as.Key, as.Duty = who.Key, org.Duty{Unit: who.Duty.Unit}
	return as
}

// StartBatch takes records in, one JSON object a line, by the same rules as an import of a file and each by itself. Key marks repetitions: the same records under it
// are taken in once and go on where they broke off. Few are taken in at once; many by a job, whose progress the batch tells.
func (o *Office) StartBatch(ctx context.Context, who org.Actor, lines io.Reader, key string) (Batch, error) {
	if err := mayBatch(who); err != nil {
		return Batch{}, err
	}
	unit, ok := o.Chart().Unit(who.Duty.Unit)
	if !ok {
		return Batch{}, errs.E(errs.Forbidden, "auth.duty")
	}
	if key == "" {
		return Batch{}, errs.E(errs.Invalid, "import.key")
	}
	asked, records := newOnceText(key), lineCount{}
	file, err := o.Stage(io.TeeReader(lines, io.MultiWriter(asked, &records)))
	if err != nil {
		return Batch{}, err
	}
	defer file.Drop()
	if n := records.lines(); n == 0 || n > MaxBatch {
		return Batch{}, errs.E(errs.Invalid, "import.records", "max", MaxBatch)
	}
	once, err := asked.key()
	if err != nil {
		return Batch{}, err
	}
	b, err := o.batchOf(ctx, who, HomeOf(unit.Place), once, file, records.lines())
	if err != nil {
		return Batch{}, err
	}
	if b.EndedUS == 0 && b.Records <= batchNow {
		if err := o.takeBatch(ctx, who, b, nil); err != nil {
			return Batch{}, err
		}
	}
	return o.Batch(ctx, who, b.Home, b.ID)
}

// lineCount counts the lines of what is written to it, also a last one without an end.
type lineCount struct {
	ends int
	open bool
}

func (c *lineCount) Write(b []byte) (int, error) {
	if len(b) > 0 {
		c.ends += bytes.Count(b, []byte("\n"))
		c.open = b[len(b)-1] != '\n'
	}
	return len(b), nil
}

func (c *lineCount) lines() int {
	if c.open {
		return c.ends + 1
	}
	return c.ends
}

// batchOf finds the batch of an idempotency key, or makes it; a long one gets a job, also anew when the last one failed.
func (o *Office) batchOf(ctx context.Context, who org.Actor, home int64, asked onceKey, sent *Staged, records int) (store.BatchRow, error) {
	var b store.BatchRow
	find := func(t *store.Tx) (found bool, err error) {
		if b, found, err = t.BatchOnce(ctx, home, who.Key, asked.hash[:]); err == nil && found && !bytes.Equal(b.Request, asked.request[:]) {
			err = errs.E(errs.Conflict, "idempotency.other")
		}
		return found, err
	}
	found := false
	if err := o.Store.Read(ctx, func(t *store.Tx) (err error) {
		found, err = find(t)
		return err
	}); err != nil {
		return b, err
	}
	file := ""
	if !found {
		row, err := o.Keep(ctx, org.System(), home, sent, batchFile, "application/x-ndjson")
		if err != nil {
			return b, err
		}
		file = row.ID
	}
	err := o.Store.Update(ctx, home, func(t *store.Tx) error {
		there, err := find(t) // again: the same may have come meanwhile
		if err != nil {
			return err
		}
		if !there {
			b = store.BatchRow{
				Home: home, Key: who.Key, Unit: who.Duty.Unit, Once: asked.hash[:], Request: asked.request[:], File: file, Records: records, MadeUS: o.Now(),
			}
			if b.ID, err = t.InsertBatch(ctx, b); err != nil {
				return err
			}
		}
		if b.Records <= batchNow || b.EndedUS != 0 {
			return nil
		}
		if b.Job != 0 {
			j, err := t.Job(ctx, home, b.Job)
			if err != nil && errs.KindOf(err) != errs.NotFound {
				return err
			}
			if err == nil && o.jobView(j).Open() {
				return nil
			}
		}
		if err := o.mayStart(ctx, t, who, JobImport); err != nil {
			return err
		}
		if b.Job, err = o.startJob(ctx, t, who, home, JobImport, batchArgs{b.ID}); err != nil {
			return err
		}
		return t.SetBatchJob(ctx, home, b.ID, b.Job)
	})
	return b, err
}

type batchArgs struct {
	Batch int64 `json:"batch"`
}

func (o *Office) workImport(ctx context.Context, j *running) error {
	var a batchArgs
	if err := j.args(&a); err != nil {
		return err
	}
	var b store.BatchRow
	if err := o.Store.Read(ctx, func(t *store.Tx) (err error) {
		b, err = t.Batch(ctx, j.row.Home, a.Batch)
		return err
	}); err != nil {
		return err
	}
	return o.takeBatch(ctx, j.who, b, func(ctx context.Context, done int) error { return j.progress(ctx, done, b.Records) })
}

// apiMapping takes each field of a record from the member of the same name.
func apiMapping() (intake.Mapping, error) {
	fields := map[string]any{}
	for _, name := range intake.Targets() {
		rule := map[string]any{"from": name}
		switch name {
		case "received", "replied":
			rule["dates"] = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02", "2006-01-02 15:04:05"}
		case "demands":
			rule["split"] = []string{"\n"}
		}
		fields[name] = rule
	}
	text, err := json.Marshal(map[string]any{"version": 1, "name": "api", "fields": fields})
	if err != nil {
		return intake.Mapping{}, fmt.Errorf("mapping of the API: %w", err)
	}
	return intake.ParseMapping(text)
}

// takeBatch takes in what remains of a batch. It may be broken off at any time and begun again: what became of a record is written in the transaction that takes it
// in. Progress may be nil.
func (o *Office) takeBatch(ctx context.Context, who org.Actor, b store.BatchRow, progress func(context.Context, int) error) error {
	if b.EndedUS != 0 {
		return nil
	}
	var file store.AttachmentRow
	done := map[int]bool{}
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.Results(ctx, b.Home, b.ID, "", 0, MaxBatch)
		if err != nil {
			return err
		}
		for _, r := range rows {
			done[r.N] = true
		}
		file, err = t.Attachment(ctx, b.Home, b.File)
		return err
	}); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errs.E(errs.Refused, "import.gone")
		}
		return err
	}
	content, err := o.Files.open(file)
	if err != nil {
		return err
	}
	defer content.end()
	mapping, err := apiMapping()
	if err != nil {
		return err
	}
	rows, err := intake.Open(batchFile, content, content.Size(), intake.Options{})
	if err != nil {
		return err
	}
	run := batchRun{Office: o, who: importer(who), row: b, mapping: mapping, say: intake.Say(o.Say(o.Settings().Lang == "en"))}
	if err := run.all(ctx, rows, done, progress); err != nil {
		return err
	}
	return o.endBatch(ctx, b, file)
}

// endBatch notes that a batch is taken in, and forgets what was sent.
func (o *Office) endBatch(ctx context.Context, b store.BatchRow, file store.AttachmentRow) error {
	used := true
	if err := o.Store.Update(ctx, b.Home, func(t *store.Tx) error {
		if err := t.EndBatch(ctx, b.Home, b.ID, o.Now()); err != nil {
			return err
		}
		if _, err := t.RemoveUpload(ctx, file); err != nil {
			return err
		}
		var err error
		used, err = t.ContentUsed(ctx, file.SHA256)
		return err
	}); err != nil || used {
		return err
	}
	return o.Files.remove(file.SHA256)
}

// batchRun takes the records of a batch in, several at a time, so that they share their commits.
type batchRun struct {
	*Office
	who     org.Actor
	row     store.BatchRow
	mapping intake.Mapping
	say     intake.Say

	mu     sync.Mutex
	failed error // the first error that is not a record's
}

func (b *batchRun) all(ctx context.Context, rows *intake.Rows, done map[int]bool, progress func(context.Context, int) error) error {
	var wait sync.WaitGroup
	free := make(chan struct{}, importAhead)
	n := 0
	for b.ok() {
		row, bad, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			b.fail(err)
			break
		}
		n++
		if done[row.Number] {
			continue
		}
		if progress != nil {
			if err := progress(ctx, n); err != nil {
				b.fail(err)
				break
			}
		}
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			b.fail(b.one(ctx, row, bad))
		})
	}
	wait.Wait()
	return b.failed
}

func (b *batchRun) ok() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed == nil
}

func (b *batchRun) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed == nil {
		b.failed = err
	}
}

// one takes one record in, or writes down why not.
func (b *batchRun) one(ctx context.Context, row intake.Row, bad []intake.RowError) error {
	result := store.ResultRow{Home: b.row.Home, Batch: b.row.ID, N: row.Number, State: store.ResultRefused, Number: numberOf(row)}
	if len(bad) == 0 {
		var rec intake.Record
		if rec, bad = intake.Apply(b.mapping, row); len(bad) == 0 {
			_, err := b.importRecord(ctx, b.who, rec, ImportOptions{Say: b.say, note: func(t *store.Tx, ref matter.Ref, there bool) error {
				result.State, result.Ref = store.ResultAccepted, ref
				if there {
					result.State = store.ResultRepeated
				}
				return t.SaveResult(ctx, result)
			}})
			if bad = refusedRow(row, err); err == nil || len(bad) == 0 {
				return err
			}
			result.State, result.Ref = store.ResultRefused, matter.Ref{}
		}
	}
	var err error
	if result.Problems, err = encodeProblems(bad); err != nil {
		return err
	}
	return b.Store.Update(ctx, b.row.Home, func(t *store.Tx) error { return t.SaveResult(ctx, result) })
}

// numberOf is the number that the sender gave a record, shortened: a refused one is found again by it.
func numberOf(row intake.Row) string {
	text := strings.TrimSpace(row.Values["sender_number"])
	if r := []rune(text); len(r) > matter.MaxLine {
		text = string(r[:matter.MaxLine])
	}
	return text
}

// problem is what is wrong with a record as it is kept: its words are found when they are read, in the language of who reads.
type problem struct {
	Field string       `json:"field,omitempty"`
	Code  string       `json:"code"`
	Args  []problemArg `json:"args,omitempty"`
}

type problemArg struct {
	Key    string   `json:"key"`
	Text   string   `json:"text,omitempty"`
	Number *int64   `json:"number,omitempty"`
	Day    *law.Day `json:"day,omitempty"`
}

func encodeProblems(bad []intake.RowError) (string, error) {
	out := make([]problem, len(bad))
	for i, e := range bad {
		out[i] = problem{Field: e.Field, Code: e.Code}
		for _, a := range e.Args {
			kept := problemArg{Key: a.Key}
			switch v := a.Value.(type) {
			case int:
				n := int64(v)
				kept.Number = &n
			case int64:
				kept.Number = &v
			case law.Day:
				kept.Day = &v
			default:
				kept.Text = fmt.Sprint(v)
			}
			out[i].Args = append(out[i].Args, kept)
		}
	}
	text, err := json.Marshal(out)
	return string(text), err
}

func decodeProblems(text string) ([]errs.Field, error) {
	if text == "" {
		return nil, nil
	}
	var kept []problem
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, fmt.Errorf("problems of a record: %w", err)
	}
	out := make([]errs.Field, len(kept))
	for i, p := range kept {
		out[i] = errs.Field{Path: p.Field, Code: p.Code}
		for _, a := range p.Args {
			arg := errs.Arg{Key: a.Key, Value: a.Text}
			switch {
			case a.Number != nil:
				arg.Value = *a.Number
			case a.Day != nil:
				arg.Value = *a.Day
			}
			out[i].Args = append(out[i].Args, arg)
		}
	}
	return out, nil
}

// mayBatch lets machines in that may import, and their administrators look.
func mayBatch(who org.Actor) error {
	if who.Kind != org.ActorMachine || who.Has(org.RoleAdmin) {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	return granted(who, "import")
}

// seesBatch reports whether a batch is there for somebody: the machine's own, and for administrators those of their units.
func (o *Office) seesBatch(who org.Actor, b store.BatchRow) bool {
	if mayBatch(who) == nil {
		return b.Key == who.Key
	}
	return manages(who) == nil && governs(who, o.Chart(), b.Unit)
}

// Batches are the newest batches that somebody may see.
func (o *Office) Batches(ctx context.Context, who org.Actor) ([]Batch, error) {
	key := ""
	if err := mayBatch(who); err == nil {
		key = who.Key
	} else if err := manages(who); err != nil {
		return nil, err
	}
	var out []Batch
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.Batches(ctx, key, batchesShown)
		if err != nil {
			return err
		}
		for _, b := range rows {
			if !o.seesBatch(who, b) {
				continue
			}
			v, err := o.batchView(ctx, t, b)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

// Batch is one batch; that of another machine is not there.
func (o *Office) Batch(ctx context.Context, who org.Actor, home, id int64) (v Batch, err error) {
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		b, err := o.reachBatch(ctx, t, who, home, id)
		if err != nil {
			return err
		}
		v, err = o.batchView(ctx, t, b)
		return err
	})
	return v, err
}

func (o *Office) reachBatch(ctx context.Context, t *store.Tx, who org.Actor, home, id int64) (store.BatchRow, error) {
	b, err := t.Batch(ctx, home, id)
	if errs.KindOf(err) == errs.NotFound || err == nil && !o.seesBatch(who, b) {
		return store.BatchRow{}, errs.E(errs.NotFound, "import.not_found")
	}
	return b, err
}

func (o *Office) batchView(ctx context.Context, t *store.Tx, b store.BatchRow) (Batch, error) {
	v := Batch{Home: b.Home, ID: b.ID, Key: b.Key, Unit: b.Unit, Records: b.Records, MadeUS: b.MadeUS, EndedUS: b.EndedUS}
	counts, err := t.ResultCounts(ctx, b.Home, b.ID)
	if err != nil {
		return v, err
	}
	for _, c := range counts {
		switch c.State {
		case store.ResultAccepted:
			v.Accepted = c.N
		case store.ResultRepeated:
			v.Repeated = c.N
		case store.ResultRefused:
			v.Refused = c.N
		}
	}
	if b.EndedUS == 0 && b.Job != 0 {
		j, err := t.Job(ctx, b.Home, b.Job)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return v, err
		}
		v.Failed = err != nil || !o.jobView(j).Open()
	}
	return v, nil
}

// Results is what became of the records of a batch after a line, in their order, at most limit; of one state where it is given.
func (o *Office) Results(ctx context.Context, who org.Actor, home, id int64, state string, after, limit int) ([]Result, error) {
	if state != "" && !slices.Contains(ResultStates(), state) {
		return nil, errs.Fields([]errs.Field{errs.F("state", "field.choice")})
	}
	out := []Result{}
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		if _, err := o.reachBatch(ctx, t, who, home, id); err != nil {
			return err
		}
		rows, err := t.Results(ctx, home, id, store.ResultState(state), after, min(limit, MaxResults))
		if err != nil {
			return err
		}
		for _, r := range rows {
			problems, err := decodeProblems(r.Problems)
			if err != nil {
				return err
			}
			out = append(out, Result{N: r.N, State: string(r.State), Number: r.Number, Ref: r.Ref, Problems: problems})
		}
		return nil
	})
	return out, err
}
