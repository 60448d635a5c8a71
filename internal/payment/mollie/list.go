package mollie

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// page is a page of payments, the newest first ("List payments").
type page struct {
	Embedded struct {
		Payments []remote `json:"payments"`
	} `json:"_embedded"`
	Links struct {
		Next *struct {
			Href string `json:"href"`
		} `json:"next"`
	} `json:"_links"`
}

// errEnough ends a walk through the list.
var errEnough = errors.New("mollie: enough was seen")

// walk gives the payments made since an instant on the wall to each, page by
// page; most bounds the pages.
func (m *Mollie) walk(ctx context.Context, key string, since time.Time, most int, each func(remote) error) error {
	from := ""
	for range most {
		var p page
		query := url.Values{"limit": {fmt.Sprint(pageSize)}}
		if from != "" {
			query.Set("from", from)
		}
		if err := m.do(ctx, key, call{method: http.MethodGet, path: "/v2/payments?" + query.Encode(), out: &p}); err != nil {
			return err
		}
		for _, r := range p.Embedded.Payments {
			if r.CreatedAt.Before(since) {
				return nil
			}
			if err := each(r); err != nil {
				return err
			}
		}
		if p.Links.Next == nil {
			return nil
		}
		next, err := url.Parse(p.Links.Next.Href)
		if err != nil {
			return err
		}
		from = next.Query().Get("from") // never to another host, with the key
	}
	return fmt.Errorf("mollie: more than %d payments to look through", most*pageSize)
}

// find looks for the payment of an attempt that was begun at an instant of the
// application's; nil when there is none.
func (m *Mollie) find(ctx context.Context, key string, attempt attempt.ID, createdAt time.Time) (found *remote, err error) {
	since := createdAt.Add(-m.clock.Offset() - mayExistAfter)
	err = m.walk(ctx, key, since, maxPages, func(r remote) error {
		if r.attempt() == attempt {
			found = &r
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return found, err
}

// Find implements payment.Finder.
func (m *Mollie) Find(ctx context.Context, a provider.Account, attempt attempt.ID, createdAt time.Time) (c provider.Checkout, err error) {
	err = m.ask(ctx, a, func(key string) error {
		found, err := m.find(ctx, key, attempt, createdAt)
		switch {
		case err != nil:
			return err
		case found == nil:
			return provider.ErrUnknown
		}
		c = found.checkout("")
		return nil
	})
	return c, err
}

// maxListed bounds the pages that List reads: fifty thousand payments.
const maxListed = 200

// List implements payment.Lister.
func (m *Mollie) List(ctx context.Context, a provider.Account, since time.Time, each func(provider.Listed) error) error {
	return m.ask(ctx, a, func(key string) error {
		return m.walk(ctx, key, since, maxListed, func(r remote) error {
			reported, err := r.payment()
			if err != nil && r.attempt() != "" { // what others take can't be ours to read
				return err
			}
			l := provider.Listed{Remote: reported, CheckoutURL: r.checkout("").URL, CreatedAt: r.CreatedAt.UTC(), Description: r.Description, Source: r.source()}
			if r.ExpiresAt != nil {
				l.ExpiresAt = r.ExpiresAt.UTC()
			}
			return each(l)
		})
	})
}
