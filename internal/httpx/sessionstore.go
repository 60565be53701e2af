package httpx

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// SessionRows is where sessions are kept. The rows hold ids and no personal data; a row past its expiry is as good as
// none and may be deleted at any time.
type SessionRows interface {
	// Find returns the data of a row that has not expired; false when there is none.
	Find(ctx context.Context, tokenHash []byte) (data []byte, found bool, err error)
	// Commit writes a row, in place of an older one with the same hash.
	Commit(ctx context.Context, tokenHash, data []byte, expiry time.Time) error
	// Delete removes a row, if it is there.
	Delete(ctx context.Context, tokenHash []byte) error
}

// sessionStore gives the rows the shape that scs asks for. Only a hash of the token is passed on: who reads the table
// cannot take over a session.
type sessionStore struct{ rows SessionRows }

// tokenLength is how long a token of scs is: 32 random bytes in base64.
const tokenLength = 43

func (s sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	if !wellFormed(token, tokenLength, tokenLength, "-_") {
		return nil, false, nil
	}
	data, found, err = s.rows.Find(ctx, tokenHash(token))
	if err != nil || !found {
		return nil, false, err
	}
	// a row that another version of the program wrote must not lock its owner out
	if _, _, err := (sessionCodec{}).Decode(data); err != nil {
		return nil, false, nil //nolint:nilerr // told as "no session"
	}
	return data, true, nil
}

func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.rows.Commit(ctx, tokenHash(token), data, expiry)
}

func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.rows.Delete(ctx, tokenHash(token))
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// scs asks for the methods without a context too, but does not call them on a store that has the others.

func (s sessionStore) Find(string) (data []byte, found bool, err error) {
	return nil, false, errNoContext()
}
func (s sessionStore) Commit(string, []byte, time.Time) error { return errNoContext() }
func (s sessionStore) Delete(string) error                    { return errNoContext() }

func errNoContext() error { return errors.New("sessions need a context") }

// sessionCodec writes a session as JSON: short, readable by other programs, and safe to read whatever the bytes.
type sessionCodec struct{}

type sessionData struct {
	DeadlineUS int64             `json:"deadline_us"`
	Values     map[string]string `json:"values"`
}

func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	data := sessionData{DeadlineUS: deadline.UnixMicro(), Values: make(map[string]string, len(values))}
	for k, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("session value %q is a %T, not a string", k, v)
		}
		data.Values[k] = text
	}
	return json.Marshal(data)
}

func (sessionCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var data sessionData
	if err := json.Unmarshal(b, &data); err != nil {
		return time.Time{}, nil, fmt.Errorf("decode a session: %w", err)
	}
	values := make(map[string]any, len(data.Values))
	for k, v := range data.Values {
		values[k] = v
	}
	return time.UnixMicro(data.DeadlineUS).UTC(), values, nil
}
