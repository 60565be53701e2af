package gazetteer

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func packed(tb testing.TB, text string) string {
	tb.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

func archive(county, offset uint32, body string) string {
	head := binary.BigEndian.AppendUint32(nil, 1)
	for _, n := range []uint32{county, offset, uint32(len(body))} {
		head = binary.BigEndian.AppendUint32(head, n)
	}
	return string(head) + body
}

func TestReadBlock(t *testing.T) {
	t.Parallel()
	got, err := readBlock(block{county: 330112, packed: packed(t, "#000\n0\t某县\n#104\n甲村\n200\t乙村\n丙村\n#105\n7\t丁村")})
	if err != nil {
		t.Fatal(err)
	}
	want := []Place{
		{330112000000, "某县", Village},
		{330112104001, "甲村", Village},
		{330112104201, "乙村", Village},
		{330112104202, "丙村", Village},
		{330112105007, "丁村", Village},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for name, text := range map[string]string{
		"no town":            "甲村",
		"town not a number":  "#1x4\n甲村",
		"town too long":      "#1040\n甲村",
		"town below 0":       "#-1\n甲村",
		"towns out of order": "#104\n甲村\n#103\n乙村",
		"step not a number":  "#104\nx\t甲村",
		"step of nothing":    "#104\n甲村\n0\t乙村",
		"step out of town":   "#104\n999\t甲村\n乙村",
		"no name":            "#104\n甲村\n",
		"too large":          string(bytes.Repeat([]byte{'x'}, maxBlock+1)),
	} {
		if _, err := readBlock(block{county: 330112, packed: packed(t, text)}); !errors.Is(err, errVillages) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := readBlock(block{county: 330112, packed: "not deflate"}); !errors.Is(err, errVillages) {
		t.Errorf("not compressed: %v", err)
	}
}

func TestReadIndex(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"empty":          "",
		"cut":            "\x00\x00\x00\x01\x00",
		"huge count":     "\xff\xff\xff\xff",
		"not a county":   archive(3301, 16, "x"),
		"block past end": archive(330112, 17, "x"),
	} {
		if _, err := readIndex(file); !errors.Is(err, errVillages) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever the bytes are, reading them ends with an error or with villages of their county in order.
func FuzzVillages(f *testing.F) {
	f.Add(archive(330112, 16, packed(f, "#104\n甲村\n200\t乙村")))
	f.Add(archive(330112, 16, packed(f, "#104\n\n")))
	f.Add("\x00\x00\x00\x00")
	f.Fuzz(func(t *testing.T, file string) {
		blocks, err := readIndex(file)
		if err != nil {
			return
		}
		for _, b := range blocks {
			places, err := readBlock(b)
			if err != nil {
				continue
			}
			last := int64(0)
			for _, p := range places {
				if p.Code <= last || CountyOf(p.Code) != b.county || p.Name == "" {
					t.Fatalf("%+v after %d in %d", p, last, b.county)
				}
				last = p.Code
			}
		}
	})
}
