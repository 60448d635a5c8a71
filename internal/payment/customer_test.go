package payment_test

import (
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

func TestAnUnknownPayerBecomesACustomer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(0)
		first, again, other := w.Buy(l, "sanne@example.com"), w.Buy(l, "Sanne@EXAMPLE.com"), w.Buy(l, "bob@example.com")
		if first.CustomerID == "" || again.CustomerID != first.CustomerID || other.CustomerID == first.CustomerID {
			t.Errorf("the customers are %q, %q and %q", first.CustomerID, again.CustomerID, other.CustomerID)
		}
		c, err := w.Customers.Get(t.Context(), w.Business.ID, first.CustomerID)
		if err != nil || c.Name != "Jonas Lindqvist" || c.Email != "sanne@example.com" || c.Language != "en" {
			t.Errorf("the payer became %+v, %v", c, err)
		}
		failed := w.MustStart(w.Ask(l))
		w.Decide(failed, sandbox.Failed)
		w.MustSync(failed)
		if n, _ := w.Customers.Count(t.Context(), w.Business.ID); n != 2 {
			t.Errorf("%d customers, although only two paid", n)
		}
	})
}

func TestALinksOwnCustomerPaysWhoeverTypes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		c, err := w.Customers.Create(t.Context(), w.Business, customer.Fields{Name: "Firm", Email: "info@firm.example"})
		if err != nil {
			t.Fatal(err)
		}
		l := w.Create(link.Fields{Name: "Invoice", Amount: new(paymenttest.Eur(4900)), CustomerID: c.ID})
		if v := w.Buy(l, "assistant@firm.example"); v.CustomerID != c.ID || v.Payer.Email != "assistant@firm.example" {
			t.Errorf("the payment is %q's, typed by %q", v.CustomerID, v.Payer.Email)
		}
	})
}

func TestPaymentsFollowAMergeAndSurviveADeletion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		w.Customers.OnMerge(w.Payments.MoveCustomer)
		w.Customers.OnMerge(w.Links.MoveCustomer)
		w.Customers.OnDelete(w.Payments.DropCustomer)
		w.Customers.OnDelete(w.Links.DropCustomer)
		l := w.MustLink(0)
		keep, gone := w.Buy(l, "a@example.com"), w.Buy(l, "b@example.com")
		before := payment.PastPayment{BusinessID: w.Business.ID, Mode: w.Business.Mode, CustomerID: gone.CustomerID, Title: "Before", Amount: paymenttest.Eur(700), PaidAt: dbtest.Start}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error { _, err := w.Payments.AddPastTx(t.Context(), tx, before); return err }); err != nil {
			t.Fatal(err)
		}
		of := func(id customer.ID) int64 {
			return w.Count(`SELECT COUNT(*) FROM past_payments WHERE customer_id = $1`, id)
		}
		theirs := w.Create(link.Fields{Name: "Theirs", Amount: new(paymenttest.Eur(100)), CustomerID: gone.CustomerID})
		if _, err := w.Customers.Merge(t.Context(), w.Business, keep.CustomerID, gone.CustomerID); err != nil {
			t.Fatal(err)
		}
		if got := w.View(gone.Attempt); got.CustomerID != keep.CustomerID {
			t.Errorf("after the merge the payment is %q's", got.CustomerID)
		}
		if of(keep.CustomerID) != 1 {
			t.Error("after the merge the payment of before is not theirs")
		}
		if got, _ := w.Links.Get(t.Context(), w.Business, theirs.ID); got.CustomerID != keep.CustomerID {
			t.Errorf("after the merge the link is %q's", got.CustomerID)
		}
		if err := w.Customers.Delete(t.Context(), w.Business.ID, keep.CustomerID); err != nil {
			t.Fatal(err)
		}
		if of(keep.CustomerID) != 0 {
			t.Error("after the deletion the payment of before is still theirs")
		}
		got := w.View(gone.Attempt)
		if got.CustomerID != "" || got.Payer.Email != "b@example.com" || got.Receipt == "" || got.Status() != history.StatusPaid {
			t.Errorf("after the deletion the payment is %+v", got)
		}
		w.MustHold()
	})
}
