package payment_test

import (
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// What is on its way back can't go back twice; when it fails, it can.
func TestARefundOnItsWayIsReservedUntilItFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustParty(t, d, "mollie")
		a := w.mustStart(w.ask(w.mustLink(1)))
		w.do(a.ProviderRef, provider.RemotePaid)
		w.mustSync(a)
		w.mustRefund(a, payment.RefundRequest{Amount: part(900)})
		if v := w.mustSync(a); v.RefundOnItsWay() != eur(900) || v.Refundable() != eur(4000) || v.RefundFailed() {
			t.Errorf("%s is on its way, %s may be refunded, failed %v", v.RefundOnItsWay(), v.Refundable(), v.RefundFailed())
		}
		w.failRefunds(a.ProviderRef)
		w.reconcile()
		if v := w.view(a); v.RefundOnItsWay() != eur(0) || v.Refundable() != eur(4900) || !v.RefundFailed() {
			t.Errorf("%s is on its way, %s may be refunded, failed %v", v.RefundOnItsWay(), v.Refundable(), v.RefundFailed())
		}
		w.mustHold()
	})
}

// A refund that the provider refused takes nothing of its part.
func TestARefusedRefundLeavesItsPart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		r := w.askFor(w.mustUnits(5), 2)
		r.Extras = checkout.Extras{Tip: "10"}
		a := w.mustStart(r)
		w.decide(a, sandbox.Paid)
		w.mustSync(a)
		line.set(func() { line.refund = provider.ErrRefused })
		_, _ = w.refund(a, payment.RefundRequest{Part: checkout.TipLine})
		line.set(func() { line.refund = nil })
		if made := w.mustRefund(a, payment.RefundRequest{Part: checkout.TipLine}); made.Amount != eur(980) {
			t.Errorf("the tip is %s", made.Amount)
		}
	})
}
