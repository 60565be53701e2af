package web_test

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

const (
	ok       = http.StatusOK
	invalid  = http.StatusUnprocessableEntity
	notFound = http.StatusNotFound

	village = "330112104201" // in the town of 於潜
	attack  = `<script>alert("1")</script>`
)

func (b *browser) who(pairs ...string) page {
	b.t.Helper()
	return b.post("/file/who", append([]string{"kind", "appeal", "petitioners.0.name", "陈玉兰", "petitioners.0.phone", "0571-00001234"}, pairs...)...)
}

// fill fills the form up to the last step.
func (b *browser) fill() {
	b.t.Helper()
	b.who().want(ok, "/file/what")
	b.post("/file/what", "title", "水渠被压塌", "place", village, "narrative", "挖机压塌了水渠", "elsewhere", "no").want(ok, "/file/demands")
	b.post("/file/demands", "demands.0", "修好水渠", "demands.1", "赔偿损失").want(ok, "/file/materials")
	b.post("/file/materials").want(ok, "/file/review", "水渠被压塌", "修好水渠", "赔偿损失", "临安区信访局")
}

var pinForm = regexp.MustCompile(`^[0-9]{6}$`)

// file fills and sends the form and returns query code and PIN.
func (b *browser) file() (code, pin string) {
	b.t.Helper()
	b.fill()
	p := b.post("/file/review").want(ok, "/receipt", "临安区信访局", "修好水渠")
	return receiptOf(p)
}

func receiptOf(p page) (code, pin string) {
	p.t.Helper()
	code, pin = p.text(".query-code"), p.text("#pin")
	if !pinForm.MatchString(pin) {
		p.t.Fatalf("the PIN is %q", pin)
	}
	return code, pin
}

// open opens a matter in a browser of its own.
func (s *testSite) open(code, pin string) *browser {
	s.t.Helper()
	b := s.browser()
	b.post("/track", "code", code, "pin", pin).want(ok, "/my")
	return b
}

// matters are the submissions that were registered, in order.
func (s *testSite) matters() []store.SubmissionRow {
	s.t.Helper()
	var out []store.SubmissionRow
	check(s.t, s.store.Read(s.t.Context(), func(tx *store.Tx) error {
		for n := int64(1); ; n++ {
			row, err := tx.Submission(s.t.Context(), matter.NewRef(330112, 2025, n))
			if err != nil {
				return nil //nolint:nilerr // the first number that is not there ends the list
			}
			out = append(out, row)
		}
	}))
	return out
}

// Every page for everyone is there in both languages, says all its texts and keeps the rules of the security policy.
func TestPagesAreWhole(t *testing.T) {
	s := newSite(t)
	for _, lang := range []string{"zh", "en"} {
		b := s.browser()
		b.get("/language?lang="+lang+"&to=/").want(ok, "/")
		for _, path := range []string{"/", "/how", "/law", "/law?rule=D05&from=2026-03-02", "/privacy", "/proof", "/track", "/file/who", "/receipt"} {
			p := b.get(path).want(ok, path)
			if strings.Contains(p.body, " style=") || strings.Contains(p.body, "{n}") {
				t.Errorf("%s %s: a style or an open placeholder", lang, path)
			}
			if n := len(p.find("h1")); n != 1 {
				t.Errorf("%s %s has %d first headings", lang, path, n)
			}
		}
	}
}

func TestHomeSaysThePeriodsOfTheLaw(t *testing.T) {
	newSite(t).browser().get("/").want(ok, "/", "15 日内", "60 日内", "30 日内", "信访工作条例第三十四条", "000-00000002")
}

func TestLargeTextIsKept(t *testing.T) {
	b := newSite(t).browser()
	if p := b.get("/text?large=1&to=/how").want(ok, "/how"); len(p.find("html[data-text=large]")) != 1 {
		t.Error("no large print")
	}
	if p := b.get("/"); len(p.find("html[data-text=large]")) != 1 {
		t.Error("the wish is forgotten on the next page")
	}
	if p := b.get("/text?large=0&to=//evil.example/").want(ok, "/"); len(p.find("html[data-text=large]")) != 0 {
		t.Error("large print stays")
	}
}

