package usecase

import (
	"context"
	"encoding/json"
	"fmt"

	"huiyin/internal/matter"
	"huiyin/internal/proof"
	"huiyin/internal/store"
)

// lookLink is the link of an opening in its home's record of looks.
func lookLink(prev proof.Link, l store.LookRow) proof.Link {
	body, err := json.Marshal([]any{l.Submission, l.User, l.Unit, l.Reason, l.Words})
	if err != nil { // of numbers and texts: cannot fail
		body = nil
	}
	return proof.Next(prev, l.Home, l.ID, 1, l.AtUS, leafLook, body)
}

// Sequence gives waiting links their places in the logs of their homes, in batches, and reports how many. It runs behind the desk, so
// that no registration waits for another home's, and may run twice.
func (o *Office) Sequence(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := o.sequence(ctx)
		total += n
		if n == 0 || err != nil {
			return total, err
		}
	}
}

// batch is how many links are given their places in one transaction, and how many rows verification reads at a time.
const batch = 500

func (o *Office) sequence(ctx context.Context) (int, error) {
	var home int64
	var waits bool
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		home, waits, err = t.LeafHome(ctx)
		return err
	})
	if err != nil || !waits {
		return 0, err
	}
	done := 0
	err = o.Store.Update(ctx, home, func(t *store.Tx) error {
		leaves, err := t.LeavesOf(ctx, home, batch) // whoever writes to the home has it alone
		if done = len(leaves); err != nil || done == 0 {
			return err
		}
		head, _, err := t.ChainHead(ctx, home)
		if err != nil {
			return err
		}
		var prev proof.Link
		if head.Pos > 0 {
			prev, _ = proof.LinkOf(head.Link)
		}
		pos := head.Pos
		for _, l := range leaves {
			leaf, ok := proof.LinkOf(l.Link)
			if !ok {
				return fmt.Errorf("leaf %s %d/%d of home %d is not a link", l.Kind, l.Subject, l.Seq, home)
			}
			pos++
			prev = proof.Append(prev, pos, leaf)
			if err := t.AppendChain(ctx, store.ChainRow{
				Home: home, Pos: pos, Kind: l.Kind, Subject: l.Subject, Seq: l.Seq, Leaf: l.Link, Link: prev[:], AtUS: o.Now(),
			}); err != nil {
				return err
			}
		}
		return t.RemoveLeaves(ctx, leaves[done-1])
	})
	return done, err
}

// Proof is where a matter's newest link stands.
type Proof struct {
	Link   string
	Seq    int
	Pos    int64  // place in the home's log; zero while it waits
	Head   int64  // length of the log
	HeadIs string // link of the log's last place
}

// ProofOf says where a matter's registration stands in its home's log, for the receipt and the foot of the page.
func (o *Office) ProofOf(ctx context.Context, ref matter.Ref) (Proof, error) {
	var p Proof
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		head, _, err := t.ChainHead(ctx, ref.Home)
		if err != nil {
			return err
		}
		if link, ok := proof.LinkOf(head.Link); ok {
			p.Head, p.HeadIs = head.Pos, link.String()
		}
		at, found, err := t.ChainOf(ctx, ref.Home, leafEvent, ref.N, 1)
		if err != nil || !found {
			return err
		}
		leaf, _ := proof.LinkOf(at.Leaf)
		p.Link, p.Seq, p.Pos = leaf.String(), at.Seq, at.Pos
		return nil
	})
	return p, err
}
