package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The whole way through a real provider's kind of checkout: on another origin,
// where the page's policies must let the form lead, with a webhook from there.
func TestABrowserPaysAtAProviderOnAnotherOrigin(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store ...string) {
		stripe := newStripe(t)
		s := startBeside(t, "", stripe, store...)
		s.createLink(t, `{"name": "Concert", `+fortyNine+`, "path": "concert", "limit": {"kind": "once"}}`)

		merchant := newBrowser(t)
		signIn(t, s, merchant)
		do(t, merchant, "enter a key in the settings",
			chromedp.Navigate(s.URL+"/dashboard/"+handle+"/settings/providers"),
			chromedp.SendKeys(chromedp.CSS("#key"), stripeKey),
			chromedp.Submit(chromedp.CSS("#key")),
			bodyHas("Key ending in"), bodyHas("In use"), bodyHas("Acme Events"),
		)

		payer := fresh(t, merchant)
		do(t, payer, "fill the form", chromedp.Navigate(s.URL+"/"+handle+"/concert"), bodyHas("€49.00"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"),
			chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"),
			chromedp.Submit(chromedp.CSS("#name")),
			until(`location.origin == `+quote(stripe.URL)), bodyHas("4900 eur"),
		)
		do(t, payer, "pay there and come back to the receipt",
			chromedp.Click(chromedp.CSS(`button[name=outcome][value=paid]`)),
			until(`location.origin == `+quote(s.URL)), bodyHas("€49.00"), bodyHas("TEST-"),
		)
		attempt := strings.TrimPrefix(read(t, payer, "read where it ended", chromedp.Location()), s.URL+"/pay/")
		attempt, _, _ = strings.Cut(attempt, "?")
		paid := decode[struct {
			Status   string `json:"status"`
			Timeline []struct{ State, Cause string }
		}](t, s.api(t, "GET", "/payments/"+attempt, ""))
		if paid.Status != "paid" || len(paid.Timeline) == 0 || paid.Timeline[len(paid.Timeline)-1].Cause != "webhook" {
			t.Errorf("the webhook comes before the payer's return; it is %+v", paid)
		}
		if n := stripe.Sessions(); n != 1 {
			t.Errorf("%d checkouts were made", n)
		}
	})
}
