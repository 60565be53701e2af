package document

import "strings"

// The rules of Chinese line breaking: what may not begin a line and what may not end one. Neither holds a space.
const (
	noStart = "，。、；：？！）》」』】〉”’〕］｝〗…—·ー％‰℃°,.;:?!)]}%"
	noEnd   = "（《「『【〈“‘〔［｛〖([{$￥¥№"
)

// western reports whether a character is set as part of a word: letters and digits of alphabets, with their signs.
func western(r rune) bool { return r > ' ' && r < 0x2000 && r != '·' }

// canBreak reports whether a line may end after a and the next begin with b, with spaces between them or not.
func canBreak(a, b rune, spaced bool) bool {
	switch {
	case b == ' ' || strings.ContainsRune(noStart, b) || strings.ContainsRune(noEnd, a):
		return false
	case spaced:
		return true
	case a == b && (a == '—' || a == '…'):
		return false
	}
	return !western(a) || !western(b)
}

// glyph is one character as it will be printed, or a blank.
type glyph struct {
	r       rune
	style   style
	natural float64 // width of the character itself, in points
	width   float64 // with what its style sets it closer
	blank   bool    // r is not printed, a rule is drawn instead
}

// breakLines cuts a text into lines not wider than limit, the first narrower by first. A line break in the text ends
// a line. Where no lawful break is found, as in a word longer than a line, the line is cut where it is full.
func breakLines(text []glyph, limit, first float64) [][]glyph {
	var lines [][]glyph
	width := limit - first
	for len(text) > 0 {
		end, next := oneLineOf(text, width)
		lines = append(lines, trimSpaces(text[:end]))
		text = text[next:]
		width = limit
	}
	return lines
}

// oneLineOf finds where the first line of a text ends and where the next begins.
func oneLineOf(text []glyph, width float64) (end, next int) {
	lawful, used := 0, 0.0
	var before rune // the last character that is no space
	for i, g := range text {
		if g.r == '\n' && !g.blank {
			return i, i + 1
		}
		if i > 0 && canBreak(before, g.r, text[i-1].r == ' ') {
			lawful = i
		}
		if i > 0 && g.r != ' ' && used+g.width > width+0.01 {
			if lawful == 0 {
				lawful = i
			}
			return lawful, lawful
		}
		used += g.width
		if g.r != ' ' {
			before = g.r
		}
	}
	return len(text), len(text)
}

func trimSpaces(line []glyph) []glyph {
	for len(line) > 0 && line[len(line)-1].r == ' ' {
		line = line[:len(line)-1]
	}
	return line
}

// breakEvenly cuts a title into as few lines as it needs, all about as long.
func breakEvenly(text []glyph, limit float64) [][]glyph {
	best := breakLines(text, limit, 0)
	step := 0.0
	for _, g := range text {
		step = max(step, g.width)
	}
	for narrower := limit - step; step > 0 && narrower >= step; narrower -= step {
		lines := breakLines(text, narrower, 0)
		if len(lines) > len(best) {
			break
		}
		best = lines
	}
	return best
}

func widthOf(line []glyph) float64 {
	sum := 0.0
	for _, g := range line {
		sum += g.width
	}
	return sum
}
