// Package vault keeps what must stay secret: it encrypts identity and sealed text with SM4-GCM and makes keyed
// hashes with HMAC-SM3 (GB/T 32907, GB/T 32905), each purpose under its own keys.
//
// A ciphertext carries the id of its key, so keys can be changed at any time: the newest version of a purpose
// encrypts, every version decrypts. The layout of a ciphertext is
//
//	1 byte    version of the layout, 0x01
//	8 bytes   id of the key
//	12 bytes  nonce
//	n bytes   SM4-GCM of the plaintext, with the first nine bytes and the caller's bytes as additional data
//	16 bytes  tag
//
// A large text gets a key of its own instead, which is kept under a purpose: see SealOnce, and SealStream for one that is never held whole.
package vault

import (
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"sync"
	"sync/atomic"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"huiyin/internal/errs"
)

// Purpose says what a key is for. A key serves one purpose only.
type Purpose string

// The purposes. The first two encrypt, the others hash.
const (
	Identity Purpose = "identity" // names, ID numbers, telephones, addresses, what people hand in
	Sealed   Purpose = "sealed"   // text of accusations, who raised them, what they handed in
	Lookup   Purpose = "lookup"   // hashes by which ID numbers are compared
	PIN      Purpose = "pin"      // hashes of query PINs
	Session  Purpose = "session"  // hashes for what a session hands out and takes back
)

func purposes() []Purpose { return []Purpose{Identity, Sealed, Lookup, PIN, Session} }

func (p Purpose) encrypts() bool { return p == Identity || p == Sealed }

// keySize is the length of a new key: SM4 has one, and HMAC-SM3 takes as many bytes as its hash is long.
func (p Purpose) keySize() int {
	if p.encrypts() {
		return sm4.BlockSize
	}
	return sm3.Size
}

const (
	layout     = 0x01
	idSize     = 8
	headerSize = 1 + idSize
	nonceSize  = 12
	tagSize    = 16

	// Overhead is how many bytes a ciphertext is longer than its plaintext.
	Overhead = headerSize + nonceSize + tagSize
)

type keyID [idSize]byte

// key is one version of one purpose, ready for use by many goroutines at once.
type key struct {
	id      keyID
	purpose Purpose
	version int
	secret  []byte
	aead    cipher.AEAD // of purposes that encrypt
	macs    *sync.Pool  // of purposes that hash
}

func newKey(id keyID, purpose Purpose, version int, secret []byte) (*key, error) {
	k := &key{id: id, purpose: purpose, version: version, secret: secret}
	if !purpose.encrypts() {
		k.macs = &sync.Pool{New: func() any { return hmac.New(sm3.New, secret) }}
		return k, nil
	}
	var err error
	if k.aead, err = newAEAD(secret); err != nil {
		return nil, fmt.Errorf("key %x: %w", id, err)
	}
	return k, nil
}

// newAEAD makes SM4-GCM under a key.
func newAEAD(secret []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(secret)
	if err != nil {
		return nil, fmt.Errorf("SM4: %w", err)
	}
	return cipher.NewGCM(block)
}

// ring is a set of keys that never changes; a rotation makes a new one.
type ring struct {
	byID      map[keyID]*key
	byPurpose map[Purpose][]*key // newest first
}

// Keyring encrypts, decrypts and hashes. It may be used by many goroutines at once. Make it with Create, Load or
// Parse.
type Keyring struct {
	path   string // "" when the keys did not come from a file
	random io.Reader
	saving sync.Mutex // held while the file is read or written
	ring   atomic.Pointer[ring]
}

// Place gives the bytes that bind a ciphertext to one field of one row, to be passed to Seal and Open: copied to
// another row or another field, it does not open.
func Place(home, id int64, field string) []byte {
	b := make([]byte, 0, 16+len(field))
	b = binary.BigEndian.AppendUint64(b, uint64(home)) //nolint:gosec // any one-to-one form will do
	b = binary.BigEndian.AppendUint64(b, uint64(id))   //nolint:gosec // any one-to-one form will do
	return append(b, field...)
}

// Seal encrypts plaintext with the newest key of a purpose that encrypts. aad is not kept in the ciphertext and must be
// given to Open again (see Place).
func (r *Keyring) Seal(purpose Purpose, plaintext, aad []byte) ([]byte, error) {
	keys := r.ring.Load().byPurpose[purpose]
	if len(keys) == 0 || keys[0].aead == nil {
		return nil, errs.E(errs.Internal, "vault.purpose", "purpose", string(purpose))
	}
	k := keys[0]
	out := make([]byte, headerSize+nonceSize, Overhead+len(plaintext))
	out[0] = layout
	copy(out[1:], k.id[:])
	nonce := out[headerSize:]
	if _, err := io.ReadFull(r.random, nonce); err != nil {
		return nil, errs.E(errs.Internal, "vault.random").Because(err)
	}
	return k.aead.Seal(out, nonce, plaintext, bind(out[:headerSize], aad)), nil
}

