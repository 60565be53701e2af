package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminRoutesAt = "/desk/admin/routes"

// adminRoutesView is the office's rules for other lawful ways.
type adminRoutesView struct {
	rows []adminRouteRow
	may  bool // the reader may change them
}

type adminRouteRow struct {
	condition, categories, route, organ, law, version string
	ended                                             bool
	href                                              string // empty for who may not change it
}

// adminWays lists the rules.
func (s *Site) adminWays(w http.ResponseWriter, r *http.Request, v *visit) error {
	rules, err := s.Office.RouteRules(v.who)
	if err != nil {
		return err
	}
	p := adminRoutesView{may: s.Office.MaySetRules(v.who) == nil}
	for _, rule := range rules {
		row := s.adminRouteRow(v.t, rule)
		if p.may {
			row.href = adminRoutesAt + "/" + rule.Key
		}
		p.rows = append(p.rows, row)
	}
	title := v.t.T("admin.routes")
	body := adminRoutesPage(v.t, p)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, adminCatalogueAt, body, ui.Link{Text: v.t.T("nav.catalogue"), Href: adminCatalogueAt}, ui.Link{Text: title}))
}

func (s *Site) adminRouteRow(t *i18n.Speaker, r usecase.RouteRule) adminRouteRow {
	row := adminRouteRow{
		condition: t.Either(r.Condition, r.ConditionEnglish), categories: s.categoryList(t, r.Categories), route: t.T("route." + string(r.Route)),
		organ: t.Either(r.Organ, r.OrganEnglish), law: t.Either(r.Law, r.LawEnglish), version: t.T("admin.route.shipped"), ended: r.Ended,
	}
	if r.Version > 0 {
		row.version = t.T("admin.route.version", "n", r.Version)
	}
	return row
}

// categoryList names categories; none stands for all.
func (s *Site) categoryList(t *i18n.Speaker, codes []string) string {
	if len(codes) == 0 {
		return t.T("admin.category.all")
	}
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = s.adminCategoryName(t, code)
	}
	return t.List(names)
}

// adminRouteForm begins the form of a rule.
func adminRouteForm(t *i18n.Speaker, title string) adminForm {
	return adminForm{
		title: title, current: adminCatalogueAt, submit: t.T("admin.save"), back: adminRoutesAt, lead: []string{t.T("admin.route.lead")},
		crumbs: []ui.Link{{Text: t.T("nav.catalogue"), Href: adminCatalogueAt}, {Text: t.T("admin.routes"), Href: adminRoutesAt}},
		fields: []adminField{
			adminLine("condition", t.T("admin.route.condition"), t.T("admin.route.condition.hint"), false),
			adminLine("condition_english", t.T("admin.route.condition_english"), "", true),
			adminLine("categories", t.T("admin.route.categories"), t.T("admin.route.categories.hint"), true),
			{FieldProps: ui.FieldProps{Name: "route", Label: t.T("form.route")}, control: adminRadios, options: options(t.T, "route", matter.Choices("route")...)},
			adminLine("organ", t.T("form.organ"), "", false),
			adminLine("organ_english", t.T("admin.route.organ_english"), "", true),
			{FieldProps: ui.FieldProps{Name: "unit", Label: t.T("admin.route.unit"), Hint: t.T("admin.route.unit.hint"), Optional: true}, control: adminUnitChoice},
			adminLine("law", t.T("admin.route.law"), t.T("admin.route.law.hint"), false),
			adminLine("law_english", t.T("admin.route.law_english"), "", true),
			adminLine("bring", t.T("admin.route.bring"), "", true),
			adminLine("bring_english", t.T("admin.route.bring_english"), "", true),
			adminLine("limits", t.T("admin.route.limits"), t.T("admin.route.limits.hint"), true),
		},
	}
}

