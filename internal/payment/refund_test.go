package payment_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/business"
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
)

func TestMoneyGoesBackInPartsAndNeverMoreThanWasTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustPay(w.MustLink(2))
		first := w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(1900), Reason: "One seat less", AskedBy: "Marit"})
		if first.State != provider.RefundDone || first.Amount != paymenttest.Eur(1900) || first.Reason != "One seat less" || first.AskedBy != "Marit" {
			t.Errorf("%+v", first)
		}
		v := w.Expect(a, attempt.Paid, history.StatusPartiallyRefunded)
		if v.Refunded() != paymenttest.Eur(1900) || v.Kept() != paymenttest.Eur(3000) || v.Refundable() != paymenttest.Eur(3000) {
			t.Errorf("refunded %s, kept %s, refundable %s", v.Refunded(), v.Kept(), v.Refundable())
		}
		if _, err := w.Refund(a, payment.RefundRequest{Amount: paymenttest.Part(3001)}); !fault.Is(err, fault.Invalid) {
			t.Errorf("more than is left: %v", err)
		}
		for name, wrong := range map[string]*money.Amount{"nothing": paymenttest.Part(0), "less than nothing": paymenttest.Part(-1), "dollars": {Minor: 100, Currency: "USD"}} {
			if _, err := w.Refund(a, payment.RefundRequest{Amount: wrong}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.MustRefund(a, payment.RefundRequest{}) // the rest
		w.Expect(a, attempt.Paid, history.StatusRefunded)
		if _, err := w.Refund(a, payment.RefundRequest{}); !fault.Is(err, fault.Conflict) {
			t.Errorf("what is left of nothing: %v", err)
		}
		if n := w.Count(`SELECT refunded_minor FROM sandbox_payments WHERE id = $1`, a.ProviderRef); n != 4900 {
			t.Errorf("the provider gave back %d", n)
		}
		w.MustHold()
	})
}

func TestOnlyMoneyOfOnesOwnGoesBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustPay(w.MustLink(2))
		if _, err := w.Payments.Refund(t.Context(), "biz_other", a.ID, payment.RefundRequest{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another business: %v", err)
		}
		open := w.MustStart(w.Ask(w.MustLink(1)))
		if _, err := w.Refund(open, payment.RefundRequest{}); !fault.Is(err, fault.Conflict) {
			t.Errorf("nothing was paid: %v", err)
		}
		w.Expect(a, attempt.Paid, history.StatusPaid)
	})
}

// Ten members of the business press Refund at the same time.
func TestRefundsAtOnceNeverPassWhatWasTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustPay(w.MustLink(2))
		var all sync.WaitGroup
		var mu sync.Mutex
		done := int64(0)
		for range 10 {
			all.Go(func() {
				made, err := w.Refund(a, payment.RefundRequest{Amount: paymenttest.Part(2000)})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					done += made.Amount.Minor
				case !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if done != 4000 {
			t.Errorf("%d were given back", done)
		}
		w.MustHold()
	})
}

func TestAPlaceIsFreeAgainOnlyWhenTheMerchantAsks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(2)
		w.MustPay(l)
		a := w.MustPay(l)
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(900)})
		if got := w.Slots(l); got != (link.Slots{Used: 2}) {
			t.Errorf("without asking: %+v", got)
		}
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(1000), ReturnSlot: true})
		w.MustRefund(a, payment.RefundRequest{ReturnSlot: true}) // a slot is one
		if got := w.Slots(l); got != (link.Slots{Used: 1}) {
			t.Errorf("asked for: %+v", got)
		}
		w.MustPay(l)
		w.MustHold()
	})
}

func TestARefundWhoseAnswerIsLostIsMadeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		a := w.MustPay(w.MustLink(2))
		line.Set(func() { line.RefundErr = paymenttest.ErrTimeout })
		made := w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(1000), ReturnSlot: true})
		if made.State != provider.RefundAsked || made.Problem == "" {
			t.Errorf("%+v", made)
		}
		if v := w.View(a); v.RefundOnItsWay() != paymenttest.Eur(1000) || !v.Refunded().IsZero() || v.RefundFailed() {
			t.Errorf("on its way %s, refunded %s", v.RefundOnItsWay(), v.Refunded())
		}
		line.Set(func() { line.RefundErr = nil })
		w.Pass(5 * time.Minute)
		w.Expect(a, attempt.Paid, history.StatusPartiallyRefunded)
		if n := w.Count(`SELECT refunded_minor FROM sandbox_payments WHERE id = $1`, a.ProviderRef); n != 1000 {
			t.Errorf("the provider gave back %d", n)
		}
		w.MustHold()
	})
}

