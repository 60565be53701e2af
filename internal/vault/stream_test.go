package vault_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/vault"
)

const (
	streamHead = 8
	fullChunk  = vault.ChunkSize + 16
)

// streamed encrypts a text in parts of n bytes.
func streamed(t testing.TB, ring *vault.Keyring, text []byte, n int) (key, sealed []byte) {
	t.Helper()
	var out bytes.Buffer
	key, s, err := ring.SealStream(&out)
	if err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(text, n) {
		if k, err := s.Write(part); err != nil || k != len(part) {
			t.Fatal(k, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return key, out.Bytes()
}

// opened decrypts a whole text.
func opened(key, sealed []byte) ([]byte, error) {
	s, err := vault.OpenStream(key, bytes.NewReader(sealed), int64(len(sealed)))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(s, 0, s.Size()))
}

func noise(t testing.TB, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

// Texts of every length come back, in whatever parts they are written and read.
func TestStreamRoundTrip(t *testing.T) {
	ring, _ := newRing(t)
	for _, n := range []int{0, 1, vault.ChunkSize - 1, vault.ChunkSize, vault.ChunkSize + 1, 2 * vault.ChunkSize, 3*vault.ChunkSize + 7} {
		text := noise(t, n)
		for _, part := range []int{1000, vault.ChunkSize, 5 * vault.ChunkSize} {
			key, sealed := streamed(t, ring, text, part)
			if int64(len(sealed)) != vault.StreamSize(int64(n)) || !vault.IsStream(sealed[0]) {
				t.Errorf("%d bytes became %d", n, len(sealed))
			}
			if got, err := opened(key, sealed); err != nil || !bytes.Equal(got, text) {
				t.Errorf("%d bytes: %d came back, %v", n, len(got), err)
			}
		}
	}
	text := noise(t, 3*vault.ChunkSize+7)
	key, sealed := streamed(t, ring, text, 777)
	s, err := vault.OpenStream(key, bytes.NewReader(sealed), int64(len(sealed)))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(text)+10).Draw(t, "at")
		b := make([]byte, rapid.IntRange(0, 2*vault.ChunkSize).Draw(t, "n"))
		n, err := s.ReadAt(b, int64(at))
		want := text[min(at, len(text)):min(at+len(b), len(text))]
		if !bytes.Equal(b[:n], want) || (n < len(b)) != errors.Is(err, io.EOF) {
			t.Errorf("%d bytes at %d: %d, %v", len(b), at, n, err)
		}
	})
	if _, err := s.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("read before the beginning")
	}
}

// Whatever is done to a ciphertext, no changed byte of the text comes back, and a text that was cut is not taken for a whole one.
func TestStreamTampering(t *testing.T) {
	ring, _ := newRing(t)
	text := noise(t, 3*vault.ChunkSize+100)
	key, sealed := streamed(t, ring, text, vault.ChunkSize)
	twin, other := streamed(t, ring, text, vault.ChunkSize)
	whole, even := streamed(t, ring, text[:2*vault.ChunkSize], vault.ChunkSize)
	chunk := func(of []byte, i int) []byte {
		return of[streamHead+i*fullChunk : min(len(of), streamHead+(i+1)*fullChunk)]
	}
	head := sealed[:streamHead]
	flip := func(at int) []byte {
		b := bytes.Clone(sealed)
		b[at] ^= 1
		return b
	}
	for _, c := range []struct {
		name   string
		key    []byte
		sealed []byte
	}{
		{"nothing", key, nil},
		{"head alone", key, head},
		{"another layout", key, flip(0)},
		{"another chance", key, flip(3)},
		{"a byte of the first chunk", key, flip(streamHead)},
		{"a byte of the second chunk", key, flip(streamHead + fullChunk + 5)},
		{"a tag", key, flip(streamHead + fullChunk - 1)},
		{"the last byte", key, flip(len(sealed) - 1)},
		{"cut by a byte", key, sealed[:len(sealed)-1]},
		{"cut to the tag of the last chunk", key, sealed[:streamHead+3*fullChunk+16]},
		{"cut by the last chunk", key, sealed[:streamHead+3*fullChunk]},
		{"cut to one chunk", key, sealed[:streamHead+fullChunk]},
		{"cut at a full last chunk", whole, even[:streamHead+fullChunk]},
		{"longer", key, append(bytes.Clone(sealed), 0)},
		{"an empty chunk behind a full last one", whole, append(bytes.Clone(even), make([]byte, 16)...)},
		{"the first chunk missing", key, slices.Concat(head, chunk(sealed, 1), chunk(sealed, 2), chunk(sealed, 3))},
		{"a middle chunk missing", key, slices.Concat(head, chunk(sealed, 0), chunk(sealed, 2), chunk(sealed, 3))},
		{"two chunks in each other's place", key, slices.Concat(head, chunk(sealed, 1), chunk(sealed, 0), chunk(sealed, 2), chunk(sealed, 3))},
		{"a chunk twice", key, slices.Concat(head, chunk(sealed, 0), chunk(sealed, 0), chunk(sealed, 2), chunk(sealed, 3))},
		{"the last chunk twice", key, append(bytes.Clone(sealed), chunk(sealed, 3)...)},
		{"a chunk of another text", key, slices.Concat(head, chunk(sealed, 0), chunk(other, 1), chunk(sealed, 2), chunk(sealed, 3))},
		{"the head of another text", key, slices.Concat(other[:streamHead], sealed[streamHead:])},
		{"another key", twin, sealed},
		{"a short key", key[:5], sealed},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := opened(c.key, c.sealed)
			wantCode(t, err, "vault.broken")
			if !bytes.HasPrefix(text, got) { // what came before the fault is true
				t.Error("a changed text")
			}
		})
	}
	if got, err := opened(twin, other); err != nil || !bytes.Equal(got, text) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if bytes.Contains(sealed, text[:16]) || bytes.Equal(sealed, other) || bytes.Equal(key, twin) {
		t.Error("something of the text shows")
	}
	once, short, err := ring.SealOnce(text)
	if err != nil {
		t.Fatal(err)
	}
	_, err = opened(once, short)
	wantCode(t, err, "vault.broken")
	_, err = vault.OpenOnce(key, sealed)
	wantCode(t, err, "vault.broken")
}

