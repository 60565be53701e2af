package store

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// IssueFilter says which matters of issues count: those received from a day on, in the subtree of a place, of a category. What is zero narrows nothing.
type IssueFilter struct {
	Home      int64
	From, To  law.Day // both included
	Place     int64
	Category  string
	Dismissed bool // only issues that were dismissed; otherwise none of those
	Least     int  // matters that an issue must have
	Limit     int
}

// IssueCount is what of an issue a scope sees.
type IssueCount struct {
	Issue
	Matters int // each once, whatever was joined to it
	Repeats int // submissions beyond the first on them
	Persons int // as claimed
}

// IssueDay is what was received of an issue on a day.
type IssueDay struct {
	Issue   int64
	Day     law.Day
	Matters int
	Persons int
}

// Issues returns the issues with the most matters in a scope, at most f.Limit. A matter that was joined to another does not count beside it.
func (t *Tx) Issues(ctx context.Context, scope org.Scope, f IssueFilter) ([]IssueCount, error) {
	q := issueCounts(scope, f)
	return Collect(ctx, t, q.stmt("issue.list"), func(r *Row) (IssueCount, error) {
		var c IssueCount
		i := &c.Issue
		err := r.Scan(&i.Home, &i.ID, &i.Root, &i.Dismissed, &i.Name, &i.Given, &i.Place, &i.Named, &i.MadeUS, &c.Matters, &c.Repeats, &c.Persons)
		return c, err
	}, q.args...)
}

func issueCounts(scope org.Scope, f IssueFilter) *query {
	q := newQuery(`select ` + issueColumns + `, c.matters, c.repeats, c.persons from (
		select p.root_id as root_id, count(*) as matters, sum(m.repeats) as repeats, sum(m.persons) as persons`)
	q.issueMembers(scope, f).text(` group by p.root_id having count(*) >= `).arg(f.Least).text(`) c
		join issue i on i.home = `).arg(f.Home).text(` and i.issue_id = c.root_id where i.dismissed = `).arg(f.Dismissed)
	return q.text(` order by c.matters desc, i.issue_id limit `).arg(f.Limit)
}

// issueMembers are the matters of issues that count; p is the issue by which one is found, whose root shows it.
func (q *query) issueMembers(scope org.Scope, f IssueFilter) *query {
	q.text(` from issue_matter im join issue p on p.home = im.home and p.issue_id = im.issue_id join matter m on m.home = im.home and m.matter_id = im.matter_id
		where im.home = `).arg(f.Home).text(` and im.how <> 'out' and m.sealed = `).arg(false).text(` and m.merged_into = 0`)
	if f.From.Known() {
		q.text(` and im.day >= `).arg(f.From.String())
	}
	if f.To.Known() {
		q.text(` and im.day <= `).arg(f.To.String())
	}
	if f.Category != "" {
		from, to := categoryRange(f.Category)
		q.text(` and m.category >= `).arg(from).text(` and m.category < `).arg(to)
	}
	if f.Place != 0 {
		from, to := placeRange(f.Place)
		q.text(` and m.place >= `).arg(from).text(` and m.place < `).arg(to)
	}
	return q.scope(scope)
}

// IssueDays returns how many matters of some issues a scope sees for each day, the earliest first.
func (t *Tx) IssueDays(ctx context.Context, scope org.Scope, f IssueFilter, issues []int64) ([]IssueDay, error) {
	q := newQuery(`select p.root_id, im.day, count(*), sum(m.persons)`).issueMembers(scope, f)
	q.text(` and p.root_id in (`).numbers(issues).text(`) group by p.root_id, im.day order by p.root_id, im.day`)
	return Collect(ctx, t, q.stmt("issue.days"), func(r *Row) (IssueDay, error) {
		var d IssueDay
		var day string
		if err := r.Scan(&d.Issue, &day, &d.Matters, &d.Persons); err != nil {
			return d, err
		}
		return d, d.Day.UnmarshalText([]byte(day))
	}, q.args...)
}

// IssuePage returns matters of an issue that a scope sees, the newest first, before a number where that is not zero. Out gives those that a person took out instead.
func (t *Tx) IssuePage(ctx context.Context, scope org.Scope, home, issue, before int64, out bool, limit int) ([]matter.Row, error) {
	q := newQuery(`select ` + matterColumns + ` from issue p join issue_matter im on im.home = p.home and im.issue_id = p.issue_id
		join matter m on m.home = im.home and m.matter_id = im.matter_id where p.home = `).arg(home).text(` and p.root_id = `).arg(issue)
	if out {
		q.text(` and im.how = 'out'`)
	} else {
		q.text(` and im.how <> 'out'`)
	}
	q.text(` and m.sealed = `).arg(false).text(` and m.merged_into = 0`)
	if before != 0 {
		q.text(` and m.matter_id < `).arg(before)
	}
	q.scope(scope).text(` order by m.matter_id desc limit `).arg(limit)
	return Collect(ctx, t, q.stmt("issue.page"), scanMatter, q.args...)
}

// IssueSize is how many matters of an issue a scope sees, of any time.
func (t *Tx) IssueSize(ctx context.Context, scope org.Scope, f IssueFilter, issue int64) (int64, error) {
	q := newQuery(`select count(*)`).issueMembers(scope, f).text(` and p.root_id = `).arg(issue)
	return One(ctx, t, q.stmt("issue.size"), Int64, q.args...)
}
