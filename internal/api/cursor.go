package api

import (
	"encoding/base64"
	"encoding/binary"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
)

// cursorSize is that of a position: legal day, home, number.
const cursorSize = 4 + 8 + 8

// formatCursor writes a position in a list. Callers hand it back and look into it at their own risk.
func formatCursor(c matter.Cursor) string {
	var day law.Day
	if c.Due != matter.NoDue {
		day, _ = law.ParseDay(c.Due) // a position from a list has a day or none
	}
	b := binary.BigEndian.AppendUint32(make([]byte, 0, cursorSize), uint32(day))
	b = binary.BigEndian.AppendUint64(b, uint64(c.Home)) //nolint:gosec // read back the same way
	b = binary.BigEndian.AppendUint64(b, uint64(c.N))    //nolint:gosec // likewise
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads what formatCursor wrote; empty text is the start.
func parseCursor(text string) (matter.Cursor, error) {
	if text == "" {
		return matter.Cursor{}, nil
	}
	bad := errs.Fields([]errs.Field{errs.F("cursor", "api.cursor")})
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != cursorSize {
		return matter.Cursor{}, bad
	}
	day := law.Day(int32(binary.BigEndian.Uint32(b)))                                                          //nolint:gosec // written the same way
	c := matter.Cursor{Home: int64(binary.BigEndian.Uint64(b[4:])), N: int64(binary.BigEndian.Uint64(b[12:]))} //nolint:gosec // likewise
	if c.Home <= 0 || c.N <= 0 || day < law.NoDay || day > law.NewDay(lastYear, 12, 31) {                      // days of four-figure years sort as text
		return matter.Cursor{}, bad
	}
	c.Due = matter.DueKey(day)
	return c, nil
}

const lastYear = 9999
