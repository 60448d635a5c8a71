package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// Find implements payment.Finder.
func (s *Sandbox) Find(ctx context.Context, account provider.Account, attempt attempt.ID, _ time.Time) (provider.Checkout, error) {
	var id ID
	err := s.d.Get(ctx, &id, `SELECT id FROM sandbox_payments WHERE account = $1 AND key = $2`, account.Business, attempt)
	if errors.Is(err, db.ErrNoRows) {
		err = provider.ErrUnknown
	}
	return s.checkout(id), err
}

func (s *Sandbox) checkout(id ID) provider.Checkout {
	return provider.Checkout{Ref: string(id), URL: s.addresses.Own(address.Sandbox(id))}
}

// List implements payment.Lister.
func (s *Sandbox) List(ctx context.Context, account provider.Account, since time.Time, each func(provider.Listed) error) error {
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
		l := provider.Listed{
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
