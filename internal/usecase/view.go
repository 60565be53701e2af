package usecase

import (
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Names turns ids into names on a page.
type Names struct {
	Units  map[org.UnitID]org.Unit
	People map[org.UserID]string
}

// ClockView is a clock with the derivation of its dates.
type ClockView struct {
	matter.Clock
	Deadline law.Deadline
	Light    law.Light
	Left     int // days to the legal end, negative when past it
	Total    int // days of the whole period
}

// PartyView is one person of a submission, masked.
type PartyView struct {
	N        int
	Role     matter.PartyRole
	Name     string
	IDNumber string
	Phone    string
	Address  string
}

// SubmissionView is a submission of a matter as staff see it.
type SubmissionView struct {
	matter.Submission
	Code    string
	Parties []PartyView
	Served  *matter.Service
	Rating  *matter.Rating
	Gone    bool // withdrawn

	Remedies []RemedyView // what this petitioner can do next, for the desk to tell them
}

// MatterView is a matter as one actor may see it: identity masked, with the steps they may take and why others are not offered.
type MatterView struct {
	Matter      *matter.Matter
	Row         matter.Row
	Events      []matter.Event // oldest first
	Clocks      []ClockView
	Submissions []SubmissionView
	Attachments []store.AttachmentRow
	Inside      map[string]store.TextState // what is known of the words inside an attachment, by id; of a sealed matter's nothing
	Now         []matter.Offer
	Not         []matter.Offer
	Turn        matter.Turn
	Organs      map[matter.Act][]org.Unit // to which a request for review may go
	Names       Names
	Link        string // newest link of the matter's chain
	Today       law.Day
	MaySeeWho   bool // may open identities, with a reason
	MayRenewPIN bool // may give a new PIN to who has lost the receipt
}

// Matter returns a matter that the actor may see.
func (o *Office) Matter(ctx context.Context, who org.Actor, ref matter.Ref) (_ MatterView, err error) {
	ctx, end := o.step(ctx, "use.matter")
	defer func() { end(err) }()
	if who.Kind == org.ActorPetitioner || who.Kind == org.ActorNobody {
		return MatterView{}, errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	var v MatterView
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		h, err := o.see(ctx, t, who, ref)
		if err != nil {
			return err
		}
		v = o.view(h, who)
		if ownRating(h.matter, who) {
			v.Events = slices.DeleteFunc(slices.Clone(v.Events), func(e matter.Event) bool {
				_, rated := e.Body.(matter.Rated)
				return rated
			})
		}
		if v.Attachments, err = o.attachments(ctx, t, ref); err != nil {
			return err
		}
		texts, err := t.TextsOf(ctx, ref.Home, []int64{ref.N})
		if err != nil {
			return err
		}
		v.Inside = make(map[string]store.TextState, len(texts))
		for _, x := range texts {
			v.Inside[x.Attachment] = x.State
		}
		ids := make([]int64, 0, len(h.matter.Submissions))
		for _, s := range h.matter.Submissions {
			ids = append(ids, s.Ref.N)
		}
		parties, err := t.Parties(ctx, ref.Home, ids)
		if err != nil {
			return err
		}
		for _, s := range h.matter.Submissions {
			sv := SubmissionView{Submission: s, Gone: h.matter.IsWithdrawn(s.Ref)}
			row, err := t.Submission(ctx, s.Ref)
			if err != nil {
				return err
			}
			sv.Code = row.Code
			if sv.Parties, err = o.maskedOf(parties, s.Ref, h.sealed); err != nil {
				return err
			}
			if sv.Remedies, err = o.remedies(h, who, s.Ref); err != nil {
				return err
			}
			if served, ok := h.matter.Service(s.Ref); ok {
				sv.Served = &served
			}
			if rating, ok := h.matter.Rating(s.Ref); ok && !ownRating(h.matter, who) {
				sv.Rating = &rating
			}
			v.Submissions = append(v.Submissions, sv)
		}
		v.Names.People, err = t.PersonNames(ctx, people(h))
		return err
	})
	return v, err
}

// ownRating reports whether the actor works at the unit that was rated: a handler neither sees nor enters the own rating.
func ownRating(m *matter.Matter, who org.Actor) bool {
	return who.Duty.Unit == m.Holder() && who.Has(org.RoleHandler)
}

