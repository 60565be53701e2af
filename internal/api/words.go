package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// Words of fixed sets. Their schemas list what the domain lists, so the description cannot lag behind.
type (
	channelWord  string
	kindWord     string
	purposeWord  string
	levelWord    string
	partyWord    string
	stateWord    string
	outcomeWord  string
	gradeWord    string
	serviceWord  string
	modeWord     string
	actWord      string
	listWord     string
	viewWord     string
	foundWord    string
	unitKindWord string
)

// Schema lists the words.
func (channelWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.Channels()) }

// Schema lists the words.
func (kindWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.Kinds()) }

// Schema lists the words.
func (purposeWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.Purposes()) }

// Schema lists the words.
func (levelWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.Levels()) }

// Schema lists the words.
func (partyWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.PartyRoles()) }

// Schema lists the words.
func (stateWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.States()) }

// Schema lists the words.
func (outcomeWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.Outcomes()) }

// Schema lists the words.
func (gradeWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.Grades()) }

// Schema lists the words.
func (serviceWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.ServiceMethods()) }

// Schema lists the words.
func (modeWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.ForwardModes()) }

// Schema lists the words.
func (listWord) Schema(huma.Registry) *huma.Schema {
	return oneOf([]matter.List{matter.ListUnit, matter.ListAll}) // nothing is assigned to a machine
}

// Schema lists the words.
func (viewWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.Views()) }

// foundViews stand for several stages in a search.
func foundViews() []matter.View {
	return []matter.View{matter.ViewAny, matter.ViewOpen, matter.ViewEnded}
}

// Schema lists the words: what stands for several stages, and the stages.
func (foundWord) Schema(huma.Registry) *huma.Schema {
	s := oneOf(foundViews())
	s.Enum = append(s.Enum, oneOf(matter.States()).Enum...)
	return s
}

// Schema lists the words.
func (unitKindWord) Schema(huma.Registry) *huma.Schema { return oneOf(org.UnitKinds()) }

// Schema lists the words.
func (actWord) Schema(huma.Registry) *huma.Schema {
	var acts []matter.Act
	for _, row := range matter.National().Rows() {
		acts = append(acts, row.Act)
	}
	return oneOf(acts)
}

func oneOf[T ~string](words []T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, w := range words {
		s.Enum = append(s.Enum, string(w))
	}
	return s
}

// date is a legal day in an answer, 2006-01-02; empty fields of this type are left out.
type date string

// Schema is that of a date.
func (date) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2026-09-28"}}
}

func dateOf(d law.Day) date { return date(d.String()) }

// refText is a registration number.
type refText string

const refPattern = `^[0-9]{2,12}-[0-9]{4}-[0-9]{7}$`

// Schema is that of a registration number.
func (refText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: refPattern, Examples: []any{exampleRef}}
}

func refOf(r matter.Ref) refText { return refText(r.String()) }

const exampleRef = "330112-2026-0000123"

// instant is microseconds UTC as an answer gives them.
func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }

// list maps a slice; the result is never nil, so that an answer has [] and not null.
func list[T, U any](in []T, f func(T) U) []U {
	out := make([]U, 0, len(in))
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}
