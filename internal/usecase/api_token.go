package usecase

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/vault"
)

// CitizenTokenPrefix opens every token that a petitioner's program is given.
const CitizenTokenPrefix = "hyc_"

const (
	citizenTokenLife = 30 * 60 * 1_000_000 // microseconds
	citizenClaims    = 3 * 8               // home, submission, end
	citizenMAC       = 32
)

// IssueCitizenToken gives a program that knows a submission's code and PIN a token to act as its petitioner for half an hour. The caller
// limits the attempts, see OpenByCode.
func (o *Office) IssueCitizenToken(ctx context.Context, code, pin string) (token string, expiresUS int64, err error) {
	who, err := o.OpenByCode(ctx, code, pin)
	if err != nil {
		return "", 0, err
	}
	expiresUS = o.Now() + citizenTokenLife
	claims := make([]byte, 0, citizenClaims+citizenMAC)
	for _, n := range []int64{who.Home, who.Submission, expiresUS} {
		claims = binary.BigEndian.AppendUint64(claims, uint64(n)) //nolint:gosec // read back the same way
	}
	mac, err := o.Vault.Hash(vault.Session, citizenPart, string(claims))
	if err != nil {
		return "", 0, err
	}
	return CitizenTokenPrefix + base64.RawURLEncoding.EncodeToString(append(claims, mac...)), expiresUS, nil
}

// citizenPart keeps these hashes apart from all others under the same key.
const citizenPart = "citizen-token"

// CitizenActor returns the petitioner whose token it is. One that was not issued here, was changed or has ended is Unauthenticated.
func (o *Office) CitizenActor(token string) (org.Actor, error) {
	wrong := errs.E(errs.Unauthenticated, "token.citizen")
	text, ok := strings.CutPrefix(token, CitizenTokenPrefix)
	if !ok {
		return org.Actor{}, wrong
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != citizenClaims+citizenMAC {
		return org.Actor{}, wrong
	}
	ours, err := o.Vault.Matches(vault.Session, b[citizenClaims:], citizenPart, string(b[:citizenClaims]))
	if err != nil {
		return org.Actor{}, err
	}
	var n [3]int64
	for i := range n {
		n[i] = int64(binary.BigEndian.Uint64(b[8*i:])) //nolint:gosec // written the same way
	}
	if !ours || o.Now() >= n[2] {
		return org.Actor{}, wrong
	}
	return org.Actor{Kind: org.ActorPetitioner, Home: n[0], Submission: n[1]}, nil
}
