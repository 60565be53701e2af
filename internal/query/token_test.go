package query

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"punctuation", " ，。！-\t", ""},
		{"one character", "水", "水"},
		{"two", "噪音", "噪音 音"},
		{"four", "拖欠工资", "拖欠 欠工 工资 资"},
		{"two stretches", "噪音，扰民", "噪音 音 扰民 民"},
		{"words and numbers", "Huiyin v2 was HERE", "huiyin v 2 was here"},
		{"mixed", "A座101室", "a 座 101 室"},
		{"full width", "Ａ１２３号", "a 123 号"},
		{"iteration mark", "人々", "人々 々"},
		{"rare character", "𠮷野家", "𠮷野 野家 家"},
		{"variant selector", "葛\U000E0100城", "葛城 城"},
		{"accents", "café", "café"},
		{"decomposed", "cafe\u0301", "cafe"},
		{"broken text", "a\xffb", "a b"},
		{"long word", strings.Repeat("x", maxWord+1), strings.Repeat("x", maxWord) + " x"},
		{"operators", `"NEAR(a* OR b)"`, "near a or b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, strings.Join(Tokens(tt.text), " ")); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(tt.want, Line(tt.text)); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "噪音，扰民", "A座101室", "\xff\x00", "葛\U000E0100城", "ＡＢＣ", "ǅ Σς İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d := cmp.Diff(strings.Join(Tokens(text), " "), Line(text)); d != "" {
			t.Error(d)
		}
		for _, token := range Tokens(text) {
			n := utf8.RuneCountInString(token)
			if n == 0 || n > maxWord || !utf8.ValidString(token) {
				t.Errorf("%q gives the token %q", text, token)
			}
			for _, r := range token {
				if unicode.IsSpace(r) || r == '"' || classOf(r) == other {
					t.Errorf("%q gives the token %q", text, token)
				}
			}
			if first, _ := utf8.DecodeRuneInString(token); classOf(first) == han && n > 2 {
				t.Errorf("%q gives the token %q", text, token)
			}
		}
	})
}
