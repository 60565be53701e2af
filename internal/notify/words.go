package notify

import (
	"strconv"

	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// Words is what a notice of a kind says in a language: what it says besides its kind are codes, which are put into words here. Chart names the units.
func Words(t *i18n.Speaker, chart *org.Chart, kind string, said map[string]string) string {
	pairs := make([]any, 0, 2*len(said))
	for name, code := range said {
		pairs = append(pairs, name, spoken(t, chart, name, code))
	}
	return t.T("notice."+kind, pairs...)
}

func spoken(t *i18n.Speaker, chart *org.Chart, name, code string) any {
	var day law.Day
	if err := day.UnmarshalText([]byte(code)); err == nil && day.Known() {
		return day
	}
	switch name {
	case "rule":
		return t.T("law.rule." + code)
	case "unit":
		id, err := strconv.ParseInt(code, 10, 64)
		if err != nil {
			return code
		}
		u, _ := chart.Unit(org.UnitID(id))
		return u.NameIn(t.Lang() == i18n.En)
	case "indicator":
		return usecase.IndicatorName(code, t.Lang() == i18n.En)
	}
	return code
}
