package payment

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/poll"
	"smartlinks/internal/payment/provider"
)

// remoteUnknown stands for a provider that knows no such checkout.
const remoteUnknown provider.RemoteStatus = "unknown"

// changedBy reports whether what the provider says could change the attempt.
func changedBy(a attempt.Attempt, remote provider.Remote) bool {
	switch remote.Status {
	case provider.RemoteOpen:
		return a.State == attempt.Creating
	case provider.RemotePending:
		return a.State.Live() && a.State != attempt.Pending
	case provider.RemoteFailed, provider.RemoteCanceled, provider.RemoteExpired:
		return a.State.Live() || a.State == attempt.Review
	case remoteUnknown:
		return a.State.Live()
	}
	return true
}

// apply brings what the provider said into the attempt, only ever forward, in
// one transaction with all that follows from it.
func (p *Payments) apply(ctx context.Context, a attempt.Attempt, remote provider.Remote, t trigger) (attempt.Attempt, error) {
	now, settled, err := p.settleTogether(ctx, a, remote, t)
	if settled || err != nil {
		return now, err
	}
	err = p.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		if now, err = attempt.Lock(ctx, tx, a.BusinessID, a.ID); err != nil {
			return err
		}
		if err := p.step(ctx, tx, &now, remote, t); err != nil {
			return err
		}
		return inboxDone(ctx, tx, now.BusinessID, now.State, t)
	})
	if errors.Is(err, errRecorded) {
		return p.toReview(ctx, a, t, err.Error())
	}
	return now, err
}

// step is one transition, by the table of the attempt's states.
func (p *Payments) step(ctx context.Context, tx *db.Tx, a *attempt.Attempt, remote provider.Remote, t trigger) error {
	if a.State == attempt.Paid {
		return nil
	}
	if err := agree(ctx, tx, a, remote); err != nil {
		return err
	}
	if a.State == attempt.Review {
		return p.decide(ctx, tx, a, remote, t)
	}
	switch remote.Status {
	case provider.RemotePaid:
		if why := mismatch(*a, remote); why != "" {
			return p.review(ctx, tx, a, t.cause, why)
		}
		return p.settle(ctx, tx, a, remote, t.cause)
	case provider.RemotePending:
		if a.State.Live() && a.State != attempt.Pending {
			return p.move(ctx, tx, a, attempt.Pending, t.cause)
		}
		if !a.State.Live() {
			a.Tries = 0 // money may come yet: poll every day
			return postponePoll(ctx, tx, *a)
		}
	case provider.RemoteOpen:
		if a.State == attempt.Creating {
			return p.move(ctx, tx, a, attempt.Open, t.cause)
		}
	case provider.RemoteFailed, provider.RemoteCanceled, provider.RemoteExpired:
		if a.State.Live() {
			return p.end(ctx, tx, a, endedBy(*a, remote.Status), t, "")
		}
	case remoteUnknown:
		if a.State.Live() {
			return p.review(ctx, tx, a, t.cause, "the provider does not know this checkout")
		}
	default: // a status of tomorrow decides nothing
		p.Log.WarnContext(ctx, "the provider tells an unknown status", "attempt", a.ID, "status", remote.Status)
	}
	if t.cause != attempt.CausePoller {
		return nil // no news: the next poll stays where it is
	}
	return postponePoll(ctx, tx, *a)
}

// decide takes an attempt out of review when the provider's word has become
// clear: money that fits is settled, and an end without money gives the slot
// back.
func (p *Payments) decide(ctx context.Context, tx *db.Tx, a *attempt.Attempt, remote provider.Remote, t trigger) error {
	switch remote.Status {
	case provider.RemotePaid:
		if mismatch(*a, remote) == "" {
			return p.settle(ctx, tx, a, remote, t.cause)
		}
	case provider.RemoteFailed, provider.RemoteCanceled, provider.RemoteExpired:
		return p.end(ctx, tx, a, endedBy(*a, remote.Status), t, remote.Why)
	}
	return nil
}

