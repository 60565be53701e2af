package vault

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/emmansun/gmsm/sm4"

	"huiyin/internal/errs"
)

// A text that is too large to be held in memory is cut into chunks under a key of its own and laid out as
//
//	1 byte    version of the layout, 0x03
//	7 bytes   chance
//	then each chunk, of which all but the last are full:
//	  n bytes   SM4-GCM of at most ChunkSize bytes, with the first eight bytes of the text as additional data
//	  16 bytes  tag
//
// This is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015):
// the nonce of a chunk is the seven bytes of chance, its place in four bytes, and one byte that is 1 for the last chunk and 0 for any other. A chunk
// therefore opens only in its own place of its own text, and a text that was cut, also between two chunks, has no last one. The last chunk is empty
// only where the text is: there is one layout to a text.
const layoutStream = 0x03

// ChunkSize is how many bytes of a text are encrypted, and held in memory, at a time.
const ChunkSize = 64 << 10

const (
	chanceSize   = 7
	streamHeader = 1 + chanceSize
	sealedChunk  = ChunkSize + tagSize
	maxChunks    = math.MaxUint32
)

// IsStream reports whether a ciphertext that begins with the byte is one for OpenStream; otherwise it is one for OpenOnce or Open.
func IsStream(first byte) bool { return first == layoutStream }

// StreamSize is how long the ciphertext of n bytes is.
func StreamSize(n int64) int64 { return streamHeader + n + tagSize*max(1, (n+ChunkSize-1)/ChunkSize) }

// Sealer encrypts a text as it comes. What it has written is whole only when Close returned no error.
type Sealer struct {
	to     io.Writer
	aead   cipher.AEAD
	header [streamHeader]byte
	next   int64  // place of the chunk that grows
	chunk  []byte // which has room for its tag: it is encrypted where it lies
	failed error
}

// SealStream begins to encrypt a text under a key of its own, which it makes and returns; SealOnce says what that is good for. The ciphertext goes to a writer chunk by
// chunk, and nothing else does.
func (r *Keyring) SealStream(to io.Writer) (key []byte, s *Sealer, err error) {
	key = make([]byte, sm4.BlockSize)
	s = &Sealer{to: to, chunk: make([]byte, 0, sealedChunk)}
	s.header[0] = layoutStream
	for _, b := range [][]byte{key, s.header[1:]} {
		if _, err := io.ReadFull(r.random, b); err != nil {
			return nil, nil, errs.E(errs.Internal, "vault.random").Because(err)
		}
	}
	if s.aead, err = newAEAD(key); err != nil {
		return nil, nil, err
	}
	if _, err := to.Write(s.header[:]); err != nil {
		return nil, nil, fmt.Errorf("write a ciphertext: %w", err)
	}
	return key, s, nil
}

// Write encrypts more of the text. A full chunk is held back until it is known whether it is the last.
func (s *Sealer) Write(text []byte) (int, error) {
	n := 0
	for n < len(text) && s.failed == nil {
		if len(s.chunk) == ChunkSize {
			if s.seal(false); s.failed != nil {
				break
			}
		}
		part := text[n:min(len(text), n+ChunkSize-len(s.chunk))]
		s.chunk = append(s.chunk, part...)
		n += len(part)
	}
	return n, s.failed
}

// Close ends the text. It does not close what the ciphertext went to, and after it nothing can be written.
func (s *Sealer) Close() error {
	s.seal(true)
	if s.failed != nil {
		return s.failed
	}
	s.failed = errors.New("the text is at its end")
	return nil
}

func (s *Sealer) seal(last bool) {
	switch {
	case s.failed != nil:
		return
	case s.next > maxChunks:
		s.failed = errors.New("more chunks than can be counted")
		return
	}
	nonce := chunkNonce(s.header, s.next, last)
	if _, err := s.to.Write(s.aead.Seal(s.chunk[:0], nonce[:], s.chunk, s.header[:])); err != nil {
		s.failed = fmt.Errorf("write a ciphertext: %w", err)
	}
	s.next++
	s.chunk = s.chunk[:0]
}

func chunkNonce(header [streamHeader]byte, place int64, last bool) (nonce [nonceSize]byte) {
	copy(nonce[:], header[1:])
	binary.BigEndian.PutUint32(nonce[chanceSize:], uint32(place)) //nolint:gosec // no place is beyond maxChunks
	if last {
		nonce[nonceSize-1] = 1
	}
	return nonce
}

// Stream decrypts what a Sealer wrote, any part of it, one chunk at a time. It may be used by many goroutines at once.
type Stream struct {
	from   io.ReaderAt
	aead   cipher.AEAD
	header [streamHeader]byte
	chunks int64
	size   int64 // of the plaintext

	mu     sync.Mutex
	buffer [sealedChunk]byte
	held   int64  // place of the chunk that is open, -1 for none
	plain  []byte // it
}

// OpenStream begins to decrypt a ciphertext of size bytes. The error is "vault.broken" when it was cut or lengthened or belongs to another key: its last chunk says so at
// once. That of another chunk that was changed comes when it is read.
func OpenStream(key []byte, from io.ReaderAt, size int64) (*Stream, error) {
	broken := errs.E(errs.Internal, "vault.broken")
	body := size - streamHeader
	if len(key) != sm4.BlockSize || body < tagSize {
		return nil, broken
	}
	chunks := (body + sealedChunk - 1) / sealedChunk
	least := int64(tagSize) // of the last chunk
	if chunks > 1 {
		least++
	}
	if body-(chunks-1)*sealedChunk < least || chunks-1 > maxChunks {
		return nil, broken
	}
	s := &Stream{from: from, chunks: chunks, size: body - chunks*tagSize, held: -1}
	if n, err := from.ReadAt(s.header[:], 0); n < streamHeader {
		return nil, unread(err)
	}
	if s.header[0] != layoutStream {
		return nil, broken
	}
	var err error
	if s.aead, err = newAEAD(key); err != nil {
		return nil, err
	}
	if err := s.open(chunks - 1); err != nil {
		return nil, err
	}
	return s, nil
}

// Size is how many bytes the plaintext has.
func (s *Stream) Size() int64 { return s.size }

// ReadAt reads plaintext. No byte of a chunk is given before all of it has proved unchanged.
func (s *Stream) ReadAt(b []byte, at int64) (int, error) {
	if at < 0 {
		return 0, errors.New("read before the beginning of a text")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for n < len(b) {
		if at >= s.size {
			return n, io.EOF
		}
		if err := s.open(at / ChunkSize); err != nil {
			return n, err
		}
		part := copy(b[n:], s.plain[at%ChunkSize:])
		n, at = n+part, at+int64(part)
	}
	return n, nil
}

// open makes a chunk the one that is held.
func (s *Stream) open(place int64) error {
	if s.held == place {
		return nil
	}
	s.held = -1
	last := place == s.chunks-1
	chunk := s.buffer[:]
	if last {
		chunk = chunk[:s.size-place*ChunkSize+tagSize]
	}
	if n, err := s.from.ReadAt(chunk, streamHeader+place*sealedChunk); n < len(chunk) {
		return unread(err)
	}
	nonce := chunkNonce(s.header, place, last)
	plain, err := s.aead.Open(chunk[:0], nonce[:], chunk, s.header[:])
	if err != nil {
		return errs.E(errs.Internal, "vault.broken").Because(err)
	}
	s.plain, s.held = plain, place
	return nil
}

// unread says why a ciphertext could not be read: it ends too early, or what it lies on fails.
func unread(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return errs.E(errs.Internal, "vault.broken").Because(io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("read a ciphertext: %w", err)
}
