package law_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

func day(t testing.TB, s string) law.Day {
	t.Helper()
	if s == "" {
		return law.NoDay
	}
	d, err := law.ParseDay(s)
	if err != nil {
		t.Fatalf("ParseDay(%q): %v", s, err)
	}
	return d
}

func TestParseDay(t *testing.T) {
	for _, s := range []string{
		"", "2026", "2026-2-3", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "26-01-01", "0000-01-01",
		"2026/01/01", "2026-01-01 ", " 2026-01-01", "2026-01-01T00:00:00Z", "+026-01-01", "２０２６-01-01", "-2026-1-01",
	} {
		if d, err := law.ParseDay(s); errs.CodeOf(err) != "law.day.bad" || errs.KindOf(err) != errs.Invalid || d.Known() {
			t.Errorf("ParseDay(%q) = %v, %v; want law.day.bad and no day", s, d, err)
		}
	}
	for _, s := range []string{"0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "9999-12-31"} {
		if d := day(t, s); d.String() != s {
			t.Errorf("ParseDay(%q).String() = %q", s, d)
		}
	}
	if d := day(t, "0001-01-01"); d != 1 {
		t.Errorf("0001-01-01 is day %d, want 1", d)
	}
}

func TestDayAgreesWithTime(t *testing.T) {
	shanghai := law.Zone()
	rapid.Check(t, func(t *rapid.T) {
		us := rapid.Int64Range(-62_000_000_000_000_000, 250_000_000_000_000_000).Draw(t, "us")
		local := time.UnixMicro(us).In(shanghai)
		d := law.DayOf(us)
		if got, want := d.String(), local.Format(time.DateOnly); got != want {
			t.Fatalf("DayOf(%d) = %s, want %s", us, got, want)
		}
		if d.Weekday() != local.Weekday() {
			t.Fatalf("%v is a %v, want %v", d, d.Weekday(), local.Weekday())
		}
		if d.StartUS() > us || d.Add(1).StartUS() <= us || law.DayOf(d.StartUS()) != d || law.DayOf(d.StartUS()-1) != d-1 {
			t.Fatalf("%v does not begin at %d", d, d.StartUS())
		}
		if law.NewDay(local.Date()) != d || law.NewDay(d.Date()) != d {
			t.Fatalf("NewDay of %v's date is not that day", d)
		}
		n := rapid.IntRange(-40000, 40000).Draw(t, "n")
		if got, want := d.Add(n).String(), law.NewDay(local.AddDate(0, 0, n).Date()).String(); got != want {
			t.Fatalf("%v + %d = %s, want %s", d, n, got, want)
		}
	})
	for _, us := range []int64{math.MinInt64, math.MaxInt64} {
		if d := law.DayOf(us); (d < 0) != (us < 0) {
			t.Errorf("DayOf(%d) = %d: overflow", us, d)
		}
	}
}

func TestAddMonths(t *testing.T) {
	for _, row := range []struct {
		from string
		n    int
		want string
		why  string
	}{
		{"2024-08-31", 6, "2025-02-28", "Civil Code 202, W10: no 31 February"},
		{"2024-03-15", 36, "2027-03-15", "Civil Code 202, W10: three years"},
		{"2024-02-29", 12, "2025-02-28", "Civil Code 202: a leap day"},
		{"2024-02-29", 48, "2028-02-29", "Civil Code 202: a leap day again"},
		{"2026-01-31", 1, "2026-02-28", "Civil Code 202"},
		{"2026-01-31", 3, "2026-04-30", "Civil Code 202"},
		{"2026-02-28", 1, "2026-03-28", "the corresponding date, not the end of the month"},
		{"2026-11-30", 3, "2027-02-28", "over the year"},
		{"2026-03-31", -1, "2026-02-28", "backwards"},
		{"2026-05-10", 0, "2026-05-10", "nothing"},
		{"", 5, "", "no day"},
	} {
		if got := day(t, row.from).AddMonths(row.n).String(); got != row.want {
			t.Errorf("%s + %d months = %s, want %s (%s)", row.from, row.n, got, row.want, row.why)
		}
	}
}

func TestNoDay(t *testing.T) {
	if law.NoDay.Known() || law.NoDay.String() != "" || law.NoDay.Add(7) != law.NoDay {
		t.Error("NoDay must stay no day")
	}
	if y, m, d := law.NoDay.Date(); y != 0 || m != 0 || d != 0 {
		t.Errorf("the date of NoDay is %d-%d-%d", y, m, d)
	}
	if law.Day(0).Known() {
		t.Error("the zero value is no day")
	}
}

func TestDayJSON(t *testing.T) {
	type doc struct {
		A, B law.Day
	}
	want := doc{A: day(t, "2026-09-28"), B: law.NoDay}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"A":"2026-09-28","B":""}` {
		t.Fatalf("Marshal = %s, %v", text, err)
	}
	var got doc
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Fatalf("Unmarshal = %v, %v", got, err)
	}
	if err := json.Unmarshal([]byte(`{"A":"2026-9-28"}`), &got); errs.CodeOf(err) != "law.day.bad" {
		t.Errorf("a loose date is read: %v", err)
	}
}

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"2026-09-28", "2024-02-29", "", "0000-00-00", "99999-1-1", "2026-02-30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := law.ParseDay(s)
		if err == nil && d.String() != s {
			t.Errorf("ParseDay(%q) is %v", s, d)
		}
		if err != nil && d.Known() {
			t.Errorf("ParseDay(%q) fails and gives %v", s, d)
		}
	})
}
