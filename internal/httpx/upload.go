package httpx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"path"
	"slices"
	"strings"

	"huiyin/internal/errs"
)

// FileKind is a kind of file that people may hand in.
type FileKind string

// The kinds.
const (
	JPEG FileKind = "jpeg"
	PNG  FileKind = "png"
	PDF  FileKind = "pdf"
	DOCX FileKind = "docx"
)

// MIME is the media type under which a file of the kind is sent.
func (k FileKind) MIME() string {
	switch k {
	case JPEG:
		return "image/jpeg"
	case PNG:
		return "image/png"
	case PDF:
		return "application/pdf"
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	}
	return "application/octet-stream"
}

// extensions are those a file of the kind may have, the usual one first.
func (k FileKind) extensions() []string {
	switch k {
	case JPEG:
		return []string{".jpg", ".jpeg", ".jpe", ".jfif"}
	case PNG:
		return []string{".png"}
	case PDF:
		return []string{".pdf"}
	case DOCX:
		return []string{".docx"}
	}
	return nil
}

const (
	// MaxUpload is how many bytes a file may have.
	MaxUpload = 20 * mebibyte

	headSize    = 512
	pdfTailSize = 2048
	maxSide     = 20_000      // pixels
	maxPixels   = 100_000_000 // a picture of so many takes 400 MB when it is shown
	maxParts    = 4096        // files inside a DOCX
	maxUnpacked = 100 * mebibyte
	maxTypes    = mebibyte // of [Content_Types].xml

	docxTypes    = "[Content_Types].xml"
	docxDocument = "word/document.xml"
	docxMain     = "wordprocessingml.document.main+xml"
	docxMacros   = "vbaproject.bin"
)

// Upload is a file that was checked.
type Upload struct {
	Kind FileKind
	Name string // safe, with an extension that fits the kind
	Size int64  // bytes
}

// SniffUpload tells from the first bytes (512 or more, if there are) and the name what a file claims to be. Only JPEG, PNG, PDF
// and DOCX pass. The errors say what to do instead. CheckUpload looks at the whole file.
func SniffUpload(head []byte, name string) (kind FileKind, mime string, err error) {
	switch {
	case len(head) == 0:
		return "", "", errs.E(errs.Invalid, "upload.empty")
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		kind = JPEG
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		kind = PNG
	case bytes.HasPrefix(head, []byte("%PDF-1.")), bytes.HasPrefix(head, []byte("%PDF-2.")):
		kind = PDF
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		kind = DOCX
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "", "", errs.E(errs.Invalid, "upload.old_word")
	case isHEIC(head):
		return "", "", errs.E(errs.Invalid, "upload.heic")
	case bytes.HasPrefix(head, []byte("Rar!")), bytes.HasPrefix(head, []byte("7z\xbc\xaf")), bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "", "", errs.E(errs.Invalid, "upload.archive")
	default:
		return "", "", errs.E(errs.Invalid, "upload.kind")
	}
	if kind != DOCX && hasMarkup(head) {
		return "", "", errs.E(errs.Invalid, "upload.mixed")
	}
	switch ext := strings.ToLower(path.Ext(SafeName(name))); {
	case ext == "" || slices.Contains(kind.extensions(), ext):
	case kind == DOCX:
		return "", "", errs.E(errs.Invalid, "upload.archive")
	// telephones and messengers save JPEG as .png and the other way round
	case kind.picture() && (slices.Contains(JPEG.extensions(), ext) || slices.Contains(PNG.extensions(), ext)):
	default:
		return "", "", errs.E(errs.Invalid, "upload.name", "kind", strings.ToUpper(string(kind)), "extension", ext)
	}
	return kind, kind.MIME(), nil
}

func (k FileKind) picture() bool { return k == JPEG || k == PNG }

func isHEIC(head []byte) bool {
	const boxEnd = 12
	if len(head) < boxEnd || string(head[4:8]) != "ftyp" {
		return false
	}
	switch string(head[8:boxEnd]) {
	case "heic", "heix", "hevc", "mif1", "msf1", "avif":
		return true
	}
	return false
}

func hasMarkup(head []byte) bool {
	low := bytes.ToLower(head[:min(len(head), headSize)])
	return bytes.Contains(low, []byte("<script")) || bytes.Contains(low, []byte("<html")) || bytes.Contains(low, []byte("<!doctype"))
}

