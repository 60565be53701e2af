package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminWebhooksAt = "/desk/admin/webhooks"

// adminWebhookRow is one webhook.
type adminWebhookRow struct {
	name, unit, url, kinds, made, href string
	state                              adminState
	old                                string
}

// adminWebhookView is the page of one webhook with its messages.
type adminWebhookView struct {
	row        adminWebhookRow
	active     bool
	tabs       []ui.Tab // by state
	deliveries []adminDelivery
	pages      ui.PaginationProps
}

// adminDelivery is one message.
type adminDelivery struct {
	kind, matter, href, made, tried, answer, body, replay string
	state                                                 adminState
}

// adminWebhooks lists the webhooks.
func (s *Site) adminWebhooks(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Office.Webhooks(r.Context(), v.who)
	if err != nil {
		return err
	}
	rows := make([]adminWebhookRow, len(list))
	for i, h := range list {
		rows[i] = adminWebhookRowOf(v.t, h)
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.webhooks"), adminWebhooksAt, adminWebhooksPage(v.t, rows)))
}

func adminWebhookRowOf(t *i18n.Speaker, h usecase.WebhookView) adminWebhookRow {
	kinds := make([]string, len(h.Kinds))
	for i, k := range h.Kinds {
		kinds[i] = t.T("hook.kind." + k)
	}
	row := adminWebhookRow{
		name: h.Name, unit: unitName(t, h.Unit), url: h.URL, kinds: t.List(kinds), made: t.Instant(h.MadeUS), href: adminWebhookPath(h.ID),
		state: adminState{ui.Go, t.T("hook.active")},
	}
	switch {
	case h.Stopped == usecase.HookPaused:
		row.state = adminState{ui.Done, t.T("hook.stopped." + h.Stopped)}
	case h.Stopped != "":
		row.state = adminState{ui.Late, t.T("hook.stopped." + h.Stopped)}
	case h.FailingUS != 0:
		row.state = adminState{ui.Soon, t.T("hook.failing", "at", t.Instant(h.FailingUS))}
	}
	if h.OldUS != 0 {
		row.old = t.T("admin.key.old", "at", t.Instant(h.OldUS))
	}
	return row
}

func adminWebhookPath(id int64) string { return adminWebhooksAt + "/" + adminIDText(id) }

// adminWebhookNew has another system told. The secret is shown on the answer and never again.
func (s *Site) adminWebhookNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := adminFill(r, url.Values{})
	if err != nil {
		return err
	}
	t := v.t
	hooks := ui.Link{Text: t.T("nav.webhooks"), Href: adminWebhooksAt}
	p := adminForm{
		title: t.T("hook.new"), current: adminWebhooksAt, crumbs: []ui.Link{hooks}, submit: t.T("hook.new"), back: adminWebhooksAt, lead: []string{t.T("hook.new.lead")},
		fields: []adminField{
			adminLine("name", t.T("admin.field.key_name"), t.T("admin.key.name.hint"), false),
			{FieldProps: ui.FieldProps{Name: "unit", Label: t.T("admin.field.unit"), Hint: t.T("hook.unit.hint")}, control: adminUnitChoice},
			{FieldProps: ui.FieldProps{Name: "url", Label: t.T("admin.field.url"), Hint: t.T("hook.url.hint")}},
			{FieldProps: ui.FieldProps{Name: "kinds", Label: t.T("hook.kinds")}, control: adminChecks, options: options(t.T, "hook.kind", usecase.HookKinds()...)},
		},
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	n := usecase.NewWebhook{Name: values.Get("name"), Unit: unitID(values.Get("unit")), URL: values.Get("url"), Kinds: values["kinds"]}
	id, secret, err := s.Office.AddWebhook(r.Context(), v.who, n)
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.adminShowSecret(w, r, v, adminWebhooksAt, adminWebhookSecret(t, t.T("hook.new.done"), id, n.Name, secret), hooks)
}

func adminWebhookSecret(t *i18n.Speaker, title string, id int64, name, secret string) adminSecret {
	return adminSecret{
		title: title, lead: t.T("hook.secret.lead"), term: t.T("hook.secret"), value: secret, facts: []ui.Fact{{Term: t.T("admin.field.key_name"), Text: name}},
		next: []string{t.T("admin.secret.once")}, on: ui.ButtonProps{Text: t.T("hook.open"), Href: adminWebhookPath(id), Look: ui.Main},
	}
}

// adminWebhook is one webhook with its messages, newest first.
func (s *Site) adminWebhook(w http.ResponseWriter, r *http.Request, v *visit) error {
	h, err := s.adminWebhookIn(r, v)
	if err != nil {
		return err
	}
	t, q := v.t, r.URL.Query()
	path, state := adminWebhookPath(h.ID), q.Get("state")
	pager := adminPagerIn(path, q)
	page, err := s.Office.Deliveries(r.Context(), v.who, h.ID, state, usecase.DeliveryPlace(noticeCursorIn(pager.after())))
	if err != nil {
		return err
	}
	p := adminWebhookView{row: adminWebhookRowOf(t, h), active: h.Stopped == ""}
	for _, one := range append([]string{""}, usecase.DeliveryStates()...) {
		tab := ui.Tab{Text: t.T("hook.state.any"), Href: path, Current: one == state}
		if one != "" {
			tab.Text, tab.Href = t.T("hook.state."+one), path+"?state="+one
		}
		p.tabs = append(p.tabs, tab)
	}
	for _, d := range page.Deliveries {
		p.deliveries = append(p.deliveries, adminDeliveryOf(t, path, d, p.active))
	}
	next := ""
	if page.Next != nil {
		next = adminIDText(page.Next.MadeUS) + "-" + adminIDText(page.Next.Home) + "-" + adminIDText(page.Next.ID)
	}
	p.pages = pager.links(next)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, h.Name, adminWebhooksAt, adminWebhookPage(t, p),
		ui.Link{Text: t.T("nav.webhooks"), Href: adminWebhooksAt}, ui.Link{Text: h.Name}))
}

