package journeys

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// A link has one place, which is taken. Two wait for it by one phone, in Arabic and without
// scripts. A refund frees it for the first, who pays; a higher limit makes another for the
// second, who wants it no more.
func TestAPlaceOfAFullLinkGoesToWhoWaits(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *Site) {
		l := s.CreateLink(t, `{"name": "Workshop", `+FortyNine+`, "path": "workshop", "limit": {"kind": "multiple", "max": 1}, "waiting_list": true}`)
		paid := s.PayAs(t, s.URL, l.Path, "paid", "")
		AwaitStatus(t, paid, "paid")

		payer := Fresh(t, browser)
		Do(t, payer, "take a phone", Screen(390, 844), Scripts(false), Speaking("ar"))
		joinWaitingList(t, s, payer, "layla@example.com")
		joinWaitingList(t, s, payer, "sami@example.com")
		merchant := Fresh(t, browser)
		s.SignIn(t, merchant)
		figures := func(waiting, offered, taken string, more ...Step) {
			t.Helper()
			Do(t, merchant, "read the waiting list", append([]Step{chromedp.Navigate(dashboard(s, "/links/"+l.ID+"/waiting-list")),
				Until(fmt.Sprintf(`[...document.querySelectorAll(".stat-figure")].map(e => e.textContent.trim()).join() == %q`, strings.Join([]string{waiting, offered, taken}, ",")))}, more...)...)
		}
		figures("2", "0", "0", BodyHas("layla@example.com"), BodyHas("sami@example.com"))

		Do(t, merchant, "refund the payment and free its place", chromedp.Navigate(dashboard(s, "/transactions/"+paymentOf(paid))), Ready(`document.querySelector("#refund")`), clickOn("[data-dialog=refund]"),
			Until(`document.querySelector("#refund[open]")`), clickOn("#refund-slot"), clickOn("#refund button.button-primary"), BodyHas("€49.00 refunded"))
		figures("1", "1", "0", BodyHas("Held until"))

		Do(t, payer, "take the place by the mail", chromedp.Navigate(awaitMail(t, s, "layla@example.com", "توفر مكان: Workshop").LinkTo(t, "offer=")), Ready(`document.querySelector("#email")?.value == "layla@example.com"`),
			Until(`document.documentElement.dir == "rtl"`), BodyHas("توفر مكان وهو لك حتى"), fits)
		Do(t, payer, "pay", write("#name", "ليلى"), clickOn(".pay-button"), clickOn("button[name=outcome][value=paid]"), Ready(`location.pathname.startsWith("/pay/")`), BodyHas("ليلى"), fits)
		figures("1", "0", "1")

		Do(t, merchant, "raise the limit", chromedp.Navigate(dashboard(s, "/links/"+l.ID+"/edit#limit")), Ready(`document.querySelector("#section-limit").open`), chromedp.SetValue(chromedp.CSS("#limit_max"), "2"),
			chromedp.Submit(chromedp.CSS("#name")), Ready(`!document.querySelector("#link-form")`), BodyHas("1 place is on offer"))
		Do(t, payer, "want it no more", chromedp.Navigate(awaitMail(t, s, "sami@example.com", "توفر مكان: Workshop").LinkTo(t, "/waiting/")), BodyHas("توفر مكان وهو لك حتى"),
			clickOn(`a[href$="/leave"]`), Ready(`document.querySelector(".quiet-button")`), fits, clickOn(".quiet-button"), BodyHas("لم تعد على القائمة"), fits)
		figures("0", "0", "1", BodyHas("Declined"), BodyHas("Taken"))
		if got := s.Link(t, l.ID); got.Limit.Used != 1 || got.Limit.Held != 0 {
			t.Errorf("the link's places are %+v", got.Limit)
		}
	})
}

// joinWaitingList leaves an address at the page of a full link.
func joinWaitingList(t *testing.T, s *Site, payer context.Context, email string) {
	t.Helper()
	Do(t, payer, "find the link full", chromedp.Navigate(s.URL+"/"+Handle+"/workshop"), Until(`document.documentElement.dir == "rtl"`), BodyHas("قائمة الانتظار"), fits)
	if status := Read(t, payer, "read the status", chromedp.Evaluate[int](`performance.getEntriesByType("navigation")[0].responseStatus`)); status != 410 {
		t.Errorf("the page of a full link answers %d", status)
	}
	Do(t, payer, "join by one field", write("#waiting-email", email), clickOn(".join button"), BodyHas("لقد كتبنا إليك"), BodyHas(email), fits)
	awaitMail(t, s, email, "Workshop")
}

// awaitMail is the newest mail to an address whose subject holds the words, once it is there.
func awaitMail(t *testing.T, s *Site, to, subject string) (found MailJSON) {
	t.Helper()
	came := Eventually(10*time.Second, func() bool {
		for _, m := range s.Mailbox(t, to) {
			if strings.Contains(m.Subject, subject) {
				found = m
				return true
			}
		}
		return false
	})
	if !came {
		t.Fatalf("no mail about %q came to %s: %+v", subject, to, s.Mailbox(t, to))
	}
	return found
}

// paymentOf is the id of the payment that a status page tells of.
func paymentOf(page string) string {
	page, _, _ = strings.Cut(page, "?")
	return page[strings.LastIndex(page, "/")+1:]
}
