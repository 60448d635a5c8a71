package customer

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/text"
)

// Get returns a customer of the business, or a NotFound fault.
func (s *Customers) Get(ctx context.Context, businessID business.ID, id ID) (Customer, error) {
	return get(ctx, s.db, businessID, id)
}

// ByIDs returns the customers of these ids that exist, for lists that show who
// belongs to what.
func (s *Customers) ByIDs(ctx context.Context, businessID business.ID, ids []ID) (map[ID]Customer, error) {
	found := map[ID]Customer{}
	if len(ids) == 0 {
		return found, nil
	}
	arguments := []any{businessID}
	for _, id := range ids {
		arguments = append(arguments, id)
	}
	var list []Customer
	err := s.db.Select(ctx, &list, `SELECT `+columns.List("")+` FROM customers WHERE business_id = $1 AND id IN (`+db.In(len(ids), 2)+`)`, arguments...)
	for _, c := range list {
		found[c.ID] = c
	}
	return found, err
}

// Exists reports whether the business has the customer.
func (s *Customers) Exists(ctx context.Context, r db.Reader, businessID business.ID, id ID) (there bool, err error) {
	err = r.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM customers WHERE business_id = $1 AND id = $2)`, businessID, id)
	return there, err
}

// WithEmail is the customer who has the address, "" when nobody has. An address
// that can't be read is nobody's.
func (s *Customers) WithEmail(ctx context.Context, r db.Reader, businessID business.ID, email string) (ID, error) {
	folded := foldedEmail(email)
	if folded == "" {
		return "", nil
	}
	id, err := byEmail(ctx, r, businessID, folded)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	return id, err
}

// Unaddressed finds who has no e-mail address by name, without regard to case: two of them at most,
// for the caller to see that it is not clear who is meant.
func (s *Customers) Unaddressed(ctx context.Context, r db.Reader, businessID business.ID, name string) (ids []ID, err error) {
	err = r.Select(ctx, &ids, `
		SELECT id FROM customers WHERE business_id = $1 AND email_folded = '' AND name_folded = $2 ORDER BY id LIMIT 2`,
		businessID, text.Fold(name))
	return ids, err
}

// GetTx is Get inside a transaction of the caller's.
func (s *Customers) GetTx(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (Customer, error) {
	return get(ctx, tx, businessID, id)
}
