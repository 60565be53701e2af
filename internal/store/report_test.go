package store

import (
	"testing"
	"time"

	"huiyin/internal/law"
)

// TestReportPlans: each minute what is due is looked for, by an index.
func TestReportPlans(t *testing.T) {
	s := migrated(t)
	walks(t, s, "due", schedulesBefore("week", law.NewDay(2026, time.November, 22), 500), "report_schedule USING INDEX report_schedule_due")
}
