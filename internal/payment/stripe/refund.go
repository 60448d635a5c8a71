package stripe

import (
	"context"
	"fmt"

	api "github.com/stripe/stripe-go/v84"

	"smartlinks/internal/payment/provider"
)

// Refund implements payment.Refunder ("Create a refund"). A refund of that key
// is looked for first, so that it stays one when Stripe has forgotten the key.
func (s *Stripe) Refund(ctx context.Context, a provider.Account, ref string, o provider.RefundOrder) (reported provider.RemoteRefund, err error) {
	err = s.ask(ctx, a, func(client *api.Client) error {
		session, err := retrieve(ctx, client, ref)
		if err != nil {
			return err
		}
		if session.PaymentIntent == nil {
			return fmt.Errorf("%w: this checkout has no payment to refund", provider.ErrRefused)
		}
		before, err := refunds(ctx, client, session.PaymentIntent.ID)
		if err != nil {
			return err
		}
		for _, r := range before {
			if r.Metadata[refundKey] == o.Key {
				reported, err = reportedRefund(r)
				return err
			}
		}
		n, err := units(o.Amount)
		if err != nil {
			return fmt.Errorf("%w: %w", provider.ErrRefused, err)
		}
		params := &api.RefundCreateParams{
			PaymentIntent: api.String(session.PaymentIntent.ID), Amount: api.Int64(n), Metadata: map[string]string{refundKey: o.Key},
		}
		params.SetIdempotencyKey("refund-" + o.Key)
		made, err := client.V1Refunds.Create(ctx, params)
		if err != nil {
			return err
		}
		reported, err = reportedRefund(made)
		return err
	})
	return reported, err
}

// refunds are all of a payment ("List all refunds").
func refunds(ctx context.Context, client *api.Client, intent string) (all []*api.Refund, err error) {
	params := &api.RefundListParams{PaymentIntent: api.String(intent)}
	params.Limit = api.Int64(pageSize)
	for refund, err := range client.V1Refunds.List(ctx, params) {
		if err != nil {
			return nil, err
		}
		all = append(all, refund)
	}
	return all, nil
}

// reportedRefund is a refund as the payment room sees it ("The Refund object":
// pending, requires_action, succeeded, failed, canceled).
func reportedRefund(r *api.Refund) (provider.RemoteRefund, error) {
	amount, err := amountOf(r.Amount, string(r.Currency))
	reported := provider.RemoteRefund{Ref: r.ID, Key: r.Metadata[refundKey], Amount: amount, State: provider.RefundUnderway}
	switch r.Status {
	case api.RefundStatusSucceeded:
		reported.State = provider.RefundDone
	case api.RefundStatusFailed, api.RefundStatusCanceled:
		reported.State = provider.RefundRejected
		reported.Problem = fmt.Sprintf("Stripe says that the refund %s: %s", r.Status, r.FailureReason)
	}
	return reported, err
}
