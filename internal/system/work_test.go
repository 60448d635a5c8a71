package system_test

import (
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/system/systemtest"
)

// Finding and claiming work reads what is due, and not what is there: each kind of work
// has its indexes. SQLite alone tells its plan without statistics.
func TestClaimingWorkReadsWhatIsDueAlone(t *testing.T) {
	d := dbtest.SQLite(t)
	s := systemtest.New(t, d)
	for _, query := range s.Queue.Statements() {
		for _, step := range dbtest.Plan(t, d, query) {
			if scanned, is := strings.CutPrefix(step, "SCAN "); is && !regexp.MustCompile(`^(due|candidates|ranked|claimed|earliest|share\d|CONSTANT ROW|\d+ CONSTANT|\(subquery)`).MatchString(scanned) {
				t.Errorf("%s: %s", query, step)
			}
		}
	}
}
