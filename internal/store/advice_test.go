package store

import (
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// TestAdvicePlans: what was taken is counted along an index that holds all it needs, the matters of a confusion and the counters of a category walk
// their own in the order they are shown.
func TestAdvicePlans(t *testing.T) {
	s := migrated(t)
	since := law.NewDay(2026, 9, 1)
	taken := explain(t, s, adviceTaken("category", since))
	if !strings.HasPrefix(taken[0], "SEARCH advice USING COVERING INDEX advice_taken") {
		t.Errorf("taken goes by %v", taken)
	}
	for name, scope := range map[string]org.Scope{"unit": {Roots: []org.UnitID{3}}, "all": {All: true}} {
		walks(t, s, "confused "+name, adviceMatters(scope, "category", AdvicePair{First: "N0502", Taken: "N0510"}, since, 50), "a USING COVERING INDEX advice_pair")
	}
	walks(t, s, "customs", customsOf(330112, "N0502", "2024-11"), "custom USING INDEX sqlite_autoindex_custom_1")
}
