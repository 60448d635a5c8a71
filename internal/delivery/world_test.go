package delivery_test

import (
	"strings"
	"testing"

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
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/tag"
)

// world is an installation with one business that sends by a real mail server.
type world struct {
	t          testing.TB
	d          *db.DB
	business   business.Business
	links      *link.Links
	customers  *customer.Customers
	messages   *message.Messages
	deliveries *delivery.Deliveries
	payments   *payment.Payments
	sandbox    *sandbox.Sandbox
	server     *smtptest.Server
}

func mustWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, business: businesstest.Make(t, d, "acme"), server: smtptest.New(t, smtptest.Script{})}
	address, err := email.ParseURL(w.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	all := systemtest.New(t, d, func(o *system.Options) { o.Mail = &address })
	w.links, w.customers, w.messages, w.deliveries = all.Links, all.Customers, all.Messages, all.Deliveries
	w.payments, w.sandbox = all.Payments, all.Sandbox
	return w
}

func (w *world) link(name string) link.Link {
	w.t.Helper()
	price := money.Amount{Minor: 8900, Currency: "EUR"}
	l, err := w.links.Create(w.t.Context(), w.business, link.Fields{Active: true, Name: name, Type: link.Amount, Amount: &price})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *world) customer(name, address string, tags ...string) customer.Customer {
	w.t.Helper()
	c, err := w.customers.Create(w.t.Context(), w.business, customer.Fields{Name: name, Email: address, Tags: tag.Named(tags...)})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// send sends by e-mail, and lets it happen.
func (w *world) send(l link.Link, words string, to ...customer.ID) []delivery.Send {
	w.t.Helper()
	started, err := w.deliveries.Start(w.t.Context(), w.business, l.ID, delivery.Request{Customers: to, Channels: []message.Channel{message.ByEmail}, Message: words})
	if err != nil {
		w.t.Fatal(err)
	}
	w.sendDue()
	return started.Sends
}

func (w *world) sendDue() {
	w.t.Helper()
	if err := w.messages.SendDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// sends are all sends of a link, newest first.
func (w *world) sends(l link.Link) []delivery.Send {
	w.t.Helper()
	sends, _, err := w.deliveries.Sends(w.t.Context(), w.d, w.business.ID, w.business.Mode, delivery.Query{Link: l.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	return sends
}

// only is the one delivery that there is.
func (w *world) only(l link.Link) delivery.Delivery {
	w.t.Helper()
	sends := w.sends(l)
	if len(sends) != 1 || len(sends[0].Deliveries) != 1 {
		w.t.Fatalf("there are %+v", sends)
	}
	return sends[0].Deliveries[0]
}

// received is how many letters came, and to whom.
func (w *world) received() (int, string) {
	var to []string
	for _, l := range w.server.Mails() {
		to = append(to, l.To)
	}
	return len(to), strings.Join(to, " ")
}
