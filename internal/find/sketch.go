package find

// Keys is how many keys a sketch has, and minima of how many orders make each.
const (
	Keys   = 20
	minima = 2
)

// Sketch returns the keys of a set: numbers that say nothing but whether they are equal, each at its place. An empty set has none.
func Sketch(set Shingles) []uint64 {
	if len(set) == 0 {
		return nil
	}
	var seeds, least [Keys * minima]uint64
	for i := range seeds {
		seeds[i], least[i] = mix(uint64(i)), ^uint64(0)
	}
	for _, shingle := range set {
		for i, seed := range seeds {
			least[i] = min(least[i], mix(shingle^seed))
		}
	}
	keys := make([]uint64, Keys)
	for i := range keys {
		keys[i] = uint64(i) // the same minima at another place are another key
		for _, v := range least[i*minima : (i+1)*minima] {
			keys[i] = mix(keys[i] ^ v)
		}
	}
	return keys
}

// mix is a bijection of 64 bits in which each bit of the result depends on all of the number: the finalizer of SplitMix64 over the sum with its constant.
func mix(v uint64) uint64 {
	v += 0x9E3779B97F4A7C15
	v = (v ^ v>>30) * 0xBF58476D1CE4E5B9
	v = (v ^ v>>27) * 0x94D049BB133111EB
	return v ^ v>>31
}
