package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestAForgottenPasswordIsReset(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		member := newBrowser(t)
		do(t, member, "ask for a link",
			chromedp.Navigate(s.URL+"/sign-in/forgot"),
			chromedp.SendKeys(chromedp.CSS("#email"), ownerEmail), chromedp.Submit(chromedp.CSS("#email")),
			bodyHas("Check your inbox"),
		)
		link := s.mailTo(t, ownerEmail).linkTo(t, "/sign-in/password")

		const chosen = "a staple for the battery"
		do(t, member, "choose a new password by the link in the mail",
			chromedp.Navigate(link), bodyHas("Choose a new password"),
			chromedp.SendKeys(chromedp.CSS("#password"), chosen), chromedp.Submit(chromedp.CSS("#password")),
			until(`location.pathname != '/sign-in/password' && document.readyState == 'complete'`),
		)

		again := fresh(t, member)
		typePassword(t, again, s, ownerPassword)
		do(t, again, "be refused with the old password", until(`document.querySelector('#password') && document.querySelector('[role=alert]')`))
		typePassword(t, again, s, chosen)
		do(t, again, "sign in with the new one", until(`location.pathname.startsWith('/dashboard')`))

		do(t, fresh(t, member), "find the link used up",
			chromedp.Navigate(link), until(`document.readyState == 'complete' && !document.querySelector('#password')`),
		)
	})
}

// typePassword tries to sign the owner in.
func typePassword(t *testing.T, tab context.Context, s *site, password string) {
	t.Helper()
	do(t, tab, "type the password", chromedp.Navigate(s.URL+"/sign-in"),
		chromedp.SendKeys(chromedp.CSS("#email"), ownerEmail),
		chromedp.SendKeys(chromedp.CSS("#password"), password),
		chromedp.Submit(chromedp.CSS("#password")),
	)
}
