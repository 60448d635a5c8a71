package e2e

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

func TestANewInstallationIsSetUpInTheBrowser(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) {
		s := &site{&Site{Store: store}}
		s.URL = s.Serve(t)
		founder := NewBrowser(t)
		Do(t, founder, "be led to the first page",
			chromedp.Navigate(s.URL+"/"), Until(`location.pathname == '/setup'`), BodyHas("What is your business called?"),
		)
		for _, c := range [][2]string{
			{"Café Zoë & Søn", "cafe-zoe-and-son"}, {"Bäckerei Groß", "backerei-gross"}, {"Łódź Æbler", "lodz-aebler"}, {"24 Hours", "hours"},
			{"Пекарня 24h", ""}, {"مخبز ABC", ""}, // the server makes these
		} {
			Do(t, founder, "a handle is made of "+c[0],
				Ignoring(chromedp.Evaluate[chromedp.Void](`void (field => { field.value = '`+c[0]+`'; field.dispatchEvent(new Event('input')); field.value = '' })(document.querySelector('#business'))`)),
				Until(`document.querySelector('#handle').value == '`+c[1]+`'`),
			)
		}
		Do(t, founder, "set up with a password that is too short",
			chromedp.SendKeys(chromedp.CSS("#business"), "Acme Events"),
			chromedp.SetValue(chromedp.CSS("#handle"), Handle),
			chromedp.SendKeys(chromedp.CSS("#owner_name"), OwnerName),
			chromedp.SendKeys(chromedp.CSS("#email"), OwnerEmail),
			chromedp.SendKeys(chromedp.CSS("#password"), "short"),
			chromedp.Submit(chromedp.CSS("#password")),
			Until(`document.querySelector('#password-error') && document.querySelector('#business').value == 'Acme Events'`),
		)
		Do(t, founder, "set up", chromedp.SendKeys(chromedp.CSS("#password"), OwnerPassword), chromedp.Submit(chromedp.CSS("#password")))
		Do(t, founder, "see the dashboard",
			Until(`location.pathname.startsWith('/dashboard/`+Handle+`')`), BodyHas("Acme Events"), BodyHas(OwnerName),
		)

		Do(t, Fresh(t, founder), "a stranger can't set it up again", chromedp.Navigate(s.URL+"/setup"), Until(`location.pathname == '/sign-in'`))
		ExpectStatus(t, "the payment page", Get(t, s.URL+"/"+Handle), http.StatusOK)
		s.SignIn(t, Fresh(t, founder))
	})
}
