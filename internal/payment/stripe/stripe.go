// Package stripe moves money through Stripe's Checkout Sessions, with each
// merchant's own key. The rules are those of Stripe's API reference, version
// 2026-02-25; each file names the page that it follows.
package stripe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	api "github.com/stripe/stripe-go/v84"

	"smartlinks/internal/business"
	"smartlinks/internal/clock"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/outgoing"
	"smartlinks/internal/payment/provider"
)

// Name is the provider's name in URLs and columns.
const Name = "stripe"

// The places where merchants look after their keys.
const (
	KeysURL     = "https://dashboard.stripe.com/apikeys"
	WebhooksURL = "https://dashboard.stripe.com/webhooks"
)

// attemptKey is the metadata that carries our attempt's id, on the session and
// on its payment; refundKey that of a refund.
const (
	attemptKey = "attempt"
	refundKey  = "refund"
)

// Stripe is the provider. It is safe for concurrent use.
type Stripe struct {
	ring     *keyring.Ring
	backends *api.Backends
	clock    *clock.Clock
}

// New returns the provider, which asks ring for keys. base replaces
// https://api.stripe.com when it is not empty, for tests against stand-ins.
// watch hears of the questions to it; nil: nobody does.
func New(ring *keyring.Ring, base string, c *clock.Clock, watch outgoing.Watch) *Stripe {
	config := &api.BackendConfig{
		HTTPClient:        outgoing.New(watch),
		MaxNetworkRetries: api.Int64(0), // trying again is decided where the attempt is
		LeveledLogger:     &api.LeveledLogger{Level: api.LevelNull},
		EnableTelemetry:   api.Bool(false),
	}
	if base != "" {
		config.URL = api.String(strings.TrimSuffix(base, "/"))
	}
	return &Stripe{ring: ring, backends: api.NewBackendsWithConfig(config), clock: c}
}

// client asks Stripe with one key; nothing is shared but connections.
func (s *Stripe) client(key string) *api.Client {
	return api.NewClient(key, api.WithBackends(s.backends))
}

// ask does something with the account's key, tells the ring what became of the
// key, and returns the error as the payment room knows it.
func (s *Stripe) ask(ctx context.Context, a provider.Account, do func(c *api.Client) error) error {
	key, err := s.ring.Key(ctx, Name, a)
	if err != nil {
		return err
	}
	err = asFault(do(s.client(key)))
	return errors.Join(err, s.ring.RecordOutcome(ctx, Name, a, err))
}

// asFault translates Stripe's errors (API reference, "Errors"). What is neither a
// refusal nor about the key decides nothing: no answer, no JSON, 409, 429, 5xx,
// and a known idempotency key with another request.
func asFault(err error) error {
	var e *api.Error
	if !errors.As(err, &e) {
		return err
	}
	kind := error(nil)
	switch {
	case e.HTTPStatusCode == http.StatusUnauthorized || e.HTTPStatusCode == http.StatusForbidden:
		kind = provider.ErrAccount
	case e.HTTPStatusCode == http.StatusNotFound:
		kind = provider.ErrUnknown
	case e.Type == api.ErrorTypeIdempotency:
	case e.HTTPStatusCode == http.StatusBadRequest || e.HTTPStatusCode == http.StatusPaymentRequired:
		kind = provider.ErrRefused
	}
	if kind == provider.ErrRefused && aboutAmount(e) {
		return &provider.AmountRefusal{Code: provider.NotTaken, Said: e.Msg}
	}
	if kind == nil {
		return fmt.Errorf("stripe answers %d: %s", e.HTTPStatusCode, e.Msg)
	}
	return fmt.Errorf("%w: %s", kind, e.Msg)
}

// aboutAmount reports whether a refusal is about the amount or its currency ("Error
// codes", and the parameter that is named).
func aboutAmount(e *api.Error) bool {
	return e.Code == api.ErrorCodeAmountTooSmall || e.Code == api.ErrorCodeAmountTooLarge ||
		strings.HasSuffix(e.Param, "[unit_amount]") || strings.HasSuffix(e.Param, "[currency]")
}

// modeOf is Stripe's livemode.
func modeOf(live bool) business.Mode {
	if live {
		return business.Live
	}
	return business.Test
}
