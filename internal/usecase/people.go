package usecase

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// PersonView is a person as administrators see them.
type PersonView struct {
	ID         org.UserID
	SignIn     string
	Name       string
	MustChange bool
	Disabled   bool
	CreatedUS  int64
	Duties     []DutyView // past and coming ones included
	Whole      bool       // every duty lies in the administrator's scope: name, password and access may be changed
}

// Person returns one of the people an administrator looks after.
func (o *Office) Person(ctx context.Context, who org.Actor, user org.UserID) (PersonView, error) {
	return o.person(ctx, who, func(t *store.Tx) (store.PersonRow, error) {
		p, _, err := o.known(ctx, t, who, user)
		return p, err
	})
}

// PersonBySignIn is Person for who knows the name they sign in with.
func (o *Office) PersonBySignIn(ctx context.Context, who org.Actor, name string) (PersonView, error) {
	return o.person(ctx, who, func(t *store.Tx) (store.PersonRow, error) {
		p, found, err := t.PersonBySignIn(ctx, foldSignIn(name))
		if err != nil {
			return p, err
		}
		if !found {
			return p, errs.E(errs.NotFound, "person.not_found")
		}
		p, _, err = o.known(ctx, t, who, p.ID)
		return p, err
	})
}

func (o *Office) person(ctx context.Context, who org.Actor, find func(*store.Tx) (store.PersonRow, error)) (PersonView, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return PersonView{}, err
	}
	var v PersonView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		p, err := find(t)
		if err != nil {
			return err
		}
		views, err := o.personViews(ctx, t, who, []store.PersonRow{p})
		if err == nil {
			v = views[0]
		}
		return err
	})
	return v, err
}

func (o *Office) personViews(ctx context.Context, t *store.Tx, who org.Actor, rows []store.PersonRow) ([]PersonView, error) {
	ids := make([]org.UserID, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	duties, err := t.DutiesOfPeople(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]PersonView, len(rows))
	for i, p := range rows {
		out[i] = PersonView{ID: p.ID, SignIn: p.SignIn, Name: p.Name, MustChange: p.MustChange, Disabled: p.Disabled, CreatedUS: p.CreatedUS}
		var own []org.Duty
		for _, d := range duties {
			if d.User == p.ID {
				own = append(own, d)
				out[i].Duties = append(out[i].Duties, o.dutyView(d))
			}
		}
		_, out[i].Whole = o.reach(who, own)
	}
	return out, nil
}

// reach reports how far the duties that somebody holds or is to hold lie within what an administrator governs: any of them, or all. Who has none
// is everybody's.
func (o *Office) reach(who org.Actor, duties []org.Duty) (some, all bool) {
	all = true
	today, live := o.Today(), 0
	for _, d := range duties {
		if d.Until.Known() && d.Until <= today {
			continue
		}
		live++
		mine := o.givable(who, d)
		some, all = some || mine, all && mine
	}
	return some || live == 0, all
}

// known loads a person whom the actor looks after, and says whether all of the person's duties lie in the actor's scope. Anybody
// else does not exist for the actor.
func (o *Office) known(ctx context.Context, t *store.Tx, who org.Actor, user org.UserID) (store.PersonRow, bool, error) {
	notThere := errs.E(errs.NotFound, "person.not_found")
	p, err := t.Person(ctx, user)
	if errs.KindOf(err) == errs.NotFound {
		return p, false, notThere
	}
	if err != nil {
		return p, false, err
	}
	duties, err := t.Duties(ctx, user)
	if err != nil {
		return p, false, err
	}
	some, all := o.reach(who, duties)
	if !some {
		return p, false, notThere
	}
	return p, all, nil
}

// NewPerson is somebody who is to work with the system, with the duties they begin with.
type NewPerson struct {
	SignIn   string
	Name     string
	Password string // the operator's alone to give; empty: one is made up, to be changed at the first sign-in
	Duties   []NewDuty
}

// Bounds of names, in characters.
const (
	minSignIn = 2
	maxName   = 40
)

func (n NewPerson) check() []errs.Field {
	var out []errs.Field
	if length := utf8.RuneCountInString(n.SignIn); length < minSignIn || length > maxName || strings.ContainsFunc(n.SignIn, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
	}) {
		out = append(out, errs.F("sign_in", "person.sign_in", "min", minSignIn, "max", maxName))
	}
	out = append(out, checkName(n.Name)...)
	if n.Password != "" {
		out = append(out, checkPassword("password", n.Password, n.SignIn, n.Name)...)
	}
	return out
}

func checkName(name string) []errs.Field {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return []errs.Field{errs.F("name", "field.required")}
	case n > maxName:
		return []errs.Field{errs.F("name", "field.long", "max", maxName, "n", n)}
	}
	return nil
}

// AddPerson takes somebody in and returns the first password, which is shown once and kept nowhere.
func (o *Office) AddPerson(ctx context.Context, who org.Actor, n NewPerson) (org.UserID, string, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return 0, "", err
	}
	if n.Password != "" && who.Kind != org.ActorSystem {
		return 0, "", errs.E(errs.Forbidden, "auth.duty")
	}
	n.SignIn, n.Name = foldSignIn(n.SignIn), strings.TrimSpace(n.Name)
	fields := n.check()
	n.Duties = slices.Clone(n.Duties)
	for i := range n.Duties {
		n.Duties[i] = n.Duties[i].clean(o.Today())
		fields = append(fields, o.checkDuty(who, fmt.Sprintf("duties.%d.", i), n.Duties[i])...)
	}
	if err := errs.Fields(fields); err != nil {
		return 0, "", err
	}
	password := n.Password
	if password == "" {
		var err error
		if password, err = newPassword(o.Random); err != nil {
			return 0, "", err
		}
	}
	hash, err := o.hashPassword(ctx, password)
	if err != nil {
		return 0, "", err
	}
	var id org.UserID
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		id, err = o.addPerson(ctx, t, who, n, hash)
		return err
	})
	return id, password, err
}

