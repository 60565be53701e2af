package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// Documents come masked to a key, in clear and on record to one that says why, and to the petitioner as their own copy.
func TestDocuments(t *testing.T) {
	d := newDoor(t)
	receipt := d.register()
	number := receipt.text("ref")
	at := "/matters/" + number + "/documents"
	list := d.call(keyDesk, http.MethodGet, at, nil).want(http.StatusOK)
	if kinds := list.column("documents", "kind"); !slices.Equal(kinds, []string{"registration"}) {
		t.Fatalf("documents: %v", kinds)
	}
	for query, want := range map[string]string{"": "application/pdf", "?format=docx": "application/vnd.openxmlformats", "?format=txt": "text/plain", "?format=pdf": "application/pdf"} {
		got := d.call(keyDesk, http.MethodGet, at+"/1"+query, nil).want(http.StatusOK)
		if !strings.HasPrefix(got.header.Get("Content-Type"), want) || len(got.raw) == 0 {
			t.Errorf("%q gives %s", query, got.header.Get("Content-Type"))
		}
	}
	const name = "张三丰"
	if got := d.call(keyReader, http.MethodGet, at+"/1?format=txt", nil).want(http.StatusOK); strings.Contains(string(got.raw), name) || !strings.Contains(string(got.raw), "信访事项登记表") {
		t.Errorf("masked: %s", got.raw)
	}
	why := map[string]any{"reason": "serve", "words": "打印送达"}
	d.call(keyReader, http.MethodPost, at+"/1?format=txt", why).want(http.StatusForbidden)
	d.call(keySibling, http.MethodPost, at+"/1?format=txt", why).want(http.StatusNotFound)
	d.call(keyDesk, http.MethodPost, at+"/1?format=txt", map[string]any{"reason": "serve", "words": ""}).want(http.StatusUnprocessableEntity)
	if got := d.call(keyDesk, http.MethodPost, at+"/1?format=txt", why).want(http.StatusOK); !strings.Contains(string(got.raw), name) {
		t.Errorf("the original: %s", got.raw)
	}
	mine := d.token(receipt)
	if looks := d.call(mine, http.MethodGet, "/my/looks", nil).want(http.StatusOK); !strings.Contains(string(looks.raw), "打印送达") {
		t.Errorf("the look is not there: %s", looks.raw)
	}
	ids := d.call(mine, http.MethodGet, "/my/documents", nil).want(http.StatusOK).column("documents", "id")
	if !slices.Equal(ids, []string{number + "-1"}) {
		t.Fatalf("own documents: %v", ids)
	}
	if got := d.call(mine, http.MethodGet, "/my/documents/"+ids[0]+"?format=txt", nil).want(http.StatusOK); !strings.Contains(string(got.raw), name) {
		t.Errorf("the own copy: %s", got.raw)
	}
	other := d.token(d.register())
	for _, id := range []string{ids[0], number + "-2", "x", "330112-2025-0000001-x"} {
		d.call(other, http.MethodGet, "/my/documents/"+id, nil).want(http.StatusNotFound)
	}
	for _, path := range []string{at + "/9", at + "/1?copy=330112-2025-0000099", at + "/1?service=true"} {
		d.call(keyDesk, http.MethodGet, path, nil).want(http.StatusNotFound)
	}
	d.call(keyDesk, http.MethodGet, at+"/1?copy=x", nil).want(http.StatusUnprocessableEntity)
	d.call(mine, http.MethodGet, at, nil).want(http.StatusForbidden)
	d.call(keyDesk, http.MethodGet, "/my/documents", nil).want(http.StatusForbidden)
}

// Templates are read in the role of an auditor.
func TestTemplates(t *testing.T) {
	d := newDoor(t)
	d.keys["auditor"] = must(d.office.AddKey(t.Context(), org.System(), usecase.NewKey{Name: "auditor", Unit: unitCounty, Role: org.RoleAuditor, Grants: []string{"read"}}))(t)
	if kinds := d.call("auditor", http.MethodGet, "/templates", nil).want(http.StatusOK).column("templates", "kind"); !slices.Contains(kinds, "opinion") {
		t.Errorf("kinds: %v", kinds)
	}
	if got := d.call("auditor", http.MethodGet, "/templates/opinion", nil).want(http.StatusOK); !strings.Contains(string(got.raw), "信访事项处理意见书") || !strings.Contains(string(got.raw), "法律依据") {
		t.Errorf("the template: %s", got.raw)
	}
	d.call("auditor", http.MethodGet, "/templates/none", nil).want(http.StatusUnprocessableEntity)
	d.call(keyDesk, http.MethodGet, "/templates", nil).want(http.StatusForbidden)
	d.call(keyDesk, http.MethodGet, "/templates/opinion", nil).want(http.StatusForbidden)
	d.call("", http.MethodGet, "/templates", nil).want(http.StatusUnauthorized)
}
