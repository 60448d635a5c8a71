package sending_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// sendable is the form of a new link that is sent to the customer.
func sendable(c customer.Customer) url.Values {
	return url.Values{
		"type": {"amount"}, "name": {"Workshop"}, "amount": {"89.00"}, "currency": {"EUR"}, "limit": {"unlimited"}, "active": {"on"},
		"to": {"one"}, "customer": {string(c.ID)}, "by": {"email"}, "message": {"Hi {first_name}, pay {amount}: {link}"}, "send_key": {"abc"},
	}
}

func TestALinkIsSentAsItIsMade(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		c := s.Customer(t, acme, customer.Fields{Name: "Amara Okafor", Email: "amara@example.com"})
		b := s.SignedIn(t, "marit@example.com")
		made := b.Post("/dashboard/acme/links", sendable(c))
		if made.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", made.Status, made.Said())
		}
		mails := s.Mails(t)
		if len(mails) != 1 || !strings.Contains(mails[0].To, "amara@example.com") || !strings.Contains(mails[0].Text, "Hi Amara, pay €89.00: "+s.URL+"/r/") {
			t.Fatalf("sent %+v", mails)
		}
		if page := b.Get(made.Location); !page.Has("Link sent", "Email to Amara Okafor", "On its way to 1 customer", "Send again") {
			t.Errorf("the page of the link: %s", page.Said())
		}
		if page := b.Get("/dashboard/acme/customers/" + string(c.ID)); !page.Has("Sent to this customer", "Link sent", "Workshop") {
			t.Errorf("the page of the customer: %s", page.Said())
		}
	})
}

// Bad input shows the form again with everything typed, and nothing is made or
// sent.
func TestAWrongSendMakesNeitherLinkNorMail(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	c := s.Customer(t, acme, customer.Fields{Name: "Amara", Email: "amara@example.com"})
	b := s.SignedIn(t, "marit@example.com")
	for _, wrong := range []struct{ field, value, says string }{
		{"message", "Hi {naam}", "There is no {naam}"},
		{"customer", "", "Choose a customer to send to."},
		{"to", "tag", "Choose a customer to send to."},
		{"to", "some", "Choose a customer to send to."},
		{"active", "off", "This link is off"},
		{"name", "", "Fill this in."},
	} {
		form := dashboardtest.With(sendable(c), wrong.field, wrong.value)
		got := b.Post("/dashboard/acme/links", form)
		if got.Status != http.StatusUnprocessableEntity || !got.Has(wrong.says, form.Get("message")) {
			t.Errorf("%s %q: %d %s", wrong.field, wrong.value, got.Status, got.Said())
		}
	}
	if n, mails := s.LinkCount(t, acme), s.Mails(t); n != 0 || len(mails) != 0 {
		t.Errorf("%d links, %d mails", n, len(mails))
	}
}

func TestALinkIsSentFromItsPageOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Workshop", Amount: &money.Amount{Minor: 8900, Currency: "EUR"}})
		for _, draft := range []customer.Fields{
			{Name: "Amara", Email: "amara@example.com", Tags: tag.Named("Spring")}, {Name: "Jonas", Email: "jonas@example.com", Tags: tag.Named("Spring")}, {Name: "Wei", Phone: "+31612345678", Tags: tag.Named("Spring")},
		} {
			s.Customer(t, acme, draft)
		}
		b := s.SignedIn(t, "marit@example.com")
		path := "/dashboard/acme/links/" + string(l.ID) + "/send"
		if page := b.Get(path); page.Status != http.StatusOK || !page.Has("Nothing sent yet", "Spring – 3 customers") {
			t.Fatalf("the page: %d %s", page.Status, page.Said())
		}
		form := url.Values{"to": {"tag"}, "send_tag": {"Spring"}, "by": {"email"}, "send_key": {"k1"}}
		for range 2 { // a double click
			if got := b.Post(path, form); got.Status != http.StatusSeeOther {
				t.Fatalf("%d %s", got.Status, got.Said())
			}
		}
		if mails := s.Mails(t); len(mails) != 2 {
			t.Errorf("%d mails", len(mails))
		}
		if page := b.Get(path); !page.Has("Wei has no email address") || strings.Count(page.Body, "Link sent") != 3 {
			t.Errorf("sent so far: %s", page.Said())
		}
	})
}

