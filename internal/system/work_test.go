package system_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/system/systemtest"
)

var placeholder = regexp.MustCompile(`\$\d+`)

// Finding and claiming work reads what is due, and not what is there: each kind of work
// has its indexes. SQLite alone tells its plan without statistics.
func TestClaimingWorkReadsWhatIsDueAlone(t *testing.T) {
	d := dbtest.SQLite(t)
	s := systemtest.New(t, d)
	for _, query := range s.Queue.Statements() {
		var plan []struct {
			ID, Parent, Notused int64
			Detail              string
		}
		n := 0
		for _, p := range placeholder.FindAllString(query, -1) {
			var at int
			_, _ = fmt.Sscanf(p, "$%d", &at)
			n = max(n, at)
		}
		if err := d.Select(t.Context(), &plan, `EXPLAIN QUERY PLAN `+query, make([]any, n)...); err != nil {
			t.Fatalf("%v\n%s", err, query)
		}
		for _, step := range plan {
			if scanned, is := strings.CutPrefix(step.Detail, "SCAN "); is && !regexp.MustCompile(`^(due|candidates|ranked|earliest|share\d|CONSTANT ROW|\d+ CONSTANT|\(subquery)`).MatchString(scanned) {
				t.Errorf("%s: %s", query, step.Detail)
			}
		}
	}
}
