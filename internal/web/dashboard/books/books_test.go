package books_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// A month tells what came and went with its VAT, as a page and as a file; what is recorded
// by hand for several at once is in it.
func TestAMonthOfTheBooks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		rate := business.Rate(2100)
		if _, err := s.Businesses.Update(t.Context(), acme.ID, 0, business.Patch{Legal: &business.Legal{VATRate: &rate}}); err != nil {
			t.Fatal(err)
		}
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/books"
		if got := b.Get(page); got.Status != http.StatusOK || !got.Has("No money moved in this month") {
			t.Errorf("an empty month: %d %s", got.Status, got.Said())
		}
		workshop := s.Link(t, acme, link.Fields{Name: "Workshop"})
		paid := s.Attempt(t, acme, workshop, "Ann Paid", "ann@example.com", sandbox.Paid)
		s.Attempt(t, acme, workshop, "Ben Failed", "ben@example.com", sandbox.Failed)
		back, err := s.Payments.Refund(t.Context(), acme.ID, paid.ID, payment.RefundRequest{Amount: dashboardtest.Euros(1234)})
		if err != nil {
			t.Fatal(err)
		}
		tickets := s.Link(t, acme, link.Fields{Name: "Tickets", Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 2, Max: 9}}})
		form := "/dashboard/acme/links/" + string(tickets.ID) + "/record"
		if got := b.Get(form); !got.Has(`name="quantity"`, `value="178.00"`, "each costs €89.00") {
			t.Errorf("the form does not ask how many: %s", got.Said())
		}
		typed := url.Values{"amount": {"90"}, "quantity": {"some"}, "paid_on": {dbtest.Start.Format("2006-01-02")}, "method": {"cash"}}
		if got := b.Post(form, typed); got.Status != http.StatusUnprocessableEntity || !got.Has("as a whole number", `value="some"`) {
			t.Errorf("no number: %d %s", got.Status, got.Said())
		}
		typed.Set("quantity", "3")
		if got := b.Post(form, typed); got.Status != http.StatusSeeOther {
			t.Fatalf("three: %d %s", got.Status, got.Said())
		}
		got := b.Get(page)
		for _, words := range []string{"1 Feb – 28 Feb 2026", "2 payments", "€179.00", "1 refund", "-€12.34", "€166.66", "21%", "€137.73", "€28.93", paid.Receipt, back.CreditNote, "Ann Paid"} {
			if !got.Has(words) {
				t.Errorf("the page lacks %s: %s", words, got.Said())
			}
		}
		if got := b.Get(page + "?month=2026-01"); !got.Has("No money moved") {
			t.Error("another month has the money")
		}
		if got := b.Get(page + "?month=spring"); got.Status != http.StatusNotFound {
			t.Errorf("no month: %d", got.Status)
		}
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.Get(page+".csv?month=2026-02").Body, "\ufeff"))).ReadAll()
		if err != nil || len(lines) != 4 {
			t.Fatalf("%v, %v", lines, err)
		}
		for _, line := range lines[1:] {
			cell := func(name string) string {
				for i, column := range lines[0] {
					if column == name {
						return line[i]
					}
				}
				return "?"
			}
			want := map[string][2]string{paid.Receipt: {"89.00", "15.45"}, back.CreditNote: {"-12.34", "-2.14"}, "TEST-2026-00002": {"90.00", "15.62"}}[cell("number")]
			if cell("amount") != want[0] || cell("vat") != want[1] || cell("vat_rate") != "21" || cell("currency") != "EUR" || cell("date") != "2026-02-18" {
				t.Errorf("%v", line)
			}
		}
	})
}
