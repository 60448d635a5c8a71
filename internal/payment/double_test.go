package payment_test

import (
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
)

// inQueue are the payments of the queue, and whether each is told to be paid twice.
func (w *world) inQueue() (ids []attempt.ID) {
	w.t.Helper()
	all, err := w.payments.NeedingAttention(w.t.Context(), w.business.ID, business.Test)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, v := range all {
		if !v.PaidTwice() || !v.InQueue() {
			w.t.Errorf("%s is in the queue for something else", v.ID)
		}
		ids = append(ids, v.ID)
	}
	return ids
}

// twice is a payer who gives a transfer up and begins to pay by card.
func (w *world) twice(most int64) (transfer, card attempt.Attempt) {
	w.t.Helper()
	r := w.transfer(w.mustLink(most))
	r.BrowserKey = "browser of " + r.Payer.Email
	transfer = w.mustStart(r)
	if err := w.payments.CloseWaiting(w.t.Context(), w.business.ID, transfer.ID, attempt.CausePayer); err != nil {
		w.t.Fatal(err)
	}
	r.Provider, r.Payer.Email = "", "work@example.com"
	return transfer, w.mustStart(r)
}

// Who gives a transfer up and pays by card may have sent it already: both are payments, and
// the merchant is told until they have looked, or gave one of them back.
func TestMoneyOfATransferThatWasGivenUpIsForAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := bankWorld(t, d)
		for _, most := range []int64{0, 5} {
			transfer, card := w.twice(most)
			w.decide(card, sandbox.Paid)
			w.mustSync(card)
			if got := w.inQueue(); len(got) != 0 {
				t.Fatalf("before the transfer came: %v", got)
			}
			if v := w.booked(transfers, transfer, 4900, 0); v.Status() != history.StatusPaid || v.Receipt == "" || !v.PaidTwice() {
				t.Errorf("limit %d: %+v", most, v)
			}
			if got := w.inQueue(); len(got) != 1 || got[0] != transfer.ID {
				t.Errorf("limit %d: the queue is %v", most, got)
			}
			for one, other := range map[attempt.ID]attempt.ID{transfer.ID: card.ID, card.ID: transfer.ID} {
				if got, err := w.payments.Double(t.Context(), w.business.ID, one); err != nil || got != other {
					t.Errorf("limit %d: %s is paid beside %q, %v", most, one, got, err)
				}
			}
			if most == 0 {
				if done, err := w.payments.Resolve(t.Context(), w.business.ID, transfer.ID, false); err != nil || !done {
					t.Error(done, err)
				}
				w.mustTell(transfer, attempt.CauseMerchant, payment.ResolvedDetail)
			} else {
				w.mustRefund(card, payment.RefundRequest{Amount: part(4900)})
			}
			if got := w.inQueue(); len(got) != 0 || w.view(transfer).InQueue() {
				t.Errorf("limit %d: seen to, the queue is %v", most, got)
			}
			if got, err := w.payments.Double(t.Context(), w.business.ID, card.ID); err != nil || got != "" {
				t.Errorf("limit %d: seen to, and paid beside %q, %v", most, got, err)
			}
		}
		w.mustHold()
	})
}

// The order in which both are heard of does not matter.
func TestACardThatIsPaidAfterTheTransferCameIsForAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := bankWorld(t, d)
		transfer, card := w.twice(0)
		w.booked(transfers, transfer, 4900, 0)
		if got := w.inQueue(); len(got) != 0 {
			t.Errorf("one payment: the queue is %v", got)
		}
		w.decide(card, sandbox.Paid)
		w.mustSync(card)
		if got := w.inQueue(); len(got) != 1 || got[0] != transfer.ID {
			t.Errorf("both: the queue is %v", got)
		}
		w.mustHold()
	})
}

// A late transfer alone is no second payment: neither what its payer paid before, nor what
// others pay, is.
func TestALateTransferAloneIsNoSecondPayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := bankWorld(t, d)
		l := w.mustLink(0)
		before := w.ask(l)
		paid := w.mustStart(before)
		w.decide(paid, sandbox.Paid)
		w.mustSync(paid)
		w.pass(time.Hour)
		r := w.transfer(l)
		r.Payer.Email = before.Payer.Email
		transfer := w.mustStart(r)
		w.pass(8 * 24 * time.Hour)
		other := w.mustStart(w.ask(l))
		w.decide(other, sandbox.Paid)
		w.mustSync(other)
		if v := w.booked(transfers, transfer, 4900, 5); !v.Late() || v.PaidTwice() {
			t.Errorf("%+v", v)
		}
		if got := w.inQueue(); len(got) != 0 {
			t.Errorf("the queue is %v", got)
		}
		w.mustHold()
	})
}
