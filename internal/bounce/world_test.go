package bounce_test

import (
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/bounce"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/email/smtptest"
	"smartlinks/internal/money"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// world is an installation with one business that sends by a mail server which takes
// everything.
type world struct {
	t        testing.TB
	d        *db.DB
	business business.Business
	all      *system.System
	link     link.Link
	server   *smtptest.Server
	amazon   *amazon
}

func mustWorld(t testing.TB, d *db.DB, change ...func(*system.Options)) *world {
	t.Helper()
	w := &world{t: t, d: d, business: businesstest.Make(t, d, "acme"), server: smtptest.New(t, smtptest.Script{}), amazon: newAmazon(t)}
	address, err := email.ParseURL(w.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	w.all = systemtest.New(t, d, append([]func(*system.Options){func(o *system.Options) {
		o.Mail, o.EventClient = &address, &http.Client{Transport: w.amazon}
	}}, change...)...)
	price := money.Amount{Minor: 8900, Currency: "EUR"}
	if w.link, err = w.all.Links.Create(t.Context(), w.business, link.Fields{Active: true, Name: "Workshop", Type: link.Amount, Amount: &price}); err != nil {
		t.Fatal(err)
	}
	return w
}

// written sends the link to a new customer, and returns what the server got.
func (w *world) written(to string) (customer.Customer, smtptest.Mail) {
	w.t.Helper()
	c := w.customer(to)
	w.send(c)
	letters := w.server.Mails()
	return c, letters[len(letters)-1]
}

func (w *world) customer(email string) customer.Customer {
	w.t.Helper()
	c, err := w.all.Customers.Create(w.t.Context(), w.business, customer.Fields{Name: "Amara Okafor", Email: email})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) send(c customer.Customer) {
	w.t.Helper()
	if _, err := w.all.Deliveries.Start(w.t.Context(), w.business, w.link.ID, delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}}); err != nil {
		w.t.Fatal(err)
	}
	if err := w.all.Messages.SendDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// messageID is the Message-ID of a letter, without its brackets.
func messageID(l smtptest.Mail) string {
	_, rest, _ := strings.Cut(l.Source, "Message-ID: <")
	id, _, _ := strings.Cut(rest, ">")
	return id
}

// source chooses where the business hears of what comes back, and returns the secret.
func (w *world) source(kind bounce.SourceKind) (secret string) {
	w.t.Helper()
	s, err := w.all.Bounces.Change(w.t.Context(), w.business.ID, 0, bounce.Wanted{Kind: kind})
	if err != nil {
		w.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(s.HookURL, bounce.HookUser+":")
	secret, _, found := strings.Cut(rest, "@")
	if !found || len(secret) < 40 || !strings.HasSuffix(s.HookURL, "/hooks/mail/"+string(kind)+"/"+string(w.business.ID)) {
		w.t.Fatalf("the service is to call %q", s.HookURL)
	}
	return secret
}

// last is what became of the customer's last mail.
func (w *world) last(c customer.Customer) delivery.Delivery {
	w.t.Helper()
	sends, _, err := w.all.Deliveries.Sends(w.t.Context(), w.d, w.business.ID, w.business.Mode, delivery.Query{Customer: c.ID})
	if err != nil || len(sends) == 0 {
		w.t.Fatalf("%d sends, %v", len(sends), err)
	}
	return sends[0].Deliveries[0]
}

// obstacle is why the customer gets no mail.
func (w *world) obstacle(c customer.Customer) (delivery.Obstacle, string) {
	w.t.Helper()
	reach, err := w.all.Deliveries.Reach(w.t.Context(), w.d, w.business, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return reach.Email.Obstacle, reach.Email.Why
}
