package sending_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// manyCustomers makes customers in one go; their names and addresses are apart.
func manyCustomers(t *testing.T, s *dashboardtest.Site, b business.Business, n int) {
	t.Helper()
	err := s.DB.InTx(t.Context(), func(tx *db.Tx) error {
		for i := range n {
			name, email := fmt.Sprintf("Guest %05d", i), fmt.Sprintf("guest%05d@example.com", i)
			_, err := tx.Exec(t.Context(), `INSERT INTO customers (id, business_id, name, name_folded, email, email_folded, phone, language, notes, version, created_at, updated_at)
				VALUES ($1, $2, $3, $4, $5, $5, $6, '', '', 1, $7, $7)`,
				fmt.Sprintf("cus_%026d", i), b.ID, name, strings.ToLower(name), email, fmt.Sprintf("+3161%07d", i), db.At(tx.Now()))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnyCustomerIsFoundHoweverManyThereAre(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		manyCustomers(t, s, acme, 10_000)
		b := s.SignedIn(t, "marit@example.com")
		const find = "/dashboard/acme/customers/find?q="
		for q, want := range map[string]string{
			"guest 00007": "Guest 00007", "UEST 0000": "Guest 00009", "00007@exam": "Guest 00007", "06 1000 0042": "Guest 00042", "": "Guest 09999",
			"\x00guest 00007": "Guest 00007",
		} {
			if got := b.Get(find + url.QueryEscape(q)); got.Status != http.StatusOK || !got.Has(want) {
				t.Errorf("%q: %d without %s: %.200s", q, got.Status, want, got.Body)
			}
		}
		if got := b.Get(find); strings.Index(got.Body, "Guest 09999") > strings.Index(got.Body, "Guest 09998") || !got.Has("Keep typing") {
			t.Error("the newest are not first")
		}
		if got := b.Get(find + "new@example.com"); !got.Has("Add", "new@example.com") {
			t.Errorf("a new address is not offered: %s", got.Body)
		}
		if got := b.Get(find + "nobody"); !got.Has("Nobody found") {
			t.Errorf("nobody: %s", got.Body)
		}
		if got := s.SignedIn(t, "zoe@example.com").Get("/dashboard/zenith/customers/find?q=guest"); got.Has("Guest") {
			t.Error("another business finds them")
		}
		if got := b.Get("/dashboard/acme/customers/ticks?find=guest+00003&send_customer=cus_" + strings.Repeat("0", 25) + "7"); !got.Has("Guest 00003", "Guest 00007", "checked") || got.Has("Guest 09999") {
			t.Errorf("the ticks: %.400s", got.Body)
		}
		// The slowest search: nobody matches, so that everybody is looked at.
		took := make([]time.Duration, 5)
		for i := range took {
			began := time.Now()
			if _, err := s.Customers.Find(t.Context(), d, acme.ID, "no such customer", 21); err != nil {
				t.Fatal(err)
			}
			took[i] = time.Since(began)
		}
		t.Logf("10,000 customers are searched in %v", slices.Min(took))
	})
}

// Without a script, whoever is typed is found when the form is sent.
func TestWhoeverIsTypedGetsTheLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Get("/dashboard/acme/links/new"); !got.Has(`role="combobox"`, "An email address or a phone number", "New customer") {
			t.Errorf("without customers the form leads nowhere: %s", got.Said())
		}
		form := func(more ...string) url.Values {
			f := url.Values{"type": {"amount"}, "name": {"Workshop"}, "amount": {"89"}, "currency": {"EUR"}, "limit": {"unlimited"}, "active": {"on"}, "to": {"one"}, "customer": {""}, "who": {""}}
			for i := 0; i+1 < len(more); i += 2 {
				f.Set(more[i], more[i+1])
			}
			return f
		}
		post := func(f url.Values) (link.Link, dashboardtest.Answer) {
			got := b.Post("/dashboard/acme/links", f)
			if got.Status != http.StatusSeeOther {
				return link.Link{}, got
			}
			l, err := s.Links.Get(t.Context(), acme, link.ID(got.Location[strings.LastIndex(got.Location, "/")+1:]))
			if err != nil {
				t.Fatal(err)
			}
			return l, got
		}
		l, got := post(form("who", "ann@example.com", "by", "email"))
		ann, err := s.Customers.WithEmail(t.Context(), d, acme.ID, "ann@example.com")
		if err != nil || ann == "" || l.CustomerID != ann {
			t.Fatalf("an address that is typed: %s, link of %q, %v: %s", ann, l.CustomerID, err, got.Said())
		}
		if l, _ := post(form("who", "ANN@example.com")); l.CustomerID != ann {
			t.Errorf("the address again: %q", l.CustomerID)
		}
		if l, got := post(form("who", "nn@exam")); l.CustomerID != ann {
			t.Errorf("a part of it: %q %s", l.CustomerID, got.Said())
		}
		l, got = post(form("who", "+31 6 12345678"))
		if c, err := s.Customers.Get(t.Context(), acme.ID, l.CustomerID); err != nil || c.Phone != "+31612345678" {
			t.Errorf("a number that is typed: %+v, %v: %s", c, err, got.Said())
		}
		l, got = post(form("new_name", "Ben", "new_email", "ben@example.com"))
		if c, err := s.Customers.Get(t.Context(), acme.ID, l.CustomerID); err != nil || c.Name != "Ben" || c.Email != "ben@example.com" {
			t.Errorf("a new customer in place: %+v, %v: %s", c, err, got.Said())
		}
		// What can't be told is asked, with all that was typed, and nothing is stored.
		before := s.Rows(t, `SELECT COUNT(*) FROM customers`)
		if _, got := post(form("who", "example.com")); got.Status != http.StatusUnprocessableEntity || !got.Has("More than one customer", `type="radio" class="tick-radio" name="customer"`, `value="example.com"`) {
			t.Errorf("several: %d %s", got.Status, got.Said())
		}
		if l, _ := post(dashboardtest.With(form("who", "example.com"), "customer", string(ann))); l.CustomerID != ann {
			t.Errorf("one of several: %q", l.CustomerID)
		}
		if _, got := post(form("who", "Zed")); got.Status != http.StatusUnprocessableEntity || !got.Has("There is no customer with “Zed”") {
			t.Errorf("nobody: %d %s", got.Status, got.Said())
		}
		if _, got := post(form("new_name", "Cleo", "new_email", "cleo@", "amount", "1,500")); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="new_email-error"`, `value="Cleo"`) {
			t.Errorf("a new one with mistakes: %d %s", got.Status, got.Said())
		}
		if _, got := post(form("who", "dora@example.com", "amount", "1,500")); got.Status != http.StatusUnprocessableEntity || !got.Has(`value="dora@example.com"`) {
			t.Errorf("a mistake elsewhere: %d", got.Status)
		}
		if after := s.Rows(t, `SELECT COUNT(*) FROM customers`); after != before {
			t.Errorf("%d customers were stored by forms that were refused", after-before)
		}
		// The same on Send.
		send := "/dashboard/acme/links/" + string(l.ID) + "/send"
		if got := b.Post(send, url.Values{"to": {"one"}, "who": {"eve@example.com"}, "by": {"email"}, "send_key": {"k1"}}); got.Status != http.StatusSeeOther {
			t.Errorf("sending to an address: %d %s", got.Status, got.Said())
		}
		if got := b.Post(send, url.Values{"to": {"one"}, "who": {"fred@example.com"}, "by": {"email"}, "message": {"Hi {link}"}, "act": {"stay"}}); got.Status != http.StatusOK || !got.Has("fred@example.com", "Hi {link}") {
			t.Errorf("the Enter key: %d %s", got.Status, got.Said())
		}
		if n := s.Rows(t, `SELECT COUNT(*) FROM customers WHERE email = 'fred@example.com'`); n != 0 {
			t.Error("the Enter key made a customer")
		}
	})
}

// A field tells what is wrong when it is left, by the rules of the server.
func TestFieldsAreCheckedBeforeTheFormIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		form := url.Values{"type": {"amount"}, "name": {"Workshop"}, "amount": {"1,500"}, "currency": {"EUR"}, "limit": {"multiple"}, "limit_max": {"1001"},
			"redirect_url": {"example.com/thanks?a=b"}, "active": {"on"}, "to": {"one"}}
		got := b.Post("/dashboard/acme/links/check", form)
		if got.Status != http.StatusOK || !got.Has(`"limit_max":"Choose a number from 1 to 1000."`, `"amount":"This can be read in two ways`, `"redirect_url":"https://example.com/thanks?a=b"`) || got.Has(`"name":`) {
			t.Errorf("the check: %d %s", got.Status, got.Body)
		}
		if n := s.Rows(t, `SELECT COUNT(*) FROM links`); n != 0 {
			t.Error("the check stored a link")
		}
		form.Set("amount", "1.500,00")
		form.Set("limit_max", "1000")
		if got := b.Post("/dashboard/acme/links", form); got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		} else if page := b.Get(got.Location + "/edit"); !page.Has(`value="https://example.com/thanks?a=b"`, `value="1500.00"`) {
			t.Errorf("what is stored: %s", page.Said())
		}
		// Without a script the Enter key adds what is typed in the field of tags.
		if got := b.Post("/dashboard/acme/links", dashboardtest.With(dashboardtest.With(form, "act", "add-tag"), "tags", "VIP")); got.Status != http.StatusOK || !got.Has(`value="VIP" checked`, `value="1.500,00"`) {
			t.Errorf("the Enter key: %d %s", got.Status, got.Said())
		}
		if n := s.Rows(t, `SELECT COUNT(*) FROM links`); n != 1 {
			t.Errorf("the Enter key published: %d links", n)
		}
		if got := b.Get("/dashboard/acme/links/new"); strings.Index(got.Body, "data-enter-button") > strings.Index(got.Body, "Create link") {
			t.Error("the Enter key presses the button that publishes")
		}
	})
}

