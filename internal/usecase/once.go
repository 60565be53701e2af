package usecase

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"huiyin/internal/errs"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// once runs fn under an idempotency key: the answer is kept in the same transaction, and the same key with the same request gets
// the kept answer without running again. The same key with another request is refused. Without a key fn just runs.
// Request is hashed, so that nothing personal is kept; answer is filled from what was kept.
func (o *Office) once(ctx context.Context, t *store.Tx, home int64, key string, request []any, answer any, fn func() error) error {
	if key == "" {
		return fn()
	}
	text, err := json.Marshal(request)
	if err != nil {
		return fmt.Errorf("hash request: %w", err)
	}
	asked, hash := sha256.Sum256(text), sha256.Sum256([]byte(key))
	kept, found, err := t.Answered(ctx, home, hash[:])
	if err != nil {
		return err
	}
	if found {
		if !bytes.Equal(kept.Request, asked[:]) {
			return errs.E(errs.Conflict, "idempotency.other")
		}
		plain, err := o.Vault.Open(vault.Identity, kept.Answer, hash[:])
		if err != nil {
			return fmt.Errorf("kept answer: %w", err)
		}
		return json.Unmarshal(plain, answer)
	}
	if err := fn(); err != nil {
		return err
	}
	data, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	sealed, err := o.Vault.Seal(vault.Identity, data, hash[:]) // a receipt holds a PIN
	if err != nil {
		return err
	}
	return t.InsertAnswered(ctx, store.Answered{Home: home, KeyHash: hash[:], Request: asked[:], Answer: sealed, AtUS: o.Now()})
}