// Open decrypts what Seal made for the same purpose and aad, under whichever version of the key. The error is
// "vault.key_unknown" when the keyring lacks the key, "vault.broken" when the ciphertext was changed, cut, moved to
// another place or belongs to another purpose.
func (r *Keyring) Open(purpose Purpose, ciphertext, aad []byte) ([]byte, error) {
	id, ok := idOf(ciphertext)
	if !ok {
		return nil, errs.E(errs.Internal, "vault.broken")
	}
	k := r.ring.Load().byID[id]
	if k == nil {
		// another process may have rotated since this one read the file
		if err := r.Reload(); err != nil {
			return nil, err
		}
		if k = r.ring.Load().byID[id]; k == nil {
			return nil, errs.E(errs.Internal, "vault.key_unknown", "key", fmt.Sprintf("%x", id))
		}
	}
	if k.purpose != purpose || k.aead == nil {
		return nil, errs.E(errs.Internal, "vault.broken")
	}
	nonce, body := ciphertext[headerSize:headerSize+nonceSize], ciphertext[headerSize+nonceSize:]
	plaintext, err := k.aead.Open(nil, nonce, body, bind(ciphertext[:headerSize], aad))
	if err != nil {
		return nil, errs.E(errs.Internal, "vault.broken").Because(err)
	}
	return plaintext, nil
}

// NeedsRotation reports whether a ciphertext is under a known key that is no longer the newest of its purpose, so
// that it should be opened and sealed again.
func (r *Keyring) NeedsRotation(ciphertext []byte) bool {
	id, ok := idOf(ciphertext)
	if !ok {
		return false
	}
	now := r.ring.Load()
	k := now.byID[id]
	return k != nil && k != now.byPurpose[k.purpose][0]
}

// Hash returns the keyed hash, 32 bytes, of the parts under the newest key of a purpose that hashes. Parts are kept
// apart: ("ab", "c") and ("a", "bc") differ.
func (r *Keyring) Hash(purpose Purpose, parts ...string) ([]byte, error) {
	keys, err := r.hashing(purpose)
	if err != nil {
		return nil, err
	}
	return keys[0].hash(parts), nil
}

// Hashes returns the keyed hash under every version, newest first: what was written before a rotation is found by
// looking for any of them.
func (r *Keyring) Hashes(purpose Purpose, parts ...string) ([][]byte, error) {
	keys, err := r.hashing(purpose)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(keys))
	for i, k := range keys {
		out[i] = k.hash(parts)
	}
	return out, nil
}

// Matches reports whether sum is the keyed hash of the parts under any version. How long it takes does not depend on
// where sum differs.
func (r *Keyring) Matches(purpose Purpose, sum []byte, parts ...string) (bool, error) {
	sums, err := r.Hashes(purpose, parts...)
	if err != nil {
		return false, err
	}
	found := false
	for _, s := range sums {
		found = hmac.Equal(s, sum) || found
	}
	return found, nil
}

func (r *Keyring) hashing(purpose Purpose) ([]*key, error) {
	keys := r.ring.Load().byPurpose[purpose]
	if len(keys) == 0 || keys[0].macs == nil {
		return nil, errs.E(errs.Internal, "vault.purpose", "purpose", string(purpose))
	}
	return keys, nil
}

// hash is HMAC-SM3 over the purpose, then the parts, each behind its length in eight bytes.
func (k *key) hash(parts []string) []byte {
	size := 8 + len(k.purpose)
	for _, p := range parts {
		size += 8 + len(p)
	}
	message := appendPart(make([]byte, 0, size), string(k.purpose))
	for _, p := range parts {
		message = appendPart(message, p)
	}
	mac, ok := k.macs.Get().(hash.Hash)
	if !ok { // the pool holds nothing else
		mac = hmac.New(sm3.New, k.secret)
	}
	defer k.macs.Put(mac)
	mac.Reset()
	mac.Write(message) // a hash.Hash never returns an error
	return mac.Sum(nil)
}

func appendPart(b []byte, part string) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(part))), part...)
}

func idOf(ciphertext []byte) (keyID, bool) {
	if len(ciphertext) < Overhead || ciphertext[0] != layout {
		return keyID{}, false
	}
	return keyID(ciphertext[1:headerSize]), true
}

func bind(header, aad []byte) []byte { return bytes.Join([][]byte{header, aad}, nil) }
