package store

import (
	"context"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// TemplateRow is one version of the text of a kind of official document.
type TemplateRow struct {
	ID   int64
	Kind matter.PaperKind
	Body string
	Why  string
	User org.UserID
	AtUS int64
}

const templateColumns = `version_id, kind, body, why, user_id, at_us`

func scanTemplate(r *Row) (TemplateRow, error) {
	var v TemplateRow
	err := r.Scan(&v.ID, &v.Kind, &v.Body, &v.Why, &v.User, &v.AtUS)
	return v, err
}

// InsertTemplate adds a version. It is never changed.
func (t *Tx) InsertTemplate(ctx context.Context, v TemplateRow) error {
	const q = `insert into template (` + templateColumns + `) values ($1, $2, $3, $4, $5, $6)`
	_, err := t.Exec(ctx, Named("template.insert", q), v.ID, string(v.Kind), v.Body, v.Why, int64(v.User), v.AtUS)
	return err
}

// Template finds a version.
func (t *Tx) Template(ctx context.Context, id int64) (TemplateRow, error) {
	const q = `select ` + templateColumns + ` from template where version_id = $1`
	return One(ctx, t, Named("template.get", q), scanTemplate, id)
}

// Templates returns the versions of a kind, newest first, at most limit.
func (t *Tx) Templates(ctx context.Context, kind matter.PaperKind, limit int) ([]TemplateRow, error) {
	q := templatePage(kind, limit)
	return Collect(ctx, t, q.stmt("template.list"), scanTemplate, q.args...)
}

func templatePage(kind matter.PaperKind, limit int) *query {
	return newQuery(`select ` + templateColumns + ` from template where kind = `).arg(string(kind)).text(` order by version_id desc limit `).arg(limit)
}

// CurrentTemplates returns the newest version of each kind that the office has changed.
func (t *Tx) CurrentTemplates(ctx context.Context) ([]TemplateRow, error) {
	const q = `select ` + templateColumns + ` from template t
		where not exists (select 1 from template n where n.kind = t.kind and n.version_id > t.version_id) order by version_id limit 1000`
	return Collect(ctx, t, Named("template.current", q), scanTemplate)
}
