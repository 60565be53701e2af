package find

import "math"

// Account is what somebody said, made ready to be compared with what others said. It is made by Weights.Account.
type Account struct {
	text    Text
	all     Vector
	subject Vector // of the title
	topics  Vector // the pairs that are in the table: what people complain of and ask for
	names   Vector // the pairs that are not: names of places, firms, roads, schools, and chance
}

// Account reads a title, which may be empty, and all that was said, with the title in it.
func (w *Weights) Account(title, said string) Account {
	a := Account{text: Read(said)}
	a.all = w.Vector(a.text)
	a.topics, a.names = w.split(a.all)
	if a.subject = w.Vector(Read(title)); len(a.subject) == 0 {
		a.subject = a.all
	}
	return a
}

// split parts a vector into the pairs that are in the table and those that are not, each brought to the length 1.
func (w *Weights) split(v Vector) (known, other Vector) {
	for _, p := range v {
		if _, ok := w.of[p.Pair]; ok {
			known = append(known, p)
		} else {
			other = append(other, p)
		}
	}
	return known.scaled(), other.scaled()
}

// Vector is what the account is about as one vector.
func (a Account) Vector() Vector { return a.all }

// Signs are what speaks for and against two accounts being of the same thing: how much of what the two titles say stands in the other account, the logarithms of
// the cosine of their topics and of that of their names, that of the number of names in common, and that of the length of their longest common stretch. With the
// others the same, a long stretch speaks against it: it is a set phrase, and the cosines have counted it already.
type Signs [5]float64

// Signs compares two accounts, equally either way but for the longest stretch, which may differ where a phrase stands in one of them very often.
func (a Account) Signs(b Account) Signs {
	const (
		fewTopics, fewNames = 0.02, 0.01 // keep the logarithm of nothing in common within bounds
		leastRun            = width
	)
	run := 0
	for _, p := range Passages(a.text, b.text, leastRun, 1) {
		run = p.Len
	}
	return Signs{
		(a.subject.within(b.all) + b.subject.within(a.all)) / 2,
		math.Log(a.topics.Cosine(b.topics) + fewTopics),
		math.Log(a.names.Cosine(b.names) + fewNames),
		math.Log(1 + float64(len(a.names.common(b.names)))),
		math.Log(1 + float64(run)),
	}
}

// within is how much of what a vector weighs is of pairs that stand in another.
func (v Vector) within(o Vector) float64 {
	all, there := 0.0, 0.0
	for i, j := 0, 0; i < len(v); i++ {
		all += v[i].Weight
		for j < len(o) && o[j].Pair < v[i].Pair {
			j++
		}
		if j < len(o) && o[j].Pair == v[i].Pair {
			there += v[i].Weight
		}
	}
	if all == 0 {
		return 0
	}
	return there / all
}
