package api

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// caller is who calls an operation, from where, in what language they read.
type caller struct {
	who  org.Actor
	addr netip.Addr
	t    *i18n.Speaker
}

type callerKey struct{}

// callerOf returns who calls. Every operation runs behind authenticate.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller) // the zero caller may do nothing
	return c
}

// authenticate finds out who calls an operation and whether that sort of caller may at all; what they may see and do there is for the use case.
func (a *API) authenticate(op operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		who, err := a.actor(ctx.Context(), r.Header.Values("Authorization"))
		if err == nil && who.Kind == org.ActorMachine {
			var left httpx.Quota
			left, err = a.quota.Take(who.Key, who.Rate)
			left.Write(w.Header())
		}
		if err == nil {
			err = op.admits(who)
		}
		if err == nil && op.limit > httpx.DefaultBody {
			err = httpx.AllowUpload(w, r, op.limit+1, a.deadline())
		}
		if err != nil {
			if errs.KindOf(err) == errs.Unauthenticated {
				w.Header().Set("WWW-Authenticate", "Bearer")
			}
			httpx.Adapt(func(http.ResponseWriter, *http.Request) error { return err }, a.Fail).ServeHTTP(w, r)
			return
		}
		next(huma.WithValue(ctx, callerKey{}, caller{who: who, addr: a.Proxies.ClientAddr(r), t: a.speaker(r)}))
	}
}

// actor is who signed the request; nobody without a signature. A signature that is wrong is an error even where none is needed.
func (a *API) actor(ctx context.Context, authorization []string) (org.Actor, error) {
	wrong := errs.E(errs.Unauthenticated, "api.auth.wrong")
	if len(authorization) == 0 {
		return org.Actor{}, nil
	}
	scheme, token, ok := strings.Cut(authorization[0], " ")
	if len(authorization) > 1 || !ok || !strings.EqualFold(scheme, "Bearer") {
		return org.Actor{}, wrong
	}
	switch {
	case strings.HasPrefix(token, usecase.CitizenTokenPrefix):
		return a.Office.CitizenActor(token)
	case strings.HasPrefix(token, machinePrefix):
		return a.Office.MachineActor(ctx, token)
	default:
		return org.Actor{}, wrong
	}
}

// machinePrefix opens every machine's key.
const machinePrefix = "huk_"

// admits refuses the sorts of callers that an operation is not for.
func (op operation) admits(who org.Actor) error {
	switch who.Kind {
	case org.ActorNobody:
		if op.open {
			return nil
		}
		return errs.E(errs.Unauthenticated, "api.auth.missing")
	case org.ActorPetitioner:
		if op.citizen || (op.open && op.grant == "") {
			return nil
		}
		return errs.E(errs.Forbidden, "api.auth.machine")
	case org.ActorMachine:
		switch {
		case op.grant == "" && op.open:
			return nil
		case op.grant == grantAny:
			return nil
		case op.grant == "":
			return errs.E(errs.Forbidden, "api.auth.citizen")
		case !slices.Contains(who.Grants, op.grant) && (op.also == "" || !slices.Contains(who.Grants, op.also)):
			return errs.E(errs.Forbidden, "auth.grant", "grant", op.grant)
		}
		return nil
	case org.ActorStaff, org.ActorSystem:
	}
	return errs.E(errs.Forbidden, "api.auth.machine")
}

// speaker speaks the language that the request asks for.
func (a *API) speaker(r *http.Request) *i18n.Speaker {
	return a.Catalog.For(i18n.Match(r.Header.Get("Accept-Language")))
}
