package link

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// checkCustomer refuses a customer that the business does not have.
func checkCustomer(ctx context.Context, r db.Reader, l *Link, wrong *fault.Fields) error {
	if l.CustomerID == "" {
		return nil
	}
	var there bool
	err := r.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM customers WHERE business_id = $1 AND id = $2)`, l.BusinessID, l.CustomerID)
	if err == nil && !there {
		wrong.Add("customer_id", "customer.unknown", "There is no such customer. Choose one from your list.")
	}
	return err
}

// MoveCustomer gives one customer's links to another, in the transaction that
// merges the two.
func (s *Links) MoveCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone customer.ID) error {
	return reassign(ctx, tx, businessID, gone, &keep)
}

// DropCustomer makes the links of a customer who is deleted everybody's.
func (s *Links) DropCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, gone customer.ID) error {
	return reassign(ctx, tx, businessID, gone, nil)
}

func reassign(ctx context.Context, tx *db.Tx, businessID business.ID, from customer.ID, to *customer.ID) error {
	var moved []ID
	err := tx.Select(ctx, &moved, `UPDATE links SET customer_id = $3 WHERE business_id = $1 AND customer_id = $2 RETURNING id`, businessID, from, to)
	for _, id := range moved {
		tx.Notify("link", string(id))
	}
	return err
}
