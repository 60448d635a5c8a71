package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

func TestAWalkUpPayerBecomesATaggedCustomerWithAReceipt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.CreateLink(t, `{"name": "Membership", `+FortyNine+`, "path": "membership", "after_payment": {"apply_tag": "VIP"}}`)
		AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")

		s.expectCustomer(t, "Sanne Visser", "sanne@example.com", "VIP")
		receipt := s.MailTo(t, "sanne@example.com")
		for _, want := range []string{"€49.00", "Membership"} {
			if !strings.Contains(receipt.Subject+receipt.Text, want) {
				t.Errorf("the receipt must say %q:\n%s", want, receipt.Text)
			}
		}
		if !strings.HasPrefix(receipt.From, "Acme Events") && !strings.HasPrefix(receipt.From, `"Acme Events"`) {
			t.Errorf("the receipt is from %q, want Acme Events", receipt.From)
		}

		merchant := NewBrowser(t)
		s.SignIn(t, merchant)
		Do(t, merchant, "see the payment on the link's page",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/"+l.ID), BodyHas("Sanne Visser"),
			Until(`document.querySelector('main').innerText.replace(/\s+/g, ' ').includes('Payments 1 ')`),
		)

		AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
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
	a := s.API(t, "GET", "/customers", "")
	ExpectStatus(t, "list the customers", a, http.StatusOK)
	list := Decode[struct {
		Data []customerJSON `json:"data"`
	}](t, a)
	if len(list.Data) != 1 {
		t.Fatalf("there are %d customers, want 1: %+v", len(list.Data), list.Data)
	}
	if c := list.Data[0]; c.Name != name || c.Email != email || !slices.Equal(c.Tags, tags) {
		t.Errorf("the customer is %+v, want %s, %s, tagged %q", c, name, email, tags)
	}
}

func TestACustomerIsMadeAndTaggedInTheBrowser(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		merchant := NewBrowser(t)
		s.SignIn(t, merchant)
		Do(t, merchant, "make a customer with a tag that is new, and a phone number that is wrong",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/customers/new"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Daan Smit"),
			chromedp.SendKeys(chromedp.CSS("#email"), "daan@example.com"),
			chromedp.SendKeys(chromedp.CSS("#phone"), "12"),
			chromedp.SendKeys(chromedp.CSS("#tags"), "Regular"),
			chromedp.Submit(chromedp.CSS("#name")),
			Until(`document.querySelector('#phone-error') && document.querySelector('#name').value == 'Daan Smit'`),
		)
		Do(t, merchant, "mend the number",
			chromedp.SetValue(chromedp.CSS("#phone"), "+31 6 12345678"), chromedp.Submit(chromedp.CSS("#name")),
			Until(`document.readyState == 'complete' && !document.querySelector('#phone')`),
			BodyHas("Daan Smit"), BodyHas("Regular"),
		)
		s.expectCustomer(t, "Daan Smit", "daan@example.com", "Regular")
	})
}

func TestATagMadeInTheLinkFormIsSelectedAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		merchant := NewBrowser(t)
		s.SignIn(t, merchant)
		Do(t, merchant, "begin a link and make a tag",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/new"),
			Until(`document.readyState == 'complete'`), // with the scripts that are deferred
			chromedp.SendKeys(chromedp.CSS("#name"), "Summer School"),
			chromedp.SendKeys(chromedp.CSS("#amount"), "49.00"),
			typePath("summer-school"), Unfolding("tags"),
			chromedp.SendKeys(chromedp.CSS("#tags"), "Summer"),
			chromedp.Click(chromedp.CSS("#tags-part button[name=act][value=add-tag]")),
			Until(`document.querySelector('input[name=tag]:checked')?.closest('label').innerText.includes('Summer')`),
			Until(`document.querySelector('#name').value == 'Summer School' && document.querySelector('#tags').value == ''`),
		)
		Do(t, merchant, "create the link",
			chromedp.Submit(chromedp.CSS("#name")),
			Until(`document.readyState == 'complete' && !document.querySelector('#link-form')`), BodyHas("Summer School"),
		)
		list := Decode[struct {
			Data []struct {
				Tags []string `json:"tags"`
			} `json:"data"`
		}](t, s.API(t, "GET", "/links", ""))
		if len(list.Data) != 1 || !slices.Equal(list.Data[0].Tags, []string{"Summer"}) {
			t.Errorf("the links are %+v, want one tagged Summer", list.Data)
		}
	})
}
