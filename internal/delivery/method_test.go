package delivery_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
)

// What came of messages is found by their tokens: a link may have millions of
// views.
func TestMethodsReadNoOtherViews(t *testing.T) {
	d := dbtest.SQLite(t)
	var plan []struct {
		ID, Parent, Notused int64
		Detail              string
	}
	if err := d.Select(t.Context(), &plan, `EXPLAIN QUERY PLAN `+delivery.MethodsQuery, "biz", "lnk", "test"); err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, p := range plan {
		steps = append(steps, p.Detail)
	}
	text := strings.Join(steps, "\n")
	if !strings.Contains(text, "views_recipient") || !strings.Contains(text, "attempts_recipient") || strings.Contains(text, "SCAN v") {
		t.Errorf("the plan is\n%s", text)
	}
}
