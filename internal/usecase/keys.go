package usecase

import (
	"cmp"
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

// KeyGrants are what a key may be allowed to do with matters.
func KeyGrants() []string { return []string{"register", "read", "act", "figures", "import"} }

// GrantManage lets a machine of an administrator manage keys, webhooks and, of the whole organisation, the jobs beside the desk, and nothing else.
const GrantManage = "manage"

// KeyRoles are the roles in which a machine may act; an auditor's only reads, and an administrator's manages (GrantManage). What a person has to answer for is
// none of them.
func KeyRoles() []org.Role {
	return []org.Role{org.RoleRegistrar, org.RoleHandler, org.RoleSupervisor, org.RoleAuditor, org.RoleAdmin}
}

// How many requests a minute a key may make: where nothing is said, and at most.
const (
	KeyRate    = 600
	MaxKeyRate = 600_000
)

// MaxKeyOverlap is for how many hours the secret of before may stay good beside the new one.
const MaxKeyOverlap = 30 * 24

// NewKey says what a machine is to be let in for.
type NewKey struct {
	Name    string
	Unit    org.UnitID
	Role    org.Role
	Grants  []string
	Expires law.Day // the first day on which it is void; NoDay: never
	Rate    int     // requests a minute; zero: KeyRate
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
	OldUS     int64 // until when the secret of before the last rotation is good, too; zero when it is not
	Used      law.Day
	Rate      int // requests a minute
}

// AddKey lets a machine in for a unit and returns the key, which is shown once and kept nowhere.
func (o *Office) AddKey(ctx context.Context, who org.Actor, n NewKey) (string, error) {
	if err := manages(who); err != nil {
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
	key, hash, err := o.newSecret(id)
	if err != nil {
		return "", err
	}
	row := store.KeyRow{
		ID: id, Hash: hash, Name: n.Name, Unit: n.Unit, Role: n.Role, Grants: strings.Join(n.Grants, " "), CreatedUS: o.Now(), PerMinute: n.Rate,
	}
	if n.Expires.Known() {
		row.ExpiresUS = n.Expires.StartUS()
	}
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		if err := t.SaveKey(ctx, row); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeKey, int64(n.Unit), nil, recordOfKey(row, who))
	})
	return key, err
}

// newSecret makes a secret for the key of an id: the key as it is written, and the hash that is kept.
func (o *Office) newSecret(id string) (key string, hash []byte, err error) {
	secret, err := chance(o.Random, keySecret)
	if err != nil {
		return "", nil, err
	}
	hash, err = o.Vault.Hash(vault.Session, id, secret)
	return keyMark + "_" + id + "_" + secret, hash, err
}

// checkDoor says what is wrong with the name and the unit of what lets another system in, or tells it.
func (o *Office) checkDoor(who org.Actor, name string, unit org.UnitID) (out []errs.Field) {
	switch length := utf8.RuneCountInString(name); {
	case length == 0:
		out = append(out, errs.F("name", "field.required"))
	case length > matter.MaxLine:
		out = append(out, errs.F("name", "field.long", "max", matter.MaxLine, "n", length))
	}
	switch u, ok := o.Chart().Unit(unit); {
	case !ok || !u.Alive(o.Today()):
		out = append(out, errs.F("unit", "unit.gone"))
	case !governs(who, o.Chart(), unit):
		out = append(out, errs.F("unit", "unit.outside"))
	}
	return out
}

