package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
	"smartlinks/internal/message/email/smtptest"
	"smartlinks/internal/message/sms/smstest"
)

// carriers are what carries the messages of an installation: a mail server and a
// stand-in of MessageBird.
type carriers struct {
	mail *smtptest.Server
	sms  *smstest.Server
}

const (
	annMail  = "ann@example.com"
	annPhone = "+31612345678"
)

// withPost sets an installation up that sends by them.
func withPost(t *testing.T, store ...string) (*site, carriers) {
	t.Helper()
	p := carriers{smtptest.New(t, smtptest.Script{}), smstest.New(t)}
	return &site{&Site{Store: store, Env: []string{
		"SMARTLINKS_SMTP_URL=" + p.mail.URL + "?tls=none", "SMARTLINKS_SMS_URL=messagebird://" + smstest.Key, "SMARTLINKS_MESSAGEBIRD_API=" + p.sms.URL,
	}}}, p
}

// expect wants so many messages to Ann by each way, and no more of them.
func (p carriers) expect(t *testing.T, when string, messages int) {
	t.Helper()
	mails, texts := 0, 0
	Eventually(20*time.Second, func() bool {
		mails, texts = len(lettersTo(p.mail, annMail)), len(p.sms.Taken())
		return mails >= messages && texts >= messages
	})
	if mails != messages || texts != messages {
		t.Fatalf("%s: %d mails and %d SMS, want %d of each", when, mails, texts, messages)
	}
}

// expectPlan wants each message to go out once: the link, then the reminders.
func (p carriers) expectPlan(t *testing.T, reminders int) {
	t.Helper()
	ids := map[string]bool{}
	for _, l := range lettersTo(p.mail, annMail) {
		for line := range strings.SplitSeq(l.Source, "\r\n") {
			if id, found := strings.CutPrefix(line, "Message-ID: "); found || strings.HasPrefix(line, "Message-Id: ") {
				ids[id+line] = true
			}
		}
	}
	references := map[string]bool{}
	for _, text := range p.sms.Taken() {
		references[text.Reference] = true
		if text.To != annPhone || !strings.Contains(text.Text, "/r/") {
			t.Errorf("an SMS to %s says %q", text.To, text.Text)
		}
	}
	if len(ids) != 1+reminders || len(references) != 1+reminders {
		t.Errorf("%d letters and %d SMS differ, want the link and %d reminders", len(ids), len(references), reminders)
	}
}

// sentBy is how many messages by each way the plan of every 2 days, 5 times, has
// sent on a day: the link, and the reminders of days 2, 4, 6, 8 and 10.
func sentBy(day int) int { return 1 + min(day/2, 5) }

// A merchant writes a link for a customer with both ways and a plan, and moves
// the test clock day by day.
func TestRemindersOfAFormComeOnTheirDays(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) {
		s, p := withPost(t, store...)
		s.SetUp(t)
		s.URL = s.Serve(t)
		who := s.ann(t)
		merchant := NewBrowser(t)
		s.SignIn(t, merchant)
		Do(t, merchant, "write a link that reminds",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/new"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Darkroom Weekend"),
			chromedp.SendKeys(chromedp.CSS("#amount"), "49.00"),
			Until(`document.readyState == "complete"`), Holding("/links/after"), Choosing("#customer-id", who), Until(`window.held`),
			Ignoring(chromedp.Evaluate[chromedp.Void](`void (() => {
				document.querySelector('[name=by][value=both]').click(); // before the answer for this customer is there
				document.querySelector('#remind').checked || document.querySelector('#remind').click();
				document.querySelector('#remind_every').value = 'every_2_days';
				document.querySelector('#remind_max').value = '5';
			})()`)),
			LetGo(), Until(`document.querySelector('#after-tags').textContent.includes("For this customer")`), Until(`document.querySelector('[name=by]:checked').value == "both"`),
			chromedp.Submit(chromedp.CSS("#name")),
			Until(`document.readyState == "complete" && !document.querySelector('#link-form')`),
			BodyHas("Link sent"),
		)
		detail := Read(t, merchant, "read the link's address", chromedp.Location())
		p.expect(t, "at once", 1)
		s.awaitPlan(t, detail[strings.LastIndex(detail, "/")+1:])
		for day := 1; day <= 12; day++ {
			Do(t, merchant, fmt.Sprintf("move the test clock to day %d", day),
				chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/test-clock"),
				chromedp.Click(chromedp.CSS(`button[name=hours][value="24"]`)),
				BodyHas("It is "+plural(day, "day")+" ahead of the real time."),
			)
			p.expect(t, fmt.Sprintf("on day %d", day), sentBy(day))
		}
		p.expectPlan(t, 5)
		Do(t, merchant, "see what was sent", chromedp.Navigate(detail+"?tab=reminder"), BodyHas("Darkroom Weekend"), BodyHas("5 of 5 sent"))
	})
}

// The same by the API; the process is killed and started again in the middle of
// the plan, and a second link's reminders stop when it is paid.
func TestRemindersOfTheAPISurviveAKillAndStopWhenPaid(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) {
		s, p := withPost(t, store...)
		s.SetUp(t)
		at := FreeAddress(t)
		server := s.Launch(t, at, "warn")
		s.URL = server.URL
		who := s.ann(t)
		l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert", "customer_id": "`+who+`", "deliver": ["email", "sms"],
			"reminders": {"frequency": "every_2_days", "max": 5}}`)
		p.expect(t, "at once", 1)
		s.awaitPlan(t, l.ID)
		for day := 1; day <= 12; day++ {
			if day == 3 || day == 8 {
				server.Kill(t)
				server = s.Launch(t, at, "warn")
			}
			s.Advance(t, "24h")
			p.expect(t, fmt.Sprintf("on day %d", day), sentBy(day))
		}
		p.expectPlan(t, 5)

		paid := s.CreateLink(t, `{"name": "Workshop", `+FortyNine+`, "path": "workshop", "customer_id": "`+who+`", "deliver": ["email", "sms"],
			"reminders": {"frequency": "every_2_days", "max": 5}}`)
		p.expect(t, "the second link", 7)
		s.awaitPlan(t, paid.ID)
		s.Advance(t, "48h")
		p.expect(t, "its first reminder", 8)
		AwaitStatus(t, s.PayAs(t, s.URL, paid.Path, "paid", ""), "paid")
		for range 5 {
			s.Advance(t, "48h")
		}
		p.expect(t, "once it is paid", 8)
		if got := s.API(t, "GET", "/links/"+paid.ID, ""); !strings.Contains(got.Body, `"status":"complete"`) {
			t.Errorf("the plan of a paid link is %s", got.Body)
		}
		s.Command(t, "", "doctor", "--sandbox")
		server.Stop(t)
	})
}

// awaitPlan waits until a link's reminders count: from when it is written down
// that the link was sent, which is after the gateways have it.
func (s *site) awaitPlan(t *testing.T, link string) {
	t.Helper()
	if !Eventually(10*time.Second, func() bool { return strings.Contains(s.API(t, "GET", "/links/"+link, "").Body, `"next_at":"`) }) {
		t.Fatalf("the reminders of %s do not begin", link)
	}
}

// ann is a customer who can be reached both ways.
func (s *site) ann(t *testing.T) string {
	t.Helper()
	return Decode[IDJSON](t, s.API(t, "POST", "/customers", `{"name": "Ann Okafor", "email": "`+annMail+`", "phone": "`+annPhone+`"}`)).ID
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprint(n, " ", what, "s")
}
