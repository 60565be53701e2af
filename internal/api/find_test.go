package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/store"
)

// A list that is asked for words or for what lists do not tell apart is a search, the newest first; without, it is by legal day as ever.
func TestSearchOverHTTP(t *testing.T) {
	d := newDoor(t, func(o *store.Options) { o.Look = 2 })
	var refs []string
	for _, title := range []string{"夜间施工有噪音", "噪音，请装修队停工", "路灯坏了", "学校门口的噪音", "垃圾没有人收", "河水发臭"} {
		body := letter()
		body["title"] = title
		if title == "路灯坏了" {
			body["channel"] = "phone"
		}
		refs = append(refs, d.call(keyDesk, http.MethodPost, "/submissions", body).want(http.StatusCreated).text("ref"))
	}
	night, fitting, light, school := refs[0], refs[1], refs[2], refs[3]
	search := func(key string, q url.Values) (found []string, pages int) {
		for next := "/matters?" + q.Encode(); next != ""; pages++ {
			a := d.call(key, http.MethodGet, next, nil).want(http.StatusOK)
			found, next = append(found, numbers(a)...), a.text("next")
		}
		return found, pages
	}
	for _, c := range []struct {
		q    url.Values
		want []string
	}{
		{url.Values{"q": {"噪音"}}, []string{school, fitting, night}},
		{url.Values{"q": {"噪音 -装修"}, "limit": {"1"}}, []string{school, night}},
		{url.Values{"q": {"噪音 夜间"}, "sort": {"best"}, "state": {"any"}}, []string{night}},
		{url.Values{"q": {"噪音"}, "sort": {"best"}, "limit": {"1"}}, []string{school, fitting}}, // of what is looked at in one go
		{url.Values{"q": {"“有噪音”"}, "state": {"any"}}, []string{night}},
		{url.Values{"channel": {"phone"}}, []string{light}},
		{url.Values{"q": {"噪音"}, "state": {"ended"}}, nil},
		{url.Values{"q": {"噪音"}, "state": {"forwarded"}}, nil},
		{url.Values{"state": {"registered"}, "q": {"路灯"}}, []string{light}},
		{url.Values{"overdue": {"true"}}, nil},
		{url.Values{"received_from": {"2025-09-26"}, "received_to": {"2025-09-26"}, "q": {"路灯"}}, []string{light}},
		{url.Values{"received_to": {"2025-09-25"}}, nil},
	} {
		found, pages := search(keyReader, c.q)
		if !slices.Equal(found, c.want) || c.q.Get("state") == "ended" && pages < 2 { // all that has the word is looked at, two at a time
			t.Errorf("%v finds %v on %d pages, want %v", c.q, found, pages, c.want)
		}
		if found, _ := search(keySibling, c.q); found != nil {
			t.Errorf("%v finds %v for another unit", c.q, found)
		}
	}
	if found, pages := search(keyReader, url.Values{"list": {"all"}}); len(found) != len(refs) || pages != 1 {
		t.Errorf("the list has %v on %d pages", found, pages)
	}
	a := d.call(keyReader, http.MethodGet, "/matters?q="+url.QueryEscape("拖欠"), nil).want(http.StatusOK)
	if !strings.Contains(string(a.raw), `"excerpts":[{"source":"said","parts":[`) || !strings.Contains(string(a.raw), `{"text":"拖欠","hit":true}`) {
		t.Errorf("no excerpt: %s", a.raw)
	}
	for _, q := range []string{"q=-a", "q=%EF%BC%9F", "received_from=x", "received_to=2025-02-30", "state=x", "channel=x", "sort=x", "q=" + strings.Repeat("a", 201)} {
		d.call(keyReader, http.MethodGet, "/matters?"+q, nil).want(http.StatusUnprocessableEntity)
	}
}
