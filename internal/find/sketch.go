package find

import (
	_ "embed"
	"slices"
	"strings"
)

// Keys is how many keys a sketch has, fewer for a text with fewer shingles.
const Keys = 16

// phrases are set phrases, one a line, whose shingles come last.
//
//go:embed phrases.txt
var phrases string

// Sketcher makes sketches. It is safe for concurrent use.
type Sketcher struct{ common map[uint64]bool }

// NewSketcher returns a sketcher. All give the same sketches.
func NewSketcher() *Sketcher {
	s := &Sketcher{common: map[uint64]bool{}}
	for line := range strings.Lines(phrases) {
		for _, shingle := range Read(line).Shingles() {
			s.common[shingle] = true
		}
	}
	return s
}

// Sketch returns the first shingles of a set in the order that is common to all texts, as keys: numbers that say nothing but whether they are equal.
func (s *Sketcher) Sketch(set Shingles) []uint64 {
	first := make([]uint64, 0, Keys+1)
	for _, shingle := range set {
		at := s.place(shingle)
		if len(first) == Keys && at >= first[Keys-1] {
			continue
		}
		i, _ := slices.BinarySearch(first, at)
		first = slices.Insert(first, i, at)
		first = first[:min(len(first), Keys)]
	}
	return first
}

// place is a shingle's place in the order. The first bit is that of the set phrases, so that they come last.
func (s *Sketcher) place(shingle uint64) uint64 {
	at := mix(shingle) >> 1
	if s.common[shingle] {
		at |= 1 << 63
	}
	return at
}

// mix is a bijection of 64 bits in which each bit of the result depends on all of the number: the finalizer of SplitMix64 over the sum with its constant.
func mix(v uint64) uint64 {
	v += 0x9E3779B97F4A7C15
	v = (v ^ v>>30) * 0xBF58476D1CE4E5B9
	v = (v ^ v>>27) * 0x94D049BB133111EB
	return v ^ v>>31
}
