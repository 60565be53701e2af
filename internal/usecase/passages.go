package usecase

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/paper"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

// Source says where in a matter a text stands.
type Source string

// The sources, in the order in which they are looked at.
const (
	SourceSaid   Source = "said"   // by the petitioners
	SourceAnswer Source = "answer" // to them, as it was issued
	SourceStep   Source = "step"   // written with a step: notes, reasons, reports
	SourcePaper  Source = "paper"  // an official document
	SourceFile   Source = "file"   // what is written inside an upload
)

// Sources lists them.
func Sources() []Source {
	return []Source{SourceSaid, SourceAnswer, SourceStep, SourcePaper, SourceFile}
}

// passage is a text of a matter, with where it stands.
type passage struct {
	Source Source
	Name   string // of a document or an upload
	Paper  int    // number of the document
	File   string // id of the upload
	Text   string
}

// changesWords reports whether an event changes what a matter is found by.
func changesWords(e matter.Event) bool {
	switch e.Body.(type) {
	case matter.Registered, matter.Joined, matter.Left:
		return true
	default:
		return len(e.Papers) > 0 || len(matter.Texts(e.Body)) > 0
	}
}

// said is what the petitioners say, with the numbers under which they know it.
func said(m *matter.Matter) []string {
	var out []string
	for _, s := range m.Submissions {
		out = append(out, s.Ref.String(), s.Title, s.Narrative, s.PlaceNote)
	}
	for _, d := range m.Demands {
		out = append(out, d.Text)
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// written are the texts of a matter that stand in its events. A draft is no answer before it is issued.
func written(m *matter.Matter, events []matter.Event) []passage {
	texts := make(map[Source][]string)
	texts[SourceSaid] = said(m)
	var draft []string
	reviews := map[int][]string{}
	for _, e := range events {
		words := matter.Texts(e.Body)
		source := SourceStep
		if e.By.Kind == org.ActorPetitioner {
			source = SourceSaid
		}
		switch b := e.Body.(type) {
		case matter.OpinionDrafted:
			draft, words = words, nil
		case matter.OpinionIssued:
			source, words = SourceAnswer, append(words, draft...)
		case matter.ReviewDrafted:
			reviews[b.Review], words = words, nil
		case matter.ReviewIssued:
			source, words = SourceAnswer, append(words, reviews[b.Review]...)
		case matter.Replied, matter.MediationAgreed:
			source = SourceAnswer
		case matter.MaterialAdded, matter.DemandAdded, matter.ReviewRequested:
			source = SourceSaid // also what the desk takes down for them
		default:
		}
		texts[source] = append(texts[source], words...)
	}
	for _, d := range m.Demands {
		if d.Answer != nil { // one that joined may have been answered elsewhere
			texts[SourceAnswer] = append(texts[SourceAnswer], d.Answer.Facts, d.Answer.Basis, d.Answer.Promise)
		}
	}
	var out []passage
	for _, s := range []Source{SourceSaid, SourceAnswer, SourceStep} {
		out = append(out, passage{Source: s, Text: strings.Join(texts[s], "\n")})
	}
	return out
}

// printed are the texts of a matter's official documents, with nobody named in them. What cannot be printed any more is not found by it.
func (o *Office) printed(ctx context.Context, t *store.Tx, m *matter.Matter, events []matter.Event) []passage {
	var out []passage
	for _, p := range m.Papers {
		s := paper.Subject{Events: events[:p.Event], Paper: p}
		if len(p.For) > 0 {
			s.Copy = p.For[0]
		}
		doc, err := o.fill(ctx, t, p.Kind, p.Template, o.papers.Values(s))
		if err != nil {
			o.Log.LogAttrs(ctx, slog.LevelWarn, "a document is not indexed", slog.String("matter", m.Ref.String()), slog.Int("document", p.N), slog.Any("err", err))
			continue
		}
		out = append(out, passage{Source: SourcePaper, Name: o.papers.Title(p.Kind), Paper: p.N, Text: doc.Text()})
	}
	return out
}

// hiderOf takes out of texts who some people are.
func hiderOf(people []matter.Petitioner) query.Hider {
	list := make([]query.Person, len(people))
	for i, p := range people {
		list[i] = query.Person{Name: p.Name, Numbers: []string{p.IDNumber, p.Phone, p.Email}, Address: p.Address}
	}
	return query.NewHider(list)
}

// hiders are those of some matters of one home, by their numbers: for the people of all submissions that hang or have hung on them.
func (o *Office) hiders(ctx context.Context, t *store.Tx, home int64, histories map[int64][]matter.Event) (map[int64]query.Hider, error) {
	of := map[int64][]int64{} // matters by submission
	for n, events := range histories {
		for _, e := range events {
			switch b := e.Body.(type) {
			case matter.Registered:
				of[b.Submission.Ref.N] = append(of[b.Submission.Ref.N], n)
			case matter.Joined:
				of[b.Submission.Ref.N] = append(of[b.Submission.Ref.N], n)
			default:
			}
		}
	}
	submissions := make([]int64, 0, len(of))
	for s := range of {
		submissions = append(submissions, s)
	}
	slices.Sort(submissions)
	rows, err := t.Parties(ctx, home, submissions)
	if err != nil {
		return nil, err
	}
	people := map[int64][]matter.Petitioner{}
	for _, r := range rows {
		p, err := o.openParty(r, false)
		if err != nil {
			return nil, err
		}
		for _, n := range of[r.Submission.N] {
			people[n] = append(people[n], p)
		}
	}
	out := make(map[int64]query.Hider, len(histories))
	for n := range histories {
		out[n] = hiderOf(people[n])
	}
	return out, nil
}

// inside are the words inside uploads of some matters of one home, by the numbers of the matters: of each matter and of all together no more than so
// many bytes, as they lie, in order.
func (o *Office) inside(ctx context.Context, t *store.Tx, home int64, matters []int64, each, all int64) (map[int64][]passage, error) {
	rows, err := t.TextsOf(ctx, home, matters)
	if err != nil {
		return nil, err
	}
	var ids []string
	used := map[int64]int64{}
	for _, r := range rows {
		if r.State != store.TextFound || used[r.Matter]+r.Size > each || all < r.Size {
			continue
		}
		used[r.Matter] += r.Size
		all -= r.Size
		ids = append(ids, r.Attachment)
	}
	texts, err := t.Texts(ctx, home, ids)
	if err != nil {
		return nil, err
	}
	out := map[int64][]passage{}
	for _, x := range texts {
		c, text, err := o.Files.text(x)
		if err != nil {
			return nil, err
		}
		out[x.Matter] = append(out[x.Matter], passage{Source: SourceFile, Name: c.Name, File: x.Attachment, Text: text})
	}
	return out, nil
}
