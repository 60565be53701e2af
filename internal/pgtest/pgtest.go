// Package pgtest gives tests a PostgreSQL server of their own.
package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// envServer names a server on which databases may be made, for example postgres://postgres@127.0.0.1:5432/postgres; without it a private one is started.
const envServer = "HUIYIN_TEST_POSTGRES"

// envCitus names a database with the extension citus, on a coordinator, in which schemas may be made: postgres://huiyin@127.0.0.1:5432/huiyin. Nothing starts one.
const envCitus = "HUIYIN_TEST_CITUS"

var (
	server    = sync.OnceValues(startServer)
	databases atomic.Int64
	templates sync.Map // name to func() (string, error)
)

// Database makes an empty database for a test and gives its address; it is gone when the test has ended.
func Database(tb testing.TB) string {
	tb.Helper()
	return fromTemplate(tb, "template0")
}

// Filled is Database that begins as fill left another one, which is filled once under a name.
func Filled(tb testing.TB, name string, fill func(address string) error) string {
	tb.Helper()
	fresh := sync.OnceValues(func() (string, error) {
		address, err := server()
		if err != nil {
			return "", err
		}
		template := fmt.Sprintf("huiyin_template_%d_%d", os.Getpid(), databases.Add(1))
		if err := administer(address, "create database "+template+" template template0"); err != nil {
			return "", err
		}
		return template, fill(named(address, template))
	})
	if once, loaded := templates.LoadOrStore(name, fresh); loaded {
		fresh, _ = once.(func() (string, error))
	}
	template, err := fresh()
	if err != nil {
		tb.Fatal(err)
	}
	return fromTemplate(tb, template)
}

// fromTemplate makes a database that begins as another one is.
func fromTemplate(tb testing.TB, template string) string {
	tb.Helper()
	address, err := server()
	if err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("huiyin_test_%d_%d", os.Getpid(), databases.Add(1))
	if err := administer(address, "create database "+name+" template "+template+" strategy wal_log"); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := administer(address, "drop database "+name+" with (force)"); err != nil {
			tb.Error(err)
		}
	})
	return named(address, name)
}

// Citus makes an empty schema on the cluster that the environment names and gives its address; it is gone when the test has ended. Without a cluster it says so.
func Citus(tb testing.TB) (address string, ok bool) {
	tb.Helper()
	cluster := os.Getenv(envCitus)
	if cluster == "" {
		return "", false
	}
	schema := fmt.Sprintf("huiyin_test_%d_%d", os.Getpid(), databases.Add(1))
	if err := administer(cluster, "create schema "+schema); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := administer(cluster, "drop schema "+schema+" cascade"); err != nil {
			tb.Error(err)
		}
	})
	u, err := url.Parse(cluster)
	if err != nil {
		tb.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	q.Set("citus.shard_count", "2") // each is a table on a machine, and two are several
	u.RawQuery = q.Encode()
	return u.String(), true
}

// named is the address of a database beside another.
func named(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Path = "/" + name
	return u.String()
}

func administer(address, statement string) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err = c.Exec(ctx, statement); err != nil {
		err = fmt.Errorf("%s: %w", statement, err)
	}
	return err
}

// startServer gives the server that the environment names, or starts one that ends with this process.
func startServer() (string, error) {
	if address := os.Getenv(envServer); address != "" {
		return address, nil
	}
	c, err := NewCluster(false)
	if err != nil {
		return "", err
	}
	return c.Address, c.Start()
}

// Cluster is a private PostgreSQL server on a socket in a folder of its own, which ends with this process however that ends.
type Cluster struct {
	// Address is that of its first database.
	Address string

	dir, bin string
	durable  bool
	cred     *syscall.Credential // as whom it runs: it refuses to be root
	keep     *os.File            // held open for as long as the server may run
	cmd      *exec.Cmd
	ended    chan struct{} // closed when cmd has
}

// NewCluster makes a server that has not started yet. One that is durable flushes each commit to the disk; the others do not, which is what most tests want.
func NewCluster(durable bool) (*Cluster, error) {
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(bins) == 0 {
		return nil, fmt.Errorf("no PostgreSQL here: install the package postgresql, or name a server in %s", envServer)
	}
	slices.Sort(bins)
	dir, err := os.MkdirTemp("", "huiyin-pg-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, bin: filepath.Dir(bins[len(bins)-1]), durable: durable}
	c.Address = "postgres://huiyin@/postgres?" + url.Values{"host": {dir}}.Encode()
	if os.Getuid() == 0 {
		if err := c.leaveRoot(); err != nil {
			return nil, err
		}
	}
	cmd := exec.Command(filepath.Join(c.bin, "initdb"), "-D", c.data(), "-U", "huiyin", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred}
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	return c, nil
}

// leaveRoot chooses the user postgres of Debian's package.
func (c *Cluster) leaveRoot() error {
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return err
	}
	c.cred = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(c.dir, int(uid), int(gid))
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// guard runs the server until its input ends, which it does when this process is gone, and then removes its folder; or until it is killed itself. A shell gives what it leaves
// in the background no input of its own, so that it has to be handed on.
const guard = `dir=$1; shift; exec 3<&0
"$@" 3<&- & pid=$!
(cat <&3 >/dev/null; kill -QUIT $pid 2>/dev/null; while kill -0 $pid 2>/dev/null; do sleep 0.1; done; cd /; rm -rf "$dir") & exec 3<&-
wait $pid`

// Start starts the server and waits until it answers. Behind a kill it may have to wait for what is left of the last one.
func (c *Cluster) Start() (err error) {
	for range 50 {
		if err = c.launch(); err == nil {
			if err = c.wait(); err == nil {
				return nil
			}
			c.Kill()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

func (c *Cluster) launch() error {
	fsync := "off"
	if c.durable {
		fsync = "on"
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	c.keep = w
	c.cmd = exec.Command("sh", "-c", guard, "sh", c.dir, filepath.Join(c.bin, "postgres"), "-D", c.data(), "-k", c.dir, "-c", "listen_addresses=", "-c", "fsync="+fsync,
		"-c", "max_connections=300", "-c", "shared_buffers=128MB", "-c", "max_wal_size=1GB", "-c", "full_page_writes="+fsync, "-c", "log_min_messages=warning")
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred, Setpgid: true}
	c.cmd.Stdin, c.cmd.Dir = r, c.dir
	log, err := os.OpenFile(filepath.Join(c.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	c.cmd.Stdout, c.cmd.Stderr = log, log
	if err := c.cmd.Start(); err != nil {
		return err
	}
	_, _ = r.Close(), log.Close()
	c.ended = make(chan struct{})
	go func() {
		_ = c.cmd.Wait() // how it ended says nothing: it is killed
		close(c.ended)
	}()
	return nil
}

func (c *Cluster) wait() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		conn, e := pgx.Connect(ctx, c.Address)
		if e == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.ended:
			return fmt.Errorf("PostgreSQL has ended: %w", e)
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("PostgreSQL does not answer: %w: %s", e, log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Kill ends all processes of the server at once, as a power cut does.
func (c *Cluster) Kill() {
	_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
	<-c.ended
	_ = c.keep.Close()
	left, _ := filepath.Glob(filepath.Join(c.dir, ".s.PGSQL.*"))
	for _, name := range append(left, filepath.Join(c.data(), "postmaster.pid")) {
		_ = os.Remove(name)
	}
}

// Remove ends the server and removes its folder.
func (c *Cluster) Remove() {
	c.Kill()
	_ = os.RemoveAll(c.dir)
}
