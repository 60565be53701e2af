package web

import (
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// matterView is a matter's page, ready to be shown.
type matterView struct {
	ref         matter.Ref
	title       string
	badges      []badge
	line        string // where, how it came in, who received it first
	merged      ui.Link
	notes       []note
	running     []ui.ClockProps
	ended       []ui.ClockProps
	legs        []legRow
	reviews     []reviewCard
	hearings    []ui.Fact
	parts       []partRow
	demands     []ui.DemandProps
	answered    string
	moments     []ui.Moment
	submissions []submissionPart
	counts      string // how many times people came, wrote or called
	files       []fileRow
	papers      []paperRow
	offers      []ui.ButtonProps
	refusals    []ui.Refusal
	turn        string
	rest        string // no period runs: whose turn it is, since when
	link        string
	proof       string
	sent        []sentRow // what anybody was told of it
	kind        ui.Link   // to others of its kind
	mayLook     bool
}

type badge struct {
	light ui.Light
	text  string
}

type note struct {
	light ui.Light
	text  string
}

// legRow is one unit's custody.
type legRow struct {
	unit, how, signed, state string
}

type fileRow struct {
	name, size, when, href string
	inside                 string // what is known of the words inside, where there is something to say
}

// submissionPart is one submission of a matter: what was handed in, and by whom, masked or opened.
type submissionPart struct {
	number    string
	head      string
	narrative string
	facts     []ui.Fact
	people    []personPart
	gone      bool
	look      look
	who       string
	remedies  []remedyPart
}

type personPart struct {
	role  string
	facts []ui.Fact
}

// look is the form by which identities are opened, and what came of it.
type look struct {
	action string
	form   ui.Form
	n      string // the submission's place on the page, which keeps the fields of several forms apart
	opened bool
	renew  bool // the reader may give a new PIN to who has lost the receipt
}

func (s *Site) matterPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	m, err := s.load(r, v)
	if err != nil {
		return err
	}
	return s.showMatter(w, r, v, http.StatusOK, m, tried{})
}

// showMatter shows a matter's page, with what was tried on it: an identity that was opened, a step that is not offered.
func (s *Site) showMatter(w http.ResponseWriter, r *http.Request, v *visit, status int, m usecase.MatterView, o tried) error {
	view, err := s.matterView(v, m, o)
	if err != nil {
		return err
	}
	if view.proof, err = s.proofLine(r, v.t, m.Matter.Ref); err != nil {
		return err
	}
	sent, err := s.Office.MatterNotices(r.Context(), v.who, m.Matter.Ref)
	if err != nil {
		return err
	}
	view.sent = s.sentRows(v.t, sent)
	body := matterTempl(v.t, view)
	return s.show(w, r, status, s.staffPage(r, v, view.title, "/desk", body, ui.Link{Text: v.t.T("nav.desk"), Href: "/desk"}, ui.Link{Text: view.ref.String()}))
}

func (s *Site) matterView(v *visit, m usecase.MatterView, o tried) (matterView, error) {
	t := v.t
	view := matterView{
		ref: m.Matter.Ref, title: m.Matter.Title(), badges: badges(t, m), line: s.placeLine(t, m), notes: notes(t, m), mayLook: m.MaySeeWho,
		turn: turnText(t, m), rest: restText(t, m), link: m.Link, refusals: refusals(t, m.Not), offers: offers(t, m), legs: legRows(t, m), moments: s.moments(t, m),
		reviews: reviewCards(t, m), hearings: hearingFacts(t, m.Matter.Hearings), parts: partRows(t, m),
		papers: paperRows(t, m), kind: kindLink(t, m.Matter),
	}
	if !m.Matter.Merged.IsZero() {
		view.merged = ui.Link{Text: m.Matter.Merged.String(), Href: matterPath(m.Matter.Merged)}
	}
	for _, c := range m.Clocks {
		card, err := s.clock(t, m, c)
		if err != nil {
			return view, err
		}
		if c.Running(m.Today) {
			view.running = append(view.running, card)
		} else {
			view.ended = append(view.ended, card)
		}
	}
	view.demands, view.answered = demands(t, m)
	if o.refused != "" {
		view.notes = append([]note{{ui.Late, o.refused}}, view.notes...)
	}
	view.counts = countsLine(t, m.Matter.Counts())
	for i, sub := range m.Submissions {
		part := s.submission(t, m, i, sub, o)
		var err error
		if part.remedies, err = s.remedyParts(t, m.Matter, m.Today, sub.Remedies, false); err != nil {
			return view, err
		}
		view.submissions = append(view.submissions, part)
	}
	for _, a := range m.Attachments {
		row := fileRow{name: a.Name, size: t.Size(a.Size), when: t.ShortInstant(a.AddedUS), href: filePath(view.ref, a.ID)}
		if key := "desk.inside." + string(m.Inside[a.ID]); t.Has(key) { // of what can be found, and of pictures, nothing is said
			row.inside = t.T(key)
		}
		view.files = append(view.files, row)
	}
	return view, nil
}

