package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/find"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const (
	// around is how many characters beside what is marked are shown, and wholeText how long a text may be to be shown whole.
	around    = 24
	wholeText = 300
)

// sideBySide sets an entry beside matters that may be the same: why each may be, and what both say, with what is alike marked.
func (s *Site) sideBySide(t *i18n.Speaker, in matter.Intake, found usecase.Repeats) ui.SideBySideProps {
	here := s.fullPlaceName(t, in.Place)
	p := ui.SideBySideProps{
		Title: t.T("desk.same.this"), Choices: []ui.Option{{Value: "link", Text: t.T("desk.same.link")}, {Value: "no", Text: t.T("desk.same.no")}},
		Facts: []ui.Fact{{Term: t.T("form.place"), Text: here}, {Term: t.T("form.title"), Text: in.Title}, {Term: t.T("form.demands"), Text: t.List(in.Demands)}},
	}
	for _, r := range found.List {
		stands, words := chip(t, r.Row, s.Office.Today())
		c := ui.Candidate{
			Title: r.Ref.String(), Href: matterPath(r.Ref), Light: stands, Left: words,
			Facts: []ui.Fact{
				{Term: t.T("form.place"), Parts: ui.Mark(s.fullPlaceName(t, r.Row.Place), here)},
				{Term: t.T("form.title"), Parts: alike(in.Title, titleText(t, r.Row))},
				{Term: t.T("desk.holder"), Text: unitName(t, r.RowView.Unit)},
				{Term: t.T("desk.stands"), Text: t.T("state." + string(r.State)), Note: t.T("desk.same.received", "day", t.FullDay(r.Received))},
			},
			Choice: ui.FieldProps{Name: "same." + r.Ref.String(), Label: t.T("desk.same"), HideLabel: true},
		}
		if why := s.reasons(t, r); len(why) > 0 {
			c.Facts = append(c.Facts, ui.Fact{Term: t.T("desk.same.why"), Text: strings.Join(why, t.T("desk.same.and"))})
		}
		if !r.Open {
			c.Choice, c.Note = ui.FieldProps{}, t.T("desk.same.ended")
		}
		if len(r.Passages)+len(r.Here) > 0 {
			c.Here, c.There = passages(found.Text, r.Text, r.Passages, r.Here, r.There)
		}
		p.Candidates = append(p.Candidates, c)
	}
	return p
}

// reasons say why a matter may be the same, the weightiest first.
func (s *Site) reasons(t *i18n.Speaker, r usecase.Repeat) []string {
	var out []string
	switch {
	case r.Percent == 100:
		out = append(out, t.T("desk.why.same"))
	case r.Percent >= usecase.RepeatPercent:
		out = append(out, t.T("desk.why.text", "percent", r.Percent))
	}
	if r.Told() {
		out = append(out, t.T("desk.why.told"))
	}
	if r.Person {
		out = append(out, t.T("desk.why.person"))
	}
	if r.Title {
		out = append(out, t.T("desk.why.title"))
	}
	if place, ok := s.Office.Places.Place(r.Place); ok {
		out = append(out, t.T("desk.why.place", "place", s.placeName(t, place)))
	}
	if r.Unit.ID != 0 {
		out = append(out, t.T("desk.why.unit", "unit", unitName(t, r.Unit)))
	}
	if len(out) == 0 {
		return nil // looked up by its number
	}
	if r.Days == 0 {
		return append(out, t.T("desk.why.today"))
	}
	return append(out, t.T("desk.why.days", "n", r.Days))
}

// passages are the two texts with what they have in common marked, stretches and single words; of long ones only what is around that.
func passages(here, there string, found []find.Passage, x, y []find.Range) (a, b []ui.Part) {
	for _, p := range found {
		x, y = append(x, p.Here), append(y, p.There)
	}
	return excerpt(here, x), excerpt(there, y)
}

// alike is a title with what stands in another, too, marked.
func alike(other, title string) []ui.Part {
	const least, most = 3, 9
	_, b := passages(other, title, find.Passages(find.Read(other), find.Read(title), least, most), nil, nil)
	return b
}

// excerpt marks ranges of a text, which may overlap, and leaves out what is far from all of them.
func excerpt(text string, ranges []find.Range) []ui.Part {
	ranges = slices.Clone(ranges)
	slices.SortFunc(ranges, func(a, b find.Range) int { return cmp.Compare(a.From, b.From) })
	whole := utf8.RuneCountInString(text) <= wholeText
	var out []ui.Part
	plain := func(s string, first, last bool) {
		if runes := []rune(s); !whole && len(runes) > 2*around {
			head, tail := string(runes[:around]), string(runes[len(runes)-around:])
			switch {
			case first:
				s = "…" + tail
			case last:
				s = head + "…"
			default:
				s = head + "…" + tail
			}
		}
		if s != "" {
			out = append(out, ui.Part{Text: s})
		}
	}
	at := 0
	for _, r := range ranges {
		r.From = max(r.From, at)
		if r.To <= r.From {
			continue
		}
		plain(text[at:r.From], at == 0, false)
		out = append(out, ui.Part{Text: text[r.From:r.To], Hit: true})
		at = r.To
	}
	plain(text[at:], false, true)
	return out
}