// fails takes so many bytes and then no more.
type fails int

func (f *fails) Write(b []byte) (int, error) {
	if *f -= fails(len(b)); *f < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func (f *fails) ReadAt([]byte, int64) (int, error) { return 0, io.ErrNoProgress }

// What cannot be written or read is said, and goes on being said.
func TestStreamFaults(t *testing.T) {
	ring, _ := newRing(t)
	none, some := fails(0), fails(streamHead+fullChunk)
	if _, _, err := ring.SealStream(&none); !errors.Is(err, io.ErrShortWrite) {
		t.Error(err)
	}
	_, s, err := ring.SealStream(&some)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Write(make([]byte, 3*vault.ChunkSize)); !errors.Is(err, io.ErrShortWrite) || n > 2*vault.ChunkSize+1 {
		t.Error(n, err)
	}
	if err := s.Close(); !errors.Is(err, io.ErrShortWrite) {
		t.Error(err)
	}
	if _, s, err = ring.SealStream(io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.Write([]byte("x")); err == nil {
		t.Error("written behind the end")
	}
	if _, err := vault.OpenStream(make([]byte, 16), &none, 1000); !errors.Is(err, io.ErrNoProgress) || errs.CodeOf(err) == "vault.broken" {
		t.Error(err)
	}
	text, err := vault.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	dry, err := vault.Parse(text, noRandom{})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = dry.SealStream(io.Discard)
	wantCode(t, err, "vault.random")
}

// A text that was changed anywhere never comes back as another, and bytes that were never sealed do not open at all.
func FuzzOpenStream(f *testing.F) {
	ring, _ := newRing(f)
	text := bytes.Repeat([]byte("福州市鼓楼区"), vault.ChunkSize/9)
	key, sealed := streamed(f, ring, text, vault.ChunkSize)
	f.Add(0, byte(1), len(sealed), []byte{})
	f.Add(streamHead+fullChunk, byte(1), len(sealed), []byte{3})
	f.Add(0, byte(0), streamHead+fullChunk, bytes.Repeat([]byte{3}, 40))
	f.Fuzz(func(t *testing.T, at int, flip byte, cut int, free []byte) {
		changed := bytes.Clone(sealed[:min(max(cut, 0), len(sealed))])
		if at >= 0 && at < len(changed) {
			changed[at] ^= flip
		}
		got, err := opened(key, changed)
		if !bytes.HasPrefix(text, got) || err == nil && !bytes.Equal(changed, sealed) {
			t.Errorf("%d bytes opened, %v", len(got), err)
		}
		if got, err := opened(key, free); err == nil {
			t.Errorf("%x opened as %x", free, got)
		}
	})
}