// badges are the words that a matter is known by at a glance.
func badges(t *i18n.Speaker, m usecase.MatterView) []badge {
	stands, _ := chip(t, m.Row, m.Today)
	out := []badge{{stands, t.T("state." + string(m.Matter.Stage()))}, {ui.NoLight, t.T("kind." + string(m.Matter.Kind))}}
	if l := m.Matter.Level; l != "" && l != matter.LevelOrdinary {
		out = append(out, badge{ui.Soon, t.T("level." + string(l))})
	}
	if m.Matter.Sealed {
		out = append(out, badge{ui.Pause, t.T("desk.sealed.badge")})
	}
	if n := m.Matter.Repeats(); n > 0 {
		out = append(out, badge{ui.NoLight, t.T("desk.repeat", "n", n+1)})
	}
	if m.Matter.Group() {
		out = append(out, badge{ui.NoLight, t.T("desk.group", "n", m.Matter.Counts().Persons)})
	}
	if m.Matter.Resolved {
		out = append(out, badge{ui.Go, t.T("resolved.true")})
	}
	return out
}

// placeLine says what a matter is about, where, how it came in and who received it first.
func (s *Site) placeLine(t *i18n.Speaker, m usecase.MatterView) string {
	if len(m.Matter.Submissions) == 0 {
		return ""
	}
	first := m.Matter.Submissions[0]
	where := strings.TrimSpace(s.fullPlaceName(t, first.Place) + " " + first.PlaceNote)
	line := t.T("desk.line", "place", where, "channel", string(first.Channel), "day", t.FullDay(m.Matter.Received()),
		"unit", nameOf(t, m.Names, m.Matter.Receiver()))
	if m.Matter.Category == "" {
		return line
	}
	return categoryName(t, s.Office.Places.Current(), m.Matter.Category) + " · " + line
}

// notes are what matters now: an answer that supervisors wait for, dissatisfaction that nobody has looked into, a matter sent back.
func notes(t *i18n.Speaker, m usecase.MatterView) []note {
	var out []note
	if p, ok := m.Matter.OpenPress(); ok {
		out = append(out, note{ui.Late, t.T("desk.note.press", "by", t.Day(p.By), "reason", p.Reason)})
	}
	if m.Matter.FollowUp {
		out = append(out, note{ui.Late, t.T("desk.note.follow_up")})
	}
	if n := len(m.Matter.Urges); n > 0 && m.Matter.Open() {
		out = append(out, note{ui.Soon, t.T("desk.note.urged", "n", n, "day", t.Day(m.Matter.Urges[n-1].On))})
	}
	return out
}

// turnText says whose turn it is.
func turnText(t *i18n.Speaker, m usecase.MatterView) string {
	words := t.T("turn." + m.Turn.Code)
	if m.Turn.Unit == 0 {
		return words
	}
	return words + " · " + nameOf(t, m.Names, m.Turn.Unit)
}

// restText says, where nothing that is owed has a running clock, whose turn it is and since when: the law sets no day for some steps, and what
// has no day is forgotten unless somebody is named.
func restText(t *i18n.Speaker, m usecase.MatterView) string {
	if _, runs := m.Row.Standing(m.Today); runs || !m.Matter.Open() {
		return ""
	}
	since := matter.TurnSince(m.Events)
	if !since.Known() {
		return ""
	}
	return t.T("desk.rest.turn", "turn", turnText(t, m), "day", t.FullDay(since), "n", int(m.Today-since))
}

