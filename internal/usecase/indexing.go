package usecase

import (
	"context"
	"maps"
	"slices"
	"strings"

	"huiyin/internal/matter"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

const (
	// indexBatch is how many matters are indexed in one transaction, and indexRounds how often Index does so before it lets others work.
	indexBatch  = 40
	indexRounds = 25
	// indexedFiles is how many bytes of what is written inside its uploads a matter is found by, as they lie; in Chinese a third as many characters. A
	// row of the index is written whole, and all who write wait for it.
	indexedFiles    = 600_000
	indexedTogether = 20 * indexedFiles // of all in a batch
)

// Index indexes matters anew whose words have changed, a bounded number, and returns how many. It reads and prints outside the transaction that writes.
func (o *Office) Index(ctx context.Context) (int, error) {
	done := 0
	for range indexRounds {
		var waiting []store.Unindexed
		tokens := map[matter.Ref]string{}
		err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			if waiting, err = t.Unindexed(ctx, indexBatch); err != nil {
				return err
			}
			for _, group := range byHome(waiting, homeOfUnindexed) {
				if err := o.wordsOf(ctx, t, group, tokens); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		for _, group := range byHome(waiting, homeOfUnindexed) {
			if err := o.Store.Update(ctx, group[0].Ref.Home, func(t *store.Tx) error {
				for _, u := range group {
					if err := t.IndexTokens(u.Ref, tokens[u.Ref]); err != nil {
						return err
					}
					if err := t.Indexed(ctx, u); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				return done, err
			}
			done += len(group)
		}
		if len(waiting) < indexBatch {
			break
		}
	}
	return done, nil
}

func homeOfUnindexed(u store.Unindexed) int64 { return u.Ref.Home }

// wordsOf adds the words of matters of one home, cut into tokens.
func (o *Office) wordsOf(ctx context.Context, t *store.Tx, group []store.Unindexed, to map[matter.Ref]string) error {
	home, numbers := group[0].Ref.Home, make([]int64, len(group))
	for i, u := range group {
		numbers[i] = u.Ref.N
	}
	histories, err := o.newest(ctx, t, home, numbers)
	if err != nil {
		return err
	}
	words, err := o.words(ctx, t, home, histories)
	for n, text := range words {
		to[matter.Ref{Home: home, N: n}] = query.Line(text)
	}
	return err
}

// newest gives the events of some unsealed matters of one home. Of those that were written a moment ago they are not read again.
func (o *Office) newest(ctx context.Context, t *store.Tx, home int64, numbers []int64) (map[int64][]matter.Event, error) {
	links, err := t.Links(ctx, home, numbers)
	if err != nil {
		return nil, err
	}
	known := map[int64][]matter.Event{}
	unknown := slices.DeleteFunc(slices.Clone(numbers), func(n int64) bool {
		h, ok := o.recent.get(matter.Ref{Home: home, N: n}, links[n])
		if ok {
			known[n] = h.events
		}
		return ok
	})
	out, err := o.histories(ctx, t, home, unknown)
	maps.Copy(known, out)
	return known, err
}

// histories reads the events of some unsealed matters of one home.
func (o *Office) histories(ctx context.Context, t *store.Tx, home int64, numbers []int64) (map[int64][]matter.Event, error) {
	rows, err := t.EventsOf(ctx, home, numbers)
	if err != nil {
		return nil, err
	}
	out := make(map[int64][]matter.Event, len(rows))
	for n, list := range rows {
		events := make([]matter.Event, len(list))
		for i, e := range list {
			if events[i], err = o.decode(matter.Ref{Home: home, N: n}, e, false); err != nil {
				return nil, err
			}
		}
		out[n] = events
	}
	return out, nil
}

// words is what matters of one home are found by, by their numbers: what was said and answered, what was written with each step, the official documents,
// what is written inside the uploads; nothing of who the petitioners are. A line that stands in several of them is taken once.
func (o *Office) words(ctx context.Context, t *store.Tx, home int64, histories map[int64][]matter.Event) (map[int64]string, error) {
	hiders, err := o.hiders(ctx, t, home, histories)
	if err != nil {
		return nil, err
	}
	files, err := o.inside(ctx, t, home, slices.Sorted(maps.Keys(histories)), indexedFiles, indexedTogether)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]string, len(histories))
	for n, events := range histories {
		m := matter.Fold(events)
		var words strings.Builder
		had := map[string]bool{}
		for _, p := range slices.Concat(written(m, events), o.printed(ctx, t, m, events), files[n]) {
			for line := range strings.Lines(hiders[n].Hide(p.Text)) {
				if line = strings.TrimSpace(line); line != "" && !had[line] {
					had[line] = true
					words.WriteString(line)
					words.WriteByte('\n')
				}
			}
		}
		out[n] = words.String()
	}
	return out, nil
}

// mergeSteps is how many steps of merging the search indexes a sweep takes at most: what is left waits for the next one.
const mergeSteps = 500

// mergeIndex brings the search indexes together, a little at a time so that nobody waits for it: each word that is looked up is looked up in each of their parts.
func (o *Office) mergeIndex(ctx context.Context) error {
	for range mergeSteps {
		more := false
		if err := o.Store.Update(ctx, 0, func(t *store.Tx) (err error) {
			more, err = t.MergeIndex(ctx)
			return err
		}); err != nil || !more {
			return err
		}
	}
	return nil
}
