// Package demo fills an empty office with the demonstration county: one real county's places with invented units, people and petitions, each
// brought to its stage by the use cases that serve real ones.
package demo

import (
	"context"
	"fmt"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/open"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// place is the county of the demonstration.
const place = 330112

// readyDays is how long before today the county was set up: before the first of its petitions came in.
const readyDays = 180

// Account is somebody who can be signed in as.
type Account struct {
	SignIn string
	Name   string
	Duties []usecase.DutyView
}

// Demo is the demonstration as it can be used.
type Demo struct {
	Password string // of every account
	Accounts []Account
}

// settingSeeded marks a demonstration that is whole.
const settingSeeded = "demo.seeded"

// Seed makes the demonstration in an empty office, so that on the day it is made every light and every state shows, and returns the accounts. A
// demonstration that is whole is left as its users have it; one that was broken off is gone on with. An office that is no
// demonstration is refused.
func Seed(ctx context.Context, office *usecase.Office) (Demo, error) {
	c, err := readCounty()
	if err != nil {
		return Demo{}, err
	}
	now := office.Now()
	s := &seeder{county: c, until: now, clock: now}
	// Its own office over the same store: the clock is set to when each step was taken.
	config := office.Config
	config.Now = func() int64 { return s.clock }
	if s.office, err = usecase.New(ctx, config); err != nil {
		return Demo{}, err
	}
	whole, err := s.whole(ctx)
	if err != nil {
		return Demo{}, err
	}
	if !whole {
		if err := s.seed(ctx); err != nil {
			return Demo{}, err
		}
	}
	if err := office.Reload(ctx); err != nil {
		return Demo{}, err
	}
	return s.accounts(ctx)
}

// seeder makes one demonstration. It works alone, so its clock needs no lock.
type seeder struct {
	county
	office *usecase.Office
	until  int64 // the real instant: nothing of the demonstration is later
	clock  int64
	ids    map[string]org.UnitID // of units, by key
	actors map[string]org.Actor  // by role and unit, see actor
}

// today is the day of the demonstration.
func (s *seeder) today() law.Day { return law.DayOf(s.until) }

func (s *seeder) whole(ctx context.Context) (bool, error) {
	var mark string
	err := s.office.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		mark, err = t.Setting(ctx, settingSeeded)
		return err
	})
	return mark != "", err
}

func (s *seeder) seed(ctx context.Context) error {
	s.clock = s.today().Add(-readyDays).StartUS()
	if !s.office.Settings().Demo {
		if empty, err := s.office.NeedsFirstRun(ctx); err != nil {
			return err
		} else if !empty || s.office.Chart().Len() > 0 {
			return errs.E(errs.Refused, "demo.not_empty")
		}
	}
	for _, step := range []func(context.Context) error{s.saySo, s.addUnits, s.addPeople, s.addLines, s.addPetitions, s.addJobs} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("demonstration: %w", err)
		}
	}
	s.clock = s.until
	if _, err := s.office.Sequence(ctx); err != nil {
		return err
	}
	return s.office.Store.Update(ctx, 0, func(t *store.Tx) error { return t.SetSetting(ctx, settingSeeded, s.today().String()) })
}

// saySo says first of all that everything here is invented.
func (s *seeder) saySo(ctx context.Context) error {
	host := s.units[3]
	if err := s.office.SaveSettings(ctx, org.System(), usecase.Settings{
		Title: s.words.Title, TitleEnglish: s.words.TitleEnglish, HostName: host.Name, HostEnglish: host.English, Place: place, Lang: "zh", Demo: true,
	}); err != nil {
		return err
	}
	return s.office.SaveProtection(ctx, org.System(), open.LeastEver, s.words.Small)
}

func townKey(code int64) string { return "town-" + strconv.FormatInt(code, 10) }

