package public_test

import (
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

func TestAPaidPaymentHasAReceiptAndNoOtherDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Draft{Name: "Workshop", Path: "workshop", Description: "A full day.", Reference: "INV-7"})
		b := s.browser()
		paid := b.end("/acme/workshop", "paid")
		if thanks := b.get(paid); !strings.Contains(thanks.body, `href="`+paid+`/receipt"`) {
			t.Error("the thank-you page doesn't lead to the receipt")
		}
		got := b.get(paid + "/receipt")
		if got.StatusCode != http.StatusOK || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d, %q", got.StatusCode, got.Header.Get("Cache-Control"))
		}
		for _, words := range []string{"Receipt TEST-2026-00001", "€89.00", "Workshop", "A full day.", "INV-7", payer().Get("email"), "No real money"} {
			if !strings.Contains(got.body, words) {
				t.Errorf("the receipt lacks %q", words)
			}
		}
		failed := s.decide(s.start("/acme/workshop", payer()), "failed")
		for _, path := range []string{failed + "/receipt", "/pay/pay_00000000000000000000000000/receipt"} {
			if got := s.get(path); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, got.StatusCode)
			}
		}
	})
}
