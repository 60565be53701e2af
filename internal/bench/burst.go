package bench

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"
)

// BurstConfig says what comes: Rate lives a second for Calm, ten times as many for Time, then Rate again for Calm.
type BurstConfig struct {
	Config     // Clients is not used
	Most   int // calls at once; who comes while there are as many waits, and the waiting counts
	Rate   float64
	Calm   time.Duration
}

// burstTimes is how many times as many come in the burst.
const burstTimes = 10

// Burst is how a server bore it. Every call has to succeed: none is tried again.
type Burst struct {
	Engine   string  `json:"engine"`
	Found    int64   `json:"found"`
	CPUs     int     `json:"cpus"`
	Rate     float64 `json:"rate"`
	Memory   Memory  `json:"memory"`
	Errors   int     `json:"errors"`
	Failure  string  `json:"failure,omitempty"`
	Phases   []Phase `json:"phases"`
	Findings int     `json:"findings"`
}

// phase is so many lives a second for a time.
type phase struct {
	Rate float64       `json:"rate"`
	Time time.Duration `json:"time"`
}

// Phase is what became of those who came in one.
type Phase struct {
	Rate   float64 `json:"rate"`
	Came   int     `json:"came"`
	Errors int     `json:"errors"`
	Life   Spread  `json:"life"`     // from when it was to begin
	Call   Spread  `json:"call"`     // each call by itself
	Behind float64 `json:"behind_s"` // how long after the end of the phase the last was done
}

// RunBurst measures a burst on a server of its own.
func RunBurst(ctx context.Context, c BurstConfig) (r Burst, err error) {
	b := &lifecycle{Config: c.Config}
	err = b.over(ctx, func() error {
		return b.serving(ctx, func() error { return b.burst(ctx, c, &r) })
	}, func() error {
		v, err := b.verify(ctx)
		r.Findings = len(v.Findings) + v.More
		return err
	})
	return r, err
}

func (b *lifecycle) burst(ctx context.Context, c BurstConfig, r *Burst) error {
	if _, err := b.warm(ctx); err != nil {
		return err
	}
	b.Progress("burst", int(c.Rate*burstTimes))
	memory, err := watchMemory(ctx, b.Heap)
	if err != nil {
		return err
	}
	calm := phase{c.Rate, c.Calm}
	out, err := b.clients(ctx, plan{Clients: c.Most, Phases: []phase{calm, {c.Rate * burstTimes, c.Time}, calm}})
	most, failed := memory()
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	r.Memory = most
	r.Engine, r.Found, r.CPUs, r.Rate = b.app.Store.Engine(), b.found, runtime.NumCPU(), c.Rate
	r.Errors, r.Failure, r.Phases = out.Errors, out.Failure, out.Phases
	return nil
}

// arrive has lives begin at the rate of each phase, whatever becomes of those before, and waits for all.
func (c *crowd) arrive(ctx context.Context) outcome {
	free := make(chan struct{}, c.Clients)
	var all sync.WaitGroup
	begin := c.now()
	n := 0
	for _, p := range c.Phases {
		met := &gathered{}
		c.out.Phases = append(c.out.Phases, Phase{Rate: p.Rate})
		each := time.Duration(float64(time.Second) / p.Rate)
		var here sync.WaitGroup
		for at := begin; at.Before(begin.Add(p.Time)) && ctx.Err() == nil; at = at.Add(each) {
			time.Sleep(at.Sub(c.now()))
			n++
			who := c.First + n
			here.Go(func() {
				free <- struct{}{}
				took, err := c.take(ctx, c.petitions[who%len(c.petitions)], who)
				<-free
				met.add(float64(c.now().Sub(at).Microseconds())/1000, took, err)
			})
		}
		begin = begin.Add(p.Time)
		end, to := begin, len(c.out.Phases)-1
		all.Go(func() {
			here.Wait()
			found := met.phase(p.Rate)
			found.Behind = max(0, c.now().Sub(end).Seconds())
			c.mu.Lock()
			defer c.mu.Unlock()
			c.out.Phases[to] = found
			c.out.Errors += found.Errors
			if c.out.Failure == "" {
				c.out.Failure = met.failure
			}
		})
	}
	all.Wait()
	c.out.Started = n
	return c.out
}

// gathered is what those who came in a phase met.
type gathered struct {
	mu      sync.Mutex
	errors  int
	failure string
	life    []float64
	call    []float64
}

func (g *gathered) add(life float64, calls []float64, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.call = append(g.call, calls...)
	if err != nil {
		if g.errors == 0 {
			g.failure = err.Error()
		}
		g.errors++
		return
	}
	g.life = append(g.life, life)
}

func (g *gathered) phase(rate float64) Phase {
	return Phase{Rate: rate, Came: len(g.life) + g.errors, Errors: g.errors, Life: spread(g.life), Call: spread(g.call)}
}
