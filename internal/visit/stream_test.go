package visit_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/visit"
)

// Views, payments, sends and reminders are one stream, and each kind is one of its own:
// page by page each row comes once, and the last page says that it is.
func TestTheActivityIsOneStreamOfItsKinds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all, r, b := systemtest.New(t, d), mustRecorder(t, d), businesstest.Make(t, d, "acme")
		price := money.Amount{Minor: 4900, Currency: "EUR"}
		l, err := all.Links.Create(t.Context(), b, link.Fields{Active: true, Name: "Course", Type: link.Amount, Amount: &price})
		if err != nil {
			t.Fatal(err)
		}
		ann, err := all.Customers.Create(t.Context(), b, customer.Fields{Name: "Ann", Email: "ann@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 4 { // four of each kind, one after another
			d.Clock().SetOffset(time.Duration(i) * time.Hour)
			v := view(d.Clock().Now(), visit.Human, "qr")
			v.BusinessID, v.TargetID = string(b.ID), string(l.ID)
			must(r.Record(t.Context(), v))
			a, err := all.Payments.Start(t.Context(), payment.StartRequest{
				Business: b, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Payer: attempt.Payer{Name: "Payer", Email: "x@example.com", Language: "en"},
			})
			must(err)
			_, err = all.Sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost)
			must(err)
			_, err = all.Payments.Sync(t.Context(), b.ID, a.ID, attempt.CauseReturn)
			must(err)
			for _, kind := range []delivery.Kind{delivery.KindSend, delivery.KindReminder} {
				must(d.InTx(t.Context(), func(tx *db.Tx) error {
					_, _, err := all.Deliveries.SendTx(t.Context(), tx, b, l, delivery.Order{
						CustomerID: ann.ID, Channels: []message.Channel{message.ByEmail}, Kind: kind, Key: fmt.Sprint(kind, i),
					})
					return err
				}))
			}
		}
		for _, c := range []struct {
			q    visit.ActivityQuery
			want string
		}{
			{visit.ActivityQuery{Kind: visit.KindAll}, "payment 4 reminder 4 send 4 view 4"},
			{visit.ActivityQuery{Kind: visit.KindAll, Unsent: true}, "payment 4 view 4"},
			{visit.ActivityQuery{Kind: visit.KindView}, "view 4"},
			{visit.ActivityQuery{Kind: visit.KindPayment}, "payment 4"},
			{visit.ActivityQuery{Kind: visit.KindSend}, "send 4"},
			{visit.ActivityQuery{Kind: visit.KindReminder}, "reminder 4"},
		} {
			seen, pages := map[string]int{}, 0
			for c.q.Limit = 2; ; pages++ {
				rows, next, err := visit.Activity(t.Context(), d, string(b.ID), string(l.ID), "test", c.q)
				must(err)
				for _, row := range rows {
					seen[string(row.Kind)]++
				}
				if c.q.Cursor = next; next == "" || pages > 9 {
					break
				}
			}
			var got []string
			for _, kind := range slices.Sorted(maps.Keys(seen)) {
				got = append(got, fmt.Sprint(kind, " ", seen[kind]))
			}
			if rows := 4 * len(got); strings.Join(got, " ") != c.want || pages+1 != rows/2 {
				t.Errorf("%s, without sends %t: %q on %d pages, want %q", c.q.Kind, c.q.Unsent, got, pages+1, c.want)
			}
		}
	})
}