// clock is a clock as a card, with how its day was counted.
func (s *Site) clock(t *i18n.Speaker, m usecase.MatterView, c usecase.ClockView) (ui.ClockProps, error) {
	set, err := s.Office.Book.Set(m.Matter.RuleSet)
	if err != nil {
		return ui.ClockProps{}, err
	}
	rule, err := set.Rule(c.Rule)
	if err != nil {
		return ui.ClockProps{}, err
	}
	due := law.Answer(c.Deadline, rule, t.Say)
	p := ui.ClockProps{
		Title: clockName(t, c.Clock, due.Name), Light: light(c.Standing(m.Today, matter.SoonDays).Light), Day: c.Legal, Article: due.Article, Safe: law.NoDay, Provisional: c.Provision, Why: t.T("desk.clock.why"),
		Done: int(m.Today - c.From), Total: c.Total, Turn: nameOf(t, m.Names, c.Unit),
	}
	if c.Own {
		p.Article = t.T("desk.clock.own")
	}
	if c.Promise != 0 {
		p.Title = t.T("remind.promise", "n", demandPlace(m.Matter, c.Promise))
	}
	switch {
	case c.Petitioner:
		p.Turn = t.T("desk.clock.petitioner")
	case c.Right:
		p.Turn = t.T("desk.clock.right", "unit", p.Turn)
	}
	switch {
	case c.Running(m.Today) && !c.Legal.Known():
		p.Day, p.Note = c.From, t.T("desk.clock.paused")
	case c.Running(m.Today):
		stands := c.Standing(m.Today, matter.SoonDays)
		if !c.Right {
			p.Safe = c.Safe
		}
		if stands.To != c.Legal {
			p.SafeLeft = t.Left(stands.Left)
			break
		}
		p.Left = t.Left(stands.Left)
		if c.Safe < c.Legal {
			p.SafeLeft = t.T("desk.safe.over")
		}
	case c.Stopped.Known():
		p.Day, p.Done, p.LightText = c.Stopped, int(c.Stopped-c.From), t.T("desk.clock.done")
		p.Note = t.T("desk.clock.was", "day", t.ShortDay(c.Legal))
		if late := c.Late(m.Today); late > 0 {
			p.Note = t.T("desk.clock.late", "day", t.ShortDay(c.Legal), "n", late)
		}
	default:
		p.LightText = t.T("desk.clock.lapsed")
	}
	p.Steps = stepsOf(due)
	return p, nil
}

// stepsOf are the lines from which anyone can check a day by hand.
func stepsOf(due law.DueAnswer) []ui.Step {
	out := make([]ui.Step, len(due.Derivation))
	for i, d := range due.Derivation {
		out[i] = ui.Step{Day: d.Day, What: d.Text, Why: d.Why, Result: d.Result}
	}
	return out
}

// clockName is what a clock is called: a day that somebody named says more than its rule.
func clockName(t *i18n.Speaker, c matter.Clock, name string) string {
	if c.Name != "" {
		return t.T("clock." + c.Name)
	}
	return name
}

// legRows are the units that had the matter, the last first.
func legRows(t *i18n.Speaker, m usecase.MatterView) []legRow {
	day := func(d law.Day) string {
		if !d.Known() || d == 0 {
			return "—"
		}
		return t.MonthDay(d)
	}
	now, has := m.Matter.CurrentLeg()
	var out []legRow
	for _, l := range slices.Backward(m.Matter.Legs) {
		row := legRow{unit: nameOf(t, m.Names, l.Unit), signed: day(l.Signed), how: t.T("desk.leg.own", "day", day(l.Received))}
		if l.From != 0 {
			row.how = t.T("desk.leg.from", "unit", nameOf(t, m.Names, l.From), "mode", string(l.Mode), "day", day(l.Received))
		}
		switch {
		case has && now.N == l.N:
			row.state = t.T("state." + string(m.Matter.State))
			if name := m.Names.People[m.Matter.Handler]; name != "" {
				row.state = t.T("desk.leg.handler", "state", row.state, "name", name)
			}
		case l.Returned.Known() && l.Returned != 0:
			row.state = t.T("desk.leg.returned", "day", t.MonthDay(l.Returned))
		default:
			row.state = t.T("desk.leg.passed")
		}
		out = append(out, row)
	}
	return out
}

