package bench

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/find"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// RepeatsConfig says on what the search for repeats is measured.
type RepeatsConfig struct {
	Data    string // a file of messages, JSON Lines, gzip or not; every pair of alike ones in it is sought
	Matters int    // or so many generated ones
	Now     func() time.Time
	// Progress is told what is being done: "open", "pairs", "load" with the number of matters, "search" with that of the messages.
	Progress func(doing string, n int)
}

// The shares from which pairs are counted, in hundredths.
const (
	alikePercent = 50
	closePercent = 80
)

// RepeatsReport is what was found, and how long it took.
type RepeatsReport struct {
	CPUs       int       `json:"cpus"`
	Matters    int       `json:"matters"`         // in the database
	Asked      int       `json:"asked"`           // messages for which repeats were sought
	Pairs      []FoundOf `json:"pairs,omitempty"` // of a file: by the exact share from which on
	Kinds      []FoundOf `json:"kinds,omitempty"` // of generated ones: by what the message has to do with an earlier one
	Candidates float64   `json:"candidates"`      // texts compared for each message
	Offered    float64   `json:"offered"`         // matters put to the person for each message
	Wrong      int       `json:"wrong"`           // of these, how many are less alike than is said
	Sketch     Spread    `json:"sketch"`          // reading the text and making its sketch
	Search     Spread    `json:"search"`          // looking up the candidates
	Whole      Spread    `json:"whole"`           // the use case: search, comparison, passages, title, ranking
	CPUMS      float64   `json:"cpu_ms"`          // processor time of one use case, on average
	Written    float64   `json:"database_bytes"`  // for each matter
	Seconds    float64   `json:"load_seconds"`    // loading, indexes and all
}

// FoundOf is how many of some were found.
type FoundOf struct {
	Name  string `json:"name"`
	All   int    `json:"all"`
	Found int    `json:"found"`
}

// Repeats measures the search for repeats in an office of its own, in a folder that is removed afterwards.
func Repeats(ctx context.Context, c RepeatsConfig) (r RepeatsReport, err error) {
	dir, err := os.MkdirTemp("", "huiyin-bench-")
	if err != nil {
		return r, fmt.Errorf("bench folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c.Progress("open", 0)
	a, err := app.Open(ctx, app.Config{Data: filepath.Join(dir, "data"), Listen: "127.0.0.1:0", Now: c.Now})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	b := &repeats{RepeatsConfig: c, app: a, report: &r}
	if err := b.open(ctx); err != nil {
		return r, err
	}
	r.CPUs = runtime.NumCPU()
	if c.Data != "" {
		err = b.file(ctx)
	} else {
		err = b.generated(ctx)
	}
	return r, err
}

// repeats is a running measurement.
type repeats struct {
	RepeatsConfig
	app     *app.App
	letters *letters
	clerk   org.Actor
	bureau  org.Unit
	rules   string
	towns   []int64
	report  *RepeatsReport

	sketch, search, whole []float64 // milliseconds
	candidates, offered   int
	start                 time.Time
	cpu                   time.Duration
}

// open sets the office up.
func (b *repeats) open(ctx context.Context) error {
	if _, err := openDesk(ctx, b.app); err != nil {
		return err
	}
	o := b.app.Office
	b.bureau, _ = o.Chart().First(func(u org.Unit) bool { return u.Kind == org.KindBureau })
	root, _ := o.Chart().First(func(u org.Unit) bool { return u.Parent == 0 })
	b.clerk = org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleRegistrar, Unit: b.bureau.ID, Scope: root.ID}}
	set, err := o.Law(strconv.Itoa(county), law.DayOf(b.Now().UnixMicro()))
	if err != nil {
		return err
	}
	b.rules = set.ID()
	towns, err := o.Places.Children(county)
	if err != nil {
		return err
	}
	for _, t := range towns {
		b.towns = append(b.towns, t.Code)
	}
	b.letters, err = loadLetters()
	return err
}

// intake is a letter as it is registered.
func (b *repeats) intake(l letter, n int) matter.Intake {
	in := matter.Intake{Channel: matter.ChannelWeb, Title: l.Title, Narrative: l.Text, Demands: []string{}, Place: b.towns[n%len(b.towns)], Persons: 1, Kind: matter.KindAppeal}
	if l.Demand != "" {
		in.Demands = append(in.Demands, l.Demand)
	}
	return in
}

