package httpx

import (
	"net/http"
	"strings"

	"huiyin/internal/errs"
)

// IdempotencyHeader is the header by which a client marks repetitions of one write.
const IdempotencyHeader = "Idempotency-Key"

const (
	minIdempotencyKey = 8
	maxIdempotencyKey = 128
)

// IdempotencyKey names one write of one client; "" when the client sent none.
type IdempotencyKey string

// ParseIdempotencyKey reads the header: 8 to 128 letters, digits and - _ . : of ASCII, bare or in double quotes (as the
// draft of the header's standard writes it; both name the same key).
func ParseIdempotencyKey(h http.Header) (IdempotencyKey, error) {
	values := h.Values(IdempotencyHeader)
	if len(values) == 0 {
		return "", nil
	}
	key := values[0]
	if inner, ok := strings.CutPrefix(key, `"`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok {
			key = inner
		}
	}
	if len(values) > 1 || !wellFormed(key, minIdempotencyKey, maxIdempotencyKey, "-_.:") {
		return "", errs.Fields([]errs.Field{errs.F(IdempotencyHeader, "http.idempotency_key", "min", minIdempotencyKey, "max", maxIdempotencyKey)})
	}
	return IdempotencyKey(key), nil
}
