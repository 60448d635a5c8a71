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
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// mustPay is a payment that was made.
func (w *world) mustPay(l link.Link) attempt.Attempt {
	w.t.Helper()
	a := w.mustStart(w.ask(l))
	w.decide(a, sandbox.Paid)
	if v := w.mustSync(a); v.Receipt == "" {
		w.t.Fatalf("it is %s", v.State)
	}
	return a
}

func (w *world) refund(a attempt.Attempt, r payment.RefundRequest) (payment.Refund, error) {
	w.t.Helper()
	return w.payments.Refund(w.t.Context(), a.BusinessID, a.ID, r)
}

func (w *world) mustRefund(a attempt.Attempt, r payment.RefundRequest) payment.Refund {
	w.t.Helper()
	made, err := w.refund(a, r)
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// mustTell looks for a line of the timeline.
func (w *world) mustTell(a attempt.Attempt, cause attempt.Cause, detail string) {
	w.t.Helper()
	events, err := w.payments.Timeline(w.t.Context(), a.BusinessID, a.ID)
	if err != nil || !slices.ContainsFunc(events, func(e history.TimelineEvent) bool { return e.Cause == cause && e.Detail == detail }) {
		w.t.Errorf("the timeline doesn't tell that %s: %s; %+v, %v", cause, detail, events, err)
	}
}

func part(minor int64) *money.Amount { a := eur(minor); return &a }

func TestMoneyGoesBackInPartsAndNeverMoreThanWasTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustPay(w.mustLink(2))
		first := w.mustRefund(a, payment.RefundRequest{Amount: part(1900), Reason: "One seat less", AskedBy: "Marit"})
		if first.State != provider.RefundDone || first.Amount != eur(1900) || first.Reason != "One seat less" || first.AskedBy != "Marit" {
			t.Errorf("%+v", first)
		}
		v := w.expect(a, attempt.Paid, history.StatusPartiallyRefunded)
		if v.Refunded() != eur(1900) || v.Kept() != eur(3000) || v.Refundable() != eur(3000) {
			t.Errorf("refunded %s, kept %s, refundable %s", v.Refunded(), v.Kept(), v.Refundable())
		}
		if _, err := w.refund(a, payment.RefundRequest{Amount: part(3001)}); !fault.Is(err, fault.Invalid) {
			t.Errorf("more than is left: %v", err)
		}
		for name, wrong := range map[string]*money.Amount{"nothing": part(0), "less than nothing": part(-1), "dollars": {Minor: 100, Currency: "USD"}} {
			if _, err := w.refund(a, payment.RefundRequest{Amount: wrong}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.mustRefund(a, payment.RefundRequest{}) // the rest
		w.expect(a, attempt.Paid, history.StatusRefunded)
		if _, err := w.refund(a, payment.RefundRequest{}); !fault.Is(err, fault.Conflict) {
			t.Errorf("what is left of nothing: %v", err)
		}
		if n := w.count(`SELECT refunded_minor FROM sandbox_payments WHERE id = $1`, a.ProviderRef); n != 4900 {
			t.Errorf("the provider gave back %d", n)
		}
		w.mustHold()
	})
}

func TestOnlyMoneyOfOnesOwnGoesBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustPay(w.mustLink(2))
		if _, err := w.payments.Refund(t.Context(), "biz_other", a.ID, payment.RefundRequest{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another business: %v", err)
		}
		open := w.mustStart(w.ask(w.mustLink(1)))
		if _, err := w.refund(open, payment.RefundRequest{}); !fault.Is(err, fault.Conflict) {
			t.Errorf("nothing was paid: %v", err)
		}
		w.expect(a, attempt.Paid, history.StatusPaid)
	})
}

// Ten members of the business press Refund at the same time.
func TestRefundsAtOnceNeverPassWhatWasTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustPay(w.mustLink(2))
		var all sync.WaitGroup
		var mu sync.Mutex
		done := int64(0)
		for range 10 {
			all.Go(func() {
				made, err := w.refund(a, payment.RefundRequest{Amount: part(2000)})
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
		w.mustHold()
	})
}

func TestAPlaceIsFreeAgainOnlyWhenTheMerchantAsks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(2)
		w.mustPay(l)
		a := w.mustPay(l)
		w.mustRefund(a, payment.RefundRequest{Amount: part(900)})
		if got := w.slots(l); got != (link.Slots{Used: 2}) {
			t.Errorf("without asking: %+v", got)
		}
		w.mustRefund(a, payment.RefundRequest{Amount: part(1000), ReturnSlot: true})
		w.mustRefund(a, payment.RefundRequest{ReturnSlot: true}) // a slot is one
		if got := w.slots(l); got != (link.Slots{Used: 1}) {
			t.Errorf("asked for: %+v", got)
		}
		w.mustPay(l)
		w.mustHold()
	})
}

