package suggest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"huiyin/internal/errs"
)

// Options say how to train. The zero value is what the program uses.
type Options struct {
	Seed      uint64  // of the folds and of the order in which rows are gone through
	Folds     int     // how many parts are held out in turn to find the threshold; 0 is 5
	Precision float64 // how often the first suggestion shall be right when one is made; 0 is 0.95
	// Parent names the category above a label, "" where there is none; nil: there is none above any.
	Parent  func(label string) string
	Against *Model // that the new one is to replace; what it is like on the fresh rows then stands in the header
	Made    Made
	Workers int          // how many processors work on it; 0: all
	Rest    func() error // called every few milliseconds of work, so that others get their turn; an error ends the training
	// Progress is called after each of the parts of the work. An error ends the training.
	Progress func(done, of int) error
}

// What Options are where they say nothing, and the most folds.
const (
	defaultFolds     = 5
	defaultPrecision = 0.95
	maxFolds         = 20
)

// Made is what whoever trains a model knows of it.
type Made struct {
	Day    string `json:"day,omitempty"`
	Own    int    `json:"own,omitempty"`    // rows that are decisions of the office
	Newest int64  `json:"newest,omitempty"` // the newest of them, in microseconds UTC
}

func (o Options) complete() (Options, error) {
	if o.Parent == nil {
		o.Parent = func(string) string { return "" }
	}
	if o.Workers < 1 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Rest == nil {
		o.Rest = func() error { return nil }
	}
	if o.Folds == 0 {
		o.Folds = defaultFolds
	}
	if o.Precision == 0 {
		o.Precision = defaultPrecision
	}
	if o.Progress == nil {
		o.Progress = func(int, int) error { return nil }
	}
	var wrong []errs.Field
	if o.Folds < 2 || o.Folds > maxFolds {
		wrong = append(wrong, errs.F("folds", "suggest.folds", "max", maxFolds))
	}
	if lawful := o.Precision > 0 && o.Precision < 1; !lawful { // NaN is not
		wrong = append(wrong, errs.F("precision", "suggest.precision"))
	}
	return o, errs.Fields(wrong)
}

// Header says what a model was made from, how, and how good it was on the rows that each fold held out.
type Header struct {
	Rows      int     `json:"rows"`
	Data      string  `json:"data"` // SHA-256 of the rows
	Labels    []Label `json:"labels"`
	Seed      uint64  `json:"seed"`
	Folds     int     `json:"folds"`
	Precision float64 `json:"precision"` // that was asked for
	Slope     float64 `json:"slope"`     // makes confidences of scores
	Threshold float64 `json:"threshold"` // of confidence; above 1 it never suggests anything
	Terms     int     `json:"terms"`
	Words     int     `json:"words"` // of the dictionary
	HeldOut   Report  `json:"held_out"`
	// Of the categories above the labels, where there are any.
	CoarseThreshold float64  `json:"coarse_threshold,omitempty"`
	Coarse          *Report  `json:"coarse,omitempty"`
	Made            Made     `json:"made,omitzero"`
	Contest         *Contest `json:"contest,omitempty"` // with the model before, if there was one
}

// Label is a category with the number of its rows.
type Label struct {
	Label  string `json:"label"`
	Parent string `json:"parent,omitempty"`
	Rows   int    `json:"rows"`
}

