package usecase

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/document"
	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/paper"
	"huiyin/internal/store"
)

// loadTemplates reads the templates that the office has changed.
func (o *Office) loadTemplates(ctx context.Context, t *store.Tx) error {
	rows, err := t.CurrentTemplates(ctx)
	if err != nil {
		return err
	}
	list := make(map[matter.PaperKind]paperTemplate, len(rows))
	for _, r := range rows {
		list[r.Kind] = paperTemplate{version: strconv.FormatInt(r.ID, 10), text: r.Body}
	}
	o.templates.Store(&list)
	return nil
}

// templateText is the text of a version of a kind's template.
func (o *Office) templateText(ctx context.Context, t *store.Tx, k matter.PaperKind, version string) (string, error) {
	if now := o.template(k); now.version == version {
		return now.text, nil
	}
	if text, ok := o.papers.Edition(k, version); ok {
		return text, nil
	}
	id, err := strconv.ParseInt(version, 10, 64)
	if err != nil {
		return "", errs.E(errs.NotFound, "template.not_found")
	}
	row, err := t.Template(ctx, id)
	if err == nil && row.Kind != k {
		err = errs.E(errs.NotFound, "template.not_found")
	}
	return row.Body, err
}

// fill fills a version of a template, which is parsed once and never changes.
func (o *Office) fill(ctx context.Context, t *store.Tx, k matter.PaperKind, version string, values document.Values) (document.Doc, error) {
	type edition struct {
		kind    matter.PaperKind
		version string
	}
	if known, ok := o.parsed.Load(edition{k, version}); ok {
		if parsed, ok := known.(*document.Template); ok {
			return parsed.Fill(values)
		}
	}
	text, err := o.templateText(ctx, t, k, version)
	if err != nil {
		return document.Doc{}, err
	}
	parsed, err := document.Parse(text, o.papers.Grammar(k))
	if err != nil {
		return document.Doc{}, err
	}
	o.parsed.Store(edition{k, version}, parsed)
	return parsed.Fill(values)
}

// TemplateVersion is one version of a template. Shipped ones came with the program and have no author.
type TemplateVersion struct {
	Version string
	Shipped bool
	Body    string
	Why     string
	AtUS    int64
	User    org.UserID
	Person  string
}

// TemplateView is the template of a kind of document: the version in force, those before, the newest first, and what it may name.
type TemplateView struct {
	Kind     matter.PaperKind
	Now      TemplateVersion
	Versions []TemplateVersion
	Fields   []paper.Field
}

// maxVersions is how many versions of a template are shown.
const maxVersions = 50

// Templates returns the kinds of documents with the version in force of each.
func (o *Office) Templates(who org.Actor) ([]TemplateView, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return nil, err
	}
	var out []TemplateView
	for _, k := range matter.PaperKinds() {
		now := o.template(k)
		_, came := o.papers.Edition(k, now.version)
		out = append(out, TemplateView{Kind: k, Now: TemplateVersion{Version: now.version, Shipped: came}})
	}
	return out, nil
}

// Template returns the template of a kind with its history.
func (o *Office) Template(ctx context.Context, who org.Actor, k matter.PaperKind) (TemplateView, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return TemplateView{}, err
	}
	if !slices.Contains(matter.PaperKinds(), k) {
		return TemplateView{}, errs.E(errs.NotFound, "template.not_found")
	}
	v := TemplateView{Kind: k, Fields: o.papers.Fields(k)}
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.Templates(ctx, k, maxVersions)
		if err != nil {
			return err
		}
		var ids []org.UserID
		for _, r := range rows {
			ids = append(ids, r.User)
		}
		names, err := t.PersonNames(ctx, ids)
		for _, r := range rows {
			v.Versions = append(v.Versions, TemplateVersion{
				Version: strconv.FormatInt(r.ID, 10), Body: r.Body, Why: r.Why, AtUS: r.AtUS, User: r.User, Person: names[r.User],
			})
		}
		return err
	})
	version, text := o.papers.Shipped(k)
	v.Versions = append(v.Versions, TemplateVersion{Version: version, Shipped: true, Body: text})
	v.Now = v.Versions[0]
	return v, err
}

// MayChangeTemplates reports why an actor may not change templates, which are the whole organisation's.
func (o *Office) MayChangeTemplates(who org.Actor) error {
	return o.whole(who, "template.root", org.RoleAdmin)
}

