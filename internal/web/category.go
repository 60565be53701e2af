package web

import (
	"slices"
	"strings"

	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/web/ui"
)

// optionGroup is the options under one head.
type optionGroup struct {
	label   string
	options []ui.Option
}

// categoryGroups are the categories under those of the first level, which can be chosen themselves.
func categoryGroups(t *i18n.Speaker, table gazetteer.Table) []optionGroup {
	var out []optionGroup
	for _, top := range table.Under("") {
		g := optionGroup{label: rowName(t, top), options: []ui.Option{{Value: top.Code, Text: rowName(t, top)}}}
		for _, row := range table.Under(top.Code) {
			g.options = append(g.options, ui.Option{Value: row.Code, Text: rowName(t, row)})
		}
		out = append(out, g)
	}
	return out
}

// maxFound is how many places, units or categories a search shows.
const maxFound = 12

// findCategories are the categories whose name, English name, pinyin, initials or code hold the words.
func findCategories(t *i18n.Speaker, table gazetteer.Table, words string) []ui.Found {
	words = strings.ToLower(strings.TrimSpace(words))
	if words == "" {
		return nil
	}
	var out []ui.Found
	for _, row := range table.Rows {
		hit := gazetteer.Sounds(row.Name, words) || slices.ContainsFunc([]string{row.Name, strings.ToLower(row.English), gazetteer.Initials(row.Name), strings.ToLower(row.Code)}, func(s string) bool {
			return strings.Contains(s, words)
		})
		if !hit || len(out) == maxFound {
			continue
		}
		f := ui.Found{Value: row.Code, Name: ui.Mark(rowName(t, row), words)}
		if above, ok := table.Row(row.Parent); ok {
			f.Path = rowName(t, above)
		}
		out = append(out, f)
	}
	return out
}
