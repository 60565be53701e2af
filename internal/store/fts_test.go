package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	words "huiyin/internal/query"
)

// parsed is a query as far as it can be understood.
func parsed(text string) words.Query {
	q, _ := words.Parse(text)
	return q
}

func FuzzMatch(f *testing.F) {
	s := open(f)
	for _, q := range []string{"", "噪音", `"`, "a* OR b", "body:x", "NEAR(a b)", "- + ^ ()", "座", "噪音 -“a b” -c", "\x00", "\u0301", "葛\U000E0100"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		err := s.Read(t.Context(), func(tx *Tx) error {
			for _, q := range []words.Query{words.Plain(query), parsed(query)} {
				if _, err := tx.MatchText(t.Context(), Search{Query: q}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Errorf("%q: %v", query, err)
		}
	})
}

func TestMatchExpression(t *testing.T) {
	for _, tt := range []struct {
		query string
		want  string
	}{
		{"", ""},
		{" ，", ""},
		{"噪音", `"噪音"`},
		{"拖欠工资", `"拖欠 欠工 工资"`},
		{"水", `"水" *`},
		{"A座", `"a 座" *`},
		{"A座楼", `"a 座楼"`},
		{"楼101", `"楼 101"`},
		{"朝阳区 噪音", `"朝阳 阳区" AND "噪音"`},
		{`a" OR "b`, `"a" AND "or" AND "b"`},
		{"\u0301", ""},
		{"-噪音", ""},
		{"物业 -噪音 -“夜间 施工”", `("物业") NOT ("噪音" OR "夜间 间 施工")`},
	} {
		if got := matchExpression(parsed(tt.query)); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.query, got, tt.want)
		}
	}
}

