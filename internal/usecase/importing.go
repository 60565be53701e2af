package usecase

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/intake"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// ImportOptions say how a file is taken in.
type ImportOptions struct {
	Place  int64      // division code for rows that give none: the receiving unit is looked for there
	DryRun bool       // check everything, write nothing
	Say    intake.Say // the few words that the procedure asks for and no source gives, in the language of the records
	// Done is told, in the order of the file, how many rows have been dealt with for good since the call began. May be nil.
	Done func(rows int) error
	// note writes down what became of a record, in the transaction that takes it in. May be nil.
	note func(t *store.Tx, ref matter.Ref, there bool) error
}

// importAhead is how many rows are worked on at once. They share their commits, so that the flush to the disk is paid once for many.
const importAhead = 64

// Import takes the rows of a file in through the same door as every other submission. Each row is registered on the day its sender
// received it. Where the row brings the answer too, the whole life of the matter follows: taken and accepted on that day, answered, served
// and completed on the day of the answer. What the source does not say is said to be so in the record and never made up.
//
// A row is taken in whole or not at all. The same number of the same sender is never taken in twice, so an import that broke off is simply
// begun again. Rows that are refused are told to the report, with the reason, and the others go on; the error is of the file, the store or
// ctx. The operator imports, as the system.
func (o *Office) Import(ctx context.Context, who org.Actor, rows *intake.Rows, m intake.Mapping, report *intake.Report, opt ImportOptions) error {
	if who.Kind != org.ActorSystem {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	if err := m.Check(rows.Columns()); err != nil {
		return err
	}
	if !opt.DryRun {
		if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
			return o.noteChange(ctx, t, who, changeImport, 0, nil, importNote{File: report.File, Mapping: m.Name, Place: opt.Place})
		}); err != nil {
			return err
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	results := make(chan chan imported, importAhead)
	go o.importRows(ctx, who, rows, m, opt, results)
	var failed error
	done := 0
	for slot := range results {
		r := <-slot
		if failed != nil {
			continue // let what is under way finish; nobody is told of it, and the next run finds it
		}
		if failed = r.tell(report); failed == nil {
			done++
			if opt.Done != nil {
				failed = opt.Done(done)
			}
		}
		if failed != nil {
			stop()
		}
	}
	if failed == nil {
		failed = ctx.Err() // stopped between two rows
	}
	return failed
}

// changeImport is the kind of change under which an import is recorded: its events carry the days of the source, this the day it was done.
const changeImport = "import"

// importNote is an import in the record of changes.
type importNote struct {
	File    string `json:"file"`
	Mapping string `json:"mapping"`
	Place   int64  `json:"place,omitempty"`
}

// imported is what became of one row.
type imported struct {
	bad   []intake.RowError
	there bool // taken in before
	err   error
}

func (r imported) tell(report *intake.Report) error {
	switch {
	case r.err != nil:
		return r.err
	case len(r.bad) > 0:
		return report.Refuse(r.bad)
	case r.there:
		report.AlreadyThere()
	default:
		report.Accept()
	}
	return nil
}

// importRows reads the file and works on the rows ahead of the answers, which stay in the order of the file.
func (o *Office) importRows(ctx context.Context, who org.Actor, rows *intake.Rows, m intake.Mapping, opt ImportOptions, results chan<- chan imported) {
	defer close(results)
	for {
		row, bad, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		slot := make(chan imported, 1)
		select {
		case results <- slot:
		case <-ctx.Done():
			return
		}
		if err != nil || len(bad) > 0 {
			slot <- imported{bad: bad, err: err}
			if err != nil {
				return
			}
			continue
		}
		go func() { slot <- o.importRow(ctx, who, row, m, opt) }()
	}
}

func (o *Office) importRow(ctx context.Context, who org.Actor, row intake.Row, m intake.Mapping, opt ImportOptions) imported {
	rec, bad := intake.Apply(m, row)
	if len(bad) > 0 {
		return imported{bad: bad}
	}
	there, err := o.importRecord(ctx, who, rec, opt)
	if bad := refusedRow(row, err); len(bad) > 0 {
		return imported{bad: bad}
	}
	return imported{there: there, err: err}
}

// refusedRow tells what is wrong with the row itself; nil for an error that is not the row's.
func refusedRow(row intake.Row, err error) []intake.RowError {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || (e.Kind != errs.Invalid && e.Kind != errs.Refused) {
		return nil
	}
	at := intake.RowError{File: row.File, Row: row.Number, Code: e.Code, Args: e.Args}
	if len(e.Fields) == 0 {
		return []intake.RowError{at}
	}
	out := make([]intake.RowError, len(e.Fields))
	for i, f := range e.Fields {
		out[i] = at
		out[i].Field, out[i].Code, out[i].Args = importField(f.Path), f.Code, f.Args
	}
	return out
}

// importField gives the name that a field of an intake has in mappings; empty for what no mapping fills.
func importField(path string) string {
	head, rest, _ := strings.Cut(path, ".")
	switch head {
	case "petitioners":
		if _, name, ok := strings.Cut(rest, "."); ok && name != "role" {
			return "petitioner_" + strings.TrimSuffix(name, "_number")
		}
		return "person_count"
	case "persons":
		return "person_count"
	case "place":
		return "place_code"
	case "place_note":
		return "place_text"
	case "kind":
		return "purpose"
	case "category":
		return "category_code"
	}
	if slices.Contains(intake.Targets(), head) {
		return head
	}
	return ""
}

// importRecord checks one record as Register does and writes it with all that its source knows, in one transaction. It reports whether the
// record was there before.
func (o *Office) importRecord(ctx context.Context, who org.Actor, rec intake.Record, opt ImportOptions) (there bool, err error) {
	today := o.Today()
	in, fields := o.intakeOf(rec, opt)
	if who.Key != "" {
		in.Sender = keysSender(who, in.Sender)
	}
	in = in.Clean()
	unit, bad := o.CheckIntake(who, in)
	if err := errs.Fields(slices.Concat(fields, bad, checkAnswer(rec, today))); err != nil {
		return false, err
	}
	home := HomeOf(unit.Place)
	if opt.DryRun {
		err := o.Store.Read(ctx, func(t *store.Tx) error {
			_, there, err = t.SubmissionBySender(ctx, home, in.Sender, in.SenderNumber)
			return err
		})
		return there, err
	}
	then := o.at(in.ReceivedUS)
	err = untilFree(func() error {
		code, pin, err := o.newAccess(home)
		if err != nil {
			return err
		}
		return o.Store.Update(ctx, home, func(t *store.Tx) error {
			var was store.SubmissionRow
			if was, there, err = t.SubmissionBySender(ctx, home, in.Sender, in.SenderNumber); err != nil || there {
				if err == nil && opt.note != nil {
					err = opt.note(t, was.Ref, true)
				}
				return err
			}
			r, err := then.register(ctx, t, who, in, unit, code, pin)
			if err == nil && opt.note != nil {
				err = opt.note(t, r.Ref, false)
			}
			if err != nil || rec.ReplyText == "" || rec.RepliedUS == 0 {
				return err
			}
			return o.live(ctx, t, who, r.Ref, in, rec, opt.Say)
		})
	})
	return there, err
}

// at returns the office as it would be at an instant: the same organisation, calendar and law, another clock.
func (o *Office) at(us int64) *Office {
	then := &Office{Config: o.Config, procedure: o.procedure, papers: o.papers, weights: o.weights, replies: o.replies, hot: o.hot, printer: o.printer, recent: o.recent}
	then.Now = func() int64 { return us }
	then.chart.Store(o.Chart())
	then.calendar.Store(o.Calendar())
	then.adopted.Store(o.adopted.Load())
	then.settings.Store(o.settings.Load())
	then.templates.Store(o.templates.Load())
	then.routes.Store(o.routes.Load())
	then.notices.Store(o.notices.Load())
	then.webhooks.Store(&[]store.WebhookRow{}) // what an import brings of the past is no news
	then.thresholds.Store(o.thresholds.Load())
	return then
}

// intakeOf puts a record into the form that every door fills. Nothing is lost: what has no place of its own stays among the extras.
func (o *Office) intakeOf(rec intake.Record, opt ImportOptions) (matter.Intake, []errs.Field) {
	var bad []errs.Field
	in := matter.Intake{
		Channel: matter.Channel(rec.Channel), ReceivedUS: rec.ReceivedUS, Title: rec.Title, Narrative: rec.Narrative, Demands: rec.Demands,
		Place: opt.Place, PlaceNote: rec.PlaceText, Persons: rec.PersonCount, Kind: kindOf(rec.Purpose), Purpose: matter.Purpose(rec.Purpose),
		Category: rec.CategoryCode, Sender: rec.Sender, SenderNumber: rec.SenderNumber,
	}
	if rec.PlaceCode != "" {
		code, err := strconv.ParseInt(rec.PlaceCode, 10, 64)
		if err != nil {
			bad = append(bad, errs.F("place", "intake.place_unknown"))
		} else {
			in.Place = code
		}
	}
	if _, known := o.Places.Current().Row(rec.CategoryCode); rec.CategoryCode != "" && !known {
		bad = append(bad, errs.F("category", "import.category", "code", rec.CategoryCode))
	}
	p := matter.Petitioner{
		Role: matter.PartyPetitioner, Name: cmp.Or(rec.PetitionerName, rec.PetitionerAlias), IDNumber: rec.PetitionerID, Phone: rec.PetitionerPhone,
		Address: rec.PetitionerAddress,
	}
	if rec.PetitionerName != "" && rec.PetitionerAlias != "" {
		p.Name += " / " + rec.PetitionerAlias
	}
	if in.Persons >= matter.GroupFrom {
		p.Role = matter.PartyRepresentative // the one whom the list of a group names is who speaks for it
	}
	if !p.Empty() {
		in.Petitioners = []matter.Petitioner{p}
	}
	extra := maps.Clone(rec.Extra)
	if extra == nil {
		extra = map[string]string{}
	}
	extra["category_text"], extra["unit_text"] = rec.CategoryText, rec.UnitText
	if rec.RepliedUS == 0 {
		extra["reply_text"] = rec.ReplyText // an answer without a day is no step of the procedure
	}
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if extra[name] != "" {
			in.Extra = append(in.Extra, matter.Extra{Name: name, Value: extra[name]})
		}
	}
	return in, bad
}

