package sandbox

import (
	"context"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
)

var outcomes = []Outcome{Paid, Pending, Failed, Canceled, Expired, Disputed, DisputeWon, DisputeLost}

// reportFirst bounds how long a payer is kept for the webhook.
const reportFirst = time.Second

// Decide does what the payer chose, sends the webhook, and returns where the
// payer goes. Paid is final; anything else may still be paid, as real providers
// let it. A webhook that is heard at once is heard before Decide returns, so that
// whoever reads next finds it settled; a slow one goes on behind. Errors:
// NotFound, Invalid for an unknown outcome, Conflict.
func (s *Sandbox) Decide(ctx context.Context, id string, outcome Outcome, also Also) (returnURL string, err error) {
	var wrong fault.Fields
	if !slices.Contains(outcomes, outcome) {
		wrong.Add("outcome", "", "Choose paid, pending, failed, canceled or expired; and once it is paid disputed, dispute_won or dispute_lost.")
	}
	if also != "" && !slices.Contains(Alsos(), also) {
		wrong.Add("also", "", "Choose late, twice, lost, forged, reordered, after_expiry, lost_answer or refunds_fail, or leave it out.")
	}
	if also == AfterExpiry && outcome != Paid {
		wrong.Add("also", "", "Only what is paid can be paid after it expired.")
	}
	if err := wrong.Err(); err != nil {
		return "", err
	}
	lease := s.hooks.LeaseUntil()
	var hooks []hook
	var account business.ID
	err = s.d.InTx(ctx, func(tx *db.Tx) error {
		hooks = nil
		r, err := s.locked(ctx, tx, id)
		if err != nil {
			return err
		}
		returnURL, account = r.ReturnURL, r.Account
		if outcome.ofBank() {
			if err := r.dispute(ctx, tx, outcome); err != nil {
				return err
			}
			hooks, err = s.write(ctx, tx, r, also, lease)
			return err
		}
		paid := r.Status == payment.RemotePaid // and stays so: the row is locked
		if paid && outcome != Paid {
			return fault.New(fault.Conflict, "This payment is paid already. Paid is final.")
		}
		if !paid {
			if err := r.become(ctx, tx, outcome, also); err != nil {
				return err
			}
		}
		if !paid || also == Twice {
			hooks, err = s.write(ctx, tx, r, also, lease)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if also == LostAnswer {
		s.silent.begin(account)
	}
	waiting, enough := context.WithTimeout(ctx, reportFirst)
	defer enough()
	var sent []<-chan struct{}
	for _, h := range hooks {
		sent = append(sent, s.sendSoon(h, lease))
	}
	for _, done := range sent {
		select {
		case <-done:
		case <-waiting.Done():
		}
	}
	return returnURL, nil
}

// ofBank reports whether the payer's bank does that, once it is paid.
func (o Outcome) ofBank() bool { return o == Disputed || o == DisputeWon || o == DisputeLost }

// become changes a checkout that is locked and not paid.
func (r row) become(ctx context.Context, tx *db.Tx, outcome Outcome, also Also) error {
	paidAt := db.Time{}
	switch {
	case also == AfterExpiry:
		outcome, paidAt = Expired, db.At(tx.Now().Add(lateBy))
	case outcome == Paid:
		paidAt = db.At(tx.Now())
	}
	return tx.Queue(ctx, db.Exec(nil, `UPDATE sandbox_payments SET status = $2, paid_at = $3, refunds_fail = $4 WHERE id = $1 AND status <> 'paid'`,
		r.ID, outcome, paidAt, also == RefundsFail))
}

// arrived locks checkouts, and writes down that an expired one has been paid all
// the same, once that instant ($1) is reached.
const arrived = `UPDATE sandbox_payments SET status = CASE WHEN status = 'expired' AND paid_at <= $1 THEN 'paid' ELSE status END`

// locked is the checkout until the transaction ends, or a NotFound fault.
func (s *Sandbox) locked(ctx context.Context, tx *db.Tx, id string) (r row, err error) {
	err = tx.Get(ctx, &r, arrived+` WHERE id = $2 RETURNING `+columns, db.At(tx.Now()), id)
	return r, orNotFound(err)
}
