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
		{"import", 2, "import"},
		{"import a b", 2, "import"},
		{"import a.csv", 2, "--mapping"},
		{"import a.csv --mapping m --resume", 2, "--report"},
		{"restore a.tar", 2, "--data"},
		{"rebuild", 2, "--check"},
		{"rebuild --check --fix", 2, "--check"},
		{"user", 2, "list"},
		{"user nonsense", 2, "list"},
		{"user add wang --name 王芳", 2, "registrar"},
		{"verify --data nowhere", 1, "nowhere"},
		{"backup x --data nowhere", 1, "nowhere"},
		{"user list --data nowhere", 1, "nowhere"},
		{"serve --traces ftp://collector", 1, "--traces"},
		{"serve --traces http://collector --traces-sample 1.5", 1, "1.5"},
		{"serve --traces-sample much", 2, "much"},
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
	write("rows.csv", "n,d,t,p,a,r\n1,2024-03-01,路灯,,已修,2024-03-05\n2,2024-03-02,停车,,,\n3,2024-03-01,噪音,,,\n")
	if out := do(0, "import", rows, "--mapping", mapping, "--place", "330112", "--lang", "en"); !strings.Contains(out, "accepted 2, already there 1, refused 0") {
		t.Errorf("import again: %s", out)
	}
	var v usecase.Verification
	must(t, json.Unmarshal([]byte(do(0, "verify", "--json", "--files")), &v))
	if v.Matters != 3 || v.Waiting != 0 || !v.Sound() {
		t.Errorf("%+v", v)
	}
	do(0, "backup", at("b.tar.gz"))
	do(0, "backup", at("nokeys.tar"), "--without-keys")
	do(1, "backup", at("b.tar.gz"))
	do(0, "rotate-keys")
	do(0, "rotate-keys", "--resume")
	do(1, "rotate-keys", "--purpose", "nonsense")
	do(0, "rebuild", "--check")
	do(0, "rebuild", "--fix")
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
	t.Setenv(keysVariable, string(text))
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