func TestStepsWantWhatIsTheirs(t *testing.T) {
	b := newSite(t).browser()
	b.get("/file/review").want(ok, "/file/who")
	p := b.post("/file/who", "kind", "appeal", "petitioners.0.name", attack).want(invalid, "/file/who")
	if got := attribute(p.find("#f-petitioners-0-name")[0], "value"); got != attack {
		t.Errorf("the name came back as %q", got)
	}
	if strings.Contains(p.body, attack) {
		t.Error("what was typed is markup on the page")
	}
	if len(p.find(".error-summary a")) != 1 || len(p.find("#f-petitioners-0-phone-e0")) != 1 {
		t.Error("the missing telephone is not told beside its field and above")
	}
	b.who("petitioners.0.id_number", "330101199003070000").want(invalid, "/file/who", "末位校验不对")
	b.who().want(ok, "/file/what")
	p = b.post("/file/what", "title", "", "narrative", "写了的还在").want(invalid, "/file/what", "请用一句话说明", "写了的还在")
	if len(p.find(".error-summary a")) != 2 {
		t.Errorf("errors of other steps are told here: %s", p.text(".error-summary"))
	}
	b.post("/file/what", "title", "水渠", "place", "11").want(invalid, "/file/what", "水渠")
	b.post("/file/what", "title", "水渠", "place", village).want(ok, "/file/demands")
	b.post("/file/demands", "demands.0", " ").want(invalid, "/file/demands", "请至少写一条诉求")
	b.get("/file/nothing").want(notFound, "/file/nothing")
}

func TestPlaceIsFound(t *testing.T) {
	b := newSite(t).browser()
	b.who()
	for _, words := range []string{"於潜", "yqz", "330112104"} {
		p := b.post("/file/what", "title", "水渠", "place_q", words, "do", "find-place").want(ok, "/file/what?find=place", "於潜镇", "水渠")
		if len(p.find(".place-found input[value=330112104]")) != 1 {
			t.Errorf("%q does not find the town: %s", words, words)
		}
	}
	b.post("/file/what", "title", "水渠", "place_q", "没有这里", "do", "find-place").want(ok, "/file/what?find=place", "没有找到")
	b.post("/file/what", "title", "水渠", "place_q", "朝阳区", "do", "find-place").want(ok, "/file/what?find=place", "北京市")
	p := b.post("/file/what", "title", "水渠", "step_1", "33", "step_2", "3301", "step_3", "330112", "step_4", "330112104", "step_5", village, "do", "step-place")
	p.want(ok, "/file/what?find=steps", "已选")
	if p := b.post("/file/what", "title", "水渠", "step_1", "33", "step_2", "1101", "do", "step-place"); len(p.find("select[name=step_3]")) != 0 {
		t.Error("a city of another province was taken")
	}
}

func TestDemandsAreAddedAndRemovedWithoutScript(t *testing.T) {
	b := newSite(t).browser()
	b.who()
	p := b.post("/file/demands", "demands.0", "甲", "do", "add").want(ok, "/file/demands", "第 2 条诉求")
	if len(p.find("textarea")) != 2 {
		t.Errorf("%d fields", len(p.find("textarea")))
	}
	p = b.post("/file/demands", "demands.0", "甲", "demands.1", "乙", "demands.2", "丙", "do", "remove-2")
	if got := p.text("#f-demands-1"); got != "丙" {
		t.Errorf("the second is %q", got)
	}
	b.post("/file/demands", "demands.0", "甲", "do", "remove-9").want(ok, "/file/demands", "甲")
}

const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

func picture(t *testing.T) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(onePixel)
	check(t, err)
	return b
}

