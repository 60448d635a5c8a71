package public_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/sandbox"
)

// Who stops half-way finds everything again by the mail, in any browser; once it is paid
// the mail leads to a page that says so, and another browser never pays twice.
func TestTheMailAboutAPaymentBringsBackItsForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"}, func(f *link.Fields) {
			f.Checkout = checkout.Rules{
				Quantity: &checkout.Quantity{Min: 1, Max: 5}, Tip: &checkout.Tip{Percent: []int64{5, 10}, Own: true},
				Questions: []checkout.Question{{Key: "shirt", Label: "Shirt", Type: checkout.Choice, Options: []string{"S", "L"}}},
			}
		})
		typed := []string{"name", "Jo Lane", "email", "jo@example.com", "quantity", "3", "tip", "10", "shirt", "L"}
		first := s.browser()
		total := first.post("/acme/workshop", first.get("/acme/workshop").filledIn(typed...)) // the total was not seen yet
		first.start("/acme/workshop?client_reference_id=order-7&utm_source=news", total.filledIn(typed...))
		a := s.attempt(l)
		s.outcome(a, sandbox.Canceled)
		asked, err := s.recovery.Ask(t.Context(), s.business, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		b := s.browser()
		to := b.get("/r/" + asked.Token).Header.Get("Location")
		if to != "/acme/workshop?client_reference_id=order-7&via=recovery" {
			t.Fatalf("leads to %q", to)
		}
		got := b.get(to)
		for _, words := range []string{`value="Jo Lane"`, `value="jo@example.com"`, `name="quantity" value="3"`, "Pay €293.70", "What you typed before is filled in"} {
			if !got.has(words) {
				t.Errorf("%q is missing in\n%s", words, got.body)
			}
		}
		if got.has(asked.Token) {
			t.Error("the token stands in the page")
		}
		b.start(to, got.filledIn(typed...)) // its total stands there
		paid := s.attempt(l)
		if paid.Channel != "recovery" || paid.RecipientToken != asked.Token || paid.Answers.Reference != "order-7" {
			t.Errorf("attributed to %q, %q, for %q", paid.Channel, paid.RecipientToken, paid.Answers.Reference)
		}
		s.outcome(paid, sandbox.Paid)
		other := s.browser()
		to = other.get("/r/" + asked.Token).Header.Get("Location")
		if got := other.get(to); got.has("Jo Lane") || got.has("jo@example.com") || !got.has("This request was paid on") {
			t.Errorf("another browser sees\n%s", got.body)
		}
	})
}

// A mail program's button opts out without a cookie; a GET changes nothing.
func TestTheMailAboutAPaymentLetsItsReaderOptOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
		s.browser().post("/acme/sale", payer())
		a := s.attempt(l)
		s.outcome(a, sandbox.Canceled)
		if _, err := s.recovery.Ask(t.Context(), s.business, a.ID); err != nil {
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
		if got := s.get("/s/" + stop); got.StatusCode != http.StatusOK || count() != 0 {
			t.Fatalf("%d, %d opted out", got.StatusCode, count())
		}
		if got := s.post("/s/"+stop, url.Values{"List-Unsubscribe": {"One-Click"}}); got.StatusCode != http.StatusOK || count() != 1 {
			t.Fatalf("%d, %d opted out", got.StatusCode, count())
		}
		if got := s.get("/s/nonesuch1234"); got.StatusCode != http.StatusNotFound {
			t.Errorf("a guess: %d", got.StatusCode)
		}
	})
}

// attempt is the newest of a link.
func (s *site) attempt(l link.Link) payment.View {
	s.t.Helper()
	all, _, err := s.payments.List(s.t.Context(), s.business.ID, s.business.Mode, payment.Filter{LinkID: l.ID, Limit: 1})
	if err != nil || len(all) == 0 {
		s.t.Fatalf("no attempt: %v", err)
	}
	return all[0]
}

func (s *site) outcome(a payment.View, outcome sandbox.Outcome) {
	s.t.Helper()
	if _, err := s.sandbox.Decide(s.t.Context(), a.ProviderRef, outcome, ""); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.payments.Sync(s.t.Context(), s.business.ID, a.ID, payment.CauseMerchant); err != nil {
		s.t.Fatal(err)
	}
	s.later()
}
