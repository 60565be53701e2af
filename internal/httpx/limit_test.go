package httpx_test

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
)

func TestLimiter(t *testing.T) {
	c := newClock()
	l := httpx.NewLimiter(3, 10*time.Second, 100, c.now)
	for i := range 3 {
		if err := l.Allow("a"); err != nil {
			t.Errorf("act %d: %v", i, err)
		}
	}
	err := l.Allow("a")
	if wantCode(t, err, "http.wait_seconds"); errs.KindOf(err) != errs.TooMany {
		t.Errorf("kind %d", errs.KindOf(err))
	}
	if err := l.Allow("b"); err != nil {
		t.Errorf("another key: %v", err)
	}
	c.move(9 * time.Second)
	wantCode(t, l.Allow("a"), "http.wait_seconds")
	c.move(time.Second) // refused acts did not count
	if err := l.Allow("a"); err != nil {
		t.Error(err)
	}
	wantCode(t, l.Allow("a"), "http.wait_seconds")
	c.move(time.Hour)
	for range 3 {
		if err := l.Allow("a"); err != nil {
			t.Errorf("after an hour: %v", err)
		}
	}
	wantCode(t, l.Allow("a"), "http.wait_seconds")
}

func TestLimiterForgetsTheOldest(t *testing.T) {
	l := httpx.NewLimiter(1, time.Hour, 2, newClock().now)
	for _, step := range []struct {
		key   string
		allow bool
	}{{"a", true}, {"b", true}, {"a", false}, {"c", true}, {"a", false}, {"b", true}} { // c pushed b out, not a
		if err := l.Allow(step.key); (err == nil) != step.allow {
			t.Errorf("%s: %v", step.key, err)
		}
	}
}

// However acts come in time, no more than burst + elapsed/every pass, and waiting as long as told always helps.
func TestLimiterNeverExceeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newClock()
		start := c.now()
		burst := rapid.IntRange(1, 5).Draw(t, "burst")
		every := time.Duration(rapid.IntRange(1, 100).Draw(t, "every")) * time.Second
		l := httpx.NewLimiter(burst, every, 10, c.now)
		passed := 0
		for range 50 {
			c.move(time.Duration(rapid.IntRange(0, 120).Draw(t, "pause")) * time.Second)
			err := l.Allow("a")
			if err != nil {
				c.move(retrySeconds(err))
				if err = l.Allow("a"); err != nil {
					t.Errorf("after the wait: %v", err)
				}
			}
			passed++
			if most := burst + int(c.now().Sub(start)/every); passed > most {
				t.Errorf("%d passed, at most %d may", passed, most)
			}
		}
	})
}

func retrySeconds(err error) time.Duration {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return 0
	}
	for _, a := range e.Args {
		if s, ok := a.Value.(int64); ok && a.Key == "retry_seconds" {
			return time.Duration(s) * time.Second
		}
	}
	return 0
}

func TestBackoff(t *testing.T) {
	c := newClock()
	b := httpx.NewBackoff(2, 10*time.Second, time.Minute, time.Hour, 100, c.now)
	for _, wait := range []time.Duration{0, 0, 10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute, time.Minute} {
		if wait > 0 {
			c.move(wait - time.Millisecond)
			err := b.Attempt("a")
			if wantCode(t, err, "http.wait_seconds"); retrySeconds(err) != time.Second {
				t.Errorf("told to wait %v", retrySeconds(err))
			}
			c.move(time.Millisecond)
		}
		if err := b.Attempt("a"); err != nil {
			t.Errorf("after %v: %v", wait, err)
		}
	}
	if err := b.Attempt("b"); err != nil {
		t.Errorf("another key: %v", err)
	}
	c.move(time.Hour)
	for range 2 {
		if err := b.Attempt("a"); err != nil {
			t.Errorf("after an hour: %v", err)
		}
	}
	wantCode(t, b.Attempt("a"), "http.wait_seconds")
	b.Succeeded("a")
	if err := b.Attempt("a"); err != nil {
		t.Errorf("after success: %v", err)
	}
}

func TestBackoffLongWait(t *testing.T) {
	b := httpx.NewBackoff(0, time.Hour, 2*time.Hour, 24*time.Hour, 10, newClock().now)
	if err := b.Attempt("a"); err != nil {
		t.Error("the first attempt ever must pass:", err)
	}
	err := b.Attempt("a")
	if wantCode(t, err, "http.wait_minutes"); retrySeconds(err) != 2*time.Hour {
		t.Errorf("told to wait %v", retrySeconds(err))
	}
}

// Many guesses at once get no further than one after the other.
func TestBackoffAtOnce(t *testing.T) {
	b := httpx.NewBackoff(5, time.Minute, time.Hour, 24*time.Hour, 10, newClock().now)
	var passed atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if b.Attempt("code") == nil {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if passed.Load() != 5 {
		t.Errorf("%d of 100 passed", passed.Load())
	}
}

// A code's PIN can be guessed no more often than NewAttempts promises, from however many addresses.
func TestGuessesADay(t *testing.T) {
	c := newClock()
	a := httpx.NewAttempts(c.now)
	var perDay [3]int
	const step, day = 10, 24 * 3600
	for second := 0; second < 3*day; second += step {
		from := netip.AddrFrom4([4]byte{10, byte(second >> 16), byte(second >> 8), byte(second)})
		if a.Open("3501-2026-000001", from) == nil {
			perDay[second/day]++
		}
		c.move(step * time.Second)
	}
	if perDay[0] > 35 || perDay[1] > 24 || perDay[2] > 24 || perDay[2] < 20 {
		t.Errorf("guesses a day: %v", perDay)
	}
}

func TestAttempts(t *testing.T) {
	a := httpx.NewAttempts(newClock().now)
	count := func(try func(i int) error) int {
		n := 0
		for i := range 100 {
			if try(i) == nil {
				n++
			}
		}
		return n
	}
	addr := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}) }
	one, other := netip.MustParseAddr("203.0.113.5"), netip.MustParseAddr("203.0.113.6")
	v6 := func(i int) netip.Addr { return netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1)) }
	for _, c := range []struct {
		name string
		try  func(i int) error
		want int
	}{
		{"one account, many addresses", func(i int) error { return a.SignIn("zhang", addr(i)) }, 5},
		{"many accounts, one address", func(i int) error { return a.SignIn(fmt.Sprint("user", i), one) }, 30},
		{"one code, many addresses", func(i int) error { return a.Open("code", addr(i)) }, 5},
		{"many codes, one address", func(i int) error { return a.Open(fmt.Sprint("code", i), one) }, 20},
		{"filing, one address", func(int) error { return a.File(one) }, 20},
		{"filing, one IPv6 household", func(i int) error { return a.File(v6(i)) }, 20},
		{"filing, many addresses", func(i int) error { return a.File(addr(i)) }, 100},
		{"right each time", func(i int) error {
			err := a.SignIn("li", addr(i))
			a.SignedIn("li")
			return err
		}, 100},
		{"opened each time", func(i int) error {
			err := a.Open("mine", addr(i+100))
			a.Opened("mine")
			return err
		}, 100},
		{"another address after all that", func(int) error { return a.File(other) }, 20},
	} {
		if got := count(c.try); got != c.want {
			t.Errorf("%s: %d of 100 passed, want %d", c.name, got, c.want)
		}
	}
}
