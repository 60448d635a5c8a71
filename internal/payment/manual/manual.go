// Package manual is the provider of payments that members record by hand: money that came
// as cash, by transfer or another way, outside any provider.
package manual

import (
	"context"
	"fmt"

	"smartlinks/internal/payment/provider"
)

// Hand stands where a provider stands, so that what was recorded is read, given back and
// counted as any payment. It moves no money and knows nothing that the books don't.
type Hand struct{}

// Start implements payment.Provider. Nobody is sent anywhere to pay by hand.
func (Hand) Start(context.Context, provider.Order) (provider.Checkout, error) {
	return provider.Checkout{}, fmt.Errorf("a payment by hand has no checkout: %w", provider.ErrRefused)
}

// Fetch implements payment.Provider. What was recorded is settled as it is recorded, so
// that there is never anything to learn.
func (Hand) Fetch(context.Context, provider.Account, string) (provider.Remote, error) {
	return provider.Remote{}, provider.ErrUnknown
}

// Refund implements payment.Refunder: to reverse what was recorded is to write that down.
// The member hands the money back.
func (Hand) Refund(_ context.Context, _ provider.Account, _ string, o provider.RefundOrder) (provider.RemoteRefund, error) {
	return provider.RemoteRefund{Ref: o.Key, Key: o.Key, Amount: o.Amount, State: provider.RefundDone}, nil
}
