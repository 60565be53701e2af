package httpx

import (
	"context"
	"net/http"
	"time"
)

// Observe is asked when a request begins and gives the context in which it is answered and what is to be told of its end, which is not nil.
// It is for metrics and traces. Of the request it sees the method ("OTHER" for an odd one), the id that logs carry, and the headers, for the
// sake of traceparent: never the address or the body. Both this function and what it returns must be fast and safe for concurrent use.
type Observe func(ctx context.Context, start time.Time, method, id string, header http.Header) (context.Context, Answered)

// Answered is told how a request ended: the pattern of its route ("" if none fitted), the status and the instant.
type Answered func(route string, status int, end time.Time)
