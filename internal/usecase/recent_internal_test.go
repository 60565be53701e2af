package usecase

import (
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/proof"
)

// What was written last is kept within a bound, each matter once, and given only to who names its last link. Nothing of the sealed compartment is.
func TestRecent(t *testing.T) {
	t.Parallel()
	r := newRecent(100)
	ref := func(n int64) matter.Ref { return matter.Ref{Home: 330112, N: n} }
	link := func(b byte) proof.Link { return proof.Link{b} }
	keep := func(n int64, last byte, size int, sealed bool) {
		r.keep(history{matter: &matter.Matter{Ref: ref(n)}, last: link(last), size: size, sealed: sealed})
	}
	want := func(n int64, last byte, kept bool) {
		t.Helper()
		is := link(last)
		if h, ok := r.get(ref(n), is[:]); ok != kept || ok && h.matter.Ref != ref(n) {
			t.Errorf("matter %d by link %d: %v, want %v", n, last, ok, kept)
		}
	}
	keep(1, 1, 40, false)
	want(1, 1, true)
	want(1, 2, false)
	want(2, 1, false)
	keep(1, 2, 50, false) // in the place of the first
	want(1, 1, false)
	want(1, 2, true)
	keep(2, 1, 50, false)
	want(1, 2, true)
	keep(1, 3, 50, false) // the other is the oldest now
	keep(3, 1, 10, false)
	want(2, 1, false)
	want(1, 3, true)
	want(3, 1, true)
	keep(4, 1, 101, false) // larger than all together may be
	want(4, 1, false)
	want(1, 3, true)
	keep(3, 2, 10, true) // it was sealed: not even what was kept of it stays
	want(3, 2, false)
	want(3, 1, false)
	if r.has(ref(3)) || !r.has(ref(1)) || r.size != 50 || len(r.by) != 1 || r.list.Len() != 1 {
		t.Errorf("%d bytes of %d matters, %d in the list", r.size, len(r.by), r.list.Len())
	}
}
