package payment_test

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/visit"
)

// hear lets the provider tell of moved money, and asks it once.
func hear(w *paymenttest.World, line *paymenttest.Wire, a attempt.Attempt, told provider.Movements) history.View {
	w.T.Helper()
	line.Set(func() {
		line.Told = func(moved *provider.Movements) {
			moved.Refunds, moved.Disputes = append(moved.Refunds, told.Refunds...), append(moved.Disputes, told.Disputes...)
		}
	})
	if _, err := w.Payments.Sync(w.T.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
		w.T.Fatal(err)
	}
	return w.View(a)
}

// A report may tell of several disputes and refunds. Each is booked, and what is lost and
// comes back is that of its own dispute.
func TestAllThatOneReportTellsIsBooked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		a := w.MustPay(w.MustLink(1))
		dispute := func(ref string, minor int64, state provider.DisputeState) provider.RemoteDispute {
			return provider.RemoteDispute{Ref: ref, Amount: paymenttest.Eur(minor), State: state, Reason: "fraudulent", OpenedAt: dbtest.Start.Add(-time.Hour)}
		}
		v := hear(w, line, a, provider.Movements{
			Refunds:  []provider.RemoteRefund{{Ref: "re_1", Amount: paymenttest.Eur(100), State: provider.RefundDone}, {Ref: "re_2", Amount: paymenttest.Eur(200), State: provider.RefundDone}},
			Disputes: []provider.RemoteDispute{dispute("dp_1", 1000, provider.DisputeLost), dispute("dp_2", 2000, provider.DisputeLost)},
		})
		if v.Refunded() != paymenttest.Eur(300) || v.Lost() != paymenttest.Eur(3000) || v.Dispute() != provider.DisputeLost || v.Status() != history.StatusPartiallyRefunded {
			t.Errorf("refunded %s, lost %s, %q, %s", v.Refunded(), v.Lost(), v.Dispute(), v.Status())
		}
		v = hear(w, line, a, provider.Movements{Disputes: []provider.RemoteDispute{dispute("dp_1", 1000, provider.DisputeLost), dispute("dp_2", 2000, provider.DisputeWon)}})
		if v.Lost() != paymenttest.Eur(1000) || v.Kept() != paymenttest.Eur(3600) || v.Refundable() != paymenttest.Eur(3600) {
			t.Errorf("one came back: lost %s, kept %s, refundable %s", v.Lost(), v.Kept(), v.Refundable())
		}
		all, err := w.Payments.Disputes(t.Context(), a.BusinessID, a.ID)
		slices.SortFunc(all, func(a, b payment.Dispute) int { return strings.Compare(a.Ref, b.Ref) }) // of one instant
		if err != nil || len(all) != 2 || all[0] != (payment.Dispute{Ref: "dp_1", Amount: paymenttest.Eur(1000), State: provider.DisputeLost, Reason: "fraudulent", OpenedAt: dbtest.Start.Add(-time.Hour)}) ||
			all[1].State != provider.DisputeWon {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// What a provider tells of money that did not move, or of other money, is nothing that the
// merchant must know.
func TestWhatMovedNothingOfOursIsNotBooked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		a := w.MustPay(w.MustLink(1))
		usd := money.Amount{Minor: 100, Currency: "USD"}
		v := hear(w, line, a, provider.Movements{
			Refunds: []provider.RemoteRefund{
				{Ref: "re_1", Amount: paymenttest.Eur(100), State: provider.RefundRejected}, {Ref: "re_2", Amount: paymenttest.Eur(0), State: provider.RefundDone}, {Ref: "re_3", Amount: usd, State: provider.RefundDone},
			},
			Disputes: []provider.RemoteDispute{{Ref: "dp_1", Amount: paymenttest.Eur(0), State: provider.DisputeLost}, {Ref: "dp_2", Amount: usd, State: provider.DisputeLost}},
		})
		if v.Status() != history.StatusPaid || v.RefundFailed() || v.Kept() != paymenttest.Eur(4900) || v.Dispute() != "" {
			t.Errorf("%s, failed %v, kept %s, %q", v.Status(), v.RefundFailed(), v.Kept(), v.Dispute())
		}
		refunds, _ := w.Payments.Refunds(t.Context(), a.BusinessID, a.ID)
		if disputes, err := w.Payments.Disputes(t.Context(), a.BusinessID, a.ID); len(refunds)+len(disputes) > 0 || err != nil {
			t.Errorf("%+v, %+v, %v", refunds, disputes, err)
		}
		w.MustHold()
	})
}

