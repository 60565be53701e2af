package web

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// filing is a begun form as it lies encrypted in the store: what was typed, as it was typed, and after sending the receipt in its place.
type filing struct {
	Key     string           `json:"key"` // sent along with it, so that a double click files once
	Values  url.Values       `json:"values,omitempty"`
	Files   []upload         `json:"files,omitempty"`
	Home    int64            `json:"home,omitempty"` // where the files lie: the home of whoever will receive it
	Receipt *usecase.Receipt `json:"receipt,omitempty"`
	SentUS  int64            `json:"sent_us,omitempty"`
}

// upload is a file that was received and waits to be claimed.
type upload struct {
	Home int64  `json:"home"`
	ID   string `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// The cookie that holds the token of a begun form, and for how long: as long as the form itself is kept.
const (
	draftCookie = "draft"
	draftFor    = 30 * 24 * time.Hour
)

// step is one page of the form.
type step string

// The steps, in order.
const (
	stepWho       step = "who"
	stepWhat      step = "what"
	stepDemands   step = "demands"
	stepMaterials step = "materials"
	stepReview    step = "review"
)

func steps() []step { return []step{stepWho, stepWhat, stepDemands, stepMaterials, stepReview} }

func (p step) index() int { return slices.Index(steps(), p) }

func (p step) path() string { return "/file/" + string(p) }

// names are the fields a step takes from a form. What is not listed here, and is no numbered row, is not kept.
func (p step) names() []string {
	switch p {
	case stepWho:
		return []string{"kind", "persons", "confidential", wishSMS, wishMail, wishEmail}
	case stepWhat:
		return []string{
			"title", "narrative", "place", "place_q", "place_note", "elsewhere", "accused", "accused_q",
			"step_1", "step_2", "step_3", "step_4", "step_5",
		}
	case stepDemands, stepMaterials, stepReview:
	}
	return nil
}

// stepOf is the step on which a field stands.
func stepOf(path string) step {
	head, _, _ := strings.Cut(path, ".")
	switch head {
	case "kind", "petitioners", "persons", "confidential", "wish":
		return stepWho
	case "demands":
		return stepDemands
	case "attachments", "files":
		return stepMaterials
	}
	return stepWhat
}

// take keeps what a step's form holds.
func (d *filing) take(p step, form url.Values) {
	if d.Values == nil {
		d.Values = url.Values{}
	}
	for _, name := range p.names() {
		delete(d.Values, name)
		if values := form[name]; len(values) > 0 {
			d.Values[name] = values
		}
	}
	switch p {
	case stepWhat:
		// a hidden field holds what was chosen before, a radio after it what is chosen now
		if places := form["place"]; len(places) > 0 {
			d.Values.Set("place", places[len(places)-1])
		}
		d.Values["accused"] = unique(form["accused"])
	case stepDemands:
		d.Values["demands"] = rowsOf(form)
	case stepWho:
		d.people().setPeople(people{form}.peopleRows())
	case stepMaterials, stepReview:
	}
}

// rowsOf reads the numbered demands of a form, up to the first number that is missing.
func rowsOf(form url.Values) []string {
	var rows []string
	for i := range matter.MaxItems {
		row, ok := form["demands."+strconv.Itoa(i)]
		if !ok {
			break
		}
		rows = append(rows, row[0])
	}
	return rows
}

func unique(list []string) []string {
	var out []string
	for _, v := range list {
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// people are the rows of those who file it.
func (d *filing) people() people {
	if d.Values == nil {
		d.Values = url.Values{}
	}
	return people{d.Values}
}

// joint reports whether it says that more than the one person stands behind it.
func (d *filing) joint() bool {
	p := d.people()
	role := matter.PartyRole(p.Get(personName(0, "role")))
	return p.peopleCount() > 1 || p.Get("persons") != "" || role != "" && role != matter.PartyPetitioner
}

// demands are the rows to show: at least one.
func (d *filing) demands() []string {
	if rows := d.Values["demands"]; len(rows) > 0 {
		return rows
	}
	return []string{""}
}

// compact drops empty demands, so that the numbers people see are those of the errors and of the receipt.
func (d *filing) compact() {
	d.Values["demands"] = slices.DeleteFunc(d.Values["demands"], func(row string) bool { return strings.TrimSpace(row) == "" })
}

// form is what fills the fields again.
func (d *filing) form() url.Values {
	out := url.Values{}
	maps.Copy(out, d.Values)
	for i, row := range d.demands() {
		out.Set("demands."+strconv.Itoa(i), row)
	}
	if out.Get("kind") == "" {
		out.Set("kind", string(matter.KindAppeal))
	}
	return out
}

func (d *filing) kind() matter.Kind {
	if k := matter.Kind(d.Values.Get("kind")); k != "" {
		return k
	}
	return matter.KindAppeal
}

func (d *filing) place() int64 {
	code, err := strconv.ParseInt(d.Values.Get("place"), 10, 64)
	if err != nil {
		return 0 // nothing chosen, or nothing that is a place: the check says so
	}
	return code
}

func (d *filing) accused() []org.UnitID {
	var out []org.UnitID
	if d.kind() != matter.KindAccusation {
		return nil
	}
	for _, text := range d.Values["accused"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			out = append(out, org.UnitID(id))
		}
	}
	return out
}

// intake is what will be registered. What cannot be read is an error of its field.
func (d *filing) intake() (matter.Intake, []errs.Field) {
	value := d.Values.Get
	persons, wrong := d.people().persons()
	in := matter.Intake{
		Channel: matter.ChannelWeb, Kind: d.kind(), Title: value("title"), Narrative: value("narrative"), Demands: d.demands(), Place: d.place(),
		PlaceNote: value("place_note"), Accused: d.accused(), Confidential: value("confidential") == "yes", Elsewhere: value("elsewhere"),
		Petitioners: d.people().peopleRows(), Persons: persons, Wish: d.wish(),
	}
	if in.Wish != nil && in.Wish.Mail { // an address without the wish is not kept
		in.Petitioners[0].Email = strings.TrimSpace(value(wishEmail))
	}
	for _, f := range d.Files {
		in.Attachments = append(in.Attachments, f.ID)
	}
	return in, wrong
}

// receiver is who would receive it; the zero unit while that cannot be said.
func (s *Site) receiver(d *filing) org.Unit {
	in, _ := d.intake()
	unit, _ := s.Office.CheckIntake(org.Actor{}, in)
	return unit
}

// faults returns what is still wrong, on one step or, for the last one, on all. Before a place is chosen nobody can say who receives it, so
// only the missing place is told then.
func (s *Site) faults(d *filing, p step) []errs.Field {
	in, wrong := d.intake()
	_, bad := s.Office.CheckIntake(org.Actor{}, in)
	return slices.DeleteFunc(append(wrong, bad...), func(f errs.Field) bool {
		if d.place() == 0 && (f.Code == "intake.no_discipline" || f.Code == "intake.place_outside") {
			return true
		}
		return p != stepReview && stepOf(f.Path) != p && (p != stepWhat || f.Code != "intake.no_discipline")
	})
}

// draft returns the begun form that this browser holds the token of, and an empty one when it holds none.
func (s *Site) draft(r *http.Request) (token string, d *filing, err error) {
	d = &filing{}
	c, err := r.Cookie(draftCookie)
	if err != nil || c.Value == "" {
		return "", d, nil //nolint:nilerr // no cookie is no draft
	}
	if _, err := s.Office.LoadDraft(r.Context(), c.Value, d); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return "", &filing{}, nil
		}
		return "", nil, err
	}
	return c.Value, d, nil
}

// keep saves a begun form and gives its token to the browser. Beginning one is counted against the reader's address, since it takes room.
func (s *Site) keep(w http.ResponseWriter, r *http.Request, token string, d *filing) (string, error) {
	if token == "" {
		if err := s.Attempts.File(s.Proxies.ClientAddr(r)); err != nil {
			return "", err
		}
		key := make([]byte, 16)
		if _, err := io.ReadFull(s.Office.Random, key); err != nil {
			return "", fmt.Errorf("key of a form: %w", err)
		}
		d.Key = hex.EncodeToString(key)
	}
	token, err := s.Office.SaveDraft(r.Context(), token, d)
	if err != nil {
		return "", err
	}
	s.setDraft(w, r, token, draftFor)
	return token, nil
}

// drop forgets a begun form, here and in the browser.
func (s *Site) drop(w http.ResponseWriter, r *http.Request, token string) error {
	s.setDraft(w, r, "", -time.Second)
	if token == "" {
		return nil
	}
	return s.Office.DropDraft(r.Context(), token)
}

func (s *Site) setDraft(w http.ResponseWriter, r *http.Request, token string, keep time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: draftCookie, Value: token, Path: "/", MaxAge: int(keep / time.Second),
		Secure: s.Proxies.HTTPS(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// settle moves the files to the home of whoever would now receive the form: an upload can only be claimed where it lies. It says whether one was moved.
func (s *Site) settle(ctx context.Context, d *filing) (moved bool, err error) {
	unit := s.receiver(d)
	if unit.ID == 0 {
		return false, nil
	}
	d.Home = usecase.HomeOf(unit.Place)
	for i, f := range d.Files {
		if f.Home == d.Home {
			continue
		}
		row, err := s.Office.MoveUpload(ctx, f.Home, f.ID, d.Home)
		if err != nil {
			return moved, err
		}
		d.Files[i], moved = upload{Home: row.Home, ID: row.ID, Name: row.Name, Size: row.Size}, true
	}
	return moved, nil
}
