package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"time"

	"huiyin/internal/app"
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
	begin   int64 // second of the first one
	span    int64 // seconds over which they come
}

// openStock opens an office, and sets it up if there is none. Its clock begins when all is registered; what sets it up does so before the first one.
func openStock(ctx context.Context, c app.Config, matters int, now func() time.Time) (s *stock, err error) {
	c.Listen = "127.0.0.1:0"
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
	s, err := openStock(ctx, app.Config{Data: dir}, len(list), now)
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

// put writes what registering a letter leaves behind that is read when matters are looked for: the event, the row, who sees it, its words, its sketch. Those of
// a file need not be what may be registered: nobody says in them what is to be done.
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
	if err := t.SaveMatter(ctx, matter.Fold([]matter.Event{e}).Row(nil, us)); err != nil {
		return err
	}
	if err := t.AddUnits(ctx, ref, []org.UnitID{s.bureau.ID}, true); err != nil {
		return err
	}
	text := usecase.Said(in.Title, in.Narrative, in.Demands)
	if err := t.SketchMatter(ctx, ref, s.app.Office.SaidKeys(text)); err != nil {
		return err
	}
	return t.IndexMatter(ref, text)
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
