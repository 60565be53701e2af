package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
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
		})
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "噪音，扰民", "A座101室", "\xff\x00", "葛\U000E0100城", "ＡＢＣ", "ǅ Σς İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
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

func FuzzMatch(f *testing.F) {
	s := open(f)
	for _, q := range []string{"", "噪音", `"`, "a* OR b", "body:x", "NEAR(a b)", "- + ^ ()", "座", "\x00", "\u0301", "葛\U000E0100"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		err := s.Read(t.Context(), func(tx *Tx) error {
			_, err := tx.MatchText(t.Context(), Search{Query: query, Homes: []int64{1, -2}})
			return err
		})
		if err != nil {
			t.Errorf("%q: %v", query, err)
		}
	})
}

func TestMatchExpression(t *testing.T) {
	for _, tt := range []struct {
		query string
		homes []int64
		want  string
	}{
		{"", nil, ""},
		{" ，", []int64{1}, ""},
		{"噪音", nil, `body : ("噪音")`},
		{"拖欠工资", nil, `body : ("拖欠 欠工 工资")`},
		{"水", nil, `body : ("水" *)`},
		{"A座", nil, `body : ("a 座" *)`},
		{"A座楼", nil, `body : ("a 座楼")`},
		{"楼101", nil, `body : ("楼 101")`},
		{"朝阳区 噪音", []int64{7}, `home : ("7") AND body : ("朝阳 阳区" AND "噪音")`},
		{`a" OR "b`, []int64{7, 8}, `home : ("7" OR "8") AND body : ("a" AND "or" AND "b")`},
		{"\u0301", nil, ""},
		{
			strings.Repeat("a", maxQuery) + " b", nil,
			`body : ("` + strings.Repeat(strings.Repeat("a", maxWord)+" ", 3) + strings.Repeat("a", maxQuery-3*maxWord) + `")`,
		},
	} {
		if got := matchExpression(tt.query, tt.homes); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.query, got, tt.want)
		}
	}
}

