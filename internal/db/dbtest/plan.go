package dbtest

import (
	"regexp"
	"strconv"
	"testing"

	"smartlinks/internal/db"
)

var placeholder = regexp.MustCompile(`\$(\d+)`)

// Plan is how SQLite would run a statement, a line for each step. Plans there need no rows
// and no arguments of sense.
func Plan(tb testing.TB, d *db.DB, statement string) (steps []string) {
	tb.Helper()
	most := 0
	for _, found := range placeholder.FindAllStringSubmatch(statement, -1) {
		n, _ := strconv.Atoi(found[1])
		most = max(most, n)
	}
	arguments := make([]any, most)
	for i := range arguments {
		arguments[i] = 1
	}
	var plan []struct {
		ID, Parent, Notused int64
		Detail              string
	}
	if err := d.Select(tb.Context(), &plan, `EXPLAIN QUERY PLAN `+statement, arguments...); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
	for _, step := range plan {
		steps = append(steps, step.Detail)
	}
	return steps
}
