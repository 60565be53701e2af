package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
)

// people are the rows of a form that name who petitions, and for how many they speak: the same at a window and on a phone. How many rows there
// are is sent along, so that one can be added or taken away without a script.
type people struct{ url.Values }

// rowsPeople is the field that counts the rows.
const rowsPeople = "people"

// personName is a field of a row.
func personName(i int, field string) string { return "petitioners." + strconv.Itoa(i) + "." + field }

func personFields() []string { return []string{"role", "name", "id_number", "phone", "address"} }

// rowsIn is how many rows of a kind a form has: at least one, at most so many.
func rowsIn(values url.Values, rows string, most int) int {
	n, err := strconv.Atoi(values.Get(rows))
	if err != nil {
		return 1
	}
	return min(max(n, 1), most)
}

func (p people) peopleCount() int { return rowsIn(p.Values, rowsPeople, matter.MaxPetitioners) }

// peopleRows are the rows as typed.
func (p people) peopleRows() []matter.Petitioner {
	var out []matter.Petitioner
	for i := range p.peopleCount() {
		get := func(field string) string { return strings.TrimSpace(p.Get(personName(i, field))) }
		out = append(out, matter.Petitioner{
			Role: matter.PartyRole(get("role")), Name: get("name"), IDNumber: get("id_number"), Phone: get("phone"), Address: get("address"),
		})
	}
	return out
}

// setPeople writes rows back, at least one, so that the numbers in the errors of a cleaned intake are those of the rows.
func (p people) setPeople(rows []matter.Petitioner) {
	for i := range p.peopleCount() {
		for _, f := range personFields() {
			p.Del(personName(i, f))
		}
	}
	for i, row := range rows {
		for f, v := range map[string]string{"role": string(row.Role), "name": row.Name, "id_number": row.IDNumber, "phone": row.Phone, "address": row.Address} {
			p.Set(personName(i, f), v)
		}
	}
	p.Set(rowsPeople, strconv.Itoa(max(1, len(rows))))
}

// compactPeople leaves empty rows out.
func (p people) compactPeople() {
	p.setPeople(slices.DeleteFunc(p.peopleRows(), matter.Petitioner.Empty))
}

// The buttons that change the rows; the number of the row follows the second.
const (
	addPerson    = "add-person"
	removePerson = "remove-person-"
)

// changePeople adds or takes away a row; it reports whether the button asked for that.
func (p people) changePeople(do string) bool {
	if do == addPerson {
		p.Set(rowsPeople, strconv.Itoa(min(p.peopleCount()+1, matter.MaxPetitioners)))
		return true
	}
	at, ok := strings.CutPrefix(do, removePerson)
	if !ok {
		return false
	}
	if i, err := strconv.Atoi(at); err == nil && i >= 0 && i < p.peopleCount() {
		p.setPeople(slices.Delete(p.peopleRows(), i, i+1))
	}
	return true
}

// persons is the number of people it is for; zero when nothing was written, and then as many as are named.
func (p people) persons() (int, []errs.Field) {
	text := strings.TrimSpace(p.Get("persons"))
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, []errs.Field{errs.F("persons", "intake.persons_range", "max", matter.MaxPersons)}
	}
	return n, nil
}
