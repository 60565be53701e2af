package usecase

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Point is a point in time before which everything is to be as it was: an instant, or the event of a matter.
type Point struct {
	AtUS   int64
	Matter matter.Ref // of the event; zero for an instant
	Seq    int
}

// ParsePoint reads a point in time: a day and an hour (of China, if it does not say), or the registration number of a matter and the number of its event, 330112-2026-0000123/4.
func ParsePoint(text string) (Point, error) {
	if number, seq, is := strings.Cut(text, "/"); is {
		ref, err := matter.ParseRef(number)
		n, bad := strconv.Atoi(seq)
		if err == nil && bad == nil && n > 0 {
			return Point{Matter: ref, Seq: n}, nil
		}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(layout, text, law.Zone()); err == nil {
			return Point{AtUS: at.UnixMicro()}, nil
		}
	}
	return Point{}, errs.E(errs.Invalid, "rewind.point", "point", text)
}

// RewindOptions say how far back.
type RewindOptions struct {
	Before   Point
	TakenUS  int64          // when the backup was made that was restored here
	Progress func(done int) // matters made anew; may be nil
}

// Rewound is what Rewind took out.
type Rewound struct {
	AtUS    int64 `json:"at_us"`   // everything from this instant on
	Events  int   `json:"events"`  // entries of the logs, each for the events of one step
	Matters int   `json:"matters"` // that lost events and are there still
	Gone    int   `json:"gone"`    // that were registered from then on
	Files   int   `json:"files"`
	Looks   bool  `json:"looks"` // looks into identities were taken out, too
}

// changeRewind is the kind of change under which it is recorded that a store was brought back to a point in time.
const changeRewind = "rewind"

// loggedWithin is how soon the log takes up what was written. What it takes up later bears the date of something else: an import writes the events of the past.
const loggedWithin = int64(time.Minute / time.Microsecond)

// Rewind brings a store that was restored and that nobody works on back to what it was before a point in time. The events from then on are taken out, with what came by them:
// matters, submissions, people, uploads, notices. All that follows from events is made anew, and the logs of the homes go on from the last entry before the first that was taken
// out, so that every proof handed out until then still holds. What is no event stays as it is: organisation, people, settings, reports, published figures. So do the numbers that
// were given out: none is given twice. A look into an identity stays unless it, or one before it, was into a submission that is no longer there, as looks are chained, too.
func (o *Office) Rewind(ctx context.Context, who org.Actor, opt RewindOptions) (Rewound, error) {
	var out Rewound
	if who.Kind != org.ActorSystem {
		return out, errs.E(errs.Forbidden, "auth.duty")
	}
	var err error
	if out.AtUS, err = o.instantOf(ctx, opt); err != nil {
		return out, err
	}
	if out.AtUS >= opt.TakenUS {
		return out, errs.E(errs.Invalid, "rewind.later", "at", time.UnixMicro(opt.TakenUS).In(law.Zone()).Format(time.DateTime))
	}
	homes, err := o.homes(ctx)
	if err != nil {
		return out, err
	}
	for _, home := range homes {
		r := rewinding{o: o, home: home, at: out.AtUS, taken: opt.TakenUS, out: &out, low: map[int64]int{}, keep: map[int64]int64{}}
		if err := r.run(ctx); err != nil {
			return out, err
		}
	}
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error { return o.noteChange(ctx, t, who, changeRewind, 0, nil, out) }); err != nil {
		return out, err
	}
	if _, err := o.Rebuild(ctx, who, RebuildOptions{Fix: true, Progress: opt.Progress}); err != nil {
		return out, err
	}
	_, err = o.Sequence(ctx)
	return out, err
}

// instantOf is when the point was.
func (o *Office) instantOf(ctx context.Context, opt RewindOptions) (int64, error) {
	p := opt.Before
	if p.Matter.IsZero() {
		return p.AtUS, nil
	}
	var found []store.Logged
	err := o.Store.Read(ctx, func(t *store.Tx) (err error) {
		found, err = t.LoggedNext(ctx, p.Matter, p.Seq)
		return err
	})
	if err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, errs.E(errs.NotFound, "rewind.no_event", "matter", p.Matter.String(), "seq", p.Seq)
	}
	return writtenUS(found[0], opt.TakenUS), nil
}

// writtenUS is when an entry was written. An event tells its instant; one that an import has dated back was written when the log took it up.
func writtenUS(l store.Logged, takenUS int64) int64 {
	logged := l.TakenUS
	if l.Pos == 0 {
		logged = takenUS
	}
	if logged-l.EventUS > loggedWithin {
		return logged
	}
	return l.EventUS
}

