package bench

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

//go:embed letters.json
var lettersData []byte

// The kinds of generated letters, by what they have to do with an earlier one.
const (
	kindNew    = "new"
	kindCopy   = "copy"   // word for word, perhaps under another title
	kindEdited = "edited" // some sentences changed, dropped, added
	kindTold   = "told"   // the same facts in other words
)

// How letters repeat each other, in hundredths and in letters.
const (
	repeatShare = 7    // of all letters repeat one of the last few thousand
	repeatReach = 3000 // back, on average
	hotEvery    = 4096 // begins an issue that many write about
	hotSpan     = 512  // letters among which they stand
	hotShare    = 12   // of those
)

// letter is a message as somebody might write it. Nobody did: it is put together from invented sentences.
type letter struct {
	Title, Text, Demand string
	ID                  string // in the file it was read from

	topic int
	place int64 // of the village it is about
}

// village is where a letter may come from.
type village struct {
	code       int64
	town, name string
}

// letters puts letters together, the same ones for the same seed and villages. A letter is made of its number: an earlier one need not be kept to be repeated.
//
// What is common in life is common in them: villages, estates, roads, firms and words are drawn by their rank, the first far more often than the last, so that some
// words stand in nearly every letter and most names in few. Half the letters have less than some 200 characters, a quarter more than some 430, a few thousands. Eight
// in a hundred repeat an earlier one, among them bursts of many about one issue.
type letters struct {
	Fields struct{ ID, Title, Text []string }
	Slots  map[string]string
	Topics []struct {
		Category string
		Titles   []string
		Facts    [][]string
		Demand   string
	}
	Opens, Closes, Details []string
	End                    string              // of a sentence about a fact
	Asks                   map[string][]string // what is searched, by kind

	words    map[string][]string
	villages []village
}

func loadLetters(villages []village) (*letters, error) {
	l := &letters{words: map[string][]string{}, villages: villages}
	if err := json.Unmarshal(lettersData, l); err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	for name, words := range l.Slots {
		l.words[name] = strings.Fields(words)
	}
	return l, nil
}

// writing is one letter on its way: the choices are drawn from its number alone.
type writing struct {
	*letters
	chance *rand.Rand
	names  map[string]string // of this matter: town, village, place, road, firm, day, sum, number
}

// What has a rank is drawn so that the share of those before a rank is its root: the first of n comes up in one of √n draws, and a steeper root for names.
const (
	steep   = 2
	steeper = 3
	estates = 60     // of a village
	roads   = 40     // of a town
	firms   = 30_000 // of the county
)

// rank draws a rank below n.
func (w writing) rank(n int, root float64) int {
	return int(float64(n) * math.Pow(w.chance.Float64(), root))
}

// called makes the name of something of its owner and rank: the same one each time.
func (w writing) called(owner string, rank int, parts ...string) string {
	h := uint64(rank) //nolint:gosec // at least 0
	for _, r := range owner {
		h = h*31 + uint64(r) //nolint:gosec // a character
	}
	chance := rand.New(rand.NewPCG(h, ^h)) //nolint:gosec // invented names
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(w.words[p][chance.IntN(len(w.words[p]))])
	}
	return b.String()
}

// start draws the facts of the n-th matter, its topic and its village.
func (l *letters) start(seed, n uint64) (w writing, topic int, home village) {
	w = writing{letters: l, chance: rand.New(rand.NewPCG(seed, n)), names: map[string]string{}} //nolint:gosec // invented letters, not secrets
	home = l.villages[w.rank(len(l.villages), steep)]
	w.names["T"], w.names["V"] = home.town, home.name
	w.names["P"] = w.called(home.town+home.name, w.rank(estates, steep), "s", "s", "x")
	w.names["R"] = w.called(home.town, w.rank(roads, steep), "s", "s", "r")
	w.names["F2"] = w.called("", w.rank(firms, steeper), "s", "s", "s")
	w.names["D"] = strconv.Itoa(1+w.chance.IntN(12)) + "." + strconv.Itoa(1+w.chance.IntN(28))
	w.names["M"] = strconv.Itoa(1000 + w.chance.IntN(90_000))
	w.names["N"] = strconv.Itoa(2 + w.chance.IntN(38))
	w.names["W"] = w.one("w")
	return w, w.rank(len(l.Topics), 1.3), home
}

// How many characters a letter has: a least number and a log-normal one beside it, with its median and spread; at most so many.
const (
	leastRunes  = 50
	medianRunes = 140
	spreadRunes = 1.35
	mostRunes   = 6000
	hanBytes    = 3 // of nearly every character
)

