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
	text := strings.Join(dbtest.Plan(t, d, delivery.MethodsQuery), "\n")
	if !strings.Contains(text, "views_recipient") || !strings.Contains(text, "attempts_recipient") || strings.Contains(text, "SCAN v") {
		t.Errorf("the plan is\n%s", text)
	}
}
