package usecase

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/proof"
	"huiyin/internal/store"
)

// LookReasons are the reasons for which an identity may be opened. Words say more; both are shown to the petitioner.
func LookReasons() []string { return []string{"contact", "serve", "verify", "review"} }

// identityRoles are the roles that may open identities.
func identityRoles() []org.Role {
	return []org.Role{org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleSupervisor, org.RoleDiscipline}
}

// OpenIdentity shows who the people of a submission are, and records that it did: who, when, why. The record is written first; if it
// cannot be written nothing is shown. The petitioner reads it.
func (o *Office) OpenIdentity(ctx context.Context, who org.Actor, ref, submission matter.Ref, reason, words string) ([]matter.Petitioner, error) {
	if err := need(who, identityRoles()...); err != nil {
		return nil, err
	}
	if err := errs.Fields(checkLook(reason, words)); err != nil {
		return nil, err
	}
	var out []matter.Petitioner
	err := o.Store.Update(ctx, ref.Home, func(t *store.Tx) error {
		out = nil
		h, err := o.see(ctx, t, who, ref)
		if err != nil {
			return err
		}
		if _, linked := h.matter.Submission(submission); !linked {
			return errs.E(errs.NotFound, "submission.not_here")
		}
		if err := o.recordLook(ctx, t, who, submission, reason, words); err != nil {
			return err
		}
		rows, err := t.Parties(ctx, ref.Home, []int64{submission.N})
		if err != nil {
			return err
		}
		for _, r := range rows {
			p, err := o.openParty(r, h.sealed)
			if err != nil {
				return err
			}
			out = append(out, p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// checkLook wants a reason of the list and words that say more.
func checkLook(reason, words string) []errs.Field {
	var out []errs.Field
	if !slices.Contains(LookReasons(), reason) {
		out = append(out, errs.F("reason", "field.choice"))
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(words)); n < 2 {
		out = append(out, errs.F("words", "look.words"))
	} else if n > matter.MaxLine {
		out = append(out, errs.F("words", "field.long", "max", matter.MaxLine, "n", n))
	}
	return out
}

// recordLook appends to the home's record of looks, chained like events.
func (o *Office) recordLook(ctx context.Context, t *store.Tx, who org.Actor, submission matter.Ref, reason, words string) error {
	last, found, err := t.LastLook(ctx, submission.Home)
	if err != nil {
		return err
	}
	var prev proof.Link
	if found {
		prev, _ = proof.LinkOf(last.Link)
	}
	l := store.LookRow{
		Home: submission.Home, ID: last.ID + 1, Submission: submission, AtUS: o.Now(), User: who.User, Unit: who.Duty.Unit, Reason: reason,
		Words: strings.TrimSpace(words),
	}
	link := lookLink(prev, l)
	l.Link = link[:]
	if err := t.InsertLook(ctx, l); err != nil {
		return err
	}
	return t.QueueLeaf(ctx, store.Leaf{Home: l.Home, Kind: leafLook, Subject: l.ID, Seq: 1, Link: l.Link})
}

// LookView is one opening as the petitioner and the auditor read it.
type LookView struct {
	store.LookRow
	Unit   org.Unit
	Person string
}

// Looks returns who opened the identities of the petitioner's own submission.
func (o *Office) Looks(ctx context.Context, who org.Actor) ([]LookView, error) {
	if who.Kind != org.ActorPetitioner {
		return nil, errs.E(errs.Unauthenticated, "auth.code")
	}
	return o.lookViews(ctx, func(t *store.Tx) ([]store.LookRow, error) {
		return t.Looks(ctx, matter.Ref{Home: who.Home, N: who.Submission}, 200)
	})
}

// LookLog returns a page of the openings by units in the auditor's or leader's scope, newest first, before an instant. Openings in the sealed
// compartment are not told outside it; the petitioner reads them (Looks).
func (o *Office) LookLog(ctx context.Context, who org.Actor, beforeUS int64) ([]LookView, error) {
	if err := need(who, org.RoleAuditor, org.RoleLeader, org.RoleSupervisor); err != nil {
		return nil, err
	}
	if beforeUS == 0 {
		beforeUS = o.Now() + 1
	}
	return o.lookViews(ctx, func(t *store.Tx) ([]store.LookRow, error) {
		return t.LooksBefore(ctx, who.Duty.Scope, beforeUS, 50)
	})
}

func (o *Office) lookViews(ctx context.Context, list func(*store.Tx) ([]store.LookRow, error)) ([]LookView, error) {
	var out []LookView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := list(t)
		if err != nil {
			return err
		}
		ids := make([]org.UserID, 0, len(rows))
		for _, r := range rows {
			ids = append(ids, r.User)
		}
		names, err := t.PersonNames(ctx, ids)
		if err != nil {
			return err
		}
		for _, r := range rows {
			v := LookView{LookRow: r, Person: names[r.User]}
			v.Unit, _ = o.Chart().Unit(r.Unit)
			out = append(out, v)
		}
		return nil
	})
	return out, err
}
