package payment_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
)

// hear lets the provider tell of moved money, and asks it once.
func (w *world) hear(line *wire, a attempt.Attempt, told provider.Movements) history.View {
	w.t.Helper()
	line.set(func() {
		line.told = func(moved *provider.Movements) {
			moved.Refunds, moved.Disputes = append(moved.Refunds, told.Refunds...), append(moved.Disputes, told.Disputes...)
		}
	})
	if _, err := w.payments.Sync(w.t.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
		w.t.Fatal(err)
	}
	return w.view(a)
}

// A report may tell of several disputes and refunds. Each is booked, and what is lost and
// comes back is that of its own dispute.
func TestAllThatOneReportTellsIsBooked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		a := w.mustPay(w.mustLink(1))
		dispute := func(ref string, minor int64, state provider.DisputeState) provider.RemoteDispute {
			return provider.RemoteDispute{Ref: ref, Amount: eur(minor), State: state, Reason: "fraudulent", OpenedAt: dbtest.Start.Add(-time.Hour)}
		}
		v := w.hear(line, a, provider.Movements{
			Refunds:  []provider.RemoteRefund{{Ref: "re_1", Amount: eur(100), State: provider.RefundDone}, {Ref: "re_2", Amount: eur(200), State: provider.RefundDone}},
			Disputes: []provider.RemoteDispute{dispute("dp_1", 1000, provider.DisputeLost), dispute("dp_2", 2000, provider.DisputeLost)},
		})
		if v.Refunded() != eur(300) || v.Lost() != eur(3000) || v.Dispute() != provider.DisputeLost || v.Status() != history.StatusPartiallyRefunded {
			t.Errorf("refunded %s, lost %s, %q, %s", v.Refunded(), v.Lost(), v.Dispute(), v.Status())
		}
		v = w.hear(line, a, provider.Movements{Disputes: []provider.RemoteDispute{dispute("dp_1", 1000, provider.DisputeLost), dispute("dp_2", 2000, provider.DisputeWon)}})
		if v.Lost() != eur(1000) || v.Kept() != eur(3600) || v.Refundable() != eur(3600) {
			t.Errorf("one came back: lost %s, kept %s, refundable %s", v.Lost(), v.Kept(), v.Refundable())
		}
		all, err := w.payments.Disputes(t.Context(), a.BusinessID, a.ID)
		slices.SortFunc(all, func(a, b payment.Dispute) int { return strings.Compare(a.Ref, b.Ref) }) // of one instant
		if err != nil || len(all) != 2 || all[0] != (payment.Dispute{Ref: "dp_1", Amount: eur(1000), State: provider.DisputeLost, Reason: "fraudulent", OpenedAt: dbtest.Start.Add(-time.Hour)}) ||
			all[1].State != provider.DisputeWon {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// What a provider tells of money that did not move, or of other money, is nothing that the
// merchant must know.
func TestWhatMovedNothingOfOursIsNotBooked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		a := w.mustPay(w.mustLink(1))
		usd := money.Amount{Minor: 100, Currency: "USD"}
		v := w.hear(line, a, provider.Movements{
			Refunds: []provider.RemoteRefund{
				{Ref: "re_1", Amount: eur(100), State: provider.RefundRejected}, {Ref: "re_2", Amount: eur(0), State: provider.RefundDone}, {Ref: "re_3", Amount: usd, State: provider.RefundDone},
			},
			Disputes: []provider.RemoteDispute{{Ref: "dp_1", Amount: eur(0), State: provider.DisputeLost}, {Ref: "dp_2", Amount: usd, State: provider.DisputeLost}},
		})
		if v.Status() != history.StatusPaid || v.RefundFailed() || v.Kept() != eur(4900) || v.Dispute() != "" {
			t.Errorf("%s, failed %v, kept %s, %q", v.Status(), v.RefundFailed(), v.Kept(), v.Dispute())
		}
		refunds, _ := w.payments.Refunds(t.Context(), a.BusinessID, a.ID)
		if disputes, err := w.payments.Disputes(t.Context(), a.BusinessID, a.ID); len(refunds)+len(disputes) > 0 || err != nil {
			t.Errorf("%+v, %+v, %v", refunds, disputes, err)
		}
		w.mustHold()
	})
}

