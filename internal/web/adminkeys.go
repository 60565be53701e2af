package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminKeysAt = "/desk/admin/keys"

// adminKeyRow is one machine's key.
type adminKeyRow struct {
	id, name, unit, role, grants, made, until string
	state                                     adminState
	rate, used, old                           string
	revoke, rotate                            string // where that is done, empty once it is void
}

// adminKeys lists the keys.
func (s *Site) adminKeys(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Office.Keys(r.Context(), v.who)
	if err != nil {
		return err
	}
	rows := make([]adminKeyRow, len(list))
	for i, k := range list {
		rows[i] = s.adminKeyRow(v.t, k)
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.keys"), adminKeysAt, adminKeysPage(v.t, rows)))
}

func (s *Site) adminKeyRow(t *i18n.Speaker, k usecase.KeyView) adminKeyRow {
	grants := make([]string, len(k.Grants))
	for i, g := range k.Grants {
		grants[i] = t.T("admin.grant." + g)
	}
	row := adminKeyRow{
		id: k.ID, name: k.Name, unit: unitName(t, k.Unit), role: t.T("role." + string(k.Role)), grants: t.List(grants), made: t.Instant(k.CreatedUS),
		until: t.T("admin.key.forever"), state: adminState{ui.Go, t.T("admin.key.good")},
	}
	if k.ExpiresUS != 0 {
		row.until = t.Instant(k.ExpiresUS)
	}
	row.rate, row.used = t.T("admin.key.rate", "n", k.Rate), t.T("admin.key.unused")
	if k.Used.Known() {
		row.used = t.T("admin.key.used", "day", k.Used)
	}
	if k.OldUS != 0 {
		row.old = t.T("admin.key.old", "at", t.Instant(k.OldUS))
	}
	switch now := s.Office.Now(); {
	case k.RevokedUS != 0:
		row.state = adminState{ui.Done, t.T("admin.key.revoked", "at", t.Instant(k.RevokedUS))}
	case k.ExpiresUS != 0 && now >= k.ExpiresUS:
		row.state = adminState{ui.Done, t.T("admin.key.expired")}
	case !k.Unit.Alive(s.Office.Today()):
		row.state = adminState{ui.Done, t.T("admin.unit.ended")}
	default:
		row.revoke, row.rotate = adminKeysAt+"/"+k.ID, adminKeysAt+"/"+k.ID+"/rotate"
	}
	return row
}

// adminKeyNew lets a machine in. The key is shown on the answer and never again.
func (s *Site) adminKeyNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := adminFill(r, url.Values{"role": {string(org.RoleRegistrar)}})
	if err != nil {
		return err
	}
	t := v.t
	keys := ui.Link{Text: t.T("nav.keys"), Href: adminKeysAt}
	p := adminForm{
		title: t.T("admin.key.new"), current: adminKeysAt, crumbs: []ui.Link{keys}, submit: t.T("admin.key.new"), back: adminKeysAt, lead: []string{t.T("admin.key.lead")},
		fields: []adminField{
			adminLine("name", t.T("admin.field.key_name"), t.T("admin.key.name.hint"), false),
			{FieldProps: ui.FieldProps{Name: "unit", Label: t.T("admin.field.unit"), Hint: t.T("admin.key.unit.hint")}, control: adminUnitChoice},
			{FieldProps: ui.FieldProps{Name: "role", Label: t.T("admin.field.role")}, control: adminRadios, options: adminRoles(t, usecase.KeyRoles())},
			{FieldProps: ui.FieldProps{Name: "grants", Label: t.T("admin.field.grants")}, control: adminChecks, options: options(t.T, "admin.grant", append(usecase.KeyGrants(), usecase.GrantManage)...)},
			{FieldProps: ui.FieldProps{Name: "expires", Label: t.T("admin.field.expires"), Hint: t.T("admin.key.expires.hint"), Optional: true}, control: adminDay},
			{FieldProps: ui.FieldProps{Name: "rate", Label: t.T("admin.key.rate.label"), Hint: t.T("admin.key.rate.hint", "n", usecase.KeyRate), Optional: true}},
		},
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	var wrong []errs.Field
	n := usecase.NewKey{Name: values.Get("name"), Unit: unitID(values.Get("unit")), Role: org.Role(values.Get("role")), Grants: values["grants"]}
	n.Expires = adminDayIn(values, "expires", &wrong)
	n.Rate = adminCountIn(values, "rate", &wrong)
	if len(wrong) > 0 {
		return s.adminShow(w, r, v, p, values, errs.Fields(wrong))
	}
	key, err := s.Office.AddKey(r.Context(), v.who, n)
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	unit, _ := s.Office.Chart().Unit(n.Unit)
	return s.adminShowSecret(w, r, v, adminKeysAt, adminSecret{
		title: t.T("admin.key.new.done"), lead: t.T("admin.key.new.lead", "unit", unitName(t, unit)), term: t.T("admin.key.term"), value: key,
		facts: []ui.Fact{{Term: t.T("admin.field.key_name"), Text: n.Name}, {Term: t.T("admin.field.role"), Text: t.T("role." + string(n.Role))}},
		next:  []string{t.T("admin.secret.once"), t.T("admin.key.next")}, on: ui.ButtonProps{Text: t.T("admin.key.list"), Href: adminKeysAt, Look: ui.Main},
	}, keys)
}

// adminCountIn reads a number that may be left empty; what is none is an error of its field.
func adminCountIn(values url.Values, name string, fields *[]errs.Field) int {
	text := strings.TrimSpace(values.Get(name))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		*fields = append(*fields, errs.F(name, "admin.count"))
	}
	return n
}