// index writes texts with the ids 1, 2 … of the home.
func index(t *testing.T, s *Store, home int64, texts ...string) {
	t.Helper()
	err := s.Update(t.Context(), home, func(tx *Tx) error {
		for i, text := range texts {
			if err := tx.IndexText(home*100+int64(i)+1, text); err != nil {
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
		{"two characters", Search{Query: parsed("物业")}, []int64{101}},
		{"phrase", Search{Query: parsed("拖欠农民工工资")}, []int64{101}},
		{"across a stop", Search{Query: parsed("扰民A座")}, []int64{102}},
		{"wrong order", Search{Query: parsed("业物")}, nil},
		{"two parts in any order", Search{Query: parsed("扰民 噪音")}, []int64{102}},
		{"one part missing", Search{Query: parsed("扰民 物业")}, nil},
		{"newest first", Search{Query: parsed("噪音")}, []int64{201, 102}},
		{"page", Search{Query: parsed("噪音"), Before: 201}, []int64{102}},
		{"limit", Search{Query: parsed("噪音"), Limit: 1}, []int64{201}},
		{"one character at the start", Search{Query: parsed("自")}, []int64{103}},
		{"one character inside", Search{Query: parsed("管")}, []int64{103}},
		{"one character at the end", Search{Query: parsed("座")}, []int64{103, 102}},
		{"word, any case", Search{Query: parsed("huiyin")}, []int64{102}},
		{"part of a word", Search{Query: parsed("huiy")}, nil},
		{"number", Search{Query: parsed("１０１")}, []int64{102}},
		{"mixed, open end", Search{Query: parsed("A座")}, []int64{102}},
		{"mixed, inside", Search{Query: parsed("楼101室")}, []int64{102}},
		{"character of a late plane", Search{Query: parsed("\U0002EBF0")}, []int64{202}},
		{"pair of late planes", Search{Query: parsed("\U000308F0\U0002EBF0")}, []int64{202}},
		{"home is no text", Search{Query: parsed("1")}, nil},
		{"nothing to look for", Search{Query: parsed("，")}, nil},
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
	if ids := search(t.Context(), t, s, Search{Query: parsed("噪音")}); len(ids) != 0 {
		t.Errorf("the old text is found: %v", ids)
	}
	if ids := search(t.Context(), t, s, Search{Query: parsed("工资")}); !slices.Equal(ids, []int64{101}) {
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
		err := s.Update(t.Context(), id, func(tx *Tx) error { return tx.IndexText(id, string(runes)) })
		if err != nil {
			rt.Fatal(err)
		}
		q := Search{Query: words.Plain(string(runes[from:to])), From: id, Before: id + 1}
		if q.Query.Empty() {
			return
		}
		if ids := search(t.Context(), t, s, q); !slices.Equal(ids, []int64{id}) {
			rt.Errorf("%q is not found in %q (%s)", q.Query.Text, string(runes), matchExpression(q.Query))
		}
	})
}

func sameWord(a, b rune) bool {
	return a < unicode.MaxASCII && b < unicode.MaxASCII && (unicode.IsLetter(a) && unicode.IsLetter(b) || unicode.IsDigit(a) && unicode.IsDigit(b))
}

// TestMarksAreWhatIsFound: what the full text finds for words is what has a mark for each of them in it and none for what must not occur.
func TestMarksAreWhatIsFound(t *testing.T) {
	s := open(t)
	id := int64(0)
	marked := func(text string, p words.Phrase) bool {
		parts := words.Query{Want: []words.Phrase{p}}.Mark(text)
		return slices.ContainsFunc(parts, func(p words.Part) bool { return p.Hit })
	}
	draw := func(rt *rapid.T, name string, n int) string {
		return string(rapid.SliceOfN(rapid.SampledFrom([]rune("噪音水座12aB ，“”-")), 1, n).Draw(rt, name))
	}
	rapid.Check(t, func(rt *rapid.T) {
		text, q := draw(rt, "text", 30), parsed(draw(rt, "query", 8))
		if q.Empty() {
			return
		}
		id++
		if err := s.Update(t.Context(), id, func(tx *Tx) error { return tx.IndexText(id, text) }); err != nil {
			rt.Fatal(err)
		}
		want := !slices.ContainsFunc(q.Want, func(p words.Phrase) bool { return !marked(text, p) }) &&
			!slices.ContainsFunc(q.Not, func(p words.Phrase) bool { return marked(text, p) })
		if got := len(search(t.Context(), t, s, Search{Query: q, From: id, Before: id + 1})) == 1; got != want {
			rt.Errorf("%q in %q: found %v, marked %v", q.Text, text, got, want)
		}
	})
}

// TestManyWords: as many words as a query can have are one expression that FTS5 takes.
func TestManyWords(t *testing.T) {
	s := open(t)
	var text strings.Builder
	for i := range words.MaxText / 2 {
		text.WriteString(string(rune('一'+i)) + " ")
	}
	index(t, s, 1, text.String())
	if ids := search(t.Context(), t, s, Search{Query: parsed(text.String())}); !slices.Equal(ids, []int64{101}) {
		t.Errorf("found %v", ids)
	}
	if ids := search(t.Context(), t, s, Search{Query: parsed("一 -" + strings.ReplaceAll(strings.TrimSpace(text.String()), " ", " -"))}); ids != nil {
		t.Errorf("found %v", ids)
	}
}

// TestIndexSharesTheFateOfItsTurn: words wait for the end of a shared transaction, and only those of turns that are kept get there.
func TestIndexSharesTheFateOfItsTurn(t *testing.T) {
	s := open(t)
	put := func(id int64, end error) func(*Tx) error {
		return func(tx *Tx) error {
			if err := tx.IndexText(id, "路灯"); err != nil {
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
		found, err := tx.MatchText(t.Context(), Search{Query: parsed("路灯")})
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

// TestMergeIndex: the parts that commits leave behind become few, step by step, and the same is found; then there is nothing left to do.
func TestMergeIndex(t *testing.T) {
	s := migrated(t)
	const commits = 12 // too few for automatic merging
	want := []int64{}
	for id := int64(1); id <= commits; id++ {
		if err := s.Update(t.Context(), 0, func(tx *Tx) error { return tx.IndexText(id, "路灯不亮") }); err != nil {
			t.Fatal(err)
		}
		want = append([]int64{id}, want...)
	}
	parts := func() (n int64) {
		if err := s.Read(t.Context(), func(tx *Tx) (err error) {
			n, err = One(t.Context(), tx, Named("test.parts", `select count(distinct segid) from matter_fts_idx`), Int64)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := parts(); n != commits {
		t.Fatalf("%d parts of %d commits", n, commits)
	}
	for steps, more := 0, true; more; steps++ {
		if err := s.Update(t.Context(), 0, func(tx *Tx) (err error) {
			more, err = tx.MergeIndex(t.Context())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if steps > 50 {
			t.Fatal("it never ends")
		}
	}
	if n := parts(); n > 3 {
		t.Errorf("%d parts are left", n)
	}
	if d := cmp.Diff(want, search(t.Context(), t, s, Search{Query: parsed("路灯")})); d != "" {
		t.Error(d)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
