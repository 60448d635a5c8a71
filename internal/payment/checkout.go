package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
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
func (p *Payments) checkout(ctx context.Context, provider Provider, a Attempt) (Attempt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), providerTimeout)
	defer cancel()
	made, err := p.ask(ctx, provider, a)
	var amount *AmountRefusal
	switch {
	case errors.As(err, &amount):
		if err := p.refused(ctx, a, CausePayer, err); err != nil {
			return Attempt{}, err
		}
		return Attempt{}, amount.fault()
	case errors.Is(err, ErrRefused):
		if err := p.refused(ctx, a, CausePayer, err); err != nil {
			return Attempt{}, err
		}
		if len(a.Methods) > 0 {
			return Attempt{}, refusedWay(err)
		}
		return Attempt{}, fault.Wrap(err, fault.Unavailable, "The payment provider refused this payment. You have not been charged. Please try again later.")
	case errors.Is(err, ErrAccount):
		p.Log.ErrorContext(ctx, "the provider does not accept the key", "business", a.BusinessID, "provider", a.Provider, "error", err)
		if err := p.refused(ctx, a, CausePayer, err); err != nil {
			return Attempt{}, err
		}
		return Attempt{}, fault.Wrap(err, fault.Unavailable, "This business cannot take payments right now. You have not been charged.")
	case err != nil:
		p.Log.WarnContext(ctx, "the provider's answer is awaited", "attempt", a.ID, "provider", a.Provider, "error", err)
		return a, nil
	}
	return p.opened(ctx, a, made, CausePayer)
}

// ask starts the checkout, with the same key each time. A key that is refused
// after a try in doubt leaves the doubt.
func (p *Payments) ask(ctx context.Context, provider Provider, a Attempt) (made Checkout, err error) {
	for try := range startTries {
		before := err
		made, err = p.askOnce(ctx, provider, a)
		if try > 0 && errors.Is(err, ErrAccount) {
			return made, before
		}
		if err == nil || errors.Is(err, ErrRefused) || errors.Is(err, ErrAccount) || ctx.Err() != nil {
			break
		}
	}
	if err == nil && (made.Ref == "" || made.URL == "") {
		err = errors.New("payment: the provider's checkout has no id or no address")
	}
	return made, err
}

func (p *Payments) askOnce(ctx context.Context, provider Provider, a Attempt) (Checkout, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	return provider.Start(ctx, p.order(a))
}

// order is the same for an attempt however often it is asked, because
// providers refuse a known key with another order.
func (p *Payments) order(a Attempt) Order {
	return Order{
		AttemptID: a.ID, Account: accountOf(a), Amount: a.Amount, Description: a.Title, Lines: Lines(a.Title, a.Parts()), Payer: a.Payer, Extra: a.extra(),
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
func (p *Payments) refused(ctx context.Context, a Attempt, cause Cause, why error) error {
	return p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := locked(ctx, tx, a.BusinessID, a.ID)
		if err != nil || now.ProviderRef != "" || !now.State.live() {
			return err
		}
		return p.end(ctx, tx, &now, Failed, trigger{cause: cause}, why.Error())
	})
}
