package store

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// PersonRow is a person who works with the system. Password is the argon2id hash.
type PersonRow struct {
	ID         org.UserID
	SignIn     string
	Name       string
	Password   string
	MustChange bool
	Disabled   bool
	CreatedUS  int64
}

const personColumns = `p.user_id, p.sign_in, p.name, p.password, p.must_change, p.disabled, p.created_us`

func scanPerson(r *Row) (PersonRow, error) {
	var p PersonRow
	err := r.Scan(&p.ID, &p.SignIn, &p.Name, &p.Password, &p.MustChange, &p.Disabled, &p.CreatedUS)
	return p, err
}

// SavePerson writes a person. A sign-in name that is taken is errs.Conflict.
func (t *Tx) SavePerson(ctx context.Context, p PersonRow) error {
	const q = `insert into person (user_id, sign_in, name, password, must_change, disabled, created_us) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (user_id) do update set sign_in = excluded.sign_in, name = excluded.name, password = excluded.password,
		must_change = excluded.must_change, disabled = excluded.disabled`
	_, err := t.Exec(ctx, Named("person.save", q), int64(p.ID), p.SignIn, p.Name, p.Password, p.MustChange, p.Disabled, p.CreatedUS)
	return err
}

// SavePersonWords makes a person findable under words, and under no others.
func (t *Tx) SavePersonWords(ctx context.Context, id org.UserID, words []string) error {
	const remove = `delete from person_word where user_id = $1`
	const add = `insert into person_word (word, user_id) values ($1, $2) on conflict (word, user_id) do nothing`
	if _, err := t.Exec(ctx, Named("person_word.remove", remove), int64(id)); err != nil {
		return err
	}
	for _, w := range words {
		if _, err := t.Exec(ctx, Named("person_word.add", add), w, int64(id)); err != nil {
			return err
		}
	}
	return nil
}

// Person finds a person by id.
func (t *Tx) Person(ctx context.Context, id org.UserID) (PersonRow, error) {
	const q = `select ` + personColumns + ` from person p where p.user_id = $1`
	return One(ctx, t, Named("person.get", q), scanPerson, int64(id))
}

// PersonBySignIn finds a person by the name they sign in with; false when there is none.
func (t *Tx) PersonBySignIn(ctx context.Context, name string) (PersonRow, bool, error) {
	const q = `select ` + personColumns + ` from person p where p.sign_in = $1`
	p, err := One(ctx, t, Named("person.sign_in", q), scanPerson, name)
	if errs.KindOf(err) == errs.NotFound {
		return PersonRow{}, false, nil
	}
	return p, err == nil, err
}

// PersonNames returns the names of people by id.
func (t *Tx) PersonNames(ctx context.Context, ids []org.UserID) (map[org.UserID]string, error) {
	const q = `select ` + personColumns + ` from person p where p.user_id in ($1...)`
	raw := make([]int64, len(ids))
	for i, id := range ids {
		raw[i] = int64(id)
	}
	found, err := CollectIn(ctx, t, Named("person.names", q), raw, scanPerson)
	if err != nil {
		return nil, err
	}
	out := make(map[org.UserID]string, len(found))
	for _, p := range found {
		out[p.ID] = p.Name
	}
	return out, nil
}

// PeopleCursor is a position in a list of people: behind a person, and where the list was looked up by a word, behind the word that found
// them. The zero position is the start.
type PeopleCursor struct {
	Word string
	ID   org.UserID
}

// PeopleFilter narrows a list of people. Duties count that hold on Today or are to come.
type PeopleFilter struct {
	Word  string     // beginning of a word they are looked for under; empty: everybody
	Reach org.UnitID // with a duty in its subtree, or with none anywhere; zero: everybody
	Unit  org.UnitID // with a duty in its subtree; it is to lie within the reach, in whose place it then stands
	Today law.Day
	After PeopleCursor
	Limit int
}

// FoundPerson is a person of a list and their position in it.
type FoundPerson struct {
	PersonRow
	At PeopleCursor
}

// People returns a page of people: in the order of id, or of the word that finds them, each under the first one only.
func (t *Tx) People(ctx context.Context, f PeopleFilter) ([]FoundPerson, error) {
	q := peoplePage(f)
	return Collect(ctx, t, q.stmt("person.list"), func(r *Row) (FoundPerson, error) {
		var p FoundPerson
		err := r.Scan(&p.ID, &p.SignIn, &p.Name, &p.Password, &p.MustChange, &p.Disabled, &p.CreatedUS, &p.At.Word)
		p.At.ID = p.ID
		return p, err
	}, q.args...)
}

// lastRune sorts behind every letter and digit: what begins with a word lies between the word and the word with it.
const lastRune = "\U0010FFFF"

func peoplePage(f PeopleFilter) *query {
	if f.Word == "" {
		q := newQuery(`select ` + personColumns + `, '' from person p where p.user_id > `).arg(int64(f.After.ID))
		return q.reached(f).text(` order by p.user_id limit `).arg(f.Limit)
	}
	q := newQuery(`select ` + personColumns + `, w.word from person_word w join person p on p.user_id = w.user_id where `)
	if f.After == (PeopleCursor{}) {
		q.text(`w.word >= `).arg(f.Word)
	} else {
		q.text(`(w.word, w.user_id) > (`).arg(f.After.Word).text(`, `).arg(int64(f.After.ID)).text(`)`)
	}
	q.text(` and w.word < `).arg(f.Word + lastRune)
	q.text(` and not exists (select 1 from person_word s where s.user_id = w.user_id and s.word >= `).arg(f.Word).text(` and s.word < w.word)`)
	return q.reached(f).text(` order by w.word, w.user_id limit `).arg(f.Limit)
}

// reached adds whom a list of people is for.
func (q *query) reached(f PeopleFilter) *query {
	under := func(unit org.UnitID) {
		q.text(`exists (select 1 from duty d join unit_path u on u.unit_id = d.unit_id where d.user_id = p.user_id and u.ancestor_id = `).arg(int64(unit))
		q.text(` and (d.until_day = '' or d.until_day > `).arg(f.Today.String()).text(`))`)
	}
	switch {
	case f.Unit != 0:
		q.text(` and `)
		under(f.Unit)
	case f.Reach != 0:
		q.text(` and (`)
		under(f.Reach)
		q.text(` or not exists (select 1 from duty d where d.user_id = p.user_id and (d.until_day = '' or d.until_day > `).arg(f.Today.String()).text(`)))`)
	}
	return q
}
