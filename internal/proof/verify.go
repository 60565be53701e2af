package proof

import "iter"

// Fault is what is wrong at the first broken position of a chain.
type Fault string

// The faults. The empty one means that nothing was found.
const (
	Whole   Fault = ""        // every link fits
	Gap     Fault = "gap"     // a position is missing, repeated or out of order
	Altered Fault = "altered" // the link kept does not follow from what is kept
	Short   Fault = "short"   // the chain ends before a head known from elsewhere
	Forked  Fault = "forked"  // the chain is as long as that head, but ends in another link
)

// Head is where a chain stands after Count links.
type Head struct {
	Count int64
	Link  Link
}

// Verdict is the outcome of checking a chain.
type Verdict struct {
	Head  Head  // how far the chain is whole
	Fault Fault // what is wrong behind that, if anything
	At    int64 // the first broken position, counted from 1; 0 when the chain is whole
}

// Against compares a whole chain with a head known from elsewhere (the matter's row, a receipt, a head printed or
// sent away): a chain alone cannot show that its end was cut off. A chain that has grown past the head must be
// checked up to it. A verdict that already has a fault stays as it is.
func (v Verdict) Against(known Head) Verdict {
	switch {
	case v.Fault != Whole:
		return v
	case v.Head.Count < known.Count:
		return Verdict{Head: v.Head, Fault: Short, At: v.Head.Count + 1}
	case v.Head != known:
		return Verdict{Head: v.Head, Fault: Forked, At: known.Count}
	}
	return v
}

// Event is one event of a matter as it is kept. See Next for the meaning and units.
type Event struct {
	Seq  int
	AtUS int64
	Kind string
	Body []byte
	Link Link
}

// VerifyMatter checks the events of one matter in the order of seq and stops at the first broken one.
func VerifyMatter(home, matterID int64, events iter.Seq[Event]) Verdict {
	var head Head
	for e := range events {
		pos := head.Count + 1
		if int64(e.Seq) != pos {
			return Verdict{Head: head, Fault: Gap, At: pos}
		}
		link := Next(head.Link, home, matterID, e.Seq, e.AtUS, e.Kind, e.Body)
		if link != e.Link {
			return Verdict{Head: head, Fault: Altered, At: pos}
		}
		head = Head{Count: pos, Link: link}
	}
	return Verdict{Head: head}
}

// Entry is one entry of a home's log as it is kept. See Append for the meaning.
type Entry struct {
	Pos  int64
	Leaf Link
	Link Link
}

// VerifyLog checks the entries of one home's log in the order of pos and stops at the first broken one. That each
// leaf is the link of an event that exists is for the caller to compare.
func VerifyLog(entries iter.Seq[Entry]) Verdict {
	var head Head
	for e := range entries {
		pos := head.Count + 1
		if e.Pos != pos {
			return Verdict{Head: head, Fault: Gap, At: pos}
		}
		link := Append(head.Link, e.Pos, e.Leaf)
		if link != e.Link {
			return Verdict{Head: head, Fault: Altered, At: pos}
		}
		head = Head{Count: pos, Link: link}
	}
	return Verdict{Head: head}
}
