package suggest

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"unicode/utf8"

	"huiyin/internal/errs"
)

// A model is one file: a line that names the form and its version, the header as a line of JSON, the words of the dictionary, the terms in the
// order of their numbers, the weights of each term for all labels, the biases, and the SHA-256 of everything before. Lengths are unsigned
// varints, weights are little-endian 32-bit floats.
const (
	formName  = "huiyin-suggest 1\n"
	maxModel  = 40 << 20 // bytes; Train makes none over 20 MB
	maxHeader = 4 << 20
	maxKey    = longestWord * utf8.UTFMax
	floatSize = 4
)

// Write writes the model.
func (m *Model) Write(w io.Writer) error {
	hash := sha256.New()
	out := bufio.NewWriter(io.MultiWriter(w, hash))
	if err := m.write(out); err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	if _, err := w.Write(hash.Sum(nil)); err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	return nil
}

// write leaves errors to the buffer, which keeps the first one.
func (m *Model) write(out *bufio.Writer) error {
	header, err := json.Marshal(m.header)
	if err != nil {
		return err
	}
	_, _ = out.WriteString(formName)
	_, _ = out.Write(append(header, '\n'))
	words := slices.Sorted(maps.Keys(m.words.frequency))
	putNumber(out, len(words))
	for _, word := range words {
		putText(out, word)
		putFloats(out, m.words.frequency[word])
	}
	type term struct {
		kind byte
		key  string
	}
	terms := make([]term, len(m.rare))
	for kind := range m.terms {
		for key, n := range m.terms[kind] {
			terms[n] = term{byte(kind), key}
		}
	}
	putNumber(out, len(terms))
	for n, t := range terms {
		_ = out.WriteByte(t.kind)
		putText(out, t.key)
		putFloats(out, m.rare[n])
	}
	putFloats(out, m.linear.weight...)
	putFloats(out, m.linear.bias...)
	return out.Flush()
}

func putNumber(out *bufio.Writer, n int) {
	_, _ = out.Write(binary.AppendUvarint(out.AvailableBuffer(), uint64(n))) //nolint:gosec // a length
}

func putText(out *bufio.Writer, s string) {
	putNumber(out, len(s))
	_, _ = out.WriteString(s)
}

func putFloats(out *bufio.Writer, values ...float32) {
	for _, v := range values {
		_, _ = out.Write(binary.LittleEndian.AppendUint32(out.AvailableBuffer(), math.Float32bits(v)))
	}
}

// Read reads a model that Write wrote. Whatever else it is given it refuses with errs.Invalid, or errs.TooLarge, and takes no more memory than
// a few times the bytes there are.
func Read(r io.Reader) (*Model, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxModel+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the model: %w", err)
	case len(data) > maxModel:
		return nil, errs.E(errs.TooLarge, "suggest.model.large", "max", maxModel>>20)
	case !bytes.HasPrefix(data, []byte(formName)):
		return nil, errs.E(errs.Invalid, "suggest.model.form")
	case len(data) < len(formName)+sha256.Size:
		return nil, errs.E(errs.Invalid, "suggest.model.damaged")
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if sha256.Sum256(body) != [sha256.Size]byte(sum) {
		return nil, errs.E(errs.Invalid, "suggest.model.damaged")
	}
	m, ok := parseModel(body[len(formName):])
	if !ok {
		return nil, errs.E(errs.Invalid, "suggest.model.damaged")
	}
	return m, nil
}

func parseModel(data []byte) (*Model, bool) {
	line, rest, found := bytes.Cut(data, []byte("\n"))
	if !found || len(line) > maxHeader {
		return nil, false
	}
	m := &Model{terms: newVocabulary()}
	if json.Unmarshal(line, &m.header) != nil || !m.header.sound() {
		return nil, false
	}
	labels := len(m.header.Labels)
	p := parser{rest: rest}
	count := p.length(1 + floatSize)
	words := make(map[string]float32, count)
	for range count {
		word, f := p.key(), p.floats(1)
		if p.bad {
			return nil, false
		}
		words[word] = f[0]
	}
	terms := p.length(2 + floatSize + floatSize*labels)
	for n := range terms {
		kind, key, f := p.kind(), p.key(), p.floats(1)
		if p.bad {
			return nil, false
		}
		m.terms[kind][key] = int32(n)
		m.rare = append(m.rare, f[0])
	}
	m.linear = linear{labels: labels, weight: p.floats(terms * labels), bias: p.floats(labels)}
	m.words, m.above = newDictionary(words), familiesOf(m.header.Labels)
	whole := !p.bad && len(p.rest) == 0 && len(words) == count && m.terms.size() == terms
	return m, whole && terms == m.header.Terms && len(words) == m.header.Words
}

// sound says whether a header can be worked with.
func (h *Header) sound() bool {
	return len(h.Labels) > 1 && len(h.Labels) <= MaxLabels && slices.IsSortedFunc(h.Labels, func(a, b Label) int { return byName(a, b.Label) }) &&
		h.Slope > 0 && h.Slope <= maxSlope && h.Threshold >= 0 && h.Threshold <= never && h.CoarseThreshold >= 0 && h.CoarseThreshold <= never
}

// parser takes a model apart. After anything that does not fit it is bad and gives nothing more.
type parser struct {
	rest []byte
	bad  bool
}

func (p *parser) take(n int) []byte {
	if p.bad || n < 0 || n > len(p.rest) {
		p.bad = true
		return nil
	}
	out := p.rest[:n]
	p.rest = p.rest[n:]
	return out
}

// length reads how many things follow that have at least so many bytes each.
func (p *parser) length(least int) int {
	n, size := binary.Uvarint(p.rest)
	if size <= 0 || p.bad || n > uint64(len(p.rest)/least) { //nolint:gosec // a length
		p.bad = true
		return 0
	}
	p.rest = p.rest[size:]
	return int(n) //nolint:gosec // bounded by the bytes
}

// key reads a word or term.
func (p *parser) key() string {
	n := p.length(1)
	s := string(p.take(n))
	p.bad = p.bad || n == 0 || n > maxKey || !utf8.ValidString(s)
	return s
}

func (p *parser) kind() int {
	b := p.take(1)
	if p.bad || b[0] >= kinds {
		p.bad = true
		return 0
	}
	return int(b[0])
}

func (p *parser) floats(n int) []float32 {
	b := p.take(n * floatSize)
	if p.bad {
		return nil
	}
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[i*floatSize:]))
		if f := float64(out[i]); math.IsNaN(f) || math.IsInf(f, 0) {
			p.bad = true
			return nil
		}
	}
	return out
}
