package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/pgtest"
	"huiyin/internal/usecase"
)

// smallDisk makes this test binary the process that sees a small file system where nobody else does.
var smallDisk = flag.String("app.small", "", "mount a small file system on this folder and fill it")

const (
	capSysAdmin = 21
	// room for the data of a server, and for those of PostgreSQL with its log
	sqliteRoom   = "size=24m,mode=0755"
	postgresRoom = "size=112m,mode=0755"
)

// TestDiskFull fills a real file system on which the data of a server lie: writes say so and save nothing, reads go on, and as soon as there is room again everything goes on,
// without a repair. The file system is mounted in a name space of a process of its own, so that it is gone with it.
func TestDiskFull(t *testing.T) {
	if *smallDisk != "" {
		t.Run("sqlite", func(t *testing.T) { fullSQLite(t, *smallDisk) })
		t.Run("postgres", func(t *testing.T) { fullPostgres(t, *smallDisk) })
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "huiyin-small-") //nolint:usetesting // who serves PostgreSQL is another user, who may not enter the folder of a test
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestDiskFull$", "-app.small="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if uid, gid := os.Getuid(), os.Getgid(); uid != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS, AmbientCaps: []uintptr{capSysAdmin},
			UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}, GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}},
		}
	}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("no name space of mounts may be made here (%v). Run the tests as root with CAP_SYS_ADMIN (a container: --cap-add SYS_ADMIN --security-opt apparmor=unconfined), "+
			"or let users make name spaces: sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=1000 kernel.apparmor_restrict_unprivileged_userns=0", err)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// mount gives a new small file system under a folder.
func mount(t *testing.T, dir, name, room string) string {
	t.Helper()
	at := filepath.Join(dir, name)
	if err := os.Mkdir(at, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", at, "tmpfs", 0, room); err != nil {
		t.Fatalf("a small file system cannot be mounted (%v): run the tests as root with CAP_SYS_ADMIN, or where users may mount in a name space of their own", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(at, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
		_ = os.Remove(at)
	})
	return at
}

// fill takes all the room there is and returns what gives it back.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	name := filepath.Join(dir, "ballast")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0; {
		if _, err = f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Error(err)
		}
	}
}

func fullSQLite(t *testing.T, dir string) {
	t.Helper()
	k := newKilling(t)
	k.dir, k.outage = mount(t, dir, "data", sqliteRoom), true
	k.setUp(t)
	a, stop := k.serve(t)
	k.rounds(t, 3)
	free := fill(t, k.dir)
	k.untilRefused(t)
	for lang, want := range map[string]string{"zh": "未能保存", "en": "nothing was saved"} {
		status, answer := k.ask(t, http.MethodPost, "/submissions", lang)
		if status != http.StatusServiceUnavailable || !strings.Contains(answer, "store.disk_full") || !strings.Contains(answer, want) {
			t.Errorf("%s: %d %s", lang, status, answer)
		}
	}
	var some string
	for some = range k.versions {
		break
	}
	if status, answer := k.ask(t, http.MethodGet, "/matters/"+some, "zh"); status != http.StatusOK {
		t.Errorf("read on a full disk: %d %s", status, answer)
	}
	before := names(t, k.dir)
	_, err := a.Office.Attach(t.Context(), org.System(), usecase.HomeOf(k.bureau.Place), usecase.Upload{Name: "a.txt", Mime: "text/plain", Content: make([]byte, 1<<20)})
	if errs.CodeOf(err) != "upload.disk" || errs.KindOf(err) != errs.Unavailable {
		t.Errorf("an upload: %v", err)
	}
	_, err = a.Office.Backup(t.Context(), filepath.Join(k.dir, "b.tar"), "")
	if errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) == "" {
		t.Errorf("a backup: %v", err)
	}
	if after := names(t, k.dir); after != before {
		t.Errorf("left behind: %s, before %s", after, before)
	}
	free()
	k.again(t)
	k.rounds(t, 3)
	if _, err := a.Office.Attach(t.Context(), org.System(), usecase.HomeOf(k.bureau.Place), usecase.Upload{Name: "a.txt", Mime: "text/plain", Content: make([]byte, 1<<20)}); err != nil {
		t.Errorf("an upload with room: %v", err)
	}
	if _, err := a.Office.Backup(t.Context(), filepath.Join(t.TempDir(), "b.tar"), ""); err != nil {
		t.Errorf("a backup with room: %v", err)
	}
	stop()
	k.compare(t, 6)
}

