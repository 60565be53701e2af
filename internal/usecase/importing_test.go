package usecase_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/intake"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// county is the place at which the tests of this file import.
const county = 330112

// desk is an office over a data folder whose clock stands still at 2026-03-02 10:00 in Shanghai.
type desk struct {
	*usecase.Office
	dir   string
	store *store.Store
}

// openDesk opens the office of a folder; on an empty one it makes keys and a petition bureau and a discipline organ.
func openDesk(tb testing.TB, dir string) desk {
	tb.Helper()
	ctx := tb.Context()
	now := func() int64 { return time.Date(2026, 3, 2, 10, 0, 0, 0, law.Zone()).UnixMicro() }
	path := filepath.Join(dir, usecase.KeysName)
	keys, err := vault.Load(path, rand.Reader)
	if errs.CodeOf(err) == "vault.keys_missing" {
		keys, err = vault.Create(path, rand.Reader)
	}
	check(tb, err)
	migrations, err := store.Migrations()
	check(tb, err)
	s, err := store.Open(ctx, store.Options{Dir: dir, Migrations: migrations, Now: now, Rehearse: true})
	check(tb, err)
	tb.Cleanup(func() { check(tb, s.Close()) })
	check(tb, s.Update(ctx, 0, func(t *store.Tx) error {
		units := []org.Unit{
			{ID: 1, Name: "测试区委区政府", Kind: org.KindRoot, Place: county},
			{ID: 2, Parent: 1, Name: "测试区信访局", Kind: org.KindBureau, Place: county},
			{ID: 3, Parent: 1, Name: "测试区纪委监委", Kind: org.KindDiscipline, Place: county},
		}
		for _, u := range units {
			if err := t.SaveUnit(ctx, u); err != nil {
				return err
			}
		}
		return t.ReplacePaths(ctx, org.NewChart(units), []org.UnitID{1, 2, 3})
	}))
	places, err := embedded()
	check(tb, err)
	files, err := usecase.NewFiles(filepath.Join(dir, usecase.FilesName), keys)
	check(tb, err)
	o, err := usecase.New(ctx, usecase.Config{
		Store: s, Vault: keys, Places: places, Book: law.DefaultBook(), Files: files, Now: now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler),
		Extract: extractHere,
		Say:     func(bool) func(string, []errs.Arg) string { return say },
	})
	check(tb, err)
	return desk{Office: o, dir: dir, store: s}
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// say answers with the code itself, so that tests see what was asked for.
func say(code string, _ []errs.Arg) string { return "‹" + code + "›" }

// mapping reads one of the mappings that ship as examples.
func mapping(tb testing.TB, name string) intake.Mapping {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "import", name))
	check(tb, err)
	m, err := intake.ParseMapping(text)
	check(tb, err)
	return m
}

// take imports a text and returns its report.
func (d desk) take(tb testing.TB, name string, text []byte, m intake.Mapping, dry bool) *intake.Report {
	tb.Helper()
	rows, err := intake.Open(name, bytes.NewReader(text), int64(len(text)), m.Options())
	check(tb, err)
	report := intake.NewReport(name, nil)
	check(tb, d.Import(tb.Context(), org.System(), rows, m, report, usecase.ImportOptions{Place: county, DryRun: dry, Say: say}))
	return report
}

// rows returns the row of every matter in the order of number.
func (d desk) rows(tb testing.TB) []matter.Row {
	tb.Helper()
	var out []matter.Row
	check(tb, d.store.Read(tb.Context(), func(t *store.Tx) error {
		refs, err := t.MattersAfter(tb.Context(), county, 0, 100_000)
		for _, ref := range refs {
			var row matter.Row
			if row, err = t.Matter(tb.Context(), org.System().Scope(), ref); err != nil {
				break
			}
			out = append(out, row)
		}
		return err
	}))
	return out
}

// all returns every matter in the order of number.
func (d desk) all(tb testing.TB) []usecase.MatterView {
	tb.Helper()
	var out []usecase.MatterView
	for _, row := range d.rows(tb) {
		v, err := d.Matter(tb.Context(), org.System(), row.Ref)
		check(tb, err)
		out = append(out, v)
	}
	return out
}

