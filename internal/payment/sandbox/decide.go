package sandbox

import (
	"context"
	"slices"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// lateBy is how much later a late webhook comes.
const lateBy = 2 * time.Minute

var (
	outcomes = []Outcome{Paid, Pending, Failed, Canceled, Expired, Disputed, DisputeWon, DisputeLost}
	alsos    = []Also{"", Late, Twice, Lost, Forged, RefundsFail}
)

// Decide does what the payer chose, sends the webhook, and returns where the
// payer goes. Paid is final; anything else may still be paid, as real providers
// let it. Errors: NotFound, Invalid for an unknown outcome, Conflict.
func (s *Sandbox) Decide(ctx context.Context, id string, outcome Outcome, also Also) (returnURL string, err error) {
	var wrong fault.Fields
	if !slices.Contains(outcomes, outcome) {
		wrong.Add("outcome", "", "Choose paid, pending, failed, canceled or expired; and once it is paid disputed, dispute_won or dispute_lost.")
	}
	if !slices.Contains(alsos, also) {
		wrong.Add("also", "", "Choose late, twice, lost, forged or refunds_fail, or leave it out.")
	}
	if err := wrong.Err(); err != nil {
		return "", err
	}
	var hooks []hook
	err = s.d.InTx(ctx, func(tx *db.Tx) error {
		hooks = nil
		r, err := s.find(ctx, tx, id)
		if err != nil {
			return err
		}
		returnURL = r.ReturnURL
		if outcome.ofBank() {
			if err := r.dispute(ctx, tx, outcome); err != nil {
				return err
			}
			hooks, err = s.queue(ctx, tx, r, also)
			return err
		}
		paidAt := db.Time{}
		if outcome == Paid {
			paidAt = db.At(tx.Now())
		}
		n, err := tx.Exec(ctx, `UPDATE sandbox_payments SET status = $2, paid_at = $3, refunds_fail = $4 WHERE id = $1 AND status <> 'paid'`,
			id, outcome, paidAt, also == RefundsFail)
		if err != nil {
			return err
		}
		if n == 0 && outcome != Paid {
			return fault.New(fault.Conflict, "This payment is paid already. Paid is final.")
		}
		if n == 1 || also == Twice {
			hooks, err = s.queue(ctx, tx, r, also)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	for _, h := range hooks {
		s.sendSoon(h)
	}
	return returnURL, nil
}

// ofBank reports whether the payer's bank does that, once it is paid.
func (o Outcome) ofBank() bool { return o == Disputed || o == DisputeWon || o == DisputeLost }
