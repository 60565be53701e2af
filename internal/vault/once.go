package vault

import (
	"io"

	"github.com/emmansun/gmsm/sm4"

	"huiyin/internal/errs"
)

// A text under a key of its own is laid out as
//
//	1 byte    version of the layout, 0x02
//	n bytes   SM4-GCM of the plaintext, with the first byte as additional data and a nonce of zeros
//	16 bytes  tag
//
// The key encrypts this one text and never another, so the nonce need not differ from anything.
const layoutOnce = 0x02

// OnceOverhead is how many bytes a ciphertext of SealOnce is longer than its plaintext.
const OnceOverhead = 1 + tagSize

// SealOnce encrypts a text under a key of its own, which it makes and returns. Whoever keeps that key under a purpose (Seal) can put it under a
// newer key, or under another purpose, without touching the text, which may be large. The same plaintext never gives the same ciphertext.
func (r *Keyring) SealOnce(plaintext []byte) (key, ciphertext []byte, err error) {
	key = make([]byte, sm4.BlockSize)
	if _, err := io.ReadFull(r.random, key); err != nil {
		return nil, nil, errs.E(errs.Internal, "vault.random").Because(err)
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, nil, err
	}
	out := make([]byte, 1, OnceOverhead+len(plaintext))
	out[0] = layoutOnce
	return key, aead.Seal(out, make([]byte, nonceSize), plaintext, out[:1]), nil
}

// OpenOnce decrypts what SealOnce made. The error is "vault.broken" when the ciphertext was changed or cut, or belongs to another key.
func OpenOnce(key, ciphertext []byte) ([]byte, error) {
	if len(key) != sm4.BlockSize || len(ciphertext) < OnceOverhead || ciphertext[0] != layoutOnce {
		return nil, errs.E(errs.Internal, "vault.broken")
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	plaintext, err := aead.Open(nil, make([]byte, nonceSize), ciphertext[1:], ciphertext[:1])
	if err != nil {
		return nil, errs.E(errs.Internal, "vault.broken").Because(err)
	}
	return plaintext, nil
}
