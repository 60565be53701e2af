package usecase

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"huiyin/internal/suggest"
)

// Two works aside share one processor: all of it while nobody is there, a tenth of it while somebody calls, and all of it again soon after the last call.
func TestAsideIsPolite(t *testing.T) {
	const piece, span = 5 * time.Millisecond, time.Minute
	for name, c := range map[string]struct {
		every       time.Duration // somebody calls; never when zero
		least, most float64       // share of a processor
	}{
		"nobody calls":                 {0, 0.99, 1.01},
		"a call every second":          {900 * time.Millisecond, 0.05, 0.21},
		"a hundred calls a second":     {10 * time.Millisecond, 0.05, 0.21},
		"a call now and then":          {20 * time.Second, 0.9, 0.99},
		"a call every quarter of hour": {15 * time.Minute, 0.97, 1.01},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, end := context.WithTimeout(t.Context(), span)
			defer end()
			o := &Office{Config: Config{Now: func() int64 { return time.Now().UnixMicro() }}, aside: aside{turn: make(chan struct{}, 1)}}
			var mu sync.Mutex
			var all sync.WaitGroup
			worked, at := time.Duration(0), 0
			for range 2 {
				all.Go(func() {
					s, err := o.beginAside(ctx)
					defer s.end()
					for ; err == nil; err = s.rest(ctx) {
						mu.Lock()
						at++
						if at > 1 {
							t.Error("two at once")
						}
						mu.Unlock()
						time.Sleep(piece)
						mu.Lock()
						worked += piece
						at--
						mu.Unlock()
					}
				})
			}
			for c.every > 0 && ctx.Err() == nil {
				o.Called()
				select {
				case <-ctx.Done():
				case <-time.After(c.every):
				}
			}
			all.Wait()
			if share := worked.Seconds() / span.Seconds(); share < c.least || share > c.most {
				t.Errorf("%s: %.3f of a processor", name, share)
			}
			s, err := o.beginAside(t.Context()) // the turn was given back
			if err != nil {
				t.Error(err)
			}
			s.end()
			s.end()
		})
	}
}

// What is learnt from is bounded by its rows and by its characters.
func TestLessonsAreBounded(t *testing.T) {
	for text, rows := range map[string]int{"路": maxLessons, strings.Repeat("路", maxLesson): maxLearnt / maxLesson} {
		var l Lessons
		for range maxLessons + 1 {
			l.take(suggest.Row{Text: text})
		}
		if len(l.Rows) != rows {
			t.Errorf("%d rows, want %d", len(l.Rows), rows)
		}
	}
}
