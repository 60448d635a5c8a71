package public_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
)

// Who writes to the merchant about a payment that failed needs something short to
// name, whether or not the page tells whom to write to.
func TestAPaymentThatFailedNamesItsCode(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	for _, address := range []string{"", "help@acme.example"} {
		if _, err := s.businesses.Update(t.Context(), s.business.ID, 0, business.Patch{ContactEmail: &address}); err != nil {
			t.Fatal(err)
		}
		for _, outcome := range []string{"failed", "canceled", "expired"} {
			page := s.decide(s.start("/acme/workshop", payer()), outcome)
			id := payment.ID(strings.TrimPrefix(page, "/pay/"))
			for _, lang := range i18n.Codes() {
				got := s.get(page + "?lang=" + lang)
				if !got.has(id.Code()) || strings.Contains(shown(got), string(id)) {
					t.Errorf("%s in %s, address %q: the page doesn't name %s alone:\n%s", outcome, lang, address, id.Code(), shown(got))
				}
				if twice := saidTwice(shown(got)); twice != "" {
					t.Errorf("%s in %s: says %q twice", outcome, lang, twice)
				}
			}
		}
	}
}

func TestAReceiptCanBePrintedByAButton(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.browser()
	page := b.end("/acme/workshop", "paid")
	got := b.get(page + "/receipt")
	if !strings.Contains(got.body, "data-print") || !got.has("Print or save") || !got.has(`src="/static/pay.`) {
		t.Errorf("no button:\n%s", got.body)
	}
	if !got.has(payment.ID(strings.TrimPrefix(page, "/pay/")).Code()) {
		t.Error("the receipt lacks the payment code")
	}
}

var (
	heads = regexp.MustCompile(`(?s)<head>.*</head>|<svg.*?</svg>`)
	tags  = regexp.MustCompile(`<[^>]*>`)
)

// shown is what people read of a page.
func shown(p page) string {
	return html.UnescapeString(tags.ReplaceAllString(heads.ReplaceAllString(p.body, ""), "\n"))
}

// saidTwice is a sentence of three words or more that a page says twice, in whole
// or as the beginning of another; "" without one.
func saidTwice(text string) string {
	seen := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		for _, sentence := range regexp.MustCompile(`[.!?؟]\s+|[.!?]$`).Split(strings.TrimSpace(line), -1) {
			if len(strings.Fields(sentence)) < 3 {
				continue
			}
			if seen[sentence] {
				return sentence
			}
			seen[sentence] = true
		}
	}
	return ""
}
