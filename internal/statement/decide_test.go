package statement_test

import (
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/statement"
)

// Two entries of one statement are never said to be the money of one payment: the second
// would be refused when the statement is booked, behind the back of whoever decided.
func TestOneTransferPaysOnePayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link(0)
		ann, annRef := w.asked(l, "Ann Fine")
		ben, _ := w.asked(l, "Ben")
		today := w.day(0)
		s := w.read(camt(
			credit{day: today, amount: "49.00", payer: "A FINE", text: annRef, id: "1"},
			credit{day: today, amount: "49.00", payer: "A FINE", text: "again", id: "2"},
			credit{day: today, amount: "49.00", payer: "B", text: "workshop", id: "3"},
			credit{day: today, amount: "0.00", payer: "The bank", text: "terms have changed", id: "4"},
		))
		all := w.expect(s, "matched/reference doubtful/no_reference doubtful/no_reference left_out/nothing")
		given := func(i int, to attempt.ID, want string) {
			t.Helper()
			_, err := w.decide(s, all[i], statement.Assign, to)
			f := fault.Of(err)
			if want == "" && err == nil {
				return
			}
			if err == nil || f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Code != want {
				t.Errorf("entry %d: %v, want %q", i, err, want)
			}
		}
		given(1, ann.ID, "payment_id.given") // the first is, by its reference
		given(1, ben.ID, "")
		given(2, ben.ID, "payment_id.given") // the second is, as somebody said
		w.must(w.decide(s, all[1], statement.ToReturn, ""))
		given(2, ben.ID, "") // and no longer
		w.book(s)
		w.expect(s, "matched/reference doubtful/no_reference matched/decided left_out/nothing")
		w.paid(ann, history.StatusPaid)
		w.paid(ben, history.StatusPaid)
		given(1, ben.ID, "payment_id.paid")
	})
}

// Money goes back on a day between the one on which it came and today.
func TestMoneyGoesBackAfterItCame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		s := w.read(camt(credit{day: w.day(-2), amount: "5.00", payer: "Z", text: "a gift", id: "1"}))
		all := w.expect(s, "doubtful/no_reference")
		w.book(s)
		for day, want := range map[string]string{w.day(-3): "day.early", "1800-01-01": "day.early", w.day(1): "day.invalid", "yesterday": "day.invalid"} {
			_, err := w.Statements.Decide(t.Context(), w.acme, s.ID, all[0].ID, statement.Decision{Act: statement.Returned, Day: day})
			if f := fault.Of(err); f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Code != want {
				t.Errorf("%s: %v, want %s", day, err, want)
			}
		}
		if _, err := w.Statements.Decide(t.Context(), w.acme, s.ID, all[0].ID, statement.Decision{Act: statement.Returned, Day: w.day(-2)}); err != nil {
			t.Error(err)
		}
	})
}

// What somebody chose and took back leaves no trace: to accept the entry then is to take it
// as the payment that it seems to be.
func TestAPaymentThatWasChosenByMistakeIsNotAcceptedLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link(0)
		ann, annRef := w.asked(l, "Ann Fine")
		ben, _ := w.asked(l, "Ben")
		s := w.read(camt(credit{day: w.day(0), amount: "24.50", payer: "A", text: annRef, id: "1"}, credit{day: w.day(0), amount: "7.00", payer: "Z", text: "a gift", id: "2"}))
		all := w.expect(s, "doubtful/less doubtful/no_reference")
		for _, back := range []statement.Act{"", statement.ToReturn, statement.Foreign} {
			for _, e := range all {
				w.must(w.decide(s, e, statement.Assign, ben.ID))
				if now := w.must(w.decide(s, e, back, "")); now.PaymentID != e.PaymentID {
					t.Errorf("after %q it seems to be %q, not %q", back, now.PaymentID, e.PaymentID)
				}
			}
		}
		w.must(w.decide(s, all[1], statement.Assign, ben.ID))
		if _, err := w.decide(s, all[1], statement.Accept, ""); fault.Of(err).Code != fault.Invalid {
			t.Errorf("nobody's money is accepted: %v", err)
		}
		w.must(w.decide(s, all[1], "", ""))
		w.must(w.decide(s, all[0], statement.Assign, ben.ID))
		w.must(w.decide(s, all[0], statement.Accept, ""))
		w.book(s)
		w.paid(ann, history.StatusPaid)
		w.paid(ben, history.StatusPending)
	})
}

// Who transfers twice has paid once: the second money waits for somebody, whatever it is of.
func TestASecondTransferPaysNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		ann, ref := w.asked(w.link(0), "Ann Fine")
		w.book(w.read(camt(credit{day: w.day(0), amount: "49.00", payer: "A FINE", text: ref, id: "1"})))
		w.paid(ann, history.StatusPaid)
		again := w.read(camt(
			credit{day: w.day(0), amount: "49.00", payer: "A FINE", text: ref, id: "2"}, credit{day: w.day(0), amount: "10.00", payer: "A FINE", text: ref, id: "3"}, credit{day: w.day(0), amount: "60.00", payer: "A FINE", text: ref, id: "4"},
		))
		w.expect(again, "doubtful/paid_already doubtful/paid_already doubtful/paid_already")
		w.book(again)
		if all, err := w.Statements.NeedAttention(t.Context(), w.acme); err != nil || len(all) != 3 || all[0].PaymentID != ann.ID {
			t.Errorf("%+v, %v", all, err)
		}
	})
}
