package paymentpage_test

import (
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/web/public/publictest"
)

// Who writes to the merchant about a payment that failed needs something short to
// name, whether or not the page tells whom to write to.
func TestAPaymentThatFailedNamesItsCode(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	for _, address := range []string{"", "help@acme.example"} {
		if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{ContactEmail: &address}); err != nil {
			t.Fatal(err)
		}
		for _, outcome := range []string{"failed", "canceled", "expired"} {
			page := s.Decide(s.Start("/acme/workshop", publictest.Payer()), outcome)
			id := attempt.ID(strings.TrimPrefix(page, "/pay/"))
			for _, lang := range i18n.Codes() {
				got := s.Get(page + "?lang=" + lang)
				if !got.Has(id.Code()) || strings.Contains(publictest.Shown(got), string(id)) {
					t.Errorf("%s in %s, address %q: the page doesn't name %s alone:\n%s", outcome, lang, address, id.Code(), publictest.Shown(got))
				}
				if twice := publictest.SaidTwice(publictest.Shown(got)); twice != "" {
					t.Errorf("%s in %s: says %q twice", outcome, lang, twice)
				}
			}
		}
	}
}

func TestAReceiptCanBePrintedByAButton(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.Browser()
	page := b.End("/acme/workshop", "paid")
	got := b.Get(page + "/receipt")
	if !strings.Contains(got.Body, "data-print") || !got.Has("Print or save") || !got.Has(`src="/static/pay.`) {
		t.Errorf("no button:\n%s", got.Body)
	}
	if !got.Has(attempt.ID(strings.TrimPrefix(page, "/pay/")).Code()) {
		t.Error("the receipt lacks the payment code")
	}
}
