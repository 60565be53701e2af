package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/document"
	"huiyin/internal/errs"
)

// fields are a small list for these tests; 诉求 is a list.
func fields() []document.Field {
	return []document.Field{
		{Name: "信访人", Means: "提出事项的人"},
		{Name: "机关", Means: "办理机关"},
		{Name: "日期", Means: "成文日期"},
		{Name: "延长理由", Means: "没有延长时为空"},
		{Name: "诉求", Means: "各项诉求", Rows: []document.Field{{Name: "内容", Means: "诉求内容"}, {Name: "意见", Means: "处理意见"}}},
	}
}

func fill(t *testing.T, text string, v document.Values) document.Doc {
	t.Helper()
	tpl, err := document.Parse(text, fields())
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	d, err := tpl.Fill(v)
	if err != nil {
		t.Fatalf("Fill: %v", err)
	}
	return d
}

func values() document.Values {
	return document.Values{
		"信访人": "陈玉兰", "机关": "临江市人社局", "日期": "2026年3月9日", "延长理由": "",
		"诉求": []document.Values{{"内容": "补发工资", "意见": "支持"}, {"内容": "公开账目", "意见": "不予支持"}},
	}
}

func TestFill(t *testing.T) {
	text := "红头：{机关}文件\n标题：答复意见\n标题：（样本）\n主送：{信访人}：\n署名：{机关}\n日期：{日期}\n盖章：是\n附件：清单\n附件：地图\n\n" +
		"一、基本情况\n{信访人}反映{每项 诉求}{序号}.{内容}；{完}如下。\n{每项 诉求}\n（{序数}）{内容}。\n意见：{意见}\n{完}\n" +
		"{如有 延长理由}\n延长：{延长理由}\n{完}\n{如无 延长理由}\n未延长。\n{完}\n\n\n" +
		"| 序号 | 诉求 |\n|--|------|\n{每项 诉求}\n| {序号} | {内容}____ |\n{完}\n\n>签收人：____\n>正中<\n<顶格"
	span := func(s string) []document.Span { return []document.Span{{Text: s}} }
	want := document.Doc{
		Head: "临江市人社局文件", Title: "答复意见\n（样本）", To: "陈玉兰", Sign: []string{"临江市人社局"}, Date: "2026年3月9日", Seal: true, Attach: []string{"清单", "地图"},
		Blocks: []document.Block{
			{Kind: document.Heading, Level: 1, Text: span("一、基本情况")},
			{Text: span("陈玉兰反映1.补发工资；2.公开账目；如下。")},
			{Kind: document.Heading, Level: 2, Text: span("（一）补发工资。")},
			{Text: span("意见：支持")},
			{Kind: document.Heading, Level: 2, Text: span("（二）公开账目。")},
			{Text: span("意见：不予支持")},
			{Text: span("未延长。")},
			{Kind: document.Space},
			{Kind: document.Table, Widths: []int{2, 6}, Rows: []document.Row{
				{Head: true, Cells: [][]document.Span{span("序号"), span("诉求")}},
				{Cells: [][]document.Span{span("1"), {{Text: "补发工资"}, {Blank: 2}}}},
				{Cells: [][]document.Span{span("2"), {{Text: "公开账目"}, {Blank: 2}}}},
			}},
			{Kind: document.Right, Text: []document.Span{{Text: "签收人："}, {Blank: 2}}},
			{Kind: document.Centred, Text: span("正中")},
			{Kind: document.Flush, Text: span("顶格")},
		},
	}
	if diff := cmp.Diff(want, fill(t, text, values())); diff != "" {
		t.Error(diff)
	}
}

