package pgtest_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"huiyin/internal/pgtest"
)

// envLeaves tells this program to start a server, to leave it running, and to end.
const envLeaves = "HUIYIN_TEST_LEAVES"

func TestMain(m *testing.M) {
	if os.Getenv(envLeaves) == "" {
		os.Exit(m.Run())
	}
	c, err := pgtest.NewCluster(false)
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		panic(err)
	}
	os.Exit(0)
}

// A server ends with the process that has started it, though nobody ends it, and leaves nothing behind.
func TestServerEndsWithItsProcess(t *testing.T) {
	dir, err := os.MkdirTemp("", "huiyin-left-") //nolint:usetesting // the server runs as another user, who may not enter the folder of a test
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), envLeaves+"=1", "TMPDIR="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for range 300 {
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("the server is still there")
}
