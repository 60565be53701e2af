package i18n

import (
	"strconv"
	"strings"
	"time"

	"huiyin/internal/law"
)

// Day writes a legal day as people say it within the year: "9 月 28 日 周一", "28 Sep 2026 (Mon)". NoDay is "—".
func (s *Speaker) Day(d law.Day) string { return s.date("format.day", d) }

// FullDay writes a legal day with its year: "2026 年 9 月 28 日 周一", "28 Sep 2026 (Mon)".
func (s *Speaker) FullDay(d law.Day) string { return s.date("format.day.full", d) }

// PaperDay writes a legal day as an official document does: "2026年9月28日", "28 September 2026".
func (s *Speaker) PaperDay(d law.Day) string { return s.date("format.day.paper", d) }

// ShortDay writes a legal day for a table or a derivation: "09-28 周一", "28 Sep, Mon".
func (s *Speaker) ShortDay(d law.Day) string { return s.date("format.day.short", d) }

// MonthDay writes a legal day for a narrow column: "09-28", "28 Sep".
func (s *Speaker) MonthDay(d law.Day) string { return s.date("format.day.month", d) }

// ISO writes a legal day as 2026-09-28, for datetime attributes and date inputs; NoDay is the empty text.
func (s *Speaker) ISO(d law.Day) string { return d.String() }

// date fills one pattern of the catalogue with the parts of a day.
func (s *Speaker) date(pattern string, d law.Day) string {
	if !d.Known() {
		return "—"
	}
	y, m, day := d.Date()
	return s.T(pattern, "y", y, "m", int(m), "d", day, "mm", two(int(m)), "dd", two(day),
		"month", s.T("format.month."+strconv.Itoa(int(m))), "longmonth", s.T("format.longmonth."+strconv.Itoa(int(m))),
		"week", s.T("format.week."+strconv.Itoa(int(d.Weekday()))))
}

// Instant writes an instant (microseconds UTC) in Shanghai: "2026 年 9 月 28 日 09:42", "28 Sep 2026, 09:42".
func (s *Speaker) Instant(us int64) string { return s.moment("format.instant", us) }

// ShortInstant writes an instant for a table: "09-28 09:42", "28 Sep 09:42".
func (s *Speaker) ShortInstant(us int64) string { return s.moment("format.instant.short", us) }

// Clock writes the time of day of an instant in Shanghai: "09:42".
func (s *Speaker) Clock(us int64) string { return at(us).Format("15:04") }

// InstantISO writes an instant for datetime attributes: 2026-09-28T09:42:00+08:00.
func (s *Speaker) InstantISO(us int64) string { return at(us).Format(time.RFC3339) }

func (s *Speaker) moment(pattern string, us int64) string {
	t := at(us)
	return s.T(pattern, "y", t.Year(), "m", int(t.Month()), "d", t.Day(), "mm", two(int(t.Month())), "dd", two(t.Day()),
		"month", s.T("format.month."+strconv.Itoa(int(t.Month()))), "time", t.Format("15:04"))
}

func at(us int64) time.Time { return time.UnixMicro(us).In(law.Zone()) }

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// Left writes how far a last day is: "还有 7 天", "今天", "超期 3 天". days is the last day minus today.
func (s *Speaker) Left(days int) string { return s.distance("format.left", days) }

// LeftShort writes the same for a chip: "剩 7 天", "今天", "超期 3 天".
func (s *Speaker) LeftShort(days int) string { return s.distance("format.leftshort", days) }

func (s *Speaker) distance(key string, days int) string {
	switch {
	case days > 0:
		return s.T(key+".ahead", "n", days)
	case days < 0:
		return s.T(key+".past", "n", -days)
	}
	return s.T(key + ".today")
}

// Number writes a whole number with its thousands parted: 418,207.
func (s *Speaker) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Capped writes a count that was not taken beyond a limit: 318, and 1,000+ from the limit on.
func (s *Speaker) Capped(n, limit int64) string {
	if n >= limit {
		return s.Number(limit) + "+"
	}
	return s.Number(n)
}

// Percent writes part ÷ whole in percent with one decimal, rounded half up: "96.5%"; "—" when whole is not
// positive, because a share of nothing is not 0. part must not be negative.
func (s *Speaker) Percent(part, whole int64) string {
	if whole <= 0 {
		return "—"
	}
	mill := (2000*part + whole) / (2 * whole)
	return s.Number(mill/10) + "." + strconv.FormatInt(mill%10, 10) + "%"
}

// Size writes a number of bytes in the largest unit that leaves at least 1, with one decimal from KB on: "1.2 MB"
// (1 KB is 1,024 bytes).
func (s *Speaker) Size(bytes int64) string {
	units := []string{"B", "KB", "MB", "GB", "TB"}
	const step = 1024
	unit, scale := 0, int64(1)
	for unit < len(units)-1 && bytes/scale >= step {
		scale *= step
		unit++
	}
	if unit == 0 {
		return strconv.FormatInt(bytes, 10) + " B"
	}
	whole, tenth := bytes/scale, bytes%scale*10/scale
	return s.Number(whole) + "." + strconv.FormatInt(tenth, 10) + " " + units[unit]
}

// List joins things of one kind: "甲、乙、丙", "a, b, c".
func (s *Speaker) List(items []string) string { return strings.Join(items, s.T("format.list")) }
