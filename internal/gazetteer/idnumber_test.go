package gazetteer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
)

func TestCheckIDNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, code string
		n        any
	}{
		// The two published samples of GB 11643.
		{"11010519491231002X", "", nil},
		{"440524188001010014", "", nil},
		// What people type.
		{"11010519491231002x", "", nil},
		{"１１０１０５１９４９１２３１００２Ｘ", "", nil},
		{" 110105 19491231-002X\u200b", "", nil},
		// An area that no table knows is no error.
		{"00000019900228001X", "", nil},
		// The numbers before the standard.
		{"110105491231002", "", nil},
		{"110105491331002", "gazetteer.id.date", nil},
		{"11010549123100X", "gazetteer.id.character", 15},

		{"", "gazetteer.id.length", 0},
		{"1101051949123100", "gazetteer.id.length", 16},
		{"11010519491231002XX", "gazetteer.id.length", 19},
		{"一一〇一〇五一九四九一二三一〇〇二", "gazetteer.id.length", 17},
		{"1101051949123100X2", "gazetteer.id.character", 17},
		{"11010五194912310021", "gazetteer.id.character", 6},
		{"11010519491231002Y", "gazetteer.id.character", 18},
		{"110105194902300020", "gazetteer.id.date", nil},
		{"110105190002290020", "gazetteer.id.date", nil},
		{"110105000001010020", "gazetteer.id.date", nil},
		{"110105194912310021", "gazetteer.id.check", nil},
		{"110105194912310012", "gazetteer.id.check", nil},
	} {
		err := gazetteer.CheckIDNumber(c.in)
		if c.code == "" {
			if err != nil {
				t.Errorf("CheckIDNumber(%q) = %v", c.in, err)
			}
			continue
		}
		wantCode(t, c.in, err, c.code, c.n)
	}
}

func wantCode(t *testing.T, in string, err error, code string, n any) {
	t.Helper()
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind != errs.Invalid || e.Code != code {
		t.Errorf("%q: %v, want %s", in, err, code)
		return
	}
	if n != nil && (len(e.Args) != 1 || e.Args[0] != errs.Arg{Key: "n", Value: n}) {
		t.Errorf("%q: arguments %v, want n = %v", in, e.Args, n)
	}
}

func drawID(t *rapid.T) string {
	days := rapid.IntRange(1, 28)
	return fmt.Sprintf("%06d%04d%02d%02d%03d", rapid.IntRange(0, 999999).Draw(t, "area"),
		rapid.IntRange(1880, 2030).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), days.Draw(t, "day"),
		rapid.IntRange(0, 999).Draw(t, "sequence"))
}

// standardCheck completes 17 digits by the weights and remainders as GB 11643 prints them.
func standardCheck(first string) byte {
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(first[i]-'0')
	}
	return "10X98765432"[sum%11]
}

// Just one character completes 17 digits, and it is the one that the standard gives.
func TestOneCheckCharacterFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := drawID(t)
		want := standardCheck(first)
		for _, c := range "0123456789X" {
			err := gazetteer.CheckIDNumber(first + string(c))
			if fits := err == nil; fits != (byte(c) == want) {
				t.Fatalf("%s%c: %v, the check character is %c", first, c, err, want)
			}
		}
	})
}

// One digit wrong, or two neighbours changed over, never gives a number that passes: what the check character is for.
func TestSlipsAreCaught(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := drawID(t)
		number := []byte(first + string(standardCheck(first)))
		at := rapid.IntRange(0, 15).Draw(t, "at")
		wrong := append([]byte(nil), number...)
		if rapid.Bool().Draw(t, "swap") {
			wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
		} else {
			wrong[at] = byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		}
		if string(wrong) != string(number) && gazetteer.CheckIDNumber(string(wrong)) == nil {
			t.Fatalf("%s passes, meant was %s", wrong, number)
		}
	})
}

func FuzzCheckIDNumber(f *testing.F) {
	for _, seed := range []string{"11010519491231002X", "440524188001010014", "110105491231002", "\xff", "１１", "ﬀﬀﬀﬀﬀﬀﬀﬀﬀ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		number := gazetteer.NormalizeIDNumber(s)
		if again := gazetteer.NormalizeIDNumber(number); again != number {
			t.Fatalf("%q becomes %q, then %q", s, number, again)
		}
		err := gazetteer.CheckIDNumber(s)
		if same := gazetteer.CheckIDNumber(number); (same == nil) != (err == nil) {
			t.Fatalf("%q: %v, but %q: %v", s, err, number, same)
		}
		if err == nil && strings.Trim(number, "0123456789X") != "" {
			t.Fatalf("%q passes", number)
		}
	})
}
