package mollie

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"time"

	"smartlinks/internal/payment/provider"
)

const (
	// mayExistAfter is how old an order is that may be there already: it is looked
	// for before it is asked for again, because Mollie forgets idempotency keys
	// after an hour ("API idempotency").
	mayExistAfter = time.Minute
	// maxPages bounds how many pages of payments are looked through for one.
	maxPages = 8
	// pageSize is the largest that Mollie's lists have ("Pagination").
	pageSize = 250
)

// Start implements payment.Provider ("Create payment"). Mollie has no end that
// could be set for all methods: when our hold ends, it is asked to cancel.
func (m *Mollie) Start(ctx context.Context, o provider.Order) (c provider.Checkout, err error) {
	err = m.ask(ctx, o.Account, func(key string) error {
		if m.clock.Now().Sub(o.CreatedAt) > mayExistAfter {
			found, err := m.find(ctx, key, o.AttemptID, o.CreatedAt)
			if err != nil || found != nil {
				if found != nil {
					c = found.checkout(o.ReturnURL)
				}
				return err
			}
			if !m.clock.Now().Before(o.ExpiresAt) {
				return fmt.Errorf("%w: its time was up before it was made", provider.ErrRefused)
			}
		}
		asked := m.order(o)
		if o.InstantOnly {
			if asked.Method, err = m.instant(ctx, key, o); err != nil {
				return err
			}
		}
		if len(o.Methods) > 0 {
			if asked.Method, err = only(o, asked.Method); err != nil {
				return err
			}
		}
		var made remote
		err := m.do(ctx, key, call{method: http.MethodPost, path: "/v2/payments", idempotency: string(o.AttemptID), in: asked, out: &made})
		if err != nil {
			return err
		}
		if made.attempt() != o.AttemptID {
			return errors.New("mollie's answer is about another payment")
		}
		c = made.checkout(o.ReturnURL)
		return nil
	})
	return c, err
}

// order is the request of an order, the same each time.
func (m *Mollie) order(o provider.Order) order {
	r := order{
		Amount: amountOf(o.Amount), Description: o.Description, RedirectURL: o.ReturnURL,
		Locale: locale(o.Payer.Language), Metadata: map[string]string{},
	}
	maps.Copy(r.Metadata, o.Source)
	r.Metadata["attempt"] = string(o.AttemptID)
	provider.Fit(r.Metadata, o.Extra, 0, maxMetadata)
	r.Lines = linesOf(o)
	if m.reachable(o.WebhookURL) {
		r.WebhookURL = o.WebhookURL
	}
	return r
}

// maxMetadata is how many bytes of metadata Mollie keeps ("Create payment").
const maxMetadata = 1024

// Fetch implements payment.Provider ("Get payment").
func (m *Mollie) Fetch(ctx context.Context, a provider.Account, ref string) (reported provider.Remote, err error) {
	err = m.ask(ctx, a, func(key string) error {
		r, err := m.get(ctx, key, ref)
		if err != nil {
			return err
		}
		reported, err = r.payment()
		return err
	})
	return reported, err
}

func (m *Mollie) get(ctx context.Context, key, ref string) (r remote, err error) {
	err = m.do(ctx, key, call{method: http.MethodGet, path: "/v2/payments/" + url.PathEscape(ref), out: &r})
	if err == nil && r.ID != ref {
		err = errors.New("mollie's answer is about another payment")
	}
	return r, err
}

// Cancel implements payment.Canceler ("Cancel payment"). Most methods can't be
// canceled once they are chosen; those end by themselves, and Fetch tells.
func (m *Mollie) Cancel(ctx context.Context, a provider.Account, ref string) error {
	err := m.ask(ctx, a, func(key string) error {
		r, err := m.get(ctx, key, ref)
		if err != nil || !r.IsCancelable {
			return err
		}
		return m.do(ctx, key, call{method: http.MethodDelete, path: "/v2/payments/" + url.PathEscape(ref)})
	})
	if errors.Is(err, provider.ErrRefused) {
		return nil // somebody was quicker
	}
	return err
}