// ref is the number of the n-th matter, from 0.
func ref(n int) matter.Ref { return matter.NewRef(county, 2026, int64(n)+1) }

// put writes what registering leaves behind that is read when repeats are sought: the event, the row, who sees it, its words, its sketch.
func (b *repeats) put(ctx context.Context, t *store.Tx, n int, l letter) error {
	in := b.intake(l, n)
	us := b.Now().UnixMicro()
	who := matter.Env{Actor: b.clerk, NowUS: us, Today: law.DayOf(us)}
	e := matter.Register(in, matter.Receipt{Ref: ref(n), Unit: b.bureau, RuleSet: b.rules}, who)[0]
	body, err := matter.Encode(e.Body, nil)
	if err != nil {
		return err
	}
	if err := t.AppendEvent(ctx, ref(n), store.EventRow{Seq: 1, AtUS: us, Day: e.Day, Kind: matter.KindOf(e.Body), Actor: []byte("{}"), Body: body, Link: []byte{0}}); err != nil {
		return err
	}
	if err := t.SaveMatter(ctx, matter.Fold([]matter.Event{e}).Row(nil, us)); err != nil {
		return err
	}
	if err := t.AddUnits(ctx, ref(n), []org.UnitID{b.bureau.ID}); err != nil {
		return err
	}
	text := usecase.Said(in.Title, in.Narrative, in.Demands)
	if err := t.SketchMatter(ref(n), find.Sketch(find.Read(text).Shingles())); err != nil {
		return err
	}
	return t.IndexMatter(ref(n), text)
}

