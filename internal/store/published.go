package store

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// PublishedHead says of a version of what was published of a period when, by whom and why.
type PublishedHead struct {
	Period      string
	Version     int64
	First, Last law.Day
	AsOf        law.Day
	AtUS        int64
	User        org.UserID // zero for the office itself
	Reason      string     // of every version but the first
	Withdrawn   bool       // it shows nothing
}

// Published is a version of what was published of a period.
type Published struct {
	PublishedHead
	Body   string // what is shown, as JSON; empty where it is withdrawn
	Counts string // what was counted, as JSON; shown to nobody
}

const publishedHead = `period, version, first_day, last_day, as_of, at_us, user_id, reason`

func publishedInto(h *PublishedHead) []any {
	return []any{&h.Period, &h.Version, &h.First, &h.Last, &h.AsOf, &h.AtUS, &h.User, &h.Reason}
}

// InsertPublished adds a version of a period.
func (t *Tx) InsertPublished(ctx context.Context, p Published) error {
	const q = `insert into published (` + publishedHead + `, body, counts) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	_, err := t.Exec(ctx, Named("published.insert", q), p.Period, p.Version, int64(p.First), int64(p.Last), int64(p.AsOf), p.AtUS, int64(p.User), p.Reason, p.Body, p.Counts)
	return err
}

// PublishedHeads returns the versions of all periods, the latest period and version first, at most limit.
func (t *Tx) PublishedHeads(ctx context.Context, limit int) ([]PublishedHead, error) {
	const q = `select ` + publishedHead + `, case when body = '' then 1 else 0 end from published order by last_day desc, first_day desc, period desc, version desc limit $1`
	return Collect(ctx, t, Named("published.heads", q), func(r *Row) (PublishedHead, error) {
		var h PublishedHead
		err := r.Scan(append(publishedInto(&h), &h.Withdrawn)...)
		return h, err
	}, limit)
}

// PublishedOf returns the newest version of a period.
func (t *Tx) PublishedOf(ctx context.Context, period string) (Published, error) {
	const q = `select ` + publishedHead + `, body, counts from published where period = $1 order by version desc limit 1`
	return One(ctx, t, Named("published.of", q), scanPublished, period)
}

// PublishedIn returns all versions of the periods that lie in some days, at most limit.
func (t *Tx) PublishedIn(ctx context.Context, first, last law.Day, limit int) ([]Published, error) {
	const q = `select ` + publishedHead + `, body, counts from published where last_day >= $1 and last_day <= $2 and first_day >= $1 order by last_day, first_day, period, version limit $3`
	return Collect(ctx, t, Named("published.in", q), scanPublished, int64(first), int64(last), limit)
}

func scanPublished(r *Row) (Published, error) {
	var p Published
	err := r.Scan(append(publishedInto(&p.PublishedHead), &p.Body, &p.Counts)...)
	p.Withdrawn = p.Body == ""
	return p, err
}
