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
	"iter"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"time"

	"huiyin/internal/find"
	"huiyin/internal/matter"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// RepeatsConfig says on what the search for repeats is measured.
type RepeatsConfig struct {
	Data    string // a file of messages, JSON Lines, gzip or not; every pair of alike ones in it is sought
	Matters int    // or so many generated ones
	Keep    string // the data folder of an office that Load fills with those, or has filled; empty: it is removed afterwards
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
}

// FoundOf is how many of some were found.
type FoundOf struct {
	Name  string `json:"name"`
	All   int    `json:"all"`
	Found int    `json:"found"`
}

// Repeats measures the search for repeats.
func Repeats(ctx context.Context, c RepeatsConfig) (r RepeatsReport, err error) {
	b := &repeats{RepeatsConfig: c, report: &r}
	r.CPUs = runtime.NumCPU()
	if c.Data != "" {
		err = onMessages(ctx, c.Data, c.Now, c.Progress, func(s *stock, list []letter) error {
			b.stock = s
			return b.file(ctx, list)
		})
		return r, err
	}
	err = onLoaded(ctx, LoadConfig{Matters: c.Matters, Data: c.Keep, Now: c.Now, Progress: c.Progress}, func(s *stock, loaded LoadReport) error {
		b.stock, r.Matters, r.Written = s, loaded.Matters, loaded.Bytes
		return b.generated(ctx)
	})
	return r, err
}

// repeats is a running measurement.
type repeats struct {
	RepeatsConfig
	*stock
	report *RepeatsReport

	sketch, search, whole []float64 // milliseconds
	candidates, offered   int
	cpu                   float64
}

// generated seeks new letters among those that were loaded, each kind as often as the others. A repeat is found when a letter is that says what it says: the
// one that it repeats, or another repeat of that one.
func (b *repeats) generated(ctx context.Context) error {
	const asked = 100 // of each kind
	b.Progress("search", 4*asked)
	for i, kind := range []string{kindCopy, kindEdited, kindTold, kindNew} {
		of := FoundOf{Name: kind, All: asked}
		for n, l := range b.asked(kind, asked, uint64(i)) {
			_, found, err := b.seek(ctx, b.intake(l))
			if err != nil {
				return err
			}
			if slices.ContainsFunc(found.List, func(r usecase.Repeat) bool { return b.says(r.Ref, n) }) || kind == kindNew && len(found.List) == 0 {
				of.Found++
			}
		}
		b.report.Kinds = append(b.report.Kinds, of)
	}
	b.finish()
	return nil
}

// asked are letters that nobody has sent yet, with the number of the new letter that each goes back to.
func (s *stock) asked(kind string, n int, salt uint64) iter.Seq2[uint64, letter] {
	chance := rand.New(rand.NewPCG(stockSeed, salt)) //nolint:gosec // which ones are repeated
	return func(yield func(uint64, letter) bool) {
		for i := range uint64(n) { //nolint:gosec // counted from 0
			of := uint64(s.matters) + i //nolint:gosec // likewise
			if kind != kindNew {
				_, _, of = s.letters.nth(stockSeed, uint64(chance.IntN(s.matters))) //nolint:gosec // likewise
			}
			if !yield(of, s.letters.write(stockSeed, of, kind, ^i)) {
				return
			}
		}
	}
}

// says reports whether a generated matter goes back to a letter.
func (s *stock) says(ref matter.Ref, of uint64) bool {
	_, _, first := s.letters.nth(stockSeed, uint64(s.at(ref))) //nolint:gosec // counted from 0
	return first == of
}

// seek looks for the repeats of one message: the candidates by themselves, and then the use case.
func (b *repeats) seek(ctx context.Context, in matter.Intake) (candidates []store.Alike, found usecase.Repeats, err error) {
	w := watch{now: b.Now}
	lap := func(to *[]float64) (cpu float64) {
		passed, cpu := w.lap()
		*to = append(*to, passed)
		return cpu
	}
	w.begin()
	keys := find.Sketch(find.Read(usecase.Said(in.Title, in.Narrative, in.Demands)).Shingles())
	lap(&b.sketch)
	err = b.app.Store.Read(ctx, func(t *store.Tx) error {
		candidates, err = t.MattersAlike(ctx, b.clerk.Scope(), county, keys, usecase.RepeatReach)
		return err
	})
	if err != nil {
		return nil, found, err
	}
	lap(&b.search)
	found, err = b.app.Office.Repeats(ctx, b.clerk, in, matter.Ref{})
	b.cpu += lap(&b.whole)
	b.candidates += len(candidates)
	b.offered += len(found.List)
	return candidates, found, err
}

func (b *repeats) finish() {
	r := b.report
	r.Asked = len(b.whole)
	n := float64(max(r.Asked, 1))
	r.Candidates, r.Offered = float64(b.candidates)/n, float64(b.offered)/n
	r.CPUMS = b.cpu / n
	r.Sketch, r.Search, r.Whole = spread(b.sketch), spread(b.search), spread(b.whole)
}

// file takes the messages of a file in their order: each is first sought, then loaded.
func (b *repeats) file(ctx context.Context, list []letter) error {
	b.Progress("pairs", len(list))
	sets := make([]find.Shingles, len(list))
	for i, l := range list {
		sets[i] = find.Read(usecase.Said(l.Title, l.Text, nil)).Shingles()
	}
	pairs := alikePairs(sets, usecase.RepeatPercent)
	of := []FoundOf{{Name: strconv.Itoa(usecase.RepeatPercent)}, {Name: strconv.Itoa(alikePercent)}, {Name: strconv.Itoa(closePercent)}}
	from := []int{usecase.RepeatPercent, alikePercent, closePercent}
	b.Progress("search", len(list))
	before := b.size()
	for j, l := range list {
		candidates, found, err := b.seek(ctx, b.intake(l))
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
					if got[b.ref(i)] {
						of[k].Found++
					}
				}
			}
		}
		for _, r := range found.List {
			if i := b.at(r.Ref); pairs[j][i] != r.Percent && (!r.Title && !r.Told() || r.Percent >= usecase.RepeatPercent) {
				b.report.Wrong++
			}
		}
		if err := b.app.Store.Update(ctx, county, func(t *store.Tx) error { return b.put(ctx, t, j, l) }); err != nil {
			return err
		}
	}
	b.report.Pairs, b.report.Matters = of, len(list)
	b.report.Written = float64(b.size()-before) / float64(max(len(list), 1))
	b.finish()
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

// readLetters reads the messages of a file of JSON Lines.
func readLetters(path string) ([]letter, error) {
	known, err := loadLetters(nil)
	if err != nil {
		return nil, err
	}
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
		out = append(out, letter{ID: first(known.Fields.ID), Title: first(known.Fields.Title), Text: first(known.Fields.Text)})
	}
}
