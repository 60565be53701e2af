package assess

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Ratio is an exact share, Num of Den. It is in lowest terms when made by ParseRatio.
type Ratio struct {
	Num int `json:"num"`
	Den int `json:"den"`
}

// maxTerm bounds numerator and denominator of what is typed.
const maxTerm = 1_000_000

const percent = 100

// ParseRatio reads a percentage, "95" or "92.5" with or without the sign, or a fraction, "19/20". It is false for anything else.
func ParseRatio(text string) (Ratio, bool) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "％", "%"))
	if num, den, is := strings.Cut(text, "/"); is {
		n, errNum := strconv.Atoi(strings.TrimSpace(num))
		d, errDen := strconv.Atoi(strings.TrimSpace(den))
		if errNum != nil || errDen != nil || n < 0 || d <= 0 || n > maxTerm || d > maxTerm {
			return Ratio{}, false
		}
		return lowest(n, d), true
	}
	n, ok := ParseHundredths(strings.TrimSpace(strings.TrimSuffix(text, "%")))
	if !ok {
		return Ratio{}, false
	}
	return lowest(n, percent*percent), true
}

// ParseHundredths reads a number that is not negative, with two decimals at most: 12.5 is 1250.
func ParseHundredths(text string) (int, bool) {
	whole, part, dotted := strings.Cut(strings.TrimSpace(text), ".")
	const decimals, most = 2, 6
	if whole == "" || len(whole) > most || dotted && (part == "" || len(part) > decimals) {
		return 0, false
	}
	digits := whole + part + strings.Repeat("0", decimals-len(part))
	if strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// Hundredths writes hundredths as people do: 1250 is "12.5", 1200 "12".
func Hundredths(n int) string {
	text := fmt.Sprintf("%d.%02d", n/percent, n%percent)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

func lowest(n, d int) Ratio {
	r := big.NewRat(int64(n), int64(d))
	return Ratio{Num: int(r.Num().Int64()), Den: int(r.Denom().Int64())}
}

// String writes a ratio as a percentage where two decimals are enough, as a fraction otherwise. ParseRatio reads it back.
func (r Ratio) String() string {
	if r.Den > 0 && r.Num*percent*percent%r.Den == 0 {
		return Hundredths(r.Num*percent*percent/r.Den) + "%"
	}
	return strconv.Itoa(r.Num) + "/" + strconv.Itoa(r.Den)
}

// valid reports whether it is a share of something.
func (r Ratio) valid() bool { return r.Den > 0 && r.Num >= 0 && r.Num <= r.Den }

func (r Ratio) rat() *big.Rat { return big.NewRat(int64(r.Num), int64(r.Den)) }
