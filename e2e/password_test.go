package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

func TestAForgottenPasswordIsReset(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		member := NewBrowser(t)
		Do(t, member, "ask for a link",
			chromedp.Navigate(s.URL+"/sign-in/forgot"),
			chromedp.SendKeys(chromedp.CSS("#email"), OwnerEmail), chromedp.Submit(chromedp.CSS("#email")),
			BodyHas("Check your inbox"),
		)
		link := s.MailTo(t, OwnerEmail).LinkTo(t, "/sign-in/password")

		const chosen = "a staple for the battery"
		Do(t, member, "choose a new password by the link in the mail",
			chromedp.Navigate(link), BodyHas("Choose a new password"),
			chromedp.SendKeys(chromedp.CSS("#password"), chosen), chromedp.Submit(chromedp.CSS("#password")),
			Until(`location.pathname != '/sign-in/password' && document.readyState == 'complete'`),
		)

		again := Fresh(t, member)
		typePassword(t, again, s, OwnerPassword)
		Do(t, again, "be refused with the old password", Until(`document.querySelector('#password') && document.querySelector('[role=alert]')`))
		typePassword(t, again, s, chosen)
		Do(t, again, "sign in with the new one", Until(`location.pathname.startsWith('/dashboard')`))

		Do(t, Fresh(t, member), "find the link used up",
			chromedp.Navigate(link), Until(`document.readyState == 'complete' && !document.querySelector('#password')`),
		)
	})
}

// typePassword tries to sign the owner in.
func typePassword(t *testing.T, tab context.Context, s *site, password string) {
	t.Helper()
	Do(t, tab, "type the password", chromedp.Navigate(s.URL+"/sign-in"),
		chromedp.SendKeys(chromedp.CSS("#email"), OwnerEmail),
		chromedp.SendKeys(chromedp.CSS("#password"), password),
		chromedp.Submit(chromedp.CSS("#password")),
	)
}
