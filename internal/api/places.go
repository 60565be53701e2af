package api

import (
	"context"
	"net/http"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
)

type (
	placesInput struct {
		Inside int64  `query:"inside" minimum:"10" doc:"Division code; the places directly inside it, or where q is looked for. Absent: the whole country"`
		Words  string `query:"q" maxLength:"50" doc:"Part of a name, pinyin initials, the first letters of the English name (four at least), or the opening digits of a code"`
	}
	placesOutput struct {
		Body struct {
			Places []PlaceBody `json:"places"`
		} `nameHint:"PlaceList"`
	}
	placeInput struct {
		Code int64 `path:"code" minimum:"10" doc:"Division code" example:"330112"`
	}
	placeOutput struct {
		Body struct {
			PlaceBody
			FullName    string      `json:"full_name"`
			FullEnglish string      `json:"full_english" doc:"The narrowest first"`
			Path        []PlaceBody `json:"path" doc:"From the province down to the place itself"`
		} `nameHint:"PlaceDetail"`
	}
	// PlaceBody is an administrative division.
	PlaceBody struct {
		Code    int64  `json:"code"`
		Name    string `json:"name"`
		English string `json:"english"`
		Level   string `json:"level" enum:"province,city,county,town,village"`
	}
	categoriesInput struct {
		Table string `query:"table" maxLength:"30" doc:"Id of the table; the one in use where it is absent" example:"category-2023"`
	}
	categoriesOutput struct {
		Body struct {
			ID      string         `json:"id"`
			Title   string         `json:"title"`
			English string         `json:"english"`
			Rows    []categoryBody `json:"rows" doc:"A parent before its children"`
			Tables  []string       `json:"tables" doc:"Ids of all tables"`
		} `nameHint:"CategoryTable"`
	}
	categoryBody struct {
		Code    string `json:"code"`
		Parent  string `json:"parent,omitempty"`
		Name    string `json:"name"`
		English string `json:"english"`
	}
)

// placesFound is how many places a search gives at most.
const placesFound = 50

func (a *API) places() {
	add(a, operation{
		id: "list_places", method: http.MethodGet, path: "/places", tag: tagPlaces, text: "api.op.places", about: "api.op.places.about", open: true, absent: true,
	}, a.listPlaces)
	add(a, operation{
		id: "get_place", method: http.MethodGet, path: "/places/{code}", tag: tagPlaces, text: "api.op.place", about: "api.op.place.about", open: true, absent: true,
	}, a.getPlace)
	add(a, operation{
		id: "list_categories", method: http.MethodGet, path: "/categories", tag: tagPlaces, text: "api.op.categories", about: "api.op.categories.about",
		open: true, absent: true,
	}, a.listCategories)
}

func (a *API) placeOf(p gazetteer.Place) PlaceBody {
	return PlaceBody{Code: p.Code, Name: p.Name, English: a.Office.Places.English(p), Level: p.Level.String()}
}

func (a *API) listPlaces(_ context.Context, in *placesInput) (*placesOutput, error) {
	var found []gazetteer.Place
	var err error
	if in.Words == "" {
		found, err = a.Office.Places.Children(in.Inside)
	} else {
		found, err = a.Office.Places.Find(in.Inside, in.Words, placesFound)
	}
	if err != nil {
		return nil, err
	}
	var out placesOutput
	out.Body.Places = list(found, a.placeOf)
	return &out, nil
}

func (a *API) getPlace(_ context.Context, in *placeInput) (*placeOutput, error) {
	path := a.Office.Places.Path(in.Code)
	if len(path) == 0 {
		return nil, errs.E(errs.NotFound, "gazetteer.place.unknown", "code", in.Code)
	}
	var out placeOutput
	out.Body.PlaceBody = a.placeOf(path[len(path)-1])
	out.Body.FullName, out.Body.FullEnglish = a.Office.Places.FullName(in.Code), a.Office.Places.FullEnglish(in.Code)
	out.Body.Path = list(path, a.placeOf)
	return &out, nil
}

func (a *API) listCategories(_ context.Context, in *categoriesInput) (*categoriesOutput, error) {
	table := a.Office.Places.Current()
	if in.Table != "" {
		var err error
		if table, err = a.Office.Places.Categories(in.Table); err != nil {
			return nil, err
		}
	}
	var out categoriesOutput
	b := &out.Body
	b.ID, b.Title, b.English, b.Tables = table.ID, table.Title, table.English, a.Office.Places.Tables()
	b.Rows = list(table.Rows, func(c gazetteer.Category) categoryBody {
		return categoryBody{Code: c.Code, Parent: c.Parent, Name: c.Name, English: c.English}
	})
	return &out, nil
}
