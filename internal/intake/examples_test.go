package intake

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The form for offices gives the same records as CSV, with dates in five forms and texts, and as workbook, with real
// dates and numbers.
func TestRegisterExample(t *testing.T) {
	m := exampleMapping(t, "register.json")
	fromCSV, refused := importAll(t, "register.csv", example(t, "register.csv"), m)
	if len(refused) > 0 || len(fromCSV) != 5 {
		t.Fatalf("%d records, refused %+v", len(fromCSV), refused)
	}
	fromBook, refused := importAll(t, "register.xlsx", example(t, "register.xlsx"), m)
	if len(refused) > 0 {
		t.Fatalf("refused %+v", refused)
	}
	if diff := cmp.Diff(fromCSV, fromBook, cmpopts.IgnoreFields(Record{}, "Row")); diff != "" {
		t.Errorf("(-csv +xlsx):\n%s", diff)
	}
	want := Record{
		Row: 7, SenderNumber: "网格-2025-0208", Sender: "北岭乡网格中心", Channel: "other", ReceivedUS: us(2025, 10, 20, 0, 0, 0),
		Title: "咨询宅基地确权办理进度", Narrative: "我家宅基地确权材料六月交齐，想问办到哪一步了，还要不要补材料。",
		Demands: []string{"告知办理进度"}, PetitionerName: "赵小满", PetitionerPhone: "13800000003", PetitionerAddress: "北岭乡石门村 6号",
		PersonCount: 2, PlaceText: "北岭乡石门村", CategoryText: "土地资源管理", UnitText: "县自然资源局", Purpose: "enquiry",
		ReplyText: "材料齐全，已进入公示，预计11月发证。", RepliedUS: us(2025, 10, 30, 0, 0, 0),
	}
	if diff := cmp.Diff(want, fromBook[4]); diff != "" {
		t.Errorf("last row of the workbook (-want +got):\n%s", diff)
	}
	if fromCSV[0].Row != 3 || fromCSV[1].Row != 5 || fromCSV[0].Extra["备注"] != "到访时带了照片" || len(fromCSV[0].Extra) != 1 ||
		len(fromCSV[0].Demands) != 2 || fromCSV[3].ReceivedUS != us(2025, 10, 15, 21, 40, 0) {
		t.Errorf("got %+v", fromCSV)
	}
}

// Every code that the package can give has a text in both languages, with the same arguments, and there is no other text.
func TestCatalogue(t *testing.T) {
	codes := make(map[string]bool)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"(intake\.[a-z]+\.[a-z_]+)"`)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range quoted.FindAllSubmatch(src, -1) {
			codes[string(found[1])] = true
		}
	}
	for _, name := range Targets() {
		codes["intake.target."+name] = true
	}
	texts := func(language string) map[string]string {
		data, err := os.ReadFile(filepath.Join(root(t), "internal", "i18n", "catalog", "intake."+language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var out map[string]string
		if err := json.NewDecoder(bytes.NewReader(data)).Decode(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	zh, en := texts("zh"), texts("en")
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	places := func(text string) map[string]bool {
		out := make(map[string]bool)
		for _, p := range placeholder.FindAllString(text, -1) {
			out[p] = true
		}
		return out
	}
	for code := range codes {
		if zh[code] == "" || en[code] == "" {
			t.Errorf("%s has no text", code)
		}
		forms := strings.Split(en[code], "|")
		if diff := cmp.Diff(places(zh[code]), places(forms[len(forms)-1])); diff != "" {
			t.Errorf("%s (-zh +en):\n%s", code, diff)
		}
	}
	for code := range zh {
		if !codes[code] {
			t.Errorf("%s is never given", code)
		}
	}
	if len(zh) != len(en) {
		t.Errorf("%d Chinese texts, %d English", len(zh), len(en))
	}
}