// generated loads so many letters and then seeks new ones, each kind as often as the others.
func (b *repeats) generated(ctx context.Context) error {
	const (
		seed   = 20260713
		shared = 1000
		asked  = 100 // of each kind
	)
	b.Progress("load", b.Matters)
	start, before := b.Now(), b.size()
	for from := 0; from < b.Matters; from += shared {
		if err := b.app.Store.Update(ctx, county, func(t *store.Tx) error {
			for n := from; n < min(from+shared, b.Matters); n++ {
				if err := b.put(ctx, t, n, b.letters.write(seed, uint64(n), kindNew, 0)); err != nil { //nolint:gosec // counted from 0
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	b.report.Seconds, b.report.Matters = b.Now().Sub(start).Seconds(), b.Matters
	chance := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // which ones are repeated
	b.Progress("search", 4*asked)
	for _, kind := range []string{kindCopy, kindEdited, kindTold, kindNew} {
		of := FoundOf{Name: kind, All: asked}
		for i := range asked {
			n := chance.IntN(b.Matters)
			if kind == kindNew {
				n = b.Matters + i
			}
			in := b.intake(b.letters.write(seed, uint64(n), kind, uint64(i)+1), n) //nolint:gosec // likewise
			_, found, err := b.seek(ctx, in)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(found.List, func(r usecase.Repeat) bool { return r.Ref == ref(n) }) || kind == kindNew && len(found.List) == 0 {
				of.Found++
			}
		}
		b.report.Kinds = append(b.report.Kinds, of)
	}
	b.finish(before)
	return nil
}

// size is that of the database, with what waits to be moved into it.
func (b *repeats) size() int64 {
	var sum int64
	for _, name := range []string{"huiyin.db", "huiyin.db-wal"} {
		if info, err := os.Stat(filepath.Join(b.app.Data, name)); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

// seek looks for the repeats of one message: the candidates by themselves, and then the use case.
func (b *repeats) seek(ctx context.Context, in matter.Intake) (candidates []store.Alike, found usecase.Repeats, err error) {
	b.start = b.Now()
	keys := find.Sketch(find.Read(usecase.Said(in.Title, in.Narrative, in.Demands)).Shingles())
	b.sketch = append(b.sketch, b.lap())
	err = b.app.Store.Read(ctx, func(t *store.Tx) error {
		candidates, err = t.MattersAlike(ctx, b.clerk.Scope(), county, keys, usecase.RepeatReach)
		return err
	})
	if err != nil {
		return nil, found, err
	}
	b.search = append(b.search, b.lap())
	cpu := processorTime()
	found, err = b.app.Office.Repeats(ctx, b.clerk, in, matter.Ref{})
	b.whole = append(b.whole, b.lap())
	b.cpu += processorTime() - cpu
	b.candidates += len(candidates)
	b.offered += len(found.List)
	return candidates, found, err
}

// lap is how many milliseconds have passed since the last lap, or since start.
func (b *repeats) lap() float64 {
	now := b.Now()
	passed := now.Sub(b.start)
	b.start = now
	return passed.Seconds() * 1000
}

func (b *repeats) finish(before int64) {
	r := b.report
	r.Asked = len(b.whole)
	n := float64(max(r.Asked, 1))
	r.Candidates, r.Offered = float64(b.candidates)/n, float64(b.offered)/n
	r.CPUMS = b.cpu.Seconds() * 1000 / n
	r.Sketch, r.Search, r.Whole = spread(b.sketch), spread(b.search), spread(b.whole)
	r.Written = float64(b.size()-before) / float64(max(r.Matters, 1))
}

// file takes the messages of a file in their order: each is first sought, then loaded.
func (b *repeats) file(ctx context.Context) error {
	list, err := b.read(b.Data)
	if err != nil {
		return err
	}
	b.Progress("pairs", len(list))
	sets := make([]find.Shingles, len(list))
	for i, l := range list {
		sets[i] = find.Read(usecase.Said(l.Title, l.Text, nil)).Shingles()
	}
	pairs := alikePairs(sets, usecase.RepeatPercent)
	of := []FoundOf{{Name: strconv.Itoa(usecase.RepeatPercent)}, {Name: strconv.Itoa(alikePercent)}, {Name: strconv.Itoa(closePercent)}}
	from := []int{usecase.RepeatPercent, alikePercent, closePercent}
	b.Progress("search", len(list))
	start, before := b.Now(), b.size()
	for j, l := range list {
		candidates, found, err := b.seek(ctx, b.intake(l, 0))
		if err != nil {
			return err
		}
		got := map[matter.Ref]bool{}
		for _, c := range candidates {
			got[c.Said] = true
		}
		for i, percent := range pairs[j] {
			for k := range of {
				if percent >= from[k] {
					of[k].All++
					if got[ref(i)] {
						of[k].Found++
					}
				}
			}
		}
		for _, r := range found.List {
			if i := int(r.Ref.N - ref(0).N); pairs[j][i] != r.Percent && (!r.Title || r.Percent >= usecase.RepeatPercent) {
				b.report.Wrong++
			}
		}
		if err := b.app.Store.Update(ctx, county, func(t *store.Tx) error { return b.put(ctx, t, j, l) }); err != nil {
			return err
		}
	}
	b.report.Pairs, b.report.Matters, b.report.Seconds = of, len(list), b.Now().Sub(start).Seconds()
	b.finish(before)
	return nil
}

// alikePairs compares all sets with all exactly: for each, the earlier ones of at least a share, in hundredths.
func alikePairs(sets []find.Shingles, least int) []map[int]int {
	out := make([]map[int]int, len(sets))
	have := map[uint64][]int{}
	for j, s := range sets {
		common := map[int]int{}
		for _, v := range s {
			for _, i := range have[v] {
				common[i]++
			}
			have[v] = append(have[v], j)
		}
		out[j] = map[int]int{}
		for i, n := range common {
			if p := (find.Share{Common: n, All: len(s) + len(sets[i]) - n}).Percent(); p >= least {
				out[j][i] = p
			}
		}
	}
	return out
}

// read reads the messages of a file of JSON Lines.
func (b *repeats) read(path string) ([]letter, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the messages: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	in := bufio.NewReader(file)
	var text io.Reader = in
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		if text, err = gzip.NewReader(in); err != nil {
			return nil, fmt.Errorf("open the messages: %w", err)
		}
	}
	var out []letter
	for lines := json.NewDecoder(text); ; {
		var row map[string]any
		if err := lines.Decode(&row); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("message %d: %w", len(out)+1, err)
		}
		first := func(names []string) string {
			for _, n := range names {
				if s, ok := row[n].(string); ok {
					return s
				}
			}
			return ""
		}
		out = append(out, letter{Title: first(b.letters.Fields.Title), Text: first(b.letters.Fields.Text)})
	}
}
