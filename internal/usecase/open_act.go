package usecase

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/open"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// settingProtection holds from how many on a count is shown to everybody, and why.
const settingProtection = "open.protection"

// openLeast is from how many on a count is shown where nobody decided otherwise.
const openLeast = 10

// openProtection is from how many on a count is shown to everybody.
type openProtection struct {
	Least  int    `json:"least"`
	Reason string `json:"reason"`
}

// MayPublish reports why an actor may not decide what everybody may read: only an administrator of the whole organisation does.
func (o *Office) MayPublish(who org.Actor) error { return o.whole(who, "open.root", org.RoleAdmin) }

func (o *Office) openProtection(ctx context.Context) (openProtection, error) {
	p := openProtection{Least: openLeast}
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		text, err := t.Setting(ctx, settingProtection)
		if err != nil || text == "" {
			return err
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return fmt.Errorf("setting %s: %w", settingProtection, err)
		}
		return nil
	})
	return p, err
}

// Protection is from how many on a count is shown to everybody, and why; the reason is empty where nobody decided otherwise.
func (o *Office) Protection(ctx context.Context, who org.Actor) (least int, reason string, err error) {
	if err := o.MayPublish(who); err != nil {
		return 0, "", err
	}
	p, err := o.openProtection(ctx)
	return p.Least, p.Reason, err
}

// SaveProtection decides from how many on a count is shown to everybody, in what is published from now on.
func (o *Office) SaveProtection(ctx context.Context, who org.Actor, least int, reason string) error {
	if err := o.MayPublish(who); err != nil {
		return err
	}
	was, err := o.openProtection(ctx)
	if err != nil {
		return err
	}
	next := openProtection{Least: least, Reason: strings.TrimSpace(reason)}
	const most = 100
	wrong := checkReason(next.Reason)
	if least < open.LeastEver || least > most {
		wrong = append(wrong, errs.F("least", "open.least", "least", open.LeastEver, "most", most))
	}
	if err := errs.Fields(wrong); err != nil || next == was {
		return err
	}
	text, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("setting %s: %w", settingProtection, err)
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		if err := t.SetSetting(ctx, settingProtection, string(text)); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeSettings, 0, was.record(), next.record())
	})
}

func (p openProtection) record() map[string]string {
	return map[string]string{"open_least": strconv.Itoa(p.Least), "open_reason": p.Reason}
}

func checkReason(reason string) []errs.Field {
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return []errs.Field{errs.F("reason", "field.required")}
	case n > matter.MaxLine:
		return []errs.Field{errs.F("reason", "field.long", "max", matter.MaxLine, "n", n)}
	}
	return nil
}

// OpenAct is what is done to something that is published.
type OpenAct string

// What can be done.
const (
	OpenCorrect  OpenAct = "correct"  // counted again as of the same day
	OpenWithdraw OpenAct = "withdraw" // not shown any more
)

// ChangePublished puts right or withdraws what is published of a period, on record and for everybody to read: what was shown before stays known, so a correction shows
// nothing that was hidden.
func (o *Office) ChangePublished(ctx context.Context, who org.Actor, period string, act OpenAct, reason string) error {
	if err := o.MayPublish(who); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	wrong := checkReason(reason)
	if act != OpenCorrect && act != OpenWithdraw {
		wrong = append(wrong, errs.F("act", "field.choice"))
	}
	if err := errs.Fields(wrong); err != nil {
		return err
	}
	was, err := o.publishedRow(ctx, period)
	if err != nil {
		return err
	}
	next := was
	if act == OpenCorrect {
		if next, err = o.countAgain(ctx, was); err != nil {
			return err
		}
		if next.Body == was.Body {
			return errs.E(errs.Refused, "open.same", "period", period)
		}
	} else {
		if was.Withdrawn {
			return errs.E(errs.Refused, "open.withdrawn", "period", period)
		}
		next.Body = ""
	}
	next.Version, next.AtUS, next.User, next.Reason = was.Version+1, o.Now(), who.User, reason
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		now, err := t.PublishedOf(ctx, period)
		if err != nil {
			return err
		}
		if now.Version != was.Version {
			return errs.E(errs.Conflict, "matter.changed")
		}
		if err := t.InsertPublished(ctx, next); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changePublished, next.Version, nil, map[string]string{"open_period": period, "open_act": string(act), "open_reason": reason})
	})
}

// countAgain counts a period anew, as of the same day, and shows of it no more than was shown.
func (o *Office) countAgain(ctx context.Context, was store.Published) (store.Published, error) {
	p, err := open.Parse(was.Period)
	if err != nil {
		return was, err
	}
	var shown openCounts
	if err := json.Unmarshal([]byte(was.Counts), &shown); err != nil {
		return was, fmt.Errorf("published %s: %w", was.Period, err)
	}
	counts, times, err := o.countOpen(ctx, p, was.AsOf)
	if err != nil {
		return was, err
	}
	protection := openProtection{}
	for _, m := range OpenMeasures() {
		whole := true
		for _, by := range OpenBys() {
			k := open.Again(counts[by][m.ID].Count, shown[by][m.ID])
			counts[by][m.ID], protection.Least = k, k.Least
			whole = whole && k.Total
		}
		for _, by := range OpenBys() {
			if k := counts[by][m.ID]; !whole {
				k.Total, k.Split, k.Merged = false, false, nil
				counts[by][m.ID] = k
			}
		}
	}
	if old, err := readPublication(was); err == nil {
		protection.Reason = old.Reason
	}
	next, err := publishedRow(p, counts, o.publication(counts, times, protection))
	next.AsOf = was.AsOf
	return next, err
}