func TestThePreviewIsThePageThatPayersGet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		sold := s.Product(t, acme, "Course")
		b := s.SignedIn(t, "marit@example.com")
		form := url.Values{"type": {"amount"}, "name": {"Workshop"}, "description": {"Two days"}, "amount": {"25,50"}, "currency": {"EUR"}, "limit": {"multiple"}, "limit_max": {"12"}, "show_remaining": {"on"}, "to": {"one"}}
		const page = "/dashboard/acme/links/preview/page"
		if got := b.Post(page, form); got.Status != http.StatusOK || !got.Has("Workshop", "Two days", "€25.50", "12 payments remaining", "Fixed amount") || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("an amount: %d %s", got.Status, got.Said())
		}
		chosen := dashboardtest.With(dashboardtest.With(dashboardtest.With(form, "payer_amount", "on"), "payer_min", "5"), "payer_max", "100")
		if got := b.Post(page, chosen); !got.Has("Between €5.00 and €100.00") || got.Has("Fixed amount") {
			t.Errorf("a chosen amount has a padlock: %s", got.Said())
		}
		if got := b.Post(page, dashboardtest.With(dashboardtest.With(form, "type", "product"), "product", string(sold.ID))); !got.Has(sold.Name, sold.Price.Format("en")) || got.Has("Two days") {
			t.Errorf("a product: %s", got.Said())
		}
		for _, odd := range []url.Values{{}, dashboardtest.With(form, "amount", "1,500"), dashboardtest.With(form, "type", "product"), dashboardtest.With(form, "currency", "XXX")} {
			if got := b.Post(page, odd); got.Status != http.StatusOK {
				t.Errorf("%v: %d", odd, got.Status)
			}
		}
		if n := s.Rows(t, `SELECT COUNT(*) FROM links`); n != 0 {
			t.Error("the preview stored a link")
		}
	})
}
