package payment_test

import (
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
)

// buy is a payer with the address who pays for the link.
func (w *world) buy(l link.Link, email string) history.View {
	w.t.Helper()
	r := w.ask(l)
	r.Payer.Email = email
	a := w.mustStart(r)
	w.decide(a, sandbox.Paid)
	return w.mustSync(a)
}

func TestAnUnknownPayerBecomesACustomer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(0)
		first, again, other := w.buy(l, "sanne@example.com"), w.buy(l, "Sanne@EXAMPLE.com"), w.buy(l, "bob@example.com")
		if first.CustomerID == "" || again.CustomerID != first.CustomerID || other.CustomerID == first.CustomerID {
			t.Errorf("the customers are %q, %q and %q", first.CustomerID, again.CustomerID, other.CustomerID)
		}
		c, err := w.customers.Get(t.Context(), w.business.ID, first.CustomerID)
		if err != nil || c.Name != "Jonas Lindqvist" || c.Email != "sanne@example.com" || c.Language != "en" {
			t.Errorf("the payer became %+v, %v", c, err)
		}
		failed := w.mustStart(w.ask(l))
		w.decide(failed, sandbox.Failed)
		w.mustSync(failed)
		if n, _ := w.customers.Count(t.Context(), w.business.ID); n != 2 {
			t.Errorf("%d customers, although only two paid", n)
		}
	})
}

func TestALinksOwnCustomerPaysWhoeverTypes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		c, err := w.customers.Create(t.Context(), w.business, customer.Fields{Name: "Firm", Email: "info@firm.example"})
		if err != nil {
			t.Fatal(err)
		}
		l := w.create(link.Fields{Name: "Invoice", Amount: new(eur(4900)), CustomerID: c.ID})
		if v := w.buy(l, "assistant@firm.example"); v.CustomerID != c.ID || v.Payer.Email != "assistant@firm.example" {
			t.Errorf("the payment is %q's, typed by %q", v.CustomerID, v.Payer.Email)
		}
	})
}

func TestPaymentsFollowAMergeAndSurviveADeletion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.customers.OnMerge(w.payments.MoveCustomer)
		w.customers.OnMerge(w.links.MoveCustomer)
		w.customers.OnDelete(w.payments.DropCustomer)
		w.customers.OnDelete(w.links.DropCustomer)
		l := w.mustLink(0)
		keep, gone := w.buy(l, "a@example.com"), w.buy(l, "b@example.com")
		before := payment.PastPayment{BusinessID: w.business.ID, Mode: w.business.Mode, CustomerID: gone.CustomerID, Title: "Before", Amount: eur(700), PaidAt: dbtest.Start}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error { _, err := w.payments.AddPastTx(t.Context(), tx, before); return err }); err != nil {
			t.Fatal(err)
		}
		of := func(id customer.ID) int64 {
			return w.count(`SELECT COUNT(*) FROM past_payments WHERE customer_id = $1`, id)
		}
		theirs := w.create(link.Fields{Name: "Theirs", Amount: new(eur(100)), CustomerID: gone.CustomerID})
		if _, err := w.customers.Merge(t.Context(), w.business, keep.CustomerID, gone.CustomerID); err != nil {
			t.Fatal(err)
		}
		if got := w.view(gone.Attempt); got.CustomerID != keep.CustomerID {
			t.Errorf("after the merge the payment is %q's", got.CustomerID)
		}
		if of(keep.CustomerID) != 1 {
			t.Error("after the merge the payment of before is not theirs")
		}
		if got, _ := w.links.Get(t.Context(), w.business, theirs.ID); got.CustomerID != keep.CustomerID {
			t.Errorf("after the merge the link is %q's", got.CustomerID)
		}
		if err := w.customers.Delete(t.Context(), w.business.ID, keep.CustomerID); err != nil {
			t.Fatal(err)
		}
		if of(keep.CustomerID) != 0 {
			t.Error("after the deletion the payment of before is still theirs")
		}
		got := w.view(gone.Attempt)
		if got.CustomerID != "" || got.Payer.Email != "b@example.com" || got.Receipt == "" || got.Status() != history.StatusPaid {
			t.Errorf("after the deletion the payment is %+v", got)
		}
		w.mustHold()
	})
}
