package payment_test

import (
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// The first that we hear of a payment is its dispute or refund, whoever tells: all is booked
// then, not when paid money is looked at next, a day later.
func TestMoneyThatMovedBeforeWeHeardOfItIsFollowedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		parties(t, d, func(t *testing.T, w *partyWorld) {
			for _, cause := range []attempt.Cause{attempt.CauseWebhook, attempt.CauseReturn, attempt.CausePoller} {
				moved := map[string]func(ref string){"refunded": w.giveBack, "disputed": w.dispute}
				for how, move := range moved {
					if move == nil {
						continue
					}
					a := w.mustStart(w.ask(w.mustLink(0)))
					w.do(a.ProviderRef, provider.RemotePaid)
					move(a.ProviderRef)
					if now, err := w.payments.Sync(t.Context(), a.BusinessID, a.ID, cause); err != nil || now.State != attempt.Paid {
						t.Fatalf("by %s it is %s, %v", cause, now.State, err)
					}
					v := w.view(a)
					if how == "refunded" && v.Refunded() != eur(1000) || how == "disputed" && v.Dispute() == "" {
						t.Errorf("what was %s reads %s refunded, dispute %q, by %s", how, v.Refunded(), v.Dispute(), cause)
					}
				}
			}
			w.mustHold()
		})
	})
}
