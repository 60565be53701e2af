package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"huiyin/internal/matter"
	"huiyin/internal/store"
)

// A reply saved for later comes back to who saved it, and is gone once it is submitted.
func TestReplyIsKept(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch")
	b := team["dispatch"]
	n := entered(b)
	step(b, n, matter.ActScreen, "kind", "appeal", "level", "ordinary")
	step(b, n, matter.ActTake)
	step(b, n, matter.ActAccept)
	path := "/desk/matters/" + n + "/draft"
	b.post(path, b.get(path).fields(path, "facts", "写到一半", "answers.1.facts", "第二条也写了一半", "do", "later")...).want(http.StatusOK, path, "存好了", "写到一半", "第二条也写了一半")
	p := b.get(path)
	preview := b.post(path, p.fields(path, append(answers(), "do", "preview")...)...)
	preview.want(http.StatusOK, path, "还没有提交", "多出一亩二", "重新丈量", "支持")
	b.post(path, preview.fields(path, "do", "edit")...).want(http.StatusOK, path, "现场丈量")
	short := b.post(path, p.fields(path, "answers.0.outcome", "support", "answers.0.promise", "补发")...)
	short.want(http.StatusUnprocessableEntity, path, "第 1 条诉求：承诺和兑现日期要一起写", "第 2 条诉求还没有选结果")
	b.post(path, p.fields(path, answers()...)...).want(http.StatusOK, "/desk/matters/"+n, "意见待审核")
	if again := b.get(path); strings.Contains(again.body, "写到一半") || !strings.Contains(again.body, "多出一亩二") {
		t.Error("the page begins with what was saved before, not with the draft")
	}
}

func TestRegister(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch")
	b := team["dispatch"]
	const path = "/desk/register"
	form := b.get(path)
	wrong := b.post(path, form.fields(path, "petitioners.0.name", "陈玉兰", "petitioners.0.id_number", "330112195903120013", "demands", "2", "demands.1", "只有第二条", "narrative", "写了很长的经过")...)
	wrong.want(http.StatusUnprocessableEntity, path, "写了很长的经过")
	if attribute(wrong.find("input[name=petitioners.0.id_number]")[0], "aria-invalid") != "true" || attribute(wrong.find("input[name=demands.0]")[0], "value") != "只有第二条" {
		t.Errorf("the number with a wrong check digit is not marked, or a row is lost: %s", wrong.text(".error-summary"))
	}
	more := b.post(path, wrong.fields(path, "do", "add-person")...)
	more = b.post(path, more.fields(path, "do", "add-demand", "petitioners.1.name", "李有田")...)
	more = b.post(path, more.fields(path, "do", "remove-person-0")...)
	if v := attribute(more.find("input[name=petitioners.0.name]")[0], "value"); v != "李有田" || len(more.find("input[name=demands.1]")) == 0 {
		t.Errorf("after adding and removing rows the first is %q", v)
	}
	place := b.post(path, more.fields(path, "place_q", "yqz", "do", "find-place")...)
	if len(place.find("input[value=330112104]")) == 0 {
		t.Errorf("the town is not found by its initials: %s", words(place.root))
	}
	group := b.post(path, place.fields(path, "place", "330112104", "title", "欠薪", "persons", "12", "petitioners.0.role", "petitioner")...)
	group.want(http.StatusUnprocessableEntity, path, "推选代表")
	receipt := b.post(path, group.fields(path, "petitioners.0.role", "representative", "received", "2025-07-01T08:30")...)
	if receipt.status != http.StatusOK || !strings.HasPrefix(receipt.path, "/desk/receipt/") {
		t.Fatalf("%d at %s: %s", receipt.status, receipt.path, words(receipt.root))
	}
	if strings.Contains(receipt.text(".receipt"), "不再显示") || len(receipt.find("svg.qr")) != 1 {
		t.Error("the receipt has no PIN or no QR code")
	}
	b.get(receipt.path).want(http.StatusOK, receipt.path, "不再显示")
	other := s.team("supervise")["supervise"]
	if p := other.get(receipt.path); p.status != http.StatusNotFound {
		t.Errorf("somebody else opens the receipt: %d", p.status)
	}
}

// An earlier matter that may be the same is shown before a second one is made, and can be linked.
func TestRegisterLinks(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	first := entered(b, "title", "水渠压塌稻田绝收")
	const path = "/desk/register"
	send := []string{"title", "水渠压塌稻田绝收", "demands.0", "赔偿", "place", "330112104", "petitioners.0.name", "李有田"}
	same := b.post(path, b.get(path).fields(path, send...)...)
	same.want(http.StatusOK, path, "可能是同一件事", first, "赔偿")
	if len(same.find("mark")) == 0 {
		t.Error("nothing alike is marked")
	}
	done := b.post(path, same.fields(path, "same."+first, "link")...)
	if !strings.HasPrefix(done.path, "/desk/receipt/") || !strings.Contains(words(done.root), "已并入 "+first) {
		t.Fatalf("%d at %s: %s", done.status, done.path, words(done.root))
	}
	joined := b.get("/desk/matters/" + first)
	joined.want(http.StatusOK, "/desk/matters/"+first, "重件 2", "赔偿")
	separate := "/desk/matters/" + first + "/separate"
	form := b.get(separate)
	other := attribute(form.find("input[name=other]")[0], "value")
	b.post(separate, form.fields(separate, "other", other)...).want(http.StatusUnprocessableEntity, separate, "这一项要填")
	b.post(separate, form.fields(separate, "other", other, "reason", "不是一处")...).want(http.StatusOK, "/desk/matters/"+first, "已分开")
	link := "/desk/matters/" + first + "/link"
	offered := b.get(link)
	offered.want(http.StatusOK, link, other)
	b.post(link, offered.fields(link, "other", other, "reason", "还是一处")...).want(http.StatusOK, "/desk/matters/"+first, "已并案", "重件 2")
}

