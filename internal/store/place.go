package store

// Places are stored at a village's length, the levels below the one known filled with zeros, so that the subtree of a place is a
// range of codes.

// villageDigits is the smallest number of twelve digits.
const villageDigits = 100_000_000_000

// padPlace fills a division code up.
func padPlace(place int64) int64 {
	for place > 0 && place < villageDigits {
		place *= 10
	}
	return place
}

// trimPlace takes the filling away again: villages and towns have three digits of their own, counties, cities and provinces two.
func trimPlace(place int64) int64 {
	for _, own := range []int64{1000, 1000, 100, 100} {
		if place == 0 || place%own != 0 {
			break
		}
		place /= own
	}
	return place
}

// placeRange gives the stored codes of a place's subtree: from inclusive, to exclusive.
func placeRange(place int64) (from, to int64) {
	from, to = place, place+1
	for from > 0 && from < villageDigits {
		from, to = from*10, to*10
	}
	return from, to
}

// categoryRange are the codes of a category and of those under it: their codes begin with its own and go on with digits.
func categoryRange(code string) (from, to string) { return code, code + ":" }
