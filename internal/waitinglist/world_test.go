package waitinglist_test

import (
	"fmt"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/waitinglist"
)

// world is an installation with one business and a link of a few slots.
type world struct {
	*testing.T
	*system.System
	d    *db.DB
	acme business.Business
	link link.Link
	n    int
}

func mustWorld(t *testing.T, d *db.DB, places int64) *world {
	t.Helper()
	return mustWorldNamed(t, d, "acme", places)
}

func mustWorldNamed(t *testing.T, d *db.DB, handle string, places int64) *world {
	t.Helper()
	w := &world{T: t, d: d, System: systemtest.New(t, d), acme: businesstest.Make(t, d, handle)}
	var err error
	w.link, err = w.Links.Create(t.Context(), w.acme, link.Fields{
		Name: "Workshop", Active: true, Amount: &money.Amount{Minor: 8900, Currency: "EUR"}, Limit: link.Limit{Kind: link.Multiple, Max: places}, WaitingList: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// start begins a payment, with an offer's token or "".
func (w *world) start(email, offer string) (attempt.Attempt, error) {
	w.Helper()
	l, err := w.Links.Get(w.Context(), w.acme, w.link.ID)
	if err != nil {
		w.Fatal(err)
	}
	w.n++
	return w.Payments.Start(w.Context(), payment.StartRequest{
		Business: w.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Offer: offer,
		Payer: attempt.Payer{Name: "Payer", Email: email}, Attribution: attempt.Attribution{VisitID: fmt.Sprintf("visit-%d", w.n)},
	})
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
	w.settle()
}

func (w *world) settle() {
	w.Helper()
	if err := w.Settle(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// pay is a payment that goes through.
func (w *world) pay(email, offer string) attempt.Attempt {
	w.Helper()
	a, err := w.start(email, offer)
	if err != nil {
		w.Fatal(err)
	}
	w.end(a, sandbox.Paid)
	return a
}

// knows makes somebody a customer whom the merchant knows, to whom any number of mails go.
func (w *world) knows(email string) {
	w.Helper()
	if _, err := w.Customers.Create(w.Context(), w.acme, customer.Fields{Name: "Known", Email: email}); err != nil {
		w.Fatal(err)
	}
}

func (w *world) join(email string) waitinglist.Entry {
	w.Helper()
	e, err := w.Waiting.Join(w.Context(), w.acme, w.link.ID, email, "en", 1)
	if err != nil {
		w.Fatal(err)
	}
	return e
}

// entry is how somebody stands now.
func (w *world) entry(e waitinglist.Entry) waitinglist.Entry {
	w.Helper()
	now, err := w.Waiting.Get(w.Context(), w.d, w.acme.ID, e.ID)
	if err != nil {
		w.Fatal(err)
	}
	return now
}

func (w *world) wants(e waitinglist.Entry, state waitinglist.State) {
	w.Helper()
	if got := w.entry(e); got.State != state {
		w.Errorf("%s is %s, want %s", e.Email, got.State, state)
	}
}

func (w *world) status() link.Status {
	w.Helper()
	l, err := w.Links.Get(w.Context(), w.acme, w.link.ID)
	if err != nil {
		w.Fatal(err)
	}
	return l.Status()
}

// refund gives a payment and its slot back.
func (w *world) refund(a attempt.Attempt) {
	w.Helper()
	if _, err := w.Payments.Refund(w.Context(), w.acme.ID, a.ID, payment.RefundRequest{ReturnSlot: true}); err != nil {
		w.Fatal(err)
	}
	w.settle()
}

// mails counts the mails of a kind.
func (w *world) mails(kind message.Kind) (n int) {
	w.Helper()
	if err := w.d.Get(w.Context(), &n, `SELECT COUNT(*) FROM mails WHERE kind = $1`, kind); err != nil {
		w.Fatal(err)
	}
	return n
}

// whole checks that the row of slots says what entries, attempts and payments say, and that
// the limit holds.
func (w *world) whole() {
	w.Helper()
	var r struct{ Held, Consumed, HeldUnits, Waiting, Offered, Capacity, Holds, HoldUnits, Paid, Waits, Offers, OfferUnits int64 }
	err := w.d.Get(w.Context(), &r, `SELECT held, consumed, held_units, waiting, offered, COALESCE(capacity, 1000000) AS capacity,
		(SELECT COUNT(*) FROM attempts a WHERE a.link_id = s.link_id AND a.mode = s.mode AND a.holds_slot) AS holds,
		(SELECT COALESCE(SUM(a.quantity), 0) FROM attempts a WHERE a.link_id = s.link_id AND a.mode = s.mode AND a.holds_slot) AS hold_units,
		(SELECT COUNT(*) FROM payments p WHERE p.link_id = s.link_id AND p.mode = s.mode AND p.receipt IS NOT NULL AND NOT p.slot_returned) AS paid,
		(SELECT COUNT(*) FROM waiting_entries e WHERE e.link_id = s.link_id AND e.mode = s.mode AND e.state = 'waiting') AS waits,
		(SELECT COUNT(*) FROM waiting_entries e WHERE e.link_id = s.link_id AND e.mode = s.mode AND e.state = 'offered') AS offers,
		(SELECT COALESCE(SUM(quantity), 0) FROM waiting_entries e WHERE e.link_id = s.link_id AND e.mode = s.mode AND e.state = 'offered') AS offer_units
		FROM link_slots s WHERE s.link_id = $1 AND s.mode = $2`, w.link.ID, w.acme.Mode)
	if err != nil {
		w.Fatal(err)
	}
	if r.Held != r.Holds+r.Offers || r.HeldUnits != r.HoldUnits+r.OfferUnits || r.Consumed != r.Paid || r.Waiting != r.Waits || r.Offered != r.Offers {
		w.Fatalf("the slots say %+v", r)
	}
	if r.Held+r.Consumed > r.Capacity {
		w.Fatalf("above the limit: %+v", r)
	}
	var fits int64
	if err := w.d.Get(w.Context(), &fits, `SELECT COUNT(*) FROM waiting_entries WHERE link_id = $1 AND mode = $2 AND state = 'waiting' AND quantity <= $3`, w.link.ID, w.acme.Mode, r.Capacity-r.Held-r.Consumed); err != nil {
		w.Fatal(err)
	}
	if fits > 0 {
		w.Fatalf("a place is empty while %d wait whom it fits: %+v", fits, r)
	}
}

func taken(err error) bool {
	return fault.Is(err, fault.SlotTaken) || fault.Is(err, fault.LimitReached)
}
