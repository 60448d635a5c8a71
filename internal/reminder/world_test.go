package reminder_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/reminder"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/visit"
)

// world is an installation in test mode: mails land in the mailbox.
type world struct {
	t          *testing.T
	d          *db.DB
	business   business.Business
	businesses *business.Businesses
	links      *link.Links
	customers  *customer.Customers
	messages   *message.Messages
	mailbox    *mailbox.Mailbox
	deliveries *delivery.Deliveries
	reminders  *reminder.Reminders
	payments   *payment.Payments
	sandbox    *sandbox.Sandbox
	moved      time.Duration
}

func mustWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	all := systemtest.New(t, d)
	return &world{
		t: t, d: d, business: businesstest.Make(t, d, "acme"), businesses: all.Businesses, mailbox: all.Mailbox, links: all.Links, customers: all.Customers, messages: all.Messages,
		deliveries: all.Deliveries, reminders: all.Reminders, payments: all.Payments, sandbox: all.Sandbox,
	}
}

// remind makes a link that reminds, and sends it to customers.
func (w *world) remind(s reminder.Settings, limit link.Limit, names ...string) link.Link {
	w.t.Helper()
	price := money.Amount{Minor: 8900, Currency: "EUR"}
	l, err := w.links.Create(w.t.Context(), w.business, link.Fields{Active: true, Name: "Workshop", Type: link.Amount, Amount: &price, Limit: limit})
	if err != nil {
		w.t.Fatal(err)
	}
	w.set(l, &s)
	for _, name := range names {
		c, err := w.customers.Create(w.t.Context(), w.business, customer.Fields{Name: name, Email: strings.ToLower(name) + "@example.com"})
		if err != nil {
			w.t.Fatal(err)
		}
		w.send(l, c.ID)
	}
	return l
}

func (w *world) set(l link.Link, s *reminder.Settings) {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), func(tx *db.Tx) error { return w.reminders.SetTx(w.t.Context(), tx, w.business, l.ID, s) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) send(l link.Link, to ...customer.ID) {
	w.t.Helper()
	if _, err := w.deliveries.Start(w.t.Context(), w.business, l.ID, delivery.Request{Customers: to, Channels: []message.Channel{message.ByEmail}}); err != nil {
		w.t.Fatal(err)
	}
	w.due()
}

// due does what fell due: reminders, then the mails.
func (w *world) due() {
	w.t.Helper()
	if _, err := w.reminders.SendDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.messages.SendDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// pass moves the clock, a day at most at once.
func (w *world) pass(by time.Duration) {
	w.t.Helper()
	for ; by > 0; by -= 24 * time.Hour {
		w.moved += min(by, 24*time.Hour)
		w.d.Clock().SetOffset(w.moved)
		w.due()
	}
}

const day = 24 * time.Hour

// start makes an attempt of somebody at the link.
func (w *world) start(l link.Link, email, token string) attempt.Attempt {
	w.t.Helper()
	a, err := w.payments.Start(w.t.Context(), payment.StartRequest{
		Business: w.business, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name,
		Payer: attempt.Payer{Name: "Payer", Email: email, Language: "en"}, Attribution: attempt.Attribution{RecipientToken: token},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// settle lets the provider decide about an attempt.
func (w *world) settle(a attempt.Attempt, o sandbox.Outcome) {
	w.t.Helper()
	if _, err := w.sandbox.Decide(w.t.Context(), a.ProviderRef, o, sandbox.Lost); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.payments.Sync(w.t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
		w.t.Fatal(err)
	}
}

// reminders to a link, by the day after the start on which they went out.
func (w *world) days(l link.Link, began time.Time) (days []int) {
	w.t.Helper()
	sends, _, err := w.deliveries.Sends(w.t.Context(), w.d, w.business.ID, w.business.Mode, delivery.Query{Link: l.ID, Kind: delivery.KindReminder})
	if err != nil {
		w.t.Fatal(err)
	}
	for i := len(sends) - 1; i >= 0; i-- {
		if sends[i].Status == message.Sent {
			days = append(days, int(sends[i].At.Sub(began)/day))
		}
	}
	return days
}

func (w *world) summary(l link.Link) reminder.Summary {
	w.t.Helper()
	l, err := w.links.Get(w.t.Context(), w.business, l.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	sum, err := w.reminders.Of(w.t.Context(), w.d, w.business, l)
	if err != nil || sum == nil {
		w.t.Fatalf("%+v, %v", sum, err)
	}
	return *sum
}

// skipped are the reminders that were left out, by their day, with the reason.
func (w *world) skipped(l link.Link, began time.Time) (all []string) {
	w.t.Helper()
	rows, _, err := visit.Activity(w.t.Context(), w.d, string(w.business.ID), string(l.ID), string(w.business.Mode), visit.ActivityQuery{Kind: visit.KindReminder, Limit: 99})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, row := range slices.Backward(rows) {
		found, err := w.deliveries.ByIDs(w.t.Context(), w.d, w.business.ID, []delivery.SendID{delivery.SendID(row.SendID)})
		if err != nil {
			w.t.Fatal(err)
		}
		if sent := found[delivery.SendID(row.SendID)]; sent.Skipped != "" {
			all = append(all, fmt.Sprint(int(sent.At.Sub(began)/day), " ", sent.Skipped))
		}
	}
	return all
}

func (w *world) mustCustomer(name string) customer.ID {
	w.t.Helper()
	c, err := w.customers.Create(w.t.Context(), w.business, customer.Fields{Name: name, Email: strings.ToLower(name) + "@example.com"})
	if err != nil {
		w.t.Fatal(err)
	}
	return c.ID
}
