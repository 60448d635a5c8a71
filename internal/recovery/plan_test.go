package recovery

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// What mails brought is found by their tokens: a business may have millions of attempts.
func TestFiguresReadNoOtherAttempts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		text := strings.Join(planOf(t, d, figuresQuery, "biz", "test", db.At(dbtest.Start), db.At(dbtest.Start)), "\n")
		for _, index := range []string{"attempts_of_token", "recoveries_sent"} {
			if !strings.Contains(text, index) {
				t.Errorf("the plan does not use %s:\n%s", index, text)
			}
		}
		if strings.Contains(text, "Seq Scan") || strings.Contains(text, "SCAN recoveries") || strings.Contains(text, "SCAN a") && !strings.Contains(text, "SCAN asked") {
			t.Errorf("the plan reads a whole table:\n%s", text)
		}
	})
}

// planOf is how the engine would run the query if there were many rows.
func planOf(t *testing.T, d *db.DB, query string, arguments ...any) (plan []string) {
	t.Helper()
	if d.Engine() == db.SQLite {
		return dbtest.Plan(t, d, query)
	}
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		plan = nil
		if _, err := tx.Exec(t.Context(), `SET LOCAL enable_seqscan = off`); err != nil {
			return err
		}
		return tx.Select(t.Context(), &plan, `EXPLAIN `+query, arguments...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}
