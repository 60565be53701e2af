package usecase

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"huiyin/internal/errs"
	"huiyin/internal/find"
	"huiyin/internal/gazetteer"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/suggest"
)

// The files of what an office learns from, in the folder suggest of its data folder.
const (
	adviceFolder = "suggest"
	modelFile    = "category.model" // by which categories are proposed
	baseFile     = "base.jsonl"     // messages with their categories to learn from besides; may end in .gz
)

// AdviceFolder is where in a data folder the model lies, and the data that it may be made from besides.
func AdviceFolder(data string) string { return filepath.Join(data, adviceFolder) }

// advisor holds the model as it was last read. A folder without one proposes nothing.
type advisor struct {
	folder   string
	now      atomic.Pointer[advising]
	learning sync.Mutex // one training at a time
}

// advising is a model with what its labels mean here. It is never changed.
type advising struct {
	model *suggest.Model    // nil: there is none
	codes map[string]string // codes of the categories, by label
	lost  []string          // labels that mean no category of the current table
	stamp fileStamp         // of the file that was last tried
	wrong error             // why that file was not taken, where it was not
}

// fileStamp is by what a file is known to have changed.
type fileStamp struct {
	size     int64
	modified int64
}

// readModel takes the model up anew if its file has changed. One that cannot be used leaves the one before in force.
func (o *Office) readModel() {
	was := o.advisor.now.Load()
	next := o.advisor.read(was, o.Places)
	if next != was {
		o.advisor.now.Store(next)
	}
}

func (a *advisor) path(name string) string { return filepath.Join(a.folder, name) }

func (a *advisor) read(was *advising, places *gazetteer.Gazetteer) *advising {
	next := &advising{}
	if was != nil {
		next.model, next.codes, next.lost = was.model, was.codes, was.lost
	}
	file, err := os.Open(a.path(modelFile))
	if errors.Is(err, fs.ErrNotExist) || a.folder == "" {
		return &advising{}
	}
	if err == nil {
		defer func() { _ = file.Close() }() // only read from
		var info fs.FileInfo
		if info, err = file.Stat(); err == nil {
			next.stamp = fileStamp{size: info.Size(), modified: info.ModTime().UnixNano()}
			if was != nil && was.stamp == next.stamp {
				return was
			}
			var model *suggest.Model
			if model, err = suggest.Read(file); err == nil {
				next.take(model, places)
				return next
			}
		}
	}
	next.wrong = err
	return next
}

// take puts a model in force.
func (a *advising) take(model *suggest.Model, places *gazetteer.Gazetteer) {
	a.model, a.codes, a.lost, a.wrong = model, map[string]string{}, nil, nil
	note := func(label string) {
		if c, ok := places.Category(label); ok {
			a.codes[label] = c.Code
		} else if label != "" && !slices.Contains(a.lost, label) {
			a.lost = append(a.lost, label)
		}
	}
	for _, l := range model.Header().Labels {
		note(l.Label)
		note(l.Parent)
	}
}

// id names a model by the rows that it was made from.
func (a *advising) id() string {
	const digits = 12
	if a.model == nil {
		return ""
	}
	return a.model.Header().Data[:min(digits, len(a.model.Header().Data))]
}

// CategoryAdvice is a category that a text may belong to.
type CategoryAdvice struct {
	Code       string
	Confidence float64      // how often a proposal made with this confidence is right, from 0 to 1
	Words      []find.Range // of the text, that speak for it, the strongest first
}

// The least confidence of the words by which it is said.
const (
	sureHigh = 0.9
	sureFair = 0.7
	sureSome = 0.4
)

// Sure says the confidence in a word: high, fair, some or low.
func (a CategoryAdvice) Sure() string {
	switch {
	case a.Confidence >= sureHigh:
		return "high"
	case a.Confidence >= sureFair:
		return "fair"
	case a.Confidence >= sureSome:
		return "some"
	}
	return "low"
}

// Advice is what is proposed for a text: at most three categories, the likeliest first; none where the program is not sure enough, or knows nothing.
type Advice struct {
	Text  string
	Model string // by which it is proposed, "" where there is none
	List  []CategoryAdvice
}

// Advise proposes the category of what a submission says, with the words that speak for each. It proposes; a person decides. For an accusation nothing
// is proposed, since nothing is learnt from one.
func (o *Office) Advise(who org.Actor, in matter.Intake) (Advice, error) {
	if err := need(who, org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleSupervisor, org.RoleDiscipline); err != nil {
		return Advice{}, err
	}
	if err := granted(who, "read"); err != nil {
		return Advice{}, err
	}
	if in.Kind == matter.KindAccusation {
		return Advice{}, nil
	}
	return o.advise(Said(in.Title, in.Narrative, in.Demands)), nil
}

// AdviseMatter proposes the category of a matter that has been loaded for the actor.
func (o *Office) AdviseMatter(who org.Actor, m *matter.Matter) (Advice, error) {
	if m.Sealed || len(m.Submissions) == 0 {
		return Advice{}, nil
	}
	s := m.Submissions[0]
	return o.Advise(who, matter.Intake{Title: s.Title, Narrative: s.Narrative, Demands: s.Demands})
}

