package intake

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"huiyin/internal/law"
)

// serialLayout is the name of the layout for day numbers of a spreadsheet, 43580.397.
const serialLayout = "excel"

// The years a petition can bear. They only catch slips: the first is the founding of the People's Republic.
const (
	firstYear = 1949
	lastYear  = 2199
)

// parseInstant reads an instant, in microseconds UTC, by the first layout that fits. The forms 2006-01-02 and
// 2006-01-02 15:04:05 always fit: that is how a date in a workbook arrives, and they can mean nothing else. Fullwidth
// digits and signs are read as the plain ones.
func parseInstant(s string, layouts []string) (us int64, code string) {
	s = trim(width.Narrow.String(s))
	t, ok := parseTime(s, layouts)
	switch {
	case !ok:
		return 0, "intake.field.date"
	case t.Year() < firstYear, t.Year() > lastYear:
		return 0, "intake.field.year"
	case t.UnixMicro() == 0: // and 0 means that there is no date at all
		return 0, "intake.field.epoch"
	}
	return t.UnixMicro(), ""
}

func parseTime(s string, layouts []string) (time.Time, bool) {
	z := law.Zone()
	for _, layout := range layouts {
		if layout == serialLayout {
			if f, err := strconv.ParseFloat(s, 64); err == nil && !strings.ContainsAny(s, "eExXpP_") {
				if t, ok := fromSerial(f); ok {
					return t, true
				}
			}
			continue
		}
		if t, err := time.ParseInLocation(layout, s, z); err == nil {
			return t, true
		}
	}
	for _, layout := range []string{time.DateTime, time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, z); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// validLayout reports whether a layout names a day: a date written with it must come back as the same day.
func validLayout(layout string) bool {
	if layout == serialLayout {
		return true
	}
	// November and December, and days over 12, so that nothing is taken for something else
	for _, want := range []time.Time{time.Date(2019, 11, 23, 0, 0, 0, 0, law.Zone()), time.Date(2021, 12, 30, 0, 0, 0, 0, law.Zone())} {
		got, err := time.ParseInLocation(layout, want.Format(layout), law.Zone())
		if err != nil || !got.Equal(want) {
			return false
		}
	}
	return true
}

// trim takes white space off both ends, the ideographic space, the byte order mark and the zero width space among it.
func trim(s string) string {
	return strings.Trim(s, " \t\r\n\v\f\u0085\u00A0\u2002\u2003\u2009\u200B\u202F\u3000\uFEFF")
}
