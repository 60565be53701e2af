package api

import (
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
)

// remedyBody is one thing that a petitioner can do next, or what the law says where nothing more can be done.
type remedyBody struct {
	Code    string      `json:"code" example:"review"`
	Text    string      `json:"text" doc:"The same in words"`
	Act     string      `json:"act,omitempty" doc:"The act by which it is taken here; absent where it lies outside" example:"request_review"`
	Organs  []UnitBrief `json:"organs" doc:"To which of these; the petitioner chooses between several"`
	Until   date        `json:"until,omitempty" doc:"Last day"`
	Article string      `json:"article,omitempty"`
	Local   string      `json:"local_article,omitempty" doc:"Article of the local law that says what a passed window means"`
	Organ   string      `json:"organ,omitempty" doc:"The organ or body that was named"`
	Route   string      `json:"route,omitempty" doc:"The lawful way that was named"`
	How     string      `json:"how,omitempty"`
	Law     string      `json:"law,omitempty" doc:"By which law the other way goes"`
	Bring   string      `json:"bring,omitempty" doc:"What to bring there"`
	Limits  []string    `json:"limits,omitempty" doc:"Ids of the periods that run there, as information"`
}

func (a *API) remedyOf(t *i18n.Speaker, r matter.Remedy) remedyBody {
	b := remedyBody{
		Code: r.Code, Text: t.T("remedy." + r.Code), Act: string(r.Act), Organs: make([]UnitBrief, 0, len(r.Organs)), Article: article(t, r.Article),
		Organ: r.Organ, Route: string(r.Route), How: r.How,
	}
	for _, u := range r.Organs {
		b.Organs = append(b.Organs, a.unitBrief(u.ID))
	}
	if r.Clock != nil {
		b.Until = dateOf(r.Clock.Legal)
	}
	if g := r.Guide; g != nil {
		b.Law, b.Bring, b.Limits = g.Law, g.Bring, list(g.Limits, func(id law.RuleID) string { return string(id) })
		if t.Lang() == i18n.En && g.LawEnglish != "" {
			b.Law = g.LawEnglish
		}
		if t.Lang() == i18n.En && g.BringEnglish != "" {
			b.Bring = g.BringEnglish
		}
	}
	if f := r.Figure; f != nil {
		b.Local = t.Either(f.Article, f.ArticleEn)
	}
	return b
}
