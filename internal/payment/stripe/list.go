package stripe

import (
	"context"
	"time"

	api "github.com/stripe/stripe-go/v84"

	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// Find implements payment.Finder by the sessions made around that time.
func (s *Stripe) Find(ctx context.Context, a provider.Account, attempt attempt.ID, createdAt time.Time) (c provider.Checkout, err error) {
	err = s.ask(ctx, a, func(client *api.Client) error {
		session, err := s.find(ctx, client, provider.Order{AttemptID: attempt, CreatedAt: createdAt})
		switch {
		case err != nil:
			return err
		case session == nil:
			return provider.ErrUnknown
		}
		c = provider.Checkout{Ref: session.ID, URL: session.URL}
		return nil
	})
	return c, err
}

// List implements payment.Lister ("List all Checkout Sessions").
func (s *Stripe) List(ctx context.Context, a provider.Account, since time.Time, each func(provider.Listed) error) error {
	return s.ask(ctx, a, func(client *api.Client) error {
		params := &api.CheckoutSessionListParams{CreatedRange: &api.RangeQueryParams{GreaterThanOrEqual: since.Unix()}}
		params.Limit = api.Int64(pageSize)
		params.AddExpand("data.payment_intent.latest_charge")
		for session, err := range client.V1CheckoutSessions.List(ctx, params) {
			if err != nil {
				return err
			}
			listed, err := listed(session)
			if err != nil && session.Metadata[attemptKey] != "" { // what others take can't be ours to read
				return err
			}
			if err := each(listed); err != nil {
				return err
			}
		}
		return nil
	})
}

func listed(session *api.CheckoutSession) (provider.Listed, error) {
	r, err := remote(session)
	l := provider.Listed{
		Remote: r, CheckoutURL: session.URL, CreatedAt: time.Unix(session.Created, 0).UTC(), ExpiresAt: time.Unix(session.ExpiresAt, 0).UTC(),
		PayerEmail: session.CustomerEmail, Source: session.Metadata,
	}
	if d := session.CustomerDetails; d != nil && l.PayerEmail == "" {
		l.PayerEmail = d.Email
	}
	if intent := session.PaymentIntent; intent != nil {
		l.Description = intent.Description
	}
	return l, err
}
