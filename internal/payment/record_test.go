package payment_test

import (
	"context"
	"errors"
	"strings"
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
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

func TestARecordedPaymentIsAPaymentAsAnyOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l, amara := w.MustLink(2), w.MustCustomer("Amara Okafor", "amara@example.com")
		r := w.HandOf(l)
		r.CustomerID, r.Amount, r.Note, r.PaidOn = amara.ID, paymenttest.Eur(5000), "at the door", dbtest.Start.AddDate(0, 0, -3).Format(time.DateOnly)
		v := w.MustRecord(r)
		if v.Status() != history.StatusPaid || v.Provider != payment.Manual || v.Receipt == "" || v.CustomerID != amara.ID || v.Payer.Email != "amara@example.com" ||
			v.Amount != paymenttest.Eur(5000) || v.Method != "cash" || v.PaidAt.In(w.Business.Location()).Format(time.DateTime) != r.PaidOn+" 12:00:00" {
			t.Errorf("recorded: %+v", v)
		}
		if got, err := w.Payments.RecordOf(t.Context(), w.Business.ID, v.ID); err != nil || *got != (payment.Recorded{PaidOn: r.PaidOn, Note: "at the door", RecordedBy: "Marit"}) {
			t.Errorf("what was said: %+v, %v", got, err)
		}
		if s := w.Slots(l); s.Used != 1 || s.Held != 0 {
			t.Errorf("slots %+v", s)
		}
		w.MustHold()
		// Nothing that looks changes it, and there is nothing to look for.
		for _, cause := range []attempt.Cause{attempt.CauseMerchant, attempt.CausePoller, attempt.CauseReturn} {
			if _, err := w.Payments.Sync(t.Context(), w.Business.ID, v.ID, cause); err != nil {
				t.Error(err)
			}
		}
		w.Pass(100 * 24 * time.Hour)
		if now := w.View(v.Attempt); now.Status() != history.StatusPaid || now.Receipt != v.Receipt {
			t.Errorf("after a sync: %+v", now)
		}
		refund, err := w.Payments.Refund(t.Context(), w.Business.ID, v.ID, payment.RefundRequest{ReturnSlot: true})
		if err != nil || refund.State != provider.RefundDone || w.Slots(l).Used != 0 || w.View(v.Attempt).Status() != history.StatusRefunded {
			t.Errorf("reversed: %+v, %v", refund, err)
		}
		w.MustHold()
	})
}

func TestARecordIsRefusedWithAllThatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		r := w.HandOf(w.MustLink(1))
		r.Amount, r.Method, r.PaidOn, r.CustomerID, r.Email = paymenttest.Eur(0), "cheque", dbtest.Start.AddDate(0, 0, 1).Format(time.DateOnly), "cus_nobody", "nobody@"
		_, err := w.Payments.Record(t.Context(), r)
		got := map[string]bool{}
		for _, f := range fault.Of(err).Fields {
			got[f.Name] = true
		}
		for _, field := range []string{"amount", "method", "paid_on", "customer_id", "email"} {
			if !got[field] {
				t.Errorf("%s is not refused: %v", field, err)
			}
		}
		r = w.HandOf(w.MustLink(1))
		r.Amount.Currency = "USD"
		if _, err := w.Payments.Record(t.Context(), r); !fault.Is(err, fault.Invalid) {
			t.Errorf("another currency: %v", err)
		}
		r.LinkID = "lnk_none"
		if _, err := w.Payments.Record(t.Context(), r); !fault.Is(err, fault.NotFound) {
			t.Errorf("no link: %v", err)
		}
		if n := w.Count(`SELECT COUNT(*) FROM attempts`); n != 0 {
			t.Errorf("%d attempts were left", n)
		}
	})
}

func TestAFullLinkTakesNoRecordUnlessItsLimitIsRaised(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		w.MustRecord(w.HandOf(l))
		_, err := w.Payments.Record(t.Context(), w.HandOf(l))
		full := new(payment.FullError)
		if !errors.As(err, &full) || full.Missing != 1 || full.Limit != 2 || !fault.Is(err, fault.LimitReached) {
			t.Fatalf("full: %v", err)
		}
		r := w.HandOf(l)
		r.RaiseLimit = true
		w.MustRecord(r)
		now, err := w.Links.Get(t.Context(), w.Business, l.ID)
		if err != nil || now.Limit != (link.Limit{Kind: link.Multiple, Max: 2, Counts: link.Payments}) || now.Slots.Used != 2 {
			t.Errorf("raised: %+v %+v, %v", now.Limit, now.Slots, err)
		}
		w.MustHold()
	})
}

