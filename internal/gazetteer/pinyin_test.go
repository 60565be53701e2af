package gazetteer_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"huiyin/internal/gazetteer"
)

func TestInitialsAndPinyin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, initials, pinyin string }{
		{"白石镇", "bsz", "bai shi zhen"},
		{"重庆市", "cqs", "chong qing shi"},
		{"厦门市", "xms", "xia men shi"},
		{"六安市", "las", "lu an shi"},
		{"长沙市", "css", "chang sha shi"},
		{"长子县", "zzx", "zhang zi xian"},
		{"重点项目办", "zdxmb", "zhong dian xiang mu ban"},
		{"行政执法局", "xzzfj", "xing zheng zhi fa ju"},
		{"农商银行", "nsyh", "nong shang yin hang"},
		{"太行街道", "thjd", "tai hang jie dao"},
		{"人民调解委员会", "rmtjwyh", "ren min tiao jie wei yuan hui"},
		{"矛调中心", "mtzx", "mao tiao zhong xin"},
		{"佛山市", "fss", "fo shan shi"},
		{"西藏自治区", "xzzzq", "xi zang zi zhi qu"},
		{"阿勒泰地区", "altdq", "a le tai di qu"},
		{"蚌埠市", "bbs", "beng bu shi"},
		{"乐清市", "yqs", "yue qing shi"},
		{"番禺区", "pyq", "pan yu qu"},
		{"东阿县", "dex", "dong e xian"},
		{"於潜镇", "yqz", "yu qian zhen"},
		{"绿林镇", "llz", "lv lin zhen"},
		{"八五〇农场", "bwlnc", "ba wu ling nong chang"},
		{"A３区（其他）", "a3qqt", "a 3 qu qi ta"},
		{"", "", ""},
		{"，", "", ""},
	} {
		if got := gazetteer.Initials(c.name); got != c.initials {
			t.Errorf("Initials(%q) = %q, want %q", c.name, got, c.initials)
		}
		if got := gazetteer.Pinyin(c.name); got != c.pinyin {
			t.Errorf("Pinyin(%q) = %q, want %q", c.name, got, c.pinyin)
		}
	}
}

// The generated readings are those of the table.
func TestReadingsAreGenerated(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("tables/readings.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(table)), "\n")
	if len(lines) < 90 {
		t.Fatalf("%d readings", len(lines))
	}
	for _, line := range lines {
		word, syllables, _ := strings.Cut(line, "\t")
		if got := gazetteer.Pinyin(word); got != syllables {
			t.Errorf("Pinyin(%q) = %q, the table says %q", word, got, syllables)
		}
	}
}

// Every place down to the town can be found by initials: each of its characters has one.
func TestEveryTownHasInitials(t *testing.T) {
	t.Parallel()
	g := open(t)
	missing := 0
	var walk func(code int64)
	walk = func(code int64) {
		children, err := g.Children(code)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range children {
			bare := strings.NewReplacer("（", "", "）", "", "-", "", "、", "", "(", "", ")", "").Replace(p.Name)
			if got := gazetteer.Initials(p.Name); len(got) != utf8.RuneCountInString(bare) {
				missing++
				t.Logf("%s → %q", p.Name, got)
			}
			if p.Level < gazetteer.Town {
				walk(p.Code)
			}
		}
	}
	walk(0)
	if missing > 0 {
		t.Errorf("%d names have characters without initials", missing)
	}
}

func FuzzInitials(f *testing.F) {
	for _, seed := range []string{"白石镇", "重庆", "\xff长", "Ａ1 ", "ế"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		initials := gazetteer.Initials(name)
		if strings.Trim(initials, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			t.Fatalf("Initials(%q) = %q", name, initials)
		}
		var first strings.Builder
		for syllable := range strings.FieldsSeq(gazetteer.Pinyin(name)) {
			first.WriteByte(syllable[0])
		}
		if first.String() != initials {
			t.Fatalf("Pinyin(%q) begins %q, Initials are %q", name, first.String(), initials)
		}
	})
}

func BenchmarkInitials(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		gazetteer.Initials("重庆市渝中区解放碑街道")
	}
}

func TestSounds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		letters string
		want    bool
	}{
		{"renli", true}, {"renliziyuan", true}, {"linanqurenli", true}, {"shehui", true}, {"ju", false}, {"enli", false}, {"rsj", false}, {"", false}, {"人力资", false},
	} {
		if got := gazetteer.Sounds("临安区人力资源和社会保障局", c.letters); got != c.want {
			t.Errorf("%q: %v", c.letters, got)
		}
	}
}
