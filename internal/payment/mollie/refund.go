package mollie

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"smartlinks/internal/payment/provider"
)

// refund is a refund as Mollie tells it ("Get payment refund").
type refund struct {
	ID       string          `json:"id"`
	Status   string          `json:"status"`
	Amount   amount          `json:"amount"`
	Metadata json.RawMessage `json:"metadata"`
}

// Refund implements payment.Refunder ("Create payment refund"). A refund of that
// key is looked for first, so that it stays one when Mollie has forgotten the
// key.
func (m *Mollie) Refund(ctx context.Context, a provider.Account, ref string, o provider.RefundOrder) (reported provider.RemoteRefund, err error) {
	err = m.ask(ctx, a, func(account string) error {
		path := "/v2/payments/" + url.PathEscape(ref) + "/refunds"
		made, err := m.refundOf(ctx, account, path, o.Key)
		if err != nil {
			return err
		}
		if made == nil {
			made = &refund{}
			if err := m.do(ctx, account, call{method: http.MethodPost, path: path, idempotency: "refund-" + o.Key, out: made, in: map[string]any{
				"amount": amountOf(o.Amount), "description": o.Description, "metadata": map[string]string{"refund": o.Key},
			}}); err != nil {
				return err
			}
		}
		reported, err = made.reported()
		return err
	})
	return reported, err
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
		if r.key() == key {
			return &r, nil
		}
	}
	return nil, nil
}

// key is ours, "" for refunds that were made in Mollie's dashboard.
func (r refund) key() string {
	var ours struct {
		Refund string `json:"refund"`
	}
	if json.Unmarshal(r.Metadata, &ours) != nil {
		return ""
	}
	return ours.Refund
}

// reported is the refund as the payment room sees it. Queued, pending and processing
// ones will come.
func (r refund) reported() (provider.RemoteRefund, error) {
	given, err := r.Amount.money()
	reported := provider.RemoteRefund{Ref: r.ID, Key: r.key(), Amount: given, State: provider.RefundUnderway}
	switch r.Status {
	case "refunded":
		reported.State = provider.RefundDone
	case "failed", "canceled":
		reported.State, reported.Problem = provider.RefundRejected, "Mollie says of the refund: "+r.Status
	}
	return reported, err
}
