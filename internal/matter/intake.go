package matter

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Intake is what comes in at any door: a form, a window, a letter, a call, another system. It is checked as one, and
// registering never fails for a reason of substance (信访工作条例 第四十三、四十四条): whether the matter is taken is a later, reasoned decision.
type Intake struct {
	Channel      Channel      `json:"channel"`
	ReceivedUS   int64        `json:"received_us,omitempty"` // zero: now
	Title        string       `json:"title"`
	Narrative    string       `json:"narrative,omitempty"`
	Demands      []string     `json:"demands"`
	Place        int64        `json:"place"` // division code, down to village where known
	PlaceNote    string       `json:"place_note,omitempty"`
	Petitioners  []Petitioner `json:"petitioners"`
	Persons      int          `json:"persons,omitempty"` // people present or signing; zero: as many as are named
	Kind         Kind         `json:"kind,omitempty"`
	Purpose      Purpose      `json:"purpose,omitempty"`
	Category     string       `json:"category,omitempty"`
	Accused      []org.UnitID `json:"accused,omitempty"`
	Confidential bool         `json:"confidential,omitempty"`
	Elsewhere    string       `json:"elsewhere,omitempty"`
	Attachments  []string     `json:"attachments,omitempty"` // ids of uploads
	Sender       string       `json:"sender,omitempty"`
	SenderNumber string       `json:"sender_number,omitempty"`
	Extra        []Extra      `json:"extra,omitempty"`
	Wish         *Wish        `json:"wish,omitempty"` // by what means the first person wants to be told; nil where nothing was said
}

// Petitioner is a person's identity as given at the door. It goes to the encrypted store and nowhere else.
type Petitioner struct {
	Role     PartyRole `json:"role"`
	Name     string    `json:"name"`
	IDNumber string    `json:"id_number,omitempty"`
	Phone    string    `json:"phone,omitempty"`
	Address  string    `json:"address,omitempty"`
	Email    string    `json:"email,omitempty"` // only where it was given for notices
}

// Empty reports whether nothing was given.
func (p Petitioner) Empty() bool {
	return p.Name == "" && p.IDNumber == "" && p.Phone == "" && p.Address == "" && p.Email == ""
}

// The bounds of an intake.
const (
	MaxPetitioners = 50
	MaxPersons     = 10_000
	MaxAttachments = 20
)

// Check returns everything that is wrong with an intake, at once. Identity numbers and telephones are checked by the caller,
// who knows their form. The law of the place says how many may speak for a group.
func (in Intake) Check(today law.Day, set law.RuleSet) []errs.Field {
	var out []errs.Field
	bad := func(path, code string, pairs ...any) { out = append(out, errs.F(path, code, pairs...)) }
	long := func(path, text string, limit int) {
		if n := utf8.RuneCountInString(text); n > limit {
			bad(path, "field.long", "max", limit, "n", n)
		}
	}
	if !slices.Contains(Channels(), in.Channel) {
		bad("channel", "field.choice")
	}
	if in.ReceivedUS != 0 {
		switch day := law.DayOf(in.ReceivedUS); {
		case day > today:
			bad("received", "day.not_yet", "today", today)
		case day < law.NewDay(2005, 5, 1):
			bad("received", "intake.too_old")
		}
	}
	if strings.TrimSpace(in.Title) == "" {
		bad("title", "intake.title")
	}
	long("title", in.Title, MaxLine)
	long("narrative", in.Narrative, MaxText)
	demands := 0
	for i, d := range in.Demands {
		if strings.TrimSpace(d) != "" {
			demands++
		}
		long("demands."+strconv.Itoa(i), d, MaxText)
	}
	switch {
	case demands == 0:
		bad("demands.0", "intake.demands")
	case demands > MaxItems:
		bad("demands", "field.many", "max", MaxItems)
	}
	if in.Place <= 0 {
		bad("place", "intake.place")
	}
	long("place_note", in.PlaceNote, MaxLine)
	if in.Kind != "" && !slices.Contains(Kinds(), in.Kind) {
		bad("kind", "field.choice")
	}
	if in.Purpose != "" && !slices.Contains(Purposes(), in.Purpose) {
		bad("purpose", "field.choice")
	}
	if in.Elsewhere != "" && !slices.Contains([]string{"no", "yes", "unsure"}, in.Elsewhere) {
		bad("elsewhere", "field.choice")
	}
	if len(in.Attachments) > MaxAttachments {
		bad("attachments", "field.many", "max", MaxAttachments)
	}
	return append(out, in.checkPeople(set)...)
}

// Representatives is how many people may speak for a group of a size by the law of the place: five nationally (第二十条), fewer for a small group
// where the place says so.
func Representatives(set law.RuleSet, persons int) int {
	most := MaxRepresentatives
	if f, ok := set.Figure(law.FigureRepresentatives); ok {
		most = f.N
	}
	small, says := set.Figure(law.FigureSmallGroup)
	if f, ok := set.Figure(law.FigureSmallRepresentatives); ok && says && persons <= small.N {
		most = f.N
	}
	return most
}

