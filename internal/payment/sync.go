package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// trigger is what made us ask the provider: the cause, and the webhook in the inbox that
// the same transaction marks as done, if it was one.
type trigger struct {
	cause    attempt.Cause
	inbox    string  // the report that it works on, "" for none
	received db.Time // when that came, the last time
	slotFor  heir    // who is to have the slot of an attempt that is closed
}

// Sync asks the provider how an attempt stands and applies it, once, however
// many ask at the same time. Webhook, return, poller and merchant all end here, and
// nothing else changes an attempt's money state.
// Errors: NotFound, and Unavailable while the provider does not answer.
func (p *Payments) Sync(ctx context.Context, businessID business.ID, id attempt.ID, cause attempt.Cause) (attempt.Attempt, error) {
	a, err := attempt.Find(ctx, p.DB, businessID, id)
	if err != nil {
		return a, err
	}
	return p.sync(ctx, a, trigger{cause: cause})
}

func (p *Payments) sync(ctx context.Context, a attempt.Attempt, t trigger) (attempt.Attempt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), providerTimeout)
	defer cancel()
	psp, known := p.Providers[a.Provider]
	switch {
	case !known:
		return a, fault.New(fault.Unavailable, "The provider "+a.Provider+" is not set up. Set it up again to settle its payments.")
	case a.State == attempt.Paid && (t.cause == attempt.CauseReturn || t.cause == attempt.CausePayer):
		return a, nil // a payer who looks at the receipt causes nothing
	case a.State == attempt.Paid:
		return a, p.follow(ctx, psp, a, t)
	}
	a, err := p.prepare(ctx, psp, a, t)
	if err != nil || a.ProviderRef == "" {
		return a, err
	}
	remote, err := psp.Fetch(ctx, provider.AccountOf(a), a.ProviderRef)
	if errors.Is(err, provider.ErrUnknown) {
		remote, err = provider.Remote{Status: remoteUnknown}, nil
	}
	if err != nil {
		return a, fault.Wrap(err, fault.Unavailable, "The payment provider does not answer. We keep checking.")
	}
	if t.inbox == "" && t.cause != attempt.CausePoller && !changedBy(a, remote) {
		return a, nil // a payer who reloads every few seconds costs no write
	}
	if a, err = p.apply(ctx, a, remote, t); err != nil || a.State != attempt.Paid {
		return a, err
	}
	switch {
	case remote.Moved:
		err = p.followAtOnce(ctx, psp, a, t)
	case a.Overflow:
		err = p.askRefunds(ctx, psp, a, t)
	}
	return a, err
}

// followAtOnce goes after money that had moved before we heard that it was taken. Where
// that fails it is tried again soon, not when paid money is looked at next.
func (p *Payments) followAtOnce(ctx context.Context, provider provider.Provider, a attempt.Attempt, t trigger) error {
	err := p.follow(ctx, provider, a, trigger{cause: t.cause})
	if err == nil {
		return nil
	}
	return errors.Join(err, p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := attempt.Lock(ctx, tx, a.BusinessID, a.ID)
		if err != nil {
			return err
		}
		return postponePoll(ctx, tx, now)
	}))
}

// prepare learns the provider's id when it is missing, and asks the provider
// to end the checkout when its time is up.
func (p *Payments) prepare(ctx context.Context, provider provider.Provider, a attempt.Attempt, t trigger) (attempt.Attempt, error) {
	if a.ProviderRef == "" {
		if !a.State.Live() && a.State != attempt.Review {
			return a, p.processed(ctx, a, t) // it ended before the provider knew it
		}
		learnt, err := p.learnRef(ctx, provider, a, t.cause)
		if err != nil || learnt.ProviderRef == "" {
			return learnt, err
		}
		a = learnt
	}
	return p.closeWhenDue(ctx, provider, a)
}

// keysLast is how long providers keep idempotency keys, with a margin. Behind
// it, asking again could make a second checkout.
const keysLast = 23 * time.Hour

// searchFor is how long a lost attempt is looked for at the provider; behind it a
// person must decide.
const searchFor = 3 * 24 * time.Hour

// learnRef asks again with the same key for an attempt whose answer was lost.
func (p *Payments) learnRef(ctx context.Context, psp provider.Provider, a attempt.Attempt, cause attempt.Cause) (attempt.Attempt, error) {
	made, err := p.askOrFind(ctx, psp, a)
	switch {
	case errors.Is(err, provider.ErrRefused):
		if err := p.refused(ctx, a, cause, err); err != nil {
			return a, err
		}
		return attempt.Find(ctx, p.DB, a.BusinessID, a.ID)
	case errors.Is(err, provider.ErrUnknown), err != nil && p.DB.Clock().Now().Sub(a.CreatedAt) > searchFor:
		return p.toReview(ctx, a, trigger{cause: cause}, "the provider never confirmed this attempt")
	case err != nil:
		return a, fault.Wrap(err, fault.Unavailable, "The payment provider does not answer. We keep checking.")
	}
	return p.opened(ctx, a, made, cause)
}

// askOrFind asks again with the same key, as long as the provider knows it;
// later it only checks whether the first try had made a checkout.
func (p *Payments) askOrFind(ctx context.Context, psp provider.Provider, a attempt.Attempt) (provider.Checkout, error) {
	if a.State != attempt.Review && p.DB.Clock().Now().Sub(a.CreatedAt) <= keysLast {
		return p.ask(ctx, psp, a)
	}
	finder, can := psp.(provider.Finder)
	if !can {
		return provider.Checkout{}, provider.ErrUnknown
	}
	return finder.Find(ctx, provider.AccountOf(a), a.ID, a.CreatedAt)
}

// closeWhenDue asks the provider to end a checkout whose time is up. The slot
// stays held until the provider confirms.
func (p *Payments) closeWhenDue(ctx context.Context, psp provider.Provider, a attempt.Attempt) (attempt.Attempt, error) {
	if a.State == attempt.Open && !p.DB.Clock().Now().Before(a.HoldUntil) {
		err := p.DB.InTx(ctx, func(tx *db.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE attempts SET state = 'closing', updated_at = $3 WHERE business_id = $1 AND id = $2 AND state = 'open'`,
				a.BusinessID, a.ID, db.At(tx.Now()))
			if err != nil || n == 0 {
				return err
			}
			return attempt.AddToTimeline(ctx, tx, a, attempt.Closing, attempt.CausePoller, "its time is up")
		})
		if err != nil {
			return a, err
		}
		a.State = attempt.Closing
	}
	if canceler, can := psp.(provider.Canceler); can && a.State == attempt.Closing {
		// Whatever it answers, the next question decides.
		if err := canceler.Cancel(ctx, provider.AccountOf(a), a.ProviderRef); err != nil {
			p.Log.WarnContext(ctx, "the provider did not end a checkout", "attempt", a.ID, "error", err)
		}
	}
	return a, nil
}

// SyncThrottled is Sync for a payer on the page of the payment. However often they load
// it, the provider is asked at most every two seconds; in between, what is known stands.
func (p *Payments) SyncThrottled(ctx context.Context, businessID business.ID, id attempt.ID) error {
	if p.throttle.Fresh(id, p.DB.Clock().Wall()) {
		return nil
	}
	_, err := p.Sync(ctx, businessID, id, attempt.CauseReturn)
	return err
}
