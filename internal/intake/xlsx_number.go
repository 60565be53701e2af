package intake

import (
	"archive/zip"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/law"
)

// styles know which cells of a workbook show their number as a date.
type styles struct {
	dates    []bool // by number of the cell's style
	from1904 bool   // days are counted from 1904-01-01, as old Macintosh workbooks do
}

func readStyles(parts map[string]*zip.File, name string) (styles, error) {
	if parts[name] == nil {
		return styles{}, nil
	}
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := decodePart(parts, name, &sheet); err != nil {
		return styles{}, err
	}
	var own []int
	for _, f := range sheet.Formats {
		if isDateFormat(f.Code) {
			own = append(own, f.ID)
		}
	}
	out := styles{dates: make([]bool, len(sheet.Cells))}
	for i, c := range sheet.Cells {
		out.dates[i] = isBuiltInDate(c.Format) || slices.Contains(own, c.Format)
	}
	return out, nil
}

// isBuiltInDate knows the formats that workbooks do not spell out (ECMA-376 part 1, 18.8.30); those from 27 to 36 and
// from 50 to 58 are the Chinese, Japanese and Korean ones.
func isBuiltInDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58
}

// isDateFormat reports whether a format shows a year, month, day, hour or second. Elapsed time, [h]:mm, is no date.
func isDateFormat(code string) bool {
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case ';': // what follows is for negative numbers and texts
			return false
		case '"', '[':
			end := byte('"')
			if code[i] == '[' {
				end = ']'
			}
			n := strings.IndexByte(code[i+1:], end)
			if n < 0 {
				return false
			}
			if end == ']' && strings.Trim(strings.ToLower(code[i+1:i+1+n]), "hms") == "" {
				return false
			}
			i += n + 1
		case '\\', '_', '*':
			i++
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			return true
		}
	}
	return false
}

// number gives the text of a number: a date as 2019-04-25 or 2019-04-25 09:32:09, a time of day as 09:32:09, everything
// else as it stands, without exponent. Whole numbers that cannot keep their last digits in a sheet are a fault.
func (s styles) number(value, style string) (text, fault string) {
	f, parseErr := strconv.ParseFloat(value, 64)
	if parseErr != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		if value == "" {
			return "", ""
		}
		return "", "intake.row.cell"
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(s.dates) && s.dates[i] {
		if s.from1904 && f >= 1 {
			f += 1462
		}
		if t, ok := fromSerial(f); ok {
			switch {
			case f < 1:
				return t.Format(time.TimeOnly), ""
			case f == math.Trunc(f):
				return t.Format(time.DateOnly), ""
			}
			return t.Format(time.DateTime), ""
		}
	}
	if math.Abs(f) >= maxDigits {
		return "", "intake.row.digits"
	}
	if strings.ContainsAny(value, "eE") {
		return strconv.FormatFloat(f, 'f', -1, 64), ""
	}
	return value, ""
}

// lastSerial is 9999-12-31, the last day a sheet can show.
const lastSerial = 2_958_465

// fromSerial turns the day number of a sheet into a date in our zone, to the second. 1 is 1900-01-01 there, and the
// 1900-02-29 that never was is counted, so from March 1900 on the first day is 1899-12-30.
func fromSerial(f float64) (time.Time, bool) {
	if f < 0 || f >= lastSerial+1 || math.IsNaN(f) {
		return time.Time{}, false
	}
	day := math.Trunc(f)
	second := math.Round((f - day) * (24 * 60 * 60))
	return time.Date(1899, 12, 30+int(day), 0, 0, int(second), 0, law.Zone()), true
}