func TestFilesAreCheckedKeptAndGivenBack(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.fill()
	b.upload("/file/materials", "script.png", []byte("<html>"+attack), "do", "upload").want(invalid, "/file/materials", "只能上传")
	p := b.upload("/file/materials", "水渠.png", picture(t), "do", "upload").want(ok, "/file/materials", "水渠.png")
	drop := attribute(p.find("li button[name=do]")[0], "value")
	if p := b.post("/file/materials", "do", drop).want(ok, "/file/materials"); strings.Contains(p.body, "水渠.png") {
		t.Error("the file is still there")
	}
	b.upload("/file/materials", "水渠.png", picture(t)).want(ok, "/file/review", "水渠.png")
	code, pin := receiptOf(b.post("/file/review").want(ok, "/receipt"))
	own := s.open(code, pin)
	href := attribute(own.get("/my").find("#files")[0].Parent.LastChild.FirstChild.FirstChild, "href")
	got := own.get(href)
	if got.status != ok || got.body != string(picture(t)) || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s: %d %v", href, got.status, got.header)
	}
	// somebody else's matter does not reach it
	other := s.browser()
	code, pin = other.file()
	if p := s.open(code, pin).get(href); p.status != notFound {
		t.Errorf("another petitioner gets %d", p.status)
	}
	if p := s.browser().get(href); p.path != "/track" {
		t.Errorf("nobody gets to %s", p.path)
	}
}

// Sending writes the receipt and nothing else in the form's place: a second click that wrote the form there once more took the receipt from whoever was being led to it.
func TestSendingKeepsTheReceiptAlone(t *testing.T) {
	var kept atomic.Int64
	s := newSite(t, func(o *store.Options) {
		o.Rehearse = false // each write is counted once
		o.Record = func(sql string, _ []any) {
			if strings.HasPrefix(sql, "insert into draft ") {
				kept.Add(1)
			}
		}
	})
	b := s.browser()
	b.fill()
	before := kept.Load()
	if before == 0 {
		t.Fatal("no step was kept")
	}
	receiptOf(b.post("/file/review").want(ok, "/receipt"))
	if n := kept.Load() - before; n != 1 {
		t.Errorf("written %d times", n)
	}
}

func TestDoubleClickFilesOnce(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.fill()
	var wait sync.WaitGroup
	codes := make([]string, 4)
	for i := range codes {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if p := b.post("/file/review"); p.status == ok && len(p.find(".query-code")) > 0 {
				codes[i] = p.text(".query-code")
			}
		}()
	}
	wait.Wait()
	for _, c := range codes {
		if c == "" || c != codes[0] {
			t.Errorf("the codes are %q", codes)
		}
	}
	if n := len(s.matters()); n != 1 {
		t.Errorf("%d matters", n)
	}
	b.post("/file/review").want(ok, "/receipt")
	if n := len(s.matters()); n != 1 {
		t.Errorf("%d matters after another click", n)
	}
}

func TestReceiptShowsThePINOnce(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	code, pin := b.file()
	p := b.get("/receipt").want(ok, "/receipt", "10 月 11 日 周六", "调休")
	if strings.Contains(p.text("svg.qr"), pin) || len(p.find("svg.qr path")) != 1 {
		t.Error("the QR code is missing or holds the PIN")
	}
	b.get("/file").want(ok, "/file", "回执还没有收好")
	b.get("/file/who").want(ok, "/receipt")
	kept := b.post("/receipt").want(ok, "/track?code="+strings.ReplaceAll(code, "-", ""), "密码已收起")
	if strings.Contains(kept.body, pin) {
		t.Error("the PIN is on the next page")
	}
	if p := b.get("/receipt").want(ok, "/receipt", "回执已经收起"); strings.Contains(p.body, pin) {
		t.Error("the PIN is shown again")
	}
	s.open(code, pin)

	late := s.browser()
	_, pin = late.file()
	s.now.Add((61 * time.Minute).Microseconds())
	if p := late.get("/receipt").want(ok, "/receipt", "回执已经收起"); strings.Contains(p.body, pin) {
		t.Error("the PIN is shown an hour later")
	}
}

