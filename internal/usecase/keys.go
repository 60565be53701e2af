package usecase

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// A machine's key is written huk_<id>_<secret>. The store has the id and the keyed hash of the secret.
const (
	keyMark   = "huk"
	keyIDSize = 8  // characters of five bits: names the key, not secret
	keySecret = 32 // characters of five bits: 160 bits of chance
)

// KeyGrants are what a key may be allowed to do.
func KeyGrants() []string { return []string{"register", "read", "act"} }

// KeyRoles are the roles in which a machine may act; an auditor's only reads. What a person has to answer for is none of them.
func KeyRoles() []org.Role {
	return []org.Role{org.RoleRegistrar, org.RoleHandler, org.RoleSupervisor, org.RoleAuditor}
}

// NewKey says what a machine is to be let in for.
type NewKey struct {
	Name    string
	Unit    org.UnitID
	Role    org.Role
	Grants  []string
	Expires law.Day // the first day on which it is void; NoDay: never
}

// KeyView is a machine's key as administrators see it.
type KeyView struct {
	ID        string
	Name      string
	Unit      org.Unit
	Role      org.Role
	Grants    []string
	CreatedUS int64
	ExpiresUS int64 // zero: never
	RevokedUS int64 // zero while it is good
}

// AddKey lets a machine in for a unit and returns the key, which is shown once and kept nowhere.
func (o *Office) AddKey(ctx context.Context, who org.Actor, n NewKey) (string, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return "", err
	}
	n.Name = strings.TrimSpace(n.Name)
	if err := errs.Fields(o.checkKey(who, n)); err != nil {
		return "", err
	}
	id, err := chance(o.Random, keyIDSize)
	if err != nil {
		return "", err
	}
	secret, err := chance(o.Random, keySecret)
	if err != nil {
		return "", err
	}
	hash, err := o.Vault.Hash(vault.Session, id, secret)
	if err != nil {
		return "", err
	}
	row := store.KeyRow{ID: id, Hash: hash, Name: n.Name, Unit: n.Unit, Role: n.Role, Grants: strings.Join(n.Grants, " "), CreatedUS: o.Now()}
	if n.Expires.Known() {
		row.ExpiresUS = n.Expires.StartUS()
	}
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		if err := t.SaveKey(ctx, row); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeKey, int64(n.Unit), nil, recordOfKey(row))
	})
	return keyMark + "_" + id + "_" + secret, err
}

func (o *Office) checkKey(who org.Actor, n NewKey) []errs.Field {
	var out []errs.Field
	switch length := utf8.RuneCountInString(n.Name); {
	case length == 0:
		out = append(out, errs.F("name", "field.required"))
	case length > matter.MaxLine:
		out = append(out, errs.F("name", "field.long", "max", matter.MaxLine, "n", length))
	}
	switch u, ok := o.Chart().Unit(n.Unit); {
	case !ok || !u.Alive(o.Today()):
		out = append(out, errs.F("unit", "unit.gone"))
	case !governs(who, o.Chart(), n.Unit):
		out = append(out, errs.F("unit", "unit.outside"))
	}
	if !slices.Contains(KeyRoles(), n.Role) {
		out = append(out, errs.F("role", "field.choice"))
	}
	if len(n.Grants) == 0 {
		out = append(out, errs.F("grants", "field.required"))
	}
	for i, g := range n.Grants {
		if !slices.Contains(KeyGrants(), g) || slices.Contains(n.Grants[:i], g) {
			out = append(out, errs.F("grants", "field.choice"))
			break
		}
	}
	if n.Expires.Known() && n.Expires <= o.Today() {
		out = append(out, errs.F("expires", "day.future"))
	}
	return out
}

// keyRecord is a key in the record of changes.
type keyRecord struct {
	Key     string     `json:"key"`
	Name    string     `json:"name"`
	Unit    org.UnitID `json:"unit"`
	Role    string     `json:"role"`
	Grants  string     `json:"grants"`
	Expires int64      `json:"expires_us,omitempty"`
	Revoked int64      `json:"revoked_us,omitempty"`
}

