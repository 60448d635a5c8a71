package stripe

import (
	"context"
	"errors"
	"fmt"

	api "github.com/stripe/stripe-go/v84"

	"smartlinks/internal/money"
	"smartlinks/internal/payment"
)

// Refund implements payment.Refunder ("Create a refund"). A refund of that key
// is looked for first, so that it stays one when Stripe has forgotten the key.
func (s *Stripe) Refund(ctx context.Context, a payment.Account, ref, key string, amount money.Amount) error {
	return s.ask(ctx, a, func(client *api.Client) error {
		session, err := retrieve(ctx, client, ref)
		if err != nil {
			return err
		}
		if session.PaymentIntent == nil {
			return errors.New("stripe: this checkout has no payment to refund")
		}
		before, err := refundOf(ctx, client, session.PaymentIntent.ID, key)
		if err != nil || before != nil {
			return errors.Join(err, outcome(before))
		}
		n, err := units(amount)
		if err != nil {
			return err
		}
		if charge := session.PaymentIntent.LatestCharge; charge != nil && charge.Refunded && charge.AmountCaptured == n {
			return nil // given back as a whole by the merchant, in Stripe's dashboard
		}
		params := &api.RefundCreateParams{
			PaymentIntent: api.String(session.PaymentIntent.ID), Amount: api.Int64(n), Metadata: map[string]string{refundKey: key},
		}
		params.SetIdempotencyKey("refund-" + key)
		made, err := client.V1Refunds.Create(ctx, params)
		if err != nil {
			return err
		}
		return outcome(made)
	})
}

// refundOf is the refund of a key, nil when there is none.
func refundOf(ctx context.Context, client *api.Client, intent, key string) (*api.Refund, error) {
	params := &api.RefundListParams{PaymentIntent: api.String(intent)}
	params.Limit = api.Int64(pageSize)
	for refund, err := range client.V1Refunds.List(ctx, params) {
		if err != nil {
			return nil, err
		}
		if refund.Metadata[refundKey] == key {
			return refund, nil
		}
	}
	return nil, nil
}

// outcome is an error for a refund that will not come ("The Refund object":
// pending, requires_action, succeeded, failed, canceled).
func outcome(r *api.Refund) error {
	if r == nil || r.Status != api.RefundStatusFailed && r.Status != api.RefundStatusCanceled {
		return nil
	}
	return fmt.Errorf("stripe: the refund %s %s: %s", r.ID, r.Status, r.FailureReason)
}
