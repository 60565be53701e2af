package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

type (
	keyBody struct {
		ID       string     `json:"id" doc:"What it is known by everywhere; the key begins with huk_ and this"`
		Name     string     `json:"name" doc:"Which system it is and who runs it"`
		Unit     UnitBrief  `json:"unit" doc:"For which it acts"`
		Role     roleWord   `json:"role" doc:"In which it acts there"`
		Grants   []keyGrant `json:"grants"`
		Rate     int        `json:"rate" doc:"Requests a minute"`
		Made     time.Time  `json:"made"`
		Expires  *time.Time `json:"expires,omitempty" doc:"From then on it is void; absent: never"`
		Revoked  *time.Time `json:"revoked,omitempty"`
		Used     date       `json:"used,omitempty" doc:"The day on which it was last used; absent: never"`
		OldUntil *time.Time `json:"old_until,omitempty" doc:"Until when the secret before the last rotation is good, too"`
	}
	keyGrant   string
	keyRole    string
	keysOutput struct {
		Body struct {
			Keys []keyBody `json:"keys" doc:"Newest first, the void ones too"`
		} `nameHint:"KeyList"`
	}
	keyOutput   struct{ Body keyBody }
	newKeyInput struct {
		Body struct {
			Name    string     `json:"name" maxLength:"100"`
			Unit    int64      `json:"unit" minimum:"1" doc:"It acts for this unit and sees what the unit sees"`
			Role    keyRole    `json:"role"`
			Grants  []keyGrant `json:"grants" minItems:"1" maxItems:"10"`
			Rate    int        `json:"rate,omitempty" minimum:"0" doc:"Requests a minute; 0 is the usual 600"`
			Expires date       `json:"expires,omitempty" doc:"First day on which it is void"`
		} `nameHint:"NewKey"`
	}
	secretOutput struct {
		Body struct {
			Key string `json:"key" doc:"Shown here and never again" example:"huk_ab12cd34_0123456789abcdefghjkmnpqrstvwxyz"`
		} `nameHint:"KeySecret"`
	}
	// KeyInput names a key.
	KeyInput struct {
		Key string `path:"key" maxLength:"40" doc:"id of the key; own is the one that calls" example:"own"`
	}
	rotateInput struct {
		KeyInput
		Body struct {
			Overlap int `json:"overlap_hours" minimum:"0" maximum:"720" doc:"For how many hours the secret of before stays good beside the new one"`
		} `nameHint:"Rotation"`
	}
)

// Schema lists the grants.
func (keyGrant) Schema(huma.Registry) *huma.Schema {
	return oneOf(append(usecase.KeyGrants(), usecase.GrantManage))
}

// Schema lists the roles.
func (keyRole) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.KeyRoles()) }

// ownKey names the key that calls.
const ownKey = "own"

// keys are machines' keys: a machine of an administrator manages those of its units, and every machine its own.
func (a *API) keys() {
	add(a, operation{
		id: "list_keys", method: http.MethodGet, path: "/keys", tag: tagMachines, text: "api.op.keys", about: "api.op.keys.about", grant: grantManage,
	}, a.listKeys)
	add(a, operation{
		id: "add_key", method: http.MethodPost, path: "/keys", tag: tagMachines, text: "api.op.key_add", about: "api.op.key_add.about", grant: grantManage,
		status: http.StatusCreated, request: map[string]any{"name": "Hotline 12345", "unit": 2, "role": "registrar", "grants": []any{"register", "read"}},
	}, a.addKey)
	add(a, operation{
		id: "get_own_key", method: http.MethodGet, path: "/keys/own", tag: tagMachines, text: "api.op.key_own", about: "api.op.key_own.about", grant: grantAny,
	}, a.getOwnKey)
	add(a, operation{
		id: "rotate_key", method: http.MethodPost, path: "/keys/{key}/rotate", tag: tagMachines, text: "api.op.key_rotate", about: "api.op.key_rotate.about", grant: grantAny,
		absent: true, conflict: true, request: map[string]any{"overlap_hours": 24},
	}, a.rotateKey)
	add(a, operation{
		id: "revoke_key", method: http.MethodDelete, path: "/keys/{key}", tag: tagMachines, text: "api.op.key_revoke", about: "api.op.key_revoke.about", grant: grantAny,
		status: http.StatusNoContent, absent: true,
	}, a.revokeKey)
}

func keyOf(k usecase.KeyView) keyBody {
	return keyBody{
		ID: k.ID, Name: k.Name, Unit: briefOf(k.Unit), Role: roleWord(k.Role), Grants: list(k.Grants, func(g string) keyGrant { return keyGrant(g) }), Rate: k.Rate,
		Made: instant(k.CreatedUS), Expires: someInstant(k.ExpiresUS), Revoked: someInstant(k.RevokedUS), Used: dateOf(k.Used), OldUntil: someInstant(k.OldUS),
	}
}

// someInstant is an instant that there may be; nil for none.
func someInstant(us int64) *time.Time {
	if us == 0 {
		return nil
	}
	at := instant(us)
	return &at
}

func (a *API) listKeys(ctx context.Context, _ *struct{}) (*keysOutput, error) {
	found, err := a.Office.Keys(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out keysOutput
	out.Body.Keys = list(found, keyOf)
	return &out, nil
}

func (a *API) addKey(ctx context.Context, in *newKeyInput) (*secretOutput, error) {
	n := usecase.NewKey{
		Name: in.Body.Name, Unit: org.UnitID(in.Body.Unit), Role: org.Role(in.Body.Role), Rate: in.Body.Rate,
		Grants: list(in.Body.Grants, func(g keyGrant) string { return string(g) }),
	}
	if in.Body.Expires != "" {
		day, err := law.ParseDay(string(in.Body.Expires))
		if err != nil {
			return nil, errs.Fields([]errs.Field{errs.F("expires", errs.CodeOf(err))})
		}
		n.Expires = day
	}
	var out secretOutput
	var err error
	out.Body.Key, err = a.Office.AddKey(ctx, callerOf(ctx).who, n)
	return &out, err
}

func (a *API) getOwnKey(ctx context.Context, _ *struct{}) (*keyOutput, error) {
	k, err := a.Office.OwnKey(ctx, callerOf(ctx).who)
	return &keyOutput{Body: keyOf(k)}, err
}

// named is the id of the key that a path names.
func (in KeyInput) named(who org.Actor) string {
	if in.Key == ownKey {
		return who.Key
	}
	return in.Key
}

func (a *API) rotateKey(ctx context.Context, in *rotateInput) (*secretOutput, error) {
	who := callerOf(ctx).who
	var out secretOutput
	var err error
	out.Body.Key, err = a.Office.RotateKey(ctx, who, in.named(who), in.Body.Overlap)
	return &out, err
}

func (a *API) revokeKey(ctx context.Context, in *KeyInput) (*struct{}, error) {
	who := callerOf(ctx).who
	return nil, a.Office.RevokeKey(ctx, who, in.named(who))
}
