package web_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// found are the titles that a search shows, in order.
func found(p page) []string {
	p.t.Helper()
	var out []string
	for _, link := range p.find(".matter-title") {
		out = append(out, words(link))
	}
	return out
}

// asked is the address of a search of name, value pairs.
func asked(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/desk/find?" + q.Encode()
}

// registered registers matters as an office does from paper, the last the newest.
func (s *testSite) registered(list ...matter.Intake) {
	s.t.Helper()
	for _, in := range list {
		in.Petitioners = []matter.Petitioner{{Name: "陈玉兰", Phone: "13000000000"}}
		if in.Channel == "" {
			in.Channel = matter.ChannelVisit
		}
		if in.Place == 0 {
			in.Place = 330112
		}
		if len(in.Demands) == 0 {
			in.Demands = []string{"请处理"}
		}
		_, err := s.office.Register(s.t.Context(), staff(org.RoleRegistrar, unitBureau), in, "")
		check(s.t, err)
	}
}

func TestFind(t *testing.T) {
	s := newSite(t)
	const county, town, shore, road, noise = "县里的噪音", "镇上的夜间施工", "河岸塌了", "Road A12 broken", "夜间的噪音，装修"
	s.registered(
		matter.Intake{Title: county, Category: "N0201", Narrative: "夜里，施工队不停。", Channel: matter.ChannelLetter},
		matter.Intake{Title: town, Place: 330112104, Demands: []string{"夜间不要有噪音"}},
		matter.Intake{Title: shore, Narrative: strings.Repeat("水很大。", 60) + "陈家门前的<b>河岸</b>塌了二十米。" + strings.Repeat("没有人来。", 60)},
		matter.Intake{Title: road},
		matter.Intake{Title: noise, ReceivedUS: s.now.Load() - (20 * 24 * time.Hour).Microseconds()},
	)
	s.now.Add((20 * 24 * time.Hour).Microseconds()) // what came first is late by now
	team := s.team("dispatch", "town", "audit")
	b := team["dispatch"]
	first := b.get(asked("q", town)).find(".matter-title")
	if len(first) != 1 {
		t.Fatal("nothing to send on")
	}
	ref, err := matter.ParseRef(strings.TrimPrefix(attribute(first[0], "href"), "/desk/matters/"))
	check(t, err)
	for _, c := range []matter.Command{&matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitTown, Mode: matter.ModeTransfer, Why: "属地"}} {
		_, err := s.office.Do(t.Context(), org.System(), ref, 0, c)
		check(t, err)
	}

	for _, c := range []struct {
		name  string
		pairs []string
		want  []string
	}{
		{"a word", []string{"q", "噪音"}, []string{noise, town, county}},
		{"two words", []string{"q", "噪音 夜间"}, []string{noise, town}},
		{"a phrase", []string{"q", "“夜里，施工”"}, []string{county}},
		{"a phrase that is not there", []string{"q", "「噪音 夜间」"}, nil},
		{"an exclusion", []string{"q", "噪音 -装修"}, []string{town, county}},
		{"an excluded phrase", []string{"q", "夜 －“施工队不停”"}, []string{noise, town}},
		{"operators are words", []string{"q", "road OR a"}, nil},
		{"any case", []string{"q", "ROAD ａ"}, []string{road}},
		{"a number", []string{"q", ref.String()}, []string{town}},
		{"state", []string{"state", "forwarded"}, []string{town}},
		{"view", []string{"state", "unsigned", "q", "噪音"}, []string{town}},
		{"ended", []string{"state", "ended"}, nil},
		{"category", []string{"category", "N0201"}, []string{county}},
		{"category above", []string{"category", "N02"}, []string{county}},
		{"unit by a short name", []string{"unit", "於潜府"}, []string{town}},
		{"unit by pinyin", []string{"unit", "yuqianzhen"}, []string{town}},
		{"place", []string{"place", "330112104"}, []string{town}},
		{"unit by initials", []string{"unit", "yqzrmzf"}, []string{town}},
		{"unit by number", []string{"unit", "5"}, []string{town}},
		{"list", []string{"list", "unit", "q", "噪音"}, []string{noise, county}},
		{"mine", []string{"list", "mine"}, nil},
		{"channel", []string{"channel", "letter"}, []string{county}},
		{"days", []string{"from", "2025-09-06", "to", "2025-09-06"}, []string{noise}},
		{"from", []string{"from", "2025-09-26", "q", "噪音"}, []string{town, county}},
		{"late", []string{"overdue", "yes"}, []string{noise, road, shore, county}},
		{"all at once", []string{"q", "噪音", "overdue", "yes", "channel", "letter", "category", "N0201", "state", "open", "unit", "临安区信访局", "from", "2025-09-26", "to", "2025-09-26"}, []string{county}},
		{"what is unknown is left open", []string{"q", "河岸", "state", "x", "list", "x", "channel", "x", "overdue", "x", "page", "x"}, []string{shore}},
	} {
		p := b.get(asked(c.pairs...)).want(http.StatusOK, asked(c.pairs...))
		if diff := cmp.Diff(c.want, found(p)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if c.want == nil {
			p.want(http.StatusOK, asked(c.pairs...), "没有找到符合的事项")
		}
	}

	p := b.get(asked("q", "河岸", "state", "open", "from", "2025-09-01")).want(http.StatusOK, asked("q", "河岸", "state", "open", "from", "2025-09-01"), "已用：未办结", "2025-09-01 起收到")
	var hits []string
	for _, mark := range p.find("tbody mark") {
		hits = append(hits, words(mark))
	}
	if diff := cmp.Diff([]string{"河岸", "河岸"}, hits); diff != "" { // in the title and in the story
		t.Error(diff)
	}
	if cut := p.text(".excerpt span"); !strings.HasPrefix(cut, "…") || !strings.HasSuffix(cut, "…") || !strings.Contains(cut, "陈家门前的<b>河岸</b>塌了二十米") || len([]rune(cut)) > 100 {
		t.Errorf("excerpt %q", cut)
	}
	for _, who := range []string{"陈玉兰", "13000000000"} {
		if got := found(b.get(asked("q", who))); got != nil {
			t.Errorf("%s finds %q", who, got)
		}
	}
	if got := found(team["town"].get(asked("q", "噪音"))); !slices.Equal(got, []string{town}) {
		t.Errorf("the town finds %q", got)
	}
	if p := team["audit"].get("/desk/find"); p.status != http.StatusForbidden {
		t.Errorf("who has no matters searches: %d", p.status)
	}
	if link := b.get("/desk/register").find("nav [data-key=/]"); len(link) != 1 || attribute(link[0], "href") != "/desk/find" {
		t.Error("the key leads nowhere")
	}
}

