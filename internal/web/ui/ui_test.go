package ui

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
)

func speaker(t *testing.T, lang i18n.Lang) *i18n.Speaker {
	t.Helper()
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return catalogue.For(lang)
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The gallery holds every part, so what it may not do no page made of them does.
func TestGallery(t *testing.T) {
	for _, lang := range i18n.Langs() {
		for _, audience := range []Audience{Citizens, Staff} {
			t.Run(string(lang)+" "+string(audience), func(t *testing.T) {
				page := render(t, Gallery(speaker(t, lang), audience))
				if strings.Contains(page, "⟦") {
					t.Errorf("a text is missing: %s", around(page, "⟦"))
				}
				checkDocument(t, page)
			})
		}
	}
}

func TestNoticeIsADocument(t *testing.T) {
	page := render(t, Notice(speaker(t, i18n.Zh), NoticeProps{Title: "告知书", Back: Link{"返回", "/track"}}))
	checkDocument(t, page)
	if strings.Contains(page, "masthead") {
		t.Error("a notice carries no masthead")
	}
}

func around(page, mark string) string {
	at := strings.Index(page, mark)
	return page[at:min(len(page), at+80)]
}

// checkDocument holds what every page must keep: each tag closed, no style attribute or inline script (the content
// security policy forbids both), each id once, and nothing that points at an id that is not there.
func checkDocument(t *testing.T, page string) {
	t.Helper()
	var open []string
	ids, wanted := map[string]bool{}, map[string]string{}
	script := false
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		token := tokens.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range token.Attr {
				checkAttribute(t, token.Data, a, ids, wanted)
			}
			if kind == html.StartTagToken && !void[token.Data] {
				open = append(open, token.Data)
			}
			script = token.Data == "script"
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("</%s> closes %v", token.Data, open)
			}
			open = open[:len(open)-1]
			script = false
		case html.TextToken:
			if script && strings.TrimSpace(token.Data) != "" {
				t.Errorf("inline script: %q", token.Data)
			}
			if strings.Contains(token.Data, "{") {
				t.Errorf("an open placeholder: %q", token.Data)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("never closed: %v", open)
	}
	for id, by := range wanted {
		if !ids[id] {
			t.Errorf("%s points at #%s, which is not there", by, id)
		}
	}
}

var void = map[string]bool{"br": true, "input": true, "link": true, "meta": true}

func checkAttribute(t *testing.T, tag string, a html.Attribute, ids map[string]bool, wanted map[string]string) {
	t.Helper()
	switch {
	case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
		t.Errorf("<%s %s> is forbidden", tag, a.Key)
	case a.Key == "id":
		if ids[a.Val] {
			t.Errorf("id %q is there twice", a.Val)
		}
		ids[a.Val] = true
	case a.Key == "for" || a.Key == "aria-describedby" || a.Key == "aria-labelledby":
		for id := range strings.FieldsSeq(a.Val) {
			wanted[id] = tag + " " + a.Key
		}
	case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
		wanted[a.Val[1:]] = tag + " href"
	}
}

func TestFormKeepsWhatWasTyped(t *testing.T) {
	zh := speaker(t, i18n.Zh)
	rapid.Check(t, func(rt *rapid.T) {
		typed := rapid.StringMatching(`[\n a-z<>&"'回音]{0,20}`).Draw(rt, "typed")
		form := Form{Values: url.Values{"a.0.b": {typed}}}
		for name, part := range map[string]templ.Component{
			"input":    Text(zh, form, FieldProps{Name: "a.0.b", Label: "姓名"}),
			"textarea": Area(zh, form, FieldProps{Name: "a.0.b", Label: "姓名"}),
		} {
			tree, err := html.Parse(strings.NewReader(render(t, part)))
			if err != nil {
				rt.Fatal(err)
			}
			if got := valueOf(tree, name); got != typed {
				rt.Errorf("%s gives back %q for %q", name, got, typed)
			}
		}
	})
}

// valueOf finds the value of the first control of a kind.
func valueOf(node *html.Node, tag string) string {
	for n := range node.Descendants() {
		if n.Type != html.ElementNode || n.Data != tag {
			continue
		}
		if tag == "textarea" {
			if n.FirstChild == nil {
				return ""
			}
			return n.FirstChild.Data
		}
		for _, a := range n.Attr {
			if a.Key == "value" {
				return a.Val
			}
		}
	}
	return ""
}

func TestPasswordIsNotGivenBack(t *testing.T) {
	form := Form{Values: url.Values{"pin": {"135790"}}}
	if page := render(t, Text(speaker(t, i18n.Zh), form, FieldProps{Name: "pin", Label: "密码", Kind: "password"})); strings.Contains(page, "135790") {
		t.Error("the page holds the password that was typed")
	}
}

func TestErrorsAreTiedToTheirField(t *testing.T) {
	zh := speaker(t, i18n.Zh)
	form := Form{Errors: map[string][]string{"a.0.b": {"末位校验不对", "太短"}, "lost": {"另一处"}}}
	page := render(t, Text(zh, form, FieldProps{Name: "a.0.b", Label: "身份证号", Hint: "18 位"}))
	for _, want := range []string{`id="f-a-0-b"`, `aria-describedby="f-a-0-b-h f-a-0-b-e0 f-a-0-b-e1"`, `aria-invalid="true"`, `id="f-a-0-b-e1"`, "data-invalid"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing in %s", want, page)
		}
	}
	want := []summaryLine{{"a.0.b", "身份证号：末位校验不对"}, {"a.0.b", "身份证号：太短"}, {"lost", "另一处"}}
	if diff := cmp.Diff(want, summaryLines(zh, form, []FieldProps{{Name: "a.0.b", Label: "身份证号"}})); diff != "" {
		t.Error(diff)
	}
	if page := render(t, ErrorSummary(zh, Form{}, FieldProps{Name: "a"})); page != "" {
		t.Errorf("a summary of nothing: %s", page)
	}
}

