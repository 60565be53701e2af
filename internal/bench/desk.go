package bench

import (
	"context"
	"fmt"

	"huiyin/internal/app"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// county is the division whose organs, towns and villages make the organisation.
const county = 330112

// desk is what the clients need to know of the office: who acts with what key, and where a matter goes.
type desk struct {
	Place      int64      `json:"place"`
	Department org.UnitID `json:"department"`
	Registrar  string     `json:"registrar"`
	Dispatcher string     `json:"dispatcher"`
	Handler    string     `json:"handler"`
	Head       string     `json:"head"`
}

// openDesk sets up an office where there is none, a county with its departments, towns and villages, and gives a key to each of the four who take a matter through.
func openDesk(ctx context.Context, a *app.App) (desk, error) {
	o := a.Office
	if o.Chart().Len() == 0 {
		first := usecase.FirstRun{County: county, Departments: true, SignIn: "bench", Name: "bench", Password: "Measure-Twice-33"} //nolint:gosec // of an office for measuring
		if err := o.FirstRun(ctx, first); err != nil {
			return desk{}, fmt.Errorf("first run: %w", err)
		}
	}
	bureau, ok := o.Chart().First(func(u org.Unit) bool { return u.Kind == org.KindBureau })
	if !ok {
		return desk{}, fmt.Errorf("no petition bureau at %d", county)
	}
	department, ok := o.Chart().First(func(u org.Unit) bool { return u.Kind == org.KindDepartment })
	if !ok {
		return desk{}, fmt.Errorf("no department at %d", county)
	}
	d := desk{Place: bureau.Place, Department: department.ID}
	for _, k := range []struct {
		to   *string
		unit org.UnitID
		role org.Role
	}{
		{&d.Registrar, bureau.ID, org.RoleRegistrar},
		{&d.Dispatcher, bureau.ID, org.RoleRegistrar},
		{&d.Handler, department.ID, org.RoleHandler},
	} {
		key, err := o.AddKey(ctx, org.System(), usecase.NewKey{
			Name: "bench", Unit: k.unit, Role: k.role, Grants: usecase.KeyGrants(), Expires: law.NoDay, Rate: usecase.MaxKeyRate,
		})
		if err != nil {
			return desk{}, fmt.Errorf("key: %w", err)
		}
		*k.to = key
	}
	var err error
	d.Head, err = headKey(ctx, a, department.ID)
	return d, err
}

// headKey writes a key for the head of a unit past the use case, which gives none: an opinion is signed by a person. The clients have no
// browser; everything else that is checked of the head is checked.
func headKey(ctx context.Context, a *app.App, unit org.UnitID) (string, error) {
	const id, secret = "benchead", "bench"
	hash, err := a.Vault.Hash(vault.Session, id, secret)
	if err != nil {
		return "", err
	}
	row := store.KeyRow{ID: id, Hash: hash, Name: "bench", Unit: unit, Role: org.RoleHead, Grants: "act", CreatedUS: a.Now().UnixMicro(), PerMinute: usecase.MaxKeyRate}
	if err := a.Store.Update(ctx, 0, func(t *store.Tx) error { return t.SaveKey(ctx, row) }); err != nil {
		return "", err
	}
	return "huk_" + id + "_" + secret, nil
}

// idNumber returns a well-formed identity number for the n-th person.
func idNumber(n int) string {
	body := fmt.Sprintf("%06d%04d%02d%02d%03d", county, 1940+n%65, 1+n/65%12, 1+n/780%28, n/21840%1000)
	for _, check := range "0123456789X" {
		if number := body + string(check); gazetteer.CheckIDNumber(number) == nil {
			return number
		}
	}
	return ""
}

// registered is how many submissions the office holds.
func registered(ctx context.Context, a *app.App) (n int64, err error) {
	err = a.Store.Read(ctx, func(t *store.Tx) error {
		n, err = t.Registered(ctx, county)
		return err
	})
	return n, err
}
