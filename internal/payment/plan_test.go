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
	for name, c := range map[string]struct {
		query     string
		arguments int
	}{
		"by visit": {byVisit, 2},
	} {
		var plan []struct {
			ID, Parent, Notused int64
			Detail              string
		}
		arguments := []any{1, 2, 3}[:c.arguments]
		if err := d.Select(t.Context(), &plan, `EXPLAIN QUERY PLAN `+c.query, arguments...); err != nil {
			t.Fatal(err)
		}
		for _, step := range plan {
			if strings.HasPrefix(step.Detail, "SCAN") {
				t.Errorf("%s: %s", name, step.Detail)
			}
		}
	}
}
