package payment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Sync asks the provider how an attempt stands and applies it, once, however
// many ask at the same time. It is the one door: webhook, return, poller and
// merchant come through it, and nothing else changes an attempt's money state.
func (p *Payments) Sync(ctx context.Context, businessID business.ID, id ID, cause Cause) (Attempt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), providerTimeout)
	defer cancel()
	a, err := find(ctx, p.DB, businessID, id)
	if err != nil || a.State == Review {
		return a, err
	}
	provider, known := p.Providers[a.Provider]
	if !known {
		return a, fault.New(fault.Unavailable, "The provider "+a.Provider+" is not set up. Set it up again to settle its payments.")
	}
	if a.State == Paid {
		return a, p.refundOverflow(ctx, provider, a)
	}
	if a.ProviderRef == "" {
		if a, err = p.learnRef(ctx, provider, a, cause); err != nil || a.ProviderRef == "" {
			return a, err
		}
	}
	if a, err = p.closeWhenDue(ctx, provider, a); err != nil {
		return a, err
	}
	remote, err := provider.Fetch(ctx, a.BusinessID, a.ProviderRef)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return a, fault.Wrap(err, fault.Unavailable, "The payment provider does not answer. We keep checking.")
	}
	if errors.Is(err, ErrUnknown) {
		remote = Remote{Ref: a.ProviderRef}
	}
	a, err = p.apply(ctx, a, remote, cause)
	if err == nil && a.State == Paid {
		err = p.refundOverflow(ctx, provider, a)
	}
	return a, err
}

// keysLast is how long providers keep idempotency keys. Behind it, asking again
// could make a second checkout.
const keysLast = 23 * time.Hour

// learnRef asks again with the same key for an attempt whose answer was lost.
func (p *Payments) learnRef(ctx context.Context, provider Provider, a Attempt, cause Cause) (Attempt, error) {
	if p.DB.Clock().Now().Sub(a.CreatedAt) > keysLast {
		return p.toReview(ctx, a, cause, "the provider never confirmed this attempt")
	}
	made, err := provider.Start(ctx, p.order(a))
	switch {
	case errors.Is(err, ErrRefused):
		return a, p.refused(ctx, a, err)
	case err != nil:
		return a, fault.Wrap(err, fault.Unavailable, "The payment provider does not answer. We keep checking.")
	}
	return p.opened(ctx, a, made, cause)
}

func (p *Payments) toReview(ctx context.Context, a Attempt, cause Cause, why string) (Attempt, error) {
	err := p.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		if a, err = locked(ctx, tx, a.BusinessID, a.ID); err != nil || !a.State.live() {
			return err
		}
		return p.review(ctx, tx, &a, cause, why)
	})
	return a, err
}

// closeWhenDue asks the provider to end a checkout whose time is up. The slot
// stays held until the provider confirms.
func (p *Payments) closeWhenDue(ctx context.Context, provider Provider, a Attempt) (Attempt, error) {
	if a.State == Open && !p.DB.Clock().Now().Before(a.HoldUntil) {
		err := p.DB.InTx(ctx, func(tx *db.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE attempts SET state = 'closing', updated_at = $3 WHERE business_id = $1 AND id = $2 AND state = 'open'`,
				a.BusinessID, a.ID, db.At(tx.Now()))
			if err != nil || n == 0 {
				return err
			}
			a.State = Closing
			return note(ctx, tx, a, Closing, CausePoller, "its time is up")
		})
		if err != nil {
			return a, err
		}
	}
	if canceler, can := provider.(Canceler); can && a.State == Closing {
		if err := canceler.Cancel(ctx, a.BusinessID, a.ProviderRef); err != nil {
			p.Log.WarnContext(ctx, "the provider did not end a checkout", "attempt", a.ID, "error", err)
		}
	}
	return a, nil
}

// apply brings what the provider said into the attempt, only ever forward.
func (p *Payments) apply(ctx context.Context, a Attempt, remote Remote, cause Cause) (Attempt, error) {
	err := p.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		if a, err = locked(ctx, tx, a.BusinessID, a.ID); err != nil {
			return err
		}
		if a.State == Paid || a.State == Review {
			return nil
		}
		return p.step(ctx, tx, &a, remote, cause)
	})
	return a, err
}

// step is one transition, by the table of the attempt's states.
func (p *Payments) step(ctx context.Context, tx *db.Tx, a *Attempt, remote Remote, cause Cause) error {
	switch remote.Status {
	case RemotePaid:
		if why := mismatch(*a, remote); why != "" {
			return p.review(ctx, tx, a, cause, why)
		}
		return p.settle(ctx, tx, a, remote, cause)
	case RemotePending:
		if !a.State.live() || a.State == Pending {
			return p.lookLater(ctx, tx, *a)
		}
		return p.move(ctx, tx, a, Pending, cause, "")
	case RemoteOpen:
		if a.State == Creating {
			return p.move(ctx, tx, a, Open, cause, "")
		}
		return p.lookLater(ctx, tx, *a)
	case RemoteFailed, RemoteCanceled, RemoteExpired:
		if !a.State.live() {
			return nil
		}
		return p.end(ctx, tx, *a, ended(a, remote.Status), cause, "")
	}
	if !a.State.live() {
		return nil
	}
	return p.review(ctx, tx, a, cause, "the provider does not know this checkout")
}

// ended is the state that a remote end leads to, and sets it.
func ended(a *Attempt, status RemoteStatus) State {
	switch {
	case a.State == Closing:
		a.State = Released
	case status == RemoteFailed:
		a.State = Failed
	case status == RemoteCanceled:
		a.State = Canceled
	default:
		a.State = Expired
	}
	return a.State
}

// mismatch says why a paid checkout is not what was asked for.
func mismatch(a Attempt, remote Remote) string {
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
func (p *Payments) move(ctx context.Context, tx *db.Tx, a *Attempt, to State, cause Cause, detail string) error {
	a.State = to
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = $3, sync_at = $4, sync_tries = 0 WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, to, db.At(nextLook(*a, tx.Now(), 0))); err != nil {
		return err
	}
	return note(ctx, tx, *a, to, cause, detail)
}

// end settles an attempt without money, and gives its slot back.
func (p *Payments) end(ctx context.Context, tx *db.Tx, a Attempt, to State, cause Cause, reason string) error {
	if a.HoldsSlot {
		if err := p.Links.Release(ctx, tx, a.BusinessID, a.LinkID, a.Mode); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = $3, reason = $4, holds_slot = FALSE, sync_at = NULL WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, to, reason); err != nil {
		return err
	}
	return note(ctx, tx, a, to, cause, reason)
}

// review stops an attempt until a person has looked. Its slot stays held:
// money may have moved.
func (p *Payments) review(ctx context.Context, tx *db.Tx, a *Attempt, cause Cause, why string) error {
	a.State, a.Reason = Review, why
	if _, err := tx.Exec(ctx, `UPDATE attempts SET state = $3, reason = $4, sync_at = NULL WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, Review, why); err != nil {
		return err
	}
	p.Log.ErrorContext(ctx, "a payment needs review", "attempt", a.ID, "why", why)
	return note(ctx, tx, *a, Review, cause, why)
}
