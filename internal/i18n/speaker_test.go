package i18n

import (
	"errors"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

func sample(t *testing.T) *Catalog {
	t.Helper()
	c, err := load(fstest.MapFS{
		"a.zh.json": {Data: []byte(`{"greet":"{name}您好","state.open":"办理中","now":"现在{state@state}","left":"还有 {n} 件","day":"最迟 {day}",
			"internal":"出了故障","error.under":"{words}（{article}）","format.day.full":"{y} 年 {m} 月 {d} 日 {week}","format.list":"、","format.week.1":"周一","format.month.9":"9 月","format.longmonth.9":"9 月"}`)},
		"a.en.json": {Data: []byte(`{"greet":"Hello {name}","state.open":"being handled","now":"now {state@state}","left":"one left|{n} left","我要反映":"Speak up",
			"internal":"failed","error.under":"{words} ({article})"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestT(t *testing.T) {
	c := sample(t)
	monday := law.NewDay(2026, time.September, 28)
	for _, row := range []struct {
		lang  Lang
		key   string
		pairs []any
		want  string
	}{
		{Zh, "greet", []any{"name", "周敏"}, "周敏您好"},
		{Zh, "greet", nil, "{name}您好"},
		{Zh, "greet", []any{"other", "周敏"}, "{name}您好"},
		{Zh, "greet", []any{"name"}, "{name}您好"},
		{Zh, "greet", []any{"name", "{n}"}, "{n}您好"}, // an argument is never read as a text
		{Zh, "greet", []any{"name", []string{"甲", "乙"}}, "甲、乙您好"},
		{Zh, "now", []any{"state", "open"}, "现在办理中"},
		{En, "now", []any{"state", "open"}, "now being handled"},
		{Zh, "now", []any{"state", "none"}, "现在⟦state.none⟧"},
		{Zh, "我要反映", nil, "我要反映"},
		{Zh, "还有 {n} 天", []any{"n", 7}, "还有 7 天"},
		{En, "我要反映", nil, "Speak up"},
		{En, "我不要反映", nil, "⟦我不要反映⟧"},
		{Zh, "no.such", nil, "⟦no.such⟧"},
		{En, "left", []any{"n", 1}, "one left"},
		{En, "left", []any{"n", int64(1)}, "one left"},
		{En, "left", []any{"n", 0}, "0 left"},
		{En, "left", []any{"n", 21}, "21 left"},
		{Zh, "left", []any{"n", 1}, "还有 1 件"},
		{Zh, "day", []any{"day", monday}, "最迟 2026 年 9 月 28 日 周一"},
	} {
		if got := c.For(row.lang).T(row.key, row.pairs...); got != row.want {
			t.Errorf("%s %q %v = %q, want %q", row.lang, row.key, row.pairs, got, row.want)
		}
	}
}

func TestErr(t *testing.T) {
	s := sample(t).For(Zh)
	refused := errs.E(errs.Refused, "greet", "name", "周敏")
	for _, row := range []struct {
		err  error
		want string
	}{
		{refused, "周敏您好"},
		{fmt.Errorf("while saving: %w", refused), "周敏您好"},
		{refused.Under("条例第三十四条"), "周敏您好（条例第三十四条）"},
		{errors.New("disk full at /var"), "出了故障"},
	} {
		if got := s.Err(row.err); got != row.want {
			t.Errorf("%v = %q, want %q", row.err, got, row.want)
		}
	}
	err := errs.Fields([]errs.Field{errs.F("a.0", "left", "n", 2), errs.F("a.0", "greet", "name", "甲"), errs.F("b", "state.open")})
	want := map[string][]string{"a.0": {"还有 2 件", "甲您好"}, "b": {"办理中"}}
	if diff := cmp.Diff(want, s.Fields(err)); diff != "" {
		t.Error(diff)
	}
	if got := s.Fields(errors.New("other")); got != nil {
		t.Errorf("fields of another error: %v", got)
	}
}

func TestMatch(t *testing.T) {
	for header, want := range map[string]Lang{
		"": Zh, "zh-CN,zh;q=0.9,en;q=0.8": Zh, "en-US,en;q=0.9": En, "fr, en;q=0.5": En, "fr": Zh, "EN": En, ",;q": Zh, "english": Zh,
	} {
		if got := Match(header); got != want {
			t.Errorf("%q = %s, want %s", header, got, want)
		}
	}
}

func TestFormats(t *testing.T) {
	c := catalogue(t)
	zh, en := c.For(Zh), c.For(En)
	monday := law.NewDay(2026, time.September, 28)
	// 2026-09-28 09:42 in Shanghai is 01:42 UTC
	instant := time.Date(2026, time.September, 28, 1, 42, 7, 0, time.UTC).UnixMicro()
	for _, row := range []struct{ got, want string }{
		{zh.Day(monday), "9 月 28 日 周一"},
		{en.Day(monday), "28 Sep 2026 (Mon)"},
		{zh.FullDay(monday), "2026 年 9 月 28 日 周一"},
		{zh.PaperDay(monday), "2026年9月28日"},
		{en.PaperDay(monday), "28 September 2026"},
		{zh.ShortDay(monday), "09-28 周一"},
		{zh.ShortDay(law.NewDay(2027, time.January, 3)), "01-03 周日"},
		{en.ShortDay(monday), "28 Sep, Mon"},
		{zh.MonthDay(monday), "09-28"},
		{en.MonthDay(monday), "28 Sep"},
		{zh.ISO(monday), "2026-09-28"},
		{zh.Day(law.NoDay), "—"},
		{zh.ISO(law.NoDay), ""},
		{zh.Instant(instant), "2026 年 9 月 28 日 09:42"},
		{en.Instant(instant), "28 Sep 2026, 09:42"},
		{zh.ShortInstant(instant), "09-28 09:42"},
		{zh.Clock(instant), "09:42"},
		{zh.InstantISO(instant), "2026-09-28T09:42:07+08:00"},
		{zh.Left(7), "还有 7 天"},
		{zh.Left(0), "今天"},
		{zh.Left(-3), "超期 3 天"},
		{en.Left(1), "1 day left"},
		{en.Left(7), "7 days left"},
		{en.Left(-3), "3 days late"},
		{zh.LeftShort(2), "剩 2 天"},
		{zh.Number(418207), "418,207"},
		{zh.Number(-1000), "-1,000"},
		{zh.Number(999), "999"},
		{zh.Number(0), "0"},
		{zh.Capped(318, 1000), "318"},
		{zh.Capped(1000, 1000), "1,000+"},
		{zh.Percent(494, 512), "96.5%"},
		{zh.Percent(1, 3), "33.3%"},
		{zh.Percent(2, 3), "66.7%"},
		{zh.Percent(1, 2000), "0.1%"},
		{zh.Percent(512, 512), "100.0%"},
		{zh.Percent(0, 0), "—"},
		{zh.Size(0), "0 B"},
		{zh.Size(1023), "1023 B"},
		{zh.Size(1024), "1.0 KB"},
		{zh.Size(2_411_724), "2.2 MB"},
		{zh.Size(1 << 62), "4,194,304.0 TB"},
		{zh.List([]string{"甲", "乙"}), "甲、乙"},
		{en.List([]string{"a", "b", "c"}), "a, b, c"},
	} {
		if row.got != row.want {
			t.Errorf("%q, want %q", row.got, row.want)
		}
	}
}

// A text is filled once: whatever an argument holds comes out as it went in.
func TestArgumentsComeOutAsTheyWentIn(t *testing.T) {
	s := sample(t).For(Zh)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		if got := s.T("greet", "name", name); got != name+"您好" {
			t.Errorf("%q became %q", name, got)
		}
	})
}

// Grouping never changes a number.
func TestNumberKeepsItsDigits(t *testing.T) {
	s := sample(t).For(Zh)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		var digits []byte
		for _, b := range []byte(s.Number(n)) {
			if b != ',' {
				digits = append(digits, b)
			}
		}
		if string(digits) != fmt.Sprint(n) {
			t.Errorf("%d became %s", n, s.Number(n))
		}
	})
}