// adminKeyIn is the key that a path names, and what says which it is.
func (s *Site) adminKeyIn(r *http.Request, v *visit) (usecase.KeyView, []ui.Fact, error) {
	list, err := s.Office.Keys(r.Context(), v.who)
	if err != nil {
		return usecase.KeyView{}, nil, err
	}
	i := slices.IndexFunc(list, func(k usecase.KeyView) bool { return k.ID == r.PathValue("key") })
	if i < 0 {
		return usecase.KeyView{}, nil, errs.E(errs.NotFound, "key.not_found")
	}
	t, row := v.t, s.adminKeyRow(v.t, list[i])
	return list[i], []ui.Fact{
		{Term: t.T("admin.field.key_name"), Text: row.name, Note: row.id},
		{Term: t.T("admin.field.unit"), Text: row.unit},
		{Term: t.T("admin.field.role"), Text: row.role},
		{Term: t.T("admin.field.grants"), Text: row.grants},
	}, nil
}

// adminKeyRevoke shuts a machine out, after asking again.
func (s *Site) adminKeyRevoke(w http.ResponseWriter, r *http.Request, v *visit) error {
	k, facts, err := s.adminKeyIn(r, v)
	if err != nil {
		return err
	}
	t := v.t
	p := adminForm{
		title: t.T("admin.key.revoke"), current: adminKeysAt, crumbs: []ui.Link{{Text: t.T("nav.keys"), Href: adminKeysAt}}, submit: t.T("admin.key.revoke"), final: true,
		back: adminKeysAt, danger: []string{t.T("admin.key.revoke.danger")}, facts: facts,
	}
	if r.Method != http.MethodPost {
		return s.adminShow(w, r, v, p, url.Values{}, nil)
	}
	if err := s.Office.RevokeKey(r.Context(), v.who, k.ID); err != nil {
		return s.adminShow(w, r, v, p, url.Values{}, err)
	}
	return s.done(w, r, adminKeysAt, "admin.key.revoke.done", nil)
}

// adminOverlap is the choice of how long the secret of before stays good beside a new one.
func adminOverlap(t *i18n.Speaker) adminField {
	return adminField{
		FieldProps: ui.FieldProps{Name: "overlap", Label: t.T("admin.key.overlap")}, control: adminRadios, options: options(t.T, "admin.key.overlap", "0", "1", "24", "168", "720"),
	}
}

func adminOverlapIn(values url.Values) (hours int, err error) {
	if hours, err = strconv.Atoi(values.Get("overlap")); err != nil {
		return 0, errs.Fields([]errs.Field{errs.F("overlap", "field.choice")})
	}
	return hours, nil
}

// adminKeyRotate gives a key a new secret, which is shown on the answer and never again.
func (s *Site) adminKeyRotate(w http.ResponseWriter, r *http.Request, v *visit) error {
	k, facts, err := s.adminKeyIn(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{"overlap": {"24"}})
	if err != nil {
		return err
	}
	t := v.t
	keys := ui.Link{Text: t.T("nav.keys"), Href: adminKeysAt}
	p := adminForm{
		title: t.T("admin.key.rotate"), current: adminKeysAt, crumbs: []ui.Link{keys}, submit: t.T("admin.key.rotate"), back: adminKeysAt,
		lead: []string{t.T("admin.key.rotate.lead")}, facts: facts,
		fields: []adminField{adminOverlap(t)},
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	hours, err := adminOverlapIn(values)
	key := ""
	if err == nil {
		key, err = s.Office.RotateKey(r.Context(), v.who, k.ID, hours)
	}
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.adminShowSecret(w, r, v, adminKeysAt, adminSecret{
		title: t.T("admin.key.rotate.done"), lead: t.T("admin.key.new.lead", "unit", unitName(t, k.Unit)), term: t.T("admin.key.term"), value: key,
		facts: facts[:1], next: []string{t.T("admin.secret.once")}, on: ui.ButtonProps{Text: t.T("admin.key.list"), Href: adminKeysAt, Look: ui.Main},
	}, keys)
}
