// Package mollie moves money through Mollie's Payments API, version 2, with each
// merchant's own key. Mollie's webhooks carry an id and no signature: what it is
// about is fetched. Each file names the page of Mollie's documentation that it
// follows.
package mollie

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"smartlinks/internal/clock"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/outgoing"
	"smartlinks/internal/payment/provider"
)

// Name is the provider's name in URLs and columns.
const Name = "mollie"

// KeysURL is where merchants look after their keys.
const KeysURL = "https://my.mollie.com/dashboard/developers/api-keys"

// base is where the API is.
const base = "https://api.mollie.com"

// Mollie is the provider. It is safe for concurrent use.
type Mollie struct {
	ring   *keyring.Ring
	base   string
	client *http.Client
	clock  *clock.Clock
}

// New returns the provider, which asks ring for keys. api replaces
// https://api.mollie.com when it is not empty, for tests against stand-ins.
// watch hears of the questions to it; nil: nobody does.
func New(ring *keyring.Ring, api string, c *clock.Clock, watch outgoing.Watch) *Mollie {
	if api == "" {
		api = base
	}
	return &Mollie{ring: ring, base: strings.TrimSuffix(api, "/"), client: outgoing.New(watch), clock: c}
}

// ask does something with the account's key, and tells the ring what became of
// the key.
func (m *Mollie) ask(ctx context.Context, a provider.Account, do func(key string) error) error {
	key, err := m.ring.Key(ctx, Name, a)
	if err != nil {
		return err
	}
	err = do(key)
	return errors.Join(err, m.ring.RecordOutcome(ctx, Name, a, err))
}

// reachable reports whether Mollie can call the address: it refuses payments
// with a webhook on this machine or a private network. A stand-in calls any.
func (m *Mollie) reachable(hook string) bool {
	if m.base != base {
		return true
	}
	u, err := url.Parse(hook)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if address, err := netip.ParseAddr(host); err == nil {
		return address.IsGlobalUnicast() && !address.IsPrivate()
	}
	return strings.Contains(host, ".") && !strings.HasSuffix(host, ".local")
}
