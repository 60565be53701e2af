package api

import (
	"context"
	"net/http"

	"huiyin/internal/usecase"
)

type (
	savedInput struct {
		ID int64 `path:"id" minimum:"1" doc:"Number of the search"`
	}
	saveInput struct {
		Body struct {
			ID     int64  `json:"id,omitempty" minimum:"1" doc:"Absent for a new one"`
			Name   string `json:"name" minLength:"1" maxLength:"40"`
			Query  string `json:"query" maxLength:"2000" doc:"Words and conditions as an address has them" example:"q=%E8%B7%AF%E7%81%AF&state=open"`
			Shared bool   `json:"shared,omitempty" doc:"With the unit of the duty; what a machine keeps always is"`
		} `nameHint:"SearchToSave"`
	}
	saveOutput struct {
		Body savedBody
	}
	searchesOutput struct {
		Body struct {
			Searches []savedBody `json:"searches" doc:"By name"`
		} `nameHint:"SavedSearchList"`
	}
	savedBody struct {
		ID        int64  `json:"id"`
		Name      string `json:"name"`
		Query     string `json:"query" doc:"Words and conditions as an address has them"`
		Shared    bool   `json:"shared" doc:"Everybody with a duty at the unit sees it"`
		Own       bool   `json:"own" doc:"The caller keeps it"`
		MayChange bool   `json:"may_change"`
	}
)

// searches are kept under a name.
func (a *API) searches() {
	add(a, operation{
		id: "list_searches", method: http.MethodGet, path: "/searches", tag: tagMatters, text: "api.op.searches", about: "api.op.searches.about", grant: grantRead,
	}, a.listSearches)
	add(a, operation{
		id: "save_search", method: http.MethodPost, path: "/searches", tag: tagMatters, text: "api.op.search.save", about: "api.op.search.save.about",
		grant: grantRead, absent: true, request: map[string]any{"name": "Street lights", "query": "q=light&state=open"},
	}, a.saveSearch)
	add(a, operation{
		id: "drop_search", method: http.MethodDelete, path: "/searches/{id}", tag: tagMatters, text: "api.op.search.drop", about: "api.op.search.drop.about",
		grant: grantRead, absent: true, status: http.StatusNoContent,
	}, a.dropSearch)
}

func savedOf(s usecase.SavedSearch) savedBody { return savedBody(s) }

func (a *API) listSearches(ctx context.Context, _ *struct{}) (*searchesOutput, error) {
	found, err := a.Office.SavedSearches(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out searchesOutput
	out.Body.Searches = list(found, savedOf)
	return &out, nil
}

func (a *API) saveSearch(ctx context.Context, in *saveInput) (*saveOutput, error) {
	who := callerOf(ctx).who
	id, err := a.Office.SaveSearch(ctx, who, usecase.SavedSearch{ID: in.Body.ID, Name: in.Body.Name, Query: in.Body.Query, Shared: in.Body.Shared})
	if err != nil {
		return nil, err
	}
	saved, err := a.Office.SavedSearch(ctx, who, id)
	return &saveOutput{Body: savedOf(saved)}, err
}

func (a *API) dropSearch(ctx context.Context, in *savedInput) (*nothing, error) {
	return &nothing{}, a.Office.DropSearch(ctx, callerOf(ctx).who, in.ID)
}
