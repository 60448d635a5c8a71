package businesstest

import (
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
	var columns []struct{ Tab, Col string }
	list := `SELECT m.name AS tab, c.name AS col FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, 2`
	if d.Engine() == db.PostgreSQL {
		list = `SELECT table_name AS tab, column_name AS col FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`
	}
	if err := d.Select(tb.Context(), &columns, list); err != nil {
		tb.Fatal(err)
	}
	tables := map[string][]string{}
	for _, c := range columns {
		tables[c.Tab] = append(tables[c.Tab], c.Col)
	}
	var rows []string
	for table, columns := range tables {
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
