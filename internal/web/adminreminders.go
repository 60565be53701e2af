package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminRemindersAt = "/desk/admin/reminders"

// adminRemindersRow is one period and when it is reminded of; shipped says what was changed.
type adminRemindersRow struct{ name, now, shipped, change string }

// adminReminders lists when something is told of each period.
func (s *Site) adminReminders(w http.ResponseWriter, r *http.Request, v *visit) error {
	all, err := s.Office.Thresholds(v.who)
	if err != nil {
		return err
	}
	t := v.t
	rows, may := make([]adminRemindersRow, len(all)), s.Office.MaySetRules(v.who) == nil
	for i, h := range all {
		rows[i] = adminRemindersRow{name: t.T(h.Name), now: thresholdWords(t, h.Now, h.Right)}
		if h.Own {
			rows[i].shipped = t.T("remind.was", "when", thresholdWords(t, h.Shipped, h.Right))
		}
		if may {
			rows[i].change = adminRemindersAt + "/" + string(h.Rule)
		}
	}
	title := t.T("remind.title")
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, adminSettingsAt, adminRemindersPage(t, rows), ui.Link{Text: t.T("nav.settings"), Href: adminSettingsAt}, ui.Link{Text: title}))
}

// thresholdWords says when something is told.
func thresholdWords(t *i18n.Speaker, h matter.Threshold, right bool) string {
	var out []string
	days := func(key string, n int) {
		if n > 0 {
			out = append(out, t.T(key, "n", n))
		}
	}
	days("remind.say.unsigned", h.Unsigned)
	if right {
		days("remind.say.soon.right", h.Soon)
	} else {
		days("remind.say.soon", h.Soon)
	}
	if h.Last {
		out = append(out, t.T("remind.say.last"))
	}
	if h.Late {
		out = append(out, t.T("remind.say.late"))
	}
	days("remind.say.up", h.Up)
	if len(out) == 0 {
		return t.T("remind.none")
	}
	return t.List(out)
}

// adminReminderWords says what a record of changes holds of a threshold.
func adminReminderWords(t *i18n.Speaker, value string) string {
	rule, h, err := usecase.ReadThreshold(value)
	if err != nil {
		return value
	}
	return t.T("remind.record", "rule", t.T("law.rule."+string(rule)), "when", thresholdWords(t, h, false))
}

// adminReminder changes when something is told of one period, or goes back to what ships with the program.
func (s *Site) adminReminder(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.Office.MaySetRules(v.who); err != nil {
		return err
	}
	all, err := s.Office.Thresholds(v.who)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(h usecase.ThresholdView) bool { return string(h.Rule) == r.PathValue("rule") })
	if i < 0 {
		return errs.E(errs.NotFound, "page.not_found")
	}
	h, t := all[i], v.t
	values, err := adminFill(r, thresholdValues(h.Now))
	if err != nil {
		return err
	}
	p := adminForm{
		title: t.T("remind.edit", "rule", t.T(h.Name)), current: adminSettingsAt, submit: t.T("admin.save"), back: adminRemindersAt,
		crumbs: []ui.Link{{Text: t.T("nav.settings"), Href: adminSettingsAt}, {Text: t.T("remind.title"), Href: adminRemindersAt}},
		facts:  []ui.Fact{{Term: t.T("remind.shipped"), Text: thresholdWords(t, h.Shipped, h.Right)}},
		fields: reminderFields(t, h),
	}
	if h.Own {
		p.others = []ui.ButtonProps{{Text: t.T("remind.reset"), Name: "do", Value: "reset"}}
	}
	if r.Method != http.MethodPost {
		return s.adminShow(w, r, v, p, values, nil)
	}
	if err := s.saveReminder(r, v, h.Rule, values); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminRemindersAt, "remind.saved", nil)
}

func (s *Site) saveReminder(r *http.Request, v *visit, rule law.RuleID, values url.Values) error {
	if values.Get("do") == "reset" {
		return s.Office.SaveThreshold(r.Context(), v.who, rule, nil)
	}
	next, err := thresholdIn(values)
	if err != nil {
		return err
	}
	return s.Office.SaveThreshold(r.Context(), v.who, rule, &next)
}

// reminderFields are the fields that a period has: a right is never late, and only what was sent has to be signed for.
func reminderFields(t *i18n.Speaker, h usecase.ThresholdView) []adminField {
	var out []adminField
	days := func(name, hint string) {
		out = append(out, adminField{FieldProps: ui.FieldProps{
			Name: name, Label: t.T("remind.field." + name), Hint: hint, Free: true, Kind: "number", InputMode: "numeric", Min: "0", Max: strconv.Itoa(matter.MaxRemindDays), Width: "width-4",
		}})
	}
	tick := func(name string) {
		out = append(out, adminField{FieldProps: ui.FieldProps{Name: name, Label: t.T("remind.field." + name), Free: true}, control: adminTick})
	}
	if h.Sent {
		days("unsigned", t.T("remind.field.hint"))
	}
	days("soon", t.T("remind.field.hint"))
	tick("last")
	if !h.Right {
		tick("late")
		days("up", t.T("remind.field.up.hint"))
	}
	return out
}

func thresholdValues(h matter.Threshold) url.Values {
	v := url.Values{"unsigned": {strconv.Itoa(h.Unsigned)}, "soon": {strconv.Itoa(h.Soon)}, "up": {strconv.Itoa(h.Up)}}
	for name, on := range map[string]bool{"last": h.Last, "late": h.Late} {
		if on {
			v.Set(name, "yes")
		}
	}
	return v
}

// thresholdIn reads a threshold as it was typed; what is empty is zero.
func thresholdIn(values url.Values) (matter.Threshold, error) {
	var wrong []errs.Field
	days := func(name string) int {
		text := strings.TrimSpace(values.Get(name))
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			wrong = append(wrong, errs.F(name, "remind.days", "max", matter.MaxRemindDays))
		}
		return n
	}
	h := matter.Threshold{Unsigned: days("unsigned"), Soon: days("soon"), Up: days("up"), Last: values.Get("last") != "", Late: values.Get("late") != ""}
	return h, errs.Fields(wrong)
}
