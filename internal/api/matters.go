package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/usecase"
)

// MatterRow is a matter on a list.
type MatterRow struct {
	Ref          refText     `json:"ref"`
	Version      int         `json:"version" doc:"Number of events; give it as If-Match to act on what was read"`
	State        stateWord   `json:"state"`
	Open         bool        `json:"open" doc:"Some organ still owes a step"`
	Sealed       bool        `json:"sealed" doc:"In the sealed compartment of discipline inspection"`
	MergedInto   refText     `json:"merged_into,omitempty" doc:"It rests; its submission hangs on this matter"`
	Title        string      `json:"title" doc:"Empty on lists for a sealed matter"`
	Kind         kindWord    `json:"kind"`
	Category     string      `json:"category,omitempty"`
	Level        levelWord   `json:"level"`
	Channel      channelWord `json:"channel"`
	Place        int64       `json:"place"`
	PlaceName    string      `json:"place_name"`
	PlaceEnglish string      `json:"place_english"`
	Receiver     UnitBrief   `json:"receiver" doc:"Who took it in first and stays answerable"`
	Unit         UnitBrief   `json:"unit" doc:"Who has it now"`
	Turn         turnBody    `json:"turn"`
	Received     date        `json:"received"`
	OpenedAt     time.Time   `json:"opened_at"`
	ChangedAt    time.Time   `json:"changed_at"`
	Due          date        `json:"due,omitempty" doc:"Legal end of the duty that ends first; absent when none runs"`
	DueSafe      date        `json:"due_safe,omitempty" doc:"Last working day on which it is in time by any reading"`
	DueRule      string      `json:"due_rule,omitempty" example:"D05"`
	Provisional  bool        `json:"provisional" doc:"The day rests on a calendar that is not published yet"`
	Light        string      `json:"light" enum:"go,soon,late,pause,done"`
	DaysLeft     *int        `json:"days_left,omitempty" doc:"Calendar days to due, negative when past it"`
	Demands      int         `json:"demands"`
	Answered     int         `json:"answered" doc:"Demands that have an issued answer"`
	Persons      int         `json:"persons"`
	Repeats      int         `json:"repeats" doc:"Submissions beyond the first"`
	Resolved     bool        `json:"resolved" doc:"Really resolved, by the petitioner's word or a return visit"`
	FollowUp     bool        `json:"follow_up" doc:"Dissatisfaction waits to be looked into"`
	Rated        bool        `json:"rated"`
	Ended        date        `json:"ended,omitempty"`

	Excerpts []excerptBody `json:"excerpts,omitempty" doc:"Where the words of a search stand, nobody's identity in it; absent where they stand in title and number alone"`
}

// excerptBody is cut out of one text of a matter.
type excerptBody struct {
	Source string        `json:"source" enum:"said,answer,step,paper,file" doc:"Said by a petitioner, answered, written with a step, an official document, inside an attachment"`
	Name   string        `json:"name,omitempty" doc:"Of the document or attachment"`
	Href   string        `json:"href,omitempty" format:"uri-reference" doc:"Where the document or attachment is read"`
	Parts  []excerptPart `json:"parts"`
}

// excerptPart is a stretch of an excerpt.
type excerptPart struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty" doc:"This is what was looked for"`
}

// turnBody is whose move it is.
type turnBody struct {
	Awaited string     `json:"awaited" doc:"What is awaited" example:"reply"`
	Unit    *UnitBrief `json:"unit,omitempty" doc:"From whom; absent when it is the petitioner's turn"`
}

func (a *API) turn(code string, unit org.UnitID) turnBody {
	t := turnBody{Awaited: code}
	if unit != 0 {
		u := a.unitBrief(unit)
		t.Unit = &u
	}
	return t
}

func (a *API) row(v usecase.RowView) MatterRow {
	r := MatterRow{
		Ref: refOf(v.Ref), Version: v.Version, State: stateWord(v.State), Open: v.Open, Sealed: v.Sealed, MergedInto: refOf(v.Merged), Title: v.Title,
		Kind: kindWord(v.Kind), Category: v.Category, Level: levelWord(v.Level), Channel: channelWord(v.Channel), Place: v.Place,
		PlaceName: a.Office.Places.FullName(v.Place), PlaceEnglish: a.Office.Places.FullEnglish(v.Place),
		Receiver: a.unitBrief(v.Receiver), Unit: a.unitBrief(v.Row.Unit), Turn: a.turn(v.Turn, v.TurnUnit), Received: dateOf(v.Received),
		OpenedAt: instant(v.OpenedUS), ChangedAt: instant(v.ChangedUS), Due: dateOf(v.Due), DueSafe: dateOf(v.DueSafe), DueRule: string(v.DueRule),
		Provisional: v.Provisional, Light: v.Light.String(), Demands: v.Demands, Answered: v.Answered, Persons: v.Persons, Repeats: v.Repeats,
		Resolved: v.Resolved, FollowUp: v.FollowUp, Rated: v.Rated, Ended: dateOf(v.Ended),
	}
	if v.Due.Known() {
		left := v.Left
		r.DaysLeft = &left
	}
	return r
}

