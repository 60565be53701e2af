package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// Issue is what many say at once.
type Issue struct {
	Home      int64
	ID        int64
	Root      int64 // in which it is shown: itself unless a person merged it
	Dismissed bool
	Name      string // from the words of its matters
	Given     string // by a person
	Place     int64  // the narrowest in which most of its matters lie; zero for none
	Named     bool   // name and place fit its matters as they are now
	MadeUS    int64
}

// How says by whom a matter is of an issue, or is not.
type How string

// The ways.
const (
	HowFound How = "found" // by what it says
	HowIn    How = "in"    // a person put it in
	HowOut   How = "out"   // a person took it out
)

// IssueMatter is a matter of an issue.
type IssueMatter struct {
	Ref   matter.Ref
	Issue int64
	Day   law.Day // of receipt
	How   How
}

// IssueAct is what a person decided on an issue.
type IssueAct struct {
	Home, Issue int64
	N           int64
	AtUS        int64
	User        org.UserID
	Unit        org.UnitID
	Kind        string
	Other       int64 // the issue or matter that it was about besides
	Reason      string
}

// Near says that two matters of a home are alike. Cosine is in millionths.
type Near struct{ A, B, Cosine int64 }

const issueColumns = `i.home, i.issue_id, i.root_id, i.dismissed, i.name, i.given_name, i.place, i.is_named, i.made_us`

func scanIssue(r *Row) (Issue, error) {
	var i Issue
	err := r.Scan(&i.Home, &i.ID, &i.Root, &i.Dismissed, &i.Name, &i.Given, &i.Place, &i.Named, &i.MadeUS)
	return i, err
}

// SaveIssue writes an issue.
func (t *Tx) SaveIssue(ctx context.Context, i Issue) error {
	const q = `insert into issue (home, issue_id, root_id, dismissed, name, given_name, place, is_named, made_us) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (home, issue_id) do update set root_id = excluded.root_id, dismissed = excluded.dismissed, name = excluded.name, given_name = excluded.given_name,
		place = excluded.place, is_named = excluded.is_named`
	_, err := t.Exec(ctx, Named("issue.save", q), i.Home, i.ID, i.Root, i.Dismissed, i.Name, i.Given, i.Place, i.Named, i.MadeUS)
	return err
}

// Issue returns an issue.
func (t *Tx) Issue(ctx context.Context, home, id int64) (Issue, error) {
	const q = `select ` + issueColumns + ` from issue i where i.home = $1 and i.issue_id = $2`
	return One(ctx, t, Named("issue.get", q), scanIssue, home, id)
}

// IssuesIn returns an issue and those that were merged into it, by number.
func (t *Tx) IssuesIn(ctx context.Context, home, root int64) ([]Issue, error) {
	const q = `select ` + issueColumns + ` from issue i where i.home = $1 and i.root_id = $2 order by i.issue_id`
	return Collect(ctx, t, Named("issue.in", q), scanIssue, home, root)
}

// UnnamedIssues returns issues whose matters have changed since they were named.
func (t *Tx) UnnamedIssues(ctx context.Context, home int64, limit int) ([]Issue, error) {
	const q = `select ` + issueColumns + ` from issue i where i.home = $1 and not i.is_named order by i.issue_id limit $2`
	return Collect(ctx, t, Named("issue.unnamed", q), scanIssue, home, limit)
}

// UnnameIssue has an issue named anew.
func (t *Tx) UnnameIssue(ctx context.Context, home, id int64) error {
	const q = `update issue set is_named = $3 where home = $1 and issue_id = $2`
	_, err := t.Exec(ctx, Named("issue.unname", q), home, id, false)
	return err
}

const issueMatterColumns = `im.home, im.matter_id, im.issue_id, im.day, im.how`

func scanIssueMatter(r *Row) (IssueMatter, error) {
	var m IssueMatter
	var day string
	if err := r.Scan(&m.Ref.Home, &m.Ref.N, &m.Issue, &day, &m.How); err != nil {
		return m, err
	}
	return m, m.Day.UnmarshalText([]byte(day))
}

// SaveIssueMatter says of what issue a matter is.
func (t *Tx) SaveIssueMatter(ctx context.Context, m IssueMatter) error {
	const q = `insert into issue_matter (home, matter_id, issue_id, day, how) values ($1, $2, $3, $4, $5)
		on conflict (home, matter_id) do update set issue_id = excluded.issue_id, day = excluded.day, how = excluded.how`
	_, err := t.Exec(ctx, Named("issue_matter.save", q), m.Ref.Home, m.Ref.N, m.Issue, m.Day.String(), string(m.How))
	return err
}

// RemoveIssueMatter says that a matter is of no issue.
func (t *Tx) RemoveIssueMatter(ctx context.Context, ref matter.Ref) error {
	const q = `delete from issue_matter where home = $1 and matter_id = $2`
	_, err := t.Exec(ctx, Named("issue_matter.remove", q), ref.Home, ref.N)
	return err
}

// IssuesOf returns of what issues some matters of one home are.
func (t *Tx) IssuesOf(ctx context.Context, home int64, matters []int64) ([]IssueMatter, error) {
	const q = `select ` + issueMatterColumns + ` from issue_matter im where im.home = $1 and im.matter_id in ($2...)`
	return CollectIn(ctx, t, Named("issue_matter.of", q), matters, scanIssueMatter, home)
}

