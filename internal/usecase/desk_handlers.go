package usecase

import (
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// HandlerView is somebody who may be put in charge of a matter.
type HandlerView struct {
	User org.UserID
	Name string
	Role org.Role
}

// HandlersOf returns the people at the unit that holds a matter who may be put in charge of it, for whoever may see the matter.
func (o *Office) HandlersOf(ctx context.Context, who org.Actor, ref matter.Ref) ([]HandlerView, error) {
	if who.Kind == org.ActorPetitioner || who.Kind == org.ActorNobody {
		return nil, errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	var out []HandlerView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		h, err := o.see(ctx, t, who, ref)
		if err != nil {
			return err
		}
		duties, err := t.DutiesAt(ctx, h.matter.Desk(), o.Today())
		if err != nil {
			return err
		}
		ids := make([]org.UserID, 0, len(duties))
		for _, d := range duties {
			if handling(d) && !slices.Contains(ids, d.User) {
				ids = append(ids, d.User)
				out = append(out, HandlerView{User: d.User, Role: d.Role})
			}
		}
		names, err := t.PersonNames(ctx, ids)
		for i := range out {
			out[i].Name = names[out[i].User]
		}
		return err
	})
	return out, err
}

// handling reports whether a duty lets its holder be in charge of a matter.
func handling(d org.Duty) bool {
	return d.Role == org.RoleHandler || d.Role == org.RoleRegistrar || d.Role == org.RoleDiscipline
}
