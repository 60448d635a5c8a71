package waitinglist_test

import (
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/waitinglist"
)

// record takes money in by hand.
func (w *world) record(email string, raise bool) error {
	w.Helper()
	_, err := w.Payments.Record(w.Context(), payment.RecordRequest{
		Business: w.acme, LinkID: w.link.ID, Amount: w.link.Price(), Method: payment.HandCash, Email: email, RaiseLimit: raise, By: "Marit",
	})
	return err
}

func (w *world) mustRecord(email string, raise bool) {
	w.Helper()
	if err := w.record(email, raise); err != nil {
		w.Fatal(err)
	}
	w.settle()
}

// Who pays by hand gets the place that is kept for them, and nobody else's.
func TestMoneyByHandTakesThePlaceOnOffer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		paid := w.pay("a@example.com", "")
		anna, ben := w.join("anna@example.com"), w.join("ben@example.com")
		w.refund(paid)
		w.wants(anna, waitinglist.Offered)
		for _, email := range []string{"", "ben@example.com", "stranger@example.com"} {
			if err := w.record(email, false); !fault.Is(err, fault.LimitReached) {
				t.Errorf("%q got the place of another: %v", email, err)
			}
		}
		w.mustRecord("Anna@example.com", false)
		w.wants(anna, waitinglist.Taken)
		w.wants(ben, waitinglist.Waiting)
		w.whole()
	})
}

// A limit that is raised for money by hand makes room for that money, and for no one who waits.
func TestALimitRaisedForMoneyByHandIsForThatMoney(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		w.pay("a@example.com", "")
		ben := w.join("ben@example.com")
		w.mustRecord("stranger@example.com", true)
		w.wants(ben, waitinglist.Waiting)
		if l, err := w.Links.Get(t.Context(), w.acme, w.link.ID); err != nil || l.Limit.Max != 2 || l.Limit.Kind != link.Multiple {
			t.Errorf("the limit is %+v, %v", l.Limit, err)
		}
		w.whole()
		w.mustRecord("ben@example.com", true)
		w.wants(ben, waitinglist.Taken)
		w.whole()
	})
}

// A checkout that is closed for money by hand leaves its place to that money, also where
// somebody waits.
func TestMoneyByHandKeepsThePlaceOfItsPayersCheckout(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		if _, err := w.start("anna@example.com", ""); err != nil {
			t.Fatal(err)
		}
		ben := w.join("ben@example.com")
		w.mustRecord("anna@example.com", false)
		w.wants(ben, waitinglist.Waiting)
		w.whole()
	})
}

// What a checkout held that was closed for money by hand goes to who waits, when that money
// is refused after all.
func TestAPlaceThatMoneyByHandDidNotTakeIsOffered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, 1)
		w.edit(func(f *link.Fields) {
			f.Limit.Counts, f.Checkout.Quantity = link.Units, &checkout.Quantity{Min: 1, Max: 1}
		})
		if _, err := w.start("anna@example.com", ""); err != nil {
			t.Fatal(err)
		}
		ben := w.join("ben@example.com")
		if _, err := w.Payments.Record(t.Context(), payment.RecordRequest{
			Business: w.acme, LinkID: w.link.ID, Amount: w.link.Price(), Quantity: 2, Method: payment.HandCash, Email: "anna@example.com", By: "Marit",
		}); !fault.Is(err, fault.LimitReached) {
			t.Fatalf("two units are recorded of one: %v", err)
		}
		w.wants(ben, waitinglist.Waiting)
		w.at(1)
		w.wants(ben, waitinglist.Offered)
		w.whole()
	})
}
