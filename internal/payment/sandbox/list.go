package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/payment"
)

// Find implements payment.Finder.
func (s *Sandbox) Find(ctx context.Context, account payment.Account, attempt payment.ID, _ time.Time) (payment.Checkout, error) {
	var id ID
	err := s.d.Get(ctx, &id, `SELECT id FROM sandbox_payments WHERE account = $1 AND key = $2`, account.Business, attempt)
	if errors.Is(err, db.ErrNoRows) {
		err = payment.ErrUnknown
	}
	return s.checkout(id), err
}

func (s *Sandbox) checkout(id ID) payment.Checkout {
	return payment.Checkout{Ref: string(id), URL: s.addresses.Own(address.Sandbox(id))}
}

// List implements payment.Lister.
func (s *Sandbox) List(ctx context.Context, account payment.Account, since time.Time, each func(payment.Listed) error) error {
	var rows []struct {
		row
		Source    string
		CreatedAt db.Time
	}
	err := s.d.Select(ctx, &rows, `SELECT `+columns+`, source, created_at FROM sandbox_payments WHERE account = $1 AND created_at >= $2 ORDER BY id DESC`,
		account.Business, db.At(since))
	if err != nil {
		return err
	}
	for _, r := range rows {
		l := payment.Listed{
			Remote: r.remote(s.d.Clock().Now()), CheckoutURL: s.checkout(r.ID).URL, CreatedAt: r.CreatedAt.Time, ExpiresAt: r.ExpiresAt.Time, Description: r.Description,
		}
		if err := json.Unmarshal([]byte(r.Source), &l.Source); err != nil {
			return err
		}
		if err := each(l); err != nil {
			return err
		}
	}
	return nil
}
