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
func (o *Office) RenewPIN(ctx context.Context, who org.Actor, ref, submission matter.Ref, words string) (code, pin string, err error) {
	if err := need(who, org.RoleRegistrar, org.RoleDiscipline); err != nil {
		return "", "", err
	}
	if err := errs.Fields(checkLook("verify", words)); err != nil {
		return "", "", err
	}
	if pin, err = newPIN(o.Random); err != nil {
		return "", "", err
	}
	err = o.Store.Update(ctx, ref.Home, func(t *store.Tx) error {
		h, err := o.see(ctx, t, who, ref)
		if err != nil {
			return err
		}
		if _, linked := h.matter.Submission(submission); !linked {
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
		code = row.Code
		if err := t.SetPIN(ctx, submission, hash); err != nil {
			return err
		}
		return o.recordLook(ctx, t, who, submission, "verify", words)
	})
	if err != nil {
		return "", "", err
	}
	return code, pin, nil
}
