package usecase

import (
	"context"
	"slices"

	"huiyin/internal/document"
	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/paper"
	"huiyin/internal/store"
)

// PaperAsk names a document of a matter, and which print of it.
type PaperAsk struct {
	N       int        // of the document within the matter
	Copy    matter.Ref // whose copy; zero for the first, and for letters between offices, which have none
	Service bool       // in place of the document the proof of its service, to be filled in by hand
}

// PaperPrint is a document as it is printed for one reader.
type PaperPrint struct {
	Paper  matter.Paper
	Copy   matter.Ref
	Title  string // in Chinese, as on the paper
	Doc    document.Doc
	Masked bool // the names in it are masked
}

// Paper prints a document of a matter for staff, with masked names.
func (o *Office) Paper(ctx context.Context, who org.Actor, ref matter.Ref, ask PaperAsk) (PaperPrint, error) {
	if who.Kind == org.ActorPetitioner || who.Kind == org.ActorNobody {
		return PaperPrint{}, errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	if err := granted(who, "read"); err != nil {
		return PaperPrint{}, err
	}
	var out PaperPrint
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		h, err := o.see(ctx, t, who, ref)
		if err != nil {
			return err
		}
		out, err = o.print(ctx, t, h, ask, true)
		return err
	})
	return out, err
}

