package store

import (
	"context"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// Proposal is a line of the responsibility catalogue that a superior's decision proposes. It is open until an administrator has decided on it.
type Proposal struct {
	ID       int64
	Category string
	Place    int64
	Unit     org.UnitID
	Matter   matter.Ref // on which it was decided
	AtUS     int64
	Line     int64 // the line that was made of it; zero while it is open, and when it was set aside
	Open     bool
}

const proposalColumns = `proposal_id, category, place, unit_id, home, matter_id, at_us, line_id, is_open`

func scanProposal(r *Row) (Proposal, error) {
	var p Proposal
	err := r.Scan(&p.ID, &p.Category, &p.Place, &p.Unit, &p.Matter.Home, &p.Matter.N, &p.AtUS, &p.Line, &p.Open)
	return p, err
}

// SaveProposal writes a proposal.
func (t *Tx) SaveProposal(ctx context.Context, p Proposal) error {
	const q = `insert into line_proposal (` + proposalColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (proposal_id) do update set line_id = excluded.line_id, is_open = excluded.is_open`
	_, err := t.Exec(ctx, Named("proposal.save", q), p.ID, p.Category, p.Place, int64(p.Unit), p.Matter.Home, p.Matter.N, p.AtUS, p.Line, p.Open)
	return err
}

// Proposal finds a proposal by id.
func (t *Tx) Proposal(ctx context.Context, id int64) (Proposal, error) {
	const q = `select ` + proposalColumns + ` from line_proposal where proposal_id = $1`
	return One(ctx, t, Named("proposal.get", q), scanProposal, id)
}

// OpenProposals returns a page of those that wait for an administrator, in order of id.
func (t *Tx) OpenProposals(ctx context.Context, after int64, limit int) ([]Proposal, error) {
	const q = `select ` + proposalColumns + ` from line_proposal where is_open = $1 and proposal_id > $2 order by proposal_id limit $3`
	return Collect(ctx, t, Named("proposal.open", q), scanProposal, true, after, limit)
}
