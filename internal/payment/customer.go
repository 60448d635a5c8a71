package payment

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
)

// customerOf is whose payment it is: the customer whose message led here, else
// the one that the link is for, else the one with the payer's e-mail address,
// who is made when unknown.
func (p *Payments) customerOf(ctx context.Context, tx *db.Tx, a Attempt) (customer.ID, error) {
	if id, err := recipientOf(ctx, tx, a); err != nil || id != "" {
		return id, err
	}
	if a.LinkID != "" {
		var of *customer.ID
		err := tx.Get(ctx, &of, `SELECT customer_id FROM links WHERE business_id = $1 AND id = $2`, a.BusinessID, a.LinkID)
		if err != nil && !errors.Is(err, db.ErrNoRows) {
			return "", err
		}
		if of != nil {
			return *of, nil
		}
	}
	id, _, err := p.Customers.MatchOrCreate(ctx, tx, a.BusinessID, customer.Payer{Name: a.Payer.Name, Email: a.Payer.Email, Language: a.Payer.Language})
	if err != nil {
		return "", fmt.Errorf("match the payer: %w", err)
	}
	return id, nil
}

// recipientOf is the customer to whom the message went that led to the attempt;
// "" without one, and once they are deleted.
func recipientOf(ctx context.Context, tx *db.Tx, a Attempt) (customer.ID, error) {
	if a.RecipientToken == "" {
		return "", nil
	}
	var id *customer.ID
	err := tx.Get(ctx, &id, `SELECT r.customer_id FROM deliveries d JOIN sends s ON s.id = d.send_id JOIN recipients r ON r.id = s.recipient_id
		WHERE d.business_id = $1 AND d.token = $2`, a.BusinessID, a.RecipientToken)
	if errors.Is(err, db.ErrNoRows) || err == nil && id == nil {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return *id, nil
}

// MoveCustomer gives one customer's payments to another, in the transaction
// that merges the two.
func (p *Payments) MoveCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone customer.ID) error {
	_, err := tx.Exec(ctx, `UPDATE payments SET customer_id = $3 WHERE business_id = $1 AND customer_id = $2`, businessID, gone, keep)
	return err
}

// DropCustomer makes the payments of a customer who is deleted nobody's. What
// the payer typed stays with them.
func (p *Payments) DropCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, gone customer.ID) error {
	_, err := tx.Exec(ctx, `UPDATE payments SET customer_id = NULL WHERE business_id = $1 AND customer_id = $2`, businessID, gone)
	return err
}
