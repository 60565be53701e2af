// Package document makes official documents from templates that an office edits: a template is plain text with
// fields, filling it gives a Doc, and a Doc is printed as PDF, as DOCX and as plain text, laid out by
// GB/T 9704-2012. The language of templates is described in docs/documents.md. The package keeps nothing, knows no
// clock and asks nobody: the same template and the same values always give the same document.
package document

// Field is one thing a template may name in braces. A field with Rows is a list: a template repeats a part for each
// row, and within that part the fields of Rows may be named too.
type Field struct {
	Name  string  // as it stands in the braces, without spaces
	Means string  // what it stands for, shown beside the editor
	Rows  []Field // the fields of one row; a row has no lists of its own
}

// Values are what the fields stand for in one document: a string for a field, []Values for a list. An empty string
// and an empty list count as absent for conditions; a name that a template uses and Values lacks is an error of Fill.
// A line break in a string begins a new paragraph where the field stands in a paragraph, a new item in a setting that
// takes several (signing organs, attachments) and a new line in a table; elsewhere it is a space.
type Values map[string]any

// Kind says what a block is.
type Kind int

// The kinds of blocks.
const (
	Paragraph Kind = iota // first line indented by two characters
	Flush                 // paragraph without indent
	Right                 // set to the right edge
	Centred               // set in the middle
	Heading               // of Level 1 to 4
	Table                 // Rows
	Space                 // one empty line
	Columns               // Chart
)

// Doc is a filled document. Its texts are final: nothing in them is read as markup by anything that prints them.
type Doc struct {
	Head    string   // name of the issuing organ in red over the red rule; empty: no red head
	Number  string   // document number
	Title   string   // may hold line breaks
	To      string   // main addressee, without its colon
	Blocks  []Block  // the text
	Attach  []string // attachments named below the text, in order
	Sign    []string // signing organs, one a line
	Date    string   // day of the document, below the organs
	Seal    bool     // room is kept for a seal over organ and date; nothing is printed there
	Note    string   // note below the date, printed in brackets
	Copy    string   // who gets copies, in the closing rules
	Printed string   // printing office and day, in the closing rules
}

// Block is one block of a document's text.
type Block struct {
	Kind   Kind
	Level  int    // of a Heading, 1 to 4
	Text   []Span // of every kind but Table and Space
	Rows   []Row  // of a Table
	Widths []int  // shares of the columns of a Table; their number is the number of columns
	Chart  *Chart // of Columns
}

// Row is one row of a table. A row with fewer cells than columns lets its last cell reach to the right edge.
type Row struct {
	Head  bool // a heading row: stands at the top of the table, repeated on each page
	Cells [][]Span
}

// Span is a run of text, or a blank to be filled in by hand.
type Span struct {
	Text  string
	Blank int // when above 0: an underlined space as wide as so many Chinese characters, and Text is empty
}

// names reports whether a block is the name of the table below it, with which it stays.
func (d Doc) names(i int) bool {
	return d.Blocks[i].Kind == Centred && i+1 < len(d.Blocks) && d.Blocks[i+1].Kind == Table
}
