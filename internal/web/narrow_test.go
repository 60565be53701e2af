package web_test

import (
	"net/http"
	"testing"
)

// An address with a place or a category that there is not says so, rather than showing more than was asked for.
func TestUnknownPlaceAndCategory(t *testing.T) {
	b := newSite(t).team("dispatch")["dispatch"]
	for _, at := range []string{"/desk?list=all&", "/desk/find?q=x1&", "/desk/figures?", "/desk/figures/backlog?", "/desk/figures/flow?", "/desk/issues?"} {
		for narrow, say := range map[string]string{"place=nowhere": "没有这个地方", "place=7": "没有这个地方", "category=N9999": "没有这个分类"} {
			b.get(at+narrow).want(http.StatusUnprocessableEntity, at+narrow, say)
		}
		both := at + "place=330112104&category=N0502"
		b.get(both).want(http.StatusOK, both)
	}
}