func TestNewForm(t *testing.T) {
	zh := speaker(t, i18n.Zh)
	form := NewForm(zh, url.Values{"a": {"1", "2"}}, errs.Fields([]errs.Field{errs.F("a", "light.late")}))
	if form.Value("a") != "1" || !form.Has("a", "2") || form.Has("a", "3") || form.Value("b") != "" {
		t.Errorf("values: %v", form.Values)
	}
	if diff := cmp.Diff([]string{"已超期"}, form.Errs("a")); diff != "" {
		t.Error(diff)
	}
}

func TestMark(t *testing.T) {
	for _, row := range []struct {
		text  string
		words []string
		want  []Part
	}{
		{"上柳河村", []string{"柳河"}, []Part{{"上", false}, {"柳河", true}, {"村", false}}},
		{"柳河柳河", []string{"柳河"}, []Part{{"柳河", true}, {"柳河", true}}},
		{"水渠压塌后稻田绝收", []string{"稻田", "水渠"}, []Part{{"水渠", true}, {"压塌后", false}, {"稻田", true}, {"绝收", false}}},
		{"LHC 村", []string{"lhc"}, []Part{{"LHC", true}, {" 村", false}}},
		{"柳河村", nil, []Part{{"柳河村", false}}},
		{"柳河村", []string{""}, []Part{{"柳河村", false}}},
		{"", []string{"柳"}, nil},
	} {
		if diff := cmp.Diff(row.want, Mark(row.text, row.words...)); diff != "" {
			t.Errorf("%q %v: %s", row.text, row.words, diff)
		}
	}
}

func TestMarkLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, word := rapid.String().Draw(t, "text"), rapid.String().Draw(t, "word")
		var b strings.Builder
		for _, part := range Mark(text, word, "a") {
			b.WriteString(part.Text)
		}
		if b.String() != text {
			t.Errorf("%q marked at %q became %q", text, word, b.String())
		}
	})
}

func TestQRPath(t *testing.T) {
	if got, want := qrPath([][]bool{{true, true, false}, {false, false, true}}), "M4 4h2v1h-2zM6 5h1v1h-1z"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := qrBox([][]bool{{true}, {true}}); got != "0 0 10 10" {
		t.Errorf("the quiet zone is four modules on each side, got %s", got)
	}
}

func TestShare(t *testing.T) {
	for _, row := range []struct {
		part, whole int
		want        string
	}{{55, 60, "91"}, {0, 60, "0"}, {-1, 60, "0"}, {61, 60, "100"}, {5, 0, "0"}} {
		if got := share(row.part, row.whole); got != row.want {
			t.Errorf("%d of %d = %s, want %s", row.part, row.whole, got, row.want)
		}
	}
}

func TestNiceStep(t *testing.T) {
	for raw, want := range map[float64]float64{0: 1, -3: 1, 4.6: 5, 60: 60, 57.75: 60, 25: 25, 21: 25, 7: 8, 9: 10} {
		if got := niceStep(raw); got != want {
			t.Errorf("%v gives %v, want %v", raw, got, want)
		}
	}
}

// What is not to be had breaks a line and leaves the axis as it is.
func TestChartGaps(t *testing.T) {
	values := []float64{None(), 1, 2, None(), 3, None()}
	if got := runs(values); len(got) != 2 || got[0] != (run{1, 3}) || got[1] != (run{4, 5}) {
		t.Errorf("%v", got)
	}
	p := ChartProps{Kind: Lines, Labels: make([]string, 6), Series: []Series{{Values: values, Said: []string{"n/a", "1", "2", "n/a", "3", "n/a"}}, {Values: []float64{None()}}}}
	g := newPlot(p)
	if g.step != .8 {
		t.Errorf("a step of %v", g.step)
	}
	if ends := g.ends(p.Series); ends[0].said != "3" || ends[1].x != "" {
		t.Errorf("%+v", ends)
	}
	if rows := g.bars(p); rows[0].width != "" || rows[1].width == "" || rows[0].said != "n/a" {
		t.Errorf("%+v", rows)
	}
}

// Whatever the values, a chart stays inside its drawing, names at most five labels and always the last.
func TestChartStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "labels")
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, n).Draw(t, "values")
		p := ChartProps{Kind: rapid.SampledFrom([]ChartKind{Lines, Columns}).Draw(t, "kind"), Labels: make([]string, n), Series: []Series{{Values: values}}}
		p.Labels[n-1] = "last"
		g := newPlot(p)
		for i, v := range values {
			if x, y := g.x(i), g.y(v); x < chartLeft-.01 || x > g.width-chartRight+.01 || y < chartTop-.01 || y > g.height-chartBottom+.01 {
				t.Errorf("value %v of %d is drawn at %v, %v", v, i, x, y)
			}
		}
		for _, b := range newPlot(ChartProps{Kind: Bars, Labels: p.Labels[:len(values)], Series: p.Series}).bars(ChartProps{Labels: p.Labels[:len(values)], Series: p.Series}) {
			if width, err := strconv.ParseFloat(b.width, 64); err != nil || width < 0 || width > narrowWidth+.1 {
				t.Errorf("a bar of %q", b.width)
			}
		}
		marks := g.marks(p.Labels)
		if len(marks) > mostLabels || marks[len(marks)-1].text != "last" {
			t.Errorf("%d labels give %v", n, marks)
		}
	})
}
