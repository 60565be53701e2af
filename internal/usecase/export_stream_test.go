package usecase_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// longTitle is as much as a title may hold, which no packing makes short; it begins with the name of the matter.
func longTitle(n int) string {
	var b strings.Builder
	b.WriteString("机密")
	for i := range 95 {
		b.WriteRune(rune(0x4e00 + (n*7919+i*i*101)%20_000))
	}
	return b.String()
}

// exporting is an office with so many matters, and its folder of uploads. Something happens with each word of a table that is asked for: in the middle of making it.
func exporting(t *testing.T, matters int, amid func(o *testOffice, dir string, word int)) (*testOffice, string) {
	t.Helper()
	o := newOffice(t)
	for n := range matters {
		o.file(t, longTitle(n))
	}
	word := 0
	o.Say = func(bool) func(string, []errs.Arg) string {
		return func(code string, args []errs.Arg) string {
			word++
			amid(o, o.files, word)
			return say(code, args)
		}
	}
	return o, o.files
}

// stray lists the files in a folder of uploads that are no uploads.
func stray(tb testing.TB, dir string) []string {
	tb.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	check(tb, err)
	var out []string
	for _, f := range found {
		if info, err := os.Stat(f); err == nil && !info.IsDir() {
			out = append(out, f)
		}
	}
	return out
}

func supervised() matter.Filter { return matter.Filter{List: matter.ListAll, View: matter.ViewOpen} }

// While a table is made it lies in one file of the folder of uploads, encrypted, in either format; nothing is left when it is done.
func TestExportsLieEncrypted(t *testing.T) {
	t.Parallel()
	const matters, words = 700, 2500
	for _, format := range usecase.TableFormats() {
		looked := 0
		o, dir := exporting(t, matters, func(_ *testOffice, dir string, word int) {
			if word != words {
				return
			}
			for _, f := range stray(t, dir) {
				content, err := os.ReadFile(f)
				check(t, err)
				looked += len(content)
				if bytes.Contains(content, []byte("机密")) || bytes.Contains(content, []byte("xl/workbook.xml")) || bytes.Contains(content, []byte("\ufeff")) {
					t.Errorf("%s lies in the clear", f)
				}
			}
		})
		rows, job := o.taken(t, o.actor(t, org.RoleSupervisor, unitCounty), usecase.Export{List: supervised(), Format: format})
		if len(rows) != matters+1 || job.Done != matters || looked == 0 {
			t.Errorf("%s: %d rows, %+v, %d bytes looked at", format, len(rows), job, looked)
		}
		if left := stray(t, dir); len(left) > 0 {
			t.Errorf("%s: left behind: %v", format, left)
		}
	}
}

// What has come of a table is not held in memory: from its first rows to its last nothing grows, while more than that is written.
func TestExportsAreBounded(t *testing.T) {
	const matters, most, least = 1500, 100 << 10, 300 << 10
	var live, lain []int
	for _, format := range usecase.TableFormats() {
		live, lain = nil, nil
		o, _ := exporting(t, matters, func(_ *testOffice, dir string, word int) {
			if word != 1000 && word != 5*matters {
				return
			}
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			live = append(live, int(m.HeapAlloc))
			for _, f := range stray(t, dir) {
				info, err := os.Stat(f)
				check(t, err)
				lain = append(lain, int(info.Size()))
			}
		})
		if rows, _ := o.taken(t, o.actor(t, org.RoleSupervisor, unitCounty), usecase.Export{List: supervised(), Format: format}); len(rows) != matters+1 {
			t.Errorf("%s: %d rows", format, len(rows))
		}
		if len(live) != 2 || live[1]-live[0] > most || lain[1]-lain[0] < least {
			t.Errorf("%s: in memory %d and %d bytes, on the disk %d", format, live[0], live[1], lain)
		}
	}
}

// A table that is stopped, or whose program ends, in the middle leaves nothing and is not done; one that was broken off is made when the program runs again.
func TestExportsEndClean(t *testing.T) {
	t.Parallel()
	const matters, words = 300, 1200
	var job usecase.JobView
	for name, amid := range map[string]func(*testOffice, context.CancelFunc){
		"stopped": func(o *testOffice, _ context.CancelFunc) {
			o.now.Add(5_000_000)
			check(t, o.StopJob(t.Context(), o.actor(t, org.RoleSupervisor, unitCounty), job.Home, job.ID))
		},
		"ended": func(_ *testOffice, end context.CancelFunc) { end() },
	} {
		stop, end := context.WithCancel(t.Context())
		defer end()
		o, dir := exporting(t, matters, func(o *testOffice, _ string, word int) {
			if word == words {
				amid(o, end)
			}
		})
		who := o.actor(t, org.RoleSupervisor, unitCounty)
		var err error
		job, err = o.StartExport(t.Context(), who, usecase.Export{List: supervised(), Format: usecase.TableXLSX})
		check(t, err)
		if err := o.RunJobs(stop); err != nil && name != "ended" {
			t.Error(err)
		}
		now, err := o.Job(t.Context(), who, job.Home, job.ID)
		check(t, err)
		want := map[string]store.JobState{"stopped": store.JobStopped, "ended": store.JobWaiting}[name]
		if left := stray(t, dir); len(left) > 0 || now.State != want || now.File {
			t.Errorf("%s: %+v, left behind: %v", name, now, left)
		}
		if name == "ended" {
			check(t, o.RunJobs(t.Context()))
			if now, err := o.Job(t.Context(), who, job.Home, job.ID); now.State != store.JobDone || !now.File || err != nil {
				t.Errorf("not begun again: %+v %v", now, err)
			}
		}
	}
}