// PreviewTemplate prints a text for a kind with sample values; what is wrong with it is told line by line, under "body.<line>".
func (o *Office) PreviewTemplate(who org.Actor, k matter.PaperKind, body string) (document.Doc, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return document.Doc{}, err
	}
	fields := o.papers.Grammar(k)
	if len(fields) == 0 {
		return document.Doc{}, errs.E(errs.NotFound, "template.not_found")
	}
	parsed, err := document.Parse(body, fields)
	if err != nil {
		return document.Doc{}, err
	}
	return parsed.Fill(document.Sample(fields))
}

// SaveTemplate puts a text in force as a new version, which documents from now on are printed by; those of before keep theirs. Was is the version
// that the text was written from: where another is in force by now the answer is errs.Conflict.
func (o *Office) SaveTemplate(ctx context.Context, who org.Actor, k matter.PaperKind, was, body, why string) error {
	if err := o.MayChangeTemplates(who); err != nil {
		return err
	}
	body, why = strings.ReplaceAll(strings.TrimSpace(body), "\r\n", "\n")+"\n", strings.TrimSpace(why)
	var fields []errs.Field
	if _, err := o.PreviewTemplate(who, k, body); err != nil {
		e, ours := errors.AsType[*errs.Error](err)
		if !ours || len(e.Fields) == 0 {
			return err
		}
		fields = append(fields, e.Fields...)
	}
	switch n := utf8.RuneCountInString(why); {
	case n == 0:
		fields = append(fields, errs.F("why", "template.why"))
	case n > matter.MaxLine:
		fields = append(fields, errs.F("why", "field.long", "max", matter.MaxLine, "n", n))
	}
	if err := errs.Fields(fields); err != nil {
		return err
	}
	err := o.Store.Update(ctx, 0, func(t *store.Tx) error { return o.saveTemplate(ctx, t, who, k, was, body, why) })
	if err != nil {
		return err
	}
	return o.Reload(ctx)
}

func (o *Office) saveTemplate(ctx context.Context, t *store.Tx, who org.Actor, k matter.PaperKind, was, body, why string) error {
	now, _ := o.papers.Shipped(k)
	rows, err := t.Templates(ctx, k, 1)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		now = strconv.FormatInt(rows[0].ID, 10)
	}
	if was != now {
		return errs.E(errs.Conflict, "template.changed")
	}
	id, err := t.NextLocal(ctx, "template")
	if err != nil {
		return err
	}
	if err := t.InsertTemplate(ctx, store.TemplateRow{ID: id, Kind: k, Body: body, Why: why, User: who.User, AtUS: o.Now()}); err != nil {
		return err
	}
	before, after := templateRecord{Kind: k, Version: now}, templateRecord{Kind: k, Version: strconv.FormatInt(id, 10), Why: why}
	return o.noteChange(ctx, t, who, changeTemplate, id, before, after)
}

// changeTemplate is the kind of change under which a new version is recorded; the subject is its number.
const changeTemplate = "template"

// templateRecord is a version in the record of changes. The texts themselves are all kept.
type templateRecord struct {
	Kind    matter.PaperKind `json:"paper"`
	Version string           `json:"version"`
	Why     string           `json:"why,omitempty"`
}

// TemplateDifference compares two texts line by line: what is in both, only in the first, only in the second, in the order of the texts.
func TemplateDifference(was, now string) []LineChange {
	a, b := strings.Split(strings.TrimSpace(was), "\n"), strings.Split(strings.TrimSpace(now), "\n")
	common := make([][]int, len(a)+1) // length of the longest common run of lines from here on
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i, was := range slices.Backward(a) {
		for k, is := range slices.Backward(b) {
			if was == is {
				common[i][k] = common[i+1][k+1] + 1
			} else {
				common[i][k] = max(common[i+1][k], common[i][k+1])
			}
		}
	}
	var out []LineChange
	for i, k := 0, 0; i < len(a) || k < len(b); {
		switch {
		case i < len(a) && k < len(b) && a[i] == b[k]:
			out = append(out, LineChange{Text: a[i]})
			i, k = i+1, k+1
		case i < len(a) && (k == len(b) || common[i+1][k] >= common[i][k+1]):
			out = append(out, LineChange{Text: a[i], Gone: true})
			i++
		default:
			out = append(out, LineChange{Text: b[k], New: true})
			k++
		}
	}
	return out
}

// LineChange is one line of a comparison.
type LineChange struct {
	Text string
	Gone bool // only in the older text
	New  bool // only in the newer
}
