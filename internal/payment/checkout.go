package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

const (
	// providerTimeout bounds all calls to a provider for one attempt.
	providerTimeout = 20 * time.Second
	// startTimeout bounds one try to start a checkout while a payer waits.
	startTimeout = 8 * time.Second
	// startTries bounds the tries; what is undecided then is the poller's.
	startTries = 2
)

// checkout asks the provider for its page. In doubt the attempt stays, and the
// poller finds out.
func (p *Payments) checkout(ctx context.Context, psp provider.Provider, a attempt.Attempt) (attempt.Attempt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), providerTimeout)
	defer cancel()
	made, err := p.ask(ctx, psp, a)
	var amount *provider.AmountRefusal
	switch {
	case errors.As(err, &amount):
		if err := p.refused(ctx, a, attempt.CausePayer, err); err != nil {
			return attempt.Attempt{}, err
		}
		return attempt.Attempt{}, amount.Fault()
	case errors.Is(err, provider.ErrRefused):
		if err := p.refused(ctx, a, attempt.CausePayer, err); err != nil {
			return attempt.Attempt{}, err
		}
		if len(a.Methods) > 0 {
			return attempt.Attempt{}, refusedWay(err)
		}
		return attempt.Attempt{}, fault.Wrap(err, fault.Unavailable, "The payment provider refused this payment. You have not been charged. Please try again later.")
	case errors.Is(err, provider.ErrAccount):
		p.Log.ErrorContext(ctx, "the provider does not accept the key", "business", a.BusinessID, "provider", a.Provider, "error", err)
		if err := p.refused(ctx, a, attempt.CausePayer, err); err != nil {
			return attempt.Attempt{}, err
		}
		return attempt.Attempt{}, fault.Wrap(err, fault.Unavailable, "This business cannot take payments right now. You have not been charged.")
	case err != nil:
		p.Log.WarnContext(ctx, "the provider's answer is awaited", "attempt", a.ID, "provider", a.Provider, "error", err)
		return a, nil
	}
	return p.opened(ctx, a, made, attempt.CausePayer)
}

// ask starts the checkout, with the same key each time. A key that is refused
// after a try in doubt leaves the doubt.
func (p *Payments) ask(ctx context.Context, psp provider.Provider, a attempt.Attempt) (made provider.Checkout, err error) {
	for try := range startTries {
		before := err
		made, err = p.askOnce(ctx, psp, a)
		if try > 0 && errors.Is(err, provider.ErrAccount) {
			return made, before
		}
		if err == nil || errors.Is(err, provider.ErrRefused) || errors.Is(err, provider.ErrAccount) || ctx.Err() != nil {
			break
		}
	}
	if err == nil && (made.Ref == "" || made.URL == "") {
		err = errors.New("payment: the provider's checkout has no id or no address")
	}
	return made, err
}

func (p *Payments) askOnce(ctx context.Context, provider provider.Provider, a attempt.Attempt) (provider.Checkout, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	return provider.Start(ctx, p.order(a))
}

// order is the same for an attempt however often it is asked, because
// providers refuse a known key with another order.
func (p *Payments) order(a attempt.Attempt) provider.Order {
	return provider.Order{
		AttemptID: a.ID, Account: provider.AccountOf(a), Amount: a.Amount, Description: a.Title, Lines: provider.Lines(a.Title, a.Parts()), Payer: a.Payer, Extra: a.Extra(),
		ReturnURL: p.Addresses.OnHost(a.Host, address.Payment(a.ID)), WebhookURL: address.At(p.hookOrigin(a.Provider), address.ProviderHook(a.Provider, a.BusinessID)),
		CreatedAt: a.CreatedAt, ExpiresAt: a.HoldUntil, InstantOnly: a.InstantOnly, Methods: a.Methods, Source: sourceOf(a),
	}
}

// hookOrigin is where a provider reports: to where payers come, too, but the
// sandbox, which lives here, past any proxy.
func (p *Payments) hookOrigin(provider string) string {
	if provider == business.Sandbox {
		return p.HookURL
	}
	return p.Addresses.Origin()
}

// refused ends an attempt that the provider will not take, and gives its slot
// back.
func (p *Payments) refused(ctx context.Context, a attempt.Attempt, cause attempt.Cause, why error) error {
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := attempt.Lock(ctx, tx, a.BusinessID, a.ID)
		if err != nil || now.ProviderRef != "" || !now.State.Live() {
			return err
		}
		return p.end(ctx, tx, &now, attempt.Failed, trigger{cause: cause}, why.Error())
	})
}