// The length of an SMS is shown while it is typed, and one that is too long is
// refused with the words still there, from its page and with a new link.
func TestTheLengthOfAnSMSIsShownAndBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Workshop", Amount: &money.Amount{Minor: 8900, Currency: "EUR"}})
		wei := s.Customer(t, acme, customer.Fields{Name: "Wei", Phone: "+31612345678"})
		b := s.SignedIn(t, "marit@example.com")
		path := "/dashboard/acme/links/" + string(l.ID) + "/send"
		if page := b.Get(path); !page.Has(`id="sms-length"`, "The SMS has ", " segment", `hx-post="`+path+`/preview?as=length"`) {
			t.Errorf("the page: %s", page.Said())
		}
		form := url.Values{"to": {"one"}, "customer": {string(wei.ID)}, "by": {"sms"}, "message": {"🎉 Pay {link}"}}
		if part := b.Post(path+"/preview?as=length", form); !part.Has(`id="sms-length"`, "The SMS has 2 segments", "70 characters instead of 160") {
			t.Errorf("with emoji: %s", part.Body)
		}
		form.Set("message", strings.Repeat("Ж", 700))
		if part := b.Post(path+"/preview?as=length", form); !part.Has("and at most 9 are sent. Leave out at least") {
			t.Errorf("too long: %s", part.Body)
		}
		if got := b.Post(path, form); got.Status != http.StatusUnprocessableEntity || !got.Has("at most 9 are sent", form.Get("message")) {
			t.Errorf("sent: %d %s", got.Status, got.Said())
		}
		made := dashboardtest.With(sendable(wei), "by", "sms")
		made.Set("message", form.Get("message"))
		if got := b.Post("/dashboard/acme/links", made); got.Status != http.StatusUnprocessableEntity || !got.Has("at most 9 are sent", form.Get("message")) {
			t.Errorf("with a new link: %d %s", got.Status, got.Said())
		}
		if n := s.LinkCount(t, acme); n != 1 {
			t.Errorf("%d links", n)
		}
	})
}

func TestAWayThatIsClosedSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		tomasz := s.Customer(t, acme, customer.Fields{Name: "Tomasz", Email: "tomasz@example.com"})
		b := s.SignedIn(t, "marit@example.com")
		ways := "/dashboard/acme/links/send-ways?to=one&customer=" + string(tomasz.ID)
		if part := b.Get(ways); !part.Has("Tomasz has no phone number", "/customers/"+string(tomasz.ID)+"/edit", `value="email" checked`, `value="sms" disabled`) {
			t.Errorf("without a number: %s", part.Body)
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			return s.Deliveries.OptOut(t.Context(), tx, acme.ID, message.ByEmail, "tomasz@example.com")
		}); err != nil {
			t.Fatal(err)
		}
		if part := b.Get(ways); !part.Has("Tomasz asked for no more email", `value="email" disabled`) {
			t.Errorf("after opting out: %s", part.Body)
		}
		if page := b.Get("/dashboard/acme/customers/" + string(tomasz.ID)); !page.Has("Tomasz asked for no more email") {
			t.Errorf("the page of the customer: %s", page.Said())
		}
	})
}

func TestThePreviewIsWhatIsSent(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	c := s.Customer(t, acme, customer.Fields{Name: "Amara Okafor", Email: "amara@example.com"})
	b := s.SignedIn(t, "marit@example.com")
	mail := b.Post("/dashboard/acme/links/preview?as=email", sendable(c))
	if mail.Status != http.StatusOK || !mail.Has("Hi Amara, here is your payment link", "Hi Amara, pay €89.00: "+s.URL+"/r/", "Workshop") {
		t.Errorf("the mail: %d %s", mail.Status, mail.Said())
	}
	sms := b.Post("/dashboard/acme/links/preview?as=sms", dashboardtest.With(sendable(c), "message", ""))
	if !sms.Has("Studio acme: Hi Amara, pay €89.00 for Workshop here: "+s.URL+"/r/", "characters") {
		t.Errorf("the SMS: %s", sms.Said())
	}
	if wrong := b.Post("/dashboard/acme/links/preview", dashboardtest.With(sendable(c), "message", "{x}")); !wrong.Has("There is no {x}") {
		t.Errorf("a wrong message: %s", wrong.Said())
	}
	if n := s.LinkCount(t, acme); n != 0 {
		t.Errorf("to look made %d links", n)
	}
}

func TestSendingToManyShowsHowFarItIs(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l := s.Link(t, acme, link.Fields{Name: "Workshop", Amount: &money.Amount{Minor: 8900, Currency: "EUR"}})
	for i := range 30 {
		s.Customer(t, acme, customer.Fields{Name: "C", Email: strings.Repeat("c", i+1) + "@example.com", Tags: tag.Named("Spring")})
	}
	b := s.SignedIn(t, "marit@example.com")
	at := "/dashboard/acme/links/" + string(l.ID)
	b.Post(at+"/send", url.Values{"to": {"tag"}, "send_tag": {"Spring"}, "by": {"email"}})
	if page := b.Get(at); !page.Has("Sending: 0 of 30 customers") {
		t.Errorf("at first: %s", page.Said())
	}
	if err := s.Deliveries.ContinueDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if page := b.Get(at); !page.Has("Sent to 30 of 30 customers", "To 30 customers: 30 queued", "All 30 sends") {
		t.Errorf("at last: %s", page.Said())
	}
	sends, _, err := s.Deliveries.Sends(t.Context(), s.DB, acme.ID, acme.Mode, delivery.Query{Link: l.ID})
	if err != nil || len(sends) != 30 {
		t.Errorf("%d sends, %v", len(sends), err)
	}
}