// demands are what was asked for, with what came of each; a draft's answers are shown as such.
func demands(t *i18n.Speaker, m usecase.MatterView) ([]ui.DemandProps, string) {
	var out []ui.DemandProps
	answered := 0
	for _, d := range m.Matter.Demands {
		p := ui.DemandProps{N: d.N, Words: d.Text}
		switch a := d.Answer; {
		case a != nil:
			answered++
			p.Answered, p.Result, p.ResultLight, p.Facts = true, t.T("outcome."+string(a.Outcome)), outcomeLight(a.Outcome), answerFacts(t, *a)
		case m.Matter.IsWithdrawn(d.Submission):
			p.Note = t.T("desk.demand.withdrawn")
		default:
			p.Note = t.T("desk.demand.silent")
			if a, ok := drafted(m.Matter, d.N); ok {
				p.Note = t.T("desk.demand.drafted", "outcome", string(a.Outcome))
			}
		}
		if !d.Confirmed && m.Matter.Open() && !p.Answered {
			p.Note += t.T("desk.demand.unconfirmed")
		}
		out = append(out, p)
	}
	return out, t.T("desk.demands", "n", len(m.Matter.Demands), "answered", answered)
}

// drafted is the answer a draft gives to a demand.
func drafted(m *matter.Matter, demand int) (matter.Answer, bool) {
	if m.Draft == nil {
		return matter.Answer{}, false
	}
	i := slices.IndexFunc(m.Draft.Answers, func(a matter.Answer) bool { return a.Demand == demand })
	if i < 0 {
		return matter.Answer{}, false
	}
	return m.Draft.Answers[i], true
}

func outcomeLight(o matter.Outcome) ui.Light {
	if o == matter.OutcomeSupport || o == matter.OutcomePartial {
		return ui.Go
	}
	return ui.NoLight
}

func answerFacts(t *i18n.Speaker, a matter.Answer) []ui.Fact {
	out := []ui.Fact{{Term: t.T("form.facts"), Text: a.Facts}, {Term: t.T("form.basis"), Text: a.Basis}}
	if a.Promise != "" {
		out = append(out, ui.Fact{Term: t.T("form.promise"), Text: a.Promise, Note: t.T("desk.promise.by", "day", t.FullDay(a.PromiseBy))})
	}
	return out
}

// headMost is how many characters a step's head may have before what follows its colon becomes its text.
const headMost = 28

// moments are the course of the matter, the newest first, with what comes next on top.
func (s *Site) moments(t *i18n.Speaker, m usecase.MatterView) []ui.Moment {
	var out []ui.Moment
	if m.Matter.Open() {
		next := ui.Moment{Title: turnText(t, m), Ahead: true}
		if m.Row.Due.Known() {
			next.When, next.ISO = t.T("desk.next.by", "day", t.Day(m.Row.Due)), t.ISO(m.Row.Due)
		}
		out = append(out, next)
	}
	teller := s.teller(t, m.Names)
	for _, e := range slices.Backward(m.Events) {
		head, text := firstClause(teller.tell("event.", e))
		out = append(out, ui.Moment{
			Title: head, Text: text, When: t.Instant(e.AtUS), By: byWhom(t, m.Names, e.By), ISO: t.InstantISO(e.AtUS), Answer: given(e.Body),
		})
	}
	return out
}

// byWhom says who did a step.
func byWhom(t *i18n.Speaker, names usecase.Names, by matter.By) string {
	switch by.Kind {
	case org.ActorStaff:
		return strings.TrimSpace(nameOf(t, names, by.Unit) + " " + names.People[by.User])
	case org.ActorMachine:
		return strings.TrimSpace(nameOf(t, names, by.Unit) + " " + t.T("desk.by.machine"))
	case org.ActorSystem:
		return t.T("desk.by.system")
	case org.ActorPetitioner, org.ActorNobody:
	}
	return t.T("desk.by.petitioner")
}

// given says how much of an answer a step gave the petitioner.
func given(b matter.Body) ui.Answer {
	switch b.(type) {
	case matter.Registered, matter.Notified, matter.Accepted, matter.MediationAgreed, matter.OpinionIssued, matter.Replied, matter.Served, matter.Diverted, matter.Declined,
		matter.FinalDeclined, matter.Performed, matter.Completed:
		return ui.Answered
	case matter.MaterialRequested, matter.Recorded, matter.MediationStarted, matter.Extended, matter.ExtensionRevoked, matter.ReviewExtended, matter.Visited, matter.FollowedUp:
		return ui.Partly
	default:
		return ui.Unanswered
	}
}

// countsLine says how many times people came, wrote or called.
func countsLine(t *i18n.Speaker, c matter.Counts) string {
	var out []string
	for _, part := range []struct {
		key string
		n   int
	}{
		{"desk.counts.items", c.Items},
		{"desk.counts.batches", c.Batches},
		{"desk.counts.persons", c.Persons},
		{"desk.counts.group", c.GroupBatches},
		{"desk.counts.group_persons", c.GroupPersons},
	} {
		if part.n > 0 {
			out = append(out, t.T(part.key, "n", part.n))
		}
	}
	return t.List(out)
}