func TestARefundWhoseAnswerIsLostIsMadeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		a := w.mustPay(w.mustLink(2))
		line.set(func() { line.refund = errTimeout })
		made := w.mustRefund(a, payment.RefundRequest{Amount: part(1000), ReturnSlot: true})
		if made.State != provider.RefundAsked || made.Problem == "" {
			t.Errorf("%+v", made)
		}
		if v := w.view(a); v.RefundOnItsWay() != eur(1000) || !v.Refunded().IsZero() || v.RefundFailed() {
			t.Errorf("on its way %s, refunded %s", v.RefundOnItsWay(), v.Refunded())
		}
		line.set(func() { line.refund = nil })
		w.pass(5 * time.Minute)
		w.expect(a, attempt.Paid, history.StatusPartiallyRefunded)
		if n := w.count(`SELECT refunded_minor FROM sandbox_payments WHERE id = $1`, a.ProviderRef); n != 1000 {
			t.Errorf("the provider gave back %d", n)
		}
		w.mustHold()
	})
}

func TestARefusedRefundGivesItsReserveBackAndIsSeen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		a := w.mustPay(w.mustLink(2))
		line.set(func() { line.refund = errors.Join(provider.ErrRefused, errors.New("balance too low")) })
		made := w.mustRefund(a, payment.RefundRequest{})
		if made.State != provider.RefundRejected || !strings.Contains(made.Problem, "balance too low") {
			t.Errorf("%+v", made)
		}
		v := w.view(a)
		if !v.RefundFailed() || !v.InQueue() || v.Refundable() != eur(4900) || v.Status() != history.StatusPaid {
			t.Errorf("failed %v, refundable %s, %s", v.RefundFailed(), v.Refundable(), v.Status())
		}
		if all, err := w.payments.NeedingAttention(t.Context(), a.BusinessID, business.Test); len(all) != 1 || err != nil {
			t.Errorf("%d need attention, %v", len(all), err)
		}
		if done, err := w.payments.Resolve(t.Context(), a.BusinessID, a.ID, false); !done || err != nil {
			t.Error(done, err)
		}
		if v := w.view(a); v.RefundFailed() {
			t.Error("it is still in the queue")
		}
		if done, err := w.payments.Resolve(t.Context(), a.BusinessID, a.ID, false); done || err != nil {
			t.Errorf("resolved twice: %v, %v", done, err)
		}
		line.set(func() { line.refund = nil })
		w.mustRefund(a, payment.RefundRequest{})
		w.expect(a, attempt.Paid, history.StatusRefunded)
		w.mustHold()
	})
}