// A provider that tells of more refunds than money is not believed, and a person looks.
func TestMoreRefundsThanMoneyAreForAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		a := w.mustPay(w.mustLink(1))
		v := w.hear(line, a, provider.Movements{Refunds: []provider.RemoteRefund{
			{Ref: "re_1", Amount: eur(1900), State: provider.RefundDone}, {Ref: "re_2", Amount: eur(3000), State: provider.RefundDone}, {Ref: "re_3", Amount: eur(1), State: provider.RefundDone},
		}})
		if v.Refunded() != eur(4900) || !v.RefundFailed() || v.RefundOnItsWay() != eur(0) {
			t.Errorf("refunded %s, failed %v, on its way %s", v.Refunded(), v.RefundFailed(), v.RefundOnItsWay())
		}
		if all, err := w.payments.NeedingAttention(t.Context(), a.BusinessID, business.Test); len(all) != 1 || err != nil {
			t.Errorf("%d need attention, %v", len(all), err)
		}
		events, err := w.payments.Timeline(t.Context(), a.BusinessID, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, e := range events[len(events)-3:] {
			told = append(told, e.Detail)
		}
		if want := []string{"partially_refunded", "refunded", "refund_failed"}; !slices.Equal(told, want) {
			t.Errorf("told %q", told)
		}
	})
}

// What was given back another way is not owed any more, and is no failure.
func TestWhatWasGivenBackThereIsNotOwed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		a := w.mustPay(w.mustLink(1))
		byUs := map[int64]bool{}
		w.payments.Reactions = append(w.payments.Reactions, payment.Reaction{Name: "hear", Do: func(_ context.Context, _ *db.Tx, m payment.Movement) error {
			byUs[m.Amount.Minor] = m.ByUs
			return nil
		}})
		w.mustRefund(a, payment.RefundRequest{Amount: part(900)})
		line.set(func() { // it never got the second one, and the merchant gave back the rest there
			line.refund = errTimeout
			line.told = func(m *provider.Movements) {
				m.Refunds = slices.DeleteFunc(m.Refunds, func(r provider.RemoteRefund) bool { return r.Amount == eur(1000) })
			}
		})
		w.mustRefund(a, payment.RefundRequest{Amount: part(1000)})
		line.set(func() {
			line.told = func(m *provider.Movements) {
				m.Refunds = append(slices.DeleteFunc(m.Refunds, func(r provider.RemoteRefund) bool { return r.Amount == eur(1000) }), provider.RemoteRefund{Ref: "re_1", Amount: eur(4000), State: provider.RefundDone})
			}
		})
		if _, err := w.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		v := w.expect(a, attempt.Paid, history.StatusRefunded)
		if v.Refunded() != eur(4900) || !v.RefundOnItsWay().IsZero() || v.RefundFailed() || v.InQueue() {
			t.Errorf("refunded %s, on its way %s, failed %v", v.Refunded(), v.RefundOnItsWay(), v.RefundFailed())
		}
		if !maps.Equal(byUs, map[int64]bool{900: true, 4000: false}) {
			t.Errorf("by us: %v", byUs)
		}
	})
}

// What is kept beside a payment is mended by what its refunds and disputes say.
func TestWhatIsReservedAndLostIsRepaired(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		a, b := w.mustPay(w.mustLink(1)), w.mustPay(w.mustLink(1))
		w.hear(line, a, provider.Movements{
			Refunds:  []provider.RemoteRefund{{Ref: "re_1", Amount: eur(100), State: provider.RefundUnderway}},
			Disputes: []provider.RemoteDispute{{Ref: "dp_1", Amount: eur(1000), State: provider.DisputeLost}},
		})
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `UPDATE payments SET reserved_minor = 7, lost_minor = 7`); err != nil {
				return err
			}
			return payment.Repair(t.Context(), tx)
		}); err != nil {
			t.Fatal(err)
		}
		if v := w.view(a); v.RefundOnItsWay() != eur(100) || v.Lost() != eur(1000) {
			t.Errorf("on its way %s, lost %s", v.RefundOnItsWay(), v.Lost())
		}
		if v := w.view(b); !v.RefundOnItsWay().IsZero() || !v.Lost().IsZero() {
			t.Errorf("of another: on its way %s, lost %s", v.RefundOnItsWay(), v.Lost())
		}
	})
}