// kindOf is the kind under which the declared purpose is handled until somebody screens it.
func kindOf(purpose string) matter.Kind {
	switch matter.Purpose(purpose) {
	case matter.PurposeEnquiry:
		return matter.KindEnquiry
	case matter.PurposeSuggestion:
		return matter.KindSuggestion
	case matter.PurposeAccusation:
		return matter.KindAccusation
	case matter.PurposeAppeal, matter.PurposeSettlement, matter.PurposeOther:
	}
	return matter.KindAppeal
}

// checkAnswer checks what the source answered.
func checkAnswer(rec intake.Record, today law.Day) []errs.Field {
	var out []errs.Field
	if n := utf8.RuneCountInString(rec.ReplyText); n > matter.MaxText {
		out = append(out, errs.F("reply_text", "field.long", "max", matter.MaxText, "n", n))
	}
	if rec.RepliedUS != 0 && law.DayOf(rec.RepliedUS) > today {
		out = append(out, errs.F("replied", "day.not_yet", "today", today))
	}
	return out
}

// live takes a registered matter through its life as its source knows it, each step decided by the same rules as at the desk. No official documents
// go with them: what this office did not issue has none of its own.
func (o *Office) live(ctx context.Context, t *store.Tx, who org.Actor, ref matter.Ref, in matter.Intake, rec intake.Record, say intake.Say) error {
	h, err := o.load(ctx, t, ref, in.Kind == matter.KindAccusation)
	if err != nil {
		return err
	}
	events, err := takeSteps(ctx, t, h, o.lifeOf(h.matter, who, in, rec, say), (*Office).decideImported)
	if err != nil {
		return err
	}
	_, err = o.record(ctx, t, h, events)
	return err
}

