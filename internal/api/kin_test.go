package api_test

import (
	"net/http"
	"slices"
	"testing"
)

// A machine says that two matters are not of one kind, reads what was said, by which unit and why, and takes it back. What it may not see it cannot speak of.
func TestNotKinOverHTTP(t *testing.T) {
	d := newDoor(t)
	here, other := d.register().text("ref"), d.register().text("ref")
	path := "/matters/" + here + "/not-kin"
	said := func(ref string) []string {
		t.Helper()
		return d.call(keyDesk, http.MethodGet, "/matters/"+ref+"/not-kin", nil).want(http.StatusOK).column("matters", "reason")
	}
	say := func(key, reason string) answer {
		return d.call(key, http.MethodPost, path, map[string]any{"other": other, "reason": reason})
	}
	if got := said(here); len(got) != 0 {
		t.Errorf("before anything is said: %v", got)
	}
	say(keyDesk, "").want(http.StatusUnprocessableEntity)
	say("", "Another road").want(http.StatusUnauthorized)
	say(keySibling, "Another road").want(http.StatusNotFound)
	say(keyDesk, "Another road").want(http.StatusNoContent)
	say(keyDesk, "Another road").want(http.StatusConflict)
	for _, ref := range []string{here, other} {
		if got := said(ref); !slices.Equal(got, []string{"Another road"}) {
			t.Errorf("of %s: %v", ref, got)
		}
	}
	d.call(keySibling, http.MethodDelete, path+"/"+other, nil).want(http.StatusNotFound)
	d.call(keyDesk, http.MethodDelete, "/matters/"+other+"/not-kin/"+here, nil).want(http.StatusNoContent)
	d.call(keyDesk, http.MethodDelete, path+"/"+other, nil).want(http.StatusConflict)
	if got := said(here); len(got) != 0 {
		t.Errorf("after it was taken back: %v", got)
	}
}
