package matter

import (
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Remedy is one thing that a petitioner can do next, or what the law says where nothing more can be done. Code names its text, remedy.<code>.
type Remedy struct {
	Code    string
	Act     Act        // the step by which it is taken here; empty where it lies outside
	Organs  []org.Unit // to which of these; the petitioner chooses between several
	Clock   *Clock     // until which day, with how the day was counted
	Article string
	Figure  *law.Figure // the local text that says what a passed window means
	Organ   string      // of another lawful way or the competent organ, as it was told
	Route   Route
	How     string
	Guide   *Guide // what the office's rule says of that way
}

// The codes of remedies.
const (
	RemedyReview      = "review"       // a review may be asked for
	RemedyReReview    = "rereview"     // a re-review may be asked for
	RemedyPending     = "pending"      // the organ has to give its opinion by the day
	RemedyLapsed      = "lapsed"       // the last day passed unused
	RemedyLapsedFinal = "lapsed_final" // and the law of the place says that this ends the procedure
	RemedyFinal       = "final"        // the procedure is at its end; new facts or reasons open it anew, and care goes on
	RemedyAgreed      = "agreed"       // what was agreed is to be done; the office presses it
	RemedyDiverted    = "diverted"     // the other lawful way that was named
	RemedyElsewhere   = "elsewhere"    // the competent organ that was named
	RemedyRunning     = "running"      // the same matter is being handled: its answer is to come
	RemedyLevel       = "level"        // the organ of the right level
	RemedyCorrection  = "correction"   // the superior organ corrects a wrong refusal (第四十三、四十四条)
	RemedyAnew        = "anew"         // a withdrawn submission may be filed again
)

// Remedies lists the codes.
func Remedies() []string {
	return []string{
		RemedyReview, RemedyReReview, RemedyPending, RemedyLapsed, RemedyLapsedFinal, RemedyFinal, RemedyAgreed, RemedyDiverted, RemedyElsewhere,
		RemedyRunning, RemedyLevel, RemedyCorrection, RemedyAnew,
	}
}

// Remedies returns what the petitioner of a submission can do next on the day, by state and law. What cannot be done is not among them: a
// remedy that names an act is there exactly when May allows the petitioner that act.
func (m *Matter) Remedies(ref Ref, e Env) ([]Remedy, error) {
	if _, linked := m.Submission(ref); !linked {
		return nil, nil
	}
	if m.isWithdrawn(ref) {
		return []Remedy{{Code: RemedyAnew, Article: "art19"}}, nil
	}
	done := m.State == StateCompleted
	switch {
	case m.State == StateDiverted, done && m.Route != "" && m.Route != RoutePetition:
		return []Remedy{{Code: RemedyDiverted, Organ: m.Told.Organ, Route: m.Route, How: m.Told.How, Guide: m.Told.Guide, Article: "art31"}}, nil
	case m.State == StateDeclined, done && m.Ground != "":
		return m.declinedRemedies(), nil
	case m.State == StateFinalDeclined:
		return []Remedy{{Code: RemedyFinal, Article: "art36"}}, nil
	case m.State == StateAgreed, done && m.Agreed.Known() && len(m.Services) == 0:
		return []Remedy{{Code: RemedyAgreed, Article: "art33"}}, nil
	}
	return m.opinionRemedies(ref, e)
}

// declinedRemedies is what the law gives whom 不予受理 was told.
func (m *Matter) declinedRemedies() []Remedy {
	wrong := Remedy{Code: RemedyCorrection, Article: "art44"}
	switch m.Ground {
	case DeclinePending:
		return []Remedy{{Code: RemedyRunning, Article: "art19"}, wrong}
	case DeclineWrongLevel:
		return []Remedy{{Code: RemedyLevel, Organ: m.Told.Organ, Article: "art20"}, wrong}
	case DeclineElsewhere:
	}
	return []Remedy{{Code: RemedyElsewhere, Organ: m.Told.Organ, Article: "art23"}, wrong}
}

// opinionRemedies is what follows an opinion.
func (m *Matter) opinionRemedies(ref Ref, e Env) ([]Remedy, error) {
	s, ok := m.Stands(ref)
	if !ok {
		return nil, nil
	}
	clocks, err := m.Clocks(e.Rules)
	if err != nil {
		return nil, err
	}
	if s.Tier == TierReReview {
		return []Remedy{{Code: RemedyFinal, Article: "art36"}}, nil
	}
	tier, act, code := TierReview, ActRequestReview, RemedyReview
	if s.Tier == TierReview {
		tier, act, code = TierReReview, ActRequestReReview, RemedyReReview
	}
	own := e
	own.Actor = org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}
	own.Powers = []Power{PowerPetitioner}
	var out []Remedy
	find := func(fits func(Clock) bool) *Clock {
		for _, c := range clocks {
			if fits(c) {
				return &c
			}
		}
		return nil
	}
	for i := range m.Reviews {
		if r := &m.Reviews[i]; r.Open() && m.InReview(ref, r.N) {
			out = append(out, Remedy{Code: RemedyPending, Article: r.Tier.article(), Clock: find(func(c Clock) bool {
				return c.Review == r.N && c.Rule == r.Tier.rule()
			})})
		}
	}
	window := find(func(c Clock) bool {
		return c.Petitioner && c.Submission == ref && c.Rule == tier.window() && c.From == s.Service.On && c.Review == s.Review
	})
	switch err := m.May(act, own); {
	case err == nil:
		a, err := m.mayAsk(ref, tier, own)
		if err != nil {
			return nil, err
		}
		out = append(out, Remedy{Code: code, Act: act, Organs: a.organs, Clock: window, Article: tier.article()})
	case errs.CodeOf(err) == "act.review.late":
		lapsed := Remedy{Code: RemedyLapsed, Clock: window, Article: tier.article()}
		if f, says := e.Rules.Set.Figure(law.FigureLapse); says {
			lapsed.Code, lapsed.Figure = RemedyLapsedFinal, &f
		}
		out = append(out, lapsed)
	}
	return out, nil
}

// Against returns what may be asked for against the opinion of a tier on this matter: the next tier and its period, until which day once the day of service is
// known. It is TierFirst where nothing more may: against the answer to a suggestion or an enquiry, a re-review, or a review that sends the matter back.
func (m *Matter) Against(t Tier, result ReviewResult, served law.Day, rules Rules) (Tier, Term, error) {
	next := TierReview
	switch {
	case !m.Reviewable() || t == TierReReview || result == ReviewRedo:
		return TierFirst, Term{Until: law.NoDay}, nil
	case t == TierReview:
		next = TierReReview
	}
	rule, err := rules.Set.Rule(next.window())
	if errs.KindOf(err) == errs.NotFound {
		return next, Term{Until: law.NoDay}, nil
	}
	if err != nil {
		return TierFirst, Term{}, err
	}
	term := Term{N: rule.N, Unit: rule.Unit, Until: law.NoDay, Article: rule.Article}
	if served.Known() && served != 0 {
		_, term.Until, _, _ = law.Ends(rule, served, rules.Calendar)
	}
	return next, term, nil
}