// What is typed above a list is looked for within what the list shows.
func TestFindFromTheList(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	for from, to := range map[string]string{
		"/desk?q=+路灯+&list=all&view=open":                                      asked("q", "路灯", "state", "open"),
		"/desk?q=路灯&list=unit&view=late&category=N0201&place=330112104&page=x": asked("q", "路灯", "list", "unit", "state", "open", "overdue", "yes", "category", "N0201", "place", "330112104"),
		"/desk?q=路灯&list=mine&view=ended":                                      asked("q", "路灯", "list", "mine", "state", "ended"),
	} {
		p := b.get(from).want(http.StatusOK, to, "没有找到符合的事项", "去掉条件，只按词再找")
		if got := attribute(p.find("#f-q")[0], "value"); got != "路灯" {
			t.Errorf("the box holds %q", got)
		}
	}
	b.get("/desk?q=+&list=all").want(http.StatusOK, "/desk?q=+&list=all", "现在没有要办的事项")
}

// What cannot be understood is said beside its field, and everything typed is kept.
func TestFindRefuses(t *testing.T) {
	s := newSite(t)
	s.registered(matter.Intake{Title: "路灯"})
	b := s.team("dispatch")["dispatch"]
	for _, c := range []struct {
		field string
		pairs []string
		says  string
	}{
		{"q", []string{"q", "-路灯 -“坏了”"}, "只写了不要的词，请再写上要找的词"},
		{"q", []string{"q", "？！", "channel", "visit"}, "要找的内容里没有文字或数字"},
		{"from", []string{"from", "昨天", "q", "路灯"}, "2026-01-31"},
		{"to", []string{"from", "2025-09-02", "to", "2025-09-01"}, "止日早于起日"},
		{"unit", []string{"unit", "没有这样的单位"}, "没有这个单位，请换个写法"},
		{"unit", []string{"unit", "临安区", "q", "路灯"}, "不止一个单位叫这个，请在下面选一个"},
	} {
		p := b.get(asked(c.pairs...)).want(http.StatusUnprocessableEntity, asked(c.pairs...), c.says)
		box := p.find("#f-" + c.field)[0]
		if attribute(box, "aria-invalid") != "true" || attribute(box, "value") == "" {
			t.Errorf("%v: the field is %v", c.pairs, box.Attr)
		}
		if got := found(p); got != nil {
			t.Errorf("%v finds %q", c.pairs, got)
		}
	}
	p := b.get(asked("unit", "临安区", "q", "路灯"))
	for _, link := range p.find("[role=group] a") {
		if words(link) == "临安区 › 临安区信访局" {
			if got := found(b.get(attribute(link, "href"))); !slices.Equal(got, []string{"路灯"}) {
				t.Errorf("the unit that was chosen has %q", got)
			}
			return
		}
	}
	t.Error("the unit is not among the choices")
}