// adminRouteIn reads a rule from a form. Categories may be named or given by code.
func (s *Site) adminRouteIn(values url.Values) (usecase.RouteRule, error) {
	r := usecase.RouteRule{
		Condition: values.Get("condition"), ConditionEnglish: values.Get("condition_english"), Route: matter.Route(values.Get("route")),
		Organ: values.Get("organ"), OrganEnglish: values.Get("organ_english"), Unit: unitID(values.Get("unit")), Law: values.Get("law"),
		LawEnglish: values.Get("law_english"), Bring: values.Get("bring"), BringEnglish: values.Get("bring_english"),
	}
	for _, word := range adminWords(values.Get("limits")) {
		r.Limits = append(r.Limits, law.RuleID(word))
	}
	table := s.Office.Places.Current()
	for _, word := range adminWords(values.Get("categories")) {
		if _, ok := table.Row(word); !ok {
			i := slices.IndexFunc(table.Rows, func(row gazetteer.Category) bool { return row.Name == word || strings.EqualFold(row.English, word) })
			if i < 0 {
				return r, errs.Fields([]errs.Field{errs.F("categories", "gazetteer.category.unknown", "category", word)})
			}
			word = table.Rows[i].Code
		}
		r.Categories = append(r.Categories, word)
	}
	return r, nil
}

// adminWords splits a line of words.
func adminWords(line string) []string {
	return strings.FieldsFunc(line, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",;\u3001\uff0c\uff1b", c) })
}

// adminRouteNew enters a rule of the office's own.
func (s *Site) adminRouteNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.Office.MaySetRules(v.who); err != nil {
		return err
	}
	return s.adminRouteSave(w, r, v, adminRouteForm(v.t, v.t.T("admin.route.new")), url.Values{}, "")
}

// adminRoute changes a rule, or brings an ended one back.
func (s *Site) adminRoute(w http.ResponseWriter, r *http.Request, v *visit) error {
	rule, err := s.adminRouteAt(r, v)
	if err != nil {
		return err
	}
	limits := make([]string, len(rule.Limits))
	for i, id := range rule.Limits {
		limits[i] = string(id)
	}
	start := url.Values{
		"condition": {rule.Condition}, "condition_english": {rule.ConditionEnglish}, "categories": {strings.Join(rule.Categories, " ")}, "route": {string(rule.Route)},
		"organ": {rule.Organ}, "organ_english": {rule.OrganEnglish}, "law": {rule.Law}, "law_english": {rule.LawEnglish}, "bring": {rule.Bring},
		"bring_english": {rule.BringEnglish}, "limits": {strings.Join(limits, " ")},
	}
	if rule.Unit != 0 {
		start.Set("unit", adminIDText(int64(rule.Unit)))
	}
	p := adminRouteForm(v.t, v.t.T("admin.route.change"))
	if rule.Ended {
		p.lead = append(p.lead, v.t.T("admin.route.ended.hint"))
	} else {
		p.others = []ui.ButtonProps{{Text: v.t.T("admin.route.end"), Href: adminRoutesAt + "/" + rule.Key + "/end", Look: ui.Danger}}
	}
	return s.adminRouteSave(w, r, v, p, start, rule.Key)
}

func (s *Site) adminRouteSave(w http.ResponseWriter, r *http.Request, v *visit, p adminForm, start url.Values, key string) error {
	values, err := adminFill(r, start)
	if err != nil {
		return err
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	rule, err := s.adminRouteIn(values)
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	rule.Key = key
	if _, err := s.Office.SaveRouteRule(r.Context(), v.who, rule); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminRoutesAt, "admin.saved", nil)
}

// adminRouteEnd takes a rule out of force, after asking again.
func (s *Site) adminRouteEnd(w http.ResponseWriter, r *http.Request, v *visit) error {
	rule, err := s.adminRouteAt(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{})
	if err != nil {
		return err
	}
	t, row := v.t, s.adminRouteRow(v.t, rule)
	p := adminRouteForm(t, t.T("admin.route.end"))
	p.submit, p.final, p.lead, p.fields, p.danger = p.title, true, nil, nil, []string{t.T("admin.route.end.danger")}
	p.facts = []ui.Fact{
		{Term: t.T("admin.route.condition"), Text: row.condition},
		{Term: t.T("admin.route.categories"), Text: row.categories},
		{Term: t.T("form.route"), Text: row.route},
		{Term: t.T("form.organ"), Text: row.organ},
		{Term: t.T("admin.route.law"), Text: row.law},
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	if err := s.Office.EndRouteRule(r.Context(), v.who, rule.Key); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminRoutesAt, "admin.route.end.done", nil)
}

// adminRouteAt is the rule a path names, for who may change it.
func (s *Site) adminRouteAt(r *http.Request, v *visit) (usecase.RouteRule, error) {
	if err := s.Office.MaySetRules(v.who); err != nil {
		return usecase.RouteRule{}, err
	}
	return s.Office.RouteRule(v.who, r.PathValue("rule"))
}
