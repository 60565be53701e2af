package hot

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

const (
	// shortest and longest are the bounds of a stretch in a name, in characters.
	shortest = 2
	longest  = 14
	// nameWords is how many stretches make a name at most.
	nameWords = 3
	// nameReach is of how many texts, the newest, the words are counted.
	nameReach = 200
)

// Said is what somebody says.
type Said struct{ Title, Text string }

// stretch is a stretch of characters that several texts have.
type stretch struct {
	text  string
	in    int     // texts that have it
	worth float64 // how telling it is, times the square of in how many
}

// Name gives the words that set some texts apart: stretches of their titles that stand in more than half of the texts, at most three, of which no two say the
// same. A stretch is worth what its pairs weigh together, times the square of the number of texts it stands in; one that is part of a longer one is left out where the longer one
// stands in nearly as many (four fifths). They come in the order in which they stand in the titles. It is empty where the texts have no such words in common.
func (r *Reader) Name(texts []Said) []string {
	texts = texts[max(0, len(texts)-nameReach):]
	if len(texts) == 0 {
		return nil
	}
	titles, all := make([][]string, len(texts)), make([]string, len(texts))
	for i, t := range texts {
		titles[i] = r.pieces(t.Title)
		all[i] = strings.Join(append(titles[i], r.pieces(t.Text)...), " ")
	}
	found := r.stretches(titles, all)
	var out []stretch
	for _, s := range found {
		if len(out) == nameWords || s.worth < best(out)/4 {
			break
		}
		if !slices.ContainsFunc(out, func(o stretch) bool { return overlap(o.text, s.text) }) {
			out = append(out, s)
		}
	}
	places := make(map[string]float64, len(out))
	for _, s := range out {
		places[s.text] = standing(titles, s.text)
	}
	slices.SortStableFunc(out, func(a, b stretch) int { return cmp.Compare(places[a.text], places[b.text]) })
	words := make([]string, len(out))
	for i, s := range out {
		words[i] = s.text
	}
	return words
}

// best is what the first that was taken is worth; 0 where there is none.
func best(list []stretch) float64 {
	if len(list) == 0 {
		return 0
	}
	return list[0].worth
}

// pieces are the stretches of a text between signs and words by which people ask, as it is written but without capitals.
func (r *Reader) pieces(s string) []string {
	return strings.FieldsFunc(strings.ToLower(r.cut.Replace(s)), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsNumber(c) })
}

// stretches are those of the titles that stand in more than half of the texts and are not just a part of another, the most telling first.
func (r *Reader) stretches(titles [][]string, all []string) []stretch {
	inTitles := map[string]int{}
	for _, pieces := range titles {
		seen := map[string]bool{}
		for _, p := range pieces {
			runes := []rune(p)
			for i := range runes {
				for j := i + shortest; j <= min(len(runes), i+longest); j++ {
					if s := string(runes[i:j]); !seen[s] {
						seen[s] = true
						inTitles[s]++
					}
				}
			}
		}
	}
	var out []stretch
	for s, n := range inTitles {
		if n*4 < len(titles) { // not what a few put into the title
			continue
		}
		in := 0
		for _, text := range all {
			if strings.Contains(text, s) {
				in++
			}
		}
		if in*2 > len(all) {
			out = append(out, stretch{text: s, in: in, worth: r.weights.Weight(s) * float64(in*in)})
		}
	}
	slices.SortFunc(out, func(a, b stretch) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.text, b.text))
	})
	return slices.DeleteFunc(slices.Clone(out), func(s stretch) bool {
		return slices.ContainsFunc(out, func(o stretch) bool {
			return len(o.text) > len(s.text) && strings.Contains(o.text, s.text) && o.in*5 >= s.in*4
		})
	})
}

// overlap reports whether two stretches have two characters in a row in common.
func overlap(a, b string) bool {
	runes := []rune(a)
	for i := range len(runes) - 1 {
		if strings.Contains(b, string(runes[i:i+2])) {
			return true
		}
	}
	return false
}

// standing is where in the titles that have it a stretch stands on average, as a share of their length.
func standing(titles [][]string, s string) float64 {
	at, n := 0.0, 0
	for _, pieces := range titles {
		title := strings.Join(pieces, " ")
		if i := strings.Index(title, s); i >= 0 {
			at += float64(i) / float64(len(title))
			n++
		}
	}
	return at / float64(max(n, 1))
}