// endedBy is the state that a remote end leads to.
func endedBy(a attempt.Attempt, status provider.RemoteStatus) attempt.State {
	switch {
	case a.State == attempt.Closing:
		return attempt.Released
	case status == provider.RemoteFailed:
		return attempt.Failed
	case status == provider.RemoteCanceled:
		return attempt.Canceled
	}
	return attempt.Expired
}

// mismatch says why a paid checkout is not what was asked for.
func mismatch(a attempt.Attempt, remote provider.Remote) string {
	switch {
	case remote.AttemptID != a.ID:
		return "the provider's payment belongs to another attempt"
	case remote.Amount != a.Amount:
		return fmt.Sprintf("the provider captured %s, not %s", remote.Amount, a.Amount)
	case remote.Mode != a.Mode:
		return fmt.Sprintf("the provider's payment is %s, not %s", remote.Mode, a.Mode)
	}
	return ""
}

// move changes the state of an attempt that may still be paid.
func (p *Payments) move(ctx context.Context, tx *db.Tx, a *attempt.Attempt, to attempt.State, cause attempt.Cause) error {
	a.State, a.Tries = to, 0
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = $3, sync_at = $4, sync_tries = 0, updated_at = $5 WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, to, db.At(poll.Next(*a, tx.Now())), db.At(tx.Now())); err != nil {
		return err
	}
	if err := attempt.AddToTimeline(ctx, tx, *a, to, cause, ""); err != nil || to != attempt.Pending || p.OnPending == nil {
		return err
	}
	return p.OnPending(ctx, tx, *a)
}

// end settles an attempt without money, and gives its slot back. The poller
// looks again some time later.
func (p *Payments) end(ctx context.Context, tx *db.Tx, a *attempt.Attempt, to attempt.State, t trigger, reason string) error {
	if err := p.releaseCode(ctx, tx, a); err != nil {
		return err
	}
	if a.HoldsSlot {
		if err := p.release(ctx, tx, *a, t.slotFor); err != nil {
			return err
		}
	}
	a.State, a.Reason, a.HoldsSlot = to, reason, false
	next := db.Time{}
	if a.ProviderRef != "" {
		next = db.At(poll.AfterEnd(tx.Now(), 0))
	}
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = $3, reason = $4, holds_slot = FALSE, holds_code = FALSE, sync_at = $5, sync_tries = 0, updated_at = $6,
		payer_key = CASE WHEN $3 = 'canceled' THEN '' ELSE payer_key END
		WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, to, reason, next, db.At(tx.Now())); err != nil {
		return err
	}
	if err := attempt.AddToTimeline(ctx, tx, *a, to, t.cause, reason); err != nil {
		return err
	}
	for _, e := range p.Ends {
		if err := e.Do(ctx, tx, *a); err != nil {
			return fmt.Errorf("end %s: %w", e.Name, err)
		}
	}
	return nil
}

// toReview is review in a transaction of its own.
func (p *Payments) toReview(ctx context.Context, a attempt.Attempt, t trigger, why string) (attempt.Attempt, error) {
	err := p.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		if a, err = attempt.Lock(ctx, tx, a.BusinessID, a.ID); err != nil {
			return err
		}
		if a.State != attempt.Paid && a.State != attempt.Review {
			if err := p.review(ctx, tx, &a, t.cause, why); err != nil {
				return err
			}
		}
		return inboxDone(ctx, tx, a.BusinessID, a.State, t)
	})
	return a, err
}

// review stops an attempt until a person has looked. What it holds stays held:
// money may have moved.
func (p *Payments) review(ctx context.Context, tx *db.Tx, a *attempt.Attempt, cause attempt.Cause, why string) error {
	a.State, a.Reason = attempt.Review, why
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = 'review', payer_key = '', reason = $3, sync_at = NULL, updated_at = $4 WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, why, db.At(tx.Now())); err != nil {
		return err
	}
	tx.AfterCommit(func() { p.Log.ErrorContext(ctx, "a payment needs review", "attempt", a.ID, "why", why) })
	return attempt.AddToTimeline(ctx, tx, *a, attempt.Review, cause, why)
}
