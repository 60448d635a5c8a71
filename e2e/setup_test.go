package e2e

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestANewInstallationIsSetUpInTheBrowser(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store ...string) {
		s := &site{store: store}
		s.URL = s.serve(t)
		founder := newBrowser(t)
		do(t, founder, "be led to the first page",
			chromedp.Navigate(s.URL+"/"), until(`location.pathname == '/setup'`), bodyHas("What is your business called?"),
		)
		do(t, founder, "set up with a password that is too short",
			chromedp.SendKeys(chromedp.CSS("#business"), "Acme Events"),
			chromedp.SetValue(chromedp.CSS("#handle"), handle),
			chromedp.SendKeys(chromedp.CSS("#owner_name"), ownerName),
			chromedp.SendKeys(chromedp.CSS("#email"), ownerEmail),
			chromedp.SendKeys(chromedp.CSS("#password"), "short"),
			chromedp.Submit(chromedp.CSS("#password")),
			until(`document.querySelector('#password-error') && document.querySelector('#business').value == 'Acme Events'`),
		)
		do(t, founder, "set up", chromedp.SendKeys(chromedp.CSS("#password"), ownerPassword), chromedp.Submit(chromedp.CSS("#password")))
		do(t, founder, "see the dashboard",
			until(`location.pathname.startsWith('/dashboard/`+handle+`')`), bodyHas("Acme Events"), bodyHas(ownerName),
		)

		do(t, fresh(t, founder), "a stranger can't set it up again", chromedp.Navigate(s.URL+"/setup"), until(`location.pathname == '/sign-in'`))
		expectStatus(t, "the payment page", get(t, s.URL+"/"+handle), http.StatusOK)
		signIn(t, s, fresh(t, founder))
	})
}
