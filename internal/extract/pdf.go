package extract

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
)

const (
	maxNodes    = 20_000    // of the tree of pages, empty branches included
	maxForms    = 6         // how deep one form may draw another
	maxOps      = 4_000_000 // operators of a whole file
	enoughText  = 4 * MaxText
	six         = 6 // numbers of a transformation
	thousandths = 1000
	// In sizes of type:
	sameLine = 0.4 // how far up or down the same line reaches
	nextLine = 2.2 // how far down the next one stands
	wordGap  = 0.2 // a wider gap sets words apart
	cellGap  = 1.0 // a wider gap within a line sets anything apart
	narrow   = 0.5 // how much narrower a character is taken to be that is not Chinese, where the font does not say
)

// pdfText reads the text that a PDF draws, in the order in which it is drawn. The library reads the file; what text is, is decided here: its own reading
// takes the meaning of characters from the encoding where the font tells it better.
func pdfText(content []byte) (text string, err error) {
	r, err := open(content)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBroken, err)
	}
	p := &pdfPages{fonts: map[string]*pdfFont{}}
	p.tree(r)
	if p.pages == 0 {
		return "", fmt.Errorf("%w: no pages", ErrBroken)
	}
	if p.read == 0 {
		return "", fmt.Errorf("%w: no page can be read", ErrBroken)
	}
	return p.out.String(), nil
}

// open opens a file with what may stand before its head and behind its end cut off, as every reader allows it.
func open(content []byte) (*pdf.Reader, error) {
	if at := bytes.Index(content[:min(len(content), 1024)], []byte("%PDF-")); at > 0 {
		content = content[at:]
	}
	const mark = "%%EOF"
	if end := bytes.LastIndex(content, []byte(mark)); end > 0 {
		content = content[:end+len(mark)]
	}
	if head := []byte("%PDF-2.0"); bytes.HasPrefix(content, head) { // differs in nothing that matters here
		content = append([]byte("%PDF-1.7"), content[len(head):]...)
	}
	return pdf.NewReader(bytes.NewReader(content), int64(len(content)))
}

// pdfPages collects the text of pages.
type pdfPages struct {
	out         strings.Builder
	fonts       map[string]*pdfFont // by how the file writes them, which names what they are made of
	pages, read int
	nodes, ops  int
}

// guard carries out a part of the work and reports whether it came to its end: the library panics at what it cannot read.
func guard(work func()) (whole bool) {
	defer func() {
		if r := recover(); r != nil {
			whole = false
		}
	}()
	work()
	return true
}

// tree walks the tree of pages, which a hostile file may tie into a knot.
func (p *pdfPages) tree(r *pdf.Reader) {
	type node struct{ page, resources pdf.Value }
	var waiting []node
	guard(func() { waiting = []node{{page: r.Trailer().Key("Root").Key("Pages")}} })
	for len(waiting) > 0 && p.pages < MaxPages && p.nodes < maxNodes && p.out.Len() < enoughText {
		at := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		p.nodes++
		guard(func() {
			if own := at.page.Key("Resources"); !own.IsNull() {
				at.resources = own
			}
			kids := at.page.Key("Kids")
			if kids.Kind() == pdf.Array {
				for i := min(kids.Len(), maxNodes) - 1; i >= 0; i-- {
					waiting = append(waiting, node{kids.Index(i), at.resources})
				}
				return
			}
			if at.page.Kind() != pdf.Dict {
				return
			}
			p.pages++
			if p.page(at.page.Key("Contents"), at.resources) {
				p.read++
			}
		})
	}
}

// page reads one page; false where it breaks off.
func (p *pdfPages) page(contents, resources pdf.Value) bool {
	if contents.IsNull() {
		return true
	}
	d := &drawing{pdfPages: p}
	whole := guard(func() { d.run(contents, resources, identity(), 0) })
	p.out.WriteByte('\n')
	return whole || d.shown
}

// matrix is a transformation as PDF writes it.
type matrix [six]float64

func identity() matrix { return matrix{1, 0, 0, 1, 0, 0} }

// times is m, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// drawing is the state of a page being drawn.
type drawing struct {
	*pdfPages
	last  rune    // drawn
	x, y  float64 // behind it, as far as widths are known
	size  float64 // of its type
	shown bool    // anything was
}

// state is what q keeps and Q brings back.
type state struct {
	ctm     matrix
	font    *pdfFont
	size    float64
	leading float64
}

