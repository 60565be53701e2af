package gazetteer_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
)

// Every table is whole: parents stand before their children, codes and names are given once, each row has both
// names, and its source is explained.
func TestTablesAreWhole(t *testing.T) {
	t.Parallel()
	g := open(t)
	first := map[string]int{}
	for _, id := range g.Tables() {
		table, err := g.Categories(id)
		if err != nil {
			t.Fatal(err)
		}
		if table.ID != id || table.Title == "" || table.English == "" || table.Version == "" {
			t.Errorf("%s: %q %q %q %q", id, table.ID, table.Title, table.English, table.Version)
		}
		seen := map[string]bool{}
		for _, row := range table.Rows {
			if seen[row.Code] || row.Code == "" || row.Parent != "" && !seen[row.Parent] {
				t.Errorf("%s: code or parent of %+v", id, row)
			}
			seen[row.Code] = true
			if row.Parent != "" && strings.HasPrefix(id, "category") && !regexp.MustCompile("^"+row.Parent+`\d+$`).MatchString(row.Code) {
				t.Errorf("%s: the code of %+v does not go on from its parent's, by which lists are narrowed to what is under one", id, row)
			}
			if row.Name == "" || row.English == "" || strings.ContainsFunc(row.English, han) || strings.ContainsAny(row.Name+row.English, "\t\n,|") && row.Name == row.English {
				t.Errorf("%s: names of %+v", id, row)
			}
			if table.Sources[row.Source] == "" {
				t.Errorf("%s: %s has no source %q", id, row.Code, row.Source)
			}
			if got, ok := table.Row(row.Code); !ok || got != row {
				t.Errorf("%s: Row(%s) = %+v", id, row.Code, got)
			}
		}
		first[id] = len(table.Under(""))
	}
	want := map[string]int{
		gazetteer.TableCategories: 20, gazetteer.TableCategoriesOlder: 17, gazetteer.TableDisputes: 18,
		gazetteer.TableChannels: 3, gazetteer.TablePurposes: 6, gazetteer.TableRoutes: 6,
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("rows of first level: %s", diff)
	}
}

// The newer generation loses no second level of the older one.
func TestSecondLevelsAreKept(t *testing.T) {
	t.Parallel()
	g := open(t)
	older, err := g.Categories(gazetteer.TableCategoriesOlder)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, row := range g.Current().Rows {
		if row.Parent == "" {
			continue
		}
		if names[row.Name] != "" {
			t.Errorf("%s stands twice", row.Name)
		}
		names[row.Name] = row.English
	}
	for _, row := range older.Rows {
		if row.Parent != "" && names[row.Name] != row.English {
			t.Errorf("%s is %q in the older table and %q in the newer", row.Name, row.English, names[row.Name])
		}
	}
}

func TestUnknownTable(t *testing.T) {
	t.Parallel()
	g := open(t)
	if _, err := g.Categories("none"); errs.CodeOf(err) != "gazetteer.table.unknown" {
		t.Error(err)
	}
	if row, ok := g.Current().Row("N99"); ok {
		t.Errorf("%+v", row)
	}
}

func TestDisputeType(t *testing.T) {
	t.Parallel()
	g := open(t)
	disputes, err := g.Categories(gazetteer.TableDisputes)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"农村农业": "房产宅基地", "市场监督": "生产经营", "自然资源": "山林土地", "城乡建设": "征地拆迁", "生态环境": "环境污染",
		"劳动和社会保障": "劳动争议", "文体旅游": "旅游", "经济管理": "消费", "卫生健康": "医疗", "交通运输": "道路交通事故",
		"房产物业": "物业管理", "教育": "其他", "拖欠农民工工资": "劳动争议",
	} {
		code := ""
		for _, row := range g.Current().Rows {
			if row.Name == name {
				code = row.Code
			}
		}
		row, _ := disputes.Row(g.DisputeType(code))
		if row.Name != want {
			t.Errorf("%s (%s) is mediated as %q, want %q", name, code, row.Name, want)
		}
	}
	if got := g.DisputeType("no code"); got != "99" {
		t.Errorf("an unknown category is mediated as %s", got)
	}
}

// han reports whether a character is Chinese.
func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// A label of other data means a category by its code, its name, the name that it had before, or none.
func TestCategoryOfALabel(t *testing.T) {
	t.Parallel()
	g := open(t)
	for label, want := range map[string]string{
		"N0502": "N0502", "工资福利": "N0502", " 城乡建设 ": "N03", "卫生计生": "N06", "国土资源": "N02", "民政": "N09", "环境保护": "N14", "其他": "N20",
		"教育文体": "", "商贸旅游": "", "": "", "O05": "", "不是分类": "",
	} {
		if c, ok := g.Category(label); c.Code != want || ok != (want != "") {
			t.Errorf("%q means %q", label, c.Code)
		}
	}
}
