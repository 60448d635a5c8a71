package linkform_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// goodLink is a form that creates a link.
func goodLink() url.Values {
	return url.Values{
		"type": {"amount"}, "name": {"Darkroom Weekend April"}, "description": {"Two days of printing."}, "amount": {"120,00"},
		"currency": {"EUR"}, "path": {""}, "tags": {"Workshop, Spring"}, "notes": {"Ask Sanne."}, "limit": {"multiple"}, "limit_max": {"۱۲"},
		"show_remaining": {"on"}, "active": {"on"}, "starts_at": {"2026-03-01T09:00"}, "redirect_url": {"https://example.com/thanks"}, "reference": {"INV-7"},
	}
}

func TestCreateStoresWhatWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		got := b.Post("/dashboard/acme/links", goodLink())
		if got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		id := got.Location[strings.LastIndex(got.Location, "/")+1:]
		l, err := s.Links.Get(context.Background(), acme, link.ID(id))
		if err != nil {
			t.Fatal(err)
		}
		if l.Path != "darkroom-weekend-april" || l.Amount.Minor != 12000 || l.Limit.Max != 12 || !l.Active || !l.ShowRemaining || len(l.Tags) != 2 {
			t.Errorf("stored %+v", l)
		}
		if l.StartsAt == nil || l.StartsAt.UTC().Hour() != 8 {
			t.Errorf("it opens at %v, want 9 o'clock in Amsterdam", l.StartsAt)
		}
		if page := b.Get(got.Location); !page.Has("Darkroom Weekend April", "€120.00", "is ready", "15 left") && !page.Has("12 left") {
			t.Errorf("the page of the link: %s", page.Said())
		}
	})
}

func TestMistakesKeepWhatWasTypedAndStoreNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Link(t, acme, link.Fields{Name: "Taken"})
		b := s.SignedIn(t, "marit@example.com")
		for _, c := range []struct{ input, value, says string }{
			{"name", "", "Fill this in."},
			{"name", strings.Repeat("a", 10000), "Use at most"},
			{"name", "bad\x01name", "control characters"},
			{"amount", "", "Enter an amount"},
			{"amount", "0", "above zero"},
			{"amount", "-5", "above zero"},
			{"amount", "1,500", ""},
			{"amount", "12.345", ""},
			{"amount", "99999999999999999999", ""},
			{"amount", "abc", "Enter an amount"},
			{"currency", "XXY", ""},
			{"path", "shop", "Choose another address"},
			{"path", "2026", "start with a letter"},
			{"path", "a/b", "letters, digits"},
			{"path", "a.b", "letters, digits"},
			{"path", "taken", "is free"},
			{"limit_max", "0", "1"},
			{"limit_max", "1001", "1"},
			{"limit_max", "many", "1"},
			{"redirect_url", "javascript:alert(1)", "https://"},
			{"redirect_url", "/thanks", "https://"},
			{"starts_at", "tomorrow", "Enter a day"},
			{"ends_at", "2026-02-01T09:00", "after the start"},
			{"description", strings.Repeat("d", 501), "Use at most 500"},
			{"tags", strings.Repeat("t", 51), "Use at most 50"},
		} {
			got := b.Post("/dashboard/acme/links", dashboardtest.With(goodLink(), c.input, c.value))
			if got.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s = %.30q: %d, want 422", c.input, c.value, got.Status)
				continue
			}
			if !got.Has(`id="`+c.input+`-error"`) || !got.Has(c.says) {
				t.Errorf("%s = %.30q: the message %q is not at the field", c.input, c.value, c.says)
			}
			kept := []string{"Two days of printing.", "Ask Sanne.", "INV-7"}
			if c.input == "description" {
				kept = kept[1:]
			}
			if !got.Has(kept...) || !got.Has(`value="2026-03-01T09:00"`) && c.input != "starts_at" {
				t.Errorf("%s = %.30q: what was typed is lost", c.input, c.value)
			}
		}
		if n := s.LinkCount(t, acme); n != 1 {
			t.Errorf("%d links are stored, want the one from before", n)
		}
	})
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	got := b.Post("/dashboard/acme/links", dashboardtest.With(goodLink(), "name", "", "amount", "1,500", "limit_max", "many", "payer_amount", "on", "payer_min", "x", "payer_max", ""))
	for _, input := range []string{"name", "amount", "limit_max", "payer_min", "payer_max"} {
		if !got.Has(`id="` + input + `-error"`) {
			t.Errorf("nothing is said at %s", input)
		}
	}
}

