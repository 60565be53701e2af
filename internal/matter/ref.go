// Package matter is the lawful life of a petition matter (信访事项): submissions, demands, legs, clocks, the table of
// transitions and the events they leave. It is pure: a command is decided against the matter, the day, the rules and
// the organisation, and gives events; the matter is the fold of its events and of nothing else.
package matter

import (
	"fmt"
	"strconv"
	"strings"

	"huiyin/internal/errs"
)

// serialsPerYear is how many numbers a home can give in one year.
const serialsPerYear = 10_000_000

// Ref identifies a submission (信访件) or a matter (信访事项): the home where it was first registered, which never changes,
// and a number that counts within home and year. A matter takes the number of the submission that opened it.
// As text it is the registration number printed on receipts: 330112-2026-0000123.
type Ref struct {
	Home int64 `json:"home"`
	N    int64 `json:"n"`
}

// NewRef makes the reference of the serial-th registration of a year at a home.
func NewRef(home int64, year int, serial int64) Ref {
	return Ref{Home: home, N: int64(year)*serialsPerYear + serial}
}

// IsZero reports whether the reference names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// String gives the registration number, empty for the zero reference.
func (r Ref) String() string {
	if r.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d-%04d-%07d", r.Home, r.N/serialsPerYear, r.N%serialsPerYear)
}

// ParseRef reads a registration number.
func ParseRef(s string) (Ref, error) {
	bad := errs.E(errs.Invalid, "matter.number.bad")
	parts := strings.Split(strings.TrimSpace(s), "-")
	if len(parts) != 3 || len(parts[0]) > 12 || len(parts[1]) != 4 || len(parts[2]) != 7 {
		return Ref{}, bad
	}
	var n [3]int64
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 62)
		if err != nil {
			return Ref{}, bad
		}
		n[i] = int64(v)
	}
	if n[0] == 0 || n[2] == 0 {
		return Ref{}, bad
	}
	return NewRef(n[0], int(n[1]), n[2]), nil
}

// MarshalText writes the registration number.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a registration number; the empty text is the zero reference.
func (r *Ref) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*r = Ref{}
		return nil
	}
	v, err := ParseRef(string(b))
	if err != nil {
		return err
	}
	*r = v
	return nil
}
