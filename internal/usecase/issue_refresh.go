package usecase

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"huiyin/internal/find"
	"huiyin/internal/gazetteer"
	"huiyin/internal/hot"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/store"
)

const (
	// issueHorizon is for how many days a matter is compared with new ones.
	issueHorizon = 180
	// issueBatch is how many new matters are looked at together.
	issueBatch = 50
	// issueReach is how many matters a new one is compared with: those that share the most weight of telling terms.
	issueReach = 64
	// issueNear is how many of them, the nearest, are kept.
	issueNear = 24
	// issueTexts is of how many of its matters, the newest, an issue is named.
	issueTexts = 200
	// millionths of a cosine are kept.
	millionths = 1e6
)

// RefreshIssues looks at the matters registered since the last time and finds out what many say at once. It works aside, and goes home by home and batch by batch, each written in a
// transaction of its own, and may be broken off and run again. What people decided on issues stays: a matter put in or taken out is left where it is, and an issue that
// was merged, renamed or dismissed remains so while new matters come to it.
func (o *Office) RefreshIssues(ctx context.Context) error {
	homes, err := o.homes(ctx)
	if err != nil {
		return err
	}
	aside, err := o.beginAside(ctx)
	if err != nil {
		return err
	}
	defer aside.end()
	for _, home := range homes {
		for more := true; more; {
			if err := aside.rest(ctx); err != nil {
				return fmt.Errorf("issues of %d: %w", home, err)
			}
			var err error
			if more, err = o.refreshIssues(ctx, home); err != nil {
				return fmt.Errorf("issues of %d: %w", home, err)
			}
		}
	}
	return nil
}

