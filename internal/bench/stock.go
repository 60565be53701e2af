package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// What is generated is the same each time: its seed, and the three years that it lies in.
const (
	stockSeed   = 20260713
	stockYears  = 3
	daySeconds  = 24 * 60 * 60
	hourSeconds = 60 * 60
	stockBatch  = 5000 // matters in a transaction
)

// stockEnd is the day after the last of those years, which is today wherever generated matters are measured.
func stockEnd() law.Day { return law.NewDay(2026, time.July, 13) }

// stock is an office full of generated matters.
type stock struct {
	now     func() time.Time // of the machine
	app     *app.App
	letters *letters
	clerk   org.Actor
	bureau  org.Unit
	units   []org.Unit         // departments
	local   map[int64]org.Unit // governments of towns and committees of villages, by place
	rules   string
	matters int   // that it is to hold
	lives   bool  // with what figures are made of, and without what they are found by
	begin   int64 // second of the first one
	span    int64 // seconds over which they come
}

// openStock opens the office of a folder, and sets it up if there is none. Its clock begins when all is registered; what sets it up does so before the first one.
func openStock(ctx context.Context, dir string, matters int, now func() time.Time) (s *stock, err error) {
	return openStockIn(ctx, app.Config{Data: filepath.Join(dir, "data"), Listen: "127.0.0.1:0"}, matters, now)
}

// openStockIn is openStock for an office that lies anywhere.
func openStockIn(ctx context.Context, c app.Config, matters int, now func() time.Time) (s *stock, err error) {
	first, clock := stockEnd().Add(-stockYears*365), stockClock(now)
	back := (stockYears*365 + 1) * 24 * time.Hour // it has to be there before the first matter comes
	c.Now = func() time.Time { return clock().Add(-back) }
	a, err := app.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	s = &stock{now: now, app: a, matters: matters, local: map[int64]org.Unit{}, begin: first.StartUS() / time.Second.Microseconds(), span: stockYears * 365 * daySeconds}
	if a.Office.Chart().Len() == 0 {
		_, err = openDesk(ctx, a)
	}
	back = 0
	if err == nil {
		err = s.look()
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return s, nil
}

// stockClock begins at noon of the day on which generated matters are measured.
func stockClock(now func() time.Time) func() time.Time {
	start, end := now(), time.UnixMicro(stockEnd().StartUS()+12*time.Hour.Microseconds())
	return func() time.Time { return end.Add(now().Sub(start)) }
}

// onMessages has an office of its own, in a folder that is removed afterwards, to which the messages of a file may be written.
func onMessages(ctx context.Context, path string, now func() time.Time, progress func(string, int), do func(s *stock, list []letter) error) (err error) {
	dir, err := os.MkdirTemp("", "huiyin-bench-")
	if err != nil {
		return fmt.Errorf("bench folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	progress("open", 0)
	list, err := readLetters(path)
	if err != nil {
		return err
	}
	s, err := openStock(ctx, dir, len(list), now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.app.Close()) }()
	return do(s, list)
}

// look finds out who is there.
func (s *stock) look() error {
	o := s.app.Office
	var root org.Unit
	o.Chart().First(func(u org.Unit) bool {
		switch u.Kind {
		case org.KindRoot:
			if u.Parent == 0 {
				root = u
			}
		case org.KindBureau:
			s.bureau = u
		case org.KindDepartment:
			s.units = append(s.units, u)
		case org.KindTown, org.KindVillage:
			s.local[u.Place] = u
		case org.KindCourt, org.KindDiscipline, org.KindCentre:
		}
		return false
	})
	s.clerk = org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleRegistrar, Unit: s.bureau.ID, Scope: root.ID}}
	set, err := o.Law(strconv.Itoa(county), stockEnd())
	if err != nil {
		return err
	}
	s.rules = set.ID()
	towns, err := o.Places.Children(county)
	if err != nil {
		return err
	}
	var list []village
	for _, t := range towns {
		villages, err := o.Places.Children(t.Code)
		if err != nil {
			return err
		}
		for _, v := range villages {
			list = append(list, village{v.Code, t.Name, v.Name})
		}
	}
	s.letters, err = loadLetters(shuffled(stockSeed, list))
	return err
}

