// Package proof chains events by hashes, so that a change of what was once written can be seen by anyone.
//
// There are two chains. Each matter has one over its own events, which a petitioner's receipt can quote. Each
// home has a log over the links of all its matters' events in the order they were written, so that the removal of a
// whole matter is seen too. Both use SHA-256 and nothing secret: whoever has the events and the two encodings
// below can check them with a program of their own.
//
// # Encoding of an event
//
// The link of an event is SHA-256 over these bytes, one after the other. Numbers are eight bytes, most significant
// first, negative ones in two's complement.
//
//	0x01                 version of the encoding
//	0x45                 "E", an event
//	32 bytes             link of the event before it in the matter; zeros for the first
//	8 bytes              home
//	8 bytes              matter
//	8 bytes              seq, counted from 1 within the matter
//	8 bytes              instant, microseconds since 1970-01-01T00:00:00Z
//	8 bytes and n bytes  length of the kind, then the kind in UTF-8
//	8 bytes and n bytes  length of the body, then the body exactly as stored
//
// # Encoding of a log entry
//
//	0x01                 version of the encoding
//	0x4C                 "L", a log entry
//	32 bytes             link of the entry before it; zeros for the first
//	8 bytes              pos, counted from 1 within the home
//	32 bytes             link of the event this entry is for
package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

const (
	version   = 0x01
	markEvent = 'E'
	markEntry = 'L'

	numberSize = 8
	// eventFixed is what an event needs beside kind and body: version, mark, link, four numbers and two lengths.
	eventFixed = 2 + sha256.Size + 6*numberSize
	entrySize  = 2 + sha256.Size + numberSize + sha256.Size
)

// Link is the hash that ties an event, or a log entry, to all that came before it. The zero Link stands before the
// first one.
type Link [sha256.Size]byte

// String is the link in 64 lower-case hexadecimal digits.
func (l Link) String() string { return hex.EncodeToString(l[:]) }

// ParseLink reads what String wrote; false when s is anything else.
func ParseLink(s string) (Link, bool) {
	var l Link
	if len(s) != hex.EncodedLen(len(l)) {
		return Link{}, false
	}
	if _, err := hex.Decode(l[:], []byte(s)); err != nil || l.String() != s {
		return Link{}, false
	}
	return l, true
}

// LinkOf reads a link kept as 32 bytes; false when b has another length.
func LinkOf(b []byte) (Link, bool) {
	if len(b) != sha256.Size {
		return Link{}, false
	}
	return Link(b), true
}

// Next returns the link of an event of a matter, given the link of the event before it. seq counts from 1, atUS is
// in microseconds UTC, body is what is stored, byte for byte.
func Next(prev Link, home, matterID int64, seq int, atUS int64, kind string, body []byte) Link {
	b := make([]byte, 0, eventFixed+len(kind)+len(body))
	b = append(b, version, markEvent)
	b = append(b, prev[:]...)
	b = number(b, home)
	b = number(b, matterID)
	b = number(b, int64(seq))
	b = number(b, atUS)
	b = append(number(b, int64(len(kind))), kind...)
	b = append(number(b, int64(len(body))), body...)
	return sha256.Sum256(b)
}

// Append returns the link of a home's log entry, given the link of the entry before it. pos counts from 1, leaf is
// the link of the event the entry is for.
func Append(prev Link, pos int64, leaf Link) Link {
	b := make([]byte, 0, entrySize)
	b = append(b, version, markEntry)
	b = append(b, prev[:]...)
	b = number(b, pos)
	b = append(b, leaf[:]...)
	return sha256.Sum256(b)
}

func number(b []byte, v int64) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(v)) //nolint:gosec // two's complement is what the encoding says
}
