package usecase

import (
	"encoding/json"
	"fmt"

	"huiyin/internal/errs"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// card is what there is to know of an upload, with the key of its content. It lies encrypted in the upload's row, bound to it: under the identity key,
// or under that of the sealed compartment for what belongs to an accusation. An upload comes before anybody knows what it is for, so until it
// is claimed it has a card under each, and claiming drops one (store.ClaimAttachments): moving into the compartment is one statement in the
// transaction of the claim, and touches no file.
type card struct {
	Name string `json:"name"`
	Mime string `json:"mime"`
	Size int64  `json:"size"`           // of the content in bytes; the file is longer
	Key  []byte `json:"key"`            // nil for an upload from before there were cards, whose content lies under the identity key itself
	Text []byte `json:"text,omitempty"` // the key of what is written inside; nil where nobody has looked, or nothing is
}

// compartment is where an upload belongs, and so under which keys its card lies.
type compartment int

const (
	unclaimed compartment = iota
	openFile
	sealedFile
)

func cardPlace(a store.AttachmentRow) []byte { return vault.Place(a.Home, 0, "attachment/"+a.ID) }

// deal writes the cards of an upload anew. Only they tell its name, kind and size.
func (f *Files) deal(a store.AttachmentRow, c card, at compartment) (store.AttachmentRow, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return a, fmt.Errorf("encode card: %w", err)
	}
	a.Name, a.Mime, a.Size = "", "", 0
	a.IdentityCard, a.SealedCard = nil, nil
	if at != sealedFile {
		if a.IdentityCard, err = f.vault.Seal(vault.Identity, text, cardPlace(a)); err != nil {
			return a, err
		}
	}
	if at != openFile {
		a.SealedCard, err = f.vault.Seal(vault.Sealed, text, cardPlace(a))
	}
	return a, err
}

// card reads the card of an upload.
func (f *Files) card(a store.AttachmentRow) (card, error) {
	var text []byte
	var err error
	switch {
	case a.IdentityCard != nil:
		text, err = f.vault.Open(vault.Identity, a.IdentityCard, cardPlace(a))
	case a.SealedCard != nil:
		text, err = f.vault.Open(vault.Sealed, a.SealedCard, cardPlace(a))
	default:
		return card{Name: a.Name, Mime: a.Mime, Size: a.Size}, nil
	}
	if err != nil {
		return card{}, fmt.Errorf("upload %s: %w", a.ID, err)
	}
	var c card
	if err := json.Unmarshal(text, &c); err != nil || c.Key == nil {
		return card{}, errs.E(errs.Internal, "upload.changed").Because(err)
	}
	return c, nil
}

// named is a row with what its card tells, for those who may see it.
func (c card) named(a store.AttachmentRow) store.AttachmentRow {
	a.Name, a.Mime, a.Size = c.Name, c.Mime, c.Size
	return a
}

// rewrite puts the cards of an upload that lie under an older key of a purpose under the newest; false where none does.
func (f *Files) rewrite(a *store.AttachmentRow, purpose vault.Purpose) (bool, error) {
	sealed := &a.IdentityCard
	if purpose == vault.Sealed {
		sealed = &a.SealedCard
	}
	if *sealed == nil || !f.vault.NeedsRotation(*sealed) {
		return false, nil
	}
	text, err := f.vault.Open(purpose, *sealed, cardPlace(*a))
	if err != nil {
		return false, fmt.Errorf("upload %s: %w", a.ID, err)
	}
	*sealed, err = f.vault.Seal(purpose, text, cardPlace(*a))
	return err == nil, err
}
