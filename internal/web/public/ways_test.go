package public_test

import (
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

func TestAnAddressChoosesAWayToPay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Some", Path: "some", Amount: eur(4900), Checkout: checkout.Rules{Methods: []string{"ideal", "card"}}})
		s.mustLink(link.Fields{Name: "Any", Path: "any", Amount: eur(4900)})
		methods := func(name string) (kept string) {
			t.Helper()
			if err := d.Get(t.Context(), &kept, `SELECT methods FROM attempts WHERE payer_name = $1`, name); err != nil {
				t.Fatal(name, err)
			}
			return kept
		}
		for i, c := range []struct{ path, pressed, says, want string }{
			{"/acme/some", "", "", "ideal card"},
			{"/acme/some?method=ideal", "", "Way to pay: iDEAL", "ideal"},
			{"/acme/some?method=ideal", "any", "Pay another way", "ideal card"},
			{"/acme/some?method=twint", "", "", "ideal card"}, // not the link's
			{"/acme/any?method=twint", "", "Way to pay: TWINT", "twint"},
			{"/acme/any?method=twint&lock=method", "any", "Way to pay: TWINT", "twint"},
			{"/acme/any?method=barter", "", "", ""},
			{"/acme?amount=25&method=card", "", "Way to pay: card", "card"},
		} {
			opened := s.get(c.path)
			if !opened.has(c.says) || c.says == "" && opened.has("Way to pay") {
				t.Errorf("%s says not %q", c.path, c.says)
			}
			name := "Jo " + string(rune('A'+i))
			form := opened.filledIn("name", name, "email", "jo"+string(rune('a'+i))+"@example.com", "amount", "25")
			if c.pressed != "" {
				form.Add("method", c.pressed)
			}
			if got := s.post(c.path, form); got.StatusCode != http.StatusSeeOther {
				t.Fatalf("%s: %d\n%s", c.path, got.StatusCode, got.body)
			}
			if got := methods(name); got != c.want {
				t.Errorf("%s, %q pressed: held to %q, want %q", c.path, c.pressed, got, c.want)
			}
		}
		if locked := s.get("/acme/any?method=twint&lock=method"); strings.Contains(locked.body, "Pay another way") {
			t.Error("a locked way can be left")
		}
		// A page that others share knows nothing of it.
		if s.get("/acme/any").has("Way to pay") {
			t.Error("the way that one address chose is on everybody's page")
		}
	})
}