// A search that stops at its bound says so and goes on from there until it has seen everything; full pages go on as lists do.
func TestFindGoesOn(t *testing.T) {
	s := newSite(t, func(o *store.Options) { o.Look = 30 })
	var want []string
	for i := range 70 {
		in := matter.Intake{Title: "路灯坏了"}
		if i == 3 || i == 40 {
			in.Title, in.Channel = "路灯坏了，第"+string(rune('a'+i%26))+"盏", matter.ChannelLetter
			want = append([]string{in.Title}, want...)
		}
		s.registered(in)
	}
	b := s.team("dispatch")["dispatch"]
	for _, start := range []string{asked("q", "路灯", "channel", "letter"), asked("channel", "letter")} {
		var got []string
		var stopped int
		for at := start; at != ""; {
			p := b.get(at)
			got = append(got, found(p)...)
			at = ""
			if on := p.find("[data-key=]]"); len(on) == 1 {
				p.want(http.StatusOK, p.path, "接着找更早的")
				at, stopped = attribute(on[0], "href"), stopped+1
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || stopped != 2 {
			t.Errorf("%s stops %d times: %s", start, stopped, diff)
		}
	}
	n, at := 0, asked("q", "路灯")
	for pages := 1; at != ""; pages++ {
		p := b.get(at)
		n += len(found(p))
		at = ""
		if on := p.find("[rel=next]"); len(on) == 1 {
			at = attribute(on[0], "href")
		} else if on := p.find("[data-key=]]"); len(on) == 1 {
			at = attribute(on[0], "href")
		}
		if back := p.find("[rel=prev]"); (len(back) == 1) != (pages > 1) {
			t.Errorf("page %d has %d ways back", pages, len(back))
		}
	}
	if n != 70 {
		t.Errorf("%d on all pages", n)
	}
	last := b.get(asked("q", "路灯", "page", "330112-2025-0000001")).want(http.StatusOK, asked("q", "路灯", "page", "330112-2025-0000001"), "没有更早的了")
	if got := found(last); got != nil {
		t.Errorf("behind the first stands %q", got)
	}
}

// Words inside a file that came with a matter find it, and say which file; the matter says of which files nothing can be found.
func TestFindInsideFiles(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch", "town")
	var ids []string
	for _, name := range []string{"chromium.pdf", "scan.pdf"} {
		content, err := os.ReadFile(filepath.Join("..", "extract", "testdata", name))
		check(t, err)
		row, err := s.office.Attach(t.Context(), org.System(), 330112, usecase.Upload{Name: name, Mime: "application/pdf", Content: content})
		check(t, err)
		ids = append(ids, row.ID)
	}
	s.registered(matter.Intake{Title: "一封信", Narrative: "见附件", Attachments: ids})
	p := b["dispatch"].get(asked("q", "见附件"))
	path := attribute(p.find(".matter-title")[0], "href")
	b["dispatch"].get(path).want(http.StatusOK, path, "正在看里面有没有文字")
	_, err := s.office.ReadFiles(t.Context())
	check(t, err)
	_, err = s.office.Index(t.Context())
	check(t, err)
	p = b["dispatch"].get(asked("q", "居民 附件"))
	if diff := cmp.Diff([]string{"一封信"}, found(p)); diff != "" {
		t.Fatal(diff)
	}
	links := p.find(".excerpt a")
	if len(links) != 2 || words(links[0]) != "信访人说的" || attribute(links[0], "href") != path+"#said" ||
		words(links[1]) != "附件 chromium.pdf" || attribute(links[1], "href") != path+"/files/"+ids[0] {
		t.Errorf("the excerpts lead elsewhere: %s", p.text(".excerpt"))
	}
	b["dispatch"].get(path).want(http.StatusOK, path, "里面没有文字")
	if got := found(b["dispatch"].get(asked("q", "13800138000"))); got != nil {
		t.Errorf("a telephone finds %q", got)
	}
	if got := found(b["town"].get(asked("q", "居民"))); got != nil {
		t.Errorf("another unit finds %q", got)
	}
}