// An overflow whose refund the bank turned down is owed still.
func TestOverflowThatTheBankTurnsDownIsAskedForAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.mustLink(1)
		late := w.mustStart(w.ask(l))
		w.pass(31 * time.Minute)
		w.mustStart(w.ask(l))
		if _, err := w.sandbox.Decide(t.Context(), late.ProviderRef, sandbox.Paid, sandbox.RefundsFail); err != nil {
			t.Fatal(err)
		}
		w.settle() // its webhook has been heard
		w.mustSync(late)
		w.expect(late, attempt.Paid, history.StatusOverflow)
		if v := w.view(late); !v.RefundFailed() || !v.InQueue() {
			t.Error("the merchant is not told")
		}
		if err := w.d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE sandbox_payments SET refunds_fail = FALSE`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.payments.RefundAgain(t.Context(), late.BusinessID, late.ID); err != nil {
			t.Fatal(err)
		}
		if v := w.view(late); v.RefundFailed() || v.Refunded() != eur(4900) {
			t.Errorf("failed %v, refunded %s", v.RefundFailed(), v.Refunded())
		}
		w.mustTell(late, attempt.CauseMerchant, string(attempt.RefundPending))
		if err := w.payments.RefundAgain(t.Context(), late.BusinessID, late.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("again: %v", err)
		}
		w.mustHold()
	})
}

func TestDisputesAreToldOnceAndCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustPay(w.mustLink(2))
		bank := func(o sandbox.Outcome) {
			if _, err := w.sandbox.Decide(t.Context(), a.ProviderRef, o, sandbox.Twice); err != nil {
				t.Fatal(err)
			}
			w.pass(time.Minute)
			if _, err := w.sandbox.DeliverDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := w.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
				t.Fatal(err)
			}
		}
		bank(sandbox.Disputed)
		if v := w.view(a); v.Dispute() != provider.DisputeOpen || !v.Lost().IsZero() || v.Kept() != eur(4900) {
			t.Errorf("%q, lost %s", v.Dispute(), v.Lost())
		}
		if all, err := w.payments.NeedingAttention(t.Context(), a.BusinessID, business.Test); len(all) != 1 || err != nil {
			t.Errorf("%d need attention, %v", len(all), err)
		}
		bank(sandbox.DisputeLost)
		if v := w.view(a); v.Dispute() != provider.DisputeLost || v.Lost() != eur(4900) || !v.Kept().IsZero() || v.Status() != history.StatusPaid {
			t.Errorf("%q, lost %s, %s", v.Dispute(), v.Lost(), v.Status())
		}
		if _, err := w.refund(a, payment.RefundRequest{}); !fault.Is(err, fault.Conflict) {
			t.Errorf("what the bank took is refunded: %v", err)
		}
		told, err := w.payments.Timeline(t.Context(), a.BusinessID, a.ID)
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
		w.mustHold()
	})
}

func TestEveryProviderGivesBackAndTellsWhatHappenedThere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		parties(t, d, func(t *testing.T, w *partyWorld) {
			a := w.mustStart(w.ask(w.mustLink(2)))
			w.do(a.ProviderRef, provider.RemotePaid)
			w.mustSync(a)
			ask := func() {
				if _, err := w.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
					t.Fatal(err)
				}
			}
			w.mustRefund(a, payment.RefundRequest{Amount: part(900)})
			if w.settleRefunds != nil {
				if v := w.view(a); v.RefundOnItsWay() != eur(900) || !v.Refunded().IsZero() {
					t.Errorf("before the provider has done it: on its way %s, refunded %s", v.RefundOnItsWay(), v.Refunded())
				}
				w.settleRefunds(a.ProviderRef)
				ask()
			}
			want := eur(900)
			if w.giveBack != nil {
				w.giveBack(a.ProviderRef)
				want = eur(1900)
				ask()
				ask()
			}
			if v := w.expect(a, attempt.Paid, history.StatusPartiallyRefunded); v.Refunded() != want || !v.RefundOnItsWay().IsZero() {
				t.Errorf("refunded %s, on its way %s", v.Refunded(), v.RefundOnItsWay())
			}
			b := w.mustStart(w.ask(w.mustLink(2)))
			w.do(b.ProviderRef, provider.RemotePaid)
			w.mustSync(b)
			w.dispute(b.ProviderRef)
			w.pass(25 * time.Hour) // nobody told us
			if v := w.view(b); v.Dispute() != provider.DisputeLost || v.Lost() != eur(4900) {
				t.Errorf("the dispute is %q, lost %s", v.Dispute(), v.Lost())
			}
			if w.reverse != nil {
				w.reverse(b.ProviderRef)
				w.party.report(b.ProviderRef)
				if v := w.view(b); v.Dispute() != provider.DisputeWon || !v.Lost().IsZero() {
					t.Errorf("reversed, and the dispute is %q, lost %s", v.Dispute(), v.Lost())
				}
			}
			w.mustHold()
		})
	})
}

// The merchant was quicker at the provider, with a part: the rest goes back by
// itself all the same.
func TestOverflowThatWasPartlyGivenBackThereGoesBackWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		l := w.mustLink(1)
		late := w.mustStart(w.ask(l))
		w.pass(31 * time.Minute)
		w.mustPay(l)
		w.decide(late, sandbox.Paid)
		line.set(func() { line.refund = errTimeout })
		at := provider.Account{Business: w.business.ID, Mode: w.business.Mode}
		if _, err := w.sandbox.Refund(t.Context(), at, late.ProviderRef, provider.RefundOrder{Key: "by hand", Amount: eur(1000), Description: "Workshop"}); err != nil {
			t.Fatal(err)
		}
		w.mustSync(late)
		line.set(func() { line.refund = nil })
		for range 3 {
			w.pass(time.Hour)
		}
		if v := w.expect(late, attempt.Paid, history.StatusOverflow); v.Refunded() != late.Amount || v.RefundFailed() {
			t.Errorf("refunded %s, failed %v", v.Refunded(), v.RefundFailed())
		}
		w.mustHold()
	})
}

// With the setting on, a limited link asks the provider for quick ways to pay
// alone; every other link asks for all.
func TestLimitedLinksCanDoWithoutWaysThatTakeDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		others(t, d, func(t *testing.T, w *partyWorld) {
			on := true
			b, err := w.payments.Businesses.Update(t.Context(), w.business.ID, 0, business.Patch{InstantOnly: &on})
			if err != nil {
				t.Fatal(err)
			}
			w.business = b
			if a := w.mustStart(w.ask(w.mustLink(2))); !w.quickOnly(a.ProviderRef) || a.State != attempt.Open {
				t.Errorf("a limited link is %s and offers slow ways", a.State)
			}
			if a := w.mustStart(w.ask(w.mustLink(0))); w.quickOnly(a.ProviderRef) {
				t.Error("a link without a limit offers quick ways alone")
			}
		})
	})
}
