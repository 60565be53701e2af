package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"huiyin/internal/law"
)

// messages makes messages of citizens as a site exports them, with the quirks that real exports have: one date in
// another form, one without a time, line ends and spaces in the text. Every name and place in them is invented.
func messages(n int) []byte {
	var b bytes.Buffer
	topics := []string{"路灯不亮", "小区停车收费", "拖欠工资", "学区划分", "河道异味", "公交改线"}
	for i := range n {
		at := time.Date(2018, 1, 1, 9, 3, 5, 0, law.Zone()).Add(time.Duration(i) * 157 * time.Minute)
		replied := at.Add(time.Duration(i%70) * 24 * time.Hour)
		received, answered := at.Format("2006/1/2 15:04:05"), replied.Format("2006/1/2 15:04:05")
		if i%97 == 5 {
			received = at.Format("1/2/06 15:04")
		}
		if i%89 == 7 {
			answered = replied.Format("2006/1/2")
		}
		line, err := json.Marshal(map[string]string{
			"留言编号": fmt.Sprint(1000 + i), "留言用户": fmt.Sprintf("U%06d", i%31),
			"留言主题": fmt.Sprintf("A%d区第%d街%s", i%9+1, i%40, topics[i%len(topics)]),
			"留言时间": received, "留言详情": fmt.Sprintf("　　您好：\n我是住户，%s已有%d天，请处理。", topics[i%len(topics)], i%60+1),
			"答复意见": "网友您好：\t来信收悉，已派员处理。", "答复时间": answered, "点赞数": fmt.Sprint(i % 5), "反对数": "0",
		})
		if err != nil {
			panic(err) // a map of texts always has a JSON form
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// importAll reads a file through a mapping and gives the records and every error.
func importAll(tb testing.TB, name string, data []byte, m Mapping) ([]Record, []RowError) {
	tb.Helper()
	rows, err := open(name, data, m.Options())
	if err != nil {
		tb.Fatal(err)
	}
	if err := m.Check(rows.Columns()); err != nil {
		tb.Fatal(err)
	}
	var records []Record
	var refused []RowError
	for {
		row, bad, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return records, refused
		}
		if err != nil {
			tb.Fatal(err)
		}
		if len(bad) == 0 {
			var rec Record
			if rec, bad = Apply(m, row); len(bad) == 0 {
				records = append(records, rec)
			}
		}
		refused = append(refused, bad...)
	}
}

// Whole lives come out of messages with their answers; no row is lost and none is refused. The real files stay outside
// the repository, beside its folder; where they are, they must give the same.
func TestMessages(t *testing.T) {
	type file struct {
		mapping, name string
		rows          int
		replies       bool
		extra         []string
	}
	check := func(t *testing.T, f file, data []byte) {
		t.Helper()
		records, refused := importAll(t, f.name, data, exampleMapping(t, f.mapping))
		for _, e := range refused {
			t.Errorf("refused: %+v", e)
		}
		if len(records) != f.rows {
			t.Errorf("%d records of %d rows", len(records), f.rows)
		}
		numbers := make(map[string]bool, len(records))
		for _, r := range records {
			numbers[r.SenderNumber] = true
			if r.ReceivedUS == 0 || r.Title == "" || r.Narrative == "" || !slices.Equal(r.Demands, []string{r.Title}) {
				t.Errorf("row %d: %+v", r.Row, r)
			}
			if f.replies && (r.ReplyText == "" || r.RepliedUS == 0 || law.DayOf(r.RepliedUS) < law.DayOf(r.ReceivedUS)) {
				t.Errorf("row %d has no answer: %+v", r.Row, r)
			}
			for _, name := range f.extra {
				if r.Extra[name] == "" {
					t.Errorf("row %d lost %s: %+v", r.Row, name, r.Extra)
				}
			}
			if len(r.Extra) != len(f.extra) {
				t.Errorf("row %d: %d extra columns", r.Row, len(r.Extra))
			}
		}
		if len(numbers) != f.rows {
			t.Errorf("%d different numbers in %d rows", len(numbers), f.rows)
		}
	}
	votes := []string{"点赞数", "反对数"}
	t.Run("generated", func(t *testing.T) {
		check(t, file{mapping: "messages_with_replies.json", name: "m.jsonl", rows: 500, replies: true, extra: votes}, messages(500))
	})
	real := []file{
		{"messages_with_replies.json", "messages_with_replies.jsonl.gz", 2816, true, nil},
		{"messages_hot_2019.json", "messages_hot_2019.jsonl.gz", 4326, false, votes},
		{"messages_unlabelled.json", "messages_unlabelled.jsonl.gz", 2801, false, nil},
		{"hotline_river_fuzhou.json", "hotline_river_fuzhou.jsonl.gz", 1464, true, []string{"transfers"}},
	}
	for _, f := range real {
		data, err := os.ReadFile(filepath.Join(filepath.Dir(root(t)), "shared", "data", f.name))
		if errors.Is(err, os.ErrNotExist) {
			t.Logf("%s is not beside the repository; the generated messages stand for it", f.name)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Run(f.name, func(t *testing.T) { check(t, f, data) })
	}
}
