package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/intake"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// The past of the demonstration county: matters of two years that are settled, so that figures, rankings and public outcomes have something to say.
const (
	// Past is how many there usually are.
	Past        = 400
	pastDays    = 730 // how far back they go
	pastEnds    = 75  // and up to how many days before today: all are over
	busyEnds    = 180 // the last quarter of them is busier, so that a rise shows
	busyPart    = 0.3
	latePart    = 0.05 // answered after the period of law
	usualDays   = 52   // within it
	lateDays    = 35
	ratedPart   = 0.6
	contentPart = 0.8
)

// settingPast marks that the past is there.
const settingPast = "demo.past"

// past is the file of what people used to write.
type past struct {
	Sender   string          `json:"sender"`
	Mapping  json.RawMessage `json:"mapping"`
	Surnames []string        `json:"surnames"`
	Given    []string        `json:"given"`
	Since    []string        `json:"since"`
	Asked    []string        `json:"asked"`
	Slow     string          `json:"slow"` // what who is not content says
	Subjects []pastSubject   `json:"subjects"`
}

type pastSubject struct {
	Category string   `json:"category"`
	Weight   int      `json:"weight"`
	Purpose  string   `json:"purpose"`
	Title    []string `json:"title"`
	Body     []string `json:"body"`
	Demand   string   `json:"demand"`
	Reply    []string `json:"reply"`
}

// pastMatter is a row of the import.
type pastMatter struct {
	Number    string `json:"number"`
	Sender    string `json:"sender"`
	Channel   string `json:"channel"`
	Received  string `json:"received"`
	Title     string `json:"title"`
	Narrative string `json:"narrative"`
	Demand    string `json:"demand"`
	Name      string `json:"name"`
	Place     string `json:"place"`
	Category  string `json:"category"`
	Purpose   string `json:"purpose"`
	Reply     string `json:"reply"`
	Replied   string `json:"replied"`

	answered time.Time
}

// AddPast takes n settled matters of the last two years in, by one import, and lets many of their petitioners rate. It is done once; broken off, it is gone on with.
func AddPast(ctx context.Context, office *usecase.Office, n int) error {
	var mark string
	read := func(t *store.Tx) (err error) {
		mark, err = t.Setting(ctx, settingPast)
		return err
	}
	if err := office.Store.Read(ctx, read); err != nil || mark != "" || n <= 0 {
		return err
	}
	p, err := readPast()
	if err != nil {
		return err
	}
	rows, err := p.write(office, n)
	if err == nil {
		err = p.take(ctx, office, rows)
	}
	if err == nil {
		err = ratePast(ctx, office, rows, p.Slow)
	}
	if err != nil {
		return fmt.Errorf("demonstration, its past: %w", err)
	}
	return office.Store.Update(ctx, 0, func(t *store.Tx) error { return t.SetSetting(ctx, settingPast, strconv.Itoa(n)) })
}

// pastLayout is how instants stand in the import.
const pastLayout = "2006-01-02 15:04"

func readPast() (past, error) {
	var p past
	text, err := files.ReadFile("data/history.json")
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	return p, err
}

