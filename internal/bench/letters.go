package bench

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
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

// letter is a message as somebody might write it. Nobody did: it is put together from invented sentences.
type letter struct {
	Title, Text, Demand string
}

// letters puts letters together, the same ones for the same seed. A letter is made of its number: an earlier one need not be kept to be repeated.
type letters struct {
	Fields struct{ Title, Text []string }
	Slots  map[string]string
	Topics []struct {
		Titles []string
		Facts  [][]string
		Demand string
	}
	Opens, Closes, Details []string
	End                    string // of a sentence about a fact

	words map[string][]string
}

func loadLetters() (*letters, error) {
	l := &letters{words: map[string][]string{}}
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
	names  map[string]string // of this matter: place, road, firm, day, sum, number
}

// start draws the facts of the n-th matter and its topic.
func (l *letters) start(seed, n uint64) (w writing, topic int) {
	w = writing{letters: l, chance: rand.New(rand.NewPCG(seed, n)), names: map[string]string{}} //nolint:gosec // invented letters, not secrets
	w.names["P"] = w.one("s") + w.one("s") + w.one("x")
	w.names["R"] = w.one("s") + w.one("s") + w.one("r")
	w.names["F2"] = w.one("s") + w.one("s") + w.one("s")
	w.names["D"] = strconv.Itoa(1+w.chance.IntN(12)) + "." + strconv.Itoa(1+w.chance.IntN(28))
	w.names["M"] = strconv.Itoa(1000 + w.chance.IntN(90_000))
	w.names["N"] = strconv.Itoa(2 + w.chance.IntN(38))
	w.names["W"] = w.one("w")
	return w, w.chance.IntN(len(l.Topics))
}

// write writes the n-th new letter, or one that repeats it in some way; again makes different ones of it.
func (l *letters) write(seed, n uint64, kind string, again uint64) letter {
	w, i := l.start(seed, n)
	topic := l.Topics[i]
	way := w.chance.IntN(2)
	title := w.fill(topic.Titles[way])
	var said []string
	for _, fact := range topic.Facts {
		said = append(said, w.fill(fact[way]+l.End))
	}
	for range 4 + w.chance.IntN(8) {
		said = append(said, w.detail())
	}
	open, last, demand := w.any(l.Opens), w.any(l.Closes), w.fill(topic.Demand)
	// what follows is drawn anew: it is another person's hand, or the same one's on another day
	w.chance = rand.New(rand.NewPCG(seed^again, ^n)) //nolint:gosec // likewise
	switch kind {
	case kindCopy:
		title = w.fill(topic.Titles[w.chance.IntN(2)])
	case kindEdited:
		open, last = w.any(l.Opens), w.any(l.Closes)
		for range 1 + len(said)/6 {
			said[w.chance.IntN(len(said))] = w.detail()
		}
		said = append(said, w.detail())
	case kindTold:
		title, said = w.fill(topic.Titles[1-way]), nil
		for _, fact := range topic.Facts {
			said = append(said, w.fill(fact[1-way]+l.End))
		}
		for range 4 + w.chance.IntN(8) {
			said = append(said, w.detail())
		}
	}
	return letter{Title: title, Text: open + strings.Join(said, "") + last, Demand: demand}
}

func (w writing) any(list []string) string { return list[w.chance.IntN(len(list))] }

func (w writing) one(slot string) string { return w.any(w.words[slot]) }

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
