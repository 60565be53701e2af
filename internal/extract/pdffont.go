package extract

import (
	"io"
	"math"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf16be "golang.org/x/text/encoding/unicode"
)

// pdfFont says what the codes of a font mean and how much room they take, in sizes of type.
type pdfFont struct {
	decode func(raw string) string
	width  func(raw, text string) float64
}

// font is the font of a page's resources, read once for the whole file. One that cannot be read means nothing.
func (p *pdfPages) font(v pdf.Value) *pdfFont {
	key := v.String()
	if f, known := p.fonts[key]; known {
		return f
	}
	f := &pdfFont{decode: func(string) string { return "" }, width: guessedWidth}
	p.fonts[key] = f
	if v.Kind() == pdf.Dict {
		guard(func() { f.decode = decoder(v) })
		guard(func() { f.width = widths(v) })
	}
	return f
}

// guessedWidth is the width of text as most fonts have it: Chinese and its punctuation fill a square.
func guessedWidth(_, text string) float64 {
	w := 0.0
	for _, r := range text {
		if w++; r < '\u3000' && !isHan(r) {
			w -= narrow
		}
	}
	return w
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// widths finds out how wide the codes of a font are.
func widths(v pdf.Value) func(raw, text string) float64 {
	known, unit, length, other := map[uint32]float64{}, 1.0/thousandths, 1, 0.0
	switch {
	case v.Key("Subtype").Name() == "Type0" && v.Key("Encoding").Name() == "Identity-H":
		inner := v.Key("DescendantFonts").Index(0)
		length, other = 2, 1
		if dw := inner.Key("DW"); !dw.IsNull() {
			other = dw.Float64() * unit
		}
		listedWidths(inner.Key("W"), known)
	case v.Key("Widths").Kind() == pdf.Array:
		if m := v.Key("FontMatrix"); m.Len() == six {
			unit = math.Abs(m.Index(0).Float64())
		}
		first, list := v.Key("FirstChar").Int64(), v.Key("Widths")
		for i := range min(list.Len(), maxSimple) {
			known[uint32(first)+uint32(i)] = list.Index(i).Float64() //nolint:gosec // a code; one that wraps around is used nowhere
		}
	default:
		return guessedWidth
	}
	return func(raw, _ string) float64 {
		sum := 0.0
		for ; len(raw) >= length; raw = raw[length:] {
			if w, ok := known[number(raw[:length])]; ok {
				sum += w * unit
			} else {
				sum += other
			}
		}
		return sum
	}
}

// listedWidths reads the widths of glyph numbers: a number and a list for those from there on, or two numbers and the width of all between.
func listedWidths(list pdf.Value, known map[uint32]float64) {
	for i := 0; i+1 < list.Len() && len(known) < maxMeanings; {
		from, next := list.Index(i).Int64(), list.Index(i+1)
		if next.Kind() == pdf.Array {
			for k := range min(next.Len(), maxMeanings) {
				known[uint32(from)+uint32(k)] = next.Index(k).Float64() //nolint:gosec // likewise
			}
			i += 2
			continue
		}
		for g := from; g <= next.Int64() && len(known) < maxMeanings; g++ {
			known[uint32(g)] = list.Index(i + 2).Float64() //nolint:gosec // likewise
		}
		i += 3
	}
}

// decoder finds out what codes mean: by the font's own table where it has one; else by the name of a known encoding. A font of glyph numbers without a
// table means nothing to anybody but its printer.
func decoder(v pdf.Value) func(string) string {
	composite := v.Key("Subtype").Name() == "Type0"
	if table := v.Key("ToUnicode"); table.Kind() == pdf.Stream {
		if m := readMeanings(table, composite); m != nil {
			return m.decode
		}
	}
	if !composite {
		f := pdf.Font{V: v}
		return f.Encoder().Decode
	}
	if e := namedEncoding(v.Key("Encoding").Name()); e != nil {
		return func(raw string) string {
			text, err := e.NewDecoder().String(raw)
			if err != nil {
				return ""
			}
			return text
		}
	}
	return func(string) string { return "" }
}

// namedEncoding is what the name of one of the encodings of Chinese, Japanese and Korean fonts stands for that can be read without tables of our own;
// typesetting of official documents leaves many fonts so, without a table.
func namedEncoding(name string) encoding.Encoding {
	stem, _ := strings.CutSuffix(strings.TrimSuffix(name, "-H"), "-V")
	switch {
	case strings.HasPrefix(stem, "GB") && (strings.HasSuffix(stem, "-EUC") || stem == "GBK2K"): // GB-EUC, GBK-EUC, GBKp-EUC
		return simplifiedchinese.GB18030
	case strings.HasPrefix(stem, "Uni") && (strings.HasSuffix(stem, "-UCS2") || strings.HasSuffix(stem, "-UTF16")):
		return utf16be.UTF16(utf16be.BigEndian, utf16be.IgnoreBOM)
	case strings.HasSuffix(stem, "-B5"): // ETen-B5, ETenms-B5
		return traditionalchinese.Big5
	}
	return nil
}

// The bounds of a table.
const (
	maxMeanings = 1 << 17
	maxCode     = 4       // bytes
	maxTable    = 4 << 20 // bytes
	maxSimple   = 256     // codes of one byte
)

// meanings is a font's own table of what its codes mean.
type meanings struct {
	lengths [maxCode + 1]bool // that codes may have
	text    map[string]string
}

// readMeanings reads a ToUnicode table; nil for one that says nothing. A table is a program in PostScript; of its many words only those matter that stand
// before the ends of its lists.
func readMeanings(v pdf.Value, composite bool) *meanings {
	var table []byte
	guard(func() { table, _ = io.ReadAll(io.LimitReader(v.Reader(), maxTable)) }) // what was read before it broke off may do
	return parseMeanings(string(table), composite)
}

func parseMeanings(table string, composite bool) *meanings {
	m := &meanings{text: map[string]string{}}
	var codes []string // of the list that is open; what a range means, or a list of it, stands there as it was written
	for list, rest := "", table; ; {
		var word string
		word, rest = nextWord(rest)
		switch {
		case word == "":
			return m.whole(composite)
		case strings.HasPrefix(word, "begin"):
			codes = codes[:0]
		case word == "endcodespacerange":
			for _, c := range codes {
				if n := len(unhex(c)); n > 0 && n <= maxCode {
					m.lengths[n] = true
				}
			}
		case word == "endbfchar":
			for i := 1; i < len(codes); i += 2 {
				m.add(unhex(codes[i-1]), utf16Text(unhex(codes[i])))
			}
		case word == "endbfrange":
			for i := 2; i < len(codes); i += 3 {
				m.addRange(unhex(codes[i-2]), unhex(codes[i-1]), codes[i])
			}
		case word == "[":
			list = word
		case word == "]" && list != "":
			codes, list = append(codes, list), ""
		case word[0] == '<' && list != "":
			list += word
		case word[0] == '<':
			codes = append(codes, word)
		}
	}
}

// nextWord is the next word of a table; nothing at its end. Of strings only those in hexadecimal are words with a meaning here.
func nextWord(s string) (word, rest string) {
	s = strings.TrimLeft(s, " \t\r\n\f\x00")
	if s == "" {
		return "", ""
	}
	n := 1
	switch s[0] {
	case '<':
		if strings.HasPrefix(s, "<<") {
			return "<<", s[2:]
		}
		if n = strings.IndexByte(s, '>') + 1; n == 0 {
			return "", ""
		}
	case '%':
		if n = strings.IndexAny(s, "\r\n"); n < 0 {
			return "", ""
		}
	case '[', ']', '>', '(', ')':
	default:
		if n = strings.IndexAny(s[1:], " \t\r\n\f\x00<>[]()%/") + 1; n == 0 {
			n = len(s)
		}
	}
	return s[:n], s[n:]
}

// unhex reads a string in hexadecimal, with or without its brackets; what is none of it is left out.
func unhex(word string) string {
	var out []byte
	high, half := byte(0), false
	for _, c := range []byte(word) {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			continue
		}
		if half {
			out = append(out, high<<4|c)
		}
		high, half = c, !half
	}
	return string(out)
}

