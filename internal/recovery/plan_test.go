package recovery

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// What mails brought is found by their tokens: a business may have millions of attempts.
func TestFiguresReadNoOtherAttempts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		from := db.At(time.Now())
		var plan []string
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			plan = nil
			if d.Engine() == db.PostgreSQL {
				if _, err := tx.Exec(t.Context(), `SET LOCAL enable_seqscan = off`); err != nil { // as if there were many rows
					return err
				}
				return tx.Select(t.Context(), &plan, `EXPLAIN `+figuresQuery, "biz", "test", from, from)
			}
			var steps []struct {
				ID, Parent, Notused int64
				Detail              string
			}
			err := tx.Select(t.Context(), &steps, `EXPLAIN QUERY PLAN `+figuresQuery, "biz", "test", from, from)
			for _, s := range steps {
				plan = append(plan, s.Detail)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(plan, "\n")
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
