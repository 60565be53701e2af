package usecase

import "huiyin/internal/law"

// Quiet are the hours in which nothing is sent that is not urgent, in minutes of the day in China: from one, inclusive, until the other. Equal ones
// are no hours at all.
type Quiet struct {
	From  int `json:"from"`
	Until int `json:"until"`
}

// DefaultQuiet is from nine in the evening to eight in the morning.
func DefaultQuiet() Quiet { return Quiet{From: 21 * 60, Until: 8 * 60} }

const (
	minuteUS   = 60 * 1_000_000
	dayMinutes = 24 * 60
)

// After is the first instant from which something may be sent: the one given, or the end of the quiet hours it lies in.
func (q Quiet) After(us int64) int64 {
	day := law.DayOf(us)
	minute := int((us - day.StartUS()) / minuteUS)
	until := day.StartUS() + int64(q.Until)*minuteUS
	switch {
	case q.From == q.Until:
		return us
	case q.From < q.Until:
		if minute >= q.From && minute < q.Until {
			return until
		}
	case minute >= q.From:
		return until + dayMinutes*minuteUS
	case minute < q.Until:
		return until
	}
	return us
}
