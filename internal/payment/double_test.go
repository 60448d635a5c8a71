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
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

// inQueue are the payments of the queue, and whether each is told to be paid twice.
func inQueue(w *paymenttest.World) (ids []attempt.ID) {
	w.T.Helper()
	all, err := w.Payments.NeedingAttention(w.T.Context(), w.Business.ID, business.Test)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, v := range all {
		if !v.PaidTwice() || !v.InQueue() {
			w.T.Errorf("%s is in the queue for something else", v.ID)
		}
		ids = append(ids, v.ID)
	}
	return ids
}

// twice is a payer who gives a transfer up and begins to pay by card.
func twice(w *paymenttest.World, most int64) (transfer, card attempt.Attempt) {
	w.T.Helper()
	r := w.Transfer(w.MustLink(most))
	r.BrowserKey = "browser of " + r.Payer.Email
	transfer = w.MustStart(r)
	if err := w.Payments.CloseWaiting(w.T.Context(), w.Business.ID, transfer.ID, attempt.CausePayer); err != nil {
		w.T.Fatal(err)
	}
	r.Provider, r.Payer.Email = "", "work@example.com"
	return transfer, w.MustStart(r)
}

// Who gives a transfer up and pays by card may have sent it already: both are payments, and
// the merchant is told until they have looked, or gave one of them back.
func TestMoneyOfATransferThatWasGivenUpIsForAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := paymenttest.BankWorld(t, d)
		for _, most := range []int64{0, 5} {
			transfer, card := twice(w, most)
			w.Decide(card, sandbox.Paid)
			w.MustSync(card)
			if got := inQueue(w); len(got) != 0 {
				t.Fatalf("before the transfer came: %v", got)
			}
			if v := w.Booked(transfers, transfer, 4900, 0); v.Status() != history.StatusPaid || v.Receipt == "" || !v.PaidTwice() {
				t.Errorf("limit %d: %+v", most, v)
			}
			if got := inQueue(w); len(got) != 1 || got[0] != transfer.ID {
				t.Errorf("limit %d: the queue is %v", most, got)
			}
			for one, other := range map[attempt.ID]attempt.ID{transfer.ID: card.ID, card.ID: transfer.ID} {
				if got, err := w.Payments.Double(t.Context(), w.Business.ID, one); err != nil || got != other {
					t.Errorf("limit %d: %s is paid beside %q, %v", most, one, got, err)
				}
			}
			if most == 0 {
				if done, err := w.Payments.Resolve(t.Context(), w.Business.ID, transfer.ID, false); err != nil || !done {
					t.Error(done, err)
				}
				w.MustTell(transfer, attempt.CauseMerchant, payment.ResolvedDetail)
			} else {
				w.MustRefund(card, payment.RefundRequest{Amount: paymenttest.Part(4900)})
			}
			if got := inQueue(w); len(got) != 0 || w.View(transfer).InQueue() {
				t.Errorf("limit %d: seen to, the queue is %v", most, got)
			}
			if got, err := w.Payments.Double(t.Context(), w.Business.ID, card.ID); err != nil || got != "" {
				t.Errorf("limit %d: seen to, and paid beside %q, %v", most, got, err)
			}
		}
		w.MustHold()
	})
}

// The order in which both are heard of does not matter.
func TestACardThatIsPaidAfterTheTransferCameIsForAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := paymenttest.BankWorld(t, d)
		transfer, card := twice(w, 0)
		w.Booked(transfers, transfer, 4900, 0)
		if got := inQueue(w); len(got) != 0 {
			t.Errorf("one payment: the queue is %v", got)
		}
		w.Decide(card, sandbox.Paid)
		w.MustSync(card)
		if got := inQueue(w); len(got) != 1 || got[0] != transfer.ID {
			t.Errorf("both: the queue is %v", got)
		}
		w.MustHold()
	})
}

// A late transfer alone is no second payment: neither what its payer paid before, nor what
// others pay, is.
func TestALateTransferAloneIsNoSecondPayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := paymenttest.BankWorld(t, d)
		l := w.MustLink(0)
		before := w.Ask(l)
		paid := w.MustStart(before)
		w.Decide(paid, sandbox.Paid)
		w.MustSync(paid)
		w.Pass(time.Hour)
		r := w.Transfer(l)
		r.Payer.Email = before.Payer.Email
		transfer := w.MustStart(r)
		w.Pass(8 * 24 * time.Hour)
		other := w.MustStart(w.Ask(l))
		w.Decide(other, sandbox.Paid)
		w.MustSync(other)
		if v := w.Booked(transfers, transfer, 4900, 5); !v.Late() || v.PaidTwice() {
			t.Errorf("%+v", v)
		}
		if got := inQueue(w); len(got) != 0 {
			t.Errorf("the queue is %v", got)
		}
		w.MustHold()
	})
}
