package document

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// emu is the unit of pictures in DOCX.
const emu = 12_700 // per point

func pictureFile(block int) string { return "media/chart" + strconv.Itoa(block+1) + ".png" }

func pictureID(block int) string { return "rIdChart" + strconv.Itoa(block+1) }

// knowing gives a part that is the same in every document with what the pictures of this one add to it.
func (x *docxWriter) knowing(path string, data []byte) []byte {
	some := false
	var links bytes.Buffer
	for i, p := range x.pictures {
		if p.png != nil {
			some = true
			fmt.Fprintf(&links, `<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="%s"/>`, pictureID(i), pictureFile(i))
		}
	}
	switch {
	case !some:
	case path == "docx/[Content_Types].xml":
		return bytes.Replace(data, []byte(`<Override`), []byte(`<Default Extension="png" ContentType="image/png"/><Override`), 1)
	case path == "docx/word/_rels/document.xml.rels":
		return bytes.Replace(data, []byte(`</Relationships>`), append(links.Bytes(), `</Relationships>`...), 1)
	}
	return data
}

// picture sets the picture of a block as wide as the text, on one page with what follows it, if it has one.
func (x *docxWriter) picture(block int) {
	if block >= len(x.pictures) || x.pictures[block].png == nil {
		return
	}
	p := x.pictures[block]
	size := fmt.Sprintf(`cx="%d" cy="%d"`, int(math.Round(p.width*emu)), int(math.Round(p.height*emu)))
	id, alt := strconv.Itoa(block+1), escape(p.alt)
	x.paragraph("Normal", `<w:keepNext/><w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>`, func() {
		x.put(`<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0"><wp:extent `, size, `/>`,
			`<wp:docPr id="`, id, `" name="chart`, id, `" descr="`, alt, `"/><wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" noChangeAspect="1"/>`,
			`</wp:cNvGraphicFramePr><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">`,
			`<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="`, id, `" name="chart`, id, `" descr="`, alt, `"/><pic:cNvPicPr/></pic:nvPicPr>`,
			`<pic:blipFill><a:blip r:embed="`, pictureID(block), `"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext `, size, `/></a:xfrm>`,
			`<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`)
	})
}
