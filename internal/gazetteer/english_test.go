package gazetteer_test

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"huiyin/internal/gazetteer"
)

// Written by hand, not by the code: the names of provinces and cities as the State writes them in English, counties
// that read or end in an unusual way, and every kind of town and village.
func TestEnglish(t *testing.T) {
	t.Parallel()
	g := open(t)
	for _, c := range []struct {
		code          int64
		name, english string
	}{
		{11, "北京市", "Beijing Municipality"},
		{50, "重庆市", "Chongqing Municipality"},
		{13, "河北省", "Hebei Province"},
		{14, "山西省", "Shanxi Province"},
		{61, "陕西省", "Shaanxi Province"},
		{15, "内蒙古自治区", "Inner Mongolia Autonomous Region"},
		{45, "广西壮族自治区", "Guangxi Zhuang Autonomous Region"},
		{54, "西藏自治区", "Xizang Autonomous Region"},
		{64, "宁夏回族自治区", "Ningxia Hui Autonomous Region"},
		{65, "新疆维吾尔自治区", "Xinjiang Uygur Autonomous Region"},
		{1101, "市辖区", "Districts"},
		{5002, "县", "Counties"},
		{4290, "省直辖县级行政区划", "Counties Directly under the Province"},
		{3301, "杭州市", "Hangzhou City"},
		{3502, "厦门市", "Xiamen City"},
		{6101, "西安市", "Xi'an City"},
		{3415, "六安市", "Lu'an City"},
		{1404, "长治市", "Changzhi City"},
		{1411, "吕梁市", "Lyuliang City"},
		{3403, "蚌埠市", "Bengbu City"},
		{4101, "郑州市", "Zhengzhou City"},
		{5308, "普洱市", "Pu'er City"},
		{5401, "拉萨市", "Lhasa City"},
		{6501, "乌鲁木齐市", "Urumqi City"},
		{1501, "呼和浩特市", "Hohhot City"},
		{2301, "哈尔滨市", "Harbin City"},
		{1522, "兴安盟", "Hinggan League"},
		{6531, "喀什地区", "Kashgar Prefecture"},
		{2327, "大兴安岭地区", "Da Hinggan Ling Prefecture"},
		{5133, "甘孜藏族自治州", "Garze Tibetan Autonomous Prefecture"},
		{4331, "湘西土家族苗族自治州", "Xiangxi Tujia and Miao Autonomous Prefecture"},
		{6328, "海西蒙古族藏族自治州", "Haixi Mongolian and Tibetan Autonomous Prefecture"},
		{6540, "伊犁哈萨克自治州", "Ili Kazak Autonomous Prefecture"},
		{330112, "临安区", "Lin'an District"},
		{331127, "景宁畲族自治县", "Jingning She Autonomous County"},
		{330382, "乐清市", "Yueqing City"},
		{440113, "番禺区", "Panyu District"},
		{420116, "黄陂区", "Huangpi District"},
		{131025, "大城县", "Daicheng County"},
		{222404, "珲春市", "Hunchun City"},
		{341621, "涡阳县", "Guoyang County"},
		{371524, "东阿县", "Dong'e County"},
		{500233, "忠县", "Zhong County"},
		{150721, "阿荣旗", "Arun Banner"},
		{150521, "科尔沁左翼中旗", "Horqin Left Middle Banner"},
		{150722, "莫力达瓦达斡尔族自治旗", "Morin Dawa Daur Autonomous Banner"},
		{622926, "东乡族自治县", "Dongxiang Autonomous County"},
		{520526, "威宁彝族回族苗族自治县", "Weining Yi-Hui-Miao Autonomous County"},
		{450328, "龙胜各族自治县", "Longsheng Various Nationalities Autonomous County"},
		{230208, "梅里斯达斡尔族区", "Meilisi Daur District"},
		{653131, "塔什库尔干塔吉克自治县", "Taxkorgan Tajik Autonomous County"},
		{310115, "浦东新区", "Pudong New Area"},
		{441803, "清新区", "Qingxin District"},
		{520203, "六枝特区", "Liuzhi Special District"},
		{429021, "神农架林区", "Shennongjia Forestry District"},
		{130303, "山海关区", "Shanhaiguan District"},
		{533401, "香格里拉市", "Shangri-La City"},
		{320576, "苏州工业园区", "Suzhou Industrial Park"},
		{460321, "西沙群岛", "Xisha Islands"},
		{330112104, "於潜镇", "Yuqian Town"},
		{330112007, "锦北街道", "Jinbei Subdistrict"},
		{330112002001, "玲珑山社区", "Linglongshan Community"},
		{330112002209, "崂山村委会", "Laoshan Village"},
		{110101001001, "多福巷社区居委会", "Duofuxiang Community"},
		{654002103207, "下诺改图村委会", "Xianuogaitu Village"},
		{130532203203, "王家桥村民委员会", "Wangjiaqiao Village"},
		{130281206215, "宫里村村民委员会", "Gongli Village"},
	} {
		place, ok := g.Place(c.code)
		if !ok || place.Name != c.name {
			t.Errorf("Place(%d) = %+v, want %s", c.code, place, c.name)
		}
		if got := g.English(place); got != c.english {
			t.Errorf("English(%s) = %q, want %q", c.name, got, c.english)
		}
	}
	// Names of any kind, whether or not there is such a place now.
	for _, c := range []struct{ name, english string }{
		{"于家务回族乡", "Yujiawu Hui Township"},
		{"三合民族乡", "Sanhe Ethnic Township"},
		{"吉忽伦图苏木", "Jihuluntu Sumu"},
		{"卜尔汉图嘎查", "Bu'erhantu Gacha"},
		{"王村", "Wangcun Village"},
		{"王村村委会", "Wangcun Village"},
		{"白石村", "Baishi Village"},
		{"八五〇农场", "Bawuling Farm"},
		{"街道", "Subdistrict"},
		{"A３区（其他片区）", "A3 District Qitapian District"},
		{"中国（上海）自由贸易试验区", "Zhongguoshanghai Free Trade Pilot Zone"},
		{"绿林镇", "Lyulin Town"},
		{"（其他）", "Qita"},
	} {
		if got := g.English(gazetteer.Place{Name: c.name}); got != c.english {
			t.Errorf("English(%s) = %q, want %q", c.name, got, c.english)
		}
	}
}

