package payment

import (
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
)

// What runs for every payment must not read more the
// more payments there are. SQLite alone tells its plan without statistics.
func TestCostDoesNotGrowWithPayments(t *testing.T) {
	d := dbtest.SQLite(t)
	for name, query := range map[string]string{"by visit": byVisit} {
		for _, step := range dbtest.Plan(t, d, query) {
			if strings.HasPrefix(step, "SCAN") {
				t.Errorf("%s: %s", name, step)
			}
		}
	}
}
