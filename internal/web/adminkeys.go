package web

import (
	"net/http"
	"net/url"

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
	revoke                                    string // where it is revoked, empty once it is void
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
	switch now := s.Office.Now(); {
	case k.RevokedUS != 0:
		row.state = adminState{ui.Done, t.T("admin.key.revoked", "at", t.Instant(k.RevokedUS))}
	case k.ExpiresUS != 0 && now >= k.ExpiresUS:
		row.state = adminState{ui.Done, t.T("admin.key.expired")}
	case !k.Unit.Alive(s.Office.Today()):
		row.state = adminState{ui.Done, t.T("admin.unit.ended")}
	default:
		row.revoke = adminKeysAt + "/" + k.ID
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
			{FieldProps: ui.FieldProps{Name: "grants", Label: t.T("admin.field.grants")}, control: adminChecks, options: options(t.T, "admin.grant", usecase.KeyGrants()...)},
			{FieldProps: ui.FieldProps{Name: "expires", Label: t.T("admin.field.expires"), Hint: t.T("admin.key.expires.hint"), Optional: true}, control: adminDay},
		},
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	var wrong []errs.Field
	n := usecase.NewKey{Name: values.Get("name"), Unit: unitID(values.Get("unit")), Role: org.Role(values.Get("role")), Grants: values["grants"]}
	n.Expires = adminDayIn(values, "expires", &wrong)
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

// adminKeyRevoke shuts a machine out, after asking again.
func (s *Site) adminKeyRevoke(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Office.Keys(r.Context(), v.who)
	if err != nil {
		return err
	}
	t := v.t
	for _, k := range list {
		if k.ID != r.PathValue("key") {
			continue
		}
		row := s.adminKeyRow(t, k)
		p := adminForm{
			title: t.T("admin.key.revoke"), current: adminKeysAt, crumbs: []ui.Link{{Text: t.T("nav.keys"), Href: adminKeysAt}}, submit: t.T("admin.key.revoke"), final: true,
			back: adminKeysAt, danger: []string{t.T("admin.key.revoke.danger")},
			facts: []ui.Fact{
				{Term: t.T("admin.field.key_name"), Text: row.name, Note: row.id},
				{Term: t.T("admin.field.unit"), Text: row.unit},
				{Term: t.T("admin.field.role"), Text: row.role},
				{Term: t.T("admin.field.grants"), Text: row.grants},
			},
		}
		if r.Method != http.MethodPost {
			return s.adminShow(w, r, v, p, url.Values{}, nil)
		}
		if err := s.Office.RevokeKey(r.Context(), v.who, k.ID); err != nil {
			return s.adminShow(w, r, v, p, url.Values{}, err)
		}
		return s.done(w, r, adminKeysAt, "admin.key.revoke.done", nil)
	}
	return errs.E(errs.NotFound, "key.not_found")
}
