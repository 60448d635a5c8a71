package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// typePath gives a link a path of its own, which no suggestion may take the place of.
func typePath(path string) Step {
	return Ignoring(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void (field => { field.value = %q; field.dispatchEvent(new Event('input', {bubbles: true})) })(document.querySelector('#path'))`, path)))
}

func TestMerchantLimitsALinkToOneAndAPayerTakesIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		merchant := NewBrowser(t)
		s.SignIn(t, merchant)
		Do(t, merchant, "create a link limited to one payment",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/new"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Early Bird Registration"),
			chromedp.SendKeys(chromedp.CSS("#amount"), "49.00"),
			typePath("early-bird"),
			Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector('[name=limit][value=once]').click()`)),
			chromedp.Submit(chromedp.CSS("#name")),
			BodyHas("Early Bird Registration"),
			Until(`document.readyState == "complete" && !document.querySelector('#link-form')`),
		)
		Do(t, merchant, "see the new link", BodyHas("€49.00"))
		detail := Read(t, merchant, "read the link's address", chromedp.Location())

		payer := Fresh(t, merchant)
		Do(t, payer, "open the link and fill the form",
			chromedp.Navigate(s.URL+"/"+Handle+"/early-bird"), BodyHas("€49.00"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"),
			chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"),
			chromedp.Submit(chromedp.CSS("#name")),
			chromedp.WaitVisible(chromedp.CSS(`button[name=outcome][value=paid]`)),
		)
		Do(t, payer, "pay in the sandbox",
			chromedp.Click(chromedp.CSS(`button[name=outcome][value=paid]`)),
			Until(`document.readyState == "complete" && !document.querySelector('button[name=outcome]')`), BodyHas("€49.00"),
		)

		stranger := Fresh(t, merchant)
		Do(t, stranger, "see that the limit is reached",
			chromedp.Navigate(s.URL+"/"+Handle+"/early-bird"), BodyHas("Payment limit reached"),
		)
		Do(t, merchant, "read the figures of the link", chromedp.Navigate(detail), chromedp.WaitVisible(chromedp.CSS("main")))
		checkFigures(t, merchant)
	})
}

// checkFigures expects one view, one payment, 100 % and €49.00. The visit to
// the closed link sold nothing, so it is no view.
func checkFigures(t *testing.T, tab context.Context) {
	t.Helper()
	text := Read(t, tab, "read the page", chromedp.Evaluate[string](`document.querySelector('main').innerText.replace(/\s+/g, ' ')`))
	for _, want := range []string{"Views 1 ", "Payments 1 ", "100%", "€49.00"} {
		if !strings.Contains(text, want) {
			t.Errorf("the detail page must show %q\n%s", want, Evidence(t, tab))
		}
	}
}
