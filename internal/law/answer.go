package law

import "huiyin/internal/errs"

// A DueAnswer is a deadline as the command line and the API give it: the days, the article and the derivation in words.
type DueAnswer struct {
	Rule        RuleID    `json:"rule"`
	Name        string    `json:"name"`
	Article     string    `json:"article"`
	From        Day       `json:"from"`
	NominalEnd  Day       `json:"nominal_end"`
	LegalEnd    Day       `json:"legal_end"`
	SafeEnd     Day       `json:"safe_end"`
	Provisional bool      `json:"provisional"`
	Derivation  []DueStep `json:"derivation"`
}

// A DueStep is one line of the derivation: in words, and as the codes and values the words are made of, for a reader that is
// a program.
type DueStep struct {
	Day     Day            `json:"day"`
	Text    string         `json:"text"`
	Why     string         `json:"why,omitempty"`
	Result  bool           `json:"result,omitempty"`
	Code    string         `json:"code"`
	Args    map[string]any `json:"args,omitempty"`
	WhyCode string         `json:"why_code,omitempty"`
	WhyArgs map[string]any `json:"why_args,omitempty"`
}

// Answer puts a deadline into words. The words are say's: it gives the text of a code with its arguments in the
// reader's language.
func Answer(d Deadline, r Rule, say func(code string, args []errs.Arg) string) DueAnswer {
	a := DueAnswer{
		Rule: d.Rule, Name: say(r.NameCode, nil), Article: say("law.article", articleArgs(r)),
		From: d.From, NominalEnd: d.NominalEnd, LegalEnd: d.LegalEnd, SafeEnd: d.SafeEnd, Provisional: d.Provisional,
		Derivation: make([]DueStep, 0, len(d.Steps)),
	}
	for _, s := range d.Steps {
		step := DueStep{Day: s.Day, Text: say(s.Code, s.Args), Result: s.Result, Code: s.Code, Args: values(s.Args)}
		if s.Why != "" {
			step.Why, step.WhyCode, step.WhyArgs = say(s.Why, s.WhyArgs), s.Why, values(s.WhyArgs)
		}
		a.Derivation = append(a.Derivation, step)
	}
	return a
}

func values(args []errs.Arg) map[string]any {
	if len(args) == 0 {
		return nil
	}
	out := make(map[string]any, len(args))
	for _, a := range args {
		out[a.Key] = a.Value
	}
	return out
}
