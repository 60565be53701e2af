package usecase

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// The bounds of a password, in characters.
const (
	minPassword = 10
	maxPassword = 200
)

// maxHashing is how many passwords are hashed at the same time: each takes 19 MiB and a core, and a rush at the door must not
// take the machine from those who work.
const maxHashing = 2

// hashing is argon2id as OWASP's Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane.
func hashing() *argon2id.Params {
	return &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// inTurn runs the hashing of one password when there is room for it, unless the caller leaves before.
func (o *Office) inTurn(ctx context.Context, fn func() error) error {
	select {
	case o.hashing <- struct{}{}:
	case <-ctx.Done():
		return errs.E(errs.Unavailable, "auth.busy").Because(ctx.Err())
	}
	defer func() { <-o.hashing }()
	return fn()
}

func (o *Office) hashPassword(ctx context.Context, password string) (string, error) {
	var hash string
	err := o.inTurn(ctx, func() error {
		var err error
		hash, err = argon2id.CreateHash(password, hashing())
		return err
	})
	return hash, err
}

// passwordFits compares a password with a hash. Without a hash it does the same work and says no.
func (o *Office) passwordFits(ctx context.Context, password, hash string) (bool, error) {
	if hash == "" {
		_, err := o.hashPassword(ctx, password)
		return false, err
	}
	var ok bool
	err := o.inTurn(ctx, func() error {
		var err error
		ok, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	return ok, err
}

// SignedIn is who has shown the right password.
type SignedIn struct {
	User       org.UserID
	Name       string
	MustChange bool       // the password was given by somebody else: until it is changed Actor refuses
	Duties     []DutyView // active ones; without any there is nothing to do here
}

// foldSignIn is how sign-in names are compared: without blanks around them and without regard to case.
func foldSignIn(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// SignIn checks a name and a password. An unknown name, a wrong password and a disabled person cost the same work and give the same
// answer, so that nobody learns who works here. The caller limits the attempts.
func (o *Office) SignIn(ctx context.Context, name, password string) (SignedIn, error) {
	wrong := errs.E(errs.Unauthenticated, "auth.wrong")
	if utf8.RuneCountInString(password) > maxPassword {
		return SignedIn{}, wrong
	}
	var p store.PersonRow
	var found bool
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		p, found, err = t.PersonBySignIn(ctx, foldSignIn(name))
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	fits, err := o.passwordFits(ctx, password, p.Password)
	if err != nil {
		return SignedIn{}, fmt.Errorf("compare password: %w", err)
	}
	if !found || !fits || p.Disabled {
		return SignedIn{}, wrong
	}
	duties, err := o.DutiesOf(ctx, p.ID)
	return SignedIn{User: p.ID, Name: p.Name, MustChange: p.MustChange, Duties: duties}, err
}

// Actor makes the actor of a session anew for each request, so that whoever was disabled, whose duty or unit has ended or whose password
// was reset is refused at once: errs.Unauthenticated, or errs.Forbidden "auth.change_password" while the password has to be changed.
func (o *Office) Actor(ctx context.Context, user org.UserID, duty org.DutyID) (org.Actor, error) {
	ended := errs.E(errs.Unauthenticated, "auth.ended")
	var p store.PersonRow
	var d org.Duty
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var personErr, dutyErr error
		p, personErr = t.Person(ctx, user)
		if personErr == nil {
			d, dutyErr = t.Duty(ctx, duty)
		}
		return errors.Join(personErr, dutyErr)
	})
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return org.Actor{}, ended
	case err != nil:
		return org.Actor{}, err
	case p.Disabled || d.User != user || !o.holds(d):
		return org.Actor{}, ended
	case p.MustChange:
		return org.Actor{}, errs.E(errs.Forbidden, "auth.change_password")
	}
	return org.Actor{Kind: org.ActorStaff, User: p.ID, Name: p.Name, Duty: d}, nil
}

// holds reports whether a duty counts today: it is active and its unit lives.
func (o *Office) holds(d org.Duty) bool {
	today := o.Today()
	u, ok := o.Chart().Unit(d.Unit)
	return ok && u.Alive(today) && d.Active(today)
}

// DutiesOf returns the duties among which a person may change over today.
func (o *Office) DutiesOf(ctx context.Context, user org.UserID) ([]DutyView, error) {
	var out []DutyView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		duties, err := t.Duties(ctx, user)
		if err != nil {
			return err
		}
		for _, d := range duties {
			if o.holds(d) {
				out = append(out, o.dutyView(d))
			}
		}
		return nil
	})
	return out, err
}

// ChangePassword lets a person who knows the old password choose a new one.
func (o *Office) ChangePassword(ctx context.Context, user org.UserID, old, fresh string) error {
	var p store.PersonRow
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		p, err = t.Person(ctx, user)
		return err
	}); err != nil {
		return err
	}
	if p.Disabled {
		return errs.E(errs.Unauthenticated, "auth.ended")
	}
	fields := checkPassword("password", fresh, p.SignIn, p.Name)
	if fresh == old {
		fields = append(fields, errs.F("password", "password.same"))
	}
	if err := errs.Fields(fields); err != nil {
		return err
	}
	fits, err := o.passwordFits(ctx, old, p.Password)
	if err != nil {
		return fmt.Errorf("compare password: %w", err)
	}
	if !fits {
		return errs.Fields([]errs.Field{errs.F("old", "password.wrong")})
	}
	hash, err := o.hashPassword(ctx, fresh)
	if err != nil {
		return err
	}
	self := org.Actor{Kind: org.ActorStaff, User: p.ID, Name: p.Name}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		now, err := t.Person(ctx, user)
		if err != nil {
			return err
		}
		if now.Password != p.Password { // somebody reset it meanwhile
			return errs.E(errs.Conflict, "person.changed")
		}
		next := now
		next.Password, next.MustChange = hash, false
		if err := t.SavePerson(ctx, next); err != nil {
			return err
		}
		return o.notePerson(ctx, t, self, now, next, "own")
	})
}

// checkPassword holds what a chosen password must be.
func checkPassword(path, password, signIn, name string) []errs.Field {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return []errs.Field{errs.F(path, "password.short", "min", minPassword, "n", n)}
	case n > maxPassword:
		return []errs.Field{errs.F(path, "field.long", "max", maxPassword, "n", n)}
	}
	if folded := foldSignIn(password); folded == signIn || folded == foldSignIn(name) {
		return []errs.Field{errs.F(path, "password.name")}
	}
	return nil
}