// today has all of them come within the last hour, as messages of one window.
func (s *stock) today() {
	s.begin, s.span = stockEnd().StartUS()/time.Second.Microseconds(), hourSeconds
}

// second is when the n-th matter, from 0, was registered: they come evenly over the years.
func (s *stock) second(n int) int64 {
	return s.begin + int64(n)*s.span/int64(max(s.matters, 1))
}

// ref is the number of the n-th matter: each year is counted from one.
func (s *stock) ref(n int) matter.Ref {
	year, _, _ := law.DayOf(s.second(n) * time.Second.Microseconds()).Date()
	first := law.NewDay(year, time.January, 1).StartUS() / time.Second.Microseconds()
	before := sort.Search(n, func(i int) bool { return s.second(i) >= first })
	return matter.NewRef(county, year, int64(n-before)+1)
}

// at is which matter has a number, from 0.
func (s *stock) at(ref matter.Ref) int {
	return sort.Search(s.matters, func(n int) bool { return s.ref(n).N >= ref.N })
}

// intake is a letter as it is registered. One that was not generated is about any place.
func (s *stock) intake(l letter) matter.Intake {
	in := matter.Intake{Channel: matter.ChannelWeb, Title: l.Title, Narrative: l.Text, Demands: []string{}, Place: l.place, Persons: 1, Kind: matter.KindAppeal}
	if in.Place == 0 {
		in.Place = s.letters.villages[0].code
	}
	if l.Demand != "" {
		in.Demands = append(in.Demands, l.Demand)
	}
	return in
}

// put writes what registering leaves behind that is read when matters are looked for: the event, the row, who sees it, its words, its sketch.
func (s *stock) put(ctx context.Context, t *store.Tx, n int, l letter) error {
	in, ref, us := s.intake(l), s.ref(n), s.second(n)*time.Second.Microseconds()
	who := matter.Env{Actor: s.clerk, NowUS: us, Today: law.DayOf(us)}
	e := matter.Register(in, matter.Receipt{Ref: ref, Unit: s.bureau, RuleSet: s.rules}, who)[0]
	body, err := matter.Encode(e.Body, nil)
	if err != nil {
		return err
	}
	if err := t.AppendEvent(ctx, ref, store.EventRow{Seq: 1, AtUS: us, Day: e.Day, Kind: matter.KindOf(e.Body), Actor: []byte("{}"), Body: body, Link: []byte{0}}); err != nil {
		return err
	}
	row := matter.Fold([]matter.Event{e}).Row(nil, us)
	if l.place != 0 && l.ID == "" { // generated
		s.age(&row, l, n)
	}
	if s.lives {
		if row, err = s.live(ctx, t, s.life(e, in, n)); err != nil {
			return err
		}
	} else if err := t.SaveMatter(ctx, row); err != nil {
		return err
	}
	units := []org.UnitID{s.bureau.ID}
	if row.Unit != s.bureau.ID {
		units = append(units, row.Unit)
	}
	if err := t.AddUnits(ctx, ref, units); err != nil {
		return err
	}
	if s.lives {
		return nil
	}
	return s.index(ctx, t, ref, in)
}

// index writes the words of a matter and its sketch.
func (s *stock) index(ctx context.Context, t *store.Tx, ref matter.Ref, in matter.Intake) error {
	text := usecase.Said(in.Title, in.Narrative, in.Demands)
	if err := t.SketchMatter(ctx, ref, s.app.Office.SaidKeys(text)); err != nil {
		return err
	}
	return t.IndexMatter(ref, text)
}

// How matters go on, in days and hundredths. Eight in a hundred are open: nearly all of the newest, and of the older ones a few that are late.
const (
	registeredDays, forwardedDays, signedDays = 2, 6, 12
	shortDays, longDays, longShare            = 60, 90, 30
	openDays, openShare, stuckShare, stuckFor = 75, 96, 25, 60
	departmentShare, townShare                = 60, 25 // have the matter; the others are the village's
	withdrawnShare                            = 3
)

