package api

import (
	"context"
	"net/http"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// UnitBrief names a unit.
type UnitBrief struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	English string `json:"english,omitempty"`
}

func briefOf(u org.Unit) UnitBrief {
	return UnitBrief{ID: int64(u.ID), Name: u.Name, English: u.English}
}

func (a *API) unitBrief(id org.UnitID) UnitBrief {
	u, _ := a.Office.Chart().Unit(id)
	u.ID = id
	return briefOf(u)
}

type (
	unitsInput struct {
		Words  string `query:"q" maxLength:"50" doc:"Part of a name, pinyin initials, or an id"`
		Parent int64  `query:"parent" minimum:"1" doc:"Where q is absent: the units directly under this one, or those at the top"`
	}
	unitsOutput struct {
		Body struct {
			Units []UnitBody `json:"units" doc:"Living ones"`
		} `nameHint:"UnitList"`
	}
	unitInput struct {
		ID int64 `path:"id" minimum:"1" doc:"Id of the unit" example:"2"`
	}
	unitOutput struct {
		Body struct {
			UnitBody
			Path []string `json:"path" doc:"Names from the top down"`
		} `nameHint:"UnitDetail"`
	}
	// UnitBody is a unit.
	UnitBody struct {
		UnitBrief
		Kind         unitKindWord `json:"kind"`
		Parent       int64        `json:"parent,omitempty"`
		Place        int64        `json:"place"`
		PlaceName    string       `json:"place_name"`
		PlaceEnglish string       `json:"place_english"`
		Phone        string       `json:"phone,omitempty"`
		From         date         `json:"from,omitempty"`
		Until        date         `json:"until,omitempty" doc:"First day on which it no longer exists"`
		Successor    int64        `json:"successor,omitempty" doc:"The unit that carries on its powers"`
	}
	suggestInput struct {
		Category string `query:"category" required:"true" maxLength:"20" doc:"Code of the content category" example:"N0502"`
		Place    int64  `query:"place" required:"true" minimum:"10" doc:"Division code" example:"330112"`
	}
	suggestOutput struct {
		Body struct {
			Units []suggestionBody `json:"units" doc:"Best first. It proposes; a person decides"`
		} `nameHint:"Suggestions"`
	}
	suggestionBody struct {
		Unit       UnitBrief `json:"unit"`
		Listed     bool      `json:"listed" doc:"The catalogue says so; else it is named for what it took up alone"`
		Category   string    `json:"category" doc:"Of the line of the catalogue that says so; empty: every category"`
		Place      int64     `json:"place"`
		Why        string    `json:"why"`
		WhyEnglish string    `json:"why_english,omitempty"`
		Custom     wentBody  `json:"custom" doc:"How matters of the category went at it in the last two years"`
	}
	wentBody struct {
		Place    int64 `json:"place" doc:"The town of the place, or its county"`
		Accepted int   `json:"accepted" doc:"It took up"`
		Returned int   `json:"returned" doc:"It gave back, and was right"`
		Moved    int   `json:"moved" doc:"A superior decided that they were another's"`
	}
)

// unitsFound is how many units a search gives at most.
const unitsFound = 50

type (
	proposalsInput struct {
		After int64 `query:"after" minimum:"0" doc:"next of the page before"`
		Limit int   `query:"limit" default:"50" minimum:"1" maximum:"100" doc:"Proposals on a page"`
	}
	proposalsOutput struct {
		Body struct {
			Proposals []proposalBody `json:"proposals"`
			Next      int64          `json:"next,omitempty" doc:"after of the next page; absent at the end"`
		} `nameHint:"ProposalList"`
	}
	proposalBody struct {
		ID       int64     `json:"id"`
		Category string    `json:"category" example:"N0307"`
		Place    int64     `json:"place" example:"330112104"`
		Unit     UnitBrief `json:"unit" doc:"Who was found to be responsible"`
		Matter   string    `json:"matter,omitempty" doc:"On which it was decided; absent for who may not see it" example:"330112-2026-0000028"`
		At       time.Time `json:"at"`
	}
)

type (
	routesInput struct {
		Category string `query:"category" maxLength:"20" doc:"Only the rules in force that this category falls under, the narrowest first" example:"N0502"`
	}
	routesOutput struct {
		Body struct {
			Routes []routeBody `json:"routes"`
		} `nameHint:"RouteList"`
	}
	routeBody struct {
		Key              string   `json:"key" doc:"For the field rule of the act divert"`
		Categories       []string `json:"categories" doc:"Empty: every category"`
		Condition        string   `json:"condition"`
		ConditionEnglish string   `json:"condition_english,omitempty"`
		Route            string   `json:"route" example:"arbitration"`
		Organ            string   `json:"organ"`
		OrganEnglish     string   `json:"organ_english,omitempty"`
		Unit             int64    `json:"unit,omitempty"`
		Law              string   `json:"law"`
		LawEnglish       string   `json:"law_english,omitempty"`
		Bring            string   `json:"bring,omitempty"`
		BringEnglish     string   `json:"bring_english,omitempty"`
		Limits           []string `json:"limits" doc:"Ids of the periods that run there, as information"`
		Ended            bool     `json:"ended"`
		Version          int      `json:"version" doc:"How often the office changed it; 0 as it came with the program"`
	}
)