// CheckUpload looks at a whole file and returns what it is. It refuses what is no JPEG, PNG, PDF or DOCX through and
// through: files over 20 MB, damaged ones, pictures of absurd dimensions, documents with macros or that unpack to more than
// 100 MB, files that are two kinds at once.
func CheckUpload(r io.ReaderAt, size int64, name string) (Upload, error) {
	if size > MaxUpload {
		return Upload{}, errs.E(errs.TooLarge, "upload.too_large", "limit_mb", megabytes(MaxUpload), "size_mb", megabytes(size))
	}
	head := make([]byte, min(size, headSize))
	if err := readAt(r, head, 0); err != nil {
		return Upload{}, fmt.Errorf("read an upload: %w", err)
	}
	kind, _, err := SniffUpload(head, name)
	if err != nil {
		return Upload{}, err
	}
	switch kind {
	case JPEG:
		err = checkPicture(r, size, jpeg.DecodeConfig)
	case PNG:
		err = checkPicture(r, size, png.DecodeConfig)
	case PDF:
		err = checkPDF(r, size)
	case DOCX:
		err = checkDOCX(r, size)
	}
	if err != nil {
		return Upload{}, err
	}
	if kind != DOCX && isZip(r, size) {
		return Upload{}, errs.E(errs.Invalid, "upload.mixed")
	}
	return Upload{Kind: kind, Name: fitName(name, kind), Size: size}, nil
}

// fitName gives a safe name the extension of its kind. "photo.png" that is a JPEG becomes "photo.jpg".
func fitName(name string, kind FileKind) string {
	name = SafeName(name)
	ext := path.Ext(name)
	if slices.Contains(kind.extensions(), strings.ToLower(ext)) {
		return name
	}
	return SafeName(strings.TrimSuffix(name, ext) + kind.extensions()[0])
}

func readAt(r io.ReaderAt, b []byte, at int64) error {
	_, err := io.ReadFull(io.NewSectionReader(r, at, int64(len(b))), b)
	return err
}

func broken(cause error) error { return errs.E(errs.Invalid, "upload.broken").Because(cause) }

func checkPicture(r io.ReaderAt, size int64, config func(io.Reader) (image.Config, error)) error {
	c, err := config(io.NewSectionReader(r, 0, size))
	if err != nil {
		return broken(err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return broken(fmt.Errorf("%d × %d pixels", c.Width, c.Height))
	}
	if c.Width > maxSide || c.Height > maxSide || int64(c.Width)*int64(c.Height) > maxPixels {
		return errs.E(errs.Invalid, "upload.dimensions", "width", c.Width, "height", c.Height, "side", maxSide)
	}
	return nil
}

// checkPDF looks for the end mark, which a file lacks that was cut on its way.
func checkPDF(r io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, pdfTailSize))
	if err := readAt(r, tail, size-int64(len(tail))); err != nil {
		return fmt.Errorf("read an upload: %w", err)
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return broken(fmt.Errorf("no end mark in the last %d bytes", len(tail)))
	}
	return nil
}

func isZip(r io.ReaderAt, size int64) bool {
	z, err := zip.NewReader(r, size)
	return err == nil && len(z.File) > 0
}

// checkDOCX unpacks every part, without keeping it: sizes written in an archive may lie, and the check sums show damage.
func checkDOCX(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return broken(err)
	}
	tooMuch := errs.E(errs.Invalid, "upload.expands", "limit_mb", megabytes(maxUnpacked))
	if len(z.File) > maxParts {
		return tooMuch
	}
	var types []byte
	var document bool
	left := int64(maxUnpacked)
	for _, f := range z.File {
		if strings.HasSuffix(strings.ToLower(f.Name), docxMacros) {
			return errs.E(errs.Invalid, "upload.macros")
		}
		document = document || f.Name == docxDocument
		var text bytes.Buffer
		to := io.Discard
		if f.Name == docxTypes && f.UncompressedSize64 <= maxTypes {
			to = &text
		}
		n, err := unpack(f, to, left)
		if err != nil {
			return broken(err)
		}
		if left -= n; left < 0 {
			return tooMuch
		}
		if f.Name == docxTypes {
			types = text.Bytes()
		}
	}
	if !document || !bytes.Contains(types, []byte(docxMain)) {
		return errs.E(errs.Invalid, "upload.archive")
	}
	return nil
}

// unpack writes at most one byte more than limit.
func unpack(f *zip.File, to io.Writer, limit int64) (n int64, err error) {
	part, err := f.Open()
	if err != nil {
		return 0, fmt.Errorf("open a part: %w", err)
	}
	defer part.Close() // nothing was written
	if n, err = io.Copy(to, io.LimitReader(part, limit+1)); err != nil {
		return n, fmt.Errorf("unpack a part: %w", err)
	}
	return n, nil
}
