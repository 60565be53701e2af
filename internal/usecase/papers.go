package usecase

import (
	"context"
	"fmt"
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/paper"
	"huiyin/internal/store"
)

// issue gives events, in place, the official documents that they give rise to, with number, template, and the facts of the day. H gives the rules,
// m is the matter before them, past are the events so far. What another system has done is not issued here: importing leaves this out.
func (o *Office) issue(ctx context.Context, t *store.Tx, who org.Actor, h history, m *matter.Matter, past, events []matter.Event) error {
	for i, e := range events {
		papers := m.PapersOf(e)
		if len(papers) == 0 {
			continue
		}
		for k := range papers {
			p := &papers[k]
			if err := o.number(ctx, t, p, e.Day); err != nil {
				return err
			}
			e.Body = matter.Numbered(e.Body, p.Number)
			p.Template = o.template(p.Kind).version
			p.Facts = o.paperFacts(m, e, *p)
			if p.Kind == matter.PaperAcceptance {
				name, err := o.inCharge(ctx, t, who, m)
				if err != nil {
					return err
				}
				p.Facts[paper.FactHandler] = name
			}
		}
		e.Papers = papers
		events[i] = e
		if err := o.paperTerm(h.rules, past, events[:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// number counts a document in the series of its unit's year. The series lies at the unit's own home, so that its matters elsewhere count in it, too.
func (o *Office) number(ctx context.Context, t *store.Tx, p *matter.Paper, day law.Day) error {
	unit, known := o.Chart().Unit(p.Unit)
	if !p.Kind.Numbered() || !known {
		return nil
	}
	year, _, _ := day.Date()
	n, err := t.NextSerial(ctx, HomeOf(unit.Place), fmt.Sprintf("paper/%d/%d", unit.ID, year))
	p.Number = o.papers.Number(unit.PaperMark(), year, n)
	return err
}

// paperFacts reads off the organisation what a document names of it.
func (o *Office) paperFacts(m *matter.Matter, e matter.Event, p matter.Paper) map[string]string {
	facts := map[string]string{}
	name := func(key string, id org.UnitID) {
		if u, ok := o.Chart().Unit(id); ok {
			facts[key] = u.Name
		}
	}
	name(paper.FactOrgan, p.Unit)
	name(paper.FactTo, p.To)
	if u, _ := o.Chart().Unit(p.Unit); u.Phone != "" {
		facts[paper.FactPhone] = u.Phone
	}
	switch b := e.Body.(type) {
	case matter.Registered:
		facts[paper.FactPlace] = o.Places.FullName(b.Submission.Place)
	case matter.Forwarded, matter.LineAssigned:
		facts[paper.FactPlace] = o.Places.FullName(m.Place())
	case matter.OpinionIssued:
		facts[paper.FactSuperior] = o.superiors(p.Unit, e.Day)
	case matter.ReviewRequested, matter.ReviewDeclined, matter.ReviewIssued, matter.ReviewServed:
		name(paper.FactFirst, m.OpinionUnit)
		if organ, ok := reviewedBy(m, p); ok {
			name(paper.FactReviewed, organ)
		}
		if i, ok := b.(matter.ReviewIssued); ok && i.Tier == matter.TierReview {
			facts[paper.FactSuperior] = o.superiors(p.Unit, e.Day)
		}
	default:
	}
	return facts
}

// reviewedBy is the organ whose review the petitioners of a document have in hand.
func reviewedBy(m *matter.Matter, p matter.Paper) (org.UnitID, bool) {
	for _, ref := range p.For {
		if s, ok := m.Stands(ref); ok && s.Tier == matter.TierReview {
			return s.Organ, true
		}
	}
	return 0, false
}

// superiors names the next higher organs of a unit, between which the petitioner chooses.
func (o *Office) superiors(unit org.UnitID, day law.Day) string {
	var names []string
	for _, u := range o.Chart().Superiors(unit, day) {
		names = append(names, u.Name)
	}
	return o.papers.Either(names)
}

// paperTerm adds to the documents of the last of the new events the period that they tell of, as it is counted today.
func (o *Office) paperTerm(rules matter.Rules, past, events []matter.Event) error {
	last := events[len(events)-1]
	if !matter.HasTerm(last.Body) {
		return nil
	}
	term, found, err := matter.Fold(slices.Concat(past, events)).TermOf(last, rules)
	if err != nil || !found {
		return err
	}
	for _, p := range last.Papers {
		p.Facts[paper.FactLength] = o.papers.Term(term.N, term.Unit)
		if p.Kind == matter.PaperReviewExtend { // the text of the place that allows it is the ground to name
			p.Facts[paper.FactArticle] = term.Article
		}
		if term.Until.Known() {
			p.Facts[paper.FactUntil] = term.Until.String()
		}
	}
	return nil
}

// inCharge is the name of who has the matter in hand: as a rule that of who takes the step.
func (o *Office) inCharge(ctx context.Context, t *store.Tx, who org.Actor, m *matter.Matter) (string, error) {
	if m.Handler == 0 || m.Handler == who.User {
		return who.Name, nil
	}
	names, err := t.PersonNames(ctx, []org.UserID{m.Handler})
	return names[m.Handler], err
}

// template is the text in force for a kind of document.
func (o *Office) template(k matter.PaperKind) paperTemplate {
	if t, changed := (*o.templates.Load())[k]; changed {
		return t
	}
	version, text := o.papers.Shipped(k)
	return paperTemplate{version: version, text: text}
}

type paperTemplate struct{ version, text string }
