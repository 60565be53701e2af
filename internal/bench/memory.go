package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/metrics"
	"runtime/pprof"
	"sync"
	"time"
)

// Memory is what was resident of the server at most, in KiB, and about then, of that: pages of its own file, and what the Go runtime has. The rest is nearly all SQLite's.
type Memory struct {
	AtMost int64 `json:"at_most_kb"`
	File   int64 `json:"file_kb"`
	Go     int64 `json:"go_kb"`
}

// memoryLook is how often a watch looks, and memoryMore by how much more has to be resident for another profile of the heap.
const (
	memoryLook = 50 * time.Millisecond
	memoryMore = 1.02
)

// watchMemory begins to look anew at how much memory of this process is resident at most. What it returns tells; where a profile is wanted it writes one of the heap as it
// was about then.
func watchMemory(ctx context.Context, profile io.Writer) (tell func() (Memory, error), err error) {
	const resident = "5" // see proc(5), clear_refs
	if err := os.WriteFile("/proc/self/clear_refs", []byte(resident), 0); err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	var m Memory
	var heap bytes.Buffer
	var failed error
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(memoryLook)
		defer tick.Stop()
		for failed == nil {
			failed = m.look(profile != nil, &heap)
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return func() (Memory, error) {
		stop()
		watch.Wait()
		var err error
		m.AtMost, err = memoryKB(os.Getpid(), "VmHWM:")
		if err = errors.Join(failed, err); err == nil && profile != nil {
			_, err = profile.Write(heap.Bytes())
		}
		return m, err
	}, nil
}

// look takes what is resident now for the most where it is.
func (m *Memory) look(profile bool, heap *bytes.Buffer) error {
	now, err := memoryKB(os.Getpid(), "VmRSS:")
	if err != nil || float64(now) < float64(m.AtMost)*memoryMore {
		return err
	}
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	m.AtMost, m.Go = now, int64((sample[0].Value.Uint64()-sample[1].Value.Uint64())>>10)
	if m.File, err = memoryKB(os.Getpid(), "RssFile:"); err != nil || !profile {
		return err
	}
	heap.Reset()
	return pprof.Lookup("heap").WriteTo(heap, 0)
}
