package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// The whole way through a real provider's kind of checkout: on another origin,
// where the page's policies must let the form lead, with a webhook from there.
func TestABrowserPaysAtAProviderOnAnotherOrigin(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) {
		stripe := newStripe(t)
		s := startBeside(t, "", stripe, store...)
		s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert", "limit": {"kind": "once"}}`)

		merchant := NewBrowser(t)
		s.SignIn(t, merchant)
		Do(t, merchant, "enter a key in the settings",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/settings/providers"),
			chromedp.SendKeys(chromedp.CSS("#key"), stripeKey),
			chromedp.Submit(chromedp.CSS("#key")),
			BodyHas("Key ending in"), BodyHas("In use"), BodyHas("Acme Events"),
		)

		payer := Fresh(t, merchant)
		Do(t, payer, "fill the form", chromedp.Navigate(s.URL+"/"+Handle+"/concert"), BodyHas("€49.00"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"),
			chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"),
			chromedp.Submit(chromedp.CSS("#name")),
			Until(`location.origin == `+Quote(stripe.URL)), BodyHas("4900 eur"),
		)
		Do(t, payer, "pay there and come back to the receipt",
			chromedp.Click(chromedp.CSS(`button[name=outcome][value=paid]`)),
			Until(`location.origin == `+Quote(s.URL)), BodyHas("€49.00"), BodyHas("TEST-"),
		)
		attempt := strings.TrimPrefix(Read(t, payer, "read where it ended", chromedp.Location()), s.URL+"/pay/")
		attempt, _, _ = strings.Cut(attempt, "?")
		paid := Decode[struct {
			Status   string `json:"status"`
			Timeline []struct{ State, Cause string }
		}](t, s.API(t, "GET", "/payments/"+attempt, ""))
		if paid.Status != "paid" || len(paid.Timeline) == 0 || paid.Timeline[len(paid.Timeline)-1].Cause != "webhook" {
			t.Errorf("the webhook comes before the payer's return; it is %+v", paid)
		}
		if n := stripe.Sessions(); n != 1 {
			t.Errorf("%d checkouts were made", n)
		}
	})
}