func (a *API) routes(ctx context.Context, in *routesInput) (*routesOutput, error) {
	rules, err := a.Office.RouteRules(callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	if in.Category != "" {
		rules = a.Office.RoutesFor(in.Category)
	}
	var out routesOutput
	out.Body.Routes = list(rules, func(r usecase.RouteRule) routeBody {
		return routeBody{
			Key: r.Key, Categories: append([]string{}, r.Categories...), Condition: r.Condition, ConditionEnglish: r.ConditionEnglish, Route: string(r.Route),
			Organ: r.Organ, OrganEnglish: r.OrganEnglish, Unit: int64(r.Unit), Law: r.Law, LawEnglish: r.LawEnglish, Bring: r.Bring,
			BringEnglish: r.BringEnglish, Limits: list(r.Limits, func(id law.RuleID) string { return string(id) }), Ended: r.Ended, Version: r.Version,
		}
	})
	return &out, nil
}

func (a *API) proposals(ctx context.Context, in *proposalsInput) (*proposalsOutput, error) {
	page, err := a.Office.Proposals(ctx, callerOf(ctx).who, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	var out proposalsOutput
	out.Body.Next, out.Body.Proposals = page.Next, list(page.Proposals, func(p usecase.ProposalView) proposalBody {
		return proposalBody{ID: p.ID, Category: p.Category, Place: p.Place, Unit: briefOf(p.At), Matter: p.Number(), At: instant(p.AtUS)}
	})
	return &out, nil
}

func (a *API) organisation() {
	add(a, operation{
		id: "list_units", method: http.MethodGet, path: "/units", tag: tagOrganisation, text: "api.op.units", about: "api.op.units.about", open: true,
	}, a.listUnits)
	add(a, operation{
		id: "get_unit", method: http.MethodGet, path: "/units/{id}", tag: tagOrganisation, text: "api.op.unit", about: "api.op.unit.about",
		open: true, absent: true,
	}, a.getUnit)
	add(a, operation{
		id: "suggest_units", method: http.MethodGet, path: "/responsibilities/suggest", tag: tagOrganisation, text: "api.op.suggest", about: "api.op.suggest.about",
		grant: grantRead,
	}, a.suggest)
	add(a, operation{
		id: "list_proposals", method: http.MethodGet, path: "/responsibilities/proposals", tag: tagOrganisation, text: "api.op.proposals", about: "api.op.proposals.about",
		grant: grantRead,
	}, a.proposals)
	add(a, operation{
		id: "list_routes", method: http.MethodGet, path: "/routes", tag: tagOrganisation, text: "api.op.routes", about: "api.op.routes.about", grant: grantRead,
	}, a.routes)
}

func (a *API) unit(u org.Unit) UnitBody {
	return UnitBody{
		UnitBrief: briefOf(u), Kind: unitKindWord(u.Kind), Parent: int64(u.Parent), Place: u.Place, PlaceName: a.Office.Places.FullName(u.Place),
		PlaceEnglish: a.Office.Places.FullEnglish(u.Place),
		Phone:        u.Phone, From: dateOf(u.From), Until: dateOf(u.Until), Successor: int64(u.Successor),
	}
}

func (a *API) listUnits(_ context.Context, in *unitsInput) (*unitsOutput, error) {
	today := a.Office.Today()
	var found []org.Unit
	if in.Words != "" {
		found = a.Office.UnitsLike(in.Words, unitsFound)
	} else {
		for _, u := range a.Office.Chart().Children(org.UnitID(in.Parent)) {
			if u.Alive(today) {
				found = append(found, u)
			}
		}
	}
	var out unitsOutput
	out.Body.Units = list(found, a.unit)
	return &out, nil
}

func (a *API) getUnit(_ context.Context, in *unitInput) (*unitOutput, error) {
	u, ok := a.Office.Chart().Unit(org.UnitID(in.ID))
	if !ok {
		return nil, errs.E(errs.NotFound, "api.unit.none")
	}
	var out unitOutput
	out.Body.UnitBody, out.Body.Path = a.unit(u), list(a.Office.Chart().Path(u.ID), func(u org.Unit) string { return u.Name })
	return &out, nil
}

func (a *API) suggest(ctx context.Context, in *suggestInput) (*suggestOutput, error) {
	found, err := a.Office.Suggest(ctx, callerOf(ctx).who, in.Category, in.Place)
	if err != nil {
		return nil, err
	}
	var out suggestOutput
	out.Body.Units = list(found, func(s usecase.Suggestion) suggestionBody {
		return suggestionBody{
			Unit: briefOf(s.Unit), Listed: s.Line != 0, Category: s.Category, Place: s.Place, Why: s.Why, WhyEnglish: s.WhyEnglish, Custom: wentBody(s.Custom),
		}
	})
	return &out, nil
}
