package usecase

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// IssueActKind is what a person can decide on an issue.
type IssueActKind string

// The decisions.
const (
	IssueMerge   IssueActKind = "merge"   // it is the same as another, in which it is shown from now on
	IssueSplit   IssueActKind = "split"   // one that was merged into it stands by itself again
	IssueDismiss IssueActKind = "dismiss" // it is none, or needs nothing
	IssueRestore IssueActKind = "restore" // it is one, after all
	IssueRename  IssueActKind = "rename"
	IssueOut     IssueActKind = "out" // a matter is about something else
	IssueIn      IssueActKind = "in"  // a matter is about it, though taken out or not found
)

// IssueActKinds lists the decisions in the order pages show them.
func IssueActKinds() []IssueActKind {
	return []IssueActKind{IssueRename, IssueMerge, IssueSplit, IssueOut, IssueIn, IssueDismiss, IssueRestore}
}

// ofMatter reports whether the decision is about a matter besides.
func (k IssueActKind) ofMatter() bool { return k == IssueOut || k == IssueIn }

// MaxIssueName is the longest name of an issue, in characters; MaxIssueReason the longest reason.
const (
	MaxIssueName   = 60
	MaxIssueReason = 1000
)

// IssueDecision is what a person decides on an issue.
type IssueDecision struct {
	Kind   IssueActKind
	Other  int64      // merge: into which; split: which
	Matter matter.Ref // out, in
	Name   string     // rename; empty gives it its own words again
	Reason string     // why; not needed for a name
}

// changeIssue is the kind under which decisions on issues stand in the record of changes.
const changeIssue = "issue"

// DecideIssue carries out a decision, which no refresh undoes, and keeps who took it and why. It takes somebody who sees every matter of the issue.
func (o *Office) DecideIssue(ctx context.Context, who org.Actor, id int64, d IssueDecision) error {
	if err := o.needIssues(who); err != nil {
		return err
	}
	if err := granted(who, "act"); err != nil {
		return err
	}
	d.Name, d.Reason = strings.Join(strings.Fields(d.Name), " "), strings.TrimSpace(d.Reason)
	if err := d.check(); err != nil {
		return err
	}
	home := o.issueHome(who)
	return o.Store.Update(ctx, home, func(t *store.Tx) error {
		i, err := o.decidableIssue(ctx, t, who, home, id, "")
		if err != nil {
			return err
		}
		was := recordOfIssue(i)
		other := cmp.Or(d.Other, d.Matter.N)
		if err := o.decideIssue(ctx, t, who, &i, d); err != nil {
			return err
		}
		if err := t.AddIssueAct(ctx, store.IssueAct{
			Home: home, Issue: id, AtUS: o.Now(), User: who.User, Unit: who.Duty.Unit, Kind: string(d.Kind), Other: other, Reason: d.Reason,
		}); err != nil {
			return err
		}
		now := recordOfIssue(i)
		now.Decision, now.Other, now.Reason = string(d.Kind), other, d.Reason
		return o.noteChange(ctx, t, who, changeIssue, id, was, now, who.Duty.Unit)
	})
}

// check looks at the fields by themselves.
func (d IssueDecision) check() error {
	var wrong []errs.Field
	if !slices.Contains(IssueActKinds(), d.Kind) {
		wrong = append(wrong, errs.F("do", "field.choice"))
	}
	if d.Reason == "" && d.Kind != IssueRename {
		wrong = append(wrong, errs.F("reason", "field.required"))
	}
	for _, text := range []struct {
		name, is string
		most     int
	}{{"reason", d.Reason, MaxIssueReason}, {"name", d.Name, MaxIssueName}} {
		if n := utf8.RuneCountInString(text.is); n > text.most {
			wrong = append(wrong, errs.F(text.name, "field.long", "max", text.most, "n", n))
		}
	}
	if d.Kind.ofMatter() && d.Matter.IsZero() {
		wrong = append(wrong, errs.F("matter", "field.required"))
	}
	if (d.Kind == IssueMerge || d.Kind == IssueSplit) && d.Other == 0 {
		wrong = append(wrong, errs.F("other", "field.required"))
	}
	return errs.Fields(wrong)
}

// decidableIssue returns an issue on which the actor may decide. Field names what is wrong where it is not the one that was opened.
func (o *Office) decidableIssue(ctx context.Context, t *store.Tx, who org.Actor, home, id int64, field string) (store.Issue, error) {
	i, _, err := o.seeIssue(ctx, t, who, id, 0)
	if field != "" && errs.KindOf(err) == errs.NotFound {
		return i, errs.Fields([]errs.Field{errs.F(field, "issue.not_found")})
	}
	if err != nil {
		return i, err
	}
	all, err := o.seesAll(ctx, t, who, home, id)
	if err == nil && !all {
		err = errs.E(errs.Forbidden, "issue.part")
	}
	return i, err
}

