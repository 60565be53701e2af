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

// onceKey is an idempotency key and the request it came with. Both are hashed, so that nothing personal is kept; that is done before the
// transaction, in which all others wait.
type onceKey struct {
	given         bool
	hash, request [sha256.Size]byte
}

func newOnceKey(key string, request ...any) (onceKey, error) {
	if key == "" {
		return onceKey{}, nil
	}
	text, err := json.Marshal(request)
	if err != nil {
		return onceKey{}, fmt.Errorf("hash request: %w", err)
	}
	return onceKey{given: true, hash: sha256.Sum256([]byte(key)), request: sha256.Sum256(text)}, nil
}

// once runs fn under an idempotency key: the answer is kept in the same transaction, and the same key with the same request gets
// the kept answer without running again. The same key with another request is refused. Without a key fn just runs.
// Answer is filled from what was kept.
func (o *Office) once(ctx context.Context, t *store.Tx, home int64, key onceKey, answer any, fn func() error) error {
	if !key.given {
		return fn()
	}
	kept, found, err := t.Answered(ctx, home, key.hash[:])
	if err != nil {
		return err
	}
	if found {
		if !bytes.Equal(kept.Request, key.request[:]) {
			return errs.E(errs.Conflict, "idempotency.other")
		}
		plain, err := o.Vault.Open(vault.Identity, kept.Answer, key.hash[:])
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
	sealed, err := o.Vault.Seal(vault.Identity, data, key.hash[:]) // a receipt holds a PIN
	if err != nil {
		return err
	}
	return t.InsertAnswered(ctx, store.Answered{Home: home, KeyHash: key.hash[:], Request: key.request[:], Answer: sealed, AtUS: o.Now()})
}
