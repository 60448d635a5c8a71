package public_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
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
		s := mustSiteWith(t, d, "http", func(c *public.Config) {
			all = systemtest.New(t, d, func(o *system.Options) { o.StripeAPI, o.MollieAPI = stripe.URL, mollie.URL })
			c.Businesses, c.Links, c.Products, c.Payments = all.Businesses, all.Links, all.Products, all.Payments
		})
		pay := s.business.Page
		pay.PayerAmount = true
		b, err := all.Businesses.Update(t.Context(), s.business.ID, 0, business.Patch{Page: &pay})
		if err != nil {
			t.Fatal(err)
		}
		s.business = b
		s.mustLink(link.Fields{Name: "Tiny", Path: "tiny", Amount: eur(25)})
		s.mustLink(link.Fields{Name: "Dinar", Path: "dinar", Amount: &money.Amount{Minor: 50000, Currency: "KWD"}})
		s.mustLink(link.Fields{Name: "Gift", Path: "gift", Amount: eur(1000), PayerAmount: &link.Range{Min: *eur(10), Max: *eur(2000), Suggested: []money.Amount{*eur(30), *eur(300)}}})
		small, err := all.Products.Create(t.Context(), s.business, product.Fields{Name: "Sticker", Price: *eur(30), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		s.mustLink(link.Fields{Name: "One sticker", Path: "sticker", Type: link.Product, ProductID: small.ID})
		sheet, err := all.Products.Create(t.Context(), s.business, product.Fields{Name: "Sheet", Price: *eur(20), Active: true, Checkout: units(10, 50)})
		if err != nil {
			t.Fatal(err)
		}
		s.mustLink(link.Fields{Name: "Screws", Path: "screws", Amount: eur(20), Checkout: units(1, 10)})
		s.mustLink(link.Fields{Name: "Two screws", Path: "two", Amount: eur(20), Checkout: units(1, 2)})
		s.mustLink(link.Fields{Name: "Sheets", Path: "sheets", Type: link.Product, ProductID: sheet.ID})
		s.mustLink(link.Fields{Name: "One sheet", Path: "sheet", Type: link.Product, ProductID: sheet.ID, Checkout: units(1, 1)})
		if _, err := all.Keys.Connect(t.Context(), s.business.ID, "stripe", keyring.Connection{Key: "sk_test_acme"}); err != nil {
			t.Fatal(err)
		}
		typed := func(amount string) url.Values {
			f := payer()
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
			{"/acme/0.25", payer(), []string{"At least €0.50.", `value="0.25"`}},
			{"/acme/0.25", typed("0.49"), []string{"At least €0.50."}},
			{"/acme/gift", typed("0.25"), []string{"At least €0.50."}},
			{"/acme/tiny", payer(), []string{"This amount can’t be paid here", "Please tell the business, "}},
			{"/acme/tiny", nil, []string{"This amount can’t be paid here", "€0.25"}},
			{"/acme/tiny?lang=ar", nil, []string{"لا يمكن دفع هذا المبلغ هنا"}},
			{"/acme/shop/" + small.Slug, payer(), []string{"This amount can’t be paid here"}},
			{"/acme/shop/" + small.Slug, nil, []string{"This amount can’t be paid here"}},
			{"/acme/sticker", payer(), []string{"This amount can’t be paid here"}},
			{"/acme/two", nil, []string{"This amount can’t be paid here"}},
			{"/acme/screws", bought("2"), []string{"at least 3"}},
		} {
			method := http.MethodPost
			if door.form == nil {
				method = http.MethodGet
			}
			got := s.ask(method, door.path, door.form)
			if got.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%s %s: %d\n%s", method, door.path, got.StatusCode, got.body)
			}
			for _, words := range door.says {
				if !got.has(words) {
					t.Errorf("%s %s lacks %q", method, door.path, words)
				}
			}
		}
		if got := s.get("/acme/0.25"); got.StatusCode != http.StatusOK || !got.has("At least €0.50.") {
			t.Errorf("the page with an amount that can be changed: %d", got.StatusCode)
		}
		if got := s.get("/acme/gift"); !got.has("Between €0.50 and €20.00.") || got.has("€0.10") {
			t.Error("the page of a chosen amount offers what can't be paid")
		}
		if got := s.get("/acme/gift"); got.has("€0.30") || !got.has("€3.00") {
			t.Error("a suggestion that can't be paid is offered, or one that can is not")
		}
		if got := s.get("/acme/screws"); got.StatusCode != http.StatusOK || !got.has(`value="3"`) {
			t.Errorf("units that can be charged together: %d", got.StatusCode)
		}
		if n := stripe.Sessions(); n != 0 {
			t.Errorf("Stripe was asked %d times", n)
		}
		if got := s.post("/acme/0.50", payer()); got.StatusCode != http.StatusSeeOther {
			t.Errorf("the least that can be paid: %d", got.StatusCode)
		}
		for path, n := range map[string]string{"/acme/screws": "3", "/acme/shop/" + sheet.Slug: "10"} {
			if got := s.post(path, bought(n)); got.StatusCode != http.StatusSeeOther {
				t.Errorf("%s units of %s: %d", n, path, got.StatusCode)
			}
		}
		for _, l := range []struct {
			path string
			want bool
		}{{"tiny", true}, {"dinar", false}, {"gift", false}, {"sticker", true}, {"screws", false}, {"two", true}, {"sheets", false}, {"sheet", true}} {
			found, err := all.Links.ByPath(t.Context(), mustBusiness(t, all, s.business.ID), l.path)
			if err != nil {
				t.Fatal(err)
			}
			if why := all.Payments.Uncharged(mustBusiness(t, all, s.business.ID), found.Link); (why != "") != l.want {
				t.Errorf("%s: the merchant reads %q", l.path, why)
			}
		}
		links, products, err := all.Payments.CountUncharged(t.Context(), mustBusiness(t, all, s.business.ID))
		if err != nil || links != 4 || products != 1 {
			t.Errorf("%d links and %d products, %v", links, products, err)
		}
		if got := s.get("/acme/dinar"); got.StatusCode != http.StatusOK {
			t.Errorf("a currency that Stripe has: %d", got.StatusCode)
		}

		if _, err := all.Keys.Connect(t.Context(), s.business.ID, "mollie", keyring.Connection{Key: "test_acme"}); err != nil {
			t.Fatal(err)
		}
		for path, form := range map[string]url.Values{"/acme/dinar": payer(), "/acme": typed("75000"), "/acme/75000": payer()} {
			if got := s.post(path, form); got.StatusCode != http.StatusUnprocessableEntity || !got.has("This amount can’t be paid here") {
				t.Errorf("%s, which Mollie refuses: %d", path, got.StatusCode)
			}
		}
		if mollie.Payments() != 0 {
			t.Error("Mollie took one of them")
		}
		if got := s.post("/acme/tiny", payer()); got.StatusCode != http.StatusSeeOther {
			t.Errorf("what Mollie charges: %d", got.StatusCode)
		}
	})
}

// units are rules that let payers choose how many they buy.
func units(least, most int64) checkout.Rules {
	return checkout.Rules{Quantity: &checkout.Quantity{Min: least, Max: most}}
}

// bought is a payer's form with how many they buy.
func bought(n string) url.Values {
	f := payer()
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