// Scans are kept while the form is being corrected, and can be read by who may see the matter.
func TestRegisterWithScan(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "town")
	b := team["dispatch"]
	const path = "/desk/register"
	scan := []byte("%PDF-1.4\nletter\n%%EOF\n")
	bad := b.upload(path, "来信.exe", []byte("MZ nothing"), b.get(path).fields(path, "title", "还在")...)
	bad.want(http.StatusUnprocessableEntity, path)
	kept := b.upload(path, "来信.pdf", scan, b.get(path).fields(path, "title", "一封信", "channel", "letter")...)
	kept.want(http.StatusUnprocessableEntity, path, "来信.pdf")
	done := b.post(path, kept.fields(path, "demands.0", "请答复", "place", "330112104", "looked", "yes")...)
	n := regexp.MustCompile(`330112-\d{4}-\d{7}`).FindString(words(done.root))
	p := b.get("/desk/matters/" + n)
	files := p.find("#files")
	if len(files) == 0 {
		t.Fatalf("the matter has no files: %s", words(p.root))
	}
	href := ""
	for _, a := range p.find("a") {
		if strings.Contains(attribute(a, "href"), "/files/") {
			href = attribute(a, "href")
		}
	}
	got := b.get(href)
	if got.body != string(scan) || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %q %s", got.status, got.body, got.header.Get("Content-Disposition"))
	}
	if p := team["town"].get(href); p.status != http.StatusNotFound {
		t.Errorf("who may not see the matter reads its file: %d", p.status)
	}
}

// The pages of a list are disjoint, in order and lead back.
func TestWorklistPages(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	const many = 45
	for i := range many {
		entered(b, "title", fmt.Sprintf("第 %d 件", i))
		s.now.Add(time.Minute.Microseconds())
	}
	seen := map[string]bool{}
	path, pages := "/desk?list=unit", []string{}
	for path != "" {
		p := b.get(path)
		pages = append(pages, p.text(".worklist"))
		for _, a := range p.find("a.matter-title") {
			if href := attribute(a, "href"); seen[href] {
				t.Errorf("%s is on two pages", href)
			}
			seen[attribute(a, "href")] = true
		}
		path = ""
		for _, a := range p.find("a[rel=next]") {
			path = attribute(a, "href")
		}
		if len(pages) == 3 {
			back := b.get(attribute(p.find("a[rel=prev]")[0], "href"))
			if back.text(".worklist") != pages[1] {
				t.Error("the way back leads to another page")
			}
		}
	}
	if len(seen) != many || len(pages) != 3 {
		t.Errorf("%d matters on %d pages", len(seen), len(pages))
	}
	b.get("/desk?list=unit&page=nonsense,9.1&view=%27").want(http.StatusOK, "/desk?list=unit&page=nonsense,9.1&view=%27", "第 1–20 件")
}

func TestFirstRun(t *testing.T) {
	s := newSite(t)
	check(t, s.store.Update(t.Context(), 0, func(tx *store.Tx) error {
		for _, q := range []store.Stmt{store.Named("test.person", `delete from person`), store.Named("test.path", `delete from unit_path`), store.Named("test.unit", `delete from unit`)} {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return err
			}
		}
		return nil
	}))
	check(t, s.office.Reload(t.Context()))
	b := s.browser()
	b.get("/").want(http.StatusOK, "/setup")
	b.get("/desk/sign-in").want(http.StatusOK, "/setup")
	form := b.get("/setup")
	found := b.post("/setup", form.fields("/setup", "county_q", "临安", "name", "程启", "do", "find-county")...)
	found.want(http.StatusOK, "/setup", "临安区")
	wrong := b.post("/setup", found.fields("/setup", "county", "330112", "sign_in", "admin", "password", password, "again", "other")...)
	wrong.want(http.StatusUnprocessableEntity, "/setup", "两遍写得不一样")
	if strings.Contains(wrong.body, password) {
		t.Error("the password is written back")
	}
	b.post("/setup", wrong.fields("/setup", "county", "330112", "sign_in", "admin", "password", password, "again", password)...).want(http.StatusOK, "/desk/sign-in", "建好了")
	if p := b.get("/setup"); p.status != http.StatusNotFound {
		t.Errorf("the first run is still open: %d", p.status)
	}
	if p := b.post("/desk/sign-in", "name", "admin", "password", password); p.path != "/desk/admin/units" {
		t.Errorf("the administrator is led to %s", p.path)
	}
}
