package vault_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"huiyin/internal/vault"
)

func TestCreate(t *testing.T) {
	ring, path := newRing(t)
	info := must[os.FileInfo](t)(os.Stat(path))
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	sealed := must[[]byte](t)(ring.Seal(vault.Sealed, []byte("举报"), nil))
	before := must[[]byte](t)(os.ReadFile(path))

	_, err := vault.Create(path, rand.Reader)
	wantCode(t, err, "vault.keys_exist")
	if after := must[[]byte](t)(os.ReadFile(path)); !bytes.Equal(before, after) {
		t.Error("a second Create changed the file")
	}
	again := must[*vault.Keyring](t)(vault.Load(path, rand.Reader))
	if got, err := again.Open(vault.Sealed, sealed, nil); err != nil || string(got) != "举报" {
		t.Errorf("after a restart: %q, %v", got, err)
	}
	if left := must[[]os.DirEntry](t)(os.ReadDir(filepath.Dir(path))); len(left) != 1 {
		t.Errorf("files left behind: %v", left)
	}
	_, err = vault.Create(filepath.Join(path, "no", "folder"), rand.Reader)
	wantCode(t, err, "vault.keys_unwritable")
}

func TestLoadFaults(t *testing.T) {
	_, path := newRing(t)
	good := string(must[[]byte](t)(os.ReadFile(path)))
	var file struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal([]byte(good), &file); err != nil {
		t.Fatal(err)
	}
	change := func(edit func(keys []map[string]any) []map[string]any) string {
		var c struct {
			Keys []map[string]any `json:"keys"`
		}
		if err := json.Unmarshal([]byte(good), &c); err != nil {
			t.Fatal(err)
		}
		return string(must[[]byte](t)(json.Marshal(map[string]any{"format": 1, "keys": edit(c.Keys)})))
	}
	set := func(name string, value any) string {
		return change(func(keys []map[string]any) []map[string]any { keys[0][name] = value; return keys })
	}
	for _, c := range []struct {
		name, text string
		mode       os.FileMode
		code       string
	}{
		{"good", good, 0o600, ""},
		{"read-only", good, 0o400, ""},
		{"open to the world", good, 0o644, "vault.keys_open"},
		{"open to the group", good, 0o640, "vault.keys_open"},
		{"empty", "", 0o600, "vault.keys_broken"},
		{"half", good[:len(good)/2], 0o600, "vault.keys_broken"},
		{"twice", good + good, 0o600, "vault.keys_broken"},
		{"no keys", `{"format":1}`, 0o600, "vault.keys_broken"},
		{"later format", strings.Replace(good, `"format": 1`, `"format": 2`, 1), 0o600, "vault.keys_broken"},
		{"unknown member", strings.Replace(good, `"format"`, `"more": 1, "format"`, 1), 0o600, "vault.keys_broken"},
		{"purpose missing", change(func(k []map[string]any) []map[string]any { return k[1:] }), 0o600, "vault.keys_broken"},
		{"key twice", change(func(k []map[string]any) []map[string]any { return append(k, k[0]) }), 0o600, "vault.keys_broken"},
		{
			"version twice", change(func(k []map[string]any) []map[string]any {
				twin := map[string]any{"id": "0123456789abcdef", "purpose": "identity", "version": 1, "key": k[0]["key"]}
				return append(k, twin)
			}), 0o600, "vault.keys_broken",
		},
		{"short key", set("key", "AAAA"), 0o600, "vault.keys_broken"},
		{"key no base64", set("key", "!"), 0o600, "vault.keys_broken"},
		{"short id", set("id", "ab"), 0o600, "vault.keys_broken"},
		{"id no hex", set("id", "zzzzzzzzzzzzzzzz"), 0o600, "vault.keys_broken"},
		{"unknown purpose", set("purpose", "other"), 0o600, "vault.keys_broken"},
		{"version 0", set("version", 0), 0o600, "vault.keys_broken"},
		{"too large", strings.Repeat(" ", 2<<20), 0o600, "vault.keys_broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys.json")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, c.mode); err != nil {
				t.Fatal(err)
			}
			_, err := vault.Load(path, rand.Reader)
			if c.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantCode(t, err, c.code)
			for _, k := range file.Keys {
				if secret, ok := k["key"].(string); !ok || strings.Contains(err.Error(), secret) {
					t.Errorf("the error shows a key: %v", err)
				}
			}
		})
	}
	_, err := vault.Load(filepath.Join(t.TempDir(), "keys.json"), rand.Reader)
	wantCode(t, err, "vault.keys_missing")
	_, err = vault.Load(t.TempDir(), rand.Reader)
	wantCode(t, err, "vault.keys_broken")
}

