package payment

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/product"
)

// PastPaymentID names a past payment: "pst_…".
type PastPaymentID string

// PastPayment is a payment of before, which another program took. It counts in figures and for its
// customer, and for nothing else: it takes no slot, gets no receipt, and tells nobody.
type PastPayment struct {
	BusinessID business.ID
	Mode       business.Mode
	LinkID     link.ID    // "" without a link
	ProductID  product.ID // "" without a product
	CustomerID customer.ID
	Title      string
	Reference  string
	Method     string // as the file calls it
	Amount     money.Amount
	PaidAt     time.Time
}

// Attempt is the past payment as the figures count it: by hand, for its link, its product or
// the business's page.
func (p PastPayment) Attempt() attempt.Attempt {
	return attempt.Attempt{BusinessID: p.BusinessID, LinkID: p.LinkID, ProductID: p.ProductID, Mode: p.Mode, Amount: p.Amount, Attribution: attempt.Attribution{Channel: ByHand}}
}

// AddPastTx writes a past payment down.
func (p *Payments) AddPastTx(ctx context.Context, tx *db.Tx, past PastPayment) (PastPaymentID, error) {
	id, err := tx.NewID("pst")
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `INSERT INTO past_payments (id, business_id, mode, link_id, product_id, customer_id, title, reference, method, currency, amount_minor, paid_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		id, past.BusinessID, past.Mode, db.OrNull(past.LinkID), db.OrNull(past.ProductID), db.OrNull(past.CustomerID), past.Title, past.Reference, past.Method,
		past.Amount.Currency, past.Amount.Minor, db.At(past.PaidAt), db.At(tx.Now()))
	return PastPaymentID(id), err
}

// DayOfPayment is when money came that was paid on a day of the zone: now for today, else
// noon. It reports false for what is no day, and for one to come.
func DayOfPayment(day string, now time.Time, zone *time.Location) (time.Time, bool) {
	return dayOfPayment(day, now, zone)
}
