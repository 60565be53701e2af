package gazetteer

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"huiyin/internal/errs"
)

// villagesFile holds the villages of each county in a block of its own; scripts/data/divisions.mjs tells the format.
//
//go:embed data/villages.bin
var villagesFile string

// block is where the villages of one county lie in the file.
type block struct {
	county int64
	packed string
}

// countyVillages are the villages of one county, in order of code.
type countyVillages struct {
	county int64
	places []Place
}

const (
	indexHead  = 4  // bytes of the number of counties
	indexEntry = 12 // bytes of code, offset and length
	// maxBlock bounds what a block may unpack to: eight times what the largest county takes.
	maxBlock = 256 << 10
)

// errVillages says that the bytes of an archive of villages do not follow its format.
var errVillages = errors.New("not an archive of villages")

// readIndex reads where each county lies in an archive of villages.
func readIndex(file string) ([]block, error) {
	if len(file) < indexHead {
		return nil, errVillages
	}
	n := int64(binary.BigEndian.Uint32([]byte(file[:indexHead])))
	if int64(len(file)) < indexHead+n*indexEntry {
		return nil, errVillages
	}
	blocks := make([]block, n)
	head := []byte(file[indexHead : indexHead+n*indexEntry])
	for i := range blocks {
		code := int64(binary.BigEndian.Uint32(head[i*indexEntry:]))
		offset := int64(binary.BigEndian.Uint32(head[i*indexEntry+4:]))
		length := int64(binary.BigEndian.Uint32(head[i*indexEntry+8:]))
		if LevelOf(code) != County || offset+length > int64(len(file)) || i > 0 && blocks[i-1].county >= code {
			return nil, errVillages
		}
		blocks[i] = block{county: code, packed: file[offset : offset+length]}
	}
	return blocks, nil
}

// Villages returns the villages and communities of a county, in order of code. The slice is shared: do not change
// it. A code of no county is an errs.NotFound error.
func (g *Gazetteer) Villages(county int64) ([]Place, error) {
	if latest := g.latest.Load(); latest != nil && latest.county == county {
		return latest.places, nil
	}
	i := sort.Search(len(g.blocks), func(i int) bool { return g.blocks[i].county >= county })
	if i == len(g.blocks) || g.blocks[i].county != county {
		return nil, errs.E(errs.NotFound, "gazetteer.place.unknown", "code", county)
	}
	places, err := readBlock(g.blocks[i])
	if err != nil {
		return nil, fmt.Errorf("reading the villages of %d: %w", county, err)
	}
	// An office works in one county most of the time, so the last one read is kept and no more.
	g.latest.Store(&countyVillages{county: county, places: places})
	return places, nil
}

// readBlock unpacks the villages of one county.
func readBlock(b block) ([]Place, error) {
	unpacked, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(b.packed)), maxBlock+1))
	if err != nil {
		return nil, errors.Join(errVillages, err)
	}
	if len(unpacked) > maxBlock {
		return nil, errVillages
	}
	places := make([]Place, 0, bytes.Count(unpacked, []byte("\n")))
	var town, code, last int64
	for line := range strings.SplitSeq(string(unpacked), "\n") {
		if suffix, ok := strings.CutPrefix(line, "#"); ok {
			n, err := strconv.ParseInt(suffix, 10, 64)
			if next := b.county*1000 + n; err == nil && n >= 0 && n <= 999 && next > town {
				town, code = next, next*1000
				continue
			}
			return nil, errVillages
		}
		name, step := line, int64(1)
		if digits, rest, ok := strings.Cut(line, "\t"); ok {
			n, err := strconv.ParseInt(digits, 10, 32)
			if err != nil {
				return nil, errVillages
			}
			name, step = rest, n
		}
		code += step
		if town == 0 || name == "" || code <= last || code/1000 != town {
			return nil, errVillages
		}
		last = code
		places = append(places, Place{Code: code, Name: name, Level: Village})
	}
	return places, nil
}