// message is one line of a file of messages with answers.
func message(number, at, answered, title, reply string) string {
	line, _ := json.Marshal(map[string]string{ // of texts: cannot fail
		"留言编号": number, "留言用户": "U0" + number, "留言主题": title, "留言时间": at, "留言详情": title + "，请处理。", "答复意见": reply, "答复时间": answered,
	})
	return string(line) + "\n"
}

func days(v usecase.MatterView) []string {
	var out []string
	for _, e := range v.Events {
		out = append(out, matter.KindOf(e.Body)+" "+e.Day.String())
	}
	return out
}

// A message with its answer becomes a whole life on its own days; a late one is late by the calendar of its time.
func TestImportWholeLife(t *testing.T) {
	t.Parallel()
	d := openDesk(t, t.TempDir())
	text := message("1", "2019/9/2 09:30:00", "2019/9/12 15:00:00", "A3区路灯不亮", "已派员修复。") +
		message("2", "2019/7/1 09:30:00", "2019/12/2 15:00:00", "B市拖欠工资", "已责令支付。") +
		message("3", "2019/9/2 18:30:00", "2019/9/2", "小区停车收费", "当日答复。")
	report := d.take(t, "m.jsonl", []byte(text), mapping(t, "messages_with_replies.json"), false)
	if report.Accepted != 3 || report.Refused != 0 || report.Read != 3 {
		t.Fatalf("%+v", report)
	}
	all := d.all(t)
	byNumber := map[string]usecase.MatterView{}
	for _, v := range all {
		byNumber[v.Submissions[0].SenderNumber] = v
	}
	v := byNumber["1"]
	want := []string{
		"registered 2019-09-02", "screened 2019-09-02", "taken 2019-09-02", "accepted 2019-09-02", "opinion_drafted 2019-09-12", "opinion_issued 2019-09-12",
		"served 2019-09-12", "eased 2019-09-12", "completed 2019-09-12",
	}
	if got := days(v); !slices.Equal(got, want) {
		t.Errorf("events %v", got)
	}
	if v.Row.State != matter.StateCompleted || v.Row.Open || v.Row.Ended != law.NewDay(2019, 9, 12) || v.Matter.Ref.String()[:12] != "330112-2019-" {
		t.Errorf("row %+v", v.Row)
	}
	if a := v.Matter.Demands[0].Answer; a == nil || a.Facts != "已派员修复。" || a.Basis != "‹import.basis›" {
		t.Errorf("answer %+v", a)
	}
	if s := v.Submissions[0]; s.Title != "A3区路灯不亮" || s.PlaceNote != "A3区" || s.Place != county || s.Parties[0].Name != "U**" {
		t.Errorf("submission %+v", s)
	}
	late := func(v usecase.MatterView, rule law.RuleID) int {
		for _, c := range v.Clocks {
			if c.Rule == rule {
				return c.Late(v.Today)
			}
		}
		return -1
	}
	// 2019-07-01 and 60 days: Friday 2019-08-30; answered on 2019-12-02
	if in, out := late(v, "D05"), late(byNumber["2"], "D05"); in != 0 || out != int(law.NewDay(2019, 12, 2)-law.NewDay(2019, 8, 30)) {
		t.Errorf("late by %d and %d days", in, out)
	}
	if got := days(byNumber["3"]); got[len(got)-1] != "completed 2019-09-02" {
		t.Errorf("an answer without a time of day: %v", got)
	}
	assertSound(t, d)
}

// assertSound proves that the store's own checks find nothing.
func assertSound(tb testing.TB, d desk) {
	tb.Helper()
	_, err := d.Sequence(tb.Context())
	check(tb, err)
	v, err := d.Verify(tb.Context(), org.System(), usecase.VerifyOptions{Files: true})
	check(tb, err)
	if !v.Sound() || v.Waiting != 0 {
		tb.Errorf("verification: %+v", v)
	}
	r, err := d.Rebuild(tb.Context(), org.System(), usecase.RebuildOptions{})
	check(tb, err)
	if len(r.Differences) > 0 {
		tb.Errorf("rebuild: %+v", r)
	}
	check(tb, d.store.Check(tb.Context()))
}

