package payment_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// handOf is money that a member records for a link.
func (w *world) handOf(l link.Link) payment.RecordRequest {
	return payment.RecordRequest{Business: w.business, LinkID: l.ID, Amount: l.Price(), Method: payment.HandCash, By: "Marit"}
}

func (w *world) mustRecord(r payment.RecordRequest) history.View {
	w.t.Helper()
	v, err := w.payments.Record(w.t.Context(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *world) mustCustomer(name, email string) customer.Customer {
	w.t.Helper()
	c, err := w.customers.Create(w.t.Context(), w.business, customer.Fields{Name: name, Email: email})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func TestARecordedPaymentIsAPaymentAsAnyOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, amara := w.mustLink(2), w.mustCustomer("Amara Okafor", "amara@example.com")
		r := w.handOf(l)
		r.CustomerID, r.Amount, r.Note, r.PaidOn = amara.ID, eur(5000), "at the door", dbtest.Start.AddDate(0, 0, -3).Format(time.DateOnly)
		v := w.mustRecord(r)
		if v.Status() != history.StatusPaid || v.Provider != payment.Manual || v.Receipt == "" || v.CustomerID != amara.ID || v.Payer.Email != "amara@example.com" ||
			v.Amount != eur(5000) || v.Method != "cash" || v.PaidAt.In(w.business.Location()).Format(time.DateTime) != r.PaidOn+" 12:00:00" {
			t.Errorf("recorded: %+v", v)
		}
		if got, err := w.payments.RecordOf(t.Context(), w.business.ID, v.ID); err != nil || *got != (payment.Recorded{PaidOn: r.PaidOn, Note: "at the door", RecordedBy: "Marit"}) {
			t.Errorf("what was said: %+v, %v", got, err)
		}
		if s := w.slots(l); s.Used != 1 || s.Held != 0 {
			t.Errorf("slots %+v", s)
		}
		w.mustHold()
		// Nothing that looks changes it, and there is nothing to look for.
		for _, cause := range []attempt.Cause{attempt.CauseMerchant, attempt.CausePoller, attempt.CauseReturn} {
			if _, err := w.payments.Sync(t.Context(), w.business.ID, v.ID, cause); err != nil {
				t.Error(err)
			}
		}
		w.pass(100 * 24 * time.Hour)
		if now := w.view(v.Attempt); now.Status() != history.StatusPaid || now.Receipt != v.Receipt {
			t.Errorf("after a sync: %+v", now)
		}
		refund, err := w.payments.Refund(t.Context(), w.business.ID, v.ID, payment.RefundRequest{ReturnSlot: true})
		if err != nil || refund.State != provider.RefundDone || w.slots(l).Used != 0 || w.view(v.Attempt).Status() != history.StatusRefunded {
			t.Errorf("reversed: %+v, %v", refund, err)
		}
		w.mustHold()
	})
}

func TestARecordIsRefusedWithAllThatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		r := w.handOf(w.mustLink(1))
		r.Amount, r.Method, r.PaidOn, r.CustomerID, r.Email = eur(0), "cheque", dbtest.Start.AddDate(0, 0, 1).Format(time.DateOnly), "cus_nobody", "nobody@"
		_, err := w.payments.Record(t.Context(), r)
		got := map[string]bool{}
		for _, f := range fault.Of(err).Fields {
			got[f.Name] = true
		}
		for _, field := range []string{"amount", "method", "paid_on", "customer_id", "email"} {
			if !got[field] {
				t.Errorf("%s is not refused: %v", field, err)
			}
		}
		r = w.handOf(w.mustLink(1))
		r.Amount.Currency = "USD"
		if _, err := w.payments.Record(t.Context(), r); !fault.Is(err, fault.Invalid) {
			t.Errorf("another currency: %v", err)
		}
		r.LinkID = "lnk_none"
		if _, err := w.payments.Record(t.Context(), r); !fault.Is(err, fault.NotFound) {
			t.Errorf("no link: %v", err)
		}
		if n := w.count(`SELECT COUNT(*) FROM attempts`); n != 0 {
			t.Errorf("%d attempts were left", n)
		}
	})
}

func TestAFullLinkTakesNoRecordUnlessItsLimitIsRaised(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1)
		w.mustRecord(w.handOf(l))
		_, err := w.payments.Record(t.Context(), w.handOf(l))
		full := new(payment.FullError)
		if !errors.As(err, &full) || full.Missing != 1 || full.Limit != 2 || !fault.Is(err, fault.LimitReached) {
			t.Fatalf("full: %v", err)
		}
		r := w.handOf(l)
		r.RaiseLimit = true
		w.mustRecord(r)
		now, err := w.links.Get(t.Context(), w.business, l.ID)
		if err != nil || now.Limit != (link.Limit{Kind: link.Multiple, Max: 2, Counts: link.Payments}) || now.Slots.Used != 2 {
			t.Errorf("raised: %+v %+v, %v", now.Limit, now.Slots, err)
		}
		w.mustHold()
	})
}

// A limit that counts units counts those of a recorded payment.
func TestARecordIsOfUnits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustUnits(4)
		r := w.handOf(l)
		r.Quantity, r.Amount = 3, eur(14700)
		if v := w.mustRecord(r); v.Quantity != 3 || v.Unit != eur(4900) {
			t.Errorf("recorded: %+v", v.Attempt)
		}
		_, err := w.payments.Record(t.Context(), r)
		full := new(payment.FullError)
		if !errors.As(err, &full) || full.Missing != 2 {
			t.Errorf("three more: %v", err)
		}
		r.Amount = eur(14701)
		if _, err := w.payments.Record(t.Context(), r); !fault.Is(err, fault.Invalid) {
			t.Errorf("an amount that can't be divided: %v", err)
		}
		w.mustHold()
	})
}

