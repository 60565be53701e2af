package web_test

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/extract"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

// A report is made beside the desk, read with where each sentence leads, noted, and taken away as files that can be opened again; who handles single matters reads none.
func TestReports(t *testing.T) {
	s := newSite(t)
	s.registered(matter.Intake{Title: "路灯不亮", Narrative: "小学门口的路灯不亮。"}, matter.Intake{Title: "路灯还是不亮", Narrative: "路口的路灯也不亮。"})
	team := s.team("dispatch", "handler", "audit", "chief")
	b, day := team["dispatch"], s.office.Today().String()
	list := b.get("/desk/reports").want(http.StatusOK, "/desk/reports", "还没有报告", "由单位负责人或领导打开、关掉")
	if n := len(list.find("nav a[aria-current=page]")); n != 1 {
		t.Errorf("%d places are marked", n)
	}
	unit := attribute(list.find("input[name=unit]")[0], "value")
	wrong := b.post("/desk/reports", "unit", unit, "kind", "week", "day", "2999-01-01").want(http.StatusUnprocessableEntity, "/desk/reports", "这一天还没到")
	if n := len(wrong.find("[aria-invalid=true]")); n != 1 {
		t.Errorf("%d fields are marked", n)
	}
	b.post("/desk/reports", "unit", unit, "kind", "week", "day", "").want(http.StatusUnprocessableEntity, "/desk/reports", "这一项要填")
	b.post("/desk/reports", "unit", unit, "kind", "month", "day", day).want(http.StatusOK, "/desk/reports?unit="+unit, "正在出一份报告")
	check(t, s.office.RunJobs(t.Context()))
	done := b.get("/desk/reports").want(http.StatusOK, "/desk/reports", "未满期")
	at := attribute(done.find("#reports tbody a")[0], "href")

	report := b.get(at).want(http.StatusOK, at, "信访情况月报", "收到信访 2 件（批）次", "没有可比数", "及时受理率", "期末 2。", "什么时候说升降", "属地")
	for _, l := range report.find(".report-said a") {
		if href := attribute(l, "href"); !strings.HasPrefix(href, "/desk/figures/list?") || !strings.Contains(href, "unit="+unit) || !strings.Contains(href, "as-of=") {
			t.Errorf("a sentence leads to %s", href)
		}
	}
	if n := len(report.find(".report-said a")); n < 10 || n != len(report.find(".report-said li")) {
		t.Errorf("%d of %d sentences lead somewhere", n, len(report.find(".report-said li")))
	}
	kept := b.post(at, "seen", "0", "note", "请打 13800000001").want(http.StatusUnprocessableEntity, at, "请不要写个人信息")
	if !strings.Contains(kept.body, "13800000001") {
		t.Error("what was typed is lost")
	}
	b.post(at, "seen", "0", "note", "本月路灯检修。").want(http.StatusOK, at, "本月路灯检修。", "说明存好了")
	b.post(at, "seen", "0", "note", "同时写的").want(http.StatusConflict, at, "刚才有人先改了说明", "同时写的")
	b.post(at, "seen", "1", "note", "本月路灯检修两次。").want(http.StatusOK, at, "本月路灯检修两次。", "以前的说明（1 版）")

	for format, kind := range map[usecase.PaperFormat]extract.Kind{usecase.PaperPDF: extract.PDF, usecase.PaperDOCX: extract.DOCX} {
		file := b.get(at + "/" + string(format))
		if file.status != http.StatusOK || !strings.HasPrefix(file.header.Get("Content-Type"), format.Media()) || !strings.Contains(file.header.Get("Content-Disposition"), "huiyin-month-") {
			t.Fatalf("%s: %d %v", format, file.status, file.header)
		}
		text, err := extract.Text(kind, []byte(file.body))
		check(t, err)
		plain := strings.Join(strings.Fields(text), "")
		for _, want := range []string{"信访情况月报", "收到信访2件（批）次", "及时受理率", "期末2。", "本月路灯检修两次。", "各项口径", "什么时候说升降"} {
			if !strings.Contains(plain, want) {
				t.Errorf("%s has no %q: %.300s", format, want, plain)
			}
		}
		if format == usecase.PaperDOCX {
			wellFormed(t, file.body)
			if !strings.Contains(file.body, "word/media/chart") {
				t.Error("the DOCX has no picture of the chart")
			}
		}
	}
	if page := b.get(at + "/exe"); page.status != http.StatusNotFound {
		t.Errorf("as a program: %d", page.status)
	}
	for _, name := range []string{"handler", "audit"} {
		for _, path := range []string{"/desk/reports", at, at + "/pdf"} {
			if page := team[name].get(path); page.status != http.StatusForbidden {
				t.Errorf("%s reads %s: %d", name, path, page.status)
			}
		}
	}
	for _, path := range []string{"/desk/reports/330112/99", "/desk/reports/330112/x", "/desk/reports?unit=99"} {
		if page := b.get(path); page.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, page.status)
		}
	}
	if page := b.post("/desk/reports/schedule", "unit", unit, "kind", "week", "on", "yes"); page.status != http.StatusForbidden {
		t.Errorf("a registrar switches: %d", page.status)
	}
	chief := team["chief"] // of the bureau alone
	if page := chief.get(at); page.status != http.StatusNotFound {
		t.Errorf("the county's report is there for the bureau's head: %d", page.status)
	}
	own := attribute(chief.get("/desk/reports").find("input[name=unit]")[0], "value")
	chief.post("/desk/reports/schedule", "unit", own, "kind", "week", "on", "yes").want(http.StatusOK, "/desk/reports?unit="+own, "打开了", "开着：下一份")
	chief.post("/desk/reports/schedule", "unit", own, "kind", "week", "on", "no").want(http.StatusOK, "/desk/reports?unit="+own, "关掉了")
	b.get("/language?lang=en&to="+at).want(http.StatusOK, at, "Timely acceptance", "2 submissions came", "monthly report on petitions")
}

// wellFormed reads every part of a DOCX as XML.
func wellFormed(t *testing.T, content string) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
	check(t, err)
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".png") {
			continue // the chart
		}
		r, err := f.Open()
		check(t, err)
		for d := xml.NewDecoder(r); ; {
			if _, err = d.Token(); err != nil {
				break
			}
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", f.Name, err)
		}
		check(t, r.Close())
	}
}
