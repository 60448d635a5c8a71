package businesstest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Rows returns everything that the database holds of a business, row by row
// with the table before it, in an order that stays. It finds the tables by
// itself, so that it knows those that are added later.
func Rows(tb testing.TB, d *db.DB, id business.ID) []string {
	tb.Helper()
	var rows []string
	for table, columns := range tables(tb, d) {
		owner := "business_id"
		switch {
		case table == "businesses":
			owner = "id"
		case !slices.Contains(columns, owner):
			continue
		}
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = `'` + c + `=' || COALESCE(CAST("` + c + `" AS TEXT), '')`
		}
		var found []string
		query := `SELECT ` + strings.Join(cells, ` || ' ' || `) + ` FROM "` + table + `" WHERE "` + owner + `" = $1`
		if err := d.Select(tb.Context(), &found, query, id); err != nil {
			tb.Fatalf("%s: %v", table, err)
		}
		for _, row := range found {
			rows = append(rows, table+": "+row)
		}
	}
	slices.Sort(rows)
	return rows
}

// Others returns how many rows each table has that belongs to no business, in an order
// that stays.
func Others(tb testing.TB, d *db.DB) (all []string) {
	tb.Helper()
	for table, columns := range tables(tb, d) {
		if table == "businesses" || slices.Contains(columns, "business_id") {
			continue
		}
		var n int
		if err := d.Get(tb.Context(), &n, `SELECT COUNT(*) FROM "`+table+`"`); err != nil {
			tb.Fatalf("%s: %v", table, err)
		}
		all = append(all, fmt.Sprintf("%s: %d rows", table, n))
	}
	slices.Sort(all)
	return all
}

// tables are the names of all columns, by their table.
func tables(tb testing.TB, d *db.DB) map[string][]string {
	tb.Helper()
	var columns []struct{ Tab, Col string }
	list := `SELECT m.name AS tab, c.name AS col FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, 2`
	if d.Engine() == db.PostgreSQL {
		list = `SELECT table_name AS tab, column_name AS col FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`
	}
	if err := d.Select(tb.Context(), &columns, list); err != nil {
		tb.Fatal(err)
	}
	all := map[string][]string{}
	for _, c := range columns {
		all[c.Tab] = append(all[c.Tab], c.Col)
	}
	return all
}
