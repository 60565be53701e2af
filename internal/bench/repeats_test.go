package bench

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"huiyin/internal/find"
)

// What is generated is the same for the same seed, and repeats are as alike as their kind says.
func TestLetters(t *testing.T) {
	l, err := loadLetters([]village{{330112001001, "甲镇", "乙村"}, {330112001002, "甲镇", "丙村"}})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for n := range uint64(200) {
		one := l.write(7, n, kindNew, 0)
		if again := l.write(7, n, kindNew, 0); again != one {
			t.Fatalf("letter %d is another the second time", n)
		}
		if seen[one.Text] || one.Title == "" || one.Demand == "" {
			t.Errorf("letter %d: %+v", n, one)
		}
		seen[one.Text] = true
		set := find.Read(one.Text).Shingles()
		for kind, span := range map[string][2]int{kindCopy: {100, 100}, kindEdited: {35, 99}, kindTold: {0, 29}} {
			other := l.write(7, n, kind, n+1)
			if p := set.Of(find.Read(other.Text).Shingles()).Percent(); p < span[0] || p > span[1] {
				t.Errorf("letter %d, %s: %d percent\n%s\n%s", n, kind, p, one.Text, other.Text)
			}
		}
	}
}

// A file with copies: every pair is found, none is said to be more alike than it is, and the figures are of what was done.
func TestRepeatsOfAFile(t *testing.T) {
	l, err := loadLetters([]village{{330112001001, "甲镇", "乙村"}, {330112001002, "甲镇", "丙村"}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "messages.jsonl.gz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zip := gzip.NewWriter(file)
	lines := json.NewEncoder(zip)
	for n := range uint64(40) {
		m := l.write(7, n/2, kindNew, 0)
		if n%2 == 1 {
			m = l.write(7, n/2, kindEdited, n)
		}
		if err := lines.Encode(map[string]string{"title": m.Title, "text": m.Text}); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Repeats(t.Context(), RepeatsConfig{Data: path, Now: time.Now, Progress: func(string, int) {}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Matters != 40 || r.Asked != 40 || r.Wrong != 0 || r.Pairs[0].All != 20 || r.Pairs[0].Found != 20 || r.Whole.P50 <= 0 || r.Offered < 0.5 {
		t.Errorf("%+v", r)
	}
}

func TestRepeatsOfGeneratedMatters(t *testing.T) {
	r, err := Repeats(t.Context(), RepeatsConfig{Matters: 300, Now: time.Now, Progress: func(string, int) {}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Matters != 300 || r.Asked != 400 || len(r.Kinds) != 4 {
		t.Fatalf("%+v", r)
	}
	for _, k := range r.Kinds {
		// letters of one town about the same trouble of two streets are taken for one: they are written after the same pattern
		if least := map[string]int{kindCopy: k.All, kindEdited: k.All, kindTold: k.All * 9 / 10, kindNew: k.All / 4}[k.Name]; k.Found < least {
			t.Errorf("%s: %d of %d", k.Name, k.Found, k.All)
		}
	}
}