// A limit that counts units counts those of a recorded payment.
func TestARecordIsOfUnits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustUnits(4)
		r := w.HandOf(l)
		r.Quantity, r.Amount = 3, paymenttest.Eur(14700)
		if v := w.MustRecord(r); v.Quantity != 3 || v.Unit != paymenttest.Eur(4900) {
			t.Errorf("recorded: %+v", v.Attempt)
		}
		_, err := w.Payments.Record(t.Context(), r)
		full := new(payment.FullError)
		if !errors.As(err, &full) || full.Missing != 2 {
			t.Errorf("three more: %v", err)
		}
		r.Amount = paymenttest.Eur(14701)
		if _, err := w.Payments.Record(t.Context(), r); !fault.Is(err, fault.Invalid) {
			t.Errorf("an amount that can't be divided: %v", err)
		}
		w.MustHold()
	})
}

// Whoever pays at a checkout while a member records their cash pays once.
func TestTheOpenCheckoutIsClosedBeforeAPaymentIsRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l, amara := w.MustLink(3), w.MustCustomer("Amara Okafor", "amara@example.com")
		theirs, others := w.Ask(l), w.Ask(l)
		theirs.Payer.Email = "Amara@Example.com"
		open, other := w.MustStart(theirs), w.MustStart(others)
		r := w.HandOf(l)
		r.CustomerID = amara.ID
		v := w.MustRecord(r)
		w.Expect(open, attempt.Released, history.StatusExpired)
		w.Expect(other, attempt.Open, history.StatusOpen)
		if s := w.Slots(l); s.Used != 1 || s.Held != 1 {
			t.Errorf("slots %+v", s)
		}
		// The provider takes the money all the same: it is too much, though a slot is free.
		w.Sandbox.Decide(t.Context(), open.ProviderRef, sandbox.Paid, sandbox.Lost) //nolint:errcheck // seen below
		if _, err := w.Payments.Sync(t.Context(), w.Business.ID, open.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		w.Expect(open, attempt.Paid, history.StatusOverflow)
		w.Sweep()
		if n := w.Count(`SELECT COUNT(*) FROM payments WHERE id = $1 AND refunded_minor = captured_minor`, open.ID); n != 1 {
			t.Error("it did not go back")
		}
		if w.View(v.Attempt).Status() != history.StatusPaid {
			t.Error("the recorded one changed")
		}
		w.MustHold()
	})
}

func TestARecordIsRefusedWhereTheCheckoutWasPaidOrStaysOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		l := w.MustLink(3)
		r := w.HandOf(l)
		paid := w.MustStart(w.Ask(l))
		r.Email = paid.Payer.Email
		w.Decide(paid, sandbox.Paid)
		if _, err := w.Payments.Record(t.Context(), r); !fault.Is(err, fault.Conflict) {
			t.Errorf("paid just now: %v", err)
		}
		w.Expect(paid, attempt.Paid, history.StatusPaid)

		pending := w.MustStart(w.Ask(l))
		r.Email = pending.Payer.Email
		w.Decide(pending, sandbox.Pending)
		if _, err := w.Payments.Record(t.Context(), r); !fault.Is(err, fault.Conflict) {
			t.Errorf("under way: %v", err)
		}

		open := w.MustStart(w.Ask(l))
		r.Email = open.Payer.Email
		line.Set(func() { line.FetchErr = paymenttest.ErrTimeout })
		if _, err := w.Payments.Record(t.Context(), r); !fault.Is(err, fault.Conflict) {
			t.Errorf("no answer: %v", err)
		}
		w.Expect(open, attempt.Closing, history.StatusOpen)
		if n := w.Count(`SELECT COUNT(*) FROM payments WHERE provider = 'manual'`); n != 0 {
			t.Errorf("%d were recorded", n)
		}
		line.Set(func() { line.FetchErr = nil })
		w.MustRecord(r)
		w.MustHold()
	})
}

