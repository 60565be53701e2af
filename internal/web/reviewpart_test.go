package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

// Two petitioners of one matter who ask for the same in the same words each read what was said of their own demand.
func TestAReviewOfTheSameWords(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	first, second := matter.Ref{Home: 330112, N: 1}, matter.Ref{Home: 330112, N: 2}
	demands := []matter.Demand{{N: 1, Submission: first, Text: "补发工资"}, {N: 2, Submission: second, Text: "补发工资"}}
	m := &matter.Matter{Demands: demands, Reviews: []matter.Review{{
		Tier: matter.TierReview, Issued: law.NewDay(2026, 3, 2),
		Draft:    &matter.ReviewDraft{Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport}, {Demand: 2, Outcome: matter.OutcomeRefuse}}},
		Services: []matter.Service{{Submission: first, Method: matter.ServedByPost, On: law.NewDay(2026, 3, 3)}, {Submission: second, Method: matter.ServedByPost, On: law.NewDay(2026, 3, 3)}},
	}}}
	for i, want := range [][]int{{1}, {2}} {
		got := ownReviews(catalogue.For(i18n.Zh), usecase.TrackView{Matter: m, Submission: matter.Submission{Ref: demands[i].Submission}, Demands: demands[i : i+1]})
		var numbers []int
		for _, r := range got {
			for _, d := range r.demands {
				numbers = append(numbers, d.N)
			}
		}
		if d := cmp.Diff(want, numbers); d != "" {
			t.Errorf("petitioner %d reads %s", i+1, d)
		}
	}
}