// run carries out the operators of a content stream that have to do with text.
func (d *drawing) run(contents, resources pdf.Value, ctm matrix, depth int) {
	s := state{ctm: ctm}
	var kept []state
	line, moved := identity(), true
	move := func(x, y float64) { line, moved = matrix{1, 0, 0, 1, x, y}.times(line), true }
	show := func(v pdf.Value) {
		if s.font == nil || v.Kind() != pdf.String {
			return
		}
		at := line.times(s.ctm)
		raw := v.RawString()
		if text := s.font.decode(raw); text != "" {
			d.write(text, s.font.width(raw, text), at, s.size, moved)
			moved = false
		}
	}
	pdf.Interpret(contents, func(stack *pdf.Stack, op string) {
		if d.ops++; d.ops > maxOps || d.out.Len() > enoughText {
			panic("enough")
		}
		args := make([]pdf.Value, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		arg := func(i int) pdf.Value { // counted from the last
			if i >= len(args) {
				return pdf.Value{}
			}
			return args[len(args)-1-i]
		}
		number := func(i int) float64 { return arg(i).Float64() }
		all := func() matrix { return matrix{number(5), number(4), number(3), number(2), number(1), number(0)} }
		switch op {
		case "q":
			if len(kept) < maxNodes {
				kept = append(kept, s)
			}
		case "Q":
			if n := len(kept); n > 0 {
				s, kept = kept[n-1], kept[:n-1]
			}
		case "cm":
			s.ctm = all().times(s.ctm)
		case "BT":
			line, moved = identity(), true
		case "Tf":
			s.font, s.size = d.font(resources.Key("Font").Key(arg(1).Name())), number(0)
		case "TL":
			s.leading = number(0)
		case "Tm":
			line, moved = all(), true
		case "Td":
			move(number(1), number(0))
		case "TD":
			s.leading = -number(0)
			move(number(1), number(0))
		case "T*":
			move(0, -s.leading)
		case "Tj":
			show(arg(0))
		case "'", `"`:
			move(0, -s.leading)
			show(arg(0))
		case "TJ":
			for i := range arg(0).Len() {
				v := arg(0).Index(i)
				show(v)
				d.gap(-v.Float64() / thousandths)
			}
		case "Do":
			if form := resources.Key("XObject").Key(arg(0).Name()); form.Key("Subtype").Name() == "Form" && depth < maxForms {
				own := form.Key("Resources")
				if own.IsNull() {
					own = resources
				}
				inner := s.ctm
				if m := form.Key("Matrix"); m.Len() == six {
					var f matrix
					for i := range f {
						f[i] = m.Index(i).Float64()
					}
					inner = f.times(inner)
				}
				d.run(form, own, inner, depth+1)
			}
		}
	})
}

// write adds what is drawn at a place. A new line is a line break, except where Chinese goes on in it, for its words have no other sign that they go on;
// within a line, what is set anew is set apart where there is room between, for Chinese only much.
func (d *drawing) write(text string, width float64, at matrix, points float64, moved bool) {
	size := max(points*math.Hypot(at[2], at[3]), 1)
	first, _ := utf8.DecodeRuneInString(text)
	if moved {
		x, y := at[4], at[5]
		switch down := d.y - y; {
		case !d.shown:
		case math.Abs(down) > sameLine*size:
			if same := math.Abs(size-d.size) < size/10; !same || down < 0 || down > nextLine*size || !goesOn(d.last, first) {
				d.out.WriteByte('\n')
			}
		case math.Abs(x-d.x) > cellGap*size, wordy(d.last) && wordy(first) && x-d.x > wordGap*size:
			d.out.WriteByte(' ')
		}
		d.x, d.y, d.size, d.shown = x, y, size, true
	}
	d.out.WriteString(text)
	d.last, _ = utf8.DecodeLastRuneInString(text)
	d.x += width * size
}

// gap leaves room, in sizes of type, which sets words apart that have nothing else between them.
func (d *drawing) gap(room float64) {
	d.x += room * d.size
	if room > wordGap && wordy(d.last) || room > cellGap {
		d.out.WriteByte(' ')
		d.last = ' '
	}
}

// goesOn reports whether a line that ends with one character goes on in the next, which begins with the other.
func goesOn(last, first rune) bool {
	return isHan(last) && (isHan(first) || unicode.IsDigit(first)) || unicode.IsDigit(last) && isHan(first)
}

// wordy reports whether a character is of a script that sets words apart.
func wordy(r rune) bool { return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !isHan(r) }