func (o *Office) checkKey(who org.Actor, n NewKey) []errs.Field {
	out := o.checkDoor(who, n.Name, n.Unit)
	if !slices.Contains(KeyRoles(), n.Role) {
		out = append(out, errs.F("role", "field.choice"))
	}
	if len(n.Grants) == 0 {
		out = append(out, errs.F("grants", "field.required"))
	}
	for i, g := range n.Grants {
		switch {
		case !slices.Contains(append(KeyGrants(), GrantManage), g) || slices.Contains(n.Grants[:i], g):
			return append(out, errs.F("grants", "field.choice"))
		case (g == GrantManage) != (n.Role == org.RoleAdmin):
			return append(out, errs.F("grants", "key.manage"))
		case g == GrantManage && who.Kind == org.ActorMachine: // only a person makes a machine an administrator
			return append(out, errs.F("grants", "key.person"))
		}
	}
	if n.Rate < 0 || n.Rate > MaxKeyRate {
		out = append(out, errs.F("rate", "key.rate", "max", MaxKeyRate))
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
	Rotated int64      `json:"rotated_us,omitempty"`
	Rate    int        `json:"per_minute,omitempty"`
	By      string     `json:"by_key,omitempty"` // the key that changed it; empty for a person
}

func recordOfKey(k store.KeyRow, who org.Actor) keyRecord {
	return keyRecord{Key: k.ID, Name: k.Name, Unit: k.Unit, Role: string(k.Role), Grants: k.Grants, Expires: k.ExpiresUS, Revoked: k.RevokedUS, Rate: k.PerMinute, By: who.Key}
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

// manages refuses who may not manage keys and webhooks: that is for administrators, and for machines of theirs that were let do so.
func manages(who org.Actor) error {
	if err := need(who, org.RoleAdmin); err != nil {
		return err
	}
	return granted(who, GrantManage)
}

// Keys returns the keys of the units an administrator governs, newest first.
func (o *Office) Keys(ctx context.Context, who org.Actor) ([]KeyView, error) {
	if err := manages(who); err != nil {
		return nil, err
	}
	var out []KeyView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.Keys(ctx)
		if err != nil {
			return err
		}
		old, err := t.OldKeys(ctx, "", o.Now())
		if err != nil {
			return err
		}
		for _, r := range rows {
			if governs(who, o.Chart(), r.Unit) {
				out = append(out, o.keyView(r, old))
			}
		}
		return nil
	})
	return out, err
}

func (o *Office) keyView(r store.KeyRow, old map[string]store.OldKey) KeyView {
	v := KeyView{
		ID: r.ID, Name: r.Name, Role: r.Role, Grants: strings.Fields(r.Grants), CreatedUS: r.CreatedUS, ExpiresUS: r.ExpiresUS, RevokedUS: r.RevokedUS, OldUS: old[r.ID].UntilUS,
		Used: r.Used, Rate: cmp.Or(r.PerMinute, KeyRate),
	}
	v.Unit, _ = o.Chart().Unit(r.Unit)
	return v
}

// OwnKey is the key by which a machine calls.
func (o *Office) OwnKey(ctx context.Context, who org.Actor) (KeyView, error) {
	if who.Kind != org.ActorMachine {
		return KeyView{}, errs.E(errs.Unauthenticated, "auth.key")
	}
	var v KeyView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		k, err := o.reachKey(ctx, t, who, who.Key)
		if err != nil {
			return err
		}
		old, err := t.OldKeys(ctx, k.ID, o.Now())
		v = o.keyView(k, old)
		return err
	})
	return v, err
}

// reachKey finds a key that the actor may change: one of a unit they govern, or the machine's own. Any other is not there.
func (o *Office) reachKey(ctx context.Context, t *store.Tx, who org.Actor, id string) (store.KeyRow, error) {
	k, found, err := t.Key(ctx, id)
	if err != nil {
		return k, err
	}
	own := who.Kind == org.ActorMachine && who.Key == id
	if !found || !own && (manages(who) != nil || !governs(who, o.Chart(), k.Unit) || who.Kind == org.ActorMachine && k.Role == org.RoleAdmin) {
		return k, errs.E(errs.NotFound, "key.not_found")
	}
	return k, nil
}

// mayKey refuses who manages no keys and has none.
func mayKey(who org.Actor) error {
	if who.Kind == org.ActorMachine {
		return nil
	}
	return manages(who)
}

