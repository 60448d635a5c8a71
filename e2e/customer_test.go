package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestAWalkUpPayerBecomesATaggedCustomerWithAReceipt(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		l := s.createLink(t, `{"name": "Membership", `+fortyNine+`, "path": "membership", "after_payment": {"apply_tag": "VIP"}}`)
		awaitStatus(t, s.payAs(t, s.URL, l.Path, "paid", ""), "paid")

		s.expectCustomer(t, "Sanne Visser", "sanne@example.com", "VIP")
		receipt := s.mailTo(t, "sanne@example.com")
		for _, want := range []string{"€49.00", "Membership"} {
			if !strings.Contains(receipt.Subject+receipt.Text, want) {
				t.Errorf("the receipt must say %q:\n%s", want, receipt.Text)
			}
		}
		if !strings.HasPrefix(receipt.From, "Acme Events") && !strings.HasPrefix(receipt.From, `"Acme Events"`) {
			t.Errorf("the receipt is from %q, want Acme Events", receipt.From)
		}

		merchant := newBrowser(t)
		signIn(t, s, merchant)
		do(t, merchant, "see the payment on the link's page",
			chromedp.Navigate(s.URL+"/dashboard/"+handle+"/links/"+l.ID), bodyHas("Sanne Visser"),
			until(`document.querySelector('main').innerText.replace(/\s+/g, ' ').includes('Payments 1 ')`),
		)

		awaitStatus(t, s.payAs(t, s.URL, l.Path, "paid", ""), "paid")
		s.expectCustomer(t, "Sanne Visser", "sanne@example.com", "VIP")
	})
}

// customerJSON is what these tests read of a customer.
type customerJSON struct {
	Name  string   `json:"name"`
	Email string   `json:"email"`
	Phone string   `json:"phone"`
	Tags  []string `json:"tags"`
}

// expectCustomer wants one customer in all, with exactly these tags.
func (s *site) expectCustomer(t *testing.T, name, email string, tags ...string) {
	t.Helper()
	a := s.api(t, "GET", "/customers", "")
	expectStatus(t, "list the customers", a, http.StatusOK)
	list := decode[struct {
		Data []customerJSON `json:"data"`
	}](t, a)
	if len(list.Data) != 1 {
		t.Fatalf("there are %d customers, want 1: %+v", len(list.Data), list.Data)
	}
	if c := list.Data[0]; c.Name != name || c.Email != email || !slices.Equal(c.Tags, tags) {
		t.Errorf("the customer is %+v, want %s, %s, tagged %q", c, name, email, tags)
	}
}
