package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// adminChange is one change of the organisation in words.
type adminChange struct {
	iso, when string
	who       ui.Link // and where everything they changed is
	title     string
	about     ui.Link  // what it is about, and where every change of that is; no address where there is nothing but the name
	made      bool     // it was not there before
	lines     []string // what each field was and is
}

// adminChangesOf puts changes into words.
func (s *Site) adminChangesOf(t *i18n.Speaker, list []usecase.OrgChange) []adminChange {
	out := make([]adminChange, 0, len(list))
	for _, c := range list {
		a := adminChange{iso: t.InstantISO(c.AtUS), when: t.Instant(c.AtUS), title: t.T("admin.changed." + c.Kind), about: s.adminAbout(t, c), made: c.Made}
		a.who = ui.Link{Text: c.Person, Href: adminChangesAt + "?by=" + adminIDText(int64(c.User))}
		if c.User == 0 {
			a.who = ui.Link{Text: t.T("admin.operator")}
		}
		if c.Made {
			a.title = t.T("admin.made." + c.Kind)
		}
		fields := slices.Clone(c.Fields)
		slices.SortStableFunc(fields, func(a, b usecase.ChangedField) int { return cmp.Compare(adminRank(a.Name), adminRank(b.Name)) })
		for _, f := range fields {
			if f.Name == "duty" || f.Name == "key" || f.Name == "paper" || f.Name == "webhook" { // numbers that say nothing to people, and what the change is called by
				continue
			}
			if c.Made && c.Kind == "responsibility" && (f.Name == "category" || f.Name == "place") { // the line is called by them
				continue
			}
			label := f.Name
			before, after := s.adminValue(t, f.Name, f.Before), s.adminValue(t, f.Name, f.After)
			switch {
			case c.Kind == "person" && label == "name":
				label = "person"
			case c.Kind == "key" && label == "name":
				label = "key_name"
			case c.Kind == "template" && label == "version":
				before, after = versionName(t, f.Before), versionName(t, f.After)
			}
			if c.Made {
				a.lines = append(a.lines, t.T("admin.change.set", "field", label, "after", after))
			} else {
				a.lines = append(a.lines, t.T("admin.change.line", "field", label, "before", before, "after", after))
			}
		}
		out = append(out, a)
	}
	return out
}

// adminRank is where a field stands among those of its change: what it is called, what it is, where, and from when to when.
func adminRank(field string) int {
	switch field {
	case "name", "title", "version", "file":
		return 0
	case "role", "kind", "category":
		return 1
	case "unit", "parent", "place", "host":
		return 2
	case "from":
		return 4
	case "until", "successor":
		return 5
	}
	return 3
}

// adminAbout is what a change is about.
func (s *Site) adminAbout(t *i18n.Speaker, c usecase.OrgChange) ui.Link {
	id := adminIDText(c.Subject)
	switch c.Kind {
	case "unit":
		return ui.Link{Text: s.adminValue(t, "unit", id), Href: adminChangesAt + "?unit=" + id}
	case "person", "duty":
		return ui.Link{Text: c.Name, Href: adminChangesAt + "?person=" + id}
	case "route":
		return ui.Link{Text: c.Record["condition"]}
	case "responsibility", "proposal":
		return ui.Link{Text: t.T("admin.try.question", "category", s.adminValue(t, "category", c.Record["category"]), "place", s.adminValue(t, "place", c.Record["place"]))}
	case "key", "search", "webhook":
		return ui.Link{Text: c.Record["name"]}
	case "calendar":
		return ui.Link{Text: c.Record["version"]}
	case "notice":
		return ui.Link{Text: c.Record["notice"]}
	case "job":
		return ui.Link{Text: t.T("job.kind." + c.Record["job"])}
	case "import":
		return ui.Link{Text: c.Record["file"]}
	case "published":
		return ui.Link{Text: periodName(t, c.Record["open_period"])}
	case "template":
		return ui.Link{Text: t.T("paper." + c.Record["paper"])}
	}
	return ui.Link{}
}

// adminValue is one value of a record of changes as people say it.
func (s *Site) adminValue(t *i18n.Speaker, name, value string) string {
	if name == "category" {
		return s.adminCategoryName(t, value)
	}
	if value == "" || value == "0" && name != "place" {
		return t.T("admin.value.none")
	}
	switch name {
	case "job":
		return t.T("job.kind." + value)
	case "job_state":
		return t.T("job.word." + value)
	case "job_error":
		return t.Say(value, nil)
	case "notice_state":
		return t.T("notice.state." + value)
	case "notice_error":
		return t.T(value)
	case "open_act":
		return t.T("open.act." + value)
	case "parent", "successor", "unit", "scope", "holder":
		if u, ok := s.Office.Chart().Unit(unitID(value)); ok {
			return unitName(t, u)
		}
	case "adopted":
		return s.adminAdopted(t, value)
	case "reminder":
		return adminReminderWords(t, value)
	case "place", "home":
		if code, err := strconv.ParseInt(value, 10, 64); err == nil {
			return s.fullPlaceName(t, code)
		}
	case "kind":
		return t.T("unit_kind." + value)
	case "from", "until", "to":
		if d, err := law.ParseDay(value); err == nil {
			return t.FullDay(d)
		}
	case "expires_us", "revoked_us", "rotated_us":
		if at, err := strconv.ParseInt(value, 10, 64); err == nil {
			return t.Instant(at)
		}
	case "grants":
		var words []string
		for grant := range strings.FieldsSeq(value) {
			words = append(words, t.T("admin.grant."+grant))
		}
		return t.List(words)
	case "hook_kinds":
		var words []string
		for kind := range strings.FieldsSeq(value) {
			words = append(words, t.T("hook.kind."+kind))
		}
		return t.List(words)
	case "categories":
		return s.categoryList(t, strings.Fields(value))
	case "stopped":
		return t.T("hook.stopped." + value)
	case "role", "list", "view", "route", "state", "channel":
		return t.T(name + "." + value)
	case "disabled", "password", "lang", "decision", "ended", "late", "format", "dismissed", "span":
		return t.T("admin." + name + "." + value)
	}
	return value
}