// addUnits enters the units of the file and the committees of all villages, all at once or none.
func (s *seeder) addUnits(ctx context.Context) error {
	var list []usecase.NewUnit
	var keys []string
	at := map[string]int{} // counted from one
	add := func(key, parent string, u usecase.NewUnit) {
		u.Above = at[parent]
		list, keys = append(list, u), append(keys, key)
		at[key] = len(list)
	}
	for _, u := range s.units {
		add(u.Key, u.Parent, usecase.NewUnit{Name: u.Name, English: u.English, Kind: u.Kind, Place: u.Place, Phone: u.Phone})
	}
	committees, err := s.office.CommitteesOf(place)
	if err != nil {
		return err
	}
	for _, u := range committees {
		add("village-"+strconv.FormatInt(u.Place, 10), townKey(gazetteer.ParentCode(u.Place)), u)
	}
	s.ids = make(map[string]org.UnitID, len(list))
	if s.office.Chart().Len() == 0 {
		ids, err := s.office.AddUnits(ctx, org.System(), list)
		for i, id := range ids {
			s.ids[keys[i]] = id
		}
		return err
	}
	for i, n := range list { // they were entered before it was broken off
		u, ok := s.office.Chart().First(func(u org.Unit) bool { return u.Name == n.Name && u.Place == n.Place })
		if !ok {
			return errs.E(errs.Refused, "demo.changed")
		}
		s.ids[keys[i]] = u.ID
	}
	return nil
}

// addPeople takes everybody in, with their duties, and keeps them as actors.
func (s *seeder) addPeople(ctx context.Context) error {
	s.actors = map[string]org.Actor{}
	for _, p := range s.people {
		n := usecase.NewPerson{SignIn: p.SignIn, Name: p.Name, Password: s.words.Password}
		for _, d := range p.Duties {
			n.Duties = append(n.Duties, usecase.NewDuty{Role: d.Role, Unit: s.ids[d.Unit], Scope: s.ids[d.Scope]})
		}
		_, err := s.office.PersonBySignIn(ctx, org.System(), p.SignIn)
		if errs.KindOf(err) == errs.NotFound {
			_, _, err = s.office.AddPerson(ctx, org.System(), n)
		}
		if err != nil {
			return err
		}
		v, err := s.office.PersonBySignIn(ctx, org.System(), p.SignIn)
		if err != nil {
			return err
		}
		for _, d := range v.Duties {
			key := actorKey(d.Role, d.Unit)
			if s.actors[key], err = s.office.Actor(ctx, v.ID, d.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func actorKey(role org.Role, unit org.UnitID) string { return fmt.Sprintf("%s@%d", role, unit) }

// actor is who acts in a role at a unit.
func (s *seeder) actor(role org.Role, unit string) org.Actor {
	return s.actors[actorKey(role, s.ids[unit])]
}

// townLine names, in the catalogue's file, the town in which a matter's place lies; see usecase.Line.
const townLine = "@town"

// addLines enters the lines of the file.
func (s *seeder) addLines(ctx context.Context) error {
	for _, l := range s.catalogue {
		unit := l.Unit
		if unit == townLine {
			unit = "county"
		}
		_, err := s.office.AddLine(ctx, org.System(), usecase.Line{
			Category: l.Category, Place: l.Place, Unit: s.ids[unit], Why: l.Why, WhyEnglish: l.WhyEnglish,
		})
		if err != nil && errs.CodeOf(err) != "line.twice" { // it was entered before it was broken off
			return err
		}
	}
	return nil
}

// accounts lists who can be signed in as, in the order of the file.
func (s *seeder) accounts(ctx context.Context) (Demo, error) {
	s.clock = s.until
	d := Demo{Password: s.words.Password}
	for _, p := range s.people {
		v, err := s.office.PersonBySignIn(ctx, org.System(), p.SignIn)
		if err != nil {
			return Demo{}, err
		}
		d.Accounts = append(d.Accounts, Account{SignIn: v.SignIn, Name: v.Name, Duties: v.Duties})
	}
	return d, nil
}
