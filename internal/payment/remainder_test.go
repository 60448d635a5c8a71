package payment_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// mustComeTooLate is money that came when no slot was left, and goes back by itself.
func (w *world) mustComeTooLate() attempt.Attempt {
	w.t.Helper()
	l := w.mustLink(1)
	late := w.mustStart(w.ask(l))
	w.pass(31 * time.Minute)
	w.mustPay(l)
	w.decide(late, sandbox.Paid)
	return late
}

// mustRefunds are the refunds of a payment, as state and amount, the largest first.
func (w *world) mustRefunds(a attempt.Attempt, want ...string) {
	w.t.Helper()
	all, err := w.payments.Refunds(w.t.Context(), a.BusinessID, a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b payment.Refund) int {
		return cmp.Or(b.Amount.Cmp(a.Amount), strings.Compare(string(a.State), string(b.State)))
	})
	var got []string
	for _, r := range all {
		got = append(got, string(r.State)+" "+r.Amount.Format("en"))
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("the refunds are %q, want %q", got, want)
	}
}

// Where the provider refuses to give too late money back, since some of it went another way,
// the rest is asked for, less what is on its way and what a dispute took, and soon.
func TestTheRestOfTooLateMoneyGoesBackSoon(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		late := w.mustComeTooLate()
		line.set(func() { line.refund = errTimeout })
		w.mustSync(late)
		line.set(func() {
			line.told = func(m *provider.Movements) { m.Refunds = nil } // it never got our request
		})
		for range 10 { // it is asked ever more seldom
			w.pass(time.Hour)
		}
		line.set(func() {
			line.refund = provider.ErrRefused
			line.told = func(m *provider.Movements) {
				m.Refunds = []provider.RemoteRefund{{Ref: "re_1", Amount: eur(1000), State: provider.RefundUnderway}, {Ref: "re_2", Amount: eur(300), State: provider.RefundDone}}
				m.Disputes = []provider.RemoteDispute{{Ref: "dp_1", Amount: eur(500), State: provider.DisputeLost}}
			}
		})
		if _, err := w.payments.Sync(t.Context(), late.BusinessID, late.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		w.mustRefunds(late, "failed €49.00", "asked €31.00", "pending €10.00", "done €3.00")
		if v := w.view(late); v.RefundOnItsWay() != eur(4100) || v.RefundFailed() {
			t.Errorf("on its way %s, failed %v", v.RefundOnItsWay(), v.RefundFailed())
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE sandbox_payments SET refunded_minor = 0 WHERE id = $1`, late.ProviderRef)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		line.set(func() { line.refund = nil })
		w.pass(2 * time.Minute)
		w.mustRefunds(late, "failed €49.00", "done €31.00", "pending €10.00", "done €3.00")
	})
}

// Where all of it went another way nothing is asked for, and where none of it did, the
// refusal is for a person.
func TestARefusalOfTooLateMoneyIsForAPersonOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		line.set(func() { line.refund = provider.ErrRefused })
		none := w.mustComeTooLate()
		w.mustSync(none)
		w.mustRefunds(none, "asked €49.00")
		if v := w.view(none); !v.RefundFailed() || v.InQueue() || v.Status() != history.StatusOverflow { // it is tried again
			t.Errorf("failed %v, in the queue %v, %s", v.RefundFailed(), v.InQueue(), v.Status())
		}
		all := w.mustComeTooLate()
		w.mustSync(all)
		line.set(func() {
			line.told = func(m *provider.Movements) {
				m.Refunds = []provider.RemoteRefund{{Ref: "re_1", Amount: eur(4900), State: provider.RefundUnderway}}
			}
		})
		if _, err := w.payments.Sync(t.Context(), all.BusinessID, all.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		w.mustRefunds(all, "failed €49.00", "pending €49.00")
		if v := w.view(all); v.RefundOnItsWay() != eur(4900) || v.RefundFailed() {
			t.Errorf("on its way %s, failed %v", v.RefundOnItsWay(), v.RefundFailed())
		}
	})
}

// Of three units two were given back; one is left.
func TestNoMoreUnitsGoBackThanAreLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustUnits(5)
		a := w.mustStart(w.askFor(l, 3))
		w.decide(a, sandbox.Paid)
		w.mustSync(a)
		w.mustRefund(a, payment.RefundRequest{Amount: part(4900), ReturnUnits: 2})
		if _, err := w.refund(a, payment.RefundRequest{Amount: part(4900), ReturnUnits: 2}); err == nil {
			t.Error("two more went back")
		}
		w.mustRefund(a, payment.RefundRequest{Amount: part(4900), ReturnUnits: 1})
		if got := w.units(l); got != (link.Slots{}) {
			t.Errorf("%+v", got)
		}
		w.mustHold()
	})
}