// facts are what a webhook is.
func (p adminWebhookView) facts(t *i18n.Speaker) []ui.Fact {
	out := []ui.Fact{
		{Term: t.T("admin.field.url"), Text: p.row.url},
		{Term: t.T("admin.field.unit"), Text: p.row.unit},
		{Term: t.T("hook.kinds"), Text: p.row.kinds},
		{Term: t.T("hook.made"), Text: p.row.made},
	}
	if p.row.old != "" {
		out = append(out, ui.Fact{Term: t.T("hook.secret"), Text: p.row.old})
	}
	return out
}

func adminDeliveryOf(t *i18n.Speaker, path string, d usecase.Delivery, active bool) adminDelivery {
	out := adminDelivery{kind: t.T("hook.kind." + d.Kind), made: t.Instant(d.MadeUS), answer: d.Answer, body: d.Body}
	if d.Matter != 0 {
		out.matter, out.href = d.RefOf().String(), matterPath(d.RefOf())
	}
	light := map[string]ui.Light{"sent": ui.Go, "failed": ui.Late, "waiting": ui.Soon}[string(d.State)]
	out.state = adminState{light, t.T("hook.state." + string(d.State))}
	if d.Status != 0 {
		out.answer = strings.TrimSpace(strconv.Itoa(d.Status) + " " + d.Answer)
	}
	switch {
	case d.TriedUS == 0:
	case d.Waits():
		out.tried = t.T("hook.again", "n", d.Attempts, "at", t.Instant(d.DueUS))
	default:
		out.tried = t.T("hook.tried", "n", d.Attempts, "at", t.Instant(d.TriedUS), "ms", d.TookUS/1000)
	}
	if active && !d.Waits() {
		out.replay = path + "/deliveries/" + adminIDText(d.Home) + "/" + adminIDText(d.ID)
	}
	return out
}

func (s *Site) adminWebhookIn(r *http.Request, v *visit) (usecase.WebhookView, error) {
	id, err := adminID(r, "webhook")
	if err != nil {
		return usecase.WebhookView{}, errs.E(errs.NotFound, "webhook.not_found")
	}
	return s.Office.Webhook(r.Context(), v.who, id)
}

// adminWebhookDo carries out what a button on a webhook's page says.
func (s *Site) adminWebhookDo(w http.ResponseWriter, r *http.Request, v *visit) error {
	h, err := s.adminWebhookIn(r, v)
	if err != nil {
		return err
	}
	ctx, act := r.Context(), r.PathValue("act")
	switch act {
	case "pause":
		err = s.Office.PauseWebhook(ctx, v.who, h.ID)
	case "start":
		err = s.Office.StartWebhook(ctx, v.who, h.ID)
	case "test":
		err = s.Office.TestWebhook(ctx, v.who, h.ID)
	default:
		err = errs.E(errs.NotFound, "page.not_found")
	}
	if err != nil {
		return err
	}
	return s.done(w, r, adminWebhookPath(h.ID), "hook."+act+".done", nil)
}

