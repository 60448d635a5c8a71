package db_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// Rows that are named are found by their names, however many rows their business has.
func TestNamedRowsAreFoundByTheirKeys(t *testing.T) {
	d := dbtest.SQLite(t)
	for query, want := range map[string]string{
		`UPDATE attempts SET reason = '' WHERE business_id = $1 AND id IN (` + db.In(64, 2) + `)`:                    "id=?)",
		`SELECT id FROM payments WHERE business_id = $1 AND id IN (` + db.In(64, 2) + `)`:                            "id=?)",
		`SELECT views FROM link_totals WHERE business_id = $1 AND mode = $2 AND link_id IN (` + db.In(50, 3) + `)`:   "(link_id=? AND mode=?)",
		`SELECT id FROM customers WHERE business_id = $1 AND email_folded = $2`:                                      "(business_id=? AND email_folded=?)",
		`SELECT id FROM customers WHERE business_id = $1 AND email_folded IN (` + db.In(64, 2) + `)`:                 "(business_id=? AND email_folded=?)",
		`SELECT id FROM links WHERE business_id = $1 AND deleted_at IS NULL AND id IN (` + db.In(50, 2) + `)`:        "id=?)",
		`SELECT id FROM attempts WHERE business_id = $1 AND mode = $2 ORDER BY id DESC LIMIT 50`:                     "(business_id=? AND mode=?)",
		`SELECT id FROM attempts WHERE business_id = $1 AND mode = $2 AND link_id = $3 ORDER BY id DESC LIMIT 50`:    "(link_id=? AND mode=?)",
		`SELECT id FROM deliveries WHERE business_id = $1 AND send_id IN (` + db.In(40, 2) + `) ORDER BY id LIMIT 9`: "send_id=?",
	} {
		arguments := make([]any, strings.Count(query, "$"))
		for i := range arguments {
			arguments[i] = "x"
		}
		var plan []struct {
			ID, Parent, Notused int64
			Detail              string
		}
		if err := d.Select(t.Context(), &plan, `EXPLAIN QUERY PLAN `+query, arguments...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if len(plan) == 0 || !strings.Contains(plan[0].Detail, want) {
			t.Errorf("%.120s: %+v, want %s", query, plan, want)
		}
	}
}

// A database whose schema was made before there were statistics gets them with the next step.
func TestStatisticsAreThereForEachIndex(t *testing.T) {
	d := dbtest.SQLite(t)
	var missing []string
	err := d.Select(t.Context(), &missing, `
		SELECT i.name FROM sqlite_schema i WHERE i.type = 'index' AND i.name NOT LIKE 'statistics%'
			AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 s WHERE s.tbl = i.tbl_name AND s.idx = i.name)`)
	if err != nil || len(missing) > 0 {
		t.Errorf("%v, %v", missing, err)
	}
}