func TestARefusedRefundGivesItsReserveBackAndIsSeen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		a := w.MustPay(w.MustLink(2))
		line.Set(func() { line.RefundErr = errors.Join(provider.ErrRefused, errors.New("balance too low")) })
		made := w.MustRefund(a, payment.RefundRequest{})
		if made.State != provider.RefundRejected || !strings.Contains(made.Problem, "balance too low") {
			t.Errorf("%+v", made)
		}
		v := w.View(a)
		if !v.RefundFailed() || !v.InQueue() || v.Refundable() != paymenttest.Eur(4900) || v.Status() != history.StatusPaid {
			t.Errorf("failed %v, refundable %s, %s", v.RefundFailed(), v.Refundable(), v.Status())
		}
		if all, err := w.Payments.NeedingAttention(t.Context(), a.BusinessID, business.Test); len(all) != 1 || err != nil {
			t.Errorf("%d need attention, %v", len(all), err)
		}
		if done, err := w.Payments.Resolve(t.Context(), a.BusinessID, a.ID, false); !done || err != nil {
			t.Error(done, err)
		}
		if v := w.View(a); v.RefundFailed() {
			t.Error("it is still in the queue")
		}
		if done, err := w.Payments.Resolve(t.Context(), a.BusinessID, a.ID, false); done || err != nil {
			t.Errorf("resolved twice: %v, %v", done, err)
		}
		line.Set(func() { line.RefundErr = nil })
		w.MustRefund(a, payment.RefundRequest{})
		w.Expect(a, attempt.Paid, history.StatusRefunded)
		w.MustHold()
	})
}

