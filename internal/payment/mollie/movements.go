package mollie

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"smartlinks/internal/payment/provider"
)

// chargeback is money that the payer's bank took back ("Get payment
// chargeback").
type chargeback struct {
	ID         string     `json:"id"`
	Amount     amount     `json:"amount"`
	CreatedAt  time.Time  `json:"createdAt"`
	ReversedAt *time.Time `json:"reversedAt"`
	Reason     *struct {
		Description string `json:"description"`
	} `json:"reason"`
}

// Movements implements payment.Ledger ("Get payment", with what is embedded).
func (m *Mollie) Movements(ctx context.Context, a provider.Account, ref string) (moved provider.Movements, err error) {
	err = m.ask(ctx, a, func(key string) error {
		var r struct {
			Embedded struct {
				Refunds     []refund     `json:"refunds"`
				Chargebacks []chargeback `json:"chargebacks"`
			} `json:"_embedded"`
		}
		path := "/v2/payments/" + url.PathEscape(ref) + "?embed=refunds,chargebacks"
		if err := m.do(ctx, key, call{method: http.MethodGet, path: path, out: &r}); err != nil {
			return err
		}
		moved = provider.Movements{}
		for _, given := range r.Embedded.Refunds {
			reported, err := given.reported()
			if err != nil {
				return err
			}
			moved.Refunds = append(moved.Refunds, reported)
		}
		for _, taken := range r.Embedded.Chargebacks {
			reported, err := taken.reported()
			if err != nil {
				return err
			}
			moved.Disputes = append(moved.Disputes, reported)
		}
		return nil
	})
	return moved, err
}

// reported is the chargeback as a dispute: the money is gone at once, and comes back
// when the chargeback is reversed.
func (c chargeback) reported() (provider.RemoteDispute, error) {
	taken, err := c.Amount.money()
	reported := provider.RemoteDispute{Ref: c.ID, Amount: taken, State: provider.DisputeLost, OpenedAt: c.CreatedAt.UTC()}
	if c.ReversedAt != nil {
		reported.State = provider.DisputeWon
	}
	if c.Reason != nil {
		reported.Reason = c.Reason.Description
	}
	return reported, err
}
