package payment_test

import (
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
)

// forget takes the database back to before an attempt was made, as a backup does.
func forget(w *paymenttest.World, a attempt.Attempt) {
	w.T.Helper()
	err := w.DB.InTx(w.T.Context(), func(tx *db.Tx) error {
		for _, statement := range []string{
			`DELETE FROM payment_effects WHERE payment_id = $1`, `DELETE FROM refunds WHERE payment_id = $1`, `DELETE FROM disputes WHERE payment_id = $1`,
			`DELETE FROM payments WHERE id = $1`, `DELETE FROM attempt_events WHERE attempt_id = $1`, `DELETE FROM attempts WHERE id = $1`,
		} {
			if _, err := tx.Exec(w.T.Context(), statement, a.ID); err != nil {
				return err
			}
		}
		for _, statement := range []string{
			`DELETE FROM link_totals WHERE link_id = $1`, `DELETE FROM link_rollups WHERE link_id = $1`,
			`UPDATE link_slots SET held = 0, consumed = 0, held_units = 0, consumed_units = 0 WHERE link_id = $1`,
		} {
			if _, err := tx.Exec(w.T.Context(), statement, a.LinkID); err != nil {
				return err
			}
		}
		for _, statement := range []string{`DELETE FROM business_days WHERE business_id = $1`, `DELETE FROM receipt_series WHERE business_id = $1`, `DELETE FROM credit_note_series WHERE business_id = $1`} {
			if _, err := tx.Exec(w.T.Context(), statement, a.BusinessID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// The backup is older than a payment and its refund; the provider knows both.
func TestWhatABackupForgotComesBackFromTheProvider(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Parties(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			l := w.MustLink(1)
			a := w.MustStart(w.Ask(l))
			w.Do(a.ProviderRef, provider.RemotePaid)
			w.MustSync(a)
			w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(900)})
			if w.SettleRefunds != nil {
				w.SettleRefunds(a.ProviderRef)
			}
			forget(w.World, a)
			if done := w.Reconcile(); done.Restored != 1 || len(done.Problems) != 0 {
				t.Errorf("%+v", done)
			}
			v := w.Expect(a, attempt.Paid, history.StatusPartiallyRefunded)
			if v.Receipt != "TEST-2026-00001" || v.LinkID != l.ID || v.Channel != "qr" || v.Payer.Email != a.Payer.Email || v.Title != a.Title {
				t.Errorf("%+v", v)
			}
			if w.Slots(l) != (link.Slots{Used: 1}) {
				t.Errorf("slots %+v", w.Slots(l))
			}
			if done := w.Reconcile(); done.Restored+done.Settled != 0 || done.Listed != 1 {
				t.Errorf("again: %+v", done)
			}
			w.MustHold()
		})
	})
}

// What an amount was made of comes back with it: places, tip, fee, and what a code took off.
func TestWhatABackupForgotHasItsPartsAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		units  int64
		extras checkout.Extras
		code   string
	}{{2, checkout.Extras{Tip: "10", CoverFee: true}, ""}, {3, checkout.Extras{}, "SALE"}, {1, checkout.Extras{Tip: "5"}, "SALE"}, {1, checkout.Extras{CoverFee: true}, ""}} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			w := paymenttest.MustParty(t, d, "mollie")
			w.MustCode("SALE", 20_00, money.Amount{}, coupon.CodeFields{})
			r := w.Ask(w.MustUnits(20))
			r.Quantity, r.Extras, r.Code = c.units, c.extras, c.code
			a := w.MustStart(r)
			w.Do(a.ProviderRef, provider.RemotePaid)
			before := w.MustSync(a)
			forget(w.World, a)
			if done := w.Reconcile(); done.Restored != 1 || len(done.Problems) != 0 {
				t.Errorf("%+v", done)
			}
			v := w.Expect(a, attempt.Paid, history.StatusPaid)
			if v.Late() || v.Quantity != c.units || v.Code != c.code || v.CodeID != before.CodeID || v.Parts() != before.Parts() {
				t.Errorf("%d with %+v and %q: %+v, want %+v", c.units, c.extras, c.code, v.Parts(), before.Parts())
			}
		})
	}
}

