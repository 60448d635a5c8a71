package hook_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/mollie/mollietest"
	"smartlinks/internal/payment/outgoing"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

// Anybody who knows the id of a payment can report it. That costs one row of some bytes
// and a handful of questions to the provider, however often it is done.
func TestReportsThatNobodySignedCostLittle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mollie := mollietest.New(t, d.Clock().Wall)
		mollie.Account("test_acme", "pfl_acme", "Acme")
		var asked atomic.Int64
		var all *system.System
		s := publictest.MustSiteWith(t, d, "http", func(c *public.Config) {
			all = systemtest.New(t, d, func(o *system.Options) {
				o.MollieAPI = mollie.URL
				o.Watch = func(string) outgoing.Watch { return func() func(int) { asked.Add(1); return func(int) {} } }
			})
			c.Businesses, c.Links, c.Products, c.Payments, c.Limits = all.Businesses, all.Links, all.Products, all.Payments, true
		})
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		if _, err := all.Keys.Connect(t.Context(), s.Business.ID, "mollie", keyring.Connection{Key: "test_acme"}); err != nil {
			t.Fatal(err)
		}
		if got := s.Post("/acme/workshop", publictest.Payer()); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("paying: %d", got.StatusCode)
		}
		var ref string
		if err := d.Get(t.Context(), &ref, `SELECT provider_ref FROM attempts`); err != nil {
			t.Fatal(err)
		}
		hook := "/hooks/mollie/" + string(s.Business.ID)
		report := func(object, from string, more int) int {
			return s.Post(hook, url.Values{"id": {object}, "x": {strings.Repeat("x", more)}}, "X-Forwarded-For", from).StatusCode
		}
		before := asked.Load()
		taken := map[int]int{}
		for range 60 {
			taken[report(ref, "198.51.100.7", 3000)]++
		}
		if calls := asked.Load() - before; calls > 8 || taken[http.StatusNoContent] < 5 || taken[http.StatusNoContent] > 8 || taken[http.StatusTooManyRequests] < 50 {
			t.Errorf("60 reports of one payment made %d questions, and were answered %v", calls, taken)
		}
		if got := report(ref, "203.0.113.9", 0); got != http.StatusTooManyRequests {
			t.Errorf("from elsewhere: %d", got)
		}
		if got := report("tr_unknown", "203.0.113.9", 0); got != http.StatusNoContent {
			t.Errorf("another payment waits for it: %d", got)
		}
		if got := report(ref, "203.0.113.9", 5000); got != http.StatusRequestEntityTooLarge {
			t.Errorf("5 KB: %d", got)
		}
		for i := 0; report("tr_"+strings.Repeat("a", i%50+1), "198.51.100.8", 0) != http.StatusTooManyRequests; i++ {
			if i > 400 {
				t.Fatal("one network reports as much as it likes")
			}
		}
		kept := func() (rows, largest int64) {
			t.Helper()
			var found struct{ Rows, Largest int64 }
			if err := d.Get(t.Context(), &found, `SELECT COUNT(*) AS rows, COALESCE(MAX(LENGTH(body)), 0) AS largest FROM webhook_inbox`); err != nil {
				t.Fatal(err)
			}
			return found.Rows, found.Largest
		}
		if rows, largest := kept(); rows != 1 || largest > 64 {
			t.Errorf("%d rows are kept, the largest of %d bytes", rows, largest)
		}
		for _, c := range []struct {
			days int
			want int64
		}{{29, 1}, {31, 0}} {
			d.Clock().SetOffset(time.Duration(c.days) * 24 * time.Hour)
			if err := all.Payments.DeleteOldReports(t.Context()); err != nil {
				t.Fatal(err)
			}
			if rows, _ := kept(); rows != c.want {
				t.Errorf("after %d days %d rows are kept", c.days, rows)
			}
		}
	})
}