// view makes what every reader of a loaded history needs.
func (o *Office) view(h history, who org.Actor) MatterView {
	e := o.env(h.matter, who, h.rules)
	v := MatterView{
		Matter: h.matter, Events: h.events, Turn: h.matter.Turn(), Link: h.last.String(), Today: e.Today,
		Names:       Names{Units: o.units(h)},
		MayRenewPIN: who.Has(org.RoleRegistrar, org.RoleDiscipline),
		MaySeeWho:   who.Has(identityRoles()...),
	}
	v.Now, v.Not = h.matter.Offers(e)
	v.Organs = organs(h.matter, e)
	v.Clocks = clockViews(h, e.Today)
	var next *matter.Clock
	if c, ok := matter.Next(h.clocks, e.Today); ok {
		next = &c
	}
	v.Row = h.matter.Row(next, h.events[len(h.events)-1].AtUS)
	v.Row.Title = h.matter.Title() // the actor may see a sealed one's words if they may see the matter
	return v
}

// clockViews gives the clocks, running ones first.
func clockViews(h history, today law.Day) []ClockView {
	out := make([]ClockView, 0, len(h.clocks))
	for _, c := range h.clocks {
		out = append(out, clockView(h, c, today))
	}
	slices.SortStableFunc(out, func(a, b ClockView) int {
		if ra, rb := a.Running(today), b.Running(today); ra != rb {
			if ra {
				return -1
			}
			return 1
		}
		return int(a.Legal - b.Legal)
	})
	return out
}

func clockView(h history, c matter.Clock, today law.Day) ClockView {
	v := ClockView{Clock: c, Deadline: c.Deadline(h.rules.Calendar), Light: c.Light(today, matter.SoonDays)}
	if c.Legal.Known() { // not while it stands still
		v.Left, v.Total = int(c.Legal-today), int(c.Legal-c.From)
	}
	return v
}

// RemedyView is a remedy with the derivation of its last day.
type RemedyView struct {
	matter.Remedy
	Until *ClockView
}

// remedies are what the petitioner of a submission can do next, by state and law.
func (o *Office) remedies(h history, who org.Actor, ref matter.Ref) ([]RemedyView, error) {
	e := o.env(h.matter, who, h.rules)
	found, err := h.matter.Remedies(ref, e)
	var out []RemedyView
	for _, r := range found {
		v := RemedyView{Remedy: r}
		if r.Clock != nil {
			c := clockView(h, *r.Clock, e.Today)
			v.Until = &c
		}
		out = append(out, v)
	}
	return out, err
}

// units names every unit that a history mentions.
func (o *Office) units(h history) map[org.UnitID]org.Unit {
	out := map[org.UnitID]org.Unit{}
	add := func(id org.UnitID) {
		if u, ok := o.Chart().Unit(id); ok {
			out[id] = u
		}
	}
	for _, id := range h.matter.Units() {
		add(id)
	}
	for _, c := range h.clocks {
		add(c.Unit)
	}
	for _, id := range h.matter.Accused {
		add(id)
	}
	for _, p := range h.matter.Papers {
		add(p.Unit)
		add(p.To)
	}
	for _, e := range h.events {
		add(e.By.Unit)
		switch b := e.Body.(type) {
		case matter.Disputed:
			add(b.With)
			add(b.Superior)
		case matter.DisputeDecided:
			add(b.Unit)
		case matter.UnitSucceeded:
			add(b.From)
			add(b.To)
		case matter.Forwarded:
			add(b.Unit)
		case matter.Advised:
			add(b.Unit)
		case matter.ReportedUp:
			add(b.Unit)
		case matter.CourtCalled:
			add(b.Superior)
		case matter.PartAssigned:
			add(b.Unit)
		case matter.LineAssigned:
			add(b.Unit)
		case matter.ReviewRequested:
			add(b.Unit)
			add(b.Desk)
		case matter.Escalated:
			add(b.Unit)
			add(b.To)
		default:
		}
	}
	return out
}

