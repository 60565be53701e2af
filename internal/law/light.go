package law

// A Light is how a clock looks.
type Light int

// The lights. LightOf gives the first three; a clock that is paused or done is known to the matter alone.
const (
	LightGo Light = iota
	LightSoon
	LightLate
	LightPause
	LightDone
)

// String returns go, soon, late, pause or done.
func (l Light) String() string {
	switch l {
	case LightGo:
		return "go"
	case LightSoon:
		return "soon"
	case LightLate:
		return "late"
	case LightPause:
		return "pause"
	case LightDone:
		return "done"
	}
	return ""
}

// LightOf returns late after the legal end, soon from the alarm day on, go before, and go where there is no end.
func LightOf(today, alarm, legal Day) Light {
	switch {
	case !legal.Known():
		return LightGo
	case today > legal:
		return LightLate
	case today >= alarm:
		return LightSoon
	}
	return LightGo
}

// AlarmDay returns the first day on which the light is soon: SoonDays before LegalEnd for a petitioner's right, before
// SafeEnd for every duty; NoDay when there is no end.
func (d Deadline) AlarmDay() Day {
	if d.Side == SidePetitioner {
		return d.LegalEnd.Add(-d.SoonDays)
	}
	return d.SafeEnd.Add(-d.SoonDays)
}

// Light returns how the clock stands on a day.
func (d Deadline) Light(today Day) Light { return LightOf(today, d.AlarmDay(), d.LegalEnd) }

// DaysLeft returns the calendar days from today to the legal end: 0 on the last day, negative when late, and 0 where
// there is no end.
func (d Deadline) DaysLeft(today Day) int {
	if !d.Known() || !today.Known() {
		return 0
	}
	return int(d.LegalEnd) - int(today)
}
