package store

import (
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/matter"
)

// TestSweepPlans: both sweeps of the clocks seek in an index that holds what is due and nothing else, and read it in its order.
func TestSweepPlans(t *testing.T) {
	s := migrated(t)
	today := law.NewDay(2026, 9, 21)
	for name, after := range map[string]RemindPlace{"first": {}, "next": {Day: today.Add(-1), Ref: matter.Ref{Home: 330112, N: 20260000001}}} {
		walks(t, s, "due "+name, dueClocks(today, after, 100), "c USING COVERING INDEX clock_remind")
		walks(t, s, "untold "+name, untoldClocks(today, after, 100), "c USING INDEX clock_untold")
	}
}