// The backup holds an attempt that has ended since; its slot is for the one
// that was paid and forgotten.
func TestAForgottenPaymentFindsThePlaceThatCameFree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustParty(t, d, "stripe")
		l := w.MustLink(1)
		gone := w.MustStart(w.Ask(l))
		w.Do(gone.ProviderRef, provider.RemoteExpired)
		w.MustSync(gone)
		paid := w.MustStart(w.Ask(l))
		w.Do(paid.ProviderRef, provider.RemotePaid)
		w.MustSync(paid)
		forget(w.World, paid)
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `UPDATE attempts SET state = 'open', holds_slot = TRUE WHERE id = $1`, gone.ID); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), `UPDATE link_slots SET held = 1, held_units = 1 WHERE link_id = $1 AND mode = 'test'`, l.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if done := w.Reconcile(); done.Restored != 1 || done.Settled != 1 {
			t.Errorf("%+v", done)
		}
		w.Expect(gone, attempt.Expired, history.StatusExpired)
		w.Expect(paid, attempt.Paid, history.StatusPaid)
		w.MustHold()
	})
}

func TestOtherPeoplesCheckoutsAreLeftAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustParty(t, d, "mollie")
		a := w.MustStart(w.Ask(w.MustLink(1)))
		w.Do(a.ProviderRef, provider.RemotePaid)
		w.Alter(a.ProviderRef, "", "pay_of_somebody_else", false) // leaves no business in the metadata
		if done := w.Reconcile(); done.Foreign != 1 || done.Listed != 0 {
			t.Errorf("%+v", done)
		}
		if n := w.Count(`SELECT COUNT(*) FROM attempts`); n != 1 {
			t.Errorf("%d attempts", n)
		}
	})
}

// What is paid, on its way or open is made anew, with the place that it holds; what ended
// without money is not.
func TestOnlyWhatMoneyMayComeOfIsMadeAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(5)
		var all []attempt.Attempt
		for _, outcome := range []sandbox.Outcome{"", sandbox.Pending, sandbox.Paid, sandbox.Failed} {
			r := w.Ask(l)
			r.Title = strings.Repeat("a", 99) + "é of which the provider keeps no half"
			a := w.MustStart(r)
			if outcome != "" {
				w.Decide(a, outcome)
				w.MustSync(a)
			}
			all = append(all, a)
		}
		for _, a := range all {
			forget(w, a)
		}
		if done := w.Reconcile(); done.Listed != 4 || done.Restored != 3 || len(done.Problems) != 0 {
			t.Errorf("%+v", done)
		}
		w.Expect(all[0], attempt.Open, history.StatusOpen)
		w.Expect(all[1], attempt.Pending, history.StatusPending)
		if v := w.Expect(all[2], attempt.Paid, history.StatusPaid); v.Late() || v.Title != strings.Repeat("a", 99) {
			t.Errorf("late %v, %q", v.Late(), v.Title)
		}
		if _, err := w.Payments.Get(t.Context(), w.Business.ID, all[3].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("what failed: %v", err)
		}
		if got := w.Slots(l); got != (link.Slots{Used: 1, Held: 2}) {
			t.Errorf("slots %+v", got)
		}
		w.MustHold()
	})
}

// there changes what the sandbox tells.
func there(w *paymenttest.World, statement string, arguments ...any) {
	w.T.Helper()
	if err := w.DB.InTx(w.T.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.T.Context(), statement, arguments...)
		return err
	}); err != nil {
		w.T.Fatal(err)
	}
}

