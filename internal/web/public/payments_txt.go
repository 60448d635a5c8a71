package public

import (
	"fmt"
	"net/http"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/product"
)

// paymentsName is the file in which a business says how it can be paid. No link can
// have its name: paths have no full stop.
const paymentsName = "payments.txt"

// paymentsFile is /{handle}/payments.txt, for programs and for people: PayRequest had
// it at the same address.
func (p *Public) paymentsFile(w http.ResponseWriter, r *http.Request, at target) error {
	b := at.Business
	products, _, err := p.Products.List(r.Context(), b.ID, product.Filter{ActiveOnly: true, Limit: 1})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=300")
	// The reader is gone when this fails, and nothing is left to do.
	_, _ = w.Write([]byte(p.waysToPay(b, len(products) > 0)))
	return nil
}

func (p *Public) waysToPay(b business.Business, shop bool) string {
	var text strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&text, "%s: %s\n", key, value)
		}
	}
	page := p.Addresses.Of(string(b.ID), address.PaymentPage(b.Handle))
	fmt.Fprintf(&text, "# How to pay %s\n\n", b.Name)
	line("Name", b.Name)
	line("Currency", string(b.Currency))
	line("Contact", b.ContactEmail)
	if b.Mode == business.Test {
		line("Mode", "test (play money only)")
	}
	if b.Page.Enabled {
		line("Payment-Page", page)
		line("Payment-Page-With-Amount", strings.TrimSuffix(page, "/")+"/{amount}") // under an own domain the page is its root
	}
	if shop {
		line("Shop", p.Addresses.Of(string(b.ID), address.Shop(b.Handle)))
	}
	line("Terms", b.TermsURL)
	line("Privacy", b.PrivacyURL)
	return text.String()
}
