package offer_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/mollie/mollietest"
	"smartlinks/internal/payment/stripe/stripetest"
	"smartlinks/internal/product"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

// Amounts and currencies that the provider doesn't charge are wrong amounts, at every
// door, and never a provider that is away. The links are older than the key.
func TestAnAmountThatTheProviderCannotChargeIsSaidAtEveryDoor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		stripe := stripetest.New(d.Clock().Wall)
		t.Cleanup(stripe.Close)
		stripe.Account("sk_test_acme", "acct_acme", "Acme")
		mollie := mollietest.New(t, d.Clock().Wall)
		mollie.Account("test_acme", "pfl_acme", "Acme")
		var all *system.System
		s := publictest.MustSiteWith(t, d, "http", func(c *public.Config) {
			all = systemtest.New(t, d, func(o *system.Options) { o.StripeAPI, o.MollieAPI = stripe.URL, mollie.URL })
			c.Businesses, c.Links, c.Products, c.Payments = all.Businesses, all.Links, all.Products, all.Payments
		})
		pay := s.Business.Page
		pay.PayerAmount = true
		b, err := all.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Page: &pay})
		if err != nil {
			t.Fatal(err)
		}
		s.Business = b
		s.MustLink(link.Fields{Name: "Tiny", Path: "tiny", Amount: publictest.EUR(25)})
		s.MustLink(link.Fields{Name: "Dinar", Path: "dinar", Amount: &money.Amount{Minor: 50000, Currency: "KWD"}})
		s.MustLink(link.Fields{Name: "Gift", Path: "gift", Amount: publictest.EUR(1000), PayerAmount: &link.Range{Min: *publictest.EUR(10), Max: *publictest.EUR(2000), Suggested: []money.Amount{*publictest.EUR(30), *publictest.EUR(300)}}})
		small, err := all.Products.Create(t.Context(), s.Business, product.Fields{Name: "Sticker", Price: *publictest.EUR(30), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		s.MustLink(link.Fields{Name: "One sticker", Path: "sticker", Type: link.Product, ProductID: small.ID})
		sheet, err := all.Products.Create(t.Context(), s.Business, product.Fields{Name: "Sheet", Price: *publictest.EUR(20), Active: true, Checkout: publictest.Units(10, 50)})
		if err != nil {
			t.Fatal(err)
		}
		s.MustLink(link.Fields{Name: "Screws", Path: "screws", Amount: publictest.EUR(20), Checkout: publictest.Units(1, 10)})
		s.MustLink(link.Fields{Name: "Two screws", Path: "two", Amount: publictest.EUR(20), Checkout: publictest.Units(1, 2)})
		s.MustLink(link.Fields{Name: "Sheets", Path: "sheets", Type: link.Product, ProductID: sheet.ID})
		s.MustLink(link.Fields{Name: "One sheet", Path: "sheet", Type: link.Product, ProductID: sheet.ID, Checkout: publictest.Units(1, 1)})
		if _, err := all.Keys.Connect(t.Context(), s.Business.ID, "stripe", keyring.Connection{Key: "sk_test_acme"}); err != nil {
			t.Fatal(err)
		}
		typed := func(amount string) url.Values {
			f := publictest.Payer()
			f.Set("amount", amount)
			return f
		}
		for _, door := range []struct {
			path string
			form url.Values // nil opens the page
			says []string
		}{
			{"/acme", typed("0.25"), []string{"At least €0.50.", `value="0.25"`}},
			{"/acme", typed("1000000"), []string{"At most €999,999.99."}},
			{"/acme/0.25", publictest.Payer(), []string{"At least €0.50.", `value="0.25"`}},
			{"/acme/0.25", typed("0.49"), []string{"At least €0.50."}},
			{"/acme/gift", typed("0.25"), []string{"At least €0.50."}},
			{"/acme/tiny", publictest.Payer(), []string{"This amount can’t be paid here", "Please tell the business, "}},
			{"/acme/tiny", nil, []string{"This amount can’t be paid here", "€0.25"}},
			{"/acme/tiny?lang=ar", nil, []string{"لا يمكن دفع هذا المبلغ هنا"}},
			{"/acme/shop/" + small.Slug, publictest.Payer(), []string{"This amount can’t be paid here"}},
			{"/acme/shop/" + small.Slug, nil, []string{"This amount can’t be paid here"}},
			{"/acme/sticker", publictest.Payer(), []string{"This amount can’t be paid here"}},
			{"/acme/two", nil, []string{"This amount can’t be paid here"}},
			{"/acme/screws", bought("2"), []string{"at least 3"}},
		} {
			method := http.MethodPost
			if door.form == nil {
				method = http.MethodGet
			}
			got := s.Ask(method, door.path, door.form)
			if got.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%s %s: %d\n%s", method, door.path, got.StatusCode, got.Body)
			}
			for _, words := range door.says {
				if !got.Has(words) {
					t.Errorf("%s %s lacks %q", method, door.path, words)
				}
			}
		}
		if got := s.Get("/acme/0.25"); got.StatusCode != http.StatusOK || !got.Has("At least €0.50.") {
			t.Errorf("the page with an amount that can be changed: %d", got.StatusCode)
		}
		if got := s.Get("/acme/gift"); !got.Has("Between €0.50 and €20.00.") || got.Has("€0.10") {
			t.Error("the page of a chosen amount offers what can't be paid")
		}
		if got := s.Get("/acme/gift"); got.Has("€0.30") || !got.Has("€3.00") {
			t.Error("a suggestion that can't be paid is offered, or one that can is not")
		}
		if got := s.Get("/acme/screws"); got.StatusCode != http.StatusOK || !got.Has(`value="3"`) {
			t.Errorf("units that can be charged together: %d", got.StatusCode)
		}
		if n := stripe.Sessions(); n != 0 {
			t.Errorf("Stripe was asked %d times", n)
		}
		if got := s.Post("/acme/0.50", publictest.Payer()); got.StatusCode != http.StatusSeeOther {
			t.Errorf("the least that can be paid: %d", got.StatusCode)
		}
		for path, n := range map[string]string{"/acme/screws": "3", "/acme/shop/" + sheet.Slug: "10"} {
			if got := s.Post(path, bought(n)); got.StatusCode != http.StatusSeeOther {
				t.Errorf("%s units of %s: %d", n, path, got.StatusCode)
			}
		}
		for _, l := range []struct {
			path string
			want bool
		}{{"tiny", true}, {"dinar", false}, {"gift", false}, {"sticker", true}, {"screws", false}, {"two", true}, {"sheets", false}, {"sheet", true}} {
			found, err := all.Links.ByPath(t.Context(), mustBusiness(t, all, s.Business.ID), l.path)
			if err != nil {
				t.Fatal(err)
			}
			if why := all.Payments.Uncharged(mustBusiness(t, all, s.Business.ID), found.Link); (why != "") != l.want {
				t.Errorf("%s: the merchant reads %q", l.path, why)
			}
		}
		links, products, err := all.Payments.CountUncharged(t.Context(), mustBusiness(t, all, s.Business.ID))
		if err != nil || links != 4 || products != 1 {
			t.Errorf("%d links and %d products, %v", links, products, err)
		}
		if got := s.Get("/acme/dinar"); got.StatusCode != http.StatusOK {
			t.Errorf("a currency that Stripe has: %d", got.StatusCode)
		}

		if _, err := all.Keys.Connect(t.Context(), s.Business.ID, "mollie", keyring.Connection{Key: "test_acme"}); err != nil {
			t.Fatal(err)
		}
		for path, form := range map[string]url.Values{"/acme/dinar": publictest.Payer(), "/acme": typed("75000"), "/acme/75000": publictest.Payer()} {
			if got := s.Post(path, form); got.StatusCode != http.StatusUnprocessableEntity || !got.Has("This amount can’t be paid here") {
				t.Errorf("%s, which Mollie refuses: %d", path, got.StatusCode)
			}
		}
		if mollie.Payments() != 0 {
			t.Error("Mollie took one of them")
		}
		if got := s.Post("/acme/tiny", publictest.Payer()); got.StatusCode != http.StatusSeeOther {
			t.Errorf("what Mollie charges: %d", got.StatusCode)
		}
	})
}

// bought is a payer's form with how many they buy.
func bought(n string) url.Values {
	f := publictest.Payer()
	f.Set("quantity", n)
	return f
}

func mustBusiness(t *testing.T, s *system.System, id business.ID) business.Business {
	t.Helper()
	b, err := s.Businesses.ByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
