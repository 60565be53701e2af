package usecase

import (
	"fmt"
	"io"
	"strings"

	"huiyin/internal/errs"
)

// A query code is three groups of four characters: the home, then chance, then a check character. It says where the submission lies,
// so that a look-up touches one home, and a slip of the pen is told from a code that does not exist.
const (
	codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford: without I, L, O, U
	codeHome     = 4
	codeChance   = 7
	pinDigits    = 6
)

// newCode makes a query code for a home.
func newCode(random io.Reader, home int64) (string, error) {
	chance := make([]byte, codeChance)
	if _, err := io.ReadFull(random, chance); err != nil {
		return "", fmt.Errorf("query code: %w", err)
	}
	s := make([]byte, 0, codeHome+codeChance+1)
	for i := codeHome - 1; i >= 0; i-- {
		s = append(s, codeAlphabet[home>>(5*i)&31])
	}
	for _, b := range chance {
		s = append(s, codeAlphabet[b&31])
	}
	return string(append(s, checkCharacter(s))), nil
}

// checkCharacter catches every single wrong character and every swap of neighbours.
func checkCharacter(s []byte) byte {
	sum := 0
	for i, c := range s {
		sum += (2*i + 1) * strings.IndexByte(codeAlphabet, c)
	}
	return codeAlphabet[sum%32]
}

// FormatCode writes a code as people read it: 4K7Q-7H3M-92KQ.
func FormatCode(code string) string {
	if len(code) != codeHome+codeChance+1 {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}

// parseCode reads a code as people write it and gives its home. The error says only that it was written down wrong, which
// anybody can see from the code itself.
func parseCode(text string) (code string, home int64, err error) {
	var s []byte
	for _, c := range strings.ToUpper(text) {
		switch c {
		case '-', ' ', '－', '—', '　':
			continue
		case 'O':
			c = '0'
		case 'I', 'L':
			c = '1'
		}
		if c > 127 || strings.IndexByte(codeAlphabet, byte(c)) < 0 {
			return "", 0, errs.Fields([]errs.Field{errs.F("code", "code.mistyped")})
		}
		s = append(s, byte(c))
	}
	if len(s) != codeHome+codeChance+1 || checkCharacter(s[:len(s)-1]) != s[len(s)-1] {
		return "", 0, errs.Fields([]errs.Field{errs.F("code", "code.mistyped")})
	}
	for _, c := range s[:codeHome] {
		home = home<<5 | int64(strings.IndexByte(codeAlphabet, c))
	}
	return string(s), home, nil
}

// newPIN makes a PIN of six digits, each equally likely.
func newPIN(random io.Reader) (string, error) {
	pin := make([]byte, 0, pinDigits)
	b := make([]byte, 1)
	for len(pin) < pinDigits {
		if _, err := io.ReadFull(random, b); err != nil {
			return "", fmt.Errorf("pin: %w", err)
		}
		if b[0] < 250 { // 250 = 25 × 10: no digit is likelier
			pin = append(pin, '0'+b[0]%10)
		}
	}
	return string(pin), nil
}
