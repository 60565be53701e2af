package main

import (
	"context"
	"encoding/json"
	"io"
	"regexp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// due counts a lawful period and shows how it is counted. It needs no data folder.
func due(_ context.Context, c *console, args []string) int {
	f := flags("due")
	rule := f.String("rule", "", "")
	from := f.String("from", "", "")
	jurisdiction := f.String("jurisdiction", "", "")
	extended := f.Int("extended", 0, "")
	approved := f.String("approved", "", "")
	by := f.String("by", "", "")
	asJSON := f.Bool("json", false, "")
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	if *rule == "" || *from == "" {
		return c.usage("due", c.T("cli.due.needed"))
	}
	answer, err := dueAnswer(c, law.RuleID(*rule), *from, *jurisdiction, *extended, *approved, *by)
	if err != nil { // the law itself cannot fail: what was asked cannot be answered
		c.explain(err)
		return exitUsage
	}
	if *asJSON {
		return c.json(answer)
	}
	c.line(string(answer.Rule) + " " + answer.Name + " · " + answer.Article)
	c.line("")
	for _, s := range answer.Derivation {
		mark := "  "
		if s.Result {
			mark = "→ "
		}
		line := mark + c.FullDay(s.Day) + "  " + s.Text
		if s.Why != "" {
			line += c.T("cli.due.why", "why", s.Why)
		}
		c.line(line)
	}
	c.line("")
	c.say("cli.due.ends", "nominal", answer.NominalEnd, "legal", answer.LegalEnd, "safe", answer.SafeEnd)
	if answer.Provisional {
		c.say("cli.due.provisional")
	}
	return 0
}

var ruleForm = regexp.MustCompile(`^D[0-9]{2}[a-z]?$`)

func dueAnswer(c *console, id law.RuleID, from, jurisdiction string, extended int, approved, by string) (law.DueAnswer, error) {
	if !ruleForm.MatchString(string(id)) {
		return law.DueAnswer{}, errs.E(errs.Invalid, "cli.due.rule", "rule", string(id))
	}
	day, err := law.ParseDay(from)
	if err != nil {
		return law.DueAnswer{}, err
	}
	set, err := law.DefaultBook().On(jurisdiction, day)
	if err != nil {
		return law.DueAnswer{}, err
	}
	r, err := set.Rule(id)
	if err != nil {
		return law.DueAnswer{}, err
	}
	calendar := law.DefaultCalendar()
	var options []law.Option
	if by != "" {
		end, err := law.ParseDay(by)
		if err != nil {
			return law.DueAnswer{}, err
		}
		if end < day {
			return law.DueAnswer{}, errs.E(errs.Invalid, "cli.due.by", "from", day, "by", end)
		}
		options = append(options, law.Fixed(end))
	} else if r.Unit == law.NamedDay {
		return law.DueAnswer{}, errs.E(errs.Invalid, "cli.due.named", "rule", string(id))
	}
	switch {
	case extended != 0 && approved == "", extended == 0 && approved != "":
		return law.DueAnswer{}, errs.E(errs.Invalid, "cli.due.extension")
	case extended != 0:
		on, err := law.ParseDay(approved)
		if err != nil {
			return law.DueAnswer{}, err
		}
		if err := law.CheckExtension(r, day, calendar, extended, on, options...); err != nil {
			return law.DueAnswer{}, err
		}
		options = append(options, law.Extended(extended, on))
	}
	return law.Answer(law.Compute(r, day, calendar, options...), r, c.Say), nil
}

// json writes a value for programs.
func (c *console) json(v any) int {
	if err := encode(c.out, v); err != nil {
		return c.fail(err)
	}
	return 0
}

func encode(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}