// As many record as there are slots, however many do at once.
func TestRecordsAtOncePassNoLimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(3)
		results := make(chan error, 8)
		for range cap(results) {
			go func() {
				_, err := w.Payments.Record(context.Background(), w.HandOf(l))
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
		if recorded != 3 || w.Slots(l).Used != 3 {
			t.Errorf("%d recorded, slots %+v", recorded, w.Slots(l))
		}
		w.MustHold()
	})
}

// Who is known is written to in their own language, and only where a receipt was asked for
// and there is an address.
func TestAReceiptOfARecordIsMailedWhereItCanBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		heard := map[attempt.ID]payment.Payment{}
		w := paymenttest.MustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
			c.Effects = append(c.Effects, payment.Effect{Name: "mail", Do: func(_ context.Context, _ *db.Tx, s payment.Settlement) error {
				for _, p := range s.Payments {
					heard[p.ID] = p
				}
				return nil
			}})
		})
		l := w.MustLink(0)
		for name, c := range map[string]struct {
			fields customer.Fields
			asked  bool
			quiet  bool
		}{
			"asked for":  {customer.Fields{Name: "Amara Okafor", Email: "amara@example.com", Language: "fr"}, true, false},
			"not asked":  {customer.Fields{Name: "Jonas Lindqvist", Email: "jonas@example.com", Language: "de"}, false, true},
			"no address": {customer.Fields{Name: "Mira Sand", Language: "nl"}, true, true},
		} {
			known, err := w.Customers.Create(t.Context(), w.Business, c.fields)
			if err != nil {
				t.Fatal(err)
			}
			r := w.HandOf(l)
			r.CustomerID, r.MailReceipt = known.ID, c.asked
			if got := heard[w.MustRecord(r).ID]; got.Quiet != c.quiet || got.Payer.Language != c.fields.Language {
				t.Errorf("%s: quiet %v, in %q", name, got.Quiet, got.Payer.Language)
			}
		}
	})
}

// All checkouts that the payer has open are closed, also one whose provider has not answered
// yet, each tells why, and money that comes of any of them goes back.
func TestAllOpenCheckoutsAreClosedForARecord(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		l := w.MustLink(9)
		var theirs []attempt.Attempt
		for i := range 3 {
			if i == 2 {
				line.Set(func() { line.StartErr = paymenttest.ErrTimeout })
			}
			r := w.Ask(l)
			r.Payer.Email = "amara@example.com"
			theirs = append(theirs, w.MustStart(r))
		}
		line.Set(func() { line.StartErr = nil })
		r := w.HandOf(l)
		r.Email = "Amara@example.com"
		v := w.MustRecord(r)
		w.MustTell(v.Attempt, attempt.CauseMerchant, "recorded by hand by Marit")
		if n := w.Count(`SELECT COUNT(*) FROM attempts WHERE id = $1 AND sync_at IS NOT NULL`, v.ID); n != 0 {
			t.Error("a provider is asked about the recorded one")
		}
		for i, a := range theirs {
			w.Expect(a, attempt.Released, history.StatusExpired)
			w.MustTell(a, attempt.CauseMerchant, "a payment is recorded by hand")
			a = w.View(a).Attempt
			w.Sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost) //nolint:errcheck // seen below
			if _, err := w.Payments.Sync(t.Context(), w.Business.ID, a.ID, attempt.CauseMerchant); err != nil {
				t.Fatal(err)
			}
			if now := w.View(a); now.Status() != history.StatusOverflow {
				t.Errorf("checkout %d is %s", i, now.Status())
			}
		}
		w.MustHold()
	})
}

// The largest number is taken, and the sentence names the limit that would do.
func TestTheBoundsOfARecord(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		r := w.HandOf(w.MustLink(0))
		r.Quantity, r.Amount = link.MaxLimit, paymenttest.Eur(link.MaxLimit)
		w.MustRecord(r)
		r.Quantity, r.Amount = link.MaxLimit+1, paymenttest.Eur(link.MaxLimit+1)
		if _, err := w.Payments.Record(t.Context(), r); !fault.Is(err, fault.Invalid) {
			t.Errorf("one more: %v", err)
		}
		l := w.MustLink(1)
		w.MustRecord(w.HandOf(l))
		if _, err := w.Payments.Record(t.Context(), w.HandOf(l)); err == nil || !strings.Contains(err.Error(), "the limit is 1. Raise it to 2") {
			t.Errorf("full: %v", err)
		}
	})
}
