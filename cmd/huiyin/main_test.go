package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// call runs a command as the shell does and returns its exit code and what it wrote.
func call(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	var o, e bytes.Buffer
	code = dispatch(t.Context(), newConsole(&o, &e, args, func(string) string { return "" }), args)
	if strings.Contains(o.String()+e.String(), "⟦") {
		t.Errorf("%v: a text is missing: %s%s", args, o.String(), e.String())
	}
	return code, o.String(), e.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"", 2, "huiyin help"},
		{"help", 0, "命令"},
		{"--help --lang en", 0, "Commands"},
		{"help due", 0, "--rule"},
		{"help nonsense", 2, "nonsense"},
		{"nonsense", 2, "nonsense"},
		{"due", 2, "--rule"},
		{"due --help --lang=en", 0, "Usage: huiyin due"},
		{"due --rule D05", 2, "--from"},
		{"due --nonsense", 2, "nonsense"},
		{"due --rule D05 --from 2025-08-05 more", 2, "1"},
		{"due --rule 5 --from 2025-08-05", 2, "D05"},
		{"due --rule D98 --from 2025-08-05", 2, "D98"},
		{"due --rule D05 --from 2025-02-30", 2, "2025-02-30"},
		{"due --rule D05 --from 1999-01-01", 2, ""},
		{"due --rule D05 --from 2025-08-05 --jurisdiction 33011", 2, "33011"},
		{"due --rule D05 --from 2025-08-05 --extended 30", 2, "--approved"},
		{"due --rule D05 --from 2025-08-05 --approved 2025-09-01", 2, "--extended"},
		{"due --rule D05 --from 2025-08-05 --extended 31 --approved 2025-09-01", 2, "30"},
		{"due --rule D05 --from 2025-08-05 --extended 30 --approved 2025-12-01", 2, ""},
		{"due --rule D10 --from 2025-08-05", 2, "--by"},
		{"due --rule D10 --from 2025-08-05 --by 2025-08-01", 2, "--by"},
		{"due --rule D10 --from 2025-08-05 --by 2025-09-01", 0, "2025"},
		{"due --rule D99 --from 2025-08-05", 2, "D10b"}, // names those there are
		{"due --rule d5 --from 2025-08-05", 2, "D10b"},
		{"due --rule D05 --from 2025-08-05 --jurisdiction 339999", 2, "3301 杭州市"},
		{"due --rule D05 --from 2025-08-05 --jurisdiction 330112 --local henan", 2, "zhejiang-2016"},
		{"due --rule D05 --from 2025-08-05 --jurisdiction 330112 --local zhejiang-2016", 0, "浙江省信访条例（2016）第二十三条"},
		{"due --rule D05 --from 2025-08-05 --jurisdiction 330112 --local all --lang en", 0, "Gives way: Regulations on Petition Work (2022), Article 34"},
		{"due --rule D05 --from 2025-08-05 --jurisdiction 330112 --lang en", 0, "Not adopted: Zhejiang"},
		{"due --rule D05 --from 2025-08-05 --jurisdiction 210202 --local all --lang en", 0, "an aim, not law): until 20 Aug 2025"},
		{"due --rule D05 --from 2025-08-05 --paused 2025-08-06..2025-08-07", 2, "不能中止"},
		{"due --rule D10b --from 2026-03-02 --paused 2026-03-10", 2, "2026-03-10..2026-03-14"},
		{"due --rule D10b --from 2026-03-02 --paused 2026-03-10..soon", 2, "soon"},
		{"due --rule D10b --from 2026-03-02 --paused 2026-03-14..2026-03-10", 2, "中止"},
		{"due --rule D10b --from 2026-03-02 --paused 2026-03-10..2026-03-14", 0, "2026 年 4 月 7 日"},
		{"due --rule D10b --from 2026-03-02 --paused 2026-03-10.. --lang en", 0, "There is no last day"},
		{"due --rule D11 --from 2026-03-02 --lang en", 0, "There is no last day"},
		{"due --rule D25 --from 2026-03-02", 2, "4403"},
		{"due --rule D25 --from 2026-03-02 --jurisdiction 440303", 2, "shenzhen-disputes-2022"},
		{"due --rule D25 --from 2026-03-02 --jurisdiction 440303 --local all", 0, "2026 年 3 月 9 日"},
		{"due --rule D04 --from 2020-03-02", 2, "2022-05-01"},
		{"due --rule D15 --from 2026-03-02", 0, "未经条文证实"},
		{"due --rule D05 --from 2026-11-02 --lang en", 0, "may change"},
		{"due --rule D29d --from 2026-10-12 --lang en", 0, "29 Sep 2026"},
		{"due --list", 0, "D60a"},
		{"due --list --jurisdiction 330112", 0, "zhejiang-2016"},
		{"due --list --jurisdiction 33011", 2, "33011"},
		{"calendar", 2, "show"},
		{"calendar nonsense", 2, "show"},
		{"calendar show", 2, "1"},
		{"calendar show soon", 2, "soon"},
		{"calendar show 2026", 0, "2026 年 9 月 20 日"},
		{"calendar show 2027 --lang en", 0, "not published"},
		{"calendar show 2026 --data nowhere", 1, "nowhere"},
		{"calendar load", 2, "1"},
		{"calendar load nowhere.json", 1, "nowhere.json"},
		{"import", 2, "import"},
		{"import a b", 2, "import"},
		{"import a.csv", 2, "--mapping"},
		{"import a.csv --mapping m --resume", 2, "--report"},
		{"restore a.tar", 2, "--data"},
		{"restore a.tar --data b --before yesterday", 2, "yesterday"},
		{"serve --drain long", 2, "--drain"},
		{"rebuild", 2, "--check"},
		{"rebuild --check --fix", 2, "--check"},
		{"stat", 2, "--list"},
		{"stat a b", 2, "--list"},
		{"user", 2, "list"},
		{"user nonsense", 2, "list"},
		{"user add wang --name 王芳", 2, "registrar"},
		{"verify --data nowhere", 1, "nowhere"},
		{"backup x --data nowhere", 1, "nowhere"},
		{"user list --data nowhere", 1, "nowhere"},
		{"serve --traces ftp://collector", 1, "--traces"},
		{"serve --traces http://collector --traces-sample 1.5", 1, "1.5"},
		{"serve --traces-sample much", 2, "much"},
		{"serve --log loud", 2, "loud"},
	} {
		t.Run(c.args, func(t *testing.T) {
			code, out, err := call(t, strings.Fields(c.args)...)
			said := err
			if code == 0 {
				said = out
			}
			if code != c.code || (c.says != "" && !strings.Contains(out+err, c.says)) || said == "" {
				t.Errorf("code %d, out %q, err %q", code, out, err)
			}
		})
	}
	for _, cmd := range commands() {
		for _, lang := range []string{"zh", "en"} {
			if code, out, _ := call(t, cmd.name, "--help", "--lang", lang); code != 0 || !strings.Contains(out, "huiyin "+cmd.name) {
				t.Errorf("help of %s in %s: %d %s", cmd.name, lang, code, out)
			}
		}
	}
	if _, err := os.Stat("nowhere"); !os.IsNotExist(err) {
		t.Error("a folder was made")
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct{ args, locale, want string }{
		{"", "", "zh"},
		{"", "C.UTF-8", "zh"},
		{"", "en_US.UTF-8", "en"},
		{"", "zh_CN.UTF-8", "zh"},
		{"--lang en", "zh_CN.UTF-8", "en"},
		{"--lang=zh", "en_GB", "zh"},
		{"due --lang en --json", "", "en"},
	} {
		env := func(name string) string {
			if name == "LANG" {
				return c.locale
			}
			return ""
		}
		if got := language(strings.Fields(c.args), env); string(got) != c.want {
			t.Errorf("%q under %q: %s", c.args, c.locale, got)
		}
	}
}