// TestParseErrors: each wrong line is told once, by its number, with what is needed to put it right.
func TestParseErrors(t *testing.T) {
	const ok = "标题：答复\n\n"
	for _, tt := range []struct{ name, text, path, code, key, value string }{
		{"empty", " \n", "body", "document.template.empty", "", ""},
		{"long", ok + strings.Repeat("长", document.MaxTemplate), "body", "document.template.long", "", ""},
		{"no title", "主送：{信访人}\n\n正文", "body.1", "document.template.title", "word", "标题"},
		{"no head", "正文没有冒号", "body.1", "document.template.head", "", ""},
		{"near setting", "标提：答复\n标题：答复", "body.1", "document.template.setting.near", "near", "标题"},
		{"unknown setting", "完全不同的：答复\n标题：答复", "body.1", "document.template.setting", "name", "完全不同的"},
		{"twice", "标题：答复\n主送：甲\n主送：乙", "body.3", "document.template.twice", "name", "主送"},
		{"seal", "标题：答复\n盖章：好", "body.2", "document.template.seal", "", ""},
		{"near field", ok + "{信访入}反映", "body.3", "document.template.near", "near", "信访人"},
		{"unknown field", ok + "{毫不相干}", "body.3", "document.template.unknown", "name", "毫不相干"},
		{"row field outside", ok + "{意见}", "body.3", "document.template.unknown", "name", "意见"},
		{"no name", ok + "{ }", "body.3", "document.template.noname", "", ""},
		{"list as text", ok + "有{诉求}", "body.3", "document.template.list", "name", "诉求"},
		{"no list", ok + "{每项 机关}\n{完}", "body.3", "document.template.nolist", "name", "机关"},
		{"list in list", ok + "{每项 诉求}\n{每项 诉求}\n{完}\n{完}", "body.4", "document.template.nest", "name", "诉求"},
		{"not ended", ok + "{如有 机关}\n正文", "body.3", "document.template.open", "name", "机关"},
		{"not ended in line", ok + "正文{如有 机关}好", "body.3", "document.template.inline", "name", "机关"},
		{"not ended in head", "标题：答复\n{如有 机关}\n\n正文", "body.2", "document.template.open", "name", "机关"},
		{"ends nothing", ok + "{完}", "body.3", "document.template.close", "", ""},
		{"ends nothing in line", ok + "好{完}", "body.3", "document.template.close", "", ""},
		{"deep", ok + strings.Repeat("{如有 机关}\n", 4) + strings.Repeat("{完}\n", 4), "body.6", "document.template.deep", "", ""},
		{"open brace", ok + "{信访人", "body.3", "document.template.brace.open", "", ""},
		{"double brace", ok + "{{信访人}}", "body.3", "document.template.brace.open", "", ""},
		{"close brace", ok + "信访人}", "body.3", "document.template.brace.close", "", ""},
		{"columns", ok + strings.Repeat("|格", 9), "body.3", "document.template.columns", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := document.Parse(tt.text, fields())
			e, ok := errors.AsType[*errs.Error](err)
			if !ok || len(e.Fields) != 1 {
				t.Fatalf("got %v, want one wrong line", err)
			}
			got := e.Fields[0]
			if got.Path != tt.path || got.Code != tt.code {
				t.Errorf("got %s %s, want %s %s", got.Path, got.Code, tt.path, tt.code)
			}
			if tt.key == "" {
				return
			}
			for _, a := range got.Args {
				if a.Key == tt.key && a.Value == tt.value {
					return
				}
			}
			t.Errorf("arguments %v lack %s=%s", got.Args, tt.key, tt.value)
		})
	}
}

func TestFillErrors(t *testing.T) {
	const text = "标题：答复\n\n{信访人}{每项 诉求}{内容}{完}"
	long := strings.Repeat("长", document.MaxValue+1)
	for _, tt := range []struct {
		name, path, code string
		v                document.Values
	}{
		{"missing", "values.信访人", "document.value.missing", document.Values{"诉求": []document.Values{}}},
		{"missing in row", "values.内容", "document.value.missing", document.Values{"信访人": "", "诉求": []document.Values{{}, {}}}},
		{"list for text", "values.信访人", "document.value.kind", document.Values{"信访人": []document.Values{}, "诉求": []document.Values{}}},
		{"text for list", "values.诉求", "document.value.kind", document.Values{"信访人": "", "诉求": ""}},
		{"number", "values.信访人", "document.value.kind", document.Values{"信访人": 3, "诉求": []document.Values{}}},
		{"long", "values.信访人", "document.value.long", document.Values{"信访人": long, "诉求": []document.Values{}}},
		{"rows", "values.诉求", "document.value.rows", document.Values{"信访人": "", "诉求": make([]document.Values, document.MaxRows+1)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tpl, err := document.Parse(text, fields())
			if err != nil {
				t.Fatal(err)
			}
			_, err = tpl.Fill(tt.v)
			e, ok := errors.AsType[*errs.Error](err)
			if !ok || len(e.Fields) != 1 || e.Fields[0].Path != tt.path || e.Fields[0].Code != tt.code {
				t.Errorf("got %v, want %s=%s", err, tt.path, tt.code)
			}
		})
	}
}

// TestFillIsBounded: a list times a long text cannot make a document without end.
func TestFillIsBounded(t *testing.T) {
	tpl, err := document.Parse("标题：答复\n\n{每项 诉求}\n{内容}\n{完}", fields())
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]document.Values, document.MaxRows)
	for i := range rows {
		rows[i] = document.Values{"内容": strings.Repeat("长", document.MaxValue)}
	}
	if _, err := tpl.Fill(document.Values{"诉求": rows}); err == nil {
		t.Error("two hundred million characters were accepted")
	}
}