// Train makes a model. The same rows in the same order with the same options give the same model.
//
// Where labels have categories above them, those get a threshold and figures of their own from the same rows.
//
// Each fold in turn is held out with all copies of its rows, and what the model made without them says about them gives the scale of the
// confidences, the threshold and the figures of the header; the model itself is then made from all rows. Only the dictionary, which knows no
// category, is of all rows in each fold. The error is errs.Invalid, or that of Options.Progress or Options.Rest.
func Train(rows []Row, options Options) (*Model, error) {
	o, err := options.complete()
	if err != nil {
		return nil, err
	}
	s, err := study(rows, o)
	if err != nil {
		return nil, err
	}
	fold, _ := s.deal(rows, o.Folds, o.Seed)
	var whole fit // that holds nothing out; of the others only what they say of the rows held out is kept
	said := make([][]float64, len(rows))
	told := progress{tell: o.Progress, of: o.Folds + 1}
	each(o.Workers, o.Folds+1, func(f int) {
		if told.stopped() {
			return
		}
		var learnt []int
		for j := range rows {
			if fold[j] != f {
				learnt = append(learnt, j)
			}
		}
		fit := s.fit(learnt, o.Seed, func() bool { return told.rest(o.Rest) })
		if f == o.Folds {
			whole = fit
		}
		for j := range rows {
			if fold[j] == f && rows[j].Cut == s.allCut {
				said[j] = fit.scores(s.counted[j])
			}
		}
		told.one()
	})
	if told.failed != nil {
		return nil, told.failed
	}
	var scores [][]float64
	var truth, held []int
	for j, f := range fold {
		if f < 0 || rows[j].Cut != s.allCut {
			continue
		}
		scores, truth, held = append(scores, said[j]), append(truth, s.label[j]), append(held, j)
	}
	m := s.model(whole)
	h := &m.header
	h.Seed, h.Folds, h.Precision = o.Seed, o.Folds, o.Precision
	h.Slope = slope(scores, truth)
	confidence := make([][]float64, len(scores))
	for j := range scores {
		confidence[j] = confidences(scores[j], h.Slope)
	}
	h.Threshold = threshold(confidence, truth, o.Precision)
	h.HeldOut, h.Made = report(h.Labels, confidence, truth, h.Threshold), o.Made
	m.climb(confidence, truth)
	if o.Against != nil {
		first := make(map[int]string, len(held))
		for i, j := range held {
			first[j] = m.above.first(confidence[i])
		}
		against := contest(rows, first, o)
		h.Contest = &against
	}
	return m, nil
}

// climb finds the threshold of the categories above the labels, if that is worth anything, and how good they are.
func (m *Model) climb(confidence [][]float64, truth []int) {
	if !m.above.useful() {
		return
	}
	coarse, above := make([][]float64, len(confidence)), make([]int, len(truth))
	for i, c := range confidence {
		coarse[i], above[i] = m.above.gather(c), m.above.of[truth[i]]
	}
	m.header.CoarseThreshold = threshold(coarse, above, m.header.Precision)
	r := report(m.above.labels, coarse, above, m.header.CoarseThreshold)
	m.header.Coarse = &r
}

// learning is what is known of the rows before anything is learnt from them.
type learning struct {
	labels  []Label
	label   []int
	allCut  bool // no row is as a person wrote it
	words   dictionary
	terms   vocabulary
	counted [][]count
	group   []int
	data    string
}

// blockSize is how many rows are read at a time, which bounds the memory.
const blockSize = 500

// study reads the rows.
func study(rows []Row, o Options) (*learning, error) {
	s := &learning{words: learnWords(rows), terms: newVocabulary(), label: make([]int, len(rows)), allCut: true}
	for _, row := range rows {
		n, known := slices.BinarySearchFunc(s.labels, row.Label, byName)
		if !known {
			s.labels = slices.Insert(s.labels, n, Label{Label: row.Label, Parent: o.Parent(row.Label)})
		}
		s.labels[n].Rows++
		s.allCut = s.allCut && row.Cut
	}
	switch {
	case len(s.labels) < 2:
		return nil, errs.E(errs.Invalid, "suggest.labels.few", "n", len(s.labels))
	case len(s.labels) > MaxLabels:
		return nil, errs.E(errs.TooLarge, "suggest.labels.many", "n", len(s.labels), "max", MaxLabels)
	}
	hash := sha256.New()
	near := runs{number: make(map[[runLength]rune]int32)}
	for j, row := range rows {
		s.label[j], _ = slices.BinarySearchFunc(s.labels, row.Label, byName)
		_, _ = fmt.Fprintf(hash, "%q %t %q\n", row.Text, row.Cut, row.Label) // a hash takes everything
	}
	for block := range slices.Chunk(rows, blockSize) {
		if err := o.Rest(); err != nil {
			return nil, err
		}
		texts := make([]reading, len(block))
		each(o.Workers, len(block), func(j int) { texts[j] = s.words.take(block[j]) })
		each(o.Workers, 2, func(half int) {
			for j := range texts {
				if half == 0 {
					s.counted = append(s.counted, tally(s.terms.occurrences(&texts[j], true)))
				} else {
					near.add(&texts[j])
				}
			}
		})
	}
	s.group, s.data = near.groups(), hex.EncodeToString(hash.Sum(nil))
	return s, nil
}

func byName(l Label, name string) int {
	return cmp.Compare(l.Label, name)
}

// fit is what was learnt from some of the rows.
type fit struct {
	rank   []int32 // of the terms of all rows, the number among those that were chosen
	rare   []float32
	linear linear
}

