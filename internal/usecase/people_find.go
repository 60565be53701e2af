package usecase

import (
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// PeopleFilter narrows a list of people.
type PeopleFilter struct {
	Words string     // beginning of the name, of its pinyin, of the initials of that or of the name to sign in with; empty: everybody
	Unit  org.UnitID // on duty there or below; zero: the whole of what the reader governs
	After string     // where the page before ended; empty: the start
	Limit int        // at most maxPeople
}

// PeoplePage is a bounded part of a list of people. Next is where to go on from, empty at the end.
type PeoplePage struct {
	People []PersonView
	Next   string
}

// maxPeople is the longest page of people.
const maxPeople = 100

// People returns a page of the people an administrator looks after, in the order they were entered or, looked up by words, of what was found:
// those with a duty in the administrator's scope, or with none anywhere. Auditors read it beside administrators, as they do the record of changes.
func (o *Office) People(ctx context.Context, who org.Actor, f PeopleFilter) (PeoplePage, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return PeoplePage{}, err
	}
	limit := min(max(f.Limit, 1), maxPeople)
	narrow := store.PeopleFilter{Word: foldWord(f.Words), Unit: f.Unit, Today: o.Today(), Limit: limit + 1}
	if who.Kind != org.ActorSystem {
		narrow.Reach = who.Duty.Scope
	}
	switch {
	case f.Unit != 0 && !governs(who, o.Chart(), f.Unit):
		return PeoplePage{}, errs.E(errs.NotFound, "unit.not_found")
	case narrow.Word == "" && strings.TrimSpace(f.Words) != "":
		return PeoplePage{}, nil // nothing but signs, which nobody is called
	}
	var err error
	if narrow.After, err = parsePeopleCursor(f.After, narrow.Word); err != nil {
		return PeoplePage{}, err
	}
	var page PeoplePage
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		found, err := t.People(ctx, narrow)
		if err != nil {
			return err
		}
		page = PeoplePage{}
		if len(found) > limit {
			found = found[:limit]
			page.Next = formatPeopleCursor(found[limit-1].At)
		}
		rows := make([]store.PersonRow, len(found))
		for i, p := range found {
			rows[i] = p.PersonRow
		}
		page.People, err = o.personViews(ctx, t, who, rows)
		return err
	})
	return page, err
}

// formatPeopleCursor writes a position in a list of people: the id, and the word where there is one.
func formatPeopleCursor(c store.PeopleCursor) string {
	id := strconv.FormatInt(int64(c.ID), 10)
	if c.Word == "" {
		return id
	}
	return id + "." + base64.RawURLEncoding.EncodeToString([]byte(c.Word))
}

// parsePeopleCursor reads what formatPeopleCursor wrote for a list looked up by the beginning of a word.
func parsePeopleCursor(text, beginning string) (store.PeopleCursor, error) {
	if text == "" {
		return store.PeopleCursor{}, nil
	}
	number, coded, _ := strings.Cut(text, ".")
	id, err := strconv.ParseInt(number, 10, 64)
	word, decodeErr := base64.RawURLEncoding.Strict().DecodeString(coded)
	c := store.PeopleCursor{Word: string(word), ID: org.UserID(id)}
	switch {
	case err != nil, decodeErr != nil, id <= 0, !utf8.Valid(word), (beginning == "") != (c.Word == ""), !strings.HasPrefix(c.Word, beginning):
		return store.PeopleCursor{}, errs.Fields([]errs.Field{errs.F("cursor", "person.cursor")})
	}
	return c, nil
}

// foldWord is how words are compared: their letters and digits alone, narrow and in lower case.
func foldWord(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, width.Narrow.String(s))
}

//go:embed surnames.json
var surnamesFile []byte

// surnames are family names that are read in another way than the characters usually are, with that reading.
func surnames() (map[string]string, error) {
	var m map[string]string
	if err := json.Unmarshal(surnamesFile, &m); err != nil {
		return nil, fmt.Errorf("the embedded family names: %w", err)
	}
	return m, nil
}

// personWords are what somebody is looked for under: the name, its pinyin and initials in each reading of the family name, the name to sign in
// with.
func personWords(surnames map[string]string, name, signIn string) []string {
	words := []string{foldWord(name), foldWord(signIn), foldWord(gazetteer.Pinyin(name)), gazetteer.Initials(name)}
	for family, reading := range surnames {
		if given, ok := strings.CutPrefix(name, family); ok {
			words = append(words, foldWord(reading+gazetteer.Pinyin(given)), initialsOf(reading)+gazetteer.Initials(given))
		}
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// initialsOf are the first letters of syllables between spaces.
func initialsOf(reading string) string {
	var b strings.Builder
	for syllable := range strings.SplitSeq(reading, " ") {
		b.WriteString(syllable[:1])
	}
	return b.String()
}

// savePerson writes a person and what they are found under.
func (o *Office) savePerson(ctx context.Context, t *store.Tx, p store.PersonRow) error {
	families, err := surnames()
	if err != nil {
		return err
	}
	if err := t.SavePerson(ctx, p); err != nil {
		return err
	}
	return t.SavePersonWords(ctx, p.ID, personWords(families, p.Name, p.SignIn))
}
