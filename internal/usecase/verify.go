package usecase

import (
	"bytes"
	"context"
	"iter"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/proof"
	"huiyin/internal/store"
)

// Finding is one place where what is kept does not fit together. Code is the key of its text.
type Finding struct {
	Code   string     `json:"code"`
	Home   int64      `json:"home"`
	Matter matter.Ref `json:"matter,omitzero"`
	Seq    int64      `json:"seq,omitempty"`  // event within the matter
	Pos    int64      `json:"pos,omitempty"`  // place in the home's log
	Look   int64      `json:"look,omitempty"` // number within the home's record of looks
	File   string     `json:"file,omitempty"` // id of the upload
}

// maxFindings is how many findings are kept; the others are counted.
const maxFindings = 100

// Verification is what Verify has looked at and found.
type Verification struct {
	Homes    int       `json:"homes"`
	Matters  int       `json:"matters"`
	Events   int       `json:"events"`
	Entries  int       `json:"entries"` // of the logs
	Looks    int       `json:"looks"`
	Files    int       `json:"files"`
	Waiting  int64     `json:"waiting"` // links that wait for their place in a log; the server gives it to them
	Findings []Finding `json:"findings"`
	More     int       `json:"more,omitempty"` // findings beyond those kept
}

// Sound reports whether nothing was found.
func (v Verification) Sound() bool { return len(v.Findings) == 0 }

// VerifyOptions say how far verification goes and who is told of its progress.
type VerifyOptions struct {
	Files    bool           // read every upload and compare its content with its hash
	Progress func(done int) // matters done; may be nil
}

// Verify recomputes every chain: the events of each matter, the log of each home, the record of looks; and compares them with each other, so
// that what was changed, taken out or cut off is named. It writes nothing and may run beside a working server: each batch is
// read in one state of the store.
func (o *Office) Verify(ctx context.Context, who org.Actor, opt VerifyOptions) (Verification, error) {
	if err := need(who, org.RoleAuditor); err != nil {
		return Verification{}, err
	}
	v := verifier{office: o, opt: opt, out: Verification{Findings: []Finding{}}}
	homes, err := o.homes(ctx)
	for _, home := range homes {
		if err == nil {
			err = v.home(ctx, home)
		}
	}
	v.out.Homes = len(homes)
	return v.out, err
}

type verifier struct {
	office *Office
	opt    VerifyOptions
	out    Verification
}

func (v *verifier) found(f Finding) {
	if len(v.out.Findings) < maxFindings {
		v.out.Findings = append(v.out.Findings, f)
		return
	}
	v.out.More++
}

func (v *verifier) home(ctx context.Context, home int64) error {
	if err := v.matters(ctx, home); err != nil {
		return err
	}
	if err := v.log(ctx, home); err != nil {
		return err
	}
	if err := v.looks(ctx, home); err != nil {
		return err
	}
	return v.office.Store.Read(ctx, func(t *store.Tx) error {
		n, err := t.CountLeaves(ctx, home)
		v.out.Waiting += n
		return err
	})
}

