package demo_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/demo"
	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/storetest"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// office opens an office over an empty store on a day.
func office(t *testing.T, day law.Day) *usecase.Office {
	t.Helper()
	migrations, err := store.Migrations()
	check(t, err)
	return officeOver(t, storetest.Open(t, migrations), day)
}

func officeOver(t *testing.T, s *store.Store, day law.Day) *usecase.Office {
	t.Helper()
	text, err := vault.Generate(rand.Reader)
	check(t, err)
	return officeKeyed(t, s, day, text, t.TempDir())
}

// officeKeyed opens an office with keys and a folder of uploads.
func officeKeyed(t *testing.T, s *store.Store, day law.Day, text []byte, folder string) *usecase.Office {
	t.Helper()
	keys, err := vault.Parse(text, rand.Reader)
	check(t, err)
	places, err := gazetteer.Open()
	check(t, err)
	files, err := usecase.NewFiles(folder, keys)
	check(t, err)
	words, err := i18n.Load()
	check(t, err)
	now := day.StartUS() + (9 * time.Hour).Microseconds()
	o, err := usecase.New(t.Context(), usecase.Config{
		Store: s, Vault: keys, Places: places, Book: law.DefaultBook(), Files: files, Now: func() int64 { return now }, Random: rand.Reader,
		Log: slog.New(slog.DiscardHandler), Say: words.Say,
	})
	check(t, err)
	return o
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// seen is what shows of a petition.
type seen struct {
	State  matter.State
	Light  string
	Merged bool
	Sealed bool
}

// wanted is what data/petitions.json promises, by title.
func wanted(t *testing.T) map[string]seen {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("data", "petitions.json"))
	check(t, err)
	var list []struct{ Title, Stage, Light string }
	check(t, json.Unmarshal(text, &list))
	states := map[string]matter.State{"repeat": matter.StateRegistered, "rated": matter.StateCompleted, "sealed": matter.StateSigned}
	out := map[string]seen{}
	for _, p := range list {
		w := seen{State: matter.State(p.Stage), Light: map[string]string{"within": "go", "soon": "soon", "overdue": "late", "paused": "go", "done": "done"}[p.Light]}
		if s, ok := states[p.Stage]; ok {
			w.State = s
		}
		w.Sealed = p.Stage == "sealed"
		if p.Stage == "repeat" { // it rests on the one it repeats, whose clock runs
			w.Merged, w.Light = true, "done"
		}
		out[p.Title] = w
	}
	return out
}

// matters reads every matter of the demonstration.
func matters(t *testing.T, o *usecase.Office) map[string]seen {
	t.Helper()
	out := map[string]seen{}
	var refs []matter.Ref
	check(t, o.Store.Read(t.Context(), func(tx *store.Tx) error {
		var err error
		refs, err = tx.MattersAfter(t.Context(), 330112, 0, 1000)
		return err
	}))
	for _, ref := range refs {
		v, err := o.Matter(t.Context(), org.System(), ref)
		check(t, err)
		row := v.Row
		if _, twice := out[row.Title]; twice {
			t.Errorf("%s is there twice", row.Title)
		}
		out[row.Title] = seen{State: row.State, Light: row.Light(v.Today).String(), Merged: !row.Merged.IsZero(), Sealed: row.Sealed}
	}
	return out
}

// The days are ordinary ones and those on which weekends and holidays move the most.
func TestSeedShowsEverything(t *testing.T) {
	t.Parallel()
	want := wanted(t)
	for _, day := range []law.Day{
		law.NewDay(2025, 10, 9), law.NewDay(2026, 2, 24), law.NewDay(2026, 12, 31),
	} {
		t.Run(day.String(), func(t *testing.T) {
			t.Parallel()
			o := office(t, day)
			d, err := demo.Seed(t.Context(), o)
			check(t, err)
			if diff := cmp.Diff(want, matters(t, o)); diff != "" {
				t.Error(diff)
			}
			if len(d.Accounts) == 0 || d.Password == "" {
				t.Errorf("accounts: %+v", d)
			}
		})
	}
}

func TestSeedIsUsable(t *testing.T) {
	t.Parallel()
	o := office(t, law.NewDay(2026, 3, 2))
	d, err := demo.Seed(t.Context(), o)
	check(t, err)
	if !o.Settings().Demo {
		t.Error("nothing says that it is a demonstration")
	}
	roles := map[org.Role]bool{}
	for _, a := range d.Accounts {
		for _, duty := range a.Duties {
			if !duty.Active {
				t.Errorf("%s: duty %d does not hold", a.SignIn, duty.ID)
			}
			roles[duty.Role] = true
		}
	}
	for _, role := range org.Roles() {
		if !roles[role] {
			t.Errorf("nobody is %s", role)
		}
	}
	in, err := o.SignIn(t.Context(), d.Accounts[0].SignIn, d.Password)
	check(t, err)
	if in.MustChange || len(in.Duties) == 0 {
		t.Errorf("%+v", in)
	}
	again, err := demo.Seed(t.Context(), o)
	check(t, err)
	if diff := cmp.Diff(d, again); diff != "" {
		t.Errorf("the second time: %s", diff)
	}
	if diff := cmp.Diff(wanted(t), matters(t, o)); diff != "" {
		t.Errorf("the second time: %s", diff)
	}
}

// dying is a context that ends at the n-th look at it: between any two statements.
type dying struct {
	context.Context //nolint:containedctx // it is a context itself
	left            *atomic.Int64
}

func (d dying) Err() error {
	if d.left.Add(-1) < 0 {
		return context.Canceled
	}
	return d.Context.Err()
}

// A demonstration that is broken off, again and again, goes on to be the same.
func TestSeedGoesOn(t *testing.T) {
	t.Parallel()
	o := office(t, law.NewDay(2026, 3, 2))
	looks := []int64{1, 40, 2000, 4000} // the units alone take some 3500
	for n := int64(100); n < 3000; n += 190 {
		looks = append(looks, n)
	}
	broken := 0
	for _, n := range looks {
		ctx := dying{Context: t.Context(), left: &atomic.Int64{}}
		ctx.left.Store(n)
		_, err := demo.Seed(ctx, o)
		if err == nil {
			break
		}
		if errs.KindOf(err) != errs.Unavailable {
			t.Fatalf("broken off at look %d: %v", n, err)
		}
		broken++
	}
	if broken < 8 {
		t.Errorf("broken off %d times only", broken)
	}
	_, err := demo.Seed(t.Context(), o)
	check(t, err)
	if diff := cmp.Diff(wanted(t), matters(t, o)); diff != "" {
		t.Error(diff)
	}
}

func TestSeedRefusesARealOffice(t *testing.T) {
	t.Parallel()
	o := office(t, law.NewDay(2026, 3, 2))
	check(t, o.FirstRun(t.Context(), usecase.FirstRun{County: 330112, SignIn: "admin", Name: "程启", Password: "a-long-enough-one"}))
	if _, err := demo.Seed(t.Context(), o); errs.CodeOf(err) != "demo.not_empty" {
		t.Errorf("%v", err)
	}
}
