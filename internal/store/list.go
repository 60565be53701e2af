package store

import (
	"context"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// MaxCount caps what is counted one by one: a page shows "1,000+" beyond it.
const MaxCount = 1000

// Matters returns a page of matters within the scope, in the order of their next legal day (the newest first where all has
// ended), at most f.Limit rows.
func (t *Tx) Matters(ctx context.Context, scope org.Scope, who org.UserID, unit org.UnitID, f matter.Filter) ([]matter.Row, error) {
	few, err := t.few(ctx, scope, f)
	if err != nil {
		return nil, err
	}
	q := matterPage(scope, who, unit, f, few)
	return Collect(ctx, t, q.stmt("matter.list"), scanMatter, q.args...)
}

// matterPage is the statement of a page of a list.
func matterPage(scope org.Scope, who org.UserID, unit org.UnitID, f matter.Filter, few bool) *query {
	q := newQuery(`select `+matterColumns+` from `).matters(scope, who, unit, f, few, false)
	descending := f.View == matter.ViewEnded
	if f.After != (matter.Cursor{}) {
		if descending {
			q.text(` and (m.home, m.matter_id) < (`).arg(f.After.Home).text(`, `).arg(f.After.N).text(`)`)
		} else {
			q.text(` and (m.due_day, m.home, m.matter_id) > (`).arg(f.After.Due).text(`, `).arg(f.After.Home).text(`, `).arg(f.After.N).text(`)`)
		}
	}
	if descending {
		q.text(` order by m.home desc, m.matter_id desc limit `)
	} else {
		q.text(` order by m.due_day, m.home, m.matter_id limit `)
	}
	return q.arg(min(max(f.Limit, 1), matter.MaxPage+1))
}

// CountMatters counts what a list holds, up to one more than most, at most MaxCount+1.
func (t *Tx) CountMatters(ctx context.Context, scope org.Scope, who org.UserID, unit org.UnitID, f matter.Filter, most int) (int64, error) {
	counts, err := t.CountViews(ctx, scope, who, unit, []matter.Filter{f}, most)
	return counts[f.View], err
}

// matterCount is the statement of a count.
func matterCount(scope org.Scope, who org.UserID, unit org.UnitID, f matter.Filter, most int, few bool) *query {
	q := newQuery(`select count(*) from (select 1 from `).matters(scope, who, unit, f, few, true)
	return q.text(` limit `).arg(min(most, MaxCount) + 1).text(`) x`)
}

// list adds the conditions of a filter. Each starts with what its index starts with.
func (q *query) list(who org.UserID, unit org.UnitID, f matter.Filter, counting bool) *query {
	ahead, _ := f.View.Ahead()
	switch f.View {
	case matter.ViewUnsigned:
		q.text(`m.state = 'forwarded' and `).rareOpen(f)
	case matter.ViewWaiting:
		q.text(`m.turn = 'material' and `).rareOpen(f)
	case matter.ViewEnded:
		q.text(`m.due_day = '9' and m.merged_into = 0 and m.is_open = `).arg(false)
	case matter.ViewNew:
		q.text(`m.state in ('registered', 'screened') and `)
		if counting {
			q.rareOpen(f)
		} else { // a page goes by the days of what is open
			q.text(`m.is_open = `).arg(true)
		}
	case matter.ViewToday, matter.ViewThree, matter.ViewSoon:
		q.text(`m.due_day >= `).arg(f.Today.String())
		if f.Latest.Known() { // so that no more is read than what is due about then
			q.text(` and m.due_day <= `).arg(f.Latest.String())
		} else {
			q.text(` and m.due_day < '9'`)
		}
		q.text(` and m.due_safe_day <= `).arg(f.Today.Add(ahead).String()).text(` and m.is_open = `).arg(true)
	case matter.ViewLate:
		q.text(`m.due_day < `).arg(f.Today.String()).text(` and m.is_open = `).arg(true)
	case matter.ViewAny:
		q.text(`m.merged_into = 0`)
	case matter.ViewOpen:
		q.text(`m.is_open = `).arg(true)
	default:
		q.text(`m.is_open = `).arg(true)
	}
	switch f.List {
	case matter.ListMine:
		q.text(` and m.handler_id = `).arg(int64(who))
	case matter.ListUnit:
		q.text(` and m.unit_id = `).arg(int64(unit))
	case matter.ListAll:
	}
	if f.Unit != 0 {
		q.text(` and m.unit_id = `).arg(int64(f.Unit))
	}
	if f.Category != "" {
		from, to := categoryRange(f.Category)
		q.text(` and m.category >= `).arg(from).text(` and m.category < `).arg(to)
	}
	if f.Place != 0 {
		from, to := placeRange(f.Place)
		q.text(` and m.place >= `).arg(from).text(` and m.place < `).arg(to)
	}
	return q
}

// rareOpen asks for what is open of a stage that few are in: where no unit or person narrows the list, in words that do not lead an engine without figures of its tables
// (SQLite) through all that is open.
func (q *query) rareOpen(f matter.Filter) {
	if f.List == matter.ListAll && f.Unit == 0 {
		q.text(`m.is_open <> `).arg(false)
		return
	}
	q.text(`m.is_open = `).arg(true)
}

// searchBits is how many bits of a search id hold the number within its home.
const searchBits = 36

// searchID is a matter's id in the full text, unique over homes.
func searchID(ref matter.Ref) int64 { return ref.Home<<searchBits | ref.N }

func searchRef(id int64) matter.Ref {
	return matter.Ref{Home: id >> searchBits, N: id & (1<<searchBits - 1)}
}

// IndexMatter makes a matter findable by its words. A sealed one never is.
func (t *Tx) IndexMatter(ref matter.Ref, words string) error {
	return t.IndexText(searchID(ref), words)
}

// IndexTokens is IndexMatter for who has cut the words into tokens before (query.Line), while nobody waited.
func (t *Tx) IndexTokens(ref matter.Ref, tokens string) error {
	return t.store.engine.indexText(t, searchID(ref), tokens)
}
