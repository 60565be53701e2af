package usecase

import (
	"context"
	"slices"
	"strings"

	"huiyin/internal/matter"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

const (
	// mostExcerpts is how many texts of one matter an excerpt is cut out of.
	mostExcerpts = 3
	// excerptFiles is how many bytes of what is written inside uploads are read for one page, as they lie: so much is opened and searched in a fraction
	// of a second. Where more would have to be, nothing is cut out of it.
	excerptFiles = 1 << 20
)

// finding collects the excerpts of one matter.
type finding struct {
	ref      matter.Ref
	matter   *matter.Matter
	events   []matter.Event
	hide     query.Hider
	rest     query.Query // what has not been found yet
	excerpts []Excerpt
}

// excerpts cuts out of the texts by which matters were found where the words stand, but for the number and title that stand in their rows. Each home is
// read in a few statements. Documents are printed and files opened only where words are missing in all that lies nearer. A sealed matter has none.
func (o *Office) excerpts(ctx context.Context, t *store.Tx, rows []matter.Row, words query.Query) (map[matter.Ref][]Excerpt, error) {
	homes := map[int64][]int64{}
	for _, r := range rows {
		if !r.Sealed {
			homes[r.Ref.Home] = append(homes[r.Ref.Home], r.Ref.N)
		}
	}
	out := map[matter.Ref][]Excerpt{}
	for home, numbers := range homes {
		histories, err := o.histories(ctx, t, home, numbers)
		if err != nil {
			return nil, err
		}
		hiders, err := o.hiders(ctx, t, home, histories)
		if err != nil {
			return nil, err
		}
		var open []*finding
		for _, n := range numbers {
			f := &finding{ref: matter.Ref{Home: home, N: n}, matter: matter.Fold(histories[n]), events: histories[n], hide: hiders[n]}
			f.rest = words.Missing(f.ref.String() + "\n" + f.matter.Title())
			f.cut(words, written(f.matter, f.events))
			if !f.rest.Empty() {
				f.cut(words, o.printed(ctx, t, f.matter, f.events))
			}
			if !f.rest.Empty() {
				open = append(open, f)
			}
			out[f.ref] = f.excerpts
		}
		missing := make([]int64, len(open))
		for i, f := range open {
			missing[i] = f.ref.N
		}
		files, err := o.inside(ctx, t, home, missing, indexedFiles, excerptFiles)
		if err != nil {
			return nil, err
		}
		for _, f := range open {
			f.cut(words, files[f.ref.N])
			out[f.ref] = f.excerpts
		}
	}
	return out, nil
}

// cut takes an excerpt of the first text with any of the words, and of each further one with some that are still missing.
func (f *finding) cut(words query.Query, from []passage) {
	for _, p := range from {
		if len(f.excerpts) == mostExcerpts || len(f.excerpts) > 0 && f.rest.Empty() {
			return
		}
		if p.Source == SourceSaid { // without what stands in the row
			lines := slices.DeleteFunc(strings.Split(p.Text, "\n"), func(s string) bool { return s == f.ref.String() || s == f.matter.Title() })
			p.Text = strings.Join(lines, "\n")
		}
		text := f.hide.Hide(p.Text)
		rest := f.rest.Missing(text)
		if len(f.excerpts) > 0 && len(rest.Want) == len(f.rest.Want) {
			continue
		}
		if parts := words.Excerpt(text); len(parts) > 0 {
			f.excerpts = append(f.excerpts, Excerpt{Source: p.Source, Name: p.Name, Paper: p.Paper, File: p.File, Parts: parts})
			f.rest = rest
		}
	}
}
