package vault_test

import (
	"bytes"
	"crypto/rand"
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/vault"
)

func TestOnceRoundTrip(t *testing.T) {
	ring, _ := newRing(t)
	rapid.Check(t, func(t *rapid.T) {
		plaintext := rapid.SliceOf(rapid.Byte()).Draw(t, "plaintext")
		key, sealed, err := ring.SealOnce(plaintext)
		if err != nil {
			t.Fatal(err)
		}
		if len(sealed) != len(plaintext)+vault.OnceOverhead {
			t.Errorf("%d bytes became %d", len(plaintext), len(sealed))
		}
		got, err := vault.OpenOnce(key, sealed)
		if err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("got %q, %v", got, err)
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		changed := bytes.Clone(sealed)
		changed[at] ^= rapid.ByteRange(1, 255).Draw(t, "flip")
		if _, err := vault.OpenOnce(key, changed); err == nil {
			t.Errorf("opened with byte %d changed", at)
		}
		if _, err := vault.OpenOnce(key, sealed[:at]); err == nil {
			t.Errorf("opened cut at %d", at)
		}
	})
}

// The same text twice has nothing in common: neither key nor ciphertext tells that it is the same.
func TestOnceNeverRepeats(t *testing.T) {
	ring, _ := newRing(t)
	text := bytes.Repeat([]byte("举报材料"), 100)
	key, one, err := ring.SealOnce(text)
	if err != nil {
		t.Fatal(err)
	}
	other, two, err := ring.SealOnce(text)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(key, other) || bytes.Equal(one, two) || bytes.Contains(one, []byte("举报")) {
		t.Errorf("%x\n%x", one, two)
	}
	_, err = vault.OpenOnce(other, one)
	wantCode(t, err, "vault.broken")
	_, err = vault.OpenOnce(key[:5], one)
	wantCode(t, err, "vault.broken")
	if ring.NeedsRotation(one) {
		t.Error("a text under a key of its own is not under a purpose")
	}
}

func TestOnceNoRandomness(t *testing.T) {
	text, err := vault.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := vault.Parse(text, noRandom{})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = ring.SealOnce([]byte("x"))
	wantCode(t, err, "vault.random")
}

// Bytes that were never sealed are refused, whatever they are.
func FuzzOpenOnce(f *testing.F) {
	key := make([]byte, 16)
	f.Add(key, []byte{})
	f.Add(key, bytes.Repeat([]byte{2}, vault.OnceOverhead))
	f.Add([]byte{1}, []byte{2})
	f.Fuzz(func(t *testing.T, key, text []byte) {
		if got, err := vault.OpenOnce(key, text); err == nil {
			t.Errorf("%x opened as %x", text, got)
		}
	})
}
