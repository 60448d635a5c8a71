package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Who paid comes back to the link, or goes back to the form and presses Pay: they
// are told that they have paid. Paying once more is possible, and a step of its own.
func TestWhoGoesBackAndPaysIsToldThatTheyHavePaid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.createLink(t, `{"name": "Come again", `+fortyNine+`, "path": "come-again"}`)
		payer := newBrowser(t)
		paid := chromedp.CSS(`button[name=outcome][value=paid]`)
		do(t, payer, "open the link and pay it",
			chromedp.Navigate(l.URL), bodyHas("€49.00"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"),
			chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"),
			chromedp.Submit(chromedp.CSS("#name")), chromedp.WaitVisible(paid), chromedp.Click(paid), bodyHas("Thank you, Sanne"),
		)
		do(t, payer, "go back to the form, with what was typed, and press Pay",
			ignoring(chromedp.Evaluate[chromedp.Void](`void history.go(-2)`)), until(`document.readyState == "complete" && document.querySelector('#email')`),
			ignoring(chromedp.Evaluate[chromedp.Void](`void (() => {
				document.querySelector('#name').value = 'Sanne Visser';
				document.querySelector('#email').value = 'sanne@example.com';
				document.querySelector('#form .pay-button').click();
			})()`)), bodyHas("You paid €49.00"), bodyHas("Pay once more"),
		)
		do(t, payer, "come back to the link", chromedp.Navigate(l.URL), bodyHas("You paid €49.00"))
		if got := s.link(t, l.ID).Stats.Payments; got != 1 {
			t.Errorf("%d payments, want 1", got)
		}
		do(t, payer, "see the receipt", chromedp.Click(chromedp.CSS(".pay-button")), bodyHas("sanne@example.com"), bodyHas("Print or save"))
		do(t, payer, "pay once more, on purpose",
			chromedp.Navigate(l.URL), chromedp.Click(chromedp.CSS(".second-button")), bodyHas("one more payment"),
			chromedp.Submit(chromedp.CSS("#name")), chromedp.WaitVisible(paid), chromedp.Click(paid), bodyHas("Thank you, Sanne"),
		)
		if got := s.link(t, l.ID).Stats.Payments; got != 2 {
			t.Errorf("%d payments, want 2", got)
		}
		stranger := fresh(t, payer)
		do(t, stranger, "see the form as everybody does", chromedp.Navigate(l.URL), chromedp.WaitVisible(chromedp.CSS("#email")))
		do(t, payer, "be forgotten", chromedp.Navigate(l.URL), chromedp.Click(chromedp.CSS(`button[name=forget]`)), chromedp.WaitVisible(chromedp.CSS("#email")))
	})
}