// TestBothInputMethods: full-width braces, bars and colons mean the same.
func TestBothInputMethods(t *testing.T) {
	half := "标题:答复\n\n{如有 信访人}\n>{信访人}\n{完}\n|甲|乙|\n__"
	full := "标题：答复\n\n｛如有　信访人｝\n＞｛信访人｝\n｛完｝\n｜甲｜乙｜\n＿"
	if diff := cmp.Diff(fill(t, half, values()), fill(t, full, values())); diff != "" {
		t.Error(diff)
	}
}

// TestValuesAreNeverMarkup: whatever a person typed stands as text where the field stands and changes nothing else.
func TestValuesAreNeverMarkup(t *testing.T) {
	const text = "标题：答复\n主送：{信访人}\n\n{信访人}\n|{信访人}|乙|\n\n一、{信访人}"
	tpl, err := document.Parse(text, fields())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		evil := rapid.SampledFrom([]string{
			"{机关}", "{", "}", "{完}", "{如有 机关}", "|", "|---|", "____", ">右<", "一、标题", "（一）", "盖章：是", "红头：假", "</w:t>", "&lt;", "(", "\\", "正文",
		})
		parts := rapid.SliceOfN(evil, 1, 4).Draw(t, "parts")
		v := strings.Join(parts, rapid.SampledFrom([]string{"", " "}).Draw(t, "join"))
		d, err := tpl.Fill(document.Values{"信访人": v})
		if err != nil {
			t.Fatal(err)
		}
		span := []document.Span{{Text: v}}
		want := document.Doc{Title: "答复", To: v, Blocks: []document.Block{
			{Text: span},
			{Kind: document.Table, Widths: d.Blocks[1].Widths, Rows: []document.Row{{Cells: [][]document.Span{span, {{Text: "乙"}}}}}},
			{Kind: document.Heading, Level: 1, Text: []document.Span{{Text: "一、" + v}}},
		}}
		want.To = strings.TrimRight(want.To, ":：")
		if diff := cmp.Diff(want, d); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestWidths: a table without shares is measured by its longest cells, what spans does not count; columns without a
// share get the mean.
func TestWidths(t *testing.T) {
	for _, tt := range []struct {
		name, table string
		want        []int
	}{
		{"form", "|送达机关|临江市人力资源和社会保障局|\n|受送达人签名||", []int{7, 14}},
		{"span", "|姓名|甲|电话|1|\n|住址|很长很长很长很长很长很长很长很长的住址|", []int{4, 4, 4, 4}},
		{"widest", "|号|" + strings.Repeat("长", 90) + "|", []int{4, 24}},
		{"shares", "|--|------|\n|甲|乙|丙|", []int{2, 6, 4}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := fill(t, "标题：表\n\n"+tt.table, values())
			if diff := cmp.Diff(tt.want, d.Blocks[0].Widths); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLineBreaksInValues: paragraphs in a paragraph, spaces in a heading, items in settings that take several.
func TestLineBreaksInValues(t *testing.T) {
	v := values()
	v["信访人"] = "甲\r\n\r\n　　乙\u202e\x00"
	d := fill(t, "标题：答复\n署名：{信访人}\n附注：{信访人}\n\n一、{信访人}\n有{信访人}。", v)
	var got []string
	for _, b := range d.Blocks {
		got = append(got, b.Text[0].Text)
	}
	if diff := cmp.Diff([]string{"一、甲 乙", "有甲", "乙。"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"甲", "乙"}, d.Sign); diff != "" {
		t.Error(diff)
	}
	if d.Note != "甲 乙" {
		t.Errorf("note %q", d.Note)
	}
}

// FuzzParse: no text makes Parse panic, and what it accepts can be filled and leaves no brace.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"标题：答复\n\n正文", "标题：{信访人}\n\n{每项 诉求}\n|{序号}|{内容}|\n{完}", "标题：a\n{如有 机关}\n署名：{机关}\n{完}\n\n{如无 延长理由}____{完}",
		"标题：a\n\n>{机关}<\n|--|----|\n|a|b|", "｛｝", "{完}", "标题：_＿_\n\n\n\n1.{日期}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tpl, err := document.Parse(text, fields())
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		d, err := tpl.Fill(document.Sample(fields()))
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Fatalf("Fill: %v", err)
			}
			return
		}
		if s := d.Text(); strings.ContainsAny(s, "{}｛｝") || s == "" {
			t.Fatalf("text %q", s)
		}
	})
}
