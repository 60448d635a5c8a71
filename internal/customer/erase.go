package customer

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// OnErase adds what else the erasure of a customer does, in its transaction and
// before what their deletion does. It is for wiring, before the store is used.
func (s *Customers) OnErase(do func(ctx context.Context, tx *db.Tx, businessID business.ID, c Customer) error) {
	s.erased = append(s.erased, do)
}

// Erase forgets a customer as Delete does, and what they typed when they paid and
// what was written to them as well (GDPR, article 17). Facts about money stay:
// amounts, dates and receipt numbers. A Conflict says what has to end first.
func (s *Customers) Erase(ctx context.Context, businessID business.ID, id ID) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		c, err := lock(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		for _, also := range s.erased {
			if err := also(ctx, tx, businessID, c); err != nil {
				return err
			}
		}
		return s.forget(ctx, tx, businessID, id)
	})
}