// rewinding is one home that is brought back.
type rewinding struct {
	o         *Office
	home      int64
	at, taken int64
	out       *Rewound
	low       map[int64]int   // the first event of a matter in an entry that goes, by the entry's number
	keep      map[int64]int64 // the last event of a matter that stays, zero where none does
	pos       int64           // of the first entry of the log that goes
	look      int64           // the first look that goes; zero for none
}

func (r *rewinding) run(ctx context.Context) error {
	if err := r.o.Store.Read(ctx, func(t *store.Tx) error { return r.plan(ctx, t) }); err != nil {
		return err
	}
	if len(r.low) > 0 {
		if err := r.cutLog(ctx); err != nil {
			return err
		}
		if err := r.cutWaiting(ctx); err != nil {
			return err
		}
		if r.look > 0 {
			r.out.Looks = true
			if err := r.update(ctx, func(t *store.Tx) error { return t.CutLooks(ctx, r.home, r.look) }); err != nil {
				return err
			}
		}
		if err := r.cutMatters(ctx); err != nil {
			return err
		}
	}
	return r.update(ctx, func(t *store.Tx) error { return t.CutAnswers(ctx, r.home, r.at) })
}

func (r *rewinding) update(ctx context.Context, fn func(*store.Tx) error) error {
	return r.o.Store.Update(ctx, r.home, fn)
}

func (r *rewinding) ref(n int64) matter.Ref { return matter.Ref{Home: r.home, N: n} }

// goes reports whether an entry is taken out.
func (r *rewinding) goes(kind string, subject int64, seq int) bool {
	if kind == leafLook {
		return r.look > 0 && subject >= r.look
	}
	low, cut := r.low[subject]
	return cut && seq >= low
}

// plan finds what goes: of each matter all from the first entry on that was written at the point or later.
func (r *rewinding) plan(ctx context.Context, t *store.Tx) error {
	note := func(l store.Logged) {
		if l.Kind != leafEvent || writtenUS(l, r.taken) < r.at {
			return
		}
		if low, cut := r.low[l.Subject]; !cut || l.Seq < low {
			r.low[l.Subject] = l.Seq
		}
		if l.Pos > 0 && (r.pos == 0 || l.Pos < r.pos) {
			r.pos = l.Pos
		}
	}
	for pos := int64(0); ; {
		page, err := t.LoggedAfter(ctx, r.home, pos, r.at, batch)
		if err != nil {
			return err
		}
		for _, l := range page {
			note(l)
			pos = l.Pos
		}
		if len(page) < batch {
			break
		}
	}
	if err := r.waiting(ctx, t, note); err != nil {
		return err
	}
	for n, seq := range r.low {
		keep, err := t.KeptBefore(ctx, r.ref(n), seq)
		if err != nil {
			return err
		}
		r.keep[n] = keep
		if keep > 0 {
			continue
		}
		look, err := t.FirstLookInto(ctx, r.ref(n))
		if err != nil {
			return err
		}
		if look > 0 && (r.look == 0 || look < r.look) {
			r.look = look
		}
	}
	if r.look == 0 {
		return nil
	}
	at, found, err := t.ChainOf(ctx, r.home, leafLook, r.look, 1)
	if found && (r.pos == 0 || at.Pos < r.pos) {
		r.pos = at.Pos
	}
	return err
}

// waiting tells of all links that wait for their place.
func (r *rewinding) waiting(ctx context.Context, t *store.Tx, each func(store.Logged)) error {
	for last := (store.Logged{}); ; {
		page, err := t.Waiting(ctx, r.home, last, batch)
		if err != nil {
			return err
		}
		for _, l := range page {
			each(l)
			last = l
		}
		if len(page) < batch {
			return nil
		}
	}
}