func TestFullEnglish(t *testing.T) {
	t.Parallel()
	g := open(t)
	for _, c := range []struct {
		code int64
		full string
	}{
		{330112104, "Yuqian Town, Lin'an District, Hangzhou City, Zhejiang Province"},
		{110101, "Dongcheng District, Beijing Municipality"},
		{500229, "Chengkou County, Chongqing Municipality"},
		{441900003, "Dongcheng Subdistrict, Dongguan City, Guangdong Province"},
		{419001, "Jiyuan City, Henan Province"},
		{33, "Zhejiang Province"},
		{330, ""},
		{0, ""},
	} {
		if got := g.FullEnglish(c.code); got != c.full {
			t.Errorf("FullEnglish(%d) = %q, want %q", c.code, got, c.full)
		}
	}
}

// Every division of the country has an English name that anybody can read and type.
func TestEveryPlaceHasEnglish(t *testing.T) {
	t.Parallel()
	g := open(t)
	readable := regexp.MustCompile(`^[A-Z0-9][A-Za-z0-9]*(?:[ '-][A-Za-z0-9]+)*$`)
	digits := regexp.MustCompile(`[0-9０-９]`)
	seen, plain := 0, 0
	check := func(p gazetteer.Place) {
		seen++
		name := g.English(p)
		if !readable.MatchString(name) || digits.MatchString(name) != digits.MatchString(p.Name) {
			t.Errorf("English(%d %s) = %q", p.Code, p.Name, name)
		}
		if !strings.Contains(name, " ") {
			plain++
		}
	}
	var walk func(code int64)
	walk = func(code int64) {
		children, err := g.Children(code)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range children {
			check(p)
			if p.Level < gazetteer.Village {
				walk(p.Code)
			}
		}
	}
	walk(0)
	if seen < 660_000 {
		t.Errorf("%d places", seen)
	}
	if plain > 1_000 { // farms, companies and slips of the Bureau's: nearly every name ends in a word for what it is
		t.Errorf("%d English names do not say what kind of place it is", plain)
	}
}

// The overrides name the places they are about: a code that changes its meaning is noticed.
func TestEnglishNamesAreOfThePlaces(t *testing.T) {
	t.Parallel()
	g := open(t)
	table, err := os.ReadFile("tables/english-names.tsv")
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for line := range strings.Lines(string(table)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		code, err := strconv.ParseInt(cells[0], 10, 64)
		if place, ok := g.Place(code); err != nil || !ok || place.Name != cells[1] {
			t.Errorf("%s is not in the gazetteer", strings.TrimSpace(line))
		}
		if cells[0] <= last {
			t.Errorf("%s is not in order", cells[0])
		}
		last = cells[0]
	}
}

func FuzzEnglish(f *testing.F) {
	g := open(f)
	for _, seed := range []string{"白石镇", "A（（", "（）", "族乡", "\xff村", "())", "村", "ａ１", "lv'"} {
		f.Add(seed)
	}
	unreadable := regexp.MustCompile(`[^A-Za-z0-9' -]`)
	f.Fuzz(func(t *testing.T, name string) {
		if got := g.English(gazetteer.Place{Name: name}); unreadable.MatchString(got) {
			t.Fatalf("English(%q) = %q", name, got)
		}
	})
}

func TestFindByEnglish(t *testing.T) {
	t.Parallel()
	g := open(t)
	for _, c := range []struct {
		inside int64
		query  string
		want   int64
	}{
		{0, "Hohhot", 1501},
		{0, "lin'an district", 330112},
		{330112, "Yuqian", 330112104},
		{330112002, "Linglongshan Community", 330112002001},
	} {
		found, err := g.Find(c.inside, c.query, 20)
		if err != nil || !slices.ContainsFunc(found, func(p gazetteer.Place) bool { return p.Code == c.want }) {
			t.Errorf("Find(%d, %q) = %v, %v", c.inside, c.query, found, err)
		}
	}
	// three letters are initials
	found, err := g.Find(330112, "lin", 20)
	for _, p := range found {
		if !strings.Contains(gazetteer.Initials(p.Name), "lin") {
			t.Errorf("lin finds %s", p.Name)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func BenchmarkEnglish(b *testing.B) {
	g := open(b)
	place, _ := g.Place(330112002001)
	b.ReportAllocs()
	for b.Loop() {
		g.English(place)
	}
}
