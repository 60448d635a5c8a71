package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A merchant sends a link from its form; the customer pays by the link in the
// mail, and the payment is attributed to them and to the e-mail.
func TestALinkSentFromItsFormIsPaidByItsRecipient(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		who := decode[idJSON](t, s.api(t, "POST", "/customers", `{"name": "Amara Okafor", "email": "amara@example.com"}`)).ID
		merchant := newBrowser(t)
		signIn(t, s, merchant)
		do(t, merchant, "write a link and choose whom it goes to",
			chromedp.Navigate(s.URL+"/dashboard/"+handle+"/links/new"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Darkroom Weekend"),
			chromedp.SendKeys(chromedp.CSS("#amount"), "49.00"),
			ignoring(chromedp.Evaluate[chromedp.Void](`void (() => { const c = document.querySelector('#customer-id'); c.value = '`+who+`'; c.dispatchEvent(new Event('change', {bubbles: true})); })()`)),
			until(`document.querySelector('[name=by]:checked')?.value == 'email'`), unfolding("send"),
			chromedp.SendKeys(chromedp.CSS("#message"), "Hi {first_name}, your seat waits."),
			chromedp.Submit(chromedp.CSS("#name")),
			until(`document.readyState == "complete" && !document.querySelector('#link-form')`),
			bodyHas("Link sent"),
		)
		detail := read(t, merchant, "read the link's address", chromedp.Location())
		link := detail[strings.LastIndex(detail, "/")+1:]

		mail := s.mailTo(t, "amara@example.com")
		if !strings.Contains(mail.Text, "Hi Amara, your seat waits.") || !strings.Contains(mail.Text, "€49.00") {
			t.Errorf("the mail says:\n%s", mail.Text)
		}
		payer := fresh(t, merchant)
		do(t, payer, "open the link in the mail and pay",
			chromedp.Navigate(mail.linkTo(t, "/r/")), bodyHas("Darkroom Weekend"),
			chromedp.SetValue(chromedp.CSS("#name"), "A. Okafor"), // in place of the recipient's own
			chromedp.SetValue(chromedp.CSS("#email"), "another@example.com"),
			chromedp.Submit(chromedp.CSS("#name")),
			chromedp.WaitVisible(chromedp.CSS(`button[name=outcome][value=paid]`)),
			chromedp.Click(chromedp.CSS(`button[name=outcome][value=paid]`)),
			until(`document.readyState == "complete" && !document.querySelector('button[name=outcome]')`), bodyHas("€49.00"),
		)
		s.expectSale(t, link, "email", who)
		do(t, merchant, "see what became of it",
			chromedp.Navigate(detail), bodyHas("Link sent"), bodyHas("Email to Amara Okafor"), bodyHas("A. Okafor"),
			until(`document.querySelector('#live-delivery').innerText.includes('Sent')`),
		)
	})
}

// idJSON is the id of what was made.
type idJSON struct {
	ID string `json:"id"`
}

// expectSale wants one view and one payment of the link by the channel, and the
// payment to be the customer's.
func (s *site) expectSale(t *testing.T, link, channel, customer string) {
	t.Helper()
	type figures struct {
		Channels []struct {
			Channel  string `json:"channel"`
			Views    int    `json:"views"`
			Payments int    `json:"payments"`
		} `json:"channels"`
	}
	var seen figures
	if !eventually(10*time.Second, func() bool {
		a := s.api(t, "GET", "/links/"+link+"/analytics?by=channel", "")
		seen = decode[figures](t, a)
		return len(seen.Channels) == 1 && seen.Channels[0].Payments == 1
	}) || seen.Channels[0].Channel != channel || seen.Channels[0].Views != 1 {
		t.Errorf("the figures are %+v, want one view and one payment by %s", seen, channel)
	}
	methods := s.api(t, "GET", "/links/"+link+"/analytics?by=delivery", "")
	if want := `"sent":1,"opened":1,"paid":1,"conversion":100`; !strings.Contains(methods.Body, want) {
		t.Errorf("of what was sent came %s, want %s", methods.Body, want)
	}
	of := decode[struct {
		Data []idJSON `json:"data"`
	}](t, s.api(t, "GET", "/payments?customer_id="+customer+"&link_id="+link, ""))
	if len(of.Data) != 1 {
		t.Errorf("the customer has %d payments, want one", len(of.Data))
	}
}

// The mail program's own button opts out without a question, the page with one;
// then no mail goes out and the delivery says why.
func TestARecipientOptsOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		who := decode[idJSON](t, s.api(t, "POST", "/customers", `{"name": "Amara", "email": "amara@example.com"}`)).ID
		l := s.createLink(t, `{"name": "Concert", `+fortyNine+`, "customer_id": "`+who+`", "deliver": ["email"]}`)
		stop := s.mailTo(t, "amara@example.com").linkTo(t, "/s/")
		reader := newBrowser(t)
		do(t, reader, "opt out on the page",
			chromedp.Navigate(stop), bodyHas("No more email from"),
			chromedp.Click(chromedp.CSS("main form button")), bodyHas("You get no more email"),
		)
		a := s.api(t, "POST", "/links/"+l.ID+"/send", `{"channels": ["email"]}`)
		expectStatus(t, "send again", a, http.StatusAccepted)
		if !strings.Contains(a.Body, "asked for no more email") {
			t.Errorf("the delivery does not say why: %s", a.Body)
		}
		if n := len(s.mailbox(t, "amara@example.com")); n != 1 {
			t.Errorf("%d mails, want one", n)
		}
		do(t, reader, "opt in again by the page's own button",
			chromedp.Click(chromedp.CSS("main form button")), bodyHas("No more email from"),
		)
		s.api(t, "POST", "/links/"+l.ID+"/send", `{"channels": ["email"]}`)
		if !eventually(10*time.Second, func() bool { return len(s.mailbox(t, "amara@example.com")) == 2 }) {
			t.Errorf("whoever opted in again got %d mails, want two", len(s.mailbox(t, "amara@example.com")))
		}
	})
}
