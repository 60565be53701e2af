package web_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"huiyin/internal/org"
)

// marks are the words beside the days of a year that are set apart.
func marks(p page) map[string]string {
	out := map[string]string{}
	for _, cell := range p.find("td") {
		if attribute(cell, "data-mark") == "" {
			continue
		}
		day, word, shape := "", "", ""
		for n := range cell.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "time" {
				day = attribute(n, "datetime")
			}
			if light := attribute(n, "data-light"); light != "" {
				word, shape = words(n), light
			}
		}
		out[day] = word + " " + shape
	}
	return out
}

func TestAdminCalendar(t *testing.T) {
	t.Parallel()
	_, b := adminSite(t)
	const path = "/desk/admin/calendar"
	p := b.get(path+"?year=2025").want(ok, path+"?year=2025", "2004 年 1 月 1 日", "2026 年 12 月 31 日", "还没有载入过")
	if n := len(p.find("table")); n != 12 {
		t.Errorf("%d months", n)
	}
	got := marks(p)
	// 2025: 28 days off, five Saturdays and Sundays worked, as the notice of November 2024 arranges.
	off, work := 0, 0
	for _, m := range got {
		switch m {
		case "休 pause":
			off++
		case "班 go":
			work++
		default:
			t.Errorf("a mark %q", m)
		}
	}
	if off != 28 || work != 5 || got["2025-01-26"] != "班 go" || got["2025-10-01"] != "休 pause" {
		t.Errorf("%d off, %d worked: %v", off, work, got)
	}
	if days := len(p.find("td time")); days != 365 {
		t.Errorf("%d days", days)
	}
	if today := p.find("td[aria-current=date] time"); len(today) != 1 || attribute(today[0], "datetime") != "2025-09-26" {
		t.Error("today is not marked")
	}
	b.get(path+"?year=2027").want(ok, path+"?year=2027", "节假日是推算的", "推算")
	p = b.get(path + "?year=99999")
	if p.text("h2") != "2028 年" || len(p.find("a[rel=next]")) != 0 {
		t.Errorf("the years go on to %s", p.text("h2"))
	}
}

func TestAdminLoadsACalendar(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path = "/desk/admin/calendar/load"
	b.get(path).want(ok, path)
	b.post(path, "document", " ").want(invalid, path).fault("document")
	for _, bad := range []struct{ document, says string }{
		{`{"version": "2027", `, "JSON"},
		{`{"version": "2027", "from": "2027-01-01", "until": "2027-12-31", "off": [{"day": "2028-01-01", "name": "元旦"}], "work": ["2027-01-04"]}`, "off.0.day"},
	} {
		p := b.post(path, "document", bad.document).want(invalid, path, bad.says, "没有载入")
		p.fault("document")
		if p.value("document") != bad.document {
			t.Errorf("what was pasted is lost: %q", p.value("document"))
		}
	}
	s.petition(unitTown)
	rows, err := s.office.Matters(t.Context(), staff(org.RoleHead, unitTown), openOnes())
	check(t, err)
	due := rows.Rows[0].Due
	if working, _ := s.office.Calendar().Working(due); !working {
		t.Fatalf("the first legal day is %s, which is not worked", due)
	}
	// Nobody expected it: the last day of a time limit becomes a holiday, and the limit ends a day later.
	document := `{"version": "trial", "from": "` + due.String() + `", "until": "` + due.String() + `", "years": {"2025": ["https://example.org/notice"]},
		"names": {"试假": "Trial break"}, "off": [{"day": "` + due.String() + `", "name": "试假"}]}`
	p := b.uploadAs("file", path, "2025.json", []byte(document)).want(ok, path, "放假安排已载入", "1 件事项的期限跟着变了", "试假", "trial")
	var changed []string
	for _, n := range p.find("tbody th time") {
		changed = append(changed, attribute(n, "datetime"))
	}
	if strings.Join(changed, ",") != due.String() {
		t.Errorf("changed: %v", changed)
	}
	if rows, err = s.office.Matters(t.Context(), staff(org.RoleHead, unitTown), openOnes()); err != nil || rows.Rows[0].Due <= due {
		t.Errorf("the legal day stays on %s: %v", rows.Rows[0].Due, err)
	}
	p = b.get("/desk/admin/calendar?year=2025").want(ok, "/desk/admin/calendar?year=2025", "trial", "人员admin")
	if got := marks(p); got[due.String()] != "休 pause" {
		t.Errorf("%v", got)
	}
	p = b.post(path, "document", document).want(ok, path, "没有哪一天的安排有变化", "0 件")
	if n := len(p.find("tbody tr")); n > 0 {
		t.Errorf("%d days are listed though none changed", n)
	}
}
