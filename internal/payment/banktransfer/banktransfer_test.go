package banktransfer_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/sepa"
)

func TestATransferWaitsAndIsPaidByWhatTheBankBooked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := paymenttest.BankWorld(t, d)
		l := w.MustLink(2)
		a := w.MustStart(w.Transfer(l))
		if a.State != attempt.Pending || w.Slots(l).Held != 1 || a.HoldUntil.Sub(a.CreatedAt) != 7*24*time.Hour {
			t.Fatalf("%+v, slots %+v", a, w.Slots(l))
		}
		told, err := transfers.Of(t.Context(), d, w.Business.ID, a.ID)
		if err != nil || !sepa.ValidReference(told.Reference) || told.IBAN != "NL91ABNA0417164300" || told.Amount != paymenttest.Eur(4900) {
			t.Errorf("told: %+v, %v", told, err)
		}
		// Another account does not change what this payer was shown.
		other := banktransfer.Account{Name: "Acme", IBAN: "DE89370400440532013000", HoldDays: 3}
		if err := transfers.Save(t.Context(), w.Business, other, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if again, _ := transfers.Of(t.Context(), d, w.Business.ID, a.ID); again != told {
			t.Errorf("it changed: %+v", again)
		}
		w.Pass(3 * 24 * time.Hour)
		w.Expect(a, attempt.Pending, history.StatusPending)
		v := w.Booked(transfers, a, 4900, 2)
		if v.Status() != history.StatusPaid || v.Late() || v.PaidAt.Format(time.DateOnly) != dbtest.Start.AddDate(0, 0, 2).Format(time.DateOnly) {
			t.Errorf("booked: %+v", v)
		}
		if err := transfers.Book(t.Context(), w.Business, a.ID, banktransfer.Booked{Amount: paymenttest.Eur(4900), Day: dbtest.Start.Format(time.DateOnly)}); !fault.Is(err, fault.Conflict) {
			t.Errorf("booked twice: %v", err)
		}
		w.MustHold()
	})
}

func TestATransferThatDoesNotComeGivesItsPlaceBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := paymenttest.BankWorld(t, d)
		l := w.MustLink(2)
		first, second := w.MustStart(w.Transfer(l)), w.MustStart(w.Ask(l))
		w.Pass(8 * 24 * time.Hour)
		w.Expect(first, attempt.Expired, history.StatusExpired)
		w.Expect(second, attempt.Released, history.StatusExpired)
		// Money booked within the hold is seen late: a slot is free, then none is.
		if v := w.Booked(transfers, first, 4900, 5); v.Status() != history.StatusPaid || !v.Late() {
			t.Errorf("late: %+v", v)
		}
		w.MustHold()
		canceled := w.MustStart(w.Transfer(w.MustLink(3)))
		if err := w.Payments.CloseWaiting(t.Context(), w.Business.ID, canceled.ID, attempt.CausePayer); err != nil {
			t.Fatal(err)
		}
		w.Expect(canceled, attempt.Released, history.StatusExpired)
		if err := w.Payments.CloseWaiting(t.Context(), w.Business.ID, canceled.ID, attempt.CausePayer); !fault.Is(err, fault.Conflict) {
			t.Errorf("closed twice: %v", err)
		}
	})
}