func TestDraftGoesOnElsewhere(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.who()
	saved := b.post("/file/what", "title", "水渠被压塌", "do", "draft").want(ok, "/file/saved")
	link := strings.TrimPrefix(saved.text("p.sheet a"), s.server.URL)
	b.get("/file").want(ok, "/file", "水渠被压塌")

	there := s.browser()
	if p := there.get(link).want(ok, link); strings.Contains(p.body, "水渠被压塌") {
		t.Error("following the link alone shows what was written")
	}
	there.get("/file/what").want(ok, "/file/who") // and gives nothing
	there.post(link).want(ok, "/file/who", "写过的都已加密存好")
	if p := there.get("/file/what"); attribute(p.find("#f-title")[0], "value") != "水渠被压塌" {
		t.Error("the draft did not come along")
	}
	// the link is used up, for its maker too: what is typed from now on cannot be read with it
	if p := s.browser().post(link); p.status != notFound {
		t.Errorf("the link still works: %d", p.status)
	}
	b.get("/file/what").want(ok, "/file/who")

	there.post("/file/new", "do", "forget").want(ok, "/", "草稿已清除")
	there.get("/file").want(ok, "/file/who")
}

func TestDraftsAreLimited(t *testing.T) {
	s := newSite(t)
	got := 0
	for range 30 {
		if p := s.browser().who(); p.status == ok {
			got++
		} else if p.status != http.StatusTooManyRequests {
			t.Fatalf("%d: %s", p.status, words(p.root))
		}
	}
	if got != 20 {
		t.Errorf("%d forms begun at once", got)
	}
}

func TestAccusationNeverReachesTheBureau(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.get("/file?kind=accusation").want(ok, "/file/who?kind=accusation")
	b.post("/file/who", "kind", "accusation").want(ok, "/file/what", "反映的是哪些单位")
	p := b.post("/file/what", "title", "收了好处", "place", village, "accused_q", "规划", "do", "find-unit").want(ok, "/file/what?find=unit", "临安区规划和自然资源局")
	if len(p.find("input[name=accused]")) != 1 {
		t.Error("the unit is not offered")
	}
	b.post("/file/what", "title", "收了好处", "place", village, "accused", "3", "do", "add-unit").want(ok, "/file/what", "移去")
	b.post("/file/what", "title", "收了好处", "place", village, "accused", "3").want(ok, "/file/demands")
	b.post("/file/demands", "demands.0", "查处").want(ok, "/file/materials")
	b.post("/file/materials").want(ok, "/file/review", "临安区纪委监委", "临安区规划和自然资源局", "密封库")
	code, pin := receiptOf(b.post("/file/review").want(ok, "/receipt", "临安区纪委监委", "密封库"))
	rows := s.matters()
	if len(rows) != 1 || rows[0].Unit != unitDiscipline || !rows[0].Sealed {
		t.Fatalf("registered as %+v", rows)
	}
	for _, who := range []org.Actor{staff(org.RoleRegistrar, unitBureau), staff(org.RoleSupervisor, unitBureau), staff(org.RoleHead, unitLand), staff(org.RoleLeader, unitCounty)} {
		if _, err := s.office.Matter(t.Context(), who, rows[0].Matter); err == nil {
			t.Errorf("%s of unit %d sees it", who.Duty.Role, who.Duty.Unit)
		}
	}
	s.open(code, pin).get("/my").want(ok, "/my", "收了好处")

	// the only discipline organ accused: it goes to nobody here
	again := s.browser()
	again.post("/file/who", "kind", "accusation").want(ok, "/file/what")
	if p := again.post("/file/what", "title", "收了好处", "place", village, "accused", "4"); p.status != invalid {
		t.Errorf("%d at %s", p.status, p.path)
	}
}

