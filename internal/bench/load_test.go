package bench

import (
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/org"
	"huiyin/internal/pgtest"
	"huiyin/internal/usecase"
)

func quiet(string, int) {}

// What is loaded is an office as any other: nothing is found by verifying, all that is kept beside the events follows from them, a load that was broken off goes on. Its pages can be walked.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	c := LoadConfig{Matters: 200, Data: dir, Now: time.Now, Progress: quiet}
	s, err := openStock(t.Context(), app.Config{Data: dir}, c.Matters, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s.matters, s.span = 20, s.span*20/200 // as far as it came
	if err := s.replay(t.Context(), 0, quiet); err != nil {
		t.Fatal(err)
	}
	if err := s.app.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Load(t.Context(), c)
	if err != nil || r.Matters != 200 || r.Loaded != 180 || r.Bytes <= 0 || r.Lives.CPUMS <= 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	s, err = openStock(t.Context(), app.Config{Data: dir}, c.Matters, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.app.Office.Verify(t.Context(), org.System(), usecase.VerifyOptions{})
	if err != nil || v.Matters != 200 || v.Events < 200*6 || len(v.Findings) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
	again, err := s.app.Office.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{})
	if err != nil || len(again.Differences) > 0 {
		t.Errorf("%v, %v", again.Differences, err)
	}
	if err := s.app.Close(); err != nil {
		t.Fatal(err)
	}

	p, err := Pages(t.Context(), PagesConfig{Data: []string{dir, dir}, Matters: []int{200, 200}, Rounds: 1, Most: 60, Now: time.Now, Progress: quiet})
	if err != nil {
		t.Fatal(err)
	}
	pages := p.Sizes[1].Pages
	for _, want := range [][2]string{
		{"anybody", "/outcomes"},
		{"registrar", "/desk"},
		{"registrar", "/desk/matters/N"},
		{"registrar", "/desk/find?q"},
		{"leader", "/desk/figures"},
		{"leader", "/desk/screen"},
		{"admin", "/desk/admin/people"},
		{"petitioner", "/my"},
		{"machine", "/api/vN/matters?q"},
		{"machine", "/api/vN/figures?indicator"},
	} {
		at := slices.IndexFunc(pages, func(p Page) bool { return p.Who == want[0] && p.Kind == want[1] })
		if at < 0 || pages[at].Time.P50 <= 0 || pages[at].Bytes <= 0 || pages[at].Growth <= 0 {
			t.Errorf("%v is not measured", want)
		}
	}
	for _, u := range p.Sizes[1].Unanswered {
		if strings.HasPrefix(u, "5") {
			t.Error(u)
		}
	}
}

func TestLoadOnPostgres(t *testing.T) {
	r, err := Load(t.Context(), LoadConfig{Matters: 20, Data: t.TempDir(), Database: pgtest.Database(t), Now: time.Now, Progress: quiet})
	if err != nil || r.Loaded != 20 || r.Bytes <= 0 {
		t.Fatalf("%+v, %v", r, err)
	}
}
