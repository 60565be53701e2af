package main

import (
	"context"
	"net"
	"strconv"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/errs"
)

// supervised serves and tells systemd, if it is what started this program (sd_notify(3)): that it answers, that it still does, that it stops.
func supervised(ctx context.Context, c *console, a *app.App, ready func(addr string)) error {
	tell := supervisor(ctx, c.getenv("NOTIFY_SOCKET"))
	told := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		tell("STOPPING=1")
		close(told)
	})
	defer func() {
		if !stop() { // it is being told, and this process does not end before
			<-told
		}
	}()
	beat, end := context.WithCancel(ctx)
	defer end()
	return a.Serve(ctx, func(addr string) {
		ready(addr)
		tell("READY=1")
		if us, err := strconv.ParseInt(c.getenv("WATCHDOG_USEC"), 10, 64); err == nil && us > 0 {
			go heartbeat(beat, time.Duration(us)*time.Microsecond/2, a.Alive, tell)
		}
	})
}

// supervisor gives what sends a line to the socket at an address. Without one, or where nobody listens, nothing is told: that is systemd's to notice.
func supervisor(ctx context.Context, socket string) func(state string) {
	if socket == "" {
		return func(string) {}
	}
	if socket[0] == '@' { // a name that is in no folder begins with a zero byte
		socket = "\x00" + socket[1:]
	}
	calm := context.WithoutCancel(ctx)
	return func(state string) {
		var d net.Dialer
		conn, err := d.DialContext(calm, "unixgram", socket)
		if err != nil {
			return
		}
		_, _ = conn.Write([]byte(state))
		_ = conn.Close()
	}
}

// heartbeat tells again and again that the program works, as long as it does: when it no longer reads its database, systemd starts it anew. Where the server of the
// database is away, starting anew would mend nothing: it goes on, and so does this.
func heartbeat(ctx context.Context, every time.Duration, alive func(context.Context) error, tell func(string)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			limited, cancel := context.WithTimeout(ctx, every)
			if err := alive(limited); err == nil || errs.CodeOf(err) == "store.away" && limited.Err() == nil {
				tell("WATCHDOG=1")
			}
			cancel()
		}
	}
}
