package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// Who paid comes back to the link, or still has the form in another tab, as browsers have
// it that go back, and presses Pay: they are told that they have paid. Paying once more is
// possible, and a step of its own.
func TestWhoGoesBackAndPaysIsToldThatTheyHavePaid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.CreateLink(t, `{"name": "Come again", `+FortyNine+`, "path": "come-again"}`)
		payer := NewBrowser(t)
		paid := chromedp.CSS(`button[name=outcome][value=paid]`)
		earlier, closeEarlier := chromedp.NewContext(payer)
		defer closeEarlier()
		Do(t, earlier, "open the link", chromedp.Navigate(l.URL), chromedp.WaitVisible(chromedp.CSS("#email")))
		Do(t, payer, "open the link once more and pay it",
			chromedp.Navigate(l.URL), BodyHas("€49.00"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"),
			chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"),
			chromedp.Submit(chromedp.CSS("#name")), chromedp.WaitVisible(paid), chromedp.Click(paid), BodyHas("Thank you, Sanne"),
		)
		Do(t, earlier, "press Pay where the form was still open",
			chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"),
			chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"),
			chromedp.Submit(chromedp.CSS("#name")), BodyHas("You paid €49.00"), BodyHas("Pay once more"),
		)
		Do(t, payer, "go back", Ignoring(chromedp.Evaluate[chromedp.Void](`void history.go(-2)`)), Until(`location.pathname.endsWith("/come-again")`))
		Do(t, payer, "come back to the link", chromedp.Navigate(l.URL), BodyHas("You paid €49.00"))
		if got := s.Link(t, l.ID).Stats.Payments; got != 1 {
			t.Errorf("%d payments, want 1", got)
		}
		Do(t, payer, "see the receipt", chromedp.Click(chromedp.CSS(".pay-button")), BodyHas("sanne@example.com"), BodyHas("Print or save"))
		Do(t, payer, "pay once more, on purpose",
			chromedp.Navigate(l.URL), chromedp.Click(chromedp.CSS(".second-button")), BodyHas("one more payment"),
			chromedp.Submit(chromedp.CSS("#name")), chromedp.WaitVisible(paid), chromedp.Click(paid), BodyHas("Thank you, Sanne"),
		)
		if got := s.Link(t, l.ID).Stats.Payments; got != 2 {
			t.Errorf("%d payments, want 2", got)
		}
		stranger := Fresh(t, payer)
		Do(t, stranger, "see the form as everybody does", chromedp.Navigate(l.URL), chromedp.WaitVisible(chromedp.CSS("#email")))
		Do(t, payer, "be forgotten", chromedp.Navigate(l.URL), chromedp.Click(chromedp.CSS(`button[name=forget]`)), chromedp.WaitVisible(chromedp.CSS("#email")))
	})
}
