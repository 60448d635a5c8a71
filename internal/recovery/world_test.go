package recovery_test

import (
	"fmt"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/publish"
	"smartlinks/internal/recovery"
	"smartlinks/internal/reminder"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// browser is the key of the browser in which somebody began to pay.
const browser = "browser"

// world is an installation with two businesses and a link.
type world struct {
	*testing.T
	*system.System
	d           *db.DB
	acme, other business.Business
	link        link.Link
	n           int
}

func mustWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, d: d, System: systemtest.New(t, d, func(o *system.Options) { o.Limits = false })}
	w.other = businesstest.Make(t, d, "other")
	return w.again(0)
}

// again is a business and a link of their own in the same installation.
func (w *world) again(n int) *world {
	w.Helper()
	next := *w
	next.acme, next.n = businesstest.Make(w.T, w.d, fmt.Sprintf("acme%d", n)), 1000*n
	var err error
	next.link, err = w.Links.Create(w.Context(), next.acme, link.Fields{Name: "Workshop", Active: true, Amount: &money.Amount{Minor: 4900, Currency: "EUR"}, Limit: link.Limit{Kind: link.Unlimited}})
	if err != nil {
		w.Fatal(err)
	}
	return &next
}

// start begins a payment in the browser.
func (w *world) start(email string, change ...func(*payment.StartRequest)) attempt.Attempt {
	w.Helper()
	l, err := w.Links.Get(w.Context(), w.acme, w.link.ID)
	if err != nil {
		w.Fatal(err)
	}
	w.n++
	w.d.Clock().SetOffset(w.d.Clock().Offset() + time.Minute) // so that attempts follow one another
	r := payment.StartRequest{
		Business: w.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: *l.Amount, Title: l.Name,
		Payer: attempt.Payer{Name: "Payer", Email: email, Language: "en"}, Attribution: attempt.Attribution{VisitID: fmt.Sprintf("visit-%d", w.n)},
	}
	if email == "jo@example.com" {
		r.BrowserKey = browser
	}
	for _, f := range change {
		f(&r)
	}
	a, err := w.Payments.Start(w.Context(), r)
	if err != nil {
		w.Fatal(err)
	}
	return a
}

// end decides the checkout of an attempt.
func (w *world) end(a attempt.Attempt, outcome sandbox.Outcome) {
	w.Helper()
	if _, err := w.Sandbox.Decide(w.Context(), a.ProviderRef, outcome, ""); err != nil {
		w.Fatal(err)
	}
	if _, err := w.Payments.Sync(w.Context(), w.acme.ID, a.ID, attempt.CauseMerchant); err != nil {
		w.Fatal(err)
	}
	if err := w.Settle(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// left is a payment that somebody did not finish.
func (w *world) left(email string, change ...func(*payment.StartRequest)) attempt.Attempt {
	w.Helper()
	a := w.start(email, change...)
	w.end(a, sandbox.Canceled)
	return a
}

func (w *world) pay(email string, change ...func(*payment.StartRequest)) {
	w.Helper()
	w.end(w.start(email, change...), sandbox.Paid)
}

// record is a payment that a member records of a customer.
func (w *world) record(email string) {
	w.Helper()
	c := w.customer(email)
	if _, err := w.Payments.Record(w.Context(), payment.RecordRequest{Business: w.acme, LinkID: w.link.ID, Method: payment.HandCash, Amount: *w.link.Amount, Quantity: 1, CustomerID: c.ID}); err != nil {
		w.Fatal(err)
	}
}

func (w *world) customer(email string) customer.Customer {
	w.Helper()
	c, err := w.Customers.Create(w.Context(), w.acme, customer.Fields{Name: "Jo", Email: email})
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// remind sends the link to a customer, with reminders.
func (w *world) remind(email string) {
	w.Helper()
	c := w.customer(email)
	_, err := w.Publish.Change(w.Context(), w.acme, w.link.ID, 0, func(*link.Fields) {}, publish.With{
		Reminders: func(*reminder.Settings) (*reminder.Settings, error) {
			return &reminder.Settings{Frequency: reminder.Weekly, Max: 3}, nil
		},
		Send: func(customer.ID) delivery.Request {
			return delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}}
		},
	})
	if err == nil {
		err = w.Due(w.Context())
	}
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) optOut(email string) {
	w.Helper()
	if err := w.d.InTx(w.Context(), func(tx *db.Tx) error { return w.Deliveries.OptOut(w.Context(), tx, w.acme.ID, message.ByEmail, email) }); err != nil {
		w.Fatal(err)
	}
}

func (w *world) change(edit func(*link.Fields)) {
	w.Helper()
	if _, err := w.Links.Edit(w.Context(), w.acme, w.link.ID, 0, edit); err != nil {
		w.Fatal(err)
	}
}

// byItself has payers asked by themselves after so many hours.
func (w *world) byItself(hours int64) {
	w.Helper()
	if err := w.Recovery.SetHours(w.Context(), w.acme.ID, hours); err != nil {
		w.Fatal(err)
	}
}

func (w *world) advance(by time.Duration) {
	w.Helper()
	w.d.Clock().SetOffset(w.d.Clock().Offset() + by)
	if err := w.Due(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) unfinished() []recovery.Unfinished {
	w.Helper()
	all, _, err := w.Recovery.List(w.Context(), w.acme, history.Filter{})
	if err != nil {
		w.Fatal(err)
	}
	return all
}

func (w *world) standing(a attempt.Attempt) recovery.Unfinished {
	w.Helper()
	v, err := w.Payments.Get(w.Context(), w.acme.ID, a.ID)
	if err != nil {
		w.Fatal(err)
	}
	s, err := w.Recovery.UnfinishedOf(w.Context(), w.acme, v)
	if err != nil {
		w.Fatal(err)
	}
	return s
}

// mails counts the mails of the business that ask again.
func (w *world) mails() (n int) {
	w.Helper()
	if err := w.d.Get(w.Context(), &n, `SELECT COUNT(*) FROM mails WHERE business_id = $1 AND kind = 'recovery'`, w.acme.ID); err != nil {
		w.Fatal(err)
	}
	return n
}

// mailsAbout counts those about an attempt.
func (w *world) mailsAbout(a attempt.Attempt) (n int) {
	w.Helper()
	if err := w.d.Get(w.Context(), &n, `SELECT COUNT(*) FROM mails m JOIN recoveries r ON m.key = 'recovery/' || r.id WHERE r.attempt_id = $1`, a.ID); err != nil {
		w.Fatal(err)
	}
	return n
}
