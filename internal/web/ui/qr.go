package ui

import (
	"fmt"
	"strings"
)

// quiet is the empty border a QR code needs, in modules (ISO/IEC 18004).
const quiet = 4

func qrBox(modules [][]bool) string {
	side := len(modules) + 2*quiet
	return fmt.Sprintf("0 0 %d %d", side, side)
}

// qrPath draws each run of dark modules of a row as one rectangle.
func qrPath(modules [][]bool) string {
	var b strings.Builder
	for y, row := range modules {
		for x := 0; x < len(row); x++ {
			run := 0
			for x+run < len(row) && row[x+run] {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	return b.String()
}
