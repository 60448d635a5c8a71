package stripe

import (
	"context"
	"strings"
	"time"

	api "github.com/stripe/stripe-go/v84"

	"smartlinks/internal/payment/provider"
)

// Movements implements payment.Ledger ("List all refunds", "List all disputes").
func (s *Stripe) Movements(ctx context.Context, a provider.Account, ref string) (moved provider.Movements, err error) {
	err = s.ask(ctx, a, func(client *api.Client) error {
		session, err := retrieve(ctx, client, ref)
		if err != nil || session.PaymentIntent == nil {
			return err
		}
		moved = provider.Movements{}
		given, err := refunds(ctx, client, session.PaymentIntent.ID)
		if err != nil {
			return err
		}
		for _, r := range given {
			reported, err := reportedRefund(r)
			if err != nil {
				return err
			}
			moved.Refunds = append(moved.Refunds, reported)
		}
		if charge := session.PaymentIntent.LatestCharge; charge == nil || !charge.Disputed {
			return nil
		}
		moved.Disputes, err = disputes(ctx, client, session.PaymentIntent.ID)
		return err
	})
	return moved, err
}

func disputes(ctx context.Context, client *api.Client, intent string) (all []provider.RemoteDispute, err error) {
	params := &api.DisputeListParams{PaymentIntent: api.String(intent)}
	params.Limit = api.Int64(pageSize)
	for d, err := range client.V1Disputes.List(ctx, params) {
		if err != nil {
			return nil, err
		}
		amount, err := amountOf(d.Amount, string(d.Currency))
		if err != nil {
			return nil, err
		}
		all = append(all, provider.RemoteDispute{
			Ref: d.ID, Amount: amount, State: disputeState(d.Status), Reason: strings.ReplaceAll(string(d.Reason), "_", " "),
			OpenedAt: time.Unix(d.Created, 0).UTC(),
		})
	}
	return all, nil
}

// disputeState follows "The Dispute object". A warning that is closed never
// became a dispute.
func disputeState(s api.DisputeStatus) provider.DisputeState {
	switch s {
	case api.DisputeStatusLost:
		return provider.DisputeLost
	case api.DisputeStatusWon, api.DisputeStatusWarningClosed, api.DisputeStatusPrevented:
		return provider.DisputeWon
	}
	return provider.DisputeOpen
}
