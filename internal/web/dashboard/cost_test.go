package dashboard_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// mostStatements is how many statements a page of the dashboard asks at most: on PostgreSQL
// each is a way there and back.
const mostStatements = 12

// asksMore are the pages that still ask more. These figures only go down.
var asksMore = map[string]int{
	"/links/{id}/send": 21, "/links/{id}/edit": 19, "/customers/{id}/data.json": 19, "/links/{id}": 14, "/links/{id}/record": 17,
	"/customers/{id}": 15, "/links/new": 13,
}

// The pages are those of the router, so that one that is added later is counted too.
func TestNoPageAsksTheDatabaseMuch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Firm(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		count := func(target string) (asked []string) {
			defer d.Observe(func(statements []string) { asked = append(asked, statements...) })()
			if got := b.Get(target); got.Status >= http.StatusBadRequest {
				t.Errorf("%s: %d", target, got.Status)
			}
			return asked
		}
		for _, r := range s.Inside() {
			if r.Method != http.MethodGet || strings.HasSuffix(r.Path, "/live") {
				continue
			}
			target := "/dashboard/acme" + dashboardtest.Filled(t, r.Path, acme, acme, false)
			allowed := cmp.Or(asksMore[r.Path], mostStatements)
			asked := count(target)
			if len(asked) > allowed {
				asked = count(target) // once in a while a request notes that its session is in use
			}
			t.Logf("%s: %d statements", r.Path, len(asked))
			if len(asked) <= allowed {
				continue
			}
			t.Errorf("%s asks %d statements, more than %d:", r.Path, len(asked), allowed)
			for _, statement := range asked {
				t.Logf("%.160s", strings.Join(strings.Fields(statement), " "))
			}
		}
	})
}