// What could mean two amounts is explained, also where another was before.
func TestEditExplainsAnAmountItCannotRead(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l := s.Link(t, acme, link.Fields{})
	_, why := money.ParseTyped("1,500", "EUR")
	b := s.SignedIn(t, "marit@example.com")
	got := b.Post("/dashboard/acme/links/"+string(l.ID)+"/edit", dashboardtest.With(goodLink(), "version", "1", "amount", "1,500"))
	if got.Status != http.StatusUnprocessableEntity || !got.Has(why.Error(), `value="1,500"`) {
		t.Errorf("%d, without %q", got.Status, why)
	}
	if after, err := s.Links.Get(context.Background(), acme, l.ID); err != nil || after.Version != 1 {
		t.Errorf("something was stored: %+v, %v", after, err)
	}
}

func TestEditMayChangeTheTypeAndClear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		p := s.Product(t, acme, "Premium Bundle")
		l := s.Link(t, acme, link.Fields{Notes: "Old notes", PayerAmount: &link.Range{Min: *dashboardtest.Euros(100), Max: *dashboardtest.Euros(100000)}, Limit: link.Limit{Kind: link.Once}})
		b := s.SignedIn(t, "marit@example.com")
		got := b.Post("/dashboard/acme/links/"+string(l.ID)+"/edit", url.Values{
			"version": {"1"}, "type": {"product"}, "product": {string(p.ID)}, "name": {"Bundle"}, "path": {"bundle"}, "limit": {"unlimited"}, "currency": {"EUR"},
		})
		if got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		after, err := s.Links.Get(context.Background(), acme, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		if after.Type != link.Product || after.ProductID != p.ID || after.Notes != "" || after.PayerChooses() || after.Limit.Limited() || after.Active {
			t.Errorf("stored %+v", after)
		}
	})
}

func TestPathIsSuggestedAndChecked(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l := s.Link(t, acme, link.Fields{Name: "Summer Sale"})
	b := s.SignedIn(t, "marit@example.com")
	for query, want := range map[string]string{
		"name=Summer+Sale": `value="summer-sale-2"`,
		"name=Gala":        "This address is available.",
		"path=summer-sale": "is free.",
		"path=summer-sale&except=" + string(l.ID): "This address is available.",
		"path=pay":          "Choose another address.",
		"path=test":         "easily guessed",
		"name=":             "made from the name",
		"path=%3Cscript%3E": "&lt;script&gt;",
	} {
		if got := b.Get("/dashboard/acme/links/path?" + query); got.Status != http.StatusOK || !got.Has(want) {
			t.Errorf("%s: %d, without %q: %s", query, got.Status, want, got.Said())
		}
	}
}

