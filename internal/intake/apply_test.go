package intake

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

func sorted(s []string) []string {
	out := slices.Clone(s)
	slices.Sort(out)
	return out
}

func us(y int, m time.Month, d, h, mi, s int) int64 {
	return time.Date(y, m, d, h, mi, s, 0, law.Zone()).UnixMicro()
}

func rowOf(number int, pairs ...string) Row {
	row := Row{File: "f.csv", Number: number, Values: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		row.Columns = append(row.Columns, pairs[i])
		row.Values[pairs[i]] = pairs[i+1]
	}
	return row
}

func TestApply(t *testing.T) {
	m, err := ParseMapping([]byte(`{"version": 1, "ignore": ["序号"], "fields": {
		"sender_number": {"from": "编号", "strip_prefix": ["No.", "号"]},
		"sender": {"const": "某镇"},
		"channel": {"from": "形式", "map": {"来信": "letter", "来访": "visit"}},
		"received": {"from": "日期", "dates": ["2006/1/2", "excel"]},
		"title": {"from": "标题", "max": 6, "cut": true},
		"narrative": {"from": "内容", "max": 10},
		"demands": {"from": "诉求", "split": ["；", ";"]},
		"petitioner_name": {"from": "姓名", "max": 4},
		"petitioner_phone": {"from": "电话", "extract": "[0-9]{11}"},
		"petitioner_address": {"join": ["乡", "村"], "sep": " "},
		"person_count": {"from": "人数"},
		"place_text": {"from": "内容", "extract": "在(.)区", "default": ""},
		"purpose": {"from": "目的", "map": {"求决": "settlement", "*": "other"}, "default": "other"},
		"unit_text": {"from": "单位", "map": {"无": "", "*": "*"}},
		"replied": {"from": "日期", "dates": ["2006/1/2", "excel"], "plus_days": "天数"},
		"reply_text": {"from": "答复", "default": "无"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	good := []string{
		"编号", " No.7 ", "形式", "来信", "日期", "2019/4/25", "标题", "一二三四五六七", "内容", "　在甲区 ",
		"诉求", "修路； ;退费", "姓名", "欧阳文", "电话", "手机13800000001", "乡", "东乡", "村", "", "人数", "１２",
		"目的", "申诉", "单位", "教育局", "天数", "15", "答复", "", "序号", "1", "点赞数", " 3 ", "空", "",
	}
	got, bad := Apply(m, rowOf(9, good...))
	want := Record{
		Row: 9, SenderNumber: "7", Sender: "某镇", Channel: "letter", ReceivedUS: us(2019, 4, 25, 0, 0, 0),
		Title: "一二三四五…", Narrative: "在甲区", Demands: []string{"修路", "退费"},
		PetitionerName: "欧阳文", PetitionerPhone: "13800000001", PetitionerAddress: "东乡", PersonCount: 12,
		PlaceText: "甲", UnitText: "教育局", Purpose: "other", ReplyText: "无", RepliedUS: us(2019, 5, 10, 0, 0, 0),
		Extra: map[string]string{"点赞数": " 3 "},
	}
	if diff := cmp.Diff(want, got); diff != "" || len(bad) > 0 {
		t.Fatalf("errors %v (-want +got):\n%s", bad, diff)
	}

	faults := []struct {
		column, value string
		want          RowError
	}{
		{"编号", " ", RowError{Field: "sender_number", Code: "intake.field.required"}},
		{"形式", "来电", RowError{Field: "channel", Code: "intake.field.word", Value: "来电"}},
		{"日期", "2019年4月25日", RowError{Field: "received", Code: "intake.field.date", Value: "2019年4月25日"}},
		{"日期", "1904/1/1", RowError{Field: "received", Code: "intake.field.year", Value: "1904/1/1"}},
		{"内容", "一二三四五六七八九十一", RowError{Field: "narrative", Code: "intake.field.toolong", Value: "一**"}},
		{"姓名", "欧阳文文文", RowError{Field: "petitioner_name", Code: "intake.field.toolong", Value: "欧**"}},
		{"电话", "没有", RowError{Field: "petitioner_phone", Code: "intake.field.extract", Value: "没**"}},
		{"人数", "十", RowError{Field: "person_count", Code: "intake.field.count", Value: "十"}},
		{"人数", "0", RowError{Field: "person_count", Code: "intake.field.count", Value: "0"}},
		{"天数", "-1", RowError{Field: "replied", Column: "天数", Code: "intake.field.days", Value: "-1"}},
		{"诉求", strings.Repeat("长", 501), RowError{Field: "demands", Code: "intake.field.toolong", Value: "长**"}},
		{"单位", strings.Repeat("局", 301), RowError{Field: "unit_text", Code: "intake.field.toolong", Value: strings.Repeat("局", shownValue) + "…"}},
	}
	for _, f := range faults {
		changed := slices.Clone(good)
		changed[slices.Index(changed, f.column)+1] = f.value
		_, bad := Apply(m, rowOf(9, changed...))
		f.want.File, f.want.Row = "f.csv", 9
		if f.want.Column == "" {
			f.want.Column = f.column
		}
		if len(bad) == 0 {
			t.Errorf("%s = %q: accepted", f.column, f.value)
			continue
		}
		bad[0].Args = nil
		if diff := cmp.Diff(f.want, bad[0]); diff != "" {
			t.Errorf("%s = %q (-want +got):\n%s", f.column, f.value, diff)
		}
	}

	_, bad = Apply(m, rowOf(3))
	var codes []string
	for _, b := range bad {
		codes = append(codes, b.Field+" "+b.Code)
	}
	wantCodes := []string{
		"sender_number intake.field.required", "channel intake.field.required", "received intake.field.required",
		"title intake.field.required", "narrative intake.field.required",
	}
	if diff := cmp.Diff(wantCodes, codes); diff != "" {
		t.Errorf("an empty row (-want +got):\n%s", diff)
	}
}

func TestOneDemandIsTheTitle(t *testing.T) {
	m, err := ParseMapping([]byte(minimal + `}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, bad := Apply(m, rowOf(2, "n", "1", "d", "2019-04-25", "t", "修路", "x", "路坏了"))
	if len(bad) > 0 || !slices.Equal(got.Demands, []string{"修路"}) || got.PersonCount != 1 {
		t.Errorf("got %+v, %v", got, bad)
	}
}

// An answer on the day of the petition stands whatever its hour; one on an earlier day does not.
func TestAnswerBeforePetition(t *testing.T) {
	m, err := ParseMapping([]byte(strings.Replace(minimal, `"2006-01-02"`, `"2006-01-02 15:04"`, 1) + `, "replied": {"from": "r", "dates": ["2006-01-02"]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for replied, want := range map[string]string{"2019-04-26": "", "2019-04-25": "", "2019-04-24": "intake.field.order"} {
		_, bad := Apply(m, rowOf(2, "n", "1", "d", "2019-04-25 00:30", "t", "修路", "x", "路坏了", "r", replied))
		code := ""
		if len(bad) > 0 {
			code = bad[0].Code
		}
		if code != want || len(bad) > 1 {
			t.Errorf("answer of %s: %v, want %q", replied, bad, want)
		}
	}
}

func TestInstants(t *testing.T) {
	tests := []struct {
		in      string
		layouts []string
		want    int64
		code    string
	}{
		{"2019/4/25 9:32:09", []string{"2006/1/2 15:04:05"}, us(2019, 4, 25, 9, 32, 9), ""},
		{"2019/12/05 19:32:09", []string{"2006/1/2 15:04:05"}, us(2019, 12, 5, 19, 32, 9), ""},
		{"4/8/19 08:37", []string{"2006/1/2 15:04:05", "1/2/06 15:04"}, us(2019, 4, 8, 8, 37, 0), ""},
		{"09-03-20", []string{"01-02-06"}, us(2020, 9, 3, 0, 0, 0), ""},
		{"20-09-03", []string{"06-01-02"}, us(2020, 9, 3, 0, 0, 0), ""},
		{"2019年4月25日", []string{"2006年1月2日"}, us(2019, 4, 25, 0, 0, 0), ""},
		{"２０１９／４／２５　９：３２", []string{"2006/1/2 15:04"}, us(2019, 4, 25, 9, 32, 0), ""},
		{"43580", []string{"excel"}, us(2019, 4, 25, 0, 0, 0), ""},
		{"43580.397326388897", []string{"excel"}, us(2019, 4, 25, 9, 32, 9), ""},
		{"43580.9999999", []string{"excel"}, us(2019, 4, 26, 0, 0, 0), ""},
		{"43580", []string{"2006-01-02"}, 0, "intake.field.date"},
		{"4e4", []string{"excel"}, 0, "intake.field.date"},
		{"-1", []string{"excel"}, 0, "intake.field.date"},
		{"NaN", []string{"excel"}, 0, "intake.field.date"},
		{"2019-04-25 09:32:09", []string{"excel"}, us(2019, 4, 25, 9, 32, 9), ""},
		{"2019-02-29", []string{"2006-01-02"}, 0, "intake.field.date"},
		{"1", []string{"excel"}, 0, "intake.field.year"},
		{"1970-01-01 08:00:00", nil, 0, "intake.field.epoch"},
		{"2200-01-01", nil, 0, "intake.field.year"},
		{"", []string{"2006"}, 0, "intake.field.date"},
	}
	for _, tt := range tests {
		got, code := parseInstant(tt.in, tt.layouts)
		if got != tt.want || code != tt.code {
			t.Errorf("%q by %q: %s %q, want %s %q", tt.in, tt.layouts, time.UnixMicro(got), code, time.UnixMicro(tt.want), tt.code)
		}
	}
	for layout, want := range map[string]bool{
		"2006-01-02": true, "excel": true, "1/2/06 15:04": true, "2006年1月2日": true, "Jan 2, 2006": true, "20060102": true,
		"2006-01": false, "15:04": false, "yyyy-mm-dd": false, "": false, "2006-02-02": false, "2006-01-01": false,
	} {
		if validLayout(layout) != want {
			t.Errorf("layout %q: valid = %t", layout, !want)
		}
	}
}

func TestReport(t *testing.T) {
	say := func(code string, _ []errs.Arg) string { return code }
	var table, jsonl strings.Builder
	toTable, toLines := CSVErrors(&table, say), JSONErrors(&jsonl, say)
	r := NewReport("f.csv", func(e RowError) error {
		if err := toTable(e); err != nil {
			return err
		}
		return toLines(e)
	})
	r.Accept()
	r.AlreadyThere()
	for i := range keptErrors + 2 {
		if err := r.Refuse([]RowError{{File: "f.csv", Row: i + 2, Field: "title", Column: "标题", Code: "intake.field.required", Value: "=1+1"}}); err != nil {
			t.Fatal(err)
		}
	}
	if r.Read != keptErrors+4 || r.Accepted != 1 || r.Present != 1 || r.Refused != keptErrors+2 || len(r.Errors) != keptErrors || r.More != 2 {
		t.Errorf("counts: %+v", r)
	}
	rows := strings.Split(strings.TrimSpace(table.String()), "\n")
	if rows[0] != bomUTF8+"file,row,field,column,code,message,value" ||
		rows[1] != "f.csv,2,title,标题,intake.field.required,intake.field.required,'=1+1" || len(rows) != keptErrors+3 {
		t.Errorf("table of %d rows begins %q", len(rows), rows[:2])
	}
	wantLine := `{"file":"f.csv","row":2,"field":"title","column":"标题","code":"intake.field.required","message":"intake.field.required","value":"=1+1"}`
	if first, _, _ := strings.Cut(jsonl.String(), "\n"); first != wantLine {
		t.Errorf("lines begin %s", first)
	}
	if text := r.Text(say); strings.Count(text, "\n") != keptErrors+2 {
		t.Errorf("text has %d lines:\n%s", strings.Count(text, "\n"), text)
	}
}
