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
		if plan := dbtest.Plan(t, d, query); len(plan) == 0 || !strings.Contains(plan[0], want) {
			t.Errorf("%.120s: %v, want %s", query, plan, want)
		}
	}
}

// Each index has its statistics, also where who made it was killed before they were written.
func TestStatisticsAreThereForEachIndex(t *testing.T) {
	d := dbtest.SQLite(t)
	for what, lose := range map[string]string{
		"nothing": `DELETE FROM sqlite_stat1 WHERE 1 = 0`, "those of a new index": `DELETE FROM sqlite_stat1 WHERE idx = 'customers_address'`, "all": `DROP TABLE sqlite_stat1`,
	} {
		if err := d.InTx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), lose); return err }); err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		var missing []string
		err := d.Select(t.Context(), &missing, `
			SELECT i.name FROM sqlite_schema i WHERE i.type = 'index'
				AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 s WHERE s.tbl = i.tbl_name AND s.idx = i.name)`)
		if err != nil || len(missing) > 0 {
			t.Errorf("lost were %s: %v, %v", what, missing, err)
		}
	}
}
