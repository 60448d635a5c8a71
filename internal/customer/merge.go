package customer

import (
	"context"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Merge makes two customers one. keep stays, takes over what it lacks (e-mail
// address, phone, language), the other's tags and notes, and everything that
// other rooms have of it. Errors: NotFound, Invalid when both are the same.
func (s *Customers) Merge(ctx context.Context, b business.Business, keep, gone ID) (c Customer, err error) {
	if keep == gone {
		return Customer{}, fault.New(fault.Invalid, "Choose another customer to merge with; this is the same one.")
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		c, err = s.merge(ctx, tx, b, keep, gone)
		return err
	})
	return c, err
}

func (s *Customers) merge(ctx context.Context, tx *db.Tx, b business.Business, keep, gone ID) (Customer, error) {
	// Always the smaller id first, so that two merges never wait for each other.
	kept, lost, err := lockBoth(ctx, tx, b.ID, keep, gone)
	if err != nil {
		return Customer{}, err
	}
	for _, also := range s.merged {
		if err := also(ctx, tx, b.ID, keep, gone); err != nil {
			return Customer{}, err
		}
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO customer_tags (business_id, customer_id, tag_id)
		SELECT business_id, $2, tag_id FROM customer_tags WHERE business_id = $1 AND customer_id = $3
		ON CONFLICT DO NOTHING`, b.ID, keep, gone)
	if err != nil {
		return Customer{}, err
	}
	// The other goes first: its e-mail address may be taken over.
	if err := remove(ctx, tx, b.ID, gone); err != nil {
		return Customer{}, err
	}
	if err := write(ctx, tx, joined(kept, lost)); err != nil {
		return Customer{}, err
	}
	tx.Notify("customer", string(keep))
	return get(ctx, tx, b.ID, keep)
}

func lockBoth(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone ID) (kept, lost Customer, err error) {
	if keep < gone {
		if kept, err = lock(ctx, tx, businessID, keep); err == nil {
			lost, err = lock(ctx, tx, businessID, gone)
		}
		return kept, lost, err
	}
	if lost, err = lock(ctx, tx, businessID, gone); err == nil {
		kept, err = lock(ctx, tx, businessID, keep)
	}
	return kept, lost, err
}

// joined is the kept customer with what it lacks from the other.
func joined(kept, lost Customer) Customer {
	if kept.Name == kept.Email && lost.Name != lost.Email {
		kept.Name = lost.Name
	}
	for field, other := range map[*string]string{&kept.Email: lost.Email, &kept.Phone: lost.Phone, &kept.Language: lost.Language} {
		if *field == "" {
			*field = other
		}
	}
	notes := strings.TrimSpace(kept.Notes + "\n\n" + lost.Notes)
	if most := []rune(notes); len(most) > notesRule.Most {
		notes = string(most[:notesRule.Most])
	}
	kept.Notes = notes
	return kept
}
