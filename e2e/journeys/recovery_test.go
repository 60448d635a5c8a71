package journeys

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// A payer leaves the checkout. The merchant finds them and asks again by one mail, which
// brings back in another browser what they typed; they pay, and the overview tells what
// asking brought. Then it is done by itself, an hour after the next one left.
func TestWhoLeftTheCheckoutIsAskedAgainAndPays(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *Site) {
		s.CreateLink(t, `{"name": "Darkroom Weekend", `+FortyNine+`, "path": "darkroom", "quantity": {"min": 1, "max": 5},
			"questions": [{"key": "shirt", "label": "Shirt size", "type": "choice", "required": true, "options": ["S", "M", "L"]}, {"key": "diet", "label": "Diet", "type": "text"}]}`)
		payer := Fresh(t, browser)
		Do(t, payer, "fill the form and leave the checkout", Screen(390, 844), chromedp.Navigate(s.URL+"/"+Handle+"/darkroom"), Ready(`document.querySelector("#form")`), write("#name", "Amara Okafor"), write("#email", "amara@example.com"),
			clickOn(`label:has([name=shirt][value="L"])`), write("#diet", "no nuts"), clickOn(`[name=step][value="+1"]`), Until(`document.querySelector("#quantity").value == "2"`), clickOn(".pay-button"), Ready(`location.pathname.startsWith("/sandbox/")`))
		s.Advance(t, "2h") // the provider ends its checkout

		merchant := Fresh(t, browser)
		s.SignIn(t, merchant)
		Do(t, merchant, "find who did not finish, and ask", chromedp.Navigate(dashboard(s, "/transactions/unfinished")), BodyHas("Amara Okafor"), BodyHas("amara@example.com"), BodyHas("€98.00"),
			clickOn(`form[action$="/recover"] button`), BodyHas("The payer is asked by email"), BodyHas("Asked on"), Until(`!document.querySelector('form[action$="/recover"]')`))
		mail := s.MailTo(t, "amara@example.com")

		other := Fresh(t, browser)
		holds := func(css, value string) Step {
			return Until(`document.querySelector(` + Quote(css) + `)?.value == ` + Quote(value))
		}
		Do(t, other, "come back to what was typed", Screen(390, 844), chromedp.Navigate(mail.LinkTo(t, "/r/")), holds("#name", "Amara Okafor"), holds("#email", "amara@example.com"), holds("#quantity", "2"),
			holds("[name=shirt]:checked", "L"), holds("#diet", "no nuts"), fits)
		Do(t, other, "pay", clickOn(".pay-button"), clickOn("button[name=outcome][value=paid]"), Ready(`location.pathname.startsWith("/pay/")`), BodyHas("Thank you, Amara"))
		Do(t, merchant, "find nobody left", chromedp.Navigate(dashboard(s, "/transactions/unfinished")), BodyHas("Everybody finished"))
		recovered := func(want ...string) Step {
			return Until(`[...document.querySelectorAll("dl")].some(dl => dl.innerText.replace(/\s+/g, " ").trim() == ` + Quote(strings.Join(want, " ")) + `)`)
		}
		Do(t, merchant, "read what asking brought", chromedp.Navigate(dashboard(s, "")), recovered("Asked again 1", "Paid by that email 1", "Revenue by that email €98.00"))

		Do(t, merchant, "have it done by itself", chromedp.Navigate(dashboard(s, "/transactions/unfinished")), chromedp.SetValue(chromedp.CSS("#after-hours"), "1"), chromedp.Submit(chromedp.CSS("#after-hours")),
			BodyHas("Payers are asked by email 1 hour after they stopped."))
		form := Payer("sami@example.com")
		form.Set("shirt", "M")
		form.Set("quantity", "1")
		ExpectStatus(t, "start a payment", Post(t, s.URL+"/"+Handle+"/darkroom", form), http.StatusSeeOther)
		s.Advance(t, "2h")
		if n := len(s.Mailbox(t, "sami@example.com")); n != 0 {
			t.Errorf("%d mails came before the hour was over", n)
		}
		s.Advance(t, "2h")
		s.MailTo(t, "sami@example.com")
		s.Advance(t, "48h")
		if n := len(s.Mailbox(t, "sami@example.com")); n != 1 {
			t.Errorf("%d mails ask again, want one", n)
		}
	})
}
