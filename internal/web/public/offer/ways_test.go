package offer_test

import (
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

func TestAnAddressChoosesAWayToPay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Some", Path: "some", Amount: publictest.EUR(4900), Checkout: checkout.Rules{Methods: []string{"ideal", "card"}}})
		s.MustLink(link.Fields{Name: "Any", Path: "any", Amount: publictest.EUR(4900)})
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
			opened := s.Get(c.path)
			if !opened.Has(c.says) || c.says == "" && opened.Has("Way to pay") {
				t.Errorf("%s says not %q", c.path, c.says)
			}
			name := "Jo " + string(rune('A'+i))
			form := opened.FilledIn("name", name, "email", "jo"+string(rune('a'+i))+"@example.com", "amount", "25")
			if c.pressed != "" {
				form.Add("method", c.pressed)
			}
			if got := s.Post(c.path, form); got.StatusCode != http.StatusSeeOther {
				t.Fatalf("%s: %d\n%s", c.path, got.StatusCode, got.Body)
			}
			if got := methods(name); got != c.want {
				t.Errorf("%s, %q pressed: held to %q, want %q", c.path, c.pressed, got, c.want)
			}
		}
		if locked := s.Get("/acme/any?method=twint&lock=method"); strings.Contains(locked.Body, "Pay another way") {
			t.Error("a locked way can be left")
		}
		// A page that others share knows nothing of it.
		if s.Get("/acme/any").Has("Way to pay") {
			t.Error("the way that one address chose is on everybody's page")
		}
	})
}