// Revenue of two currencies cannot be added up.
func TestPaidLinkKeepsItsCurrencyAndOffersACopy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{})
		s.Paid(t, acme, l)
		b := s.SignedIn(t, "marit@example.com")
		edit := "/dashboard/acme/links/" + string(l.ID) + "/edit"
		form := b.Get(edit)
		if !form.Has("The currency stays, because this link has been paid", "/duplicate") || form.Has(`<select class="control-currency"`) {
			t.Errorf("the form does not say that the currency is locked: %d", form.Status)
		}
		got := b.Post(edit, dashboardtest.With(goodLink(), "version", "1", "currency", "USD"))
		if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="currency-error"`, "Duplicate the link") {
			t.Errorf("another currency: %d", got.Status)
		}
		if same := b.Post(edit, dashboardtest.With(goodLink(), "version", "1")); same.Status != http.StatusSeeOther {
			t.Errorf("another amount in the same currency: %d %s", same.Status, same.Said())
		}
	})
}

// A product that is typed beside the search is made with the link, or nothing is.
// The preview counts what is left as payers will read it, and nothing while the limit is none.
func TestThePreviewShowsWhatIsLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		for _, c := range []struct {
			limit, most string
			want        string
		}{{"once", "", "1 payment remaining"}, {"multiple", "12", "12 payments remaining"}, {"multiple", "0", ""}, {"multiple", "many", ""}} {
			got := b.Post("/dashboard/acme/links/preview/page", dashboardtest.With(goodLink(), "limit", c.limit, "limit_max", c.most, "show_remaining", "on"))
			if got.Status != http.StatusOK || c.want == "" && got.Has("remaining") || !got.Has(c.want) {
				t.Errorf("%s %q: %d %s", c.limit, c.most, got.Status, got.Said())
			}
		}
		l := s.Link(t, acme, link.Fields{Name: "Tickets", Limit: link.Limit{Kind: link.Multiple, Max: 12, Counts: link.Units}, ShowRemaining: true, Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 1, Max: 6}}})
		s.Exec(t, `UPDATE link_slots SET consumed_units = 5 WHERE link_id = $1`, l.ID)
		form := dashboardtest.With(goodLink(), "limit", "multiple", "limit_max", "20", "show_remaining", "on", "limit_units", "on", "quantity_min", "1", "quantity_max", "6")
		if got := b.Post("/dashboard/acme/links/preview/page?id="+string(l.ID), form); !got.Has("15 left") {
			t.Errorf("units that were sold: %s", got.Said())
		}
	})
}

func TestAProductIsMadeWithItsLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		form := url.Values{"type": {"product"}, "name": {""}, "limit": {"unlimited"}, "active": {"on"}, "new_product": {"Zine"}, "new_product_price": {"twelve"}}
		made := func() []product.Product {
			all, _, err := s.Products.List(t.Context(), acme.ID, product.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		if got := b.Post("/dashboard/acme/links", form); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="new_product_price-error"`, `value="Zine"`, `id="new-product" open`) {
			t.Errorf("a price that is none: %d %s", got.Status, got.Said())
		}
		form.Set("new_product_price", "12.50")
		if got := b.Post("/dashboard/acme/links/preview/page", form); !got.Has("€12.50") {
			t.Errorf("the preview: %s", got.Said())
		}
		if got := b.Post("/dashboard/acme/links", dashboardtest.With(form, "limit", "multiple", "limit_max", "0")); got.Status != http.StatusUnprocessableEntity || len(made()) != 0 {
			t.Errorf("with another mistake: %d, %d products", got.Status, len(made()))
		}
		got := b.Post("/dashboard/acme/links", form)
		if all := made(); got.Status != http.StatusSeeOther || len(all) != 1 || all[0].Name != "Zine" || all[0].Price.Minor != 1250 || !all[0].Active {
			t.Fatalf("made %+v, %d %s", all, got.Status, got.Said())
		}
		m, err := s.Links.ByPath(t.Context(), acme, "zine")
		if err != nil || m.Link.ProductID != made()[0].ID {
			t.Fatalf("the link %+v, %v", m.Link.Fields, err)
		}
		edit := dashboardtest.With(form, "version", "1", "name", "Zine", "path", "zine", "new_product", "Second edition", "new_product_price", "15", "product", string(m.Link.ProductID))
		if got := b.Post("/dashboard/acme/links/"+string(m.Link.ID)+"/edit", edit); got.Status != http.StatusSeeOther {
			t.Fatalf("changing: %d %s", got.Status, got.Said())
		}
		if m, err = s.Links.ByPath(t.Context(), acme, "zine"); err != nil || m.Link.Price().Minor != 1500 {
			t.Errorf("it sells %v, %v", m.Link.Price(), err)
		}
	})
}