type (
	// Conditions narrow a list or a search.
	Conditions struct {
		List     listWord `query:"list" default:"all" doc:"Whose matters: those of the key's unit, or everything the key may see"`
		View     viewWord `query:"view" default:"open" doc:"What is to be done"`
		Unit     int64    `query:"unit" minimum:"1" doc:"Id of the unit that has it"`
		Place    int64    `query:"place" minimum:"10" doc:"Division code; everything in its subtree"`
		Category string   `query:"category" maxLength:"20" doc:"Code of the content category; those under it count, too"`

		Words   string      `query:"q" maxLength:"200" doc:"Words that must all occur; what stands in quotes must occur as it stands there; a word or quotation behind - must not occur" example:"噪音 \"夜间施工\" -装修"`
		State   foundWord   `query:"state" doc:"A stage; or any, open, ended. In the place of view"`
		Channel channelWord `query:"channel" doc:"By which the first submission came"`
		From    date        `query:"received_from" doc:"First day of receipt"`
		To      date        `query:"received_to" doc:"Last day of receipt"`
		Late    bool        `query:"overdue" doc:"Only what is past its legal day"`
	}
	listInput struct {
		Conditions
		Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100" doc:"Matters on a page"`
		Cursor string `query:"cursor" maxLength:"64" doc:"Where to go on, from next of the page before"`
		Sort   string `query:"sort" default:"newest" enum:"newest,best" doc:"Of a search by words: those registered last first, or the best matches of the newest 1,000"`
	}
	listOutput struct {
		Body struct {
			Matters []MatterRow `json:"matters" doc:"By legal day, those without one last; of a search, as sort says"`
			Next    string      `json:"next,omitempty" format:"uri-reference" doc:"Address of the next page; absent at the end. A search looks at a bounded number of matters at a time: with fewer than limit, or none, it still goes on where there is a next one"`
			Today   date        `json:"today" doc:"The legal day for which lights and days are given"`
		} `nameHint:"MatterList"`
	}
	// RefInput names the matter that a path is about.
	RefInput struct {
		Ref refText `path:"ref" doc:"Registration number of the matter" example:"330112-2026-0000123"`
	}
	matterOutput struct {
		VersionOutput
		Body matterBody
	}
	eventsOutput struct {
		Body struct {
			Ref     refText     `json:"ref"`
			Version int         `json:"version"`
			Events  []eventBody `json:"events" doc:"Oldest first"`
		} `nameHint:"EventList"`
	}
)

func (a *API) matters() {
	add(a, operation{
		id: "list_matters", method: http.MethodGet, path: "/matters", tag: tagMatters, text: "api.op.matters", about: "api.op.matters.about", grant: grantRead,
	}, a.listMatters)
	add(a, operation{
		id: "get_matter", method: http.MethodGet, path: "/matters/{ref}", tag: tagMatters, text: "api.op.matter", about: "api.op.matter.about",
		grant: grantRead, absent: true,
	}, a.getMatter)
	add(a, operation{
		id: "list_events", method: http.MethodGet, path: "/matters/{ref}/events", tag: tagMatters, text: "api.op.events", about: "api.op.events.about",
		grant: grantRead, absent: true,
	}, a.listEvents)
}

func (a *API) listMatters(ctx context.Context, in *listInput) (*listOutput, error) {
	after, err := parseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	f, search, err := in.read()
	if err != nil {
		return nil, err
	}
	if search != nil {
		search.After, search.Limit, search.Best = after, in.Limit, in.Sort == "best"
		return a.findMatters(ctx, in, *search)
	}
	f.After, f.Limit = after, in.Limit
	page, err := a.Office.Matters(ctx, callerOf(ctx).who, f)
	if err != nil {
		return nil, err
	}
	var out listOutput
	out.Body.Matters, out.Body.Today = list(page.Rows, a.row), dateOf(page.Today)
	if page.Next != nil {
		out.Body.Next = in.next(*page.Next)
	}
	return &out, nil
}