// Another amount is in doubt until a person says what it is: the payment, nothing, or a slip.
func TestATransferOfAnotherAmountIsDecidedByAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := paymenttest.BankWorld(t, d)
		l := w.MustLink(4)
		doubtful := func() attempt.Attempt {
			t.Helper()
			a := w.MustStart(w.Transfer(l))
			if v := w.Booked(transfers, a, 2450, 0); v.State != attempt.Review || !v.HoldsSlot {
				t.Fatalf("half of it: %+v", v)
			}
			return a
		}
		kept := doubtful()
		if err := transfers.Keep(t.Context(), w.Business.ID, kept.ID); err != nil {
			t.Fatal(err)
		}
		v := w.MustSync(kept)
		if v.Status() != history.StatusPaid || v.Late() || v.Receipt == "" || v.Amount != paymenttest.Eur(2450) || v.Refundable() != paymenttest.Eur(2450) {
			t.Errorf("kept: %+v", v)
		}
		if n := w.Count(`SELECT captured_minor FROM payments`); n != 2450 {
			t.Errorf("revenue is %d", n)
		}
		dropped := doubtful()
		held := w.Slots(l).Held
		if done, err := transfers.Drop(t.Context(), w.Business.ID, dropped.ID); err != nil || !done {
			t.Fatal(done, err)
		}
		if v := w.MustSync(dropped); v.State != attempt.Canceled || v.Reason != banktransfer.Dropped || w.Slots(l).Held != held-1 {
			t.Errorf("dropped: %+v, slots %+v", v, w.Slots(l))
		}
		if v := w.Booked(transfers, dropped, 4900, 0); v.Status() != history.StatusPaid || !v.Late() {
			t.Errorf("the money came after all: %+v", v)
		}
		slip := doubtful()
		if v := w.Booked(transfers, slip, 4900, 0); v.Status() != history.StatusPaid || v.Late() || v.Amount != paymenttest.Eur(4900) {
			t.Errorf("put right: %+v", v)
		}
		for _, a := range []attempt.Attempt{kept, dropped, slip} {
			if err := transfers.Keep(t.Context(), w.Business.ID, a.ID); !fault.Is(err, fault.Conflict) {
				t.Errorf("decided twice: %v", err)
			}
			if done, err := transfers.Drop(t.Context(), w.Business.ID, a.ID); done || err != nil {
				t.Errorf("dropped after all: %v, %v", done, err)
			}
		}
		events, err := w.Payments.Timeline(t.Context(), w.Business.ID, kept.ID)
		if err != nil || !slices.ContainsFunc(events, func(e history.TimelineEvent) bool {
			return e.Detail == payment.AgreedDetail+": EUR 24.50, not EUR 49.00"
		}) {
			t.Errorf("the timeline: %+v, %v", events, err)
		}
		w.MustHold()
	})
}

// The parts of what came add up: less is less of the tip and the fee first.
func TestPartsOfAnAmountThatCameAddUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := paymenttest.BankWorld(t, d)
		l := w.MustUnits(50)
		w.MustCode("SALE", 20_00, money.Amount{}, coupon.CodeFields{})
		more := checkout.Extras{Tip: "10", CoverFee: true} // 147.00 + 14.70 + 2.72
		for _, c := range []struct {
			came           int64
			extras         checkout.Extras
			code           string
			unit, tip, fee int64
			goods          int64
		}{
			{14001, checkout.Extras{}, "", 4667, 0, 0, 14001}, {20000, checkout.Extras{}, "", 6666, 2, 0, 19998},
			{16000, more, "", 4900, 1028, 272, 14700}, {14800, more, "", 4900, 0, 100, 14700}, {14000, more, "", 4666, 2, 0, 13998}, {20000, more, "", 6086, 1470, 272, 18258},
			{10000, checkout.Extras{}, "SALE", 4313, 1, 0, 9999},
		} {
			r := w.Transfer(l)
			r.Quantity, r.Extras, r.Code = 3, c.extras, c.code
			a := w.MustStart(r)
			w.Booked(transfers, a, c.came, 0)
			if err := transfers.Keep(t.Context(), w.Business.ID, a.ID); err != nil {
				t.Fatal(err)
			}
			v := w.MustSync(a)
			if v.Receipt == "" || v.Quantity != 3 || v.Amount.Minor != c.came || v.Unit.Minor != c.unit || v.Tip != c.tip || v.Fee != c.fee || v.Amount.Minor-v.Tip-v.Fee != c.goods {
				t.Errorf("%d came: %+v", c.came, v)
			}
		}
		w.MustHold()
	})
}

