package gazetteer_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"huiyin/internal/gazetteer"
)

const demoCounty = 330112

type demoUnit struct {
	Key, Parent, Name, English, Kind, Phone string
	Place                                   int64
}

type demoPetition struct {
	Key, Stage, Light, Channel, Category, Unit, Title, Narrative string
	Purpose                                                      string
	DaysAgo                                                      int    `json:"days_ago"`
	RepeatOf                                                     string `json:"repeat_of"`
	Place                                                        int64
	Persons                                                      int
	Demands, Accused                                             []string
	Petitioners                                                  []struct {
		Role, Name, Phone, Address string
		IDNumber                   string `json:"id_number"`
	}
	Answers []struct {
		Outcome, Fact, Basis, Result, Promise string
		Days                                  int `json:"promise_days"`
	}
	Kind, Objection, Awaiting, Route string
	Confidential                     bool
	Rating                           map[string]string
	Second                           string
	SecondWhy                        string `json:"second_objection"`
	Part, Hearing, Review            map[string]string
	DivertNote                       string `json:"divert_note"`
}

func demo[T any](t *testing.T, name string) []T {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "demo", "data", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	var rows []T
	if err := decoder.Decode(&rows); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows
}

// demoUnits returns the kind of every unit of the demonstration by key, with the villages that the seed adds.
func demoUnits(t *testing.T, g *gazetteer.Gazetteer) map[string]string {
	t.Helper()
	kinds := map[string]string{}
	for _, u := range demo[demoUnit](t, "units.json") {
		if _, twice := kinds[u.Key]; twice || u.Key == "" {
			t.Errorf("key of %+v", u)
		}
		if _, known := kinds[u.Parent]; !known && u.Parent != "" {
			t.Errorf("parent of %+v", u)
		}
		kinds[u.Key] = u.Kind
		if _, ok := g.Place(u.Place); !ok || u.Name == "" || u.English == "" || !strings.HasPrefix(u.Phone, "000-") {
			t.Errorf("place, names or phone of %+v", u)
		}
		if u.Kind == "town" && u.Key != "town-"+strconv.FormatInt(u.Place, 10) {
			t.Errorf("key of town %+v", u)
		}
	}
	towns, err := g.Children(demoCounty)
	if err != nil {
		t.Fatal(err)
	}
	for _, town := range towns {
		if kinds["town-"+strconv.FormatInt(town.Code, 10)] != "town" {
			t.Errorf("%s has no government", town.Name)
		}
	}
	villages, err := g.Villages(demoCounty)
	if err != nil {
		t.Fatal(err)
	}
	for _, village := range villages {
		kinds["village-"+strconv.FormatInt(village.Code, 10)] = "village"
	}
	return kinds
}

func TestDemoPeople(t *testing.T) {
	t.Parallel()
	units := demoUnits(t, open(t))
	type person struct {
		SignIn string `json:"sign_in"`
		Name   string
		Duties []struct{ Role, Unit, Scope string }
	}
	roles, seen := map[string]bool{}, map[string]bool{}
	for _, p := range demo[person](t, "people.json") {
		if seen[p.SignIn] || seen[p.Name] || p.Name == "" || len(p.Duties) == 0 {
			t.Errorf("%+v", p)
		}
		seen[p.SignIn], seen[p.Name] = true, true
		for _, d := range p.Duties {
			roles[d.Role] = true
			if units[d.Unit] == "" || units[d.Scope] == "" {
				t.Errorf("%s: duty %+v", p.SignIn, d)
			}
		}
	}
	for _, role := range []string{"registrar", "handler", "head", "supervisor", "leader", "discipline", "auditor", "admin"} {
		if !roles[role] {
			t.Errorf("nobody is %s", role)
		}
	}
	if len(roles) != 8 {
		t.Errorf("roles %v", roles)
	}
}