// write writes the n-th new letter, or one that repeats it in some way; again makes different ones of it.
func (l *letters) write(seed, n uint64, kind string, again uint64) letter {
	w, i, home := l.start(seed, n)
	topic := l.Topics[i]
	way := w.chance.IntN(2)
	goal := min(leastRunes+int(medianRunes*math.Exp(spreadRunes*w.chance.NormFloat64())), mostRunes)
	title := w.fill(topic.Titles[way])
	facts := func(way int) (said []string) {
		for _, fact := range topic.Facts {
			said = append(said, w.fill(fact[way]+l.End))
		}
		return w.lengthen(said, goal)
	}
	said := facts(way)
	open, last, demand := w.fill(w.any(l.Opens)), w.fill(w.any(l.Closes)), w.fill(topic.Demand)
	// what follows is drawn anew: it is another person's hand, or the same one's on another day
	w.chance = rand.New(rand.NewPCG(seed^again, ^n)) //nolint:gosec // likewise
	switch kind {
	case kindCopy:
		title = w.fill(topic.Titles[w.chance.IntN(2)])
	case kindEdited:
		open, last = w.fill(w.any(l.Opens)), w.fill(w.any(l.Closes))
		for range len(said) / 6 {
			said[w.chance.IntN(len(said))] = w.detail()
		}
		said = append(said, w.detail())
	case kindTold:
		title, said = w.fill(topic.Titles[1-way]), facts(1-way)
	}
	return letter{Title: title, Text: open + strings.Join(said, "") + last, Demand: demand, topic: i, place: home.code}
}

// lengthen adds details until a text has the length it should have.
func (w writing) lengthen(said []string, goal int) []string {
	have := 0
	for _, s := range said {
		have += len(s) / hanBytes
	}
	for have < goal {
		s := w.detail()
		have += len(s) / hanBytes
		said = append(said, s)
	}
	return said
}

// nth is the n-th letter of a year's post, which may repeat an earlier one: of is the one it goes back to, n itself for a new one.
func (l *letters) nth(seed, n uint64) (text letter, kind string, of uint64) {
	kind, of = l.repeated(seed, n)
	if kind == kindNew {
		return l.write(seed, n, kindNew, 0), kind, n
	}
	for before := kind; before != kindNew; { // of a repeat, what that one goes back to
		before, of = l.repeated(seed, of)
	}
	return l.write(seed, of, kind, n+1), kind, of
}

// repeated draws whether a letter repeats an earlier one, and which.
func (l *letters) repeated(seed, n uint64) (kind string, of uint64) {
	chance := rand.New(rand.NewPCG(^seed, n)) //nolint:gosec // likewise
	hit, how := chance.IntN(100), chance.IntN(100)
	back := 1 + uint64(repeatReach*chance.ExpFloat64())
	switch at := n % hotEvery; {
	case 0 < at && at < hotSpan && hit < hotShare:
		of = n - at
	case hit < hotShare || hit >= hotShare+repeatShare || back > n:
		return kindNew, n
	default:
		of = n - back
	}
	return []string{kindTold, kindEdited, kindCopy}[how%3], of
}

// firm is the name of the firm in the n-th letter: most stand in few others.
func (l *letters) firm(seed, n uint64) string {
	_, _, of := l.nth(seed, n)
	w, _, _ := l.start(seed, of)
	return w.names["F2"]
}

// rarest is the category that fewest write about.
func (l *letters) rarest() string { return l.Topics[len(l.Topics)-1].Category }

// shuffled puts villages into a drawn order, so that a busy one may lie anywhere.
func shuffled(seed uint64, list []village) []village {
	out := slices.Clone(list)
	rand.New(rand.NewPCG(seed, seed)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] }) //nolint:gosec // likewise
	return out
}

func (w writing) any(list []string) string { return list[w.chance.IntN(len(list))] }

func (w writing) one(slot string) string { return w.words[slot][w.rank(len(w.words[slot]), steep)] }

func (w writing) detail() string { return w.fill(w.any(w.Details)) }

// fill puts words into the slots of a sentence: the names of this matter, or any of a list.
func (w writing) fill(sentence string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(sentence, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		slot, after, _ := strings.Cut(rest, "}")
		if name, ok := w.names[slot]; ok {
			b.WriteString(name)
		} else {
			b.WriteString(w.one(slot))
		}
		sentence = after
	}
}
