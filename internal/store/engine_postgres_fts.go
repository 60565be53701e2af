package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	words "huiyin/internal/query"
)

// PostgreSQL keeps the tokens of texts, separated by blanks, in matter_word (body) with a GIN index over them, and the keys of what was said in sketch_key, from which
// the newest with a key are read in order. GIN gives what it finds in no order, so each text also carries the numbers of the windows in which its matter lies: a search looks
// through the newest window first and through greater ones only where there was little in the smaller, and never gathers all that have a common word.

const (
	windowBits   = 12 // the smallest window: 4,096 matters
	windowGrowth = 4  // each is sixteen of the one below
	windowLevels = 3
	windowRounds = 2 // of one size before the next, as the first may be nearly empty
)

// windowToken is what a text carries to say that its matter lies in a window. No token of a text begins so.
func windowToken(home, n int64, level int) string {
	return "#" + strconv.FormatInt(home, 36) + "." + strconv.Itoa(level) + "." + strconv.FormatInt(n>>(windowBits+windowGrowth*level), 36)
}

func (*postgresEngine) indexText(t *Tx, id int64, tokens string) error {
	const put = `insert into matter_word (home, matter_id, body) values ($1, $2, $3) on conflict (home, matter_id) do update set body = excluded.body`
	ref := searchRef(id)
	body := make([]string, 0, windowLevels+1)
	for level := range windowLevels {
		body = append(body, windowToken(ref.Home, ref.N, level))
	}
	return t.atEnd(id, Named("word.put", put), ref.Home, ref.N, strings.TrimSuffix(strings.Join(append(body, tokens), " "), " "))
}

func (e *postgresEngine) matchText(ctx context.Context, t *Tx, s Search) (ids []int64, err error) {
	const top = `select coalesce(max(matter_id), 0) from matter_word where home = $1`
	from := searchRef(s.From)
	newest, err := One(ctx, t, Named("word.top", top), Int64, from.Home)
	if err != nil {
		return nil, err
	}
	before := newest + 1
	if s.Before != math.MaxInt64 {
		if b := searchRef(s.Before); b.Home == from.Home {
			before = min(before, b.N)
		}
	}
	for round := 0; before > from.N && len(ids) < s.Limit; round++ {
		level, low, window := round/windowRounds, from.N, ""
		if level < windowLevels {
			size := int64(1) << (windowBits + windowGrowth*level)
			low, window = max(low, (before-1)/size*size), windowToken(from.Home, before-1, level)
		}
		q := matching(s.Query, from.Home, window).text(` and matter_id >= `).arg(low).text(` and matter_id < `).arg(before)
		q.text(` order by matter_id desc limit `).arg(s.Limit - len(ids))
		found, err := Collect(ctx, t, q.stmt("word.match"), Int64, q.args...)
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			ids = append(ids, searchID(matter.Ref{Home: from.Home, N: n}))
		}
		before = low
	}
	return ids, nil
}

// matching is the statement that gives the matters of a home, in a window if one is given, whose texts fit: the index is asked for the tokens, the text whether they
// stand side by side.
func matching(w words.Query, home int64, window string) *query {
	q := newQuery(`with hit as materialized (select matter_id, body from matter_word where home = `).arg(home)
	q.text(` and array_to_tsvector(string_to_array(body, ' ')) @@ `).arg(tsquery(w, window)).text(`::text::tsquery) select matter_id from hit where 1 = 1`)
	for _, p := range w.Want {
		if len(p.Tokens) > 1 {
			q.text(` and `).stands(p)
		}
	}
	for _, p := range w.Not {
		if len(p.Tokens) > 1 {
			q.text(` and not `).stands(p)
		}
	}
	return q
}

// stands is the condition that a phrase stands in a text.
func (q *query) stands(p words.Phrase) {
	phrase := " " + strings.Join(p.Tokens, " ")
	if !p.Open {
		phrase += " "
	}
	q.text(`strpos(' ' || body || ' ', `).arg(phrase).text(`::text) > 0`)
}

