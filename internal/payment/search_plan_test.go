package payment

import (
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
)

// A search costs the same however many payments there are: SQLite says of no
// part that it would read all attempts of a business.
func TestSearchReadsNoWholeList(t *testing.T) {
	d := dbtest.SQLite(t)
	for _, f := range []Filter{{Query: "ann"}, {Words: "änn 5", Amount: money.Amount{Minor: 1, Currency: "EUR"}, found: found{since: "pay_1"}}} {
		where, arguments := f.where("biz", "test")
		var steps []struct {
			ID, Parent, Notused int
			Detail              string
		}
		if err := d.Select(t.Context(), &steps, `EXPLAIN QUERY PLAN SELECT `+viewColumns+viewTables+where+` ORDER BY a.id DESC LIMIT 26`, arguments...); err != nil {
			t.Fatal(err)
		}
		for _, step := range steps {
			if strings.HasPrefix(step.Detail, "SCAN attempts") || strings.HasSuffix(step.Detail, "(business_id=? AND mode=?)") {
				t.Errorf("%+v: %s", f, step.Detail)
			}
		}
	}
}
