package mollie

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"smartlinks/internal/money"
	"smartlinks/internal/payment"
)

// refund is a refund as Mollie tells it ("Get payment refund").
type refund struct {
	ID       string          `json:"id"`
	Status   string          `json:"status"`
	Metadata json.RawMessage `json:"metadata"`
}

// Refund implements payment.Refunder ("Create payment refund"). A refund of that
// key is looked for first, so that it stays one when Mollie has forgotten the
// key.
func (m *Mollie) Refund(ctx context.Context, a payment.Account, ref, key string, amount money.Amount) error {
	return m.ask(ctx, a, func(account string) error {
		path := "/v2/payments/" + url.PathEscape(ref) + "/refunds"
		before, err := m.refundOf(ctx, account, path, key)
		if err != nil {
			return err
		}
		if before != nil {
			return before.outcome()
		}
		given, err := m.givenBack(ctx, account, ref, amount)
		if err != nil || given {
			return err
		}
		var made refund
		err = m.do(ctx, account, call{method: http.MethodPost, path: path, idempotency: "refund-" + key, out: &made, in: map[string]any{
			"amount": amountOf(amount), "metadata": map[string]string{"refund": key},
		}})
		if err != nil {
			return err
		}
		return made.outcome()
	})
}

// refundOf is the refund of a key, nil when there is none ("List payment
// refunds"; a payment has a handful, and a page holds 250).
func (m *Mollie) refundOf(ctx context.Context, account, path, key string) (*refund, error) {
	var list struct {
		Embedded struct {
			Refunds []refund `json:"refunds"`
		} `json:"_embedded"`
	}
	if err := m.do(ctx, account, call{method: http.MethodGet, path: path + "?limit=" + fmt.Sprint(pageSize), out: &list}); err != nil {
		return nil, err
	}
	for _, r := range list.Embedded.Refunds {
		var ours struct {
			Refund string `json:"refund"`
		}
		if json.Unmarshal(r.Metadata, &ours) == nil && ours.Refund == key {
			return &r, nil
		}
	}
	return nil, nil
}

// givenBack reports whether the whole payment was given back by the merchant,
// in Mollie's dashboard.
func (m *Mollie) givenBack(ctx context.Context, account, ref string, amount money.Amount) (bool, error) {
	r, err := m.get(ctx, account, ref)
	return r.Refunded != nil && *r.Refunded == r.Amount && r.Amount == amountOf(amount), err
}

// outcome is an error for a refund that will not come. Queued, pending,
// processing and refunded ones will, or have.
func (r refund) outcome() error {
	if r.Status == "failed" || r.Status == "canceled" {
		return fmt.Errorf("mollie: the refund %s %s", r.ID, r.Status)
	}
	return nil
}
