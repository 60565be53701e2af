package stat

import "cmp"

// LeastRanked is of how much a share has to be for a place among others: with less, one matter would move it by more than three hundredths.
const LeastRanked = 30

// Ranked reports whether a figure may be given a place among others of its kind.
func (f Figure) Ranked() bool {
	switch f.Kind {
	case KindShare:
		return f.Of >= LeastRanked
	case KindTime:
		return f.Times.Count() >= LeastRanked
	case KindCount, KindStock:
	}
	return true
}

// Compare orders two figures of one indicator by what they say, exactly: shares as fractions, times by their middle. What is not to be had comes before everything.
func Compare(a, b Figure) int {
	switch known := a.Known(); {
	case known != b.Known():
		if known {
			return 1
		}
		return -1
	case !known:
		return 0
	}
	switch a.Kind {
	case KindShare:
		return cmp.Or(cmp.Compare(a.Sum*b.Of, b.Sum*a.Of), cmp.Compare(a.Of, b.Of))
	case KindTime:
		return cmp.Compare(a.Times.At(1, 2), b.Times.At(1, 2))
	case KindCount, KindStock:
	}
	return cmp.Compare(a.Sum, b.Sum)
}

// Value is a figure as one whole number, by which it is compared with itself at another time: hundredths of a percent of a share, days in the middle of times.
func (f Figure) Value() int {
	switch f.Kind {
	case KindShare:
		return f.Hundredths()
	case KindTime:
		return f.Times.At(1, 2)
	case KindCount, KindStock:
	}
	return f.Sum
}