func (o *Office) decideImported(ctx context.Context, t *store.Tx, now history, s step) ([]matter.Event, error) {
	e := o.env(now.matter, s.who, now.rules)
	if err := errs.Fields(s.command.Check()); err != nil {
		return nil, err
	}
	if err := numberImported(ctx, t, now.matter, e, s.command); err != nil {
		return nil, err
	}
	return now.matter.Decide(s.command, e)
}

// numberImported gives an answer that another system has given a number to know it by. It is no document of this office, so that it counts in a
// series of its own.
func numberImported(ctx context.Context, t *store.Tx, m *matter.Matter, e matter.Env, c matter.Command) error {
	var number *string
	switch c := c.(type) {
	case *matter.Issue:
		number = &c.Document
	case *matter.Reply:
		number = &c.Document
	default:
		return nil
	}
	year, _, _ := e.Today.Date()
	n, err := t.NextSerial(ctx, m.Ref.Home, fmt.Sprintf("reply/%d/%d", m.Holder(), year))
	*number = fmt.Sprintf("%d-%d", year, n)
	return err
}

// lifeOf gives the steps that a message and its answer stand for. The source knows two days. The day of receipt is taken for the day of
// acceptance, which is the earliest there can be: the handling period is never made shorter than the law's. The day of the answer is the
// day of service, since the answer was published where the petitioner asked. An enquiry or a suggestion is answered without acceptance.
func (o *Office) lifeOf(m *matter.Matter, who org.Actor, in matter.Intake, rec intake.Record, say intake.Say) []step {
	received := o.at(in.ReceivedUS)
	replied, on := received, in.ReceivedUS
	if rec.RepliedUS > on { // an answer whose day has no time counts from midnight
		replied, on = o.at(rec.RepliedUS), rec.RepliedUS
	}
	words := func(code string) string {
		return say(code, []errs.Arg{{Key: "sender", Value: rec.Sender}})
	}
	basis := words("import.basis")
	answers := make([]matter.Answer, len(m.Demands))
	for i, d := range m.Demands {
		answers[i] = matter.Answer{Demand: d.N, Outcome: matter.OutcomeExplain, Facts: words("import.same"), Basis: basis}
	}
	answers[0].Facts = rec.ReplyText
	out := []step{
		{received, who, &matter.Screen{Kind: in.Kind, Category: in.Category, Purpose: in.Purpose, Level: matter.LevelOrdinary, Note: words("import.note")}},
		{received, who, &matter.Take{}},
	}
	facts := words("import.facts")
	if in.Kind == matter.KindEnquiry || in.Kind == matter.KindSuggestion {
		out = append(out, step{replied, who, &matter.Reply{Facts: facts, Basis: basis, Answers: answers}})
	} else {
		out = append(out, step{received, who, &matter.Accept{}},
			step{replied, who, &matter.Drafting{Facts: facts, Basis: basis, Answers: answers}}, step{replied, who, &matter.Issue{}})
	}
	return append(out,
		step{replied, who, &matter.Serve{Submission: m.First, Method: matter.ServedOnline, On: law.DayOf(on), Proof: words("import.served")}},
		step{replied, who, &matter.Ease{Explained: words("import.eased")}},
		step{replied, who, &matter.Complete{Report: words("import.completed")}},
	)
}