// people lists everybody that a history mentions.
func people(h history) []org.UserID {
	var out []org.UserID
	add := func(id org.UserID) {
		if id != 0 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	add(h.matter.Handler)
	for _, e := range h.events {
		add(e.By.User)
		switch b := e.Body.(type) {
		case matter.HandlerAssigned:
			add(b.User)
		case matter.RecusalDecided:
			add(b.User)
		default:
		}
	}
	return out
}

// maskedOf gives the people of a submission, masked.
func (o *Office) maskedOf(parties []store.PartyRow, ref matter.Ref, sealed bool) ([]PartyView, error) {
	var out []PartyView
	for _, row := range parties {
		if row.Submission != ref {
			continue
		}
		p, err := o.openParty(row, sealed)
		if err != nil {
			return nil, err
		}
		out = append(out, PartyView{
			N: row.N, Role: row.Role, Name: org.MaskName(p.Name), IDNumber: org.MaskID(p.IDNumber), Phone: org.MaskPhone(p.Phone),
			Address: org.MaskAddress(p.Address),
		})
	}
	return out, nil
}

// RowView is a matter on a list.
type RowView struct {
	matter.Row
	Light law.Light
	Left  int // days to the legal day
	Unit  org.Unit
}

// Page is a bounded part of a list. Next is the position to go on from, nil at the end.
type Page struct {
	Rows  []RowView
	Next  *matter.Cursor
	Today law.Day
}

// Matters returns a page of a list within what the actor may see.
func (o *Office) Matters(ctx context.Context, who org.Actor, f matter.Filter) (_ Page, err error) {
	ctx, end := o.step(ctx, "use.matters")
	defer func() { end(err) }()
	if who.Kind == org.ActorPetitioner || who.Kind == org.ActorNobody {
		return Page{}, errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	if err := granted(who, "read"); err != nil {
		return Page{}, err
	}
	f = f.On(o.Today(), o.Calendar())
	limit := min(max(f.Limit, 1), matter.MaxPage)
	f.Limit = limit + 1
	var rows []matter.Row
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		rows, err = t.Matters(ctx, who.Scope(), who.User, who.Duty.Unit, f)
		return err
	})
	if err != nil {
		return Page{}, err
	}
	page := Page{Today: f.Today}
	if len(rows) > limit {
		rows = rows[:limit]
		after := rows[limit-1].Cursor()
		page.Next = &after
	}
	for _, r := range rows {
		page.Rows = append(page.Rows, o.rowView(r, f.Today))
	}
	return page, nil
}

func (o *Office) rowView(r matter.Row, today law.Day) RowView {
	v := RowView{Row: r}
	v.Unit, _ = o.Chart().Unit(r.Unit)
	v.Light, v.Left = r.Light(today), int(r.Due-today)
	return v
}

const (
	// MaxCount caps what is counted one by one; beyond it a page says "1,000+".
	MaxCount = store.MaxCount
	// MaxBeside caps the numbers beside lists, of which there are many at once: beyond it a page says "99+", and whoever works it off knows that it is much.
	MaxBeside = 99
)

// Counts are the numbers beside the lists.
type Counts struct {
	Lists map[matter.List]int64 // open ones
	Views map[matter.View]int64 // within the list in use
}

// Counts counts the lists, and some views of one list, within what the actor may see, each up to one more than most.
func (o *Office) Counts(ctx context.Context, who org.Actor, list matter.List, most int, views ...matter.View) (c Counts, err error) {
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		if c.Views, err = o.countViews(ctx, t, who, list, most, append(views, matter.ViewOpen)); err != nil {
			return err
		}
		c.Lists = make(map[matter.List]int64)
		c.Lists[list] = c.Views[matter.ViewOpen]
		for _, l := range []matter.List{matter.ListMine, matter.ListUnit, matter.ListAll} {
			if _, had := c.Lists[l]; had {
				continue
			}
			open, err := o.countViews(ctx, t, who, l, most, []matter.View{matter.ViewOpen})
			if err != nil {
				return err
			}
			c.Lists[l] = open[matter.ViewOpen]
		}
		return nil
	})
	return c, err
}

// Views counts some views of a list within what the actor may see, each up to one more than most.
func (o *Office) Views(ctx context.Context, who org.Actor, list matter.List, most int, views ...matter.View) (counts map[matter.View]int64, err error) {
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		counts, err = o.countViews(ctx, t, who, list, most, views)
		return err
	})
	return counts, err
}

// countViews begins with the narrowest.
func (o *Office) countViews(ctx context.Context, t *store.Tx, who org.Actor, list matter.List, most int, views []matter.View) (map[matter.View]int64, error) {
	var filters []matter.Filter
	for _, v := range append(matter.Views()[1:], matter.ViewOpen) {
		if slices.Contains(views, v) {
			filters = append(filters, matter.Filter{List: list, View: v}.On(o.Today(), o.Calendar()))
		}
	}
	return t.CountViews(ctx, who.Scope(), who.User, who.Duty.Unit, filters, most)
}
