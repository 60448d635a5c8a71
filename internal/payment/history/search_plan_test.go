package history_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/history"
)

// A search costs the same however many payments there are: SQLite says of no
// part that it would read all attempts of a business.
func TestSearchReadsNoWholeList(t *testing.T) {
	d := dbtest.SQLite(t)
	for _, f := range []history.Filter{{Query: "ann"}, {Words: "änn 5", Amount: money.Amount{Minor: 1, Currency: "EUR"}, Found: history.Found{Since: "pay_1"}}} {
		where, _ := f.Where("biz", "test")
		for _, step := range dbtest.Plan(t, d, `SELECT `+history.ViewColumns+history.ViewTables+where+` ORDER BY a.id DESC LIMIT 26`) {
			if strings.HasPrefix(step, "SCAN attempts") || strings.HasSuffix(step, "(business_id=? AND mode=?)") {
				t.Errorf("%+v: %s", f, step)
			}
		}
	}
}