// RotateKey gives a key a new secret, which is shown once; it stays the same key, so that what it registered and asked for stays its own. The secret of before
// is good for so many hours more, and an earlier one no longer. Administrators rotate, and the machine its own.
func (o *Office) RotateKey(ctx context.Context, who org.Actor, id string, overlap int) (string, error) {
	if err := mayKey(who); err != nil {
		return "", err
	}
	if overlap < 0 || overlap > MaxKeyOverlap {
		return "", errs.Fields([]errs.Field{errs.F("overlap", "key.overlap", "max", MaxKeyOverlap)})
	}
	key, hash, err := o.newSecret(id)
	if err != nil {
		return "", err
	}
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was, err := o.reachKey(ctx, t, who, id)
		if err != nil {
			return err
		}
		if _, err := o.actorOfKey(was); err != nil {
			return errs.E(errs.Refused, "key.void")
		}
		next, now := was, o.Now()
		next.Hash = hash
		if err := t.SaveOldKey(ctx, store.OldKey{ID: id, Hash: was.Hash, UntilUS: now + int64(overlap)*60*minuteUS}); err != nil {
			return err
		}
		if err := t.SaveKey(ctx, next); err != nil {
			return err
		}
		after := recordOfKey(next, who)
		after.Rotated = now
		return o.noteChange(ctx, t, who, changeKey, int64(was.Unit), recordOfKey(was, org.Actor{}), after)
	})
	return key, err
}

// RevokeKey shuts a machine out at once, with every secret it had. Revoking again is nothing. A machine may give up its own key.
func (o *Office) RevokeKey(ctx context.Context, who org.Actor, id string) error {
	if err := mayKey(who); err != nil {
		return err
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was, err := o.reachKey(ctx, t, who, id)
		if err != nil {
			return err
		}
		if was.RevokedUS != 0 {
			return nil
		}
		next := was
		next.RevokedUS = o.Now()
		if err := t.SaveKey(ctx, next); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeKey, int64(was.Unit), recordOfKey(was, org.Actor{}), recordOfKey(next, who))
	})
}

// MachineActor makes the actor of a key. A key that is malformed, unknown, wrong, expired, revoked or of an ended unit gets the same answer,
// after the same comparison.
func (o *Office) MachineActor(ctx context.Context, key string) (org.Actor, error) {
	refused := errs.E(errs.Unauthenticated, "auth.key")
	mark, rest, _ := strings.Cut(key, "_")
	id, secret, _ := strings.Cut(rest, "_")
	var old store.OldKey
	k, found, err := o.keyRow(ctx, id, &old)
	if err != nil {
		return org.Actor{}, err
	}
	if !found {
		k.Hash = make([]byte, sha256.Size) // as long as a hash, and of nothing
	}
	if old.Hash == nil {
		old.Hash = make([]byte, sha256.Size)
	}
	fits, err := o.Vault.Matches(vault.Session, k.Hash, id, secret)
	if err != nil {
		return org.Actor{}, err
	}
	fitsOld, err := o.Vault.Matches(vault.Session, old.Hash, id, secret)
	if err != nil {
		return org.Actor{}, err
	}
	if mark != keyMark || !found || !fits && !fitsOld {
		return org.Actor{}, refused
	}
	who, err := o.actorOfKey(k)
	if today := o.Today(); err == nil && k.Used != today { // once a day
		err = o.Store.Update(ctx, 0, func(t *store.Tx) error { return t.UseKey(ctx, k.ID, today) })
	}
	return who, err
}

// keyRow finds a key; with old, also what is still good of the secret before the last rotation.
func (o *Office) keyRow(ctx context.Context, id string, old *store.OldKey) (k store.KeyRow, found bool, err error) {
	err = o.Store.Glance(ctx, func(t *store.Tx) error {
		if old == nil {
			k, found, err = t.Key(ctx, id)
		} else {
			k, *old, found, err = t.KeyNow(ctx, id, o.Now())
		}
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
		Kind: org.ActorMachine, Key: k.ID, Grants: strings.Fields(k.Grants), Rate: cmp.Or(k.PerMinute, KeyRate),
		Duty: org.Duty{Role: k.Role, Unit: k.Unit, Scope: k.Unit},
	}, nil
}

// keyActor makes the actor of a key that asked for something earlier.
func (o *Office) keyActor(ctx context.Context, id string) (org.Actor, error) {
	k, found, err := o.keyRow(ctx, id, nil)
	if err != nil {
		return org.Actor{}, err
	}
	if !found {
		return org.Actor{}, errs.E(errs.Unauthenticated, "auth.key")
	}
	return o.actorOfKey(k)
}