// checkPeople holds the rules on who may appear: named people fit the count, and as many speak for a group as the law of the place lets (第二十条).
func (in Intake) checkPeople(set law.RuleSet) []errs.Field {
	var out []errs.Field
	bad := func(path, code string, pairs ...any) { out = append(out, errs.F(path, code, pairs...)) }
	named, representatives := 0, 0
	for i, p := range in.Petitioners {
		at := "petitioners." + strconv.Itoa(i) + "."
		if p.Role != "" && !slices.Contains(PartyRoles(), p.Role) {
			bad(at+"role", "field.choice")
		}
		if p.Empty() {
			continue
		}
		if strings.TrimSpace(p.Name) == "" {
			bad(at+"name", "intake.name")
		}
		for _, f := range [][2]string{{"name", p.Name}, {"id_number", p.IDNumber}, {"phone", p.Phone}, {"address", p.Address}, {"email", p.Email}} {
			if n := utf8.RuneCountInString(f[1]); n > MaxLine {
				bad(at+f[0], "field.long", "max", MaxLine, "n", n)
			}
		}
		if p.Role != PartyAgent {
			named++
		}
		if p.Role == PartyRepresentative {
			representatives++
		}
	}
	if len(in.Petitioners) > MaxPetitioners {
		bad("petitioners", "field.many", "max", MaxPetitioners)
	}
	most := Representatives(set, max(in.Persons, named))
	if representatives > most {
		bad("petitioners", "intake.representatives", "max", most, "n", representatives)
	}
	if in.Persons < 0 || in.Persons > MaxPersons {
		bad("persons", "intake.persons_range", "max", MaxPersons)
	}
	if in.Persons > 0 && in.Persons < named {
		bad("persons", "intake.persons", "named", named)
	}
	// A group speaks through representatives; by letter it need not name any.
	if in.Channel == ChannelVisit && max(in.Persons, named) >= GroupFrom && representatives == 0 {
		bad("petitioners.0.role", "intake.choose_representatives", "max", most)
	}
	return out
}

// Clean returns the intake with blanks trimmed, empty rows left out and the defaults filled in.
func (in Intake) Clean() Intake {
	in.Title, in.Narrative, in.PlaceNote = strings.TrimSpace(in.Title), strings.TrimSpace(in.Narrative), strings.TrimSpace(in.PlaceNote)
	in.Demands = slices.DeleteFunc(slices.Clone(in.Demands), func(d string) bool { return strings.TrimSpace(d) == "" })
	for i := range in.Demands {
		in.Demands[i] = strings.TrimSpace(in.Demands[i])
	}
	in.Petitioners = slices.DeleteFunc(slices.Clone(in.Petitioners), Petitioner.Empty)
	named := 0
	for i, p := range in.Petitioners {
		if p.Role == "" {
			in.Petitioners[i].Role = PartyPetitioner
		}
		if p.Role != PartyAgent {
			named++
		}
		in.Petitioners[i].Name = strings.TrimSpace(p.Name)
	}
	if in.Persons == 0 {
		in.Persons = max(1, named)
	}
	if in.Kind == "" {
		in.Kind = KindAppeal
	}
	return in
}

// Receipt is what Register needs to know besides the intake.
type Receipt struct {
	Ref     Ref
	Unit    org.Unit // the receiving unit
	RuleSet string   // in force on the day of receipt
}

// Register opens a matter with a checked and cleaned intake (T1).
func Register(in Intake, r Receipt, e Env) []Event {
	received := in.ReceivedUS
	if received == 0 {
		received = e.NowUS
	}
	s := Submission{
		Ref: r.Ref, Channel: in.Channel, ReceivedUS: received, Received: law.DayOf(received), Unit: r.Unit.ID, Bureau: r.Unit.Bureau(),
		Title: in.Title, Narrative: in.Narrative, Place: in.Place, PlaceNote: in.PlaceNote, Demands: in.Demands, Persons: in.Persons,
		Attachments: in.Attachments, Confidential: in.Confidential, Elsewhere: in.Elsewhere, Sender: in.Sender, SenderNumber: in.SenderNumber,
		Extra: in.Extra, Wish: in.Wish,
	}
	for i, p := range in.Petitioners {
		s.Parties = append(s.Parties, Party{N: i + 1, Role: p.Role})
	}
	b := Registered{
		Matter: r.Ref, RuleSet: r.RuleSet, Submission: s, Kind: in.Kind, Purpose: in.Purpose, Category: in.Category,
		Sealed: in.Kind == KindAccusation, Accused: in.Accused,
	}
	return []Event{{Seq: 1, AtUS: e.NowUS, Day: e.Today, By: ByActor(e.Actor), Body: b}}
}
