// Package tests holds tests about the code base itself.
package tests

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
}

// list runs go list over the module from its root.
func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Deps,Standard"}, args...)...)
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestDomainIsPure: whatever a domain package reaches, directly or not, is the standard library without I/O, or a domain package to its left.
func TestDomainIsPure(t *testing.T) {
	domain := []string{"errs", "query", "law", "org", "matter", "stat", "assess", "periodic", "proof", "find", "hot", "open"}
	left := map[string][]string{"errs": nil, "query": {"errs"}, "law": {"errs"}, "org": {"errs", "law"}, "matter": {"errs", "query", "law", "org"}, "stat": {"errs", "query", "law", "org", "matter"}, "assess": {"errs", "query", "law", "org", "matter", "stat"}, "periodic": {"errs", "query", "law", "org", "matter", "stat"}, "proof": nil, "find": nil, "hot": {"find"}, "open": {"errs", "law"}}
	forbidden := []string{"net", "net/http", "database/sql", "log", "log/slog", "os/exec", "context", "math/rand", "math/rand/v2", "crypto/rand"}
	for _, name := range domain {
		p := list(t, "./internal/"+name)[0]
		for _, d := range p.Deps {
			if strings.HasPrefix(d, "huiyin/") && !slices.Contains(left[name], strings.TrimPrefix(d, "huiyin/internal/")) {
				t.Errorf("%s reaches %s: the domain imports leftwards only", name, d)
			}
			if strings.Contains(strings.SplitN(d, "/", 2)[0], ".") {
				t.Errorf("%s reaches %s: the domain has no third-party import", name, d)
			}
		}
		for _, d := range p.Imports {
			if slices.Contains(forbidden, d) || d == "os" {
				t.Errorf("%s imports %s: the domain is pure", name, d)
			}
		}
	}
}

// TestImportsPointInwards: the layers, as CONTRIBUTING.md draws them.
func TestImportsPointInwards(t *testing.T) {
	may := map[string][]string{ // package → the packages of the module it may import; domain packages are always allowed
		"gazetteer": {}, "vault": {}, "webhook": {}, "i18n": {}, "config": {}, "intake": {}, "store": {}, "pgtest": {}, "storetest": {"store", "pgtest"}, "demo": {"usecase", "store", "gazetteer", "i18n", "vault", "matter", "intake"},
		"document": {}, "paper": {"document"}, "suggest": {}, "extract": {}, "reply": {"gazetteer"},
		"usecase": {"store", "vault", "gazetteer", "intake", "webhook", "document", "paper", "suggest", "extract", "reply"},
		"httpx":   {"i18n"},
		"notify":  {"usecase", "i18n", "webhook"},
		"api":     {"usecase", "httpx", "i18n", "gazetteer", "reply"},
		"web":     {"usecase", "notify", "httpx", "i18n", "gazetteer", "document", "reply", "web/ui", "web/static", "web/sankey"},
		"web/ui":  {"i18n", "web/static"}, "web/static": {}, "web/sankey": {},
		"bench": {"app", "usecase", "store", "vault", "gazetteer"}, "api/client": {},
	}
	domain := []string{"errs", "query", "law", "org", "matter", "stat", "assess", "periodic", "proof", "find", "hot", "open"}
	for _, p := range list(t, "./internal/...") {
		name := strings.TrimPrefix(p.ImportPath, "huiyin/internal/")
		if name == "app" || name == "tests" {
			continue
		}
		allowed, known := may[name]
		if !known && !slices.Contains(domain, name) {
			t.Errorf("package %s has no place in the layers: add it to this test and to CONTRIBUTING.md", name)
			continue
		}
		for _, d := range p.Imports {
			d, own := strings.CutPrefix(d, "huiyin/internal/")
			if own && !slices.Contains(domain, d) && !slices.Contains(allowed, d) {
				t.Errorf("%s imports %s", name, d)
			}
		}
		for _, d := range p.Imports {
			if strings.HasPrefix(d, "go.opentelemetry.io/") || strings.HasPrefix(d, "github.com/prometheus/") {
				t.Errorf("%s imports %s: only app knows who watches; the others tell a function", name, d)
			}
		}
		if name != "store" && name != "bench" && slices.Contains(p.Imports, "database/sql") {
			t.Errorf("%s imports database/sql: SQL lives in store, and in the bare program that bench compares it with", name)
		}
	}
}

// TestDependenciesAreExplained: each direct module stands in docs/dependencies.md with its reason.
func TestDependenciesAreExplained(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join(root(t), "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "list", "-m", "-f", "{{if not .Indirect}}{{.Path}}{{end}}", "all")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range strings.Fields(string(out)) {
		if m != "huiyin" && !strings.Contains(string(doc), "`"+m+"`") {
			t.Errorf("docs/dependencies.md does not explain %s", m)
		}
	}
}

// TestNoFileIsTwoIdeas: a source file over 600 lines asks for a second file.
func TestNoFileIsTwoIdeas(t *testing.T) {
	err := filepath.WalkDir(filepath.Join(root(t), "internal"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_gen.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if n := strings.Count(string(text), "\n"); n > 600 {
			t.Errorf("%s has %d lines", path, n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNoRegistryHost: neither lock files nor sources name a package registry's host.
func TestNoRegistryHost(t *testing.T) {
	cmd := exec.Command("git", "ls-files")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	hosts := []string{"registry" + ".npmjs", "proxy" + ".golang", "deb" + ".debian", "npm" + "mirror"}
	for _, f := range strings.Fields(string(out)) {
		text, err := os.ReadFile(filepath.Join(root(t), f))
		if err != nil {
			continue // removed in the work tree
		}
		for _, h := range hosts {
			if strings.Contains(string(text), h) {
				t.Errorf("%s names %s", f, h)
			}
		}
	}
}
