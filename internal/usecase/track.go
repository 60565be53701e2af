package usecase

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// TrackView is a matter as the petitioner of one submission sees it: their own submission and demands, what happened, who has it, the clock, what
// they can do. It holds nothing of other petitioners and nothing of the office's inner steps.
type TrackView struct {
	Submission matter.Submission
	Code       string
	Matter     *matter.Matter // for states and dates; pages show only this submission's part of it
	Demands    []matter.Demand
	Events     []matter.Event // those a petitioner is told of, oldest first
	Clock      *ClockView     // the duty that runs now
	Review     *ClockView     // the petitioner's own right to ask for review, once served
	Now        []matter.Offer
	Not        []matter.Offer
	Turn       matter.Turn
	Organs     map[matter.Act][]org.Unit // to which a request for review may go
	Remedies   []RemedyView              // what can be done next, by state and law
	Answered   bool                      // the written reply is out
	Served     *matter.Service
	Rating     *matter.Rating
	Files      []store.AttachmentRow // the petitioner's own
	Looks      []LookView
	Names      Names
	Joined     bool // hangs on a matter that began with somebody else's submission
	Today      law.Day
	Proof      Proof
}

// Track returns the petitioner's own matter.
func (o *Office) Track(ctx context.Context, who org.Actor) (_ TrackView, err error) {
	ctx, end := o.step(ctx, "use.track")
	defer func() { end(err) }()
	if who.Kind != org.ActorPetitioner {
		return TrackView{}, errs.E(errs.Unauthenticated, "auth.code")
	}
	own := matter.Ref{Home: who.Home, N: who.Submission}
	var v TrackView
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		row, err := t.Submission(ctx, own)
		if err != nil {
			return err
		}
		h, err := o.see(ctx, t, who, row.Matter)
		if err != nil {
			return err
		}
		all := o.view(h, who)
		v = TrackView{
			Code: row.Code, Matter: h.matter, Now: all.Now, Not: all.Not, Turn: h.matter.TurnFor(own), Organs: all.Organs, Names: all.Names, Today: all.Today,
			Joined: h.matter.First != own, Answered: h.matter.Draft != nil && h.matter.Draft.Issued.Known(),
		}
		v.Submission, _ = h.matter.Submission(own)
		for _, d := range h.matter.Demands {
			if d.Submission == own {
				v.Demands = append(v.Demands, d)
			}
		}
		v.Events = slices.DeleteFunc(slices.Clone(h.events), func(e matter.Event) bool { return !matter.ToldTo(e, own) })
		for i, e := range v.Events {
			if b, ok := e.Body.(matter.ClocksMoved); ok {
				v.Events[i].Body = b.For(own)
			}
		}
		for _, c := range all.Clocks {
			c.Light = c.Awaited(all.Today, matter.SoonDays).Light
			switch {
			case c.Petitioner && c.Submission == own && c.Review == 0:
				v.Review = &c
			case c.Review != 0 && !h.matter.InReview(own, c.Review):
			case v.Clock != nil && (v.Clock.Promise == 0 || c.Promise != 0): // the first period of law, or without one the first promise
			case !c.Right && !c.BetweenOffices() && c.Running(all.Today) && (c.Submission.IsZero() || c.Submission == own):
				v.Clock = &c
			}
		}
		if v.Remedies, err = o.remedies(h, who, own); err != nil {
			return err
		}
		if s, ok := h.matter.Service(own); ok {
			v.Served = &s
		}
		if r, ok := h.matter.Rating(own); ok {
			v.Rating = &r
		}
		files, err := o.attachments(ctx, t, row.Matter)
		if err != nil {
			return err
		}
		v.Files = slices.DeleteFunc(files, func(a store.AttachmentRow) bool { return a.Submission != own.N })
		ids := []org.UserID{}
		if h.matter.Handler != 0 {
			ids = append(ids, h.matter.Handler)
		}
		v.Names.People, err = t.PersonNames(ctx, ids)
		return err
	})
	if err != nil {
		return TrackView{}, err
	}
	if v.Looks, err = o.Looks(ctx, who); err != nil {
		return TrackView{}, err
	}
	v.Proof, err = o.ProofOf(ctx, own)
	return v, err
}

// draftDays is how long a begun form is kept.
const draftDays = 30

// draftHome is where drafts lie that belong to no home yet.
const draftHome = 0

// SaveDraft keeps a begun form, encrypted under the sealed key since it may become an accusation, and returns the token by which alone it can be found again. An empty token begins a new one.
func (o *Office) SaveDraft(ctx context.Context, token string, form any) (string, error) {
	if token == "" {
		b := make([]byte, 18)
		if _, err := io.ReadFull(o.Random, b); err != nil {
			return "", fmt.Errorf("draft token: %w", err)
		}
		token = hex.EncodeToString(b)
	}
	plain, err := json.Marshal(form)
	if err != nil {
		return "", fmt.Errorf("encode draft: %w", err)
	}
	hash, err := o.Vault.Hash(vault.Session, "draft", token)
	if err != nil {
		return "", err
	}
	body, err := o.Vault.Seal(vault.Sealed, plain, hash)
	if err != nil {
		return "", err
	}
	now := o.Now()
	d := store.Draft{Home: draftHome, Token: hash, Body: body, SavedUS: now, ExpiresUS: now + draftDays*dayUS}
	return token, o.Store.Update(ctx, draftHome, func(t *store.Tx) error { return t.SaveDraft(ctx, d) })
}

// LoadDraft fills form with a begun form and says when it was saved.
func (o *Office) LoadDraft(ctx context.Context, token string, form any) (savedUS int64, err error) {
	hash, err := o.Vault.Hash(vault.Session, "draft", token)
	if err != nil {
		return 0, err
	}
	var d store.Draft
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		d, err = t.Draft(ctx, draftHome, hash, o.Now())
		return err
	}); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return 0, errs.E(errs.NotFound, "draft.gone")
		}
		return 0, err
	}
	plain, err := o.Vault.Open(vault.Sealed, d.Body, hash)
	if err != nil {
		return 0, err
	}
	return d.SavedUS, json.Unmarshal(plain, form)
}

// DropDraft removes a begun form, once it was sent or given up.
func (o *Office) DropDraft(ctx context.Context, token string) error {
	hash, err := o.Vault.Hash(vault.Session, "draft", token)
	if err != nil {
		return err
	}
	return o.Store.Update(ctx, draftHome, func(t *store.Tx) error { return t.RemoveDraft(ctx, draftHome, hash) })
}
