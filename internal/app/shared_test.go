package app_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/pgtest"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// process is one of several servers on the same database.
type process struct {
	*app.App
	addr  string
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
	case p.addr = <-ready:
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

// TestProcessesShareSessionsAndScreens: who signed in at one server is known to the other and forgotten by both, and a screen that hangs on one shows what came in at the other.
func TestProcessesShareSessionsAndScreens(t *testing.T) {
	const password = "Sturdy-Door-71"
	dir, database := t.TempDir(), pgtest.Database(t)
	first := startProcess(t, dir, database)
	if err := first.Office.FirstRun(t.Context(), usecase.FirstRun{County: 330112, Departments: true, SignIn: "admin", Name: "管理员", Password: password}); err != nil {
		t.Fatal(err)
	}
	bureau, _ := first.Office.Chart().First(func(u org.Unit) bool { return u.Kind == org.KindBureau })
	head, _, err := first.Office.AddPerson(t.Context(), org.System(), usecase.NewPerson{SignIn: "head", Name: "李四", Password: password, Duties: []usecase.NewDuty{{Role: org.RoleHead, Unit: bureau.ID}}})
	if err != nil {
		t.Fatal(err)
	}
	second := startProcess(t, dir, database)
	jobsOnce(t, first, second, head)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar} // cookies go by the name of the host, which the two have in common
	ask := func(method string, p *process, path string, form url.Values) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+p.addr+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	leads := func(method string, p *process, path string, form url.Values) string {
		t.Helper()
		answer := ask(method, p, path, form)
		if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s %s: %s %v", method, path, answer.Status, err)
		}
		return answer.Request.URL.Path
	}
	if at := leads(http.MethodPost, first, "/desk/sign-in", url.Values{"name": {"head"}, "password": {password}}); at == "/desk/sign-in" {
		t.Fatal("not let in")
	}
	if at := leads(http.MethodGet, second, "/desk/screen", nil); at != "/desk/screen" {
		t.Fatalf("who signed in at the first is led by the second to %s", at)
	}

	live := ask(http.MethodGet, second, "/desk/screen/live", nil)
	defer func() { _ = live.Body.Close() }()
	screens := make(chan string, 16)
	go func() {
		defer close(screens)
		lines := bufio.NewScanner(live.Body)
		lines.Buffer(nil, 1<<20)
		var event strings.Builder
		for lines.Scan() {
			if event.WriteString(lines.Text()); lines.Text() == "" {
				if strings.Contains(event.String(), "event: screen") {
					screens <- event.String()
				}
				event.Reset()
			}
		}
	}()
	before := <-screens
	if !strings.Contains(before, "data: ") {
		t.Fatalf("the stream begins with %q", before)
	}
	register(t, first.Office, bureau)
	soon := time.After(20 * time.Second) // without a word from the other server it is counted anew after half a minute
	for changed := false; !changed; {
		select {
		case screen, open := <-screens:
			if !open {
				t.Fatal("the stream has ended")
			}
			changed = amount(screen) > amount(before)
		case <-soon:
			t.Fatal("the screen at the second server does not show what came in at the first")
		}
	}

	second.stop() // a stream does not hold up a server that stops; the browser asks again, and is led to the other
	for range screens {
	}
	second.end(t)
	if at := leads(http.MethodGet, first, "/desk/screen", nil); at != "/desk/screen" {
		t.Errorf("led to %s", at)
	}
	third := startProcess(t, dir, database)
	leads(http.MethodPost, third, "/desk/sign-out", url.Values{})
	if at := leads(http.MethodGet, first, "/desk/screen", nil); at != "/desk/sign-in" {
		t.Errorf("who signed out at the third is still known to the first, which leads to %s", at)
	}
	third.end(t)
	first.end(t)
}

// jobsOnce: what is asked for at two servers is done by one of them, once.
func jobsOnce(t *testing.T, first, second *process, user org.UserID) {
	t.Helper()
	var duties []org.Duty
	if err := first.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		duties, err = tx.Duties(t.Context(), user)
		return err
	}); err != nil || len(duties) != 1 {
		t.Fatal(duties, err)
	}
	who, err := first.Office.Actor(t.Context(), user, duties[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var asked []usecase.JobView
	for _, p := range []*process{first, second, first} {
		j, err := p.Office.StartExport(t.Context(), who, usecase.Export{List: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Format: usecase.TableCSV})
		if err != nil {
			t.Fatal(err)
		}
		asked = append(asked, j)
	}
	for _, j := range asked {
		var row store.JobRow
		eventually(t, "the job is done", func() bool {
			err := second.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
				row, err = tx.Job(t.Context(), j.Home, j.ID)
				return err
			})
			return err == nil && row.State == store.JobDone
		})
		if row.Attempts != 1 {
			t.Errorf("begun %d times", row.Attempts)
		}
	}
}

// amount adds up the numbers that a screen shows.
func amount(screen string) (sum int) {
	for _, n := range regexp.MustCompile(`>\s*(\d+)\s*<`).FindAllStringSubmatch(screen, -1) {
		v, _ := strconv.Atoi(n[1])
		sum += v
	}
	return sum
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