func (s *learning) fit(learnt []int, seed uint64, rest func() bool) fit {
	counted, label := make([][]count, len(learnt)), make([]int, len(learnt))
	for i, j := range learnt {
		counted[i], label[i] = s.counted[j], s.label[j]
	}
	var f fit
	f.rank, f.rare = choose(counted, s.terms.size(), len(s.labels))
	var x vector
	f.linear = solve(func(i int) vector {
		x = weigh(counted[i], f.rank, f.rare, x)
		return x
	}, label, len(s.labels), len(f.rare), seed, rest)
	return f
}

func (f *fit) scores(text []count) []float64 {
	return f.linear.scores(weigh(text, f.rank, f.rare, vector{}))
}

// model takes over the terms that were chosen.
func (s *learning) model(f fit) *Model {
	m := &Model{words: s.words, terms: newVocabulary(), rare: f.rare, linear: f.linear, above: familiesOf(s.labels)}
	rows := 0
	for kind, terms := range s.terms {
		for key, term := range terms {
			if rank := f.rank[term]; rank >= 0 {
				m.terms[kind][key] = rank
			}
		}
	}
	for _, l := range s.labels {
		rows += l.Rows
	}
	m.header = Header{Rows: rows, Data: s.data, Labels: s.labels, Terms: m.terms.size(), Words: len(m.words.frequency)}
	return m
}

// The range of slopes.
const (
	minSlope = 0.1
	maxSlope = 50.0
)

// slope finds the factor of the scores under which the right labels are most probable. The probability has one peak in it, which is closed
// in on by the golden section. One row more is imagined to be wrong, so that few rows, or easy ones, do not make a model certain: Platt,
// "Probabilistic Outputs for Support Vector Machines", 1999, section 2.2.
func slope(scores [][]float64, truth []int) float64 {
	doubt := 1 / float64(len(scores)+2)
	loss := func(at float64) float64 {
		sum := 0.0
		for j, s := range scores {
			for k, c := range confidences(s, math.Exp(at)) {
				target := doubt / float64(len(s)-1)
				if k == truth[j] {
					target = 1 - doubt
				}
				sum -= target * math.Log(max(c, math.SmallestNonzeroFloat64))
			}
		}
		return sum
	}
	const steps, golden = 32, 0.6180339887498949
	from, to := math.Log(minSlope), math.Log(maxSlope)
	a, b := to-golden*(to-from), from+golden*(to-from)
	lossA, lossB := loss(a), loss(b)
	for range steps {
		if lossA < lossB {
			to, b, lossB = b, a, lossA
			a = to - golden*(to-from)
			lossA = loss(a)
		} else {
			from, a, lossA = a, b, lossB
			b = from + golden*(to-from)
			lossB = loss(b)
		}
	}
	return math.Exp((from + to) / 2)
}

// never is a threshold that no confidence reaches.
const never = 2

// threshold finds the least confidence above which so large a part of the first suggestions is right.
func threshold(confidence [][]float64, truth []int, precision float64) float64 {
	type answer struct {
		sure  float64
		right bool
	}
	answers := make([]answer, len(truth))
	for j, c := range confidence {
		k := best(c)[0]
		answers[j] = answer{c[k], k == truth[j]}
	}
	slices.SortStableFunc(answers, func(a, b answer) int { return cmp.Compare(b.sure, a.sure) })
	found, right := float64(never), 0
	for n, a := range answers {
		if a.right {
			right++
		}
		if float64(right) >= precision*float64(n+1) && (n+1 == len(answers) || answers[n+1].sure < a.sure) {
			found = a.sure
		}
	}
	return found
}

// each does numbered pieces of work on some processors. What a piece gives must not depend on the others.
func each(workers, n int, do func(i int)) {
	var wait sync.WaitGroup
	var next atomic.Int64
	for range min(n, workers) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}

// progress counts pieces of work, from several of them at once.
type progress struct {
	tell   func(done, of int) error
	of     int
	lock   sync.Mutex
	done   int
	failed error // of tell
}

func (p *progress) one() {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.done++; p.failed == nil {
		p.failed = p.tell(p.done, p.of)
	}
}

// rest lets others have their turn, and reports whether to go on.
func (p *progress) rest(turn func() error) bool {
	err := turn()
	p.lock.Lock()
	defer p.lock.Unlock()
	if err != nil && p.failed == nil {
		p.failed = err
	}
	return p.failed == nil
}

func (p *progress) stopped() bool {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.failed != nil
}