// A payment for what the backup doesn't know either counts all the same.
func TestAForgottenPaymentCountsWithoutWhatItWasFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		sold, err := w.Products.Create(t.Context(), w.Business, product.Fields{Name: "Print", Price: paymenttest.Eur(4900), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		l := w.MustLink(1)
		var all []attempt.Attempt
		for _, p := range []*product.Product{nil, &sold, &sold} {
			r := w.Ask(l)
			if p != nil {
				r.Source, r.Link, r.Product = attempt.SourceProduct, nil, p
			}
			a := w.MustStart(r)
			w.Decide(a, sandbox.Paid)
			w.MustSync(a)
			all = append(all, a)
		}
		for _, a := range all {
			forget(w, a)
		}
		for i, id := range []string{string(l.ID), string(sold.ID)} {
			there(w, `UPDATE sandbox_payments SET source = REPLACE(source, $2, $3) WHERE id = $1`, all[i].ProviderRef, id, "gone")
		}
		if done := w.Reconcile(); done.Restored != 3 || len(done.Problems) != 1 || !strings.HasPrefix(done.Problems[0], string(all[0].ID)) {
			t.Errorf("%+v", done)
		}
		for i, want := range []struct {
			source  attempt.Source
			product product.ID
		}{{attempt.SourcePage, ""}, {attempt.SourceProduct, ""}, {attempt.SourceProduct, sold.ID}} {
			if v := w.Expect(all[i], attempt.Paid, history.StatusPaid); v.LinkID != "" || v.Source != want.source || v.ProductID != want.product {
				t.Errorf("%d: by %s, link %q, product %q", i, v.Source, v.LinkID, v.ProductID)
			}
		}
	})
}

// The code's only use was taken after the backup: the money goes back, and the place with it.
func TestAForgottenPaymentWhoseCodeIsUsedUpHoldsNoPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		w.MustCode("ONCE", 20_00, money.Amount{}, coupon.CodeFields{Max: 1})
		l := w.MustLink(1)
		a := w.MustStart(w.AskWith(l, "ONCE"))
		w.Decide(a, sandbox.Paid)
		w.MustSync(a)
		forget(w, a)
		if done := w.Reconcile(); done.Restored != 1 {
			t.Errorf("%+v", done)
		}
		w.Expect(a, attempt.Paid, history.StatusOverflow)
		if got := w.Slots(l); got != (link.Slots{}) {
			t.Errorf("slots %+v", got)
		}
	})
}

// A comparison finds the checkout whose answer never came, without asking for another.
func TestAComparisonFindsTheCheckoutOfALostAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		line.Set(func() { line.StartErr, line.FindErr = paymenttest.ErrTimeout, paymenttest.ErrTimeout })
		a := w.MustStart(w.Ask(w.MustLink(1)))
		if err := d.Get(t.Context(), &a.ProviderRef, `SELECT id FROM sandbox_payments`); err != nil {
			t.Fatal(err)
		}
		w.Decide(a, sandbox.Paid)
		if done := w.Reconcile(); done.Listed != 1 || done.Settled != 1 || done.Restored != 0 {
			t.Errorf("%+v", done)
		}
		w.Expect(a, attempt.Paid, history.StatusPaid)
		w.MustHold()
	})
}

// Two checkouts of one attempt, one of them paid, are for a person, who finds both named.
func TestTwoCheckoutsOfOneAttemptAreTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(2)
		a, other := w.MustStart(w.Ask(l)), w.MustStart(w.Ask(l))
		w.Decide(other, sandbox.Paid)
		there(w, `UPDATE sandbox_payments SET metadata = $2 WHERE id = $1`, other.ProviderRef, a.ID)
		done := w.Reconcile()
		if len(done.Problems) != 1 || !strings.Contains(done.Problems[0], a.ProviderRef) || !strings.Contains(done.Problems[0], other.ProviderRef) {
			t.Errorf("%+v", done)
		}
		w.Expect(a, attempt.Open, history.StatusOpen)
	})
}