// matters checks the chain of each matter, that it is as long as the matter's row says, and that its end is in the log or on the way there.
func (v *verifier) matters(ctx context.Context, home int64) error {
	after := int64(0)
	for {
		var refs []matter.Ref
		err := v.office.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			if refs, err = t.MattersAfter(ctx, home, after, batch); err != nil {
				return err
			}
			waiting := queueOf(home)
			for _, ref := range refs {
				if err := v.matter(ctx, t, ref, waiting); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(refs) == 0 {
			return err
		}
		after = refs[len(refs)-1].N
		v.out.Matters += len(refs)
		if v.opt.Progress != nil {
			v.opt.Progress(v.out.Matters)
		}
	}
}

func (v *verifier) matter(ctx context.Context, t *store.Tx, ref matter.Ref, waiting *queue) error {
	rows, err := t.Events(ctx, ref)
	if errs.KindOf(err) == errs.Invalid { // a day that is none: nothing that the program wrote
		v.found(Finding{Code: "verify.event.unreadable", Home: ref.Home, Matter: ref})
		return nil
	}
	if err != nil {
		return err
	}
	v.out.Events += len(rows)
	row, err := t.Matter(ctx, org.System().Scope(), ref)
	if err != nil {
		return err
	}
	verdict := proof.VerifyMatter(ref.Home, ref.N, proofEvents(rows))
	switch {
	case verdict.Fault == proof.Gap:
		v.found(Finding{Code: "verify.event.missing", Home: ref.Home, Matter: ref, Seq: verdict.At})
	case verdict.Fault != proof.Whole:
		v.found(Finding{Code: "verify.event.changed", Home: ref.Home, Matter: ref, Seq: verdict.At})
	case verdict.Head.Count < int64(row.Version):
		v.found(Finding{Code: "verify.event.missing", Home: ref.Home, Matter: ref, Seq: verdict.Head.Count + 1})
	case verdict.Head.Count > int64(row.Version):
		v.found(Finding{Code: "verify.matter.behind", Home: ref.Home, Matter: ref, Seq: int64(row.Version)})
	default:
		known, err := v.logged(ctx, t, ref.Home, leafEvent, ref.N, int(verdict.Head.Count), verdict.Head.Link, waiting)
		if err != nil {
			return err
		}
		if !known {
			v.found(Finding{Code: "verify.event.unlogged", Home: ref.Home, Matter: ref, Seq: verdict.Head.Count})
		}
	}
	return v.files(ctx, t, row)
}

// logged reports whether a link stands in its home's log or waits for its place there.
func (v *verifier) logged(ctx context.Context, t *store.Tx, home int64, kind string, subject int64, seq int, link proof.Link, waiting *queue) (bool, error) {
	at, found, err := t.ChainOf(ctx, home, kind, subject, seq)
	if err != nil {
		return false, err
	}
	if found {
		return bytes.Equal(at.Leaf, link[:]), nil
	}
	return waiting.has(ctx, t, kind, subject, seq, link)
}

// queue is the links of a home that wait, read at the first question.
type queue struct {
	home  int64
	read  bool
	links map[queued]proof.Link
}

type queued struct {
	kind    string
	subject int64
	seq     int
}

func queueOf(home int64) *queue { return &queue{home: home, links: map[queued]proof.Link{}} }

func (q *queue) has(ctx context.Context, t *store.Tx, kind string, subject int64, seq int, link proof.Link) (bool, error) {
	if !q.read {
		n, err := t.CountLeaves(ctx, q.home)
		if err != nil {
			return false, err
		}
		leaves, err := t.LeavesOf(ctx, q.home, int(n))
		if err != nil {
			return false, err
		}
		for _, l := range leaves {
			q.links[queued{l.Kind, l.Subject, l.Seq}], _ = proof.LinkOf(l.Link)
		}
		q.read = true
	}
	was, found := q.links[queued{kind, subject, seq}]
	return found && was == link, nil
}

// files checks that the cards of a matter's uploads lie under the key of its compartment and, if asked, their content.
func (v *verifier) files(ctx context.Context, t *store.Tx, m matter.Row) error {
	rows, err := t.Attachments(ctx, m.Ref)
	if err != nil {
		return err
	}
	for _, a := range rows {
		at := Finding{Home: m.Ref.Home, Matter: m.Ref, File: a.ID}
		if m.Sealed && a.SealedCard == nil {
			at.Code = "verify.file.unsealed"
			v.found(at)
		}
		if !v.opt.Files {
			continue
		}
		v.out.Files++
		err := v.office.Files.check(a)
		switch {
		case err == nil:
			continue
		case errs.KindOf(err) == errs.NotFound:
			at.Code = "verify.file.missing"
		case errs.CodeOf(err) == "upload.changed", errs.CodeOf(err) == "vault.broken":
			at.Code = "verify.file.changed"
		default:
			return err
		}
		v.found(at)
	}
	return nil
}

// log checks the log of a home, and that every entry still has its event or look.
func (v *verifier) log(ctx context.Context, home int64) error {
	var failed error
	verdict := proof.VerifyLog(func(yield func(proof.Entry) bool) {
		after := int64(0)
		for {
			var rows []store.ChainRow
			failed = v.office.Store.Read(ctx, func(t *store.Tx) error {
				var err error
				if rows, err = t.ChainAfter(ctx, home, after, batch); err != nil {
					return err
				}
				for _, c := range rows {
					if err := v.entry(ctx, t, c); err != nil {
						return err
					}
				}
				return nil
			})
			if failed != nil || len(rows) == 0 {
				return
			}
			v.out.Entries += len(rows)
			for _, c := range rows {
				leaf, _ := proof.LinkOf(c.Leaf)
				link, _ := proof.LinkOf(c.Link)
				if !yield(proof.Entry{Pos: c.Pos, Leaf: leaf, Link: link}) {
					return
				}
			}
			after = rows[len(rows)-1].Pos
		}
	})
	switch {
	case failed != nil:
		return failed
	case verdict.Fault == proof.Gap:
		v.found(Finding{Code: "verify.log.missing", Home: home, Pos: verdict.At})
	case verdict.Fault != proof.Whole:
		v.found(Finding{Code: "verify.log.changed", Home: home, Pos: verdict.At})
	}
	return nil
}

// entry compares an entry of the log with the event or the look that it stands for.
func (v *verifier) entry(ctx context.Context, t *store.Tx, c store.ChainRow) error {
	switch c.Kind {
	case leafEvent:
		return v.eventEntry(ctx, t, c)
	case leafLook:
		rows, err := t.LooksAfter(ctx, c.Home, c.Subject-1, 1)
		if err != nil {
			return err
		}
		switch {
		case len(rows) == 0 || rows[0].ID != c.Subject:
			v.found(Finding{Code: "verify.look.missing", Home: c.Home, Pos: c.Pos, Look: c.Subject})
		case !bytes.Equal(rows[0].Link, c.Leaf):
			v.found(Finding{Code: "verify.look.differs", Home: c.Home, Pos: c.Pos, Look: c.Subject})
		}
	default:
		v.found(Finding{Code: "verify.log.changed", Home: c.Home, Pos: c.Pos})
	}
	return nil
}

func (v *verifier) eventEntry(ctx context.Context, t *store.Tx, c store.ChainRow) error {
	at := Finding{Home: c.Home, Matter: matter.Ref{Home: c.Home, N: c.Subject}, Seq: int64(c.Seq), Pos: c.Pos}
	link, found, err := t.EventLink(ctx, at.Matter, c.Seq)
	switch {
	case err != nil:
		return err
	case !found:
		at.Code = "verify.event.gone"
	case !bytes.Equal(link, c.Leaf):
		at.Code = "verify.event.differs"
	case c.Seq == 1: // once for each matter: its row is there, or no list and no walk over matters would ever come to it
		if _, err := t.Matter(ctx, org.System().Scope(), at.Matter); err == nil {
			return nil
		} else if errs.KindOf(err) != errs.NotFound {
			return err
		}
		at.Code = "verify.matter.gone"
	default:
		return nil
	}
	v.found(at)
	return nil
}

// looks checks a home's record of looks.
func (v *verifier) looks(ctx context.Context, home int64) error {
	after := int64(0)
	var prev proof.Link
	broken := false
	for {
		var rows []store.LookRow
		err := v.office.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			if rows, err = t.LooksAfter(ctx, home, after, batch); err != nil {
				return err
			}
			waiting := queueOf(home)
			for _, l := range rows {
				if broken {
					break
				}
				link := lookLink(prev, l)
				switch {
				case l.ID != after+1:
					broken = true
					v.found(Finding{Code: "verify.look.missing", Home: home, Look: after + 1})
				case !bytes.Equal(link[:], l.Link):
					broken = true
					v.found(Finding{Code: "verify.look.changed", Home: home, Look: l.ID})
				default:
					known, err := v.logged(ctx, t, home, leafLook, l.ID, 1, link, waiting)
					if err != nil {
						return err
					}
					if !known {
						v.found(Finding{Code: "verify.look.unlogged", Home: home, Look: l.ID})
					}
				}
				prev, after = link, l.ID
			}
			return nil
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		v.out.Looks += len(rows)
		after = rows[len(rows)-1].ID
	}
}

// proofEvents gives stored events to the check, with what the link covers besides the body.
func proofEvents(rows []store.EventRow) iter.Seq[proof.Event] {
	return func(yield func(proof.Event) bool) {
		for _, r := range rows {
			link, _ := proof.LinkOf(r.Link)
			if !yield(proof.Event{Seq: r.Seq, AtUS: r.AtUS, Kind: head(r.Kind, r.Day, r.Actor), Body: r.Body, Link: link}) {
				return
			}
		}
	}
}