// pruneNear forgets in each home what was alike to matters registered before the horizon: no new one is compared with them. Of a bounded number each time, the oldest.
func (o *Office) pruneNear(ctx context.Context) error {
	homes, err := o.homes(ctx)
	if err != nil {
		return err
	}
	for _, home := range homes {
		if err := o.Store.Update(ctx, home, func(t *store.Tx) error {
			_, err := t.PruneNear(ctx, home, o.Today().Add(-issueHorizon).StartUS(), store.MaxList)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// refreshIssues takes the next batch of a home; false when there was none.
func (o *Office) refreshIssues(ctx context.Context, home int64) (bool, error) {
	r := issueRefresh{Office: o, home: home}
	if err := o.Store.Read(ctx, func(t *store.Tx) error { return r.look(ctx, t) }); err != nil || len(r.fresh) == 0 {
		return false, err
	}
	groups := hot.Groups(r.texts(), r.near())
	if err := o.Store.Update(ctx, home, func(t *store.Tx) error { return r.write(ctx, t, groups) }); err != nil {
		return false, err
	}
	return true, o.nameIssues(ctx, home)
}

// issueRefresh is one batch.
type issueRefresh struct {
	*Office
	home  int64
	fresh []int64            // the batch
	rows  map[int64]heard    // every matter that has to be looked at
	alike map[[2]int64]int64 // what is alike, in millionths; the smaller number first
	found map[[2]int64]int64 // of it, what was not known before
	since law.Day            // nothing that came before is looked at
}

// heard is what a matter's first submission says.
type heard struct {
	row    matter.Row
	text   hot.Said
	vector find.Vector
}

// look finds what is like the matters of the next batch and what hangs together with them.
func (r *issueRefresh) look(ctx context.Context, t *store.Tx) error {
	r.since = r.Today().Add(-issueHorizon)
	r.rows, r.alike, r.found = map[int64]heard{}, map[[2]int64]int64{}, map[[2]int64]int64{}
	after, err := t.IssueCursor(ctx, r.home)
	if err != nil {
		return err
	}
	refs, err := t.MattersAfter(ctx, r.home, after, issueBatch)
	if err != nil {
		return err
	}
	r.fresh = make([]int64, len(refs))
	for i, ref := range refs {
		r.fresh[i] = ref.N
	}
	if err := r.read(ctx, t, r.fresh); err != nil {
		return err
	}
	for _, n := range r.fresh {
		if err := r.compare(ctx, t, n); err != nil {
			return err
		}
	}
	return r.together(ctx, t)
}

// read reads what some matters say, of those that count: unsealed and not too old.
func (r *issueRefresh) read(ctx context.Context, t *store.Tx, matters []int64) error {
	matters = slices.DeleteFunc(slices.Clone(matters), func(n int64) bool { _, has := r.rows[n]; return has })
	if len(matters) == 0 {
		return nil
	}
	rows, err := t.MattersByNumber(ctx, r.home, matters)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(m matter.Row) bool { return m.Received < r.since })
	texts, err := firstSaid(ctx, t, r.home, numbersOf(rows))
	if err != nil {
		return err
	}
	for _, row := range rows {
		s := heard{row: row, text: texts[row.Ref.N]}
		s.vector = r.hot.Vector(s.text.Title, s.text.Text, districtOf(row.Place))
		r.rows[row.Ref.N] = s
	}
	return nil
}

// districtOf is the town that holds a place or is it; 0 for a wider one.
func districtOf(place int64) int64 {
	for gazetteer.LevelOf(place) > gazetteer.Town {
		place = gazetteer.ParentCode(place)
	}
	if gazetteer.LevelOf(place) != gazetteer.Town {
		return 0
	}
	return place
}

// compare finds the neighbours of a matter among the newest that share its telling terms.
func (r *issueRefresh) compare(ctx context.Context, t *store.Tx, n int64) error {
	s, counts := r.rows[n]
	if !counts {
		return nil
	}
	var keys []store.Telling
	for _, term := range hot.Terms(s.vector) {
		keys = append(keys, store.Telling{Key: term.Key, Weight: term.Weight})
	}
	others, err := t.MattersTelling(ctx, r.home, keys, issueReach)
	if err != nil {
		return err
	}
	if err := r.read(ctx, t, others); err != nil {
		return err
	}
	var near []hot.Near
	for _, other := range others {
		if o, counts := r.rows[other]; counts && other != n {
			if c := s.vector.Cosine(o.vector); c >= hot.Edge {
				near = append(near, hot.Near{A: min(n, other), B: max(n, other), Cosine: c})
			}
		}
	}
	slices.SortFunc(near, func(a, b hot.Near) int {
		return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	for _, p := range near[:min(len(near), issueNear)] {
		pair := [2]int64{p.A, p.B}
		r.found[pair] = int64(math.Round(p.Cosine * millionths))
		r.alike[pair] = r.found[pair]
	}
	return nil
}

// together goes from the batch along what is alike, the nearest first, until nothing more hangs together with it or there are too many.
func (r *issueRefresh) together(ctx context.Context, t *store.Tx) error {
	in := map[int64]bool{}
	var edge []int64
	for _, n := range r.fresh {
		if _, counts := r.rows[n]; counts {
			in[n], edge = true, append(edge, n)
		}
	}
	known := slices.SortedFunc(maps.Keys(r.found), func(a, b [2]int64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for len(edge) > 0 && len(in) < 2*hot.MaxTogether {
		near, err := t.NearTo(ctx, r.home, edge)
		if err != nil {
			return err
		}
		for _, pair := range known {
			near = append(near, store.Near{A: pair[0], B: pair[1], Cosine: r.found[pair]}, store.Near{A: pair[1], B: pair[0], Cosine: r.found[pair]})
		}
		slices.SortFunc(near, func(a, b store.Near) int {
			return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
		})
		edge = nil
		for _, p := range near {
			if !in[p.A] {
				continue
			}
			r.alike[[2]int64{min(p.A, p.B), max(p.A, p.B)}] = p.Cosine
			if !in[p.B] && len(in) < 2*hot.MaxTogether {
				in[p.B], edge = true, append(edge, p.B)
			}
		}
		if err := r.read(ctx, t, edge); err != nil {
			return err
		}
	}
	maps.DeleteFunc(r.rows, func(n int64, _ heard) bool { return !in[n] })
	return nil
}

func (r *issueRefresh) texts() []hot.Text {
	out := make([]hot.Text, 0, len(r.rows))
	for n, s := range r.rows {
		out = append(out, hot.Text{N: n, Vector: s.vector})
	}
	return out
}

func (r *issueRefresh) near() []hot.Near {
	out := make([]hot.Near, 0, len(r.alike))
	for pair, c := range r.alike {
		out = append(out, hot.Near{A: pair[0], B: pair[1], Cosine: float64(c) / millionths})
	}
	return out
}

// write keeps what was found, and moves on.
func (r *issueRefresh) write(ctx context.Context, t *store.Tx, groups [][]int64) error {
	near := make([]store.Near, 0, len(r.found))
	for pair, c := range r.found {
		near = append(near, store.Near{A: pair[0], B: pair[1], Cosine: c})
	}
	slices.SortFunc(near, func(a, b store.Near) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	if err := t.SaveNear(ctx, r.home, near); err != nil {
		return err
	}
	kept, err := t.IssuesOf(ctx, r.home, slices.Sorted(maps.Keys(r.rows)))
	if err != nil {
		return err
	}
	was := make(map[int64]store.IssueMatter, len(kept))
	for _, m := range kept {
		was[m.Ref.N] = m
	}
	known := sameIssues(groups, was)
	for i, group := range groups {
		issue := known[i]
		if len(group) >= hot.Least && issue == 0 && slices.ContainsFunc(group, func(n int64) bool { return was[n].How == "" || was[n].How == store.HowFound }) {
			if issue, err = t.NextSerial(ctx, r.home, "issue"); err != nil {
				return err
			}
			if err := t.SaveIssue(ctx, store.Issue{Home: r.home, ID: issue, Root: issue, MadeUS: r.Now()}); err != nil {
				return err
			}
		}
		if len(group) < hot.Least {
			issue = 0
		}
		if err := r.assign(ctx, t, group, issue, was); err != nil {
			return err
		}
	}
	return t.SetIssueCursor(ctx, r.home, r.fresh[len(r.fresh)-1])
}

// sameIssues gives for each group the issue that it was before: that of most of its matters; each issue goes to one group, the one that has the most of it.
func sameIssues(groups [][]int64, was map[int64]store.IssueMatter) map[int]int64 {
	type vote struct {
		group int
		issue int64
		n     int
	}
	var votes []vote
	for i, group := range groups {
		if len(group) < hot.Least {
			continue
		}
		count := map[int64]int{}
		for _, n := range group {
			if m, has := was[n]; has {
				count[m.Issue]++
			}
		}
		for issue, n := range count {
			votes = append(votes, vote{i, issue, n})
		}
	}
	slices.SortFunc(votes, func(a, b vote) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.issue, b.issue), cmp.Compare(a.group, b.group))
	})
	of, taken := map[int]int64{}, map[int64]bool{}
	for _, v := range votes {
		if of[v.group] == 0 && !taken[v.issue] {
			of[v.group], taken[v.issue] = v.issue, true
		}
	}
	return of
}

// assign makes a group's matters those of an issue, or of none; what a person decided is left alone. Issues that change are named anew.
func (r *issueRefresh) assign(ctx context.Context, t *store.Tx, group []int64, issue int64, was map[int64]store.IssueMatter) error {
	changed := map[int64]bool{}
	for _, n := range group {
		m, has := was[n]
		if m.Issue == issue || has && m.How != store.HowFound {
			continue
		}
		ref := matter.Ref{Home: r.home, N: n}
		var err error
		if issue == 0 {
			err = t.RemoveIssueMatter(ctx, ref)
		} else {
			err = t.SaveIssueMatter(ctx, store.IssueMatter{Ref: ref, Issue: issue, Day: r.rows[n].row.Received, How: store.HowFound})
		}
		if err != nil {
			return err
		}
		changed[m.Issue], changed[issue] = true, true
	}
	delete(changed, 0)
	for _, id := range slices.Sorted(maps.Keys(changed)) {
		if err := t.UnnameIssue(ctx, r.home, id); err != nil {
			return err
		}
	}
	return nil
}

// nameIssues names the issues of a home whose matters have changed.
func (o *Office) nameIssues(ctx context.Context, home int64) error {
	for {
		var named []store.Issue
		if err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			if named, err = t.UnnamedIssues(ctx, home, issueBatch); err != nil {
				return err
			}
			for i := range named {
				if err := o.nameIssue(ctx, t, &named[i]); err != nil {
					return err
				}
			}
			return nil
		}); err != nil || len(named) == 0 {
			return err
		}
		if err := o.Store.Update(ctx, home, func(t *store.Tx) error {
			for _, n := range named {
				now, err := t.Issue(ctx, home, n.ID)
				if err != nil {
					return err
				}
				now.Name, now.Place, now.Named = n.Name, n.Place, true
				if err := t.SaveIssue(ctx, now); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
}

// nameIssue finds the words and the place that most of an issue's matters have in common.
func (o *Office) nameIssue(ctx context.Context, t *store.Tx, i *store.Issue) error {
	members, err := t.IssueMatters(ctx, i.Home, i.ID, issueTexts)
	if err != nil {
		return err
	}
	var numbers []int64
	for _, m := range members {
		if m.How != store.HowOut {
			numbers = append(numbers, m.Ref.N)
		}
	}
	rows, err := t.MattersByNumber(ctx, i.Home, numbers)
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b matter.Row) int { return cmp.Compare(a.Ref.N, b.Ref.N) })
	said, err := firstSaid(ctx, t, i.Home, numbersOf(rows))
	if err != nil {
		return err
	}
	texts, places := make([]hot.Said, len(rows)), make([]int64, len(rows))
	for k, row := range rows {
		texts[k], places[k] = said[row.Ref.N], row.Place
	}
	i.Name, i.Place = joinWords(o.hot.Name(texts)), mostIn(places)
	return nil
}

// mostIn is the narrowest place in which more than half of some places lie; 0 where there is none.
func mostIn(places []int64) int64 {
	in := map[int64]int{}
	for _, p := range places {
		for ; p != 0; p = gazetteer.ParentCode(p) {
			in[p]++
		}
	}
	best := int64(0)
	for p, n := range in {
		if 2*n > len(places) && p > best { // the more digits the narrower; of one level only one has more than half
			best = p
		}
	}
	return best
}
