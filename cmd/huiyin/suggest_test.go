package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huiyin/internal/storetest"
	"huiyin/internal/suggest"
)

// inventedMessages writes files with invented messages of three categories: as written (gzipped), and cut into words, some of them as lists.
func inventedMessages(t *testing.T, dir string) (raw, cut string) {
	t.Helper()
	words := map[string][]string{
		"道路交通": {"公交车", "红绿灯", "堵车", "出租车", "站台"},
		"学校教育": {"学校", "老师", "补课", "学费", "家长"},
		"环境卫生": {"污水", "噪音", "油烟", "垃圾", "臭味"},
	}
	var written, tokens bytes.Buffer
	packed := gzip.NewWriter(&written)
	random, n := rand.New(rand.NewPCG(1, 1)), 0
	for _, label := range []string{"道路交通", "学校教育", "环境卫生"} {
		for i := range 20 {
			w := words[label]
			chosen := []string{w[i%5], w[(i+1)%5], w[(i/5)%5]}
			for range 8 { // what each says besides
				chosen = append(chosen, string([]rune{rune(0x4e00 + random.IntN(3000)), rune(0x4e00 + random.IntN(3000))}))
			}
			_, err := fmt.Fprintf(packed, "{\"text\":%q,\"label\":%q}\n", strings.Join(chosen, "，")+"，希望解决。", label)
			must(t, err)
			var list any = strings.Join(chosen, " ")
			if n++; n%2 == 0 {
				list = chosen
			}
			line, err := json.Marshal(map[string]any{"tokens": list, "label": label})
			must(t, err)
			tokens.Write(append(line, '\n'))
		}
	}
	must(t, packed.Close())
	raw, cut = filepath.Join(dir, "raw.jsonl.gz"), filepath.Join(dir, "cut.jsonl")
	must(t, os.WriteFile(raw, written.Bytes(), 0o600))
	must(t, os.WriteFile(cut, tokens.Bytes(), 0o600))
	return raw, cut
}