// Messages without answers stay as they came in, with all that the file says of them.
func TestImportSubmissions(t *testing.T) {
	t.Parallel()
	d := openDesk(t, t.TempDir())
	line := `{"留言编号":"7","留言用户":"A01","留言主题":"A市A2区噪音","留言时间":"2019/5/6 08:00:00","留言详情":"夜间施工","反对数":"0","点赞数":"12"}`
	d.take(t, "hot.jsonl", []byte(line), mapping(t, "messages_hot_2019.json"), false)
	v := d.all(t)[0]
	if v.Row.State != matter.StateRegistered || v.Row.Received != law.NewDay(2019, 5, 6) || v.Row.DueRule != "D01" {
		t.Errorf("row %+v", v.Row)
	}
	if got := v.Submissions[0].Extra; !slices.Equal(got, []matter.Extra{{Name: "反对数", Value: "0"}, {Name: "点赞数", Value: "12"}}) {
		t.Errorf("extra %v", got)
	}
	assertSound(t, d)
}

// Enquiries and suggestions are answered without acceptance; accusations go to the sealed compartment.
func TestImportKinds(t *testing.T) {
	t.Parallel()
	const form = `{"version":1,"fields":{"sender_number":{"from":"n"},"sender":{"const":"s"},"channel":{"from":"c"},"received":{"from":"d","dates":["2006-01-02"]},
		"title":{"from":"t"},"narrative":{"from":"t"},"demands":{"from":"q","split":[";"]},"purpose":{"from":"p"},"person_count":{"from":"k"},
		"petitioner_name":{"from":"w"},"reply_text":{"from":"a"},"replied":{"from":"r","dates":["2006-01-02"]}}}`
	m, err := intake.ParseMapping([]byte(form))
	check(t, err)
	d := openDesk(t, t.TempDir())
	const text = "n,c,d,t,q,p,k,w,a,r\n" +
		"1,phone,2024-03-01,停车费,多少;何时,enquiry,1,王芳,每小时五元,2024-03-20\n" +
		"2,letter,2024-03-01,举报,查处,accusation,1,,已查,2024-03-20\n" +
		"3,visit,2024-03-01,修路,修好,settlement,30,李明,,\n" +
		"4,web,2024-03-01,没有日期的答复,答复,other,1,赵云,有答复,\n"
	report := d.take(t, "k.csv", []byte(text), m, false)
	if report.Accepted != 4 {
		t.Fatalf("%s", report.Text(say))
	}
	for _, v := range d.all(t) {
		got := days(v)
		switch v.Submissions[0].SenderNumber {
		case "1":
			if v.Row.Kind != matter.KindEnquiry || slices.Contains(got, "accepted 2024-03-01") || v.Row.State != matter.StateCompleted || v.Row.Answered != 2 {
				t.Errorf("enquiry: %v %+v", got, v.Row)
			}
			for _, c := range v.Clocks { // fifteen days from 2024-03-01 end on Saturday, so on Monday 2024-03-18
				if c.Rule == "D01" && c.Late(v.Today) != 2 {
					t.Errorf("the notice of an enquiry is late by %d days", c.Late(v.Today))
				}
			}
		case "2":
			if !v.Row.Sealed || v.Row.Receiver != 3 || v.Row.State != matter.StateCompleted {
				t.Errorf("accusation: %+v", v.Row)
			}
		case "3":
			if p := v.Submissions[0].Parties; len(p) != 1 || p[0].Role != matter.PartyRepresentative || v.Row.Persons != 30 {
				t.Errorf("group: %+v %d", p, v.Row.Persons)
			}
		case "4":
			if x := v.Submissions[0].Extra; v.Row.State != matter.StateRegistered || !slices.Equal(x, []matter.Extra{{Name: "reply_text", Value: "有答复"}}) {
				t.Errorf("answer without a day: %+v %v", v.Row, x)
			}
		}
	}
	assertSound(t, d)
}