// The answer for programs: Regulations on Petition Work, article 34, sixty days from the day after acceptance; the sixtieth day,
// 2025-10-04, lies in the National Day break, so it ends on 2025-10-09.
func TestDueJSON(t *testing.T) {
	code, out, _ := call(t, "due", "--rule", "D05", "--from", "2025-08-05", "--json")
	var a law.DueAnswer
	must(t, json.Unmarshal([]byte(out), &a))
	if code != 0 || a.Rule != "D05" || a.NominalEnd != law.NewDay(2025, 10, 4) || a.LegalEnd != law.NewDay(2025, 10, 9) ||
		a.SafeEnd != law.NewDay(2025, 9, 30) || a.Provisional || len(a.Derivation) < 3 || a.Article == "" {
		t.Errorf("%d %+v", code, a)
	}
	for _, member := range []string{"rule", "article", "from", "nominal_end", "legal_end", "safe_end", "provisional", "derivation"} {
		if !strings.Contains(out, `"`+member+`":`) {
			t.Errorf("no member %s", member)
		}
	}
}

// What a place's own rules and a hearing change, for programs: each line in both languages, the texts that set the period and how they stand.
func TestDueJSONExplains(t *testing.T) {
	code, out, _ := call(t, "due", "--rule", "D05", "--from", "2025-08-05", "--jurisdiction", "330112", "--local", "zhejiang-2016", "--json")
	var a dueDocument
	must(t, json.Unmarshal([]byte(out), &a))
	if code != 0 || a.Set != "zhejiang-2016" || a.LegalEnd != law.NewDay(2025, 9, 4) || a.Place != "浙江省杭州市临安区" || len(a.Resolution) != 2 ||
		a.Resolution[0].Standing != "governs" || a.Resolution[1].Standing != "overridden" || a.Certainty != "text" || a.Promise != nil {
		t.Errorf("%d %+v", code, a)
	}
	if len(a.Said["zh"]) != 3 || len(a.Said["en"]) != 3 || !strings.Contains(a.Said["en"][2], "Day 30, the last day") || !strings.HasPrefix(a.Said["zh"][2], "→ ") {
		t.Errorf("%v", a.Said)
	}
	if step := a.Derivation[1]; step.Code != "law.step.first" || step.WhyCode != "law.why.length.calendar" || step.WhyArgs["n"] != 30.0 {
		t.Errorf("%+v", step)
	}
	code, out, _ = call(t, "due", "--rule", "D05", "--from", "2026-03-02", "--jurisdiction", "210202", "--local", "all", "--json")
	a = dueDocument{}
	must(t, json.Unmarshal([]byte(out), &a))
	if code != 0 || a.Set != "national-2022" || a.Promise == nil || a.Promise.LegalEnd != law.NewDay(2026, 3, 17) || a.LegalEnd != law.NewDay(2026, 5, 6) {
		t.Errorf("%d %+v", code, a)
	}
}

