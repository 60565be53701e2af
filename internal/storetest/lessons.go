package storetest

import (
	_ "embed" // the words
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

//go:embed lessons.json
var lessonWords []byte

// Lesson is an invented message with its category.
type Lesson struct {
	Text  string `json:"text"`
	Label string `json:"label"`
}

// Lessons invents so many messages of each of three categories, easy to tell apart, the same for the same seed.
func Lessons(each int, seed uint64) ([]Lesson, error) {
	var words struct {
		Around []string
		Said   map[string][]string
	}
	if err := json.Unmarshal(lessonWords, &words); err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // the same for the same seed
	var out []Lesson
	for range each {
		for _, label := range slices.Sorted(maps.Keys(words.Said)) {
			var text []string
			for range 16 {
				from := words.Said[label]
				if random.IntN(2) == 0 {
					from = words.Around
				}
				text = append(text, from[random.IntN(len(from))])
			}
			out = append(out, Lesson{Text: strings.Join(text, ""), Label: label})
		}
	}
	return out, nil
}
