package vault_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/emmansun/gmsm/sm3"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/vault"
)

func newRing(t testing.TB) (*vault.Keyring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys.json")
	r, err := vault.Create(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return r, path
}

func must[T any](t testing.TB) func(v T, err error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || errs.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestRoundTrip(t *testing.T) {
	ring, _ := newRing(t)
	rapid.Check(t, func(t *rapid.T) {
		purpose := rapid.SampledFrom([]vault.Purpose{vault.Identity, vault.Sealed}).Draw(t, "purpose")
		plaintext := rapid.SliceOf(rapid.Byte()).Draw(t, "plaintext")
		aad := rapid.SliceOf(rapid.Byte()).Draw(t, "aad")
		sealed, err := ring.Seal(purpose, plaintext, aad)
		if err != nil {
			t.Fatal(err)
		}
		if len(sealed) != len(plaintext)+vault.Overhead {
			t.Errorf("%d bytes became %d", len(plaintext), len(sealed))
		}
		got, err := ring.Open(purpose, sealed, aad)
		if err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

func TestSealNeverRepeats(t *testing.T) {
	ring, _ := newRing(t)
	seal := must[[]byte](t)
	a := seal(ring.Seal(vault.Identity, []byte("张三"), nil))
	b := seal(ring.Seal(vault.Identity, []byte("张三"), nil))
	if bytes.Equal(a, b) || bytes.Contains(a, []byte("张三")) {
		t.Errorf("%x %x", a, b)
	}
}

// A ciphertext opens only where it was made.
func TestBound(t *testing.T) {
	ring, _ := newRing(t)
	other, _ := newRing(t)
	place := vault.Place(350102, 7, "name")
	sealed := must[[]byte](t)(ring.Seal(vault.Identity, []byte("张三"), place))
	for _, c := range []struct {
		name    string
		ring    *vault.Keyring
		purpose vault.Purpose
		text    []byte
		aad     []byte
		code    string
	}{
		{"another row", ring, vault.Identity, sealed, vault.Place(350102, 8, "name"), "vault.broken"},
		{"another home", ring, vault.Identity, sealed, vault.Place(350103, 7, "name"), "vault.broken"},
		{"another field", ring, vault.Identity, sealed, vault.Place(350102, 7, "phone"), "vault.broken"},
		{"no place", ring, vault.Identity, sealed, nil, "vault.broken"},
		{"another purpose", ring, vault.Sealed, sealed, place, "vault.broken"},
		{"a purpose that hashes", ring, vault.PIN, sealed, place, "vault.broken"},
		{"another keyring", other, vault.Identity, sealed, place, "vault.key_unknown"},
		{"cut", ring, vault.Identity, sealed[:len(sealed)-1], place, "vault.broken"},
		{"cut to less than a header", ring, vault.Identity, sealed[:5], place, "vault.broken"},
		{"empty", ring, vault.Identity, nil, place, "vault.broken"},
		{"longer", ring, vault.Identity, append(bytes.Clone(sealed), 0), place, "vault.broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.ring.Open(c.purpose, c.text, c.aad)
			wantCode(t, err, c.code)
		})
	}
}

func TestWrongPurpose(t *testing.T) {
	ring, _ := newRing(t)
	_, err := ring.Seal(vault.PIN, nil, nil)
	wantCode(t, err, "vault.purpose")
	_, err = ring.Seal("", nil, nil)
	wantCode(t, err, "vault.purpose")
	_, err = ring.Hash(vault.Identity, "a")
	wantCode(t, err, "vault.purpose")
	_, err = ring.Matches("none", nil, "a")
	wantCode(t, err, "vault.purpose")
	wantCode(t, ring.Rotate("none"), "vault.purpose")
}

func TestRotation(t *testing.T) {
	ring, path := newRing(t)
	old := must[[]byte](t)(ring.Seal(vault.Identity, []byte("old"), nil))
	oldHash := must[[]byte](t)(ring.Hash(vault.Lookup, "350102199001010016"))
	behind := must[*vault.Keyring](t)(vault.Load(path, rand.Reader))
	for _, p := range []vault.Purpose{vault.Identity, vault.Lookup} {
		if err := ring.Rotate(p); err != nil {
			t.Fatal(err)
		}
	}
	fresh := must[[]byte](t)(ring.Seal(vault.Identity, []byte("new"), nil))
	reread := must[*vault.Keyring](t)(vault.Load(path, rand.Reader))
	for name, r := range map[string]*vault.Keyring{"rotated": ring, "loaded before": behind, "loaded after": reread} {
		for text, sealed := range map[string][]byte{"old": old, "new": fresh} {
			if got, err := r.Open(vault.Identity, sealed, nil); err != nil || string(got) != text {
				t.Errorf("%s: %s opens as %q, %v", name, text, got, err)
			}
		}
		if !r.NeedsRotation(old) || r.NeedsRotation(fresh) || r.NeedsRotation(old[:3]) {
			t.Errorf("%s: NeedsRotation old %v, new %v, damaged %v", name,
				r.NeedsRotation(old), r.NeedsRotation(fresh), r.NeedsRotation(old[:3]))
		}
		if ok := must[bool](t)(r.Matches(vault.Lookup, oldHash, "350102199001010016")); !ok {
			t.Errorf("%s: the hash from before no longer matches", name)
		}
		sums := must[[][]byte](t)(r.Hashes(vault.Lookup, "350102199001010016"))
		if len(sums) != 2 || bytes.Equal(sums[0], sums[1]) || !bytes.Equal(sums[1], oldHash) {
			t.Errorf("%s: hashes %x", name, sums)
		}
	}
	if other, _ := newRing(t); other.NeedsRotation(old) {
		t.Error("a key that is not known cannot be rotated from")
	}
}

func TestHash(t *testing.T) {
	ring, _ := newRing(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.String(), 0, 4)
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		x, err := ring.Hash(vault.Lookup, a...)
		if err != nil {
			t.Fatal(err)
		}
		y, err := ring.Hash(vault.Lookup, b...)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(x, y) != slices.Equal(a, b) {
			t.Errorf("%q and %q: equal hashes %v", a, b, bytes.Equal(x, y))
		}
		if other, err := ring.Hash(vault.PIN, a...); err != nil || bytes.Equal(x, other) {
			t.Errorf("two purposes hash alike, %v", err)
		}
	})
	sum := must[[]byte](t)(ring.Hash(vault.PIN, "code", "123456"))
	if ok := must[bool](t)(ring.Matches(vault.PIN, sum, "code", "123457")); ok {
		t.Error("another PIN matches")
	}
	if ok := must[bool](t)(ring.Matches(vault.PIN, nil, "code", "123456")); ok {
		t.Error("no hash matches")
	}
}

// The keyed hash is the HMAC of RFC 2104 with SM3 over the documented bytes, made here by hand.
func TestHashIsHMAC(t *testing.T) {
	text := must[[]byte](t)(vault.Generate(rand.Reader))
	ring := must[*vault.Keyring](t)(vault.Parse(text, rand.Reader))
	var file struct {
		Keys []struct {
			Purpose string `json:"purpose"`
			Key     []byte `json:"key"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, k := range file.Keys {
		if k.Purpose != "lookup" {
			continue
		}
		pad := func(x byte) []byte {
			block := make([]byte, sm3.BlockSize)
			copy(block, k.Key)
			for i := range block {
				block[i] ^= x
			}
			return block
		}
		message := []byte("\x00\x00\x00\x00\x00\x00\x00\x06lookup\x00\x00\x00\x00\x00\x00\x00\x02ab\x00\x00\x00\x00\x00\x00\x00\x01c")
		inner := sm3.Sum(append(pad(0x36), message...))
		want := sm3.Sum(append(pad(0x5c), inner[:]...))
		for range 2 { // the second use of a pooled hash gives the same
			if got := must[[]byte](t)(ring.Hash(vault.Lookup, "ab", "c")); !bytes.Equal(got, want[:]) {
				t.Errorf("got %x, want %x", got, want)
			}
		}
		return
	}
	t.Error("no lookup key was made")
}

type noRandom struct{}

func (noRandom) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func TestNoRandomness(t *testing.T) {
	text := must[[]byte](t)(vault.Generate(rand.Reader))
	ring := must[*vault.Keyring](t)(vault.Parse(text, noRandom{}))
	_, err := ring.Seal(vault.Identity, []byte("x"), nil)
	wantCode(t, err, "vault.random")
	_, err = vault.Generate(noRandom{})
	wantCode(t, err, "vault.random")
}

// One changed byte anywhere is noticed.
func FuzzTamper(f *testing.F) {
	ring, _ := newRing(f)
	sealed := must[[]byte](f)(ring.Seal(vault.Identity, []byte("福州市鼓楼区"), vault.Place(1, 2, "address")))
	f.Add(0, byte(1))
	f.Add(3, byte(0x80))
	f.Add(len(sealed)-1, byte(0xff))
	f.Fuzz(func(t *testing.T, at int, flip byte) {
		if at < 0 || at >= len(sealed) || flip == 0 {
			return
		}
		changed := bytes.Clone(sealed)
		changed[at] ^= flip
		if got, err := ring.Open(vault.Identity, changed, vault.Place(1, 2, "address")); err == nil {
			t.Errorf("byte %d ^ %x opened as %q", at, flip, got)
		}
	})
}

// Bytes that were never sealed are refused, whatever they are.
func FuzzOpen(f *testing.F) {
	ring, _ := newRing(f)
	f.Add([]byte{})
	f.Add([]byte{1, 2, 3})
	f.Add(bytes.Repeat([]byte{1}, vault.Overhead))
	f.Fuzz(func(t *testing.T, text []byte) {
		if got, err := ring.Open(vault.Identity, text, nil); err == nil {
			t.Errorf("%x opened as %x", text, got)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	ring, _ := newRing(b)
	plaintext, aad := []byte("350102199001010016"), vault.Place(350102, 7, "id_number")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ring.Seal(vault.Identity, plaintext, aad); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	ring, _ := newRing(b)
	aad := vault.Place(350102, 7, "id_number")
	sealed := must[[]byte](b)(ring.Seal(vault.Identity, []byte("350102199001010016"), aad))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ring.Open(vault.Identity, sealed, aad); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHash(b *testing.B) {
	ring, _ := newRing(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ring.Hash(vault.Lookup, "id", "350102199001010016"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealParallel(b *testing.B) {
	ring, _ := newRing(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := ring.Seal(vault.Identity, []byte("350102199001010016"), nil); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func TestPlaceIsOneToOne(t *testing.T) {
	seen := map[string]bool{}
	for _, home := range []int64{-1, 0, 1, 256} {
		for _, id := range []int64{-1, 0, 1, 256} {
			for _, field := range []string{"", "a", "name"} {
				seen[hex.EncodeToString(vault.Place(home, id, field))] = true
			}
		}
	}
	if len(seen) != 48 {
		t.Errorf("%d places of 48 differ", len(seen))
	}
}