// OpenPaper prints a document with the names in clear, for service: whose identities it shows, why and by whom is recorded first, as OpenIdentity
// does, and by the same right.
func (o *Office) OpenPaper(ctx context.Context, who org.Actor, ref matter.Ref, ask PaperAsk, reason, words string) (PaperPrint, error) {
	if err := need(who, identityRoles()...); err != nil {
		return PaperPrint{}, err
	}
	if err := errs.Fields(checkLook(reason, words)); err != nil {
		return PaperPrint{}, err
	}
	var out PaperPrint
	err := o.Store.Update(ctx, ref.Home, func(t *store.Tx) error {
		h, err := o.see(ctx, t, who, ref)
		if err != nil {
			return err
		}
		if out, err = o.print(ctx, t, h, ask, false); err != nil {
			return err
		}
		shown := []matter.Ref{out.Copy}
		if out.Copy.IsZero() {
			shown = linked(h, out.Paper)
		}
		for _, submission := range shown {
			if err := o.recordLook(ctx, t, who, submission, reason, words); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return PaperPrint{}, err
	}
	return out, nil
}

// OwnPaper is a document of the petitioner's, with the matter it is of: that on which the submission hangs, or, where it was joined to that one
// later, its own.
type OwnPaper struct {
	Ref   matter.Ref
	Paper matter.Paper
}

// OwnPapers returns the documents of which the petitioner of a submission has a copy, in the order in which they came to be.
func (o *Office) OwnPapers(ctx context.Context, who org.Actor) ([]OwnPaper, error) {
	var out []OwnPaper
	err := o.own(ctx, who, func(_ *store.Tx, own matter.Ref, h history) error {
		for _, p := range h.matter.Papers {
			if slices.Contains(p.For, own) {
				out = append(out, OwnPaper{Ref: h.matter.Ref, Paper: p})
			}
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b OwnPaper) int { return int(a.Paper.Day - b.Paper.Day) })
	return out, err
}

// OwnPaper prints the petitioner's own copy of a document. What has no copy for them is not there.
func (o *Office) OwnPaper(ctx context.Context, who org.Actor, ref matter.Ref, n int) (PaperPrint, error) {
	out, found := PaperPrint{}, false
	err := o.own(ctx, who, func(t *store.Tx, own matter.Ref, h history) error {
		p, ok := h.matter.Paper(n)
		if h.matter.Ref != ref || !ok || !slices.Contains(p.For, own) {
			return nil
		}
		var err error
		found = true
		out, err = o.print(ctx, t, h, PaperAsk{N: n, Copy: own}, false)
		return err
	})
	if err == nil && !found {
		err = errs.E(errs.NotFound, "paper.not_found")
	}
	return out, err
}

// own gives the matters in which the petitioner of a submission may have documents: that of their own, and those on which it hangs or has hung.
func (o *Office) own(ctx context.Context, who org.Actor, each func(*store.Tx, matter.Ref, history) error) error {
	if who.Kind != org.ActorPetitioner {
		return errs.E(errs.Unauthenticated, "auth.code")
	}
	own := matter.Ref{Home: who.Home, N: who.Submission}
	return o.Store.Read(ctx, func(t *store.Tx) error {
		row, err := t.Submission(ctx, own)
		if err != nil {
			return err
		}
		h, err := o.load(ctx, t, own, row.Sealed)
		if err != nil {
			return err
		}
		hosts := h.matter.Hosts
		if err := each(t, own, h); err != nil {
			return err
		}
		for _, ref := range hosts {
			if h, err = o.load(ctx, t, ref, row.Sealed); err != nil {
				return err
			}
			if err := each(t, own, h); err != nil {
				return err
			}
		}
		return nil
	})
}

// print fills a document's template with what the matter was when it came into being.
func (o *Office) print(ctx context.Context, t *store.Tx, h history, ask PaperAsk, masked bool) (PaperPrint, error) {
	p, ok := h.matter.Paper(ask.N)
	if !ok {
		return PaperPrint{}, errs.E(errs.NotFound, "paper.not_found")
	}
	out := PaperPrint{Paper: p, Copy: ask.Copy, Title: o.papers.Title(p.Kind), Masked: masked}
	if out.Copy.IsZero() && len(p.For) > 0 {
		out.Copy = p.For[0]
	}
	if !out.Copy.IsZero() && !slices.Contains(p.For, out.Copy) {
		return PaperPrint{}, errs.E(errs.NotFound, "paper.not_found")
	}
	if ask.Service && (out.Copy.IsZero() || !Servable(p.Kind)) {
		return PaperPrint{}, errs.E(errs.NotFound, "paper.not_found")
	}
	s := paper.Subject{Events: h.events[:p.Event], Paper: p, Copy: out.Copy}
	var err error
	if s.People, err = o.paperPeople(ctx, t, h, out, masked); err != nil {
		return PaperPrint{}, err
	}
	kind, version, values := p.Kind, p.Template, o.papers.Values(s)
	if ask.Service {
		kind = matter.PaperService
		version, out.Title = o.template(kind).version, o.papers.Title(kind)
		values = o.papers.ServiceOf(s)
	}
	out.Doc, err = o.fill(ctx, t, kind, version, values)
	return out, err
}

// Servable reports whether a document is handed over against a proof of service.
func Servable(k matter.PaperKind) bool {
	switch k {
	case matter.PaperRegistration, matter.PaperMinutes, matter.PaperService, matter.PaperReviewReceipt:
		return false
	default:
		return true
	}
}

// linked are the submissions that hung on the matter when a letter was written.
func linked(h history, p matter.Paper) []matter.Ref {
	var out []matter.Ref
	for _, s := range matter.Fold(h.events[:p.Event]).Submissions {
		out = append(out, s.Ref)
	}
	return out
}

// paperPeople are the people whom a print names.
func (o *Office) paperPeople(ctx context.Context, t *store.Tx, h history, p PaperPrint, masked bool) ([]paper.Person, error) {
	refs := []matter.Ref{p.Copy}
	if p.Copy.IsZero() {
		refs = linked(h, p.Paper)
	}
	ids := make([]int64, len(refs))
	for i, ref := range refs {
		ids[i] = ref.N
	}
	rows, err := t.Parties(ctx, h.matter.Ref.Home, ids)
	if err != nil {
		return nil, err
	}
	var out []paper.Person
	for _, r := range rows {
		who, err := o.openParty(r, h.sealed)
		if err != nil {
			return nil, err
		}
		if masked {
			who.Name, who.IDNumber, who.Phone = org.MaskName(who.Name), org.MaskID(who.IDNumber), org.MaskPhone(who.Phone)
			who.Address = org.MaskAddress(who.Address)
		}
		out = append(out, paper.Person{Submission: r.Submission, Petitioner: who})
	}
	return out, nil
}
