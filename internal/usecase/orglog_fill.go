package usecase

import (
	"context"
	"fmt"

	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// settingFill says that people and the record of changes of an older schema wait to be made findable, empty when they do not.
const settingFill = "organisation.fill"

// FillOrganisation makes people of an older schema findable by words, and notes which units its record of changes touched. It is to be run at each
// start; with nothing to do it does nothing. Broken off, it begins again the next time.
func (o *Office) FillOrganisation(ctx context.Context) error {
	var waiting string
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		waiting, err = t.Setting(ctx, settingFill)
		return err
	}); err != nil || waiting == "" {
		return err
	}
	if err := o.fillPeople(ctx); err != nil {
		return err
	}
	if err := o.fillRecord(ctx); err != nil {
		return err
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error { return t.SetSetting(ctx, settingFill, "") })
}

func (o *Office) fillPeople(ctx context.Context) error {
	families, err := surnames()
	if err != nil {
		return err
	}
	var after, next store.PeopleCursor
	for done := false; !done; after = next {
		if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
			people, err := t.People(ctx, store.PeopleFilter{After: after, Limit: batch})
			if err != nil {
				return err
			}
			next = after
			for _, p := range people {
				next = p.At
				if err := t.SavePersonWords(ctx, p.ID, personWords(families, p.Name, p.SignIn)); err != nil {
					return err
				}
			}
			done = len(people) < batch
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) fillRecord(ctx context.Context) error {
	var before, next int64
	for done := false; !done; before = next {
		if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
			events, err := t.OrgEvents(ctx, store.OrgFilter{Before: before, Limit: batch})
			if err != nil {
				return err
			}
			next = before
			for _, e := range events {
				next = e.ID
				if err := touch(ctx, t, e); err != nil {
					return fmt.Errorf("change %d: %w", e.ID, err)
				}
			}
			done = len(events) < batch
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// touch notes which units a recorded change touched. Of a change of a person these are the units of the duties of its day.
func touch(ctx context.Context, t *store.Tx, e store.OrgEvent) error {
	units, err := unitsIn(e.Kind, e.Subject, e.Body)
	if err != nil {
		return err
	}
	if e.Kind == changePerson {
		duties, err := t.Duties(ctx, org.UserID(e.Subject))
		if err != nil {
			return err
		}
		units = append(units, unitsOfDuties(duties, law.DayOf(e.AtUS))...)
	}
	return t.TouchUnits(ctx, e.ID, units)
}
