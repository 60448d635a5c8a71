package offer_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

func TestATotalIsSeenBeforeItIsPaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.Tickets(20)
		opened := s.Get("/acme/conference")
		for _, words := range []string{"Price each", "€49.00 each, up to 10", `name="quantity" value="1"`, "20 left", "Pay €49.00"} {
			if !opened.Has(words) {
				t.Errorf("%q is missing in\n%s", words, opened.Body)
			}
		}
		if opened.Has(`class="parts"`) {
			t.Error("one ticket needs no sum")
		}
		more := s.Post("/acme/conference", opened.FilledIn("quantity", "2", "step", "+1"))
		if more.StatusCode != http.StatusOK || !more.Has("3 × €49.00") || !more.Has("Pay €147.00") || !more.Has(`value="Jonas Lindqvist"`) || s.Count("attempts") != 0 {
			t.Errorf("+: %d\n%s", more.StatusCode, more.Body)
		}
		unseen := s.Post("/acme/conference", more.FilledIn("quantity", "4"))
		if unseen.StatusCode != http.StatusUnprocessableEntity || !unseen.Has("The total is €196.00. You have not been charged.") || s.Count("attempts") != 0 {
			t.Errorf("unseen: %d\n%s", unseen.StatusCode, unseen.Body)
		}
		paid := s.Decide(s.Start("/acme/conference", unseen.FilledIn("quantity", "4")), "paid")
		if now := s.Get(paid); !now.Has("4 × €49.00") || !now.Has("€196.00") {
			t.Errorf("%s", now.Body)
		}
		if left := s.Get("/acme/conference"); !left.Has("16 left") || !left.Has("4 taken") {
			t.Errorf("%s", left.Body)
		}
		if json := s.Get("/acme/conference/left.json").Body; !strings.Contains(json, `"left":16`) || !strings.Contains(json, "16 left") {
			t.Error(json)
		}
	})
}

func TestAQuantityThatIsNoneIsSaidAtItsField(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.Tickets(20)
	for typed, words := range map[string]string{
		"0": "Choose at least 1.", "11": "Choose at most 10.", "1.5": "Enter a whole number", "1e3": "Enter a whole number", "-2": "Enter a whole number",
		"99999999999999999999": "Choose at most 10.",
	} {
		got := s.Post("/acme/conference", s.Get("/acme/conference").FilledIn("quantity", typed))
		if got.StatusCode != http.StatusUnprocessableEntity || !got.Has(words) || !got.Has(`name="quantity" value="`+typed+`"`) || !got.Has(`value="jonas@example.se"`) {
			t.Errorf("%s: %d\n%s", typed, got.StatusCode, got.Body)
		}
	}
	if s.Count("attempts") != 0 {
		t.Error("an attempt was made")
	}
	if got := s.Get("/acme/conference?quantity=3"); !got.Has("Pay €147.00") {
		t.Errorf("%s", got.Body)
	}
	if got := s.Get("/acme/conference?quantity=3&lang=ar"); !got.Has("الكمية") || !got.Has("3 × €49.00") && !got.Has("3 × ") {
		t.Errorf("%s", got.Body)
	}
}

func TestFewerThanWantedAreLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.Tickets(5)
		s.Decide(s.Start("/acme/conference", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}, "quantity": {"3"}}), "paid")
		opened := s.Get("/acme/conference")
		if !opened.Has("2 left") || !opened.Has("up to 2") {
			t.Errorf("%s", opened.Body)
		}
		got := s.Post("/acme/conference", opened.FilledIn("quantity", "4"))
		if got.StatusCode != http.StatusUnprocessableEntity || !got.Has("Only 2 left, so 4 became 2.") || !got.Has(`name="quantity" value="2"`) || !got.Has("Pay €98.00") {
			t.Errorf("%d\n%s", got.StatusCode, got.Body)
		}
		s.Start("/acme/conference", got.FilledIn("quantity", "2"))
		if now, err := s.Links.Get(t.Context(), s.Business, l.ID); err != nil || now.Units != (link.Slots{Held: 2, Used: 3}) || now.Slots != (link.Slots{Held: 1, Used: 1}) {
			t.Errorf("%+v, %+v, %v", now.Units, now.Slots, err)
		}
		// Held by somebody else, who may not pay: nobody is told that it is over.
		if got := s.Post("/acme/conference", s.Get("/acme/conference").FilledIn("quantity", "1", "email", "late@example.com")); got.StatusCode != http.StatusConflict {
			t.Errorf("%d\n%s", got.StatusCode, got.Body)
		}
	})
}

// A payment must buy two, and one is left: nobody can buy it.
func TestFewerThanAPaymentMustBuyIsFull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{
			Name: "Pairs", Path: "pairs", Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units},
			Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 2, Max: 4}},
		})
		s.Decide(s.Start("/acme/pairs", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}, "quantity": {"2"}}), "paid")
		if got := s.Get("/acme/pairs"); got.StatusCode != http.StatusGone || !got.Has("Payment limit reached") {
			t.Errorf("%d\n%s", got.StatusCode, got.Body)
		}
		if now, err := s.Links.Get(t.Context(), s.Business, l.ID); err != nil || now.Status() != link.LimitReached || *now.Remaining() != 0 {
			t.Errorf("%s, %v", now.Status(), err)
		}
	})
}
