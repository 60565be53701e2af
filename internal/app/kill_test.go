package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/pgtest"
	"huiyin/internal/usecase"
)

// childDir makes this test binary the server that TestKilled kills, and others stop.
var (
	childDir      = flag.String("app.child", "", "serve this data folder until killed")
	childDatabase = flag.String("app.database", "", "with its data in this database")
	childDrain    = flag.Duration("app.drain", 0, "and go on for so long when told to stop")
	killRounds    = flag.Int("app.kills", 10, "how often TestKilled kills the server of each engine")
)

const (
	killClients     = 8
	powerCuts       = 5
	powerCutAnswers = 60 // before the first of them, at most
)

// TestKilled kills the server under load, again and again, and compares what it had acknowledged with what it has when it is back: nothing is
// lost, and what is sent again under its key is answered as before and done once.
func TestKilled(t *testing.T) {
	if *childDir != "" {
		serveUntilKilled(t)
		return
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			k := newKilling(t)
			if engine == "postgres" {
				k.database = pgtest.Database(t)
			}
			k.setUp(t)
			chance := rand.New(rand.NewPCG(1, 2))
			for round := range *killRounds {
				stop := k.start(t)
				k.again(t)
				k.load(t, round, 1+chance.IntN(120), stop)
			}
			stop := k.start(t)
			k.again(t)
			stop()
			k.compare(t, *killRounds)
		})
	}
}

// TestDatabaseKilled does the same to the server of the database, as a power cut does, while Huiyin works on: who writes meanwhile is told that it did not work, or that
// nobody knows, and when the database is back all goes on by itself.
func TestDatabaseKilled(t *testing.T) {
	cluster, err := pgtest.NewCluster(true)
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Remove()
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	k := newKilling(t)
	k.database, k.outage = cluster.Address, true
	k.setUp(t)
	_, stop := k.serve(t)
	chance := rand.New(rand.NewPCG(3, 4))
	for round := range powerCuts {
		k.load(t, round, 1+chance.IntN(powerCutAnswers), cluster.Kill)
		if err := cluster.Start(); err != nil {
			t.Fatal(err)
		}
		k.again(t)
	}
	stop()
	if k.refused == 0 {
		t.Error("nobody was told that the database was away")
	}
	k.compare(t, powerCuts)
}

// sent is one request and the answer to it, nil as long as none has arrived.
type sent struct {
	key, path, once string
	body            []byte
	answer          []byte
	matter          string // whose step it is; empty for a registration
}

type killing struct {
	dir      string
	database string
	outage   bool // the database goes away, not the server: it says so
	http     *http.Client
	addr     string
	ready    func() string   // the server to send the next request to, where there are several
	enough   <-chan struct{} // closed when no client is to begin anew
	strict   bool            // a request that is not answered is a failure
	pause    time.Duration   // of each client before each request

	bureau, department       org.Unit
	registrarKey, handlerKey string

	mu      sync.Mutex
	last    []*sent // of the last round: all are sent again after the kill
	refused int     // answers that the database is away

	versions map[string]int // of every matter, as last acknowledged
	taken    int            // registrations
}

func newKilling(t *testing.T) *killing {
	t.Helper()
	return &killing{dir: t.TempDir(), http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: killClients}}}
}

func (k *killing) open(ctx context.Context) (*app.App, error) {
	return app.Open(ctx, app.Config{Data: k.dir, Database: k.database, Listen: "127.0.0.1:0"})
}

// serveUntilKilled says where it listens and ends when it is told to.
func serveUntilKilled(t *testing.T) {
	t.Helper()
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGTERM)
	defer stop()
	a, err := app.Open(ctx, app.Config{Data: *childDir, Database: *childDatabase, Listen: "127.0.0.1:0", Drain: *childDrain})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.Serve(ctx, func(addr string) { fmt.Println("listening", addr) }), a.Close()); err != nil {
		t.Fatal(err)
	}
}