func fullPostgres(t *testing.T, dir string) {
	t.Helper()
	room := mount(t, dir, "pg", postgresRoom)
	t.Setenv("TMPDIR", room)
	cluster, err := pgtest.NewCluster(false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Remove)
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", "/tmp")
	k := newKilling(t)
	k.database, k.outage = cluster.Address, true
	k.setUp(t)
	_, stop := k.serve(t)
	k.rounds(t, 3)
	free := fill(t, room)
	k.untilRefused(t)
	free()
	if !k.comesBack(t, 3*time.Second) { // where not even its log had room, PostgreSQL has ended, and is started again as after any failure
		cluster.Kill()
		if err := cluster.Start(); err != nil {
			t.Fatal(err)
		}
		if !k.comesBack(t, 20*time.Second) {
			t.Fatal("not ready with room on the disk")
		}
	}
	k.again(t)
	k.rounds(t, 3)
	stop()
	k.compare(t, 6)
}

// serve answers in this process until stop.
func (k *killing) serve(t *testing.T) (a *app.App, stop func()) {
	t.Helper()
	a, err := k.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	listening, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- a.Serve(ctx, func(addr string) { listening <- addr }) }()
	k.addr = <-listening
	stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ended, a.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return a, stop
}

// rounds lets one client take some petitions as far as a machine may; none may be refused.
func (k *killing) rounds(t *testing.T, n int) {
	t.Helper()
	enough, answered := make(chan struct{}), make(chan struct{})
	k.enough = enough
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k.client(t, fmt.Sprintf("calm%d", k.taken), answered)
	}()
	for range 3*n - 1 {
		select {
		case <-answered:
		case <-ended:
			t.Fatal("refused with room on the disk")
		}
	}
	close(enough)
	go func() {
		for range answered { // whatever is still under way
		}
	}()
	<-ended
	close(answered)
	k.enough = nil
	k.again(t)
}

// untilRefused lets people work until each of them was told that nothing can be saved.
func (k *killing) untilRefused(t *testing.T) {
	t.Helper()
	answered := make(chan struct{}, 1)
	var people sync.WaitGroup
	for c := range killClients {
		people.Go(func() { k.client(t, fmt.Sprintf("full%d", c), answered) })
	}
	people.Wait()
	if k.refused < killClients {
		t.Errorf("%d were told that nothing can be saved", k.refused)
	}
}

// comesBack waits for the server to be ready.
func (k *killing) comesBack(t *testing.T, within time.Duration) bool {
	t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+k.addr+"/readyz", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := k.http.Do(r); err == nil && resp.Body.Close() == nil && resp.StatusCode == http.StatusNoContent {
			return true
		}
	}
	return false
}

// ask sends a request that is not part of the count: a registration, or a look.
func (k *killing) ask(t *testing.T, method, path, lang string) (status int, answer string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"channel": "visit", "title": "井盖松动", "narrative": strings.Repeat("夜里响。", 3000), "demands": []string{"换井盖"}, "place": k.bureau.Place,
		"petitioners": []any{map[string]any{"name": "李四", "phone": "0571-00000002"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+k.addr+"/api/v1"+path, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+k.registrarKey)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", lang)
	r.Header.Set("Idempotency-Key", "asked-in-"+lang)
	resp, err := k.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// names lists what lies in a folder, but for what the database has beside itself.
func names(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), "huiyin.db") {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}
