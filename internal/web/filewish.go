package web

import (
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/web/ui"
)

// The fields by which whoever files says how they want to be told.
const (
	wishSMS   = "wish.sms"
	wishMail  = "wish.mail"
	wishEmail = "petitioners.0.email"
	wishLang  = "wish.lang" // the language in which they read the form
)

// wishFields are those of the ways that the office has.
func wishFields(t *i18n.Speaker, p filePage) []ui.FieldProps {
	var out []ui.FieldProps
	if p.sms {
		out = append(out, ui.FieldProps{Name: wishSMS, Label: t.T("notice.file.sms"), Hint: t.T("notice.file.sms.hint"), Free: true})
	}
	if p.mail {
		out = append(out,
			ui.FieldProps{Name: wishMail, Label: t.T("notice.file.mail"), Free: true},
			ui.FieldProps{
				Name: wishEmail, Label: t.T("form.email"), Kind: "email", InputMode: "email", Autocomplete: "email", MaxLength: matter.MaxLine, Width: "width-30", Free: true,
			})
	}
	return out
}

// wish is by what means they want to be told; nil where they chose nothing, which leaves it to the office's way.
func (d *filing) wish() *matter.Wish {
	w := matter.Wish{SMS: d.Values.Get(wishSMS) == "yes", Mail: d.Values.Get(wishMail) == "yes", Lang: d.Values.Get(wishLang)}
	if !w.SMS && !w.Mail {
		return nil
	}
	return &w
}

// wishFacts is the choice, for checking it before it is sent.
func wishFacts(t *i18n.Speaker, p filePage) []ui.Fact {
	var out []ui.Fact
	if p.form.Value(wishSMS) == "yes" {
		out = append(out, ui.Fact{Term: t.T("notice.file.sms"), Text: t.T("notice.file.yes")})
	}
	if p.form.Value(wishMail) == "yes" {
		out = append(out, ui.Fact{Term: t.T("notice.file.mail"), Text: p.form.Value(wishEmail)})
	}
	return out
}
