package web_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// row is one person of a form.
func row(i int, role, name, phone string) []string {
	at := "petitioners." + strconv.Itoa(i) + "."
	return []string{at + "role", role, at + "name", name, at + "phone", phone}
}

func together(n int, rows ...[]string) []string {
	return append([]string{"kind", "appeal", "people", strconv.Itoa(n)}, slices.Concat(rows...)...)
}

// typed is what a field of the first step holds.
func (p page) typed(name string) string {
	p.t.Helper()
	fields := p.fields("/file/who")
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == name {
			return fields[i+1]
		}
	}
	p.t.Errorf("no field %s", name)
	return ""
}

func TestPeopleAreAddedAndRemovedWithoutScript(t *testing.T) {
	b := newSite(t).browser()
	p := b.get("/file/who").want(ok, "/file/who", "几个人一起反映，或者替别人反映")
	if len(p.find("fieldset legend")) != 1 || len(p.find("#f-petitioners-1-name")) != 0 {
		t.Error("who files alone is asked for others")
	}
	p = b.post("/file/who", append(together(1, row(0, "petitioner", "陈玉兰", "12")), "confidential", "yes", "do", "add-person")...).want(ok, "/file/who", "第 1 位：您自己", "第 2 位")
	if p.typed("petitioners.0.name") != "陈玉兰" || p.typed("petitioners.0.phone") != "12" || p.typed("confidential") != "yes" {
		t.Error("what was typed is lost")
	}
	if len(p.find(".error")) != 0 {
		t.Error("adding a row checks the form")
	}
	p = b.post("/file/who", append(together(3, row(0, "", "陈玉兰", ""), row(1, "", "王小二", ""), row(2, "representative", "赵六", "")), "persons", "9", "do", "remove-person-1")...).want(ok, "/file/who")
	if p.typed("petitioners.1.name") != "赵六" || p.typed("people") != "2" || len(p.find("#f-petitioners-2-name")) != 0 || p.typed("persons") != "9" {
		t.Error("the wrong row is gone")
	}
	if p.typed("petitioners.1.role") != "representative" {
		t.Error("the role is lost")
	}
	p = b.post("/file/who", append(together(matter.MaxPetitioners), "do", "add-person")...).want(ok, "/file/who")
	if len(p.find("fieldset.sheet")) != matter.MaxPetitioners || len(p.find("button[value=add-person]")) != 0 {
		t.Error("more rows than there can be")
	}
}

func TestWhatIsWrongWithPeopleIsSaidBesideThem(t *testing.T) {
	six := make([][]string, 6)
	for i := range six {
		six[i] = row(i, "representative", "代表"+strconv.Itoa(i), "0571-00001234")
	}
	for name, c := range map[string]struct {
		form []string
		at   []string // ids of fields
		says string
	}{
		"no name, a wrong telephone": {together(2, row(0, "", "陈玉兰", "0571-00001234"), row(1, "", "", "123")), []string{"f-petitioners-1-name", "f-petitioners-1-phone"}, "第 2 位的姓名"},
		"fewer than named":           {append(together(2, row(0, "", "陈玉兰", "0571-00001234"), row(1, "", "王小二", "")), "persons", "1"), []string{"f-persons"}, "2 位还少"},
		"no number":                  {append(together(1, row(0, "", "陈玉兰", "0571-00001234")), "persons", "全村"), []string{"f-persons"}, "1 到 10000"},
		"too many representatives":   {together(6, six...), []string{"f-petitioners"}, "代表最多 5 人"},
		"no way to reach the first":  {together(2, row(0, "", "陈玉兰", ""), row(1, "", "王小二", "0571-00001234")), []string{"f-petitioners-0-phone"}, "联系到您"},
		"a role that is none":        {together(2, row(0, "king", "陈玉兰", "0571-00001234"), row(1, "", "王小二", "")), []string{"f-petitioners-0-role"}, "选"},
		"an empty row between":       {together(3, row(0, "", "陈玉兰", "0571-00001234"), row(1, "", "", ""), row(2, "", "王小二", "123")), []string{"f-petitioners-1-phone"}, "第 2 位的电话"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newSite(t).browser().post("/file/who", c.form...).want(invalid, "/file/who", c.says)
			var led []string
			for _, a := range p.find(".error-summary a") {
				led = append(led, strings.TrimPrefix(attribute(a, "href"), "#"))
			}
			if diff := cmp.Diff(c.at, led); diff != "" {
				t.Error(diff)
			}
			for _, id := range c.at {
				if len(p.find("#"+id)) != 1 || len(p.find("[data-invalid] .error")) != len(c.at) {
					t.Errorf("nothing is said at %s", id)
				}
			}
		})
	}
}

