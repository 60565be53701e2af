package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/reply"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// checkPart is what the reply check found, as a step's page shows it.
type checkPart struct {
	head  string
	lines []checkLine
	more  []string // what else there is to say of it
	asks  bool     // it needs a reason to go on
	opens bool     // the page opens on it: it was asked for
}

// checkLine is one finding.
type checkLine struct {
	light    ui.Light
	severity string
	text     string
	article  string
	where    string
	field    string // the control to mend it in; empty where the page has none
	words    []ui.Part
	matter   matter.Ref // whose reply it is like
}

// checkReply is the button that checks what is typed.
const checkReply = "check"

// checkedFor reports whether a page has to show the check: asked for, before a signature or a service, and where a step came back for want of a reason.
func checkedFor(c matter.Command, values url.Values, wrong error) bool {
	switch c.(type) {
	case *matter.Issue, *matter.Serve, *matter.IssueReview, *matter.ServeReview:
		return true
	case *matter.Drafting, *matter.Reply, *matter.DraftReview:
		return values.Get("do") == checkReply || lacksReason(wrong)
	default:
		return false
	}
}

// canCheck reports whether a page offers to check what is typed in it.
func canCheck(c matter.Command) bool {
	switch c.(type) {
	case *matter.Drafting, *matter.Reply, *matter.DraftReview:
		return true
	default:
		return false
	}
}

// lacksReason reports whether a step came back for want of a reason to let the reply go as it is.
func lacksReason(err error) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Path == "despite" })
}

// checked checks the reply of a step as it is typed or as it stands.
func (s *Site) checked(r *http.Request, v *visit, m usecase.MatterView, c matter.Command, values url.Values) (*checkPart, error) {
	tried, ok := matter.NewCommand(c.Act())
	if !ok {
		return nil, errs.E(errs.NotFound, "page.not_found")
	}
	fill(tried, values) // what cannot be read is told beside its field, and is not there for the check
	found, err := s.Office.CheckReply(r.Context(), v.who, m.Matter.Ref, tried)
	switch kind := errs.KindOf(err); {
	case err == nil:
	case kind == errs.Refused || kind == errs.Forbidden:
		return nil, nil //nolint:nilnil // the page says itself that the step is not open
	default:
		return nil, err
	}
	t, p := v.t, &checkPart{asks: found.Asks(), opens: values.Get("do") == checkReply}
	musts := len(reply.Musts(found.Findings))
	p.head = t.T("reply.summary", "must", musts, "should", len(found.Findings)-musts)
	if len(found.Findings) == 0 {
		p.head = t.T("reply.clean")
	}
	for _, f := range found.Findings {
		p.lines = append(p.lines, checkLineOf(t, f, found.Texts[f.Field], canCheck(c)))
	}
	if found.Compared > 0 {
		p.more = append(p.more, t.T("reply.compared", "n", found.Compared))
	}
	if found.Reasoned {
		p.more = append(p.more, t.T("reply.reasoned"))
	}
	return p, nil
}

// checkLineOf shows a finding with the words that it is about.
func checkLineOf(t *i18n.Speaker, f reply.Finding, words string, typed bool) checkLine {
	l := checkLine{
		light: ui.Soon, severity: t.T("reply.severity." + string(f.Severity)), text: t.Say("reply."+string(f.Code), f.Args), article: t.T("reply.own"), matter: f.Matter,
	}
	if len(f.At) > 0 {
		l.words = excerpt(words, f.At)
	}
	if f.Severity == reply.Must {
		l.light = ui.Late
	}
	if f.Article != "" {
		l.article = t.T("article." + f.Article)
	}
	if name := f.Field[strings.LastIndexByte(f.Field, '.')+1:]; name != "" {
		l.where = t.T("form." + name)
		if f.Demand > 0 {
			l.where = t.T("reply.where", "n", f.Demand, "field", l.where)
		}
		if typed {
			l.field = f.Field
		}
	}
	return l
}

// withoutReason takes the field for the reason out of a form that does not ask for one.
func withoutReason(inputs []matter.Input, p *checkPart, wrong error) []matter.Input {
	if p != nil && p.asks || lacksReason(wrong) {
		return inputs
	}
	return slices.DeleteFunc(inputs, func(in matter.Input) bool { return in.Name == "despite" })
}
