package conformance_test

import (
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
)

// The first that we hear of a payment is its dispute or refund, whoever tells: all is booked
// then, not when paid money is looked at next, a day later.
func TestMoneyThatMovedBeforeWeHeardOfItIsFollowedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Parties(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			for _, cause := range []attempt.Cause{attempt.CauseWebhook, attempt.CauseReturn, attempt.CausePoller} {
				moved := map[string]func(ref string){"refunded": w.GiveBack, "disputed": w.Dispute}
				for how, move := range moved {
					if move == nil {
						continue
					}
					a := w.MustStart(w.Ask(w.MustLink(0)))
					w.Do(a.ProviderRef, provider.RemotePaid)
					move(a.ProviderRef)
					if now, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, cause); err != nil || now.State != attempt.Paid {
						t.Fatalf("by %s it is %s, %v", cause, now.State, err)
					}
					v := w.View(a)
					if how == "refunded" && v.Refunded() != paymenttest.Eur(1000) || how == "disputed" && v.Dispute() == "" {
						t.Errorf("what was %s reads %s refunded, dispute %q, by %s", how, v.Refunded(), v.Dispute(), cause)
					}
				}
			}
			w.MustHold()
		})
	})
}
