package usecase

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// RenewPIN gives a petitioner who lost the receipt a new PIN at the window. The registrar has looked at the person's papers, so it is recorded as
// an opening of the identity, with its reason, and the petitioner reads it; the old PIN no longer opens anything.
func (o *Office) RenewPIN(ctx context.Context, who org.Actor, ref, submission matter.Ref, words string) (Receipt, error) {
	if err := need(who, org.RoleRegistrar, org.RoleDiscipline); err != nil {
		return Receipt{}, err
	}
	if err := errs.Fields(checkLook("verify", words)); err != nil {
		return Receipt{}, err
	}
	pin, err := newPIN(o.Random)
	if err != nil {
		return Receipt{}, err
	}
	var r Receipt
	err = o.Store.Update(ctx, ref.Home, func(t *store.Tx) error {
		h, err := o.see(ctx, t, who, ref)
		if err != nil {
			return err
		}
		s, linked := h.matter.Submission(submission)
		if !linked {
			return errs.E(errs.NotFound, "submission.not_here")
		}
		row, err := t.Submission(ctx, submission)
		if err != nil {
			return err
		}
		hash, err := o.Vault.Hash(vault.PIN, row.Code, pin)
		if err != nil {
			return err
		}
		if err := t.SetPIN(ctx, submission, hash); err != nil {
			return err
		}
		r = Receipt{
			Ref: submission, Matter: ref, Code: row.Code, PIN: pin, Title: s.Title, Demands: s.Demands, Received: s.Received, AtUS: o.Now(),
			Unit: s.Unit, Link: h.last.String(), Persons: s.Persons, Kind: h.matter.Kind,
		}
		return o.recordLook(ctx, t, who, submission, "verify", words)
	})
	return r, err
}