// Each refused row says where and why; the others are taken in.
func TestImportRefuses(t *testing.T) {
	t.Parallel()
	const form = `{"version":1,"fields":{"sender_number":{"from":"n"},"sender":{"const":"s"},"channel":{"const":"web"},"received":{"from":"d","dates":["2006-01-02"]},
		"title":{"from":"t"},"narrative":{"from":"t"},"petitioner_name":{"from":"w"},"petitioner_id":{"from":"i"},"petitioner_phone":{"from":"f"},"place_code":{"from":"p"},
		"category_code":{"from":"k"},"reply_text":{"from":"a"},"replied":{"from":"r","dates":["2006-01-02"]}}}`
	m, err := intake.ParseMapping([]byte(form))
	check(t, err)
	for _, c := range []struct{ name, row, field, code string }{
		{"good", "1,2024-03-01,t,王芳,,,,,,", "", ""},
		{"identity number", "1,2024-03-01,t,王芳,123,,,,,", "petitioner_id", ""},
		{"telephone", "1,2024-03-01,t,王芳,,12,,,,", "petitioner_phone", ""},
		{"unknown place", "1,2024-03-01,t,王芳,,,999999,,,", "place_code", "intake.place_unknown"},
		{"place that is none", "1,2024-03-01,t,王芳,,,A3区,,,", "place_code", "intake.place_unknown"},
		{"place of another office", "1,2024-03-01,t,王芳,,,110101,,,", "place_code", "intake.place_outside"},
		{"category", "1,2024-03-01,t,王芳,,,,X99,,", "category_code", "import.category"},
		{"before the Regulations", "1,2001-03-01,t,王芳,,,,,,", "received", "intake.too_old"},
		{"received in the future", "1,2027-03-01,t,王芳,,,,,,", "received", "day.not_yet"},
		{"answered in the future", "1,2024-03-01,t,王芳,,,,,a,2027-01-01", "replied", "day.not_yet"},
		{"long answer", "1,2024-03-01,t,王芳,,,,," + strings.Repeat("长", 20_001) + ",2024-03-02", "reply_text", "field.long"},
		{"no title", "1,2024-03-01,,王芳,,,,,,", "title", "intake.field.required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, t.TempDir())
			for _, dry := range []bool{true, false} {
				report := d.take(t, "r.csv", []byte("n,d,t,w,i,f,p,k,a,r\n"+c.row+"\n"), m, dry)
				if c.field == "" {
					if report.Accepted != 1 {
						t.Errorf("dry %v: %s", dry, report.Text(say))
					}
					continue
				}
				if report.Refused != 1 || len(report.Errors) == 0 {
					t.Fatalf("dry %v: %+v", dry, report)
				}
				e := report.Errors[0]
				if e.Field != c.field || (c.code != "" && e.Code != c.code) || e.Row != 2 || e.File != "r.csv" {
					t.Errorf("dry %v: %+v", dry, e)
				}
			}
			if n := len(d.rows(t)); (n == 1) != (c.field == "") {
				t.Errorf("%d matters", n)
			}
		})
	}
}

func TestImportIsTheOperators(t *testing.T) {
	t.Parallel()
	d := openDesk(t, t.TempDir())
	m := mapping(t, "messages_with_replies.json")
	rows, err := intake.Open("m.jsonl", strings.NewReader("{}"), 2, m.Options())
	check(t, err)
	who := org.Actor{Kind: org.ActorStaff, User: 9, Duty: org.Duty{Role: org.RoleRegistrar, Unit: 2, Scope: 2}}
	if err := d.Import(t.Context(), who, rows, m, intake.NewReport("m.jsonl", nil), usecase.ImportOptions{}); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("%v", err)
	}
}

