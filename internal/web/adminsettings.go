package web

import (
	"net/http"
	"net/url"

	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminSettingsAt = "/desk/admin/settings"

// adminSettings is what the office says of itself.
func (s *Site) adminSettings(w http.ResponseWriter, r *http.Request, v *visit) error {
	was := s.Office.Settings()
	values, err := adminFill(r, url.Values{
		"title": {was.Title}, "title_english": {was.TitleEnglish}, "host": {was.HostName}, "host_english": {was.HostEnglish}, "place": {adminIDText(was.Place)}, "lang": {was.Lang},
	})
	if err != nil {
		return err
	}
	t := v.t
	p := adminForm{
		title: t.T("nav.settings"), current: adminSettingsAt, submit: t.T("admin.save"), back: adminSettingsAt, lead: []string{t.T("admin.settings.lead")},
		fields: []adminField{
			adminLine("title", t.T("admin.field.title"), t.T("admin.title.hint"), false),
			adminLine("title_english", t.T("admin.field.title_en"), "", true),
			adminLine("host", t.T("admin.field.host"), t.T("admin.host.hint"), true),
			adminLine("host_english", t.T("admin.field.host_en"), "", true),
			{FieldProps: ui.FieldProps{Name: "place", Label: t.T("admin.field.place"), Hint: t.T("admin.settings.place.hint")}, control: adminPlaceChoice},
			{FieldProps: ui.FieldProps{Name: "lang", Label: t.T("admin.field.lang"), Hint: t.T("admin.lang.hint")}, control: adminRadios, options: []ui.Option{
				{Value: string(i18n.Zh), Text: t.T("admin.lang.zh")}, {Value: string(i18n.En), Text: t.T("admin.lang.en")},
			}},
		},
	}
	if s.Office.MaySetRules(v.who) == nil {
		p.others = []ui.ButtonProps{{Text: t.T("admin.law"), Href: adminLawAt}, {Text: t.T("remind.title"), Href: adminRemindersAt}, {Text: t.T("open.admin"), Href: adminOpenAt}}
	}
	if s.mayQueue(v) {
		p.others = append(p.others, ui.ButtonProps{Text: t.T("queue.title"), Href: adminQueueAt})
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	next := usecase.Settings{
		Title: values.Get("title"), TitleEnglish: values.Get("title_english"), HostName: values.Get("host"), HostEnglish: values.Get("host_english"),
		Place: adminPlaceIn(values), Lang: values.Get("lang"), Demo: was.Demo,
	}
	if err := s.Office.SaveSettings(r.Context(), v.who, next); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminSettingsAt, "admin.saved", nil)
}
