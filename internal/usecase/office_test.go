package usecase_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/extract"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/storetest"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// The units of a test's chart.
const (
	unitCounty org.UnitID = iota + 1
	unitBureau
	unitCentre // 人民来访接待中心, under the bureau
	unitHR
	unitHousing
	unitDiscipline
	unitTownA
	unitTownB
	unitVillageA1
	unitVillageA2
	unitVillageB1
	unitVillageB2
)

// testUnits is the chart of a test: a county with its bodies, two towns, two villages each. The names of the towns open alike.
func testUnits() []org.Unit {
	u := func(id, parent org.UnitID, name string, kind org.UnitKind, place int64) org.Unit {
		return org.Unit{ID: id, Parent: parent, Name: name, English: gazetteer.Pinyin(name), Initials: gazetteer.Initials(name), Kind: kind, Place: place}
	}
	return []org.Unit{
		u(unitCounty, 0, "临安区", org.KindRoot, 330112),
		u(unitBureau, unitCounty, "临安区信访局", org.KindBureau, 330112),
		u(unitCentre, unitBureau, "临安区人民来访接待中心", org.KindCentre, 330112),
		u(unitHR, unitCounty, "临安区人力资源和社会保障局", org.KindDepartment, 330112),
		u(unitHousing, unitCounty, "临安区住房和城乡建设局", org.KindDepartment, 330112),
		u(unitDiscipline, unitCounty, "临安区纪委监委", org.KindDiscipline, 330112),
		u(unitTownA, unitCounty, "WARD_3", org.KindTown, 330112104),
		u(unitTownB, unitCounty, "WARD_30", org.KindTown, 330112106),
		u(unitVillageA1, unitTownA, "WARD_3_1", org.KindVillage, 330112104201),
		u(unitVillageA2, unitTownA, "WARD_3_2", org.KindVillage, 330112104202),
		u(unitVillageB1, unitTownB, "WARD_30_1", org.KindVillage, 330112106201),
		u(unitVillageB2, unitTownB, "WARD_30_2", org.KindVillage, 330112106202),
	}
}

// embedded reads the embedded places once for all tests; nothing changes them.
var embedded = sync.OnceValues(gazetteer.Open)

// testOffice is an office over a store of its own, with a clock that the test moves.
type testOffice struct {
	*usecase.Office
	store *store.Store
	now   *atomic.Int64 // microseconds UTC

	advice string // folder of the model
	files  string // folder of uploads
}

// newOffice opens an office with the chart of testUnits and, at each unit, two people for each role; see actor. Its chance always
// falls the same way. Their passwords are not set: nobody signs in.
func newOffice(t testing.TB) *testOffice {
	t.Helper()
	return staffed(t, emptyOffice(t))
}

