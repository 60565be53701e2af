package document

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf16"
)

// The places of a PDF file, as gopdf writes it, that speak of a character beyond the basic plane or of a place.
var (
	charMap   = regexp.MustCompile(`/Length (\d+)\n>>\nstream\n/CIDInit[^\x00]*?endstream`)
	farChar   = regexp.MustCompile(`(<[0-9A-F]{4}><[0-9A-F]{4}>)<([0-9A-F]{5,6})>`)
	xrefPlace = regexp.MustCompile(`(\d{10}) 00000 n `)
	xrefStart = regexp.MustCompile(`startxref\n(\d+)`)
)

// edit replaces a part of a file.
type edit struct {
	from, to int
	text     string
}

// farCharacters puts right what gopdf writes of characters beyond the basic plane: their number as it is, where PDF
// asks for UTF-16. Without this a rare name is printed rightly and copied or found as another. What follows moves, so
// the lengths and the table of places are written anew.
func farCharacters(pdf []byte) []byte {
	table := bytes.LastIndex(pdf, []byte("\nxref\n"))
	if table < 0 {
		return pdf
	}
	var edits []edit
	for _, m := range charMap.FindAllSubmatchIndex(pdf[:table], -1) {
		edits = append(edits, mapEdits(pdf, m[0], m[1], m[2], m[3])...)
	}
	if len(edits) == 0 {
		return pdf
	}
	moved := func(place int) int {
		by := 0
		for _, e := range edits {
			if e.from < place {
				by += len(e.text) - (e.to - e.from)
			}
		}
		return place + by
	}
	tail := xrefPlace.ReplaceAllFunc(pdf[table:], func(m []byte) []byte {
		return fmt.Appendf(nil, "%010d 00000 n ", moved(number(m[:10])))
	})
	tail = xrefStart.ReplaceAllFunc(tail, func(m []byte) []byte {
		return fmt.Appendf(nil, "startxref\n%d", moved(number(m[len("startxref\n"):])))
	})
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, pdf[at:e.from]...), e.text...)
		at = e.to
	}
	return append(append(out, pdf[at:table]...), tail...)
}

// mapEdits gives the edits of one map of characters, which reaches from from to to and tells its length between
// lengthFrom and lengthTo.
func mapEdits(pdf []byte, from, to, lengthFrom, lengthTo int) []edit {
	var edits []edit
	grown := 0
	for _, m := range farChar.FindAllSubmatchIndex(pdf[from:to], -1) {
		r, err := strconv.ParseInt(string(pdf[from+m[4]:from+m[5]]), 16, 32)
		if err != nil {
			continue
		}
		high, low := utf16.EncodeRune(rune(r))
		e := edit{from: from + m[4], to: from + m[5], text: fmt.Sprintf("%04X%04X", high, low)}
		grown += len(e.text) - (e.to - e.from)
		edits = append(edits, e)
	}
	if grown == 0 {
		return nil
	}
	length := strconv.Itoa(number(pdf[lengthFrom:lengthTo]) + grown)
	return append([]edit{{from: lengthFrom, to: lengthTo, text: length}}, edits...)
}

// number reads digits that an expression has found; beyond what an int holds it is 0.
func number(digits []byte) int {
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return 0
	}
	return n
}
