package payment_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// mustRefunds are the refunds of a payment, as state and amount, the largest first.
func mustRefunds(w *paymenttest.World, a attempt.Attempt, want ...string) {
	w.T.Helper()
	all, err := w.Payments.Refunds(w.T.Context(), a.BusinessID, a.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	slices.SortFunc(all, func(a, b payment.Refund) int {
		return cmp.Or(b.Amount.Cmp(a.Amount), strings.Compare(string(a.State), string(b.State)))
	})
	var got []string
	for _, r := range all {
		got = append(got, string(r.State)+" "+r.Amount.Format("en"))
	}
	if !slices.Equal(got, want) {
		w.T.Errorf("the refunds are %q, want %q", got, want)
	}
}

// Where the provider refuses to give too late money back, since some of it went another way,
// the rest is asked for, less what is on its way and what a dispute took, and soon.
func TestTheRestOfTooLateMoneyGoesBackSoon(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		late := w.MustComeTooLate()
		line.Set(func() { line.RefundErr = paymenttest.ErrTimeout })
		w.MustSync(late)
		line.Set(func() {
			line.Told = func(m *provider.Movements) { m.Refunds = nil } // it never got our request
		})
		for range 10 { // it is asked ever more seldom
			w.Pass(time.Hour)
		}
		line.Set(func() {
			line.RefundErr = provider.ErrRefused
			line.Told = func(m *provider.Movements) {
				m.Refunds = []provider.RemoteRefund{{Ref: "re_1", Amount: paymenttest.Eur(1000), State: provider.RefundUnderway}, {Ref: "re_2", Amount: paymenttest.Eur(300), State: provider.RefundDone}}
				m.Disputes = []provider.RemoteDispute{{Ref: "dp_1", Amount: paymenttest.Eur(500), State: provider.DisputeLost}}
			}
		})
		if _, err := w.Payments.Sync(t.Context(), late.BusinessID, late.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		mustRefunds(w, late, "failed €49.00", "asked €31.00", "pending €10.00", "done €3.00")
		if v := w.View(late); v.RefundOnItsWay() != paymenttest.Eur(4100) || v.RefundFailed() {
			t.Errorf("on its way %s, failed %v", v.RefundOnItsWay(), v.RefundFailed())
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE sandbox_payments SET refunded_minor = 0 WHERE id = $1`, late.ProviderRef)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		line.Set(func() { line.RefundErr = nil })
		w.Pass(2 * time.Minute)
		mustRefunds(w, late, "failed €49.00", "done €31.00", "pending €10.00", "done €3.00")
	})
}

// Where all of it went another way nothing is asked for, and where none of it did, the
// refusal is for a person.
func TestARefusalOfTooLateMoneyIsForAPersonOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		line.Set(func() { line.RefundErr = provider.ErrRefused })
		none := w.MustComeTooLate()
		w.MustSync(none)
		mustRefunds(w, none, "asked €49.00")
		if v := w.View(none); !v.RefundFailed() || v.InQueue() || v.Status() != history.StatusOverflow { // it is tried again
			t.Errorf("failed %v, in the queue %v, %s", v.RefundFailed(), v.InQueue(), v.Status())
		}
		all := w.MustComeTooLate()
		w.MustSync(all)
		line.Set(func() {
			line.Told = func(m *provider.Movements) {
				m.Refunds = []provider.RemoteRefund{{Ref: "re_1", Amount: paymenttest.Eur(4900), State: provider.RefundUnderway}}
			}
		})
		if _, err := w.Payments.Sync(t.Context(), all.BusinessID, all.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		mustRefunds(w, all, "failed €49.00", "pending €49.00")
		if v := w.View(all); v.RefundOnItsWay() != paymenttest.Eur(4900) || v.RefundFailed() {
			t.Errorf("on its way %s, failed %v", v.RefundOnItsWay(), v.RefundFailed())
		}
	})
}

// Of three units two were given back; one is left.
func TestNoMoreUnitsGoBackThanAreLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustUnits(5)
		a := w.MustStart(w.AskUnits(l, 3))
		w.Decide(a, sandbox.Paid)
		w.MustSync(a)
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(4900), ReturnUnits: 2})
		if _, err := w.Refund(a, payment.RefundRequest{Amount: paymenttest.Part(4900), ReturnUnits: 2}); err == nil {
			t.Error("two more went back")
		}
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(4900), ReturnUnits: 1})
		if got := w.Units(l); got != (link.Slots{}) {
			t.Errorf("%+v", got)
		}
		w.MustHold()
	})
}

// What is on its way back can't go back twice; when it fails, it can.
func TestARefundOnItsWayIsReservedUntilItFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustParty(t, d, "mollie")
		a := w.MustStart(w.Ask(w.MustLink(1)))
		w.Do(a.ProviderRef, provider.RemotePaid)
		w.MustSync(a)
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(900)})
		if v := w.MustSync(a); v.RefundOnItsWay() != paymenttest.Eur(900) || v.Refundable() != paymenttest.Eur(4000) || v.RefundFailed() {
			t.Errorf("%s is on its way, %s may be refunded, failed %v", v.RefundOnItsWay(), v.Refundable(), v.RefundFailed())
		}
		w.FailRefunds(a.ProviderRef)
		w.Reconcile()
		if v := w.View(a); v.RefundOnItsWay() != paymenttest.Eur(0) || v.Refundable() != paymenttest.Eur(4900) || !v.RefundFailed() {
			t.Errorf("%s is on its way, %s may be refunded, failed %v", v.RefundOnItsWay(), v.Refundable(), v.RefundFailed())
		}
		w.MustHold()
	})
}

// A refund that the provider refused takes nothing of its part.
func TestARefusedRefundLeavesItsPart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		r := w.AskUnits(w.MustUnits(5), 2)
		r.Extras = checkout.Extras{Tip: "10"}
		a := w.MustStart(r)
		w.Decide(a, sandbox.Paid)
		w.MustSync(a)
		line.Set(func() { line.RefundErr = provider.ErrRefused })
		_, _ = w.Refund(a, payment.RefundRequest{Part: checkout.TipLine})
		line.Set(func() { line.RefundErr = nil })
		if made := w.MustRefund(a, payment.RefundRequest{Part: checkout.TipLine}); made.Amount != paymenttest.Eur(980) {
			t.Errorf("the tip is %s", made.Amount)
		}
	})
}
