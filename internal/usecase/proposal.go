package usecase

import (
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// propose keeps what a superior decided on a matter as a proposal: a line that the responsibility catalogue could have, unless it says so already.
// An administrator makes a line of it or sets it aside; a sealed matter leaves none. The words of the decision stay with the matter: they may speak of
// people, and neither administrators nor readers of the catalogue need to see the matter.
func (o *Office) propose(ctx context.Context, t *store.Tx, m *matter.Matter, b matter.DisputeDecided) error {
	if m.Sealed || m.Category == "" {
		return nil
	}
	lines, err := t.Responsibilities(ctx, []string{m.Category}, []int64{m.Place()}, o.Today())
	if err != nil || slices.ContainsFunc(lines, func(l store.Responsibility) bool { return l.Unit == b.Unit }) {
		return err
	}
	id, err := t.NextLocal(ctx, "line_proposal")
	if err != nil {
		return err
	}
	return t.SaveProposal(ctx, store.Proposal{
		ID: id, Category: m.Category, Place: m.Place(), Unit: b.Unit, Matter: m.Ref, AtUS: o.Now(), Open: true,
	})
}

// ProposalView is a proposal with its unit. Its matter is zero for who may not see that.
type ProposalView struct {
	store.Proposal
	At org.Unit
}

// Number is that of its matter; empty for who may not see that.
func (v ProposalView) Number() string {
	if v.Matter.IsZero() {
		return ""
	}
	return v.Matter.String()
}

// ProposalPage is a bounded part of the proposals that wait. Next is the id to go on from, zero at the end.
type ProposalPage struct {
	Proposals []ProposalView
	Next      int64
}

// Proposals returns a page of the proposals that wait for an administrator, in order of id, of the units that the actor's duty takes in. Auditors
// read them, too.
func (o *Office) Proposals(ctx context.Context, who org.Actor, after int64, limit int) (ProposalPage, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return ProposalPage{}, err
	}
	limit = min(max(limit, 1), maxLines)
	var page ProposalPage
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.OpenProposals(ctx, after, limit+1)
		if err != nil {
			return err
		}
		if len(rows) > limit {
			rows = rows[:limit]
			page.Next = rows[limit-1].ID
		}
		page.Proposals, err = o.proposalViews(ctx, t, who, slices.DeleteFunc(rows, func(p store.Proposal) bool { return !governs(who, o.Chart(), p.Unit) }))
		return err
	})
	return page, err
}

// Proposal returns a proposal that waits and whose unit the administrator's duty takes in.
func (o *Office) Proposal(ctx context.Context, who org.Actor, id int64) (ProposalView, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return ProposalView{}, err
	}
	var v ProposalView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		p, err := o.openProposal(ctx, t, who, id)
		if err != nil {
			return err
		}
		views, err := o.proposalViews(ctx, t, who, []store.Proposal{p})
		if err == nil {
			v = views[0]
		}
		return err
	})
	return v, err
}

// proposalViews names of each proposal the unit, and the matter where the actor may see it.
func (o *Office) proposalViews(ctx context.Context, t *store.Tx, who org.Actor, rows []store.Proposal) ([]ProposalView, error) {
	refs := make([]matter.Ref, len(rows))
	for i, p := range rows {
		refs[i] = p.Matter
	}
	seen, err := seen(ctx, t, who.Scope(), refs)
	if err != nil {
		return nil, err
	}
	var out []ProposalView
	for _, p := range rows {
		v := ProposalView{Proposal: p}
		v.At, _ = o.Chart().Unit(p.Unit)
		if !seen[p.Matter] {
			v.Matter = matter.Ref{}
		}
		out = append(out, v)
	}
	return out, nil
}

// openProposal finds a proposal that the administrator may decide on.
func (o *Office) openProposal(ctx context.Context, t *store.Tx, who org.Actor, id int64) (store.Proposal, error) {
	p, err := t.Proposal(ctx, id)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return p, err
	}
	if err != nil || !governs(who, o.Chart(), p.Unit) || !p.Open {
		return p, errs.E(errs.NotFound, "proposal.not_found")
	}
	return p, nil
}

// proposalRecord is a proposal in the record of changes.
type proposalRecord struct {
	Category string     `json:"category"`
	Place    int64      `json:"place"`
	Unit     org.UnitID `json:"unit"`
	Decision string     `json:"decision,omitempty"` // "confirmed" or "dropped"
}

func recordOfProposal(p store.Proposal, decision string) proposalRecord {
	return proposalRecord{Category: p.Category, Place: p.Place, Unit: p.Unit, Decision: decision}
}

// ConfirmProposal makes a line of the catalogue of a proposal, in force from today, and returns the line's id. Why is what the catalogue says of it.
func (o *Office) ConfirmProposal(ctx context.Context, who org.Actor, id int64, why, whyEnglish string) (line int64, err error) {
	err = o.decideProposal(ctx, who, id, func(t *store.Tx, p store.Proposal) (int64, error) {
		l, err := o.checkedLine(who, Line{Category: p.Category, Place: p.Place, Unit: p.Unit, Why: why, WhyEnglish: whyEnglish, From: law.NoDay})
		if err != nil {
			return 0, err
		}
		if line, err = t.NextLocal(ctx, "responsibility"); err != nil {
			return 0, err
		}
		return line, o.saveLine(ctx, t, who, nil, l.row(line))
	})
	return line, err
}

// DropProposal sets a proposal aside.
func (o *Office) DropProposal(ctx context.Context, who org.Actor, id int64) error {
	return o.decideProposal(ctx, who, id, func(*store.Tx, store.Proposal) (int64, error) { return 0, nil })
}

func (o *Office) decideProposal(ctx context.Context, who org.Actor, id int64, decide func(*store.Tx, store.Proposal) (int64, error)) error {
	if err := need(who, org.RoleAdmin); err != nil {
		return err
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		p, err := o.openProposal(ctx, t, who, id)
		if err != nil {
			return err
		}
		if p.Line, err = decide(t, p); err != nil {
			return err
		}
		p.Open = false
		decision := "confirmed"
		if p.Line == 0 {
			decision = "dropped"
		}
		if err := o.noteChange(ctx, t, who, changeProposal, p.ID, recordOfProposal(p, ""), recordOfProposal(p, decision)); err != nil {
			return err
		}
		return t.SaveProposal(ctx, p)
	})
}
