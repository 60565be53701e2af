package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

// issueActWord is what can be decided on an issue.
type issueActWord string

// Schema lists the words.
func (issueActWord) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.IssueActKinds()) }

type (
	// IssueInput narrows issues. It is exported because only then its fields are read where it is embedded.
	IssueInput struct {
		Days     int    `query:"days" minimum:"0" maximum:"90" doc:"The window, up to today: 7, 30 or 90; any other number, or none, means 30"`
		Place    int64  `query:"place" minimum:"0" doc:"Division code: only matters in its subtree count"`
		Category string `query:"category" maxLength:"20" doc:"Only matters of this category and of those under it count"`
	}
	issueListInput struct {
		IssueInput
		Dismissed bool `query:"dismissed" doc:"Those that were dismissed, and no others"`
	}
	issueOneInput struct {
		IssueInput
		ID     int64 `path:"id" minimum:"1" doc:"Number of the issue"`
		Before int64 `query:"before" minimum:"0" doc:"next of the page before"`
	}
	issueListOutput struct {
		Body struct {
			From   date        `json:"from"`
			To     date        `json:"to"`
			Issues []IssueBody `json:"issues"`
		} `nameHint:"IssueList"`
	}
	issueOutput struct {
		Body struct {
			IssueBody
			Words   []string    `json:"words" doc:"Stretches that most of its matters have in common"`
			Matters []MatterRow `json:"matters" doc:"Within the scope, of any time, newest first"`
			Next    int64       `json:"next,omitempty" doc:"Where to go on; absent at the end"`
			Decides bool        `json:"decides" doc:"The caller sees all of it and so may decide on it"`
		} `nameHint:"IssuePage"`
	}
	// IssueBody counts what the caller may see of an issue. It is exported because only then its members are described where it is embedded.
	IssueBody struct {
		ID        int64       `json:"id"`
		Name      string      `json:"name" doc:"From the words of its matters unless a person named it; may be empty"`
		Place     int64       `json:"place,omitempty" doc:"Division code of the narrowest place in which most of its matters lie"`
		Count     int         `json:"count" doc:"Matters in the window; one that was joined to another counts there"`
		Persons   int         `json:"persons" doc:"Persons as claimed, each time they came"`
		Repeats   int         `json:"repeats" doc:"Submissions beyond the first on these matters"`
		Growth    *int        `json:"growth,omitempty" doc:"In hundredths of the average of the three windows of the same length before; absent where nothing came before"`
		First     date        `json:"first,omitempty"`
		Last      date        `json:"last,omitempty"`
		Dismissed bool        `json:"dismissed"`
		Days      []issueDays `json:"days" doc:"Days of the window on which something came"`
	}
	issueDays struct {
		Day   date `json:"day"`
		Count int  `json:"count"`
	}
	decideIssueInput struct {
		ID   int64 `path:"id" minimum:"1" doc:"Number of the issue"`
		Body struct {
			Act    issueActWord `json:"act"`
			Other  int64        `json:"other,omitempty" doc:"merge: the issue into which; split: the one that is taken out"`
			Matter refText      `json:"matter,omitempty" doc:"out, in: the matter"`
			Name   string       `json:"name,omitempty" maxLength:"60" doc:"rename: the name; without it the issue has its own words again"`
			Reason string       `json:"reason,omitempty" maxLength:"1000" doc:"Why; needed for all but rename"`
		} `nameHint:"IssueDecision"`
	}
)

// issues are what many say at once.
func (a *API) issues() {
	add(a, operation{id: "list_issues", method: http.MethodGet, path: "/issues", tag: tagMatters, text: "api.op.issues", about: "api.op.issues.about", grant: grantRead}, a.listIssues)
	add(a, operation{
		id: "get_issue", method: http.MethodGet, path: "/issues/{id}", tag: tagMatters, text: "api.op.issue", about: "api.op.issue.about", grant: grantRead, absent: true,
	}, a.getIssue)
	add(a, operation{
		id: "decide_issue", method: http.MethodPost, path: "/issues/{id}", tag: tagMatters, text: "api.op.issue.decide", about: "api.op.issue.decide.about", grant: grantAct,
		status: http.StatusNoContent, absent: true, conflict: true, request: map[string]any{"act": "dismiss", "reason": "Several different roads."},
	}, a.decideIssue)
}

func (in IssueInput) filter() usecase.IssueFilter {
	return usecase.IssueFilter{Days: in.Days, Place: in.Place, Category: in.Category}
}

func (a *API) listIssues(ctx context.Context, in *issueListInput) (*issueListOutput, error) {
	f := in.filter()
	f.Dismissed = in.Dismissed
	found, err := a.Office.Issues(ctx, callerOf(ctx).who, f)
	if err != nil {
		return nil, err
	}
	var out issueListOutput
	out.Body.From, out.Body.To, out.Body.Issues = dateOf(found.From), dateOf(found.To), list(found.Rows, issueOf)
	return &out, nil
}

func issueOf(r usecase.IssueRow) IssueBody {
	b := IssueBody{
		ID: r.ID, Name: r.Name, Place: r.Place, Count: r.Matters, Persons: r.Persons, Repeats: r.Repeats, First: dateOf(r.First), Last: dateOf(r.Last), Dismissed: r.Dismissed, Days: []issueDays{},
	}
	if percent, known := r.Growth(); known {
		b.Growth = &percent
	}
	for _, d := range r.Days {
		if d.Matters > 0 {
			b.Days = append(b.Days, issueDays{Day: dateOf(d.Day), Count: d.Matters})
		}
	}
	return b
}

func (a *API) getIssue(ctx context.Context, in *issueOneInput) (*issueOutput, error) {
	found, err := a.Office.Issue(ctx, callerOf(ctx).who, in.ID, in.filter(), in.Before)
	if err != nil {
		return nil, err
	}
	var out issueOutput
	b := &out.Body
	b.IssueBody, b.Words, b.Matters, b.Next, b.Decides = issueOf(found.IssueRow), append([]string{}, found.Words...), list(found.Members, a.row), found.Next, found.Decides
	return &out, nil
}

func (a *API) decideIssue(ctx context.Context, in *decideIssueInput) (*nothing, error) {
	d := usecase.IssueDecision{Kind: usecase.IssueActKind(in.Body.Act), Other: in.Body.Other, Name: in.Body.Name, Reason: in.Body.Reason}
	if in.Body.Matter != "" {
		var err error
		if d.Matter, err = matter.ParseRef(string(in.Body.Matter)); err != nil {
			return nil, errs.Fields([]errs.Field{errs.F("matter", errs.CodeOf(err))})
		}
	}
	return &nothing{}, a.Office.DecideIssue(ctx, callerOf(ctx).who, in.ID, d)
}