// Whoever pays at a checkout while a member records their cash pays once.
func TestTheOpenCheckoutIsClosedBeforeAPaymentIsRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, amara := w.mustLink(3), w.mustCustomer("Amara Okafor", "amara@example.com")
		theirs, others := w.ask(l), w.ask(l)
		theirs.Payer.Email = "Amara@Example.com"
		open, other := w.mustStart(theirs), w.mustStart(others)
		r := w.handOf(l)
		r.CustomerID = amara.ID
		v := w.mustRecord(r)
		w.expect(open, attempt.Released, history.StatusExpired)
		w.expect(other, attempt.Open, history.StatusOpen)
		if s := w.slots(l); s.Used != 1 || s.Held != 1 {
			t.Errorf("slots %+v", s)
		}
		// The provider takes the money all the same: it is too much, though a slot is free.
		w.sandbox.Decide(t.Context(), open.ProviderRef, sandbox.Paid, sandbox.Lost) //nolint:errcheck // seen below
		if _, err := w.payments.Sync(t.Context(), w.business.ID, open.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		w.expect(open, attempt.Paid, history.StatusOverflow)
		w.sweep()
		if n := w.count(`SELECT COUNT(*) FROM payments WHERE id = $1 AND refunded_minor = captured_minor`, open.ID); n != 1 {
			t.Error("it did not go back")
		}
		if w.view(v.Attempt).Status() != history.StatusPaid {
			t.Error("the recorded one changed")
		}
		w.mustHold()
	})
}

func TestARecordIsRefusedWhereTheCheckoutWasPaidOrStaysOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		l := w.mustLink(3)
		r := w.handOf(l)
		paid := w.mustStart(w.ask(l))
		r.Email = paid.Payer.Email
		w.decide(paid, sandbox.Paid)
		if _, err := w.payments.Record(t.Context(), r); !fault.Is(err, fault.Conflict) {
			t.Errorf("paid just now: %v", err)
		}
		w.expect(paid, attempt.Paid, history.StatusPaid)

		pending := w.mustStart(w.ask(l))
		r.Email = pending.Payer.Email
		w.decide(pending, sandbox.Pending)
		if _, err := w.payments.Record(t.Context(), r); !fault.Is(err, fault.Conflict) {
			t.Errorf("under way: %v", err)
		}

		open := w.mustStart(w.ask(l))
		r.Email = open.Payer.Email
		line.set(func() { line.fetch = errTimeout })
		if _, err := w.payments.Record(t.Context(), r); !fault.Is(err, fault.Conflict) {
			t.Errorf("no answer: %v", err)
		}
		w.expect(open, attempt.Closing, history.StatusOpen)
		if n := w.count(`SELECT COUNT(*) FROM payments WHERE provider = 'manual'`); n != 0 {
			t.Errorf("%d were recorded", n)
		}
		line.set(func() { line.fetch = nil })
		w.mustRecord(r)
		w.mustHold()
	})
}

// As many record as there are slots, however many do at once.
func TestRecordsAtOncePassNoLimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(3)
		results := make(chan error, 8)
		for range cap(results) {
			go func() {
				_, err := w.payments.Record(context.Background(), w.handOf(l))
				results <- err
			}()
		}
		recorded := 0
		for range cap(results) {
			switch err := <-results; {
			case err == nil:
				recorded++
			case !fault.Is(err, fault.LimitReached):
				t.Error(err)
			}
		}
		if recorded != 3 || w.slots(l).Used != 3 {
			t.Errorf("%d recorded, slots %+v", recorded, w.slots(l))
		}
		w.mustHold()
	})
}

// Who is known is written to in their own language, and only where a receipt was asked for
// and there is an address.
func TestAReceiptOfARecordIsMailedWhereItCanBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		heard := map[attempt.ID]payment.Payment{}
		w := mustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
			c.Effects = append(c.Effects, payment.Effect{Name: "mail", Do: func(_ context.Context, _ *db.Tx, s payment.Settlement) error {
				for _, p := range s.Payments {
					heard[p.ID] = p
				}
				return nil
			}})
		})
		l := w.mustLink(0)
		for name, c := range map[string]struct {
			fields customer.Fields
			asked  bool
			quiet  bool
		}{
			"asked for":  {customer.Fields{Name: "Amara Okafor", Email: "amara@example.com", Language: "fr"}, true, false},
			"not asked":  {customer.Fields{Name: "Jonas Lindqvist", Email: "jonas@example.com", Language: "de"}, false, true},
			"no address": {customer.Fields{Name: "Mira Sand", Language: "nl"}, true, true},
		} {
			known, err := w.customers.Create(t.Context(), w.business, c.fields)
			if err != nil {
				t.Fatal(err)
			}
			r := w.handOf(l)
			r.CustomerID, r.MailReceipt = known.ID, c.asked
			if got := heard[w.mustRecord(r).ID]; got.Quiet != c.quiet || got.Payer.Language != c.fields.Language {
				t.Errorf("%s: quiet %v, in %q", name, got.Quiet, got.Payer.Language)
			}
		}
	})
}
