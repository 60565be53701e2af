package usecase

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// MaxKinReason is the longest reason why a matter is not of one kind with another, in characters.
const MaxKinReason = 500

// changeKin is the kind under which it stands in the record of changes that two matters are not of one kind, or are after all.
const changeKin = "kin"

// NotKin is a matter that reads like another and is not of one kind with it: a person said so.
type NotKin struct {
	RowView
	AtUS   int64
	Person string // empty for a machine
	At     org.Unit
	Reason string
}

// NotKin returns which matters were said not to be of one kind with a matter, the newest first: those that the actor sees.
func (o *Office) NotKin(ctx context.Context, who org.Actor, ref matter.Ref) (out []NotKin, err error) {
	if err := staffReads(who); err != nil {
		return nil, err
	}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		out = nil
		if h, err := o.see(ctx, t, who, ref); err != nil || h.sealed {
			return err
		}
		said, err := t.NotKinOf(ctx, ref.Home, ref.N, store.MaxList)
		if err != nil {
			return err
		}
		numbers, people := make([]int64, len(said)), make([]org.UserID, len(said))
		for i, k := range said {
			numbers[i], people[i] = k.B, k.User
		}
		names, err := t.PersonNames(ctx, people)
		if err != nil {
			return err
		}
		seen, err := t.Seen(ctx, who.Scope(), ref.Home, numbers)
		if err != nil {
			return err
		}
		rows, err := t.MattersByNumber(ctx, ref.Home, seen)
		if err != nil {
			return err
		}
		for _, k := range said {
			i := slices.IndexFunc(rows, func(r matter.Row) bool { return r.Ref.N == k.B })
			if i < 0 {
				continue
			}
			x := NotKin{RowView: o.rowView(rows[i], o.Today()), AtUS: k.AtUS, Person: names[k.User], Reason: k.Reason}
			x.At, _ = o.Chart().Unit(k.Unit)
			out = append(out, x)
		}
		slices.SortFunc(out, func(a, b NotKin) int { return int(b.AtUS - a.AtUS) })
		return nil
	})
	return out, err
}

// MayNotKin reports whether a duty may say that matters are not of one kind.
func MayNotKin(who org.Actor) bool {
	return who.Has(org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleSupervisor)
}

// SayNotKin says that another matter is not of one kind with a matter: from now on neither is shown to anybody as the other's precedent or kin. It stands in the record of changes.
func (o *Office) SayNotKin(ctx context.Context, who org.Actor, ref, other matter.Ref, reason string) error {
	reason = strings.TrimSpace(reason)
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return errs.Fields([]errs.Field{errs.F("reason", "field.required")})
	case n > MaxKinReason:
		return errs.Fields([]errs.Field{errs.F("reason", "field.long", "max", MaxKinReason, "n", n)})
	}
	return o.sayKin(ctx, who, ref, other, reason)
}

// TakeBackNotKin says that two matters are of one kind, after all.
func (o *Office) TakeBackNotKin(ctx context.Context, who org.Actor, ref, other matter.Ref) error {
	return o.sayKin(ctx, who, ref, other, "")
}

// sayKin writes that two matters are not of one kind, for a reason; without one that they are.
func (o *Office) sayKin(ctx context.Context, who org.Actor, ref, other matter.Ref, reason string) error {
	if err := need(who, org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleSupervisor); err != nil {
		return err
	}
	if err := granted(who, "act"); err != nil {
		return err
	}
	return o.Store.Update(ctx, ref.Home, func(t *store.Tx) error {
		if err := o.seesPair(ctx, t, who, ref, other); err != nil {
			return err
		}
		said, err := t.NotKinOf(ctx, ref.Home, ref.N, store.MaxList)
		if err != nil {
			return err
		}
		was, now := kinRecord{Matter: ref, Other: other}, kinRecord{Matter: ref, Other: other, NotKin: reason != "", Reason: reason}
		if i := slices.IndexFunc(said, func(k store.NotKin) bool { return k.B == other.N }); i >= 0 {
			was.NotKin, was.Reason = true, said[i].Reason
		}
		switch {
		case was.NotKin == now.NotKin:
			return errs.E(errs.Conflict, "kin.already")
		case now.NotKin && len(said) == store.MaxList:
			return errs.E(errs.Conflict, "kin.many", "max", store.MaxList)
		case now.NotKin:
			err = t.SaveNotKin(ctx, store.NotKin{Home: ref.Home, A: ref.N, B: other.N, AtUS: o.Now(), User: who.User, Unit: who.Duty.Unit, Reason: reason})
		default:
			err = t.RemoveNotKin(ctx, ref.Home, ref.N, other.N)
		}
		if err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeKin, ref.N, was, now, who.Duty.Unit)
	})
}

// seesPair refuses a pair of which the actor does not see both, and what never is of one kind: sealed matters, those of two homes, one by itself.
func (o *Office) seesPair(ctx context.Context, t *store.Tx, who org.Actor, ref, other matter.Ref) error {
	none := errs.E(errs.NotFound, "matter.not_found")
	if ref.Home != other.Home {
		return none
	}
	for _, r := range []matter.Ref{ref, other} {
		sealed, err := t.Sealed(ctx, who.Scope(), r)
		if errs.KindOf(err) == errs.NotFound || err == nil && sealed {
			return none
		}
		if err != nil {
			return err
		}
	}
	if ref == other {
		return errs.E(errs.Conflict, "kin.itself")
	}
	return nil
}

// kinRecord is a pair of matters in the record of changes.
type kinRecord struct {
	Matter matter.Ref `json:"matter"`
	Other  matter.Ref `json:"other"`
	NotKin bool       `json:"not_kin"`
	Reason string     `json:"reason,omitempty"`
}
