package usecase

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Settings are what an office says of itself.
type Settings struct {
	Title        string // of the site
	TitleEnglish string
	HostName     string // the body that runs it, for the foot of each page
	HostEnglish  string
	Place        int64  // division code where the place picker opens
	Lang         string // language of a reader who named none: zh or en
	Demo         bool   // everything here is invented; pages say so
}

// product is the title until one is given.
const product = "Huiyin"

// Name returns the title of the site, in English when that is wanted and there is one.
func (s Settings) Name(english bool) string {
	switch {
	case english && s.TitleEnglish != "":
		return s.TitleEnglish
	case s.Title != "":
		return s.Title
	default:
		return product
	}
}

// Host returns the name of the body that runs the site, in English when that is wanted and there is one.
func (s Settings) Host(english bool) string {
	if english && s.HostEnglish != "" {
		return s.HostEnglish
	}
	return s.HostName
}

// The names under which settings are stored.
const (
	settingTitle        = "title"
	settingTitleEnglish = "title_en"
	settingHost         = "host"
	settingHostEnglish  = "host_en"
	settingPlace        = "place"
	settingLang         = "lang"
	settingDemo         = "demo"
)

const flagOn = "yes"

func readSettings(m map[string]string) *Settings {
	place, err := strconv.ParseInt(m[settingPlace], 10, 64)
	if err != nil {
		place = 0 // never set
	}
	lang := m[settingLang]
	if lang == "" {
		lang = "zh"
	}
	return &Settings{
		Title: m[settingTitle], TitleEnglish: m[settingTitleEnglish], HostName: m[settingHost], HostEnglish: m[settingHostEnglish],
		Place: place, Lang: lang, Demo: m[settingDemo] == flagOn,
	}
}

func (s Settings) check(o *Office) []errs.Field {
	var out []errs.Field
	for path, text := range map[string]string{"title": s.Title, "title_english": s.TitleEnglish, "host": s.HostName, "host_english": s.HostEnglish} {
		if n := utf8.RuneCountInString(text); n > matter.MaxLine {
			out = append(out, errs.F(path, "field.long", "max", matter.MaxLine, "n", n))
		}
	}
	if s.Title == "" {
		out = append(out, errs.F("title", "field.required"))
	}
	if _, ok := o.Places.Place(s.Place); !ok {
		out = append(out, errs.F("place", "intake.place_unknown"))
	}
	if s.Lang != "zh" && s.Lang != "en" {
		out = append(out, errs.F("lang", "field.choice"))
	}
	return out
}

// Settings returns the settings as they are now.
func (o *Office) Settings() Settings { return *o.settings.Load() }

// SaveSettings changes what the office says of itself. Whether it is a demonstration only the operator says.
func (o *Office) SaveSettings(ctx context.Context, who org.Actor, s Settings) error {
	if err := need(who, org.RoleAdmin); err != nil {
		return err
	}
	was := o.Settings()
	if who.Kind != org.ActorSystem {
		s.Demo = was.Demo
	}
	s.Title, s.TitleEnglish = strings.TrimSpace(s.Title), strings.TrimSpace(s.TitleEnglish)
	s.HostName, s.HostEnglish = strings.TrimSpace(s.HostName), strings.TrimSpace(s.HostEnglish)
	if err := errs.Fields(s.check(o)); err != nil {
		return err
	}
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error { return o.saveSettings(ctx, t, who, was, s) }); err != nil {
		return err
	}
	return o.Reload(ctx)
}

func (o *Office) saveSettings(ctx context.Context, t *store.Tx, who org.Actor, was, s Settings) error {
	before, after := was.stored(), s.stored()
	for name, value := range after {
		if before[name] == value {
			continue
		}
		if err := t.SetSetting(ctx, name, value); err != nil {
			return err
		}
	}
	return o.noteChange(ctx, t, who, changeSettings, 0, before, after)
}

// stored is how the settings lie in the store.
func (s Settings) stored() map[string]string {
	m := map[string]string{
		settingTitle: s.Title, settingTitleEnglish: s.TitleEnglish, settingHost: s.HostName, settingHostEnglish: s.HostEnglish, settingLang: s.Lang,
		settingPlace: strconv.FormatInt(s.Place, 10), settingDemo: "",
	}
	if s.Demo {
		m[settingDemo] = flagOn
	}
	return m
}
