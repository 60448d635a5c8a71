package arrival_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/public/publictest"
)

// Who stops half-way finds everything again by the mail, in any browser; once it is paid
// the mail leads to a page that says so, and another browser never pays twice.
func TestTheMailAboutAPaymentBringsBackItsForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"}, func(f *link.Fields) {
			f.Checkout = checkout.Rules{
				Quantity: &checkout.Quantity{Min: 1, Max: 5}, Tip: &checkout.Tip{Percent: []int64{5, 10}, Own: true},
				Questions: []checkout.Question{{Key: "shirt", Label: "Shirt", Type: checkout.Choice, Options: []string{"S", "L"}}},
			}
		})
		typed := []string{"name", "Jo Lane", "email", "jo@example.com", "quantity", "3", "tip", "10", "shirt", "L"}
		first := s.Browser()
		total := first.Post("/acme/workshop", first.Get("/acme/workshop").FilledIn(typed...)) // the total was not seen yet
		first.Start("/acme/workshop?client_reference_id=order-7&utm_source=news", total.FilledIn(typed...))
		a := s.Attempt(l)
		outcome(s, a, sandbox.Canceled)
		asked, err := s.Recovery.Ask(t.Context(), s.Business, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		b := s.Browser()
		to := b.Get("/r/" + asked.Token).Header.Get("Location")
		if to != "/acme/workshop?client_reference_id=order-7&via=recovery" {
			t.Fatalf("leads to %q", to)
		}
		got := b.Get(to)
		for _, words := range []string{`value="Jo Lane"`, `value="jo@example.com"`, `name="quantity" value="3"`, "Pay €293.70", "What you typed before is filled in"} {
			if !got.Has(words) {
				t.Errorf("%q is missing in\n%s", words, got.Body)
			}
		}
		if got.Has(asked.Token) {
			t.Error("the token stands in the page")
		}
		b.Start(to, got.FilledIn(typed...)) // its total stands there
		paid := s.Attempt(l)
		if paid.Channel != "recovery" || paid.RecipientToken != asked.Token || paid.Answers.Reference != "order-7" {
			t.Errorf("attributed to %q, %q, for %q", paid.Channel, paid.RecipientToken, paid.Answers.Reference)
		}
		outcome(s, paid, sandbox.Paid)
		other := s.Browser()
		to = other.Get("/r/" + asked.Token).Header.Get("Location")
		if got := other.Get(to); got.Has("Jo Lane") || got.Has("jo@example.com") || !got.Has("This request was paid on") {
			t.Errorf("another browser sees\n%s", got.Body)
		}
	})
}

// A mail program's button opts out without a cookie; a GET changes nothing.
func TestTheMailAboutAPaymentLetsItsReaderOptOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		s.Browser().Post("/acme/sale", publictest.Payer())
		a := s.Attempt(l)
		outcome(s, a, sandbox.Canceled)
		if _, err := s.Recovery.Ask(t.Context(), s.Business, a.ID); err != nil {
			t.Fatal(err)
		}
		var stop string
		if err := d.Get(t.Context(), &stop, `SELECT stop_token FROM recoveries`); err != nil {
			t.Fatal(err)
		}
		count := func() (n int) {
			if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM suppressions WHERE cause = 'opt_out'`); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got := s.Get("/s/" + stop); got.StatusCode != http.StatusOK || count() != 0 {
			t.Fatalf("%d, %d opted out", got.StatusCode, count())
		}
		if got := s.Post("/s/"+stop, url.Values{"List-Unsubscribe": {"One-Click"}}); got.StatusCode != http.StatusOK || count() != 1 {
			t.Fatalf("%d, %d opted out", got.StatusCode, count())
		}
		if got := s.Get("/s/nonesuch1234"); got.StatusCode != http.StatusNotFound {
			t.Errorf("a guess: %d", got.StatusCode)
		}
	})
}

func outcome(s *publictest.Site, a history.View, outcome sandbox.Outcome) {
	s.T.Helper()
	if _, err := s.Sandbox.Decide(s.T.Context(), a.ProviderRef, outcome, ""); err != nil {
		s.T.Fatal(err)
	}
	if _, err := s.Payments.Sync(s.T.Context(), s.Business.ID, a.ID, attempt.CauseMerchant); err != nil {
		s.T.Fatal(err)
	}
	s.Later()
}
