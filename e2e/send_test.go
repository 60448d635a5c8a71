package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// A merchant sends a link from its form; the customer pays by the link in the
// mail, and the payment is attributed to them and to the e-mail.
func TestALinkSentFromItsFormIsPaidByItsRecipient(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		who := Decode[IDJSON](t, s.API(t, "POST", "/customers", `{"name": "Amara Okafor", "email": "amara@example.com"}`)).ID
		merchant := NewBrowser(t)
		s.SignIn(t, merchant)
		Do(t, merchant, "write a link and choose whom it goes to",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/new"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Darkroom Weekend"),
			chromedp.SendKeys(chromedp.CSS("#amount"), "49.00"),
			Ignoring(chromedp.Evaluate[chromedp.Void](`void (() => { const c = document.querySelector('#customer-id'); c.value = '`+who+`'; c.dispatchEvent(new Event('change', {bubbles: true})); })()`)),
			Until(`document.querySelector('[name=by]:checked')?.value == 'email'`), Unfolding("send"),
			chromedp.SendKeys(chromedp.CSS("#message"), "Hi {first_name}, your seat waits."),
			chromedp.Submit(chromedp.CSS("#name")),
			Until(`document.readyState == "complete" && !document.querySelector('#link-form')`),
			BodyHas("Link sent"),
		)
		detail := Read(t, merchant, "read the link's address", chromedp.Location())
		link := detail[strings.LastIndex(detail, "/")+1:]

		mail := s.MailTo(t, "amara@example.com")
		if !strings.Contains(mail.Text, "Hi Amara, your seat waits.") || !strings.Contains(mail.Text, "€49.00") {
			t.Errorf("the mail says:\n%s", mail.Text)
		}
		payer := Fresh(t, merchant)
		Do(t, payer, "open the link in the mail and pay",
			chromedp.Navigate(mail.LinkTo(t, "/r/")), BodyHas("Darkroom Weekend"),
			chromedp.SetValue(chromedp.CSS("#name"), "A. Okafor"), // in place of the recipient's own
			chromedp.SetValue(chromedp.CSS("#email"), "another@example.com"),
			chromedp.Submit(chromedp.CSS("#name")),
			chromedp.WaitVisible(chromedp.CSS(`button[name=outcome][value=paid]`)),
			chromedp.Click(chromedp.CSS(`button[name=outcome][value=paid]`)),
			Until(`document.readyState == "complete" && !document.querySelector('button[name=outcome]')`), BodyHas("€49.00"),
		)
		s.expectSale(t, link, "email", who)
		Do(t, merchant, "see what became of it",
			chromedp.Navigate(detail), BodyHas("Link sent"), BodyHas("Email to Amara Okafor"), BodyHas("A. Okafor"),
			Until(`document.querySelector('#live-delivery').innerText.includes('Sent')`),
		)
	})
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
	if !Eventually(10*time.Second, func() bool {
		a := s.API(t, "GET", "/links/"+link+"/analytics?by=channel", "")
		seen = Decode[figures](t, a)
		return len(seen.Channels) == 1 && seen.Channels[0].Payments == 1
	}) || seen.Channels[0].Channel != channel || seen.Channels[0].Views != 1 {
		t.Errorf("the figures are %+v, want one view and one payment by %s", seen, channel)
	}
	methods := s.API(t, "GET", "/links/"+link+"/analytics?by=delivery", "")
	if want := `"sent":1,"opened":1,"paid":1,"conversion":100`; !strings.Contains(methods.Body, want) {
		t.Errorf("of what was sent came %s, want %s", methods.Body, want)
	}
	of := Decode[struct {
		Data []IDJSON `json:"data"`
	}](t, s.API(t, "GET", "/payments?customer_id="+customer+"&link_id="+link, ""))
	if len(of.Data) != 1 {
		t.Errorf("the customer has %d payments, want one", len(of.Data))
	}
}

// The mail program's own button opts out without a question, the page with one;
// then no mail goes out and the delivery says why.
func TestARecipientOptsOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		who := Decode[IDJSON](t, s.API(t, "POST", "/customers", `{"name": "Amara", "email": "amara@example.com"}`)).ID
		l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "customer_id": "`+who+`", "deliver": ["email"]}`)
		stop := s.MailTo(t, "amara@example.com").LinkTo(t, "/s/")
		reader := NewBrowser(t)
		Do(t, reader, "opt out on the page",
			chromedp.Navigate(stop), BodyHas("No more email from"),
			chromedp.Click(chromedp.CSS("main form button")), BodyHas("You get no more email"),
		)
		a := s.API(t, "POST", "/links/"+l.ID+"/send", `{"channels": ["email"]}`)
		ExpectStatus(t, "send again", a, http.StatusAccepted)
		if !strings.Contains(a.Body, "asked for no more email") {
			t.Errorf("the delivery does not say why: %s", a.Body)
		}
		if n := len(s.Mailbox(t, "amara@example.com")); n != 1 {
			t.Errorf("%d mails, want one", n)
		}
		Do(t, reader, "opt in again by the page's own button",
			chromedp.Click(chromedp.CSS("main form button")), BodyHas("No more email from"),
		)
		s.API(t, "POST", "/links/"+l.ID+"/send", `{"channels": ["email"]}`)
		if !Eventually(10*time.Second, func() bool { return len(s.Mailbox(t, "amara@example.com")) == 2 }) {
			t.Errorf("whoever opted in again got %d mails, want two", len(s.Mailbox(t, "amara@example.com")))
		}
	})
}
