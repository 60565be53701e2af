package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"huiyin/internal/law"
)

// order is what a process apart is asked to do: one of these.
type order struct {
	Plan *plan     `json:"plan,omitempty"`
	Raw  *rawOrder `json:"raw,omitempty"`
}

// plan is what a process of clients is asked to do: whole lives one after the other, for a time or until there are as many as asked for; or as many
// in a second as each phase says.
type plan struct {
	Run     string        `json:"run"` // tells the calls of one plan from those of others on the same office
	Today   law.Day       `json:"today"`
	Phases  []phase       `json:"phases,omitempty"`
	Addr    string        `json:"addr"`
	Desk    desk          `json:"desk"`
	Clients int           `json:"clients"`
	Time    time.Duration `json:"time"`
	Lives   int           `json:"lives"`
	First   int           `json:"first"` // number of the first petitioner
}

// outcome is what they found.
type outcome struct {
	Started int     `json:"started"`
	Lives   int     `json:"lives"` // that came to their end
	Seconds float64 `json:"seconds"`
	Errors  int     `json:"errors"`
	Failure string  `json:"failure"`
	Life    Spread  `json:"life"`
	Calls   []Call  `json:"calls"`
	Phases  []Phase `json:"phases,omitempty"`
}

// RunClients reads what a process apart is to do, which is nearly always to be clients, does it and writes the outcome.
func RunClients(ctx context.Context, in io.Reader, out io.Writer, now func() time.Time) error {
	var o order
	if err := json.NewDecoder(in).Decode(&o); err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	if o.Raw != nil {
		r, err := runRaw(ctx, *o.Raw, now)
		if err != nil {
			return err
		}
		return json.NewEncoder(out).Encode(r)
	}
	p := *o.Plan
	list, err := petitions()
	if err != nil {
		return err
	}
	c := &crowd{
		plan: p, petitions: list, now: now,
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: p.Clients, DisableCompression: true}},
	}
	if len(p.Phases) > 0 {
		return json.NewEncoder(out).Encode(c.arrive(ctx))
	}
	return json.NewEncoder(out).Encode(c.run(ctx))
}

// crowd is the clients of one plan.
type crowd struct {
	plan
	petitions []petition
	now       func() time.Time
	http      *http.Client
	started   atomic.Int64

	mu   sync.Mutex
	out  outcome
	life []float64   // milliseconds of each life
	call [][]float64 // and of each call, in the order of calls
}

func (c *crowd) run(ctx context.Context) outcome {
	names := calls()
	c.call = make([][]float64, len(names))
	begin := c.now()
	var wg sync.WaitGroup
	for range c.Clients {
		wg.Go(func() {
			for ctx.Err() == nil {
				n := int(c.started.Add(1))
				if c.Lives > 0 && n > c.Lives || c.Time > 0 && c.now().Sub(begin) >= c.Time {
					return
				}
				c.one(ctx, c.First+n)
			}
		})
	}
	wg.Wait()
	c.out.Started, c.out.Seconds, c.out.Lives = int(c.started.Load()), c.now().Sub(begin).Seconds(), len(c.life)
	c.out.Life = spread(c.life)
	for i, name := range names {
		c.out.Calls = append(c.out.Calls, Call{Name: name, Spread: spread(c.call[i])})
	}
	return c.out
}

// one takes one petition through its life.
func (c *crowd) one(ctx context.Context, n int) {
	took, err := c.take(ctx, c.petitions[n%len(c.petitions)], n)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		if c.out.Errors == 0 {
			c.out.Failure = err.Error()
		}
		c.out.Errors++
		return
	}
	whole := 0.0
	for i, ms := range took {
		c.call[i] = append(c.call[i], ms)
		whole += ms
	}
	c.life = append(c.life, whole)
}

// take makes the calls of a life and returns how long each took.
func (c *crowd) take(ctx context.Context, p petition, n int) ([]float64, error) {
	took := make([]float64, 0, len(calls()))
	post := func(path, key string, i int, body fields, answer any) error {
		start := c.now()
		err := c.post(ctx, path, key, fmt.Sprintf("bench-%s-%d-%d", c.Run, n, i), body, answer)
		took = append(took, float64(c.now().Sub(start).Microseconds())/1000)
		return err
	}
	var receipt struct {
		Ref string `json:"ref"`
	}
	if err := post("/submissions", c.Desk.Registrar, 0, p.intake(c.Desk, n), &receipt); err != nil {
		return nil, err
	}
	version := 1
	for i, t := range p.turns(c.Desk, receipt.Ref, c.Today) {
		var done struct {
			Version int `json:"version"`
		}
		if err := post("/matters/"+receipt.Ref+"/steps", t.key, i+1, fields{"version": version, "steps": t.steps}, &done); err != nil {
			return nil, err
		}
		version = done.Version
	}
	return took, nil
}

func (c *crowd) post(ctx context.Context, path, key, once string, body fields, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("body: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.Addr+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("request: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", once)
	resp, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("call: %w", err)
	}
	data, err := io.ReadAll(resp.Body)
	if err := resp.Body.Close(); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("POST %s: %s: %s", path, strconv.Itoa(resp.StatusCode), data)
	}
	return json.Unmarshal(data, answer)
}

// spread gives the percentiles of times in milliseconds.
func spread(ms []float64) Spread {
	if len(ms) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(ms))
	at := func(percent int) float64 { return sorted[(len(sorted)-1)*percent/100] }
	return Spread{P50: at(50), P95: at(95), P99: at(99)}
}