// age makes of a fresh matter what has become of it: its category, who has it, how far it is, when it is due.
func (s *stock) age(row *matter.Row, l letter, n int) {
	chance := rand.New(rand.NewPCG(stockSeed, ^uint64(n))) //nolint:gosec // what becomes of invented letters
	row.Category = s.letters.Topics[l.topic].Category
	days := int(stockEnd() - row.Received)
	open := chance.IntN(100) < openShare
	if days > openDays {
		open = chance.Float64() < stuckShare/100.0*math.Exp(-float64(days-openDays)/stuckFor)
	}
	who, limit := chance.IntN(100), shortDays
	if chance.IntN(100) < longShare {
		limit = longDays
	}
	if days > registeredDays || !open {
		switch town := gazetteer.ParentCode(l.place); {
		case who < departmentShare:
			row.Unit = s.units[l.topic*7%len(s.units)].ID
		case who < departmentShare+townShare:
			row.Unit = s.local[town].ID
		default:
			row.Unit = s.local[l.place].ID
		}
	}
	row.Due, row.DueSafe = row.Received.Add(limit), row.Received.Add(limit)
	switch {
	case !open && who%10 == 0 && chance.IntN(100) < 10*withdrawnShare:
		row.State = matter.StateWithdrawn
	case !open:
		row.State = matter.StateCompleted
	case days > signedDays:
		row.State = []matter.State{matter.StateAccepted, matter.StateInvestigating, matter.StateDrafted, matter.StateIssued}[who%4]
	case days > forwardedDays:
		row.State = matter.StateSigned
	case days > registeredDays:
		row.State = matter.StateForwarded
	}
	if !open {
		row.Open, row.Due, row.DueSafe, row.Ended = false, law.NoDay, law.NoDay, row.Received.Add(min(limit, days))
	}
}

// write writes the letters of a file, which it then holds.
func (s *stock) write(ctx context.Context, list []letter) error {
	const shared = 500
	for from := 0; from < len(list); from += shared {
		if err := s.app.Store.Update(ctx, county, func(t *store.Tx) error {
			for n := from; n < min(from+shared, len(list)); n++ {
				if err := s.put(ctx, t, n, list[n]); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return fmt.Errorf("letters from %d: %w", from, err)
		}
	}
	return nil
}

// load writes what is missing of the matters. A folder that holds others is refused.
func (s *stock) load(ctx context.Context, progress func(done int)) (loaded int, err error) {
	from, err := s.loaded(ctx)
	if err != nil {
		return 0, err
	}
	for at := from; at < s.matters; at += stockBatch {
		if err := s.app.Store.Update(ctx, county, func(t *store.Tx) error {
			for n := at; n < min(at+stockBatch, s.matters); n++ {
				l, _, _ := s.letters.nth(stockSeed, uint64(n)) //nolint:gosec // counted from 0
				if err := s.put(ctx, t, n, l); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return 0, fmt.Errorf("matters from %d: %w", at, err)
		}
		progress(min(at+stockBatch, s.matters))
	}
	return s.matters - from, s.merge(ctx)
}

// merge brings the search indexes together, as the sweep does beside the desk.
func (s *stock) merge(ctx context.Context) error {
	for more := true; more; {
		if err := s.app.Store.Update(ctx, 0, func(t *store.Tx) (err error) {
			more, err = t.MergeIndex(ctx)
			return err
		}); err != nil {
			return fmt.Errorf("bring the indexes together: %w", err)
		}
	}
	return nil
}

// size is that of the database, with what waits to be moved into it.
func (s *stock) size() int64 {
	var sum int64
	for _, name := range []string{"huiyin.db", "huiyin.db-wal"} {
		if info, err := os.Stat(filepath.Join(s.app.Data, name)); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

// watch is a stopwatch: of the time that passes, and of the processor time of this process.
type watch struct {
	now   func() time.Time
	start time.Time
	cpu   time.Duration
}

// begin begins to measure.
func (w *watch) begin() { w.start, w.cpu = w.now(), processorTime() }

// lap is how many milliseconds have passed since it began, and how many of the processors'; then it begins anew.
func (w *watch) lap() (passed, cpu float64) {
	now, used := w.now(), processorTime()
	passed, cpu = now.Sub(w.start).Seconds()*1000, (used-w.cpu).Seconds()*1000
	w.start, w.cpu = now, used
	return passed, cpu
}
