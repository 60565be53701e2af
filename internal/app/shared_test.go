package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/pgtest"
	"huiyin/internal/usecase"
)

// process is one of several servers on the same database.
type process struct {
	*app.App
	stop  func()
	ended chan error
}

func startProcess(t *testing.T, dir, database string) *process {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{Data: dir, Database: database, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	p := &process{App: a, stop: stop, ended: make(chan error, 1)}
	ready := make(chan string, 1)
	go func() { p.ended <- a.Serve(ctx, func(addr string) { ready <- addr }) }()
	select {
	case <-ready:
	case err := <-p.ended:
		t.Fatal(err)
	}
	return p
}

// end stops a process as an operator does.
func (p *process) end(t *testing.T) {
	t.Helper()
	p.stop()
	if err := errors.Join(<-p.ended, p.Close()); err != nil {
		t.Error(err)
	}
}

// eventually waits until something is so, as long as a person would.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// TestProcessesShareADatabase: what one changes the other knows, one of them leads, and when it goes the other does.
func TestProcessesShareADatabase(t *testing.T) {
	dir, database := t.TempDir(), pgtest.Database(t)
	first := startProcess(t, dir, database)
	if err := first.Office.FirstRun(t.Context(), usecase.FirstRun{County: 330112, Departments: true, SignIn: "admin", Name: "管理员", Password: "Sturdy-Door-71"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first leads", first.Leads)
	second := startProcess(t, dir, database)
	if second.Leads() {
		t.Error("two lead")
	}
	bureau, ok := second.Office.Chart().First(func(u org.Unit) bool { return u.Kind == org.KindBureau })
	if !ok {
		t.Fatal("the second does not know the organisation")
	}

	units, err := first.Office.AddUnits(t.Context(), org.System(), []usecase.NewUnit{{Parent: bureau.ID, Name: "新设的科室", Kind: org.KindDepartment, Place: bureau.Place}})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the second knows the unit", func() bool {
		_, ok := second.Office.Chart().Unit(units[0])
		return ok
	})

	before := second.Office.Changes()
	register(t, first.Office, bureau)
	eventually(t, "a screen of the second counts anew", func() bool { return second.Office.Changes() > before })

	first.end(t)
	eventually(t, "the second leads", second.Leads)
	register(t, second.Office, bureau)
	eventually(t, "what came is in the log", func() bool {
		v, err := second.Office.Verify(t.Context(), org.System(), usecase.VerifyOptions{})
		return err == nil && v.Waiting == 0 && v.Sound() && v.Matters == 2
	})
	second.end(t)
}

func register(t *testing.T, o *usecase.Office, bureau org.Unit) {
	t.Helper()
	if _, err := o.Register(t.Context(), org.System(), matter.Intake{
		Channel: matter.ChannelVisit, Title: "路灯不亮", Narrative: "校门口的路灯坏了一个月", Demands: []string{"修好路灯"}, Place: bureau.Place,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}, ""); err != nil {
		t.Fatal(err)
	}
}
