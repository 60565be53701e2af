package httpx_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
)

const (
	contentTypes = `<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	pdfText      = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)

type part struct{ name, text string }

func zipOf(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	fill(t, z, parts...)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fill(t testing.TB, z *zip.Writer, parts ...part) {
	t.Helper()
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, p.text); err != nil {
			t.Fatal(err)
		}
	}
}

func docx(t testing.TB, more ...part) []byte {
	t.Helper()
	return zipOf(t, append([]part{{"[Content_Types].xml", contentTypes}, {"word/document.xml", "<w:document/>"}}, more...)...)
}

func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zeros is a DOCX with a number of parts that each unpack to 1 MiB, though their headers say declared bytes.
func zeros(t testing.TB, parts int, declared uint64) []byte {
	t.Helper()
	var packed, b bytes.Buffer
	f, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	plain := make([]byte, 1<<20)
	if _, err := f.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&b)
	fill(t, z, part{"[Content_Types].xml", contentTypes}, part{"word/document.xml", "<w:document/>"})
	for i := range parts {
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: fmt.Sprintf("word/media/%d", i), Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(plain),
			CompressedSize64: uint64(packed.Len()), UncompressedSize64: declared,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(packed.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCheckUpload(t *testing.T) {
	photo, scan, word := jpegOf(t, 40, 30), pngOf(t, 40, 30), docx(t)
	badSum := bytes.Clone(word)
	badSum[bytes.Index(badSum, []byte("word/document.xml"))+len("word/document.xml")+3] ^= 0xff
	huge := bytes.Clone(scan)
	copy(huge[16:24], []byte{0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20}) // 20,000 × 20,000
	sum := crc32.ChecksumIEEE(huge[12:29])
	copy(huge[29:33], []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	many := make([]part, 5000)
	for i := range many {
		many[i] = part{"word/" + strings.Repeat("a", i%7) + string(rune('0'+i%10)), ""}
	}
	for _, c := range []struct {
		name, file string
		content    []byte
		kind       httpx.FileKind // "" when refused
		saved      string
		code       string
	}{
		{"JPEG", "现场照片.JPG", photo, httpx.JPEG, "现场照片.JPG", ""},
		{"PNG", "截图.png", scan, httpx.PNG, "截图.png", ""},
		{"PDF", "合同.pdf", []byte(pdfText), httpx.PDF, "合同.pdf", ""},
		{"DOCX", "信访材料.docx", word, httpx.DOCX, "信访材料.docx", ""},
		{"no extension", "image", photo, httpx.JPEG, "image.jpg", ""},
		{"no name", "", scan, httpx.PNG, "file.png", ""},
		{"JPEG saved as .png", "微信图片.png", photo, httpx.JPEG, "微信图片.jpg", ""},
		{"JPEG with a film behind it", "motion.jpg", append(bytes.Clone(photo), "\x00\x00\x00\x18ftypmp42"...), httpx.JPEG, "motion.jpg", ""},
		{"path in the name", `C:\张三\..\a.pdf`, []byte(pdfText), httpx.PDF, "a.pdf", ""},

		{"empty", "a.jpg", nil, "", "", "upload.empty"},
		{"text", "a.txt", []byte("你好"), "", "", "upload.kind"},
		{"HTML", "a.html", []byte("<!DOCTYPE html><script>alert(1)</script>"), "", "", "upload.kind"},
		{"HTML as .jpg", "a.jpg", []byte("<html>"), "", "", "upload.kind"},
		{"SVG", "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>`), "", "", "upload.kind"},
		{"GIF", "a.gif", []byte("GIF89a"), "", "", "upload.kind"},
		{"program as .pdf", "a.pdf", []byte("MZ\x90\x00"), "", "", "upload.kind"},
		{"PDF not at the start", "a.pdf", []byte("<html>%PDF-1.7 %%EOF"), "", "", "upload.kind"},
		{"photo of an iPhone", "IMG_1.HEIC", []byte("\x00\x00\x00\x24ftypheic\x00\x00"), "", "", "upload.heic"},
		{"film", "a.mp4", []byte("\x00\x00\x00\x24ftypmp42\x00\x00"), "", "", "upload.kind"},
		{"old Word", "a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "", "", "upload.old_word"},
		{"archive", "a.zip", zipOf(t, part{"a.txt", "a"}), "", "", "upload.archive"},
		{"archive as .docx", "a.docx", zipOf(t, part{"a.txt", "a"}), "", "", "upload.archive"},
		{"Word as .zip", "a.zip", word, "", "", "upload.archive"},
		{"document without types", "a.docx", zipOf(t, part{"word/document.xml", "x"}, part{"[Content_Types].xml", "<Types/>"}), "", "", "upload.archive"},
		{"document without text", "a.docx", zipOf(t, part{"[Content_Types].xml", contentTypes}), "", "", "upload.archive"},
		{"RAR", "a.rar", []byte("Rar!\x1a\x07"), "", "", "upload.archive"},
		{"gzip", "a.gz", []byte("\x1f\x8b\x08"), "", "", "upload.archive"},
		{"JPEG as .pdf", "a.pdf", photo, "", "", "upload.name"},
		{"JPEG as .html", "a.html", photo, "", "", "upload.name"},
		{"PDF as .jpg", "a.jpg", []byte(pdfText), "", "", "upload.name"},
		{"PDF as program", "a.pdf.exe", []byte(pdfText), "", "", "upload.name"},
		{"JPEG cut", "a.jpg", photo[:30], "", "", "upload.broken"},
		{"PNG cut", "a.png", scan[:20], "", "", "upload.broken"},
		{"PDF cut", "a.pdf", []byte(pdfText[:40]), "", "", "upload.broken"},
		{"DOCX cut", "a.docx", word[:len(word)-30], "", "", "upload.broken"},
		{"DOCX damaged", "a.docx", badSum, "", "", "upload.broken"},
		{"picture of 400 million pixels", "a.png", huge, "", "", "upload.dimensions"},
		{"macros", "a.docx", docx(t, part{"word/vbaProject.bin", "x"}), "", "", "upload.macros"},
		{"large but honest", "a.docx", zeros(t, 3, 1<<20), httpx.DOCX, "a.docx", ""},
		{"bomb", "a.docx", zeros(t, 101, 1<<20), "", "", "upload.expands"},
		{"bomb that lies", "a.docx", zeros(t, 1, 1), "", "", "upload.broken"},
		{"too many parts", "a.docx", docx(t, many...), "", "", "upload.expands"},
		{"JPEG and archive", "a.jpg", append(bytes.Clone(photo), zipOf(t, part{"a.jar", "a"})...), "", "", "upload.mixed"},
		{"PDF and archive", "a.pdf", append([]byte(pdfText), zipOf(t, part{"a", "%%EOF"})...), "", "", "upload.mixed"},
		{"PDF and page", "a.pdf", []byte("%PDF-1.7\n<HTML><Script>x</script>\n%%EOF"), "", "", "upload.mixed"},
		{"too large", "a.pdf", append([]byte(pdfText), make([]byte, httpx.MaxUpload)...), "", "", "upload.too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := httpx.CheckUpload(bytes.NewReader(c.content), int64(len(c.content)), c.file)
			if c.code != "" {
				if wantCode(t, err, c.code); err != nil && strings.Contains(err.Error(), "张三") {
					t.Errorf("the error shows the name: %v", err)
				}
				return
			}
			want := httpx.Upload{Kind: c.kind, Name: c.saved, Size: int64(len(c.content))}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
			if kind, mime, err := httpx.SniffUpload(c.content, c.file); kind != c.kind || mime != c.kind.MIME() || err != nil {
				t.Errorf("sniffed %s %s, %v", kind, mime, err)
			}
		})
	}
}

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errors.New("disk") }

