// Package open decides what of counted things may be shown to everybody. It is pure.
//
// A table counts things in rows (places, subjects) and columns, for a closed period. A count from one up to a least number says too much about too few people.
// So a row is shown as a whole or not at all: one with such a count is merged with others into one row, the rest, until the rest is itself without such a count.
// Total, shown rows and the rest then say nothing that is not shown anyway, however they are subtracted from each other.
//
// Periods contain each other: a row that is merged in one month and shown in its quarter and the two other months could be had by subtraction. Therefore, before a
// period is shown, another world is looked for, for each count that is not shown in it and in the periods inside it: all that was ever shown stays the same, and that count is
// another. Only if there is one for each is the period shown so; otherwise more is merged ([Decide]). What was shown once stays as it is.
package open

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// Period is a month, a quarter or a year: From its first day to its last one.
type Period struct{ From, To law.Day }

const (
	quarterMonths = 3
	yearMonths    = 12
)

// spanning is the period of so many months that begins with one.
func spanning(year, month, months int) Period {
	from := law.NewDay(year, time.Month(month), 1)
	return Period{From: from, To: law.NewDay(year, time.Month(month+months), 1) - 1}
}

// Parse reads a period: 2026, 2026-Q3 or 2026-10. What is none is errs.NotFound "open.period".
func Parse(text string) (Period, error) {
	none := errs.E(errs.NotFound, "open.period", "period", text)
	head, tail, parted := strings.Cut(text, "-")
	year, err := strconv.Atoi(head)
	if err != nil || len(head) != 4 || year < 1 {
		return Period{}, none
	}
	p := spanning(year, 1, yearMonths)
	if quarter, ok := strings.CutPrefix(tail, "Q"); parted && ok {
		n, err := strconv.Atoi(quarter)
		if err != nil || n < 1 || n > yearMonths/quarterMonths {
			return Period{}, none
		}
		p = spanning(year, (n-1)*quarterMonths+1, quarterMonths)
	} else if parted {
		n, err := strconv.Atoi(tail)
		if err != nil || n < 1 || n > yearMonths {
			return Period{}, none
		}
		p = spanning(year, n, 1)
	}
	if p.String() != text {
		return Period{}, none
	}
	return p, nil
}

// Months is how long it is: 1, 3 or 12.
func (p Period) Months() int {
	y1, m1, _ := p.From.Date()
	y2, m2, _ := p.To.Date()
	return (y2-y1)*yearMonths + int(m2) - int(m1) + 1
}

// String writes a period as Parse reads it.
func (p Period) String() string {
	y, m, _ := p.From.Date()
	switch p.Months() {
	case 1:
		return fmt.Sprintf("%04d-%02d", y, m)
	case quarterMonths:
		return fmt.Sprintf("%04d-Q%d", y, (int(m)+quarterMonths-1)/quarterMonths)
	}
	return fmt.Sprintf("%04d", y)
}

// Inside are the periods that one is made of: the months of a quarter; the quarters of a year, each after its months.
func (p Period) Inside() []Period {
	y, m, _ := p.From.Date()
	var out []Period
	switch p.Months() {
	case quarterMonths:
		for i := range quarterMonths {
			out = append(out, spanning(y, int(m)+i, 1))
		}
	case yearMonths:
		for i := 1; i <= yearMonths; i += quarterMonths {
			q := spanning(y, i, quarterMonths)
			out = append(append(out, q.Inside()...), q)
		}
	}
	return out
}

// Holds reports whether a period lies in this one, and is not the same.
func (p Period) Holds(q Period) bool { return p != q && p.From <= q.From && q.To <= p.To }

// Closed are the periods from a day's year on that ended before a day, each after those inside it.
func Closed(from, before law.Day) []Period {
	y, _, _ := from.Date()
	var out []Period
	for p := spanning(y, 1, yearMonths); p.From < before; p = spanning(y, 1, yearMonths) {
		for _, q := range append(p.Inside(), p) {
			if q.To < before {
				out = append(out, q)
			}
		}
		y++
	}
	return out
}
