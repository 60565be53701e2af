package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// column is one member of each row of a list in an answer.
func (a answer) column(list, name string) []string {
	a.t.Helper()
	rows, ok := a.body[list].([]any)
	if !ok {
		a.t.Fatalf("no %s in %s", list, a.raw)
	}
	var out []string
	for _, r := range rows {
		row, _ := r.(map[string]any)
		s, _ := row[name].(string)
		out = append(out, s)
	}
	return out
}

func TestAdministration(t *testing.T) {
	d := newDoor(t)
	ctx := t.Context()
	for _, p := range []struct { // in this order: equal words are told apart by the number of the person
		signIn, name string
		at           org.UnitID
	}{{"zhang.san", "张三", unitHR}, {"zhang.si", "张四", unitHousing}, {"li.wu", "李五", unitHR}} {
		_, _, err := d.office.AddPerson(ctx, org.System(), usecase.NewPerson{SignIn: p.signIn, Name: p.name, Duties: []usecase.NewDuty{{Role: org.RoleHandler, Unit: p.at}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, unit := range map[string]org.UnitID{"county": unitCounty, "hr": unitHR} {
		d.keys[name] = must(d.office.AddKey(ctx, org.System(), usecase.NewKey{Name: name, Unit: unit, Role: org.RoleAuditor, Grants: []string{"read"}}))(t)
	}
	for _, c := range []struct {
		key, path string
		want      []string
	}{
		{"county", "/people?q=zhang", []string{"张三", "张四"}},
		{"county", "/people?q=zs", []string{"张三", "张四"}},
		{"county", "/people?q=%E5%BC%A0%E5%9B%9B", []string{"张四"}},
		{"county", "/people?q=li.w", []string{"李五"}},
		{"county", "/people?q=zhang&unit=3", []string{"张三"}},
		{"hr", "/people?q=zhang", []string{"张三"}}, // nobody of housing
		{"hr", "/people?q=zhangsi", nil},
	} {
		if got := d.call(c.key, http.MethodGet, c.path, nil).want(http.StatusOK).column("people", "name"); !slices.Equal(got, c.want) {
			t.Errorf("%s for %s: %v, want %v", c.path, c.key, got, c.want)
		}
	}
	first := d.call("county", http.MethodGet, "/people?q=zhang&limit=1", nil).want(http.StatusOK)
	second := d.call("county", http.MethodGet, "/people?q=zhang&limit=1&cursor="+first.text("next"), nil).want(http.StatusOK)
	if got := second.column("people", "sign_in"); !slices.Equal(got, []string{"zhang.si"}) || second.text("next") != "" {
		t.Errorf("the second page: %s", second.raw)
	}
	if codes := d.call("county", http.MethodGet, "/people?cursor="+first.text("next"), nil).want(http.StatusUnprocessableEntity).fields(); codes["cursor"] != "person.cursor" {
		t.Errorf("a position of another list: %v", codes)
	}
	d.call("hr", http.MethodGet, "/people?unit=4", nil).want(http.StatusNotFound)
	d.call("hr", http.MethodGet, "/organisation/changes?unit=4", nil).want(http.StatusNotFound)

	d.call("county", http.MethodGet, "/responsibilities/proposals", nil).want(http.StatusOK)

	all := d.call("county", http.MethodGet, "/organisation/changes?limit=100", nil).want(http.StatusOK)
	if kinds := all.column("changes", "kind"); !slices.Contains(kinds, "person") || !slices.Contains(kinds, "duty") || !slices.Contains(kinds, "key") {
		t.Errorf("kinds: %v", kinds)
	}
	if a := d.call("hr", http.MethodGet, "/organisation/changes?limit=100", nil).want(http.StatusOK); strings.Contains(string(a.raw), "张四") || !strings.Contains(string(a.raw), "张三") {
		t.Errorf("the record of human resources: %s", a.raw)
	}
	var walked []string
	for cursor := ""; ; {
		page := d.call("county", http.MethodGet, "/organisation/changes?limit=2&cursor="+cursor, nil).want(http.StatusOK)
		walked = append(walked, page.column("changes", "at")...)
		if cursor = page.text("next"); cursor == "" {
			break
		}
	}
	if want := all.column("changes", "at"); !slices.Equal(walked, want) {
		t.Errorf("%d changes by pages, %d at once", len(walked), len(want))
	}
	if codes := d.call("county", http.MethodGet, "/organisation/changes?cursor=x", nil).want(http.StatusUnprocessableEntity).fields(); codes["cursor"] != "api.cursor" {
		t.Errorf("a position that is none: %v", codes)
	}
	reminders := d.call("hr", http.MethodGet, "/reminders", nil).want(http.StatusOK)
	if rules := reminders.column("reminders", "rule"); !slices.Contains(rules, "D05") || slices.Contains(rules, "D38") {
		t.Errorf("reminders of %v", rules)
	}
	for _, path := range []string{"/people", "/organisation/changes", "/reminders", "/responsibilities/proposals"} {
		d.call(keyDesk, http.MethodGet, path, nil).want(http.StatusForbidden)
		d.call("", http.MethodGet, path, nil).want(http.StatusUnauthorized)
	}
}