// Told to stop, by its caller or by an error of whom it tells of each row, an import says so, and the next one goes on.
func TestImportStops(t *testing.T) {
	t.Parallel()
	d := openDesk(t, t.TempDir())
	m := mapping(t, "messages_with_replies.json")
	var text strings.Builder
	for i := range 300 {
		text.WriteString(message(strconv.Itoa(i), "2020/1/2 03:04:05", "2020/2/3", "标题", "答复"))
	}
	full := errors.New("the disk is full")
	run := func(ctx context.Context, done func(int) error) (*intake.Report, error) {
		rows, err := intake.Open("m.jsonl", strings.NewReader(text.String()), int64(text.Len()), m.Options())
		check(t, err)
		report := intake.NewReport("m.jsonl", nil)
		return report, d.Import(ctx, org.System(), rows, m, report, usecase.ImportOptions{Place: county, Say: say, Done: done})
	}
	report, err := run(t.Context(), func(n int) error {
		if n == 20 {
			return full
		}
		return nil
	})
	if !errors.Is(err, full) || report.Read != 20 {
		t.Errorf("%v after %d", err, report.Read)
	}
	ctx, stop := context.WithCancel(t.Context())
	_, err = run(ctx, func(n int) error {
		if n == 120 {
			stop()
		}
		return nil
	})
	if err == nil || len(d.rows(t)) == 300 {
		t.Errorf("%v with %d taken in", err, len(d.rows(t)))
	}
	report, err = run(t.Context(), nil)
	if err != nil || report.Present < 120 || report.Present+report.Accepted != 300 || len(d.rows(t)) != 300 {
		t.Errorf("%v %+v", err, report)
	}
	assertSound(t, d)
}

// Whatever the file holds, every row is in exactly one of the counts, and importing again adds nothing.
func TestImportProperty(t *testing.T) {
	t.Parallel()
	m := mapping(t, "messages_with_replies.json")
	d := openDesk(t, t.TempDir())
	cases, total := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		cases++
		var text strings.Builder
		n := rapid.IntRange(1, 12).Draw(rt, "rows")
		numbers := map[string]bool{}
		bad := 0
		for range n {
			number := fmt.Sprintf("%d-%d", cases, rapid.IntRange(1, 8).Draw(rt, "number"))
			switch rapid.SampledFrom([]string{"good", "good", "json", "date", "order"}).Draw(rt, "row") {
			case "good":
				text.WriteString(message(number, "2020/1/2 03:04:05", "2020/2/3", "标题", "答复"))
				numbers[number] = true
			case "json":
				text.WriteString("{\n")
				bad++
			case "date":
				text.WriteString(message(number, "昨天", "2020/2/3", "标题", "答复"))
				bad++
			case "order":
				text.WriteString(message(number, "2020/1/2 03:04:05", "2019/2/3", "标题", "答复"))
				bad++
			}
		}
		for run := range 2 {
			r := d.take(t, "m.jsonl", []byte(text.String()), m, false)
			want := len(numbers)
			if run == 1 {
				want = 0
			}
			if r.Read != n || r.Refused != bad || r.Accepted != want || r.Accepted+r.Present+r.Refused != n {
				rt.Errorf("run %d of %d rows, %d bad, %d numbers: %+v", run, n, bad, len(numbers), r)
			}
		}
		total += len(numbers)
	})
	if got := len(d.rows(t)); got != total {
		t.Errorf("%d matters for %d numbers", got, total)
	}
}

// killRows is how many rows the import that is killed has.
const killRows = 800

func killText() []byte {
	var b bytes.Buffer
	for i := range killRows {
		b.WriteString(message(strconv.Itoa(i), "2020/1/2 03:04:05", "2020/2/3", fmt.Sprintf("第%d件", i), "答复"))
	}
	return b.Bytes()
}

// TestImportChild is the process that is killed: it imports and says after each row how far it is.
func TestImportChild(t *testing.T) {
	dir := os.Getenv("HUIYIN_TEST_IMPORT")
	if dir == "" {
		return // run by TestImportSurvivesAKill alone
	}
	d := openDesk(t, dir)
	text := killText()
	m := mapping(t, "messages_with_replies.json")
	rows, err := intake.Open("m.jsonl", bytes.NewReader(text), int64(len(text)), m.Options())
	check(t, err)
	done := func(n int) error {
		_, err := fmt.Fprintf(os.Stdout, "done %d\n", n)
		return err
	}
	check(t, d.Import(t.Context(), org.System(), rows, m, intake.NewReport("m.jsonl", nil), usecase.ImportOptions{Place: county, Say: say, Done: done}))
}

