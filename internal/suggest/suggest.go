// Package suggest proposes the category of a message, with how sure it is and with the words that speak for it. It learns from messages whose
// category somebody has decided, and says nothing when it is not sure enough: a person decides in any case.
//
// A model is linear, so each suggestion can be taken apart into what every word adds to it. Train makes one, Evaluate measures one on messages
// it has not seen, Cross repeats the measurement that docs/suggestions.md shows. The package knows no file, no clock and no chance but a seed:
// the same rows give the same model, byte for byte.
package suggest

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
)

// Row is a message whose category is known.
type Row struct {
	Text  string
	Cut   bool // the text is cut into words by spaces, and words that say nothing may be left out
	Label string
	Fresh bool // the model of Options.Against was made without it
}

// The limits of a row, and of the categories a model knows.
const (
	MaxLabel  = 120 // bytes of a category's name
	MaxLabels = 600
)

// ParseRow makes a row of the named values of one line: "text", or "tokens" with the words between spaces or line ends, and "label". The
// errors of single values carry their name as the path.
func ParseRow(values map[string]string) (Row, error) {
	row := Row{Text: values["text"], Label: strings.ToValidUTF8(strings.TrimSpace(values["label"]), "\ufffd")}
	column := "text"
	var wrong []errs.Field
	if _, cut := values["tokens"]; cut {
		if _, both := values["text"]; both {
			wrong = append(wrong, errs.F("tokens", "suggest.row.both"))
		}
		column, row.Cut = "tokens", true
		row.Text = strings.Join(strings.Fields(values["tokens"]), " ")
	}
	if r := scan(row.Text); r.size() == 0 {
		wrong = append(wrong, errs.F(column, "suggest.row.text"))
	}
	switch {
	case row.Label == "":
		wrong = append(wrong, errs.F("label", "suggest.row.label"))
	case len(row.Label) > MaxLabel:
		wrong = append(wrong, errs.F("label", "suggest.row.long", "n", utf8.RuneCountInString(row.Label), "max", MaxLabel))
	}
	return row, errs.Fields(wrong)
}

// Suggestion is a category that a message may belong to.
type Suggestion struct {
	Label      string
	Confidence float64 // how often a suggestion made with this confidence is right, from 0 to 1
	Evidence   []Evidence
}

// Evidence is a word of the text that speaks for a suggestion: text[From:To].
type Evidence struct {
	From, To int     // bytes of the text
	Weight   float64 // its part of all that speaks for the suggestion, above 0 and at most 1
}

// The most suggestions that are made, and the most words shown for one.
const (
	maxSuggestions = 3
	maxEvidence    = 5
)

// Model knows categories. It is safe for concurrent use.
type Model struct {
	header Header
	above  families
	words  dictionary
	terms  vocabulary
	rare   []float32
	linear linear
}

// Header says what a model was made from and how good it is.
func (m *Model) Header() Header { return m.header }

// Suggest gives the three most probable categories of a message, the best first. When the best is less sure than the model's threshold, the
// categories above them are given instead, each as sure as those under it together, if the best of those is sure enough; else nothing is given, and
// so it is when the model knows no word of the text.
func (m *Model) Suggest(text string) []Suggestion {
	return m.suggest(text, m.header.Threshold, m.header.CoarseThreshold)
}

// SuggestAbove is Suggest with a threshold of the caller's own.
func (m *Model) SuggestAbove(text string, least float64) []Suggestion {
	return m.suggest(text, least, least)
}

func (m *Model) suggest(text string, least, coarse float64) []Suggestion {
	r := m.words.read(text)
	occurrences := m.terms.occurrences(&r, false)
	counted := tally(occurrences)
	if len(counted) == 0 {
		return nil
	}
	x := weigh(counted, nil, m.rare, vector{})
	confidence := confidences(m.linear.scores(x), m.header.Slope)
	order := best(confidence)
	out := make([]Suggestion, 0, maxSuggestions)
	var speaks []int // the label whose words are shown for each
	switch above := m.above.gather(confidence); {
	case confidence[order[0]] >= least:
		for _, k := range order[:min(len(order), maxSuggestions)] {
			out, speaks = append(out, Suggestion{Label: m.header.Labels[k].Label, Confidence: confidence[k]}), append(speaks, k)
		}
	case m.above.useful() && slices.Max(above) >= coarse:
		for _, f := range best(above)[:min(len(above), maxSuggestions)] {
			k := order[slices.IndexFunc(order, func(k int) bool { return m.above.of[k] == f })]
			out, speaks = append(out, Suggestion{Label: m.above.labels[f].Label, Confidence: above[f]}), append(speaks, k)
		}
	default:
		return nil
	}
	for i, words := range m.evidence(&r, occurrences, counted, x, speaks) {
		out[i].Evidence = words
	}
	return out
}

// evidence finds for each of some labels the words that add most to it above what they add to all labels on average. A term counts where it
// stands, each time by its share, and a run of characters speaks in equal parts for each of them.
func (m *Model) evidence(r *reading, occurrences []occurrence, counted []count, x vector, labels []int) [][]Evidence {
	speaks := make([][]float64, len(counted)) // each term for each label, by weight of occurrence
	for n, c := range counted {
		row, mean := m.linear.weight[int(c.term)*m.linear.labels:][:m.linear.labels], 0.0
		for _, w := range row {
			mean += float64(w) / float64(len(row))
		}
		speaks[n] = make([]float64, len(labels))
		for i, k := range labels {
			speaks[n][i] = float64(x.value[n]) * (float64(row[k]) - mean) / float64(c.weight)
		}
	}
	of := make([][]float64, len(labels)) // what each character adds to each label
	for i := range of {
		of[i] = make([]float64, r.size())
	}
	for _, o := range occurrences {
		n, _ := slices.BinarySearchFunc(counted, o.term, func(c count, t int32) int { return int(c.term - t) })
		for i, weight := range speaks[n] {
			for c := o.first; c < o.first+o.size; c++ {
				of[i][c] += weight * o.weight / float64(o.size)
			}
		}
	}
	out := make([][]Evidence, len(labels))
	for i := range out {
		out[i] = r.strongest(of[i])
	}
	return out
}

// strongest adds up by word what the characters say, and gives the words that say most, where each stands first.
func (r *reading) strongest(of []float64) []Evidence {
	number := make(map[string]int)
	var all []Evidence
	for i := range len(r.words) - 1 {
		first, end := r.words[i], r.words[i+1]
		word := r.chars(first, end)
		n, met := number[word]
		if !met {
			n = len(all)
			number[word], all = n, append(all, Evidence{From: r.from[first], To: r.to[end-1]})
		}
		for _, part := range of[first:end] {
			all[n].Weight += part
		}
	}
	all = slices.DeleteFunc(all, func(e Evidence) bool { return e.Weight <= 0 })
	slices.SortStableFunc(all, func(a, b Evidence) int { return cmp.Compare(b.Weight, a.Weight) })
	total := 0.0
	for _, e := range all {
		total += e.Weight
	}
	all = slices.Clip(all[:min(len(all), maxEvidence)])
	for i := range all {
		all[i].Weight /= total
	}
	return all
}

// confidences makes probabilities of scores; they add up to one.
func confidences(scores []float64, slope float64) []float64 {
	out := make([]float64, len(scores))
	top, sum := slices.Max(scores), 0.0
	for k, s := range scores {
		out[k] = math.Exp(slope * (s - top))
		sum += out[k]
	}
	for k := range out {
		out[k] /= sum
	}
	return out
}

// best orders the labels by falling values.
func best(values []float64) []int {
	order := make([]int, len(values))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	return order
}
