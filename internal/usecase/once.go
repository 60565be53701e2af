package usecase

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"unicode/utf8"

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

// onceText is the key of a request that is one long text, hashed as it comes: it equals newOnceKey(given, text).
type onceText struct {
	given string
	sum   hash.Hash
	held  []byte // what may end in the middle of a character
}

func newOnceText(given string) *onceText {
	t := &onceText{given: given, sum: sha256.New()}
	_, _ = t.sum.Write([]byte(`["`)) // a hash.Hash never returns an error
	return t
}

// Write takes more of the text.
func (t *onceText) Write(b []byte) (int, error) {
	t.held = append(t.held, b...)
	end := len(t.held) // of the last whole character
	for at := end - 1; at >= max(0, end-utf8.UTFMax); at-- {
		if utf8.RuneStart(t.held[at]) {
			if !utf8.FullRune(t.held[at:]) {
				end = at
			}
			break
		}
	}
	err := t.hash(t.held[:end])
	t.held = append(t.held[:0], t.held[end:]...)
	return len(b), err
}

func (t *onceText) hash(b []byte) error {
	text, err := json.Marshal(string(b))
	if err != nil {
		return fmt.Errorf("hash request: %w", err)
	}
	_, err = t.sum.Write(text[1 : len(text)-1]) // without its quotes
	return err
}

// key ends the text.
func (t *onceText) key() (onceKey, error) {
	if err := t.hash(t.held); err != nil {
		return onceKey{}, err
	}
	k := onceKey{given: true, hash: sha256.Sum256([]byte(t.given))}
	_, _ = t.sum.Write([]byte(`"]`)) // as above
	t.sum.Sum(k.request[:0])
	return k, nil
}

// once runs fn in a write transaction of a home under an idempotency key: the answer is kept in the same transaction, and the same key with the
// same request gets the kept answer, whatever fn says the second time. The same key with another request is refused. Without a key fn just runs.
// Answer is what fn fills, or is filled from what was kept. Nobody looks first whether there is an answer: nearly always there is none, and a
// key that is there makes the transaction fail.
func (o *Office) once(ctx context.Context, home int64, key onceKey, answer any, fn func(*store.Tx) error) error {
	failed := o.Store.Update(ctx, home, func(t *store.Tx) error {
		if err := fn(t); err != nil || !key.given {
			return err
		}
		return o.keep(ctx, t, home, key, answer)
	})
	if failed == nil || !key.given {
		return failed
	}
	var kept store.Answered
	var found bool
	err := o.Store.Read(ctx, func(t *store.Tx) (err error) {
		kept, found, err = t.Answered(ctx, home, key.hash[:])
		return err
	})
	switch {
	case err != nil || !found:
		return failed
	case !bytes.Equal(kept.Request, key.request[:]):
		return errs.E(errs.Conflict, "idempotency.other")
	}
	plain, err := o.Vault.Open(vault.Sealed, kept.Answer, key.hash[:])
	if err != nil {
		return fmt.Errorf("kept answer: %w", err)
	}
	return json.Unmarshal(plain, answer)
}

// keep writes the answer down, encrypted: a receipt holds a PIN, and may be an accusation's.
func (o *Office) keep(ctx context.Context, t *store.Tx, home int64, key onceKey, answer any) error {
	data, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	sealed, err := o.Vault.Seal(vault.Sealed, data, key.hash[:])
	if err != nil {
		return err
	}
	return t.InsertAnswered(ctx, store.Answered{Home: home, KeyHash: key.hash[:], Request: key.request[:], Answer: sealed, AtUS: o.Now()})
}