func TestSeveralFileTogether(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.fill()
	form := append(together(3, row(0, "representative", "陈玉兰", "0571-00001234"), row(1, "petitioner", attack, ""), row(2, "agent", "赵六", "")), "persons", "12")
	b.post("/file/who", form...).want(ok, "/file/what")
	b.get("/file/who").want(ok, "/file/who", "第 3 位")
	p := b.get("/file/review").want(ok, "/file/review", "第 1 位", "陈玉兰", "代表", "第 2 位", attack, "第 3 位", "赵六", "代理人", "12 人")
	if strings.Contains(p.body, attack) {
		t.Error("a name is markup")
	}
	code, pin := receiptOf(b.post("/file/review").want(ok, "/receipt", "反映人数", "12 人"))
	rows := s.matters()
	if len(rows) != 1 || rows[0].Persons != 12 || !rows[0].Group {
		t.Fatalf("registered as %+v", rows)
	}
	named, err := s.office.OpenIdentity(t.Context(), staff(org.RoleRegistrar, unitBureau), rows[0].Ref, rows[0].Ref, usecase.LookReasons()[0], "核对几个人的姓名")
	check(t, err)
	want := []matter.Petitioner{
		{Role: matter.PartyRepresentative, Name: "陈玉兰", Phone: "057100001234"}, {Role: matter.PartyPetitioner, Name: attack}, {Role: matter.PartyAgent, Name: "赵六"},
	}
	for i := range named {
		named[i].Phone = strings.ReplaceAll(named[i].Phone, "-", "")
	}
	if diff := cmp.Diff(want, named); diff != "" {
		t.Error(diff)
	}
	if p := s.open(code, pin).get("/my").want(ok, "/my", "12 人一起反映"); strings.Contains(p.body, "赵六") {
		t.Error("names stand on the page that a code opens")
	}
}

// Who files alone reads nothing of persons, and a number not written is that of the named.
func TestOneFilesAlone(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.fill()
	if p := b.get("/file/review"); strings.Contains(words(p.root), "1 人") || strings.Contains(words(p.root), "第 1 位") {
		t.Error("the last step speaks of persons")
	}
	p := b.post("/file/review").want(ok, "/receipt")
	if strings.Contains(words(p.root), "反映人数") || s.matters()[0].Persons != 1 {
		t.Error("the receipt speaks of persons")
	}
}

// The last step leads from each error to the place on the page where it is said.
func TestLastStepSaysWhereItIsWrong(t *testing.T) {
	b := newSite(t).browser()
	b.who()
	p := b.get("/file/review").want(ok, "/file/review", "请用一句话说明", "请至少写一条诉求")
	links := p.find(".error-summary a")
	if len(links) < 3 {
		t.Fatalf("%d errors", len(links))
	}
	for _, a := range links {
		if id := strings.TrimPrefix(attribute(a, "href"), "#"); len(p.find("section #"+id)) != 1 {
			t.Errorf("nothing at %s", id)
		}
	}
}

func TestWithdrawnSaysNoReplyFollows(t *testing.T) {
	s := newSite(t)
	b, _ := s.filed()
	p := b.act("withdraw").want(ok, "/my", "不再往下办", "已撤回，不再答复")
	if strings.Contains(words(p.root), "还没有答复。 ") || strings.Contains(words(p.root), "都办完了") {
		t.Error("a withdrawn matter counts as done, or as waiting")
	}
	// what cannot be done any more says why and leads back
	p = b.get("/my/act/urge")
	if len(p.find("a[href=/my]")) == 0 || len(p.find("nav.main-nav")) != 1 {
		t.Errorf("no way back: %s", words(p.root))
	}
	if p := b.get("/my/looks").want(ok, "/my/looks", "000-00000002"); len(p.find("a[href=/my/act/add_material]")) != 0 {
		t.Error("leads to a step that cannot be taken")
	}
}