// A provider that tells of more refunds than money is not believed, and a person looks.
func TestMoreRefundsThanMoneyAreForAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		a := w.MustPay(w.MustLink(1))
		v := hear(w, line, a, provider.Movements{Refunds: []provider.RemoteRefund{
			{Ref: "re_1", Amount: paymenttest.Eur(1900), State: provider.RefundDone}, {Ref: "re_2", Amount: paymenttest.Eur(3000), State: provider.RefundDone}, {Ref: "re_3", Amount: paymenttest.Eur(1), State: provider.RefundDone},
		}})
		if v.Refunded() != paymenttest.Eur(4900) || !v.RefundFailed() || v.RefundOnItsWay() != paymenttest.Eur(0) {
			t.Errorf("refunded %s, failed %v, on its way %s", v.Refunded(), v.RefundFailed(), v.RefundOnItsWay())
		}
		if all, err := w.Payments.NeedingAttention(t.Context(), a.BusinessID, business.Test); len(all) != 1 || err != nil {
			t.Errorf("%d need attention, %v", len(all), err)
		}
		events, err := w.Payments.Timeline(t.Context(), a.BusinessID, a.ID)
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
		w, line := paymenttest.BrokenWorld(t, d)
		a := w.MustPay(w.MustLink(1))
		byUs := map[int64]bool{}
		w.Payments.Reactions = append(w.Payments.Reactions, payment.Reaction{Name: "hear", Do: func(_ context.Context, _ *db.Tx, m payment.Movement) error {
			byUs[m.Amount.Minor] = m.ByUs
			return nil
		}})
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(900)})
		line.Set(func() { // it never got the second one, and the merchant gave back the rest there
			line.RefundErr = paymenttest.ErrTimeout
			line.Told = func(m *provider.Movements) {
				m.Refunds = slices.DeleteFunc(m.Refunds, func(r provider.RemoteRefund) bool { return r.Amount == paymenttest.Eur(1000) })
			}
		})
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(1000)})
		line.Set(func() {
			line.Told = func(m *provider.Movements) {
				m.Refunds = append(slices.DeleteFunc(m.Refunds, func(r provider.RemoteRefund) bool { return r.Amount == paymenttest.Eur(1000) }), provider.RemoteRefund{Ref: "re_1", Amount: paymenttest.Eur(4000), State: provider.RefundDone})
			}
		})
		if _, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		v := w.Expect(a, attempt.Paid, history.StatusRefunded)
		if v.Refunded() != paymenttest.Eur(4900) || !v.RefundOnItsWay().IsZero() || v.RefundFailed() || v.InQueue() {
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
		w, line := paymenttest.BrokenWorld(t, d)
		a, b := w.MustPay(w.MustLink(1)), w.MustPay(w.MustLink(1))
		hear(w, line, a, provider.Movements{
			Refunds:  []provider.RemoteRefund{{Ref: "re_1", Amount: paymenttest.Eur(100), State: provider.RefundUnderway}},
			Disputes: []provider.RemoteDispute{{Ref: "dp_1", Amount: paymenttest.Eur(1000), State: provider.DisputeLost}},
		})
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `UPDATE payments SET reserved_minor = 7, lost_minor = 7`); err != nil {
				return err
			}
			return payment.Repair(t.Context(), tx)
		}); err != nil {
			t.Fatal(err)
		}
		if v := w.View(a); v.RefundOnItsWay() != paymenttest.Eur(100) || v.Lost() != paymenttest.Eur(1000) {
			t.Errorf("on its way %s, lost %s", v.RefundOnItsWay(), v.Lost())
		}
		if v := w.View(b); !v.RefundOnItsWay().IsZero() || !v.Lost().IsZero() {
			t.Errorf("of another: on its way %s, lost %s", v.RefundOnItsWay(), v.Lost())
		}
	})
}

// Counters are computed anew beside a running server: what others change meanwhile is in them,
// or limits would be sold over.
func TestCountersAreRightWhenTheyAreRepairedWhileSomebodyPays(t *testing.T) {
	d := dbtest.PostgreSQL(t) // SQLite has one writer
	holding, release := make(chan struct{}), make(chan struct{})
	blocks := false
	w := paymenttest.MustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
		c.OnStart = func(context.Context, *db.Tx, business.Business, ...attempt.Attempt) error {
			if blocks {
				close(holding)
				<-release
			}
			return nil
		}
	})
	l := w.MustLink(10)
	w.MustStart(w.Ask(l))
	blocks = true
	var both sync.WaitGroup
	both.Go(func() { w.MustStart(w.Ask(l)) })
	<-holding
	both.Go(func() {
		for _, repair := range []func(context.Context, *db.Tx) error{link.Repair, coupon.Repair, payment.Repair, visit.Repair} {
			if err := d.InTx(t.Context(), func(tx *db.Tx) error { return repair(t.Context(), tx) }); err != nil {
				t.Error(err)
			}
		}
	})
	for waits := false; !waits && t.Context().Err() == nil; runtime.Gosched() {
		if err := d.Get(t.Context(), &waits, `SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%link_slots%')`); err != nil {
			t.Error(err)
			break
		}
	}
	close(release)
	both.Wait()
	if held := w.Count(`SELECT held FROM link_slots WHERE mode = 'test'`); held != 2 {
		t.Errorf("%d places are held of 2", held)
	}
	w.MustHold()
}
