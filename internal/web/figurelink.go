package web

import (
	"net/url"
	"strconv"

	"huiyin/internal/law"
	"huiyin/internal/usecase"
)

// figureListAt is where the matters behind a figure are listed.
const figureListAt = "/desk/figures/list"

// figureListPath is the address of the matters behind a figure. What is not asked for is left out.
func figureListPath(ask usecase.FigureListAsk) string {
	q := figureQuery(ask.FigureAsk)
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("group", ask.Group)
	set("part", string(ask.Part))
	set("after", ask.After)
	return figureListAt + "?" + q.Encode()
}

// figureQuery writes what figures are asked for as the parameters of an address.
func figureQuery(ask usecase.FigureAsk) url.Values {
	q := url.Values{}
	for _, id := range ask.Indicators {
		q.Add("indicator", id)
	}
	for _, d := range []struct {
		name string
		day  law.Day
	}{{"from", ask.Period.From}, {"to", ask.Period.To}, {"as-of", ask.Period.AsOf}} {
		q.Set(d.name, d.day.String())
	}
	if ask.Period.Recorded.Known() {
		q.Set("recorded", ask.Period.Recorded.String())
	}
	if ask.By != usecase.ByNothing {
		q.Set("by", string(ask.By))
	}
	for _, c := range []struct {
		name string
		code int64
	}{{"unit", int64(ask.Unit)}, {"place", ask.Place}} {
		if c.code != 0 {
			q.Set(c.name, strconv.FormatInt(c.code, 10))
		}
	}
	if ask.Category != "" {
		q.Set("category", ask.Category)
	}
	return q
}