// whole is the table once it is read; nil if it says nothing.
func (m *meanings) whole(composite bool) *meanings {
	if len(m.text) == 0 {
		return nil
	}
	if m.lengths == [maxCode + 1]bool{} {
		n := 1
		if composite {
			n = 2
		}
		m.lengths[n] = true
	}
	return m
}

func (m *meanings) add(code, text string) {
	if len(code) > 0 && len(code) <= maxCode && len(m.text) < maxMeanings {
		m.text[code] = text
	}
}

// addRange adds codes in a row, which mean characters in a row or what a list says.
func (m *meanings) addRange(from, to, what string) {
	low, high := number(from), number(to)
	if from == "" || len(from) != len(to) || len(from) > maxCode || high-low > maxMeanings {
		return
	}
	list, isList := strings.CutPrefix(what, "[")
	words := strings.Split(list, "<")
	first := []rune(utf16Text(unhex(what)))
	if !isList && len(first) == 0 {
		return
	}
	for i := uint32(0); i <= high-low; i++ {
		code := []byte(from)
		for k, n := len(code)-1, low+i; k >= 0; k, n = k-1, n>>8 {
			code[k] = byte(n)
		}
		if !isList {
			last := len(first) - 1
			m.add(string(code), string(first[:last])+string(first[last]+rune(i)))
		} else if int(i)+1 < len(words) {
			m.add(string(code), utf16Text(unhex(words[i+1])))
		}
	}
}

func number(code string) uint32 {
	n := uint32(0)
	for i := range len(code) {
		n = n<<8 | uint32(code[i])
	}
	return n
}

// decode reads codes, the shortest that the table knows first; what it does not know means nothing.
func (m *meanings) decode(raw string) string {
	var b strings.Builder
	for len(raw) > 0 {
		step := 0
		for n := 1; n <= min(maxCode, len(raw)); n++ {
			if !m.lengths[n] {
				continue
			}
			if step == 0 {
				step = n
			}
			if text, known := m.text[raw[:n]]; known {
				b.WriteString(text)
				step = n
				break
			}
		}
		raw = raw[max(step, 1):]
	}
	return b.String()
}

// utf16Text reads text as tables write it.
func utf16Text(raw string) string {
	if len(raw) == 1 { // some write one byte
		return string(rune(raw[0]))
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return strings.ReplaceAll(string(utf16.Decode(units)), string(utf8.RuneError), "")
}
