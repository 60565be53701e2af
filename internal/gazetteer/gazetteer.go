// Package gazetteer is what the State's published tables say: the administrative divisions down to the village, the
// classification of petitions, how names are spelled, and how identity and telephone numbers are built.
//
// The tables are embedded. Divisions carry the codes of the National Bureau of Statistics: 2 digits for a province,
// 4 for a city, 6 for a county, 9 for a town or street, 12 for a village or community, each code opening with its
// parent's. data/NOTICE.md tells their source, their licence and their gaps.
package gazetteer

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"huiyin/internal/errs"
)

//go:embed data/divisions.txt.gz
var divisionsFile []byte

// Level is the rank of a place. The zero value is no place at all.
type Level int

// The levels, from the widest to the narrowest.
const (
	NoLevel Level = iota
	Province
	City
	County
	Town
	Village
)

// String returns the level in English, "none" for no level.
func (l Level) String() string {
	switch l {
	case NoLevel:
		return "none"
	case Province:
		return "province"
	case City:
		return "city"
	case County:
		return "county"
	case Town:
		return "town"
	case Village:
		return "village"
	}
	return "level " + strconv.Itoa(int(l))
}

// Place is one administrative division.
type Place struct {
	Code  int64 // 33, 3301, 330112, 330112001 or 330112001001
	Name  string
	Level Level
}

// LevelOf returns the level that a code has by its number of digits, NoLevel when no place can have it.
func LevelOf(code int64) Level {
	switch {
	case code >= 10 && code <= 99:
		return Province
	case code >= 1000 && code <= 9999:
		return City
	case code >= 100_000 && code <= 999_999:
		return County
	case code >= 100_000_000 && code <= 999_999_999:
		return Town
	case code >= 100_000_000_000 && code <= 999_999_999_999:
		return Village
	}
	return NoLevel
}

// ParentCode returns the code of the place that holds this one, 0 for a province and for no place.
func ParentCode(code int64) int64 {
	switch LevelOf(code) {
	case City, County:
		return code / 100
	case Town, Village:
		return code / 1000
	case NoLevel, Province:
	}
	return 0
}

// Inside reports whether a place is another or lies in it.
func Inside(place, whole int64) bool {
	for LevelOf(place) > LevelOf(whole) {
		place = ParentCode(place)
	}
	return place == whole
}

// Codes are the ranges, from and to, of the codes that a place and what lies in it can have; none for no place.
func Codes(whole int64) (ranges [][2]int64) {
	of := LevelOf(whole)
	if of == NoLevel {
		return nil
	}
	low, high := whole, whole
	ranges = append(ranges, [2]int64{low, high})
	for level := of + 1; level <= Village; level++ {
		digits := int64(100)
		if level >= Town {
			digits = 1000
		}
		low, high = low*digits, high*digits+digits-1
		ranges = append(ranges, [2]int64{low, high})
	}
	return ranges
}

// CountyOf returns the code of the county that holds a place or is it, 0 for provinces, cities and no place.
func CountyOf(code int64) int64 {
	for LevelOf(code) > County {
		code = ParentCode(code)
	}
	if LevelOf(code) != County {
		return 0
	}
	return code
}

// Gazetteer answers about places and categories. It is safe for concurrent use.
type Gazetteer struct {
	levels  [Town + 1][]Place // by level, in order of code
	blocks  []block           // where the villages of each county lie, in order of code
	latest  atomic.Pointer[countyVillages]
	english english
	tables  map[string]Table
	dispute map[string]string // category to type of dispute
	renamed map[string]string // codes of the current table by names of the older one
}

// Open reads the divisions down to the town, the index of the villages, and the tables, once in a program. Villages themselves are
// unpacked county by county when they are asked for.
func Open() (*Gazetteer, error) { return embedded() }

var embedded = sync.OnceValues(func() (*Gazetteer, error) { //nolint:gochecknoglobals // read once, never changed
	g := &Gazetteer{}
	if err := g.readDivisions(); err != nil {
		return nil, fmt.Errorf("reading the embedded divisions: %w", err)
	}
	blocks, err := readIndex(villagesFile)
	if err != nil {
		return nil, fmt.Errorf("reading the embedded index of villages: %w", err)
	}
	g.blocks = blocks
	if g.english, err = readEnglish(); err != nil {
		return nil, fmt.Errorf("reading the embedded English names: %w", err)
	}
	if err := g.readTables(); err != nil {
		return nil, fmt.Errorf("reading the embedded tables: %w", err)
	}
	return g, nil
})