// Every category has a unit, whatever the village.
func TestDemoCatalogue(t *testing.T) {
	t.Parallel()
	g := open(t)
	units := demoUnits(t, g)
	type row struct {
		Category, Unit, Why string
		WhyEnglish          string `json:"why_english"`
		Place               int64
	}
	covered := map[string]bool{}
	seen := map[string]bool{}
	for _, r := range demo[row](t, "catalogue.json") {
		key := r.Category + "@" + strconv.FormatInt(r.Place, 10)
		if _, ok := g.Current().Row(r.Category); !ok || seen[key] || gazetteer.CountyOf(r.Place) != demoCounty {
			t.Errorf("category or place of %+v", r)
		}
		seen[key] = true
		if _, ok := g.Place(r.Place); !ok || r.Unit != "@town" && units[r.Unit] == "" || r.Why == "" || r.WhyEnglish == "" {
			t.Errorf("unit or reason of %+v", r)
		}
		covered[r.Category] = covered[r.Category] || r.Place == demoCounty && r.Unit != "@town"
	}
	for _, top := range g.Current().Under("") {
		if covered[top.Code] {
			continue
		}
		for _, below := range g.Current().Under(top.Code) {
			if !covered[below.Code] {
				t.Errorf("nobody is responsible for %s %s", below.Code, below.Name)
			}
		}
	}
}

func TestDemoPetitions(t *testing.T) {
	t.Parallel()
	g := open(t)
	units := demoUnits(t, g)
	lights, stages, seen := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, p := range demo[demoPetition](t, "petitions.json") {
		lights[p.Light], stages[p.Stage] = true, true
		if p.Key == "" || seen[p.Key] || p.RepeatOf != "" && !seen[p.RepeatOf] {
			t.Errorf("key of %s", p.Key)
		}
		seen[p.Key] = true
		if place, ok := g.Place(p.Place); !ok || place.Level != gazetteer.Village || gazetteer.CountyOf(p.Place) != demoCounty {
			t.Errorf("%s: place %d", p.Key, p.Place)
		}
		if row, ok := g.Current().Row(p.Category); !ok || row.Parent == "" || units[p.Unit] == "" {
			t.Errorf("%s: category %s, unit %s", p.Key, p.Category, p.Unit)
		}
		for _, unit := range p.Accused {
			if units[unit] == "" || unit == p.Unit {
				t.Errorf("%s: accused %s", p.Key, unit)
			}
		}
		if p.Title == "" || p.Narrative == "" || len(p.Demands) < 1 || len(p.Demands) > 4 || len(p.Petitioners) == 0 {
			t.Errorf("%s is not whole", p.Key)
		}
		for _, person := range p.Petitioners {
			if !strings.HasPrefix(person.IDNumber, "000000") {
				t.Errorf("%s: the number of %s could be real", p.Key, person.Name)
			}
			if err := gazetteer.CheckIDNumber(person.IDNumber); err != nil {
				t.Errorf("%s: %s: %v", p.Key, person.Name, err)
			}
			if err := gazetteer.CheckPhone(person.Phone); err != nil || !strings.HasPrefix(person.Phone, "0571-0000") {
				t.Errorf("%s: %s: %s: %v", p.Key, person.Name, person.Phone, err)
			}
		}
		answered := slices.Contains([]string{
			"drafted", "served", "completed", "rated", "review_requested", "under_review", "rereview_hearing", "terminated",
		}, p.Stage)
		if answered != (len(p.Answers) == len(p.Demands)) || !answered && p.Answers != nil {
			t.Errorf("%s: %d answers to %d demands at %s", p.Key, len(p.Answers), len(p.Demands), p.Stage)
		}
		for _, a := range p.Answers {
			if a.Outcome == "" || a.Fact == "" || a.Basis == "" || a.Result == "" || (a.Promise == "") != (a.Days == 0) {
				t.Errorf("%s: answer %+v", p.Key, a)
			}
		}
	}
	for _, light := range []string{"within", "soon", "overdue", "paused", "done"} {
		if !lights[light] {
			t.Errorf("no petition is %s", light)
		}
	}
	for _, stage := range strings.Fields("registered awaiting_material forwarded signed objected accepted drafted served completed rated diverted sealed repeat " +
		"disputed in_hearing review_requested under_review rereview_hearing terminated") {
		if !stages[stage] {
			t.Errorf("no petition is %s", stage)
		}
		delete(stages, stage)
	}
	if len(stages) > 0 || len(lights) != 5 {
		t.Errorf("stages %v, lights %v", stages, lights)
	}
}