// child starts this test binary as a server, possibly in surroundings of its own, and gives its address.
func (k *killing) child(t *testing.T, surround func(*exec.Cmd), more ...string) (*exec.Cmd, string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, append([]string{"-test.run=^TestKilled$", "-app.child=" + k.dir, "-app.database=" + k.database}, more...)...)
	cmd.Stderr = os.Stderr
	if surround != nil {
		surround(cmd)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	addr, ok := strings.CutPrefix(line, "listening ")
	if err != nil || !ok {
		t.Fatalf("the server said %q: %v", line, err)
	}
	return cmd, strings.TrimSpace(addr)
}

func (k *killing) setUp(t *testing.T) {
	t.Helper()
	k.versions = map[string]int{}
	a, err := k.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := a.Office.FirstRun(t.Context(), usecase.FirstRun{
		County: 330112, Departments: true, SignIn: "admin", Name: "管理员", Password: "Sturdy-Door-71",
	}); err != nil {
		t.Fatal(err)
	}
	unit := func(kind org.UnitKind) org.Unit {
		u, ok := a.Office.Chart().First(func(u org.Unit) bool { return u.Kind == kind })
		if !ok {
			t.Fatalf("no %s", kind)
		}
		return u
	}
	key := func(u org.Unit, role org.Role) string {
		text, err := a.Office.AddKey(t.Context(), org.System(), usecase.NewKey{
			Name: string(role), Unit: u.ID, Role: role, Grants: usecase.KeyGrants(), Expires: law.NoDay, Rate: usecase.MaxKeyRate,
		})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	k.bureau, k.department = unit(org.KindBureau), unit(org.KindDepartment)
	k.registrarKey, k.handlerKey = key(k.bureau, org.RoleRegistrar), key(k.department, org.RoleHandler)
}

// start starts the server and returns what kills it.
func (k *killing) start(t *testing.T) (kill func()) {
	t.Helper()
	cmd, addr := k.child(t, nil)
	k.addr = addr
	var once sync.Once
	kill = func() {
		once.Do(func() {
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
			if err := cmd.Wait(); err == nil {
				t.Error("the server ended by itself")
			}
			k.http.CloseIdleConnections()
		})
	}
	t.Cleanup(kill)
	return kill
}

// load sends requests from several clients until the server is killed, which is after so many answers.
func (k *killing) load(t *testing.T, round, answers int, kill func()) {
	t.Helper()
	k.last = nil
	acknowledged := make(chan struct{}, 1024)
	var wg sync.WaitGroup
	for c := range killClients {
		wg.Go(func() { k.client(t, fmt.Sprintf("r%dc%d", round, c), acknowledged) })
	}
	ended := make(chan struct{})
	go func() {
		wg.Wait()
		close(ended)
	}()
	for range answers {
		select {
		case <-acknowledged:
		case <-ended:
			t.Fatal("every client gave up before the kill")
		}
	}
	kill()
	<-ended
}

// client takes one petition after the other as far as a machine may, until nobody answers.
func (k *killing) client(t *testing.T, name string, acknowledged chan<- struct{}) {
	t.Helper()
	for n := 0; ; n++ {
		select {
		case <-k.enough:
			return
		default:
		}
		one := func(key, path, once, of string, body any) *sent {
			text, err := json.Marshal(body)
			if err != nil {
				t.Error(err)
			}
			s := &sent{key: key, path: path, once: fmt.Sprintf("%s-%d-%s", name, n, once), body: text, matter: of}
			k.mu.Lock()
			k.last = append(k.last, s)
			k.mu.Unlock()
			time.Sleep(k.pause)
			answer, err := k.post(t, s)
			if err != nil {
				return nil
			}
			s.answer = answer
			select {
			case acknowledged <- struct{}{}:
			default: // the count is full already
			}
			return s
		}
		r := one(k.registrarKey, "/submissions", "register", "", map[string]any{
			"channel": "visit", "title": "路灯不亮 " + name, "narrative": "校门口的路灯坏了一个月", "demands": []string{"修好路灯", "说明由谁维护"},
			"place": k.bureau.Place, "petitioners": []any{map[string]any{"name": "张三", "phone": "0571-00000001"}},
		})
		if r == nil {
			return
		}
		ref := field[string](t, r.answer, "ref")
		path := "/matters/" + ref + "/steps"
		if one(k.registrarKey, path, "assign", ref, steps(1,
			map[string]any{"act": matter.ActScreen, "kind": matter.KindAppeal, "level": matter.LevelOrdinary},
			map[string]any{"act": matter.ActForward, "unit": k.department.ID, "mode": matter.ModeTransfer, "why": "归它管"})) == nil {
			return
		}
		if one(k.handlerKey, path, "accept", ref, steps(3, map[string]any{"act": matter.ActSign}, map[string]any{"act": matter.ActAccept})) == nil {
			return
		}
	}
}

func steps(version int, list ...any) map[string]any {
	return map[string]any{"version": version, "steps": list}
}

// post sends a request. An error means that no answer came; an answer that refuses is a failure of the test.
func (k *killing) post(t *testing.T, s *sent) ([]byte, error) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	addr := k.addr
	if k.ready != nil {
		addr = k.ready()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/api/v1"+s.path, bytes.NewReader(s.body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", s.once)
	resp, err := k.http.Do(r)
	var answer []byte
	if err == nil {
		answer, err = io.ReadAll(resp.Body)
		err = errors.Join(err, resp.Body.Close())
	}
	if err != nil {
		if k.strict {
			t.Errorf("%s %s: %v", s.once, s.path, err)
		}
		return nil, err
	}
	if k.outage && resp.StatusCode == http.StatusServiceUnavailable {
		k.mu.Lock()
		k.refused++
		k.mu.Unlock()
		return nil, errors.New("the database is away")
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		t.Errorf("%s %s: %s: %s", s.once, s.path, resp.Status, answer)
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return answer, nil
}

// again sends everything of the last round once more, in its order. What was acknowledged is answered the same, to the byte; what was not is
// done now, if it had not been.
func (k *killing) again(t *testing.T) {
	t.Helper()
	for _, s := range k.last {
		answer, err := k.post(t, s)
		if err != nil {
			t.Fatalf("%s: %v", s.once, err)
		}
		if s.answer != nil && !bytes.Equal(answer, s.answer) {
			t.Errorf("%s: answered %s, and after the kill %s", s.once, s.answer, answer)
		}
		if s.matter == "" {
			k.taken++
			k.versions[field[string](t, answer, "ref")] = 1
		} else {
			k.versions[s.matter] = field[int](t, answer, "version")
		}
	}
	k.last = nil
}

// compare looks at what is there at the end: each matter once, as far as it was acknowledged, and everything sound.
func (k *killing) compare(t *testing.T, rounds int) {
	t.Helper()
	a, err := k.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	if k.taken != len(k.versions) || k.taken < rounds {
		t.Errorf("%d registrations were acknowledged for %d matters", k.taken, len(k.versions))
	}
	for text, version := range k.versions {
		ref, err := matter.ParseRef(text)
		if err != nil {
			t.Fatal(err)
		}
		v, err := a.Office.Matter(t.Context(), org.System(), ref)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if v.Matter.Version != version {
			t.Errorf("%s is at version %d, acknowledged %d", text, v.Matter.Version, version)
		}
	}
	if _, err := a.Office.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, err := a.Office.Verify(t.Context(), org.System(), usecase.VerifyOptions{Files: true})
	if err != nil || !v.Sound() || v.Waiting != 0 || v.Matters != k.taken {
		t.Errorf("verified %+v: %v; want %d matters", v, err, k.taken)
	}
	r, err := a.Office.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{})
	if err != nil || len(r.Differences) > 0 || r.Matters != k.taken {
		t.Errorf("rebuilt %+v: %v", r, err)
	}
}

// field reads one field of an answer; it may be called by any goroutine.
func field[T any](t *testing.T, answer []byte, name string) T {
	t.Helper()
	var all map[string]json.RawMessage
	var out T
	err := json.Unmarshal(answer, &all)
	if err == nil {
		err = json.Unmarshal(all[name], &out)
	}
	if err != nil {
		t.Errorf("%s of %s: %v", name, answer, err)
	}
	return out
}
