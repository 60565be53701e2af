package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

type (
	peopleInput struct {
		Words  string `query:"q" maxLength:"50" doc:"Beginning of a name, of its pinyin, of its initials or of a sign-in name"`
		Unit   int64  `query:"unit" minimum:"1" doc:"Only people on duty at this unit or below it"`
		Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100" doc:"People on a page"`
		Cursor string `query:"cursor" maxLength:"400" doc:"next of the page before"`
	}
	peopleOutput struct {
		Body struct {
			People []personBody `json:"people"`
			Next   string       `json:"next,omitempty" doc:"Cursor of the next page; absent at the end"`
		} `nameHint:"PersonList"`
	}
	personBody struct {
		ID       int64      `json:"id"`
		Name     string     `json:"name"`
		SignIn   string     `json:"sign_in"`
		Disabled bool       `json:"disabled" doc:"May not sign in"`
		Duties   []dutyBody `json:"duties" doc:"Past and coming ones included"`
	}
	dutyBody struct {
		Role   roleWord  `json:"role"`
		Unit   UnitBrief `json:"unit"`
		Over   UnitBrief `json:"over" doc:"The unit whose subtree the duty reaches"`
		From   date      `json:"from,omitempty"`
		Until  date      `json:"until,omitempty" doc:"First day on which it no longer counts"`
		Active bool      `json:"active" doc:"It holds today"`
	}
	changesInput struct {
		Unit   int64  `query:"unit" minimum:"1" doc:"Only what touched this unit or one below it"`
		Person int64  `query:"person" minimum:"1" doc:"Only what was done to this person and their duties"`
		By     int64  `query:"by" minimum:"1" doc:"Only what this person did"`
		Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100" doc:"Changes on a page"`
		Cursor string `query:"cursor" maxLength:"20" doc:"next of the page before"`
	}
	changesOutput struct {
		Body struct {
			Changes []changeBody `json:"changes" doc:"Newest first"`
			Next    string       `json:"next,omitempty" doc:"Cursor of the next page; absent at the end"`
		} `nameHint:"ChangeList"`
	}
	changeBody struct {
		ID      int64        `json:"id"`
		At      time.Time    `json:"at"`
		By      *personBrief `json:"by,omitempty" doc:"Absent for the operator"`
		Kind    changeWord   `json:"kind"`
		Subject int64        `json:"subject" doc:"Id of what changed: of the unit (for a key and an export too), the person (for a duty too), the line or the calendar; 0 where there is but one"`
		Person  *personBrief `json:"person,omitempty" doc:"Whom it is about"`
		Made    bool         `json:"made" doc:"It was not there before"`
		Fields  []fieldBody  `json:"fields" doc:"Those that differ"`
	}
	personBrief struct {
		ID   int64  `json:"id"`
		Name string `json:"name" doc:"As they are called now"`
	}
	fieldBody struct {
		Name   string `json:"name" example:"until"`
		Before string `json:"before" doc:"As text; empty where there was none"`
		After  string `json:"after" doc:"As text; empty where there is none any more"`
	}
	roleWord   string
	changeWord string
)

// Schema lists the words.
func (roleWord) Schema(huma.Registry) *huma.Schema { return oneOf(org.Roles()) }

// Schema lists the words.
func (changeWord) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.ChangeKinds()) }

// administration is what machines may read of people and of the record of changes, in the role of an auditor.
func (a *API) administration() {
	add(a, operation{
		id: "list_people", method: http.MethodGet, path: "/people", tag: tagOrganisation, text: "api.op.people", about: "api.op.people.about", grant: grantRead, absent: true,
	}, a.listPeople)
	add(a, operation{
		id: "list_changes", method: http.MethodGet, path: "/organisation/changes", tag: tagOrganisation, text: "api.op.changes", about: "api.op.changes.about",
		grant: grantRead, absent: true,
	}, a.listChanges)
}

func (a *API) listPeople(ctx context.Context, in *peopleInput) (*peopleOutput, error) {
	page, err := a.Office.People(ctx, callerOf(ctx).who, usecase.PeopleFilter{Words: in.Words, Unit: org.UnitID(in.Unit), After: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	var out peopleOutput
	out.Body.Next, out.Body.People = page.Next, list(page.People, func(p usecase.PersonView) personBody {
		return personBody{ID: int64(p.ID), Name: p.Name, SignIn: p.SignIn, Disabled: p.Disabled, Duties: list(p.Duties, func(d usecase.DutyView) dutyBody {
			return dutyBody{Role: roleWord(d.Role), Unit: briefOf(d.At), Over: briefOf(d.Over), From: dateOf(d.From), Until: dateOf(d.Until), Active: d.Active}
		})}
	})
	return &out, nil
}

func (a *API) listChanges(ctx context.Context, in *changesInput) (*changesOutput, error) {
	f := usecase.LogFilter{Unit: org.UnitID(in.Unit), Person: org.UserID(in.Person), By: org.UserID(in.By), Limit: in.Limit}
	if in.Cursor != "" {
		var err error
		if f.Before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || f.Before <= 0 {
			return nil, errs.Fields([]errs.Field{errs.F("cursor", "api.cursor")})
		}
	}
	page, err := a.Office.OrgLog(ctx, callerOf(ctx).who, f)
	if err != nil {
		return nil, err
	}
	var out changesOutput
	out.Body.Changes = list(page.Changes, change)
	if page.Next != 0 {
		out.Body.Next = strconv.FormatInt(page.Next, 10)
	}
	return &out, nil
}

func change(c usecase.OrgChange) changeBody {
	b := changeBody{
		ID: c.ID, At: instant(c.AtUS), Kind: changeWord(c.Kind), Subject: c.Subject, Made: c.Made,
		Fields: list(c.Fields, func(f usecase.ChangedField) fieldBody { return fieldBody(f) }),
	}
	if c.User != 0 {
		b.By = &personBrief{ID: int64(c.User), Name: c.Person}
	}
	if c.Name != "" {
		b.Person = &personBrief{ID: c.Subject, Name: c.Name}
	}
	return b
}
