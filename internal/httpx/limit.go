package httpx

import (
	"container/list"
	"crypto/sha256"
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"huiyin/internal/errs"
)

// maxKeys is how many addresses, accounts or codes one limiter remembers; past it, the one unused for longest is forgotten.
const maxKeys = 1 << 16

// recent is a bounded memory of one value per key. Keys are kept as hashes, so that no account name, code or address lies
// about in memory.
type recent[V any] struct {
	most  int
	items map[[sha256.Size]byte]*list.Element
	order *list.List // of *recentItem[V], last used first
}

type recentItem[V any] struct {
	key   [sha256.Size]byte
	value V
}

func newRecent[V any](most int) recent[V] {
	return recent[V]{most: most, items: map[[sha256.Size]byte]*list.Element{}, order: list.New()}
}

// get returns the value of a key, made by fresh when there is none, and marks it as used.
func (m *recent[V]) get(key string, fresh func() V) *V {
	k := sha256.Sum256([]byte(key))
	if e, ok := m.items[k]; ok {
		if item, ok := e.Value.(*recentItem[V]); ok {
			m.order.MoveToFront(e)
			return &item.value
		}
	}
	if m.order.Len() >= m.most {
		oldest := m.order.Back()
		if item, ok := m.order.Remove(oldest).(*recentItem[V]); ok {
			delete(m.items, item.key)
		}
	}
	item := &recentItem[V]{key: k, value: fresh()}
	m.items[k] = m.order.PushFront(item)
	return &item.value
}

func (m *recent[V]) forget(key string) {
	k := sha256.Sum256([]byte(key))
	if e, ok := m.items[k]; ok {
		m.order.Remove(e)
		delete(m.items, k)
	}
}

// Limiter allows each key a number of acts at once and then one per interval. It may be used by many goroutines at once.
type Limiter struct {
	now   func() time.Time
	every time.Duration
	burst int

	mu   sync.Mutex
	keys recent[*rate.Limiter]
}

// NewLimiter makes a limiter of burst acts at once, then one per interval, remembering up to most keys.
func NewLimiter(burst int, every time.Duration, most int, now func() time.Time) *Limiter {
	return &Limiter{now: now, every: every, burst: burst, keys: newRecent[*rate.Limiter](most)}
}

// Allow counts an act of a key; the errs.TooMany it may return says how long to wait. Refused acts do not count.
func (l *Limiter) Allow(key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := *l.keys.get(key, func() *rate.Limiter { return rate.NewLimiter(rate.Every(l.every), l.burst) })
	now := l.now()
	act := bucket.ReserveN(now, 1)
	wait := act.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	act.CancelAt(now)
	return tooMany(wait)
}

// Backoff makes whoever keeps failing wait, twice as long each time. It may be used by many goroutines at once.
type Backoff struct {
	now    func() time.Time
	free   int
	first  time.Duration
	most   time.Duration
	forget time.Duration

	mu   sync.Mutex
	keys recent[failures]
}

type failures struct {
	count int
	last  time.Time
}

// NewBackoff makes a limit that lets a key fail free times, then demands a wait of first, doubled with each further
// failure up to most, and forgets failures when none came for the time of forget. It remembers up to keys keys.
func NewBackoff(free int, first, most, forget time.Duration, keys int, now func() time.Time) *Backoff {
	return &Backoff{now: now, free: free, first: first, most: most, forget: forget, keys: newRecent[failures](keys)}
}

// Attempt counts an attempt as failed, before its secret is compared, so that many at once gain nothing; call Succeeded
// when it was right. While the key has to wait, it returns errs.TooMany, which does not depend on the secret.
func (b *Backoff) Attempt(key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.keys.get(key, func() failures { return failures{} })
	now := b.now()
	since := now.Sub(f.last)
	if since >= b.forget {
		f.count = 0
	}
	if wait := b.wait(f.count) - since; wait > 0 {
		return tooMany(wait)
	}
	f.count++
	f.last = now
	return nil
}

// Succeeded forgets the failures of a key.
func (b *Backoff) Succeeded(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keys.forget(key)
}

// wait is how long after the last of count failures the next attempt may come.
func (b *Backoff) wait(count int) time.Duration {
	if count < b.free {
		return 0
	}
	wait := b.first
	for range count - b.free {
		if wait >= b.most/2 {
			return b.most
		}
		wait *= 2
	}
	return min(wait, b.most)
}

func tooMany(wait time.Duration) error {
	seconds := int64(math.Ceil(wait.Seconds()))
	if wait > 2*time.Minute {
		return errs.E(errs.TooMany, "http.wait_minutes", "n", int64(math.Ceil(wait.Minutes())), retryKey, seconds)
	}
	return errs.E(errs.TooMany, "http.wait_seconds", "n", seconds, retryKey, seconds)
}

// Attempts are the limits on what strangers may try. Addresses get generous limits, since a whole office may share
// one; what guards a secret is the limit on the account or code.
type Attempts struct {
	signInAddress *Limiter
	signInAccount *Backoff
	codeAddress   *Limiter
	code          *Backoff
	fileAddress   *Limiter
	readAddress   *Limiter
}

// NewAttempts makes the limits.
//   - Signing in: 30 attempts at once from an address, then one per 2 s; for an account 5 failures are free, then waits
//     from 2 s up to 5 min, forgotten after an hour.
//   - Opening by code and PIN: 20 at once from an address, then one per 6 s; for a code 5 failures are free, then waits
//     from 30 s up to an hour, forgotten after a day: at most 35 guesses on the first day, 24 on any later.
//   - Filing: 20 at once from an address, then one per 30 s.
//   - Reading what is published: 120 at once from an address, then one per 500 ms.
func NewAttempts(now func() time.Time) *Attempts {
	return &Attempts{
		signInAddress: NewLimiter(30, 2*time.Second, maxKeys, now),
		signInAccount: NewBackoff(5, 2*time.Second, 5*time.Minute, time.Hour, maxKeys, now),
		codeAddress:   NewLimiter(20, 6*time.Second, maxKeys, now),
		code:          NewBackoff(5, 30*time.Second, time.Hour, 24*time.Hour, maxKeys, now),
		fileAddress:   NewLimiter(20, 30*time.Second, maxKeys, now),
		readAddress:   NewLimiter(120, 500*time.Millisecond, maxKeys, now),
	}
}

// SignIn counts an attempt to sign in, before the password is compared. The account is what was typed, whether it
// exists or not.
func (a *Attempts) SignIn(account string, from netip.Addr) error {
	if err := a.signInAddress.Allow(addrKey(from)); err != nil {
		return err
	}
	return a.signInAccount.Attempt(account)
}

// SignedIn says that the attempt was right.
func (a *Attempts) SignedIn(account string) { a.signInAccount.Succeeded(account) }

// Open counts an attempt to open a submission by code and PIN, before anything is looked up. The code is what was typed,
// whether it exists or not.
func (a *Attempts) Open(code string, from netip.Addr) error {
	if err := a.codeAddress.Allow(addrKey(from)); err != nil {
		return err
	}
	return a.code.Attempt(code)
}

// Opened says that code and PIN were right.
func (a *Attempts) Opened(code string) { a.code.Succeeded(code) }

// File counts a submission that is handed in.
func (a *Attempts) File(from netip.Addr) error { return a.fileAddress.Allow(addrKey(from)) }

// Read counts what a stranger's program reads of what is published.
func (a *Attempts) Read(from netip.Addr) error { return a.readAddress.Allow(addrKey(from)) }
