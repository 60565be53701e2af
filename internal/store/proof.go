package store

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
)

// Leaf is the link of an event or a look that waits for its place in the home's log.
type Leaf struct {
	Home    int64
	Kind    string // "event" or "look"
	Subject int64  // matter or look
	Seq     int
	Link    []byte
}

// QueueLeaf lets a link wait for its place.
func (t *Tx) QueueLeaf(ctx context.Context, l Leaf) error {
	const q = `insert into leaf (home, kind, subject, seq, link) values ($1, $2, $3, $4, $5)`
	return t.put(ctx, Named("leaf.insert", q), l.Home, l.Kind, l.Subject, l.Seq, l.Link)
}

const leafColumns = `home, kind, subject, seq, link`

func scanLeaf(r *Row) (Leaf, error) {
	var l Leaf
	err := r.Scan(&l.Home, &l.Kind, &l.Subject, &l.Seq, &l.Link)
	return l, err
}

// LeafHome returns a home at which links wait; false where none does.
func (t *Tx) LeafHome(ctx context.Context) (home int64, waits bool, err error) {
	const q = `select home from leaf order by home limit 1`
	list, err := Collect(ctx, t, Named("leaf.next_home", q), Int64)
	if len(list) > 0 {
		home, waits = list[0], true
	}
	return home, waits, err
}

// CountLeaves counts what waits for its place at a home.
func (t *Tx) CountLeaves(ctx context.Context, home int64) (int64, error) {
	const q = `select count(*) from leaf where home = $1`
	return One(ctx, t, Named("leaf.count", q), Int64, home)
}

// RemoveLeaves takes the links of a home up to one off the queue, in the order of LeavesOf.
func (t *Tx) RemoveLeaves(ctx context.Context, last Leaf) error {
	const q = `delete from leaf where home = $1 and (kind, subject, seq) <= ($2, $3, $4)`
	return t.put(ctx, Named("leaf.remove", q), last.Home, last.Kind, last.Subject, last.Seq)
}

// ChainRow is one place in a home's log.
type ChainRow struct {
	Home    int64
	Pos     int64
	Kind    string
	Subject int64
	Seq     int
	Leaf    []byte
	Link    []byte // over the one before and the leaf
	AtUS    int64
}

const chainColumns = `home, pos, kind, subject, seq, leaf, link, at_us`

func scanChain(r *Row) (ChainRow, error) {
	var c ChainRow
	err := r.Scan(&c.Home, &c.Pos, &c.Kind, &c.Subject, &c.Seq, &c.Leaf, &c.Link, &c.AtUS)
	return c, err
}

// AppendChain adds a place to a home's log.
func (t *Tx) AppendChain(ctx context.Context, c ChainRow) error {
	const q = `insert into chain (home, pos, kind, subject, seq, leaf, link, at_us) values ($1, $2, $3, $4, $5, $6, $7, $8)`
	return t.put(ctx, Named("chain.insert", q), c.Home, c.Pos, c.Kind, c.Subject, c.Seq, c.Leaf, c.Link, c.AtUS)
}

// ChainHead returns the last place of a home's log; false for an empty log.
func (t *Tx) ChainHead(ctx context.Context, home int64) (ChainRow, bool, error) {
	const q = `select ` + chainColumns + ` from chain where home = $1 order by pos desc limit 1`
	c, err := One(ctx, t, Named("chain.head", q), scanChain, home)
	if errs.KindOf(err) == errs.NotFound {
		return ChainRow{}, false, nil
	}
	return c, err == nil, err
}

// ChainAfter returns places of a home's log behind a position, in order.
func (t *Tx) ChainAfter(ctx context.Context, home, pos int64, limit int) ([]ChainRow, error) {
	const q = `select ` + chainColumns + ` from chain where home = $1 and pos > $2 order by pos limit $3`
	return Collect(ctx, t, Named("chain.after", q), scanChain, home, pos, limit)
}

// ChainOf returns where a subject's link stands in its home's log; false when it waits still.
func (t *Tx) ChainOf(ctx context.Context, home int64, kind string, subject int64, seq int) (ChainRow, bool, error) {
	const q = `select ` + chainColumns + ` from chain where home = $1 and kind = $2 and subject = $3 and seq = $4`
	c, err := One(ctx, t, Named("chain.subject", q), scanChain, home, kind, subject, seq)
	if errs.KindOf(err) == errs.NotFound {
		return ChainRow{}, false, nil
	}
	return c, err == nil, err
}

// Homes returns the homes that have matters.
func (t *Tx) Homes(ctx context.Context) ([]int64, error) {
	const q = `select distinct home from serial order by home limit 10000`
	return Collect(ctx, t, Named("home.list", q), Int64)
}

// MattersAfter walks the matters of a home in order of number.
func (t *Tx) MattersAfter(ctx context.Context, home, after int64, limit int) ([]matter.Ref, error) {
	const q = `select home, matter_id from matter where home = $1 and matter_id > $2 order by matter_id limit $3`
	return Collect(ctx, t, Named("matter.walk", q), scanRef, home, after, limit)
}

// OpenMattersOf walks the open matters that a unit has or had to do with.
func (t *Tx) OpenMattersOf(ctx context.Context, unit int64, after matter.Ref, limit int) ([]matter.Ref, error) {
	const q = `select mu.home, mu.matter_id from matter_unit mu join matter m on m.home = mu.home and m.matter_id = mu.matter_id
		where mu.unit_id = $1 and m.is_open = $2 and (mu.home, mu.matter_id) > ($3, $4) order by mu.home, mu.matter_id limit $5`
	return Collect(ctx, t, Named("matter.unit_walk", q), scanRef, unit, true, after.Home, after.N, limit)
}
