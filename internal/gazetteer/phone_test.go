package gazetteer_test

import (
	"testing"

	"huiyin/internal/gazetteer"
)

func TestCheckPhone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, normal, code string
		n                any
	}{
		{"13800000000", "13800000000", "", nil},
		{"138 0000-0000", "13800000000", "", nil},
		{"＋８６ 138 0000 0000", "13800000000", "", nil},
		{"（0571）0000 0012", "057100000012", "", nil},
		{"+86 571 0000 0012", "057100000012", "", nil},
		{"+86-0571-00000012", "057100000012", "", nil},
		{"010-00000012", "01000000012", "", nil},
		{"+44 20 0000 0000", "+442000000000", "", nil},
		{"12800000000", "12800000000", "gazetteer.phone.unknown", nil},
		{"057100000", "057100000", "gazetteer.phone.length", 9},
		{"00000012", "00000012", "gazetteer.phone.length", 8},
		{"", "", "gazetteer.phone.length", 0},
		{"1380000000012", "1380000000012", "gazetteer.phone.length", 13},
		{"0012345678901", "0012345678901", "gazetteer.phone.length", 13},
		{"没有电话", "没有电话", "gazetteer.phone.character", 1},
		{"1380000000o", "1380000000o", "gazetteer.phone.character", 11},
		{"+1x", "+1x", "gazetteer.phone.character", 3},
	} {
		if got := gazetteer.NormalizePhone(c.in); got != c.normal {
			t.Errorf("NormalizePhone(%q) = %q, want %q", c.in, got, c.normal)
		}
		err := gazetteer.CheckPhone(c.in)
		if c.code == "" {
			if err != nil {
				t.Errorf("CheckPhone(%q) = %v", c.in, err)
			}
			continue
		}
		wantCode(t, c.in, err, c.code, c.n)
	}
}

func FuzzCheckPhone(f *testing.F) {
	for _, seed := range []string{"13800000000", "+8657100000012", "+86+86", "(", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if gazetteer.CheckPhone(s) != nil {
			return
		}
		number := gazetteer.NormalizePhone(s)
		if again := gazetteer.NormalizePhone(number); again != number || gazetteer.CheckPhone(number) != nil {
			t.Fatalf("%q passes as %q, which becomes %q", s, number, again)
		}
	})
}