func (o *Office) decideIssue(ctx context.Context, t *store.Tx, who org.Actor, i *store.Issue, d IssueDecision) error {
	switch d.Kind {
	case IssueRename:
		i.Given = d.Name
	case IssueDismiss, IssueRestore:
		if i.Dismissed == (d.Kind == IssueDismiss) {
			return errs.E(errs.Conflict, "issue.already")
		}
		i.Dismissed = d.Kind == IssueDismiss
	case IssueMerge:
		return o.mergeIssue(ctx, t, who, i, d.Other)
	case IssueSplit:
		return o.splitIssue(ctx, t, *i, d.Other)
	case IssueOut, IssueIn:
		return o.placeInIssue(ctx, t, who, *i, d)
	}
	return t.SaveIssue(ctx, *i)
}

// mergeIssue shows an issue, and all that was merged into it, in another.
func (o *Office) mergeIssue(ctx context.Context, t *store.Tx, who org.Actor, i *store.Issue, into int64) error {
	if into == i.ID {
		return errs.Fields([]errs.Field{errs.F("other", "issue.itself")})
	}
	if _, err := o.decidableIssue(ctx, t, who, i.Home, into, "other"); err != nil {
		return err
	}
	parts, err := t.IssuesIn(ctx, i.Home, i.ID)
	if err != nil {
		return err
	}
	i.Root = into
	for _, p := range parts {
		p.Root = into
		if err := t.SaveIssue(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// splitIssue lets an issue that was merged stand by itself.
func (o *Office) splitIssue(ctx context.Context, t *store.Tx, i store.Issue, part int64) error {
	p, err := t.Issue(ctx, i.Home, part)
	if errs.KindOf(err) == errs.NotFound || err == nil && (p.Root != i.ID || p.ID == i.ID) {
		return errs.Fields([]errs.Field{errs.F("other", "issue.not_found")})
	}
	if err != nil {
		return err
	}
	p.Root = p.ID
	return t.SaveIssue(ctx, p)
}

// placeInIssue puts a matter in or takes it out.
func (o *Office) placeInIssue(ctx context.Context, t *store.Tx, who org.Actor, i store.Issue, d IssueDecision) error {
	none := errs.Fields([]errs.Field{errs.F("matter", "matter.not_found")})
	if d.Matter.Home != i.Home {
		return none
	}
	row, err := t.Matter(ctx, who.Scope(), d.Matter)
	if errs.KindOf(err) == errs.NotFound || err == nil && row.Sealed {
		return none
	}
	if err != nil {
		return err
	}
	kept, err := t.IssuesOf(ctx, i.Home, []int64{d.Matter.N})
	if err != nil {
		return err
	}
	m := store.IssueMatter{Ref: d.Matter, Issue: i.ID, Day: row.Received, How: store.HowIn}
	if d.Kind == IssueOut {
		if len(kept) == 0 || kept[0].How == store.HowOut {
			return errs.Fields([]errs.Field{errs.F("matter", "issue.not_in")})
		}
		in, err := t.Issue(ctx, i.Home, kept[0].Issue)
		if err != nil {
			return err
		}
		if in.Root != i.ID {
			return errs.Fields([]errs.Field{errs.F("matter", "issue.not_in")})
		}
		m.Issue, m.How = in.ID, store.HowOut
	}
	if len(kept) > 0 {
		if err := t.UnnameIssue(ctx, i.Home, kept[0].Issue); err != nil {
			return err
		}
	}
	if err := t.UnnameIssue(ctx, i.Home, m.Issue); err != nil {
		return err
	}
	return t.SaveIssueMatter(ctx, m)
}

// issueRecord is an issue in the record of changes.
type issueRecord struct {
	Home      int64  `json:"home"`
	Name      string `json:"name,omitempty"`
	Into      int64  `json:"into,omitempty"`
	Dismissed bool   `json:"dismissed,omitempty"`
	Decision  string `json:"decision,omitempty"`
	Other     int64  `json:"other,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

func recordOfIssue(i store.Issue) issueRecord {
	r := issueRecord{Home: i.Home, Name: cmp.Or(i.Given, i.Name), Dismissed: i.Dismissed}
	if i.Root != i.ID {
		r.Into = i.Root
	}
	return r
}
