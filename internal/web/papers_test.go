package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// The desk lists a matter's documents and gives them masked; with names only to who says why, and then it is on record.
func TestDocumentsOfAMatter(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "handler", "town", "audit", "inspect")
	my, ref := s.filed()
	s.served(ref)
	at := "/desk/matters/" + ref.String()
	p := team["dispatch"].get(at).want(http.StatusOK, at, "登记表", "转送函", "受理告知书", "处理意见书", "送达回证", "当面送达")
	links := 0
	for _, l := range p.find("section[aria-labelledby=papers] a") {
		if strings.HasPrefix(attribute(l, "href"), at+"/papers/") {
			links++
		}
	}
	if links != 5*3 {
		t.Errorf("%d links to documents", links)
	}
	opinion := at + "/papers/4"
	b := team["handler"]
	page := b.get(opinion).want(http.StatusOK, opinion, "信访事项处理意见书", "现场看过", "支持", "陈**", "请求复查")
	if strings.Contains(page.body, "陈玉兰") {
		t.Error("it names the petitioner unasked")
	}
	for format, mime := range map[string]string{"txt": "text/plain", "docx": "application/vnd.openxmlformats", "pdf": "application/pdf"} {
		file := b.get(opinion + "/" + format)
		if file.status != http.StatusOK || !strings.HasPrefix(file.header.Get("Content-Type"), mime) || !strings.Contains(file.header.Get("Content-Disposition"), format) {
			t.Errorf("%s: %d %v", format, file.status, file.header)
		}
	}
	wrong := b.post(opinion, "reason", "serve", "words", "", "do", "pdf")
	if wrong.status != http.StatusUnprocessableEntity || strings.Contains(wrong.body, "陈玉兰") || len(wrong.find("[aria-invalid=true]")) != 1 {
		t.Errorf("without words: %d", wrong.status)
	}
	if n := len(my.get("/my/looks").find("main li")); n != 0 {
		t.Errorf("%d looks before any", n)
	}
	b.post(opinion, "reason", "serve", "words", "打印送达", "do", "view").want(http.StatusOK, opinion, "陈玉兰", "已经写入记录")
	my.get("/my/looks").want(http.StatusOK, "/my/looks", "打印送达")
	if file := b.post(opinion, "reason", "serve", "words", "打印送达", "do", "txt"); !strings.Contains(file.body, "陈玉兰") {
		t.Errorf("the original: %s", file.body)
	}
	b.get(opinion+"?proof=1").want(http.StatusOK, opinion+"?proof=1", "信访事项送达回证", "信访事项处理意见书")
	for _, path := range []string{"/papers/0", "/papers/99", "/papers/x", "/papers/4?copy=330112-2025-0000099", "/papers/2?proof=1", "/papers/4/exe"} {
		if p := b.get(at + path); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	for _, name := range []string{"town", "audit", "inspect"} {
		for _, path := range []string{"", "/pdf"} {
			if p := team[name].get(opinion + path); p.status != http.StatusNotFound {
				t.Errorf("%s%s: %d", name, path, p.status)
			}
		}
		if p := team[name].post(opinion, "reason", "serve", "words", "打印送达", "do", "txt"); p.status != http.StatusNotFound && p.status != http.StatusForbidden {
			t.Errorf("%s opens it: %d", name, p.status)
		}
	}
}

// A petitioner reads and keeps their own documents: neither letters between offices nor those of others.
func TestOwnDocuments(t *testing.T) {
	s := newSite(t)
	my, ref := s.filed()
	s.served(ref)
	p := my.get("/my").want(http.StatusOK, "/my", "给您的文书", "登记表", "受理告知书", "处理意见书", "送达回证")
	if strings.Contains(p.text("#papers"), "转送函") || strings.Contains(p.body, "/papers/"+ref.String()+"/2") {
		t.Error("a letter between offices is listed")
	}
	at := "/my/papers/" + ref.String() + "/"
	my.get(at+"4").want(http.StatusOK, at+"4", "处理意见书", "陈玉兰", "现场看过", "修好水渠")
	if file := my.get(at + "4/txt"); file.status != http.StatusOK || !strings.Contains(file.body, "陈玉兰") {
		t.Errorf("text: %d", file.status)
	}
	if file := my.get(at + "4/pdf"); file.status != http.StatusOK || !strings.HasPrefix(file.body, "%PDF-") {
		t.Errorf("PDF: %d", file.status)
	}
	for _, path := range []string{at + "2", at + "9", "/my/papers/330112-2025-0000099/1", "/my/papers/x/1", at + "4/exe"} {
		if p := my.get(path); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	other, _ := s.filed()
	for _, path := range []string{at + "4", at + "4/pdf"} {
		if p := other.get(path); p.status != http.StatusNotFound {
			t.Errorf("another petitioner at %s: %d", path, p.status)
		}
	}
	if p := s.browser().get(at + "4"); p.path != "/track" {
		t.Errorf("nobody is led to %s", p.path)
	}
}

// What people write is never read as markup by a document.
func TestDocumentsHoldAttacks(t *testing.T) {
	s := newSite(t)
	team := s.team("handler")
	_, ref := s.filed()
	s.answered(ref)
	m, err := s.office.Matter(t.Context(), staff(org.RoleHandler, unitLand), ref)
	check(t, err)
	for _, p := range m.Matter.Papers {
		if p.Kind != matter.PaperOpinion {
			continue
		}
		page := team["handler"].get("/desk/matters/" + ref.String() + "/papers/" + strconv.Itoa(p.N))
		if page.status != http.StatusOK || strings.Contains(page.body, attack) || len(page.find("article script")) > 0 {
			t.Errorf("an attack got through: %d", page.status)
		}
	}
}

// To look at the opinion is no service. The petitioner agrees to be served on line and confirms receipt; then the last day for review is told.
func TestReceiptIsConfirmedOnLine(t *testing.T) {
	s := newSite(t)
	my, ref := s.filed()
	s.answered(ref)
	opinion := "/my/papers/" + ref.String() + "/4"
	my.get(opinion).want(http.StatusOK, opinion, "处理意见书")
	served := func() bool {
		m, err := s.office.Matter(t.Context(), staff(org.RoleHandler, unitLand), ref)
		check(t, err)
		_, ok := m.Matter.Service(ref)
		return ok
	}
	if served() {
		t.Error("a look is taken for service")
	}
	page := my.get("/my/act/receive").want(http.StatusOK, "/my/act/receive", "确认收到意见书", "我同意网上送达")
	if len(page.find("a[href="+opinion+"]")) != 1 {
		t.Error("the opinion is not linked")
	}
	my.act("receive").want(http.StatusUnprocessableEntity, "/my/act/receive", "请先勾选同意")
	if served() {
		t.Error("served without consent")
	}
	my.act("receive", "consent", "yes").want(http.StatusOK, "/my", "已确认收到", "送达回证")
	proof := "/my/papers/" + ref.String() + "/5"
	my.get(proof).want(http.StatusOK, proof, "网上送达", "本人确认收到", "最后一天")
	if !served() {
		t.Error("not served")
	}
	my.get("/my/act/receive").want(http.StatusConflict, "/my/act/receive")
}