// cutLog takes the log out from its first entry that goes. What stays of it behind that waits for a new place.
func (r *rewinding) cutLog(ctx context.Context) error {
	for r.pos > 0 {
		var page []store.ChainRow
		gone := 0
		if err := r.update(ctx, func(t *store.Tx) (err error) {
			gone = 0
			if page, err = t.ChainAfter(ctx, r.home, r.pos-1, batch); err != nil || len(page) == 0 {
				return err
			}
			if err := t.CutLog(ctx, r.home, r.pos, page[len(page)-1].Pos); err != nil {
				return err
			}
			for _, c := range page {
				if r.goes(c.Kind, c.Subject, c.Seq) {
					gone++
					continue
				}
				if err := t.QueueLeaf(ctx, store.Leaf{Home: r.home, Kind: c.Kind, Subject: c.Subject, Seq: c.Seq, Link: c.Leaf}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		r.out.Events += gone
		if len(page) == 0 {
			return nil
		}
		r.pos = page[len(page)-1].Pos + 1
	}
	return nil
}

// cutWaiting takes out what waits for a place in the log and goes.
func (r *rewinding) cutWaiting(ctx context.Context) error {
	var list []store.Logged
	if err := r.o.Store.Read(ctx, func(t *store.Tx) error {
		return r.waiting(ctx, t, func(l store.Logged) {
			if r.goes(l.Kind, l.Subject, l.Seq) {
				list = append(list, l)
			}
		})
	}); err != nil {
		return err
	}
	r.out.Events += len(list)
	return r.update(ctx, func(t *store.Tx) error {
		for _, l := range list {
			if err := t.CutLeaf(ctx, store.Leaf{Home: r.home, Kind: l.Kind, Subject: l.Subject, Seq: l.Seq}); err != nil {
				return err
			}
		}
		return nil
	})
}

// cutMatters takes out the events, then what has none left: a submission may hang on a matter that goes until its own is looked at.
func (r *rewinding) cutMatters(ctx context.Context) error {
	numbers := slices.Sorted(maps.Keys(r.keep))
	var uploads []store.AttachmentRow
	for part := range slices.Chunk(numbers, foldBatch) {
		var cut []store.AttachmentRow
		if err := r.update(ctx, func(t *store.Tx) error {
			cut = nil
			for _, n := range part {
				more, err := r.cutEvents(ctx, t, r.ref(n), r.keep[n])
				if err != nil {
					return err
				}
				cut = append(cut, more...)
			}
			return nil
		}); err != nil {
			return err
		}
		uploads = append(uploads, cut...)
	}
	gone := slices.DeleteFunc(numbers, func(n int64) bool { return r.keep[n] > 0 })
	for part := range slices.Chunk(gone, foldBatch) {
		if err := r.update(ctx, func(t *store.Tx) error {
			for _, n := range part {
				if err := t.CutMatter(ctx, r.ref(n)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	r.out.Gone, r.out.Matters, r.out.Files = r.out.Gone+len(gone), r.out.Matters+len(r.keep)-len(gone), r.out.Files+len(uploads)
	return r.dropFiles(ctx, uploads)
}

// cutEvents takes the events of a matter behind one out, with the uploads that those before do not name, and hangs its submission where it belongs.
func (r *rewinding) cutEvents(ctx context.Context, t *store.Tx, ref matter.Ref, keep int64) ([]store.AttachmentRow, error) {
	row, err := t.Matter(ctx, org.System().Scope(), ref)
	if err != nil {
		return nil, err
	}
	uploads, err := t.Attachments(ctx, ref)
	if err != nil {
		return nil, err
	}
	if err := t.CutEvents(ctx, ref, keep, r.at); err != nil {
		return nil, err
	}
	holder := ref
	if keep > 0 {
		h, err := r.o.load(ctx, t, ref, row.Sealed)
		if err != nil {
			return nil, err
		}
		if m := h.row().Merged; !m.IsZero() {
			holder = m
		}
		var said bytes.Buffer
		for _, e := range h.events {
			body, err := matter.Encode(e.Body, e.Papers)
			if err != nil {
				return nil, err
			}
			said.Write(body)
		}
		uploads = slices.DeleteFunc(uploads, func(a store.AttachmentRow) bool {
			return a.AddedUS < r.at && bytes.Contains(said.Bytes(), []byte(a.ID))
		})
	}
	for _, a := range uploads {
		if err := t.CutUpload(ctx, a); err != nil {
			return nil, err
		}
	}
	return uploads, t.MoveSubmission(ctx, ref, holder)
}

// dropFiles removes the files that no row names any more.
func (r *rewinding) dropFiles(ctx context.Context, uploads []store.AttachmentRow) error {
	for _, a := range uploads {
		used := false
		if err := r.o.Store.Read(ctx, func(t *store.Tx) (err error) {
			used, err = t.ContentUsed(ctx, a.SHA256)
			return err
		}); err != nil {
			return err
		}
		if !used {
			if err := r.o.Files.remove(a.SHA256); err != nil {
				return err
			}
		}
	}
	return nil
}
