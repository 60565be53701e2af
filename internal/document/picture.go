package document

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	drawing "image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// sharp is how many pixels of a picture make a point: legible on paper.
const sharp = 3

// picture is a drawing in a file that takes no lines and letters of its own, with the words for those who do not see it.
type picture struct {
	png           []byte
	width, height float64 // in points
	alt           string
}

// picture draws a chart as PDF shows it.
func (t *typefaces) picture(c Chart) (picture, error) {
	l := &layout{faces: t}
	l.chart(c)
	if len(l.items) == 0 {
		return picture{}, nil
	}
	it := l.items[len(l.items)-1]
	p := picture{width: blockWidth, height: it.height, alt: c.Says}
	canvas := image.NewGray(image.Rect(0, 0, pixels(p.width), pixels(p.height)))
	drawing.Draw(canvas, canvas.Bounds(), image.White, image.Point{}, drawing.Src)
	for _, r := range it.rules {
		paintRule(canvas, r)
	}
	for _, r := range it.runs {
		if err := t.paintRun(canvas, r); err != nil {
			return p, err
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, canvas); err != nil {
		return p, fmt.Errorf("draw chart: %w", err)
	}
	p.png = b.Bytes()
	return p, nil
}

func pixels(points float64) int { return int(math.Round(points * sharp)) }

// paintRule fills a line along one of the axes; the thinnest is one pixel.
func paintRule(canvas drawing.Image, r rule) {
	half := max(r.width*sharp, 1) / 2
	x1, x2, y1, y2 := r.x1*sharp, r.x2*sharp, r.y1*sharp, r.y2*sharp
	if r.x1 == r.x2 {
		x1, x2 = x1-half, x2+half
	} else {
		y1, y2 = y1-half, y2+half
	}
	at := func(v float64) int { return int(math.Round(v)) }
	box := image.Rect(at(x1), at(y1), max(at(x2), at(x1)+1), max(at(y2), at(y1)+1))
	drawing.Draw(canvas, box.Intersect(canvas.Bounds()), image.NewUniform(color.Black), image.Point{}, drawing.Src)
}

// paintRun writes a text, character by character, as far apart as the layout set them.
func (t *typefaces) paintRun(canvas drawing.Image, r run) error {
	outlines, err := t.outlines(r.style.font)
	if err != nil {
		return err
	}
	const perInch = 72
	face, err := opentype.NewFace(outlines, &opentype.FaceOptions{Size: r.style.size * sharp, DPI: perInch, Hinting: font.HintingNone})
	if err != nil {
		return fmt.Errorf("draw text: %w", err)
	}
	unit := func(points float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(points * sharp * 64)) }
	pen := font.Drawer{Dst: canvas, Src: image.Black, Face: face, Dot: fixed.Point26_6{X: unit(r.x), Y: unit(r.y)}}
	for _, c := range r.text {
		pen.DrawString(string(c))
		pen.Dot.X += unit(r.spacing)
	}
	return face.Close()
}
