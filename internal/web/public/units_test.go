package public_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// tickets are for €49.00 each, 1 to 10 at once, and so many together.
func (s *site) tickets(most int64) link.Link {
	s.t.Helper()
	return s.mustLink(link.Fields{
		Name: "Conference", Path: "conference", Amount: eur(4900),
		Limit: link.Limit{Kind: link.Multiple, Max: most, Counts: link.Units}, Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 1, Max: 10}},
	})
}

// filledIn is the form of a page as a browser would send it.
func (p page) filledIn(more ...string) url.Values {
	form := payer()
	for _, name := range []string{"version", "price", "price_currency", "total", "terms"} {
		form.Set(name, p.hidden(name))
	}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func TestATotalIsSeenBeforeItIsPaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.tickets(20)
		opened := s.get("/acme/conference")
		for _, words := range []string{"Price each", "€49.00 each, up to 10", `name="quantity" value="1"`, "20 left", "Pay €49.00"} {
			if !opened.has(words) {
				t.Errorf("%q is missing in\n%s", words, opened.body)
			}
		}
		if opened.has(`class="parts"`) {
			t.Error("one ticket needs no sum")
		}
		more := s.post("/acme/conference", opened.filledIn("quantity", "2", "step", "+1"))
		if more.StatusCode != http.StatusOK || !more.has("3 × €49.00") || !more.has("Pay €147.00") || !more.has(`value="Jonas Lindqvist"`) || s.count("attempts") != 0 {
			t.Errorf("+: %d\n%s", more.StatusCode, more.body)
		}
		unseen := s.post("/acme/conference", more.filledIn("quantity", "4"))
		if unseen.StatusCode != http.StatusUnprocessableEntity || !unseen.has("The total is €196.00. You have not been charged.") || s.count("attempts") != 0 {
			t.Errorf("unseen: %d\n%s", unseen.StatusCode, unseen.body)
		}
		paid := s.decide(s.start("/acme/conference", unseen.filledIn("quantity", "4")), "paid")
		if now := s.get(paid); !now.has("4 × €49.00") || !now.has("€196.00") {
			t.Errorf("%s", now.body)
		}
		if left := s.get("/acme/conference"); !left.has("16 left") || !left.has("4 taken") {
			t.Errorf("%s", left.body)
		}
		if json := s.get("/acme/conference/left.json").body; !strings.Contains(json, `"left":16`) || !strings.Contains(json, "16 left") {
			t.Error(json)
		}
	})
}

// count counts the rows of a table.
func (s *site) count(table string) (n int) {
	s.t.Helper()
	if err := s.d.Get(s.t.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestAQuantityThatIsNoneIsSaidAtItsField(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.tickets(20)
	for typed, words := range map[string]string{
		"0": "Choose at least 1.", "11": "Choose at most 10.", "1.5": "Enter a whole number", "1e3": "Enter a whole number", "-2": "Enter a whole number",
		"99999999999999999999": "Choose at most 10.",
	} {
		got := s.post("/acme/conference", s.get("/acme/conference").filledIn("quantity", typed))
		if got.StatusCode != http.StatusUnprocessableEntity || !got.has(words) || !got.has(`name="quantity" value="`+typed+`"`) || !got.has(`value="jonas@example.se"`) {
			t.Errorf("%s: %d\n%s", typed, got.StatusCode, got.body)
		}
	}
	if s.count("attempts") != 0 {
		t.Error("an attempt was made")
	}
	if got := s.get("/acme/conference?quantity=3"); !got.has("Pay €147.00") {
		t.Errorf("%s", got.body)
	}
	if got := s.get("/acme/conference?quantity=3&lang=ar"); !got.has("الكمية") || !got.has("3 × €49.00") && !got.has("3 × ") {
		t.Errorf("%s", got.body)
	}
}

func TestFewerThanWantedAreLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.tickets(5)
		s.decide(s.start("/acme/conference", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}, "quantity": {"3"}}), "paid")
		opened := s.get("/acme/conference")
		if !opened.has("2 left") || !opened.has("up to 2") {
			t.Errorf("%s", opened.body)
		}
		got := s.post("/acme/conference", opened.filledIn("quantity", "4"))
		if got.StatusCode != http.StatusUnprocessableEntity || !got.has("Only 2 left, so 4 became 2.") || !got.has(`name="quantity" value="2"`) || !got.has("Pay €98.00") {
			t.Errorf("%d\n%s", got.StatusCode, got.body)
		}
		s.start("/acme/conference", got.filledIn("quantity", "2"))
		if now, err := s.links.Get(t.Context(), s.business, l.ID); err != nil || now.Units != (link.Slots{Held: 2, Used: 3}) || now.Slots != (link.Slots{Held: 1, Used: 1}) {
			t.Errorf("%+v, %+v, %v", now.Units, now.Slots, err)
		}
		// Held by somebody else, who may not pay: nobody is told that it is over.
		if got := s.post("/acme/conference", s.get("/acme/conference").filledIn("quantity", "1", "email", "late@example.com")); got.StatusCode != http.StatusConflict {
			t.Errorf("%d\n%s", got.StatusCode, got.body)
		}
	})
}

// A payment must buy two, and one is left: nobody can buy it.
func TestFewerThanAPaymentMustBuyIsFull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{
			Name: "Pairs", Path: "pairs", Limit: link.Limit{Kind: link.Multiple, Max: 3, Counts: link.Units},
			Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 2, Max: 4}},
		})
		s.decide(s.start("/acme/pairs", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}, "quantity": {"2"}}), "paid")
		if got := s.get("/acme/pairs"); got.StatusCode != http.StatusGone || !got.has("Payment limit reached") {
			t.Errorf("%d\n%s", got.StatusCode, got.body)
		}
		if now, err := s.links.Get(t.Context(), s.business, l.ID); err != nil || now.Status() != link.LimitReached || *now.Remaining() != 0 {
			t.Errorf("%s, %v", now.Status(), err)
		}
	})
}
