package store

// Pool is how busy the connections are.
type Pool struct {
	Readers int // reading connections there are
	Reading int // of them in use
	Waiting int // callers of Update whose turn has not come
}

// Pool tells how busy the connections are at this moment.
func (s *Store) Pool() Pool {
	waiting := 0
	for _, w := range s.writers {
		w.mu.Lock()
		waiting += len(w.queue)
		w.mu.Unlock()
	}
	return Pool{Readers: cap(s.readers), Reading: cap(s.readers) - len(s.readers), Waiting: waiting}
}

// Latest is the step of the schema that this program knows last.
func (s *Store) Latest() int64 { return s.latest }