func (g *Gazetteer) readDivisions() error {
	unpacker, err := gzip.NewReader(bytes.NewReader(divisionsFile))
	if err != nil {
		return err
	}
	var text strings.Builder
	text.Grow(4 * len(divisionsFile))                   // it unpacks to about that
	if _, err := io.Copy(&text, unpacker); err != nil { //nolint:gosec // the file is embedded: its size is known
		return err
	}
	g.levels[Town] = make([]Place, 0, strings.Count(text.String(), "\n")) // nearly all lines are towns
	for line := range strings.Lines(text.String()) {
		digits, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		code, err := strconv.ParseInt(digits, 10, 64)
		level := LevelOf(code)
		if err != nil || name == "" || level == NoLevel || level == Village {
			return fmt.Errorf("a line has no code and name: %q", line)
		}
		g.levels[level] = append(g.levels[level], Place{Code: code, Name: name, Level: level})
	}
	return nil
}

// Place returns the place with a code, and whether there is one.
func (g *Gazetteer) Place(code int64) (Place, bool) {
	level := LevelOf(code)
	if level == NoLevel {
		return Place{}, false
	}
	var list []Place
	if level < Village {
		list = g.levels[level]
	} else {
		// The archive is embedded and a test unpacks all of it: an error here means that there is no such county.
		list, _ = g.Villages(CountyOf(code))
	}
	i := search(list, code)
	if i == len(list) || list[i].Code != code {
		return Place{}, false
	}
	return list[i], true
}

// search returns the index of the first place of a list in order of code whose code is not below the given one.
func search(list []Place, code int64) int {
	return sort.Search(len(list), func(i int) bool { return list[i].Code >= code })
}

// Path returns the place and all that hold it, province first; nil when the code is of no place. Placeholders are
// part of the path.
func (g *Gazetteer) Path(code int64) []Place {
	place, ok := g.Place(code)
	if !ok {
		return nil
	}
	path := make([]Place, place.Level)
	for i := range path {
		at := len(path) - 1 - i
		path[at] = place
		place, _ = g.Place(ParentCode(place.Code))
	}
	return path
}

// FullName returns the written name of a place from the province down, without the placeholders that the codes need
// and names do not (北京市东城区, 广东省东莞市); "" when the code is of no place.
func (g *Gazetteer) FullName(code int64) string {
	var b strings.Builder
	for _, place := range g.written(code) {
		b.WriteString(place.Name)
	}
	return b.String()
}

// written returns the places of a path whose names are written in full: no placeholder, and of a city and its only
// county, which have one name, the city.
func (g *Gazetteer) written(code int64) []Place {
	path := g.Path(code)
	list := make([]Place, 0, len(path))
	last := ""
	for _, place := range path {
		if !placeholder(place) && place.Name != last {
			list = append(list, place)
		}
		last = place.Name
	}
	return list
}

// placeholder reports whether a place stands in the codes only because every county must have a city: the Bureau
// numbers these 01 and 02 under the municipalities and 90 for counties directly under a province.
func placeholder(p Place) bool {
	if p.Level != City {
		return false
	}
	switch p.Code {
	case 1101, 1201, 3101, 5001, 5002:
		return true
	}
	return p.Code%100 == 90
}

// Children returns the places directly inside one, in order of code; the provinces for 0. A village has none. The
// slice is shared: do not change it. A code of no place is an errs.NotFound error.
func (g *Gazetteer) Children(code int64) ([]Place, error) {
	if err := g.known(code); err != nil {
		return nil, err
	}
	return g.inside(code, LevelOf(code)+1)
}

// known refuses a code that is neither of a place nor 0, the whole country.
func (g *Gazetteer) known(code int64) error {
	if _, ok := g.Place(code); !ok && code != 0 {
		return errs.E(errs.NotFound, "gazetteer.place.unknown", "code", code)
	}
	return nil
}

// inside returns the places of a level that lie in a place, or all of them for 0. Villages can be had within a
// county or a town.
func (g *Gazetteer) inside(code int64, level Level) ([]Place, error) {
	if level > Village {
		return nil, nil
	}
	var list []Place
	if level < Village {
		list = g.levels[level]
	} else {
		var err error
		if list, err = g.Villages(CountyOf(code)); err != nil {
			return nil, err
		}
	}
	first, after := span(code, level)
	low, high := search(list, first), search(list, after)
	return list[low:high:high], nil
}

// span returns the first code of a level that can lie in a place, and the first one after it that cannot. The place
// 0 is the whole country.
func span(code int64, level Level) (first, after int64) {
	after = code + 1
	for at := LevelOf(code); at < level; at++ {
		step := int64(100)
		if at >= County {
			step = 1000
		}
		code, after = code*step, after*step
	}
	return code, after
}