// Every number of every set can be asked for, where and when it holds.
func TestDueKnowsEveryRule(t *testing.T) {
	book := law.DefaultBook()
	for _, set := range book.Sets() {
		day := set.From
		for _, r := range book.RulesOf(set.ID) {
			args := []string{"due", "--rule", string(r.ID), "--from", day.String(), "--json"}
			if set.Jurisdiction != "" {
				args = append(args, "--jurisdiction", set.Jurisdiction, "--local", set.ID)
			}
			if r.SetBy == "document" {
				args = append(args, "--by", day.Add(30).String())
			}
			code, out, err := call(t, args...)
			var a dueDocument
			if code != 0 || json.Unmarshal([]byte(out), &a) != nil || a.Rule != r.ID || a.LegalEnd.Known() != (r.Unit != law.NamedDay || r.SetBy == "document") {
				t.Errorf("%v: %d %s %s", args, code, out, err)
			}
			if (a.Set == set.ID) == set.Promise {
				t.Errorf("%v: %s", args, a.Set)
			}
		}
	}
}

// A new arrangement says what it changes; a bad one says what is wrong with it and changes nothing.
func TestCalendarLoad(t *testing.T) {
	dir := folder(t)
	write := func(text string) string {
		name := filepath.Join(t.TempDir(), "2027.json")
		must(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	bad := write(`{"version":"x","from":"2027-01-01","until":"2027-12-31","off":[{"day":"2028-01-01","name":"元旦"}],"work":["2027-01-04"]}`)
	if code, _, err := call(t, "calendar", "load", bad, "--data", dir, "--lang", "en"); code != 1 || !strings.Contains(err, "off.0.day: This day is not within") || !strings.Contains(err, "work.0:") {
		t.Errorf("%d %s", code, err)
	}
	for _, text := range []string{"", "[]", `{"versions":1}`} {
		if code, _, err := call(t, "calendar", "load", write(text), "--data", dir, "--lang", "en"); code != 1 || !strings.Contains(err, "cannot be read near byte") {
			t.Errorf("%q: %d %s", text, code, err)
		}
	}
	if code, _, err := call(t, "calendar", "load", write(strings.Repeat(" ", maxCalendar+1)), "--data", dir); code != 1 || !strings.Contains(err, "太大") {
		t.Errorf("%d %s", code, err)
	}
	if code, out, _ := call(t, "calendar", "show", "2027", "--data", dir, "--json"); code != 0 || !strings.Contains(out, `"published": false`) {
		t.Errorf("%d %s", code, out)
	}
	good := write(`{"version":"notice 2027","from":"2027-01-01","until":"2027-12-31","years":{"2027":["notice"]},"names":{"元旦":"New Year's Day"},
		"off":[{"day":"2027-01-01","name":"元旦"},{"day":"2027-01-04","name":"元旦"}],"work":["2027-01-02"]}`)
	if code, out, err := call(t, "calendar", "load", good, "--data", dir, "--lang", "en"); code != 0 || !strings.Contains(out, "3 days changed") || !strings.Contains(out, "2 Jan 2027 (Sat)  work") || !strings.Contains(out, "0 matters") {
		t.Errorf("%d %s %s", code, out, err)
	}
	var year struct {
		Published bool
		Changes   []calendarDay
	}
	_, out, _ := call(t, "calendar", "show", "2027", "--data", dir, "--json")
	must(t, json.Unmarshal([]byte(out), &year))
	if !year.Published || len(year.Changes) != 3 || year.Changes[0].Day != law.NewDay(2027, 1, 1) {
		t.Errorf("%+v", year)
	}
	if code, out, _ := call(t, "calendar", "load", good, "--data", dir, "--json"); code != 0 || !strings.Contains(out, `"changed": []`) {
		t.Errorf("the same again changes nothing: %d %s", code, out)
	}
}

// folder makes a data folder with a petition bureau.
func folder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	a, err := app.Open(t.Context(), app.Config{Data: dir})
	must(t, err)
	must(t, a.Store.Update(t.Context(), 0, func(tx *store.Tx) error {
		units := []org.Unit{
			{ID: 1, Name: "测试区委区政府", Kind: org.KindRoot, Place: 330112}, {ID: 2, Parent: 1, Name: "测试区信访局", Kind: org.KindBureau, Place: 330112},
		}
		for _, u := range units {
			if err := tx.SaveUnit(t.Context(), u); err != nil {
				return err
			}
		}
		return tx.ReplacePaths(t.Context(), org.NewChart(units), []org.UnitID{1, 2})
	}))
	must(t, a.Close())
	return dir
}

const form = `{"version":1,"name":"测试","fields":{"sender_number":{"from":"n"},"sender":{"const":"来源"},"channel":{"const":"web"},
	"received":{"from":"d","dates":["2006-01-02"]},"title":{"from":"t"},"narrative":{"from":"t"},"petitioner_name":{"const":"王芳"},"petitioner_phone":{"from":"p"},
	"reply_text":{"from":"a"},"replied":{"from":"r","dates":["2006-01-02"]}}}`

// An operator's day: import with a refused row, correct it, verify, back up, restore elsewhere, rotate the keys, rebuild.
func TestOperator(t *testing.T) {
	dir := folder(t)
	at := func(name string) string { return filepath.Join(filepath.Dir(dir), name) }
	write := func(name, text string) string {
		must(t, os.WriteFile(at(name), []byte(text), 0o600))
		return at(name)
	}
	do := func(want int, args ...string) string {
		t.Helper()
		code, out, err := call(t, append(args, "--data", dir)...)
		if code != want {
			t.Fatalf("%v: code %d, out %s, err %s", args, code, out, err)
		}
		return out
	}
	mapping := write("m.json", form)
	rows := write("rows.csv", "n,d,t,p,a,r\n1,2024-03-01,路灯,,已修,2024-03-05\n2,昨天,停车,,,\n3,2024-03-01,噪音,12,,\n")
	report := at("report.csv")

	if out := do(1, "import", rows, "--mapping", mapping, "--place", "330112", "--dry-run", "--lang", "en"); !strings.Contains(out, "accepted 1") || !strings.Contains(out, "nothing was written") {
		t.Errorf("dry run: %s", out)
	}
	if out := do(1, "import", rows, "--mapping", mapping, "--place", "330112", "--report", report, "--lang", "en"); !strings.Contains(out, "accepted 1, already there 0, refused 2") {
		t.Errorf("import: %s", out)
	}
	text, err := os.ReadFile(report)
	must(t, err)
	if lines := strings.Count(string(text), "\n"); lines != 3 || !strings.Contains(string(text), "rows.csv,3,received,d,intake.field.date") {
		t.Errorf("report: %s", text)
	}
	between := time.Now().Format(time.RFC3339Nano)
	write("rows.csv", "n,d,t,p,a,r\n1,2024-03-01,路灯,,已修,2024-03-05\n2,2024-03-02,停车,,,\n3,2024-03-01,噪音,,,\n")
	if out := do(0, "import", rows, "--mapping", mapping, "--place", "330112", "--lang", "en"); !strings.Contains(out, "accepted 2, already there 1, refused 0") {
		t.Errorf("import again: %s", out)
	}
	var v usecase.Verification
	must(t, json.Unmarshal([]byte(do(0, "verify", "--json", "--files")), &v))
	if v.Matters != 3 || v.Waiting != 0 || !v.Sound() {
		t.Errorf("%+v", v)
	}
	if out := do(0, "migrate", "--lang", "en"); !strings.Contains(out, "3 matters is in the figures") || strings.Contains(do(0, "migrate", "--lang", "en"), "figures") {
		t.Errorf("migrate: %s", out)
	}
	do(0, "backup", at("b.tar.gz"))
	do(0, "backup", at("nokeys.tar"), "--without-keys")
	do(1, "backup", at("b.tar.gz"))
	do(0, "rotate-keys")
	do(0, "rotate-keys", "--resume")
	do(1, "rotate-keys", "--purpose", "nonsense")
	do(0, "rebuild", "--check")
	do(0, "rebuild", "--fix")
	if out := do(0, "stat", "submissions", "--from", "2024-01-01", "--by", "month", "--lang", "en"); !strings.Contains(out, "Submissions  3") || !strings.Contains(out, "2024-03  3") {
		t.Errorf("stat: %s", out)
	}
	if out := do(0, "stat", "days_to_answer", "--from", "2024-01-01", "--json"); !strings.Contains(out, `"median_days": 4`) || !strings.Contains(out, `"counted": 1`) {
		t.Errorf("stat as JSON: %s", out)
	}
	if out := do(0, "stat", "participation", "--from", "2024-01-01", "--to", "2024-01-31", "--csv"); !strings.Contains(out, "n/a,0,0") {
		t.Errorf("stat as CSV: %s", out)
	}
	do(1, "stat", "nonsense")
	do(1, "stat", "submissions", "--by", "person")
	do(1, "stat", "submissions", "--from", "2024-13-01")
	if out := do(0, "stat", "--list"); strings.Count(out, "\n") < 20 {
		t.Errorf("indicators: %s", out)
	}
	if out := do(0, "verify"); !strings.Contains(out, "全部相符") {
		t.Errorf("verify: %s", out)
	}
	for _, c := range []struct {
		file string
		want int
		says string
	}{{"b.tar.gz", 0, "全部相符"}, {"nokeys.tar", 0, "keys.json"}, {"rows.csv", 1, ""}} {
		code, out, _ := call(t, "restore", at(c.file), "--data", at("restored-"+c.file))
		if code != c.want || !strings.Contains(out, c.says) {
			t.Errorf("restore %s: %d %s", c.file, code, out)
		}
	}
	// back to before the second import, whose records bear the days of their source; and not in the database of the service, whatever the settings say
	code, out, said := call(t, "restore", at("b.tar.gz"), "--data", at("rewound"), "--before", between, "--lang", "en", "--database", "postgres://nobody@127.0.0.1:1/none")
	if code != 0 || !strings.Contains(out, "matters registered since 2") || !strings.Contains(out, "matters 1,") {
		t.Errorf("restore to a point: %d %s %s", code, out, said)
	}
	if code, out, said := call(t, "rebuild", "--check", "--data", at("rewound")); code != 0 {
		t.Errorf("rebuild of it: %d %s %s", code, out, said)
	}
	if code, _, said := call(t, "restore", at("nokeys.tar"), "--data", at("rewound-nokeys"), "--before", between); code != 1 || said == "" {
		t.Errorf("without keys: %d %s", code, said)
	}
}

func TestUsers(t *testing.T) {
	dir := folder(t)
	do := func(want int, args ...string) string {
		t.Helper()
		code, out, err := call(t, append([]string{"user"}, append(args, "--data", dir)...)...)
		if code != want {
			t.Fatalf("%v: code %d, out %s, err %s", args, code, out, err)
		}
		return out + err
	}
	do(0, "add", "admin", "--name", "管理员", "--role", "admin", "--unit", "1")
	do(0, "add", "wang.fang", "--name", "王芳", "--role", "registrar", "--unit", "2")
	do(1, "add", "wang.fang", "--name", "王芳", "--role", "registrar", "--unit", "2")
	do(1, "add", "li", "--name", "李明", "--role", "registrar", "--unit", "77")
	if out := do(0, "list"); !strings.Contains(out, "wang.fang") || !strings.Contains(out, "登记员 · 测试区信访局") {
		t.Errorf("%s", out)
	}
	first, second := do(0, "reset-password", "wang.fang"), do(0, "reset-password", "wang.fang")
	if first == second || !strings.Contains(first, "wang.fang") {
		t.Errorf("%s%s", first, second)
	}
	do(0, "disable", "wang.fang")
	if out := do(0, "list", "--lang", "en"); !strings.Contains(out, "[disabled]") {
		t.Errorf("%s", out)
	}
	do(0, "enable", "wang.fang")
	do(1, "disable", "nobody.here")
}

// A resumed import begins behind the last row that was kept, adds to the report without a second heading, and knows another file.
func TestImportResume(t *testing.T) {
	dir := folder(t)
	base := filepath.Dir(dir)
	var text strings.Builder
	text.WriteString("n,d,t,p,a,r\n")
	for i := range 30 {
		day := "2024-03-01"
		if i == 5 || i == 20 {
			day = "昨天"
		}
		fmt.Fprintf(&text, "%d,%s,第%d件,,,\n", i, day, i)
	}
	file, mapping, report := filepath.Join(base, "rows.csv"), filepath.Join(base, "m.json"), filepath.Join(base, "report.csv")
	must(t, os.WriteFile(file, []byte(text.String()), 0o600))
	must(t, os.WriteFile(mapping, []byte(form), 0o600))
	args := []string{"import", file, "--mapping", mapping, "--place", "330112", "--report", report, "--data", dir, "--lang", "en"}
	if code, out, err := call(t, args...); code != 1 || !strings.Contains(out, "refused 2") {
		t.Fatalf("%d %s %s", code, out, err)
	}
	if _, err := os.Stat(report + ".progress"); !os.IsNotExist(err) {
		t.Errorf("the progress stayed: %v", err)
	}
	mark := bookmark{path: report + ".progress", File: "rows.csv", Size: int64(text.Len()), Rows: 10}
	must(t, mark.save())
	if code, out, err := call(t, append(args, "--resume")...); code != 1 || !strings.Contains(out, "behind row 10") || !strings.Contains(out, "read 20 rows; accepted 0, already there 19, refused 1") {
		t.Fatalf("%d %s %s", code, out, err)
	}
	kept, err := os.ReadFile(report)
	must(t, err)
	if strings.Count(string(kept), "file,row,field") != 1 || strings.Count(string(kept), "\n") != 4 {
		t.Errorf("report: %s", kept)
	}
	mark.Size++
	must(t, mark.save())
	if code, _, err := call(t, append(args, "--resume")...); code != 1 || !strings.Contains(err, "another file") {
		t.Errorf("%d %s", code, err)
	}
}

func TestMeter(t *testing.T) {
	c := newConsole(&bytes.Buffer{}, &bytes.Buffer{}, []string{"--lang", "en"}, func(string) string { return "" })
	line := progressLine(c, 0.5, 1234, 10*time.Second)
	for _, want := range []string{"████████████░░░░░░░░░░░░", "50%", "1,234 rows", "123 a second", "00:10"} {
		if !strings.Contains(line, want) {
			t.Errorf("%q is not in %q", want, line)
		}
	}
	if line := progressLine(c, 0, 0, 0); !strings.Contains(line, "--:--") || !strings.Contains(line, "0%") {
		t.Error(line)
	}
}

// The keys of the environment open the data of a folder that has none, and stay out of its backup.
func TestKeysFromTheEnvironment(t *testing.T) {
	text, err := vault.Generate(rand.Reader)
	must(t, err)
	t.Setenv("HUIYIN_KEYS", string(text))
	dir := filepath.Join(t.TempDir(), "data")
	a, err := app.Open(t.Context(), app.Config{Data: dir, Keys: text})
	must(t, err)
	must(t, a.Close())
	if code, out, err := call(t, "backup", filepath.Join(t.TempDir(), "b.tar"), "--data", dir, "--lang", "en"); code != 0 || !strings.Contains(out, "The keys are not in it") {
		t.Errorf("%d %s %s", code, out, err)
	}
	if code, _, err := call(t, "rotate-keys", "--data", dir); code != 1 || err == "" {
		t.Errorf("%d %s", code, err)
	}
}