// staffed gives an empty office the chart of testUnits and its people.
func staffed(t testing.TB, o *testOffice) *testOffice {
	t.Helper()
	units := testUnits()
	o.update(t, func(tx *store.Tx) error {
		ids := make([]org.UnitID, len(units))
		for i, u := range units {
			ids[i] = u.ID
			if _, err := tx.NextLocal(t.Context(), "unit"); err != nil {
				return err
			}
			if err := tx.SaveUnit(t.Context(), u); err != nil {
				return err
			}
		}
		if err := tx.ReplacePaths(t.Context(), org.NewChart(units), ids); err != nil {
			return err
		}
		for _, u := range units {
			for _, role := range org.Roles() {
				for n := range 2 {
					if err := staff(t.Context(), tx, u.ID, role, n); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err := o.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o
}

// staff adds the n-th person of a role at a unit. Supervisors, leaders and auditors of the bureau answer for the county.
func staff(ctx context.Context, tx *store.Tx, unit org.UnitID, role org.Role, n int) error {
	id, err := tx.NextLocal(ctx, "person")
	if err != nil {
		return err
	}
	if _, err := tx.NextLocal(ctx, "duty"); err != nil {
		return err
	}
	name := string(role) + "-" + string(rune('a'+int(unit))) + string(rune('0'+n))
	if err := tx.SavePerson(ctx, store.PersonRow{ID: org.UserID(id), SignIn: name, Name: name}); err != nil {
		return err
	}
	return tx.SaveDuty(ctx, org.Duty{ID: org.DutyID(id), User: org.UserID(id), Role: role, Unit: unit, Scope: scopeOf(unit, role)})
}

func scopeOf(unit org.UnitID, role org.Role) org.UnitID {
	if unit == unitBureau && role != org.RoleHandler && role != org.RoleAdmin {
		return unitCounty
	}
	return unit
}

// emptyOffice opens an office over an empty store.
func emptyOffice(t testing.TB, change ...func(*store.Options)) *testOffice {
	t.Helper()
	migrations, err := store.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	return officeOver(t, storetest.Open(t, migrations, change...))
}

func officeOver(t testing.TB, s *store.Store) *testOffice {
	t.Helper()
	chance := &steady{source: rand.NewChaCha8([32]byte{1})}
	text, err := vault.Generate(chance)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := vault.Parse(text, chance)
	if err != nil {
		t.Fatal(err)
	}
	places, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	o := &testOffice{store: s, now: &atomic.Int64{}, advice: t.TempDir(), files: t.TempDir()}
	files, err := usecase.NewFiles(o.files, keys)
	if err != nil {
		t.Fatal(err)
	}
	o.now.Store(storetest.Now)
	o.Office, err = usecase.New(t.Context(), usecase.Config{
		Store: s, Vault: keys, Places: places, Book: law.DefaultBook(), Files: files, Now: o.now.Load, Random: chance, Log: slog.New(slog.DiscardHandler),
		Extract: extractHere,
		Say:     func(bool) func(string, []errs.Arg) string { return say }, Advice: o.advice,
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// extractHere takes words out of files without a process of its own: those of tests are harmless.
func extractHere(_ context.Context, kind extract.Kind, content []byte) (string, error) {
	return extract.Text(kind, content)
}

// steady is chance that always falls the same way, for many goroutines.
type steady struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (s *steady) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(p)
}

// moveTo sets the clock to nine in the morning of a day.
func (o *testOffice) moveTo(d law.Day) { o.now.Store(d.StartUS() + 9*3600*1_000_000) }

func (o *testOffice) update(t testing.TB, fn func(*store.Tx) error) {
	t.Helper()
	if err := o.store.Update(t.Context(), 0, fn); err != nil {
		t.Fatal(err)
	}
}

func (o *testOffice) read(t testing.TB, fn func(*store.Tx) error) {
	t.Helper()
	if err := o.store.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// actor is the first person in a role at a unit.
func (o *testOffice) actor(t testing.TB, role org.Role, unit org.UnitID) org.Actor {
	t.Helper()
	var found org.Duty
	o.read(t, func(tx *store.Tx) error {
		duties, err := tx.DutiesAt(t.Context(), unit, o.Today())
		for _, d := range duties {
			if d.Role == role && found.ID == 0 {
				found = d
			}
		}
		return err
	})
	who, err := o.Actor(t.Context(), found.User, found.ID)
	if err != nil {
		t.Fatalf("%s at unit %d: %v", role, unit, err)
	}
	return who
}

// register takes in an ordinary petition at a unit, by a registrar there, and returns its number.
func (o *testOffice) register(t testing.TB, unit org.UnitID, title string) matter.Ref {
	t.Helper()
	r, err := o.Register(t.Context(), o.actor(t, org.RoleRegistrar, unit), matter.Intake{
		Channel: matter.ChannelVisit, Title: title, Narrative: title, Demands: []string{"请予解决"}, Place: 330112104202,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	return r.Ref
}

// errorOf is an error as ours.
func errorOf(err error) (*errs.Error, bool) { return errors.AsType[*errs.Error](err) }
