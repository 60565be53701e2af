package usecase

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// settingRemind holds the thresholds that the office has changed, by rule, as JSON.
const settingRemind = "remind.rules"

// ThresholdView is when something is told of the clocks of one rule.
type ThresholdView struct {
	Rule    law.RuleID
	Name    string           // code of its name
	Now     matter.Threshold // in force
	Shipped matter.Threshold
	Own     bool // the office has changed it
	Right   bool // a right that lapses and is never late
	Sent    bool // of what is sent on and has to be signed for
}

// Thresholds returns when something is told of each rule's clocks, for administrators and auditors: those of the law of petitions in force today where the office is.
func (o *Office) Thresholds(who org.Actor) ([]ThresholdView, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return nil, err
	}
	if err := granted(who, "read"); err != nil {
		return nil, err
	}
	place := "" // the country, until the office has said where it is
	if code := o.Settings().Place; code != 0 {
		place = jurisdiction(code)
	}
	set, err := o.Law(place, o.Today())
	if err != nil {
		return nil, err
	}
	now, shipped := *o.thresholds.Load(), matter.ShippedThresholds()
	var out []ThresholdView
	for _, rule := range set.Rules() {
		c, ok := matter.ClockOf(rule)
		if !ok {
			continue
		}
		v := ThresholdView{Rule: rule.ID, Name: rule.NameCode, Now: now.Of(c), Shipped: shipped.Of(c)}
		v.Own, v.Right, v.Sent = v.Now != v.Shipped, c.Right, c.Received()
		out = append(out, v)
	}
	return out, nil
}

// SaveThreshold changes when something is told of the clocks of a rule; nil goes back to what ships with the program. Its running clocks are looked
// at anew by the next sweep. Only an administrator of the whole organisation does so.
func (o *Office) SaveThreshold(ctx context.Context, who org.Actor, rule law.RuleID, h *matter.Threshold) error {
	if err := o.MaySetRules(who); err != nil {
		return err
	}
	all, err := o.Thresholds(who)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(v ThresholdView) bool { return v.Rule == rule })
	if i < 0 {
		return errs.E(errs.NotFound, "remind.rule", "rule", string(rule))
	}
	next := all[i].Shipped
	if h != nil {
		next = *h
	}
	if err := errs.Fields(next.Check("")); err != nil {
		return err
	}
	if next == all[i].Now {
		return nil
	}
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		text, err := t.Setting(ctx, settingRemind)
		if err != nil {
			return err
		}
		own, err := readOwnThresholds(text)
		if err != nil {
			return err
		}
		own = maps.Clone(own)
		own[rule] = next
		if next == all[i].Shipped {
			delete(own, rule)
		}
		data, err := json.Marshal(own)
		if err != nil {
			return fmt.Errorf("thresholds: %w", err)
		}
		if err := t.SetSetting(ctx, settingRemind, string(data)); err != nil {
			return err
		}
		if err := t.LookAgain(ctx, rule, o.Today()); err != nil {
			return err
		}
		before, err := writeThreshold(rule, all[i].Now)
		if err != nil {
			return err
		}
		after, err := writeThreshold(rule, next)
		if err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeSettings, 0, map[string]string{"reminder": before}, map[string]string{"reminder": after})
	})
	if err != nil {
		return err
	}
	return o.Reload(ctx)
}

// writeThreshold writes a rule's threshold for the record of changes: the rule, a blank, and the threshold as JSON.
func writeThreshold(rule law.RuleID, h matter.Threshold) (string, error) {
	data, err := json.Marshal(h)
	if err != nil {
		return "", fmt.Errorf("threshold of %s: %w", rule, err)
	}
	return string(rule) + " " + string(data), nil
}

// ReadThreshold reads a rule's threshold as it stands in the record of changes.
func ReadThreshold(text string) (law.RuleID, matter.Threshold, error) {
	rule, data, _ := strings.Cut(text, " ")
	var h matter.Threshold
	if err := json.Unmarshal([]byte(data), &h); err != nil {
		return "", h, fmt.Errorf("threshold: %w", err)
	}
	return law.RuleID(rule), h, nil
}

// readOwnThresholds reads the thresholds that the office has changed.
func readOwnThresholds(text string) (map[law.RuleID]matter.Threshold, error) {
	own := map[law.RuleID]matter.Threshold{}
	if text == "" {
		return own, nil
	}
	if err := json.Unmarshal([]byte(text), &own); err != nil {
		return nil, fmt.Errorf("setting %s: %w", settingRemind, err)
	}
	return own, nil
}
