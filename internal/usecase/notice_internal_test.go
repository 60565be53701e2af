package usecase

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"huiyin/internal/law"
)

// Nothing that is not urgent is sent between nine in the evening and eight in the morning, China time.
func TestQuietHours(t *testing.T) {
	at := func(day, hour, minute int) int64 {
		return time.Date(2025, time.September, day, hour, minute, 0, 0, time.FixedZone("", 8*3600)).UnixMicro()
	}
	night := DefaultQuiet()
	noon := Quiet{From: 12 * 60, Until: 14 * 60}
	for _, c := range []struct {
		name     string
		quiet    Quiet
		us, want int64
	}{
		{"in the afternoon at once", night, at(26, 15, 0), at(26, 15, 0)},
		{"the last minute of the evening", night, at(26, 20, 59), at(26, 20, 59)},
		{"nine in the evening waits for the morning", night, at(26, 21, 0), at(27, 8, 0)},
		{"just before midnight", night, at(26, 23, 59), at(27, 8, 0)},
		{"midnight", night, at(27, 0, 0), at(27, 8, 0)},
		{"a minute to eight", night, at(27, 7, 59), at(27, 8, 0)},
		{"eight", night, at(27, 8, 0), at(27, 8, 0)},
		{"hours within a day: before", noon, at(26, 11, 59), at(26, 11, 59)},
		{"hours within a day: in", noon, at(26, 12, 0), at(26, 14, 0)},
		{"hours within a day: behind", noon, at(26, 14, 0), at(26, 14, 0)},
		{"none", Quiet{From: 60, Until: 60}, at(26, 1, 0), at(26, 1, 0)},
	} {
		if got := c.quiet.After(c.us); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, law.DayOf(got), law.DayOf(c.want))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		q := Quiet{From: rapid.IntRange(0, dayMinutes-1).Draw(t, "from"), Until: rapid.IntRange(0, dayMinutes-1).Draw(t, "until")}
		us := at(1, 0, 0) + rapid.Int64Range(0, 30*dayUS).Draw(t, "us")
		after := q.After(us)
		if after < us || after-us > dayUS || q.After(after) != after {
			t.Fatalf("%+v at %d: %d", q, us, after)
		}
	})
}

// What a notice says besides its kind can hold no words: a name would be one.
func TestNoticeArgumentsAreNoWords(t *testing.T) {
	for _, good := range []string{"D04", "2025-09-26", "330112-2025-0000001", "zh", "3", "clock:D04/leg-1+2"} {
		if _, err := (noticeArgs{"x": good}).text(); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "张三", "Zhang San", "a\nb", "x@y", "<b>", string(make([]byte, 50))} {
		if _, err := (noticeArgs{"x": bad}).text(); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// An attempt that failed is followed by longer and longer waits, and by the sixth failure by none.
func TestRetries(t *testing.T) {
	last := int64(0)
	for n := 1; n <= 5; n++ {
		wait, again := retryAfter(n)
		if !again || wait <= last {
			t.Errorf("after attempt %d: %d, %t", n, wait, again)
		}
		last = wait
	}
	if last != 6*60*minuteUS {
		t.Errorf("the last wait is %d", last)
	}
	for _, n := range []int{0, 6, 7} {
		if _, again := retryAfter(n); again {
			t.Errorf("again after attempt %d", n)
		}
	}
}