// searches reports whether anything is asked that a list by legal day does not answer.
func (in *Conditions) searches() bool {
	return in.Words != "" || in.State != "" || in.Channel != "" || in.From != "" || in.To != "" || in.Late
}

// read is the list that is asked for, or the search.
func (in *Conditions) read() (f matter.Filter, search *matter.Search, err error) {
	f = matter.Filter{List: matter.List(in.List), View: matter.View(in.View), Unit: org.UnitID(in.Unit), Place: in.Place, Category: in.Category}
	if !in.searches() {
		return f, nil, nil
	}
	search = &matter.Search{Filter: f, Channel: matter.Channel(in.Channel), Late: in.Late}
	switch {
	case slices.Contains(foundViews(), matter.View(in.State)):
		search.View = matter.View(in.State)
	case in.State != "":
		search.View, search.State = matter.ViewAny, matter.State(in.State)
	}
	if search.Words, err = query.Parse(in.Words); err != nil {
		return f, nil, err
	}
	if in.From != "" {
		if search.From, err = dayOf("received_from", string(in.From)); err != nil {
			return f, nil, err
		}
	}
	if in.To != "" {
		if search.To, err = dayOf("received_to", string(in.To)); err != nil {
			return f, nil, err
		}
	}
	return f, search, nil
}

func (a *API) findMatters(ctx context.Context, in *listInput, search matter.Search) (*listOutput, error) {
	page, err := a.Office.Find(ctx, callerOf(ctx).who, search)
	if err != nil {
		return nil, err
	}
	var out listOutput
	out.Body.Matters, out.Body.Today = list(page.Rows, a.found), dateOf(page.Today)
	if !page.Next.IsZero() {
		out.Body.Next = in.next(matter.Cursor{Due: matter.NoDue, Home: page.Next.Home, N: page.Next.N})
	}
	return &out, nil
}

func (a *API) found(v usecase.Found) MatterRow {
	r := a.row(v.RowView)
	for _, e := range v.Excerpts {
		b := excerptBody{Source: string(e.Source), Name: e.Name}
		switch e.Source {
		case usecase.SourcePaper:
			b.Href = base + "/matters/" + v.Ref.String() + "/documents/" + strconv.Itoa(e.Paper)
		case usecase.SourceFile:
			b.Href = base + "/matters/" + v.Ref.String() + "/attachments/" + e.File
		case usecase.SourceSaid, usecase.SourceAnswer, usecase.SourceStep:
		}
		b.Parts = list(e.Parts, func(p query.Part) excerptPart { return excerptPart{Text: p.Text, Hit: p.Hit} })
		r.Excerpts = append(r.Excerpts, b)
	}
	return r
}

// next is the address of the page that begins behind a position.
func (in *listInput) next(after matter.Cursor) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" && value != "false" {
			q.Set(name, value)
		}
	}
	set("list", string(in.List))
	set("view", string(in.View))
	set("unit", strconv.FormatInt(in.Unit, 10))
	set("place", strconv.FormatInt(in.Place, 10))
	set("category", in.Category)
	set("q", in.Words)
	set("state", string(in.State))
	set("channel", string(in.Channel))
	set("received_from", string(in.From))
	set("received_to", string(in.To))
	set("overdue", strconv.FormatBool(in.Late))
	if in.Sort != "newest" {
		set("sort", in.Sort)
	}
	set("limit", strconv.Itoa(in.Limit))
	set("cursor", formatCursor(after))
	return base + "/matters?" + q.Encode()
}

func (a *API) getMatter(ctx context.Context, in *RefInput) (*matterOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	c := callerOf(ctx)
	v, err := a.Office.Matter(ctx, c.who, ref)
	if err != nil {
		return nil, err
	}
	body, err := a.matterBody(c.t, v)
	if err != nil {
		return nil, err
	}
	return &matterOutput{VersionOutput: versionOf(v.Matter.Version), Body: body}, nil
}

func (a *API) listEvents(ctx context.Context, in *RefInput) (*eventsOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	v, err := a.Office.Matter(ctx, callerOf(ctx).who, ref)
	if err != nil {
		return nil, err
	}
	var out eventsOutput
	out.Body.Ref, out.Body.Version = refOf(ref), v.Matter.Version
	out.Body.Events = list(v.Events, func(e matter.Event) eventBody { return a.event(e, v.Names) })
	return &out, nil
}

// versionOf makes the head of an answer about a matter at a version.
func versionOf(version int) VersionOutput {
	return VersionOutput{ETag: `"` + strconv.Itoa(version) + `"`}
}
