package sandbox

import (
	"context"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
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
		change := s.payers
		if outcome.ofBank() {
			change = s.banks
		}
		r, changed, err := change(ctx, tx, id, outcome, also)
		if err != nil {
			return err
		}
		returnURL, account = r.ReturnURL, r.Account
		if changed || also == Twice {
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

// banks changes a checkout as the payer's bank does.
func (s *Sandbox) banks(ctx context.Context, tx *db.Tx, id string, outcome Outcome, _ Also) (r row, changed bool, err error) {
	if r, err = s.locked(ctx, tx, id); err == nil {
		err = r.dispute(ctx, tx, outcome)
	}
	return r, err == nil, err
}

// paid is the condition of a checkout that stays as it is, at the instant $1.
const paid = `(status = 'paid' OR status = 'expired' AND paid_at <= $1)`

// payers changes a checkout that is not paid as the payer does, and locks it.
func (s *Sandbox) payers(ctx context.Context, tx *db.Tx, id string, outcome Outcome, also Also) (r row, changed bool, err error) {
	status, paidAt := outcome, db.Time{}
	switch {
	case also == AfterExpiry:
		status, paidAt = Expired, db.At(tx.Now().Add(lateBy))
	case outcome == Paid:
		paidAt = db.At(tx.Now())
	}
	if err := tx.Get(ctx, &r, `
		UPDATE sandbox_payments SET status = CASE WHEN `+paid+` THEN 'paid' ELSE $2 END,
			paid_at = CASE WHEN `+paid+` THEN paid_at ELSE $3 END, refunds_fail = CASE WHEN `+paid+` THEN refunds_fail ELSE $4 END
		WHERE id = $5 RETURNING `+columns, db.At(tx.Now()), status, paidAt, also == RefundsFail, id); err != nil {
		return r, false, orNotFound(err)
	}
	changed = string(r.Status) == string(status) && r.PaidAt.UnixMicro() == paidAt.UnixMicro()
	if !changed && outcome != Paid {
		return r, false, fault.New(fault.Conflict, "This payment is paid already. Paid is final.")
	}
	return r, changed, nil
}

// arrived locks checkouts, and writes down that an expired one has been paid all
// the same, once that instant ($1) is reached.
const arrived = `UPDATE sandbox_payments SET status = CASE WHEN status = 'expired' AND paid_at <= $1 THEN 'paid' ELSE status END`

// locked is the checkout until the transaction ends, or a NotFound fault.
func (s *Sandbox) locked(ctx context.Context, tx *db.Tx, id string) (r row, err error) {
	err = tx.Get(ctx, &r, arrived+` WHERE id = $2 RETURNING `+columns, db.At(tx.Now()), id)
	return r, orNotFound(err)
}