// An import killed at any moment has lost no row that it said was done; begun again it doubles none and leaves none out.
func TestImportSurvivesAKill(t *testing.T) {
	exe, err := os.Executable()
	check(t, err)
	dir := t.TempDir()
	acknowledged := 0
	for _, after := range []int{1, 40, 120} {
		child := exec.Command(exe, "-test.run=^TestImportChild$", "-test.v=false")
		child.Env = append(os.Environ(), "HUIYIN_TEST_IMPORT="+dir)
		out, err := child.StdoutPipe()
		check(t, err)
		check(t, child.Start())
		last, read := 0, make([]byte, 1<<16)
		var text bytes.Buffer
		for last < after {
			n, err := out.Read(read)
			text.Write(read[:n])
			if i := bytes.LastIndex(text.Bytes(), []byte("done ")); i >= 0 {
				fields := strings.Fields(text.String())
				last, _ = strconv.Atoi(fields[len(fields)-1]) // a number cut in two only says less
			}
			if errors.Is(err, io.EOF) {
				break
			}
			check(t, err)
		}
		check(t, child.Process.Kill())
		_ = child.Wait() // killed
		acknowledged = max(acknowledged, last)
	}
	d := openDesk(t, dir)
	before := d.rows(t)
	if len(before) < acknowledged || len(before) == killRows {
		t.Fatalf("%d matters after the kills, %d rows acknowledged", len(before), acknowledged)
	}
	for _, row := range before {
		if row.State != matter.StateCompleted {
			t.Fatalf("half a row: %+v", row)
		}
	}
	report := d.take(t, "m.jsonl", killText(), mapping(t, "messages_with_replies.json"), false)
	if report.Present != len(before) || report.Present+report.Accepted != killRows {
		t.Errorf("%+v after %d", report, len(before))
	}
	seen := map[string]bool{}
	for _, v := range d.all(t) {
		seen[v.Submissions[0].SenderNumber] = true
	}
	if len(seen) != killRows {
		t.Errorf("%d different numbers", len(seen))
	}
	assertSound(t, d)
}

// The real files lie outside the repository, beside its folder; where they are, all of their rows are taken in.
func TestImportRealFiles(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		mapping, name string
		rows          int
		state         matter.State
		late          int
	}{
		// 156 took over 60 days, two of them because the 60th was a day off and they were answered on the next working day
		{"messages_with_replies.json", "messages_with_replies.jsonl.gz", 2816, matter.StateCompleted, 154},
		{"messages_hot_2019.json", "messages_hot_2019.jsonl.gz", 4326, matter.StateRegistered, 0},
	} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", f.name))
		if errors.Is(err, os.ErrNotExist) {
			t.Logf("%s is not beside the repository; the generated messages of the other tests stand for it", f.name)
			continue
		}
		check(t, err)
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, t.TempDir())
			report := d.take(t, f.name, text, mapping(t, f.mapping), false)
			if report.Accepted != f.rows || report.Refused != 0 {
				t.Fatalf("%s", report.Text(say))
			}
			rows := d.rows(t)
			if i := slices.IndexFunc(rows, func(r matter.Row) bool { return r.State != f.state }); i >= 0 || len(rows) != f.rows {
				t.Fatalf("%d matters, row %d is not %s", len(rows), i, f.state)
			}
			assertSound(t, d)
			if f.late == 0 {
				return // without answers nothing was accepted that could be late
			}
			late := 0
			for _, v := range d.all(t) {
				for _, c := range v.Clocks {
					if c.Rule == "D05" && c.Late(v.Today) > 0 {
						late++
					}
				}
			}
			if late != f.late {
				t.Errorf("%d late, want %d", late, f.late)
			}
		})
	}
}
