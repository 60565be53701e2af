package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"runtime/pprof"
	"sort"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// LoadConfig says what is to be loaded, and where to.
type LoadConfig struct {
	Matters  int
	Data     string    // data folder of the office; set up when it is empty
	Database string    // address of a PostgreSQL database; empty: in the data folder
	Profile  io.Writer // takes the CPU profile; may be nil
	Now      func() time.Time
	Progress func(doing string, n int)
}

// LoadReport is what was loaded.
type LoadReport struct {
	Matters int        `json:"matters"`        // that are there now
	Loaded  int        `json:"loaded"`         // written now; the others lay there
	Lives   LoadPart   `json:"lives"`          // of writing them
	Beside  []LoadPart `json:"beside"`         // of what else runs beside the desk, in order
	Bytes   float64    `json:"database_bytes"` // for each matter, of everything in the database
}

// LoadPart is a part of the work, for each matter that was loaded.
type LoadPart struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"` // in all
	CPUMS   float64 `json:"cpu_ms"`  // of this process
}

// loadBatch is how many lives share a transaction.
const loadBatch = 500

// Load fills an office with whole lives of generated matters, each step of which is decided and recorded as it would have been at the desk, and brings what runs
// beside the desk to its end: the log, the index, the sums. Broken off, it goes on where it was. The office is then one as any other: it can be
// served, verified, rebuilt, copied.
func Load(ctx context.Context, c LoadConfig) (r LoadReport, err error) {
	if c.Profile != nil {
		if err := pprof.StartCPUProfile(c.Profile); err != nil {
			return r, fmt.Errorf("profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	c.Progress("open", 0)
	s, err := openStockIn(ctx, app.Config{Data: c.Data, Database: c.Database, Listen: "127.0.0.1:0"}, c.Matters, c.Now)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.app.Close()) }()
	from, err := s.loaded(ctx)
	if err != nil {
		return r, err
	}
	c.Progress("load", c.Matters-from)
	r.Matters, r.Loaded = c.Matters, c.Matters-from
	part := func(name string, do func() error) error {
		w := watch{now: c.Now}
		w.begin()
		if err := do(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		passed, cpu := w.lap()
		p := LoadPart{Name: name, Seconds: passed / 1000, CPUMS: cpu / float64(max(r.Loaded, 1))}
		if name == "lives" {
			r.Lives = p
		} else {
			r.Beside = append(r.Beside, p)
		}
		return nil
	}
	if err := part("lives", func() error { return s.replay(ctx, from, c.Progress) }); err != nil {
		return r, err
	}
	o := s.app.Office
	for _, b := range []struct {
		name string
		do   func(context.Context) (int, error)
	}{
		{"sequence", o.Sequence},
		{"index", o.Index},
		{"fold", func(ctx context.Context) (int, error) { return o.FoldIn(ctx, 4*loadBatch) }},
		{"merge", func(ctx context.Context) (int, error) { return 0, s.merge(ctx) }},
		{"remind", func(ctx context.Context) (int, error) { return 0, told(ctx, o) }},
	} {
		c.Progress(b.name, c.Matters)
		if err := part(b.name, func() error {
			for n := 1; n > 0; {
				if n, err = b.do(ctx); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return r, err
		}
	}
	err = s.app.Store.Read(ctx, func(t *store.Tx) error {
		bytes, err := t.Whole(ctx)
		r.Bytes = float64(bytes) / float64(c.Matters)
		return err
	})
	return r, err
}

// told tells of all clocks what is to be told by now, as a server does that runs every day: otherwise the first one over a loaded office
// would do it all beside what is measured.
func told(ctx context.Context, o *usecase.Office) error {
	_, err := o.RemindNightly(ctx)
	return err
}

// loaded is how many of the matters are there.
func (s *stock) loaded(ctx context.Context) (from int, err error) {
	has := func(n int) (found bool, err error) {
		err = s.app.Store.Read(ctx, func(t *store.Tx) error {
			_, err := t.Version(ctx, s.ref(n))
			return err
		})
		if errs.KindOf(err) == errs.NotFound {
			return false, nil
		}
		return err == nil, err
	}
	return sort.Search(s.matters, func(n int) bool {
		found, e := has(n)
		err = errors.Join(err, e)
		return !found
	}), err
}

// replay writes the lives of the matters from the n-th on.
func (s *stock) replay(ctx context.Context, from int, progress func(string, int)) error {
	tellers, err := petitions()
	if err != nil {
		return err
	}
	for at := from; at < s.matters; at += loadBatch {
		batch := make([]usecase.Past, min(loadBatch, s.matters-at))
		for i := range batch {
			batch[i] = s.past(at+i, tellers[(at+i)%len(tellers)])
		}
		refs, err := s.app.Office.Replay(ctx, org.System(), county, batch)
		if err != nil {
			return fmt.Errorf("lives from %d: %w", at, err)
		}
		if refs[0] != s.ref(at) {
			return fmt.Errorf("matter %d is %s and not %s: the office holds others", at, refs[0], s.ref(at))
		}
		if done := at + len(batch); done*20/s.matters > at*20/s.matters {
			progress("loaded", done)
		}
	}
	return nil
}

// The hours of a working day in which things happen.
const (
	officeOpens = 9 * hourSeconds
	officeLasts = 8 * hourSeconds
)

// past is the whole life of the n-th matter up to the end of the generated years: registered, screened, sent on, signed for, accepted, answered, served, eased, completed, rated. Some
// stop on the way, some are withdrawn.
func (s *stock) past(n int, p petition) usecase.Past {
	l, _, _ := s.letters.nth(stockSeed, uint64(n)) //nolint:gosec // counted from 0
	in := s.intake(l)
	in.ReceivedUS = s.second(n) * time.Second.Microseconds()
	if len(in.Demands) == 0 {
		in.Demands = []string{l.Title}
	}
	in.Petitioners = []matter.Petitioner{{Name: p.Name, IDNumber: idNumber(n), Phone: fmt.Sprintf("138%08d", n%100_000_000), Address: p.Address}}
	return usecase.Past{By: s.clerk, Intake: in, Steps: func(ref matter.Ref) []usecase.PastStep {
		chance := rand.New(rand.NewPCG(stockSeed, ^uint64(n))) //nolint:gosec // what becomes of invented letters
		return s.steps(ref, in, l, p, chance)
	}}
}

// steps are what became of it.
func (s *stock) steps(ref matter.Ref, in matter.Intake, l letter, p petition, chance *rand.Rand) []usecase.PastStep {
	percent := func(share int) bool { return chance.IntN(100) < share }
	var out []usecase.PastStep
	at, over := in.ReceivedUS, false
	end := stockEnd().StartUS()
	then := func(least, most int, who org.Actor, c matter.Command) bool {
		if over {
			return false
		}
		at += time.Hour.Microseconds()/4 + int64(chance.IntN(hourSeconds))*time.Second.Microseconds()
		if days := least + chance.IntN(most-least+1); days > 0 {
			at = law.DayOf(at).Add(days).StartUS() + int64(officeOpens+chance.IntN(officeLasts))*time.Second.Microseconds()
		}
		if over = at >= end; !over {
			out = append(out, usecase.PastStep{AtUS: at, By: who, Command: c})
		}
		return !over
	}
	unit := s.holder(l, chance)
	staff := func(role org.Role) org.Actor {
		return org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: role, Unit: unit, Scope: unit}}
	}
	handler, person := staff(org.RoleHandler), org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}
	// Of what came long ago little is open, and ever less of what is older.
	stuck := percent(100-openShare) || chance.Float64() < stuckShare/100.0*math.Exp(-float64(int(stockEnd())-int(law.DayOf(in.ReceivedUS)))/stuckFor)
	stopAt := -1
	if stuck {
		stopAt = chance.IntN(6)
	}
	then(0, screenDays, s.clerk, &matter.Screen{Kind: matter.KindAppeal, Category: s.letters.Topics[l.topic].Category, Level: matter.LevelOrdinary, Note: p.Note})
	then(0, forwardDays, s.clerk, &matter.Forward{Unit: unit, Mode: matter.ModeTransfer, Why: p.Why})
	if percent(withdrawnShare) {
		then(1, signDays, person, &matter.Withdraw{})
		return out
	}
	for i, c := range []struct {
		least, most int
		who         org.Actor
		command     matter.Command
	}{
		{0, signDays, handler, &matter.Sign{}},
		{0, acceptDays, handler, &matter.Accept{}},
		{leastDraft, mostDraft, handler, &matter.Drafting{Facts: p.Facts, Basis: p.Basis, Answers: s.answers(in, p, chance)}},
		{0, issueDays, staff(org.RoleHead), &matter.Issue{}},
	} {
		if i == stopAt {
			return out
		}
		then(c.least, c.most, c.who, c.command)
	}
	if then(0, serveDays, handler, nil) { // its day is known now
		out[len(out)-1].Command = &matter.Serve{Submission: ref, Method: matter.ServedOnline, On: law.DayOf(at)}
	}
	if stopAt == 4 {
		return out
	}
	then(0, 0, handler, &matter.Ease{Solved: p.Solved, Explained: p.Explained})
	then(0, completeDays, handler, &matter.Complete{})
	grade := func() matter.Grade {
		if percent(contentShare) {
			return matter.GradeSatisfied
		}
		return matter.GradeDissatisfied
	}
	if percent(ratedShare) {
		then(1, rateDays, person, &matter.Rate{Receiving: grade(), Handling: grade(), Words: l.Title})
	}
	if percent(confirmedShare) {
		then(1, confirmDays, person, &matter.Confirm{Resolved: percent(contentShare)})
	}
	return out
}

// holder is the unit to which a letter goes: a department by its topic, the town, the village.
func (s *stock) holder(l letter, chance *rand.Rand) org.UnitID {
	place := l.place
	if place == 0 {
		place = s.letters.villages[0].code
	}
	switch who := chance.IntN(100); {
	case who < departmentShare:
		return s.units[l.topic*7%len(s.units)].ID
	case who < departmentShare+townShare:
		return s.local[gazetteer.ParentCode(place)].ID
	default:
		return s.local[place].ID
	}
}

// answers answer each demand.
func (s *stock) answers(in matter.Intake, p petition, chance *rand.Rand) []matter.Answer {
	out := make([]matter.Answer, len(in.Demands))
	for i := range out {
		from := p.Answers[chance.IntN(len(p.Answers))]
		out[i] = matter.Answer{Demand: i + 1, Outcome: matter.Outcome(from.Outcome), Facts: from.Facts, Basis: from.Basis}
	}
	return out
}
