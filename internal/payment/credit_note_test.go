package payment_test

import (
	"slices"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
)

func TestEachRefundOfAReceiptGetsTheNextCreditNote(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		r := w.Ask(w.MustUnits(10))
		r.Quantity, r.Extras = 2, checkout.Extras{Tip: "10", CoverFee: true} // 98.00 + 9.80 + 1.90
		a := w.MustStart(r)
		w.Decide(a, "paid")
		w.MustSync(a)
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(3333)})
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(500), Part: checkout.TipLine})
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(91), Part: checkout.FeeLine})
		byHand := w.MustRecord(w.HandOf(w.MustLink(2)))
		if made := w.MustRefund(byHand.Attempt, payment.RefundRequest{}); made.CreditNote != "TEST-CN-"+w.DB.Clock().Now().UTC().Format("2006")+"-00004" {
			t.Errorf("the reversal's is %q", made.CreditNote)
		}
		w.MustRefund(a, payment.RefundRequest{}) // the rest
		notes, err := w.Payments.CreditNotes(t.Context(), a.BusinessID, a.ID)
		if err != nil || len(notes) != 4 {
			t.Fatalf("%+v, %v", notes, err)
		}
		year := "TEST-CN-" + w.DB.Clock().Now().UTC().Format("2006")
		var numbers []string
		tax, rate := int64(0), business.Rate(2100)
		for _, n := range notes {
			numbers = append(numbers, n.Number)
			tax += rate.Split(n.TaxedBefore, n.Taxed()).Tax
			if n.Goods+n.Fee+n.Tip != n.Amount.Minor {
				t.Errorf("%s is of %d + %d + %d, of %s", n.Number, n.Goods, n.Fee, n.Tip, n.Amount)
			}
		}
		if want := []string{year + "-00001", year + "-00002", year + "-00003", year + "-00005"}; !slices.Equal(numbers, want) || !slices.Equal(w.View(a).CreditNotes(), want) {
			t.Errorf("%v, %v, want %v", numbers, w.View(a).CreditNotes(), want)
		}
		if notes[0].Goods != 3333 || notes[1].Tip != 500 || notes[2].Fee != 91 || notes[3].Goods != 9800-3333 || notes[3].Tip != 480 || notes[3].Fee != 99 {
			t.Errorf("%+v", notes)
		}
		if whole := rate.Included(a.Parts().Taxed()); tax != whole {
			t.Errorf("the notes' VAT is %d, the receipt's %d", tax, whole)
		}
		if found, _, err := w.Payments.List(t.Context(), a.BusinessID, a.Mode, history.Filter{Query: numbers[1]}); err != nil || len(found) != 1 || found[0].ID != a.ID {
			t.Errorf("by its credit note: %v, %v", found, err)
		}
		w.MustHold()
	})
}

// What was refunded before there were credit notes is numbered once, in its order.
func TestRefundsOfBeforeAreNumberedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		first, second := w.MustPay(w.MustLink(2)), w.MustPay(w.MustLink(2))
		w.MustRefund(first, payment.RefundRequest{Amount: paymenttest.Part(100)})
		w.Pass(time.Hour)
		w.MustRefund(second, payment.RefundRequest{})
		err := w.DB.InTx(t.Context(), func(tx *db.Tx) error { // as the migration leaves them
			if _, err := tx.Exec(t.Context(), `UPDATE refunds SET credit_note = NULL, goods_minor = 0`); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), `DELETE FROM credit_note_series`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := w.Payments.NumberCreditNotes(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		w.MustRefund(first, payment.RefundRequest{})
		if a, b := w.View(first).CreditNotes(), w.View(second).CreditNotes(); len(a) != 2 || len(b) != 1 || a[0][len(a[0])-1] != '1' || b[0][len(b[0])-1] != '2' || a[1][len(a[1])-1] != '3' {
			t.Errorf("%v, %v", a, b)
		}
		w.MustHold()
	})
}
