package tests

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestClientIsGenerated: the client that the tests of the API call it with is what its description gives.
func TestClientIsGenerated(t *testing.T) {
	out := filepath.Join(t.TempDir(), "client_gen.go")
	cmd := exec.Command("go", "tool", "-modfile=tools/go.mod", "oapi-codegen", "-config", "internal/api/client/config.yaml", "-o", out, "internal/api/openapi.json")
	cmd.Dir = root(t)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	want, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root(t), "internal", "api", "client", "client_gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("internal/api/client is not what internal/api/openapi.json gives: run the command in its config.yaml")
	}
}