// write makes up the same matters every time on the same day.
func (p past) write(office *usecase.Office, n int) ([]pastMatter, error) {
	villages, err := office.Places.Villages(place)
	if err != nil {
		return nil, err
	}
	today, chance := office.Today(), rand.New(rand.NewPCG(place, uint64(n))) //nolint:gosec // invented, and the same every time
	pick := func(list []string) string { return list[chance.IntN(len(list))] }
	var subjects []pastSubject
	for _, s := range p.Subjects {
		for range s.Weight {
			subjects = append(subjects, s)
		}
	}
	out := make([]pastMatter, n)
	for i := range out {
		s, where := subjects[chance.IntN(len(subjects))], someVillage(villages, chance)
		ago := pastEnds + chance.IntN(pastDays-pastEnds)
		if chance.Float64() < busyPart {
			ago = pastEnds + chance.IntN(busyEnds-pastEnds)
		}
		days := 2 + chance.IntN(usualDays)
		if chance.Float64() < latePart {
			days = usualDays + 12 + chance.IntN(lateDays)
		}
		hour := time.Duration(8+chance.IntN(10))*time.Hour + time.Duration(chance.IntN(60))*time.Minute
		received := time.UnixMicro(today.Add(-ago).StartUS()).In(law.Zone()).Add(hour)
		answered := time.UnixMicro(min(today.Add(-ago+days), today.Add(-1)).StartUS()).In(law.Zone()).Add(hour)
		words := strings.NewReplacer("{place}", where.Name, "{since}", pick(p.Since), "{asked}", pick(p.Asked), "{n}", strconv.Itoa(2+chance.IntN(9)))
		out[i] = pastMatter{
			Number: fmt.Sprintf("%05d", i+1), Sender: p.Sender, Channel: pick([]string{"web", "web", "web", "letter", "phone", "visit"}), Received: received.Format(pastLayout),
			Title: words.Replace(pick(s.Title)), Narrative: words.Replace(pick(s.Body)), Demand: s.Demand, Name: pick(p.Surnames) + pick(p.Given), Place: strconv.FormatInt(where.Code, 10),
			Category: s.Category, Purpose: s.Purpose, Reply: words.Replace(pick(s.Reply)), Replied: answered.Format(pastLayout), answered: answered,
		}
	}
	return out, nil
}

// someVillage takes more from the villages of some towns than from those of others.
func someVillage(villages []gazetteer.Place, chance *rand.Rand) gazetteer.Place {
	one, other := chance.IntN(len(villages)), chance.IntN(len(villages))
	return villages[min(one, other)]
}

// take imports them.
func (p past) take(ctx context.Context, office *usecase.Office, list []pastMatter) error {
	mapping, err := intake.ParseMapping(p.Mapping)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	for _, m := range list {
		if err := to.Encode(m); err != nil {
			return fmt.Errorf("write rows: %w", err)
		}
	}
	rows, err := intake.Open("demo.jsonl", bytes.NewReader(text.Bytes()), int64(text.Len()), mapping.Options())
	if err != nil {
		return err
	}
	words, err := i18n.Load()
	if err != nil {
		return err
	}
	report := intake.NewReport("demo.jsonl", nil)
	if err := office.Import(ctx, org.System(), rows, mapping, report, usecase.ImportOptions{Place: place, Say: words.For(i18n.Zh).Say}); err != nil {
		return err
	}
	if report.Refused > 0 {
		return errs.E(errs.Internal, "demo.changed").Because(fmt.Errorf("%d rows refused: %v", report.Refused, report.Errors[0]))
	}
	return nil
}

// ratePast lets petitioners rate what was answered to them, most of them content, some days after.
func ratePast(ctx context.Context, office *usecase.Office, list []pastMatter, slow string) error {
	chance := rand.New(rand.NewPCG(place, 1)) //nolint:gosec // invented, and the same every time
	var clock int64
	config := office.Config
	config.Now = func() int64 { return clock }
	then, err := usecase.New(ctx, config)
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b pastMatter) int { return a.answered.Compare(b.answered) })
	for _, m := range list {
		rates, grade := chance.Float64() < ratedPart, chance.Float64()
		if !rates {
			continue
		}
		var own, of matter.Ref
		if err := office.Store.Read(ctx, func(t *store.Tx) error {
			s, _, err := t.SubmissionBySender(ctx, usecase.HomeOf(place), m.Sender, m.Number)
			own, of = s.Ref, s.Matter
			return err
		}); err != nil {
			return err
		}
		clock = m.answered.Add((daysToRate*24 + 1) * time.Hour).UnixMicro()
		rating := &matter.Rate{Receiving: matter.GradeSatisfied, Handling: matter.GradeSatisfied}
		switch {
		case grade > contentPart:
			rating.Handling, rating.Words = matter.GradeDissatisfied, slow
		case grade > contentPart/2:
			rating.Handling = matter.GradeBasically
		}
		who := org.Actor{Kind: org.ActorPetitioner, Home: own.Home, Submission: own.N}
		if _, err := then.Do(ctx, who, of, 0, rating); err != nil && errs.KindOf(err) != errs.Refused { // refused where it was rated before it was broken off
			return err
		}
	}
	return nil
}
