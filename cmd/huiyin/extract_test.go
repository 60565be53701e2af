package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"huiyin/internal/extract"
)

// asItself makes this program of the tests the whole program, for tests that start it.
const asItself = "HUIYIN_TEST_ITSELF"

// TestMain lets this program be called as the server calls its own, and as systemd calls it.
func TestMain(m *testing.M) {
	if os.Getenv(asItself) != "" {
		_ = os.Unsetenv(asItself) // settings begin like this
		main()
	}
	if len(os.Args) > 1 && os.Args[1] == extractCommand {
		switch os.Args[2] {
		case "sleep":
			time.Sleep(time.Minute)
		case "environment":
			_, _ = os.Stdout.WriteString(strings.Join(os.Environ(), " "))
			os.Exit(0)
		case "memory":
			if confine(extractMemory, extractWithin) != nil {
				os.Exit(0)
			}
			var held [][]byte
			for range 1 << 12 {
				held = append(held, make([]byte, 1<<20))
				for i := range held[len(held)-1] {
					held[len(held)-1][i] = 1
				}
			}
			os.Exit(0)
		default:
			os.Exit(extractText(os.Args[2:], os.Stdin, os.Stdout))
		}
	}
	os.Exit(m.Run())
}

func TestExtractInAProcess(t *testing.T) {
	program, err := os.Executable()
	must(t, err)
	t.Setenv("HUIYIN_KEYS", "secret")
	read := extractBy(program, extractWithin)
	for _, c := range []struct {
		kind    extract.Kind
		content string
		want    string
		broken  bool
	}{
		{extract.TXT, "夜间施工，噪音扰民", "夜间施工，噪音扰民", false},
		{extract.TXT, strings.Repeat("水", extract.MaxText+1), strings.Repeat("水", extract.MaxText), false},
		{extract.PDF, "%PDF-1.4\nnothing", "", true},
		{extract.DOCX, "PK", "", true},
		{"jpeg", "x", "", true},
		{"memory", "", "", true},
		{"environment", "", "", false},
	} {
		got, err := read(t.Context(), c.kind, []byte(c.content))
		if got != c.want || errors.Is(err, extract.ErrBroken) != c.broken || (err != nil) != c.broken {
			t.Errorf("%s %.20q: %.80q, %v", c.kind, c.content, got, err)
		}
	}
	if got, err := extractBy(program, 50*time.Millisecond)(t.Context(), "sleep", nil); !errors.Is(err, extract.ErrBroken) || got != "" {
		t.Errorf("one that never ends: %q, %v", got, err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := read(stopped, extract.TXT, []byte("x")); errors.Is(err, extract.ErrBroken) || err == nil {
		t.Errorf("stopped: %v", err)
	}
	if _, err := extractBy(program+".none", extractWithin)(t.Context(), extract.TXT, nil); errors.Is(err, extract.ErrBroken) || err == nil {
		t.Errorf("no program: %v", err)
	}
}