// An overflow whose refund the bank turned down is owed still.
func TestOverflowThatTheBankTurnsDownIsAskedForAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		late := w.MustStart(w.Ask(l))
		w.Pass(31 * time.Minute)
		w.MustStart(w.Ask(l))
		if _, err := w.Sandbox.Decide(t.Context(), late.ProviderRef, sandbox.Paid, sandbox.RefundsFail); err != nil {
			t.Fatal(err)
		}
		w.Settle() // its webhook has been heard
		w.MustSync(late)
		w.Expect(late, attempt.Paid, history.StatusOverflow)
		if v := w.View(late); !v.RefundFailed() || !v.InQueue() {
			t.Error("the merchant is not told")
		}
		if err := w.DB.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE sandbox_payments SET refunds_fail = FALSE`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.Payments.RefundAgain(t.Context(), late.BusinessID, late.ID); err != nil {
			t.Fatal(err)
		}
		if v := w.View(late); v.RefundFailed() || v.Refunded() != paymenttest.Eur(4900) {
			t.Errorf("failed %v, refunded %s", v.RefundFailed(), v.Refunded())
		}
		w.MustTell(late, attempt.CauseMerchant, string(attempt.RefundPending))
		if err := w.Payments.RefundAgain(t.Context(), late.BusinessID, late.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("again: %v", err)
		}
		w.MustHold()
	})
}

func TestDisputesAreToldOnceAndCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustPay(w.MustLink(2))
		bank := func(o sandbox.Outcome) {
			if _, err := w.Sandbox.Decide(t.Context(), a.ProviderRef, o, sandbox.Twice); err != nil {
				t.Fatal(err)
			}
			w.Pass(time.Minute)
			if _, err := w.Sandbox.DeliverDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
				t.Fatal(err)
			}
		}
		bank(sandbox.Disputed)
		if v := w.View(a); v.Dispute() != provider.DisputeOpen || !v.Lost().IsZero() || v.Kept() != paymenttest.Eur(4900) {
			t.Errorf("%q, lost %s", v.Dispute(), v.Lost())
		}
		if all, err := w.Payments.NeedingAttention(t.Context(), a.BusinessID, business.Test); len(all) != 1 || err != nil {
			t.Errorf("%d need attention, %v", len(all), err)
		}
		bank(sandbox.DisputeLost)
		if v := w.View(a); v.Dispute() != provider.DisputeLost || v.Lost() != paymenttest.Eur(4900) || !v.Kept().IsZero() || v.Status() != history.StatusPaid {
			t.Errorf("%q, lost %s, %s", v.Dispute(), v.Lost(), v.Status())
		}
		if _, err := w.Refund(a, payment.RefundRequest{}); !fault.Is(err, fault.Conflict) {
			t.Errorf("what the bank took is refunded: %v", err)
		}
		told, err := w.Payments.Timeline(t.Context(), a.BusinessID, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		var details []string
		for _, e := range told {
			details = append(details, e.Detail)
		}
		if want := []string{"disputed", "dispute_lost"}; !slices.Equal(details[len(details)-2:], want) {
			t.Errorf("told %q", details)
		}
		w.MustHold()
	})
}

func TestEveryProviderGivesBackAndTellsWhatHappenedThere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Parties(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			a := w.MustStart(w.Ask(w.MustLink(2)))
			w.Do(a.ProviderRef, provider.RemotePaid)
			w.MustSync(a)
			ask := func() {
				if _, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
					t.Fatal(err)
				}
			}
			w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(900)})
			if w.SettleRefunds != nil {
				if v := w.View(a); v.RefundOnItsWay() != paymenttest.Eur(900) || !v.Refunded().IsZero() {
					t.Errorf("before the provider has done it: on its way %s, refunded %s", v.RefundOnItsWay(), v.Refunded())
				}
				w.SettleRefunds(a.ProviderRef)
				ask()
			}
			want := paymenttest.Eur(900)
			if w.GiveBack != nil {
				w.GiveBack(a.ProviderRef)
				want = paymenttest.Eur(1900)
				ask()
				ask()
			}
			if v := w.Expect(a, attempt.Paid, history.StatusPartiallyRefunded); v.Refunded() != want || !v.RefundOnItsWay().IsZero() {
				t.Errorf("refunded %s, on its way %s", v.Refunded(), v.RefundOnItsWay())
			}
			b := w.MustStart(w.Ask(w.MustLink(2)))
			w.Do(b.ProviderRef, provider.RemotePaid)
			w.MustSync(b)
			w.Dispute(b.ProviderRef)
			w.Pass(25 * time.Hour) // nobody told us
			if v := w.View(b); v.Dispute() != provider.DisputeLost || v.Lost() != paymenttest.Eur(4900) {
				t.Errorf("the dispute is %q, lost %s", v.Dispute(), v.Lost())
			}
			if w.Reverse != nil {
				w.Reverse(b.ProviderRef)
				w.Party.Report(b.ProviderRef)
				if v := w.View(b); v.Dispute() != provider.DisputeWon || !v.Lost().IsZero() {
					t.Errorf("reversed, and the dispute is %q, lost %s", v.Dispute(), v.Lost())
				}
			}
			w.MustHold()
		})
	})
}

// The merchant was quicker at the provider, with a part: the rest goes back by
// itself all the same.
func TestOverflowThatWasPartlyGivenBackThereGoesBackWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		l := w.MustLink(1)
		late := w.MustStart(w.Ask(l))
		w.Pass(31 * time.Minute)
		w.MustPay(l)
		w.Decide(late, sandbox.Paid)
		line.Set(func() { line.RefundErr = paymenttest.ErrTimeout })
		at := provider.Account{Business: w.Business.ID, Mode: w.Business.Mode}
		if _, err := w.Sandbox.Refund(t.Context(), at, late.ProviderRef, provider.RefundOrder{Key: "by hand", Amount: paymenttest.Eur(1000), Description: "Workshop"}); err != nil {
			t.Fatal(err)
		}
		w.MustSync(late)
		line.Set(func() { line.RefundErr = nil })
		for range 3 {
			w.Pass(time.Hour)
		}
		if v := w.Expect(late, attempt.Paid, history.StatusOverflow); v.Refunded() != late.Amount || v.RefundFailed() {
			t.Errorf("refunded %s, failed %v", v.Refunded(), v.RefundFailed())
		}
		w.MustHold()
	})
}

// With the setting on, a limited link asks the provider for quick ways to pay
// alone; every other link asks for all.
func TestLimitedLinksCanDoWithoutWaysThatTakeDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Others(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			on := true
			b, err := w.Payments.Businesses.Update(t.Context(), w.Business.ID, 0, business.Patch{InstantOnly: &on})
			if err != nil {
				t.Fatal(err)
			}
			w.Business = b
			if a := w.MustStart(w.Ask(w.MustLink(2))); !w.QuickOnly(a.ProviderRef) || a.State != attempt.Open {
				t.Errorf("a limited link is %s and offers slow ways", a.State)
			}
			if a := w.MustStart(w.Ask(w.MustLink(0))); w.QuickOnly(a.ProviderRef) {
				t.Error("a link without a limit offers quick ways alone")
			}
		})
	})
}