// adminDeliveryReplay has one message sent again.
func (s *Site) adminDeliveryReplay(w http.ResponseWriter, r *http.Request, v *visit) error {
	h, err := s.adminWebhookIn(r, v)
	if err != nil {
		return err
	}
	home, id, err := noticeIn(r)
	if err != nil {
		return err
	}
	if err := s.Office.ReplayDelivery(r.Context(), v.who, h.ID, home, id); err != nil {
		return err
	}
	return s.done(w, r, adminWebhookPath(h.ID), "hook.replay.done", nil)
}

// adminWebhookReplay has the messages of some days sent again.
func (s *Site) adminWebhookReplay(w http.ResponseWriter, r *http.Request, v *visit) error {
	h, err := s.adminWebhookIn(r, v)
	if err != nil {
		return err
	}
	today := s.Office.Today()
	values, err := adminFill(r, url.Values{"from": {today.Add(-7).String()}, "to": {today.String()}, "which": {"failed"}})
	if err != nil {
		return err
	}
	t := v.t
	p := s.adminWebhookForm(t, h, t.T("hook.replay"))
	p.lead = []string{t.T("hook.replay.lead")}
	p.fields = []adminField{
		{FieldProps: ui.FieldProps{Name: "from", Label: t.T("hook.from")}, control: adminDay},
		{FieldProps: ui.FieldProps{Name: "to", Label: t.T("hook.to")}, control: adminDay},
		{FieldProps: ui.FieldProps{Name: "which", Label: t.T("hook.which")}, control: adminRadios, options: options(t.T, "hook.which", "failed", "all")},
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	var wrong []errs.Field
	from, to := adminDayIn(values, "from", &wrong), adminDayIn(values, "to", &wrong)
	if len(wrong) > 0 {
		return s.adminShow(w, r, v, p, values, errs.Fields(wrong))
	}
	n, err := s.Office.ReplayDeliveries(r.Context(), v.who, h.ID, from, to, values.Get("which") != "all")
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminWebhookPath(h.ID), "hook.replayed", map[string]string{"n": adminIDText(n)})
}

// adminWebhookForm is a form about one webhook.
func (s *Site) adminWebhookForm(t *i18n.Speaker, h usecase.WebhookView, title string) adminForm {
	row := adminWebhookRowOf(t, h)
	return adminForm{
		title: title, current: adminWebhooksAt, crumbs: []ui.Link{{Text: t.T("nav.webhooks"), Href: adminWebhooksAt}, {Text: h.Name, Href: row.href}}, submit: title, back: row.href,
		facts: []ui.Fact{{Term: t.T("admin.field.key_name"), Text: row.name}, {Term: t.T("admin.field.unit"), Text: row.unit}, {Term: t.T("admin.field.url"), Text: row.url}},
	}
}

// adminWebhookRotate gives a webhook a new secret.
func (s *Site) adminWebhookRotate(w http.ResponseWriter, r *http.Request, v *visit) error {
	h, err := s.adminWebhookIn(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{"overlap": {"24"}})
	if err != nil {
		return err
	}
	t := v.t
	p := s.adminWebhookForm(t, h, t.T("hook.rotate"))
	p.lead, p.fields = []string{t.T("hook.rotate.lead")}, []adminField{adminOverlap(t)}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	hours, err := adminOverlapIn(values)
	secret := ""
	if err == nil {
		secret, err = s.Office.RotateWebhook(r.Context(), v.who, h.ID, hours)
	}
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.adminShowSecret(w, r, v, adminWebhooksAt, adminWebhookSecret(t, t.T("hook.rotate.done"), h.ID, h.Name, secret), p.crumbs...)
}

// adminWebhookEnd gives a webhook up, after asking again.
func (s *Site) adminWebhookEnd(w http.ResponseWriter, r *http.Request, v *visit) error {
	h, err := s.adminWebhookIn(r, v)
	if err != nil {
		return err
	}
	t := v.t
	p := s.adminWebhookForm(t, h, t.T("hook.end"))
	p.final, p.danger = true, []string{t.T("hook.end.danger")}
	if r.Method != http.MethodPost {
		return s.adminShow(w, r, v, p, url.Values{}, nil)
	}
	if err := s.Office.EndWebhook(r.Context(), v.who, h.ID); err != nil {
		return s.adminShow(w, r, v, p, url.Values{}, err)
	}
	return s.done(w, r, adminWebhooksAt, "hook.end.done", nil)
}
