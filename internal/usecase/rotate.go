package usecase

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// Rotated is what a rotation of keys has written anew.
type Rotated struct {
	People int `json:"people"` // identities
	Files  int `json:"files"`  // cards of uploads
}

// RotateOptions say what to rotate and who is told of the progress.
type RotateOptions struct {
	Purpose  vault.Purpose
	Resume   bool                           // make no new key, only go on with what is still under old ones
	Progress func(done Rotated, looked int) // after each batch; may be nil
}

// rotateBatch is how many identities or cards are written anew in one transaction, short enough for the desk not to wait.
const rotateBatch = 200

// Rotate makes a new version of a key and writes what is under older versions anew: identities and the cards of uploads, whose content keeps the key of
// its own that stands there. Old keys stay in the key file: they still open backups and what cannot be written anew, the words of sealed events, whose
// bytes the chain covers, and check the PINs, which nobody knows. It goes in batches, may be stopped at any time and goes on with Resume.
func (o *Office) Rotate(ctx context.Context, who org.Actor, opt RotateOptions) (Rotated, error) {
	var out Rotated
	if who.Kind != org.ActorSystem {
		return out, errs.E(errs.Forbidden, "auth.duty")
	}
	if !opt.Resume {
		if err := o.Vault.Rotate(opt.Purpose); err != nil {
			return out, err
		}
	}
	if p := opt.Purpose; p != vault.Identity && p != vault.Sealed && p != vault.Lookup {
		return out, nil // hashes of what nobody keeps: older versions go on to match
	}
	looked := 0
	tell := func() {
		if opt.Progress != nil {
			opt.Progress(out, looked)
		}
	}
	after := store.PartyRow{}
	for {
		var rows []store.PartyRow
		err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			rows, err = t.PartiesAfter(ctx, after, rotateBatch)
			return err
		})
		if err != nil {
			return out, err
		}
		if len(rows) == 0 {
			break
		}
		for _, group := range byHome(rows, func(r store.PartyRow) int64 { return r.Submission.Home }) {
			n, err := o.rotateParties(ctx, group, opt.Purpose)
			if err != nil {
				return out, err
			}
			out.People += n
		}
		looked += len(rows)
		after = rows[len(rows)-1]
		tell()
	}
	if opt.Purpose == vault.Lookup {
		return out, nil
	}
	if opt.Purpose == vault.Identity {
		if err := o.rotateHookSecrets(ctx); err != nil {
			return out, err
		}
		if err := o.rotateNoticeSecrets(ctx); err != nil {
			return out, err
		}
	}
	return out, o.rotateFiles(ctx, opt.Purpose, func(done, seen int) {
		out.Files += done
		looked += seen
		tell()
	})
}

// byHome parts rows that are in order of home.
func byHome[T any](rows []T, home func(T) int64) [][]T {
	var out [][]T
	for len(rows) > 0 {
		first := home(rows[0])
		n := slices.IndexFunc(rows, func(r T) bool { return home(r) != first })
		if n < 0 {
			n = len(rows)
		}
		out, rows = append(out, rows[:n]), rows[n:]
	}
	return out
}

// rotateParties writes identities of one home anew that are under an older key of the purpose.
func (o *Office) rotateParties(ctx context.Context, rows []store.PartyRow, purpose vault.Purpose) (int, error) {
	home, done := rows[0].Submission.Home, 0
	err := o.Store.Update(ctx, home, func(t *store.Tx) error {
		done = 0
		sealed := map[matter.Ref]bool{}
		var submissions []int64
		for _, r := range rows {
			if _, known := sealed[r.Submission]; known {
				continue
			}
			s, err := t.Submission(ctx, r.Submission)
			if err != nil {
				return err
			}
			sealed[r.Submission] = s.Sealed
			submissions = append(submissions, r.Submission.N)
		}
		fresh, err := t.Parties(ctx, home, submissions) // as they are now, inside this transaction
		if err != nil {
			return err
		}
		for _, r := range fresh {
			again, err := o.rotateParty(r, sealed[r.Submission], purpose)
			if err != nil {
				return err
			}
			if again == nil {
				continue
			}
			if err := t.UpdateParty(ctx, *again); err != nil {
				return err
			}
			done++
		}
		return nil
	})
	return done, err
}

// rotateParty returns the row under the newest key of a purpose, nil where it is so already.
func (o *Office) rotateParty(r store.PartyRow, sealed bool, purpose vault.Purpose) (*store.PartyRow, error) {
	if purpose == vault.Lookup {
		return o.rehash(r, sealed)
	}
	under := identityKey(sealed)
	if under != purpose || !o.Vault.NeedsRotation(r.Body) {
		return nil, nil //nolint:nilnil // nothing to do is an answer of its own
	}
	plain, err := o.Vault.Open(under, r.Body, partyPlace(r.Submission, r.N))
	if err != nil {
		return nil, fmt.Errorf("submission %s person %d: %w", r.Submission, r.N, err)
	}
	r.Body, err = o.Vault.Seal(under, plain, partyPlace(r.Submission, r.N))
	r.IDHash = append([]byte{}, r.IDHash...) // an empty one comes back from the store as none
	return &r, err
}

// rehash makes the hash by which an identity number is found with the newest key.
func (o *Office) rehash(r store.PartyRow, sealed bool) (*store.PartyRow, error) {
	if len(r.IDHash) == 0 {
		return nil, nil //nolint:nilnil // nothing to do is an answer of its own
	}
	p, err := o.openParty(r, sealed)
	if err != nil {
		return nil, err
	}
	hash, err := o.Vault.Hash(vault.Lookup, p.IDNumber)
	if err != nil || bytes.Equal(hash, r.IDHash) {
		return nil, err
	}
	r.IDHash = hash
	return &r, nil
}

// rotateNoticeSecrets puts the secrets of the gateways under the newest key.
func (o *Office) rotateNoticeSecrets(ctx context.Context) error {
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		text, err := t.Setting(ctx, settingNoticeSecret)
		if err != nil {
			return err
		}
		kept, err := o.openNoticeSecrets(text)
		if err != nil {
			return err
		}
		if text, err = o.sealNoticeSecrets(kept); err != nil {
			return err
		}
		return t.SetSetting(ctx, settingNoticeSecret, text)
	})
}