// A fault of ours is not told as a fault of the file.
func TestCheckUploadCannotRead(t *testing.T) {
	if _, err := httpx.CheckUpload(failing{}, 100, "a.pdf"); err == nil || errs.KindOf(err) != errs.Internal {
		t.Errorf("got %v", err)
	}
}

func FuzzCheckUpload(f *testing.F) {
	f.Add([]byte(pdfText), "a.pdf")
	f.Add(docx(f), "a.docx")
	f.Add(jpegOf(f, 2, 2), "a.jpg")
	f.Add(pngOf(f, 2, 2), "a.png")
	f.Add(zeros(f, 1, 1), "a.docx")
	f.Add([]byte("\x00\x00\x00\x18ftypheic"), "a.heic")
	f.Fuzz(func(t *testing.T, content []byte, name string) {
		got, err := httpx.CheckUpload(bytes.NewReader(content), int64(len(content)), name)
		if err != nil {
			if kind := errs.KindOf(err); kind != errs.Invalid && kind != errs.TooLarge {
				t.Errorf("not told as a fault of the file: %v", err)
			}
			return
		}
		if got.Name != httpx.SafeName(got.Name) || !strings.Contains(got.Name, ".") || got.Kind.MIME() == "application/octet-stream" {
			t.Errorf("%+v", got)
		}
		if again, err := httpx.CheckUpload(bytes.NewReader(content), int64(len(content)), got.Name); err != nil || again != got {
			t.Errorf("under its own name: %+v, %v", again, err)
		}
	})
}

func FuzzSniffUpload(f *testing.F) {
	f.Add([]byte("%PDF-1.7"), "a.pdf")
	f.Add([]byte("PK\x03\x04"), "")
	f.Fuzz(func(t *testing.T, head []byte, name string) {
		kind, mime, err := httpx.SniffUpload(head, name)
		if (err == nil) != (kind != "") || kind.MIME() != mime && err == nil {
			t.Errorf("%q %q %v", kind, mime, err)
		}
	})
}
