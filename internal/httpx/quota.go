package httpx

import (
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Quotas let each key make so many requests a minute: a bucket that holds a minute's worth and fills evenly. Each process keeps its own. It may be used by many
// goroutines at once.
type Quotas struct {
	now func() time.Time

	mu   sync.Mutex
	keys recent[*rate.Limiter]
}

// NewQuotas makes quotas, none of which has been used.
func NewQuotas(now func() time.Time) *Quotas {
	return &Quotas{now: now, keys: newRecent[*rate.Limiter](maxKeys)}
}

// Quota is what is left of one.
type Quota struct {
	PerMinute int
	Left      int
	Full      int64 // seconds until all of it is there again
}

// Take counts a request of a key; the errs.TooMany it may return says how long to wait. Refused requests do not count.
func (q *Quotas) Take(key string, perMinute int) (Quota, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	each := rate.Limit(float64(perMinute) / time.Minute.Seconds())
	now := q.now()
	kept := q.keys.get(key, func() *rate.Limiter { return rate.NewLimiter(each, perMinute) })
	if (*kept).Burst() != perMinute { // it was changed
		*kept = rate.NewLimiter(each, perMinute)
	}
	bucket := *kept
	act := bucket.ReserveN(now, 1)
	wait := act.DelayFrom(now)
	if wait > 0 {
		act.CancelAt(now)
	}
	left := max(bucket.TokensAt(now), 0)
	out := Quota{PerMinute: perMinute, Left: int(left), Full: int64(math.Ceil((float64(perMinute) - left) / float64(each)))}
	if wait > 0 {
		return out, tooMany(wait)
	}
	return out, nil
}

// Write says it in the headers of an answer (draft-ietf-httpapi-ratelimit-headers).
func (q Quota) Write(h http.Header) {
	h.Set("RateLimit-Policy", fmt.Sprintf(`"key";q=%d;w=60`, q.PerMinute))
	h.Set("RateLimit", fmt.Sprintf(`"key";r=%d;t=%d`, q.Left, q.Full))
}
