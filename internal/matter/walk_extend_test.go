package matter

import (
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/law"
)

// Whatever is asked for, and however often, the time of the law is extended once, by 30 days at the most, while it runs: never past the 90th day
// from acceptance (第三十四条).
func TestExtensionNeverPassesTheNinetiethDay(t *testing.T) {
	w := newWorld(t)
	extended := 0
	rapid.Check(t, func(t *rapid.T) {
		started := law.NewDay(2025, 1, rapid.IntRange(1, 600).Draw(t, "start"))
		walk := &walk{t: t, host: w.accepted(t, started.String()), other: w.open(t, started.String(), letter(), bureau, 2)}
		l := walk.host
		granted := 0 // days
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			l.today = l.today.Add(rapid.SampledFrom([]int{0, 1, 10, 29, 30, 59, 60}).Draw(t, "days"))
			if rapid.IntRange(0, 3).Draw(t, "revoke") == 0 {
				walk.take(l, head(roads), RevokeExtension{Reason: "情况有变"})
			} else if days := rapid.IntRange(-1, 60).Draw(t, "days asked"); walk.take(l, head(roads), Extend{Days: days, Reason: "复杂"}) {
				if granted != 0 {
					t.Fatal("extended twice")
				}
				granted = days
				if n := int(l.mustClock(string(ruleExtend)).Nominal) - int(l.m.Accepted); n != 60+days {
					t.Fatalf("extended by %d days to the day %d from acceptance", days, n)
				}
			}
			walk.check(l)
			clocks, err := l.m.Clocks(l.w.rules)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range clocks {
				if n := int(c.Nominal) - int(l.m.Accepted); c.Rule == ruleHandle && n > 90 {
					t.Fatalf("%s: %d days from acceptance", c.Key, n)
				}
			}
		}
		if granted != 0 {
			extended++
		}
	})
	if extended == 0 {
		t.Error("nothing was ever extended")
	}
}