// Overflow of a transfer can't be sent back by us: it stays a task until somebody says so.
func TestATransferThatIsTooMuchWaitsForAPerson(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := paymenttest.BankWorld(t, d)
		l := w.MustLink(2)
		a := w.MustStart(w.Transfer(l))
		w.Pass(8 * 24 * time.Hour)
		for range 2 {
			w.MustRecord(w.HandOf(l))
		}
		if v := w.Booked(transfers, a, 4900, 3); v.Status() != history.StatusOverflow || v.Refunded().Minor != 0 {
			t.Fatalf("too much: %+v", v)
		}
		w.Pass(2 * time.Hour)
		if v := w.View(a); !v.RefundFailed() || v.Refunded().Minor != 0 {
			t.Errorf("it waits: %+v", v)
		}
		if err := transfers.GaveBack(t.Context(), w.Business.ID, a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Payments.Sync(t.Context(), w.Business.ID, a.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		if v := w.View(a); v.Refunded() != paymenttest.Eur(4900) || v.RefundFailed() {
			t.Errorf("given back: %+v", v)
		}
		w.MustHold()
	})
}

func TestStrangersDontKeepTheLastPlaceByTransfer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, _ := paymenttest.BankWorld(t, d)
		last := w.MustLink(1)
		if _, err := w.Payments.Start(t.Context(), w.Transfer(last)); !fault.Is(err, fault.SlotTaken) {
			t.Errorf("the last place: %v", err)
		}
		asked := w.Transfer(last)
		asked.Attribution.RecipientToken = "token123"
		open := w.MustStart(asked)
		// Recording the money by hand closes the transfer that waits.
		r := w.HandOf(last)
		r.Email = asked.Payer.Email
		w.MustRecord(r)
		w.Expect(open, attempt.Released, history.StatusExpired)
		invoice := w.Create(link.Fields{Name: "Invoice", Amount: paymenttest.Part(4900), Limit: link.Limit{Kind: link.Once}, CustomerID: w.MustCustomer("Firm", "info@firm.example").ID})
		w.MustStart(w.Transfer(invoice)) // whom it is for
		many := w.MustLink(9)
		first, second := w.AskFrom("198.51.100.7", many), w.AskFrom("198.51.100.7", many)
		first.Provider, second.Provider = banktransfer.Name, banktransfer.Name
		waits := w.MustStart(first)
		if _, err := w.Payments.Start(t.Context(), second); !fault.Is(err, fault.TooMany) {
			t.Errorf("a second one of the same source: %v", err)
		}
		if err := w.Payments.CloseWaiting(t.Context(), w.Business.ID, waits.ID, attempt.CausePayer); err != nil {
			t.Fatal(err)
		}
		if events, err := w.Payments.Timeline(t.Context(), w.Business.ID, waits.ID); err != nil || !slices.ContainsFunc(events, func(e history.TimelineEvent) bool { return e.State == attempt.Closing && e.Cause == attempt.CausePayer }) {
			t.Errorf("the timeline doesn't tell that it was closed: %+v, %v", events, err)
		}
		w.Expect(waits, attempt.Released, history.StatusExpired)
		w.MustStart(second)
		dollars := w.Transfer(w.MustLink(3))
		dollars.Amount.Currency = "USD"
		if _, err := w.Payments.Start(t.Context(), dollars); !fault.Is(err, fault.Invalid) {
			t.Errorf("dollars: %v", err)
		}
		w.MustHold()
	})
}

// A transfer is booked from its first day on, and its receipt is of the year in which it was
// booked here, as that of a payment by hand.
func TestATransferOpensNoSeriesOfAnEndedYear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, transfers := paymenttest.BankWorld(t, d)
		a := w.MustStart(w.Transfer(w.MustLink(2)))
		first := a.CreatedAt.In(w.Business.Location())
		for _, day := range []string{"2020-01-01", first.AddDate(0, 0, -2).Format(time.DateOnly)} {
			err := transfers.Book(t.Context(), w.Business, a.ID, banktransfer.Booked{Amount: paymenttest.Eur(4900), Day: day})
			if f := fault.Of(err); f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "paid_on" {
				t.Errorf("booked on %s: %v", day, err)
			}
		}
		w.Moved = 400 * 24 * time.Hour
		d.Clock().SetOffset(w.Moved)
		v := w.Booked(transfers, a, 4900, 1)
		year := d.Clock().Now().In(w.Business.Location()).Format("2006")
		if v.Receipt != "TEST-"+year+"-00001" || v.PaidAt.Year() == d.Clock().Now().Year() {
			t.Errorf("the receipt is %s, paid at %s", v.Receipt, v.PaidAt)
		}
		w.MustHold()
	})
}