const (
	percents = 100
	// leastSure is how sure a second or third proposal must be to be worth reading.
	leastSure = 0.02
)

func (o *Office) advise(text string) Advice {
	now := o.advisor.now.Load()
	out := Advice{Text: text, Model: now.id()}
	if now.model == nil {
		return out
	}
	var found []suggest.Suggestion
	if least := o.AdvicePercent(); least != 0 {
		found = now.model.SuggestAbove(text, float64(least)/percents)
	} else {
		found = now.model.Suggest(text)
	}
	for _, s := range found {
		code, ok := now.codes[s.Label]
		if !ok || s.Confidence < leastSure && len(out.List) > 0 || slices.ContainsFunc(out.List, func(a CategoryAdvice) bool { return a.Code == code }) {
			continue
		}
		a := CategoryAdvice{Code: code, Confidence: s.Confidence}
		for _, e := range s.Evidence {
			a.Words = append(a.Words, find.Range{From: e.From, To: e.To})
		}
		out.List = append(out.List, a)
	}
	return out
}

// AdvisorView is the model in force, and what is wrong with its file.
type AdvisorView struct {
	Header   suggest.Header
	Model    string   // "" where there is none
	Unmapped []string // labels of the model that mean no category of the current table
	Wrong    error    // why the file that lies there now was not taken
	Base     bool     // there is data to learn from besides
	Last     Learned  // what the last training came to
	Percent  int      // see AdvicePercent
}

// Advisor tells of the model in force to those who look after it or after the work.
func (o *Office) Advisor(who org.Actor) (AdvisorView, error) {
	if err := need(who, adviceReaders()...); err != nil {
		return AdvisorView{}, err
	}
	now := o.advisor.now.Load()
	v := AdvisorView{Model: now.id(), Unmapped: now.lost, Wrong: now.wrong, Last: o.advised.Load().learned, Percent: o.AdvicePercent()}
	if now.model != nil {
		v.Header = now.model.Header()
	}
	_, v.Base = o.advisor.base()
	return v, nil
}

// Threshold is from how sure the model proposes: what the office has set, or what the model has measured.
func (v AdvisorView) Threshold() float64 {
	if v.Percent != 0 {
		return float64(v.Percent) / percents
	}
	return v.Header.Threshold
}

// WrongCode is the code of what is wrong with the file, "" where nothing is.
func (v AdvisorView) WrongCode() string {
	if v.Wrong == nil {
		return ""
	}
	return errs.CodeOf(v.Wrong)
}

func adviceReaders() []org.Role {
	return []org.Role{org.RoleAdmin, org.RoleSupervisor, org.RoleLeader}
}

// base is the file of what is learnt from besides.
func (a *advisor) base() (path string, ok bool) {
	for _, name := range []string{baseFile, baseFile + ".gz"} {
		if info, err := os.Stat(a.path(name)); a.folder != "" && err == nil && info.Mode().IsRegular() {
			return a.path(name), true
		}
	}
	return "", false
}

// adviceSettings are what an office has set and noted of its proposals.
type adviceSettings struct {
	percent int // from how sure on categories are proposed; 0: as the model has measured it
	learned Learned
}

// The names under which they are stored.
const (
	settingAdvicePercent = "advice.percent"
	settingAdviceLearned = "advice.learned"
)

func readAdviceSettings(m map[string]string) (*adviceSettings, error) {
	var s adviceSettings
	if text := m[settingAdvicePercent]; text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("setting %s: %w", settingAdvicePercent, err)
		}
		s.percent = n
	}
	if text := m[settingAdviceLearned]; text != "" {
		if err := json.Unmarshal([]byte(text), &s.learned); err != nil {
			return nil, fmt.Errorf("setting %s: %w", settingAdviceLearned, err)
		}
	}
	return &s, nil
}

// AdvicePercent is from how sure on categories are proposed; 0: as the model has measured it.
func (o *Office) AdvicePercent() int { return o.advised.Load().percent }

// SaveAdvicePercent sets it, from 1 to 99; 0 leaves it to the model.
func (o *Office) SaveAdvicePercent(ctx context.Context, who org.Actor, percent int) error {
	if err := o.MayTeach(who); err != nil {
		return err
	}
	if percent < 0 || percent > 99 {
		return errs.Fields([]errs.Field{errs.F("percent", "advice.percent")})
	}
	was := o.AdvicePercent()
	if was == percent {
		return nil
	}
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		if err := t.SetSetting(ctx, settingAdvicePercent, strconv.Itoa(percent)); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeSettings, 0, map[string]int{"advice_percent": was}, map[string]int{"advice_percent": percent})
	}); err != nil {
		return err
	}
	return o.Reload(ctx)
}

// MayTeach reports why an actor may not change how categories are proposed, which is for all units: only an administrator of the whole organisation does.
func (o *Office) MayTeach(who org.Actor) error { return o.whole(who, "advice.root", org.RoleAdmin) }
