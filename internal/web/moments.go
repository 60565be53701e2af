package web

import (
	"strings"

	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// toldMoments are the steps that a petitioner is told of, oldest first, and what comes next.
func (s *Site) toldMoments(t *i18n.Speaker, v usecase.TrackView) []ui.Moment {
	out := make([]ui.Moment, 0, len(v.Events)+1)
	teller := s.teller(t, v.Names)
	for _, e := range v.Events {
		head, text := firstClause(teller.tell("told.", e))
		m := ui.Moment{Title: head, Text: text, When: t.FullDay(e.Day), ISO: t.ISO(e.Day), Answer: given(e.Body)}
		switch e.Body.(type) {
		case matter.OpinionIssued, matter.Replied:
			if v.Answered {
				m.Links = []ui.Link{{Text: t.T("citizen.answer"), Href: "/my/answer"}}
			}
		default:
		}
		out = append(out, m)
	}
	if v.Matter.Open() && !v.Matter.IsWithdrawn(v.Submission.Ref) {
		next := ui.Moment{Title: t.T("citizen.next"), Text: turnWords(t, v), Ahead: true}
		if v.Clock != nil {
			next.When, next.ISO = t.T("citizen.latest", "day", v.Clock.Legal), t.ISO(v.Clock.Legal)
		}
		out = append(out, next)
	}
	return out
}

// firstClause parts a sentence that is too long for a head after its first clause.
func firstClause(words string) (head, text string) {
	if len([]rune(words)) <= headMost {
		return words, ""
	}
	end, size := len(words), 0
	for _, mark := range []string{"\uff1a", "\uff0c", "\u3002", "\uff1b", ": ", ", ", ". ", "; "} { // full-width ones are Chinese
		if i := strings.Index(words, mark); i > 0 && i < end {
			end, size = i, len(mark)
		}
	}
	return words[:end], words[end+size:]
}