// TestSuggest takes the command from data to a model and its figures, for people and for programs.
func TestSuggest(t *testing.T) {
	dir := t.TempDir()
	raw, cut := inventedMessages(t, dir)
	model := filepath.Join(dir, "model")

	code, out, err := call(t, "suggest", "train", "--data", raw, cut, "--out", model, "--lang", "en")
	if code != 0 || !strings.Contains(out, "from 120 rows with 3 categories") || !strings.Contains(out, "学校教育") {
		t.Fatalf("%d %s %s", code, out, err)
	}
	first, readErr := os.ReadFile(model)
	must(t, readErr)

	code, out, _ = call(t, "suggest", "train", "--data", raw, "--data", cut, "--out", model, "--json")
	var told suggestTrained
	must(t, json.Unmarshal([]byte(out), &told))
	if code != 0 || told.Bytes != int64(len(first)) || told.Header.Rows != 120 || told.Seconds <= 0 || told.Header.HeldOut.Rows != 60 {
		t.Errorf("%d %+v", code, told)
	}
	if again, err := os.ReadFile(model); err != nil || !bytes.Equal(again, first) {
		t.Errorf("the same data made another model (%v)", err)
	}

	code, out, _ = call(t, "suggest", "eval", "--model", model, "--data", raw, "--json")
	var measured suggestMeasured
	must(t, json.Unmarshal([]byte(out), &measured))
	if code != 0 || measured.Accuracy != 1 || measured.Milliseconds <= 0 || measured.ModelBytes != told.Bytes || measured.Seconds == nil || *measured.Seconds != told.Seconds {
		t.Errorf("%d %s", code, out)
	}
	for _, member := range []string{"accuracy", "macro_f1", "top3_accuracy", "calibration_error", "classes", "precision", "recall", "f1", "support", "ms_per_text", "training_seconds"} {
		if !strings.Contains(out, `"`+member+`":`) {
			t.Errorf("no member %s", member)
		}
	}
	must(t, os.Remove(model+".json"))
	if code, out, _ = call(t, "suggest", "eval", "--model", model, "--data", cut, "--json"); code != 0 || !strings.Contains(out, `"training_seconds": null`) {
		t.Errorf("%d %s", code, out)
	}
	if code, out, _ = call(t, "suggest", "eval", "--model", model, "--data", raw); code != 0 || !strings.Contains(out, "每条留言") {
		t.Errorf("%d %s", code, out)
	}

	code, out, _ = call(t, "suggest", "cross", "--data", raw, cut, "--holdout", "4", "--json")
	var crossed struct {
		Parts   []suggest.Report `json:"parts"`
		Figures []suggestSpread  `json:"figures"`
	}
	must(t, json.Unmarshal([]byte(out), &crossed))
	if code != 0 || len(crossed.Parts) != 4 || len(crossed.Figures) != 6 || crossed.Figures[0].Mean <= 0.5 {
		t.Errorf("%d %s", code, out)
	}
	if code, out, _ = call(t, "suggest", "cross", "--data", raw, "--keep-copies", "--lang", "en"); code != 0 || !strings.Contains(out, "accuracy of the first suggestion") {
		t.Errorf("%d %s", code, out)
	}
	left, globErr := filepath.Glob(filepath.Join(dir, "*.new"))
	must(t, globErr)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestSuggestNamesBadRows: each with its line, what is wrong and what to do; the others are used and the exit code is 1.
func TestSuggestNamesBadRows(t *testing.T) {
	dir := t.TempDir()
	raw, cut := inventedMessages(t, dir)
	bad := filepath.Join(dir, "bad.jsonl")
	must(t, os.WriteFile(bad, []byte("{\"text\":\"路口\"}\n{\"text\":\n\n{\"text\":\"。\",\"label\":\"道路交通\"}\n{\"text\":\"路口堵车\",\"label\":\"道路交通\"}\n"), 0o600))
	model := filepath.Join(dir, "model")
	code, out, err := call(t, "suggest", "train", "--data", raw, cut, bad, "--out", model, "--json", "--lang", "en")
	var told suggestTrained
	must(t, json.Unmarshal([]byte(out), &told))
	if code != 1 || told.Refused != 3 || told.Header.Rows != 121 {
		t.Errorf("%d %+v", code, told)
	}
	for _, want := range []string{"bad.jsonl, row 1, column “label”: The category is missing", "bad.jsonl, row 2: This row is not a complete JSON object", "bad.jsonl, row 4, column “text”: There are no words"} {
		if !strings.Contains(err, want) {
			t.Errorf("%q is not in %s", want, err)
		}
	}
}

// TestSuggestKeepsTheOldModel when the new one cannot be made or put in its place.
func TestSuggestKeepsTheOldModel(t *testing.T) {
	dir := t.TempDir()
	raw, cut := inventedMessages(t, dir)
	model := filepath.Join(dir, "model")
	must(t, os.WriteFile(model, []byte("old"), 0o600))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	args := []string{"suggest", "train", "--data", raw, cut, "--out", model}
	var o, e bytes.Buffer
	if code := dispatch(ctx, newConsole(&o, &e, args, func(string) string { return "" }), args); code != 1 {
		t.Errorf("stopped: %d %s", code, e.String())
	}
	if kept, err := os.ReadFile(model); err != nil || string(kept) != "old" {
		t.Errorf("%q %v", kept, err)
	}
	must(t, os.Mkdir(filepath.Join(dir, "taken"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "taken", "inside"), nil, 0o600))
	for _, name := range []string{filepath.Join(dir, "taken"), filepath.Join(dir, "nowhere", "model")} {
		if code, _, err := call(t, "suggest", "train", "--data", raw, cut, "--out", name); code != 1 || !strings.Contains(err, name) {
			t.Errorf("%s: %d %s", name, code, err)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.new"))
	must(t, err)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if code, _, err := call(t, "suggest", "eval", "--model", model, "--data", raw); code != 1 || !strings.Contains(err, "suggest train") {
		t.Errorf("%d %s", code, err)
	}
}

func TestSuggestUsage(t *testing.T) {
	dir := t.TempDir()
	raw, _ := inventedMessages(t, dir)
	empty := filepath.Join(dir, "empty.jsonl")
	must(t, os.WriteFile(empty, []byte("{\"label\":\"道路交通\"}\n"), 0o600))
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{nil, 2, "train"},
		{[]string{"nonsense"}, 2, "cross"},
		{[]string{"train"}, 2, "--data"},
		{[]string{"train", "--data", raw}, 2, "--out"},
		{[]string{"train", "--data", raw, "--nonsense"}, 2, "nonsense"},
		{[]string{"train", "--data", raw, "--out", "m", "--folds", "1"}, 1, "--folds"},
		{[]string{"train", "--data", empty, "--out", "m"}, 1, "没有可用的行"},
		{[]string{"train", "--data", "nowhere.jsonl", "--out", "m"}, 1, "nowhere.jsonl"},
		{[]string{"eval", "--data", raw}, 2, "--model"},
		{[]string{"eval", "--model", "nowhere", "--data", raw}, 1, "nowhere"},
		{[]string{"eval", "--model", raw, "--data", raw}, 1, "suggest train"},
		{[]string{"cross", "--nonsense"}, 2, "nonsense"},
		{[]string{"cross", "--data", raw, "--holdout", "1"}, 1, "--holdout"},
		{[]string{"cross", "--data", raw, "--precision", "2"}, 1, "--precision"},
	} {
		if code, out, err := call(t, append([]string{"suggest"}, c.args...)...); code != c.code || !strings.Contains(out+err, c.says) {
			t.Errorf("%v: %d %s %s", c.args, code, out, err)
		}
	}
}

// TestSuggestFromAnOffice: the labels of data are understood as the office's table of categories, what means nothing there is named, and the model says
// when it was made; without rows there is nothing to learn from.
func TestSuggestFromAnOffice(t *testing.T) {
	office := folder(t)
	rows, err := storetest.Lessons(40, 1)
	must(t, err)
	var data bytes.Buffer
	for i, row := range rows {
		switch {
		case row.Label == "N1401":
			row.Label = "环境保护" // as an older table calls it
		case i%60 == 0:
			row.Label = "不是分类"
		}
		line, err := json.Marshal(row)
		must(t, err)
		data.Write(append(line, '\n'))
	}
	dir := t.TempDir()
	file, model := filepath.Join(dir, "rows.jsonl"), filepath.Join(dir, "model")
	must(t, os.WriteFile(file, data.Bytes(), 0o600))
	code, out, said := call(t, "suggest", "train", "--data", file, "--office", office, "--out", model, "--json", "--lang", "en")
	var told suggestTrained
	must(t, json.Unmarshal([]byte(out), &told))
	labels := []string{}
	for _, l := range told.Header.Labels {
		labels = append(labels, l.Label)
	}
	if code != 0 || strings.Join(labels, " ") != "N0705 N1301 N14" || told.Header.Made.Day == "" || !strings.Contains(said, "no category “不是分类”; its 2 rows are left out") {
		t.Errorf("%d %v %+v %s", code, labels, told.Header.Made, said)
	}
	if code, _, said := call(t, "suggest", "train", "--office", office, "--out", model); code != 1 || !strings.Contains(said, "类别") {
		t.Errorf("from nothing: %d %s", code, said)
	}
	if code, _, _ := call(t, "suggest", "train", "--office", filepath.Join(dir, "nowhere"), "--out", model); code != 1 {
		t.Errorf("from no data folder: %d", code)
	}
}