// index writes texts with the ids 1, 2 … of the home.
func index(t *testing.T, s *Store, home int64, texts ...string) {
	t.Helper()
	err := s.Update(t.Context(), home, func(tx *Tx) error {
		for i, text := range texts {
			if err := tx.IndexText(home, home*100+int64(i)+1, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// search returns the ids found.
func search(ctx context.Context, t *testing.T, s *Store, q Search) []int64 {
	t.Helper()
	var ids []int64
	err := s.Read(ctx, func(tx *Tx) (err error) {
		ids, err = tx.MatchText(ctx, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestSearch(t *testing.T) {
	s := open(t)
	index(t, s, 1,
		"反映朝阳区某小区物业公司长期拖欠农民工工资。",
		"楼上住户夜间施工噪音扰民，A座楼101室 Project HUIYIN",
		"自来水管漏水，供水公司不予处理；讲座",
	)
	index(t, s, 2, "噪音问题，人 民 路", "户主\U000308EF某\U000308F0\U0002EBF0")
	for _, tt := range []struct {
		name string
		q    Search
		want []int64
	}{
		{"two characters", Search{Query: "物业"}, []int64{101}},
		{"phrase", Search{Query: "拖欠农民工工资"}, []int64{101}},
		{"across a stop", Search{Query: "扰民A座"}, []int64{102}},
		{"wrong order", Search{Query: "业物"}, nil},
		{"two parts in any order", Search{Query: "扰民 噪音"}, []int64{102}},
		{"one part missing", Search{Query: "扰民 物业"}, nil},
		{"newest first", Search{Query: "噪音"}, []int64{201, 102}},
		{"home", Search{Query: "噪音", Homes: []int64{1}}, []int64{102}},
		{"homes", Search{Query: "噪音", Homes: []int64{1, 2, 3}}, []int64{201, 102}},
		{"page", Search{Query: "噪音", Before: 201}, []int64{102}},
		{"limit", Search{Query: "噪音", Limit: 1}, []int64{201}},
		{"one character at the start", Search{Query: "自"}, []int64{103}},
		{"one character inside", Search{Query: "管"}, []int64{103}},
		{"one character at the end", Search{Query: "座"}, []int64{103, 102}},
		{"word, any case", Search{Query: "huiyin"}, []int64{102}},
		{"part of a word", Search{Query: "huiy"}, nil},
		{"number", Search{Query: "１０１"}, []int64{102}},
		{"mixed, open end", Search{Query: "A座"}, []int64{102}},
		{"mixed, inside", Search{Query: "楼101室"}, []int64{102}},
		{"character of a late plane", Search{Query: "\U0002EBF0"}, []int64{202}},
		{"pair of late planes", Search{Query: "\U000308F0\U0002EBF0"}, []int64{202}},
		{"home is no text", Search{Query: "1"}, nil},
		{"nothing to look for", Search{Query: "，"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, search(t.Context(), t, s, tt.q)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestIndexFollowsTheText(t *testing.T) {
	s := open(t)
	index(t, s, 1, "噪音扰民")
	index(t, s, 1, "拖欠工资")
	if ids := search(t.Context(), t, s, Search{Query: "噪音"}); len(ids) != 0 {
		t.Errorf("the old text is found: %v", ids)
	}
	if ids := search(t.Context(), t, s, Search{Query: "工资"}); !slices.Equal(ids, []int64{101}) {
		t.Errorf("the new text gives %v", ids)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestSearchFindsEveryPart draws a text and a stretch of it: the search must find it, as a person would.
func TestSearchFindsEveryPart(t *testing.T) {
	s := open(t)
	id := int64(0)
	rapid.Check(t, func(rt *rapid.T) {
		runes := rapid.SliceOfN(rapid.SampledFrom([]rune("噪音扰民水座12aB ，")), 1, 30).Draw(rt, "text")
		from := rapid.IntRange(0, len(runes)-1).Draw(rt, "from")
		to := rapid.IntRange(from+1, len(runes)).Draw(rt, "to")
		// whole words and numbers only: those are not found by their parts
		for from > 0 && sameWord(runes[from-1], runes[from]) {
			from--
		}
		for to < len(runes) && sameWord(runes[to-1], runes[to]) {
			to++
		}
		id++
		err := s.Update(t.Context(), id, func(tx *Tx) error { return tx.IndexText(id, id, string(runes)) })
		if err != nil {
			rt.Fatal(err)
		}
		q := Search{Query: string(runes[from:to]), Homes: []int64{id}}
		if len(Tokens(q.Query)) == 0 {
			return
		}
		if ids := search(t.Context(), t, s, q); !slices.Equal(ids, []int64{id}) {
			rt.Errorf("%q is not found in %q (%s)", q.Query, string(runes), matchExpression(q.Query, nil))
		}
	})
}

func sameWord(a, b rune) bool {
	c := classOf(a)
	return c == classOf(b) && (c == letter || c == digit)
}

// TestIndexSharesTheFateOfItsTurn: words wait for the end of a shared transaction, and only those of turns that are kept get there.
func TestIndexSharesTheFateOfItsTurn(t *testing.T) {
	s := open(t)
	put := func(id int64, end error) func(*Tx) error {
		return func(tx *Tx) error {
			if err := tx.IndexText(1, id, "路灯"); err != nil {
				return err
			}
			return end
		}
	}
	refused := errs.E(errs.Refused, "act.state")
	for i, err := range together(t, s, put(9, nil), put(8, refused), put(3, nil), put(9, nil)) {
		if want := i == 1; (err != nil) != want {
			t.Errorf("turn %d: %v", i, err)
		}
	}
	err := s.Read(t.Context(), func(tx *Tx) error {
		found, err := tx.MatchText(t.Context(), Search{Query: "路灯"})
		if d := cmp.Diff([]int64{9, 3}, found); d != "" {
			t.Error(d)
		}
		if err != nil {
			return err
		}
		return put(5, nil)(tx)
	})
	wantError(t, err, errs.Internal, "store.read_only")
}