func TestKeysFromElsewhere(t *testing.T) {
	text := must[[]byte](t)(vault.Generate(rand.Reader))
	a := must[*vault.Keyring](t)(vault.Parse(text, rand.Reader))
	b := must[*vault.Keyring](t)(vault.Parse(text, rand.Reader))
	sealed := must[[]byte](t)(a.Seal(vault.Identity, []byte("x"), nil))
	if got, err := b.Open(vault.Identity, sealed, nil); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
	wantCode(t, a.Rotate(vault.Identity), "vault.keys_fixed")
	_, err := vault.Parse(text[:40], rand.Reader)
	wantCode(t, err, "vault.keys_value_broken")
}

// Whatever a rotation that was killed leaves behind, the keys load, and the next rotation says what to do.
func TestInterruptedRotation(t *testing.T) {
	ring, path := newRing(t)
	if err := os.WriteFile(path+".123.new", []byte(`{"format":1,"ke`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".lock", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := must[[]byte](t)(os.ReadFile(path))
	must[*vault.Keyring](t)(vault.Load(path, rand.Reader))
	wantCode(t, ring.Rotate(vault.Identity), "vault.rotating")
	if after := must[[]byte](t)(os.ReadFile(path)); !bytes.Equal(before, after) {
		t.Error("a refused rotation changed the file")
	}
	if err := os.Remove(path + ".lock"); err != nil {
		t.Fatal(err)
	}
	if err := ring.Rotate(vault.Identity); err != nil {
		t.Error(err)
	}
}

// A rotation that cannot be saved leaves file and keys as they were.
func TestFailedRotation(t *testing.T) {
	ring, path := newRing(t)
	sealed := must[[]byte](t)(ring.Seal(vault.Identity, []byte("x"), nil))
	text := must[[]byte](t)(os.ReadFile(path))
	if err := os.WriteFile(path, text[:50], 0o600); err != nil {
		t.Fatal(err)
	}
	wantCode(t, ring.Rotate(vault.Identity), "vault.keys_broken")
	if ring.NeedsRotation(sealed) {
		t.Error("a key that was not saved is in use")
	}
	wantCode(t, ring.Reload(), "vault.keys_broken")
	if got, err := ring.Open(vault.Identity, sealed, nil); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := os.Stat(path + ".lock"); !os.IsNotExist(err) {
		t.Errorf("the lock stayed: %v", err)
	}
}

// Readers who load the file while it is replaced again and again never see a part of it, and no key is lost when two
// keyrings rotate at once.
func TestReplacedAsAWhole(t *testing.T) {
	ring, path := newRing(t)
	other := must[*vault.Keyring](t)(vault.Load(path, rand.Reader))
	sealed := must[[]byte](t)(ring.Seal(vault.Identity, []byte("x"), nil))
	done := make(chan struct{})
	var readers, writers sync.WaitGroup
	readers.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			r, err := vault.Load(path, rand.Reader)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := r.Open(vault.Identity, sealed, nil); err != nil {
				t.Error(err)
				return
			}
		}
	})
	const each = 10
	for _, r := range []*vault.Keyring{ring, other} {
		writers.Go(func() {
			for saved := 0; saved < each; {
				if r.Rotate(vault.Lookup) == nil { // otherwise the other one was at it
					saved++
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
	final := must[*vault.Keyring](t)(vault.Load(path, rand.Reader))
	if sums := must[[][]byte](t)(final.Hashes(vault.Lookup, "a")); len(sums) != 2*each+1 {
		t.Errorf("%d versions, want %d", len(sums), 2*each+1)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(must[[]byte](f)(vault.Generate(rand.Reader)))
	f.Add([]byte(`{"format":1,"keys":[]}`))
	f.Add([]byte(`{"format":1,"keys":[{"id":"0123456789abcdef","purpose":"pin","version":1,"key":"AA=="}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		ring, err := vault.Parse(text, rand.Reader)
		if err != nil {
			return
		}
		sealed, err := ring.Seal(vault.Identity, []byte("x"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ring.Open(vault.Identity, sealed, nil); err != nil || string(got) != "x" {
			t.Errorf("%q, %v", got, err)
		}
	})
}
