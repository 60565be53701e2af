package web

import (
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
)

// Rows come back as they were written; a row that is taken away leaves the others, and one that is added is empty.
func TestPeopleRows(t *testing.T) {
	words := rapid.StringMatching(`[\p{Han}a-z0-9-]{0,8}`)
	person := rapid.Custom(func(t *rapid.T) matter.Petitioner {
		return matter.Petitioner{
			Role: rapid.SampledFrom(append(matter.PartyRoles(), "")).Draw(t, "role"), Name: words.Draw(t, "name"), IDNumber: words.Draw(t, "number"),
			Phone: words.Draw(t, "phone"), Address: words.Draw(t, "address"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(person, 1, matter.MaxPetitioners).Draw(t, "rows")
		p := people{url.Values{}}
		p.setPeople(rapid.SliceOfN(person, 0, matter.MaxPetitioners).Draw(t, "before"))
		p.setPeople(rows)
		if diff := cmp.Diff(rows, p.peopleRows()); diff != "" {
			t.Fatalf("written and read: %s", diff)
		}
		if !p.changePeople(addPerson) {
			t.Fatal("the button adds nothing")
		}
		want := append(slices.Clone(rows), matter.Petitioner{})[:min(len(rows)+1, matter.MaxPetitioners)]
		if diff := cmp.Diff(want, p.peopleRows()); diff != "" {
			t.Fatalf("added: %s", diff)
		}
		gone := rapid.IntRange(-1, len(want)).Draw(t, "gone")
		if !p.changePeople(removePerson + strconv.Itoa(gone)) {
			t.Fatal("the button removes nothing")
		}
		if gone >= 0 && gone < len(want) {
			want = slices.Delete(want, gone, gone+1)
		}
		if len(want) == 0 {
			want = []matter.Petitioner{{}}
		}
		if diff := cmp.Diff(want, p.peopleRows()); diff != "" {
			t.Fatalf("removed %d: %s", gone, diff)
		}
		p.compactPeople()
		left := slices.DeleteFunc(want, matter.Petitioner.Empty)
		if got := p.peopleRows(); len(left) > 0 && !cmp.Equal(left, got) || len(left) == 0 && (len(got) != 1 || !got[0].Empty()) {
			t.Fatalf("compacted: %v", got)
		}
		if p.changePeople("add-demand") {
			t.Fatal("takes another's button")
		}
	})
}

func TestPersonsAreRead(t *testing.T) {
	wrong := []errs.Field{errs.F("persons", "intake.persons_range", "max", matter.MaxPersons)}
	for text, want := range map[string]struct {
		n   int
		bad []errs.Field
	}{"": {}, " 12 ": {n: 12}, "0": {bad: wrong}, "-3": {bad: wrong}, "很多": {bad: wrong}, "99999999999999999999": {bad: wrong}} {
		n, bad := people{url.Values{"persons": {text}}}.persons()
		if n != want.n || !cmp.Equal(bad, want.bad) {
			t.Errorf("%q is %d, %v", text, n, bad)
		}
	}
}

// A forged number of rows costs no more than the most rows there can be.
func TestPeopleAreBounded(t *testing.T) {
	for text, want := range map[string]int{"": 1, "x": 1, "-1": 1, "0": 1, "3": 3, "1000000": matter.MaxPetitioners} {
		if got := (people{url.Values{rowsPeople: {text}}}).peopleCount(); got != want {
			t.Errorf("%q gives %d rows", text, got)
		}
	}
}