func recordOfKey(k store.KeyRow) keyRecord {
	return keyRecord{Key: k.ID, Name: k.Name, Unit: k.Unit, Role: string(k.Role), Grants: k.Grants, Expires: k.ExpiresUS, Revoked: k.RevokedUS}
}

// chance returns n characters of five bits each.
func chance(random io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("chance: %w", err)
	}
	for i, c := range b {
		b[i] = codeAlphabet[c&31]
	}
	return strings.ToLower(string(b)), nil
}

// Keys returns the keys of the units an administrator governs, newest first.
func (o *Office) Keys(ctx context.Context, who org.Actor) ([]KeyView, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return nil, err
	}
	var out []KeyView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.Keys(ctx)
		if err != nil {
			return err
		}
		chart := o.Chart()
		for _, r := range rows {
			if !governs(who, chart, r.Unit) {
				continue
			}
			v := KeyView{ID: r.ID, Name: r.Name, Role: r.Role, Grants: strings.Fields(r.Grants), CreatedUS: r.CreatedUS, ExpiresUS: r.ExpiresUS, RevokedUS: r.RevokedUS}
			v.Unit, _ = chart.Unit(r.Unit)
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

// RevokeKey shuts a machine out at once. Revoking again is nothing.
func (o *Office) RevokeKey(ctx context.Context, who org.Actor, id string) error {
	if err := need(who, org.RoleAdmin); err != nil {
		return err
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was, found, err := t.Key(ctx, id)
		if err != nil {
			return err
		}
		if !found || !governs(who, o.Chart(), was.Unit) {
			return errs.E(errs.NotFound, "key.not_found")
		}
		if was.RevokedUS != 0 {
			return nil
		}
		next := was
		next.RevokedUS = o.Now()
		if err := t.SaveKey(ctx, next); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeKey, int64(was.Unit), recordOfKey(was), recordOfKey(next))
	})
}

// MachineActor makes the actor of a key. A key that is malformed, unknown, wrong, expired, revoked or of an ended unit gets the same answer,
// after the same comparison.
func (o *Office) MachineActor(ctx context.Context, key string) (org.Actor, error) {
	refused := errs.E(errs.Unauthenticated, "auth.key")
	mark, rest, _ := strings.Cut(key, "_")
	id, secret, _ := strings.Cut(rest, "_")
	k, found, err := o.keyRow(ctx, id)
	if err != nil {
		return org.Actor{}, err
	}
	if !found {
		k.Hash = make([]byte, sha256.Size) // as long as a hash, and of nothing
	}
	fits, err := o.Vault.Matches(vault.Session, k.Hash, id, secret)
	if err != nil {
		return org.Actor{}, err
	}
	if mark != keyMark || !found || !fits {
		return org.Actor{}, refused
	}
	return o.actorOfKey(k)
}

func (o *Office) keyRow(ctx context.Context, id string) (k store.KeyRow, found bool, err error) {
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		k, found, err = t.Key(ctx, id)
		return err
	})
	return k, found, err
}

// actorOfKey makes the actor of a key that counts today.
func (o *Office) actorOfKey(k store.KeyRow) (org.Actor, error) {
	unit, ok := o.Chart().Unit(k.Unit)
	if k.RevokedUS != 0 || k.ExpiresUS != 0 && o.Now() >= k.ExpiresUS || !ok || !unit.Alive(o.Today()) {
		return org.Actor{}, errs.E(errs.Unauthenticated, "auth.key")
	}
	return org.Actor{
		Kind: org.ActorMachine, Key: k.ID, Grants: strings.Fields(k.Grants), Duty: org.Duty{Role: k.Role, Unit: k.Unit, Scope: k.Unit},
	}, nil
}

// keyActor makes the actor of a key that asked for something earlier.
func (o *Office) keyActor(ctx context.Context, id string) (org.Actor, error) {
	k, found, err := o.keyRow(ctx, id)
	if err != nil {
		return org.Actor{}, err
	}
	if !found {
		return org.Actor{}, errs.E(errs.Unauthenticated, "auth.key")
	}
	return o.actorOfKey(k)
}
