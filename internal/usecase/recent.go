package usecase

import (
	"bytes"
	"container/list"
	"sync"

	"huiyin/internal/matter"
)

// recentSize is how many bytes of events, as they lie, are kept of the matters that were written last: of a few hundred.
const recentSize = 2 << 20

// recent keeps the histories that were written last, for who needs them next: the following step, the index. What is kept counts only where its last link is that of the
// newest event as the store has it. A link covers all events up to its own, so what it fits is the history as it lies there, whatever was written or undone since and by whom.
// What lies in the sealed compartment is not kept.
type recent struct {
	mu   sync.Mutex
	by   map[matter.Ref]*list.Element
	list list.List // of histories, the one written longest ago first
	size int
	most int
}

func newRecent(most int) *recent { return &recent{by: map[matter.Ref]*list.Element{}, most: most} }

// keep puts a history in the place of an earlier one of the same matter.
func (r *recent) keep(h history) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if was := r.by[h.matter.Ref]; was != nil {
		r.drop(was)
	}
	if h.sealed || h.size > r.most {
		return
	}
	r.by[h.matter.Ref] = r.list.PushBack(h)
	for r.size += h.size; r.size > r.most; {
		r.drop(r.list.Front())
	}
}

func (r *recent) drop(e *list.Element) {
	if h, ok := r.list.Remove(e).(history); ok {
		r.size -= h.size
		delete(r.by, h.matter.Ref)
	}
}

// has reports whether it is worth asking for the link of a matter.
func (r *recent) has(ref matter.Ref) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[ref] != nil
}

// get is the history of a matter whose newest event has this link; false where another is kept, or none.
func (r *recent) get(ref matter.Ref, link []byte) (history, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.by[ref]
	if e == nil {
		return history{}, false
	}
	h, ok := e.Value.(history)
	return h, ok && bytes.Equal(h.last[:], link)
}