// IssueMatters returns the newest matters of an issue by itself, taken out or not.
func (t *Tx) IssueMatters(ctx context.Context, home, issue int64, limit int) ([]IssueMatter, error) {
	const q = `select ` + issueMatterColumns + ` from issue_matter im where im.home = $1 and im.issue_id = $2 order by im.matter_id desc limit $3`
	return Collect(ctx, t, Named("issue_matter.list", q), scanIssueMatter, home, issue, limit)
}

// SaveNear keeps that matters are alike.
func (t *Tx) SaveNear(ctx context.Context, home int64, near []Near) error {
	const q = `insert into issue_near (home, matter_id, other_id, cosine) values ($1, $2, $3, $4)
		on conflict (home, matter_id, other_id) do update set cosine = excluded.cosine`
	for _, n := range near {
		for _, pair := range [][2]int64{{n.A, n.B}, {n.B, n.A}} {
			if _, err := t.Exec(ctx, Named("issue_near.save", q), home, pair[0], pair[1], n.Cosine); err != nil {
				return err
			}
		}
	}
	return nil
}

// NearTo returns what is alike to some matters of a home, A being one of them.
func (t *Tx) NearTo(ctx context.Context, home int64, matters []int64) ([]Near, error) {
	const q = `select matter_id, other_id, cosine from issue_near where home = $1 and matter_id in ($2...)`
	return CollectIn(ctx, t, Named("issue_near.of", q), matters, func(r *Row) (Near, error) {
		var n Near
		err := r.Scan(&n.A, &n.B, &n.Cosine)
		return n, err
	}, home)
}

// PruneNear forgets what is alike to matters of a home that were registered before an instant: of at most limit of them, the oldest. It returns how many it forgot.
func (t *Tx) PruneNear(ctx context.Context, home, beforeUS int64, limit int) (int, error) {
	const oldest = `select distinct matter_id from issue_near where home = $1 and matter_id < $2 order by matter_id limit $3`
	const prune = `delete from issue_near where home = $1 and matter_id in ($2...)`
	from, err := t.registeredBefore(ctx, home, spot{us: beforeUS})
	if err != nil {
		return 0, err
	}
	old, err := Collect(ctx, t, Named("issue_near.oldest", oldest), Int64, home, from, limit)
	if err != nil || len(old) == 0 {
		return 0, err
	}
	_, err = t.Exec(ctx, Named("issue_near.prune", prune), home, List(old))
	return len(old), err
}

// Telling is a key by which matters are found, and what it weighs.
type Telling struct {
	Key    uint64
	Weight float64
}

// MattersTelling returns matters of a home that share the most weight of some keys, at most limit. For each key it looks at the newest matters only.
func (t *Tx) MattersTelling(ctx context.Context, home int64, keys []Telling, limit int) ([]int64, error) {
	weight := map[int64]float64{}
	for _, k := range keys {
		found, err := t.sharing(ctx, home, []uint64{k.Key})
		if err != nil {
			return nil, err
		}
		for n := range found {
			weight[n] += k.Weight * k.Weight
		}
	}
	ids := slices.SortedFunc(maps.Keys(weight), func(a, b int64) int { return cmp.Or(cmp.Compare(weight[b], weight[a]), cmp.Compare(b, a)) })
	return ids[:min(len(ids), limit)], nil
}

// MattersByNumber returns the unsealed ones of some matters of a home.
func (t *Tx) MattersByNumber(ctx context.Context, home int64, matters []int64) ([]matter.Row, error) {
	const q = `select ` + matterColumns + ` from matter m where m.home = $1 and m.sealed = $2 and m.matter_id in ($3...)`
	return CollectIn(ctx, t, Named("matter.numbered", q), matters, scanMatter, home, false)
}

// IssueCursor returns the last matter of a home that was looked at; zero where none was.
func (t *Tx) IssueCursor(ctx context.Context, home int64) (int64, error) {
	const q = `select matter_id from issue_cursor where home = $1`
	n, err := One(ctx, t, Named("issue_cursor.get", q), Int64, home)
	if errs.KindOf(err) == errs.NotFound {
		return 0, nil
	}
	return n, err
}

// SetIssueCursor notes the last matter of a home that was looked at.
func (t *Tx) SetIssueCursor(ctx context.Context, home, n int64) error {
	const q = `insert into issue_cursor (home, matter_id) values ($1, $2) on conflict (home) do update set matter_id = excluded.matter_id`
	_, err := t.Exec(ctx, Named("issue_cursor.set", q), home, n)
	return err
}

// AddIssueAct keeps what a person decided.
func (t *Tx) AddIssueAct(ctx context.Context, a IssueAct) error {
	const q = `insert into issue_act (home, issue_id, n, at_us, user_id, unit_id, kind, other, reason)
		select $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6, $7, $8 from issue_act where home = $1 and issue_id = $2`
	_, err := t.Exec(ctx, Named("issue_act.add", q), a.Home, a.Issue, a.AtUS, int64(a.User), int64(a.Unit), a.Kind, a.Other, a.Reason)
	return err
}

// IssueActs returns what people decided on an issue, the newest first.
func (t *Tx) IssueActs(ctx context.Context, home, issue int64, limit int) ([]IssueAct, error) {
	const q = `select home, issue_id, n, at_us, user_id, unit_id, kind, other, reason from issue_act where home = $1 and issue_id = $2 order by n desc limit $3`
	return Collect(ctx, t, Named("issue_act.list", q), func(r *Row) (IssueAct, error) {
		var a IssueAct
		err := r.Scan(&a.Home, &a.Issue, &a.N, &a.AtUS, &a.User, &a.Unit, &a.Kind, &a.Other, &a.Reason)
		return a, err
	}, home, issue, limit)
}