func TestSuggestionNeedsNoCourtQuestion(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.who("kind", "suggestion")
	b.post("/file/who", "kind", "suggestion", "petitioners.0.name", "陈玉兰", "petitioners.0.address", "於潜镇").want(ok, "/file/what")
	b.post("/file/what", "title", "加一班公交", "place", village).want(ok, "/file/demands")
	b.post("/file/demands", "demands.0", "加车").want(ok, "/file/materials")
	b.post("/file/materials")
	b.post("/file/review").want(ok, "/receipt", "加一班公交")
}

// A code that nobody has and a wrong PIN are answered the same, word for word and status for status.
func TestTrackTellsNothing(t *testing.T) {
	s := newSite(t)
	code, pin := s.browser().file()
	unknown := "A2C0-0000-0000"
	for _, last := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
		if try := unknown[:13] + string(last); mistyped(try) == nil && try != code {
			unknown = try
		}
	}
	wrong := s.browser().post("/track", "code", code, "pin", "000000").want(invalid, "/track")
	nobody := s.browser().post("/track", "code", unknown, "pin", "000000").want(invalid, "/track")
	if a, b := strings.ReplaceAll(wrong.body, code, ""), strings.ReplaceAll(nobody.body, unknown, ""); a != b {
		t.Errorf("the answers differ:\n%s\n%s", words(wrong.root), words(nobody.root))
	}
	if strings.Contains(wrong.body, "000000") {
		t.Error("the PIN that was typed is on the page")
	}
	s.browser().post("/track", "code", code[:13]+"?", "pin", pin).want(invalid, "/track")
	s.browser().post("/track").want(invalid, "/track", "这一项要填")
	s.open(strings.ToLower(strings.ReplaceAll(code, "-", " ")), pin)
	for range 6 {
		s.browser().post("/track", "code", code, "pin", "000000")
	}
	if p := s.browser().post("/track", "code", strings.ReplaceAll(code, "-", ""), "pin", pin); p.status != http.StatusTooManyRequests {
		t.Errorf("guessing goes on: %d", p.status)
	}
}

func mistyped(code string) error {
	_, err := usecase.ParseCode(code)
	return err
}

func TestOnlyTheOwnMatter(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/my", "/my/looks", "/my/answer", "/my/answer/text", "/my/files/x", "/my/act/urge"} {
		s.browser().get(path).want(ok, "/track")
	}
	s.browser().post("/my/act/withdraw", "version", "1").want(ok, "/track")
	code, pin := s.browser().file()
	b := s.open(code, pin)
	b.get("/my").want(ok, "/my", "水渠被压塌", "您的 2 条诉求", "临安区信访局", "还没有人打开过")
	b.post("/my/close").want(ok, "/", "已关上")
	b.get("/my").want(ok, "/track")
}

func TestProofIsChecked(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.file()
	ref := s.matters()[0].Ref
	if _, err := s.office.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	proof, err := s.office.ProofOf(t.Context(), ref)
	check(t, err)
	b.post("/proof", "number", ref.String(), "link", strings.ToUpper(proof.Link[:32]+" "+proof.Link[32:])).want(ok, "/proof", "对得上。", "第 1 条")
	bad := strings.Repeat("0", 64)
	not := b.post("/proof", "number", ref.String(), "link", bad).want(ok, "/proof", "对不上。")
	never := b.post("/proof", "number", "330112-2025-0000099", "link", bad).want(ok, "/proof", "对不上。")
	if strings.ReplaceAll(not.body, ref.String(), "") != strings.ReplaceAll(never.body, "330112-2025-0000099", "") {
		t.Error("a number that exists is told from one that does not")
	}
	p := b.post("/proof", "number", attack, "link", "xyz").want(invalid, "/proof", "编号对不上")
	if strings.Contains(p.body, attack) {
		t.Error("what was typed is markup on the page")
	}
}