// addPerson writes a checked person with their duties.
func (o *Office) addPerson(ctx context.Context, t *store.Tx, who org.Actor, n NewPerson, hash string) (org.UserID, error) {
	if _, taken, err := t.PersonBySignIn(ctx, n.SignIn); err != nil {
		return 0, err
	} else if taken {
		return 0, errs.E(errs.Conflict, "person.taken")
	}
	id, err := t.NextLocal(ctx, "person")
	if err != nil {
		return 0, err
	}
	p := store.PersonRow{ID: org.UserID(id), SignIn: n.SignIn, Name: n.Name, Password: hash, MustChange: n.Password == "", CreatedUS: o.Now()}
	if err := o.savePerson(ctx, t, p); err != nil {
		return 0, err
	}
	duties := make([]org.Duty, len(n.Duties))
	for i, d := range n.Duties {
		duties[i] = d.of(p.ID)
	}
	if err := o.noteChange(ctx, t, who, changePerson, id, nil, recordOfPerson(p, "given"), unitsOfDuties(duties, o.Today())...); err != nil {
		return 0, err
	}
	for _, d := range n.Duties {
		if _, err := o.addDuty(ctx, t, who, p.ID, d); err != nil {
			return 0, err
		}
	}
	return p.ID, nil
}

// The length of a password that the office makes up: 80 bits of chance.
const (
	passwordGroups = 4
	passwordGroup  = 4
)

// newPassword makes up a password that can be read out and typed.
func newPassword(random io.Reader) (string, error) {
	groups := make([]string, passwordGroups)
	for i := range groups {
		var err error
		if groups[i], err = chance(random, passwordGroup); err != nil {
			return "", err
		}
	}
	return strings.Join(groups, "-"), nil
}

// ResetPassword gives a person a new password, which is shown once and has to be changed; open sessions end.
func (o *Office) ResetPassword(ctx context.Context, who org.Actor, user org.UserID) (string, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return "", err
	}
	password, err := newPassword(o.Random)
	if err != nil {
		return "", err
	}
	hash, err := o.hashPassword(ctx, password)
	if err != nil {
		return "", err
	}
	return password, o.changePerson(ctx, who, user, "given", func(_ *store.Tx, p *store.PersonRow) error {
		p.Password, p.MustChange = hash, true
		return nil
	})
}

// RenamePerson corrects a name.
func (o *Office) RenamePerson(ctx context.Context, who org.Actor, user org.UserID, name string) error {
	name = strings.TrimSpace(name)
	if err := errs.Fields(checkName(name)); err != nil {
		return err
	}
	return o.changePerson(ctx, who, user, "", func(_ *store.Tx, p *store.PersonRow) error {
		p.Name = name
		return nil
	})
}

// SetDisabled shuts a person out at once, or lets them in again. What they did stays under their name.
func (o *Office) SetDisabled(ctx context.Context, who org.Actor, user org.UserID, disabled bool) error {
	return o.changePerson(ctx, who, user, "", func(t *store.Tx, p *store.PersonRow) error {
		p.Disabled = disabled
		if !disabled {
			return nil
		}
		duties, err := t.Duties(ctx, user)
		if err != nil {
			return err
		}
		for _, d := range duties {
			if d.Active(o.Today()) {
				if err := o.keepAdmin(ctx, t, d, func(a org.Duty) bool { return a.User == user }, o.Today()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// changePerson changes one of the people an administrator looks after; password says who set it, if it is set.
func (o *Office) changePerson(ctx context.Context, who org.Actor, user org.UserID, password string, change func(*store.Tx, *store.PersonRow) error) error {
	if err := need(who, org.RoleAdmin); err != nil {
		return err
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was, whole, err := o.known(ctx, t, who, user)
		if err != nil {
			return err
		}
		if !whole { // who sets a password can act by it
			return errs.E(errs.Forbidden, "person.elsewhere")
		}
		next := was
		if err := change(t, &next); err != nil {
			return err
		}
		if err := o.savePerson(ctx, t, next); err != nil {
			return err
		}
		return o.notePerson(ctx, t, who, was, next, password)
	})
}

// keepAdmin refuses what would leave nobody to administer what an administrator's duty takes in: on the day, some other such duty,
// not among the lost ones, must reach at least as far.
func (o *Office) keepAdmin(ctx context.Context, t *store.Tx, d org.Duty, lost func(org.Duty) bool, day law.Day) error {
	if d.Role != org.RoleAdmin {
		return nil
	}
	admins, err := t.Admins(ctx, day)
	if err != nil {
		return err
	}
	chart := o.Chart()
	for _, a := range admins {
		if u, ok := chart.Unit(a.Unit); ok && u.Alive(day) && !lost(a) && chart.Under(d.Scope, a.Scope) {
			return nil
		}
	}
	return errs.E(errs.Refused, "duty.last_admin")
}