// submission is one submission with its people.
func (s *Site) submission(t *i18n.Speaker, m usecase.MatterView, i int, sub usecase.SubmissionView, o tried) submissionPart {
	p := submissionPart{
		number: sub.Ref.String(), who: partyNames(t, sub), narrative: sub.Narrative, gone: sub.Gone,
		head: t.T("desk.submission", "day", t.FullDay(sub.Received), "channel", string(sub.Channel), "n", sub.Persons),
		look: look{action: matterPath(m.Matter.Ref) + "/identity", n: strconv.Itoa(i), renew: m.MayRenewPIN},
	}
	if sub.Confidential {
		p.facts = append(p.facts, ui.Fact{Term: t.T("form.confidential"), Text: t.T("desk.confidential")})
	}
	if sub.Elsewhere != "" {
		p.facts = append(p.facts, ui.Fact{Term: t.T("form.elsewhere"), Text: t.T("elsewhere." + sub.Elsewhere)})
	}
	if sub.Served != nil {
		p.facts = append(p.facts, ui.Fact{Term: t.T("desk.served"), Text: t.T("service_method."+string(sub.Served.Method)) + " · " + t.FullDay(sub.Served.On)})
	}
	if sub.Rating != nil {
		p.facts = append(p.facts, ui.Fact{
			Term: t.T("desk.rated"), Text: t.T("desk.rated.text", "receiving", string(sub.Rating.Receiving), "handling", string(sub.Rating.Handling)),
			Note: sub.Rating.Words,
		})
	}
	for _, e := range sub.Extra {
		p.facts = append(p.facts, ui.Fact{Term: e.Name, Text: e.Value})
	}
	opened := o.submission == sub.Ref && o.people != nil
	for k, party := range sub.Parties {
		person := personPart{role: t.T("party_role." + string(party.Role)), facts: maskedFacts(t, party)}
		if opened && k < len(o.people) {
			person.facts = openFacts(t, o.people[k])
		}
		p.people = append(p.people, person)
	}
	p.look.opened = opened
	if o.submission == sub.Ref {
		p.look.form = o.form
	}
	return p
}

func maskedFacts(t *i18n.Speaker, p usecase.PartyView) []ui.Fact {
	out := []ui.Fact{{Term: t.T("form.name"), Text: p.Name, Masked: true}}
	for _, f := range [][2]string{{"form.id_number", p.IDNumber}, {"form.phone", p.Phone}, {"form.address", p.Address}} {
		if f[1] != "" {
			out = append(out, ui.Fact{Term: t.T(f[0]), Text: f[1], Masked: true})
		}
	}
	return out
}

func openFacts(t *i18n.Speaker, p matter.Petitioner) []ui.Fact {
	out := []ui.Fact{{Term: t.T("form.name"), Text: p.Name}}
	for _, f := range [][2]string{{"form.id_number", p.IDNumber}, {"form.phone", p.Phone}, {"form.address", p.Address}} {
		if f[1] != "" {
			out = append(out, ui.Fact{Term: t.T(f[0]), Text: f[1]})
		}
	}
	return out
}

// proofLine says where the registration stands in the record.
func (s *Site) proofLine(r *http.Request, t *i18n.Speaker, ref matter.Ref) (string, error) {
	p, err := s.Office.ProofOf(r.Context(), ref)
	if err != nil || p.Pos == 0 {
		return t.T("desk.proof.waits"), err
	}
	return t.T("desk.proof.at", "pos", t.Number(p.Pos), "head", t.Number(p.Head)), nil
}

// filePath is where a file of a matter is read.
func filePath(ref matter.Ref, id string) string { return matterPath(ref) + "/files/" + id }

// matterFile sends a file of a matter.
func (s *Site) matterFile(w http.ResponseWriter, r *http.Request, v *visit) error {
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	row, content, err := s.Office.Attachment(r.Context(), v.who, ref, r.PathValue("id"))
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // only read from
	httpx.ServeDownload(w, r, row.Name, row.Mime, content, hex.EncodeToString(row.SHA256))
	return nil
}

// demandPlace is where a demand stands among those of its matter, from 1.
func demandPlace(m *matter.Matter, number int) int {
	return 1 + slices.IndexFunc(m.Demands, func(d matter.Demand) bool { return d.N == number })
}