// tsquery writes the tokens that must be there, and those that must not, as the type tsquery reads them. Nothing that was typed stands outside quotes.
func tsquery(w words.Query, window string) string {
	var parts []string
	quote := strings.NewReplacer(`'`, `''`, `\`, `\\`)
	lexeme := func(token string, open bool) string {
		out := "'" + quote.Replace(token) + "'"
		if open {
			out += ":*"
		}
		return out
	}
	if window != "" {
		parts = append(parts, lexeme(window, false))
	}
	for _, p := range w.Want {
		for i, token := range p.Tokens {
			parts = append(parts, lexeme(token, p.Open && i == len(p.Tokens)-1))
		}
	}
	for _, p := range w.Not {
		if len(p.Tokens) == 1 {
			parts = append(parts, "!"+lexeme(p.Tokens[0], p.Open))
		}
	}
	return strings.Join(parts, " & ")
}

func (*postgresEngine) amongText(ctx context.Context, t *Tx, w words.Query, home int64, numbers []int64, _ int64) ([]int64, error) {
	q := newQuery(`select matter_id from matter_word where home = `).arg(home).text(` and matter_id in (`).numbers(numbers).text(`)`)
	for _, p := range w.Want {
		q.text(` and `).stands(p)
	}
	for _, p := range w.Not {
		q.text(` and not `).stands(p)
	}
	return Collect(ctx, t, q.stmt("word.among"), Int64, q.args...)
}

func (e *postgresEngine) countText(ctx context.Context, t *Tx, q words.Query, from, downTo matter.Ref, limit int) (int64, error) {
	ids, err := e.matchText(ctx, t, Search{Query: q, From: searchID(downTo), Before: searchID(from) + 1, Limit: limit})
	return int64(len(ids)), err
}

func (*postgresEngine) putKeys(ctx context.Context, t *Tx, ref matter.Ref, keys []uint64) error {
	const before = `select keys from sketch where home = $1 and matter_id = $2`
	const put = `insert into sketch (home, matter_id, keys) values ($1, $2, $3) on conflict (home, matter_id) do update set keys = excluded.keys`
	const gone = `delete from sketch_key where home = $1 and matter_id = $2 and key = any ($3::bigint[])`
	const add = `insert into sketch_key (home, key, matter_id) select $1, k, $2 from unnest($3::bigint[]) k on conflict (home, key, matter_id) do nothing`
	old, err := One(ctx, t, Named("sketch.before", before), func(r *Row) ([]byte, error) {
		var b []byte
		err := r.Scan(&b)
		return b, err
	}, ref.Home, ref.N)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	packed, list := packKeys(keys)
	if bytes.Equal(old, packed) && err == nil {
		return nil
	}
	if len(old) > 0 {
		if err := t.put(ctx, Named("sketch.gone", gone), ref.Home, ref.N, unpackKeys(old)); err != nil {
			return err
		}
	}
	if err := t.put(ctx, Named("sketch.keep", put), ref.Home, ref.N, packed); err != nil {
		return err
	}
	return t.put(ctx, Named("sketch.add", add), ref.Home, ref.N, list)
}

const keyBytes = 5 // keyBits

// packKeys writes keys one after the other, keyBits each.
func packKeys(keys []uint64) (packed []byte, list []int64) {
	packed = []byte{}
	for _, k := range keys {
		k &= 1<<keyBits - 1
		list = append(list, int64(k))
		packed = append(packed, binary.BigEndian.AppendUint64(nil, k)[8-keyBytes:]...)
	}
	return packed, list
}

func unpackKeys(packed []byte) (list []int64) {
	for ; len(packed) >= keyBytes; packed = packed[keyBytes:] {
		var k int64
		for _, b := range packed[:keyBytes] {
			k = k<<8 | int64(b)
		}
		list = append(list, k)
	}
	return list
}

func (*postgresEngine) withKeys(ctx context.Context, t *Tx, home int64, keys []uint64, reach int) ([]int64, error) {
	const newest = `select x.matter_id from unnest($2::bigint[]) k cross join lateral
		(select s.matter_id from sketch_key s where s.home = $1 and s.key = k order by s.matter_id desc limit $3) x`
	if len(keys) == 0 {
		return nil, nil
	}
	_, list := packKeys(keys)
	return Collect(ctx, t, Named("sketch.newest", newest), Int64, home, list, reach)
}

// mergeIndex puts what has gathered in front of the index, which every search reads through, into the index.
func (e *postgresEngine) mergeIndex(ctx context.Context, t *Tx) (more bool, err error) {
	if e.apart() {
		return false, mergeAll(ctx, t)
	}
	const merge = `select gin_clean_pending_list('matter_word_words')`
	_, err = One(ctx, t, Named("word.merge", merge), Int64)
	if err != nil {
		err = fmt.Errorf("merge: %w", err)
	}
	return false, err
}
